"""Reads the fields of one form one after the other: role, party, document, known name, unknown name, in this order."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from pipelines.catalogue.meaning.headings import (
    counted_bodies,
    counted_of,
    narrowing,
    strong,
    telling,
)
from pipelines.catalogue.meaning.indicators import indicator
from pipelines.catalogue.meaning.labels import Label
from pipelines.catalogue.meaning.making import CERTAIN, FITTED, MEMBER, NAMED, NUMBERS, STRIPPED, VAGUE
from pipelines.catalogue.meaning.parties import (
    attribute_of,
    party_of_property,
    read_party,
    split_party,
    without_brackets,
)
from pipelines.catalogue.meaning.placing import (
    contact_by_place,
    is_unit_name,
    owner_by_place,
    party_by_place,
    unit_by_place,
)
from pipelines.catalogue.meaning.portions import part_of_whole
from pipelines.catalogue.meaning.qualifiers import needs_base
from pipelines.catalogue.meaning.under_headings import UnderHeadings
from pipelines.catalogue.meaning.units import dimension_of
from pipelines.catalogue.meaning.vocabulary import SAME, Concept, Party
from pipelines.catalogue.meaning.wording import asks_whether, data_type_of, is_mobile, plain, with_name
from schemas.decomposition import Decomposition, FieldRole

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

BARE_NUMBERS = frozenset(
    ("金额", "总金额", "数量", "总数", "总额", "资金", "费用", "总费用", "经费", "面积", "总面积", "人数")
)
"""Labels of numbers that do not say of what: on a form about a person or a thing, of what the form is on."""

_SIGNERS = frozenset(("填表人", "填报人", "制表人", "总承包单位填表人"))


class FormReader(UnderHeadings):
    """Reads one form; fields must come in the order in which they stand."""

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
            made = self.made("填报", act, (), "none", "text", CERTAIN, f"“{leaf}”是填报行为的栏目")
            return replace(made, role=role, unit=unit)
        made = (
            self.under_history(leaf, parents)
            or self.under_party(leaf, parents)
            or self.under_document(leaf, parents)
            or self._known(number, leaf, parents, unit)
            or self._registered(leaf)
            or self._own_name(number, leaf)
            or self._with_party(number, leaf)
            or self._without_self_word(number, leaf)
            or self._unknown(leaf, parents, unit, is_yes_no, path[-1].is_part)
        )
        self.run.seen[made.property] += 1
        self.run.named |= {made.object_class} if made.property == "名称" else set()
        if made.data_type in NUMBERS and not path[-1].is_part and not self.run.is_part:
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

    def _known(self, number: int, leaf: str, parents: tuple[str, ...], unit: str) -> Decomposition | None:
        shifted = self.shifted(parents)
        known = self.composed(leaf, parents)
        if known:
            return self.from_concept(
                known, self.form.owner, f"标题“{parents[-1]}”与“{leaf}”合为{known.property}", CERTAIN
            )
        owner = shifted or owner_by_place(self.form, self.run, leaf)
        known = self.lookup(leaf, owner)
        if known is None or (known.data_type not in NUMBERS and dimension_of(unit) in COUNTABLE):
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
            return self.said(party, attribute, f"“{leaf}”紧跟{party.party}，按位置归{party.party}")
        self.run.note(number, known, owner)
        made = self.from_concept(known, owner, f"词表：“{leaf}”即{known.property}", CERTAIN)
        named = party_of_property(known.property, self.vocabulary) or self.person_of(known.property)
        if named and not named.object_class and made.object_class != self.form.owner:
            named = replace(named, object_class=made.object_class)
        self.run.name(named)
        if made.property in self.form.positions.identity:
            return made
        is_of_heading = made.property in self.form.positions.of_heading
        narrower = narrowing(strong(self._telling(parents)), made.property, self.vocabulary, is_of_heading)
        if made.property == "人数":
            narrower += counted_bodies(parents, self.form.title, self.form.qualifiers)
        return replace(made, qualifiers=tuple(sorted({*made.qualifiers, *narrower}))) if narrower else made

    def _telling(self, parents: tuple[str, ...]) -> list[str]:
        return telling(parents, self.form.title, self.vocabulary, self.form.positions.plain)

    def _is_another(self, known: Concept, owner: str) -> bool:
        """Return whether a name is that of something else: 安置点名称 on a form that gave 水库名称 before."""
        where = owner if known.object_class == SAME else known.object_class
        return where == self.form.owner and where in self.vocabulary.topic_always and where in self.run.named

    def _with_party(self, number: int, leaf: str, owner: str = "") -> Decomposition | None:
        found = read_party(leaf, self.vocabulary)
        if found is None or (owner and found[0].object_class not in ("", owner)):
            return None
        if self.form.owner == "自然人" and self._is_registered_party(found[0], leaf):
            return None
        party = contact_by_place(self.form, self.run, number, self._as_before(found[0]))
        if owner and not party.object_class:
            party = replace(party, object_class=owner)
        self.run.name(party)
        return self.said(party, found[1], f"“{leaf}”说的是{party.party}")

    def _is_registered_party(self, party: Party, leaf: str) -> bool:
        """Return whether a person whom a label names is the one whom the roster is about by its title."""
        word = leaf.removesuffix(split_party(leaf, self.vocabulary)[1])
        return party.party in self.form.title or (len(word) > 2 and word in self.form.title)

    def _as_before(self, party: Party) -> Party:
        """Return a party as that of whom it was last named: 负责人电话 after 单位负责人 is the unit's."""
        before = self.run.last_party
        is_before = before is not None and before.party.endswith(party.party) and not party.object_class
        return before if before and is_before else party

    def _without_self_word(self, number: int, leaf: str) -> Decomposition | None:
        if any(row.without & self.siblings for row in self.vocabulary.concepts.get(leaf, ())):
            return None
        for length in range(min(10, len(leaf) - 1), 0, -1):
            head, rest = leaf[:length], leaf[length:].lstrip("的()/")
            owner = self.vocabulary.self_words.get(head, "") or self.class_of_kind(head)
            if not rest or not (owner or self._is_of_title(head, rest)):
                continue
            known = self.lookup(rest, owner or self.form.owner)
            if known and not self.is_asked_of(known, owner, head):
                continue
            if owner == "事件" != self.form.owner and self.vocabulary.generic.fullmatch(rest):
                continue  # 案件类别 of somebody is his, not that of an event
            if known and self.form.owner == "事件" and owner == "自然人":
                return self.said(Party(head, "person", ""), known, f"“{head}”是这件事的一方")
            if known and not known.sibling:
                self.run.name(party_of_property(known.property, self.vocabulary))
                reason = f"“{leaf}”去掉主体词“{head}”后是“{rest}”"
                return self.from_concept(known, owner or self.form.owner, reason, STRIPPED)
            if owner and (found := self._with_party(number, rest, owner)):
                return found
        return self._of_member(leaf) if self.form.owner in ("自然人", "户") else None

    def _is_of_title(self, head: str, rest: str) -> bool:
        """Return whether a label only repeats the title before a known name: 在乡复员人员身份证号."""
        if self.form.owner in self.form.positions.areas:
            return False
        is_clear = len(rest) > 2 or rest not in ("账号", "卡号", "账户")
        is_said = len(head) >= 3 and is_clear and head in self.form.title and rest in self.vocabulary.concepts
        return is_said and not self.vocabulary.generic.fullmatch(rest)

    def _of_member(self, leaf: str) -> Decomposition | None:
        """Return an attribute said of the persons whom a roster is about by a longer name: 带动脱贫人口姓名."""
        for at in range(2, len(leaf) - 1):
            head, rest = leaf[:at], leaf[at:]
            is_member = head.endswith(self.persons) and not head.startswith("与")
            known = self.lookup(rest, "自然人") if is_member else None
            if known is None or known.object_class != "自然人" or known.sibling:
                continue
            if known.property == "姓名" or known.property in self.form.positions.of_person:
                reason = f"“{head}”是登记的人，“{rest}”是其{known.property}"
                return self.from_concept(known, "自然人", reason, MEMBER)
        return None

    def _unknown(
        self, leaf: str, parents: tuple[str, ...], unit: str, is_yes_no: bool, is_part: bool = False
    ) -> Decomposition:
        self.run.party = None
        owner = self.form.owner
        if owner not in self.form.positions.areas:
            owner = self.shifted(parents) or owner
        headings = [heading for heading in self._telling(parents) if heading not in self.vocabulary.parties]
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
            if not scope and owner not in self.form.positions.areas and label in BARE_NUMBERS:
                scope = (topic,)
            head, reason = counted.property, counted.reason
            return self.made(payer, head, scope, counted.temporal, counted.data_type, FITTED, reason)
        is_vague = self.vocabulary.generic.fullmatch(label) is not None
        name = self._named(owner, label) or "（空）"
        if is_yes_no and not asks_whether(name) and "是否" not in name:
            name = "是否" + name
        if is_vague and headings and asks_whether(name):
            name, headings = name + headings[-1], headings[:-1]
            is_vague = False
        is_thing = owner in self.form.positions.areas and label in self.form.qualifiers.named
        scope = (*headings, topic) if is_vague or is_thing else tuple(strong(headings))
        sure = VAGUE if is_vague else NAMED
        self.run.name(self.person_of(name))
        return self.made(payer, name, scope, "none", data_type_of(name), sure, f"词表里没有“{leaf}”，按原名处理")

    def _named(self, owner: str, label: str) -> str:
        """Return the name of an unknown property: in the standard words, without the kind of thing it is asked of."""
        name = with_name(plain(label, self.form.found))
        for length in range(len(name) - 2, 1, -1):
            if owner == self.form.owner and self.class_of_kind(name[:length]):
                rest = name[length:].lstrip("的")
                return name if rest in self.form.found else rest
        return name

    def person_of(self, prop: str) -> Party | None:
        """Return the person that a property names on a form about something or somebody else: 保管人姓名 → 保管人."""
        is_other = self.form.owner != "自然人" or not self.run.seen["姓名"]
        is_person = prop.endswith("姓名") and len(prop) > 3 and is_other
        return Party(prop.removesuffix("姓名"), "person", "") if is_person else None

    def _own_name(self, number: int, leaf: str) -> Decomposition | None:
        """Return the subject's own name or number where a first column repeats what it is: 供水工程名称, 古树编号."""
        is_unit = number < FIRST_COLUMNS and leaf not in self.vocabulary.parties and is_unit_name(leaf, self.vocabulary)
        if is_unit and self.form.owner in ("单位", *self.form.positions.carried):
            known = self.lookup("单位名称", "单位")
            if known:
                self.run.note(number, known, self.form.owner)
                return self.from_concept(known, "单位", f"“{leaf}”是被登记、被检查单位的名称", STRIPPED)
        found = _OWN.fullmatch(leaf)
        if not found or number > FIRST_COLUMNS or self.form.owner in ("自然人", "户", *self.form.positions.areas):
            return None
        kind, asked = found.groups()
        is_own = kind in self.form.subject.topic or kind in self.form.title
        known = self.lookup(asked, self.form.owner) if is_own and asked not in self.form.found else None
        if known is None or self.form.owner not in known.subjects:
            return None
        return self.from_concept(known, self.form.owner, f"“{kind}”就是这张表登记的对象", STRIPPED)

    def _registered(self, leaf: str) -> Decomposition | None:
        """Return the attribute of the person of the row, named by what brings him here: 信访人姓名, 信访人身份证号."""
        who = self.form.subject.registered
        known = self.lookup(leaf.removeprefix(who), "自然人") if who and leaf.startswith(who) and leaf != who else None
        return self.from_concept(known, "自然人", f"“{who}”是登记的人", STRIPPED) if known else None

    def _payer(self, owner: str, leaf: str) -> str:
        """Return 资金补助 for what a relief form gives to a person or household."""
        is_relief = owner in ("自然人", "户") and _RELIEF.search(self.form.title) and _AID.search(leaf)
        return "资金补助" if is_relief else owner
