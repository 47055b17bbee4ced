"""Nothing is lost between a ledger and a department's report.

Ledgers of the sample county are filled with random valid values; every report is rebuilt in its own template; every
value must stand in its cell, in that department's unit, code and date format. What is expected is worked out again,
in plain Python from the element map, without SQL and without the code that writes templates.
"""

from __future__ import annotations

from collections import Counter

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.sharing.filling.read_back import read_back
from pipelines.sharing.filling.template import ROW_LAYOUTS, fill_template
from pipelines.sharing.publish import Holdings, all_views, make_frame, rows_of, run_views
from pipelines.sharing.views.roll_up import period_of
from pipelines.store.query import run_all
from pipelines.text import address, position, squeeze
from tests.property.cell_oracle import Oracle, agrees, expected_cells
from tests.property.random_county import AS_OF, MONTH, county, random_ledgers


@settings(  # a failing county is not made smaller: one round takes 15 seconds, and the message names the cells
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_every_value_stands_in_its_cell(seed: int) -> None:
    bare = county()
    ledgers = random_ledgers(bare, seed)
    held = Holdings(**{name: getattr(bare, name) for name in bare.__slots__} | {"ledgers": ledgers})
    views = all_views(held)
    frames = run_views(views, held, run_all)
    oracle = Oracle(held, ledgers)
    township = held.areas.filter(pl.col("area_level") == "乡镇")["area_code"][0]
    county_code = held.areas.filter(pl.col("area_level") == "县")["area_code"][0]
    wrong, checked, reports = [], 0, Counter()
    for report_id in dict.fromkeys(view.report_id for view in views):
        tables = [view for view in views if view.report_id == report_id]
        lead, path = tables[0], held.templates[report_id]
        area = township if lead.layout == "statistics" else county_code
        period = period_of(lead.frequency, MONTH)
        subject = frames[lead.view_name]["_subject_key"].first() if lead.layout == "card" else ""
        rows = [(view, rows_of(view, frames[view.view_name], area, period, subject or "")) for view in tables]
        frame = make_frame(area, held.areas, lead.frequency, MONTH, AS_OF)
        data, suffix = fill_template(path.read_bytes(), path.suffix.lower(), rows, frame, held.own_rules)
        wanted = expected_cells(rows, oracle)
        for sheet in {view.sheet for view in tables}:
            cells = {cell: (value, column) for (at, cell, column), value in wanted.items() if at == sheet}
            found = read_back(data, suffix, sheet, cells)
            longest = max(len(chosen) for view, chosen in rows if view.sheet == sheet)
            for cell, (value, column) in cells.items():
                checked += 1
                reports[report_id] += value is not None
                shown = found[cell]
                if column.inline is not None and lead.layout in ROW_LAYOUTS and not cell.startswith("para"):
                    shown = below(data, suffix, sheet, cell, column, longest)
                if not agrees(value, shown, column):
                    wrong.append((report_id, sheet, cell, column.path, value, shown))
    assert not wrong, f"{len(wrong)} of {checked} cells are wrong, e.g. {wrong[:5]}"
    silent = [view.report_id for view in views if any(c.sql for c in view.columns) and not reports[view.report_id]]
    assert not silent, f"no value was checked in {silent}"


def below(data: bytes, suffix: str, sheet: str, cell: str, column, rows: int):
    """What a printed line under a roster shows, where it stands after rows were inserted above it."""
    row, col = position(cell)
    places = [address(row + down, col) for down in range(rows + 1)]
    found = read_back(data, suffix, sheet, places)
    label = squeeze(column.path.split("›")[-1])
    return next((found[place] for place in places if label in squeeze(found[place])), None)


def test_every_field_is_given_or_has_a_reason() -> None:
    held = county()
    columns = {column.field_id: column for view in all_views(held) for column in view.columns}
    assert columns.keys() == set(held.report_fields["field_id"]), "every field of every template is in one view"
    fillable = [c for c in columns.values() if c.role == "fill"]
    assert [c.path for c in fillable if not c.sql and not c.reason] == []
    given = sum(bool(c.sql) for c in fillable)
    assert given >= 0.95 * len(fillable), f"only {given} of {len(fillable)} fillable fields are given"
    assert not [c.path for c in columns.values() if c.sql and not c.element_id and not c.source.startswith("本表")]
