"""The step of the catalogue: fields become data elements."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.registry import build
from pipelines.catalogue.successors import successors
from pipelines.catalogue.verdicts import read_verdicts
from pipelines.step import Bench, Outcome


def data_elements(bench: Bench) -> Outcome:
    """Build the catalogue from fields, verdicts and the elements of before."""
    verdicts = read_verdicts(bench.workspace.rules / "verdicts.csv")
    catalogue = build(
        bench.tables["report_fields"],
        verdicts,
        bench.tables["elements"],
        known_map=bench.tables["element_map"],
        checks=bench.tables["template_checks"],
        own=bench.workspace.rules,
    )
    mapped = catalogue.element_map.filter(pl.col("element_id").is_not_null())
    merged = successors(
        catalogue.elements, catalogue.element_map, bench.tables["element_map"], bench.tables["element_successors"]
    )
    return Outcome(
        replace={
            "verdicts": verdicts,
            "elements": catalogue.elements,
            "element_map": catalogue.element_map,
            "element_successors": merged,
            "field_meanings": catalogue.field_meanings,
            "derivations": catalogue.derivations,
            "review_pairs": catalogue.review_pairs,
        },
        findings=catalogue.findings,
        figures={
            "栏目": mapped.height,
            "归为数据元": mapped["element_id"].n_unique(),
            "可推算": catalogue.derivations.height,
            "判定": verdicts.height,
            "待判定": catalogue.review_pairs.height,
        },
    )
