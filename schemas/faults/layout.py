"""Faults 140-199: what a template asks for could not be told, or only with a doubt."""

from schemas.faults.fault import Fault

SHEET_BLANK = Fault("OF-140", "空白工作表", "工作表是空白的，没有读出表格。", "如果它不是表格，不用处理。", "info")
SHEET_CODES = Fault(
    "OF-141",
    "代码表",
    "工作表像是下拉选项或代码表，不当作要填的表。",
    "如果它是要填报的表，请用模板说明文件写明表格范围。",
    "info",
)
SHEET_GUIDE = Fault(
    "OF-142",
    "说明文字",
    "工作表只有说明文字，没有读出要填的栏目。",
    "如果里面有要填的表，请用模板说明文件写明表格范围。",
    "info",
)
NOTHING_ASKED = Fault(
    "OF-143",
    "没有读出栏目",
    "读到了文字，但没有找到要填的空格。",
    "请核对模板是否完整；需要时用模板说明文件写明表头和填写范围。",
    "warning",
)
ROW_PLACE = Fault(
    "OF-144",
    "上级指标不明确",
    "“{label}”没有编号和缩进，按“{path}”归到上级。",
    "请核对；不对时在模板里补上编号或缩进。",
    "info",
)
LABEL_WITHOUT_BLANK = Fault(
    "OF-145",
    "标签旁没有空格",
    "“{label}”旁边和下面都没有空格，没有当作栏目。",
    "如果要填，请在模板里留出空格。",
    "warning",
)
LAYOUT_DOUBTFUL = Fault(
    "OF-146",
    "版式不明确",
    "按“{layout}”读取，把握不大（{confidence}）。",
    "请核对读出的栏目；不对时用模板说明文件写明版式和表头行。",
    "warning",
)
HEADER_MISSING = Fault(
    "OF-147", "列没有表头", "第 {column} 列有内容但没有表头，没有当作栏目。", "请在模板里补上表头。", "warning"
)
PATH_TWICE = Fault(
    "OF-148",
    "栏目同名",
    "“{path}”出现了 {count} 次。",
    "同名栏目会按所在单元格区分；如含义不同请在模板里写明。",
    "info",
)
FORM_CODE_MISSING = Fault(
    "OF-149",
    "没有表号",
    "统计表右上角没有表号，不能核对是否经过批准。",
    "请报表的制定部门补上表号、制定机关、批准文号和有效期限。",
    "info",
)
CROSSED_UNCLEAR = Fault(
    "OF-150", "划掉的格不明确", "合并的格里只有一个“—”，按“{label}”不填处理。", "请核对；在模板里分开写更清楚。", "info"
)
