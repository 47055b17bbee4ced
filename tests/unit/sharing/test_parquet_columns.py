"""Rows and columns copied from a Parquet file without decoding: the same as decoding, cutting and encoding."""

import io
from decimal import Decimal

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelines.sharing.export import one_group
from pipelines.sharing.parquet_columns import copy_rows
from pipelines.sharing.view_rows import ViewRows

NAMES = ["姓名", "证号", "金额", "户数"]
ROWS = 25


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    file = tmp_path_factory.mktemp("view") / "v.parquet"
    number = range(ROWS)
    data = {"_area_code": [f"5323281010{n // 5:02d}" for n in number], "姓名": [f"甲{n}" for n in number]}
    data |= {"证号": [None if n == 7 else f"SECRET{n:04d}" for n in number]}
    data |= {"金额": [Decimal(n) / 4 for n in number], "户数": [n or None for n in number]}
    pl.DataFrame(data, schema_overrides={"金额": pl.Decimal(24, 6)}).write_parquet(file, row_group_size=10)
    return file


def copied(source, names, span, changed=()):
    def encode(start, count, columns):
        frame = pl.read_parquet(source).slice(start, count).select(columns)
        return one_group(frame.with_columns(pl.lit("*").alias(name) for name in changed if name in columns))

    out = io.BytesIO()
    copy_rows(source, names, out, span, changed, encode)
    return out.getvalue()


@pytest.mark.parametrize("span", [(0, 25), (0, 10), (10, 15), (3, 4), (3, 19), (9, 2), (24, 1), (5, 0), (25, 0)])
@pytest.mark.parametrize("changed", [(), ("证号",)])
@pytest.mark.parametrize("names", [NAMES, NAMES[::-1], ["金额", "证号"]])
def test_any_run_of_rows_in_any_order_of_columns(source, tmp_path, span, changed, names):
    body = copied(source, names, span, changed)
    expected = pl.read_parquet(source).slice(*span).with_columns(pl.lit("*").alias(name) for name in changed)
    expected = expected.select(names)
    assert pl.read_parquet(body).equals(expected)
    assert pl.DataFrame(pq.read_table(io.BytesIO(body))).equals(expected)
    (tmp_path / "a.parquet").write_bytes(body)
    assert duckdb.sql(f"SELECT * FROM '{tmp_path / 'a.parquet'}'").pl().equals(expected)
    assert pq.ParquetFile(io.BytesIO(body)).metadata.num_rows == span[1]


def test_nothing_of_other_rows_or_columns_is_in_the_file(source):
    inside = copied(source, ["姓名", "证号"], (3, 19))
    assert [n for n in range(ROWS) if f"SECRET{n:04d}".encode() in decoded(inside)] == [*range(3, 7), *range(8, 22)]
    assert b"SECRET" not in decoded(copied(source, ["姓名", "证号"], (0, 25), ("证号",)))
    assert b"SECRET" not in decoded(copied(source, ["姓名"], (0, 25)))


def decoded(body):
    """Return everything that stands in a file: its statistics and, decompressed, its values."""
    about = pq.ParquetFile(io.BytesIO(body)).metadata
    kept = [
        str(about.row_group(g).column(c).statistics)
        for g in range(about.num_row_groups)
        for c in range(about.num_columns)
    ]
    return body + "".join(kept).encode() + repr(pq.read_table(io.BytesIO(body)).to_pydict()).encode()


def test_a_row_group_that_leaves_whole_is_copied_byte_for_byte(source):
    file = pq.ParquetFile(source).metadata.row_group(1).column(1)
    begin = file.dictionary_page_offset or file.data_page_offset
    assert source.read_bytes()[begin : begin + file.total_compressed_size] in copied(source, ["姓名"], (8, 14))


def test_columns_of_another_type_do_not_pass_for_the_same(source):
    with pytest.raises(ValueError, match="another type"):
        copy_rows(source, ["户数"], io.BytesIO(), (1, 3), (), lambda *_: one_group(pl.DataFrame({"户数": ["x"] * 3})))


@pytest.mark.parametrize(
    ("codes", "stem", "span"),
    [
        (["532328101001", "532328101001", "532328102001"], "532328101", (0, 2)),
        (["532328102001", "532328101001"], "532328", (0, 2)),
        (["532328102001", "532328101001", "532328102001"], "532328101", None),
        (["532328102001", None], "532328", None),
        (["532328102001", "532329101001"], "532328", (0, 1)),
        ([], "532328", (0, 0)),
    ],
)
def test_where_the_rows_of_an_area_lie(tmp_path, codes, stem, span):
    pl.DataFrame({"_area_code": codes}, schema={"_area_code": pl.String}).write_parquet(tmp_path / "v.parquet")
    assert ViewRows(tmp_path / "v.parquet").span(stem) == span
