"""Small forms for the tests of matching, written as (title, path, unit, options) rows."""

import polars as pl

from pipelines.catalogue.match import FIELD_TYPES


def frame(rows):
    """The fields frame of (form_id, title, path, unit, options) rows, numbered within each form."""
    numbers = {}
    table = []
    for form_id, title, path, unit, options in rows:
        number = numbers[form_id] = numbers.get(form_id, -1) + 1
        base = dict.fromkeys(FIELD_TYPES, "") | {
            "field_id": f"{form_id}#{number}",
            "form_id": form_id,
            "form_title": title,
            "path": path,
            "unit": unit,
            "value_domain": options,
            "field_no": number,
        }
        table.append(base)
    return pl.DataFrame(table, schema=FIELD_TYPES)


def keys(rows):
    """The element keys of the rows, in order."""
    from pipelines.catalogue.match import match

    found = match(frame(rows)).decompositions
    by_id = dict(zip(found["field_id"], found["element_key"], strict=True))
    return [by_id[field_id] for field_id in frame(rows)["field_id"]]
