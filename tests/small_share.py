"""A small published snapshot, made without the journey: two townships of two villages, a roster and statistics."""

from __future__ import annotations

import csv
import json

import polars as pl

COUNTY = "532328000000"
AREAS = {
    COUNTY: ("元谋县", "县", None),
    "532328101000": ("元马镇", "乡镇", COUNTY),
    "532328101001": ("甲村", "村", "532328101000"),
    "532328101002": ("乙村", "村", "532328101000"),
    "532328102000": ("黄瓜园镇", "乡镇", COUNTY),
    "532328102001": ("丙村", "村", "532328102000"),
    "532328102002": ("丁村", "村", "532328102000"),
}
VILLAGES = [code for code, (_, level, _) in AREAS.items() if level == "村"]
OWNER, OTHER, THIRD = "县民政局", "县残联", "县统计局"
ROSTER, STATISTICS = "MZ01_1", "TJ01_1"
COLUMNS = [
    ("姓名", "个人信息", "有条件共享", "text", "姓名"),
    ("身份证号", "敏感个人信息", "有条件共享", "identifier", "公民身份号码"),
    ("残疾等级", "敏感个人信息", "有条件共享", "code", "残疾等级"),
    ("补贴金额", "一般", "有条件共享", "decimal", "金额"),
    ("举报人", "敏感个人信息", "不予共享", "text", "举报人"),
]
SECRETS = ("张三丰", "李四光", "王五岳", "赵六合")
"""Names in the roster: no refusal may repeat one."""
PEOPLE = {"532328101001": 3, "532328101002": 40, "532328102001": 2, "532328102002": 30}


def column(name, sensitivity="一般", share_type="有条件共享", data_type="integer", label="人数", unit=""):
    return {
        "name": name,
        "fieldId": f"F#{name}",
        "path": name,
        "cell": "",
        "inline": None,
        "role": "fill",
        "options": [],
        "dataType": data_type,
        "numberFormat": "",
        "element": f"DE-{name}",
        "elementName": name,
        "sensitivity": sensitivity,
        "shareType": share_type,
        "property": label,
        "sourceDepartment": "",
        "unit": unit,
        "source": "人员台账",
        "rule": "",
        "isGiven": True,
        "reason": "",
        "freshAt": "",
        "missing": 0.0,
    }


def contract(name, department, title, columns, ledger="person", layout="roster", **more):
    report, _, table = name.rpartition("_")
    base = {"id": name, "name": title, "tenant": department, "domain": report, "tableNo": int(table), "layout": layout}
    base |= {"frequency": "月", "sheet": "", "ledger": ledger, "grain": "一个主体", "sums": [], "rowCount": 0}
    base["areaColumns"] = ["区划代码", "区划名称", "报告期"] if ledger == "indicator" else []
    return base | {"columns": columns} | more


def roster(rows_each=3):
    """Return the rows of the roster: `rows_each` persons of every village."""
    number = 0
    rows = []
    for area in VILLAGES:
        for _ in range(rows_each):
            name = SECRETS[number % len(SECRETS)] + str(number)
            rows.append((f"S{number:04d}", area, "", name, f"5323281990010{number:05d}", "一级", number * 10.5, "某人"))
            number += 1
    names = ["_subject_key", "_area_code", "_period", *(c[0] for c in COLUMNS)]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("补贴金额").cast(pl.Decimal(12, 2)))


def statistics():
    """Return the rows of the statistical view: persons by area, of two months."""
    rows = []
    for period in ("2025-11", "2025-12"):
        for area, (label, _, _) in AREAS.items():
            inside = [v for v in VILLAGES if area in (v, v[:9] + "000", COUNTY)]
            rows.append((area, area, period, area, label, period, sum(PEOPLE[v] for v in inside)))
    names = ["_subject_key", "_area_code", "_period", "区划代码", "区划名称", "报告期", "低保人数"]
    return pl.DataFrame(rows, schema=names, orient="row")


def publish(share, version="v1", views=None, rows_each=3, row_group=1000):
    """Write a snapshot's folder and point `current` at it; views: [(contract, frame)]; row_group: its rows."""
    if views is None:
        fields = [column(*c[:4], label=c[4]) for c in COLUMNS]
        for at, field in enumerate(fields):
            field["cell"] = f"{'ABCDE'[at]}2"
        people = contract(ROSTER, OWNER, "低保对象花名册", fields, sheet="表")
        counts = contract(STATISTICS, THIRD, "低保人数统计", [column("低保人数", unit="人")], "indicator", "statistics")
        views = [(people, roster(rows_each)), (counts, statistics())]
    folder = share / version
    (folder / "views").mkdir(parents=True)
    (folder / "templates").mkdir()
    rows = []
    for made, frame in views:
        frame.write_parquet(folder / "views" / f"{made['id']}.parquet", row_group_size=row_group)
        full = made | {"rowCount": frame.height}
        (folder / "views" / f"{made['id']}.json").write_text(json.dumps(full, ensure_ascii=False), encoding="utf-8")
        rows.append((made["id"], made["domain"], made["tenant"], made["name"]))
    names = ["view_name", "report_id", "department_name", "title"]
    pl.DataFrame(rows, schema=names, orient="row").write_csv(folder / "catalogue.csv", include_bom=True)
    areas = [(code, *about) for code, about in AREAS.items()]
    areas_schema = dict.fromkeys(("area_code", "area_name", "area_level", "parent_code"), pl.String)
    pl.DataFrame(areas, schema=areas_schema, orient="row").write_parquet(folder / "areas.parquet")
    (folder / "templates" / "MZ01.csv").write_text("姓名,身份证号,残疾等级,补贴金额,举报人\n,,,,\n", encoding="gb18030")
    facts = {"month": "2025-12", "as_of": "2025-12-31", "departments": [OWNER, OTHER, THIRD], "legal_basis": {}}
    (folder / "manifest.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    aside = share / f".link-{version}"
    aside.symlink_to(version, target_is_directory=True)
    aside.replace(share / "current")
    return folder


def grant(
    grant_id, department, view=ROSTER, columns="*", area=COUNTY, purpose="核对", start="2025-01-01", end="2099-12-31"
):
    values = (grant_id, department, view, columns, area, purpose, "某办法第九条", start, end, "县数据局")
    names = ("grant_id", "department_name", "view_name", "column_names", "area_code", "purpose", "legal_basis")
    return dict(zip((*names, "valid_from", "valid_until", "granted_by"), values, strict=True))


def write_grants(rules, grants):
    rules.mkdir(parents=True, exist_ok=True)
    with (rules / "grants.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(grant("", "")))
        writer.writeheader()
        writer.writerows(grants)
