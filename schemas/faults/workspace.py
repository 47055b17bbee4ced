"""Faults 0xx: the workspace, the report register, the area table."""

from schemas.faults.fault import Fault

REGISTER_MISSING = Fault(
    "OF-001",
    "没有报表清单",
    "工作区里没有报表清单 {name}。",
    "请把报表清单放到这个位置，或用 oneform init 建立工作区。",
)
REGISTER_COLUMN = Fault("OF-002", "报表清单缺列", "报表清单缺少“{column}”列。", "请按样例清单补上这一列。")
REGISTER_VALUE = Fault(
    "OF-003",
    "报表清单的值不认识",
    "“{column}”的值“{value}”不认识，应为：{expected}。",
    "请改正后重新运行；这张报表暂按“未说明”处理。",
    "warning",
)
REPORT_WITHOUT_TEMPLATE = Fault(
    "OF-004",
    "报表没有模板",
    "报表 {report}《{name}》的模板文件“{template}”不存在。",
    "请补交模板，或从清单删去这一行。其余报表照常处理。",
)
TEMPLATE_WITHOUT_REPORT = Fault(
    "OF-005",
    "模板不在清单里",
    "模板“{template}”不在报表清单里，没有处理。",
    "请把它登记进清单，或移出模板文件夹。",
    "warning",
)
REPORT_TWICE = Fault(
    "OF-006", "报表编号重复", "报表编号 {report} 出现了 {count} 次，只采用第一次。", "请给每张报表一个唯一的编号。"
)
AREA_UNKNOWN = Fault(
    "OF-007",
    "区划代码不认识",
    "区划代码“{code}”不在本县的区划表里。",
    "请核对 12 位代码；新设或撤并的村请先更新区划表。",
)
REPORT_EXPIRED = Fault(
    "OF-008",
    "报表已过有效期",
    "报表 {report}《{name}》的有效期到 {until}，已过期。",
    "填报单位有权拒绝填报；请部门重新报批。",
    "warning",
)
REGISTER_UNREADABLE = Fault(
    "OF-009", "报表清单打不开", "报表清单打不开：{why}。", "请用 Excel 或 WPS 另存为 .xlsx 后重新放入。"
)
WRONG_CALL = Fault("OF-040", "命令写法不对", "命令写法不对：{detail}。", "请照用法改写。")
