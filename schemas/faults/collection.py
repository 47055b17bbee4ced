"""Faults 3xx: the fill plan, fill-once workbooks, returned files. An error returns the whole file; a warning may be answered."""

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

RETURN_UNREADABLE = Fault(
    "OF-330",
    "文件打不开",
    "文件打不开：{why}。",
    "请用 Excel 或 WPS 打开原工作簿，另存为 .xlsx 后重新报送。",
)
RETURN_LOCKED = Fault("OF-331", "文件设有密码", "文件设有打开密码，平台读不了。", "请取消密码后重新报送。")
RETURN_FOREIGN = Fault(
    "OF-332",
    "不是下发的工作簿",
    "文件里没有一张表带有一表通的标识，认不出是哪个乡镇、哪一期。",
    "请在下发的工作簿里填报；如果只剩内容，请重新下载本期工作簿后粘贴数值。",
)
RETURN_UNKNOWN = Fault(
    "OF-333",
    "工作簿没有下发过",
    "平台没有下发过工作簿 {workbook}。",
    "请核对是不是别的县的文件，或请县数据管理员重新下发。",
)
RETURN_MIXED = Fault(
    "OF-334",
    "混入别的工作簿的表",
    "工作表属于 {found}，与本工作簿 {expected} 不同。",
    "请只保留本单位本期的表；别的表请放回原工作簿。",
)
RETURN_PERIOD = Fault(
    "OF-335",
    "不是本期的工作簿",
    "这是 {found} 的工作簿，本期是 {expected}。",
    "请填本期的工作簿；确需更正往期，请先向县数据管理员说明。",
)
RETURN_STALE = Fault(
    "OF-336",
    "版本过旧",
    "这份文件是按旧版工作簿填的，平台已经重新下发。",
    "请在最新下发的工作簿里填报，预填的数值已经更新。",
)
SHEET_MISSING = Fault(
    "OF-337", "缺少工作表", "缺少工作表“{name}”。", "请从下发的工作簿里补回这张表；没有变化也要保留。"
)
COLUMN_MISSING = Fault(
    "OF-338", "缺少列", "“{column}”这一列被删去或标识被改。", "请用下发的工作簿重新填报，不要删列和第 3 行的隐藏内容。"
)
COLUMN_TWICE = Fault(
    "OF-339", "列重复", "“{column}”这一列出现了两次。", "请只保留一列；复制粘贴时不要连同隐藏的第 3 行。"
)
ROW_MISSING = Fault(
    "OF-340",
    "缺少行",
    "下发时有的 {count} 行不见了：{subjects}。",
    "请补回这些行；已经迁出、注销的，在“变动情况”里选“移出”。",
)
ROW_TWICE = Fault(
    "OF-341", "重复登记", "“{key}”已在第 {other} 行登记。", "同一主体只登记一行，请合并后删去多余的一行。"
)
KEY_MISSING = Fault("OF-342", "没有识别号", "这一行没有填“{column}”，不知道是谁。", "请补填；整行不要的，请清空整行。")
AREA_MISSING = Fault(
    "OF-343", "村名不认识", "“{value}”不是本乡镇的村（社区）。", "请从下拉列表选择；新设的村请先由县里更新区划。"
)
VALUE_TYPE = Fault(
    "OF-344",
    "类型不对",
    "“{column}”应为{expected}（如 {example}），现为“{value}”。",
    "请按要求改正；没有的写“无此项”“不适用”或“暂未掌握”。",
)
VALUE_CODE = Fault(
    "OF-345", "不在选项内", "“{column}”的“{value}”不在选项内，可选：{choices}。", "请从下拉列表重新选择。"
)
VALUE_ID = Fault("OF-346", "身份号码有误", "“{column}”的“{value}”{why}（GB 11643）。", "请对照身份证逐位核对。")
VALUE_CREDIT_CODE = Fault(
    "OF-347", "统一社会信用代码有误", "“{column}”的“{value}”{why}（GB 32100）。", "请对照证照逐位核对。"
)
DIGITS_LOST = Fault(
    "OF-348",
    "数字被改成科学记数",
    "“{column}”的“{value}”被表格软件存成了数字，第 15 位以后已经丢失，无法还原。",
    "请把单元格设为“文本”后重新输入完整号码。",
)
VALUE_ERROR = Fault(
    "OF-349",
    "公式出错",
    "“{column}”里是公式错误或没有结果的公式（{value}）。",
    "请直接输入数值，不要用引用其他文件的公式。",
)
VALUE_CLEARED = Fault(
    "OF-350",
    "原有数值被清空",
    "“{column}”原来是“{value}”，现在是空的。",
    "如确实没有，请写“无此项”“不适用”或“暂未掌握”；否则请补回。",
)
REFERENCE_MISSING = Fault(
    "OF-351",
    "关联的记录不存在",
    "“{column}”的“{value}”在“{ledger}”里没有登记。",
    "请先登记它，或核对这个编号。",
)
PARTS_EXCEED = Fault(
    "OF-352", "合计不平", "“{column}”是 {value}，而组成项（{parts}）合起来是 {sum}。", "请核对总数和组成项。"
)
KEY_ELSEWHERE = Fault(
    "OF-353",
    "已由别处登记",
    "“{key}”已由{area}登记。",
    "请与对方核对：确已迁来的，由对方在本期“变动情况”选“移出”后再登记。",
)
BIG_CHANGE = Fault(
    "OF-360",
    "与上期相差很大",
    "“{column}”本期 {value}，上期 {before}，相差 {times} 倍。",
    "请核对；属实请在“核实说明”写明原因。",
    "warning",
)
OUTLIER = Fault(
    "OF-361",
    "与邻村相差很大",
    "“{column}”的 {value} 远离本乡镇各村的通常范围（{low}—{high}）。",
    "请核对；属实请在“核实说明”写明原因。",
    "warning",
)
NOT_ANSWERED = Fault(
    "OF-362",
    "应填未填",
    "“{column}”还有 {count} 处没有填，第一处在 {first}。",
    "请补填，或写“无此项”“不适用”“暂未掌握”；下期工作簿会再次请填。",
    "warning",
)
RETURN_DUPLICATE = Fault(
    "OF-370", "同一文件再次报送", "这个文件已于 {when} 收到过，结果是“{status}”。", "不必再报，仍以第一次为准。", "info"
)
RETURN_SUPERSEDED = Fault(
    "OF-371", "被后来的文件取代", "同一工作簿后来又报送了一次，以后来的为准。", "无需处理，原文件照样留存。", "info"
)
MERGED_APART = Fault(
    "OF-390",
    "合并的两项各报了一个数",
    "“{old}”已并入“{new}”，但有 {count} 处两项各报了一个数，例如 {subject}：原来报 {old_value}（{old_place}），现用 {new_value}（{new_place}）。",
    "两个数都留着。请与填报单位核对哪个是对的，用 oneform correct 提出核实；如果本来不是同一项，请撤回判定。",
    "warning",
)
ANSWER_UNKNOWN = Fault(
    "OF-391", "不是下拉列表里的回答", "“{value}”不在下拉列表里。", "请从“{choices}”里选一个，或者留空下期再答。"
)
CORRECTION_EMPTY = Fault(
    "OF-392",
    "选了已更正，没有更正后的值",
    "“{column}”选了“已更正”，但没有写更正后的值，台账里也没有改。",
    "请在“更正后的值”里写上，或者改选“原数无误”。",
)
CORRECTION_UNLIKE = Fault(
    "OF-393",
    "两处更正不一致",
    "“{column}”在这里是“{value}”，在台账或指标表里是“{other}”。",
    "请把两处改成一样，或者只改一处。",
)
CORRECTION_LATE = Fault(
    "OF-394",
    "核实请求快到期或已逾期",
    "{department}对{subject}“{column}”的核实请求应于 {due} 前办结，现为“{state}”。",
    "请联系填报单位，请其在下一次报送时更正或确认。",
    "warning",
)
QUESTION_GONE = Fault(
    "OF-395",
    "认不出的核实请求或疑似重复",
    "这一行的隐藏编号对不上，没有采用。",
    "无需处理，没有答复的下期会再次列出。",
    "info",
)
