"""Value domains: national code lists, and how the options that a form prints correspond to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.rulebook import rows
from pipelines.text import fold
from schemas.words import LIST_SEPARATOR

MARK = re.compile(
    r"^(?:[□☐○◯√★☆①-⑳]|[(]?\d{1,3}[)、:．,]|\d{1,3}[.\-](?=\D)|[(]?[a-h][.、:)]|\d(?=[^\W\d级岁类人元年月日个次天户亩以种万千百公平])(?!\d))+",
    re.I,
)
"""What stands before an option: “1.男”, “①男”, “(1)男”, “1男”, “□男”."""
NOTE = re.compile(r"选项[:：](.*?)(?:[;；]\s*[^/]*[:：]|$)", re.S)
CODED = re.compile(r"代码(?:为|是|填)?[：:]?\s*((?:\d{1,3}\s*[-—.、:：]?\s*[^\W\d_]+[\s，,；;、]*){2,})")
PAIR = re.compile(r"(\d{1,3})\s*[-—.、:：]?\s*([^\W\d_]+)")
"""“填代码：1一级 2二级”."""
NO_OPTION = re.compile(r"^(?:取消选择|请选择|[(（]?(?:可多选|单选)[)）]?$)|=")
"""A prompt or a scrap of markup, not an option."""
FROM_UP, FROM_DOWN = re.compile(r"(?:及|或)?以上$"), re.compile(r"(?:及|或)?以下$")
REST = ("其他", "其它")


@dataclass(frozen=True, slots=True)
class Code:
    """One permitted value. rank orders values that have an order (education), higher is more."""

    code: str
    name: str
    standard_name: str
    rank: int | None
    is_offered: bool


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list: its standard, and the codes of every name and alias (folded); “子女” is two."""

    title: str
    standard: str
    codes: tuple[Code, ...]
    by_label: dict[str, tuple[Code, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names offered in drop-downs, in the order of the list."""
        return tuple(code.name for code in self.codes if code.is_offered)


def code_list(object_class: str, property_name: str, data_type: str, own: Path | None = None) -> CodeList | None:
    """Return the national code list of an element, or None. A boolean has 是/否.

    >>> code_list("自然人", "性别", "code").names
    ('男', '女')
    """
    if data_type == "boolean":
        return _lists(own)["yes_no"]
    name = _index(own).get((object_class, property_name)) or _index(own).get(("*", property_name))
    return _lists(own)[name] if name else None


def options_of(value_domain: str, note: str) -> tuple[str, ...]:
    """Return the options that a form prints for a field, without their numbers, each once, in printed order.

    >>> options_of("", "选项: 1.是 / 2.否 / 是 / 否")
    ('是', '否')
    """
    printed = value_domain.split(LIST_SEPARATOR) if value_domain else []
    if not printed and (found := NOTE.search(note)):
        printed = re.split(r"\s/\s|／", found[1])
    options = dict.fromkeys(bare(option) for option in printed)
    return tuple(option for option in options if option and not NO_OPTION.search(option))


def codes_of(label: str, note: str, known: CodeList | None) -> dict[str, str]:
    """Return what code a form wants for each name: printed in its note, or the standard's if the label says 代码.

    >>> codes_of("残疾等级", "残疾等级填代码：1一级 2二级", None)
    {'一级': '1', '二级': '2'}
    >>> codes_of("性别代码", "", code_list("自然人", "性别", "code"))
    {'男': '1', '女': '2'}
    """
    if printed := CODED.search(note):
        return {name: code for code, name in PAIR.findall(printed[1])}
    if known and label.endswith(("代码", "编码")):
        return {code.name: code.code for code in known.codes if code.is_offered}
    return {}


def is_yes_no(options: Sequence[str], own: Path | None = None) -> bool:
    """Return whether options are one for yes and one for no.

    >>> is_yes_no(["有", "无"]), is_yes_no(["是", "否", "不详"])
    (True, False)
    """
    known = _lists(own)["yes_no"].by_label
    codes = [code.code for option in options for code in known.get(fold(option), ())]
    return len(options) == 2 and sorted(codes) == ["0", "1"]


def bare(option: str) -> str:
    """Return an option without number, box and white space.

    >>> bare("□ 1、男"), bare("3级")
    ('男', '3级')
    """
    text = re.sub(r"\s", "", option)
    return MARK.sub("", text) or text


def correspond(
    values: Sequence[str], options: Sequence[str], known: CodeList | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return which option stands for each value, and the values that no option stands for.

    values: the element's value domain; options: what the form offers. An option can stand for several values: a broader
    one (“大专及以上”, “高中/中专”), or “其他” for whatever is left.
    """
    found: dict[str, str] = {}
    for option in options:
        for value in _values(option, values, known):
            found.setdefault(value, option)
    rest = next((option for option in options if fold(option).startswith(REST)), None)
    missing = tuple(value for value in values if value not in found)
    if rest and found:
        found |= dict.fromkeys(missing, rest)
        missing = ()
    return {value: found[value] for value in values if value in found}, missing


def _values(option: str, values: Sequence[str], known: CodeList | None) -> list[str]:
    """Return the values that an option stands for."""
    same = {fold(value): value for value in values}
    if fold(option) in same:
        return [same[fold(option)]]
    if known is None:
        return []
    for pattern, is_up in ((FROM_UP, True), (FROM_DOWN, False)):
        edge = known.by_label.get(fold(pattern.sub("", option)), ()) if pattern.search(option) else ()
        if edge and edge[0].rank is not None:
            limit = edge[0].rank
            inside = [c for c in known.codes if c.rank is not None and (c.rank >= limit if is_up else c.rank <= limit)]
            return [code.name for code in inside if code.name in values]
    parts = [option, *(re.split(r"[/、或和及（(）)]", option) if len(option) > 2 else [])]
    codes = [code for part in parts if part for code in known.by_label.get(fold(part), ())]
    names = {code.name for code in codes}
    wide = tuple(code.code[:-1] for code in codes if not code.is_offered and re.fullmatch("[1-9]0", code.code))
    names |= {c.name for c in known.codes if wide and c.code.startswith(wide)}
    ranks = {code.rank for code in codes if code.rank is not None and not code.is_offered}
    return [c.name for c in known.codes if c.name in values and (c.name in names or c.rank in ranks)]


@lru_cache(maxsize=8)
def _index(own: Path | None) -> dict[tuple[str, str], str]:
    return {
        (row["object_class"], name): row["list"]
        for row in rows("code_lists/index", own, ("list",))
        for name in row["property"].split(LIST_SEPARATOR)
        if name
    }


@lru_cache(maxsize=8)
def _lists(own: Path | None) -> dict[str, CodeList]:
    return {row["list"]: _read(row, own) for row in rows("code_lists/index", own, ("list",))}


def _read(entry: dict[str, str], own: Path | None) -> CodeList:
    table = rows(f"code_lists/{entry['list']}", own, ("code",))
    codes = tuple(
        Code(
            row["code"],
            row["name"],
            row["standard_name"],
            int(row["rank"]) if row["rank"] else None,
            row["is_offered"] == "是",
        )
        for row in table
    )
    by_label = {fold(code.name): (code,) for code in codes}
    aliases: dict[str, tuple[Code, ...]] = {}
    for code, row in zip(codes, table, strict=True):
        for label in {fold(alias) for alias in (code.standard_name, *row["aliases"].split(LIST_SEPARATOR)) if alias}:
            aliases[label] = (*aliases.get(label, ()), code)
    return CodeList(entry["title"], entry["standard"], codes, aliases | by_label)
