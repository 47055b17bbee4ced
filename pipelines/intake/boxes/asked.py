"""What a box asks for by its own text: choices, signers under an opinion, blanks behind labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipelines.intake.boxes.cells import CHOICE, HEADING_LENGTH, SENTENCE
from pipelines.intake.boxes.lattice import Box
from pipelines.intake.wording.blank import Blank
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.roles import role_of
from pipelines.intake.wording.units import is_unit, split_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze
from schemas.templates import FieldReading, Role

_DIGIT_BOXES = re.compile("[□☐▢]")


_FREE_LINES = re.compile(r"(?:^|\n)[^\S\n]*\n[^\S\n]*\n")
"""Two lines left free within a cell."""
_EMPTY_BRACKETS = re.compile(r"[(（\[【][\s_]*[)）\]】]")
"""Room to write that brackets enclose: 负责人意见：(        )."""
GENERIC_OPINION = 5
"""An opinion named up to this long with its colon (审核意见：) is the one of the heading beside it."""
_SIGNED = re.compile(r"(?:签章|盖章|签字|签名|签署)$")
_SIGNS = re.compile(r"(?:签章|盖章|签字|签名|签署|人|日期|负责人)$|[(（](?:签字|签名)[)）]$")
"""Labels of who signs: they are no title of what stands under them."""
_PRINTED = re.compile(r"[，。；]")
"""A sentence that the form prints itself: 经审核，同意从    年  月起享受。"""


@dataclass(slots=True)
class Reading:
    """What a card gave while it is being read: fields, notes, and labels for which no blank was found."""

    fields: list[FieldReading] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    without_blank: list[Box] = field(default_factory=list)
    wholes: dict[int, Box] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    frame: dict[str, str] = field(default_factory=dict)
    pairs: int = 0


def value_unit(cell: Box, label: str) -> str | None:
    """Return the unit that a value cell prints after the room to write, None when it prints none."""
    pieces = cell.raw.split()
    is_led = len(pieces) == 2 and (pieces[0] in words("per_value") or pieces[0] in "/／")
    after_gap = pieces[-1:] if is_led else []
    texts = (cell.text, cell.text.strip("（）()"), cell.text.lstrip("/／"), *after_gap)
    return next((text for text in texts if is_unit(text, label)), None)


def value_blanks(label: Box, cell: Box, path: tuple[str, ...], out: Reading) -> None:
    """Read a value cell that has text of its own: choices, or a signature under an opinion."""
    found = blanks(cell.raw)
    _, unit = split_unit(label.text.rstrip("：:"))
    if CHOICE.search(cell.text) and len(found) == 1:
        out.fields.append(
            FieldReading(path, cell.at, label.at, unit=unit, role=role_of(path), options=found[0].options)
        )
        return
    if CHOICE.search(cell.text) and found and not found[0].path and found[0].options:
        out.fields.append(FieldReading(path, cell.at, label.at, unit=unit, role="fill", options=found[0].options))
        for number, blank in enumerate(found[1:], start=2):
            out.fields.append(_inline(_signer(blank) if path[-1] in words("opinion") else blank, path, cell.at, number))
        return
    if _opens_opinion(path[-1], cell.raw):
        own_blanks(cell, found, path, out)
        return
    is_again = _says_opinion_again(path[-1], found)
    found = found[1:] if is_again else found
    inline = 1 if found or _DIGIT_BOXES.search(cell.text) else None
    first = 1
    if is_again or leaves_room(path[-1], cell.raw, found):
        out.fields.append(FieldReading(path, cell.at, label.at, unit=unit, role="fill", inline=inline))
        first = 2
    for number, blank in enumerate(found, start=first):
        named = _signer(blank) if path[-1] in words("opinion") else blank
        is_measured = unit and not (named.is_meta or named.is_date or named.options or named.unit)
        out.fields.append(_inline(replace(named, unit=unit) if is_measured else named, path, cell.at, number))


def _opens_opinion(label: str, raw: str) -> bool:
    """True for a cell whose first line names the opinion that goes in it: 审批意见 | 镇级初审意见：⏎调查人：."""
    first, _, rest = raw.strip().partition("\n")
    name = squeeze(first)
    return (
        bool(rest.strip())
        and name.endswith(("意见：", "意见:"))
        and len(name) > GENERIC_OPINION
        and name.rstrip("：:") != label
    )


def _says_opinion_again(label: str, found: list[Blank]) -> bool:
    """True when the first blank of an opinion cell is the opinion itself: 民政部门意见 | 意见：."""
    return len(found) > 1 and found[0].path == ("意见",) and label.endswith("意见")


def leaves_room(label: str, raw: str, found: list[Blank]) -> bool:
    """True when a value cell has room of its own beside the blanks of its text: lines left free, or only signers.

    label: what stands beside it; an opinion has room unless the form prints it but for its gaps.
    """
    if found and "".join(found[0].path[-1:]).endswith("意见") and not found[0].is_meta:
        return False  # 司法所意见 | 具体意见：
    if _SIGNED.search(label) and not all(blank.is_date for blank in found):
        return False
    if all(blank.is_meta or blank.options for blank in found) or _FREE_LINES.search(raw.rstrip()):
        return True
    return label.endswith("意见") and not _PRINTED.search(raw)


def _inline(blank: Blank, path: tuple[str, ...], place: str, number: int) -> FieldReading:
    is_place = bool(path) and blank.path[-1:] != () and blank.path[-1] in words("area_blank")  # 经营场所 | 市  县
    return FieldReading(
        path=path + blank.path,
        cell=place,
        label_cell=place,
        unit=blank.unit,
        code=blank.code,
        role="meta" if (blank.is_meta and not is_place) or role_of(blank.path) == "meta" else "fill",
        inline=number,
        options=blank.options,
        data_type="date" if blank.is_date else "text",
    )


def own_blanks(box: Box, found: list[Blank], path: tuple[str, ...], out: Reading) -> None:
    """Read a box that is label and blank in one: “收车单位（章） 经办人：  年 月 日”."""
    number = 1
    lines = box.raw.strip().split("\n")
    first = squeeze(_EMPTY_BRACKETS.sub("", lines[0]))
    title = re.sub("[□☐▢]+$", "", first.rstrip("：:"))
    is_title = (
        len(lines) > 1
        and 2 <= len(title) <= HEADING_LENGTH
        and not SENTENCE.search(title)
        and not re.search(r"[：:].|[□☐▢].", first)
        and not _SIGNS.search(title)
        and title != "年月日"
    )
    is_free = not squeeze(lines[1]) or lines[0] != lines[0].rstrip() if is_title else False
    is_opinion = title in words("opinion")
    is_seal = title in words("stamp") or title in words("meta")
    if is_title and found and found[0].options and found[0].path[-1:] == (title,):
        is_title = False  # 巡查类型：⏎日常巡查□  特殊巡查□
    if is_title and found and found[0].path[-1:] != (title,) and "".join(found[0].path[-1:]).startswith(title):
        is_title = False  # 税务机关⏎（专用章）：
    if is_title and not (is_free or is_opinion or is_seal):
        if found and found[0].is_meta and squeeze(lines[1]).startswith(found[0].path[-1]) and first == title:
            found = [replace(found[0], path=(title + found[0].path[-1],)), *found[1:]]  # 清算组织⏎负责人签字：
            is_title = False
        others = [blank for blank in found if blank.path[-1:] != (title,)]
        is_free = is_title and all(blank.is_meta for blank in others)
        is_title = is_free or (is_title and (first == title or title in words("own_heading")))
    is_named = first != title and bool(found) and found[0].path[-1:] == (read_mark(title).text,)
    is_like = title.endswith("名称") or not all(blank.is_meta or blank.is_date for blank in found[1:])
    if is_title and is_free and is_named and is_like:
        is_title = is_opinion or is_seal or title in words("own_heading")  # 名称：⏎⏎负责人签字：⏎（盖章）: siblings
    if is_title:
        path = (*path, read_mark(title).text)
        if is_free or is_opinion or is_seal:
            role: Role = "meta" if is_seal else "fill"
            out.fields.append(FieldReading(path, box.at, box.at, role=role, inline=number))
            number += 1
    if not (is_title or path) and len(found) == 2 and len(lines) > 1 and found[0].is_meta and _is_when(found[1]):
        when = replace(found[1], path=(*found[0].path, *found[1].path), is_meta=True)
        found = [found[0], when]  # 党员（签字）：⏎  年 月 日
    for blank in found:
        if is_title and blank.path and blank.path[-1].rstrip("：:") == path[-1]:
            continue
        is_signer = bool(path) and path[-1] in words("opinion")
        out.fields.append(_inline(_signer(blank) if is_signer else blank, path, box.at, number))
        number += 1


def _is_when(blank: Blank) -> bool:
    return blank.is_date or "".join(blank.path[-1:]) in words("opinion_time")


def _signer(blank: Blank) -> Blank:
    """Return a blank under an opinion; whoever is named there signs it: 调查人, 受理民警."""
    name = "".join(blank.path[-1:])
    return replace(blank, is_meta=blank.is_meta or name in words("opinion_signer") or name in words("opinion_time"))
