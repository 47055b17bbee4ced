"""Reads the fields of one form one after the other: role, party, document, known name, unknown name, in this order."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from pipelines.catalogue.headings import (
    bare_heading,
    class_of_headings,
    counted_of,
    document_of_headings,
    history_of_headings,
    narrowing,
    party_of_headings,
    strong,
    telling,
)
from pipelines.catalogue.indicators import indicator
from pipelines.catalogue.labels import Label
from pipelines.catalogue.parties import attribute_of, party_of_property, read_party, split_party, without_brackets
from pipelines.catalogue.placing import (
    Form,
    Run,
    contact_by_place,
    owner_by_place,
    party_by_place,
    unit_by_place,
)
from pipelines.catalogue.portions import part_of_whole
from pipelines.catalogue.qualifiers import needs_base
from pipelines.catalogue.subject import kind_of, kind_said
from pipelines.catalogue.units import dimension_of
from pipelines.catalogue.vocabulary import ANY, SAME, Concept, Party
from pipelines.catalogue.wording import asks_whether, data_type_of, is_mobile, plain, without_code, without_now
from schemas.decomposition import Decomposition, FieldRole, Temporal

CERTAIN, POSITIONED, STRIPPED, MEMBER, FITTED, NAMED, VAGUE = 0.95, 0.92, 0.9, 0.85, 0.7, 0.6, 0.4
"""How sure a reading is: by vocabulary, by place, without the subject's word, of a member, on another subject, as
printed, as printed within the form's topic. At 0.9 and above a reading counts as settled."""

_POPULATION = re.compile("人口|基本情况|社会经济|村情|概况|综合")
_OWN = re.compile(r"(.{2,})(名称|编号|编码|代码)")
FIRST_COLUMNS = 2
"""Number of the last column in which a thing is still introduced by its own name or number."""

_INHABITANTS = re.compile(r"人口|老年人|老人|居民|村民|\d岁")
_RELIEF = re.compile("救助|补助|补贴|津贴|慰问|抚慰|救济|恢复重建|救灾")
_AID = re.compile("^需|核准|救助|补助|补贴|津贴|发放|慰问|抚慰|救济")
TOTALS = frozenset(("合计", "小计", "总计", "共计", "计"))
"""Columns that sum their sisters: the heading above says of what."""

COUNTABLE = frozenset(("money", "person", "household", "count", "area", "mass", "head", "machine"))
"""Dimensions that a name, a code or a date never has: a label with such a unit asks for a number."""

_SIGNERS = frozenset(("填表人", "填报人", "制表人", "总承包单位填表人"))
_NUMBERS = frozenset(("integer", "decimal"))


