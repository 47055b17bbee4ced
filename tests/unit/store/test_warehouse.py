"""The warehouse takes tables whole and checked, or not at all."""

import duckdb
import pandera.errors
import polars as pl
import pytest

from pipelines.store.warehouse import TABLES, TITLES, Warehouse
from schemas.ledgers import Populations
from schemas.organisations import Areas


@pytest.fixture
def warehouse(tmp_path):
    with Warehouse(tmp_path / "w.duckdb") as opened:
        yield opened


def areas(*codes):
    return Areas.frame([{"area_code": code, "area_name": "某村", "area_level": "村"} for code in codes])


def test_every_table_has_a_chinese_title_and_starts_empty(warehouse):
    assert TABLES.keys() == TITLES.keys()
    for name, contract in TABLES.items():
        frame = warehouse.read(name)
        assert frame.is_empty()
        assert frame.schema == contract.empty().schema


def test_a_file_of_an_older_version_gets_the_columns_it_lacks(tmp_path):
    database = tmp_path / "old.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE areas (area_code VARCHAR, area_name VARCHAR)")
        connection.execute("INSERT INTO areas VALUES ('530102001001', '某村')")
    with Warehouse(database) as warehouse:
        assert warehouse.read("areas")["area_name"].to_list() == ["某村"]
        assert warehouse.read("areas").schema == Areas.empty().schema
        warehouse.write({"areas": areas("530102001002")})
        assert warehouse.read("areas")["area_level"].to_list() == ["村"]


def test_a_written_table_comes_back_the_same(warehouse):
    frame = areas("530102001001", "530102001002")
    warehouse.write({"areas": frame})
    assert warehouse.read("areas").equals(frame)


def test_replacing_leaves_nothing_of_before_and_appending_keeps_it(warehouse):
    warehouse.write({"areas": areas("530102001001")})
    warehouse.write({"areas": areas("530102001002")}, {"areas": areas("530102001003")})
    assert warehouse.read("areas")["area_code"].to_list() == ["530102001002", "530102001003"]


def test_one_bad_table_keeps_all_others_out(warehouse):
    bad = areas("530102001001").with_columns(pl.lit("国").alias("area_level"))
    with pytest.raises(pandera.errors.SchemaErrors):
        warehouse.write({"findings": TABLES["findings"].empty(), "areas": bad})
    assert warehouse.read("areas").is_empty()


def test_a_glance_gives_the_count_and_the_first_rows(warehouse):
    assert warehouse.glance("areas", 2)[0] == 0
    warehouse.write({"areas": areas("530102001001", "530102001002", "530102001003")})
    count, first = warehouse.glance("areas", 2)
    assert (count, first["area_code"].to_list()) == (3, ["530102001001", "530102001002"])


def test_version_tells_content_not_time(warehouse):
    empty = warehouse.version("areas")
    warehouse.write({"areas": areas("530102001001")})
    one = warehouse.version("areas")
    warehouse.write({"areas": areas("530102001001")})
    assert warehouse.version("areas") == one != empty
    warehouse.write({"areas": areas("530102001002")})
    assert warehouse.version("areas") != one


def test_what_was_read_before_a_write_is_read_anew_after_it(warehouse):
    before = warehouse.read("areas")
    warehouse.write({}, {"areas": areas("530102001001")})
    assert (before.height, warehouse.read("areas").height) == (0, 1)


def test_rows_come_back_in_the_order_of_writing(tmp_path):
    """Over more than one of DuckDB's row groups (122,880 rows), replaced, appended to, amended; after reopening too."""
    names = [f"{number * 7919 % 130_003:06}" for number in range(130_000)]
    frame = pl.DataFrame({"report_id": names}).with_columns(
        table_no=1, ledger=pl.lit("person"), population=pl.lit("甲"), condition=pl.lit("x"), reason=pl.lit("")
    )
    frame = frame.select(list(Populations.schema_types())).cast(pl.Schema(Populations.schema_types()))
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.write({"populations": frame.reverse()})
        warehouse.write({"populations": frame.head(70_000)})
        warehouse.write({}, {"populations": frame.slice(70_000, 59_990)})
        warehouse.write(
            {}, {"populations": frame.tail(10)}, {"populations": frame[5:6].with_columns(reason=pl.lit("改"))}
        )
        assert warehouse.read("populations")["report_id"].to_list() == names
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        assert warehouse.read("populations")["report_id"].to_list() == names
        assert warehouse.read("populations")["reason"][5] == "改"
