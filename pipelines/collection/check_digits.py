"""Check digits: 公民身份号码 (GB 11643—1999, ISO 7064 MOD 11-2) and 统一社会信用代码 (GB 32100—2015, mod 31)."""

from __future__ import annotations

from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_VALUE = {letter: value for value, letter in enumerate(_CREDIT_ALPHABET)}


def id_number_fault(number: str) -> str:
    """Return what is wrong with an ID number in Chinese, "" when nothing is.

    >>> id_number_fault("11010519491231002X"), id_number_fault("110105194912310021")
    ('', '校验码不对')
    """
    if len(number) != 18:
        return f"是 {len(number)} 位，应为 18 位"
    body = number[:17]
    if not (body.isascii() and body.isdigit()):
        return "前 17 位应都是数字"
    try:
        date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
    except ValueError:
        return "第 7—14 位不是一个日期"
    if id_check(body) != number[17]:
        return "校验码不对"
    return ""


def id_check(body: str) -> str:
    """Return the check character of the first 17 digits of an ID number.

    >>> id_check("11010519491231002")
    'X'
    """
    return _ID_CHECK[sum(weight * (ord(digit) - 48) for weight, digit in zip(_ID_WEIGHTS, body, strict=True)) % 11]


def credit_code_fault(code: str) -> str:
    """Return what is wrong with a unified social credit code in Chinese, "" when nothing is.

    >>> credit_code_fault("91350100M000100Y43"), credit_code_fault("91350100M000100Y44")
    ('', '校验码不对')
    """
    if len(code) != 18:
        return f"是 {len(code)} 位，应为 18 位"
    if any(letter not in _CREDIT_VALUE for letter in code):
        return "含有不允许的字符（不用 I、O、Z、S、V）"
    return "" if credit_check(code[:17]) == code[17] else "校验码不对"


def credit_check(body: str) -> str:
    """Return the check character of the first 17 characters of a unified social credit code."""
    total = sum(weight * _CREDIT_VALUE[letter] for weight, letter in zip(_CREDIT_WEIGHTS, body, strict=True))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]
