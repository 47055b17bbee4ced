"""What templates state about numbers, their own and other forms', becomes checks between elements."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipelines.collection.arithmetic import Relation, Term, relations
from pipelines.collection.layout import REMARK_COLUMN, read_layout
from pipelines.collection.plan import plan
from schemas.reports import TemplateChecks
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, ELDERLY, HERD, MEETINGS, OFTEN, PEOPLE, ROAD, VILLAGES, Office, catalogue

GOLDEN = Path(__file__).parents[2] / "golden" / "collection" / "balances.csv"
with GOLDEN.open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(line for line in handle if not line.startswith("#")))
CELLS = {PEOPLE: "B4", ELDERLY: "C4", ROAD: "D4"}
NAMES = {"人口": PEOPLE, "老年": ELDERLY, "道路": ROAD, "存栏": HERD, "会议": MEETINGS}
LIVESTOCK = (("R7", "畜牧表", "农业农村局", "月", "村", "statistics", (HERD,)),)


def stated(kind: str, target: str, parts: tuple[str, ...], text: str) -> list[Relation]:
    """Return the relations of the made-up county when form R4 states one line."""
    frames = catalogue()
    line = {"form_id": "R4", "table_no": 1, "kind": kind, "target": CELLS[target], "text": text}
    line["parts"] = "；".join(CELLS[part] for part in parts)
    given = {name: frame for name, frame in frames.items() if name != "template_checks"}
    about = (frames["report_fields"], frames["element_map"], TemplateChecks.frame([line]))
    found = relations(*about, plan(**given).fill_plan, frames["elements"])
    assert all(each.left[0].element_id == target for target, own in found.items() for each in own)
    return [relation for own in found.values() for relation in own]


@pytest.mark.parametrize(
    ("kind", "target", "parts", "text", "left", "is_equal", "right"),
    [
        ("total", PEOPLE, (ELDERLY, ROAD), "合计", [PEOPLE], True, [ELDERLY, ROAD]),
        ("balance", PEOPLE, (ELDERLY, ROAD), "01=02+03", [PEOPLE], True, [ELDERLY, ROAD]),
        ("balance", PEOPLE, (ELDERLY, ROAD), "2+3=1", [PEOPLE], True, [ELDERLY, ROAD]),
        ("balance", ROAD, (PEOPLE, ELDERLY), "03=01-02", [ROAD], True, [PEOPLE, "-" + ELDERLY]),
        ("balance", ELDERLY, (PEOPLE,), "第02行≤第01行", [PEOPLE], False, [ELDERLY]),
        ("balance", ELDERLY, (PEOPLE,), "02<01", [PEOPLE], False, [ELDERLY]),
        ("balance", PEOPLE, (ELDERLY,), "01>=02", [PEOPLE], False, [ELDERLY]),
        ("balance", PEOPLE, (ELDERLY,), "01=>02", [PEOPLE], False, [ELDERLY]),
        ("balance", PEOPLE, (ELDERLY, ROAD), "02+03≤01", [PEOPLE], False, [ELDERLY, ROAD]),
        ("balance", PEOPLE, (ELDERLY, ROAD), "01≥02+03", [PEOPLE], False, [ELDERLY, ROAD]),
        ("balance", PEOPLE, (ELDERLY, ROAD), "01≤02+03", [ELDERLY, ROAD], False, [PEOPLE]),
        ("balance", PEOPLE, (ELDERLY, ROAD), "01≥02-03", [PEOPLE], False, [ELDERLY, "-" + ROAD]),
    ],
)
def test_lines_of_a_form_are_kept(
    kind: str, target: str, parts: tuple[str, ...], text: str, left: list[str], is_equal: bool, right: list[str]
) -> None:
    def terms(ids: list[str]) -> tuple[Term, ...]:
        return tuple(Term(-1 if each.startswith("-") else 1, each.removeprefix("-"), "R4") for each in ids)

    assert stated(kind, target, parts, text) == [Relation(terms(left), is_equal, terms(right), text, "R4")]


def test_parts_may_overlap_and_are_checked_one_by_one() -> None:
    found = stated("part", PEOPLE, (ELDERLY, ROAD), "其中")
    assert [[term.element_id for term in each.terms] for each in found] == [[PEOPLE, ELDERLY], [PEOPLE, ROAD]]
    assert not any(each.is_equal or each.is_wide for each in found)


@pytest.mark.parametrize(
    ("kind", "target", "parts", "text"),
    [
        ("formula", PEOPLE, (ELDERLY, ROAD), "=C4/D4*1000"),
        ("balance", PEOPLE, (ELDERLY,), "01=02+03"),
        ("balance", PEOPLE, (PEOPLE,), "01≥01"),
        ("balance", PEOPLE, (ELDERLY,), "见说明"),
    ],
)
def test_what_says_nothing_about_asked_cells_is_no_check(
    kind: str, target: str, parts: tuple[str, ...], text: str
) -> None:
    assert stated(kind, target, parts, text) == []


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
    terms = [Term(1, element, "R5") for element in (PEOPLE, ELDERLY)]
    assert found == {PEOPLE: (Relation((terms[0],), False, (terms[1],), "01≥02", "R5"),)}


@pytest.fixture(scope="session")
def two_forms(settled: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office after December, with a form of livestock beside that of people; January is out."""
    office = Office(tmp_path_factory.mktemp("forms"), settled.values, settled.submissions, settled.issued)
    office.frames = catalogue(OFTEN, LIVESTOCK)
    office.issue("2026-01")
    return office


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_what_forms_state_is_checked_on_receipt(case: dict[str, str], two_forms: Office, tmp_path: Path) -> None:
    """One line of the golden table: statements, parted by ｜, between cells of R4 (人口月报), R7 (畜牧表), R6."""
    office = Office(tmp_path, two_forms.values, two_forms.submissions, two_forms.issued, dict(two_forms.frames))
    line = {"form_id": "R4", "table_no": 1, "kind": "sides", "target": case["target"], "parts": case["parts"]}
    office.frames["template_checks"] = TemplateChecks.frame(
        [line | {"text": text} for text in case["text"].split("｜")]
    )
    name = two_forms.issued.filter(period="2026-01", area_code=EAST)["file"].item()
    path = fill(two_forms.folder / "2026-01" / name, tmp_path / "交回.xlsx")
    numbers = dict(each.split("=") for each in case["numbers"].split("；"))
    book = openpyxl.load_workbook(path)
    for sheet in read_layout(path):
        remark = next((col for col, mark in sheet.columns.items() if mark == REMARK_COLUMN), None)
        for row, element_id in sheet.row_ids.items() if sheet.is_indicator else ():
            said = next(
                (numbers[word] for word, element in NAMES.items() if element == element_id and word in numbers), ""
            )
            for col, area in sheet.columns.items():
                if said and area.isdigit() and (area == EAST or area == next(iter(VILLAGES))):
                    book[sheet.name].cell(row + 1, col + 1).value = float(said)
            if case["remark"] and remark is not None:
                book[sheet.name].cell(row + 1, remark + 1).value = case["remark"]
    book.save(path)
    [receipt] = office.receive("2026-01", path)
    told = [finding for finding in receipt.findings if finding.code in ("OF-352", "OF-355", "OF-363")]
    assert receipt.outcome == case["outcome"], [str(finding) for finding in receipt.findings]
    assert "；".join(finding.code for finding in told) == case["codes"], [str(finding) for finding in told]
    for words in filter(None, case["says"].split("｜")):
        assert words in told[0].message, told[0].message
