"""Texts of a workbook: shared strings and rich text, without phonetic guides."""

from __future__ import annotations

import re

from lxml import etree

from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.package import BROKEN, Package, parse
from schemas.faults import intake as faults

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = 4 * 1024 * 1024
"""Tables of strings up to this size are parsed at once; larger ones are streamed up to the last string needed."""


def shared_strings(package: Package, part: str | None, last: int) -> list[str]:
    """Return the shared strings up to number `last`; fewer when the table is shorter."""
    if last < 0 or part is None or not package.has(part):
        return []
    if package.size(part) <= _WHOLE:
        root = parse(package.read(part), package.file, part)
        ns = root.tag[: root.tag.find("}") + 1]
        return [rich_text(node, ns) for node in root.iterchildren(f"{ns}si")]
    return _streamed(package, part, last)


def _streamed(package: Package, part: str, last: int) -> list[str]:
    found: list[str] = []
    most = limit("sheet", "cells") * 4
    try:
        with package.archive.open(package.names[part.lower()]) as handle:
            for _, node in etree.iterparse(handle, tag="{*}si", resolve_entities=False, no_network=True):
                found.append(rich_text(node, node.tag[: node.tag.find("}") + 1]))
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
                if len(found) > min(last, most):
                    break
    except (etree.XMLSyntaxError, *BROKEN) as error:
        raise Unreadable(faults.DAMAGED.at(file=package.file, why=f"部件“{part}”不完整")) from error
    return found


def rich_text(node: etree._Element, ns: str) -> str:
    """Return the text of an `si` or `is` element."""
    if len(node) == 1 and node[0].tag == f"{ns}t":
        text = node[0].text or ""
    else:
        parts = []
        for child in node:
            if child.tag == f"{ns}t":
                parts.append(child.text or "")
            elif child.tag == f"{ns}r":
                parts += [piece.text or "" for piece in child.iterchildren(f"{ns}t")]
        text = "".join(parts)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
