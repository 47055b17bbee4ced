"""Steps of collection: what is asked, the workbooks, what comes back, the ledgers."""

from __future__ import annotations

import polars as pl

from pipelines import rulebook
from pipelines.collection.arithmetic import relations
from pipelines.collection.ledger_list import INDICATOR, ledgers
from pipelines.collection.ledgers import current
from pipelines.collection.merging import conflicts
from pipelines.collection.plan import plan
from pipelines.collection.questions import questions
from pipelines.collection.typed_views import typed_views
from pipelines.collection.workbook.issue import issue_all
from pipelines.collection.workbook.issue_inputs import prepare
from pipelines.periods import is_month
from pipelines.step import Bench, Outcome
from pipelines.steps.inputs import held_values
from pipelines.store.frames import write_frames
from pipelines.store.receiving import receive_waiting


def fill_plan(bench: Bench) -> Outcome:
    """Plan what is asked once for all reports."""
    tables, rules = bench.tables, bench.workspace.rules
    made = plan(
        tables["reports"],
        tables["report_fields"],
        tables["elements"],
        tables["element_map"],
        tables["field_meanings"],
        tables["derivations"],
        scope=rulebook.own_rows("report_scope", rules),
        own_rules=rules,
    )
    asked = made.fill_plan.filter(pl.col("is_asked"))
    return Outcome(
        replace={"fill_plan": made.fill_plan, "populations": made.populations},
        findings=made.findings,
        figures={
            "要填的数据项": asked.height,
            "不用填的": made.fill_plan.height - asked.height,
            "台账": asked["ledger"].n_unique(),
        },
    )


def fill_once_workbooks(bench: Bench) -> Outcome:
    """Issue the period's workbooks to all townships; those of short periods have no questions beside their ledgers."""
    tables, place = bench.tables, bench.workspace
    asked = is_month(bench.period) and questions(
        tables["correction_requests"],
        tables["possible_duplicates"],
        tables["ledger_values"],
        held_values(bench),
        tables["elements"],
        tables["areas"],
        bench.today,
        place.rules,
    )
    inputs = prepare(
        tables["fill_plan"],
        tables["elements"],
        tables["reports"],
        tables["areas"],
        held_values(bench),
        bench.period,
        settings=place.settings(),
        own_rules=place.rules,
        questions=asked or {},
        relations=relations(
            *(tables[name] for name in ("report_fields", "element_map", "template_checks", "fill_plan", "elements"))
        ),
    )
    before = tables["issued_workbooks"]
    folder = place.forms / bench.period
    issued, findings = issue_all(inputs, folder, bench.now, before, bench.progress)
    others = before.join(issued, on="workbook_id", how="anti")
    cells, known = int(issued["cell_count"].sum()), int(issued["prefilled_count"].sum())
    return Outcome(
        replace={"issued_workbooks": pl.concat([others, issued])},
        findings=findings,
        files=sorted(folder.glob("*.xlsx")),
        figures={"工作簿": issued.height, "应填单元格": cells, "已预填": f"{known / cells:.1%}" if cells else "0"},
    )


def submissions(bench: Bench) -> Outcome:
    """Receive what waits in the inbox; each file is posted whole, with its arrival and findings, or not at all."""
    tables = {**bench.tables, "ledger_values": held_values(bench)}
    done = receive_waiting(bench.workspace, tables, bench.write, bench.lookup, bench.now, bench.progress)
    return Outcome(findings=done.findings, files=done.files, figures=done.figures)


def wide_ledgers(bench: Bench) -> Outcome:
    """Make the wide ledgers from the latest values; the warehouse shows them typed, for SQL."""
    values, elements = held_values(bench), bench.tables["elements"]
    held = current(values, elements, bench.tables["fill_plan"])
    known = ledgers(bench.workspace.rules)
    files = write_frames(held, bench.workspace.ledgers)
    return Outcome(
        views=typed_views(held, elements, known, bench.workspace.ledgers.resolve()),
        findings=conflicts(bench.tables["ledger_values"], bench.tables["element_successors"], elements),
        files=files,
        figures={
            **{known[name].title: frame.height for name, frame in held.items() if name != INDICATOR},
            "指标数值": values.filter(pl.col("ledger") == INDICATOR).height,
            "历次数值": values.height,
        },
    )
