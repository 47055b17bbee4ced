"""How an element's value becomes a field's value: the same, another unit, another code, another date format."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.conversion import canonical_unit, factor, is_known
from pipelines.catalogue.domains import code_list, codes_of, correspond, options_of
from pipelines.rulebook import rows
from schemas.faults import Finding
from schemas.faults.registry import OPTION_UNMATCHED, UNIT_NOT_CONVERTIBLE, UNIT_UNKNOWN
from schemas.templates import PATH_SEPARATOR
from schemas.words import LIST_SEPARATOR

CANONICAL_DATE = "YYYY-MM-DD"
KINDS = {
    "element_id": pl.String,
    "unit": pl.String,
    "value_domain": pl.String,
    "options_note": pl.String,
    "code_label": pl.String,
    "date_format": pl.String,
}
"""What decides the relation; every combination is worked out once."""
MASKS = re.compile(r"(?:后|末|尾)([0-9一二三四五六八])位")
CUTS = {"mask": "只显示部分字符", "groups": "分段加空格"}
DIGIT = {digit: number for number, digit in enumerate("零一二三四五六七八九")}


def relate(
    members: pl.DataFrame, elements: pl.DataFrame, own: Path | None = None
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return field_id, relation, rule (JSON text or null), relation_reason, a row per mapped field; and findings.

    members: mapped fields with element_id, role, unit (canonical), value_domain, note, path, number_format. elements:
    Elements. The rule is read from the element to the field: `factor` multiplies, `codes` maps the element's value to
    what the form prints, `date_format` renders YYYY-MM-DD, `mask` keeps "head,tail" characters, `groups` puts a space
    after so many characters ("6,8,4"; "4": after every four).
    A field of role "derived" is "derived", with the same rule, when no form asks its element to be typed.
    """
    marked = members.with_columns(
        label=pl.col("path").str.split(PATH_SEPARATOR).list.last(),
        options_note=pl.when(pl.col("note").str.contains("选项|代码")).then("note").otherwise(pl.lit("")),
    )
    wants_code = pl.col("label").str.contains("(?:代码|编码)$")
    marked = marked.with_columns(code_label=pl.when(wants_code).then("label").otherwise(pl.lit("")))
    types = elements.select("element_id", element_type="data_type")
    marked = _with_format(marked.join(types, on="element_id", how="left"), own)
    by_id = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    findings = _unknown_units(marked)
    answers = []
    combined = marked.group_by(list(KINDS)).agg(example=pl.col("path").min()).sort(list(KINDS))
    for row in combined.iter_rows(named=True):
        element = by_id[row["element_id"]]
        relation, rule, reason, found = _relation(row, element, row["example"], own)
        findings += found
        answers.append(
            [*(row[name] for name in KINDS), relation, json.dumps(rule, ensure_ascii=False) if rule else None, reason]
        )
    table = pl.DataFrame(
        answers, schema=KINDS | {"relation": pl.String, "rule": pl.String, "relation_reason": pl.String}, orient="row"
    )
    derived = (pl.col("role") == "derived").all().over("element_id")
    related = (
        marked.join(table, on=list(KINDS), how="left")
        .with_columns(
            relation=pl.when(derived).then(pl.lit("derived")).otherwise("relation"),
            relation_reason=pl.when(derived)
            .then(pl.lit("本表内由其他栏目算出") + pl.col("relation_reason"))
            .otherwise("relation_reason"),
        )
        .select("field_id", "relation", "rule", "relation_reason")
    )
    return _as_stated(related, members, own), findings


