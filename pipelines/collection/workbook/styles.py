"""How a fill-once workbook looks: few colours, each with one meaning."""

from __future__ import annotations

from typing import Any

FONT = "微软雅黑"
INK, QUIET, LINE = "#1F2A37", "#6B7280", "#D5DAE1"
HEAD, PREFILLED, KEY, ACCENT = "#E3EBF4", "#ECEFF2", "#D5E2EE", "#2F5D8A"
"""Header, what is already known, a key's header, titles."""
NEEDED = "#FFF6D6"
"""What is still to be filled; the colour goes when something is written."""
DOUBTED = "#FFF1CC"
"""A value that somebody asks to have checked."""

NUMBER_FORMATS = {
    "integer": "0",
    "decimal": "0.######",
    "date": "yyyy-mm-dd",
    "identifier": "@",
    "text": "@",
    "code": "@",
    "boolean": "@",
}

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
_CELL = _BASE | {"border": 1, "border_color": LINE}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._cells: dict[tuple[str, bool, bool, bool, bool], Any] = {}
        self.title = book.add_format(_BASE | {"font_size": 16, "bold": True, "font_color": ACCENT})
        self.note = book.add_format(_BASE | {"font_color": QUIET, "text_wrap": True, "valign": "top"})
        self.plain_note = book.add_format(_BASE | {"font_color": QUIET})
        self.plain = book.add_format(_BASE | {"text_wrap": True})
        self.strong = book.add_format(_BASE | {"bold": True})
        self.link = book.add_format(_BASE | {"font_color": ACCENT, "underline": 1, "border": 1, "border_color": LINE})
        self.small_link = book.add_format(_BASE | {"font_color": ACCENT, "font_size": 9})
        self.section = book.add_format(_BASE | {"bold": True, "font_size": 11, "font_color": ACCENT, "bottom": 1})
        self.head = book.add_format(
            _CELL | {"bold": True, "bg_color": HEAD, "text_wrap": True, "align": "center", "valign": "vcenter"}
        )
        self.key = book.add_format(
            _CELL | {"bold": True, "bg_color": KEY, "text_wrap": True, "align": "center", "font_color": ACCENT}
        )
        self.unit = book.add_format(
            _CELL | {"font_color": QUIET, "font_size": 9, "align": "center", "bg_color": HEAD, "text_wrap": True}
        )
        self.band = book.add_format(_BASE | {"bold": True, "font_color": ACCENT, "top": 1, "top_color": LINE})
        self.bands = tuple(
            book.add_format(_BASE | {"bold": True, "font_size": 9, "font_color": ACCENT, "bg_color": tint})
            for tint in ("#DDE7F0", "#EEF3F8")
        )
        self.wrong = book.add_format({"bg_color": "#FBE3E1", "font_color": "#A12A20"})
        self.needed = book.add_format({"bg_color": NEEDED})
        self.label = book.add_format(_CELL | {"text_wrap": True, "bg_color": "#FFFFFF"})
        self.serial = book.add_format(_CELL | {"font_color": QUIET, "align": "center"})
        self.table = book.add_format(_CELL | {"text_wrap": True})
        self.number = book.add_format(_CELL | {"align": "center", "num_format": "#,##0"})
        self.sample_prefilled = book.add_format(_CELL | {"bg_color": PREFILLED, "align": "center"})
        self.sample_needed = book.add_format(_CELL | {"bg_color": NEEDED, "align": "center"})
        self.sample_blank = book.add_format(_CELL | {"align": "center"})
        self.hidden = book.add_format({"font_color": "#FFFFFF", "font_size": 8})

    def cell(self, data_type: str, is_prefilled: bool, is_doubted: bool = False) -> Any:
        """Return the unlocked format of a value cell."""
        is_centred = data_type in ("date", "code", "boolean")
        is_long = data_type == "identifier"  # must stay readable in narrow columns and on paper
        wanted = (NUMBER_FORMATS.get(data_type, "@"), is_centred, is_long, is_prefilled, is_doubted)
        if wanted not in self._cells:
            look = _CELL | {"num_format": wanted[0], "locked": False}
            if is_long:
                look["shrink"] = True
            if is_centred:
                look["align"] = "center"
            if is_prefilled:
                look["bg_color"] = PREFILLED
            if is_doubted:
                look |= {"bg_color": DOUBTED, "border": 2, "border_color": "#B7791F"}
            self._cells[wanted] = self._book.add_format(look)
        return self._cells[wanted]
