"""What a verdict or a new form would change, before it does: elements, forms, cells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.catalogue.registry import Catalogue, build

COMPARED = (
    "element_name",
    "definition",
    "unit",
    "value_domain",
    "sensitivity",
    "share_type",
    "source_department",
    "status",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes.

    elements: element_id, element_name, change (新增, 停用, 启用, 改动), what. fields: every field that moves, with
    form_id, form_title, department_name, path, sheet, cell, before_id, after_id, before_relation, after_relation.
    forms: form_id, form_title, department_name, field_count of every form (and so every share view) that is touched.
    derivations: element_id, change.
    """

    elements: pl.DataFrame
    fields: pl.DataFrame
    forms: pl.DataFrame
    derivations: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Return whether nothing changes."""
        return not (self.elements.height or self.fields.height or self.derivations.height)


def preview(
    before: Catalogue,
    report_fields: pl.DataFrame,
    verdicts: pl.DataFrame,
    fields_before: pl.DataFrame | None = None,
    *,
    checks: pl.DataFrame | None = None,
    own: Path | None = None,
) -> tuple[Difference, Catalogue]:
    """Return what the catalogue would become with these fields and verdicts, compared with `before`; writes nothing.

    report_fields: all ReportFields, the new form's too; verdicts: all Verdicts, the new ones appended. fields_before:
    the fields of before, when some are no longer among report_fields. Ids are those that a real run would give.
    checks, own: TemplateChecks and the workspace's rules, as for `build`; needed for a true preview.
    """
    after = build(report_fields, verdicts, before.elements, known_map=before.element_map, checks=checks, own=own)
    everything = report_fields if fields_before is None else pl.concat([report_fields, fields_before], how="diagonal")
    return compare(before, after, everything), after


def compare(before: Catalogue, after: Catalogue, report_fields: pl.DataFrame) -> Difference:
    """Return the difference of two catalogues. report_fields: ReportFields of both, for names and cells."""
    fields = _moved(before, after, report_fields)
    forms = (
        fields.group_by("form_id")
        .agg(pl.col("form_title").first(), pl.col("department_name").first(), field_count=pl.len())
        .sort("form_id")
    )
    old, new = set(before.derivations["element_id"]), set(after.derivations["element_id"])
    rows = [(i, "不再可推算") for i in sorted(old - new)] + [(i, "改为可推算，不用再填") for i in sorted(new - old)]
    derivations = pl.DataFrame(rows, schema={"element_id": pl.String, "change": pl.String}, orient="row")
    return Difference(_changed(before.elements, after.elements), fields, forms, derivations)


def summary(difference: Difference) -> list[str]:
    """Return the difference in Chinese lines, for the terminal and the log."""
    if difference.is_empty:
        return ["没有变化。"]
    lines = []
    counts = dict(difference.elements.group_by("change").len().sort("change").iter_rows())
    lines.append("数据元：" + ("，".join(f"{change} {count} 个" for change, count in counts.items()) or "不变"))
    for element_id, name, change, what in difference.elements.head(30).iter_rows():
        lines.append(f"· {change} {element_id} {name}" + (f"：{what}" if what else ""))
    lines.append(f"栏目：{difference.fields.height} 个改归，涉及 {difference.forms.height} 张报表（共享视图随之重算）")
    for row in difference.fields.head(30).iter_rows(named=True):
        place = " ".join(part for part in (row["sheet"], row["cell"]) if part)
        move = f"{row['before_id'] or '（无）'} → {row['after_id'] or '（无）'}"
        lines.append(f"· 《{row['form_title']}》{row['path']}{f'（{place}）' if place else ''}：{move}")
    names = dict(difference.elements.select("element_id", "element_name").iter_rows())
    lines += [
        f"· {element_id} {names.get(element_id, '')} {change}"
        for element_id, change in difference.derivations.iter_rows()
    ]
    return lines


def _moved(before: Catalogue, after: Catalogue, report_fields: pl.DataFrame) -> pl.DataFrame:
    columns = ["field_id", "form_id", "form_title", "department_name", "path", "sheet", "cell"]
    missing = [pl.lit(None, pl.String).alias(name) for name in columns if name not in report_fields.columns]
    facts = report_fields.with_columns(missing).select(columns).unique("field_id", keep="first", maintain_order=True)
    old = before.element_map.select("field_id", before_id="element_id", before_relation="relation", before_rule="rule")
    new = after.element_map.select("field_id", after_id="element_id", after_relation="relation", after_rule="rule")
    both = old.join(new, on="field_id", how="full", coalesce=True)
    differs = (
        pl.col("before_id").ne_missing(pl.col("after_id"))
        | pl.col("before_relation").ne_missing(pl.col("after_relation"))
        | pl.col("before_rule").ne_missing(pl.col("after_rule"))
    )
    return (
        both.filter(differs & ~(pl.col("before_id").is_null() & pl.col("after_id").is_null()))
        .join(facts, on="field_id", how="left")
        .sort("form_id", "field_id")
        .select(*columns, "before_id", "after_id", "before_relation", "after_relation")
    )


def _changed(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    schema = {"element_id": pl.String, "element_name": pl.String, "change": pl.String, "what": pl.String}
    titles = _titles()
    old = {row["element_id"]: row for row in before.iter_rows(named=True)}
    new = {row["element_id"]: row for row in after.iter_rows(named=True)}
    rows = []
    for element_id in sorted(old.keys() | new.keys()):
        a, b = old.get(element_id), new.get(element_id)
        if a is None and b is not None:
            rows.append((element_id, b["element_name"], "新增", ""))
        elif b is None and a is not None:
            rows.append((element_id, a["element_name"], "停用", ""))
        elif a is not None and b is not None:
            what = [f"{titles[c]}由“{a[c] or ''}”变为“{b[c] or ''}”" for c in COMPARED if a[c] != b[c]]
            if what:
                gone, was_gone = b["status"] == "已停用", a["status"] == "已停用"
                change = "停用" if gone and not was_gone else "启用" if was_gone and not gone else "改动"
                rows.append((element_id, b["element_name"], change, "；".join(what) if change == "改动" else ""))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _titles() -> dict[str, str]:
    from schemas.elements import Elements

    return Elements.titles()