def _as_stated(related: pl.DataFrame, members: pl.DataFrame, own: Path | None) -> pl.DataFrame:
    """Put the renderings that a steward states (rules/field_renderings.csv) in place of those worked out."""
    stated = []
    for row in rows("field_renderings", own):
        codes = dict(pair.split("=", 1) for pair in row["codes"].split(LIST_SEPARATOR) if "=" in pair)
        rule = {"codes": codes} if codes else _written(row["date_format"]) if row["date_format"] else None
        if rule:
            key = f"{row['form_title']}#{row['path']}"
            relation = "coded" if codes else "rendered"
            stated.append([key, relation, json.dumps(rule, ensure_ascii=False), f"；数据管理员规定：{row['reason']}"])
    if not stated:
        return related
    columns = ("field_key", "relation", "rule", "relation_reason")
    table = pl.DataFrame(stated, schema=dict.fromkeys(columns, pl.String), orient="row").unique(
        "field_key", keep="last"
    )
    chosen = members.select("field_id", "field_key").join(table, on="field_key").drop("field_key")
    rest = related.join(chosen, on="field_id", how="anti")
    return pl.concat([rest, chosen.select(related.columns)])


def _relation(
    row: dict[str, Any], element: dict[str, Any], path: str, own: Path | None
) -> tuple[str, dict[str, Any], str, list[Finding]]:
    """Return relation, rule, reason and findings of one combination: a unit before a code, a code before a format."""
    unit = element["unit"] or ""
    if row["unit"] and unit and row["unit"] != unit:
        number = factor(unit, row["unit"])
        if number is None:
            fault = UNIT_NOT_CONVERTIBLE.at(
                field=path,
                unit=row["unit"],
                element_id=element["element_id"],
                name=element["element_name"],
                element_unit=unit,
            )
            return "same", {}, f"；单位“{row['unit']}”与“{unit}”不能换算", [fault]
        if number != "1":
            rule = {"unit_from": unit, "unit_to": row["unit"], "factor": number}
            return "converted", rule, f"；单位由“{unit}”换成“{row['unit']}”，乘 {number}", []
    known = code_list(element["object_class"], element["property"], element["data_type"], own)
    options = options_of(row["value_domain"], row["options_note"])
    codes = {} if options else codes_of(row["code_label"], row["options_note"], known)
    values = (element["value_domain"] or "").split(LIST_SEPARATOR) if element["value_domain"] else []
    if codes and values:
        named, _ = correspond(values, list(codes), known)
        return "coded", {"codes": {v: codes[name] for v, name in named.items()}}, f"；填代码，{len(named)} 个值", []
    if options and values and set(options) != set(values):
        return _coded(values, options, element, path, own)
    if row["date_format"]:
        rule = _written(row["date_format"])
        cut = next((CUTS[kind] for kind in rule if kind in CUTS), "")
        return "rendered", rule, f"；{cut or '日期写成 ' + row['date_format']}", []
    if unit and not row["unit"] and element["data_type"] in ("integer", "decimal"):
        return "same", {}, f"；栏目没写单位，按“{unit}”", []
    return "same", {}, "", []


def _coded(
    values: list[str], options: tuple[str, ...], element: dict[str, Any], path: str, own: Path | None
) -> tuple[str, dict[str, Any], str, list[Finding]]:
    known = code_list(element["object_class"], element["property"], element["data_type"], own)
    codes, missing = correspond(values, options, known)
    if not codes:
        found = [_unmatched(element, path, list(values))]
        return "same", {}, "；可选值与值域都对不上，照原样填", found
    found = [_unmatched(element, path, missing)] if missing else []
    if all(value == option for value, option in codes.items()):
        return "same", {}, "；可选值是值域的一部分", found
    return "coded", {"codes": codes}, f"；{len(codes)} 个值换成本表的写法", found


def _unmatched(element: dict[str, Any], path: str, missing: list[str] | tuple[str, ...]) -> Finding:
    shown = "、".join(missing[:5]) + (f"等 {len(missing)} 个" if len(missing) > 5 else "")
    return OPTION_UNMATCHED.at(element_id=element["element_id"], name=element["element_name"], values=shown, field=path)


