"""Notes on cells: their texts in a comments part, their boxes in a drawing (ECMA-376 part 1, 18.7; VML)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.collection.receiving.marking.parts import LINK, MAIN, Parts, element, parsed
from pipelines.collection.receiving.marking.said import said
from pipelines.text import address, position

AUTHOR = "一表通"
HEIGHT, WIDTH = 120, 280
"""Of a note's box, in pixels."""
_BOX = "{urn:schemas-microsoft-com:vml}shape"
_PLACE = "{urn:schemas-microsoft-com:office:excel}"
_AFTER = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
    *("webPublishItems", "tableParts", "extLst"),
)
"""What stands behind the drawing of notes in a worksheet."""
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def put_notes(parts: Parts, sheet: str, notes: Mapping[str, str]) -> None:
    """Write a note on each cell of a sheet's part, over what a note there said before."""
    listed, author = _listed(parts, sheet)
    boxes = _boxes(parts, sheet)
    known = {each.get("ref"): each for each in listed}
    for cell, text in notes.items():
        before = known.get(cell)
        if before is not None:
            text += f"\n———\n{_text(before)}"
            listed.remove(before)
        note = element(MAIN, "comment", ref=cell, authorId=author)
        body = element(MAIN, "text")
        body.append(said(element(MAIN, "t"), text))
        note.append(body)
        listed.append(note)
    _draw(boxes, [position(cell) for cell in notes])


def _listed(parts: Parts, sheet: str) -> tuple[Any, str]:
    """Return the list of a sheet's notes, made when it has none, and the number of the author."""
    name = next((each.target for each in parts.relations(sheet) if each.kind == "comments"), "")
    if not name:
        name = parts.free_name("xl/comments{}.xml")
        parts.put(name, parsed(f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()), _COMMENTS)
        parts.relate(sheet, "comments", name)
    root = parts.tree(name, to_change=True)
    authors = root.find(f"{{{MAIN}}}authors")
    names = [each.text for each in authors]
    if AUTHOR not in names:
        authors.append(said(element(MAIN, "author"), AUTHOR))
        names.append(AUTHOR)
    return root.find(f"{{{MAIN}}}commentList"), str(names.index(AUTHOR))


def _text(note: Any) -> str:
    """Return what a note says, in one piece or in several of different letters."""
    return "".join(piece.text or "" for piece in note.iterfind(f"{{{MAIN}}}text//{{{MAIN}}}t"))


def _boxes(parts: Parts, sheet: str) -> Any:
    """Return the drawing with the boxes of a sheet's notes, made when it has none."""
    root = parts.tree(sheet, to_change=True)
    drawn = root.find(f"{{{MAIN}}}legacyDrawing")
    if drawn is not None:
        wanted = drawn.get(f"{{{LINK}}}id")
        name = next(each.target for each in parts.relations(sheet) if each.id == wanted)
        return parts.tree(name, to_change=True)
    name = parts.free_name("xl/drawings/vmlDrawing{}.vml")
    parts.put(name, parsed(b"<xml/>"))
    parts.tell_ending("vml", _DRAWING)
    drawn = element(MAIN, "legacyDrawing")
    drawn.set(f"{{{LINK}}}id", parts.relate(sheet, "vmlDrawing", name))
    behind = next((each for each in root if each.tag.rpartition("}")[2] in _AFTER), None)
    if behind is None:
        root.append(drawn)
    else:
        behind.addprevious(drawn)
    return parts.tree(name, to_change=True)


def _draw(boxes: Any, places: list[tuple[int, int]]) -> None:
    """Draw a box for the note of each cell (row, column from 0), in place of the one that it had."""
    from openpyxl.comments.shape_writer import ShapeWriter

    writer = ShapeWriter(())
    wanted = {(str(row), str(col)) for row, col in places}
    for box in boxes.findall(_BOX):
        place = (box.findtext(f".//{_PLACE}Row"), box.findtext(f".//{_PLACE}Column"))
        if place in wanted:
            boxes.remove(box)
    if boxes.find("{urn:schemas-microsoft-com:vml}shapetype[@id='_x0000_t202']") is None:
        writer.add_comment_shapetype(boxes)
    numbers = [str(box.get("id")).rpartition("_s")[2] for box in boxes.findall(_BOX)]
    first = max((int(number) for number in numbers if number.isdigit()), default=1025) + 1
    for number, (row, col) in enumerate(places, first):
        writer.add_comment_shape(boxes, number, address(row, col), HEIGHT, WIDTH)
