"""Many returned workbooks at once, each of a township of its own: one filled workbook, its ids written over.

Also the workspace that waits for them, with everything the step of receiving reads.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.collection.check_digits import id_check
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from schemas.ledgers import IssuedWorkbooks
from schemas.organisations import Areas
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, VILLAGES, Office, areas

MONTH = "2025-12"
_ID_NUMBER = re.compile(rb"\b530100(\d{11})[\dX]\b")


@dataclass(frozen=True)
class Many:
    """Files of as many townships; place: the workspace whose inbox they are in."""

    place: Workspace
    files: list[Path]
    values: int
    """Values that each of them posts."""


def many(folder: Path, count: int, people: int = 12, villages: int = 7) -> Many:
    """Make a workspace with `count` files in its inbox, each with the answers for so many people."""
    office = Office(folder / "office")
    issued = office.issue(MONTH)[EAST]
    filled = fill(issued, folder / "filled.xlsx", people=people)
    place = Workspace(folder / "home")
    place.inbox.mkdir(parents=True)
    with zipfile.ZipFile(filled) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    codes = [f"53{2000 + number}101" for number in range(count)]  # none is the made-up county itself
    files = [_variant(parts, code, place.inbox / f"{code}.xlsx") for code in codes]
    prepare(place, office, codes)
    [receipt] = office.receive(MONTH, filled)
    assert receipt.is_accepted, [str(finding) for finding in receipt.findings]
    return Many(place, files, receipt.values.height)


def prepare(place: Workspace, office: Office, codes: list[str]) -> None:
    """Write what receiving reads into the workspace's warehouse, for townships with these codes (9 digits)."""
    [known] = office.issued.filter(area_code=EAST).to_dicts()
    rows = [
        known | {"workbook_id": f"{code}000@{MONTH}", "area_code": f"{code}000", "file": f"{code}.xlsx"}
        for code in codes
    ]
    names = ("area_code", "area_name", "area_level", "parent_code")
    own = [(code, name) for code, name in VILLAGES.items() if code.startswith(EAST[:9])]
    more = [(f"{code}000", f"第{number}镇", "乡镇", None) for number, code in enumerate(codes, 1)]
    more += [(f"{code}{old[9:]}", name, "村", f"{code}000") for code in codes for old, name in own]
    places = pl.concat([areas(), Areas.frame([dict(zip(names, row, strict=True)) for row in more])])
    tables = {"fill_plan": office.made.fill_plan, "areas": places, "issued_workbooks": IssuedWorkbooks.frame(rows)}
    tables |= {name: office.frames[name] for name in ("elements", "report_fields", "element_map", "template_checks")}
    with Warehouse(place.database) as warehouse:
        warehouse.write(tables)


def _variant(parts: dict[str, bytes], code: str, target: Path) -> Path:
    """Write the workbook of the township `code`: its area codes and ID numbers differ from all others."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts.items():
            if name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/sheet"):
                data = data.replace(EAST[:9].encode(), code.encode())
                data = _ID_NUMBER.sub(lambda match: _id(code[:6], match[1].decode()), data)
            package.writestr(name, data)
    return target


def _id(county: str, rest: str) -> bytes:
    return (county + rest + id_check(county + rest)).encode()
