"""Codes that satisfy their standards' check digits but belong to nobody."""

from __future__ import annotations

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))
_ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(area: str, birth: str, sequence: int) -> str:
    """Return an 18-digit number by GB 11643—1999 (area 6, birth YYYYMMDD, sequence: odd for men) with its check digit.

    >>> identity_number("110105", "19491231", 2)
    '11010519491231002X'
    """
    body = f"{area}{birth}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def credit_code(kind: str, area: str, serial: int) -> str:
    """Return an 18-character unified social credit code by GB 32100—2015; kind: two letters for register and class.

    The nine characters of the organisation code carry their own check character (GB 11714—1997).
    """
    organisation = f"MY{serial:06d}"
    total = sum(_ORG.index(char) * weight for char, weight in zip(organisation, _ORG_WEIGHTS, strict=True))
    body = f"{kind}{area}{organisation}{'0123456789X0'[(11 - total % 11) % 11]}"
    total = sum(_CREDIT.index(char) * weight for char, weight in zip(body, _CREDIT_WEIGHTS, strict=True))
    return body + _CREDIT[(31 - total % 31) % 31]
