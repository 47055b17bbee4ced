"""Chance that is the same every time: every choice is a hash of what it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
SEED = "元谋县-2025"
TODAY = dt.date(2025, 12, 31)


def number(*about: object) -> int:
    """Return a number of 64 bits that depends only on what it is about."""
    text = "\0".join(map(str, about))
    return int.from_bytes(blake2b(text.encode(), digest_size=8, key=SEED.encode()).digest(), "big")


def share(*about: object) -> float:
    """Return a number in [0, 1)."""
    return number(*about) / 2**64


def between(low: int, high: int, *about: object) -> int:
    """Return a whole number from low to high, both included."""
    return low + number(*about) % (high - low + 1)


def pick(items: Sequence[T], *about: object) -> T:
    """Return one of the items; items near the front are no likelier than others."""
    return items[number(*about) % len(items)]


def day(first: dt.date, last: dt.date, *about: object) -> str:
    """Return a day from first to last as YYYY-MM-DD."""
    return str(first + dt.timedelta(days=number(*about) % max((last - first).days + 1, 1)))
