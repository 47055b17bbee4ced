"""A small made-up county: two townships, nine villages, persons, households, indicators."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.collection.check_digits import id_check
from pipelines.collection.desk import Desk, desk
from pipelines.collection.due import open_periods
from pipelines.collection.ledger_list import QUESTIONS
from pipelines.collection.parcel import Arrived
from pipelines.collection.plan import Plan, plan
from pipelines.collection.questions import questions
from pipelines.collection.receiving.deliver import deliver
from pipelines.collection.receiving.receive import Receipt, receive_all, settle
from pipelines.collection.workbook.issue import issue_all
from pipelines.collection.workbook.issue_inputs import prepare
from pipelines.periods import days
from schemas.elements import Derivations, ElementMap, Elements, FieldMeanings
from schemas.ledgers import CorrectionRequests, IssuedWorkbooks, LedgerValues, PossibleDuplicates, Submissions
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports, TemplateChecks

COUNTY, EAST, WEST = "530100000000", "530100101000", "530100102000"
VILLAGES = {f"530100101{number:03d}": f"东{name}村" for number, name in enumerate("一二三四五六七", 1)} | {
    f"530100102{number:03d}": f"西{name}村" for number, name in enumerate("一二", 1)
}

NAME, ID, SEX, BORN, HOUSE_NO, SCHOOLING, PHONE, SUBSIDY, SINCE, MEMBERS, INCOME = (
    f"DE{number:06d}" for number in range(1, 12)
)
PEOPLE, ELDERLY, YIELD, ROAD, MEETINGS, CODE_UNIT = (f"DE{number:06d}" for number in range(21, 27))
DOSES, DOSES_SO_FAR, HERD = (f"DE{number:06d}" for number in range(31, 34))

# id, object class, property, qualifiers, data type, unit, value domain, temporal, aggregation, representation
ELEMENTS = (
    (NAME, "自然人", "姓名", "", "text", None, None, "none", "none", "C..50"),
    (ID, "自然人", "公民身份号码", "", "identifier", None, None, "none", "none", "C18"),
    (SEX, "自然人", "性别", "", "code", None, "男；女", "none", "none", "C1"),
    (BORN, "自然人", "出生日期", "", "date", None, None, "none", "none", "D8"),
    (HOUSE_NO, "户", "户编号", "", "identifier", None, None, "none", "none", "C..20"),
    (SCHOOLING, "自然人", "文化程度", "", "code", None, "小学；初中；普通高中；大学本科；其他", "none", "none", "C2"),
    (PHONE, "自然人", "联系电话", "", "identifier", None, None, "none", "none", "C..20"),
    (SUBSIDY, "自然人", "金额", "低保", "decimal", "元", None, "stock", "sum", "N..16,2"),
    (SINCE, "自然人", "批准日期", "低保", "date", None, None, "none", "none", "D8"),
    (MEMBERS, "户", "家庭人口数", "", "integer", "人", None, "stock", "sum", "N..10"),
    (INCOME, "户", "纯收入", "", "decimal", "元", None, "flow", "sum", "N..16,2"),
    (PEOPLE, "行政区域", "人口数", "常住", "integer", "人", None, "stock", "sum", "N..10"),
    (ELDERLY, "行政区域", "人口数", "60岁及以上；常住", "integer", "人", None, "stock", "sum", "N..10"),
    (YIELD, "行政区域", "产量", "稻谷", "decimal", "吨", None, "flow", "sum", "N..16,2"),
    (ROAD, "行政区域", "道路里程", "硬化", "decimal", "公里", None, "stock", "sum", "N..16,2"),
    (MEETINGS, "行政区域", "会议次数", "乡级", "integer", "次", None, "flow", "sum", "N..10"),
    (CODE_UNIT, "单位", "统一社会信用代码", "", "identifier", None, None, "none", "none", "C18"),
)
OFTEN = (
    (DOSES, "行政区域", "数量", "免疫；本旬", "integer", "头", None, "flow", "sum", "N..10"),
    (DOSES_SO_FAR, "行政区域", "数量", "免疫；累计", "integer", "头", None, "stock", "sum", "N..10"),
    (HERD, "行政区域", "存栏数", "", "integer", "头", None, "stock", "sum", "N..10"),
)
"""Elements of the reports that come more often than monthly."""
# report, name, department, frequency, level, layout, elements
REPORTS = (
    ("R1", "低保对象花名册", "民政局", "月", "村", "roster", (NAME, ID, SEX, HOUSE_NO, SUBSIDY, SINCE)),
    ("R2", "劳动力花名册", "人社局", "月", "村", "roster", (NAME, ID, BORN, SCHOOLING, PHONE, HOUSE_NO)),
    ("R3", "户情况表", "农业农村局", "月", "村", "list", (HOUSE_NO, MEMBERS, INCOME)),
    ("R4", "人口月报", "卫健局", "月", "村", "statistics", (PEOPLE, ELDERLY, ROAD)),
    ("R5", "粮食季报", "统计局", "季", "村", "statistics", (YIELD,)),
    ("R6", "工作月报", "组织部", "月", "乡镇", "statistics", (MEETINGS,)),
)
OFTEN_ASKED = (
    ("R7", "防疫旬报", "农业农村局", "旬", "村", "statistics", (DOSES, DOSES_SO_FAR, HERD)),
    ("R8", "畜牧月报", "统计局", "月", "村", "statistics", (DOSES, HERD, PEOPLE)),
    ("R9", "会议周报", "组织部", "周", "乡镇", "statistics", (MEETINGS,)),
    ("R10", "住户周报", "公安局", "周", "村", "list", (HOUSE_NO, MEMBERS)),
)


def id_number(number: int) -> str:
    """Return an invented, valid ID number."""
    body = f"530100{1950 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    return body + id_check(body)


def elements(more: tuple[Any, ...] = ()) -> pl.DataFrame:
    """Return Elements; more: rows beside ELEMENTS."""
    rows = []
    for element_id, object_class, name, qualifiers, kind, unit, choices, temporal, aggregation, shape in (
        *ELEMENTS,
        *more,
    ):
        rows.append(
            {
                "element_id": element_id,
                "element_key": f"{object_class}.{name}" + (f"[{qualifiers}]" if qualifiers else ""),
                "element_name": name + (f"（{qualifiers.replace('；', '、')}）" if qualifiers else ""),
                "definition": f"{object_class}的{name}",
                "object_class": object_class,
                "property": name,
                "qualifiers": qualifiers,
                "temporal": temporal,
                "data_type": kind,
                "representation": shape,
                "unit": unit,
                "value_domain": choices,
                "aggregation": aggregation,
                "sensitivity": "一般",
                "share_type": "有条件共享",
                "field_count": 1,
                "form_count": 1,
                "status": "已核准",
            }
        )
    return Elements.frame(rows)


def areas() -> pl.DataFrame:
    """Return Areas."""
    rows = [(COUNTY, "试县", "县", None), (EAST, "东镇", "乡镇", COUNTY), (WEST, "西乡", "乡镇", COUNTY)]
    rows += [(code, name, "村", code[:9] + "000") for code, name in VILLAGES.items()]
    names = ("area_code", "area_name", "area_level", "parent_code")
    return Areas.frame([dict(zip(names, row, strict=True)) for row in rows])


def catalogue(more: tuple[Any, ...] = (), reports_too: tuple[Any, ...] = ()) -> dict[str, pl.DataFrame]:
    """Return the frames a plan is made from; more, reports_too: beside ELEMENTS and REPORTS."""
    about = {row[0]: row for row in (*ELEMENTS, *more)}
    reports, fields, mapping, meanings = [], [], [], []
    for report_id, name, department, frequency, level, layout, asked in (*REPORTS, *reports_too):
        reports.append(
            {
                "report_id": report_id,
                "report_name": name,
                "department_name": department,
                "frequency": frequency,
                "respondent_level": level,
            }
        )
        subject = {"roster": "自然人", "list": "户", "statistics": "行政区域"}[layout]
        for number, element_id in enumerate(asked):
            field_id = f"{report_id}#{number}"
            place = {
                "form_id": report_id,
                "form_title": name,
                "table_no": 1,
                "field_no": number,
                "cell": f"{'BCDEFGH'[number]}4",
            }
            fields.append(
                {"field_id": field_id, **place, "path": about[element_id][2], "layout": layout, "role": "fill"}
            )
            mapped = {"relation": "same", "score": 1.0, "decision": "规则", "reason": "同名"}
            mapping.append({"field_id": field_id, "element_id": element_id, **mapped})
            meanings.append(
                {
                    "field_id": field_id,
                    "role": "fill",
                    "object_class": about[element_id][1],
                    "property": about[element_id][2],
                    "qualifiers": about[element_id][3],
                    "temporal": about[element_id][7],
                    "data_type": about[element_id][4],
                    "subject": subject,
                    "element_key": element_id,
                    "confidence": 1.0,
                    "reason": "",
                }
            )
    born = {
        "element_id": BORN,
        "kind": "id_number",
        "ledger": "person",
        "expression": f'substr("{ID}", 7, 8)',
        "inputs": ID,
        "reason": "GB 11643：第 7—14 位",
    }
    part = {"form_id": "R4", "table_no": 1, "kind": "part", "target": "B4", "parts": "C4", "text": "其中"}
    return {
        "reports": Reports.frame(reports),
        "report_fields": ReportFields.frame(fields),
        "elements": elements(more),
        "element_map": ElementMap.frame(mapping),
        "field_meanings": FieldMeanings.frame(meanings),
        "derivations": Derivations.frame([born]),
        "template_checks": TemplateChecks.frame([part]),
    }


@dataclass
class Office:
    """The county's office: issues, receives, remembers. folder: where its files go."""

    folder: Path
    values: pl.DataFrame = field(default_factory=LedgerValues.empty)
    submissions: pl.DataFrame = field(default_factory=Submissions.empty)
    issued: pl.DataFrame = field(default_factory=IssuedWorkbooks.empty)
    frames: dict[str, pl.DataFrame] = field(default_factory=catalogue)
    scope: tuple[dict[str, str], ...] = ()
    requests: pl.DataFrame = field(default_factory=CorrectionRequests.empty)
    possible: pl.DataFrame = field(default_factory=PossibleDuplicates.empty)

    @property
    def made(self) -> Plan:
        """The fill plan."""
        given = {name: frame for name, frame in self.frames.items() if name != "template_checks"}
        return plan(**given, scope=list(self.scope))

    def issue(self, period: str) -> dict[str, Path]:
        """Issue a period's workbooks; return them by township."""
        held = self.values.filter(~pl.col("ledger").is_in(QUESTIONS))
        about = (self.frames["elements"], areas())
        today = days(period)[0]
        asked = questions(self.requests, self.possible, self.values, held, *about, today)
        inputs = prepare(self.made.fill_plan, about[0], self.frames["reports"], areas(), held, period, questions=asked)
        folder = self.folder / period
        rows, _ = issue_all(inputs, folder, f"{today}T08:00:00", self.issued)
        self.issued = pl.concat([self.issued.join(rows, on="workbook_id", how="anti"), rows])
        return {row["area_code"]: folder / row["file"] for row in rows.iter_rows(named=True)}

    def desk(self, *open_periods: str) -> Desk:
        """Return the desk of periods that are open."""
        return desk(
            self.made.fill_plan,
            self.frames["elements"],
            areas(),
            self.values.filter(~pl.col("ledger").is_in(QUESTIONS)),
            self.issued,
            self.submissions,
            dict.fromkeys(open_periods, ""),
            report_fields=self.frames["report_fields"],
            element_map=self.frames["element_map"],
            template_checks=self.frames["template_checks"],
            correction_requests=self.requests,
            possible_duplicates=self.possible,
        )

    def receive(self, period: str, *files: Path) -> list[Receipt]:
        """Receive files and post what was accepted."""
        arrived = [Arrived(file, file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
        counter = self.desk(*dict.fromkeys((period, *open_periods(self.issued["period"], {}))))
        receipts = list(receive_all(arrived, counter, f"{days(period)[0][:8]}20T09:00:00"))
        for receipt in receipts:
            if receipt.submission:
                deliver(receipt.submission, receipt.findings, receipt.arrived.path, self.folder / "回执", "东镇")
        self.submissions = settle(self.submissions, receipts)
        self.values = pl.concat([self.values, *(receipt.values for receipt in receipts)])
        return receipts
