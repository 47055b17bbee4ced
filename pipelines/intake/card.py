"""Cards 登记表: section headings, a label beside or above its blank, member tables, opinion boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.intake.frame import is_note
from pipelines.intake.headers import Leaf, depth, leaves
from pipelines.intake.inline import Blank, blanks
from pipelines.intake.lattice import Box, Lattice
from pipelines.intake.numbering import read_mark
from pipelines.intake.roles import role_of
from pipelines.intake.statistics import statistics_fields
from pipelines.intake.tables import Block, find_block, is_dash, is_number
from pipelines.intake.units import is_unit, split_unit
from pipelines.intake.vocabulary import words
from pipelines.text import squeeze
from schemas.templates import FieldReading

WIDE_SHARE = 0.8
"""A box that covers this much of a table's width is a line of its own: Word tables have ragged edges."""
HEADING_LENGTH = 30
LABEL_LENGTH = 60
_PLACEHOLDER = re.compile(
    r"\*{2,}|[Xx×]{2,}|_{3,}|^[(（][^()（）]{6,}[)）]$|^[(（](?:填写|请填|例)|^(?:如|例如|例)[：:]|^(?:至|到|—至—|-至-|~)$"
)
_DATE_ONLY = re.compile(r"^[(（]?(?:公历|农历)?(?:自|从)?年月日?(?:时分?)?(?:[至到—－\-~]年月日?)?[)）]?(?:止)?$")
_WIDE_GAP = re.compile(r"[ \u3000\u00a0_]{6,}(?=[^\s\u3000：:]{1,6}(?:\s|$))(?![^：:]*[：:])")
_EMPTY_BRACKET = re.compile(r"[(（][^()（）]*(?:年|月|至|—|－|-)[^()（）]*[)）]$")
_SET_OFF = re.compile(r"(?:^|\n)[ \u3000\u00a0]{10,}\S")
_COLON_INSIDE = re.compile(r"[：:]")
_OPENS_LABEL = re.compile(r"[^：:]{1,12}[：:]")
_SEAL = re.compile(r"(?:签章|盖章|签字|签名|公章|机关章|单位章)$")
_SENTENCE = re.compile(r"[，。；！？]")
_CHOICE = re.compile(r"[□☐▢]")


@dataclass(slots=True)
class Reading:
    """What a card gave while it is being read: fields, notes, and labels for which no blank was found."""

    fields: list[FieldReading] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    without_blank: list[Box] = field(default_factory=list)
    wholes: dict[int, str] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    pairs: int = 0


def read_region(
    lattice: Lattice, top: int, bottom: int, left: int, right: int, prefix: tuple[str, ...], out: Reading
) -> None:
    """Read the rows `top` … `bottom` between two columns and add what they ask for to `out`."""
    section: tuple[str, ...] = ()
    row = top
    while row <= bottom:
        boxes = lattice.across(row, left, right)
        printed = [box for box in boxes if box.text and box.row == row]
        if not printed:
            row += 1
            continue
        if len(printed) == 1 and _is_wide(printed[0], boxes, left, right):
            section, row = _full_width(lattice, printed[0], bottom, left, right, prefix, section, out)
            continue
        last = _header_block(lattice, row, bottom, left, right, prefix + section, out)
        if last is not None:
            if out.blocks and out.blocks[-1] == "roster":
                section = ()
            row = last + 1
            continue
        group = printed[0]
        if (
            group.col == left
            and _is_label(group)
            and group.height > 1
            and group.right < right
            and _is_group(lattice, group, bottom, right)
        ):
            inner = min(group.bottom, bottom)
            read_region(lattice, row, inner, group.right + 1, right, (*prefix, *section, _name(group)), out)
            row = inner + 1
            continue
        tall = boxes[-1]
        if (
            tall.row == row
            and tall.height > 1
            and tall.right == right
            and len(boxes) > 1
            and boxes[-2].height < tall.height
        ):
            inner = min(tall.bottom, bottom)
            read_region(lattice, row, inner, left, tall.col - 1, prefix + section, out)
            _pair_row(lattice, row, bottom, [tall], prefix + section, out)
            row = inner + 1
            continue
        _pair_row(lattice, row, bottom, boxes, prefix + section, out)
        row += 1


