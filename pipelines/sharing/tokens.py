"""Tokens by which departments are known to the HTTP interface: kept as hashes, each with an end, each revocable.

The table is append-only: an issue is a row, a revocation is another. A token has 256 random bits, so that one SHA-256
of it is enough to keep.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.sharing.refusal import Refusal
from schemas.faults import sharing as faults

TABLE = "tokens"
COLUMNS = ("token_id", "event", "department_name", "token_hash", "valid_until", "at", "by", "reason")
ISSUED, REVOKED = "签发", "吊销"
_PREFIX = "of_"


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept. revoked_at is empty while it holds."""

    token_id: str
    department_name: str
    token_hash: str
    valid_until: str
    issued_at: str
    revoked_at: str = ""


def issue(
    token_id: str, department: str, valid_until: str, at: str, by: str, reason: str
) -> tuple[str, dict[str, str]]:
    """Return (the token, shown once to the department, its row)."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    values = (token_id, ISSUED, department, hash_of(secret), valid_until, at, by, reason)
    return secret, dict(zip(COLUMNS, values, strict=True))


def revocation(token_id: str, at: str, by: str, reason: str) -> dict[str, str]:
    """Return the row that ends a token."""
    return dict(zip(COLUMNS, (token_id, REVOKED, "", "", "", at, by, reason), strict=True))


def hash_of(secret: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens(rows: Iterable[Mapping[str, str]]) -> dict[str, Token]:
    """Return the tokens by their hash, from the rows of the table in order."""
    found: dict[str, Token] = {}
    for row in rows:
        if row["event"] == ISSUED:
            found[row["token_id"]] = Token(
                row["token_id"], row["department_name"], row["token_hash"], row["valid_until"], row["at"]
            )
        elif row["token_id"] in found:
            old = found[row["token_id"]]
            found[row["token_id"]] = Token(
                old.token_id, old.department_name, old.token_hash, old.valid_until, old.issued_at, row["at"]
            )
    return {token.token_hash: token for token in found.values()}


def recognised(known: Mapping[str, Token], secret: str, on: str) -> Token:
    """Return whose token it is. on: the day, YYYY-MM-DD. Raises Refusal for one that is unknown, revoked or over."""
    token = known.get(hash_of(secret)) if secret.isascii() else None
    if token is None:
        raise Refusal(faults.TOKEN_UNKNOWN.at())
    if token.revoked_at:
        raise Refusal(faults.TOKEN_REVOKED.at(at=token.revoked_at[:10]))
    if on > token.valid_until:
        raise Refusal(faults.TOKEN_EXPIRED.at(end=token.valid_until))
    return token
