"""The gate: what departments ask to issue, what was decided, and the living register of what may be issued."""

from __future__ import annotations

from schemas.model import Table, must, text

ITEM_KINDS = ("已有", "可推算", "相近但不同", "新增", "原表已有", "不计")
"""What an item of a proposed form is to the catalogue. 原表已有: only the form's own earlier edition asks it;
不计: serial numbers, signatures, headings, which are no data."""

VERDICTS = ("不需要", "合并", "精简后准入", "准入", "退回补正")
"""What is proposed: get it by sharing; put it into an existing form; admit without what is held; admit; send back."""

DECISIONS = (*VERDICTS, "延期", "撤销")
"""What people decide. 延期 extends the term once; 撤销 takes a control number back."""

ORIGINS = ("申请", "已下发")
"""申请: a department asks before it issues. 已下发: a township has it already (a chat message, a file)."""

HOW_SEEN = ("准入检查", "拒填答复", "报送夹带")
"""Where a form that is not on the register was seen: given to `admit`, to `refuse`, among the returned files."""

WAITING = "送审未准入"
"""How an application is off the register: somebody asked the gate, and the form has no number (yet)."""

TEMPLATE_CHANGES = ("新增", "删除", "改名", "移位", "改单位", "改代码", "改选项")
"""How a field of a template differs from the admitted one."""


class AdmissionRequests(Table):
    """Forms that were put before the gate, append-only, a row per form and department; identity is the content.

    *_gross: burden of the form as proposed; *_net: of what is left when nothing held or computable is asked.
    """

    request_id: str = must("受理编号", unique=True)
    content_hash: str = must("内容哈希")
    form_title: str = must("报表名称")
    department_name: str = must("申请部门")
    origin: str = must("来源", isin=ORIGINS)
    how: str = must("经由", isin=HOW_SEEN)
    seen_by: str = text("收到单位")
    received_at: str = must("受理日期")
    source_file: str = must("文件")
    form_code: str = text("表号")
    issuing_body: str = text("制定机关")
    approving_body: str = text("批准机关")
    approval_no: str = text("批准文号")
    valid_until: str = text("有效期至")
    legal_basis: str = text("填报依据")
    frequency: str = must("频率")
    respondent_level: str = must("填报层级")
    due_date: str = text("要求报送日期")
    item_count: int = must("数据项")
    held_count: int = must("已有")
    derived_count: int = must("可推算")
    similar_count: int = must("相近但不同")
    new_count: int = must("新增")
    cells_gross: float = text("单元格/年（毛）")
    cells_net: float = text("单元格/年（净）")
    hours_gross: float = text("工时/年（毛）")
    hours_net: float = text("工时/年（净）")
    verdict: str = must("建议", isin=VERDICTS)
    report_id: str = text("清单上的报表编号")


class AdmissionDecisions(Table):
    """What people decided on requests, append-only; the last decision on a request holds.

    control_no, valid_until: of an admitted form. report_id: the form on the register, or the one it is merged into.
    """

    decision_id: str = must("决定编号", unique=True)
    request_id: str = must("受理编号")
    decision: str = must("决定", isin=DECISIONS)
    decided_by: str = must("决定人")
    decided_at: str = must("决定日期")
    reason: str = must("理由")
    control_no: str = text("准入编号")
    valid_until: str = text("有效期至")
    report_id: str = text("报表编号")


class AdmissionRegister(Table):
    """The living register: a row per form that may be issued, from the county's list or by decision.

    valid_until: the last day, YYYY-MM-DD, null when the form states none. missing: legal marks that the form lacks.
    """

    control_no: str = must("准入编号", unique=True)
    report_id: str = must("报表编号", unique=True)
    form_title: str = must("报表名称")
    form_code: str = text("表号")
    department_name: str = must("主管部门")
    basis: str = must("登记依据", isin=("报表清单", "准入决定"))
    approval_no: str = text("批准文号")
    admitted_at: str = must("登记日期")
    valid_until: str = text("有效期至")
    missing: str = text("缺少的标识")
    template_hash: str = text("已准入模板哈希")
    change_count: int = must("未准入的改动")


class AdmittedFields(Table):
    """The fields of each form as they were admitted: what a later edition of its template is compared with."""

    report_id: str = must("报表编号")
    template_hash: str = must("模板哈希")
    admitted_at: str = must("登记日期")
    table_no: int = must("表序")
    field_no: int = must("栏目序")
    sheet: str = text("工作表")
    path: str = must("表头路径")
    role: str = must("角色")
    unit: str = text("计量单位")
    code: str = text("指标代码")
    value_domain: str = text("可选值")
    cell: str = text("填写单元格")


class TemplateChanges(Table):
    """Where the template in use differs from the admitted one, a row per difference."""

    report_id: str = must("报表编号")
    form_title: str = must("报表名称")
    department_name: str = must("主管部门")
    change: str = must("改动", isin=TEMPLATE_CHANGES)
    path: str = must("栏目")
    before: str = text("准入时")
    after: str = text("现在")
    cell: str = text("单元格")
    seen_at: str = must("发现日期")


class AdmissionClocks(Table):
    """Matters with a term set by law, open or ended, a row per matter and clock (rules/clocks.csv)."""

    matter_id: str = must("事项编号")
    clock: str = must("期限种类")
    form_title: str = must("报表名称")
    department_name: str = must("部门")
    started_at: str = must("起算日期")
    ended_at: str = text("办结日期")
    is_extended: bool = must("已延期")


class OffRegister(Table):
    """Forms that are not on the register (体外循环), a row per form and way it was seen: in use, or only asked for."""

    content_hash: str = must("内容哈希")
    form_title: str = must("报表名称")
    department_name: str = must("部门")
    how: str = must("怎么发现的", isin=(*HOW_SEEN, WAITING))
    seen_by: str = text("收到单位")
    seen_at: str = must("发现日期")
    source_file: str = must("文件")
    item_count: int = must("数据项")
    why: str = must("为什么不在册")


class AdmissionMonths(Table):
    """Monthly movements by department since the baseline: the figures of the rebound watch.

    admitted, changed, expired and off-register forms of the month; items and cells that admitted forms add (net).
    """

    month: str = must("月份")
    department_name: str = must("部门")
    admitted_forms: int = must("新准入报表")
    changed_forms: int = must("改版报表")
    expired_forms: int = must("到期报表")
    off_register_forms: int = must("体外循环")
    new_items: int = must("新增数据项")
    new_cells: float = must("新增单元格/年")
