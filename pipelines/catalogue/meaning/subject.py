"""The subject of a form: what one row, or the whole card, is about; from title, labels and layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.catalogue.meaning.labels import clean
from pipelines.catalogue.meaning.parties import without_brackets
from pipelines.catalogue.meaning.vocabulary import ANY, Hint, Vocabulary

FALLBACK = "单位"
"""What a form is about when nothing says it: the unit that fills it."""

PERSONAL_SHARE = 0.08
"""Below this share of personal columns a name is somebody's on a form about something else (a hospital's director)."""

VOCABULARY_WEIGHT = 10
"""Votes for an object class when all labels of a form are asked of it alone; fewer labels weigh in proportion."""

LONG = 20
"""Labels from which on a name in the second half is not that of the subject."""

FIRST_COLUMN = 5
"""Votes for a class whose name is asked first (诊所名称): more than for a 单位 with a 法定代表人 whose papers it is."""

CLEAR = 3
"""Weight of a hint from which on its phrase names a thing and not only an act (整改)."""

UNKNOWN = "题名和栏目都没有说明主体，按填报单位处理"

_PLACE = re.compile(r"^(?:[一-鿿]{2,4}(?:省|市|县|区|镇|乡|街道|自治区|自治州))+(?=[一-鿿]{4})")
_FORM_WORDS = re.compile(
    r"(?:基本)?(?:情况|信息|数据)?(?:导入模[板版]|模[板版]|登记表|统计表|申请审批表|审批表|申请表|申请书|备案表|呈报表|申报表|汇总表|调查表|明细表|"
    r"花名册|名册|名单|台账|登记簿|登记册|登记卡|登记|统计|一览表|报表|月报表|季报表|年报表|信息表|情况表|基本情况表|基本信息|导入|编辑|填报|汇总|表|"
    r"列表信息|列表|记录表|服务记录|记录|报告卡|报告|信息|情况|证明|数据)+$"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is about.

    topic: what its generic labels are read within; reason in Chinese; registered: how the form calls the person of a
    row when it says neither 姓名 nor a word that the vocabulary knows (信访人), else "".
    """

    object_class: str
    topic: str
    reason: str
    registered: str = ""


def infer(
    title: str, layout: str, labels: Sequence[str], vocabulary: Vocabulary, counted: int = 0, level: str = ""
) -> Subject:
    """Return the subject of a form from its title, layout and cleaned leaf labels.

    counted: number of the labels with a unit of which one asks how many or how much; level: who answers (个人, 户 …),
    which decides where nothing else does.
    """
    votes: Counter[str] = Counter()
    why: dict[str, str] = {}
    persons = [word for word, name in vocabulary.self_words.items() if name == "自然人"]
    said = (
        *_from_title(title, vocabulary),
        *_from_labels(labels, layout, persons, vocabulary, title, counted),
        *_from_vocabulary(labels, vocabulary),
    )
    for object_class, weight, reason in said:
        votes[object_class] += weight  # type: ignore[assignment]
        why.setdefault(object_class, reason)
    if not votes or (max(votes.values()) <= 0 and not _PERSONAL & set(labels)):
        answers = vocabulary.self_words.get(level, "")
        if answers in ("自然人", "户"):
            return Subject(answers, topic_of(title, vocabulary), f"题名和栏目都没有说明主体，由{level}填报")
        return Subject(FALLBACK, topic_of(title, vocabulary), UNKNOWN)
    best = min(votes, key=lambda name: (-votes[name], name))
    topic = topic_of(title, vocabulary)
    if best in vocabulary.topic_always:
        topic = _kind(title, labels, best, vocabulary) or topic
    who = next((label.removesuffix("姓名") for label in labels[:2] if _is_registered(label, vocabulary, title)), "")
    is_person = best == "自然人" and "姓名" not in labels
    return Subject(best, topic, f"表的主体判为{best}：{why[best]}", who if is_person else "")


def _kind(title: str, labels: Sequence[str], object_class: str, vocabulary: Vocabulary) -> str:
    """Return what kind of thing a form is about: by its title, or by a column that names it (水库名称)."""
    first = [_NAMED.sub("", without_brackets(label)) for label in labels[:2] if _NAMED.search(label)]
    others = {_NAMED.sub("", without_brackets(label)) for label in labels[2:] if _NAMED.search(label)}
    told = (
        [hint for hint in vocabulary.hints if hint.phrase in first],
        _hints_in(clean(title).text, vocabulary),
        [hint for hint in vocabulary.hints if hint.phrase in others],
    )
    for hints in told:
        kinds = [hint for hint in hints if hint.topic and hint.object_class == object_class]
        if kinds:
            return min(kinds, key=lambda hint: (-hint.weight, -len(hint.phrase), hint.phrase)).topic
    return ""


def kind_of(title: str, object_class: str, vocabulary: Vocabulary) -> str:
    """Return what kind of an object class a title is on (事件 → 隐患), "" when it does not say."""
    return _kind(title, (), object_class, vocabulary)


