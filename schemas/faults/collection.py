"""Faults 3xx: fill plan, fill-once workbooks, returned files."""

from schemas.faults.fault import Fault

SCOPE_WITHOUT_REPORT = Fault(
    "OF-300",
    "对象范围没有报表",
    "report_scope.csv 里的报表编号“{report}”不在报表清单里。",
    "请改正编号，或删去这一行。",
    "warning",
)
AREA_WITHOUT_VILLAGES = Fault(
    "OF-301", "乡镇没有村", "乡镇“{area}”在区划表里没有下级村（社区），没有生成工作簿。", "请补全区划表。"
)

UNREADABLE = Fault(
    "OF-310",
    "文件打不开",
    "文件打不开：{why}。",
    "请用 Excel 或 WPS 打开原工作簿检查后另存为 .xlsx，再报送一次；原件已存档。",
)
PASSWORD = Fault("OF-311", "文件有密码", "文件设了打开密码，读不了。", "请去掉密码后再报送；原件已存档。")
NOT_A_WORKBOOK_OF_OURS = Fault(
    "OF-312",
    "不是一次填报工作簿",
    "文件里找不到一次填报工作簿的标识行。",
    "请在县里下发的工作簿里填写，不要复制到别的表格。",
)
OTHER_PERIOD = Fault("OF-313", "报告期不对", "这是{given}的工作簿，现在应报{expected}。", "请填写本期工作簿后再报送。")
UNKNOWN_AREA = Fault(
    "OF-314", "填报单位不认识", "填报单位代码“{code}”不在本县的区划表里。", "请使用本县下发给你单位的工作簿。"
)
NOT_ISSUED = Fault("OF-315", "没有下发过", "没有给{area}下发过{period}的工作簿。", "请向县数据管理员索取本期工作簿。")
MIXED_SHEETS = Fault(
    "OF-316",
    "混入别的工作表",
    "工作表“{sheet}”属于{other}，与本工作簿不是一家。",
    "请删去这张工作表，只保留本单位本期的。",
)
SHEET_MISSING = Fault("OF-317", "缺少工作表", "缺少工作表“{sheet}”。", "请从下发的工作簿里恢复这张工作表。")
COLUMN_MISSING = Fault("OF-318", "缺少列", "缺少“{column}”这一列。", "请从下发的工作簿里恢复这一列。")
SAME_FILE = Fault("OF-319", "重复报送", "这个文件已经收到过（内容一样），没有再次入账。", "不用处理。", "info")
SUPERSEDED = Fault(
    "OF-320", "取代上一次报送", "本期已收到过一次报送，以这一次为准。", "不用处理；上一次的文件仍在档案里。", "info"
)

BAD_NUMBER = Fault(
    "OF-330", "不是数字", "“{column}”填的是“{value}”，应为数字{unit}。", "请只填数字，单位不要写进单元格。"
)
BAD_INTEGER = Fault("OF-331", "不是整数", "“{column}”填的是“{value}”，应为整数。", "请改为整数。")
NEGATIVE = Fault("OF-332", "不能为负数", "“{column}”填的是“{value}”，不能为负数。", "请核对后改正。")
BAD_DATE = Fault("OF-333", "不是日期", "“{column}”填的是“{value}”，应为日期，如 1990-01-05。", "请按 年-月-日 填写。")
BAD_CODE = Fault(
    "OF-334", "不在可选值内", "“{column}”填的是“{value}”，应从下拉列表选：{expected}。", "请从下拉列表重新选择。"
)
BAD_ID_NUMBER = Fault("OF-335", "身份证号有误", "“{column}”填的是“{value}”，{why}。", "请对照身份证核对 18 位号码。")
LOST_DIGITS = Fault(
    "OF-336",
    "号码后几位丢失",
    "“{column}”变成了数字“{value}”，后几位已经丢失。",
    "请把单元格设为文本格式，重新录入完整号码。",
)
BAD_CREDIT_CODE = Fault(
    "OF-337",
    "统一社会信用代码有误",
    "“{column}”填的是“{value}”，校验位不对或不是 18 位。",
    "请对照营业执照或登记证书核对。",
)
KEY_EMPTY = Fault("OF-338", "没有填主键", "这一行没有填“{column}”，无法知道是谁。", "请补填；整行不要的请清空。")
KEY_TWICE = Fault("OF-339", "重复的行", "“{column}”“{value}”在本表第 {other} 行已经有了。", "请删去重复的一行。")
BAD_VILLAGE = Fault(
    "OF-340", "村（社区）不对", "“{value}”不是本乡镇的村（社区）。", "请从下拉列表选择本乡镇的村（社区）。"
)
EXCEL_ERROR = Fault("OF-341", "单元格是错误值", "“{column}”是“{value}”。", "请改为具体的值。")
DANGLING = Fault(
    "OF-342", "找不到所指的行", "“{column}”填的“{value}”在{ledger}里没有。", "请在{ledger}补上这一行，或改正编号。"
)
WRONG_TOTAL = Fault(
    "OF-343", "合计不符", "“{column}”填 {value}，各组成项相加是 {expected}（{parts}）。", "请核对合计和组成项。"
)
PART_TOO_LARGE = Fault(
    "OF-344", "其中项大于总数", "“{column}”填 {value}，其中项“{part}”填 {other}，其中项不能大于总数。", "请核对。"
)
TOO_LONG = Fault("OF-345", "文字太长", "“{column}”有 {length} 个字，最多 {limit} 个。", "请精简。")

BIG_CHANGE = Fault(
    "OF-350",
    "与上期变化大",
    "“{column}”上期是 {before}，本期是 {value}。",
    "如属实，请在“说明”列写明原因；否则请改正。",
    "warning",
)
ROW_GONE = Fault(
    "OF-351", "少了一行", "上次有的“{key}”本次没有。", "如已迁出或注销，请通知县数据管理员；台账里仍保留。", "warning"
)
