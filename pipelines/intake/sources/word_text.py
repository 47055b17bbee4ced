"""The text of Word paragraphs and cells as a person reads it: tabs, breaks, symbols, content controls, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

_SKIPPED = {
    f"{W}{name}"
    for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tbl", "sdtPr", "commentReference", "fldData")
} | {f"{MC}Fallback"}
_BREAKS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_BOX_SYMBOLS = frozenset({"F06F", "F071", "F072", "F0A8", "F0A3", "F02A", "F0A1", "25A1", "2610"})
_TICK_SYMBOLS = frozenset({"F0FE", "F0FD", "F052", "F053", "F054", "F0A2", "2611", "2612"})
"""Wingdings and Wingdings 2 code points that are drawn as an empty or a ticked box."""


_BARE_END = re.compile(r"(?<=[^_\s：:])_+\s*$")
"""A rule behind a label without a colon is room to write as spaces are; the label stays as it is printed."""
TAB_WIDTH = 4
"""Characters that an underlined tab stands for."""


def text_of(node: etree._Element) -> str:
    """Return the text inside a paragraph or run, without text boxes, deleted text, field codes and nested tables."""
    parts: list[str] = []
    _gather(node, parts, depth=0)
    return _BARE_END.sub(lambda rule: " " * len(rule[0]), "".join(parts))


def _gather(node: etree._Element, parts: list[str], depth: int) -> None:
    for child in node:
        tag = child.tag
        if tag == f"{W}t":
            parts.append(child.text or "")
        elif tag in _BREAKS:
            parts.append(_BREAKS[tag])
        elif tag == f"{W}sym":
            parts.append(_symbol(child))
        elif tag == f"{W}fldChar":
            parts.append(_check_box(child))
        elif tag == f"{W}r" and _is_vanished(child):
            continue
        elif tag == f"{W}r" and _is_ruled(child):
            parts.append(_ruled(child))
        elif tag not in _SKIPPED and tag != f"{W}txbxContent" and depth < 200:
            _gather(child, parts, depth + 1)


def _symbol(node: etree._Element) -> str:
    code = (node.get(f"{W}char") or "").upper()
    if code in _BOX_SYMBOLS:
        return "□"
    return "☑" if code in _TICK_SYMBOLS else ""


def _check_box(node: etree._Element) -> str:
    box = node.find(f"{W}ffData/{W}checkBox")
    return "" if box is None else "□"


def _is_vanished(run: etree._Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in ("0", "false")


def _is_ruled(run: etree._Element) -> bool:
    """True for room to write that is drawn as an underlined run of spaces."""
    line = run.find(f"{W}rPr/{W}u")
    if line is None or line.get(f"{W}val", "single") == "none":
        return False
    texts = [one.text or "" for one in run.iter(f"{W}t")]
    only_text = all(child.tag in (f"{W}t", f"{W}tab", f"{W}rPr") for child in run)
    return only_text and not "".join(texts).strip()


def _ruled(run: etree._Element) -> str:
    width = 0
    for child in run:
        if child.tag == f"{W}tab":
            width += TAB_WIDTH
        elif child.tag == f"{W}t":
            width += sum(2 if character == "\u3000" else 1 for character in child.text or "")
    return "_" * width


def text_boxes(node: etree._Element) -> list[str]:
    """Return the texts of the text boxes anchored in a paragraph, one per box paragraph that says anything."""
    texts = [text_of(block) for box in _boxes(node) for block in box.iter(f"{W}p")]
    return [text for text in texts if text.strip()]


def boxed_blocks(node: etree._Element) -> list[str | etree._Element]:
    """Return what the text boxes anchored in a paragraph hold: the texts of their paragraphs, their tables."""
    found: list[str | etree._Element] = []
    for box in _boxes(node):
        for block in box.iter(f"{W}p", f"{W}tbl"):
            if next(block.iterancestors(f"{W}tbl", f"{W}txbxContent")) is not box:
                continue  # inside a table, or a box within the box
            if block.tag == f"{W}tbl":
                found.append(block)
            elif (text := text_of(block)).strip():
                found.append(text)
    return found


def _boxes(node: etree._Element) -> Iterator[etree._Element]:
    for box in node.iter(f"{W}txbxContent"):
        if any(above.tag == f"{MC}Fallback" for above in box.iterancestors()) and _has_choice(box):
            continue  # the same box once more, for old readers
        yield box


def _has_choice(box: etree._Element) -> bool:
    above = next((one for one in box.iterancestors() if one.tag == f"{MC}AlternateContent"), None)
    return above is not None and above.find(f"{MC}Choice") is not None


def choices_of(node: etree._Element) -> tuple[str, ...]:
    """Return the entries of the first drop-down (content control or form field) inside a cell."""
    for items in (node.iter(f"{W}dropDownList"), node.iter(f"{W}comboBox"), node.iter(f"{W}ddList")):
        for control in items:
            entries = [item.get(f"{W}displayText") or item.get(f"{W}value") for item in control.iter(f"{W}listItem")]
            entries += [item.get(f"{W}val") for item in control.iter(f"{W}listEntry")]
            texts = tuple(text for text in entries if text and text.strip() and not text.startswith("选择一项"))
            if texts:
                return texts
    return ()


def format_of(paragraph: etree._Element) -> tuple[int, bool, bool]:
    """Return (indentation in steps of one character, is bold, is centred) of a paragraph."""
    shape = paragraph.find(f"{W}pPr")
    indent, centred = 0.0, False
    if shape is not None:
        align = shape.find(f"{W}jc")
        centred = align is not None and align.get(f"{W}val") in ("center", "distribute")
        ind = shape.find(f"{W}ind")
        if ind is not None:
            indent = _steps(ind, "left", "leftChars") + _steps(ind, "firstLine", "firstLineChars")
            indent -= _steps(ind, "hanging", "hangingChars")
    bold = False
    for run in paragraph.iter(f"{W}r"):
        if any((one.text or "").strip() for one in run.iter(f"{W}t")):
            mark = run.find(f"{W}rPr/{W}b")
            bold = mark is not None and mark.get(f"{W}val") not in ("0", "false")
            break
    return max(round(indent), 0), bold, centred


def _steps(ind: etree._Element, plain: str, chars: str) -> float:
    for name, step in ((chars, 100), (plain, 210)):  # 210 twentieths of a point: one character of 10.5 point text
        value = ind.get(f"{W}{name}")
        if value:
            try:
                return float(value) / step
            except ValueError:
                return 0.0
    return 0.0
