"""Faults 9xx: tables that break their contract, and published views that miss an expectation."""

from schemas.faults.fault import Fault

COLUMN_MISSING = Fault(
    "OF-900", "缺列", "表《{table}》缺少“{column}”列。", "请重新运行产生这张表的环节；仍然缺列请报告问题。"
)
COLUMN_UNKNOWN = Fault(
    "OF-901", "多余的列", "表《{table}》多出契约里没有的“{column}”列。", "请从来源里去掉这一列，或在契约里登记它。"
)
VALUE_BROKEN = Fault(
    "OF-902",
    "值不符合契约",
    "表《{table}》“{column}”列有 {count} 行不符合契约（应当：{expected}），首先是第 {rows} 行。",
    "请按行号找到来源，更正后重新运行。",
)
COLUMN_TYPE = Fault(
    "OF-903",
    "列的类型不符",
    "共享视图“{table}”“{column}”列的类型与契约不符（应当：{expected}）。",
    "这一版没有发布，读者仍用上一版；请核对字段映射的换算规则。",
)
EXPECTATION_FAILED = Fault(
    "OF-910",
    "发布数据未达预期",
    "共享视图“{view}”的“{column}”列有 {count} 行未达到预期：{expected}。",
    "请打开数据质量页查看规则，在来源台账更正后重新发布。",
    "warning",
)
EXPECTATION_UNCHECKED = Fault(
    "OF-911",
    "预期没有检查成",
    "共享视图“{view}”“{column}”列的预期“{expected}”没有检查成：{why}。",
    "请核对视图里是否有这一列、类型是否相符；没有检查不等于合格。",
)
EXPECTATION_OF_TABLE = Fault(
    "OF-912",
    "发布的表未达预期",
    "共享视图“{view}”整表未达到预期：{expected}（不符 {count} 行）。",
    "请重新发布；仍不符时请核对视图的契约和算法。",
    "warning",
)
