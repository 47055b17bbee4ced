"""The registry's half of the catalogue at the size of a county and of a province, and the cost of one more form.

Forms are made from the labels of the vocabulary; in a province each county also has labels of its own.
"""

from __future__ import annotations

import random
import resource
import time
from dataclasses import replace
from functools import partial

import polars as pl

from pipelines.catalogue.change import change
from pipelines.catalogue.identifiers import PREFIX
from pipelines.catalogue.match import FIELD_TYPES, match
from pipelines.catalogue.registry import Catalogue, accept, build, register
from pipelines.catalogue.verdicts import DIFFERENT, SAME, settle, verdict
from pipelines.rulebook import rows
from schemas.elements import Elements, Verdicts
from schemas.words import LIST_SEPARATOR
from tests.bench.clock import best

COUNTY, PROVINCE, FORM = 11_000, 200_000, 20
MAX_COUNTY, MAX_PROVINCE, MAX_FORM, MAX_BYTES = 5.0, 120.0, 2.0, 4 * 1024**3
SIZES = (1_000, 10_000, 100_000)
"""Elements of the catalogues to which one form is added."""
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
    """Return the processor seconds that one more form takes, by the size of the catalogue it is added to.

    Working out what changes, and laying that into the whole tables, which copies them. The larger catalogues are the
    first one, again and again, under other ids and keys.
    """
    figures: dict[str, float | int] = {}
    new = fields(FORM).with_columns(pl.col("field_id", "form_id").str.replace("F0", "NEW"))
    every = fields(COUNTY)
    before = build(every, Verdicts.empty(), Elements.empty())
    spent: list[float] = []
    for size in SIZES:
        catalogue, known = _sized(before, every, size)
        work = best(partial(change, catalogue, known, new, Verdicts.empty()))
        lay = best(partial(change(catalogue, known, new, Verdicts.empty()).onto, catalogue))
        assert work + lay <= MAX_FORM, (size, work, lay)
        name = f"one more form on {catalogue.elements.height} elements"
        figures |= {f"{name}, {known.height} fields: seconds": work, f"{name}: laying it in, seconds": lay}
        spent.append(work)
    return figures | {f"one more form: {SIZES[-1]} elements to {SIZES[0]}": spent[-1] / spent[0]}


def _sized(before: Catalogue, every: pl.DataFrame, elements: int) -> tuple[Catalogue, pl.DataFrame]:
    """Return a catalogue of that many elements, and its fields: a part of `before`, or copies of it beside it."""
    if elements <= before.elements.height:
        kept = before.elements.head(elements)
        ids = pl.col("element_id").is_in(kept["element_id"].to_list())
        mapped = before.element_map.filter(ids)
        of_kept = pl.col("field_id").is_in(mapped["field_id"].to_list())
        part = replace(before, elements=kept, element_map=mapped, field_meanings=before.field_meanings.filter(of_kept))
        return replace(part, review_pairs=before.review_pairs.clear()), every.filter(of_kept)
    copies = range(1, -(-elements // before.elements.height))

    def again(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
        marked = [frame.with_columns(pl.col(*columns) + f"~{number}", *_ids(frame, number)) for number in copies]
        return pl.concat([frame, *marked]).sort(frame.columns[0])

    sized = replace(
        before,
        elements=again(before.elements, "element_key").head(elements),
        element_map=again(before.element_map, "field_id"),
        field_meanings=again(before.field_meanings, "field_id", "element_key"),
    )
    return sized, again(every, "field_id", "form_id", "form_title")


def _ids(frame: pl.DataFrame, number: int) -> list[pl.Expr]:
    """Return ids of the elements of a copy: a million further for each."""
    if "element_id" not in frame.columns:
        return []
    own = pl.col("element_id").str.strip_prefix(PREFIX).cast(pl.Int64) + number * 10**6
    return [(pl.lit(PREFIX) + own.cast(pl.String)).alias("element_id")]


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
