"""What notes state between several cells of a form, or cells of several forms: 02+03=04+05, 本表01行=A302表02行,
第3栏与《…》第5栏一致. Relations of one cell to others of its own table (11=01+02-05) are read by `checks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.intake.tables.checks import plain_code
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze
from schemas.templates import Check, FieldReading, TableReading

_NAME = r"[\u4e00-\u9fffA-Za-z0-9〔〕]{1,14}?表(?:[0-9一二三四五六七八九十]{1,2}(?=第|中|的|\())?"
_FORM = rf"(?:《[^《》]{{2,40}}》表?|{_NAME})(?:中|的)*"
_DIGITS, _AXIS = "[0-9]{1,3}", "行|栏|列|项|号|款"
_TERM = rf"(?:{_FORM})?第?[(\[]?{_DIGITS}[)\]]?(?:{_AXIS})?"
_SUM = rf"{_TERM}(?:[+\-]{_TERM})*"
_SIGNS = {
    **dict.fromkeys(("=", "等于", "应等于"), "="),
    **dict.fromkeys(("≥", ">=", "=>", "≧", "不小于", "不低于", "大于等于"), "≥"),
    **dict.fromkeys(("≤", "<=", "=<", "≦", "不大于", "不高于", "小于等于"), "≤"),
    **dict.fromkeys((">", "大于"), ">"),
    **dict.fromkeys(("<", "小于"), "<"),
}
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_MUST = "(?:应当?|必须|须|要)?"
_STATED = re.compile(
    rf"(?<![+\-=])(?:(?<![0-9.表》的中])|(?=[^0-9第(\[]))({_SUM}){_MUST}({_SIGN})({_SUM})(?!(?:{_AXIS})?[0-9.%+\-×*/])"
)
_AGREE = re.compile(rf"({_TERM}){_MUST}[与同和]({_TERM})(?:的?数据?)?{_MUST}(?:保持)?(?:一致|相等|相同)")
_PART = re.compile(rf"([+\-]?)({_FORM})?第?[(\[]?({_DIGITS})[)\]]?({_AXIS})?")
_SOFT = re.compile("一般|原则上|大致|基本|通常")
_OWN = re.compile("(?:.*[^年期月季])?[本此]表")
"""The form's own numbers; 上年本表 is another year's."""
_COLUMNS, _ROW = ("栏", "列"), "行"


@dataclass(frozen=True, slots=True)
class Term:
    """A number that a statement names. form: as written, "" for the form's own; axis: 行, 栏 … or ""."""

    sign: int
    form: str
    code: str
    axis: str


