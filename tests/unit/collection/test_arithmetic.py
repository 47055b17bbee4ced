"""What templates state about their own numbers becomes checks between elements, whichever form asks them."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.collection.arithmetic import Relation, relations
from pipelines.collection.plan import plan
from schemas.reports import TemplateChecks
from tests.unit.collection.county import ELDERLY, PEOPLE, ROAD, catalogue

CELLS = {PEOPLE: "B4", ELDERLY: "C4", ROAD: "D4"}


def stated(kind: str, target: str, parts: tuple[str, ...], text: str) -> dict[str, tuple[Relation, ...]]:
    """Return the relations of the made-up county when form R4 states one line."""
    frames = catalogue()
    line = {"form_id": "R4", "table_no": 1, "kind": kind, "target": CELLS[target], "text": text}
    line["parts"] = "；".join(CELLS[part] for part in parts)
    given = {name: frame for name, frame in frames.items() if name != "template_checks"}
    about = (frames["report_fields"], frames["element_map"], TemplateChecks.frame([line]))
    return relations(*about, plan(**given).fill_plan, frames["elements"])


@pytest.mark.parametrize(
    ("kind", "target", "parts", "text", "expected"),
    [
        ("total", PEOPLE, (ELDERLY, ROAD), "合计", (PEOPLE, (ELDERLY, ROAD), True)),
        ("part", PEOPLE, (ELDERLY,), "其中", (PEOPLE, (ELDERLY,), False)),
        ("balance", PEOPLE, (ELDERLY, ROAD), "01=02+03", (PEOPLE, (ELDERLY, ROAD), True)),
        ("balance", PEOPLE, (ELDERLY, ROAD), "2+3=1", (PEOPLE, (ELDERLY, ROAD), True)),
        ("balance", ROAD, (PEOPLE, ELDERLY), "03=01-02", (PEOPLE, (ROAD, ELDERLY), True)),
        ("balance", ELDERLY, (PEOPLE,), "第02行≤第01行", (PEOPLE, (ELDERLY,), False)),
        ("balance", ELDERLY, (PEOPLE,), "02<01", (PEOPLE, (ELDERLY,), False)),
        ("balance", PEOPLE, (ELDERLY,), "01>=02", (PEOPLE, (ELDERLY,), False)),
        ("balance", PEOPLE, (ELDERLY,), "01=>02", (PEOPLE, (ELDERLY,), False)),
        ("balance", PEOPLE, (ELDERLY, ROAD), "02+03≤01", (PEOPLE, (ELDERLY, ROAD), False)),
    ],
)
def test_lines_of_a_form_are_kept(
    kind: str, target: str, parts: tuple[str, ...], text: str, expected: tuple[str, tuple[str, ...], bool]
) -> None:
    whole, of, is_total = expected
    assert stated(kind, target, parts, text) == {whole: (Relation(whole, of, is_total, text),)}


@pytest.mark.parametrize(
    ("kind", "target", "parts", "text"),
    [
        ("formula", PEOPLE, (ELDERLY, ROAD), "=C4/D4*1000"),
        ("balance", PEOPLE, (ELDERLY, ROAD), "01≤02+03"),
        ("balance", PEOPLE, (ELDERLY, ROAD), "01≥02-03"),
        ("balance", PEOPLE, (ELDERLY,), "01=02+03"),
        ("balance", PEOPLE, (PEOPLE,), "01≥01"),
        ("balance", PEOPLE, (ELDERLY,), "见说明"),
    ],
)
def test_what_is_neither_total_nor_part_is_no_check(kind: str, target: str, parts: tuple[str, ...], text: str) -> None:
    assert stated(kind, target, parts, text) == {}


def test_a_relation_holds_between_elements_whichever_form_asks_them() -> None:
    """R5 prints the two numbers of R4 in its own cells and states how they go together."""
    frames = catalogue()
    fields, mapping = frames["report_fields"], frames["element_map"]
    for number, element in enumerate((PEOPLE, ELDERLY), 8):
        own = pl.lit(f"R5#{number}").alias("field_id")
        there = mapping.filter(pl.col("element_id") == element)
        place = (pl.lit("R5").alias("form_id"), pl.lit(f"K{number}").alias("cell"))
        printed = fields.join(there.select("field_id"), on="field_id").with_columns(own, *place)
        fields, mapping = pl.concat([fields, printed]), pl.concat([mapping, there.with_columns(own)])
    line = {"form_id": "R5", "table_no": 1, "kind": "balance", "target": "K8", "parts": "K9", "text": "01≥02"}
    given = {name: frame for name, frame in frames.items() if name != "template_checks"}
    made = plan(**given).fill_plan
    found = relations(fields, mapping, TemplateChecks.frame([line]), made, frames["elements"])
    assert found == {PEOPLE: (Relation(PEOPLE, (ELDERLY,), False, "01≥02"),)}