class FormReader:
    """Reads one form; fields must come in the order in which they stand."""

    def __init__(self, form: Form) -> None:
        self.form, self.run = form, Run()
        self.vocabulary = form.vocabulary
        self.siblings, self.leaf = form.found, ""
        self.persons = tuple(
            word for word, name in form.vocabulary.self_words.items() if name == "自然人" and len(word) > 1
        )

    def read(self, number: int, path: tuple[Label, ...], unit: str, is_yes_no: bool = False) -> Decomposition:
        """Return the decomposition of the field at `number`; unit: canonical; is_yes_no: the form offers 是 and 否."""
        *parents_read, leaf = (part.text for part in path)
        is_total = bool(parents_read) and leaf in TOTALS
        if is_total:
            leaf = parents_read.pop()
        self.leaf = leaf
        parents = tuple(parents_read)
        self.run.enter(parents)
        self.siblings = self.form.siblings(parents)
        role, act = self._role(number, leaf)
        self.run.was_part, self.run.is_part = self.run.is_part, False
        if role in ("serial", "meta", "decor"):
            self.run.party = None
            made = self._made("填报", act, (), "none", "text", CERTAIN, f"“{leaf}”是填报行为的栏目")
            return replace(made, role=role, unit=unit)
        made = (
            self._under_history(leaf, parents)
            or self._under_party(leaf, parents)
            or self._under_document(leaf, parents)
            or self._known(number, leaf, parents, unit)
            or self._registered(leaf)
            or self._own_name(number, leaf)
            or self._with_party(number, leaf)
            or self._without_self_word(number, leaf)
            or self._unknown(leaf, parents, unit, is_yes_no, path[-1].is_part)
        )
        self.run.seen[made.property] += 1
        self.run.named |= {made.object_class} if made.property == "名称" else set()
        if made.data_type in _NUMBERS and not path[-1].is_part and not self.run.is_part:
            self.run.whole = replace(made, unit=unit)
        return replace(made, role="derived" if is_total else role, unit=unit)

    def _role(self, number: int, leaf: str) -> tuple[FieldRole, str]:
        found = self.vocabulary.exact_roles.get(leaf)
        if found is None and leaf == "编号" and number == 0 and self.form.owner == "自然人":
            found = ("serial", "序号")
        elif found is None and self.form.found & _SIGNERS and leaf == "单位":
            found = ("meta", "填报单位")
        elif found is None and self.form.found & _SIGNERS and leaf in ("单位负责人", "负责人", "总承包单位负责人"):
            found = ("meta", "单位负责人")
        elif found is None and leaf not in self.vocabulary.concepts:
            rules = self.vocabulary.regex_roles
            found = next(((role, act) for pattern, role, act in rules if pattern.search(leaf)), None)
        role, act = found or ("fill", "")
        return cast(FieldRole, role), act

    def _under_party(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        party = party_of_headings(parents, self.vocabulary)
        if party is None:
            return self._turned(leaf, parents)
        if party.party == "家庭成员" and self.form.owner == "户":
            return None
        self.run.name(party)
        reason = f"上级标题“{parents[-1]}”是{party.party}"
        own, rest = split_party(leaf, self.vocabulary)
        if own and own.party == party.party:
            leaf = rest
        elif own and (not rest or attribute_of(rest, own, self.vocabulary)):
            own = replace(own, party=party.party + own.party, object_class=party.object_class or own.object_class)
            return self._said(own, attribute_of(rest, own, self.vocabulary) if rest else None, reason)
        known = attribute_of(leaf, party, self.vocabulary) if leaf else None
        if leaf and known is None:
            owner = party.object_class or self.form.owner
            name = party.party + without_brackets(leaf)
            return self._made(owner, name, (), "none", data_type_of(leaf), FITTED, reason)
        return self._said(party, known, reason)

    def _turned(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        """Return the reading of a path that was transcribed upside down: 注册地址 › 总承包单位."""
        own = self.vocabulary.parties.get(leaf)
        if own is None or own.kind != "organisation" or not parents:
            return None
        known = attribute_of(parents[-1], own, self.vocabulary)
        person = self.vocabulary.parties.get(parents[-1])
        if known and known.property != "名称":
            return self._said(own, known, f"“{parents[-1]}”写在“{leaf}”之上")
        if person:
            party = Party(own.party + person.party, "person", own.object_class)
            return self._said(party, None, f"{leaf}的{parents[-1]}")
        return None

    def _under_history(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        """Return 家族史[父亲] for 家族史 › 父亲: under a history a person is a kind of entry, not a party."""
        history = history_of_headings(parents)
        if not history:
            return None
        self.run.party = None
        return self._made(self.form.owner, history, (leaf,), "none", "text", FITTED, f"“{leaf}”是{history}的一项")

    def _under_document(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        which = document_of_headings(parents)
        if not which:
            return None
        self.run.party = None
        reason = f"上级标题“{parents[-1]}”是一种证件"
        scope = (which, self.form.subject.topic)
        name = "证书" + leaf.removeprefix("证书")
        return self._made(self.form.owner, name, scope, "none", data_type_of(leaf), FITTED, reason)

    def _known(self, number: int, leaf: str, parents: tuple[str, ...], unit: str) -> Decomposition | None:
        shifted = self._shifted(parents)
        known = self._composed(leaf, parents)
        if known:
            return self._from_concept(
                known, self.form.owner, f"标题“{parents[-1]}”与“{leaf}”合为{known.property}", CERTAIN
            )
        owner = shifted or owner_by_place(self.form, self.run, leaf)
        known = self._lookup(leaf, owner)
        if known is None or (known.data_type not in _NUMBERS and dimension_of(unit) in COUNTABLE):
            return None
        if known.property == "名称" and self._is_another(known, owner):
            return None
        if not shifted:
            owner = unit_by_place(self.form, self.run, number, known, owner)
        party = party_by_place(self.form, self.run, number, known, owner)
        attribute = attribute_of(leaf, party, self.vocabulary) if party else None
        if party and attribute:
            self.run.party = party
            if is_mobile(leaf) and self.run.seen[party.party + attribute.property]:
                attribute = replace(attribute, qualifiers=("手机",))
            return self._said(party, attribute, f"“{leaf}”紧跟{party.party}，按位置归{party.party}")
        self.run.note(number, known, owner)
        made = self._from_concept(known, owner, f"词表：“{leaf}”即{known.property}", CERTAIN)
        named = party_of_property(known.property, self.vocabulary) or self._person_of(known.property)
        if named and not named.object_class and made.object_class != self.form.owner:
            named = replace(named, object_class=made.object_class)
        self.run.name(named)
        if made.property in self.form.positions.identity:
            return made
        narrower = narrowing(strong(telling(parents, self.form.title, self.vocabulary)), made.property, self.vocabulary)
        return replace(made, qualifiers=tuple(sorted({*made.qualifiers, *narrower}))) if narrower else made

    def _is_another(self, known: Concept, owner: str) -> bool:
        """Return whether a name is that of something else: 安置点名称 on a form that gave 水库名称 before."""
        where = owner if known.object_class == SAME else known.object_class
        return where == self.form.owner and where in self.vocabulary.topic_always and where in self.run.named

    def _shifted(self, parents: tuple[str, ...]) -> str:
        party = party_of_headings(parents, self.vocabulary)
        if party and party.party == "家庭成员" and self.form.owner == "户":
            return "自然人"
        return class_of_headings(parents, self.vocabulary)

    def _composed(self, leaf: str, parents: tuple[str, ...]) -> Concept | None:
        """Return the known name that a heading and a vague label make together: 残疾情况 › 类别 → 残疾类别."""
        if not parents or not self.vocabulary.generic.fullmatch(leaf):
            return None
        whole = bare_heading(parents[-1]) + leaf
        return self._lookup(whole, self.form.owner) if whole != leaf and whole in self.vocabulary.concepts else None

    def _with_party(self, number: int, leaf: str, owner: str = "") -> Decomposition | None:
        found = read_party(leaf, self.vocabulary)
        if found is None:
            return None
        if self.form.owner == "自然人" and self._is_registered_party(found[0], leaf):
            return None
        party = contact_by_place(self.form, self.run, number, self._as_before(found[0]))
        if owner and not party.object_class:
            party = replace(party, object_class=owner)
        self.run.name(party)
        return self._said(party, found[1], f"“{leaf}”说的是{party.party}")

    def _is_registered_party(self, party: Party, leaf: str) -> bool:
        """Return whether a person whom a label names is the one whom the roster is about by its title."""
        word = leaf.removesuffix(split_party(leaf, self.vocabulary)[1])
        return party.party in self.form.title or (len(word) > 2 and word in self.form.title)

    def _as_before(self, party: Party) -> Party:
        """Return a party as that of whom it was last named: 负责人电话 after 单位负责人 is the unit's."""
        before = self.run.last_party
        return before if before and before.party == party.party and not party.object_class else party

    def _without_self_word(self, number: int, leaf: str) -> Decomposition | None:
        for length in range(min(10, len(leaf) - 1), 0, -1):
            head, rest = leaf[:length], leaf[length:].lstrip("的()/")
            owner = self.vocabulary.self_words.get(head, "")
            if not rest or not (owner or self._is_of_title(head, rest)):
                continue
            known = self._lookup(rest, owner or self.form.owner)
            if known and not known.sibling:
                self.run.name(party_of_property(known.property, self.vocabulary))
                reason = f"“{leaf}”去掉主体词“{head}”后是“{rest}”"
                return self._from_concept(known, owner or self.form.owner, reason, STRIPPED)
            if owner and (found := self._with_party(number, rest, owner)):
                return found
        return self._of_member(leaf) if self.form.owner in ("自然人", "户") else None

    def _is_of_title(self, head: str, rest: str) -> bool:
        """Return whether a label only repeats the title before a known name: 在乡复员人员身份证号."""
        if self.form.owner in self.form.positions.areas:
            return False
        is_said = len(head) >= 3 and head in self.form.title and rest in self.vocabulary.concepts
        return is_said and not self.vocabulary.generic.fullmatch(rest)

    def _of_member(self, leaf: str) -> Decomposition | None:
        """Return an attribute said of the persons whom a roster is about by a longer name: 带动脱贫人口姓名."""
        for at in range(2, len(leaf) - 1):
            head, rest = leaf[:at], leaf[at:]
            is_member = head.endswith(self.persons) and not head.startswith("与")
            known = self._lookup(rest, "自然人") if is_member else None
            if known is None or known.object_class != "自然人" or known.sibling:
                continue
            if known.property == "姓名" or known.property in self.form.positions.of_person:
                reason = f"“{head}”是登记的人，“{rest}”是其{known.property}"
                return self._from_concept(known, "自然人", reason, MEMBER)
        return None

    def _lookup(self, label: str, owner: str) -> Concept | None:
        concepts = self.vocabulary.concepts
        rows = (
            concepts.get(label)
            or concepts.get(without_brackets(label))
            or concepts.get(without_code(label))
            or concepts.get(without_now(label), ())
        )
        fitting = [
            row
            for row in rows
            if (not row.sibling or row.sibling & self.siblings)
            and not row.without & self.siblings
            and (not row.titles or any(phrase in self.form.title for phrase in row.titles))
        ]
        for wanted in (owner, ANY):
            for row in fitting:
                if wanted in row.subjects:
                    return row
        is_vague = self.vocabulary.generic.fullmatch
        if is_vague(label):
            return None
        return next(
            (
                row
                for row in fitting
                if not row.qualifiers
                and row.data_type != "boolean"
                and not is_vague(row.property)
                and not (row.data_type in _NUMBERS and owner in self.form.positions.statistical)
            ),
            None,
        )

    def _unknown(
        self, leaf: str, parents: tuple[str, ...], unit: str, is_yes_no: bool, is_part: bool = False
    ) -> Decomposition:
        self.run.party = None
        owner = self.form.owner
        if owner not in self.form.positions.areas:
            owner = self._shifted(parents) or owner
        headings = [
            heading
            for heading in telling(parents, self.form.title, self.vocabulary)
            if heading not in self.vocabulary.parties
        ]
        label, topic = without_brackets(leaf), self.form.subject.topic
        part = part_of_whole(self.form, self.run, label, unit, is_part)
        self.run.is_part = part is not None
        counted = part or indicator(
            label, strong(headings), unit, owner in self.form.positions.statistical, self.form.qualifiers
        )
        payer = self._payer(owner, leaf)
        if counted:
            scope = counted.qualifiers
            is_share = owner not in ("自然人", "户") and needs_base(scope, self.form.qualifiers)
            is_of_all = _POPULATION.search(self.form.title) or (owner == "行政区域" and _INHABITANTS.search(leaf))
            if is_share and not is_of_all:
                scope = (*scope, *counted_of(parents, scope, topic, self.form.qualifiers))
            head, reason = counted.property, counted.reason
            return self._made(payer, head, scope, counted.temporal, counted.data_type, FITTED, reason)
        is_vague = self.vocabulary.generic.fullmatch(label) is not None
        name = plain(label, self.form.found) or "（空）"
        if is_yes_no and not asks_whether(name):
            name = "是否" + name
        if is_vague and headings and asks_whether(name):
            name, headings = name + headings[-1], headings[:-1]
            is_vague = False
        scope = (*headings, topic) if is_vague else tuple(strong(headings))
        sure = VAGUE if is_vague else NAMED
        self.run.name(self._person_of(name))
        return self._made(payer, name, scope, "none", data_type_of(name), sure, f"词表里没有“{leaf}”，按原名处理")

    def _person_of(self, prop: str) -> Party | None:
        """Return the person that a property names on a form about something or somebody else: 保管人姓名 → 保管人."""
        is_other = self.form.owner != "自然人" or not self.run.seen["姓名"]
        is_person = prop.endswith("姓名") and len(prop) > 3 and is_other
        return Party(prop.removesuffix("姓名"), "person", "") if is_person else None

    def _own_name(self, number: int, leaf: str) -> Decomposition | None:
        """Return the subject's own name or number where a first column repeats what it is: 供水工程名称, 古树编号."""
        found = _OWN.fullmatch(leaf)
        if not found or number > FIRST_COLUMNS or self.form.owner in ("自然人", "户", *self.form.positions.areas):
            return None
        kind, asked = found.groups()
        is_own = kind in self.form.subject.topic or kind in self.form.title
        known = self._lookup(asked, self.form.owner) if is_own and asked not in self.form.found else None
        if known is None or self.form.owner not in known.subjects:
            return None
        return self._from_concept(known, self.form.owner, f"“{kind}”就是这张表登记的对象", STRIPPED)

    def _registered(self, leaf: str) -> Decomposition | None:
        """Return the attribute of the person of the row, named by what brings him here: 信访人姓名, 信访人身份证号."""
        who = self.form.subject.registered
        known = self._lookup(leaf.removeprefix(who), "自然人") if who and leaf.startswith(who) and leaf != who else None
        return self._from_concept(known, "自然人", f"“{who}”是登记的人", STRIPPED) if known else None

    def _payer(self, owner: str, leaf: str) -> str:
        """Return 资金补助 for what a relief form gives to a person or household."""
        is_relief = owner in ("自然人", "户") and _RELIEF.search(self.form.title) and _AID.search(leaf)
        return "资金补助" if is_relief else owner

    def _from_concept(self, known: Concept, owner: str, reason: str, confidence: float) -> Decomposition:
        exact = owner in known.subjects or ANY in known.subjects
        where = known.object_class if exact and known.object_class != SAME else owner
        sure = confidence if exact else FITTED
        return self._made(where, known.property, known.qualifiers, known.temporal, known.data_type, sure, reason)

    def _said(self, party: Party, known: Concept | None, reason: str) -> Decomposition:
        owner = party.object_class or self.form.owner
        if known is None:
            ending = "姓名" if party.kind == "person" else "名称"
            return self._made(owner, party.party + ending, (), "none", "text", CERTAIN, reason)
        name = party.party + known.property
        return self._made(owner, name, known.qualifiers, known.temporal, known.data_type, POSITIONED, reason)

    def _kind(self, owner: str) -> str:
        """Return what kind of a thing a property is said of; a form on something else may only touch it (整改期限)."""
        topic, usual = self.form.subject.topic, self.form.positions.usual_kind.get(owner, "")
        if owner == self.form.owner or not usual:
            return topic
        said = kind_said(self.leaf, owner, self.vocabulary)
        return said or kind_of(self.form.title, owner, self.vocabulary) or usual

    def _made(
        self,
        owner: str,
        name: str,
        scope: tuple[str, ...],
        temporal: str,
        data_type: str,
        confidence: float,
        reason: str,
    ) -> Decomposition:
        if owner in self.vocabulary.topic_always:
            scope = (*scope, self._kind(owner))
        elif self.form.is_unknown and owner == self.form.owner and name in self.form.positions.of_anything:
            scope = (*scope, self.form.subject.topic)
        return Decomposition(
            role="fill",
            object_class=owner,
            property=name,
            qualifiers=tuple(sorted({value for value in scope if value})),
            unit="",
            temporal=cast(Temporal, temporal),
            data_type=data_type,
            subject=self.form.owner,
            confidence=confidence,
            reasons=(reason, self.form.subject.reason),
        )
