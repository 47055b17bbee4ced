"""Takes the fields of one form apart, in the order in which they stand: neighbours say whose telephone it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.catalogue.labels import Label, clean
from pipelines.catalogue.subject import Subject, infer
from pipelines.catalogue.units import unit_of
from pipelines.catalogue.vocabulary import ANY, Concept, Party, Vocabulary
from schemas.decomposition import Decomposition, FieldRole
from schemas.templates import PATH_SEPARATOR

STICKY = frozenset(
    "姓名 公民身份号码 证件号码 证件类型 联系电话 性别 年龄 民族 职务 文化程度 政治面貌 出生日期 专业技术职务 电子邮箱 所学专业 籍贯 国籍 工作单位名称 "
    "与本人关系 学位 邮政编码 传真 资质等级 统一社会信用代码 现住址".split()
)
"""Properties that, standing right after a party, belong to the party."""

_SECTION = re.compile(r"(?:基本|主要|详细)?(?:情况|信息|概况|资料|内容|数据|栏|部分|状况|登记)(?:\(.*\))?$")


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form as matching sees it; texts as printed."""

    path: tuple[str, ...]
    unit: str = ""
    note: str = ""
    data_type: str = ""
    role: str = ""


@dataclass(slots=True)
class _Run:
    """What was read so far in the form; decides whose a bare attribute is."""

    party: Party | None = None
    parent: tuple[str, ...] = ()
    organisation: str = ""
    organisation_at: int = -99


def decompose_form(
    title: str, level: str, layout: str, fields: Sequence[FormField], vocabulary: Vocabulary
) -> list[Decomposition]:
    """Return the decomposition of every field of one form, in the order given."""
    paths = [tuple(clean(part) for part in field.path) or (Label(""),) for field in fields]
    leaves = [path[-1].text for path in paths]
    subject = infer(title, level, layout, leaves, vocabulary)
    reader = _Reader(subject, vocabulary, frozenset(leaves), leaves, title)
    return [reader.read(number, path, field) for number, (path, field) in enumerate(zip(paths, fields, strict=True))]


