"""Whose a bare attribute is, by its place: 联系电话 right after 法定代表人 is the representative's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pipelines.catalogue.meaning.parties import split_party
from pipelines.catalogue.meaning.qualifiers import QualifierRules
from pipelines.catalogue.meaning.subject import UNKNOWN, Subject, kind_said
from pipelines.catalogue.meaning.vocabulary import ANY, Concept, Party, Vocabulary
from pipelines.catalogue.meaning.wording import is_mobile
from pipelines.rulebook import settings
from schemas.decomposition import Decomposition

NEAR = 6
"""Fields after an organisation within which its 联系人 may stand (城市低保 card: 单位名称 … 联系人, five fields on)."""

SPOUSES = frozenset(("配偶", "丈夫", "妻子"))
"""A telephone after a spouse's name is the person's own when that was not asked yet (孕产妇台账)."""

HEAD_NAMES = frozenset(("户主姓名", "户主", "户主名称"))

ROLES = frozenset(("单位", "机构", "公司", "企业", "法人"))
"""Words for a unit that also end what a label calls a role (管理单位名称)."""

LEADERS = frozenset(("负责人", "主要负责人"))
"""Persons who are a unit's when they stand after its name."""

RIGHT_AFTER = 2
"""Fields after a unit's name within which an address is the unit's."""


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """The sets of `rules/catalogue_positions.toml`."""

    of_person: frozenset[str]
    of_organisation: frozenset[str]
    of_member: frozenset[str]
    of_named_unit: frozenset[str]
    identity: frozenset[str]
    statistical: frozenset[str]
    areas: frozenset[str]
    carried: frozenset[str]
    of_anything: frozenset[str]
    plain: frozenset[str]
    of_heading: frozenset[str]
    usual_kind: Mapping[str, str]


@lru_cache(maxsize=8)
def positions(own: Path | None = None) -> Positions:
    """Return the rules of places."""
    table = settings("catalogue_positions", own)
    sets = {
        name: frozenset(values)
        for part in ("properties", "subjects", "headings")
        for name, values in table[part].items()
    }
    return Positions(**sets, usual_kind=dict(table["kinds"]))


@dataclass(frozen=True, slots=True)
class Form:
    """What is the same for all fields of a form.

    names_person: it asks who the person of a row is; else a number after somebody's name is his.
    leaves: cleaned labels in order; found: those that can be siblings of others;
    sections: the same by the headings above."""

    subject: Subject
    title: str
    leaves: tuple[str, ...]
    found: frozenset[str]
    sections: Mapping[tuple[str, ...], frozenset[str]]
    has_unit: bool
    names_person: bool
    vocabulary: Vocabulary
    qualifiers: QualifierRules
    positions: Positions

    def siblings(self, parents: tuple[str, ...]) -> frozenset[str]:
        """Return the labels that stand with one under these headings: the section's own and those under none."""
        return self.sections.get(parents, self.found) | self.sections.get((), frozenset()) if parents else self.found

    @property
    def is_unknown(self) -> bool:
        """Return whether nothing said what the form is about, and it names no unit either."""
        return self.subject.reason == UNKNOWN and not self.has_unit

    @property
    def owner(self) -> str:
        """Return the object class that the form is about."""
        return self.subject.object_class


@dataclass(slots=True)
class Run:
    """What was read so far.

    party: whose attributes follow; last_party: the last one named; *_at: field numbers; whole: the last number that was
    not said to be a part (其中); is_part, was_part: whether this field, and the one before, was read as a part;
    named: object classes whose name was asked.
    """

    party: Party | None = None
    last_party: Party | None = None
    organisation: str = ""
    organisation_at: int = -99
    unit_at: int = -99
    is_person: bool = False
    whole: Decomposition | None = None
    is_part: bool = False
    was_part: bool = False
    named: set[str] = field(default_factory=set)
    parents: tuple[str, ...] = ()
    seen: Counter[str] = field(default_factory=Counter)

    def enter(self, parents: tuple[str, ...]) -> None:
        """Note the headings of the next field; under another heading nobody's attributes go on."""
        if parents and self.parents and parents != self.parents:
            self.party, self.is_person, self.whole = None, False, None
        self.parents = parents

    def name(self, party: Party | None) -> None:
        """Note the party (or None) that the field just read names."""
        self.party = party
        self.last_party = party or self.last_party

    def note(self, number: int, known: Concept, owner: str) -> None:
        """Note what a field of the subject itself says about the fields that follow."""
        self.is_person = owner == "自然人" or (known.object_class, known.property) == ("自然人", "姓名")
        if owner == "自然人" and known.property == "联系电话":
            self.organisation_at = -99  # a contact named after the person's own telephone is the person's
        if known.object_class == "单位" and known.property == "名称":
            self.unit_at = number
        if owner == "自然人" and known.property in ("工作单位名称", "就读学校名称") and not known.qualifiers:
            self.organisation, self.organisation_at = known.property.removesuffix("名称"), number


def owner_by_place(form: Form, run: Run, leaf: str) -> str:
    """Return 自然人 for a member's label on a household form, or right after a name on another; else the subject."""
    if form.owner == "自然人":
        return form.owner
    personal = {row.property for row in form.vocabulary.concepts.get(leaf, ()) if row.object_class == "自然人"}
    if form.owner == "户":
        return "自然人" if "姓名" in form.found and personal & form.positions.of_member else form.owner
    follows = run.is_person and personal & (form.positions.of_person | form.positions.of_member)
    return "自然人" if follows else form.owner