def kind_said(label: str, object_class: str, vocabulary: Vocabulary) -> str:
    """Return what kind of an object class a label itself names (案件类别 → 案件), "" when it names none clearly."""
    hints = [hint for hint in _hints_in(label, vocabulary) if hint.weight >= CLEAR and label.startswith(hint.phrase)]
    return next((hint.topic for hint in hints if hint.object_class == object_class), "")


@lru_cache(maxsize=8)
def kinds_named(vocabulary: Vocabulary) -> frozenset[tuple[str, str, str]]:
    """Return phrase, object class and topic of every hint: 水库 names a 设施设备 of the kind 水库."""
    return frozenset((hint.phrase, hint.object_class, hint.topic) for hint in vocabulary.hints)


def _from_vocabulary(labels: Sequence[str], vocabulary: Vocabulary) -> list[tuple[str, float, str]]:
    """Return a vote per object class of which alone the vocabulary knows some labels: 层数 is asked of houses only."""
    found: dict[str, list[str]] = {}
    for label in dict.fromkeys(labels):
        subjects = {name for row in vocabulary.concepts.get(label, ()) for name in row.subjects}
        if len(subjects) == 1 and ANY not in subjects and not vocabulary.generic.fullmatch(label):
            found.setdefault(subjects.pop(), []).append(label)
    return [
        (name, VOCABULARY_WEIGHT * len(own) / len(labels), f"栏目有{'、'.join(own[:2])}")
        for name, own in sorted(found.items())
        if len(own) > 1
    ]


def _from_title(title: str, vocabulary: Vocabulary) -> list[tuple[str, float, str]]:
    return [
        (hint.object_class, hint.weight, f"题名含“{hint.phrase}”") for hint in _hints_in(clean(title).text, vocabulary)
    ]


def _from_labels(
    labels: Sequence[str], layout: str, persons: Sequence[str], vocabulary: Vocabulary, title: str, counted: int
) -> list[tuple[str, float, str]]:
    found = set(labels)
    votes: list[tuple[str, float, str]] = []
    person = any(label.endswith("姓名") and label.removesuffix("姓名") in ("", *persons) for label in found)
    person = person or any(
        _is_registered(label, vocabulary, title) and _is_described(label.removesuffix("姓名"), found, title)
        for label in labels[:2]
    )
    traits = found & _TRAITS
    has_head = any(label.startswith("户主") for label in found)
    person = person or (len(traits) > 1 and not has_head and any(_is_longer_name(label, persons) for label in found))
    applies = any(_APPLICANT.fullmatch(label) for label in labels[:2]) and not found & _UNIT_LABELS
    is_somebody = has_head or bool(found & _NUMBERS_OF_PERSONS)
    person = person or (applies and is_somebody)
    if person:
        share = 0.0 if _is_named_late(labels) else (len(traits) + 1) / len(labels)
        weight = 3 + min(len(traits), 4) if share >= PERSONAL_SHARE else 2
        weight += 2 if labels[0] == "姓名" else 0
        votes.append(("自然人", weight, "栏目有姓名和" + "、".join(sorted(traits)[:2]) if traits else "栏目有姓名"))
    heads = {row.property for label in found for row in vocabulary.concepts.get(label, ())} & {"户主姓名"}
    if (heads or has_head) and not person:
        votes.append(("户", 5, "栏目有户主而没有个人姓名"))
    units = [label for label in labels if label in _UNIT_LABELS]
    if not person and not units and set(labels[:1]) & (_NUMBERS_OF_PERSONS | {"证件号码"}):
        votes.append(("自然人", 3, f"首栏是{labels[0]}"))
    if units:
        votes.append(("单位", 2 + min(len(units), 4), "栏目有" + "、".join(units[:2])))
    numbers = max(sum(bool(_NUMERIC.search(label)) for label in labels), 0 if units else counted)
    if labels and numbers / len(labels) > 0.5 and not person:
        votes.append(("行政区域", 4, "多数栏目是统计数"))
    if any(_AREA.match(label) for label in labels) and not any(
        _IDENTIFYING.search(label) for label in labels if not _AREA.match(label)
    ):
        votes.append(("行政区域", 8, "一行一个村（社区）或乡镇，没有识别个人、户、单位的栏目"))
    if layout == "statistics":
        votes.append(("行政区域", 3, "版式是统计表"))
    for label in labels[:2]:
        named = {row.object_class for row in vocabulary.concepts.get(label, ()) if row.property == "名称"}
        is_bare = label in _UNIT_LABELS - _COMPANY or vocabulary.generic.fullmatch(label)
        if len(named) == 1 and not person and not is_bare:
            votes.append((named.pop(), FIRST_COLUMN, f"首栏是{label}"))
    if any(label in ("项目名称", "工程名称") for label in found):
        votes.append(("项目", 3, "栏目有项目名称"))
    return votes


