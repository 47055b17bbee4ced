"""The auditor's copy: every input and result of the figures of a day, as Parquet with hashes, and how to recompute.

<root>/<YYYY-MM-DD>/ holds one Parquet file per frame, assumptions.json and manifest.json. It holds counts, never a
person's data. A day's copy is written once; the same content is left alone, another content replaces it whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.burden.assumptions import Assumptions, assumptions
from pipelines.burden.counts import Counts
from pipelines.burden.figures import Burden, figures
from pipelines.burden.inputs import Inputs
from schemas.faults import Finding
from schemas.faults import burden as faults

_COUNTS = tuple(field.name for field in fields(Counts))
_FRAMES = tuple(field.name for field in fields(Inputs) if field.name not in ("counts", "as_of"))
_LATER = tuple(field.name for field in fields(Inputs) if field.default_factory is not MISSING)
"""Frames that copies of before have not; they were empty then."""

TOLERANCE = 1e-9
"""Relative difference up to which a recomputed figure is the same; sums of floats depend on the order of adding."""


def tables(inputs: Inputs, burden: Burden | None = None) -> dict[str, pl.DataFrame]:
    """Return the frames of a state by name: inputs, counts, and the results when given."""
    named = {name: getattr(inputs, name) for name in _FRAMES} | {name: getattr(inputs.counts, name) for name in _COUNTS}
    return named | ({} if burden is None else {"burden_figures": burden.figures, "burden_rows": burden.rows})


def keep(root: Path, inputs: Inputs, burden: Burden, own_rules: Path | None = None) -> Path:
    """Write the copy of inputs.as_of below `root` and return its folder."""
    folder, aside = root / inputs.as_of, root / f".{inputs.as_of}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, frame in tables(inputs, burden).items():
        frame.write_parquet(aside / f"{name}.parquet", compression="zstd", statistics=False)
    (aside / "assumptions.json").write_text(_json(_plain(assumptions(own_rules))), encoding="utf-8")
    manifest = {
        "as_of": inputs.as_of,
        "baseline_version": inputs.baseline["baseline_version"][0] if inputs.baseline.height else "",
        "baseline_hash": inputs.baseline["content_hash"][0] if inputs.baseline.height else "",
        "recompute": f"oneform burden --as-of {inputs.as_of}",
        "files": {path.name: _hash(path) for path in sorted(aside.iterdir())},
    }
    (aside / "manifest.json").write_text(_json(manifest), encoding="utf-8")
    if folder.exists() and (folder / "manifest.json").read_bytes() == (aside / "manifest.json").read_bytes():
        shutil.rmtree(aside)
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(aside, folder)
    return folder


def latest(root: Path, day: str) -> Path | None:
    """Return the folder of the last copy made on or before a day (YYYY-MM-DD); None when there is none."""
    kept = [path for path in _days(root) if path.name <= day]
    return kept[-1] if kept else None


def check(folder: Path) -> list[Finding]:
    """Return a finding for every file of a copy whose hash is not the manifest's, missing files included."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [
        faults.EVIDENCE_CHANGED.at(file=name, name=name)
        for name, expected in manifest["files"].items()
        if not (folder / name).exists() or _hash(folder / name) != expected
    ]


def load(folder: Path) -> tuple[Inputs, Burden, Assumptions]:
    """Return what a copy holds: the inputs, the figures and rows of then, and the assumptions of then."""
    named = [name for name in (*_FRAMES, *_COUNTS) if name not in _LATER or (folder / f"{name}.parquet").exists()]
    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in named}
    counts = Counts(**{name: frames.pop(name) for name in _COUNTS})
    inputs = Inputs(counts=counts, as_of=folder.name, **frames)
    figures_then, rows_then = (pl.read_parquet(folder / f"burden_{name}.parquet") for name in ("figures", "rows"))
    then = Burden(figures_then, rows_then, findings=[])
    said = json.loads((folder / "assumptions.json").read_text(encoding="utf-8"))
    said["rows"] = {tuple(key.split("|")): value for key, value in said["rows"].items()}
    return inputs, then, Assumptions(**said)


def state(folder: Path) -> Inputs:
    """Return the inputs of a copy."""
    return load(folder)[0]


def recompute(root: Path, day: str) -> tuple[Burden | None, list[Finding]]:
    """Return the figures of a past day, computed again from that day's inputs and assumptions, and what is wrong.

    Findings: no copy of that day (OF-521, then no figures), a changed file (OF-522), a baseline that was touched
    (OF-520), a figure that comes out differently (OF-523).
    """
    folder = latest(root, day)
    if folder is None:
        days = _days(root)
        return None, [faults.EVIDENCE_MISSING.at(day=day, first=days[0].name if days else "（还没有）")]
    findings = check(folder)
    if any(not (folder / finding.file).exists() for finding in findings):
        return None, findings
    inputs, then, assumed = load(folder)
    now = figures(inputs, assumed=assumed)
    return now, findings + differences(folder.name, then.figures, now.figures) + now.findings


def differences(day: str, stored: pl.DataFrame, computed: pl.DataFrame) -> list[Finding]:
    """Return a finding for every figure (both BurdenFigures) that is not in both or not the same in both."""
    key = ["figure", "scope", "scope_value"]
    both = stored.join(computed, on=key, how="full", coalesce=True, suffix="_now").sort(key)
    found = []
    for row in both.iter_rows(named=True):
        for side in ("before", "after"):
            then, now = row[side], row[f"{side}_now"]
            if (then is None) != (now is None) or abs((then or 0) - (now or 0)) > TOLERANCE * max(abs(then or 0), 1):
                scope = f"{row['scope']}·{row['scope_value']}"
                stored_value, new_value = ("无" if value is None else f"{value:g}" for value in (then, now))
                found.append(
                    faults.FIGURES_DIFFER.at(
                        day=day, figure=row["figure"], scope=scope, stored=stored_value, computed=new_value
                    )
                )
    return found


def trend(root: Path, scope: str = "全县") -> pl.DataFrame:
    """Return the figures of one scope over all copies (BurdenFigures rows, by as_of)."""
    kept = [pl.read_parquet(path / "burden_figures.parquet").filter(pl.col("scope") == scope) for path in _days(root)]
    from schemas.burden import BurdenFigures

    return pl.concat([BurdenFigures.empty(), *kept])


def _days(root: Path) -> list[Path]:
    if not root.exists():
        return []
    return sorted(path for path in root.iterdir() if (path / "manifest.json").exists() and path.name[0].isdigit())


def _plain(assumed: Assumptions) -> dict[str, Any]:
    return asdict(assumed) | {"rows": {"|".join(key): value for key, value in assumed.rows.items()}}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
