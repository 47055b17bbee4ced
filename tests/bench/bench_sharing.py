"""How fast departments are served: pulls of a million rows against DuckDB's own scan, and a long roster's template."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import xlsxwriter

from pipelines.sharing.export import ROW_GROUP
from pipelines.sharing.fill import Roster, SheetFill
from pipelines.sharing.granted import PullRequest
from pipelines.sharing.patch_xlsx import patch_xlsx
from pipelines.sharing.pull import pull
from pipelines.store import audit_log

ROWS, COLUMNS = 1_000_000, 20
ROSTER_ROWS = 10_000


def run() -> dict[str, float]:
    """Return seconds of each pull of ROWS × COLUMNS, ratios to DuckDB on the same Parquet, and seconds of a roster."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = _snapshot(folder)
        duckdb.sql("SET enable_progress_bar = false")
        view = snapshot / "views" / "B_1.parquet"
        scan = _seconds(lambda: duckdb.sql(f"SELECT * FROM '{view}'").to_arrow_table())
        copy = _seconds(
            lambda: duckdb.sql(f"COPY (SELECT * FROM '{view}') TO '{folder / 'd.parquet'}' (COMPRESSION zstd)")
        )
        figures: dict[str, float] = {"duckdb_scan_s": scan, "duckdb_copy_parquet_s": copy}
        for form in ("arrow", "parquet", "csv", "arrows"):
            figures[f"pull_{form}_s"] = _seconds(lambda form=form: _pull(snapshot, folder, form))
        figures["arrow_to_scan_ratio"] = figures["pull_arrow_s"] / scan
        figures["parquet_to_scan_ratio"] = figures["pull_parquet_s"] / scan
        figures["arrow_cpu_to_scan_cpu_ratio"] = _cpu(lambda: _pull(snapshot, folder, "arrow")) / _cpu(
            lambda: duckdb.sql(f"SELECT * FROM '{view}'").to_arrow_table()
        )
        figures["parquet_to_copy_ratio"] = figures["pull_parquet_s"] / copy
        figures |= _memory(folder)
        figures["fill_roster_10000x20_s"] = _seconds(_roster)
        return figures


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def _cpu(work: Callable[[], object], times: int = 3) -> float:
    """Return the least processor seconds: what a busy machine does not change much."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _memory(folder: Path) -> dict[str, float]:
    """Return how many MB a process needs to write a tenth and the whole of the rows: flat when they are alike."""
    figures = {}
    for form in ("csv", "xlsx"):
        peaks = []
        for rows in (ROWS // 10, ROWS):
            place = folder / f"memory-{form}-{rows}"
            place.mkdir()
            command = [sys.executable, "-c", MEMORY, str(place), form, str(rows)]
            peaks.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024)
        figures[f"{form}_mb_for_{ROWS // 10}"], figures[f"{form}_mb_for_{ROWS}"] = peaks
    return figures


MEMORY = """
import resource, sys
from pathlib import Path
from tests.bench import bench_sharing
folder, form, bench_sharing.ROWS = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
import subprocess
maker = "import sys; from pathlib import Path; from tests.bench import bench_sharing as b; "
maker += "b.ROWS = int(sys.argv[2]); b._snapshot(Path(sys.argv[1]))"
subprocess.run([sys.executable, "-c", maker, str(folder), sys.argv[3]], check=True)
bench_sharing._pull(folder / "v0", folder, form)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _pull(snapshot: Path, folder: Path, form: str) -> None:
    log = folder / "log.jsonl"
    request = PullRequest("县民政局", "B_1", "测量", "2025-12-31T00:00:00", form)
    result = pull(snapshot, request, folder / f"out.{form}", lambda entry: audit_log.append(log, entry))
    if result.row_count != ROWS:
        raise AssertionError(result)


def _snapshot(folder: Path) -> Path:
    snapshot = folder / "v0"
    (snapshot / "views").mkdir(parents=True)
    number = pl.int_range(ROWS, eager=True)
    villages = "532328101" + (number % 90 + 1).cast(pl.String).str.zfill(3)
    data = {
        "_subject_key": "S" + number.cast(pl.String),
        "_area_code": villages,
        "_period": pl.repeat("", ROWS, eager=True),
    }
    names = [f"列{i}" for i in range(COLUMNS)]
    for i, name in enumerate(names):
        data[name] = (number * (i + 7)) % 100_000 if i % 2 else "值" + (number % (997 * (i + 1))).cast(pl.String)
    pl.DataFrame(data).write_parquet(snapshot / "views" / "B_1.parquet", row_group_size=ROW_GROUP)
    plain = {"isGiven": True, "sensitivity": "一般", "unit": "", "reason": ""}
    columns = [{"name": n, "property": n} | plain for n in names]
    made = {"id": "B_1", "name": "测量", "domain": "B", "tenant": "县民政局", "ledger": "person", "areaColumns": []}
    (snapshot / "views" / "B_1.json").write_text(json.dumps(made | {"columns": columns}), encoding="utf-8")
    (snapshot / "manifest.json").write_text(json.dumps({"month": "2025-12", "as_of": "2025-12-31"}), encoding="utf-8")
    row = {"view_name": ["B_1"], "report_id": ["B"], "department_name": ["县民政局"], "title": ["测量"]}
    pl.DataFrame(row).write_csv(snapshot / "catalogue.csv")
    area = {"area_code": ["532328000000"], "area_name": ["元谋县"], "area_level": ["县"], "parent_code": [None]}
    pl.DataFrame(area, schema_overrides={"parent_code": pl.String}).write_parquet(snapshot / "areas.parquet")
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
