"""Faults 250–299: data elements, verdicts, the review sheet, the hand-over formats."""

from schemas.faults.fault import Fault

FIELD_TWICE = Fault(
    "OF-250",
    "栏目编号重复",
    "栏目编号“{field_id}”出现了 {count} 次，只采用内容排在最前的一条，其余没有编目。",
    "请核对报表模板是否重复登记；同一张表交一份即可。",
)
FIELD_WITHOUT_LABEL = Fault(
    "OF-251",
    "栏目没有名称",
    "栏目“{field_id}”没有名称，无法归到数据元，已列入“未归入”并写明理由。",
    "请在模板的这一格补上栏目名称后重新运行。",
    "warning",
)
LABEL_TOO_LONG = Fault(
    "OF-252",
    "数据元名称过长",
    "数据元 {element_id} 的名称有 {length} 个字（“{start}……”），多半是填表说明被当成了栏目名称；名称已截短，规范键不变。",
    "请核对模板；确是栏目的，请部门给出简短名称。",
    "warning",
)
UNIT_UNKNOWN = Fault(
    "OF-253",
    "计量单位不认识",
    "有 {count} 个栏目的计量单位“{unit}”不在单位表里，例如“{example}”；只能与同写法的单位比较，不能换算。",
    "请在 rules/catalogue_units.csv 补上这个单位及其换算系数，或改正模板。",
    "warning",
)
UNIT_NOT_CONVERTIBLE = Fault(
    "OF-254",
    "单位不能换算",
    "栏目“{field}”的单位“{unit}”不能由数据元 {element_id}“{name}”的单位“{element_unit}”换算，这一栏不能自动填出。",
    "请核对单位；确是另一项指标的，请在判定表里判“不同”。",
    "warning",
)
OPTION_UNMATCHED = Fault(
    "OF-255",
    "可选值对不上值域",
    "数据元 {element_id}“{name}”的值“{values}”在栏目“{field}”的可选值里没有对应，遇到这些值时这一栏会留空。",
    "请部门补充选项，或在 rules/code_lists 补上别名。",
    "info",
)
NAME_TWICE = Fault(
    "OF-256",
    "数据元重名",
    "{count} 个数据元同名“{name}”：{element_ids}。",
    "请核对是否同一项；不同的，请在 rules/elements_standard.csv 各给一个名称。",
    "info",
)
ELEMENT_RETIRED = Fault(
    "OF-257",
    "数据元停用",
    "数据元 {element_id}“{name}”不再有报表使用，已标为“已停用”，编号保留、不再分配。",
    "不需要处理；报表恢复后自动启用。",
    "info",
)
DICTIONARY_UNIT = Fault(
    "OF-258",
    "字典里的计量单位不认识",
    "字典里“{label}”的计量单位“{unit}”不在单位表里；定义照用，单位没有采用。",
    "请改正字典里的单位，或在 rules/catalogue_units.csv 补上。",
    "warning",
)
VERDICT_CONTRADICTS = Fault(
    "OF-260",
    "判定互相矛盾",
    "{decided_at} {decided_by} 判“{left}”与“{right}”{answer}，但较新的判定已推出两者{opposite}（{because}）；按较新的执行，本条不用。",
    "请核对这几条判定，撤回错的那一条。",
)
VERDICT_WITHOUT_FIELD = Fault(
    "OF-261",
    "判定的栏目已不存在",
    "{decided_at} 的判定“{left}”与“{right}”{answer}，其中“{missing}”已不在任何报表里；判定保留，暂不起作用。",
    "模板改版的请对新栏目重新判定；不再需要的可以撤回。",
    "info",
)
VERDICT_WITH_ITSELF = Fault(
    "OF-262",
    "判定两边是同一栏目",
    "{decided_at} 的判定两边都是“{left}”，没有意义，已忽略。",
    "请撤回这条判定。",
    "warning",
)
VERDICT_VALUE = Fault(
    "OF-263",
    "判定填写不对",
    "第 {row} 行“判定”填的是“{value}”，只能是“{allowed}”，或留空。",
    "请从下拉框里选；这一行没有采用，其余照常导入。",
)
REVIEW_COLUMN = Fault(
    "OF-264",
    "判定表缺列",
    "判定表里找不到“{column}”列，整张表没有导入。",
    "请用 oneform review export 重新导出，在原表上填写，不要删列或改列名。",
)
REVIEW_UNREADABLE = Fault(
    "OF-265", "判定表打不开", "判定表打不开：{why}。", "请用 Excel 或 WPS 另存为 .xlsx 后重新导入。"
)
REVIEW_KEY_MISSING = Fault(
    "OF-266",
    "判定行缺少栏目标识",
    "第 {row} 行填了判定，但隐藏的栏目标识被清空，不知道判的是哪两个栏目。",
    "请重新导出后在原行填写；这一行没有采用。",
)
REVIEW_TWICE = Fault(
    "OF-267",
    "同一对栏目判了两次",
    "第 {row} 行与第 {other} 行是同一对栏目，判定不同（“{value}”与“{other_value}”）；两行都没有采用。",
    "请留下对的一行，重新导入。",
)
REVIEW_NOBODY = Fault(
    "OF-268", "没有写判定人", "判定表没有写判定人，整张表没有导入。", "请在表头“判定人”右边的格子填上姓名后重新导入。"
)
VERDICT_FILE_COLUMN = Fault(
    "OF-269",
    "判定记录缺列",
    "判定记录缺少“{column}”列，没有采用。",
    "判定记录只追加、不改写；请从备份恢复。",
)
DICTIONARY_COLUMN = Fault(
    "OF-270", "数据字典缺列", "数据字典缺少“{column}”列，没有导入。", "请用导出的数据字典修改，不要删列或改列名。"
)
DICTIONARY_VALUE = Fault(
    "OF-271",
    "数据字典的值不认识",
    "第 {row} 行“{column}”的值“{value}”不在允许的范围：{expected}。",
    "请改正后重新导入；这一行没有采用。",
)
DICTIONARY_ELEMENT = Fault(
    "OF-272", "数据元编号不存在", "第 {row} 行的数据元编号“{element_id}”不在目录里。", "编号由系统分配，请不要改动。"
)
DICTIONARY_DRAFT = Fault(
    "OF-273",
    "改动没有核准",
    "数据元“{name}”有改动，但登记状态仍是“草案”，下次编目时会被规则重新算出的内容覆盖。",
    "要保留改动，请把登记状态改为“已核准”后重新导入。",
    "warning",
)
FOLDER_FILE = Fault("OF-275", "文件读不了", "文件读不了：{why}。", "请核对文件内容；其余文件照常编目。")
