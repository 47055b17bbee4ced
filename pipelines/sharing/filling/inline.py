"""Blanks inside printed text: "姓名：____", "□男 □女", "　年　月　日"; where a value goes, and how to put it there.

Texts are often cut into runs of different fonts; edits are computed on the whole text and applied run by run, so that
every printed character keeps its font.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Edit = tuple[int, int, str]
"""Replace text[start:end] by this."""

BOXES = "□☐○◯〇"
TICKED = "☑"
_GAP = r"[ \t\u00a0\u3000_＿]"
_DAY_BLANK = re.compile(rf"{_GAP}{{0,4}}年(?:{_GAP}*月(?:{_GAP}*[日旬])?|{_GAP}*第?{_GAP}*周)")
"""Blanks before 年 are often the space for a signature: at most four of them belong to the year."""
_CODE = r"\s*(?:[（(][^（）()]*[）)])?"
"""A code or a unit that a form prints after a label, before the blank."""
_NUMBER = r"(?:\d+[.、．]?\s*)?"
_GAP_RUN = re.compile(rf"{_GAP}{{2,}}|[_＿]+")


def edit_for(text: str, value: str, label: str = "", inline: int | None = None, options: Sequence[str] = ()) -> Edit:
    """Return the edit that writes `value` into its blank in `text`.

    Looked for in this order: a box for the number of a choice ("□ 1是 2否"), a printed choice, the three blanks of
    "年 月 日", the blank after "label：", the blank before a label that follows it ("____镇"), the n-th run of blanks;
    failing all, the beginning of the text.

    >>> edit_for("姓名：      性别：", "李四", "性别")
    (12, 12, '李四')
    >>> edit_for("□男 □女", "女", options=("男", "女"))
    (3, 4, '☑')
    >>> edit_for("通公路 □ 1是 2否", "否", "通公路")
    (4, 5, '2')
    """
    return find_edit(text, value, label, inline, options) or (0, 0, value)


def find_edit(
    text: str, value: str, label: str = "", inline: int | None = None, options: Sequence[str] = ()
) -> Edit | None:
    """Return the edit that writes `value` into its blank in `text`, None when the text has no such blank."""
    return (
        _numbered(text, value, label)
        or _choice(text, value, options)
        or _date(text, value, label)
        or _after_colon(text, value, label)
        or _before_label(text, value, label)
        or _after_label(text, value, label)
        or _nth_gap(text, value, inline)
    )


def home_of(texts: Sequence[str], value: str, label: str, inline: int | None, options: Sequence[str] = ()) -> int:
    """Return which of the texts of a line has the blank; the first when none has.

    A frame line is read as one, from its first cell on, though its blanks may be printed in other cells of the row.

    >>> home_of(["填报单位：", "     年   月"], "2025年12月31日", "年月日", 2)
    1
    """
    if find_edit(texts[0], value, label, inline, options):
        return 0
    return next((at for at, text in enumerate(texts) if at and find_edit(text, value, label, None, options)), 0)


def apply_edits(segments: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """Return the segments of a text after edits at positions in the joined text; a change lands where it begins.

    >>> apply_edits(["姓名：", "____", "性别"], [(3, 7, "李四")])
    ['姓名：', '李四', '性别']
    """
    result = list(segments)
    for start, end, new in sorted(edits, reverse=True):
        offsets = [sum(len(segment) for segment in segments[:index]) for index in range(len(segments))]
        is_written = False
        for index, offset in enumerate(offsets):
            lower, upper = max(start, offset), min(end, offset + len(segments[index]))
            is_home = offset <= start < offset + len(segments[index]) or (
                index == len(segments) - 1 and not is_written and start >= offset
            )
            if lower >= upper and not is_home:
                continue
            body = result[index]
            head, tail = body[: max(lower - offset, 0)], body[max(upper - offset, lower - offset, 0) :]
            result[index] = head + ("" if is_written or not is_home else new) + tail
            is_written = is_written or is_home
    return result


def _spaced(word: str) -> str:
    return r"\s*".join(re.escape(char) for char in word)


def _numbered(text: str, value: str, label: str) -> Edit | None:
    """One box before numbered choices takes the number of the one that holds."""
    match = re.search(rf"{_spaced(label)}{_CODE}{_GAP}*[:：]?{_GAP}*([{BOXES}])(?={_GAP}*\d)", text) if label else None
    if match is None:
        return None
    choices = re.match(rf"[^{BOXES}]*", text[match.end() :])
    numbers = re.findall(rf"(\d+){_GAP}*[.、．]?{_GAP}*([^\d{BOXES}]+)", choices[0] if choices else "")
    if len(numbers) < 2:
        return None
    number = next((number for number, words in numbers if "".join(words.split()) == value), value)
    return match.start(1), match.end(1), number


def _choice(text: str, value: str, options: Sequence[str]) -> Edit | None:
    if not value or not any(box in text for box in BOXES):
        return None
    others = "|".join(_spaced(option) for option in options) or "(?!)"
    for pattern, group in (
        (rf"([{BOXES}])\s*{_NUMBER}(?:{_spaced(value)})(?![\u4e00-\u9fff])", 1),
        (rf"([{BOXES}])\s*{_NUMBER}(?:{_spaced(value)})", 1),
        (rf"(?:{_spaced(value)})\s*([{BOXES}])(?!\s*(?:{others}))", 1),
        (rf"(?:{_spaced(value)})\s*([{BOXES}])", 1),
    ):
        match = re.search(pattern, text)
        if match:
            return match.start(group), match.end(group), TICKED
    return None


def _date(text: str, value: str, label: str) -> Edit | None:
    if "年" not in label or not re.search(r"\d", value):
        return None
    match = _DAY_BLANK.search(text)
    return (match.start(), match.end(), _as_printed(value, match[0])) if match else None


def _as_printed(value: str, blank: str) -> str:
    """Return a day or a period for a blank of year, month and day; only its month where the form prints no more, and
    the form's own 旬 where the value has none.
    """
    month = re.match(r"\d+年\d+月", value)
    if month is None or "日" in blank or ("旬" in blank and value.endswith("旬")):
        return value
    tens = re.search(rf"{_GAP}*旬$", blank)
    return month[0] + (tens[0] if tens else "")


def _after_colon(text: str, value: str, label: str) -> Edit | None:
    match = re.search(rf"{_spaced(label)}{_CODE}\s*[:：]", text) if label else None
    return _take_gap(text, match.end(), value) if match else None


def _after_label(text: str, value: str, label: str) -> Edit | None:
    match = re.search(rf"{_spaced(label)}{_CODE}(?={_GAP}{{2,}}|[_＿])", text) if label else None
    return _take_gap(text, match.end(), value) if match else None


def _before_label(text: str, value: str, label: str) -> Edit | None:
    match = re.search(rf"({_GAP}{{2,}}|[_＿]+){_spaced(label)}", text) if label else None
    return (match.start(1), match.end(1), value) if match else None


def _nth_gap(text: str, value: str, inline: int | None) -> Edit | None:
    gaps = list(_GAP_RUN.finditer(text))
    if inline is None or inline > len(gaps):
        return None
    return gaps[inline - 1].start(), gaps[inline - 1].end(), value


def _take_gap(text: str, start: int, value: str) -> Edit:
    printed = re.match(rf"{_GAP}*年(?:{_GAP}*月(?:{_GAP}*[日旬])?|{_GAP}*第?{_GAP}*周)", text[start:])
    if printed and re.search(r"\d+年", value):
        return start, start + printed.end(), _as_printed(value, printed[0])
    end = start
    while end < len(text) and re.match(_GAP, text[end]):
        end += 1
    follows_text = end < len(text) and not text[end].isspace()
    return start, end, value + (" " if follows_text and end > start and text[end - 1] not in "_＿" else "")
