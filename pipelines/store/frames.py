"""Frames as a folder of Parquet files, swapped in whole."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl


def write_frames(frames: Mapping[str, pl.DataFrame], folder: Path) -> list[Path]:
    """Write every frame as `<name>.parquet` into a folder made aside and then swapped in; return the paths."""
    aside = folder.with_name(folder.name + ".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, frame in frames.items():
        frame.write_parquet(aside / f"{name}.parquet")
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    return [folder / f"{name}.parquet" for name in frames]


def read_frames(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the frames of a folder by name; none when there is no such folder."""
    return {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
