"""Whether a workbook can be marked as it is: nothing in it starts, opens or fetches anything, and it is well-formed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipelines.collection.receiving.marking.parts import LINK, MAIN, TYPES, NotPlain, Parts, element

DANGEROUS = re.compile(
    r"\|[^!]*!|\[[^\]]*\]|\b(HYPERLINK|WEBSERVICE|FILTERXML|RTD|DDE|CALL|EXEC|REGISTER(\.ID)?|IMPORT\w*)\s*\(",
    re.IGNORECASE,
)
"""DDE (=cmd|…!A1), other files ([1]Sheet1!A1), and functions that open or fetch something."""
_INERT = frozenset(
    (
        *("officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("worksheet", "sharedStrings", "styles", "theme", "calcChain", "sheetMetadata"),
        *("comments", "vmlDrawing", "drawing", "image", "chart", "chartStyle", "chartColorStyle", "table"),
        *("printerSettings", "customXml", "customXmlProps"),
    )
)
"""Kinds of relations to parts that only hold data or looks; macros, controls, links, queries, pivots are none."""
_USUAL = re.compile(
    rb"(\xef\xbb\xbf)?(<\?xml version=.1\.0.( encoding=.UTF-8.)?( standalone=.yes.)? ?\?>)?\s*<worksheet\b",
    re.IGNORECASE,
)
"""How a sheet begins in which nothing can be written but in UTF-8, letter for letter."""
_FORMULA = tuple(begin + b"f" + end for begin in (b"<", b":") for end in (b">", b" ", b"/", b"\t", b"\n", b"\r"))
"""How a formula may begin. Plain searches: a regex takes 10 times."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, its part, its entry in the list of sheets."""

    name: str
    part: str
    entry: Any


def check_plain(parts: Parts) -> None:
    """Raise NotPlain unless the package is a workbook that can be marked and handed out as it is."""
    for rels in [name for name in parts.contents if name.endswith(".rels")]:
        folder, _, last = rels.rpartition("_rels/")
        for relation in parts.relations(folder + last.removesuffix(".rels")):
            if relation.is_outside or relation.kind not in _INERT:
                raise NotPlain(relation.kind)
            if relation.target not in parts.contents:
                raise NotPlain(f"no part {relation.target}")
    main = workbook(parts)
    if not any(
        each.get("PartName") == f"/{main}" and each.get("ContentType") == _WORKBOOK for each in parts.tree(TYPES)
    ):
        raise NotPlain("another kind of workbook")
    for relation in parts.relations(main):
        if relation.kind in ("styles", "sharedStrings"):
            parts.tree(relation.target)
    for sheet in with_formulas(parts):
        root = parts.tree(sheet.part)
        if root.tag != f"{{{MAIN}}}worksheet" or root.find(f"{{{MAIN}}}sheetData") is None:
            raise NotPlain(f"no worksheet {sheet.part}")
        for formula in root.iter(f"{{{MAIN}}}f"):
            if DANGEROUS.search(formula.text or ""):
                raise NotPlain(formula.text)


def workbook(parts: Parts) -> str:
    """Return the name of the part that lists the sheets."""
    found = [relation.target for relation in parts.relations("") if relation.kind == "officeDocument"]
    if len(found) != 1:
        raise NotPlain("no workbook")
    return found[0]


def sheets(parts: Parts) -> list[Sheet]:
    """Return the worksheets, in the order of their tabs."""
    main = workbook(parts)
    targets = {relation.id: relation.target for relation in parts.relations(main)}
    root = parts.tree(main)
    listed = root.find(f"{{{MAIN}}}sheets")
    if listed is None:
        raise NotPlain("no list of sheets")
    try:
        return [Sheet(str(each.get("name")), targets[each.get(f"{{{LINK}}}id")], each) for each in listed]
    except KeyError as error:
        raise NotPlain("a sheet without a part") from error


def with_formulas(parts: Parts) -> list[Sheet]:
    """Return the worksheets that may hold formulas; reading all as XML takes twice the time."""
    found = []
    for sheet in sheets(parts):
        content = parts.contents.get(sheet.part, b"")
        if not _USUAL.match(content) or any(mark in content for mark in _FORMULA):
            found.append(sheet)
    return found


def looks_part(parts: Parts) -> str:
    """Return the name of the part with the looks of cells."""
    found = [relation.target for relation in parts.relations(workbook(parts)) if relation.kind == "styles"]
    if len(found) != 1:
        raise NotPlain("no looks")
    return found[0]


def forget_results(parts: Parts) -> None:
    """Take the results of before from all formulas, so that every program counts anew what the clerk changes.

    One that believes the results in a file would show the cover's counts as they were when the file was sent.
    """
    has_any = False
    for sheet in with_formulas(parts):
        formulas = list(parts.tree(sheet.part).iter(f"{{{MAIN}}}f"))
        if formulas:
            has_any = True
            parts.tree(sheet.part, to_change=True)
        for formula in formulas:
            cell = formula.getparent()
            for value in cell.findall(f"{{{MAIN}}}v"):
                cell.remove(value)
            cell.attrib.pop("t", None)
    if has_any:
        _count_when_opened(parts.tree(workbook(parts), to_change=True))


def _count_when_opened(root: Any) -> None:
    counting = root.find(f"{{{MAIN}}}calcPr")
    if counting is None:
        counting = element(MAIN, "calcPr")
        before = root.find(f"{{{MAIN}}}definedNames")
        (root.find(f"{{{MAIN}}}sheets") if before is None else before).addnext(counting)
    counting.set("fullCalcOnLoad", "1")
