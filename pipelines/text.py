"""Text as forms print it, brought to one shape. Pure functions over strings; used by every stage."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_SPACE = re.compile(r"[\s\u3000\u200b\ufeff]+")


def squeeze(text: object) -> str:
    """Return the text without any white space and private-use characters; punctuation stays as printed.

    >>> squeeze(" 农 业\\n生产　条件 ")
    '农业生产条件'
    """
    return _PRIVATE_USE.sub("", _SPACE.sub("", "" if text is None else str(text)))


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Return the text in the shape in which labels are compared: NFKC, no white space, lower case, one kind of dash.

    >>> fold("Ａ４０３ 表（年末）")
    'a403表(年末)'
    """
    return re.sub("[—–－‐―─]+", "-", unicodedata.normalize("NFKC", squeeze(text))).lower()


def column_letters(col: int) -> str:
    """Return the letters of a column counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, col: int) -> str:
    """Return the A1 style address of a cell counted from 0.

    >>> address(3, 1)
    'B4'
    """
    return f"{column_letters(col)}{row + 1}"


@lru_cache(maxsize=50_000)
def position(cell: str) -> tuple[int, int]:
    """Return (row, col) counted from 0 of an A1 style address. Raises ValueError when it is none.

    >>> position("AB10")
    (9, 27)
    """
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([1-9][0-9]*)", cell.strip().upper())
    if not match:
        raise ValueError(f"not a cell address: {cell!r}")
    col = 0
    for letter in match[1]:
        col = col * 26 + ord(letter) - 64
    return int(match[2]) - 1, col - 1
