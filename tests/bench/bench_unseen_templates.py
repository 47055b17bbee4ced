"""What to expect of templates from a place nobody has seen: words that only one source prints are not known.

Needs labelled forms: ONEFORM_FORMS names a folder with `raw/<source>/…` and `gold/templates/<source>/….json` (per file
a list of tables with `sheet`, `title` and `fields` of `path`, `cell`, `inline`). Without it the bench says so and ends.

Too favourable: rules in code cannot be left out, and they were written with all sources in view.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipelines import rulebook
from pipelines.intake.read import look, readings
from pipelines.intake.sources import open_files
from pipelines.intake.wording import datatypes, vocabulary
from pipelines.text import fold, squeeze
from schemas.templates import TableReading

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "templates"
COLUMN = {"intake_words": "word", "intake_units": "unit", "intake_frame": "label", "intake_unit_types": "unit"}
"""Vocabularies of the reader, and the column that holds the word."""
Field = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Left:
    """A source that is left out. others: texts that all other forms print; mine: texts that its own forms print."""

    source: str
    files: tuple[Path, ...]
    gold: tuple[Path, ...]
    others: frozenset[str]
    mine: frozenset[str]


def run() -> dict[str, float | int | str]:
    """Return per source, and over all, the mean F1 of the fields of a table, and how many words were left out."""
    folder = os.environ.get("ONEFORM_FORMS")
    if not folder:
        return {"unseen templates": "ONEFORM_FORMS names no folder of labelled forms"}
    lefts = _lefts(Path(folder))
    figures: dict[str, float | int | str] = {}
    scores: list[float] = []
    with ProcessPoolExecutor(mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for left, (mine, dropped) in zip(lefts, pool.map(_score, lefts), strict=True):
            figures |= {f"{left.source}: tables": len(mine), f"{left.source}: words left out": dropped}
            figures[f"{left.source}: macro F1"] = sum(mine) / len(mine)
            scores += mine
    return figures | {"all: tables": len(scores), "all: macro F1": sum(scores) / len(scores)}


def _lefts(folder: Path) -> list[Left]:
    labelled = sorted((folder / "gold" / "templates").rglob("*.json"))
    raw = [path for path in sorted((folder / "raw").rglob("*")) if path.is_file() and path.suffix != ".tsv"]
    texts: dict[str, set[str]] = defaultdict(set)
    sample = [path for path in sorted(SAMPLE.rglob("*")) if path.is_file() and path.suffix != ".toml"]
    for seen in look([*raw, *sample]):
        source = seen.path.relative_to(folder / "raw").parts[0] if folder in seen.path.parents else ""
        for grid in seen.grids:
            printed = [*(cell.text for cell in grid.cells.values()), *(text for _, text in grid.before + grid.after)]
            texts[source].update(map(squeeze, printed))
    found = []
    for source in sorted({path.relative_to(folder / "gold" / "templates").parts[0] for path in labelled}):
        gold = tuple(path for path in labelled if path.relative_to(folder / "gold" / "templates").parts[0] == source)
        files = tuple(folder / "raw" / path.relative_to(folder / "gold" / "templates").with_suffix("") for path in gold)
        others = frozenset().union(*(some for name, some in texts.items() if name != source))
        found.append(Left(source, files, gold, others, frozenset(texts[source])))
    return found


def _score(left: Left) -> tuple[list[float], int]:
    """Return the F1 of each labelled table of a source, read without the words that only it prints."""
    kept, dropped = _kept(left)

    def rows(name: str, *args: Any, **more: Any) -> Sequence[Mapping[str, str]]:
        return kept[name] if name in kept else rulebook.rows(name, *args, **more)

    with patch.object(vocabulary, "rows", rows), patch.object(datatypes, "rows", rows):
        opened = open_files(list(left.files))
        read = {path: readings(opened[path]) for path in left.files}
    scores = []
    for path, gold in zip(left.files, left.gold, strict=True):
        tables = json.loads(gold.read_text(encoding="utf-8"))
        if isinstance(tables, list):
            scores += [_best(table, read[path]) for table in tables if table.get("fields")]
    return scores, dropped


def _kept(left: Left) -> tuple[dict[str, list[dict[str, str]]], int]:
    """Return the vocabularies without the words that this source prints and no other does, and how many went."""
    others, mine = ("\n".join(map(fold, texts)) for texts in (left.others, left.mine))
    kept: dict[str, list[dict[str, str]]] = {}
    dropped = 0
    for name, column in COLUMN.items():
        every = [dict(row) for row in rulebook.rows(name)]
        kept[name] = [row for row in every if not _is_own(row[column], left, others, mine)]
        dropped += len(every) - len(kept[name])
    return kept, dropped


def _is_own(word: str, left: Left, others: str, mine: str) -> bool:
    if not word.startswith("~"):
        return fold(word) in mine and fold(word) not in others
    pattern = re.compile(word[1:])
    return any(map(pattern.search, left.mine)) and not any(map(pattern.search, left.others))


def _best(table: Mapping[str, Any], read: Sequence[TableReading]) -> float:
    """Return the F1 of the table read that fits a labelled table best: same path, cell and place within the cell."""
    optional = set(table.get("optional_cells", []))
    wanted = {_key(one["path"], one["cell"], one.get("inline")) for one in table["fields"]}
    best = 0.0
    for reading in read:
        found = {_key(one.path, one.cell, one.inline) for one in reading.fields if one.cell not in optional}
        needed = {key for key in wanted if key[1] not in optional}
        if reading.sheet == table["sheet"] and found | needed:
            best = max(best, 2 * len(found & needed) / (len(found) + len(needed)))
    return best


def _key(path: Sequence[str], cell: str, inline: int | None) -> Field:
    """Return what tells a field; one within a cell's text is told by its place alone."""
    return ("" if inline else squeeze("/".join(path)), cell, inline or 0)
