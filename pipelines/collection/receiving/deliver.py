"""Hands out what a clerk gets back: the receipt and, for a returned file, the marked copy.

Both depend on nothing but the archive and what the warehouse holds, so that they can be made again after a kill.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.collection.receiving.receipt import write_receipt
from pipelines.collection.receiving.returned_copy import write_returned_copy
from schemas.faults import Finding


def deliver(
    submission: Mapping[str, Any],
    findings: Sequence[Finding],
    path: Path,
    folder: Path,
    unit: str,
    receipt_file: str = "",
) -> tuple[Path, ...]:
    """Write receipt and returned copy of a submission (row of Submissions) into a folder; return their paths.

    path: the file in the archive; unit: the respondent's name; receipt_file: another name for the receipt, of a file
    that came again. What is there already is written over with the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    if submission["returned_file"] and not receipt_file:
        copy = folder / submission["returned_file"]
        write_returned_copy(path, submission["file_name"], findings, copy)
        written.append(copy)
    receipt = folder / (receipt_file or submission["receipt_file"])
    write_receipt(receipt, submission, findings, unit)
    return (*written, receipt)
