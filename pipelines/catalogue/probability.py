"""The calibrated probability that two groups are one element: a logistic model whose coefficients are data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.catalogue.evidence import DIMENSIONS
from pipelines.rulebook import settings

TABLE = "catalogue_calibration"

CEILING = 0.94
"""What differs in class or scope is never nearly certain, however alike the names (免疫数量 of 牛, of one disease)."""
_ALIKE = (DIMENSIONS.index("object_equal"), DIMENSIONS.index("qualifier_overlap"))


@dataclass(frozen=True, slots=True)
class Model:
    """intercept and one weight per dimension of evidence; ask_from: pairs below are not worth a steward's minute.

    stake: how much more a question is worth for every doubling of the pairs of fields that it would join.
    """

    intercept: float
    weights: tuple[float, ...]
    ask_from: float
    stake: float


@lru_cache(maxsize=8)
def model(own: Path | None = None) -> Model:
    """Return the model of `rules/catalogue_calibration.toml`. Raises KeyError when a dimension has no weight."""
    table = settings(TABLE, own)
    weights = table["weights"]
    return Model(
        float(table["model"]["intercept"]),
        tuple(float(weights[name]) for name in DIMENSIONS),
        float(table["model"]["ask_from"]),
        float(table["model"]["stake"]),
    )


def probability(values: Sequence[float], fitted: Model) -> float:
    """Return the probability that two groups with this evidence are one element."""
    score = fitted.intercept + sum(weight * value for weight, value in zip(fitted.weights, values, strict=True))
    chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
    return chance if all(values[at] == 1 for at in _ALIKE) else min(chance, CEILING)
