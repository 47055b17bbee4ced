"""Matching against gold, beside the peers reproduced on the same fields; calibration; speed.

Gold is the sample county's truth (data/sample/truth/fields.csv: a concept per field). With ONEFORM_GOLD set to a folder
with `fields/*.json` and `fields_gold.csv` (form_id, field_index, role, element_key), that gold is measured instead.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from pipelines.catalogue.desk.folder import read_field_lists
from pipelines.catalogue.match import FIELD_TYPES, Matched, match
from pipelines.catalogue.meaning.labels import clean
from schemas.templates import PATH_SEPARATOR
from tests.bench.fit_calibration import read_families, read_gold
from tests.bench.unseen import left_out, reliability_plot

TRUTH = Path(__file__).resolve().parents[2] / "data" / "sample" / "truth" / "fields.csv"
PEER_PYTHON = Path(__file__).resolve().parents[2] / ".venv" / "peers" / "bin" / "python"
COUNTY, PROVINCE = 11_000, 200_000
FUZZY, COSINE = 85, 0.8
Groups = Mapping[str, str]
Pairs = set[tuple[str, str]]


def run() -> dict[str, float | int | str]:
    """Return precision, recall and F1 of ours and of the peers, the review list's worth, calibration and speed."""
    fields, gold = _gold()
    found, seconds = _timed(fields)
    groups = {field: key for field, key in found.groups.iter_rows() if field in gold}
    wanted, merged = _pairs(gold), _pairs(groups)
    asked = {frozenset(pair) for pair in found.pairs.select("left_key", "right_key").iter_rows()}
    asked = {pair for pair in asked if pair <= set(groups.values())}
    rescued = [pair for pair in wanted - merged if frozenset(groups[field] for field in pair) in asked]
    answered = {frozenset(groups[field] for field in pair) for pair in rescued}
    figures: dict[str, float | int | str] = {"fields": len(gold), "gold_pairs": len(wanted), "seconds": seconds}
    figures |= _figures("ours", merged, wanted)
    figures |= {
        "ours_recall_with_review": len(wanted & merged | set(rescued)) / len(wanted),
        "review_rows": len(asked),
        "review_precision": len(answered) / (len(asked) or 1),
    }
    figures |= _reliability(found, groups, gold)
    for name, peer in PEERS.items():
        figures |= _figures(name, peer(_labels(fields, gold)), wanted)
    started = time.process_time()
    match(fields)
    figures |= _coma(_labels(fields, gold), wanted, time.process_time() - started) | _unseen()
    for name, size in (("county", COUNTY), ("province", PROVINCE)):
        varied = _varied(fields, size)
        _, seconds = _timed(varied)
        figures |= {f"{name}_fields": varied.height, f"{name}_seconds": seconds}
        figures[f"{name}_ms_per_1000_fields"] = seconds * 1e6 / varied.height
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def _coma(labels: Groups, wanted: Pairs, seconds: float) -> dict[str, float | int | str]:
    """Return COMA's figures and how many times faster ours is on the same fields, after `make bench-peers`.

    seconds: processor seconds of ours; COMA's are, too, so that a busy machine favours neither.
    """
    if not PEER_PYTHON.exists():
        return {"coma": "没有安装：make bench-peers"}
    forms: dict[str, list[str]] = defaultdict(list)
    names: dict[tuple[str, int], str] = {}
    for field, label in sorted(labels.items()):
        form = field.rsplit("#", 1)[0]
        names[form, len(forms[form])] = field
        forms[form].append(label)
    script = Path(__file__).with_name("peer_coma.py")
    done = subprocess.run([PEER_PYTHON, script], input=json.dumps(forms), capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    pairs = {tuple(sorted((names[a, m], names[b, n]))) for a, m, b, n, _ in told["pairs"]}
    found = {(left, right) for left, right in pairs}
    return _figures("coma_pinyin_0.9", found, wanted) | {
        "coma_seconds": told["seconds"],
        "times_faster_than_coma": told["seconds"] / seconds,
    }


def _unseen() -> dict[str, float | int | str]:
    """Return what to expect of forms that nobody has seen."""
    folder = os.environ.get("ONEFORM_GOLD")
    labelled = read_gold(Path(folder)) if folder else read_families()
    return left_out(labelled) | reliability_plot()


def _gold() -> tuple[pl.DataFrame, dict[str, str]]:
    folder = os.environ.get("ONEFORM_GOLD")
    if folder:
        fields = read_field_lists(Path(folder) / "fields")
        rows = _csv(Path(folder) / "fields_gold.csv")
        return fields, {f"{r['form_id']}#{r['field_index']}": r["element_key"] for r in rows if r["role"] == "fill"}
    numbers: Counter[str] = Counter()
    table, gold = [], {}
    for row in _csv(TRUTH):
        form = f"{row['report_id']}.{row['table_no']}"
        field = f"{form}#{numbers[form]}"
        table.append(
            dict.fromkeys(FIELD_TYPES, "")
            | {"field_id": field, "form_id": form, "form_title": Path(row["file"]).stem, "unit": row["unit"]}
            | {"path": row["path"].replace("/", PATH_SEPARATOR), "field_no": numbers[form]}
        )
        numbers[form] += 1
        if row["role"] == "fill" and row["concept"]:
            gold[field] = row["concept"]
    return pl.DataFrame(table, schema=FIELD_TYPES), gold


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _timed(fields: pl.DataFrame) -> tuple[Matched, float]:
    started = time.perf_counter()
    found = match(fields)
    return found, time.perf_counter() - started


def _pairs(groups: Groups) -> Pairs:
    members: dict[str, list[str]] = defaultdict(list)
    for field, key in groups.items():
        members[key].append(field)
    return {pair for listed in members.values() for pair in _across_forms(listed)}


def _across_forms(fields: list[str]) -> Iterator[tuple[str, str]]:
    for left, right in combinations(sorted(fields), 2):
        if left.rsplit("#", 1)[0] != right.rsplit("#", 1)[0]:
            yield left, right


def _figures(name: str, found: Pairs, wanted: Pairs) -> dict[str, float | int]:
    right = len(found & wanted)
    precision, recall = right / (len(found) or 1), right / len(wanted)
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    return {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": f1}


def _reliability(found: Matched, groups: Groups, gold: Groups) -> dict[str, float | int]:
    """Return for bins of the probability how many questions there were and which share was right."""
    meaning: dict[str, Counter[str]] = defaultdict(Counter)
    for field, key in groups.items():
        meaning[key][gold[field]] += 1
    bins: dict[str, list[bool]] = defaultdict(list)
    for left, right, chance in found.pairs.select("left_key", "right_key", "probability").iter_rows():
        if left in meaning and right in meaning:
            name = next(f"{low:.2f}" for low in (0.95, 0.75, 0.5, 0.0) if chance >= low)
            bins[name].append(bool(meaning[left].keys() & meaning[right].keys()))
    return {
        f"asked_from_{name}_{what}": value
        for name, right in sorted(bins.items())
        for what, value in (("count", len(right)), ("right", sum(right) / len(right)))
    }


def _labels(fields: pl.DataFrame, gold: Groups) -> dict[str, str]:
    paths = dict(fields.select("field_id", "path").iter_rows())
    return {field: clean(paths[field].split(PATH_SEPARATOR)[-1]).text for field in gold}


def _alike(labels: Groups, near: Callable[[list[str]], np.ndarray]) -> Pairs:
    """Return the pairs of fields whose labels are near; near: labels → matrix of booleans."""
    members: dict[str, list[str]] = defaultdict(list)
    for field, label in labels.items():
        members[label].append(field)
    names = sorted(members)
    rows, columns = np.nonzero(np.triu(near(names)))
    found = {
        (min(a, b), max(a, b))
        for row, column in zip(rows, columns, strict=True)
        for a in members[names[row]]
        for b in members[names[column]]
    }
    return {pair for pair in found if pair[0].rsplit("#", 1)[0] != pair[1].rsplit("#", 1)[0]}


def _fuzzy(names: list[str]) -> np.ndarray:
    return process.cdist(names, names, scorer=fuzz.ratio) >= FUZZY


def _ngram_cosine(names: list[str]) -> np.ndarray:
    grams = [Counter(name[i : i + n] for n in (1, 2, 3) for i in range(len(name) - n + 1)) for name in names]
    column = {gram: number for number, gram in enumerate(sorted({gram for counts in grams for gram in counts}))}
    table = np.zeros((len(names), len(column) or 1), dtype=np.float32)
    for row, counts in enumerate(grams):
        for gram, count in counts.items():
            table[row, column[gram]] = count
    table *= np.log((1 + len(names)) / (1 + (table > 0).sum(axis=0))) + 1
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    return table @ table.T >= COSINE


PEERS: dict[str, Callable[[Groups], Pairs]] = {
    "exact_label": _pairs,
    "rapidfuzz_85": lambda labels: _alike(labels, _fuzzy),
    "ngram_tfidf_0.8": lambda labels: _alike(labels, _ngram_cosine),
}
"""Published baselines on the cleaned leaf label."""


def _varied(fields: pl.DataFrame, size: int) -> pl.DataFrame:
    """Return `size` fields: copies of the forms for ever other places, every seventh label written differently."""
    copies = []
    for number in range(size // fields.height + 1):
        mark = chr(0x4E00 + number % 5000) + chr(0x5E00 + number // 5000)
        written = (
            pl.when(pl.int_range(pl.len()) % 7 == number % 7).then(pl.col("path") + mark).otherwise(pl.col("path"))
        )
        place = [pl.col(name) + f"@{number}" for name in ("field_id", "form_id")]
        copies.append(fields.with_columns(*place, pl.lit(f"{mark}县").alias("place"), path=written))
    whole = pl.concat(copies).head(size)
    return whole.with_columns(form_title=pl.col("place") + pl.col("form_title")).drop("place")
