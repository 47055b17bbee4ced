"""The rows that a long roster adds to a sheet, written straight as XML: a county's roster has 10,000 of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipelines.sharing.filling.fill import Value
from pipelines.sharing.filling.sheet_xml import XmlRow, attributes_of, map_cells, plain, value_xml
from pipelines.sharing.filling.shift import translate
from pipelines.text import column_letters

_ROW_PLACE = re.compile(r"""\s+(r|spans)\s*=\s*("[^"]*"|'[^']*')""")


def added_rows(
    model: XmlRow, first_number: int, columns: Sequence[int], rows: Sequence[Sequence[Value]]
) -> Iterator[XmlRow]:
    """Yield a row per sequence of values, numbered from `first_number`, dressed like `model`.

    columns: the column (from 0) of each value. Formulas of the model are copied, moved to the new row, and keep
    the value as their result; cells that get no value stay blank in the model's style.
    """
    prefix = model.prefix
    attributes = _ROW_PLACE.sub("", model.attributes)
    places = {col: at for at, col in enumerate(columns)}
    pattern = []
    for col in sorted(model.cells.keys() | places.keys()):
        cell = model.cells.get(col)
        kept = {} if cell is None else {n: v for n, v in cell.attributes.items() if n not in ("r", "t")}
        dress = "".join(f' {name}="{value}"' for name, value in kept.items())
        formula = _formula(cell.body) if cell is not None and cell.has_formula else ""
        pattern.append((column_letters(col), dress, formula, places.get(col)))
    for down, values in enumerate(rows):
        number = first_number + down
        body = "".join(
            _cell(prefix, letters, number, dress, formula, number - model.number, None if at is None else values[at])
            for letters, dress, formula, at in pattern
        )
        raw = f'<{prefix}row r="{number}"{attributes}>{body}</{prefix}row>'
        yield XmlRow(number, attributes, body, raw, prefix)


def _cell(prefix: str, letters: str, number: int, dress: str, formula: str, down: int, value: Value) -> str:
    if formula:
        text = map_cells(formula, lambda inner: translate(inner, down))
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, (bool, dt.date))
        result = f"<{prefix}v>{plain(value)}</{prefix}v>" if is_number else ""  # type: ignore[arg-type]
        return f'<{prefix}c r="{letters}{number}"{dress}>{text}{result}</{prefix}c>'
    if value is None:
        return f'<{prefix}c r="{letters}{number}"{dress}/>' if dress else ""
    kind, body = value_xml(value, prefix)
    typed = f' t="{kind}"' if kind else ""
    return f'<{prefix}c r="{letters}{number}"{dress}{typed}>{body}</{prefix}c>'


def _formula(body: str) -> str:
    found = re.search(r"<(?:\w+:)?f\b[^>]*?(?:/>|>.*?</(?:\w+:)?f>)", body, re.S)
    if not found or attributes_of(found[0]).get("t") == "array":
        return ""
    return re.sub(r'\sref="[^"]*"', "", found[0])
