"""Burden and its reduction, each figure with its arithmetic (5 CFR 1320 worksheet D–M)."""

from __future__ import annotations

from schemas.model import Table, must, text

CHANGES = ("保留", "合并", "推算", "预填", "降频", "增加", "新增", "停用", "不填报", "不可计")
"""What became of a field. Program changes: 合并 asked once for several; 推算 computed; 预填 shown again, not typed;
降频 asked less often or of fewer; 增加 more often or of more; 新增 not in the baseline; 停用 no longer in the form.
保留 asked as before. Never a burden: 不填报 (headers, serial numbers, formulas). Listed, in no yearly sum: 不可计."""

BASES = ("实测", "报表清单", "区划表", "台账实数", "规则声明", "不可计")
"""Where a number came from: measured, the register, the area table, the ledgers, a declared rule (an assumption)."""

METHODS = ("计时观察", "填报人自报", "文档属性")
"""How a fill time was observed: by a watch, told by the clerk of the own accord, total editing time that the program
wrote into the file (idle time included; Excel writes none)."""


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


class FillTimes(Table):
    """Observed fill times, a row per observation. target_id: a report_id, or the period of a fill-once workbook."""

    target: str = must("对象", isin=("报表", "工作簿"))
    target_id: str = must("对象编号")
    minutes: float = must("用时（分钟）", ge=0)
    method: str = must("怎样得到", isin=METHODS)
    observed_by: str = text("谁观察")
    observed_at: str = must("观察日期")
    source: str = text("出处")


class Confirmations(Table):
    """Who confirmed a report of the baseline, for the department and for a township (双向确认), a row per report."""

    report_id: str = must("报表编号", unique=True)
    department_by: str = text("部门确认人")
    township_by: str = text("乡镇确认人")
    confirmed_at: str = text("确认日期")


class BurdenFigures(Table):
    """One figure in one scope: before, after, and the sentence that defines it.

    reduction = numerator ÷ denominator, null when the denominator is 0. In a ratio of sums the numerator is before −
    after and the denominator before; in a mean of ratios the sum of the ratios and their number. basis: what of it was
    counted, measured, registered or assumed (假定).
    """

    figure: str = must("指标")
    scope: str = must("范围")
    scope_value: str = must("范围值")
    before: float = must("整合前", ge=0)
    after: float = text("整合后", ge=0)
    numerator: float = text("分子")
    denominator: float = text("分母", ge=0)
    reduction: float = text("下降比例", le=1)
    unit: str = must("单位")
    formula: str = must("算法")
    basis: str = text("依据")
    baseline_version: str = must("基线版本")
    as_of: str = must("截至")


class BurdenRows(Table):
    """The rows behind the figures: old field → element → who decided → what is asked now.

    D × E × c = cells_before of a field of the baseline: the same question with today's respondents and subjects.
    cells_frozen: as the baseline estimated it; new_as_form: of a field since the baseline, what its own form would
    ask; once_*: without frequency; cells_prefilled: shown again for confirmation, not in cells_after.
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
    decided_at: str = text("何时决定")
    change: str = must("变化", isin=CHANGES)
    is_new: bool = must("基线之后新增")
    new_as_form: float = must("新栏目若照原表填/年", ge=0)
    asked_now: str = text("现在怎么填")
    respondents: float = text("填报单位数 D", ge=0)
    respondents_basis: str = text("D 的依据", isin=BASES)
    responses_per_year: float = text("每年次数 E", ge=0)
    rows_per_response: float = text("每次行数 c", ge=0)
    rows_basis: str = text("行数的依据", isin=BASES)
    minutes_per_response: float = text("单次用时（分钟）G", ge=0)
    minutes_basis: str = text("G 的依据", isin=BASES)
    cells_frozen: float = must("基线单元格/年", ge=0)
    cells_before: float = must("整合前单元格/年", ge=0)
    cells_after: float = must("整合后单元格/年", ge=0)
    cells_prefilled: float = must("其中预填不计/年", ge=0)
    once_before: float = must("整合前单元格（不计频率）", ge=0)
    once_after: float = must("整合后单元格（不计频率）", ge=0)
    hours_before: float = must("整合前工时/年", ge=0)
    hours_after: float = must("整合后工时/年", ge=0)
    reason: str = must("理由")


class BurdenRebound(Table):
    """What a department asked anew since the baseline, a row per month and department that did; areas never appear.

    new_cells: as the new forms and fields would ask a year; added_cells: what is really added, after consolidation.
    """

    month: str = must("月份")
    department_name: str = must("部门")
    new_forms: int = must("新增报表", ge=0)
    admitted_forms: int = must("其中经过准入", ge=0)
    new_items: int = must("新增数据项", ge=0)
    gone_items: int = must("其中已撤回", ge=0)
    new_cells: float = must("照原表填的单元格/年", ge=0)
    added_cells: float = must("实际增加的单元格/年", ge=0)
    frozen_at: str = must("基线冻结日期")
    as_of: str = must("截至")
