"""Loads a snapshot into PostgreSQL for departments with tools of their own: beside the old one, then swapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.sharing import postgres as texts
from pipelines.sharing.postgres import LOG, OWNER, Permit
from pipelines.sharing.snapshot_reader import SnapshotReader
from pipelines.sharing.views.rendering import name
from pipelines.sharing.views.view import AREA, PERIOD

if TYPE_CHECKING:
    import psycopg

KEPT = 2
"""Versions that stay in the database: the current one, and the one before for readers who are still at it."""
OTHERS = "（小数隐去）"
"""Suffix of a statistical table as other departments see it: small counts are empty."""
_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was published: the version, roles that can now read, views over all of them, rows, cells hidden."""

    version: str
    roles: tuple[str, ...]
    view_count: int
    row_count: int


def publish_to_postgres(
    url: str, snapshot: Path, grants: Sequence[Mapping[str, Any]], own: Path | None = None
) -> Loaded:
    """Load a snapshot and open it to the departments' roles; nobody is blocked, and nobody sees half of it.

    url: of a role that may create roles and schemas; no superuser is needed. grants: trusted rows of Grants. New roles
    can log in, but have no password until an administrator gives them one. The same snapshot may be published again,
    for instance when grants have changed. Raises psycopg.Error with the edition before still in place.
    """
    import psycopg

    reader = SnapshotReader(snapshot)
    contracts = [reader.contract(row["view_name"]) for row in reader.catalogue]
    given = texts.permits(contracts, grants, reader.county, reader.facts.get("legal_basis", {}))
    departments = sorted({department for department, _ in given})
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(hashtext('oneform share'))")  # one publisher at a time
        with link.transaction():
            _roles(link, [OWNER], "NOLOGIN")
            _roles(link, [texts.role_of(department) for department in departments], "LOGIN")
            for statement in texts.log_sql():
                link.execute(statement.encode())
            edition = _number(link, reader.version)
            count = _load(link, reader, contracts, given, edition, own)
            _record(link, edition, given)
        with link.transaction():
            _swap(link, edition, departments)
        _drop_old(link, edition)
    roles = tuple(texts.role_of(department) for department in departments)
    return Loaded(reader.version, roles, len(given), count)


