"""The words by which a form is read. They are data: `intake_words.csv`, `intake_units.csv`, `intake_frame.csv`."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.rulebook import rows
from pipelines.text import fold

MEMORY = 50_000
"""Texts whose answer a list remembers; a county's forms have some ten thousand different labels."""


class Words:
    """One list of words: exact ones (folded) and patterns. Remembers its answers: labels come back on every form."""

    __slots__ = ("_exact", "_pattern", "_seen")

    def __init__(self, exact: frozenset[str], pattern: re.Pattern[str] | None) -> None:
        """Take the folded words and the one pattern of all others."""
        self._exact = exact
        self._pattern = pattern
        self._seen: dict[object, bool] = {}

    def __contains__(self, text: object) -> bool:
        """True when the text, folded, is one of the words or matches one of the patterns."""
        found = self._seen.get(text)
        if found is None:
            if len(self._seen) > MEMORY:
                self._seen.clear()
            folded = fold(text) if isinstance(text, str) else ""
            found = bool(folded) and (folded in self._exact or bool(self._pattern and self._pattern.search(str(text))))
            self._seen[text] = found
        return found


@lru_cache
def words(name: str) -> Words:
    """Return one list of `intake_words.csv`. An unknown name gives an empty list."""
    mine = [row["word"] for row in rows("intake_words") if row["list"] == name]
    patterns = [word[1:] for word in mine if word.startswith("~")]
    exact = frozenset(fold(word) for word in mine if not word.startswith("~"))
    return Words(exact, re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None)


@lru_cache
def frame_labels() -> tuple[tuple[str, str], ...]:
    """Return (label, part) of the frame, longest label first, so that 批准文号 wins over 文号."""
    found = {(row["label"], row["part"]) for row in rows("intake_frame")}
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair)))
