"""The pieces that 续表 or a repeated header cut the body of a table into."""

from __future__ import annotations

from dataclasses import replace

from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.page.regions import Region
from pipelines.intake.wording.vocabulary import words


def continued_pieces(lattice: Lattice, region: Region) -> list[Region]:
    """Return the pieces of a body that 续表, under the table or right of it, or a repeated header cut it into."""
    beside = _beside(lattice, region)
    if beside is not None:
        right = max(box.right for row in range(region.top, region.bottom + 1) for box in _left_of(lattice, row, beside))
        rest = replace(region, top=beside.row + 1, left=beside.col)
        return [*_rows(lattice, replace(region, right=right)), *_rows(lattice, rest)]
    return _rows(lattice, region)


def _beside(lattice: Lattice, region: Region) -> Box | None:
    """Return the 续表 over a panel that begins a row lower than the table left of it; None when there is none."""
    found = [box for box in lattice.printed(region.top) if box.text in words("continued")]
    if len(found) != 1 or found[0].col <= region.left + 1 or found[0] is not lattice.printed(region.top)[-1]:
        return None
    under = [box for box in lattice.printed(region.top + 1) if found[0].col <= box.col]
    return found[0] if len(under) >= 2 else None


def _left_of(lattice: Lattice, row: int, mark: Box) -> list[Box]:
    return [box for box in lattice.printed(row) if box.right < mark.col]


def _rows(lattice: Lattice, region: Region) -> list[Region]:
    cuts = [region.top]
    header = tuple(box.text for box in _inside(lattice, region.top, region))
    ends: list[int] = []
    row = region.top + 1
    while row <= region.bottom:
        boxes = _inside(lattice, row, region)
        if boxes and row > cuts[-1] + 1:
            is_continued = any(box.text in words("continued") for box in boxes) and len(boxes) <= 2
            is_repeated = len(header) >= 2 and tuple(box.text for box in boxes) == header
            if is_continued or is_repeated:
                ends.append(row - 1)
                start = row + 1 if is_continued else row
                while start < region.bottom and not _inside(lattice, start, region):
                    start += 1
                cuts.append(start)
                row = start
        row += 1
    ends.append(region.bottom)
    return [replace(region, top=top, bottom=bottom) for top, bottom in zip(cuts, ends, strict=True)]


def _inside(lattice: Lattice, row: int, region: Region) -> list[Box]:
    return [box for box in lattice.printed(row) if region.left <= box.col <= region.right]
