"""The ledgers as typed tables under standard names, in the warehouse's own file, for a steward's SQL."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.collection.ledger_list import ledgers
from pipelines.collection.ledgers import current
from pipelines.collection.typed_views import typed_views
from pipelines.store.frames import write_frames
from pipelines.store.warehouse import Warehouse
from tests.unit.collection.county import EAST, ID, NAME, SINCE, Office, elements


@pytest.fixture
def warehouse(settled: Office, tmp_path: Path) -> Path:
    """A warehouse that shows December's ledgers."""
    held = current(settled.values, elements())
    write_frames(held, tmp_path / "ledgers")
    with Warehouse(tmp_path / "warehouse" / "oneform.duckdb") as opened:
        opened.show({"旧的": "SELECT 1"})
        opened.show(typed_views(held, elements(), ledgers(), tmp_path / "ledgers"))
    return tmp_path / "warehouse" / "oneform.duckdb"


def ask(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("view", "column", "kind"),
    [
        ("人员台账", "主体", "VARCHAR"),
        ("人员台账", "公民身份号码", "VARCHAR"),
        ("人员台账", "批准日期（低保）", "DATE"),
        ("人员台账", "金额（低保）", "DECIMAL(38,6)"),
        ("人员台账", "是否列入：低保对象花名册", "VARCHAR"),
        ("户台账", "家庭人口数", "BIGINT"),
        ("指标台账", "报告期", "VARCHAR"),
        ("指标台账", "人口数（常住）", "BIGINT"),
    ],
)
def test_columns_have_standard_names_and_the_catalogue_s_types(
    warehouse: Path, view: str, column: str, kind: str
) -> None:
    assert dict(row[:2] for row in ask(warehouse, f'DESCRIBE "{view}"'))[column] == kind


def test_a_steward_s_question_is_answered_without_a_copy(warehouse: Path) -> None:
    sql = """SELECT "批准日期（低保）", sum("金额（低保）")
    FROM "人员台账" WHERE "区划代码" LIKE '530100101%' GROUP BY 1"""
    assert ask(warehouse, sql) == [(date(2024, 5, 6), Decimal("2415.000000"))]
    sql = f"""SELECT "人口数（常住）" FROM "指标台账" WHERE "区划代码" = '{EAST}' AND "报告期" = '2025-12'"""
    assert ask(warehouse, sql) == [(700,)]
    assert ask(warehouse, "SELECT count(*) FROM duckdb_views() WHERE view_name = '旧的'") == [(0,)]
    tables = [name for (name,) in ask(warehouse, "SELECT table_name FROM duckdb_tables()")]
    assert "人员台账" not in tables


def test_the_warehouse_opens_when_the_files_are_gone(warehouse: Path) -> None:
    (warehouse.parents[1] / "ledgers").rename(warehouse.parents[1] / "moved")
    with Warehouse(warehouse) as opened:
        assert opened.read("reports").is_empty()
        opened.show({})
    assert ask(warehouse, "SELECT count(*) FROM duckdb_views() WHERE NOT internal") == [(0,)]


def test_elements_of_one_name_have_their_ids_behind_it() -> None:
    about = elements().with_columns(
        element_name=pl.when(pl.col("element_id") == ID).then(pl.lit("姓名")).otherwise("element_name"),
        representation=pl.when(pl.col("element_id") == SINCE).then(pl.lit("C7")).otherwise("representation"),
    )
    frame = pl.DataFrame({"subject_key": ["1"], "area_code": [EAST], NAME: ["甲"], ID: ["乙"], SINCE: ["2024-05"]})
    [sql] = typed_views({"person": frame}, about, ledgers(), Path("x'y")).values()
    assert f'AS "姓名（{NAME}）"' in sql
    assert f'AS "姓名（{ID}）"' in sql
    assert f'CAST("{SINCE}" AS VARCHAR)' in sql, "a month is no day"
    assert sql.endswith("read_parquet('x''y/person.parquet')")
