"""Zip packages (.xlsx, .docx) opened with limits: nothing is unpacked before its declared and real size are checked."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree

from pipelines.intake.sources.limits import Unreadable, limit
from schemas.faults import intake as faults

_MEGABYTE = 1024 * 1024
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises on damaged packages; RuntimeError is an encrypted entry, ValueError a bad offset."""
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True, slots=True)
class Relation:
    """One entry of a .rels part. target: path in the package, or an outside address when is_external."""

    type: str
    target: str
    is_external: bool


@dataclass(slots=True)
class Package:
    """An opened package. Names are looked up without case: some writers disagree with themselves."""

    file: str
    archive: zipfile.ZipFile
    names: dict[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Return True when the part exists."""
        return name.lower() in self.names

    def read(self, name: str) -> bytes:
        """Return a part's bytes. Raises Unreadable when it is missing, damaged or larger than the limit."""
        ceiling = limit("package", "part_megabytes") * _MEGABYTE
        head, complete = self.read_head(name, ceiling)
        if not complete:
            raise Unreadable(
                faults.TOO_LARGE.at(
                    file=self.file,
                    what=f"部件“{name}”",
                    size=f"超过 {ceiling // _MEGABYTE} MB",
                    limit=f"{ceiling // _MEGABYTE} MB",
                )
            )
        return head

    def read_head(self, name: str, ceiling: int) -> tuple[bytes, bool]:
        """Return at most `ceiling` bytes of a part, and whether that is all of it. Never unpacks more."""
        real = self.names.get(name.lower())
        if real is None:
            raise Unreadable(faults.DAMAGED.at(file=self.file, why=f"缺少部件“{name}”"))
        try:
            info = self.archive.getinfo(real)
            if info.file_size <= ceiling:
                return self.archive.read(real), True
            with self.archive.open(info) as handle:
                return handle.read(ceiling), False
        except BROKEN as error:
            raise Unreadable(faults.DAMAGED.at(file=self.file, why=f"部件“{name}”解不开")) from error

    def size(self, name: str) -> int:
        """Return the declared unpacked size of a part, 0 when there is none."""
        real = self.names.get(name.lower())
        return self.archive.getinfo(real).file_size if real else 0

    def xml(self, name: str) -> etree._Element:
        """Return the root of an XML part. Raises Unreadable when it is not well formed or declares entities."""
        return parse(self.read(name), self.file, name)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the relations of a part by id ("" for the package itself); empty when it has none."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(rels):
            return {}
        data = self.read(rels)
        return (_kept_relations if len(data) < _SHORT else _relations)(data, folder, self.file, rels)


def open_package(data: bytes, file: str) -> Package:
    """Return the opened package. Raises Unreadable when it is damaged, or declares more than the limits allow."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise Unreadable(faults.DAMAGED.at(file=file, why="压缩包不完整")) from error
    entries = archive.infolist()
    total, parts, ratio = limit("package", "total_megabytes"), limit("package", "parts"), limit("package", "ratio")
    size = sum(entry.file_size for entry in entries)
    if len(entries) > parts:
        raise Unreadable(faults.TOO_LARGE.at(file=file, what="压缩包里的部件数", size=len(entries), limit=parts))
    if size > total * _MEGABYTE:
        raise Unreadable(
            faults.TOO_LARGE.at(file=file, what="解压后的大小", size=f"{size // _MEGABYTE} MB", limit=f"{total} MB")
        )
    for entry in entries:
        if entry.file_size > _MEGABYTE and entry.file_size > ratio * max(entry.compress_size, 1):
            rate = f"{entry.file_size // max(entry.compress_size, 1)} 倍"
            what = f"部件“{entry.filename}”的压缩比"
            raise Unreadable(faults.TOO_LARGE.at(file=file, what=what, size=rate, limit=f"{ratio} 倍"))
    return Package(file, archive, {entry.filename.lower().replace("\\", "/"): entry.filename for entry in entries})


def _relations(data: bytes, folder: str, file: str, part: str) -> dict[str, Relation]:
    found: dict[str, Relation] = {}
    for entry in parse(data, file, part).iter(f"{RELATIONSHIPS}Relationship"):
        target, external = entry.get("Target") or "", (entry.get("TargetMode") or "").lower() == "external"
        if not external:
            target = target.replace("\\", "/")
            target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[entry.get("Id") or ""] = Relation((entry.get("Type") or "").rsplit("/", 1)[-1], target, external)
    return found


_SHORT = 4096
_kept: dict[tuple[bytes, str], dict[str, Relation]] = {}


def _kept_relations(data: bytes, folder: str, file: str, part: str) -> dict[str, Relation]:
    """Return the relations of a short part from memory: programs write the same ones into every file."""
    found = _kept.get((data, folder))
    if found is None:
        found = _relations(data, folder, file, part)
        if len(_kept) >= 256:
            _kept.clear()
        _kept[data, folder] = found
    return found


def parse(data: bytes, file: str, part: str) -> etree._Element:
    """Return the root of XML bytes. Raises Unreadable: not well formed, or a DOCTYPE (Office never writes one)."""
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise Unreadable(faults.ENTITY.at(file=file, part=part))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(faults.DAMAGED.at(file=file, why=f"部件“{part}”不是完整的 XML")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(faults.ENTITY.at(file=file, part=part))
    return root
