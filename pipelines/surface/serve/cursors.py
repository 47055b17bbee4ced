"""Marks for turning pages: a page of the same version, for the same department, view and conditions, and no other."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence

from pipelines.sharing.refusal import Refusal
from schemas.faults.sharing import CURSOR_UNKNOWN

_FORM = re.compile(r"(v[0-9a-zA-Z]{1,40})\.(\d{1,15})\.([0-9a-f]{32})")


def sealed(key: str, version: str, start: int, conditions: Sequence[str]) -> str:
    """Return the mark of the page that begins at row `start`.

    key: known to the server alone; conditions: what was asked for besides.
    """
    text = f"{version}.{start}.{_seal(key, version, start, conditions)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def opened(key: str, mark: str, conditions: Sequence[str]) -> tuple[str, int]:
    """Return (version, first row). Raises Refusal for a mark that was not made with this key for these conditions.

    >>> opened("k", sealed("k", "v1", 2000, ["MZ01_1"]), ["MZ01_1"])
    ('v1', 2000)
    """
    try:
        text = base64.urlsafe_b64decode(mark.encode("ascii") + b"=" * (-len(mark) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise Refusal(CURSOR_UNKNOWN.at()) from error
    found = _FORM.fullmatch(text)
    if not found or not hmac.compare_digest(found[3], _seal(key, found[1], int(found[2]), conditions)):
        raise Refusal(CURSOR_UNKNOWN.at())
    return found[1], int(found[2])


def _seal(key: str, version: str, start: int, conditions: Sequence[str]) -> str:
    text = "\0".join([version, str(start), *conditions])
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