def _is_wide(box: Box, boxes: list[Box], left: int, right: int) -> bool:
    """True for a box over the whole width, ragged table edges aside."""
    return len(boxes) == 1 or (box.width >= WIDE_SHARE * (right - left + 1) and box.width > 1)


def _name(box: Box) -> str:
    return read_mark(split_unit(box.text.rstrip("：:"))[0]).text


def _full_width(
    lattice: Lattice,
    box: Box,
    bottom: int,
    left: int,
    right: int,
    prefix: tuple[str, ...],
    section: tuple[str, ...],
    out: Reading,
) -> tuple[tuple[str, ...], int]:
    """Read a row that is one box: heading, note, own blanks, or a label over a wide blank."""
    after = box.bottom + 1
    if is_note(box.text):
        out.notes.append(box.text)
        return section, after
    below = lattice.across(after, left, right) if after <= bottom else []
    found = blanks(box.raw)
    heading = _EMPTY_BRACKET.sub("", box.text)
    if found and not (heading != box.text and all(blank.is_date for blank in found)):
        _own_blanks(box, found, prefix, out)
        return (), after
    if heading in words("not_heading"):
        return section, after
    if len(heading) <= HEADING_LENGTH and not _SENTENCE.search(heading) and not re.search("[：:].", heading):
        wide = [other for other in below if other.width >= WIDE_SHARE * box.width]
        if len(wide) == 1 and wide[0].is_blank and wide[0].row == after and all(other.is_blank for other in below):
            below = wide
            out.fields.append(_field(lattice, (*prefix, *section, _name(box)), box, below[0]))
            return section, below[0].bottom + 1
        if len(wide) == 1 and wide[0].text and wide[0].row == after and _is_signature(wide[0]):
            _value_blanks(box, wide[0], (*prefix, *section, _name(box)), out)
            return section, wide[0].bottom + 1
        name = _name(Box(box.row, box.col, box.bottom, box.right, heading, heading))
        return (name,), after
    out.notes.append(box.text)
    return section, after


def _is_signature(box: Box) -> bool:
    """True for a box of signer lines without a title of its own: it belongs to the heading over it."""
    found = blanks(box.raw)
    return bool(found) and all(blank.is_meta for blank in found)


def _is_group(lattice: Lattice, group: Box, bottom: int, right: int) -> bool:
    """True when what stands right of a tall label are labels of their own, not its one value."""
    for row in range(group.row, min(group.bottom, bottom) + 1):
        for box in lattice.across(row, group.right + 1, right):
            if (
                box.row == row
                and box.text
                and _is_label(box)
                and not (box.col == group.right + 1 and box.right == right and box.height == group.height)
            ):
                return True
    return False


def _bare(text: str) -> str:
    """Return a text without brackets round the whole of it."""
    return text[1:-1] if text[:1] in "(（" and text[-1:] in ")）" else text


def _is_label(box: Box) -> bool:
    return (
        bool(box.text)
        and len(box.text) <= LABEL_LENGTH
        and not is_dash(box.text)
        and not is_number(box.text)
        and not _is_unit_only(box)
        and not _DATE_ONLY.match(box.text)
        and not _PLACEHOLDER.search(box.text)
        and not _CHOICE.search(box.text)
        and (not blanks(box.raw) or _ends_open(box) or _is_stamped(box) or _is_signer(box))
    )


def _is_signer(box: Box) -> bool:
    """True for a label that is nothing but 本人签字 or 单位盖章: the signature goes into the next cell."""
    found = blanks(box.raw)
    return len(found) == 1 and found[0].path[-1:] == (box.text,)


def _is_stamped(box: Box) -> bool:
    """True for a short label that ends in （盖章） and asks for nothing else."""
    return len(box.text) <= 16 and box.text in words("stamp") and len(blanks(box.raw)) == 1 and box.height == 1


def _names_itself(box: Box) -> bool:
    """True for a box that opens with a label of its own: “资金来源情况说明：”."""
    first = re.match(r"\s*([^：:\n]{2,20})[：:]\s*(?:\n|$)", box.raw)
    return bool(first) and box.height > 1 and squeeze(first[1]) not in words("meta")


def _ends_open(box: Box) -> bool:
    """True for a label that only ends in a colon: its blank may be the next cell."""
    return box.text.endswith(("：", ":")) and len(blanks(box.raw)) == 1 and not re.search(r"[：:].", box.text)


