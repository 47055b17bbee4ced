"""The rows of a view's Parquet file: where an area's rows lie, and any thousand of them without reading the rest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from threading import Lock

import polars as pl

from pipelines.sharing.views.build import AREA

KEPT_GROUPS = 32
"""Row groups kept decoded in a process: 32 × 16,384 rows × 20 columns are about 200 MB."""
_GROUPS: OrderedDict[tuple[Path, int, tuple[str, ...]], pl.DataFrame] = OrderedDict()
_LOCK = Lock()


@dataclass(frozen=True)
class ViewRows:
    """A view's file, opened once; it never changes. Rows are numbered from 0 in the order of the file."""

    path: Path

    @cached_property
    def row_count(self) -> int:
        """Return the number of rows."""
        return int(self._metadata.num_rows)

    def span(self, stem: str) -> tuple[int, int] | None:
        """Return (first row, number of rows) of the areas whose codes begin with `stem`.

        None when the file is not sorted by area, so that they do not lie together; all rows always do.
        """
        codes, starts = self._runs
        if all(code.startswith(stem) for code in codes):
            return 0, self.row_count
        if starts is None:
            return None
        first, last = bisect_left(codes, stem), bisect_right(codes, stem + "\U0010ffff")
        return starts[first], starts[last] - starts[first]

    def read(self, start: int, count: int, columns: Sequence[str]) -> pl.DataFrame:
        """Return `count` rows from `start` on; only the row groups that hold them are read."""
        ends = self._group_ends
        first, last = bisect_right(ends, start), bisect_left(ends, min(start + count, self.row_count))
        if count <= 0 or first >= len(ends):
            return pl.DataFrame(schema={name: self.schema[name] for name in columns})
        before = ends[first - 1] if first else 0
        groups = [self._group(at, tuple(columns)) for at in range(first, last + 1)]
        return (groups[0] if len(groups) == 1 else pl.concat(groups)).slice(start - before, count)

    def _group(self, at: int, columns: tuple[str, ...]) -> pl.DataFrame:
        """Return a row group; the last ones are kept, for who turns pages needs the same one a dozen times."""
        import pyarrow.parquet as pq

        key = (self.path, at, columns)
        with _LOCK:
            if key in _GROUPS:
                _GROUPS.move_to_end(key)
                return _GROUPS[key]
        with pq.ParquetFile(self.path, metadata=self._metadata) as file:
            frame = pl.from_arrow(file.read_row_group(at, columns=list(columns), use_threads=False))
        if not isinstance(frame, pl.DataFrame):
            raise TypeError(type(frame))
        wanted = {name: self.schema[name] for name in columns}
        frame = frame.select(columns)
        frame = frame if dict(frame.schema) == wanted else frame.cast(pl.Schema(wanted))
        with _LOCK:
            _GROUPS[key] = frame
            while len(_GROUPS) > KEPT_GROUPS:
                _GROUPS.popitem(last=False)
        return frame

    @cached_property
    def schema(self) -> pl.Schema:
        """Return the columns with their types."""
        return pl.read_parquet_schema(self.path)  # type: ignore[return-value]

    @cached_property
    def _metadata(self):  # type: ignore[no-untyped-def]  # noqa: ANN202  (pyarrow has no types)
        import pyarrow.parquet as pq

        return pq.read_metadata(self.path)

    @cached_property
    def _group_ends(self) -> list[int]:
        about = self._metadata
        return list(accumulate(about.row_group(at).num_rows for at in range(about.num_row_groups)))

    @cached_property
    def _runs(self) -> tuple[list[str], list[int] | None]:
        """Return the area codes with the row at which each begins, and after them the number of rows.

        The rows are None, and the codes those of all runs in any order, when the file is not sorted by area.
        """
        runs = pl.scan_parquet(self.path).select(pl.col(AREA).rle()).unnest(AREA).collect()
        codes = runs["value"].fill_null("").to_list()
        if any(a >= b for a, b in pairwise(codes)):
            return list(set(codes)), None
        return codes, [0, *accumulate(runs["len"].to_list())]