def _roles(link: psycopg.Connection[Any], roles: Sequence[str], kind: str) -> None:
    known = {row[0] for row in link.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in roles:
        if role not in known:
            link.execute(f"CREATE ROLE {name(role)} {kind} NOINHERIT".encode())
    me = link.execute("SELECT current_user").fetchone()
    if OWNER in roles and me:
        link.execute(f"GRANT {OWNER} TO {name(me[0])}".encode())


def _load(
    link: psycopg.Connection[Any],
    reader: SnapshotReader,
    contracts: Sequence[Mapping[str, Any]],
    given: Mapping[tuple[str, str], Sequence[Permit]],
    edition: int,
    own: Path | None,
) -> int:
    """Make the edition's tables, policies and views, under names that nobody looks for yet; return the rows loaded."""
    data = _data_schema(edition)
    link.execute(f"CREATE SCHEMA {name(data)}".encode())
    link.execute(f"GRANT USAGE ON SCHEMA {name(data)} TO {OWNER}".encode())
    for department in sorted({department for department, _ in given}):
        schema = _aside(department, edition)
        link.execute(f"CREATE SCHEMA {name(schema)}".encode())
        link.execute(f"GRANT CREATE, USAGE ON SCHEMA {name(schema)} TO {OWNER}".encode())
        link.execute(f"GRANT USAGE ON SCHEMA {name(schema)} TO {name(texts.role_of(department))}".encode())
        link.execute(f"GRANT USAGE ON SCHEMA {LOG} TO {name(texts.role_of(department))}".encode())
        execute = f"GRANT EXECUTE ON FUNCTION {LOG}.opened(text, text) TO {name(texts.role_of(department))}"
        link.execute(execute.encode())
    rows = 0
    for made in contracts:
        view = str(made["id"])
        readers = {department: mine for (department, one), mine in given.items() if one == view}
        frame = pl.read_parquet(reader.rows(view).path)
        types = {column: str(kind) for column, kind in frame.schema.items()}
        hidden = reader.hidden(view)
        for is_own in (True, False):
            mine = {d: p for d, p in readers.items() if (d == made["tenant"] or not hidden) == is_own}
            if not mine:
                continue
            table = texts.identifier(view if is_own else view + OTHERS)
            for statement in texts.table_sql(data, table, types):
                link.execute(statement.encode())
            _copy(link, f"{name(data)}.{name(table)}", frame if is_own else _without(frame, hidden))
            link.execute(f"CREATE INDEX ON {name(data)}.{name(table)} ({name(AREA)} text_pattern_ops)".encode())
            rows += frame.height
            for department, permits in mine.items():
                link.execute(texts.policy_sql(data, table, department, permits).encode())
                schema, role = _aside(department, edition), texts.role_of(department)
                for statement in texts.view_sql(schema, data, table, made, types, permits, role, own):
                    link.execute(statement.encode())
    return rows


def _copy(link: psycopg.Connection[Any], place: str, frame: pl.DataFrame) -> None:
    with link.cursor().copy(f"COPY {place} FROM STDIN (FORMAT csv, NULL '\\N')".encode()) as copy:
        for part in frame.iter_slices(_BATCH):
            text = part.write_csv(include_header=False, null_value="\\N", quote_style="non_numeric")
            copy.write(text.encode())


def _without(frame: pl.DataFrame, hidden: Mapping[str, set[tuple[str, str]]]) -> pl.DataFrame:
    keys = list(zip(frame[AREA], frame[PERIOD], strict=True))
    return frame.with_columns(
        pl.when(pl.Series([key not in cells for key in keys], dtype=pl.Boolean)).then(pl.col(column)).alias(column)
        for column, cells in hidden.items()
    )


def _record(link: psycopg.Connection[Any], edition: int, given: Mapping[tuple[str, str], Sequence[Permit]]) -> None:
    """Write down which grants the edition was opened on: purpose, basis and expiry, for whoever asks the database."""
    rows = [
        (
            *(edition, permit.grant["grant_id"], department, view),
            *("；".join(permit.columns), "；".join(sorted(permit.masked))),
            *(permit.grant[key] for key in ("area_code", "purpose", "legal_basis", "valid_from", "valid_until")),
        )
        for (department, view), permits in sorted(given.items())
        for permit in permits
    ]
    with link.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {LOG}.grants VALUES ({', '.join(['%s'] * 11)})".encode(), rows)


def _number(link: psycopg.Connection[Any], version: str) -> int:
    found = link.execute(f"INSERT INTO {LOG}.editions (version) VALUES (%s) RETURNING edition".encode(), (version,))
    return int(found.fetchall()[0][0])


def _swap(link: psycopg.Connection[Any], edition: int, departments: Sequence[str]) -> None:
    """Give the edition's schemas the names that departments use.

    A schema's name is all that changes, so no running query is disturbed and none waits; who looks a view up before the
    commit finds the old one, who looks it up after it the new one. A department without a grant is left without schema.
    """
    query = f"SELECT edition, department_name FROM {LOG}.schemas WHERE is_current".encode()
    for before, department in link.execute(query).fetchall():
        old, aside = texts.identifier(department), _aside(department, before)
        link.execute(f"ALTER SCHEMA {name(old)} RENAME TO {name(aside)}".encode())
    link.execute(f"UPDATE {LOG}.schemas SET is_current = false WHERE is_current".encode())
    for department in departments:
        aside, schema = _aside(department, edition), texts.identifier(department)
        link.execute(f"ALTER SCHEMA {name(aside)} RENAME TO {name(schema)}".encode())
        link.execute(f"INSERT INTO {LOG}.schemas VALUES (%s, %s, true)".encode(), (edition, department))


def _drop_old(link: psycopg.Connection[Any], edition: int) -> None:
    """Drop editions that nobody needs; one that a long query still reads stays until the next publication."""
    import psycopg

    link.execute("SET lock_timeout = '5s'")
    query = f"SELECT edition FROM {LOG}.editions WHERE NOT is_dropped AND edition <= %s ORDER BY edition".encode()
    for (old,) in link.execute(query, (edition - KEPT,)).fetchall():
        mine = f"SELECT department_name FROM {LOG}.schemas WHERE edition = %s AND NOT is_current".encode()
        try:
            with link.transaction():
                for (department,) in link.execute(mine, (old,)).fetchall():
                    link.execute(f"DROP SCHEMA IF EXISTS {name(_aside(department, old))} CASCADE".encode())
                link.execute(f"DROP SCHEMA IF EXISTS {name(_data_schema(old))} CASCADE".encode())
                link.execute(f"UPDATE {LOG}.editions SET is_dropped = true WHERE edition = %s".encode(), (old,))
        except psycopg.errors.LockNotAvailable:
            continue


def _data_schema(edition: int) -> str:
    return f"share_data_{edition}"


def _aside(department: str, edition: int) -> str:
    return texts.identifier(f"share_{edition}_{department}")