def _unknown_units(marked: pl.DataFrame) -> list[Finding]:
    measured = (pl.col("unit") != "") & pl.col("element_type").is_in(["integer", "decimal"])
    used = marked.filter(measured).group_by("unit").agg(pl.len(), pl.col("path").min()).sort("unit")
    return [
        UNIT_UNKNOWN.at(count=count, unit=unit, example=path)
        for unit, count, path in used.iter_rows()
        if not is_known(unit)
    ]


def _written(how: str) -> dict[str, Any]:
    """Return the rule for a date format, or for "mask …" or "groups …" of a number."""
    kind, _, detail = how.partition(" ")
    return {kind: detail} if kind in CUTS else {"date_format": how}


def _with_format(marked: pl.DataFrame, own: Path | None) -> pl.DataFrame:
    """Add `date_format`: how a date is to be written, "" for the catalogue's own; a number "mask …" or "groups …"."""
    columns = ["label", "note", "number_format", "element_type"]
    hints = marked.select(columns).unique().filter(pl.col("element_type").is_in(["date", "identifier"]))
    answers = [
        [*row, date_format(row[0], row[1], row[2], own) if row[3] == "date" else number_format(row[0], row[1], own)]
        for row in hints.iter_rows()
    ]
    table = pl.DataFrame(answers, schema=dict.fromkeys([*columns, "date_format"], pl.String), orient="row")
    return marked.join(table, on=columns, how="left", nulls_equal=True).with_columns(
        pl.col("date_format").fill_null("")
    )


def date_format(label: str, note: str, number_format: str | None, own: Path | None = None) -> str:
    """Return how a field wants a date written, "" for the catalogue's own YYYY-MM-DD.

    A cell's number format counts most, then what label and note say.

    >>> date_format("出生年月", "", ""), date_format("出生日期", "如19900101", "")
    ('YYYY年M月', 'YYYYMMDD')
    >>> date_format("日期", "", 'yyyy"年"m"月"d"日"')
    'YYYY年M月D日'
    """
    found = _of_number_format(number_format or "")
    if not found:
        text = f"{label} {note}"
        found = next((form for pattern, form in _date_formats(own) if pattern.search(text)), "")
    return "" if found == CANONICAL_DATE else found


def number_format(label: str, note: str, own: Path | None = None) -> str:
    """Return how a field wants a number written: only its end, masked or with spaces; "" for as it is.

    >>> number_format("身份证号后四位", ""), number_format("身份证号", "")
    ('mask 0,4', '')
    >>> number_format("身份证号（脱敏）", ""), number_format("身份证号", "按6-8-4分段，用空格隔开")
    ('mask 6,4', 'groups 6,8,4')
    """
    text = f"{label} {note}"
    if found := MASKS.search(text):
        digit = found[1]
        return f"mask 0,{int(digit) if digit.isdigit() and digit.isascii() else DIGIT[digit]}"
    return next((form for pattern, form in _number_formats(own) if pattern.search(text)), "")


def _of_number_format(text: str) -> str:
    """Return the date format of an Excel number format, "" when it is no date format or the general one."""
    core = re.sub(r"\[[^\]]*\]|[\\\"@;_ ]", "", text.split(";")[0]).lower()
    if not re.search("y.*m", core) or re.search("[h#0]", core):
        return ""
    core = re.sub("y+", "YYYY", core)
    core = re.sub("m+", lambda found: "MM" if len(found[0]) > 1 else "M", core)
    return re.sub("d+", lambda found: "DD" if len(found[0]) > 1 else "D", core)


@lru_cache(maxsize=8)
def _date_formats(own: Path | None) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["date_format"]) for row in rows("elements_date_formats", own))


def canonical_units(units: pl.Series) -> pl.Series:
    """Return the units by the name the rules give them; unknown ones as printed."""
    names = {unit: canonical_unit(unit) for unit in units.unique().drop_nulls()}
    return units.replace_strict(names, default="", return_dtype=pl.String)


@lru_cache(maxsize=8)
def _number_formats(own: Path | None) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["number_format"]) for row in rows("elements_number_formats", own))
