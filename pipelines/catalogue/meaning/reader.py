"""Reads the fields of one form one after the other: role, party, document, known name, unknown name, in this order."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from pipelines.catalogue.meaning.headings import is_kind, narrowing, strong
from pipelines.catalogue.meaning.labels import Label
from pipelines.catalogue.meaning.making import CERTAIN, MEMBER, NUMBERS, STRIPPED
from pipelines.catalogue.meaning.parties import attribute_of, party_of_property, read_party, split_party
from pipelines.catalogue.meaning.placing import (
    contact_by_place,
    is_unit_name,
    owner_by_place,
    party_by_place,
    unit_by_place,
)
from pipelines.catalogue.meaning.qualifiers import without_above
from pipelines.catalogue.meaning.units import dimension_of
from pipelines.catalogue.meaning.unknown_names import UnknownNames
from pipelines.catalogue.meaning.vocabulary import SAME, Concept, Party
from pipelines.catalogue.meaning.wording import LONGEST_PARTY, is_mobile
from schemas.decomposition import Decomposition, FieldRole

_OWN = re.compile(r"(.{2,})(名称|编号|编码|代码)")
FIRST_COLUMNS = 2
"""Number of the last column in which a thing is still introduced by its own name or number."""

TOTALS = frozenset(("合计", "小计", "总计", "共计", "计"))
"""Columns that sum their sisters: the heading above says of what."""

COUNTABLE = frozenset(("money", "person", "household", "count", "area", "mass", "head", "machine"))
"""Dimensions that a name, a code or a date never has: a label with such a unit asks for a number."""

_SIGNERS = frozenset(("填表人", "填报人", "制表人", "总承包单位填表人"))


class FormReader(UnknownNames):
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
        self.siblings, self.parents = self.form.siblings(parents), parents
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
            or (None if is_kind(leaf, parents, self.vocabulary) else self._with_party(number, leaf))
            or self._without_self_word(number, leaf)
            or self.unknown(leaf, parents, unit, is_yes_no, path[-1].is_part)
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
        above = narrowing(strong(self.telling(parents)), made.property, self.vocabulary, is_of_heading)
        kept = without_above((*made.qualifiers, *above), self.form.qualifiers, made.property)
        narrower = tuple(heading for heading in above if heading in kept)
        if made.property in ("人数", "户数"):
            narrower += self.counted_bodies(parents)
        return replace(made, qualifiers=tuple(sorted({*made.qualifiers, *narrower}))) if narrower else made

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
                if known.data_type in NUMBERS and not owner:
                    more = narrowing(strong(self.telling(self.parents)), known.property, self.vocabulary)
                    known = replace(known, qualifiers=tuple(sorted({*known.qualifiers, *more})))
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
        for at in range(2, min(LONGEST_PARTY, len(leaf) - 2) + 1):
            head, rest = leaf[:at], leaf[at:]
            is_member = head.endswith(self.persons) and not head.startswith("与")
            known = self.lookup(rest, "自然人") if is_member else None
            if known is None or known.object_class != "自然人" or known.sibling:
                continue
            if known.property == "姓名" or known.property in self.form.positions.of_person:
                reason = f"“{head}”是登记的人，“{rest}”是其{known.property}"
                return self.from_concept(known, "自然人", reason, MEMBER)
        return None

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
