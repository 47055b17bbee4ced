"""Faults 200–249: taking fields apart and matching them."""

from schemas.faults.fault import Fault

LABEL_IS_TEXT = Fault(
    "OF-200",
    "栏目名称像一段说明",
    "栏目“{label}…”有 {length} 个字，像填表说明而不像栏目名称；已按原文单列，不与别的栏目合并。",
    "请核对模板：是说明的，请移到表下注；是栏目的，请给出简短名称。",
    "warning",
)
LABEL_TWICE = Fault(
    "OF-201",
    "同一张表里栏目重名",
    "表“{form}”里“{path}”出现了 {count} 次，看不出区别；都归到同一个数据元。",
    "若各栏填的是不同的人或事，请在模板里写明（如“监护人姓名”）。",
    "info",
)
SUBJECT_UNKNOWN = Fault(
    "OF-202",
    "看不出报表的主体",
    "表“{form}”的题名和栏目都没有说明填的是谁，暂按填报单位处理。",
    "请在题名里写明对象，例如“……人员登记表”“……村情况统计表”。",
    "warning",
)
