"""How fast departments are served: pulls of a million rows against DuckDB's own scan, and a long roster's template."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import duckdb
import polars as pl
import xlsxwriter

from pipelines.sharing.export import ROW_GROUP
from pipelines.sharing.filling.fill import Roster, SheetFill
from pipelines.sharing.filling.patch_xlsx import patch_xlsx
from pipelines.sharing.granted import PullRequest
from pipelines.sharing.pull import pull
from pipelines.store import audit_log
from tests.bench.clock import best

_wall = partial(best, clock=time.perf_counter)
ROWS, COLUMNS = 1_000_000, 20
ROSTER_ROWS = 10_000
OWN = {"department_name": "县民政局"}
MASKED = {"department_name": "县残联"}
TOWN = OWN | {"area_code": "532328102000"}
GRANT = {
    **{"grant_id": "G1", "department_name": "县残联", "view_name": "B_1", "column_names": "*"},
    **{"area_code": "532328000000", "purpose": "测量", "legal_basis": "某办法", "granted_by": "县数据局"},
    **{"valid_from": "2025-01-01", "valid_until": "2099-12-31"},
}


def run() -> dict[str, float]:
    """Return seconds of each pull of ROWS × COLUMNS, ratios to DuckDB on the same Parquet, and seconds of a roster.

    The view's file is as publishing writes it: sorted by area. A pull is of the whole county with nothing masked; for
    Parquet also with 2 of 20 columns masked, and of one township of three (against DuckDB's scan of its rows).
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = _snapshot(folder, ROWS)
        duckdb.sql("SET enable_progress_bar = false")
        view = snapshot / "views" / "B_1.parquet"
        of_all = f"SELECT * FROM '{view}'"
        of_town = f"{of_all} WHERE _area_code LIKE '532328102%'"
        scan, scan_town = (_wall(lambda sql=sql: duckdb.sql(sql).to_arrow_table()) for sql in (of_all, of_town))
        copy = _wall(lambda: duckdb.sql(f"COPY ({of_all}) TO '{folder / 'd.parquet'}' (COMPRESSION zstd)"))
        figures: dict[str, float] = {"duckdb_scan_s": scan, "duckdb_scan_town_s": scan_town}
        figures["duckdb_copy_parquet_s"] = copy
        for form in ("arrow", "parquet", "csv", "arrows"):
            figures[f"pull_{form}_s"] = _wall(lambda form=form: _pull(snapshot, folder, form, OWN))
        figures["pull_parquet_masked_s"] = _wall(lambda: _pull(snapshot, folder, "parquet", MASKED))
        figures["pull_parquet_town_s"] = _wall(lambda: _pull(snapshot, folder, "parquet", TOWN))
        figures["arrow_to_scan_ratio"] = figures["pull_arrow_s"] / scan
        figures["parquet_to_scan_ratio"] = figures["pull_parquet_s"] / scan
        figures["parquet_masked_to_scan_ratio"] = figures["pull_parquet_masked_s"] / scan
        figures["parquet_town_to_scan_ratio"] = figures["pull_parquet_town_s"] / scan_town
        scan_cpu = best(lambda: duckdb.sql(of_all).to_arrow_table())
        for form in ("arrow", "parquet"):
            used = best(lambda form=form: _pull(snapshot, folder, form, OWN))
            figures[f"{form}_cpu_to_scan_cpu_ratio"] = used / scan_cpu
        figures["parquet_to_copy_ratio"] = figures["pull_parquet_s"] / copy
        figures |= _memory(folder)
        figures["fill_roster_10000x20_s"] = _wall(_roster)
        return figures


def _memory(folder: Path) -> dict[str, float]:
    """Return how many MB a process needs at most to write a tenth and the whole of the rows: flat when alike."""
    figures = {}
    for rows in (ROWS // 10, ROWS):
        place = folder / f"memory-{rows}"
        snapshot = _snapshot(place, rows)
        for form in ("csv", "xlsx"):
            command = [sys.executable, "-c", MEMORY, str(snapshot), form]
            shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            figures[f"{form}_mb_for_{rows}"] = int(shown) / 1024
    return figures


MEMORY = """
import sys
from pathlib import Path
from tests.bench.bench_sharing import OWN, _pull
snapshot = Path(sys.argv[1])
_pull(snapshot, snapshot.parent, sys.argv[2], OWN)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""
"""Prints the peak of the process itself; the system's ru_maxrss is handed down by the process that started it."""


def _pull(snapshot: Path, folder: Path, form: str, asked: Mapping[str, str]) -> None:
    log = folder / "log.jsonl"
    request = PullRequest(report="B_1", purpose="测量", at="2025-12-31T00:00:00", format=form, **asked)
    result = pull(snapshot, request, folder / f"out.{form}", lambda entry: audit_log.append(log, entry), [GRANT])
    if not result.is_given or bool(result.masked) != (asked is MASKED):
        raise AssertionError(result)


def _snapshot(folder: Path, rows: int) -> Path:
    snapshot = folder / "v0"
    (snapshot / "views").mkdir(parents=True)
    number = pl.int_range(rows, eager=True)
    villages = [f"53232810{1 + at // 30}{at % 30 + 1:03d}" for at in range(90)]
    data = {
        "_subject_key": "S" + number.cast(pl.String),
        "_area_code": pl.Series(villages)[number * 90 // rows],
        "_period": pl.repeat("", rows, eager=True),
    }
    names = [f"列{i}" for i in range(COLUMNS)]
    for i, name in enumerate(names):
        data[name] = (number * (i + 7)) % 100_000 if i % 2 else "值" + (number % (997 * (i + 1))).cast(pl.String)
    view = snapshot / "views" / "B_1.parquet"
    pl.DataFrame(data).write_parquet(view, row_group_size=ROW_GROUP, compression_level=1)
    plain = {"isGiven": True, "unit": "", "reason": ""}
    columns = [
        {"name": n, "property": n, "sensitivity": "敏感个人信息" if n in ("列0", "列2") else "一般"} | plain
        for n in names
    ]
    made = {"id": "B_1", "name": "测量", "domain": "B", "tenant": "县民政局", "ledger": "person", "areaColumns": []}
    (snapshot / "views" / "B_1.json").write_text(json.dumps(made | {"columns": columns}), encoding="utf-8")
    facts = {"month": "2025-12", "as_of": "2025-12-31", "departments": ["县民政局", "县残联"]}
    (snapshot / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    row = {"view_name": ["B_1"], "report_id": ["B"], "department_name": ["县民政局"], "title": ["测量"]}
    pl.DataFrame(row).write_csv(snapshot / "catalogue.csv")
    areas = [("532328000000", "元谋县", "县", None)]
    areas += [(f"53232810{i}000", f"第{i}镇", "乡镇", "532328000000") for i in (1, 2, 3)]
    schema = dict.fromkeys(("area_code", "area_name", "area_level", "parent_code"), pl.String)
    pl.DataFrame(areas, schema=schema, orient="row").write_parquet(snapshot / "areas.parquet")
    return snapshot


def _roster() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("花名册")
    box = book.add_format({"border": 1})
    for row in range(12):
        page.write_row(row, 0, [f"列{i}" if row == 0 else None for i in range(COLUMNS)], box)
    book.close()
    cells = tuple(f"{chr(65 + i)}2" for i in range(COLUMNS))
    rows = tuple(tuple(n if i % 2 else f"值{n}" for i in range(COLUMNS)) for n in range(ROSTER_ROWS))
    return patch_xlsx(buffer.getvalue(), [SheetFill("花名册", rosters=(Roster(cells, rows),))])
