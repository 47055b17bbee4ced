"""Makes `faulty/`: a county whose inputs are wrong in ways that really happen, for the tests of findings.

A register row without a template, a template without a register row, a template that cannot be opened, a report asked
for at a frequency nobody can read, an area code of eleven digits and one that stands twice. Returned workbooks that are
wrong are made from issued ones by `clerks/mistakes.py`, since only an issued workbook can be returned.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from facts import Report
from geography import Area, write_areas
from register import write_register, write_templates

GOOD, MISSING, UNREADABLE, UNREGISTERED, ODD_FREQUENCY = "MZ01", "CL02", "NY01", "FL01", "MZ03"


def write_faulty(reports: list[Report], areas: list[Area], out: Path) -> None:
    """Write the register, the areas and the templates of the faulty county."""
    by_id = {report.report_id: report for report in reports}
    out.mkdir(parents=True, exist_ok=True)
    odd = replace(by_id[ODD_FREQUENCY], facts=by_id[ODD_FREQUENCY].facts | {"frequency": "看情况"})
    broken = replace(by_id[UNREADABLE], facts=by_id[UNREADABLE].facts | {"file": "打不开的模板.xlsx"})
    write_register([by_id[GOOD], by_id[MISSING], broken, odd], out)
    write_templates([by_id[GOOD], by_id[UNREGISTERED], odd], out)
    place = out / "templates" / broken.facts["department"]
    place.mkdir(parents=True, exist_ok=True)
    (place / broken.facts["file"]).write_bytes(b"PK\x03\x04 this is not a workbook \x00\xff" * 8)
    few = areas[:6]
    wrong = [Area(few[3].code[:-1], "少一位的村", "村", few[1].code), replace(few[4], name="重复的村")]
    write_areas([*few, *wrong], out)
