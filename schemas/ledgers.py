"""What is asked, what came back, and the ledgers: every value with its history."""

from __future__ import annotations

from schemas.model import Table, must, text


class FillPlan(Table):
    """What is asked of whom, a row per ledger and element; with the reason where it is not asked.

    ledger: "person", "household" … (schemas/rules/ledgers.csv) or "indicator".
    holder: what one row is about; respondent_level: who knows it (村 … 县); frequency: the finest that a report needs.
    over_time: how an indicator follows from earlier periods: "cumulative:<element id>" or "year_before:<element id>".
    """

    ledger: str = must("台账")
    element_id: str = must("数据元标识符")
    column_no: int = must("列序")
    is_key: bool = must("是否主键")
    is_asked: bool = must("是否填报")
    reason: str = must("理由")
    respondent_level: str = must("填报层级")
    frequency: str = must("频率")
    report_ids: str = must("用途报表")
    over_time: str = text("由前期推算")


class Populations(Table):
    """Which rows of a ledger stand in a roster, list or card, a row per table of a report.

    A population is either computed (condition: SQL over ledger columns named by element id) or marked by the clerk in a
    column of its own, whose element id is POPULATION_PREFIX + population.
    """

    report_id: str = must("报表编号")
    table_no: int = must("表序")
    ledger: str = must("台账")
    population: str = must("对象范围")
    condition: str = must("条件")
    reason: str = must("理由")


class LedgerValues(Table):
    """Every value ever accepted, append-only; the latest of (ledger, subject_key, element_id, period) holds.

    value: canonical text: date YYYY-MM-DD, number as plain decimal in the element's unit, code as its name in the value
    domain, boolean 是/否. period: "" for ledgers of subjects (state as of now); of the indicator ledger a period's id
    (`pipelines.periods`).
    """

    ledger: str = must("台账")
    subject_key: str = must("主体")
    area_code: str = must("区划代码")
    period: str = must("报告期")
    element_id: str = must("数据元标识符")
    value: str = text("值")
    null_reason: str = text("无值原因")
    submission_id: str = must("报送编号")
    submitted_period: str = must("报送期")
    sheet: str = must("工作表")
    cell: str = must("单元格")
    recorded_at: str = must("记录时间")


class IssuedWorkbooks(Table):
    """Fill-once workbooks that were issued, a row per township and period."""

    workbook_id: str = must("工作簿编号", unique=True)
    area_code: str = must("填报单位")
    period: str = must("报告期")
    file: str = must("文件")
    cell_count: int = must("应填单元格")
    prefilled_count: int = must("预填单元格")
    issued_at: str = must("下发时间")
    version: str = text("版本")


class Submissions(Table):
    """Every file ever received, a row per file; identity is the hash of its content."""

    submission_id: str = must("报送编号", unique=True)
    file_name: str = must("文件名")
    workbook_id: str = text("工作簿编号")
    area_code: str = text("填报单位")
    period: str = text("报告期")
    status: str = must("结果", isin=("接收", "退回", "被取代"))
    received_at: str = must("接收时间")
    typed_count: int = must("键入单元格")
    changed_count: int = must("改动单元格")
    confirmed_count: int = must("确认单元格")
    error_count: int = must("错误数")
    warning_count: int = must("待说明数")
    receipt_file: str = text("回执")
    returned_file: str = text("退回副本")
    clerk_name: str = text("填报人（文件所写）")
    late_days: int = text("迟报天数", ge=0)
    superseded_by: str = text("取代它的报送")


class PossibleDuplicates(Table):
    """Pairs of subjects that may be one registered twice, a row per pair ever proposed; append-only.

    What the clerks answer is kept among the values (ledger "duplicate", subject_key "<pair_id>@<township>"). Nothing is
    merged: whoever confirms a pair moves one of the two rows out.
    """

    pair_id: str = must("编号", unique=True)
    ledger: str = must("台账")
    left_key: str = must("甲主体")
    right_key: str = must("乙主体")
    left_area_code: str = must("甲区划代码")
    right_area_code: str = must("乙区划代码")
    probability: float = must("可能性")
    reasons: str = must("理由")
    found_at: str = must("提出时间")


class CorrectionRequests(Table):
    """Doubts that a department or the county raised about a value, a row per request; append-only.

    Only the respondent's next submission changes or confirms the value; the answer is kept among the values (ledger
    "correction", subject_key request_id). The term is that of 政务数据共享条例 26.
    """

    request_id: str = must("编号", unique=True)
    raised_at: str = must("提出时间")
    department_name: str = must("提出部门")
    raised_by: str = must("提出人")
    ledger: str = must("台账")
    subject_key: str = must("主体")
    area_code: str = must("区划代码")
    period: str = must("报告期")
    element_id: str = must("数据元标识符")
    value: str = text("提出时的值")
    suggested: str = text("建议值")
    reason: str = must("疑点")
