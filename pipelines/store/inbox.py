"""The inbox and the archive: whatever arrives is kept under the hash of its content before anybody reads it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipelines.store.workspace import file_hash


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that arrived. path: its copy in the archive, named by its hash; file_name: as it was called."""

    submission_id: str
    file_name: str
    path: Path


def archive(file: Path, folder: Path) -> Arrival:
    """Keep a file in the archive and return where; the same content is kept once. The original stays where it is.

    The copy is written aside, flushed to the disk and moved into place, so that a name in the archive always holds the
    whole content, also after a power cut.
    """
    digest = file_hash(file)
    kept = folder / digest[:2] / (digest + file.suffix.lower())
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        aside = kept.with_name(f".{kept.name}.{os.getpid()}")
        with file.open("rb") as source, aside.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        if file_hash(aside) != digest:
            aside.unlink()
            raise OSError(f"the file changed while it was read: {file.name}")
        aside.replace(kept)
    return Arrival(digest, file.name, kept)
