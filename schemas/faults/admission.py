"""Faults 6xx: what is wrong with a proposed form, and with the register of admitted ones."""

from schemas.faults.fault import Fault

NOT_A_FORM = Fault(
    "OF-600",
    "不是报表",
    "“{name}”里没有读出要填的栏目：{why}。没有受理。",
    "请交空白报表本身（Excel、Word），或把要报的数据项逐条写明，用 oneform admit - 粘贴。",
)
EMPTY_LIST = Fault(
    "OF-601",
    "没有数据项",
    "粘贴的内容里没有找到要报的数据项。没有受理。",
    "请一行写一项，或写成“请各村报：1.常住人口数 2.耕地面积（亩），12月5日前”。",
)
DEPARTMENT_UNKNOWN = Fault(
    "OF-602",
    "部门不认识",
    "“{department}”不在报表清单和部门名称表里{near}。没有受理。",
    "请写部门全称；新设部门请先写进 rules/source_department_names.csv。",
)
DEPARTMENT_MISSING = Fault(
    "OF-603",
    "没有写明部门",
    "不知道这张表是哪个部门要的，表头也没有写制定机关。没有受理。",
    "请用 --department 写明，例如 --department 县民政局。",
)
IDENTICAL = Fault(
    "OF-604",
    "与在册报表完全相同",
    "这张表与在册的《{name}》（{control_no}，{department}）逐栏相同，不需要再申请。{state}取数用：{how}",
    "改了栏目再来申请；没有改的，直接取数。",
    "info",
)
ALL_NEW = Fault(
    "OF-605",
    "全部是新增数据项",
    "{count} 个数据项在目录里都没有，也没有相近的。",
    "请部门逐项说明用途和依据；审查人请核对栏目名称是否写清，避免换个名字重复要数。",
    "warning",
)
OTHER_COUNTY = Fault(
    "OF-606",
    "像是外县的表",
    "表上写的是“{found}”，本县是“{county}”。数据项已照本县目录比对。",
    "外县的表在本县没有效力；确需使用的，请以本部门名义重新制表申请，并写明本县的填报依据。",
    "warning",
)
HEADER_INCOMPLETE = Fault(
    "OF-607",
    "法定标识不全",
    "表头没有标明{missing}。",
    "请在表的右上角补齐；未标明或超过有效期的，填报单位可以拒填。",
    "warning",
)
FORM_EXPIRED = Fault(
    "OF-608",
    "超过有效期",
    "表上写的有效期到 {until}，已经过期。",
    "请重新申请；在此之前填报单位可以拒填。",
    "warning",
)
LEAD_TIME = Fault(
    "OF-609",
    "时限太紧",
    "{issued} 下发、{due} 要：只有 {days} 个工作日，{level}填 {items} 项至少要 {least} 个工作日，即 {earliest} 或以后。",
    "请改期；确属突发事件的，写明依据。",
    "warning",
)
DUE_PASSED = Fault(
    "OF-610",
    "报送日期已过",
    "要求 {due} 报送，比下发日期 {issued} 还早。",
    "请核对日期。",
)
TOO_OFTEN = Fault(
    "OF-611",
    "要得比变化还勤",
    "按{frequency}要“{items}”，这类数据{pace}，宜{suggested}。",
    "请改频率，或只报变动。",
    "warning",
)
CONTRADICTION = Fault(
    "OF-612",
    "与在册口径不一致",
    "“{item}”与在册的“{element}”是同一项，但{difference}。",
    "请改成目录的口径；口径确实不同的，请改名并写明定义。",
    "warning",
)
SENSITIVE_ITEMS = Fault(
    "OF-613",
    "敏感个人信息",
    "有 {count} 项敏感个人信息：{items}。",
    "请随申请附个人信息保护影响评估报告（保存不少于三年），并逐项说明必要性。",
    "warning",
)
DECISION_UNKNOWN = Fault(
    "OF-620", "决定不认识", "决定“{decision}”不在可选范围：{allowed}。", "请从中选一个；没有保存。"
)
REQUEST_UNKNOWN = Fault(
    "OF-621", "没有这个受理编号", "受理编号“{request_id}”不在申请登记里。", "请用 oneform register 查看编号。"
)
DECISION_INCOMPLETE = Fault("OF-622", "决定不完整", "决定没有写明{missing}。", "请补上后重新登记；没有保存。")
DECISION_TERM = Fault(
    "OF-623",
    "有效期不对",
    "有效期“{until}”应是 {today} 以后、不超过 {limit} 的日期，写成 {limit} 的样子。",
    "请改正后重新登记；没有保存。",
)
EXTENDED_TWICE = Fault(
    "OF-624", "已经延过期", "{request_id} 已在 {when} 延期，期限只能延长一次，最迟 {due} 决定。", "请按期作出决定。"
)
MERGE_TARGET = Fault(
    "OF-625", "合并的目标不在册", "“{target}”不是在册的报表，不能合并到它。", "请用 --into 写在册报表的编号。"
)
MAY_NOT_REFUSE = Fault(
    "OF-630",
    "不能拒填",
    "《{name}》在册（{control_no}），{state}，标识齐全，应当如实填报；主管部门是{department}。",
    "对报送时限或数据项有意见的，请向主管部门和县数据局反映。",
)
TEMPLATE_CHANGED = Fault(
    "OF-640",
    "模板改了没有重新准入",
    "《{name}》（{department}）的模板与准入时不同：{what}。",
    "请该部门用 oneform admit 重新申请；准入之前按原模板填报。",
    "warning",
)
REGISTER_EXPIRED = Fault(
    "OF-641",
    "在册报表已过期",
    "《{name}》（{department}，{control_no}）的有效期到 {until}，已经过期。",
    "请部门重新申请或停用；填报单位可以拒填。",
    "warning",
)
REGISTER_EXPIRING = Fault(
    "OF-642",
    "在册报表将到期",
    "《{name}》（{department}，{control_no}）的有效期到 {until}，还有 {days} 天。",
    "还要用的请尽快重新申请。",
    "info",
)
OFF_REGISTER = Fault(
    "OF-643",
    "体外循环的报表",
    "《{name}》（{department}）不在册，{how}，由{seen_by}收到。",
    "请该部门补办申请；填报单位可以用 oneform refuse 答复。",
    "warning",
)
CLOCK_DUE = Fault(
    "OF-644",
    "法定期限临近",
    "{title}“{name}”（{department}）应在 {due} 前办结，还有 {left} 个工作日。",
    "请尽快办理；审查期限可以延长一次：oneform admit decide … --decision 延期。",
    "warning",
)
CLOCK_LATE = Fault(
    "OF-645",
    "超过法定期限",
    "{title}“{name}”（{department}）应在 {due} 前办结，已超 {left} 个工作日。",
    "请立即办结并记录原因。",
)
JOURNAL_UNREADABLE = Fault(
    "OF-646",
    "准入登记读不了",
    "“{name}”第 {row} 行不合登记的格式：{why}。这一行没有采用。",
    "登记只追加、不改写；请从备份恢复。",
)
