"""The base of all table contracts: strict columns, titles in Chinese, an empty frame of the right shape."""

from __future__ import annotations

from typing import Any, cast

import pandera.polars as pa
import polars as pl


class Table(pa.DataFrameModel):
    """A table of the warehouse. Every column has a Chinese `title`; columns not named here are refused."""

    class Config:
        """Columns exactly as declared; types are cast where that loses nothing."""

        strict = True
        coerce = True
        ordered = False

    @classmethod
    def schema_types(cls) -> dict[str, pl.DataType]:
        """Return the polars type of every column, in order."""
        return {name: cast(Any, column.dtype).type for name, column in cls.to_schema().columns.items()}

    @classmethod
    def empty(cls) -> pl.DataFrame:
        """Return a frame with the table's columns and no rows."""
        return pl.DataFrame(schema=cls.schema_types())

    @classmethod
    def frame(cls, rows: list[dict[str, Any]]) -> pl.DataFrame:
        """Return rows (dicts) as a frame of this table; missing keys are null. Raises on keys that are no column."""
        types = cls.schema_types()
        unknown = {key for row in rows for key in row} - types.keys()
        if unknown:
            raise KeyError(f"{cls.__name__} has no column {sorted(unknown)}")
        return pl.DataFrame([[row.get(name) for name in types] for row in rows], schema=types, orient="row")

    @classmethod
    def titles(cls) -> dict[str, str]:
        """Return the Chinese title of every column."""
        return {name: column.title or name for name, column in cls.to_schema().columns.items()}


def text(title: str, **checks: Any) -> Any:
    """Return the declaration of a text column that may be null."""
    return pa.Field(title=title, nullable=True, **checks)


def must(title: str, **checks: Any) -> Any:
    """Return the declaration of a column that is never null."""
    return pa.Field(title=title, nullable=False, **checks)
