"""Reads a request out of a chat message: what is asked, of whom, by when. Its words are data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipelines.admission.deadline import Deadline, find_deadline
from pipelines.intake.wording.units import split_unit
from pipelines.rulebook import rows
from pipelines.text import squeeze
from schemas.templates import Layout

LONGEST_ITEM = 40
"""Characters; a longer piece is a sentence. The longest label of a form seen in a message is 24."""
NUMBER = re.compile(
    r"[（(]\s*(?P<a>\d{1,2})\s*[)）]"
    r"|(?<![\d.])(?P<b>\d{1,2})\s*(?:[.．](?!\d(?!\d{0,2}周?岁|\d{3}年))|[、)）:：])"
    r"|(?P<c>[①-⑳])"
    r"|[（(](?P<d>[一二三四五六七八九十]{1,3})[)）]|(?<![一-鿿])(?P<e>[一二三四五六七八九十]{1,3})、"
)
"""A number before an item; whether it is one is decided by its place in the row 1, 2, 3 …"""
LISTED = re.compile(r"(?:名单|名册|花名册|台账|明细|情况|信息|清单)[（(](?:含|包括|内容[：:]?)?([^（）()]+)[）)]$")
SPACED = re.compile(r"(?<=[一-鿿）)])[ \t\u3000]+(?=[一-鿿]{2})")
"""White space between two words of a line that was copied from a table's head."""
CHINESE = {name: number for number, name in enumerate("一二三四五六七八九十", start=1)}
SPLIT = re.compile(r"[、，,；;。！!\n\t]|\s{2,}")
JOINED = re.compile(r"^(.{2,})(?:以及|和|及|与)(.{2,})$")
PERSONAL = re.compile(r"姓名|身份证|身份号码|联系电话|手机号")
FREQUENCY = re.compile(r"每(日|天|周|旬|月|季度|季|半年|年)|(日|周|旬|月|季|年)报(?!给|送|到|至|我)")
NAMES = {"天": "日", "季度": "季"}
OFFICE = re.compile(
    r"(?:报送|上报|报|交|发)(?:给|到|至)?(?:我们)?([一-鿿]{1,10}?(?:局|委员会|联合会|委(?!会)|办公室|办|中心))"
)
"""To whom the answer goes: the office that asks."""
BRACKETED = re.compile(r"[（(][^（）()]*[)）]")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked; unit: as printed in brackets, else ""."""

    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a message asks. due: YYYY-MM-DD or ""; is_request: it is addressed to somebody who shall report."""

    items: tuple[Item, ...]
    title: str = ""
    respondent_level: str = ""
    frequency: str = ""
    due: str = ""
    due_text: str = ""
    layout: Layout = "statistics"
    is_request: bool = False
    department_name: str = ""


def read_message(text: str, sent: str = "") -> Message:
    """Return what a pasted message asks. sent: the day it came (YYYY-MM-DD), to which “今天” refers; today when "".

    >>> found = read_message("请各村报：1.常住人口数 2.耕地面积（亩），今天下午5点前", "2026-11-27")
    >>> [item.label for item in found.items], found.respondent_level, found.due
    (['常住人口数', '耕地面积（亩）'], '村', '2026-11-27')
    >>> [item.label for item in read_message("麻烦统计一下低保户数、残疾人数和留守儿童数", "2026-11-27").items]
    ['低保户数', '残疾人数', '留守儿童数']
    """
    day = date.fromisoformat(sent) if sent else date.today()
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    deadline = find_deadline(clean, day)
    named = re.search(r"《([^》]{2,40})》", clean)
    level = next((row["value"] for row in _words("level") if re.search(row["pattern"], clean)), "")
    frequency = FREQUENCY.search(clean)
    asked, body = _after_verb(_without(clean, deadline))
    items = _items(_addressees_gone(body))
    is_request = bool(level) or asked or bool(deadline)
    if len(items) < 2 and not is_request:
        items = ()  # a lone phrase is chat
    labels = [item.label for item in items]
    return Message(
        items=items,
        title=named[1] if named else "",
        respondent_level=level,
        frequency=NAMES.get(found := (frequency[1] or frequency[2]), found)
        if frequency
        else ("一次性" if deadline else ""),
        due=deadline.day if deadline else "",
        due_text=deadline.text if deadline else "",
        layout="roster" if sum(bool(PERSONAL.search(label)) for label in labels) >= 1 else "statistics",
        is_request=is_request,
        department_name=office[1] if (office := OFFICE.search(clean)) else "",
    )


