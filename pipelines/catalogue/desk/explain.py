"""Why two fields are, or are not, the same data element: in plain Chinese, from the parts that matching compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipelines.catalogue.meaning.labels import clean
from pipelines.catalogue.meaning.vocabulary import vocabulary
from pipelines.catalogue.registry import Catalogue, field_keys
from pipelines.text import fold
from schemas.templates import PATH_SEPARATOR
from schemas.words import LIST_SEPARATOR

PARTS = {"object_class": "对象类", "property": "特性", "qualifiers": "限定", "temporal": "时间口径"}
TEMPORAL = {"stock": "时点数", "flow": "时期数", "none": "与时间无关"}
SHOWN = 12
"""Fields and look-alikes listed; the rest are counted."""
FORMS_SHOWN = 3
"""Forms listed for each of the elements that a label stands for."""
RELATIONS = {
    "same": "照原样",
    "converted": "换算单位",
    "coded": "换代码写法",
    "rendered": "换日期或号码写法",
    "derived": "由其他栏目算出",
    "none": "不归入数据元",
}


def explain(term: str, catalogue: Catalogue, report_fields: pl.DataFrame, other: str = "") -> str:
    """Return the explanation of an element or field, or of why two are, or are not, the same.

    term, other: element id, element name, field id, field key ("form title#path") or printed label. report_fields:
    ReportFields. A label that stands for several elements lists them with what tells them apart.
    """
    found = resolve(term, catalogue, report_fields)
    if not found:
        return f"没有找到“{term}”。可以写数据元编号（DE000001）、数据元名称、栏目编号，或栏目名称。"
    if other:
        against = resolve(other, catalogue, report_fields)
        if not against:
            return f"没有找到“{other}”。"
        both = next(((one, one) for one in found if one in against), (found[0], against[0]))
        used = [
            line
            for word, ids in ((term, found), (other, against))
            if len(ids) > 1
            for line in (*_several(word, ids, catalogue, report_fields), "")
        ]
        return "\n".join([*used, *_pair(*both, catalogue, term, other)])
    if len(found) > 1:
        several = _several(term, found, catalogue, report_fields)
        return "\n".join([*several, "", *_element(found[0], catalogue, report_fields)])
    return "\n".join(_element(found[0], catalogue, report_fields))


def resolve(term: str, catalogue: Catalogue, report_fields: pl.DataFrame) -> list[str]:
    """Return the element ids that a term stands for, plain ones first; a term that names a field gives that field's.

    A label stands for what forms use it for, and for what the vocabulary knows it as. 联系电话 is plainer than
    监护人联系电话; of equally plain ones the most used is first.
    """
    elements = catalogue.elements
    exact = elements.filter((pl.col("element_id") == term.upper()) | (pl.col("element_key") == term))
    if exact.height:
        return exact["element_id"].to_list()
    keys = field_keys(report_fields.with_columns(pl.col("form_title", "path").fill_null("")))
    is_label = pl.col("path").str.split(PATH_SEPARATOR).list.last() == term
    keyed = report_fields.join(keys, on="field_id")
    is_field = (pl.col("field_id") == term) | (pl.col("field_key") == term)
    fields = keyed.filter(is_field)
    is_one = fields.height > 0
    fields = fields if is_one else keyed.filter(is_label)
    by_field = catalogue.element_map.join(fields.select("field_id"), on="field_id")["element_id"].drop_nulls()
    named = elements.filter(pl.col("element_name") == term)["element_id"]
    ids = set(by_field) if is_one else set(by_field) | set(named) | _known_as(term, elements)
    if not ids:
        folded = fold(term)
        near = elements.select("element_id", "element_name").iter_rows()
        ids = {element_id for element_id, name in near if folded and folded in fold(name)}
    rows = list(_rows(elements, list(ids)).values())
    return [row["element_id"] for row in sorted(rows, key=lambda row: _plainness(row, rows))]


def _known_as(term: str, elements: pl.DataFrame) -> set[str]:
    """Return the elements in use that the vocabulary knows a label as, whatever the form: 手机号 is a 联系电话."""
    known = {
        (row.object_class, row.property)
        for row in vocabulary().concepts.get(clean(term).text, ())
        if not row.qualifiers and not row.titles and not row.sibling
    }
    plain = elements.filter((pl.col("qualifiers").fill_null("") == "") & (pl.col("status") != "已停用"))
    rows = plain.select("element_id", "object_class", "property").iter_rows()
    return {element_id for element_id, object_class, name in rows if (object_class, name) in known}


def _plainness(row: dict[str, Any], rows: list[dict[str, Any]]) -> tuple[bool, int, int, str]:
    """Return the rank of an element among others: somebody else's (监护人联系电话) and narrower ones come later."""
    name = row["property"]
    is_of_other = any(name != other["property"] and name.endswith(other["property"]) for other in rows)
    return is_of_other, len((row["qualifiers"] or "").split(LIST_SEPARATOR)), -row["field_count"], row["element_id"]


