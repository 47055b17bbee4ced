"""Burden and its reduction, each figure with its arithmetic (5 CFR 1320 worksheet D–M)."""

from __future__ import annotations

from schemas.model import Table, must, text

CHANGES = ("保留", "合并", "推算", "预填", "降频", "增加", "新增", "停用", "不填报", "不可计")
"""What became of a field. Program changes: 合并 asked once for several; 推算 computed; 预填 shown again, not typed;
降频 asked less often or of fewer; 增加 more often or of more; 新增 not in the baseline; 停用 no longer in the form.
保留 asked as before. Never a burden: 不填报 (headers, serial numbers, formulas). Listed, in no yearly sum: 不可计."""

BASES = ("报表清单", "区划表", "台账实数", "规则声明", "不可计")
"""Where a number came from: the register, the area table, the ledgers, a declared rule."""


class Baseline(Table):
    """The frozen state before consolidation, a row per field that a report asks for; never changed, only versioned.

    A report of which no field to fill is known has one row with role "none", so that no report is missing.
    respondents × responses_per_year × rows_per_response = cells a year of the field; null where not countable.
    content_hash: of this version's rows, see pipelines.burden.baseline.content_hash.
    """

    baseline_version: str = must("基线版本")
    frozen_at: str = must("冻结日期")
    report_id: str = must("报表编号")
    report_name: str = must("报表名称")
    department_name: str = must("部门")
    field_id: str = must("栏目编号", unique=True)
    table_no: int = must("表序")
    path: str = must("表头路径")
    role: str = must("角色")
    layout: str = text("版式")
    frequency: str = must("频率")
    frequency_text: str = text("频率原文")
    respondent_level: str = must("填报层级")
    respondents: float = text("填报单位数 D", ge=0)
    respondents_basis: str = must("D 的依据", isin=BASES)
    responses_per_year: float = text("每年次数 E", ge=0)
    rows_per_response: float = text("每次行数", ge=0)
    rows_basis: str = must("行数的依据", isin=BASES)
    minutes_per_response: float = text("单次用时（分钟）G", ge=0)
    minutes_basis: str = must("G 的依据", isin=BASES)
    confirmed_by: str = text("双向确认")
    revision_reason: str = must("版本理由")
    content_hash: str = must("内容哈希")


class BurdenFigures(Table):
    """One figure in one scope: before, after, and the sentence that defines it.

    reduction is null when before is 0; after is null where the figure cannot be split by that scope.
    """

    figure: str = must("指标")
    scope: str = must("范围")
    scope_value: str = must("范围值")
    before: float = must("整合前", ge=0)
    after: float = text("整合后", ge=0)
    reduction: float = text("下降比例", le=1)
    unit: str = must("单位")
    formula: str = must("算法")
    baseline_version: str = must("基线版本")
    as_of: str = must("截至")


class BurdenRows(Table):
    """The rows behind the figures: old field → element → who decided → what is asked now.

    cells_frozen: as the baseline estimated it; cells_before: the same questions with today's counts of respondents and
    subjects; once_*: without frequency; cells_prefilled: shown again for confirmation, not in cells_after.
    """

    field_id: str = must("栏目编号", unique=True)
    report_id: str = must("报表编号")
    report_name: str = text("报表名称")
    department_name: str = must("部门")
    path: str = must("表头路径")
    role: str = must("角色")
    respondent_level: str = text("填报层级")
    frequency: str = text("频率")
    element_id: str = text("数据元标识符")
    element_name: str = text("数据元名称")
    object_class: str = text("对象类")
    decision: str = text("由谁决定")
    change: str = must("变化", isin=CHANGES)
    is_new: bool = must("基线之后新增")
    asked_now: str = text("现在怎么填")
    cells_frozen: float = must("基线单元格/年", ge=0)
    cells_before: float = must("整合前单元格/年", ge=0)
    cells_after: float = must("整合后单元格/年", ge=0)
    cells_prefilled: float = must("其中预填不计/年", ge=0)
    once_before: float = must("整合前单元格（不计频率）", ge=0)
    once_after: float = must("整合后单元格（不计频率）", ge=0)
    hours_before: float = must("整合前工时/年", ge=0)
    hours_after: float = must("整合后工时/年", ge=0)
    reason: str = must("理由")