def _without(text: str, deadline: Deadline | None) -> str:
    return text.replace(deadline.text, "\n") if deadline else text


def _after_verb(text: str) -> tuple[bool, str]:
    """Return whether the text asks somebody to report, and what comes after the words that say so."""
    for row in _words("ask"):
        found = re.search(row["pattern"], text)
        if found:
            return True, text[found.end() :].lstrip("：:，, ") + "\n"
    colon = re.search(r"(?<!其中)[：:]", text.split("\n", 1)[0][:60])
    numbered = next(iter(_numbers(text)), None)
    if colon and (numbered is None or colon.start() < numbered.start()):
        return False, text[colon.end() :]
    return False, text[numbered.start() :] if numbered else text


def _addressees_gone(text: str) -> str:
    """Return the text without lines that only name who is addressed (“各村：”)."""
    return re.sub(r"^[^\n：:]{0,12}[：:]\s*$", "", text, flags=re.M)


def _items(text: str) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    marks = _numbers(text)
    if len(marks) >= 2:
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        pieces = [text[mark.end() : end].split("\n\n")[0] for mark, end in zip(marks, ends, strict=True)]
        pieces = [SPLIT.split(piece.strip("，,；;、。 \n"))[0] if _is_long(piece) else piece for piece in pieces]
        pieces = [part for piece in pieces for part in _parts(piece)]
    else:
        pieces = _parts(text)
    pieces = [part for piece in pieces for part in _inside(piece)]
    for piece in pieces:
        label = _label(piece)
        if label and label not in found:
            found[label] = Item(label, _unit(label))
    return tuple(found.values())


def _numbers(text: str) -> list[re.Match[str]]:
    """Return the marks that number items: those that go on from 1, or nothing.

    >>> [mark[0] for mark in _numbers("1.60岁以上人数2、耕地12亩以上户数 3.户数")]
    ['1.', '2、', '3.']
    """
    found: list[re.Match[str]] = []
    for mark in NUMBER.finditer(text):
        if _value(mark) == len(found) + 1:
            found.append(mark)
    return found


def _value(mark: re.Match[str]) -> int:
    if mark["c"]:
        return ord(mark["c"]) - ord("①") + 1
    if digits := mark["a"] or mark["b"]:
        return int(digits)
    tens, _, ones = (mark["d"] or mark["e"]).rpartition("十")
    return CHINESE.get(ones, 0) + (10 * CHINESE.get(tens, 1) if "十" in (mark["d"] or mark["e"]) else 0)


def _is_long(piece: str) -> bool:
    return len(squeeze(piece)) > LONGEST_ITEM


def _parts(text: str) -> list[str]:
    """Split at commas and the like, but not inside brackets; the last “和” of a row of items parts two of them."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\0{len(held) - 1}\0"

    text = SPACED.sub("\n", text)
    parts = [part for part in SPLIT.split(BRACKETED.sub(hold, text)) if part.strip()]
    if len(parts) >= 2 and (joined := JOINED.match(parts[-1].strip())):
        parts[-1:] = [joined[1], joined[2]]
    return [re.sub("\0(\\d+)\0", lambda match: held[int(match[1])], part) for part in parts]


def _inside(piece: str) -> list[str]:
    """Return what a list of persons or things is to say of each (“名单（姓名、身份证号）”), else the piece itself.

    A heading before a colon (“人口情况：常住人口”) is no item.
    """
    piece = re.sub(r"^[^：:（(]{2,12}[：:](?=.{2,})", "", piece.strip())
    found = LISTED.search(squeeze(piece))
    inner = [part for part in SPLIT.split(found[1]) if part] if found else []
    return inner if len(inner) >= 2 else [piece]


def _label(piece: str) -> str:
    label = squeeze(re.sub(rf"^\s*(?:{NUMBER.pattern})", "", piece)).strip("：:。.，,、；;！!？?-—*·")
    for row in _words("tail"):
        label = re.sub(row["pattern"], "", label)
    is_item = 2 <= len(label) <= LONGEST_ITEM and re.search("[一-鿿]", label)
    return label if is_item and not any(re.search(row["pattern"], label) for row in _words("not_item")) else ""


def _unit(label: str) -> str:
    return split_unit(label)[1] or ""


@lru_cache
def _words(kind: str) -> tuple[dict[str, str], ...]:
    return tuple(row for row in rows("admission_message") if row["kind"] == kind)
