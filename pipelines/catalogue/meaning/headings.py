"""What the headings above a label add: another subject, a party, a document, a narrower meaning, or nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from pipelines.catalogue.meaning.parties import without_brackets
from pipelines.catalogue.meaning.qualifiers import QualifierRules, counts_persons, needs_base, qualifiers_of
from pipelines.catalogue.meaning.units import unit_of
from pipelines.catalogue.meaning.vocabulary import Party, Vocabulary

_SECTION = re.compile(
    r"(?:基本|主要|详细|个人|组建|建立|设置)?(?:情况|信息|概况|资料|内容|数据|(?<![存出])栏|部分|状况|登记|简况|材料|档案|记录)(?:\(.*\))?$"
)
_GATHERING = re.compile(
    "[与、]|及(?!以)|(?:就业|生产|设施|收支|保障|经济|管理|服务|财产|合计|小计|其他|事业|方面|条件|变动|随访|体检|类型|"
    r"(?:重点|特殊|困难)人群)$|合计\(.*\)$"
)
_BODY = re.compile("(?:委员会|小组|班子|领导组|组织|协会|队伍)$")
_ANYBODY = re.compile(
    "(?:户|家庭|农户|住户|家庭户|本户|全家|该户|(?:重点|特殊|困难|救助|服务|保障|各类|特定)?(?:人员|对象|人群|群体|人口|居民|村民|群众))"
)
"""Words of headings for whoever lives in an area, or for several kinds of persons: they do not say who is counted."""

_HISTORY = re.compile("(?:家族|既往|个人|婚育|遗传|过敏|暴露|疾病)史")
_ACT = re.compile("^(?:申请|申报|登记|备案|拟|原|现)(?=户主|法定代表人|负责人|单位)")
_STAGE = re.compile("^(?:拟|原有|变更[前后]|调整[前后]|改造[前后]|整改[前后])(?=..)")
"""A section that begins so says what is planned, or what was before, and narrows what stands below."""

_NAME = re.compile("(?<=[人员长])姓名$")
_KINDS = re.compile("(?:类型|类别|种类|对象|来源|分类|人群)$")
_DOCUMENT = re.compile("(?:证书|证件|执照|许可证|资格证|证)$")
_PLAIN_DOCUMENTS = frozenset(("证书", "证件", "执照", "许可证", "身份证"))


def bare_heading(heading: str) -> str:
    """Return a heading without the words that only say that a section begins.

    >>> bare_heading("法定代表人信息"), bare_heading("联系人姓名")
    ('法定代表人', '联系人')
    """
    return _NAME.sub("", _SECTION.sub("", heading))


def party_of_headings(parents: Sequence[str], vocabulary: Vocabulary) -> Party | None:
    """Return the party that the nearest heading names: 监护人信息, 申请户主情况."""
    for parent in reversed(parents):
        plain = without_brackets(parent)
        bare = bare_heading(plain)
        found = (
            vocabulary.parties.get(parent)
            or vocabulary.parties.get(plain)
            or vocabulary.parties.get(bare)
            or vocabulary.parties.get(_ACT.sub("", bare))
        )
        if found:
            return found
    return None


def class_of_headings(parents: Sequence[str], vocabulary: Vocabulary) -> str:
    """Return the object class that the nearest heading names, "" when none does."""
    for parent in reversed(parents):
        found = vocabulary.self_words.get(parent) or vocabulary.self_words.get(bare_heading(parent))
        if found:
            return found
    return ""


def is_kind(label: str, parents: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Return whether a person's word under a heading says a kind and asks no name: 接触者类型 › 家属."""
    return bool(parents) and label in vocabulary.parties and _KINDS.search(parents[-1]) is not None


def document_of_headings(parents: Sequence[str]) -> str:
    """Return which document the labels below a heading describe, "" when the heading names none: 现持证书 → 现持."""
    if not parents or not _DOCUMENT.search(parents[-1]) or parents[-1] in _PLAIN_DOCUMENTS:
        return ""
    return _DOCUMENT.sub("", parents[-1]) or parents[-1]


def history_of_headings(parents: Sequence[str]) -> str:
    """Return the medical or family history that the nearest heading names, "" when it names none."""
    return parents[-1] if parents and _HISTORY.fullmatch(parents[-1]) else ""


def strong(headings: Sequence[str]) -> list[str]:
    """Return the headings that narrow; not those that gather unlike things: 人口与就业, 公共设施."""
    return [heading for heading in headings if not _GATHERING.search(heading)]


def telling(parents: Sequence[str], title: str, vocabulary: Vocabulary, plain: Container[str] = ()) -> list[str]:
    """Return the headings that add something; not those that only name a section, the subject or the title again.

    plain: headings that say nothing though they do not look like a section.
    """
    return [
        parent
        for parent in parents
        if (bare_heading(parent) == parent or _STAGE.match(parent))
        and parent not in vocabulary.self_words
        and parent not in title
        and parent not in plain
    ]


def narrowing(headings: Sequence[str], prop: str, vocabulary: Vocabulary, is_of_heading: bool = False) -> list[str]:
    """Return the headings that make a known name mean something narrower: 分配单位 › 乡镇 is not the person's 乡镇.

    Headings that are themselves names of fields or units stand above by a slip of transcription, unless the property
    is always said of its heading (is_of_heading).
    """
    return [
        heading
        for heading in headings
        if len(heading) > 1
        and (is_of_heading or heading not in vocabulary.concepts)
        and unit_of(heading) is None
        and heading not in prop
    ]


def counted_bodies(
    parents: Sequence[str], title: str, rules: QualifierRules, words: Container[str] = ()
) -> tuple[str, ...]:
    """Return what the nearest section heading says of whom a bare 总人数 or 党员人数 counts: 候选人信息 → 候选人.

    words: headings that name a thing (低保户, 志愿者) and so begin a section without saying 情况.
    """
    bare = bare_heading(parents[-1]) if parents else ""
    if not parents or (bare == parents[-1] and bare not in words) or bare in title or _ANYBODY.fullmatch(bare):
        return ()
    is_body = counts_persons(bare) or bare.endswith("户") or _BODY.search(bare) is not None
    return qualifiers_of(bare, rules) if is_body else ()


def counted_of(parents: Sequence[str], said: Container[str], topic: str, rules: QualifierRules) -> tuple[str, ...]:
    """Return of what a part (女, 党员) is counted when the label does not say it: the nearest heading, or the topic.

    said: qualifiers that the label has already; a heading that only repeats them is passed over.
    """
    for parent in reversed(parents):
        more = tuple(value for value in qualifiers_of(bare_heading(parent), rules) if value not in said)
        if more and not needs_base(more, rules):
            return more
    return (topic,)