def _is_open_text(box: Box) -> bool:
    """True for a value cell that prints only what goes between blanks: “   年   月   日”, “前        后      mm”."""
    is_sparse = bool(_WIDE_GAP.search(box.raw)) and len(box.text) <= 10 and not _COLON_INSIDE.search(box.text)
    return bool(box.text) and (bool(_DATE_ONLY.match(box.text)) or is_sparse)


def _is_unit_only(box: Box) -> bool:
    """True for a value cell that prints nothing but its unit: “      元”."""
    return bool(box.text) and box.raw[:1].isspace() and is_unit(box.text)


def _is_plain_value(box: Box) -> bool:
    """True for a value cell whose text asks for nothing of its own."""
    return (
        bool(_PLACEHOLDER.search(box.text))
        or is_unit(box.text)
        or _is_open_text(box)
        or bool(_SET_OFF.search(box.raw) and not blanks(box.raw))
    )


def _takes_value(box: Box) -> bool:
    return (
        box.is_blank
        or _is_unit_only(box)
        or _is_open_text(box)
        or bool(_PLACEHOLDER.search(box.text))
        or bool(blanks(box.raw) and not _ends_open(box) and not _is_stamped(box) and not _is_signer(box))
        or bool(_SET_OFF.search(box.raw) and not _COLON_INSIDE.search(box.text))
        or bool(_CHOICE.search(box.text))
    )


def _header_block(
    lattice: Lattice, row: int, bottom: int, left: int, right: int, prefix: tuple[str, ...], out: Reading
) -> int | None:
    """Read a header row with value rows under it; returns the last row read, None when the row heads nothing."""
    boxes = lattice.across(row, left, right)
    while len(boxes) > 2 and boxes[-1].row < row:
        boxes = boxes[:-1]
    if len(boxes) < 2 or any(box.row != row for box in boxes):
        return None
    heads = boxes[:-1] if boxes[-1].is_blank and len(boxes) > 3 else boxes
    if heads[0].is_blank and len(heads) > 2:
        heads = heads[1:]
    if not all(_is_label(box) and not box.text.endswith(("：", ":")) for box in heads):
        return None
    right = heads[-1].right
    inner = _inner_statistics(lattice, row, bottom, left, right)
    if inner is None and heads[0] is not boxes[0]:
        return None
    if inner is not None:
        read = statistics_fields(lattice, [inner], prefix)
        out.fields.extend(read.fields)
        out.blocks.append("statistics")
        return inner.bottom
    last = depth(lattice, row, left, right, bottom)
    if last >= bottom:
        return None
    found = leaves(lattice, row, last, left, right)
    if len(found) < 2:
        return None
    data = last + 1
    is_last_row = data == bottom
    cells = [lattice.box(data, leaf.col) for leaf in found]
    if any(cell.row != data for cell in cells):
        cells = []
    own = [box for box in lattice.across(data, left, right) if box.row == data]
    if any(cell.col != leaf.col for cell, leaf in zip(cells, found, strict=False)) and len(own) in (
        len(found),
        len(found) + 1,
    ):
        cells = own[: len(found)]
    if len(cells) != len(found):
        return None
    values = sum(_takes_value(cell) for cell in cells)
    stub = _is_label(cells[0]) and not is_number(cells[0].text)
    if len({cell.col for cell in cells}) != len(cells) or (
        values < len(cells) - 1 and not (is_last_row and last > row)
    ):
        return None
    if stub and values == len(cells) - 1 and len(cells) == 2:
        return None
    end = _rows_end(lattice, data, bottom, left, right, found)
    is_opinion = any(cell.text and blanks(cell.raw) for cell in cells)
    if is_opinion:
        for leaf, cell in zip(found, cells, strict=True):
            label = lattice.box(last, leaf.col)
            if cell.text and blanks(cell.raw):
                _value_blanks(label, cell, prefix + leaf.path, out)
            else:
                out.fields.append(_leaf_field(lattice, leaf, cell, prefix))
        return data
    if stub and values:
        for at in range(data, end + 1):
            head = lattice.box(at, found[0].col)
            if not head.text or head.row != at:
                continue
            for leaf in found[1:]:
                out.fields.append(_leaf_field(lattice, leaf, lattice.box(at, leaf.col), (*prefix, _name(head)), head))
        out.blocks.append("statistics")
        return end
    for leaf, cell in zip(found, cells, strict=True):
        out.fields.append(_leaf_field(lattice, leaf, cell, prefix))
    out.blocks.append("roster")
    return end


