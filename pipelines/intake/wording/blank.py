"""One blank within a text, and how its label is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.vocabulary import words

COLON = re.compile(r"[：:]")
CODE_IN_LABEL = re.compile(r"^(.*?)[(（]([0-9]{1,3})[)）]$")
_CODE_BEFORE = re.compile(r"^([0-9]{1,3})(?=[^0-9.、．\s])(.+)$")


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank within a text: the path of its label, whether it is about the act of reporting, and what it takes."""

    path: tuple[str, ...]
    is_meta: bool
    options: tuple[str, ...] = ()
    code: str | None = None
    unit: str | None = None
    is_date: bool = False


def blank_of(label: str, prefix: tuple[str, ...], unit: str | None = None, is_date: bool = False) -> Blank:
    """Return the blank that a label (white space removed) asks for; a code behind it in brackets is its code."""
    code = None
    inside = CODE_IN_LABEL.match(label)
    if inside:
        label, code = inside[1], inside[2]
    mark = read_mark(label)
    is_meta = mark.text in words("meta") or mark.text in words("stamp") or mark.text in words("signature")
    return Blank((*prefix, mark.text), is_meta, code=code, unit=unit, is_date=is_date)


def code_label(label: str) -> tuple[str | None, str]:
    """Return the code before a label (30国有农场个数) and the label; no code when it has a mark or none."""
    match = _CODE_BEFORE.match(label)
    return (match[1], match[2]) if match else (None, read_mark(label).text)
