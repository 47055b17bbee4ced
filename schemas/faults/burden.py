"""Faults 5xx: what keeps a report or a field out of a burden figure, and evidence that does not match."""

from schemas.faults.fault import Fault

FREQUENCY_NOT_COUNTABLE = Fault(
    "OF-500",
    "频率不能折算",
    "报表 {report}《{name}》的频率“{said}”不能折算为每年次数：它的 {fields} 个栏目计入数据项，不计入每年的单元格和工时。",
    "如能约定次数，请在报表清单写明频率，或在 rules/burden_frequencies.csv 声明。",
    "warning",
)
LEVEL_NOT_COUNTABLE = Fault(
    "OF-501",
    "填报单位数不能统计",
    "报表 {report}《{name}》的填报层级“{level}”没有可数的填报单位：它的 {fields} 个栏目计入数据项，不计入单元格和工时。",
    "请在报表清单写明填报层级，并核对区划表里有没有这一级。",
    "warning",
)
REPORT_WITHOUT_FIELDS = Fault(
    "OF-502",
    "报表没有读出要填的栏目",
    "报表 {report}《{name}》没有读出要填的栏目：计入报表数、份数和工时，不计入数据项和单元格。",
    "请补交模板或换成可以读的格式，再更正基线（新版本，写明理由）。",
    "warning",
)
REPORT_DROPPED = Fault(
    "OF-503",
    "基线之后停用的报表",
    "报表 {report}《{name}》在基线里，现在的报表清单没有它：按停用计。",
    "如果是更名换号，请在清单保留原报表编号。",
    "info",
)
REPORT_ADDED = Fault(
    "OF-504",
    "基线之后新增的报表",
    "报表 {report}《{name}》不在基线里：按新增计，从减少数里扣除。",
    "请核对它是否经过准入。",
    "warning",
)
FIELD_RETIRED = Fault(
    "OF-505",
    "基线之后停用的栏目",
    "报表 {report}《{name}》有 {fields} 个栏目在基线里、现在的模板没有：按停用计，列在明细。",
    "如果只是改了表头，请更正基线（新版本，写明理由）。",
    "info",
)
DEPARTMENT_RENAMED = Fault(
    "OF-506",
    "部门更名或拆分",
    "报表 {report}《{name}》在基线里属于“{before}”，现在属于“{after}”：按现在的部门归集。",
    "请核对报表清单的主管部门。",
    "info",
)
FIELD_UNPLANNED = Fault(
    "OF-507",
    "栏目没有纳入填报方案",
    "报表 {report}《{name}》有 {fields} 个要填的栏目没有归入数据元或不在填报方案里：按仍照原表填报计，不算减负。",
    "请在判定表里为它们选定数据元。",
    "warning",
)
NO_SUBJECTS = Fault(
    "OF-508",
    "报表的对象数为 0",
    "报表 {report}《{name}》第 {table} 张表在台账里没有一个对象：它整合前后的单元格都按 0 计。",
    "如果确有对象，请核对台账里的对象范围标记。",
    "warning",
)
MINUTES_DECLARED = Fault(
    "OF-509",
    "工时按声明值",
    "{reports} 张报表没有实测用时，清单也没有写单次填报用时，工时按规则声明（假定）的每格 {seconds:g} 秒加每次 {minutes:g} 分钟计。",
    "有人实测过用时，请逐次记入 rules/burden_fill_times.csv；不要为此另外要求基层计时。",
    "info",
)
BASELINE_UNCONFIRMED = Fault(
    "OF-510",
    "基线没有双向确认",
    "基线第 {version} 版有 {reports} 张报表没有部门和乡镇的双向确认。",
    "请在 rules/burden_confirmations.csv 登记确认人和日期，再发布减负率。",
    "warning",
)
BASELINE_CHANGED = Fault(
    "OF-520",
    "基线被改动",
    "基线第 {version} 版的内容哈希应为 {expected}，实为 {found}。",
    "基线只能出新版本，不能改；请从归档恢复。",
)
EVIDENCE_MISSING = Fault(
    "OF-521",
    "没有那一天的证据",
    "{day} 或之前没有保存过负担指标的证据。",
    "最早的一份是 {first}。请换一个日期。",
)
EVIDENCE_CHANGED = Fault(
    "OF-522",
    "证据文件被改动",
    "证据文件“{name}”的哈希与清单不符。",
    "请从备份恢复这份证据；重算结果不可采信。",
)
FIGURES_DIFFER = Fault(
    "OF-523",
    "重算结果不一致",
    "{day} 的指标“{figure}”（{scope}）当时为 {stored}，现在重算为 {computed}。",
    "请核对程序版本和声明值规则是否变过（证据清单里有当时的声明值）。",
)
