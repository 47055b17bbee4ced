"""A refusal on its way from where it is decided to where it is logged."""

from __future__ import annotations

import re

from schemas.faults import Finding


class Refusal(Exception):
    """Nothing leaves; finding says why. Its text holds no value of the data."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def shown(text: str) -> str:
    """Return what somebody typed, fit for a log or a message: one line, at most 80 characters.

    >>> shown("民政局\\n\\x00核对")
    '民政局  核对'
    """
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", text)[:80]
