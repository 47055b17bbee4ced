"""The warehouse: one DuckDB file, one writer. Tables go in checked against their contract and whole, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from schemas.admission import (
    AdmissionClocks,
    AdmissionDecisions,
    AdmissionMonths,
    AdmissionRegister,
    AdmissionRequests,
    AdmittedFields,
    OffRegister,
    TemplateChanges,
)
from schemas.burden import Baseline, BurdenFigures, BurdenRebound, BurdenRows, FillTimes
from schemas.elements import (
    Derivations,
    ElementMap,
    Elements,
    ElementSuccessors,
    FieldMeanings,
    ReviewPairs,
    Verdicts,
)
from schemas.findings import Findings
from schemas.ledgers import (
    CorrectionRequests,
    FillPlan,
    IssuedWorkbooks,
    LedgerValues,
    Populations,
    PossibleDuplicates,
    Submissions,
)
from schemas.model import Table
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports, TemplateChecks, Templates
from schemas.returns import Arrivals, SubmissionFindings
from schemas.runs import StepRuns
from schemas.sharing import ShareViews

TABLES: Mapping[str, type[Table]] = {
    "areas": Areas,
    "reports": Reports,
    "templates": Templates,
    "report_fields": ReportFields,
    "template_checks": TemplateChecks,
    "verdicts": Verdicts,
    "elements": Elements,
    "element_map": ElementMap,
    "element_successors": ElementSuccessors,
    "field_meanings": FieldMeanings,
    "derivations": Derivations,
    "review_pairs": ReviewPairs,
    "fill_plan": FillPlan,
    "populations": Populations,
    "issued_workbooks": IssuedWorkbooks,
    "submissions": Submissions,
    "arrivals": Arrivals,
    "submission_findings": SubmissionFindings,
    "ledger_values": LedgerValues,
    "possible_duplicates": PossibleDuplicates,
    "correction_requests": CorrectionRequests,
    "share_views": ShareViews,
    "admission_requests": AdmissionRequests,
    "admission_decisions": AdmissionDecisions,
    "admission_register": AdmissionRegister,
    "admitted_fields": AdmittedFields,
    "template_changes": TemplateChanges,
    "admission_clocks": AdmissionClocks,
    "off_register": OffRegister,
    "admission_months": AdmissionMonths,
    "baseline": Baseline,
    "burden_figures": BurdenFigures,
    "burden_rows": BurdenRows,
    "burden_rebound": BurdenRebound,
    "fill_times": FillTimes,
    "findings": Findings,
    "step_runs": StepRuns,
}
"""Every table of the warehouse with its contract."""

TITLES: Mapping[str, str] = {
    "areas": "区划",
    "reports": "报表清单",
    "templates": "报表模板",
    "report_fields": "报表栏目",
    "template_checks": "模板自带的勾稽关系",
    "verdicts": "判定",
    "elements": "数据元目录",
    "element_map": "字段映射",
    "element_successors": "数据元合并",
    "field_meanings": "栏目拆解",
    "derivations": "推算规则",
    "review_pairs": "待判定",
    "fill_plan": "填报方案",
    "populations": "对象范围",
    "issued_workbooks": "已下发工作簿",
    "submissions": "报送记录",
    "arrivals": "到件记录",
    "submission_findings": "报送问题",
    "ledger_values": "台账数值",
    "possible_duplicates": "疑似重复",
    "correction_requests": "核实请求",
    "share_views": "共享视图",
    "admission_requests": "准入申请",
    "admission_decisions": "准入决定",
    "admission_register": "准入登记",
    "admitted_fields": "已准入的栏目",
    "template_changes": "未准入的改动",
    "admission_clocks": "法定期限",
    "off_register": "体外循环",
    "admission_months": "逐月增减",
    "baseline": "负担基线",
    "burden_figures": "负担指标",
    "burden_rows": "负担明细",
    "burden_rebound": "反弹监测",
    "fill_times": "填报用时观察",
    "findings": "问题清单",
    "step_runs": "运行记录",
}
"""What people call each table."""


class Warehouse:
    """An open warehouse. Use as a context manager; opening makes the tables that are not there yet.

    Only one process may hold it open for writing; another gets duckdb.IOException. Readers use published snapshots.
    """

    def __init__(self, database: Path) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect(str(database))
        self._frames: dict[str, pl.DataFrame] = {}
        self._versions: dict[str, str] = {}
        """What was read and hashed already: nobody else writes while the file is open."""
        there: dict[str, set[str]] = {}
        columns = "SELECT table_name, column_name FROM information_schema.columns"
        for table, column in self._connection.execute(columns).fetchall():
            there.setdefault(table, set()).add(column)
        with self._all_or_nothing():  # each table in a transaction of its own would wait for the disk
            for name, contract in TABLES.items():
                if name not in there:
                    self._make(name, contract)
                elif missing := [column for column in contract.schema_types() if column not in there[name]]:
                    self._widen(name, contract, missing)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def read(self, table: str) -> pl.DataFrame:
        """Return a table in the order of its contract's columns and of writing. Raises KeyError for no such table.

        A scan keeps the order of writing (`preserve_insertion_order`, DuckDB's default); to sort by rowid on top of it
        doubles the time of a county's values.
        """
        types = TABLES[table].schema_types()
        if table not in self._frames:
            columns = ", ".join(f'"{name}"' for name in types)
            frame: pl.DataFrame = self._connection.sql(f'SELECT {columns} FROM "{table}"').pl()
            self._frames[table] = frame.cast(pl.Schema(types))
        return self._frames[table].clone()

    def glance(self, table: str, rows: int) -> tuple[int, pl.DataFrame]:
        """Return how many rows a table has, and its first ones."""
        columns = ", ".join(f'"{name}"' for name in TABLES[table].schema_types())
        counts = self._connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()
        first = self._connection.sql(f'SELECT {columns} FROM "{table}" ORDER BY rowid LIMIT {rows}').pl()
        return int(counts[0][0]), first

    def lookup(self, table: str, column: str, value: str) -> pl.DataFrame:
        """Return the rows of a table whose column has a value, without reading the others."""
        types = TABLES[table].schema_types()
        columns = ", ".join(f'"{name}"' for name in types)
        sql = f'SELECT {columns} FROM "{table}" WHERE "{column}" = ? ORDER BY rowid'
        frame: pl.DataFrame = self._connection.sql(sql, params=[value]).pl()
        return frame.cast(pl.Schema(types))

    def show(self, views: Mapping[str, str]) -> None:
        """Make views of these SELECT texts, by name, and drop those of before: for people who write SQL."""
        before = self._connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        drops = [f'DROP VIEW "{name}"' for (name,) in before]
        with self._all_or_nothing():
            for statement in (*drops, *(f'CREATE VIEW "{name}" AS {sql}' for name, sql in views.items())):
                self._connection.execute(statement)

    def write(
        self,
        replace: Mapping[str, pl.DataFrame],
        append: Mapping[str, pl.DataFrame] | None = None,
        amend: Mapping[str, pl.DataFrame] | None = None,
    ) -> None:
        """Replace some tables, append to others and amend rows in one transaction, all checked first.

        amend: frames of whole rows; each takes the place of the row with the same value in its first column.
        Raises pandera.errors.SchemaErrors (all failing rows at once) with nothing written.
        """
        checked = {name: TABLES[name].validate(frame, lazy=True) for name, frame in replace.items()}
        added = {name: TABLES[name].validate(frame, lazy=True) for name, frame in (append or {}).items()}
        amended = {name: TABLES[name].validate(frame, lazy=True) for name, frame in (amend or {}).items()}
        for name in (*checked, *added, *amended):
            self._frames.pop(name, None)
            self._versions.pop(name, None)
        with self._all_or_nothing():
            for name, frame in checked.items():
                self._connection.execute(f'DELETE FROM "{name}"')
                self._insert(name, frame)
            for name, frame in amended.items():
                self._amend(name, frame)
            for name, frame in added.items():
                self._insert(name, frame)

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:  # also when interrupted: nothing half-written stays; the cause is raised again
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def version(self, table: str) -> str:
        """Return a hash of a table's content, the same for the same rows in the same order."""
        if table in self._versions:
            return self._versions[table]
        digest = hashlib.sha256()
        frame = self.read(table)
        for column in frame.get_columns():
            digest.update(column.name.encode())
            digest.update(column.hash(seed=0).to_numpy().tobytes())
        digest.update(str(frame.height).encode())
        self._versions[table] = digest.hexdigest()
        return self._versions[table]

    def _insert(self, table: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        columns = ", ".join(f'"{name}"' for name in frame.columns)
        self._connection.register("_rows", frame.to_arrow())
        self._connection.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM _rows')
        self._connection.unregister("_rows")

    def _amend(self, table: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        key, *others = frame.columns
        settings = ", ".join(f'"{name}" = _rows."{name}"' for name in others)
        self._connection.register("_rows", frame.to_arrow())
        self._connection.execute(f'UPDATE "{table}" SET {settings} FROM _rows WHERE "{table}"."{key}" = _rows."{key}"')
        self._connection.unregister("_rows")

    def _make(self, name: str, contract: type[Table]) -> None:
        self._connection.register("_empty", contract.empty().to_arrow())
        self._connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _empty')
        self._connection.unregister("_empty")

    def _widen(self, name: str, contract: type[Table], missing: list[str]) -> None:
        """Give a table of an older warehouse the columns that its contract has gained since."""
        self._connection.register("_empty", contract.empty().to_arrow())
        types = {row[0]: row[1] for row in self._connection.execute("DESCRIBE _empty").fetchall()}
        for column in missing:
            self._connection.execute(f'ALTER TABLE "{name}" ADD COLUMN "{column}" {types[column]}')
        self._connection.unregister("_empty")
