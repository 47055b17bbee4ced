"""Whatever the register, plan and counts: two ways agree, the parts add up, nothing is negative or lost."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.burden.assumptions import assumptions
from pipelines.burden.baseline import freeze
from pipelines.burden.counts import ANSWERS, SUBJECTS, TABLE_ROWS, Counts
from pipelines.burden.figures import figures
from pipelines.burden.inputs import Inputs
from schemas.burden import Baseline, BurdenFigures, BurdenRows
from schemas.elements import ElementMap, Elements
from schemas.ledgers import FillPlan, IssuedWorkbooks, Submissions
from schemas.organisations import Areas
from schemas.reports import FREQUENCIES, RESPONDENT_LEVELS, ReportFields, Reports
from tests.two_ways import assert_same

ELEMENTS = [f"DE{n}" for n in range(4)]
OFTEN = ("月", "季", "年", "月", "季", "年", *FREQUENCIES)
USUAL = ("村", "乡镇", "村", "乡镇", "村", *RESPONDENT_LEVELS)
MOSTLY = st.sampled_from([True, True, True, True, False])
REPORT = st.fixed_dictionaries(
    {
        "department_name": st.sampled_from(["民政局", "残联", "统计局"]),
        "frequency": st.sampled_from(OFTEN),
        "respondent_level": st.sampled_from(USUAL),
        "minutes_per_response": st.sampled_from([None, 0, 30]),
    }
)
FIELD = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["fill", "fill", "fill", "fill", "fill", "", "derived", "serial", "meta"]),
        "layout": st.sampled_from(["roster", "statistics", "card", "list", None]),
        "element": st.sampled_from([*ELEMENTS, *ELEMENTS, None]),
        "is_old": MOSTLY,
        "is_now": MOSTLY,
    }
)
PLAN = st.fixed_dictionaries(
    {
        "ledger": st.sampled_from(["person", "household", "event", "indicator"]),
        "element_id": st.sampled_from([*ELEMENTS, "POP:低保", "KEY:person"]),
        "is_asked": MOSTLY,
        "reason": st.sampled_from(["需要填报", "可推算", "只有县级部门掌握，不向乡镇要"]),
        "respondent_level": st.sampled_from(["村", "乡镇", "县"]),
        "frequency": st.sampled_from(OFTEN),
    }
)


@st.composite
def states(draw):
    reports = draw(st.lists(REPORT, min_size=2, max_size=4))
    registers = {"old": [], "now": []}
    for number, report in enumerate(reports):
        row = report | {"report_id": f"R{number}", "report_name": f"表{number}"}
        is_where = draw(st.sampled_from(["both", "both", "both", "both", "old", "now"]))
        for when, rows in registers.items():
            if is_where in ("both", when):
                changed = draw(REPORT) if when == "now" and draw(st.booleans()) else {}
                rows.append(row | changed)
    fields = {"old": [], "now": []}
    maps = []
    for number in range(len(reports)):
        for place, field in enumerate(draw(st.lists(FIELD, min_size=1, max_size=4))):
            field_id = f"R{number}#{place}"
            table_no = 1 if field["layout"] in ("roster", None) else 2
            row = {"field_id": field_id, "form_id": f"R{number}", "table_no": table_no, "field_no": place}
            row |= {"path": f"栏目{place}", "role": field["role"], "layout": ("roster", "statistics")[table_no - 1]}
            for when, rows in fields.items():
                known = {report["report_id"] for report in registers[when]}
                if field["is_old" if when == "old" else "is_now"] and f"R{number}" in known:
                    rows.append(row)
            element = field["element"] if field["role"] in ("fill", "") else None
            maps.append((field_id, element, "same" if element else "none", None, 1.0, "规则", "同名"))
    plan = {(row["ledger"], row["element_id"]): row for row in draw(st.lists(PLAN, min_size=2, max_size=8))}
    ids = [report["report_id"] for report in registers["now"]] or ["R0"]
    planned = [
        row
        | {
            "column_no": number,
            "is_key": False,
            "report_ids": "；".join(draw(st.lists(st.sampled_from(ids), max_size=2))),
        }
        for number, row in enumerate(plan.values())
    ]
    areas = [("530900000000", "县")] + [
        (f"5309000{t}000", "乡镇") for t in range(10, 10 + draw(st.sampled_from([2, 1, 0])))
    ]
    areas += [(f"530900010{v:03d}", "村") for v in range(1, 1 + draw(st.sampled_from([3, 2, 1, 0])))]
    number = st.sampled_from([7.0, 1.0, 4.0, 0.0])
    tables = sorted({(row["form_id"], row["table_no"]) for row in fields["now"]})
    counts = Counts(
        pl.DataFrame([(name, draw(number)) for name in ("person", "event")], schema=SUBJECTS, orient="row"),
        pl.DataFrame([("person", e, draw(number)) for e in ELEMENTS[:3]], schema=ANSWERS, orient="row"),
        pl.DataFrame(
            [(*t, draw(st.one_of(number, st.none()))) for t in tables if draw(st.booleans())],
            schema=TABLE_ROWS,
            orient="row",
        ),
    )
    area_frame = Areas.frame([{"area_code": c, "area_name": c, "area_level": level} for c, level in areas])
    blank = dict.fromkeys(Elements.schema_types(), "x") | {"field_count": 1, "form_count": 1}
    elements = [
        blank | {"element_id": e, "temporal": draw(st.sampled_from(["flow", "stock", "none"]))} for e in ELEMENTS
    ]
    old = (Reports.frame(registers["old"]), ReportFields.frame(fields["old"]))
    return Inputs(
        baseline=freeze(*old, area_frame, "2025-01-01", counts=counts if draw(st.booleans()) else None),
        areas=area_frame,
        reports=Reports.frame(registers["now"]),
        report_fields=ReportFields.frame(fields["now"]),
        elements=Elements.frame(elements),
        element_map=pl.DataFrame(maps, schema=ElementMap.schema_types(), orient="row"),
        fill_plan=FillPlan.frame(planned),
        issued_workbooks=IssuedWorkbooks.empty(),
        submissions=Submissions.empty(),
        counts=counts,
        as_of="2025-12-31",
    )


MEASURES = {
    "items": "数据项（按栏目）",
    "cells": "单元格（每年）",
    "gross": "单元格（每年，只看基线栏目）",
    "new": "基线之后新增的单元格（每年）",
    "cells_once": "单元格（不计频率）",
    "prefilled": "预填只需确认的单元格（每年）",
    "hours": "填报工时（每年）",
}


@settings(max_examples=8, deadline=None)
@given(states())
def test_the_sql_text_gives_what_the_rows_give(inputs):
    assumed = assumptions()
    assert_same(inputs, assumed, figures(inputs).figures)


@settings(max_examples=10, deadline=None)
@given(states())
def test_the_parts_add_up_and_nothing_is_lost(inputs):
    burden = figures(inputs)
    Baseline.validate(inputs.baseline, lazy=True)
    BurdenRows.validate(burden.rows, lazy=True)
    BurdenFigures.validate(burden.figures, lazy=True)
    assert set(inputs.baseline["field_id"]) | set(inputs.report_fields["field_id"]) <= set(burden.rows["field_id"])
    assert set(inputs.reports["report_id"]) <= set(burden.rows["report_id"])
    for name in MEASURES.values():
        of_figure = burden.figures.filter(pl.col("figure") == name)
        whole = of_figure.filter(pl.col("scope") == "全县").row(0, named=True)
        for scope in ("部门", "填报层级", "频率", "对象类", "变化类别"):
            parts = of_figure.filter((pl.col("scope") == scope) & ~pl.col("scope_value").str.starts_with("调整"))
            for side in ("before", "after"):
                assert parts[side].sum() == pytest.approx(whole[side]), (name, scope, side)
    kept = burden.rows.filter(pl.col("element_id").is_not_null() & (pl.col("asked_now") != "仍照原表填报"))
    assert kept.filter(pl.col("cells_after") > 0)["element_id"].is_unique().all()
