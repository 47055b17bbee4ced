"""Data elements, the element map and the steward's verdicts (GB/T 18391, GB/T 19488)."""

from __future__ import annotations

from schemas.model import Table, must, text

RELATIONS = ("same", "converted", "coded", "rendered", "derived", "none")
"""Field to element: the same; another unit; another code; another date or number format; computed; no element."""


class Elements(Table):
    """The grassroots data catalogue, a row per data element."""

    element_id: str = must("数据元标识符", unique=True)
    element_key: str = must("规范键", unique=True)
    element_name: str = must("数据元名称")
    definition: str = text("定义")
    object_class: str = must("对象类")
    property: str = must("特性")
    qualifiers: str = must("限定")
    temporal: str = must("时间口径", isin=("stock", "flow", "none"))
    data_type: str = must("数据类型")
    representation: str = must("表示格式")
    unit: str = text("计量单位")
    value_domain: str = text("值域")
    aggregation: str = must("汇总方式", isin=("sum", "none"))
    sensitivity: str = must("数据级别", isin=("一般", "个人信息", "敏感个人信息"))
    share_type: str = must("共享属性", isin=("无条件共享", "有条件共享", "不予共享"))
    source_department: str = text("数源部门")
    source_reason: str = text("数源依据")
    synonyms: str = text("同义名称")
    field_count: int = must("栏目数")
    form_count: int = must("报表数")
    status: str = must("登记状态", isin=("草案", "已核准", "已停用"))


class ElementMap(Table):
    """Which element a field is, a row per field; `element_id` is null only with relation "none" and a reason.

    rule: how the element's value becomes the field's: JSON with any of unit_from, unit_to, factor, codes, date_format.
    """

    field_id: str = must("栏目编号", unique=True)
    element_id: str = text("数据元标识符")
    relation: str = must("关系", isin=RELATIONS)
    rule: str = text("换算规则")
    score: float = must("把握")
    decision: str = must("由谁决定")
    reason: str = must("理由")


class FieldMeanings(Table):
    """How each field was taken apart, a row per field; what matching rests on and a steward can check.

    subject: the object class that one row, or the whole card, is about; object_class: of which the value is a property.
    """

    field_id: str = must("栏目编号", unique=True)
    role: str = must("角色")
    object_class: str = must("对象类")
    property: str = must("特性")
    qualifiers: str = must("限定")
    unit: str = text("计量单位")
    temporal: str = must("时间口径")
    data_type: str = must("数据类型")
    subject: str = must("主体")
    element_key: str = must("规范键")
    confidence: float = must("把握")
    reason: str = must("理由")


class Derivations(Table):
    """Elements that are computed and so never asked, a row per element.

    kind: "id_number" (from 公民身份号码), "count" (rows of a ledger), "parts" (sum of elements).
    expression: SQL over columns named by element id, e.g. `substr("DE000002", 7, 8)`; inputs: element ids.
    """

    element_id: str = must("数据元标识符", unique=True)
    kind: str = must("种类", isin=("id_number", "count", "parts"))
    ledger: str = must("台账")
    expression: str = must("算式")
    inputs: str = must("来源数据元")
    reason: str = must("理由")


class ElementSuccessors(Table):
    """Retired elements whose fields all went to one other element after a verdict, a row each; no row, no successor.

    Values stay recorded under the element they were given for and are read under its successor, times `factor` (from
    one unit to the other). When the verdict is taken back the row goes, and the values are where they were.
    """

    element_id: str = must("原数据元", unique=True)
    successor_id: str = must("并入数据元")
    factor: float = must("换算系数")
    reason: str = must("理由")


class Verdicts(Table):
    """The steward's decisions, append-only; a later one on the same pair wins; "撤回" takes the pair's verdict back.

    Keys are `form title + "#" + path`, so they outlive a new edition of a template.
    """

    verdict_id: str = must("判定编号", unique=True)
    left_field_key: str = must("左栏目")
    right_field_key: str = must("右栏目")
    answer: str = must("判定", isin=("相同", "不同", "不确定", "撤回"))
    decided_by: str = must("判定人")
    decided_at: str = must("判定时间")
    reason: str = text("理由")


class ReviewPairs(Table):
    """Pairs of elements that only a steward can decide, most worth asking first."""

    pair_no: int = must("序号", unique=True)
    left_element_id: str = must("左数据元")
    right_element_id: str = must("右数据元")
    left_field_key: str = must("左栏目")
    right_field_key: str = must("右栏目")
    probability: float = must("相同的把握")
    field_count: int = must("涉及栏目数")
    reason: str = must("理由")
