"""Reads the fields of one form one after the other; what stood before says whose a bare attribute is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from pipelines.catalogue.indicators import indicator
from pipelines.catalogue.labels import Label
from pipelines.catalogue.parties import (
    attribute_of,
    bare_heading,
    class_of_headings,
    party_of_headings,
    split_party,
    without_brackets,
)
from pipelines.catalogue.qualifiers import needs_base, qualifier_rules
from pipelines.catalogue.subject import Subject
from pipelines.catalogue.units import dimension_of, unit_of
from pipelines.catalogue.vocabulary import ANY, Concept, Party, Vocabulary
from schemas.decomposition import Decomposition

STICKY_PERSON = frozenset(
    "公民身份号码 证件号码 证件类型 联系电话 性别 年龄 民族 职务 文化程度 政治面貌 出生日期 专业技术职务 所学专业 籍贯 国籍 工作单位名称 与本人关系 学位".split()
)
"""Properties that, standing right after a person, are that person's."""

STICKY_ORGANISATION = frozenset(
    "联系电话 资质等级 统一社会信用代码 组织机构代码 地址 组织形式 所属行业 法定代表人姓名".split()
)
"""Properties that, standing right after another organisation, are that organisation's."""

IDENTITY = frozenset(
    "姓名 公民身份号码 性别 出生日期 民族 文化程度 政治面貌 婚姻状况 备注 户主姓名 户主公民身份号码".split()
)
"""Properties that a heading does not narrow: there is one 民族 whatever the section is called."""

PERSONAL = frozenset("联系电话 现住址 户籍地址 电子邮箱 工作单位名称 年收入 月收入 照片 职务".split())
"""Properties that, on a household form with a row per member, are the member's."""

STATISTICAL = frozenset("行政区域 村级组织 党组织 单位 学校 医疗卫生机构 动物疫病防控 活动 物资 资金补助".split())
"""Subjects of which forms report numbers, so that a heading may be the number's head."""

AREAS = frozenset("行政区域 村级组织 动物疫病防控".split())
"""Subjects of which a heading names a part that is counted (社会组织状况), not another subject."""

CARRIED = frozenset("事件 活动 设施设备 物资 资金补助 证照 项目 地块".split())
"""Subjects that have no telephone of their own: contact fields are those of the unit that the form names."""

_POPULATION = re.compile("人口|基本情况|社会经济|村情|概况|综合")
_RELIEF = re.compile("救助|补助|补贴|慰问|抚慰|救济|恢复重建|救灾")
_AID = re.compile("^需|核准|救助|补助|补贴|发放|慰问|抚慰|救济")
_DOCUMENT = re.compile("(?:证书|证件|执照|许可证|资格证|证)$")
_PLAIN_DOCUMENTS = frozenset(("证书", "证件", "执照", "许可证", "身份证"))
_MOBILE = re.compile("手机|移动")
_CODE = re.compile("(?<=[一-鿿]{2})(?:代码|编码)$")
_YES_NO = re.compile("是否|有无|能否|可否")
_IS = re.compile("^(?:是否为|是否是|是否属于|是否)")
_ENDINGS = (
    (re.compile("(?:联系电话|联系方式|手机号码|手机号|移动电话|电话号码|手机|电话)$"), "联系电话"),
    (re.compile("(?:公民身份号码|身份证件号码|身份证号码|身份证号|居民身份证号|身份证)$"), "公民身份号码"),
    (re.compile("(?<=证)(?:书?编号|书?号码?|件号码?|件编号|书?编码)$"), "号"),
    (re.compile("(?:年月日|日期|时间|年月)$"), "日期"),
    (re.compile("(?:职位|职务)$"), "职务"),
    (re.compile("(?:类型|类别|种类)$"), "类别"),
)
"""Endings that say the same; an unknown label keeps its beginning and gets the standard ending."""

_SIGNERS = frozenset(("填表人", "填报人", "制表人", "总承包单位填表人"))
_NUMBERS = frozenset(("integer", "decimal"))


@dataclass(slots=True)
class _Run:
    """What was read last. party: whose attributes follow; last_party: the last one named at all."""

    party: Party | None = None
    last_party: Party | None = None
    organisation: str = ""
    organisation_at: int = -99
    unit_at: int = -99
    is_person: bool = False


