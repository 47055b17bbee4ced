"""The pieces that 续表 or a repeated header cut the body of a table into."""

from __future__ import annotations

from pipelines.intake.lattice import Lattice
from pipelines.intake.regions import Region
from pipelines.intake.vocabulary import words


def continued_rows(lattice: Lattice, region: Region) -> list[tuple[int, int]]:
    """Return the (top, bottom) of the pieces of a body that 续表 or a repeated header cut it into."""
    cuts = [region.top]
    header = tuple(box.text for box in lattice.printed(region.top))
    ends: list[int] = []
    row = region.top + 1
    while row <= region.bottom:
        boxes = lattice.printed(row)
        if boxes and row > cuts[-1] + 1:
            is_continued = any(box.text in words("continued") for box in boxes) and len(boxes) <= 2
            is_repeated = len(header) >= 2 and tuple(box.text for box in boxes) == header
            if is_continued or is_repeated:
                ends.append(row - 1)
                start = row + 1 if is_continued else row
                while start < region.bottom and not lattice.printed(start):
                    start += 1
                cuts.append(start)
                row = start
        row += 1
    ends.append(region.bottom)
    return list(zip(cuts, ends, strict=True))
