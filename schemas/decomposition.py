"""How one field was taken apart: object class + property + qualifiers + representation (GB/T 18391.1)."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Literal

Temporal = Literal["stock", "flow", "none"]
"""时点数 / 时期数 / 与时间无关: decides how months roll up to quarters, and vetoes a match."""

FieldRole = Literal["fill", "derived", "serial", "meta", "decor"]
"""fill: to be filled; derived: computable in the same form; serial: 序号; meta: about reporting; decor: a heading."""


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The parts of one field. Two fields are one data element when `element_key` agrees.

    subject: the object class that one row, or the whole card, is about; object_class: of which the value is a
    property. qualifiers: sorted, each narrows the property; what the form leaves open stays open. reasons: Chinese.
    """

    role: FieldRole
    object_class: str
    property: str
    qualifiers: tuple[str, ...]
    unit: str
    temporal: Temporal
    data_type: str
    subject: str
    confidence: float
    reasons: tuple[str, ...] = ()

    @builtins.property
    def element_key(self) -> str:
        """Return the canonical key, e.g. "行政区域.人数[60岁及以上；女]"."""
        inner = "；".join(self.qualifiers)
        return f"{self.object_class}.{self.property}" + (f"[{inner}]" if inner else "")
