"""A clerk's reply to an issued workbook: filled, with a mistake first where one is planned, dropped into the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fill import fill
from holdings import Holdings
from mistakes import SENT_AS_IS, make
from patch import save


@dataclass(frozen=True)
class Desk:
    """What a clerk works with: what is known, the planned mistakes by township, the inbox, all forms by month."""

    holdings: Holdings
    slips: dict[str, str]
    inbox: Path
    forms: Path


_desk: list[Desk] = []


def sit_down(desk: Desk) -> None:
    """Keep the desk of this process."""
    _desk[:] = [desk]


def reply(issued: Path) -> str:
    """Answer one workbook at this process's desk: with a mistake first and its correction after it, where planned.

    Returns the name of the issued file.
    """
    [desk] = _desk
    holdings, inbox, stem = desk.holdings, desk.inbox, issued.stem
    filled = fill(issued, holdings)
    kind = desk.slips.get(filled.sheets[0].area_code, "")
    first, final = inbox / f"{stem}-1初报.xlsx", inbox / f"{stem}-2更正.xlsx"
    if not kind:
        save(filled.finish(), inbox / f"{stem}.xlsx")
    elif kind == "unreadable":
        first.write_bytes(b"PK\x03\x04" + issued.read_bytes()[40:4000])
        save(filled.finish(), final)
    elif kind == "other_period":
        name = issued.name.split(" ", 1)[-1]
        months = sorted(desk.forms.glob(f"????-??/*{name}"))
        earlier = [path for path in months if path.parent != issued.parent]
        if earlier:
            save(fill(earlier[-1], holdings).finish(), first)
        save(filled.finish(), final)
    else:
        right = filled.twin()
        make(kind, filled, holdings)
        is_kept = kind in SENT_AS_IS
        save(filled.finish(), inbox / f"{stem}.xlsx" if is_kept else first)
        if not is_kept:
            save(right.finish(), final)
    return issued.name