class _Reader:
    """Reads the fields of one form one after the other."""

    def __init__(
        self, subject: Subject, vocabulary: Vocabulary, found: frozenset[str], leaves: list[str], title: str
    ) -> None:
        self.subject, self.vocabulary, self.found, self.leaves, self.title = subject, vocabulary, found, leaves, title
        self.run = _Run()
        self.seen: Counter[str] = Counter()

    def read(self, number: int, path: tuple[Label, ...], field: FormField) -> Decomposition:
        """Return the decomposition of the field that stands at `number`."""
        leaf = path[-1].text
        parents = tuple(part.text for part in path[:-1])
        unit = _unit(field.unit) or path[-1].unit or next((part.unit for part in reversed(path) if part.unit), "")
        role = self._role(leaf, number)
        if role:
            self.run.party = None
            return self._made(role[0], "填报", role[1], (), unit, "none", "text", 0.95, (f"“{leaf}”是填报行为的栏目",))
        found = self._concept(number, leaf, parents)
        if found is None:
            found = self._unknown(leaf, parents, unit)
        self.seen[found.property] += 1
        return replace(found, unit=unit)

    def _role(self, leaf: str, number: int) -> tuple[FieldRole, str] | None:
        exact = self.vocabulary.exact_roles.get(leaf)
        if exact:
            return exact  # type: ignore[return-value]
        if leaf in ("单位负责人", "负责人", "总承包单位负责人") and self.found & {
            "填表人",
            "填报人",
            "制表人",
            "总承包单位填表人",
        }:
            return "meta", "单位负责人"
        for pattern, role, prop in self.vocabulary.regex_roles:
            if pattern.search(leaf):
                return role, prop  # type: ignore[return-value]
        return None

    def _concept(self, number: int, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        parent_party = self._parent_party(parents)
        if parent_party:
            self.run.party, self.run.parent = parent_party, parents
            return self._of_party(parent_party, leaf, f"上级标题“{parents[-1]}”是{parent_party.party}", parents)
        shifted = self._parent_class(parents)
        known = self._lookup(leaf, shifted or self.subject.object_class)
        if known and not (shifted and ANY in known.subjects and False):
            return self._known(number, leaf, known, parents, shifted or self.subject.object_class)
        party, rest = self._split_party(leaf)
        if party and (not rest or self._attribute(rest, party)):
            self.run.party, self.run.parent = party, parents
            return self._bare_or_attribute(number, party, rest, leaf)
        stripped = self._without_self_word(leaf, shifted or self.subject.object_class)
        if stripped:
            object_class, rest = stripped
            known = self._lookup(rest, object_class)
            if known:
                self.run.party = None
                return self._from_concept(known, object_class, leaf, f"“{leaf}”去掉主体词后是“{rest}”", 0.9)
            party, tail = self._split_party(rest)
            if party and (not tail or self._attribute(tail, party)):
                self.run.party, self.run.parent = party, parents
                return self._bare_or_attribute(number, party, tail, leaf, object_class)
        return None

    def _known(
        self, number: int, leaf: str, known: Concept, parents: tuple[str, ...], object_class: str
    ) -> Decomposition:
        run = self.run
        if run.party and known.property in STICKY and self._sticks(known, parents):
            made = self._of_party(run.party, leaf, f"紧跟在{run.party.party}之后", parents)
            if made:
                return made
        run.party = self._named_party(known)
        run.parent = parents
        if object_class == "自然人" and known.property in ("工作单位名称", "就读学校名称") and not known.qualifiers:
            run.organisation, run.organisation_at = known.property.removesuffix("名称"), number
        return self._from_concept(known, object_class, leaf, f"词表：“{leaf}”即{known.property}", 0.95)

    def _named_party(self, known: Concept) -> Party | None:
        for ending in ("姓名", "名称", "公民身份号码", "联系电话"):
            if known.property.endswith(ending) and known.property != ending:
                party = self.vocabulary.parties.get(known.property.removesuffix(ending))
                if party and party.kind == "person":
                    return party
        return None

    def _sticks(self, known: Concept, parents: tuple[str, ...]) -> bool:
        run = self.run
        assert run.party is not None
        if run.party.kind == "organisation":
            return (
                known.property in ("联系电话", "资质等级", "统一社会信用代码") and self.subject.object_class != "自然人"
            )
        if known.property in ("邮政编码", "传真", "现住址", "电子邮箱"):
            return False
        if known.property == "姓名":
            return False
        if self.subject.object_class == "自然人" and known.object_class == "自然人":
            return bool(self.seen[known.property]) or known.property == "联系电话"
        return True

    def _parent_party(self, parents: tuple[str, ...]) -> Party | None:
        for parent in reversed(parents):
            bare = _SECTION.sub("", parent) or parent
            party = self.vocabulary.parties.get(parent) or self.vocabulary.parties.get(bare)
            if party:
                return party
        return None

    def _parent_class(self, parents: tuple[str, ...]) -> str:
        for parent in reversed(parents):
            bare = _SECTION.sub("", parent) or parent
            if bare in self.vocabulary.self_words:
                return self.vocabulary.self_words[bare]
        return ""

    def _lookup(self, label: str, object_class: str) -> Concept | None:
        rows = self.vocabulary.concepts.get(label) or self.vocabulary.concepts.get(_without_brackets(label), ())
        fitting = [
            row for row in rows if (not row.sibling or row.sibling & self.found) and not row.without & self.found
        ]
        for row in fitting:
            if object_class in row.subjects:
                return row
        for row in fitting:
            if ANY in row.subjects:
                return row
        return fitting[0] if fitting else None

    def _split_party(self, label: str) -> tuple[Party | None, str]:
        for length in self.vocabulary.party_lengths:
            if length <= len(label) and (party := self.vocabulary.parties.get(label[:length])):
                return party, label[length:].lstrip("的()/:-")
        return None, ""

    def _attribute(self, label: str, party: Party) -> Concept | None:
        object_class = "自然人" if party.kind == "person" else "单位"
        for row in self.vocabulary.concepts.get(label.rstrip(")"), ()):
            if object_class in row.subjects or (row.object_class == object_class and ANY in row.subjects):
                return row
        return None

    def _bare_or_attribute(
        self, number: int, party: Party, rest: str, leaf: str, object_class: str = ""
    ) -> Decomposition:
        if party.party == "联系人" and number - self.run.organisation_at <= 6 and self.subject.object_class == "自然人":
            party = replace(party, party=self.run.organisation + "联系人")
            self.run.party = party
        made = self._of_party(party, rest, f"“{leaf}”说的是{party.party}", (), object_class)
        assert made is not None
        return made

    def _of_party(
        self, party: Party, label: str, reason: str, parents: tuple[str, ...], object_class: str = ""
    ) -> Decomposition | None:
        owner = party.object_class or object_class or self.subject.object_class
        rest = label
        own, tail = self._split_party(label)
        if own and own.party == party.party:
            rest = tail
        if not rest:
            return self._fill(
                owner, party.party + ("姓名" if party.kind == "person" else "名称"), (), "none", "text", 0.95, reason
            )
        known = self._attribute(rest, party)
        if known is None and parents:
            bare = _without_brackets(rest)
            return self._fill(owner, party.party + bare, (), "none", "text", 0.75, reason)
        if known is None:
            return None
        return self._fill(
            owner, party.party + known.property, known.qualifiers, known.temporal, known.data_type, 0.95, reason
        )

    def _without_self_word(self, label: str, object_class: str) -> tuple[str, str] | None:
        words = self.vocabulary.self_words
        for length in range(min(10, len(label) - 1), 0, -1):
            head, rest = label[:length], label[length:].lstrip("的()/")
            if not rest:
                continue
            if head in words:
                return words[head], rest
            if length >= 3 and head in self.title and rest in self.vocabulary.concepts:
                return object_class, rest
        return None

    def _from_concept(
        self, known: Concept, object_class: str, leaf: str, reason: str, confidence: float
    ) -> Decomposition:
        exact = object_class in known.subjects or ANY in known.subjects
        owner = known.object_class if exact else object_class
        return self._fill(
            owner,
            known.property,
            known.qualifiers,
            known.temporal,
            known.data_type,
            confidence if exact else 0.7,
            reason,
        )

    def _unknown(self, leaf: str, parents: tuple[str, ...], unit: str) -> Decomposition:
        self.run.party = None
        object_class = self._parent_class(parents) or self.subject.object_class
        label = _without_brackets(leaf) or leaf
        context = [
            _SECTION.sub("", parent)
            for parent in parents
            if _SECTION.sub("", parent) and _SECTION.sub("", parent) not in self.vocabulary.self_words
        ]
        is_section = all(_SECTION.search(parent) for parent in parents)
        generic = self.vocabulary.generic.fullmatch(label) is not None
        qualifiers = tuple(context) if (generic or not is_section) else ()
        if generic:
            qualifiers = (*qualifiers, self.subject.topic)
        confidence = 0.4 if generic else 0.6
        return self._fill(
            object_class, label or "（空）", qualifiers, "none", "text", confidence, f"词表里没有“{leaf}”，按原名处理"
        )

    def _fill(
        self,
        object_class: str,
        prop: str,
        qualifiers: tuple[str, ...],
        temporal: str,
        data_type: str,
        confidence: float,
        reason: str,
    ) -> Decomposition:
        if object_class in self.vocabulary.topic_always and self.subject.topic:
            qualifiers = (*qualifiers, self.subject.topic)
        return self._made("fill", object_class, prop, qualifiers, "", temporal, data_type, confidence, (reason,))

    def _made(
        self,
        role: str,
        object_class: str,
        prop: str,
        qualifiers: tuple[str, ...],
        unit: str,
        temporal: str,
        data_type: str,
        confidence: float,
        reasons: tuple[str, ...],
    ) -> Decomposition:
        return Decomposition(
            role,
            object_class,
            prop,
            tuple(sorted(set(qualifiers))),
            unit,
            temporal,
            data_type,  # type: ignore[arg-type]
            self.subject.object_class,
            confidence,
            (*reasons, self.subject.reason),
        )


def _without_brackets(label: str) -> str:
    return re.sub(r"\([^()]*\)", "", label) or label


def _unit(printed: str) -> str:
    found = unit_of(printed) if printed else None
    return found.unit if found else printed


def path_parts(path: str) -> tuple[str, ...]:
    """Return the parts of a stored path."""
    return tuple(path.split(PATH_SEPARATOR))
