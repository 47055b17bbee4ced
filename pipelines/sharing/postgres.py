"""A snapshot for PostgreSQL as SQL text: tables, row-level security and one view per department and share view.

Everything is derived from the grants by asking `policy.decide` about each single grant: which columns it gives, which
of them masked. A row's policy and a cell's CASE then only ask which grants hold for the row's area, today, and the
stated purpose (`SET oneform.purpose`). Departments reach the views alone; they belong to the plain role `share_owner`,
for whom row-level security counts (a view of a superuser, or of the owner of the tables, would see every row), and the
policies look at `session_user`, which no SET ROLE changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.sharing.granted import offer
from pipelines.sharing.masking import mask_ends
from pipelines.sharing.policy import ALL, Offer, Request, decide, own_report_grants, purpose_parts, standing
from pipelines.sharing.report_files import area_stem
from pipelines.sharing.views.rendering import name, quote
from pipelines.sharing.views.view import AREA, PERIOD, SUBJECT

OWNER = "share_owner"
LOG = "share_log"
LONGEST = 63
"""Bytes of a name in PostgreSQL; it would cut longer ones without a word."""
_TYPES = {"String": "text", "Int64": "bigint", "Float64": "double precision", "Boolean": "boolean", "Date": "date"}
_TODAY = "to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
_PURPOSE = "regexp_replace(coalesce(current_setting('oneform.purpose', true), ''), '[[:space:]\u3000\u00a0]', '', 'g')"


@dataclass(frozen=True, slots=True)
class Permit:
    """What one grant gives of one view: columns in the view's order, those of them that leave masked, and when."""

    grant: Mapping[str, Any]
    columns: tuple[str, ...]
    masked: frozenset[str]


def permits(
    contracts: Sequence[Mapping[str, Any]],
    grants: Sequence[Mapping[str, Any]],
    county: str,
    basis: Mapping[str, str],
) -> dict[tuple[str, str], list[Permit]]:
    """Return (department, view) → what each grant gives, for every pair that any grant gives something.

    grants: trusted rows of Grants; a department's standing right to its own report is added as on every path.
    """
    offers = {made["id"]: offer(made) for made in contracts}
    every = [*grants, *own_report_grants(standing(grants, list(offers.values())), county, basis)]
    found: dict[tuple[str, str], list[Permit]] = {}
    for grant in every:
        for view, one in offers.items():
            decision = decide([grant], _asked(grant, one), one)
            if decision.is_allowed:
                permit = Permit(grant, decision.columns, decision.masked)
                found.setdefault((grant["department_name"], view), []).append(permit)
    return found


def holds(permit: Permit, alias: str) -> str:
    """Return the SQL of: this grant holds for the row of this alias, today, for the stated purpose."""
    grant = permit.grant
    stem = area_stem(grant["area_code"])
    conditions = [
        f"{_TODAY} BETWEEN {quote(grant['valid_from'])} AND {quote(grant['valid_until'])}",
        f"{alias}.{name(AREA)} ~ '^[0-9]{{12}}$'",
        f"left({alias}.{name(AREA)}, {len(stem)}) = {quote(stem)}",
    ]
    if grant["purpose"] == ALL:
        conditions.append(f"{_PURPOSE} <> ''")
    else:
        stated = ", ".join(quote(part) for part in sorted(purpose_parts(grant["purpose"])))
        conditions.append(f"{_PURPOSE} IN ({stated})")
    return "(" + " AND ".join(conditions) + ")"


def table_sql(schema: str, table: str, types: Mapping[str, str]) -> list[str]:
    """Return the statements that make a table of a view's rows, closed to everybody. types: column → polars type."""
    place = f"{name(schema)}.{name(table)}"
    short = identifiers(types)
    columns = ", ".join(f"{name(short[column])} {sql_type(kind)}" for column, kind in types.items())
    return [
        f"CREATE TABLE {place} ({columns})",
        f"ALTER TABLE {place} ENABLE ROW LEVEL SECURITY",
        f"REVOKE ALL ON {place} FROM PUBLIC",
        f"GRANT SELECT ON {place} TO {OWNER}",
    ]


def policy_sql(schema: str, table: str, department: str, given: Sequence[Permit]) -> str:
    """Return the statement that lets a department's role see the rows for which one of its grants holds."""
    rows = " OR ".join(holds(permit, name(table)) for permit in given)
    return (
        f"CREATE POLICY {name(identifier(department))} ON {name(schema)}.{name(table)} FOR SELECT TO {OWNER}\n"
        f"USING (session_user = {quote(role_of(department))} AND ({rows}))"
    )


def view_sql(
    schema: str,
    data: str,
    table: str,
    made: Mapping[str, Any],
    types: Mapping[str, str],
    given: Sequence[Permit],
    role: str,
    own: Path | None = None,
) -> list[str]:
    """Return the statements that make a department's view of a share view and open its columns to the role.

    A cell is its value where a grant gives it unmasked, its mask where one gives it masked, and empty otherwise.
    """
    short = identifiers(types)
    labels = {column["name"]: column["property"] for column in made["columns"]}
    columns = [column for column in types if any(column in permit.columns for permit in given)]
    cells = [
        f"  {_cell(column, short[column], types[column], labels.get(column, ''), given, own)} AS {name(short[column])}"
        for column in columns
    ]
    place = f"{name(schema)}.{name(identifier(made['id']))}"
    opened = f"(SELECT {LOG}.opened({quote(made['id'])}, {quote(made.get('version', ''))}) AS is_open OFFSET 0)"
    sort = ", ".join(f"t.{name(key)}" for key in (AREA, SUBJECT, PERIOD))
    return [
        f"CREATE VIEW {place} WITH (security_barrier) AS SELECT\n"
        + ",\n".join(cells)
        + f"\nFROM {opened} o JOIN {name(data)}.{name(table)} t ON o.is_open\nORDER BY {sort}",
        f"ALTER VIEW {place} OWNER TO {OWNER}",
        f"REVOKE ALL ON {place} FROM PUBLIC",
        f"GRANT SELECT ({', '.join(name(short[column]) for column in columns)}) ON {place} TO {name(role)}",
        f"COMMENT ON VIEW {place} IS {quote(made['name'])}",
        *(
            f"COMMENT ON COLUMN {place}.{name(short[column])} IS {quote(column)}"
            for column in columns
            if short[column] != column
        ),
    ]


