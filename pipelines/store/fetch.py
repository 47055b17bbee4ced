"""Fetches a file from the inbox: archived first, then read from the archive. Done in other processes, so it imports
little.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.collection.parcel import Arrived, read_parcel
from pipelines.store.inbox import archive
from schemas.faults import Finding, returns


def fetch(file: Path, folder: Path, own_rules: Path | None) -> Arrived | Finding:
    """Archive a file and read it from there; a finding when it is being written or was taken away meanwhile."""
    try:
        kept = archive(file, folder)
    except OSError as error:
        return returns.NOT_TAKEN.at(file=file.name, why=error.strerror or str(error))
    return Arrived(kept.path, kept.file_name, kept.submission_id, read_parcel(kept.path, own_rules))
