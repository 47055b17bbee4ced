"""What a township is asked beside its ledgers, as the sheets show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ANSWER, VALUE = "ANSWER", "VALUE"
"""Columns of the sheets that are read: the drop-down, and the corrected value."""
CONFIRMED, CORRECTED = "原数无误", "已更正"
OUTCOMES = (CONFIRMED, CORRECTED)
"""What a township answers to a doubt."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A correction request as the clerk reads it. who: subject or area; period: in words, "" for subjects."""

    request_id: str
    department: str
    raised_on: str
    due: str
    who: str
    title: str
    period: str
    value: str
    suggested: str
    reason: str
    place: tuple[str, str, str]
    """(ledger, subject_key, element_id): the cell that is marked."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A possible duplicate as the clerk reads it: each side is (area, name, key)."""

    pair_id: str
    ledger_title: str
    left: tuple[str, str, str]
    right: tuple[str, str, str]
    reasons: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """What a township is asked beside its ledgers."""

    doubts: tuple[Doubt, ...] = ()
    pairs: tuple[Pair, ...] = ()

    @property
    def marks(self) -> Mapping[tuple[str, str, str], str]:
        """(ledger, subject_key, element_id) → what is doubted, as a comment on the cell."""
        found: dict[tuple[str, str, str], str] = {}
        for doubt in self.doubts:
            said = f"核实请求（{doubt.department}）：{doubt.period}{doubt.reason}。请在“核实请求”表里答复。"
            found[doubt.place] = "\n".join(text for text in (found.get(doubt.place), said) if text)
        return found


NO_QUESTIONS = Questions()
