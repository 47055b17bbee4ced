"""Cells of a worksheet that are marked: found, or made where there are none, and given another look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.collection.receiving.marking.looks import Looks
from pipelines.collection.receiving.marking.parts import MAIN, NotPlain, element
from pipelines.text import address, position


def anchors(root: Any, cells: Iterable[str]) -> dict[str, str]:
    """Return for each cell the one that can be marked: itself, or the top left one of the merged range it is in."""
    spans = []
    for each in root.iter(f"{{{MAIN}}}mergeCell"):
        first, _, last = str(each.get("ref")).partition(":")
        spans.append((position(first), position(last or first)))
    found = {}
    for cell in cells:
        row, col = position(cell)
        place = next((a for a, b in spans if a[0] <= row <= b[0] and a[1] <= col <= b[1]), (row, col))
        found[cell] = address(*place)
    return found


def colour(root: Any, colours: Mapping[str, str], looks: Looks) -> None:
    """Fill cells of a sheet: cell → colour (ARGB). All else of their looks stays; new ones look like row or column."""
    data = root.find(f"{{{MAIN}}}sheetData")
    if data is None:
        raise NotPlain("no rows")
    rows = {_number(row): row for row in data}
    for cell, wanted in colours.items():
        number, col = (place + 1 for place in position(cell))
        if number not in rows:
            rows[number] = element(MAIN, "row", r=str(number))
            data.insert(sum(known < number for known in rows), rows[number])
        row = rows[number]
        known = [_column(each) for each in row]
        if col in known:
            place = row[known.index(col)]
        else:
            place = element(MAIN, "c", r=cell)
            place.set("s", row.get("s") or _column_look(root, col))
            row.insert(sum(each < col for each in known), place)
        place.set("s", str(looks.filled(int(place.get("s") or 0), wanted)))


def _number(row: Any) -> int:
    number = str(row.get("r"))
    if not number.isdigit():
        raise NotPlain("a row without its number")
    return int(number)


def _column(cell: Any) -> int:
    try:
        return position(str(cell.get("r")))[1] + 1
    except ValueError as error:
        raise NotPlain("a cell without its place") from error


def _column_look(root: Any, col: int) -> str:
    for each in root.iter(f"{{{MAIN}}}col"):
        if int(each.get("min")) <= col <= int(each.get("max")):
            return str(each.get("style") or 0)
    return "0"
