"""The kinds of damage of tests/golden/collection/damage.csv, done to a real workbook; those to whole files are here."""

from __future__ import annotations

import csv as text_csv
from pathlib import Path

import openpyxl

from pipelines.collection.layout import read_layout
from pipelines.collection.receiving.returned_copy import write_returned_copy
from schemas.faults import collection as faults
from tests.unit.collection.damage_bench import Bench, kinds
from tests.unit.collection.layout_damages import LAYOUT_DAMAGES
from tests.unit.collection.package_damages import BYTE_DAMAGES, PACKAGE_DAMAGES, Parts
from tests.unit.collection.value_damages import VALUE_DAMAGES


def _mix_township(bench: Bench) -> None:
    other = openpyxl.load_workbook(bench.other)
    source = other[next(s.name for s in read_layout(bench.other) if s.ledger == "household")]
    target = bench.book.create_sheet("借来的")
    for line in source.iter_rows():
        for cell in line:
            target.cell(cell.row, cell.column).value = cell.value


def _bytes(bench: Bench) -> bytes:
    return bench.case["value"].encode()


def _truncate(bench: Bench) -> bytes:
    return bench.path.read_bytes()[:4000]


def _encrypted(bench: Bench) -> bytes:
    stream = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream + bytes(512)


def _other_township(bench: Bench) -> bytes:
    return bench.other.read_bytes()


def _other_period(bench: Bench) -> bytes:
    return bench.earlier.read_bytes()


def _foreign(bench: Bench) -> None:
    for page in bench.book.worksheets[1:]:
        bench.book.remove(page)


def _csv(bench: Bench) -> bytes:
    target = bench.path.with_suffix(".tmp")
    with target.open("w", encoding=bench.case["value"], newline="") as handle:
        writer = text_csv.writer(handle)
        writer.writerows([["" if v is None else v for v in line] for line in bench.page.iter_rows(values_only=True)])
    return target.read_bytes()


def _filled_returned_copy(bench: Bench) -> bytes:
    """What a clerk does with a returned copy: corrects the marked cell and sends it back, list of problems and all."""
    address = f"{bench.page.cell(bench.row, bench.col).coordinate}"
    wrong = faults.VALUE_TYPE.at(
        file="交回.xlsx", sheet=bench.sheet.name, cell=address, column="x", expected="整数", example="12", value="三口"
    )
    copy = write_returned_copy(bench.path, "交回.xlsx", [wrong], bench.path.with_suffix(".copy.xlsx"))
    book = openpyxl.load_workbook(copy)
    book[bench.sheet.name][address].value = int(bench.case["value"])
    book.save(copy)
    return copy.read_bytes()


DAMAGES = VALUE_DAMAGES | LAYOUT_DAMAGES | kinds(globals())


def damage(path: Path, other: Path, earlier: Path, case: dict[str, str]) -> None:
    """Do the case's damage to the workbook at `path`."""
    kind = case["damage"]
    if kind in BYTE_DAMAGES:
        path.write_bytes(BYTE_DAMAGES[kind](path.read_bytes(), case))
        return
    if kind in PACKAGE_DAMAGES:
        parts = Parts(path, case)
        PACKAGE_DAMAGES[kind](parts)
        parts.save()
        return
    bench = Bench(path, other, earlier, case)
    data = DAMAGES[kind](bench)
    if data is not None:
        path.write_bytes(data)
    else:
        bench.book.save(path)
