"""Text boxes that float over a worksheet: titles, 表号 blocks and instructions that are in no cell."""

from __future__ import annotations

from pipelines.intake.sources.package import Package

_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def text_boxes(package: Package, part: str) -> list[str]:
    """Return the paragraphs of the text boxes of a worksheet part, in the order drawn; empty when it has none."""
    found: list[str] = []
    for relation in package.relations(part).values():
        if relation.type != "drawing" or relation.is_external or not package.has(relation.target):
            continue
        for body in package.xml(relation.target).iter("{*}txBody"):
            for paragraph in body.iter(f"{_TEXT}p"):
                text = "".join(node.text or "" for node in paragraph.iter(f"{_TEXT}t"))
                if text.strip():
                    found.append(text)
    return found
