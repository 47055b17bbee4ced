"""Text as workbooks hold it (ECMA-376 part 1, 22.9.2.19 ST_Xstring)."""

from __future__ import annotations

import re
from typing import Any

MOST_LETTERS = 32_767
"""What a cell and a note can hold."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def said(node: Any, text: str) -> Any:
    """Give an element a text, letter for letter but for what XML forbids; return it."""
    node.text = _ESCAPED.sub("_x005F_", _ILLEGAL.sub("", text))[:MOST_LETTERS]
    node.set(_SPACE, "preserve")
    return node
