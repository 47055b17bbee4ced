"""The SQL texts of the sample's share views are portable: what DuckDB ran here, Spark reads unchanged."""

import json
import re

import polars as pl
import pytest
import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark

from pipelines.burden.sql import FIGURES


class SparkWithAnsiNames(Spark):
    """Spark with spark.sql.ansi.doubleQuotedIdentifiers: names in double quotes, texts in single ones."""

    class Tokenizer(Spark.Tokenizer):
        IDENTIFIERS = ("`", '"')
        QUOTES = ("'",)


BANNED = (exp.Qualify, exp.Pivot, exp.Array, exp.List, exp.Lambda, exp.Struct, exp.Unnest, exp.Lateral, exp.Anonymous)
TYPES = {"TEXT", "DECIMAL", "DOUBLE", "BIGINT", "INT", "DATE"}
"""What a text may cast to; a VARCHAR without a length is an error in Spark."""

COMPUTED = re.compile("台账（(平台取数|推算)）|本表（合计）")


def complaints(text):
    """What of a text Spark would read differently, or not at all."""
    tree = sqlglot.parse_one(text, dialect=SparkWithAnsiNames)
    found = [type(node).__name__ for node in tree.find_all(*BANNED)]
    found += [str(kind.this) for kind in tree.find_all(exp.DataType) if kind.this.value not in TYPES]
    return found + re.findall(r"\bVARCHAR\b(?!\s*\()", text)


@pytest.mark.xdist_group("demo")
def test_every_share_view_reads_the_same_in_spark(demo):
    texts = {path.stem: path.read_text(encoding="utf-8") for path in demo[0].glob("share/current/views/*.sql")}
    assert len(texts) > 60
    assert {name: found for name, text in texts.items() if (found := complaints(text))} == {}


def test_the_figures_of_the_burden_read_the_same_in_spark():
    assert complaints(FIGURES) == []


@pytest.mark.xdist_group("demo")
def test_what_is_worked_out_from_a_ledger_is_as_fresh_as_the_ledger(demo):
    made = [json.loads(path.read_text("utf-8")) for path in demo[0].glob("share/current/views/*.json")]
    worked_out = [
        (contract["id"], column["name"])
        for contract in made
        for column in contract.get("columns", [])
        if column["isGiven"]
        and re.search("台账（(平台取数|推算)）|本表（合计）", column["source"])
        and not column["freshAt"]
    ]
    assert worked_out == []


@pytest.mark.xdist_group("demo")
def test_a_total_that_neither_template_nor_ledger_holds_is_added_up(demo):
    crops = pl.read_parquet(demo[0] / "share/current/views/NY03_1.parquet")
    parts = pl.sum_horizontal("谷物_总产量", "豆类_总产量", "薯类（折粮）_总产量")
    assert crops.height > 80
    assert crops.filter((pl.col("粮食作物合计_总产量") - parts).abs() > 1e-6).is_empty()
    assert crops["粮食作物合计_总产量"].null_count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1",
        "SELECT [1, 2] AS a",
        "SELECT list_transform(a, x -> x + 1) FROM t",
        "SELECT CAST(a AS VARCHAR) FROM t",
        "SELECT strptime(a, '%Y') FROM t",
    ],
)
def test_what_is_not_portable_is_found(text):
    assert complaints(text)