def unit_by_place(form: Form, run: Run, number: int, known: Concept, owner: str) -> str:
    """Return 单位 when a contact or address field of a hazard, a project … is that of the unit the form names."""
    if owner not in form.positions.carried or not form.has_unit:
        return owner
    said = kind_said(form.leaves[number], owner, form.vocabulary)
    is_address = known.property in ("地址", "现住址") and 0 <= number - run.unit_at <= RIGHT_AFTER and not said
    return "单位" if is_address or known.property in form.positions.of_named_unit else owner


def party_by_place(form: Form, run: Run, number: int, known: Concept, owner: str) -> Party | None:
    """Return the party of which a bare attribute is said, by its place; None when it is the subject's own."""
    prop, leaf = known.property, form.leaves[number]
    if known.qualifiers and prop != "联系电话":
        return None
    if run.party and run.party.kind == "organisation":
        return run.party if prop in form.positions.of_organisation and form.owner != "自然人" else None
    if prop not in form.positions.of_person:
        return None
    if form.owner == "户" and prop == "联系电话" and run.party is not None and run.party.party == "户主":
        return None
    head = _head_of_household(form, run, prop)
    if head:
        return head
    if run.party and run.party.party in SPOUSES and prop == "联系电话" and not run.seen[prop] and owner == "自然人":
        return None
    is_free = run.party is not None and (not run.seen[run.party.party + prop] or is_mobile(leaf))
    contact = _contact_ahead(form, number) if prop == "联系电话" else None
    if owner != "自然人":
        return run.party if is_free else contact
    if run.party and prop == "与本人关系" and run.party.kind == "person":
        return run.party
    if run.party and run.seen[run.party.party + prop] and not run.seen[prop]:
        return None
    if is_free and (run.seen[prop] or prop == "联系电话" or not form.names_person):
        return run.party
    if contact and number - run.organisation_at <= NEAR:
        return replace(contact, party=run.organisation + "联系人")
    return run.last_party if run.seen[prop] and prop == "公民身份号码" else None


def contact_by_place(form: Form, run: Run, number: int, party: Party) -> Party:
    """Return a 联系人 as the contact of the organisation named shortly before, or of the unit that the form names.

    So is a 负责人 who stands shortly after the unit's name on a form about a hazard, an inspection …
    """
    is_carried = form.owner in form.positions.carried and form.has_unit and not party.object_class
    if party.party in LEADERS and is_carried and 0 <= number - run.unit_at <= NEAR:
        return replace(party, object_class="单位")
    if party.party != "联系人":
        return party
    if form.owner == "自然人" and number - run.organisation_at <= NEAR:
        return replace(party, party=run.organisation + "联系人")
    return replace(party, object_class="单位") if form.owner in form.positions.carried and form.has_unit else party


def own_labels(leaves: Sequence[str], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the labels that can be siblings of another: not a telephone that stands right after another person."""
    return frozenset(
        leaf
        for number, leaf in enumerate(leaves)
        if not (number and _follows_person(leaves[number - 1], leaf, vocabulary))
    )


def _follows_person(before: str, leaf: str, vocabulary: Vocabulary) -> bool:
    party, rest = split_party(before, vocabulary)
    is_telephone = any(row.property == "联系电话" for row in vocabulary.concepts.get(leaf, ()))
    return is_telephone and party is not None and party.kind == "person" and rest in ("", "姓名")


def names_a_unit(leaves: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Return whether a form asks for the name of a unit by a label that means nothing else."""
    return any(
        row.object_class == "单位" and row.property == "名称" and ANY in row.subjects
        for leaf in leaves
        for row in vocabulary.concepts.get(leaf, ())
    ) or any(is_unit_name(leaf, vocabulary) for leaf in leaves)


def names_a_person(leaves: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Return whether a form asks for the name of the person whom a row is about."""
    return any(
        row.property == "姓名" and row.object_class == "自然人"
        for leaf in leaves
        for row in vocabulary.concepts.get(leaf, ())
    )


def is_unit_name(leaf: str, vocabulary: Vocabulary) -> bool:
    """Return whether a label asks for the name of a unit by what kind of unit it is: 宗教场所名称, 沿街商铺名称.

    Not where the label may say a role that a unit has: 管理单位名称, 送检机构名称.
    """
    kind = leaf.removesuffix("名称")
    if kind == leaf:
        return False
    if vocabulary.self_words.get(kind) == "单位" or (kind.endswith("权人") and kind not in vocabulary.parties):
        return True
    ends = (kind[at:] for at in range(1, len(kind) - 1))
    return any(vocabulary.self_words.get(end) == "单位" and end not in ROLES for end in ends)


def _head_of_household(form: Form, run: Run, prop: str) -> Party | None:
    """Return 户主 for a bare identity number in a section of a household form that names the head and nobody else."""
    here = form.siblings(run.parents)
    is_head = form.owner == "户" and prop == "公民身份号码" and "姓名" not in here and here & HEAD_NAMES
    return form.vocabulary.parties.get("户主") if is_head and not run.seen["户主" + prop] else None


def _contact_ahead(form: Form, number: int) -> Party | None:
    following = form.leaves[number + 1] if number + 1 < len(form.leaves) else ""
    party = form.vocabulary.parties.get(following)
    return party if party and party.party == "联系人" else None
