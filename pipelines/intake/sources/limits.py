"""The declared limits of reading, from `intake_limits.toml`, and the ways in which a file ends its own reading."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines import rulebook
from schemas.faults import Finding


class Unreadable(Exception):
    """A file that cannot be read, with the finding that says why. Caught where a file is opened, nowhere else."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@lru_cache
def limits(own: Path | None = None) -> dict[str, Any]:
    """Return the limits by section. own: the workspace's `rules/` folder, whose values win."""
    return rulebook.settings("intake_limits", own)


def limit(section: str, name: str) -> int:
    """Return one shipped limit, e.g. `limit("sheet", "head_rows")`."""
    return int(limits()[section][name])
