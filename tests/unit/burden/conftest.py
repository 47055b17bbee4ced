"""Reads the golden counties of tests/golden/burden: CSV files of frames, and the figures worked out by hand."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.burden.baseline import freeze
from pipelines.burden.counts import ANSWERS, SUBJECTS, TABLE_ROWS, Counts
from pipelines.burden.inputs import Inputs
from schemas.elements import ElementMap, Elements
from schemas.ledgers import FillPlan, IssuedWorkbooks, Submissions
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports

GOLDEN = Path(__file__).parents[2] / "golden" / "burden"
CONTRACTS = {
    "areas": Areas,
    "reports": Reports,
    "report_fields": ReportFields,
    "elements": Elements,
    "element_map": ElementMap,
    "fill_plan": FillPlan,
    "issued_workbooks": IssuedWorkbooks,
    "submissions": Submissions,
}


def _read(file, types):
    given = pl.read_csv(file, infer_schema=False)
    casts = [
        (pl.col(n) == "true" if t == pl.Boolean else pl.col(n).cast(t))
        if n in given.columns
        else pl.lit(None, t).alias(n)
        for n, t in types.items()
    ]
    return given.select([cast.alias(name) for cast, name in zip(casts, types, strict=True)])


def read_county(folder, as_of="2025-03-31", frozen_at="2025-01-01"):
    frames = {name: _read(folder / f"{name}.csv", contract.schema_types()) for name, contract in CONTRACTS.items()}
    counts = Counts(
        _read(folder / "subjects.csv", SUBJECTS),
        _read(folder / "answers.csv", ANSWERS),
        _read(folder / "table_rows.csv", TABLE_ROWS),
    )
    baseline = freeze(frames["reports"], frames["report_fields"], frames["areas"], frozen_at, counts=counts)
    return Inputs(baseline=baseline, counts=counts, as_of=as_of, **frames)


@pytest.fixture
def county():
    return read_county(GOLDEN / "small_county")


@pytest.fixture(params=sorted(path.name for path in GOLDEN.iterdir() if path.is_dir()))
def golden(request):
    return GOLDEN / request.param, read_county(GOLDEN / request.param)
