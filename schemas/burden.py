"""Burden and its reduction, each figure with its arithmetic (5 CFR 1320 worksheet D–M)."""

from __future__ import annotations

from schemas.model import Table, must, text


class Baseline(Table):
    """The frozen state before consolidation, a row per field that a report asks for; never changed, only versioned."""

    baseline_version: str = must("基线版本")
    frozen_at: str = must("冻结日期")
    report_id: str = must("报表编号")
    report_name: str = must("报表名称")
    department_name: str = must("部门")
    field_id: str = must("栏目编号")
    path: str = must("表头路径")
    role: str = must("角色")
    frequency: str = must("频率")
    respondent_level: str = must("填报层级")
    respondents: int = text("填报单位数 D")
    responses_per_year: float = text("每年次数 E")
    rows_per_response: float = text("每次行数")
    minutes_per_response: float = text("单次用时（分钟）")


class BurdenFigures(Table):
    """One figure in one scope: before, after, and the sentence that defines it. reduction is null when before is 0."""

    figure: str = must("指标")
    scope: str = must("范围")
    scope_value: str = must("范围值")
    before: float = must("整合前")
    after: float = must("整合后")
    reduction: float = text("下降比例")
    unit: str = must("单位")
    formula: str = must("算法")
    baseline_version: str = must("基线版本")
    as_of: str = must("截至")


class BurdenRows(Table):
    """The rows behind the figures: old field → element → what is asked now."""

    field_id: str = must("栏目编号")
    report_id: str = must("报表编号")
    department_name: str = must("部门")
    path: str = must("表头路径")
    element_id: str = text("数据元标识符")
    element_name: str = text("数据元名称")
    change: str = must("变化", isin=("保留", "合并", "推算", "预填", "降频", "不填报", "不可计"))
    cells_before: float = must("整合前单元格/年")
    cells_after: float = must("整合后单元格/年")
    reason: str = must("理由")
