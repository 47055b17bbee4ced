"""What a fault is, and what a finding of it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of trouble. `message` is a format string; `remedy` tells the person what to do next. Both in Chinese."""

    code: str
    title: str
    message: str
    remedy: str
    severity: Severity = "error"

    def at(self, *, file: str = "", sheet: str = "", cell: str = "", report_id: str = "", **details: object) -> Finding:
        """Return the finding of this fault at a place; `details` fill the message's braces."""
        return Finding(
            code=self.code,
            severity=self.severity,
            title=self.title,
            message=self.message.format(**details),
            remedy=self.remedy,
            file=file,
            sheet=sheet,
            cell=cell,
            report_id=report_id,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault found in something that a person gave, with the place where it was found."""

    code: str
    severity: Severity
    title: str
    message: str
    remedy: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    report_id: str = ""

    def __str__(self) -> str:
        place = "".join(
            part for part in (self.file, f"[{self.sheet}]" if self.sheet else "", f" {self.cell}" if self.cell else "")
        )
        return (
            f"{self.code} {place}：{self.message}{self.remedy}" if place else f"{self.code} {self.message}{self.remedy}"
        )


def every_fault() -> dict[str, Fault]:
    """Return every fault by code. Raises ValueError when two faults share a code."""
    from importlib import import_module
    from pkgutil import iter_modules

    import schemas.faults as package

    found: dict[str, Fault] = {}
    for module in iter_modules(package.__path__):
        for fault in vars(import_module(f"schemas.faults.{module.name}")).values():
            if isinstance(fault, Fault) and found.setdefault(fault.code, fault) != fault:
                raise ValueError(f"fault code used twice: {fault.code}")
    return dict(sorted(found.items()))
