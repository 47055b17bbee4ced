"""Mutates forms and reads them: python -m tests.bench.fuzz_intake [COUNT] [SEED] [FOLDER…].

Three kinds of mutation: bytes of the file, bytes of one part of a package (packed again, so that the XML behind it is
reached), and of the XML what forms are made of (merged ranges, addresses, spans, texts, styles, validations). Reading
happens in this process: an exception that is no finding ends the run with its seed, so that it can be replayed.
"""

from __future__ import annotations

import io
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.intake.read import readings
from pipelines.intake.sources import open_file
from pipelines.intake.sources.sniff import sniff
from schemas.templates import TableReading

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = (".xlsx", ".xls", ".docx", ".csv", ".json", ".html")
ODD_TEXTS = (
    "", " ", "□男 □女", "11=01+02-05",
    "=1/0", "其中：", "一、", "（一）", "年 月 日", "单位：", "\ue004", "𠮷" * 40, "1" * 400,
    "&#x0;", "&lol;", "<b>", "\r\n\t", "（（（", "）", "：：", "____" * 9, "合计" * 30, "序号", "-1", "1E400", "NaN",
)  # fmt: skip
ODD_NUMBERS = ("0", "-1", "1", "2", "65536", "1048576", "1048577", "16384", "99999999999", "4294967295", "1.5", "", "x")
ODD_PLACES = ("A0", "XFD1048576", "A1:XFD1048576", "ZZZZ9", "B2:A1", "A1:A1", "1A", "", "A1:B2:C3", "$A$1", "AAA")


def samples(folders: Sequence[Path]) -> list[Path]:
    """Return the forms to mutate, sorted, small ones only: a large one is mutated no better, only slower."""
    found = {path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES}
    return sorted(path for path in found if path.stat().st_size < 200_000)


def mutant(data: bytes, chance: random.Random) -> bytes:
    """Return a mutation of a file's bytes."""
    if zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.75:
        return _package(data, chance)
    if data.startswith(b"\xd0\xcf") and chance.random() < 0.5:
        return _records(data, chance)
    return _bytes(data, chance)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    body = bytearray(data)
    kind = chance.random()
    if kind < 0.15:
        return bytes(body[: chance.randrange(len(body) + 1)])
    for _ in range(chance.choice((1, 1, 2, 5, 20, 100))):
        if not body:
            break
        at = chance.randrange(len(body))
        if kind < 0.6:
            body[at] = chance.randrange(256)
        elif kind < 0.75:
            del body[at : at + chance.randrange(1, 64)]
        elif kind < 0.9:
            body[at:at] = chance.randbytes(chance.randrange(1, 64))
        else:
            other = chance.randrange(len(body))
            body[at : at + 32] = body[other : other + 32]
    return bytes(body)


def _records(data: bytes, chance: random.Random) -> bytes:
    """Change numbers in the middle of an Excel 97 file, where its records are, more often than its first sectors."""
    body = bytearray(data)
    for _ in range(chance.choice((1, 2, 4, 8))):
        at = chance.randrange(min(512, len(body) - 4), max(len(body) - 4, 513))
        body[at : at + 2] = chance.choice((0, 1, 255, 256, 0x7FFF, 0x8000, 0xFFFF)).to_bytes(2, "little")
    return bytes(body)


def _package(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    wanted = [name for name in names if re.search(r"sheet\d|document|styles|sharedStrings|comments|workbook", name)]
    for _ in range(chance.choice((1, 1, 2, 3))):
        name = chance.choice(wanted or names)
        kind = chance.random()
        if kind < 0.08:
            parts.pop(name, None)
        elif kind < 0.2:
            parts[name] = _bytes(parts.get(name, b""), chance)
        else:
            parts[name] = _markup(parts.get(name, b""), chance)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, body in parts.items():
            package.writestr(name, body)
    return packed.getvalue()


def _markup(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    spots = [
        (r"(?<=>)[^<>]+(?=</(?:t|w:t|v|f|formula1)>)", ODD_TEXTS + ODD_NUMBERS),
        (r'(?<=\bref=")[^"]*', ODD_PLACES),
        (r'(?<=\bsqref=")[^"]*', ODD_PLACES),
        (r'(?<=\br=")[^"]*', ODD_PLACES + ODD_NUMBERS),
        (r'(?<=\bs=")[^"]*', ODD_NUMBERS),
        (r'(?<=\bt=")[^"]*', ("s", "b", "e", "str", "inlineStr", "d", "n", "zz")),
        (r'(?<=w:val=")[^"]*', (*ODD_NUMBERS, "restart", "continue", "nil")),
        (r'(?<=Id=")[^"]*', ODD_NUMBERS),
        (r'(?<=Target=")[^"]*', ("", "/", "../../x", "http://example.invalid/a", "xl/workbook.xml")),
        (r"<[^<>]+/>", ("",)),
    ]
    for _ in range(chance.choice((1, 2, 5, 20))):
        pattern, values = chance.choice(spots)
        found = list(re.finditer(pattern, text))
        if not found:
            continue
        match = chance.choice(found)
        value = chance.choice(values)
        if chance.random() < 0.2:
            value = match[0] + value
        text = text[: match.start()] + value + text[match.end() :]
    return text.encode("utf-8", errors="replace")


def mutants(paths: Sequence[Path], count: int, seed: int) -> Iterator[tuple[int, Path, bytes]]:
    """Yield `count` mutations as (seed of this mutation, source, bytes)."""
    for number in range(seed, seed + count):
        chance = random.Random(number)
        path = paths[chance.randrange(len(paths))]
        yield number, path, mutant(path.read_bytes(), chance)


def read_mutant(folder: Path, number: int, source: Path, data: bytes) -> list[TableReading]:
    """Read a mutation in this process. What kind needs LibreOffice ends in the finding that there is none."""
    path = folder / f"{number}{source.suffix}"
    path.write_bytes(data)
    try:
        return readings(open_file(path))
    finally:
        path.unlink()


def main() -> None:
    """Read COUNT mutations; print how many, how long, the slowest, and how many were still understood."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    folders = [Path(name) for name in sys.argv[3:]] or [ROOT / "data" / "sample"]
    paths = samples(folders)
    started, slowest, understood = time.perf_counter(), (0.0, 0), 0
    with tempfile.TemporaryDirectory() as folder:
        for number, path, data in mutants(paths, count, seed):
            before = time.perf_counter()
            try:
                tables = read_mutant(Path(folder), number, path, data)
            except Exception:  # whatever it is, say which mutation before it goes on up
                print(f"mutation {number} of {path.name} ({sniff(data)}) is not read:", file=sys.stderr)
                raise
            slowest = max(slowest, (time.perf_counter() - before, number))
            understood += any(table.fields for table in tables)
    seconds = time.perf_counter() - started
    print(f"{count} mutations of {len(paths)} forms: {seconds:.1f} s, {understood} still gave fields,", end=" ")
    print(f"slowest {slowest[0]:.2f} s (mutation {slowest[1]})")


if __name__ == "__main__":
    main()
