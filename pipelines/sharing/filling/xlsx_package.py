"""The parts of a workbook file (.xlsx): taken out, replaced, written again, all others as they were stored."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import unescape

from pipelines.sharing.filling.sheet_xml import attributes_of, read_text


@dataclass(slots=True)
class Package:
    """The parts of a workbook file; changed ones replaced, the rest copied as stored."""

    parts: dict[str, bytes]
    order: list[zipfile.ZipInfo]
    changed: dict[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a part as text, with the changes made so far."""
        return self.changed.get(name, self.parts[name]).decode("utf-8-sig")

    def set(self, name: str, text: str) -> None:
        """Replace a part when its text differs."""
        if text.encode() != self.parts[name].removeprefix(b"\xef\xbb\xbf"):
            self.changed[name] = text.encode()


def open_package(data: bytes) -> Package:
    """Return the parts of a workbook file. Raises ValueError when it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return Package({info.filename: archive.read(info) for info in archive.infolist()}, archive.infolist())
    except zipfile.BadZipFile as error:
        raise ValueError("not an .xlsx package") from error


def save_package(package: Package) -> bytes:
    """Return the file's bytes; they depend only on the parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in package.order:
            if info.filename in package.parts:
                entry = zipfile.ZipInfo(info.filename, info.date_time)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = info.external_attr
                archive.writestr(
                    entry, package.changed.get(info.filename, package.parts[info.filename]), compresslevel=4
                )
    return buffer.getvalue()


def sheet_parts(package: Package) -> dict[str, str]:
    """Return the part name of every worksheet by its sheet name, in the workbook's order."""
    workbook = workbook_part(package)
    targets = relations(package, workbook)
    found = {}
    for match in re.finditer(r"<(?:\w+:)?sheet\b([^>]*?)/?>", package.text(workbook)):
        attributes = attributes_of(match[1])
        relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        if relation in targets:
            found[unescape(attributes["name"], {"&quot;": '"', "&apos;": "'"})] = targets[relation]
    return found


def shared_strings(package: Package) -> list[str]:
    """Return the shared strings of the workbook."""
    name = next((part for part in package.parts if part.lower().endswith("sharedstrings.xml")), None)
    if name is None:
        return []
    return [
        read_text(match[1] or "")
        for match in re.finditer(r"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", package.text(name), re.S)
    ]


def workbook_part(package: Package) -> str:
    """Return the name of the part that lists the sheets."""
    targets = relations(package, "")
    return next((part for part in targets.values() if "workbook" in part), "xl/workbook.xml")


def relations(package: Package, part: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the id of the relation; outside targets are left out."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in package.parts:
        return {}
    found = {}
    for match in re.finditer(r"<(?:\w+:)?Relationship\b([^>]*?)/?>", package.text(rels)):
        attributes = attributes_of(match[1])
        if attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            joined = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[attributes["Id"]] = joined
    return found


def recalculate_on_load(package: Package) -> None:
    """Have formulas computed when the file is opened; only where the workbook has any."""
    if not any(re.search(rb"<(?:\w+:)?f[ >]", package.changed.get(part, b"")) for part in package.changed):
        return
    workbook = workbook_part(package)
    text = package.text(workbook)
    if "fullCalcOnLoad" not in text:
        if re.search(r"<(?:\w+:)?calcPr\b", text):
            text = re.sub(r"(<(?:\w+:)?calcPr\b)", r'\1 fullCalcOnLoad="1"', text, count=1)
        else:
            prefix = (re.search(r"<((?:\w+:)?)sheets\b", text) or [""] * 2)[1]
            element = f'<{prefix}calcPr fullCalcOnLoad="1"/>'
            end = re.search(rf"</{prefix}definedNames>", text) or re.search(rf"</{prefix}sheets>", text)
            text = text[: end.end()] + element + text[end.end() :] if end else text
        package.set(workbook, text)
    chain = next((part for part in package.parts if part.endswith("calcChain.xml")), None)
    if chain:
        package.parts.pop(chain)
        for part in ("[Content_Types].xml", posixpath.join("xl/_rels", posixpath.basename(workbook) + ".rels")):
            package.set(part, re.sub(r"<(?:Override|Relationship)\b[^>]*calcChain[^>]*/>", "", package.text(part)))
