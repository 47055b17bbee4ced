"""Labels alone in their lines on a cover or in text boxes, with a drawn line or nothing behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.intake.wording.frame import is_note
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

_LABEL = re.compile(r"^[\u4e00-\u9fff]{2,8}(?:[(（][\u4e00-\u9fff]{1,6}[)）][\u4e00-\u9fff]{0,4})?$")
_HEADED = re.compile(r"^[0-9\u4e00-\u9fff（）()]{2,14}[：:]$")
"""A label with a colon and nothing behind it."""
_WIDE = re.compile(r"(?:[ \u3000\u00a0]{6,}|\t\s*)$")
FEWEST = 3
"""Labels one under the other that make a list of them; fewer may be any short lines."""
KNOWN = 2 / 3
"""Share of a list's labels that forms are known to ask for."""


def with_colons(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (place, text) lines; labels alone in their lines get the colon and the room that are drawn or left out.

    A list of labels is three or more; one label counts by itself when its line goes on with room to write.
    """
    listed: set[int] = set()
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_label(lines[end][1]):
            end += 1
        known = [number for number in range(start, end) if _is_known(lines[number][1])]
        if end - start >= FEWEST and len(known) >= KNOWN * (end - start):
            listed |= set(range(start, end))
        listed |= {number for number in known if _WIDE.search(lines[number][1])}
        start = end + 1
    headed = _headed(lines)
    ends = ["：____" if n in listed else "____" if n in headed else None for n in range(len(lines))]
    return [(place, raw if end is None else raw.rstrip() + end) for (place, raw), end in zip(lines, ends, strict=True)]


def _headed(lines: Sequence[tuple[str, str]]) -> set[int]:
    """Return the numbers of lines in a list of labels with colons: one “某某：” by itself may be who is addressed."""
    found: set[int] = set()
    run: list[int] = []
    for number, (_, raw) in enumerate(lines):
        text = squeeze(raw)
        run = [*run, number] if _HEADED.match(text) and not is_note(text) else []
        found |= set(run) if len(run) >= FEWEST else set()
    return found


def _is_label(raw: str) -> bool:
    text = squeeze(raw)
    return bool(_LABEL.match(text)) and not is_note(text) and text != "年月日" and text not in words("form_word")


def _is_known(raw: str) -> bool:
    text = squeeze(raw)
    return text in words("answered_label") or text in words("blank_label")
