"""The list of household members inside a card (家庭成员), as a view of its own: a row per member of the household."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.rulebook import rows as rule_rows
from pipelines.sharing.views.columns import column, column_names
from pipelines.sharing.views.rendering import name
from pipelines.sharing.views.sources import BASE, Joins, Shelf
from pipelines.sharing.views.statement import population_of, selected_lines
from pipelines.sharing.views.view import AREA, PERIOD, SUBJECT, Column
from pipelines.text import position, squeeze
from schemas.templates import PATH_SEPARATOR

SUFFIX = "成员"
HEAD = "s"
"""Alias of whom the card is about: the household, or one of its members."""
PERSON, HOUSEHOLD = "person", "household"
_KEY, _HEAD_ID, _ID, _NAME = "户.户编号", "户.户主公民身份号码", "自然人.公民身份号码", "自然人.姓名"
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")
_OF_ONE_FORM = re.compile(r"｛.*｝$")


def member_fields(
    fields: Sequence[Mapping[str, Any]],
    mapping: Mapping[str, Mapping[str, Any]],
    elements: Mapping[str, Mapping[str, Any]],
    ledger: str,
    place: Shelf,
) -> list[tuple[Mapping[str, Any], str]]:
    """Return (field, element id of the member or "") of a card's list of members; empty when it has none.

    Such a list is a row of blanks straight under their labels, one of which is a person's name; the card must be about
    a household or a person, and the ledger of persons must know households. fields: rows of ReportFields.
    """
    if ledger not in (PERSON, HOUSEHOLD) or place.by_key.get(_KEY, "") not in place.types.get(PERSON, {}):
        return []
    under: dict[int, list[Mapping[str, Any]]] = {}
    for row in fields:
        label, cell = row["label_cell"] or "", row["cell"] or ""
        if row["inline"] is None and _ADDRESS.fullmatch(label) and _ADDRESS.fullmatch(cell):
            (above, left), (at, col) = position(label), position(cell)
            if above == at - 1 and left == col:
                under.setdefault(at, []).append(row)
    for block in under.values():
        found = [(row, _element(row, mapping, elements, ledger, place)) for row in block]
        if len(block) > 1 and place.by_key.get(_NAME) in [element_id for _, element_id in found]:
            return found
    return []


def member_columns(
    block: Sequence[tuple[Mapping[str, Any], str]],
    mapping: Mapping[str, Mapping[str, Any]],
    elements: Mapping[str, Mapping[str, Any]],
    place: Shelf,
    joins: Joins,
) -> tuple[Column, ...]:
    """Return the columns of the list, over the ledger of persons."""
    names = column_names([row["path"].split(PATH_SEPARATOR)[-1] for row, _ in block])
    return tuple(
        column(
            row,
            label,
            {**mapping.get(row["field_id"], {"rule": "", "reason": ""}), "element_id": element_id},
            elements,
            joins,
            {},
            place,
        )
        for (row, element_id), label in zip(block, names, strict=True)
    )


def member_statement(
    view_name: str,
    report: Mapping[str, Any],
    columns: Sequence[Column],
    ledger: str,
    joins: Joins,
    population: Mapping[str, Any] | None,
    place: Shelf,
) -> Iterator[str]:
    """Yield the lines of the SQL: members of the household of every subject of the card, the head of it first.

    A card of one person lists the others of the household.
    """
    key = name(place.by_key[_KEY])
    head = f"{HEAD}.{name(place.by_key[_HEAD_ID])}" if place.by_key.get(_HEAD_ID) in place.types[ledger] else ""
    own = [f"{HEAD}.subject_key AS {name(SUBJECT)}", f"{HEAD}.area_code AS {name(AREA)}", f"'' AS {name(PERIOD)}"]
    yield f"-- 视图 {view_name}：{report['department_name']}《{report['report_name']}》家庭成员；截至 {place.as_of}"
    yield from selected_lines(own, columns)
    yield f"FROM {name(ledger)} {HEAD}"
    yield f"JOIN {name(PERSON)} {BASE} ON {BASE}.{key} = {HEAD}.{key} AND {BASE}.area_code = {HEAD}.area_code"
    yield from joins.clauses.values()
    conditions = [population_of(population, place, HEAD)]
    if ledger == PERSON:
        conditions.append(f"{BASE}.subject_key <> {HEAD}.subject_key")
    if any(conditions):
        yield "WHERE " + " AND ".join(text for text in conditions if text)
    first = f", CASE WHEN {BASE}.{name(place.by_key[_ID])} = {head} THEN 0 ELSE 1 END" if head else ""
    yield f"ORDER BY {name(AREA)}, {name(SUBJECT)}{first}, {BASE}.subject_key"


def _element(
    row: Mapping[str, Any],
    mapping: Mapping[str, Mapping[str, Any]],
    elements: Mapping[str, Mapping[str, Any]],
    ledger: str,
    place: Shelf,
) -> str:
    """Return the person's element that a column of the list is: its own, without the form it was kept apart by."""
    label = squeeze(row["path"].split(PATH_SEPARATOR)[-1])
    base = "户" if ledger == HOUSEHOLD else "自然人"
    for rule in rule_rows("sharing_members", place.own):
        if re.fullmatch(rule["label"], label):
            element_id = place.by_key.get(rule["element"], "")
            return element_id if rule["base"] in ("", base) and _is_held(element_id, place) else ""
    mapped = elements.get(mapping.get(row["field_id"], {}).get("element_id") or "", {})
    plain = place.by_key.get(_OF_ONE_FORM.sub("", mapped.get("element_key", "")), "")
    return plain if mapped.get("object_class") == "自然人" and _is_held(plain, place) else ""


def _is_held(element_id: str, place: Shelf) -> bool:
    return element_id in place.types[PERSON] or place.derivations.get(element_id, ("", "", ""))[:2] == (
        "id_number",
        PERSON,
    )