def differences(left: dict[str, Any], right: dict[str, Any]) -> list[str]:
    """Return in Chinese in which parts two elements differ; empty when in none.

    left, right: rows of Elements.

    >>> a = {"object_class": "行政区域", "property": "人口数", "qualifiers": "户籍", "temporal": "stock", "unit": "人"}
    >>> differences(a, a | {"qualifiers": "常住", "unit": "户"})
    ['限定不同：“户籍”与“常住”', '计量单位不同：“人”与“户”']
    """
    found = []
    for part, title in PARTS.items():
        a, b = left[part] or "", right[part] or ""
        if a == b:
            continue
        if part == "qualifiers":
            own, its = (set(text.split(LIST_SEPARATOR)) - {""} for text in (a, b))
            a, b = ("、".join(sorted(items)) or "没写明" for items in (own - its, its - own))
        elif part == "temporal":
            a, b = TEMPORAL[a], TEMPORAL[b]
        found.append(f"{title}不同：“{a}”与“{b}”")
    if (left["unit"] or "") != (right["unit"] or "") and left["unit"] and right["unit"]:
        found.append(f"计量单位不同：“{left['unit']}”与“{right['unit']}”")
    return found


def _pair(left_id: str, right_id: str, catalogue: Catalogue, left: str, right: str) -> Iterator[str]:
    elements = _rows(catalogue.elements, (left_id, right_id))
    if left_id == right_id:
        row = elements[left_id]
        yield f"“{left}”与“{right}”是同一个数据元：{left_id} {row['element_name']}（{row['element_key']}）。"
        yield "理由：对象类、特性、限定、时间口径都一致。写法、单位、代码的差别见各栏目的换算规则。"
        return
    a, b = elements[left_id], elements[right_id]
    yield f"“{left}”是 {left_id} {a['element_name']}，“{right}”是 {right_id} {b['element_name']}：不是同一个数据元。"
    reasons = differences(a, b)
    yield from (f"· {reason}" for reason in reasons)
    asked = catalogue.review_pairs.filter(
        pl.col("left_element_id").is_in([left_id, right_id]) & pl.col("right_element_id").is_in([left_id, right_id])
    )
    for row in asked.iter_rows(named=True):
        yield f"· 系统拿不准，已列入判定表第 {row['pair_no']} 题，相同的把握 {row['probability']:.0%}：{row['reason']}"
    if not reasons and not asked.height:
        yield "· 各部分一致而没有合并，是因为数据管理员判为“不同”。"


def _several(term: str, ids: list[str], catalogue: Catalogue, report_fields: pl.DataFrame) -> Iterator[str]:
    rows = _rows(catalogue.elements, ids)
    yield f"“{term}”在不同的表里是 {len(ids)} 个数据元："
    first = rows[ids[0]]
    is_label = pl.col("path").str.split(PATH_SEPARATOR).list.last() == term
    asked = report_fields.filter(is_label).select("field_id", "form_title").join(catalogue.element_map, on="field_id")
    for element_id in ids[:SHOWN]:
        row = rows[element_id]
        titles = asked.filter(pl.col("element_id") == element_id)["form_title"].unique().sort().to_list()
        where = "".join(f"《{title}》" for title in titles[:FORMS_SHOWN]) or "词表或数据元名称里的叫法"
        more = f"等 {len(titles)} 张表" if len(titles) > FORMS_SHOWN else ""
        why = "；".join(differences(first, row)) or "判为不同" if row is not first else ""
        name = f"{element_id} {row['element_name']}（{row['element_key']}，{row['form_count']} 张表）"
        yield f"· {name}：{where}{more}" + (f"；{why}" if why else "")
    if len(ids) > SHOWN:
        yield f"· 还有 {len(ids) - SHOWN} 个"


def _element(element_id: str, catalogue: Catalogue, report_fields: pl.DataFrame) -> Iterator[str]:
    row = _rows(catalogue.elements, (element_id,))[element_id]
    yield f"{element_id} {row['element_name']}（{row['element_key']}，{row['status']}）"
    yield f"定义：{row['definition'] or '无'}"
    unit = f"，单位 {row['unit']}" if row["unit"] else ""
    yield f"表示：{row['representation']}{unit}；{TEMPORAL[row['temporal']]}；{row['sensitivity']}，{row['share_type']}"
    yield f"数源部门：{row['source_department'] or '未定'}（{row['source_reason'] or '没有规则'}）"
    for derived in catalogue.derivations.filter(pl.col("element_id") == element_id).iter_rows(named=True):
        yield f"不用填：由 {derived['inputs']} 算出（{derived['reason']}）"
    fields = (
        catalogue.element_map.filter(pl.col("element_id") == element_id)
        .join(report_fields.select("field_id", "form_title", "path"), on="field_id")
        .sort("form_title", "path", "field_id")
    )
    yield f"{fields.height} 个栏目归到这里："
    for field in fields.head(SHOWN).iter_rows(named=True):
        yield f"· 《{field['form_title']}》{field['path']}（{RELATIONS[field['relation']]}）：{field['reason']}"
    if fields.height > SHOWN:
        yield f"· 还有 {fields.height - SHOWN} 个"
    yield from _look_alikes(row, catalogue)


def _look_alikes(row: dict[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """Yield the elements that look alike and are not the same, with what tells them apart."""
    same_property = (pl.col("property") == row["property"]) & (pl.col("element_id") != row["element_id"])
    near = catalogue.elements.filter(same_property & (pl.col("status") != "已停用"))
    near = near.sort("field_count", "element_id", descending=[True, False])
    if near.height:
        yield "看着像、但不是同一项的："
    for other in near.head(SHOWN).iter_rows(named=True):
        why = "；".join(differences(row, other)) or "数据管理员判为不同"
        yield f"· {other['element_id']} {other['element_name']}：{why}"


def _rows(elements: pl.DataFrame, ids: list[str] | tuple[str, ...]) -> dict[str, dict[str, Any]]:
    chosen = elements.filter(pl.col("element_id").is_in(list(ids)))
    return {row["element_id"]: row for row in chosen.iter_rows(named=True)}
