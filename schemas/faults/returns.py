"""Faults 38x: returned files that are dangerous, damaged beyond what can be set right, late, or replaced."""

from schemas.faults.fault import Fault

PACKAGE_TOO_LARGE = Fault(
    "OF-380",
    "文件解压后过大",
    "文件解压后有 {size}，超过 {limit}，平台没有打开它。",
    "请在下发的工作簿里填报；不要插入图片、附件，也不要复制整张大表。",
)
CELL_FAR_AWAY = Fault(
    "OF-381",
    "有单元格离表太远",
    "工作表“{name}”的 {far} 有内容，离填报区太远，整张表读不了。",
    "请删去那一格的内容（按 Ctrl+End 可以跳到最远处），保存后重新报送。",
)
COLUMN_UNKNOWN = Fault(
    "OF-382",
    "认不出这一列或这一行",
    "隐藏标识丢了，只能按表头认，而“{title}”不是下发时的名称。",
    "请把表头改回下发时的文字，或在下发的工作簿里重新填报。",
)
FORMULA_VALUES = Fault(
    "OF-383",
    "有公式",
    "这张表有 {count} 格是公式，第一处在 {first}；已按文件里存的结果入账。",
    "无需处理；最好粘贴为数值，免得结果日后变动。",
    "info",
)
READ_BY_CONTENT = Fault(
    "OF-384",
    "隐藏标识丢失",
    "文件的隐藏标识已丢失，平台按表名、表头和村名认出是{area}{period}的工作簿。",
    "无需处理；下次请直接在下发的工作簿里填报。",
    "info",
)
RETURN_LATE = Fault(
    "OF-385",
    "迟报",
    "截止 {due}，收到时已过 {days} 天；照常接收、照常审核。",
    "无需处理。",
    "info",
)
RETURN_REPLACES = Fault(
    "OF-386",
    "取代先前的文件",
    "同一工作簿先前报送过“{earlier}”（{when}），以这一份为准；先前的照样留存，数值的来历都查得到。",
    "无需处理。",
    "info",
)
VALUE_NEGATIVE = Fault(
    "OF-354",
    "小于零",
    "“{column}”不会小于零，现为“{value}”。",
    "请改正；没有的写 0 或“无此项”。",
)
NOT_TAKEN = Fault(
    "OF-387",
    "暂时没有收下",
    "收件箱里的文件正在写入或已被移走（{why}），这次没有收。",
    "无需处理：文件还在收件箱里的，下一次会再收。",
    "warning",
)
SHEET_TWICE = Fault(
    "OF-388",
    "工作表重复",
    "“{name}”和“{other}”是同一张表的两份，不知道以哪份为准。",
    "请只保留一份，删去另一份后重新报送。",
)
SIDES_UNLIKE = Fault(
    "OF-355",
    "几处数对不上",
    "{left}是 {value}，应{sign}{right}，后者是 {sum}。《{form}》的填表说明：{text}。",
    "请核对这几处，改正填错的。",
)
SIDES_UNUSUAL = Fault(
    "OF-363",
    "几处数一般应相符",
    "{left}是 {value}，一般应{sign}{right}，后者是 {sum}。《{form}》的填表说明：{text}。",
    "请核对；属实请在“核实说明”写明原因。",
    "warning",
)