def log_sql() -> list[str]:
    """Return the statements that make the log: every opening of a view, in a table and in the server's own log.

    The server's log has it also when the transaction is rolled back. Without a purpose nothing is opened.
    """
    return [
        f"CREATE SCHEMA IF NOT EXISTS {LOG}",
        f"CREATE TABLE IF NOT EXISTS {LOG}.access (entry_no bigint GENERATED ALWAYS AS IDENTITY,"
        " at timestamptz NOT NULL DEFAULT clock_timestamp(), role_name text NOT NULL, view_name text NOT NULL,"
        " view_version text NOT NULL, purpose text NOT NULL, client text)",
        f"CREATE TABLE IF NOT EXISTS {LOG}.editions (edition integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " version text NOT NULL, at timestamptz NOT NULL DEFAULT now(), is_dropped boolean NOT NULL DEFAULT false)",
        f"CREATE TABLE IF NOT EXISTS {LOG}.schemas (edition integer NOT NULL, department_name text NOT NULL,"
        " is_current boolean NOT NULL)",
        f"CREATE TABLE IF NOT EXISTS {LOG}.grants (edition integer, grant_id text, department_name text,"
        " view_name text, column_names text, masked text, area_code text, purpose text, legal_basis text,"
        " valid_from text, valid_until text)",
        f"""CREATE OR REPLACE FUNCTION {LOG}.opened(view_name text, view_version text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE purpose text := left(coalesce(current_setting('oneform.purpose', true), ''), 200);
BEGIN
  RAISE LOG 'oneform: % opens % % for %', session_user, view_name, view_version, quote_literal(purpose);
  IF btrim(purpose) = '' THEN
    RAISE EXCEPTION 'OF-412 调取数据必须写明用途：SET oneform.purpose = ''…''';
  END IF;
  IF current_setting('transaction_read_only') = 'off' THEN
    INSERT INTO {LOG}.access (role_name, view_name, view_version, purpose, client)
    VALUES (session_user, view_name, view_version, purpose, inet_client_addr()::text);
  END IF;
  RETURN true;
END $body$""",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {LOG} FROM PUBLIC",
        f"REVOKE ALL ON FUNCTION {LOG}.opened(text, text) FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {LOG} TO {OWNER}",
        f"GRANT EXECUTE ON FUNCTION {LOG}.opened(text, text) TO {OWNER}",
    ]


def role_of(department: str) -> str:
    """Return the role of a department.

    >>> role_of("县民政局")
    'dept_县民政局'
    """
    return identifier(f"dept_{department}")


def identifier(text: str) -> str:
    """Return a text as a name that PostgreSQL keeps whole; a longer one is cut and marked. Raises ValueError for NUL.

    >>> identifier("姓名"), len(identifier("很长的名称" * 9).encode()) <= LONGEST
    ('姓名', True)
    """
    if "\0" in text:
        raise ValueError("a name with a NUL")
    if len(text.encode()) <= LONGEST:
        return text
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return text.encode()[: LONGEST - 9].decode(errors="ignore") + "_" + mark


def identifiers(columns: Mapping[str, Any]) -> dict[str, str]:
    """Return column → its name in PostgreSQL."""
    return {column: identifier(column) for column in columns}


def sql_type(kind: str) -> str:
    """Return the type of a column in PostgreSQL. kind: its polars type as text."""
    return "numeric" if kind.startswith("Decimal") else _TYPES.get(kind, "text")


def _cell(column: str, short: str, kind: str, label: str, given: Sequence[Permit], own: Path | None) -> str:
    value = f"t.{name(short)}"
    clear = [holds(p, "t") for p in given if column in p.columns and column not in p.masked]
    masked = [holds(p, "t") for p in given if column in p.columns and column in p.masked]
    text = "CASE"
    if clear:
        text += f" WHEN {' OR '.join(clear)} THEN {value}"
    if masked and sql_type(kind) == "text":
        text += f" WHEN {' OR '.join(masked)} THEN {_mask(value, *mask_ends(label, own))}"
    return text + " END" if text != "CASE" else f"CAST(NULL AS {sql_type(kind)})"


def _mask(value: str, head: int, tail: int) -> str:
    stars = f"repeat('*', length({value}) - {head + tail})"
    return (
        f"CASE WHEN length({value}) > {head + tail} THEN left({value}, {head}) || {stars} || right({value}, {tail})"
        f" ELSE repeat('*', length({value})) END"
    )


def _asked(grant: Mapping[str, Any], one: Offer) -> Request:
    """Return the request that a grant, if it gives anything of a view at all, allows."""
    return Request(grant["department_name"], one.view_name, grant["purpose"], grant["area_code"], grant["valid_from"])
