"""Faults 46x: what happens when a snapshot is published; contracts, comparison with the version before."""

from schemas.faults.fault import Fault

SOURCE_RETIRED = Fault(
    "OF-460",
    "来源数据元已停用",
    "报表 {report} 的栏目“{path}”来自已停用的数据元：{reason}。",
    "请数据管理员给这个栏目改配在用的数据元，再重新发布；急用时可不要这一列。",
)
VIEW_LOST_ROWS = Fault(
    "OF-461",
    "视图行数大减",
    "共享视图“{view}”由 {before} 行减为 {after} 行（少 {share}）。",
    "请核对是否有乡镇漏报或范围有变；确属实际变化的可不处理。",
    "warning",
)
COLUMN_LOST_VALUES = Fault(
    "OF-462",
    "列的空缺大增",
    "共享视图“{view}”“{column}”列的空缺由 {before} 升为 {after}。",
    "请核对来源台账和字段映射。",
    "warning",
)
COLUMN_TOTAL_MOVED = Fault(
    "OF-463",
    "列的合计变动大",
    "共享视图“{view}”“{column}”列的合计由 {before} 变为 {after}（{share}）。",
    "请核对计量单位和来源数据；确属实际变化的可不处理。",
    "warning",
)
CONTRACT_CHANGED = Fault(
    "OF-464",
    "数据契约有变更",
    "{department}有 {count} 个共享视图的数据契约有变更。",
    "通知见 {notice}；可用 oneform notices 查看。",
    "info",
)
NOT_PUBLISHED = Fault(
    "OF-465",
    "没有发布",
    "新一版有 {count} 处不符合契约，没有发布；读者仍用上一版 {version}。",
    "请先处理同一环节的其他问题，再重新运行发布。",
)
DATABASE_UNREACHABLE = Fault(
    "OF-466",
    "没有装入数据库",
    "共享快照没有装入 PostgreSQL：{why}。",
    "请核对 --url 的地址和账号（该账号要能建角色和模式，不需要超级用户）；部门仍读上一版。",
)