@dataclass(frozen=True, slots=True)
class Statement:
    """left sign right, both sums of terms. sign: = ≥ ≤ > <. is_soft: the note says “as a rule” (原则上, 一般)."""

    left: tuple[Term, ...]
    sign: str
    right: tuple[Term, ...]
    is_soft: bool

    @property
    def text(self) -> str:
        """The statement in one spelling, by which it is kept: “01=A302表02”, with （一般） behind a soft one."""
        sides = ["".join(_written(term, at) for at, term in enumerate(side)) for side in (self.left, self.right)]
        return self.sign.join(sides) + ("（一般）" if self.is_soft else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a register's templates: the report and the table's number in it, the report's name, what was read."""

    form_id: str
    table_no: int
    name: str
    table: TableReading


@lru_cache(maxsize=512)
def statements(note: str) -> tuple[Statement, ...]:
    """Return the statements of a note between several cells or several forms, in order.

    >>> [each.text for each in statements("平衡关系：本表01行＝A302表02行；02+03≥04+05；11=12+13。")]
    ['01=A302表02', '02+03≥04+05']
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", note)).replace("﹤", "<").replace("﹥", ">")
    found = [(match.start(), _statement(match[1], _SIGNS[match[2]], match[3])) for match in _STATED.finditer(text)]
    for match in _AGREE.finditer(text):
        stated = _statement(match[1], "=", match[2])
        if all(term.axis for term in (*stated.left, *stated.right)):
            found.append((match.start(), stated))
    clauses = [0, *(match.end() for match in re.finditer("[;。,:]", text))]
    made = []
    for start, stated in sorted(found, key=lambda each: each[0]):
        if _is_more(stated):
            begins = max(place for place in clauses if place <= start)
            ends = min((place for place in clauses if place > start), default=len(text))
            made.append(replace(stated, is_soft=bool(_SOFT.search(text[begins:ends]))))
    return tuple(made)


def resolve(places: Sequence[Place]) -> tuple[dict[tuple[str, int], list[Check]], list[tuple[Place, str]]]:
    """Return what the tables of a register state, as checks of kind "sides" by (form, table), and forms not found.

    A cell of another table is written `<form>#<table>!<cell>`, a number that is taken off with a minus. A statement
    holds for each value column; other forms answer with their only one, or the one of the same name. Ratios do not add
    up.
    """
    found: dict[tuple[str, int], list[Check]] = {}
    unknown: list[tuple[Place, str]] = []
    for own in places:
        for stated in (each for note in own.table.notes for each in statements(note)):
            sides = [[(term, _table(term, own, places)) for term in side] for side in (stated.left, stated.right)]
            missing = [term.form for side in sides for term, there in side if there is None]
            if missing:
                unknown += [(own, form) for form in dict.fromkeys(missing)]
                continue
            for column in _value_columns(*sides[0][0]):
                cells = [[_cell(term, there, column, own) for term, there in side] for side in sides]
                if all(cell for side in cells for cell in side):
                    target, parts = "；".join(map(str, cells[0])), tuple(map(str, cells[1]))
                    found.setdefault((own.form_id, own.table_no), []).append(Check("sides", target, parts, stated.text))
    return found, unknown


def _statement(left: str, sign: str, right: str) -> Statement:
    return Statement(tuple(_terms(left)), sign, tuple(_terms(right)), False)


def _terms(side: str) -> Iterator[Term]:
    """Yield the terms of a side; one without a form is of the form named before it."""
    form = ""
    for sign, named, code, axis in _PART.findall(side):
        named = named.rstrip("中的")
        if named:
            form = "" if _OWN.fullmatch(named) else named
        yield Term(-1 if sign == "-" else 1, form, code, axis)


def _is_more(stated: Statement) -> bool:
    """Return whether `checks.relations` does not read it: another form is named, or there are sums on both sides."""
    terms = (*stated.left, *stated.right)
    if any(term.form for term in terms):
        return True
    is_plain = all(term.sign > 0 for term in stated.left) and len(stated.right) == 1 and stated.sign in "=≤<"
    return len(stated.left) > 1 and not is_plain


def _written(term: Term, at: int) -> str:
    return ("-" if term.sign < 0 else "+" if at else "") + term.form + term.code


def _table(term: Term, own: Place, places: Sequence[Place]) -> Place | None:
    """Return the table that a term is of, None when no form of the register is called so, or several are."""
    if not term.form:
        return own
    name = squeeze(term.form.strip("《》"))
    others = [place for place in places if place is not own]
    for fits in (_is_named, _ends_alike, _is_within):
        named = [place for place in others if any(fits(name, called) for called in _names(place))]
        with_code = [place for place in named if _fields(place, term.code)] or named
        if len({place.form_id for place in named}) == 1:
            return with_code[0]
    return None


def _names(place: Place) -> set[str]:
    names = (place.table.form_code, place.table.title, place.name)
    return {squeeze(name) for name in names if name}


def _is_named(name: str, called: str) -> bool:
    return name.removesuffix("表") == called.removesuffix("表")


def _ends_alike(name: str, called: str) -> bool:
    """云教基报05表 is also called 教基报05表, and 要求A302表 means A302表."""
    return min(len(name), len(called)) > 3 and (called.endswith(name) or name.endswith(called))


def _is_within(name: str, called: str) -> bool:
    return len(name) > 4 and name.removesuffix("表") in called


def _fields(place: Place, code: str) -> list[FieldReading]:
    wanted = plain_code(code)
    fields = place.table.fields
    return [each for each in fields if each.code and plain_code(each.code) == wanted and each.inline is None]


def _value_columns(term: Term, there: Place | None) -> list[str]:
    """Return the names of the value columns that a statement holds for, "" where the table has one."""
    fields = _fields(there, term.code) if there else []
    names = [each.path[-1] for each in fields if each.path[-1] not in words("ratio")]
    return names if len(fields) > 1 else [""] if fields else []


def _cell(term: Term, there: Place | None, column: str, own: Place) -> str | None:
    if there is None or term.axis in (_COLUMNS if there.table.layout == "statistics" else (_ROW,)):
        return None
    fields = _fields(there, term.code)
    if len(fields) > 1:
        fields = [each for each in fields if each.path[-1] == column]
    if len(fields) != 1:
        return None
    place = "" if there is own else f"{there.form_id}#{there.table_no}!"
    return ("-" if term.sign < 0 else "") + place + fields[0].cell