def _inner_statistics(lattice: Lattice, row: int, bottom: int, left: int, right: int) -> Block | None:
    """Return the statistical table that begins in a row of a card: row labels under the first header, blanks right."""
    last = depth(lattice, row, left, right, bottom)
    found = leaves(lattice, row, last, left, right)
    corner = lattice.box(row, left)
    if corner.is_blank and found:
        found = [Leaf(corner.col, corner.right, ("",), None, ""), *found]
    if last >= bottom or len(found) < 2 or len(found[0].path) != 1:
        return None
    stubs = [leaf for leaf in found if leaf.name == found[0].name]
    if len(stubs) == 1 and len(found) < 3:
        return None
    values = [leaf for leaf in found if leaf not in stubs]
    if not values:
        return None
    end = last
    for at in range(last + 1, bottom + 1):
        labels = [_row_label(lattice, at, leaf) for leaf in stubs]
        cells = [lattice.box(at, leaf.col) for leaf in values]
        if any(label.row != at for label in labels):
            break
        if any(cell.row != at or (cell.text and not is_dash(cell.text) and not is_number(cell.text)) for cell in cells):
            break
        if not any(_is_label(label) for label in labels) or labels[0].right >= values[0].col:
            break
        end = at
    if end - last < (1 if len(stubs) > 1 else 2):
        return None
    block = find_block(lattice, row, end, left, right)
    return block if block is not None and block.is_statistics else None


def _row_label(lattice: Lattice, row: int, leaf: Leaf) -> Box:
    """Return the box under a stub header that labels a row: the last one that begins in it."""
    boxes = lattice.across(row, leaf.col, leaf.right)
    return next((box for box in reversed(boxes) if box.row == row and box.text), boxes[-1])


def _rows_end(lattice: Lattice, data: int, bottom: int, left: int, right: int, found: list[Leaf]) -> int:
    """Return the last row under a header that still takes values."""
    end = data
    for row in range(data + 1, bottom + 1):
        boxes = [box for box in lattice.across(row, left, right) if box.row == row]
        texts = [box for box in boxes if box.text]
        if any(box.width > found[-1].right - found[0].col for box in boxes):
            break
        if len(texts) > 1 or (texts and texts[0].col != found[0].col):
            break
        if texts and not is_number(texts[0].text) and lattice.box(data, found[0].col).is_blank:
            break
        end = row
    return end


def _leaf_field(
    lattice: Lattice, leaf: Leaf, cell: Box, prefix: tuple[str, ...], label: Box | None = None
) -> FieldReading:
    path = prefix + leaf.path
    choices = lattice.grid.choices_by_cell.get((cell.row, cell.col), ())
    return FieldReading(
        path=path,
        cell=cell.at,
        label_cell=label.at if label else leaf.label_cell,
        unit=leaf.unit,
        role=role_of(path),
        options=choices,
    )


