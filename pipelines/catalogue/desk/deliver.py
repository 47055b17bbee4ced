"""The catalogue of a folder, without a warehouse: what is asked, which elements there are, what to decide."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.catalogue.desk.folder import read_field_list
from pipelines.catalogue.match import FIELD_TYPES
from pipelines.catalogue.registry import Catalogue, build
from schemas.elements import Elements, Verdicts
from schemas.faults import Finding
from schemas.faults.registry import FOLDER_FILE

PLACE = ("file", "sheet", "cell", "number_format")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The catalogue of a folder with the fields it rests on, and the files written."""

    catalogue: Catalogue
    fields: pl.DataFrame
    files: tuple[Path, ...]
    findings: list[Finding]


def catalogue_folder(
    templates_dir: Path,
    out_dir: Path,
    template_fields: pl.DataFrame | None = None,
    verdicts: pl.DataFrame | None = None,
    own: Path | None = None,
) -> Delivery:
    """Catalogue the field lists (.json) of a folder, and the fields read from its workbooks and documents.

    template_fields: ReportFields of the folder's templates, read by intake. verdicts: Verdicts. Writes into out_dir:
    fields.csv (every field as read), elements.csv, element_map.csv (field_id, file, sheet, cell, path, element_id,
    relation, score, decision, reason), review.csv (left_element_id, right_element_id, probability …, best first).
    A file that is no field list is a finding; the others are catalogued.
    """
    lists, findings = read_lists(templates_dir)
    columns = [*FIELD_TYPES, *PLACE]
    frames = [lists] if template_fields is None else [lists, _with_place(template_fields)]
    fields = pl.concat([frame.select(columns) for frame in frames])
    catalogue = build(fields, Verdicts.empty() if verdicts is None else verdicts, Elements.empty(), own=own)
    files = write_catalogue(catalogue, fields, out_dir)
    return Delivery(catalogue, fields, files, [*findings, *catalogue.findings])


def read_lists(folder: Path) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the fields of all .json field lists (FIELD_TYPES and PLACE), and findings of files that are none."""
    rows: list[tuple[object, ...]] = []
    findings: list[Finding] = []
    for file in sorted(folder.rglob("*.json")):
        name = file.relative_to(folder).as_posix()
        try:
            rows += [(*row, name, None, None, None) for row in read_field_list(file)]
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            findings.append(FOLDER_FILE.at(file=name, why=f"不是 UTF-8 的 JSON（{error}）"))
        except (AttributeError, TypeError) as error:
            findings.append(FOLDER_FILE.at(file=name, why=f"不是栏目清单（{error}）"))
    return pl.DataFrame(rows, schema=FIELD_TYPES | dict.fromkeys(PLACE, pl.String()), orient="row"), findings


def write_catalogue(catalogue: Catalogue, fields: pl.DataFrame, out_dir: Path) -> tuple[Path, ...]:
    """Write fields, elements, element_map and review as .csv (UTF-8 with a mark, for Excel); return their paths.

    fields: ReportFields, or FIELD_TYPES with file, sheet and cell.
    """
    place = fields.unique("field_id", keep="first", maintain_order=True).select(
        "field_id", "file", "sheet", "cell", "path"
    )
    element_map = place.join(catalogue.element_map, on="field_id").select(
        "field_id", "file", "sheet", "cell", "path", "element_id", "relation", "score", "decision", "reason", "rule"
    )
    pairs = catalogue.review_pairs
    review = pairs.select(
        "left_element_id",
        "right_element_id",
        "probability",
        *(c for c in pairs.columns if c.endswith(("key", "count", "reason"))),
    )
    out_dir.mkdir(parents=True, exist_ok=True)
    tables = {"fields": fields, "elements": catalogue.elements, "element_map": element_map, "review": review}
    files = []
    for name, table in tables.items():
        path = out_dir / f"{name}.csv"
        table.write_csv(path, include_bom=True)
        files.append(path)
    return tuple(files)


def _with_place(fields: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, pl.String).alias(name) for name in PLACE if name not in fields.columns]
    return fields.with_columns(missing)
