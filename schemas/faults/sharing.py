"""Faults 4xx: share views, templates that cannot be filled, refusals, the log."""

from schemas.faults.fault import Fault

VIEW_FAILED = Fault(
    "OF-400",
    "共享视图算不出来",
    "报表 {report} 的共享视图 {view} 执行失败：{detail}。",
    "请把这条信息交给维护人员；其余报表照常发布。",
)
FIELD_WITHOUT_SOURCE = Fault(
    "OF-401",
    "栏目没有数据来源",
    "报表 {report} 有 {count} 个栏目没有数据，例如“{path}”：{reason}。",
    "请在数据元目录里给出映射，或确认该栏目由填报人手写。",
    "warning",
)
TEMPLATE_NOT_FILLABLE = Fault(
    "OF-402",
    "模板不能回填",
    "模板“{name}”不能按原样回填：{reason}。",
    "请部门提供 .xlsx、.xls、.docx 或 .csv 格式的空白模板；数据可按视图调取。",
    "warning",
)
TEMPLATE_CHANGED = Fault(
    "OF-403",
    "模板与映射不一致",
    "模板“{name}”与采集栏目时不同：{what}。",
    "请重新运行报表解析，再发布。",
)
UNKNOWN_DEPARTMENT = Fault(
    "OF-410", "部门不认识", "没有名为“{department}”的部门。", "请核对部门全称，可用 oneform pull --help 查看写法。"
)
UNKNOWN_VIEW = Fault(
    "OF-411", "视图不存在", "没有可供调取的报表或视图“{view}”。", "请核对报表编号；清单见共享目录的 catalogue.csv。"
)
PURPOSE_MISSING = Fault(
    "OF-412",
    "没有写用途",
    "调取数据必须写明用途。",
    "请写明使用依据和场景：命令行用 --purpose，接口用参数 purpose（《政务数据共享条例》第二十条）。",
)
NO_GRANT = Fault(
    "OF-413",
    "没有授权",
    "“{department}”没有调取“{view}”的授权。",
    "请按《政务数据共享条例》第二十条向数据管理部门提出共享申请。",
)
GRANT_NOT_VALID = Fault(
    "OF-414", "授权不在有效期", "“{department}”调取“{view}”的授权有效期为 {start} 至 {end}。", "请申请延期或重新授权。"
)
PURPOSE_NOT_GRANTED = Fault(
    "OF-415", "用途不在授权内", "授权的用途是“{granted}”。", "请按授权用途使用；用途变更须重新申请。"
)
AREA_NOT_GRANTED = Fault(
    "OF-416", "范围不在授权内", "申请的区划“{area}”不在授权范围内。", "请在授权的区划内调取，或申请扩大范围。"
)
COLUMN_NOT_GRANTED = Fault(
    "OF-417", "列不在授权内", "这些列没有授权或不存在：{columns}。", "请去掉这些列，或申请增加授权。"
)
NAME_NOT_ALLOWED = Fault(
    "OF-418", "名称含有不允许的字符", "“{what}”含有不允许的字符。", "名称只能用汉字、字母、数字和 - _ . （）。"
)
NO_SNAPSHOT = Fault("OF-419", "还没有发布", "还没有已发布的共享数据。", "请先运行 oneform run 完成发布。")
FORMAT_UNKNOWN = Fault("OF-420", "格式不认识", "不支持格式“{format}”。", "可用：{formats}。")
PERIOD_UNKNOWN = Fault("OF-421", "报告期没有数据", "没有报告期“{period}”的数据。", "可用的报告期：{periods}。")
NOTHING_FOUND = Fault("OF-422", "没有数据", "按所选区划和报告期没有数据。", "请放宽区划或报告期。", "info")
SUBJECT_NEEDED = Fault(
    "OF-423",
    "登记表要指明对象",
    "这是一人（户）一张的登记表，共 {count} 个对象，一次只能出一张。",
    "请用 --subject 指明对象，或用 --format 取整张视图。",
)
GRANT_UNREADABLE = Fault("OF-424", "授权表有错", "授权表第 {row} 行：{detail}。", "请改正后重新导入；这一行不生效。")
NOT_SHARED = Fault(
    "OF-426",
    "不予共享的数据",
    "这些列的共享属性是不予共享：{columns}。",
    "请去掉这些列；确有法定依据的，向数源部门申请变更共享属性（《政务数据共享条例》第十五条）。",
)
LOG_UNREADABLE = Fault("OF-430", "日志行读不出", "这一行不是完整的日志记录。", "请与备份和已导出的链头核对。")
LOG_ENTRY_CHANGED = Fault(
    "OF-431", "日志内容被改动", "第 {number} 条的内容与它的哈希不符。", "请与备份核对，查明改动人。"
)
LOG_BROKEN = Fault("OF-432", "日志链断开", "第 {number} 条没有接上前一条。", "有记录被删除、插入或调换；请与备份核对。")
LOG_NUMBER = Fault(
    "OF-433", "日志序号不连续", "序号应为 {expected}，实为 {number}。", "有记录被删除、插入或调换；请与备份核对。"
)
LOG_HEAD_DIFFERS = Fault(
    "OF-434",
    "日志与链头不符",
    "日志里没有与已导出链头一致的第 {number} 条。",
    "日志末尾可能被截去或重写；请与备份核对。",
)
VIEW_CHOICE = Fault(
    "OF-425", "报表有多张表", "报表“{report}”有多张表。", "请用视图名指明一张：{views}；或用 --as report 取整份报表。"
)
LOG_TORN = Fault(
    "OF-435",
    "日志最后一行不完整",
    "最后一行没有写完。",
    "多半是写入时断电；请先备份，再运行 oneform audit repair，残行另存备查。",
)
TOKEN_UNKNOWN = Fault(
    "OF-440",
    "令牌不认识",
    "请求没有带令牌，或者令牌不认识。",
    "请在请求头写 Authorization: Bearer 令牌；没有令牌的，向数据管理部门申领（oneform tokens issue）。",
)
TOKEN_EXPIRED = Fault("OF-441", "令牌已过期", "令牌的有效期到 {end}。", "请向数据管理部门换发令牌。")
TOKEN_REVOKED = Fault("OF-442", "令牌已吊销", "令牌于 {at} 吊销。", "请向数据管理部门换发令牌。")
TOKEN_OF_ANOTHER = Fault(
    "OF-443",
    "令牌不属于这个部门",
    "请求写的部门与令牌的部门不一致。",
    "请使用本部门的令牌，或去掉 department 参数。",
)
CURSOR_UNKNOWN = Fault(
    "OF-444",
    "翻页标记无效",
    "翻页标记读不出，或与本次请求的条件不一致。",
    "请从第一页重新开始，翻页时其他参数保持不变。",
)
CURSOR_GONE = Fault("OF-445", "翻页的版本已撤下", "翻页标记所属的版本已不提供。", "请从第一页重新开始。")
PARAMETER_WRONG = Fault("OF-446", "参数不合规定", "参数 {names} 不合规定。", "请对照接口说明 /openapi.json 改正参数。")
PATH_UNKNOWN = Fault("OF-447", "没有这个地址", "没有这个地址或方法。", "地址清单见接口说明 /openapi.json。")
TOKEN_ROW_UNKNOWN = Fault("OF-448", "没有这个令牌编号", "没有编号为“{token}”的令牌。", "编号见 oneform tokens list。")
TERM_WRONG = Fault("OF-449", "日期不合规定", "“{day}”不是今天以后的日期。", "请写作 YYYY-MM-DD，并晚于今天。")
APPLICATION_INCOMPLETE = Fault(
    "OF-450",
    "共享申请不完整",
    "共享申请缺少：{missing}。",
    "请补齐使用依据、使用场景、使用范围、用途和使用时限（《政务数据共享条例》第二十条）。",
)
APPLICATION_UNKNOWN = Fault(
    "OF-451", "没有这个申请", "没有编号为“{application}”的共享申请。", "编号见 oneform grants list。"
)
APPLICATION_CLOSED = Fault(
    "OF-452",
    "申请已经办过这一步",
    "申请“{application}”现在是“{state}”，不能{action}。",
    "请核对编号；要变更请重新申请。",
)
UNCONDITIONAL_DECLINED = Fault(
    "OF-453",
    "无条件共享不能拒绝",
    "申请“{application}”的列都是无条件共享。",
    "无条件共享的数据应当提供（《政务数据共享条例》第十四条）；确需限制的，先变更共享属性。",
)
DECLINED_WITHOUT_REASON = Fault(
    "OF-454", "没有写明理由", "不同意共享必须写明理由。", "请用 --reason 写明理由（《政务数据共享条例》第二十一条）。"
)
GRANT_UNKNOWN = Fault("OF-455", "没有这条授权", "没有编号为“{grant}”的授权。", "编号见 oneform grants list。")
CLOCK_RUNNING_OUT = Fault(
    "OF-456",
    "共享申请临近或超过法定时限",
    "申请“{application}”（{department}，{view}）：{clock}应在 {due} 前完成（{basis}），{state}。",
    "请尽快办理；需要延期的，用 oneform grants extend 登记。",
    "warning",
)