def _pair_row(lattice: Lattice, row: int, bottom: int, boxes: list[Box], prefix: tuple[str, ...], out: Reading) -> None:
    """Read a row of labels and blanks from left to right."""
    groups: list[Box] = []
    position = 0
    while position < len(boxes):
        box = boxes[position]
        after = boxes[position + 1] if position + 1 < len(boxes) else None
        position += 1
        if box.row != row or not box.text:
            continue
        path = prefix + tuple(_name(group) for group in groups)
        if read_mark(box.text).is_part and box.col in out.wholes:
            path = (*path, out.wholes[box.col])
        else:
            out.wholes[box.col] = _name(box)
        if box.text in words("photo"):
            out.fields.append(FieldReading((*path, _bare(box.text)), box.at, box.at, inline=1))
            continue
        if not _is_label(box):
            if is_note(box.text):
                out.notes.append(box.text)
            elif found := blanks(box.raw):
                _own_blanks(box, found, path, out)
            continue
        is_value = (
            after is not None
            and after.row <= row
            and (_takes_value(after) or is_unit(after.text, _name(box)))
            and (after.row == row or after.is_blank)
        )
        if (
            is_value
            and after is not None
            and not (
                after.text
                and (_is_stamped(box) or _names_itself(after) or (_ends_open(box) and _OPENS_LABEL.match(after.text)))
            )
        ):
            position += 1
            if after.text and not _is_plain_value(after) and not is_unit(after.text, _name(box)):
                _value_blanks(box, after, (*path, _name(box)), out)
            else:
                out.fields.append(_field(lattice, (*path, _name(box)), box, after))
                out.pairs += 1
            continue
        under = lattice.box(box.bottom + 1, box.col) if box.bottom < bottom else None
        if _ends_open(box) or _is_stamped(box) or _SEAL.search(box.text):
            if not blanks(box.raw):
                out.fields.append(FieldReading((*path, _name(box)), box.at, box.at, role="meta", inline=1))
            _own_blanks(box, blanks(box.raw), path, out)
        elif any(_ends_open(other) for other in boxes):
            out.fields.append(FieldReading((*path, _name(box)), box.at, box.at, role=role_of((_name(box),)), inline=1))
        elif after is not None and _is_label(after) and box.col == boxes[0].col:
            groups = [box]
        elif under is not None and under.is_blank and under.col == box.col and under.right == box.right:
            out.fields.append(_field(lattice, (*path, _name(box)), box, under))
            out.pairs += 1
        else:
            out.without_blank.append(box)


def _field(lattice: Lattice, path: tuple[str, ...], label: Box, cell: Box) -> FieldReading:
    _, unit = split_unit(label.text.rstrip("：:"))
    unit = unit or (cell.text if is_unit(cell.text, path[-1]) else None)
    choices = lattice.grid.choices_by_cell.get((cell.row, cell.col), ())
    path = (*path[:-1], path[-1].rstrip("：:"))
    return FieldReading(path, cell.at, label.at, unit=unit, role=role_of(path), options=choices)


def _value_blanks(label: Box, cell: Box, path: tuple[str, ...], out: Reading) -> None:
    """Read a value cell that has text of its own: choices, or a signature under an opinion."""
    found = blanks(cell.raw)
    _, unit = split_unit(label.text.rstrip("：:"))
    if _CHOICE.search(cell.text) and len(found) == 1:
        out.fields.append(
            FieldReading(path, cell.at, label.at, unit=unit, role=role_of(path), options=found[0].options)
        )
        return
    out.fields.append(FieldReading(path, cell.at, label.at, unit=unit, role="fill", inline=1))
    for number, blank in enumerate(found, start=2):
        out.fields.append(_inline(blank, path, cell.at, number))


def _inline(blank: Blank, path: tuple[str, ...], place: str, number: int) -> FieldReading:
    return FieldReading(
        path=path + blank.path,
        cell=place,
        label_cell=place,
        unit=blank.unit,
        code=blank.code,
        role="meta" if blank.is_meta or role_of(blank.path) == "meta" else "fill",
        inline=number,
        options=blank.options,
        data_type="date" if blank.is_date else "text",
    )


def _own_blanks(box: Box, found: list[Blank], path: tuple[str, ...], out: Reading) -> None:
    """Read a box that is label and blank in one: “收车单位（章） 经办人：  年 月 日”."""
    number = 1
    first = next((line for line in (squeeze(part) for part in re.split(r"[\n]", box.raw)) if line), "")
    title = first.rstrip("：:")
    has_more = squeeze(box.raw) != first
    is_title = (
        has_more
        and 2 <= len(title) <= HEADING_LENGTH
        and not _SENTENCE.search(title)
        and not re.search(r"[：:].", first)
        and not re.search(r"(?:签章|盖章|签字|签名|人|日期|负责人)$|[(（](?:签字|签名)[)）]$", title)
        and title != "年月日"
    )
    if is_title:
        path = (*path, read_mark(title).text)
        role = "meta" if re.search(r"[(（](?:盖章|公章|印章|章)[)）]$", title) else "fill"
        out.fields.append(FieldReading(path, box.at, box.at, role=role, inline=number))  # type: ignore[arg-type]
        number += 1
    for blank in found:
        if is_title and blank.path and blank.path[-1].rstrip("：:") == path[-1]:
            continue
        out.fields.append(_inline(blank, path, box.at, number))
        number += 1
