"""Faults 100 to 139: opening a template, whatever its format, before anything in it is understood."""

from schemas.faults.fault import Fault

FILE_MISSING = Fault("OF-100", "没有这个文件", "找不到文件“{name}”。", "请核对路径和文件名。")
FILE_EMPTY = Fault("OF-101", "空文件", "文件长度为 0。", "请重新下载或请部门重发。")
FORMAT_UNKNOWN = Fault(
    "OF-102",
    "文件格式不认识",
    "文件内容是{found}，不是能读的报表格式。",
    "请另存为 .xlsx、.docx 或 .csv 后再放入。",
)
EXTENSION_WRONG = Fault(
    "OF-103",
    "扩展名与内容不符",
    "文件名是“{extension}”，内容其实是{found}；已按内容读取。",
    "不影响读取；建议请部门改正扩展名。",
    "info",
)
PASSWORD = Fault("OF-104", "文件加了密码", "文件有打开密码，没有读取。", "请部门去掉打开密码后重发。")
DAMAGED = Fault("OF-105", "文件损坏", "文件损坏或不完整，打不开（{why}）。", "请重新下载，或请部门重发。")
TOO_LARGE = Fault(
    "OF-106",
    "文件超过限额",
    "{what}是 {size}，超过限额 {limit}，没有读取。",
    "空白模板不会这么大：请删去数据、图片后重发；确需放宽时改 rules/intake_limits.toml。",
)
ENTITY = Fault(
    "OF-107",
    "文件里有外部实体",
    "部件“{part}”声明了 XML 实体，可能是攻击文件，没有展开。",
    "请核实文件来源，用 Excel 或 WPS 重新另存。",
)
MACRO = Fault(
    "OF-108", "文件带宏", "文件里有宏（VBA），没有运行，也没有读取。", "不影响读取；建议另存为不带宏的格式。", "info"
)
EXTERNAL_LINK = Fault(
    "OF-109",
    "引用了别的文件",
    "文件引用了外部文件（{count} 处），没有跟随；依赖它的下拉选项和公式可能缺值。",
    "请部门把被引用的代码表放进同一个文件。",
    "info",
)
ENCODING = Fault(
    "OF-110",
    "文字编码认不出",
    "文字不是 UTF-8、GB18030 或 UTF-16 编码，按 GB18030 读取后有 {count} 处乱码。",
    "请用 WPS 或 Excel 另存为“CSV UTF-8”。",
    "warning",
)
NO_OFFICE = Fault(
    "OF-111",
    "没有安装 LibreOffice",
    "{found}要靠 LibreOffice 转换，本机没有安装。",
    "请安装 libreoffice-writer 和 libreoffice-calc，或把文件另存为 .docx / .xlsx。",
)
CONVERSION_FAILED = Fault(
    "OF-112",
    "文件转换失败",
    "LibreOffice 没能转换这个文件（{why}）。",
    "请用 Word 或 WPS 打开后另存为 .docx / .xlsx 再放入。",
)
NO_TABLE = Fault(
    "OF-113", "文件里没有表格", "文件里没有表格，只有{found}。", "如果确是报表，请部门提供可编辑的表格。", "warning"
)
IMAGE_ONLY = Fault(
    "OF-114",
    "只有图片",
    "文件里只有图片（{count} 张），没有可读的文字或表格。",
    "请部门提供可编辑的 Word 或 Excel 原件；不做图片识别。",
)
HEAD_ONLY = Fault(
    "OF-115",
    "只读了表的开头",
    "工作表有约 {rows} 行，只读了前 {head} 行来认表头。",
    "不影响认表头；如果表头在后面，请把它移到前面。",
    "info",
)
WIDE_ONLY = Fault(
    "OF-116",
    "只读了表的左边",
    "工作表有 {cols} 列，只读了前 {head} 列。",
    "请删去右边多余的列；确需放宽时改 rules/intake_limits.toml。",
    "warning",
)
NO_CACHED_VALUE = Fault(
    "OF-117",
    "公式没有算出的值",
    "有 {count} 个公式没有保存计算结果，例如 {formula}。",
    "不影响识别栏目；如果标题或表头是公式，请用 Excel 或 WPS 打开保存一次。",
    "info",
)
SHEET_EMPTY = Fault("OF-118", "空工作表", "工作表是空的。", "不用处理。", "info")
FIELD_LIST_SHAPE = Fault(
    "OF-119",
    "栏目清单格式不对",
    "JSON 不是栏目清单：{why}。",
    '请写成 {{"form_title": …, "fields": [{{"path": […]}}]}}。',
)
TIME_UP = Fault(
    "OF-120",
    "读取超时",
    "读取用了超过 {seconds} 秒，已停止。",
    "请删去多余的数据、格式后重发；确需放宽时改 rules/intake_limits.toml。",
)
MEMORY_UP = Fault(
    "OF-121",
    "读取占用内存过多",
    "读取占用的内存超过 {megabytes} MB，已停止。",
    "请删去多余的数据、格式后重发；确需放宽时改 rules/intake_limits.toml。",
)
READER_DIED = Fault(
    "OF-122", "读取中断", "读取这个文件的进程意外退出（{why}）。", "请用 Excel 或 WPS 重新另存后再试；仍不行请报告。"
)
CHOICES_UNRESOLVED = Fault(
    "OF-123",
    "下拉选项查不到",
    "单元格的下拉选项引用“{source}”，查不到内容。",
    "请部门把下拉选项的代码表补进文件。",
    "warning",
)
OVERRIDE_STALE = Fault(
    "OF-124",
    "人工规定已不适用",
    "人工规定“{name}”是为另一版模板写的（内容已变），没有采用。",
    "请核对新模板，更新规定里的 template_hash 或删去它。",
    "warning",
)
OVERRIDE_UNFIT = Fault(
    "OF-125",
    "人工规定有误",
    "人工规定“{name}”里的“{key}”用不上：{why}。",
    "请改正这一项；其余各项已采用。",
    "warning",
)
OVERRIDE_USED = Fault("OF-126", "按人工规定读取", "按人工规定“{name}”读取。", "不用处理。", "info")
NO_FORM = Fault(
    "OF-127",
    "没有认出报表",
    "文件打开了，但没有认出要填的栏目。",
    "如果确是报表，请核对表头，或写一条人工规定。",
    "warning",
)
TEXT_BOXES = Fault(
    "OF-128",
    "工作表上有文本框",
    "工作表上有文本框（{count} 段文字，第一段是“{first}”），已当作表外文字读取；文本框里的空格不是单元格，填不进去。",
    "请核对标题、表号和填表说明；要填的内容请部门移到单元格里。",
    "info",
)
FORM_UNKNOWN = Fault(
    "OF-129",
    "说明里提到的表认不出",
    "填表说明要求与“{name}”核对，报表清单里没有这张表，或有几张表都可能是；这条关系没有用来审核。",
    "请核对表号或表名；确有这张表的，请登记到报表清单。",
    "info",
)
