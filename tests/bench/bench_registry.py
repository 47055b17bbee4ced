"""The registry's half of the catalogue at the size of a county and of a province, and the cost of one more form.

Forms are made from the labels of the vocabulary; in a province each county also has labels of its own.
"""

from __future__ import annotations

import random
import resource
import time

import polars as pl

from pipelines.catalogue.extend import extend
from pipelines.catalogue.match import FIELD_TYPES, match
from pipelines.catalogue.registry import accept, build, register
from pipelines.catalogue.verdicts import DIFFERENT, SAME, settle, verdict
from pipelines.rulebook import rows
from schemas.elements import Elements, Verdicts
from schemas.words import LIST_SEPARATOR

COUNTY, PROVINCE, FORM = 11_000, 200_000, 20
MAX_COUNTY, MAX_PROVINCE, MAX_FORM, MAX_BYTES = 5.0, 120.0, 2.0, 4 * 1024**3
SIZES = (1_000, 10_000, 100_000)
"""Catalogues (in fields) to which one form is added."""
UNITS = ("", "", "", "元", "万元", "亩", "公顷", "人", "吨")


def fields(count: int) -> pl.DataFrame:
    """Return `count` fields of forms of twenty; one label in five is the county's own."""
    chance = random.Random(count)
    labels = sorted({x for row in rows("catalogue_synonyms") for x in row["labels"].split(LIST_SEPARATOR) if x})
    table = []
    for number in range(count):
        form, county = number // FORM, number // COUNTY
        label = chance.choice(labels)
        own = f"（{chance.randrange(400)}类{county}）" if chance.random() < 0.2 else ""
        table.append(
            dict.fromkeys(FIELD_TYPES, "")
            | {"field_id": f"F{form}#{number % FORM}", "form_id": f"F{form}", "form_title": f"第{form}号人员登记表"}
            | {"path": label + own, "unit": chance.choice(UNITS), "department_name": f"部门{form % 30}"}
            | {"field_no": number % FORM}
        )
    return pl.DataFrame(table, schema=FIELD_TYPES)


def run() -> dict[str, float | int]:
    """Return seconds, elements and memory. Raises AssertionError when a measure is missed."""
    figures: dict[str, float | int] = {}
    for name, count, limit in (("county", COUNTY, MAX_COUNTY), ("province", PROVINCE, MAX_PROVINCE)):
        taken, _ = accept(fields(count))
        matched = match(taken.select(list(FIELD_TYPES)))
        started = time.perf_counter()
        made = register(taken, matched, settle(Verdicts.empty()), Elements.empty())
        seconds = time.perf_counter() - started
        assert seconds <= limit, (name, seconds)
        figures |= {f"{name}: fields": count, f"{name}: elements": made.elements.height, f"{name}: seconds": seconds}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert peak <= MAX_BYTES, peak
    figures["province: peak GB (with matching)"] = peak / 1024**3
    return figures | one_more_form() | many_verdicts()


def one_more_form() -> dict[str, float | int]:
    """Return the seconds that one more form takes, by the size of the catalogue it is added to."""
    figures: dict[str, float | int] = {}
    new = fields(FORM).with_columns(pl.col("field_id", "form_id").str.replace("F0", "NEW"))
    for size in SIZES:
        every = fields(size)
        before = build(every, Verdicts.empty(), Elements.empty())
        started = time.perf_counter()
        extend(before, every, new, Verdicts.empty())
        seconds = time.perf_counter() - started
        assert seconds <= MAX_FORM, (size, seconds)
        figures[f"one more form on {size} fields, {before.elements.height} elements: seconds"] = seconds
    return figures


def many_verdicts() -> dict[str, float | int]:
    """Return the seconds that settling ten thousand verdicts at odds with each other takes."""
    chance = random.Random(1)
    keys = [f"表{n}#栏{n}" for n in range(4_000)]
    said = [
        verdict(*chance.sample(keys, 2), chance.choice([SAME, DIFFERENT]), "甲", f"2026-01-01T00:00:00.{n:06d}")
        for n in range(10_000)
    ]
    table = Verdicts.frame(said)
    started = time.perf_counter()
    settled = settle(table)
    seconds = time.perf_counter() - started
    assert seconds <= MAX_FORM, seconds
    return {"10000 verdicts: seconds": seconds, "10000 verdicts: set aside": len(settled.findings)}
