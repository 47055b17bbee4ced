"""What was not clear-cut in a reading, as findings, and how sure the reader is of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from schemas.faults import Finding
from schemas.faults import layout as faults
from schemas.templates import PATH_SEPARATOR, TableReading

SURE = 0.75
"""Below this confidence a steward is asked to look; measured on the real forms: every wrong table was below it."""
_LAYOUTS = {"roster": "花名册", "statistics": "统计表", "card": "登记表", "list": "台账"}


def with_doubts(reading: TableReading) -> TableReading:
    """Return the reading with a finding per doubt and its confidence lowered by what its findings say."""
    found = [*reading.findings, *_repeated(reading)]
    if reading.layout == "statistics" and reading.fields and not reading.form_code:
        found.append(faults.FORM_CODE_MISSING.at(file=reading.file, sheet=reading.sheet))
    confidence = round(max(0.1, reading.confidence - _weight(found, len(reading.fields))), 2)
    if reading.fields and reading.layout and confidence < SURE:
        layout = _LAYOUTS[reading.layout]
        found.append(
            faults.LAYOUT_DOUBTFUL.at(
                file=reading.file, sheet=reading.sheet, layout=layout, confidence=f"{confidence:.0%}"
            )
        )
    return replace(reading, findings=tuple(found), confidence=confidence)


def _repeated(reading: TableReading) -> list[Finding]:
    counts = Counter(field.path for field in reading.fields if field.inline is None)
    found = []
    for path, count in counts.items():
        if count > 1:
            cell = next(field.cell for field in reading.fields if field.path == path)
            text = PATH_SEPARATOR.join(path)
            found.append(
                faults.PATH_TWICE.at(file=reading.file, sheet=reading.sheet, cell=cell, path=text, count=count)
            )
    return found


def _weight(findings: Sequence[Finding], fields: int) -> float:
    """Return how much the findings take from the confidence: labels without a blank weigh most."""
    codes = Counter(finding.code for finding in findings)
    unplaced = codes[faults.LABEL_WITHOUT_BLANK.code] / max(1, fields)
    repeated = codes[faults.PATH_TWICE.code] / max(1, fields)
    doubtful = codes[faults.ROW_PLACE.code] / max(1, fields)
    return min(0.6, unplaced + 0.2 * repeated + 0.3 * doubtful)
