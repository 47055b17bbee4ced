"""The words by which a form is read. They are data: `intake_words.csv`, `intake_units.csv`, `intake_frame.csv`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.rulebook import rows
from pipelines.text import fold


@dataclass(frozen=True, slots=True)
class Words:
    """One list of words: exact ones (folded) and patterns."""

    exact: frozenset[str]
    pattern: re.Pattern[str] | None

    def __contains__(self, text: object) -> bool:
        """True when the text, folded, is one of the words or matches one of the patterns."""
        return isinstance(text, str) and _known(self, text)


@lru_cache(maxsize=100_000)
def _known(words: Words, text: str) -> bool:
    folded = fold(text)
    return bool(folded) and (folded in words.exact or bool(words.pattern and words.pattern.search(text)))


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