def _is_registered(label: str, vocabulary: Vocabulary, title: str) -> bool:
    """Return whether a first column names the person of the row by what brings him here: 信访人姓名.

    Somebody whom other forms have beside their subject (河长) is the person of the row where the title says so; whom
    the vocabulary knows as somebody of an event (当事人姓名), is not.
    """
    who = label.removesuffix("姓名")
    if who == label or not _REGISTERED.search(who):
        return False
    if any(row.object_class != "自然人" for row in vocabulary.concepts.get(label, ())):
        return False
    return who in title if who in vocabulary.parties else True


def _is_longer_name(label: str, persons: Sequence[str]) -> bool:
    """Return whether a label asks the name of persons said by a longer word: 带动脱贫人口姓名."""
    who = label.removesuffix("姓名")
    return who != label and any(len(word) > 1 and who.endswith(word) for word in persons)


def _is_named_late(labels: Sequence[str]) -> bool:
    """Return whether a long form asks a name only in its second half: somebody of the institution it is about."""
    return len(labels) >= LONG and not any(label.endswith("姓名") for label in labels[: len(labels) // 2])


def _is_described(who: str, labels: Collection[str], title: str) -> bool:
    """Return whether a form asks more of a person than a telephone, or names him in its title: else a caller's form is
    about the call."""
    return who in title or any(trait in labels or who + trait in labels for trait in _TRAITS)


_TRAITS = frozenset(
    (
        "性别",
        "出生日期",
        "出生年月",
        "民族",
        "身份证号",
        "身份证号码",
        "文化程度",
        "政治面貌",
        "学历",
        "年龄",
        "身份证件号码",
        "证件号码",
    )
)
"""Labels that describe a person."""
_REGISTERED = re.compile(r"[一-鿿](?:人|员|者|长|师|工|兵|干部|代表|书记|委员|对象|户主以外成员)$")
_UNIT_LABELS = frozenset((
    "单位名称", "单位全称", "单位详细名称", "企业名称", "机构名称", "申请单位", "申请单位名称", "法定代表人",
    "统一社会信用代码", "组织机构代码", "经营范围", "注册资本", "社团名称", "基金会名称", "社会组织名称",
    "公司名称", "法人代表", "注册地址", "单位地址", "经济类型", "登记证号", "业务范围", "业务主管单位", "活动地域",
))  # fmt: skip
_APPLICANT = re.compile("申请[一-鿿]{0,2}人(?:姓名)?")
"""Whoever applies: the person of the row, where the form names no unit and asks for a person's number or 户主."""
_NUMBERS_OF_PERSONS = frozenset(("身份证号", "身份证号码", "公民身份号码", "身份证", "居民身份证号", "居民身份证号码"))
_PERSONAL = frozenset(("姓名", "性别", "民族", "文化程度", "出生日期", "出生年月", "与户主关系"))
"""Labels of which one must be there before a title that only says what paper it is (台账) speaks for persons."""
_COMPANY = frozenset(("企业名称", "公司名称"))
"""Of the labels of units those that never mean the unit that reports."""

_AREA = re.compile(
    r"^(?:所在|所属)?(?:行政)?(?:村|社区|村\W?社区\W?|村\W?居\W?委会|村\W?居\W?|村居?民?委员?会|居委会|乡镇|乡\W?镇\W?|乡镇\W?街道\W?|街道|地区)"
    r"(?:名称|名)?$"
)
"""The column that says which area a row is: areas down, indicators across."""
_NAMED = re.compile(r"(?:名称|编号|代码)$")
_IDENTIFYING = re.compile(
    r"姓名|户主|负责人|名称|编号|证号|号码|代码|法人|代表|电话|地址|坐落|日期|时间|性质|类别|类型|经手|意见"
)
"""Columns that tell apart what lies within an area; a table of areas has none."""
_NUMERIC = re.compile(r"(?:人数|户数|个数|数量|总数|面积|产量|产值|收入|支出|金额|次数|头数|只数|人口|数)$")


@lru_cache(maxsize=50_000)
def _hints_in(text: str, vocabulary: Vocabulary) -> tuple[Hint, ...]:
    found = [hint for hint in vocabulary.hints if hint.phrase in text]
    return tuple(
        hint
        for hint in found
        if not any(hint.phrase != other.phrase and hint.phrase in other.phrase for other in found)
    )


@lru_cache(maxsize=50_000)
def topic_of(title: str, vocabulary: Vocabulary) -> str:
    """Return what the form is on, within its object class: 在乡复员人员导入模板 → 在乡复员军人."""
    text = clean(title).text
    topics = [hint for hint in _hints_in(text, vocabulary) if hint.topic]
    if topics:
        return min(topics, key=lambda hint: (-hint.weight, -len(hint.phrase), hint.phrase)).topic
    bare = _FORM_WORDS.sub("", _PLACE.sub("", re.sub(r"\([^)]*\)|\d{4}年(?:度)?", "", text)))
    return bare or text
