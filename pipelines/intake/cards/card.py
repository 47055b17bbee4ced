"""Cards 登记表: section headings, a label beside or above its blank, member tables, opinion boxes."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipelines.intake.boxes.asked import Reading, own_blanks, value_blanks
from pipelines.intake.boxes.cells import (
    bare,
    ends_open,
    has_own_room,
    is_dated_opinion,
    is_hint,
    is_label,
    is_opinion_of,
    is_plain_value,
    is_signature,
    is_stamped,
    is_wide,
    name_of,
    names_itself,
    takes_value,
    tall_end,
)
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.cards.blocks import header_block, paired_columns
from pipelines.intake.cards.fields import own_field, pair_field, whole_of, with_unit
from pipelines.intake.cards.groups import (
    beside_each_other,
    inner_group_of,
    is_group,
    leads_cells,
    names_room,
    opinion_above,
    pairs_beside,
    whole_above,
)
from pipelines.intake.cards.lines import full_width
from pipelines.intake.wording.frame import frame_part, is_note
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_dash, is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit, split_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze
from schemas.templates import FieldReading

_OPENS_LABEL = re.compile(r"[^：:]{1,12}[：:]")
_DATED = re.compile(r"(?:日期|时间|年月|期限|起止)$")
_OPINION = re.compile(r"(?:意见|签字|签章|盖章)$")
"""What closes a card stands under none of its sections, but one of opinions."""
_ON_OPINIONS = re.compile(r"意见|审[核批查]")
_SEAL = re.compile(r"(?:签章|盖章|签字|签名|公章|机关章|单位章)$")


def read_region(
    lattice: Lattice, top: int, bottom: int, left: int, right: int, prefix: tuple[str, ...], out: Reading
) -> None:
    """Read the rows `top` … `bottom` between two columns and add what they ask for to `out`."""
    section: tuple[str, ...] = ()
    counted: tuple[float, int] | None = None
    is_on_opinions = False
    measured: list[tuple[int, str | None]] = []
    row = top
    while row <= bottom:
        boxes = lattice.across(row, left, right)
        printed = [box for box in boxes if box.text and box.row == row]
        if not printed:
            row += 1
            continue
        is_heading = len(printed) == 1 and len(boxes) > 2 and read_mark(printed[0].text).rank in (0, 1)
        is_line = is_wide(printed[0], boxes, left, right) if not prefix else len(boxes) == 1
        if len(printed) == 1 and (is_line or is_heading):
            mark, over = read_mark(printed[0].text), section[:1] if counted is not None else ()
            if not over and section and mark.rank is None and measured and measured[-1] == (len(out.fields), None):
                over = section  # a heading right over a heading
            section, row = full_width(lattice, printed[0], bottom, left, right, prefix, section, out)
            is_on_opinions = False
            if section and mark.rank is not None:
                counted = (mark.rank, mark.number)
            elif section and over and section[:1] != over:
                section = (*over, *section)  # 家庭成员情况 within 二、购房人信息
            elif section[:1] != over:
                counted = None
            measured.append((len(out.fields), split_unit(printed[0].text)[1] if section else None))
            continue
        mark = read_mark(printed[0].text)
        if counted is not None and (mark.rank, mark.number - 1) == counted:
            section, counted = (), None  # 6.联系方式 over a few rows, then 7.建成时间 on its own
        is_opinion = len(boxes) == 2 and _OPINION.search(name_of(boxes[0])) is not None
        if (is_opinion or all(map(_gives_opinion, printed)) or _are_signers(printed)) and not _ON_OPINIONS.search(
            "".join(section)
        ):
            is_on_opinions = is_on_opinions or (bool(measured) and len(out.fields) == measured[-1][0])
            section = section if is_on_opinions else ()
        end = paired_columns(lattice, row, bottom, boxes)
        if end is not None:  # 男方 | 女方 over labels and blanks of their own
            for box in boxes:
                read_region(lattice, row + 1, end, box.col, box.right, (*prefix, *section, name_of(box)), out)
            row = end + 1
            continue
        seen = len(out.blocks)
        last = header_block(lattice, row, bottom, left, right, prefix + section, out)
        if last is not None:
            if out.blocks[seen:] == ["roster"]:
                section = ()
            row = last + 1
            continue
        group = printed[0]
        inner_group = inner_group_of(lattice, row, boxes, bottom, right)
        if (
            (inner_group is None or not boxes[1].is_blank)
            and group.col == left
            and is_label(group)
            and group.height > 1
            and group.right < right
            and is_group(lattice, group, bottom, right)
        ):
            inner = min(group.bottom, bottom)
            known = len(out.fields)
            reach = pairs_beside(lattice, group, right)
            for head, end in beside_each_other(lattice, group, reach):
                path = (*prefix, *section, name_of(whole_above(lattice, head)))
                room = lattice.box(row, head.right + 1)
                if room.is_blank and room.row == row and room.right >= end:  # 申请理由, and who signs under it
                    out.fields.append(pair_field(lattice, path, head, room))
                read_region(lattice, row, inner, head.right + 1, end, path, out)
            out.fields[known:] = with_unit(out.fields[known:], split_unit(group.text)[1])
            if reach < right:
                read_region(lattice, row, inner, reach + 1, right, prefix + section, out)
            row = inner + 1
            continue
        if inner_group is not None:
            inner = min(inner_group.bottom, bottom)
            read_region(lattice, row, inner, left, inner_group.col - 1, prefix + section, out)
            path = (*prefix, *section, name_of(inner_group))
            read_region(lattice, row, inner, inner_group.right + 1, right, path, out)
            row = inner + 1
            continue
        tall = tall_end(boxes, row)
        if tall is not None:
            inner = min(tall.bottom, bottom)
            read_region(lattice, row, inner, left, tall.col - 1, prefix + section, out)
            _pair_row(lattice, row, bottom, [tall], prefix + section, out)
            row = inner + 1
            continue
        _pair_row(lattice, row, bottom, boxes, prefix + section, out)
        row += 1
    for (start, unit), (end, _) in pairwise([*measured, (len(out.fields), None)]):
        out.fields[start:end] = with_unit(out.fields[start:end], unit)  # 三、收入情况（元）


def _are_signers(printed: list[Box]) -> bool:
    """True for a row that only asks who fills in and when: 单位负责人 | 审核人."""
    names = [name_of(box) for box in printed if is_label(box)]
    return len(names) > 1 and all(name in words("meta") for name in names)


def _gives_opinion(box: Box) -> bool:
    """True for a box that only an office fills: its opinion with who signs, or nothing but signatures and seals."""
    first = squeeze(box.raw.strip().split("\n", 1)[0]).rstrip("：:")
    return (bool(_OPINION.search(first)) and not is_label(box)) or is_signature(box)


def _is_followed_by_blank(boxes: list[Box], position: int) -> bool:
    return position + 1 < len(boxes) and boxes[position + 1].is_blank


def _pair_row(lattice: Lattice, row: int, bottom: int, boxes: list[Box], prefix: tuple[str, ...], out: Reading) -> None:
    """Read a row of labels and blanks from left to right."""
    groups: list[Box] = []
    signed: Box | None = None
    asking: tuple[Box, Box] | None = None
    position = 0
    while position < len(boxes):
        box = boxes[position]
        after = boxes[position + 1] if position + 1 < len(boxes) else None
        position += 1
        if box.row != row or not box.text:
            continue
        if after is not None and is_number(after.text) and _is_followed_by_blank(boxes, position):
            position += 1  # 总分 | 100 | blank: the number is given
            after = boxes[position]
        part = frame_part(name_of(box)) if after is not None and after.text and ends_open(box) else None
        if part and after is not None and not blanks(after.raw):
            out.frame[part] = after.text
            position += 1
            continue
        path = prefix + tuple(name_of(group) for group in groups)
        near = any(other.col < box.col and other.row == row and is_label(other) for other in boxes)
        if read_mark(box.text).is_part and (box.col in out.wholes or (near and out.wholes)):
            path = (*path, name_of(whole_of(box, out)))
        else:
            out.wholes.pop(box.col, None)
            out.wholes[box.col] = box
        is_over_photos = box.height == 1 and after is not None and is_label(after)  # 照片 | 改造前 | blank
        is_wider = after is not None and after.is_blank and after.width > box.width
        is_open = ends_open(box) and after is not None and after.is_blank
        first = squeeze(box.raw.strip().split("\n\n", 1)[0])  # what the picture must be like stands under it
        photo = next((text for text in (box.text, first) if text in words("photo")), "")
        if photo and not (is_wider or is_over_photos or is_open):
            out.fields.append(FieldReading((*path, bare(photo)), box.at, box.at, inline=1))
            continue
        is_next = asking is not None and asking[1].right + 1 == box.col and names_room(box)
        if not is_label(box) or is_next:
            if is_note(box.text):
                out.notes.append(box.text)
            elif found := blanks(box.raw):
                if all(blank.is_date for blank in found) and (head := opinion_above(lattice, box)):
                    path = (*path, head)
                lead = signed if is_signature(box) else None  # 村级意见 | who signs | who signs as well
                if lead is None and asking is not None and asking[1].right + 1 == box.col:
                    lead, asking = asking[0], (asking[0], box)  # 一般隐患 | 发现    项 | 尚未整改    项
                known = len(out.fields)
                own_blanks(box, found, (*path, name_of(lead)) if lead else path, out)
                if lead is not None and not is_signature(box):
                    out.fields[known:] = with_unit(out.fields[known:], split_unit(lead.text.rstrip("：:"))[1])
            continue
        if has_own_room(box) and not (after is not None and (after.is_blank or takes_value(after))):
            out.fields.append(own_field((*path, name_of(box)), box))
            continue
        is_room = after is not None and position + 1 == len(boxes) and is_opinion_of(box, after)
        is_dated = after is not None and is_dated_opinion(box, after)
        is_led = leads_cells(box, boxes[position:])
        is_value = (
            is_room
            or is_led
            or (
                after is not None
                and after.row <= row
                and (
                    takes_value(after)
                    or is_unit(after.text, name_of(box))
                    or ((is_hint(after) or is_number(after.text)) and not _is_followed_by_blank(boxes, position))
                    or (is_dash(after.text) and (after.text in "/／" or _DATED.search(name_of(box)) is not None))
                )
                and (after.row == row or after.is_blank)
            )
        )
        if (
            is_value
            and after is not None
            and not (
                after.text
                and not (is_dated or is_led)
                and (is_stamped(box) or names_itself(after) or (ends_open(box) and _OPENS_LABEL.match(after.text)))
            )
        ):
            position += 1
            is_given = is_hint(after) or is_dash(after.text) or is_number(after.text)
            is_plain = is_plain_value(after) and not is_dated
            if after.text and not (is_given or is_plain or is_unit(after.text, name_of(box))):
                value_blanks(box, after, (*path, name_of(box)), out)
                inside = blanks(after.raw)
                signed = box if any(blank.is_meta for blank in inside) else None
                asking = (box, after) if inside and not any(one.is_meta or one.options for one in inside) else None
            else:
                reading = pair_field(lattice, (*path, name_of(box)), box, after)
                beyond = boxes[position] if position < len(boxes) else None
                if after.is_blank and beyond is not None and is_unit(beyond.text, name_of(box)):
                    reading = replace(reading, unit=reading.unit or beyond.text)
                    position += 1
                out.fields.append(reading)
                out.pairs += 1
            continue
        under = lattice.box(box.bottom + 1, box.col) if box.bottom < bottom else None
        is_first = box.col == boxes[0].col and after is not None and ends_open(after) and len(boxes) > 2
        if is_first and ends_open(box) and box.raw.endswith(("：", ":")) and _is_followed_by_blank(boxes, position):
            groups = [box]  # 调解委员会： | 组成人员数： | blank
        elif ends_open(box) or is_stamped(box) or _SEAL.search(box.text):
            if not blanks(box.raw):
                out.fields.append(FieldReading((*path, name_of(box)), box.at, box.at, role="meta", inline=1))
            own_blanks(box, blanks(box.raw), path, out)
        elif is_first:
            groups = [box]  # 人在户在 | 总人数： | blank
        elif any(ends_open(other) for other in boxes):
            out.fields.append(own_field((*path, name_of(box)), box))
        elif after is not None and is_label(after) and box.col == boxes[0].col:
            groups = [box]
        elif under is not None and under.is_blank and under.col == box.col and under.right == box.right:
            out.fields.append(pair_field(lattice, (*path, name_of(box)), box, under))
            out.pairs += 1
        else:
            out.without_blank.append(box)