class FormReader:
    """Reads one form. subject: what it is about; leaves: the cleaned labels in order; title: cleaned."""

    def __init__(self, subject: Subject, vocabulary: Vocabulary, leaves: list[str], title: str) -> None:
        self.subject, self.vocabulary, self.leaves, self.title = subject, vocabulary, leaves, title
        self.found = frozenset(leaves)
        self.rules = qualifier_rules()
        self.persons = [word for word, name in vocabulary.self_words.items() if name == "自然人"]
        self.run = _Run()
        self.seen: Counter[str] = Counter()
        self.has_unit = any(
            row.object_class == "单位" and row.property == "名称" and ANY in row.subjects
            for leaf in self.found
            for row in vocabulary.concepts.get(leaf, ())
        )

    def read(self, number: int, path: tuple[Label, ...], unit: str, is_yes_no: bool = False) -> Decomposition:
        """Return the decomposition of the field at `number`; unit: canonical; is_yes_no: the form offers 是 and 否."""
        leaf, parents = path[-1].text, tuple(part.text for part in path[:-1])
        role = self._role(number, leaf)
        if role and role[0] != "derived":
            self.run.party = None
            return Decomposition(
                role[0],
                "填报",
                role[1],
                (),
                unit,
                "none",
                "text",
                self.subject.object_class,
                0.95,  # type: ignore[arg-type]
                (f"“{leaf}”是填报行为的栏目",),
            )
        found = (
            self._of_parent_party(leaf, parents)
            or self._of_document(leaf, parents)
            or self._known(number, leaf, parents, unit)
            or self._of_party(number, leaf)
            or self._without_self_word(number, leaf)
        )
        if found is None:
            self.run.party = None
            found = self._unknown(leaf, parents, unit)
            if is_yes_no and not _YES_NO.match(found.property):
                found = replace(found, property="是否" + found.property, data_type="boolean")
        self.seen[found.property] += 1
        return replace(found, unit=unit, role="derived" if role else found.role)

    def _role(self, number: int, leaf: str) -> tuple[str, str] | None:
        if leaf in self.vocabulary.exact_roles:
            return self.vocabulary.exact_roles[leaf]
        if leaf == "编号" and number == 0 and self.subject.object_class == "自然人":
            return "serial", "序号"
        if leaf == "单位" and self.found & _SIGNERS:
            return "meta", "填报单位"
        if leaf in ("单位负责人", "负责人", "总承包单位负责人") and self.found & _SIGNERS:
            return "meta", "单位负责人"
        if leaf in self.vocabulary.concepts:
            return None
        return next(((role, prop) for pattern, role, prop in self.vocabulary.regex_roles if pattern.search(leaf)), None)

    def _of_parent_party(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        party = party_of_headings(parents, self.vocabulary)
        if party is None:
            own = self.vocabulary.parties.get(leaf)
            if own and own.kind == "organisation" and parents:
                turned = attribute_of(parents[-1], own, self.vocabulary)
                person = self.vocabulary.parties.get(parents[-1])
                if turned and turned.property != "名称":
                    return self._said(own, turned, f"“{parents[-1]}”写在“{leaf}”之上")
                if person:
                    return self._said(
                        Party(own.party + person.party, "person", own.object_class), None, f"{leaf}的{parents[-1]}"
                    )
            return None
        self._names(party)
        reason = f"上级标题“{parents[-1]}”是{party.party}"
        own, rest = split_party(leaf, self.vocabulary)
        if own and own.party == party.party:
            leaf = rest
        elif own and (not rest or attribute_of(rest, own, self.vocabulary)):
            own = replace(own, party=party.party + own.party, object_class=party.object_class or own.object_class)
            return self._said(own, attribute_of(rest, own, self.vocabulary) if rest else None, reason)
        known = attribute_of(leaf, party, self.vocabulary) if leaf else None
        if leaf and known is None:
            owner = party.object_class or self.subject.object_class
            return self._fill(owner, party.party + without_brackets(leaf), (), "none", _data_type(leaf), 0.7, reason)
        return self._said(party, known, reason)

    def _of_document(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        if not parents or not _DOCUMENT.search(parents[-1]) or parents[-1] in _PLAIN_DOCUMENTS:
            return None
        self.run.party = None
        which = _DOCUMENT.sub("", parents[-1]) or parents[-1]
        return self._fill(
            self.subject.object_class,
            "证书" + leaf.removeprefix("证书"),
            (which, self.subject.topic),
            "none",
            _data_type(leaf),
            0.7,
            f"上级标题“{parents[-1]}”是一种证件",
        )

    def _known(self, number: int, leaf: str, parents: tuple[str, ...], unit: str) -> Decomposition | None:
        shifted = class_of_headings(parents, self.vocabulary)
        owner = shifted or self._person_of_household(leaf) or self._person_of_run(leaf) or self.subject.object_class
        known = self._lookup(leaf, owner)
        if known is None or (dimension_of(unit) == "money" and known.data_type not in _NUMBERS):
            return None
        carried = self._carried(number, known, owner, shifted)
        run = self.run
        party = self._whose(number, leaf, known, carried or owner)
        if party:
            attribute = attribute_of(leaf, party, self.vocabulary)
            if attribute:
                run.party = party
                if _MOBILE.search(leaf) and self.seen[party.party + attribute.property]:
                    attribute = replace(attribute, qualifiers=("手机",))
                return self._said(party, attribute, f"“{leaf}”紧跟{party.party}，按位置归{party.party}")
        run.is_person = owner == "自然人" or (known.object_class, known.property) == ("自然人", "姓名")
        if known.object_class == "单位" and known.property == "名称":
            run.unit_at = number
        if owner == "自然人" and known.property in ("工作单位名称", "就读学校名称") and not known.qualifiers:
            run.organisation, run.organisation_at = known.property.removesuffix("名称"), number
        self._names(self._named_party(known))
        made = self._from_concept(known, carried or owner, f"词表：“{leaf}”即{known.property}", 0.95)
        narrowed = self._narrowing(parents, made)
        return replace(made, qualifiers=tuple(sorted({*made.qualifiers, *narrowed}))) if narrowed else made

    def _person_of_household(self, leaf: str) -> str:
        """Return 自然人 for a personal label on a form of households that has a row per member."""
        if self.subject.object_class != "户" or "姓名" not in self.found:
            return ""
        personal = any(
            row.object_class == "自然人" and row.property in PERSONAL for row in self.vocabulary.concepts.get(leaf, ())
        )
        return "自然人" if personal else ""

    def _person_of_run(self, leaf: str) -> str:
        """Return 自然人 for a personal label right after a name on a form that is about a unit or a project."""
        if not self.run.is_person or self.subject.object_class in ("自然人", "户"):
            return ""
        personal = any(
            row.object_class == "自然人" and row.property in STICKY_PERSON | PERSONAL
            for row in self.vocabulary.concepts.get(leaf, ())
        )
        return "自然人" if personal else ""

    def _carried(self, number: int, known: Concept, owner: str, shifted: str) -> str:
        """Return 单位 when a contact or address field of a hazard, a project … is that of the unit the form names."""
        if shifted or owner not in CARRIED or not self.has_unit:
            return ""
        if known.property in ("联系电话", "传真", "邮政编码", "电子邮箱", "通讯地址"):
            return "单位"
        return "单位" if known.property in ("地址", "现住址") and 0 <= number - self.run.unit_at <= 2 else ""

    def _whose(self, number: int, leaf: str, known: Concept, owner: str) -> Party | None:
        """Return the party of which a bare attribute is said, by its place; None when it is the subject's own."""
        run, prop = self.run, known.property
        if known.qualifiers and prop != "联系电话":
            return None
        if run.party and run.party.kind == "organisation":
            return run.party if prop in STICKY_ORGANISATION and self.subject.object_class != "自然人" else None
        if prop not in STICKY_PERSON:
            return None
        following = self.leaves[number + 1] if number + 1 < len(self.leaves) else ""
        contact = self.vocabulary.parties.get(following)
        if owner == "自然人":
            if run.party and (self.seen[prop] or prop == "联系电话") and not self._has(run.party, known, leaf):
                return run.party
            if contact and contact.party == "联系人" and prop == "联系电话" and number - run.organisation_at <= 6:
                return replace(contact, party=run.organisation + "联系人")
            return run.last_party if self.seen[prop] and prop == "公民身份号码" else None
        if run.party and not self._has(run.party, known, leaf):
            return run.party
        return contact if contact and contact.party == "联系人" and prop == "联系电话" else None

    def _has(self, party: Party, known: Concept, leaf: str) -> bool:
        """Return whether the party's telephone was already asked, so that a second one is somebody else's."""
        return bool(self.seen[party.party + known.property]) and not _MOBILE.search(leaf)

    def _named_party(self, known: Concept) -> Party | None:
        for ending in ("姓名", "公民身份号码", "联系电话", "名称"):
            if known.property.endswith(ending) and known.property != ending:
                return self.vocabulary.parties.get(known.property.removesuffix(ending))
        return None

    def _names(self, party: Party | None) -> None:
        self.run.party = party
        self.run.last_party = party or self.run.last_party

    def _of_party(self, number: int, leaf: str, owner: str = "") -> Decomposition | None:
        party, rest = split_party(leaf, self.vocabulary)
        if party is None:
            return None
        known = attribute_of(rest, party, self.vocabulary) if rest else None
        if rest and known is None:
            person, tail = split_party(rest, self.vocabulary)
            if party.kind != "organisation" or person is None or person.kind != "person":
                return None
            known = attribute_of(tail, person, self.vocabulary) if tail else None
            if tail and known is None:
                return None
            party = replace(person, party=party.party + person.party, object_class=party.object_class)
        if party.party == "联系人":
            if self.subject.object_class == "自然人" and number - self.run.organisation_at <= 6:
                party = replace(party, party=self.run.organisation + "联系人")
            elif self.subject.object_class in CARRIED and self.has_unit:
                party = replace(party, object_class="单位")
        if owner and not party.object_class:
            party = replace(party, object_class=owner)
        self._names(party)
        return self._said(party, known, f"“{leaf}”说的是{party.party}")

    def _without_self_word(self, number: int, leaf: str) -> Decomposition | None:
        words = self.vocabulary.self_words
        for length in range(min(10, len(leaf) - 1), 0, -1):
            head, rest = leaf[:length], leaf[length:].lstrip("的()/")
            owner = words.get(head, "")
            if not rest or not (owner or self._is_of_title(head, rest)):
                continue
            known = self._lookup(rest, owner or self.subject.object_class)
            if known and not known.sibling:
                self._names(self._named_party(known))
                return self._from_concept(
                    known, owner or self.subject.object_class, f"“{leaf}”去掉主体词“{head}”后是“{rest}”", 0.9
                )
            if owner and (found := self._of_party(number, rest, owner)):
                return found
        return self._of_member(leaf)

    def _of_member(self, leaf: str) -> Decomposition | None:
        """Return an attribute said of the persons whom a roster is about by a longer name: 带动脱贫人口姓名."""
        if self.subject.object_class not in ("自然人", "户"):
            return None
        for at in range(2, len(leaf) - 1):
            head, rest = leaf[:at], leaf[at:]
            is_member = any(len(word) > 1 and head.endswith(word) for word in self.persons)
            known = self._lookup(rest, "自然人") if is_member else None
            if (
                known
                and known.object_class == "自然人"
                and known.property in STICKY_PERSON | {"姓名"}
                and not known.sibling
            ):
                return self._from_concept(known, "自然人", f"“{head}”是登记的人，“{rest}”是其{known.property}", 0.85)
        return None

    def _is_of_title(self, head: str, rest: str) -> bool:
        """Return whether a label only repeats the title before a known name: 在乡复员人员身份证号."""
        is_said = len(head) >= 3 and head in self.title and rest in self.vocabulary.concepts
        return is_said and not self.vocabulary.generic.fullmatch(rest)

    def _lookup(self, label: str, owner: str) -> Concept | None:
        concepts = self.vocabulary.concepts
        rows = concepts.get(label) or concepts.get(without_brackets(label)) or concepts.get(_CODE.sub("", label), ())
        fitting = [
            row
            for row in rows
            if (not row.sibling or row.sibling & self.found)
            and not row.without & self.found
            and (not row.titles or any(phrase in self.title for phrase in row.titles))
        ]
        own = next((row for row in fitting if owner in row.subjects), None)
        if own or not fitting:
            return own
        anywhere = next((row for row in fitting if ANY in row.subjects), None)
        if anywhere:
            return anywhere
        is_vague = self.vocabulary.generic.fullmatch
        return None if is_vague(label) or is_vague(fitting[0].property) else fitting[0]

    def _from_concept(self, known: Concept, owner: str, reason: str, confidence: float) -> Decomposition:
        exact = owner in known.subjects or ANY in known.subjects
        return self._fill(
            known.object_class if exact else owner,
            known.property,
            known.qualifiers,
            known.temporal,
            known.data_type,
            confidence if exact else 0.7,
            reason,
        )

    def _said(self, party: Party, known: Concept | None, reason: str) -> Decomposition:
        owner = party.object_class or self.subject.object_class
        if known is None:
            ending = "姓名" if party.kind == "person" else "名称"
            return self._fill(owner, party.party + ending, (), "none", "text", 0.95, reason)
        return self._fill(
            owner, party.party + known.property, known.qualifiers, known.temporal, known.data_type, 0.92, reason
        )

    def _unknown(self, leaf: str, parents: tuple[str, ...], unit: str) -> Decomposition:
        owner = self.subject.object_class
        if owner not in AREAS:
            owner = class_of_headings(parents, self.vocabulary) or owner
        label = without_brackets(leaf)
        telling = [heading for parent in parents if (heading := self._telling(parent))]
        counted = indicator(label, telling, unit, owner in STATISTICAL, self.rules)
        if counted:
            is_bare = owner not in ("自然人", "户") and needs_base(counted.qualifiers, self.rules)
            base = () if not is_bare or _POPULATION.search(self.title) else self._base(parents)
            return self._fill(
                self._payer(owner, leaf),
                counted.property,
                (*counted.qualifiers, *base),
                counted.temporal,
                counted.data_type,
                0.7,
                counted.reason,
            )
        is_vague = self.vocabulary.generic.fullmatch(label) is not None
        return self._fill(
            self._payer(owner, leaf),
            self._plain(label) or "（空）",
            (*telling, *([self.subject.topic] if is_vague else [])),
            "none",
            _data_type(label),
            0.4 if is_vague else 0.6,
            f"词表里没有“{leaf}”，按原名处理",
        )

    def _base(self, parents: tuple[str, ...]) -> tuple[str, ...]:
        """Return of what a part is counted when the label does not say it: the nearest heading, or the form's topic."""
        named = next((bare for parent in reversed(parents) if (bare := bare_heading(parent))), "")
        return (named or self.subject.topic,)

    def _telling(self, heading: str) -> str:
        """Return what a heading adds to the labels below it, "" when it only names a section, the subject or the topic."""
        bare = bare_heading(heading)
        is_section = bare != heading or bare in self.vocabulary.self_words or bare in self.title
        return "" if is_section else bare

    def _plain(self, label: str) -> str:
        """Return an unknown label with its ending in the standard words: 治保主任手机 → 治保主任联系电话."""
        label = _IS.sub("是否", label)
        for pattern, ending in _ENDINGS:
            found = pattern.search(label)
            if found and found.start() >= 2:
                plain = label[: found.start()] + ending
                return label if plain != label and plain in self.found else plain
        return label

    def _narrowing(self, parents: tuple[str, ...], made: Decomposition) -> tuple[str, ...]:
        """Return headings that make a known name mean something narrower: 分配单位 › 乡镇 is not the person's 乡镇."""
        if made.property in IDENTITY:
            return ()
        return tuple(
            heading
            for parent in parents
            if (heading := self._telling(parent))
            and len(heading) > 1
            and heading not in self.vocabulary.concepts
            and unit_of(heading) is None
            and heading not in made.property
        )

    def _payer(self, owner: str, leaf: str) -> str:
        is_relief = owner in ("自然人", "户") and _RELIEF.search(self.title) and _AID.search(leaf)
        return "资金补助" if is_relief else owner

    def _fill(
        self,
        owner: str,
        prop: str,
        qualifiers: tuple[str, ...],
        temporal: str,
        data_type: str,
        confidence: float,
        reason: str,
    ) -> Decomposition:
        if owner in self.vocabulary.topic_always:
            qualifiers = (*qualifiers, self.subject.topic)
        return Decomposition(
            "fill",
            owner,
            prop,
            tuple(sorted({q for q in qualifiers if q})),
            "",
            temporal,
            data_type,  # type: ignore[arg-type]
            self.subject.object_class,
            confidence,
            (reason, self.subject.reason),
        )


def _data_type(label: str) -> str:
    if re.search("(?:日期|时间|年月|年月日)$", label):
        return "date"
    if re.match("是否|有无|能否", label):
        return "boolean"
    return "identifier" if re.search("(?:编号|号码|代码|证号|账号|编码)$", label) else "text"
