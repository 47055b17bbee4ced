"""The report register, the templates, and what each template asks for."""

from __future__ import annotations

from schemas.model import Table, must, text

FREQUENCIES = ("日", "周", "旬", "月", "季", "半年", "年", "一次性", "随时", "未说明")
"""How often a report is due. "随时" and "未说明" are not countable in a year; figures say so."""

RESPONDENT_LEVELS = ("县", "乡镇", "村", "户", "个人", "单位", "未说明")


class Reports(Table):
    """The report register 报表清单, a row per report."""

    report_id: str = must("报表编号", unique=True)
    report_name: str = must("报表名称")
    form_code: str = text("表号")
    department_name: str = must("主管部门")
    issuing_body: str = text("制定机关")
    approving_body: str = text("批准机关")
    approval_no: str = text("批准文号")
    valid_until: str = text("有效期至")
    legal_basis: str = text("填报依据")
    frequency: str = must("频率", isin=FREQUENCIES)
    respondent_level: str = must("填报层级", isin=RESPONDENT_LEVELS)
    template_file: str = text("模板文件")
    minutes_per_response: int = text("单次填报用时（分钟）")
    remark: str = text("备注")
    frequency_text: str = text("频率原文")


class Templates(Table):
    """The templates that were read, a row per table of a template."""

    template_hash: str = must("模板哈希")
    report_id: str = must("报表编号")
    table_no: int = must("表序")
    file: str = must("文件")
    sheet: str = must("工作表")
    layout: str = text("版式")
    title: str = text("标题")
    form_code: str = text("表号")
    issuing_body: str = text("制定机关")
    approval_no: str = text("批准文号")
    valid_until: str = text("有效期限")
    unit: str = text("计量单位")
    first_data_row: int = text("首个数据行")
    last_data_row: int = text("末个数据行")
    confidence: float = must("把握")


class ReportFields(Table):
    """What the reports ask for, a row per field of a template, with the cell it came from.

    Also the input of the catalogue, which needs the form around a field to know what the field means.
    """

    field_id: str = must("栏目编号", unique=True)
    form_id: str = must("报表编号")
    form_title: str = text("报表标题")
    department_name: str = text("部门")
    respondent_level: str = text("填报层级")
    frequency: str = text("频率")
    layout: str = text("版式")
    table_no: int = must("表序")
    field_no: int = must("栏目序")
    file: str = text("文件")
    sheet: str = text("工作表")
    path: str = must("表头路径")
    unit: str = text("计量单位")
    code: str = text("指标代码")
    data_type: str = text("数据类型")
    data_type_reason: str = text("类型依据")
    role: str = must("角色", isin=("fill", "derived", "serial", "meta", ""))
    label_cell: str = text("标签单元格")
    cell: str = text("填写单元格")
    inline: int = text("单元格内第几空")
    value_domain: str = text("可选值")
    number_format: str = text("数字格式")
    note: str = text("说明")


class TemplateChecks(Table):
    """Relations that the templates state themselves: formulas, totals, balance lines, parts, sums on both sides.

    target and parts are cells of the table, joined by ；. Of kind "sides" (02+03=04+05, 01=A302表02) target holds all
    cells of the left side; a cell of another table is `<报表编号>#<表序>!<cell>`, what is taken off begins with -.
    """

    form_id: str = must("报表编号")
    table_no: int = must("表序")
    kind: str = must("种类", isin=("formula", "total", "balance", "part", "sides"))
    target: str = must("结果单元格")
    parts: str = must("组成单元格")
    text: str = text("原文")
