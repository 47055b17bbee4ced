"""Reads a field by the headings above it: a party, a history, a document, or the other half of its name."""

from __future__ import annotations

from dataclasses import replace

from pipelines.catalogue.meaning.headings import (
    bare_heading,
    class_of_headings,
    document_of_headings,
    history_of_headings,
    party_of_headings,
)
from pipelines.catalogue.meaning.indicators import has_head
from pipelines.catalogue.meaning.making import FITTED, Maker
from pipelines.catalogue.meaning.parties import attribute_of, split_party, without_brackets
from pipelines.catalogue.meaning.vocabulary import Concept, Party
from pipelines.catalogue.meaning.wording import data_type_of
from schemas.decomposition import Decomposition

INHABITANTS = frozenset(("自然人", "户"))
"""A section of an area's form that names them (人口情况) counts them."""


class UnderHeadings(Maker):
    """The readings that the headings decide."""

    def under_party(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        """Return the reading of a label under a heading that names a person or an organisation: 监护人 › 身份证号."""
        party = party_of_headings(parents, self.vocabulary)
        if party is None:
            return self._turned(leaf, parents)
        if party.party == "家庭成员" and self.form.owner == "户":
            return None
        is_counted = self.form.owner in self.form.positions.statistical and has_head(leaf)
        if is_counted and attribute_of(leaf, party, self.vocabulary) is None:
            return None  # 村民小组长情况 › 党员人数 counts them
        self.run.name(party)
        reason = f"上级标题“{parents[-1]}”是{party.party}"
        own, rest = split_party(leaf, self.vocabulary)
        if own and own.party == party.party:
            leaf = rest
        elif own and (not rest or attribute_of(rest, own, self.vocabulary)):
            own = replace(own, party=party.party + own.party, object_class=party.object_class or own.object_class)
            return self.said(own, attribute_of(rest, own, self.vocabulary) if rest else None, reason)
        known = attribute_of(leaf, party, self.vocabulary) if leaf else None
        if leaf and known is None:
            owner = party.object_class or self.form.owner
            name = party.party + without_brackets(leaf)
            return self.made(owner, name, (), "none", data_type_of(leaf), FITTED, reason)
        return self.said(party, known, reason)

    def _turned(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        """Return the reading of a path that was transcribed upside down: 注册地址 › 总承包单位."""
        own = self.vocabulary.parties.get(leaf)
        if own is None or own.kind != "organisation" or not parents:
            return None
        known = attribute_of(parents[-1], own, self.vocabulary)
        person = self.vocabulary.parties.get(parents[-1])
        if known and known.property != "名称":
            return self.said(own, known, f"“{parents[-1]}”写在“{leaf}”之上")
        if person:
            party = Party(own.party + person.party, "person", own.object_class)
            return self.said(party, None, f"{leaf}的{parents[-1]}")
        return None

    def under_history(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        """Return 家族史[父亲] for 家族史 › 父亲: under a history a person is a kind of entry, not a party."""
        history = history_of_headings(parents)
        if not history:
            return None
        self.run.party = None
        return self.made(self.form.owner, history, (leaf,), "none", "text", FITTED, f"“{leaf}”是{history}的一项")

    def under_document(self, leaf: str, parents: tuple[str, ...]) -> Decomposition | None:
        """Return the reading of a label under a heading that names a document: 现持证书 › 编号."""
        which = document_of_headings(parents)
        if not which:
            return None
        self.run.party = None
        reason = f"上级标题“{parents[-1]}”是一种证件"
        scope = (which, self.form.subject.topic)
        name = "证书" + leaf.removeprefix("证书")
        return self.made(self.form.owner, name, scope, "none", data_type_of(leaf), FITTED, reason)

    def shifted(self, parents: tuple[str, ...]) -> str:
        """Return the object class that the headings name instead of the form's, "" when they name none."""
        party = party_of_headings(parents, self.vocabulary)
        if party and party.party == "家庭成员" and self.form.owner == "户":
            return "自然人"
        found = class_of_headings(parents, self.vocabulary)
        is_part = self.form.owner in self.form.positions.areas and found in INHABITANTS
        return "" if is_part else found

    def composed(self, leaf: str, parents: tuple[str, ...]) -> Concept | None:
        """Return the known name that a heading and a vague label make together: 残疾情况 › 类别 → 残疾类别."""
        if not parents or not self.vocabulary.generic.fullmatch(leaf):
            return None
        whole = bare_heading(parents[-1]) + leaf
        return self.lookup(whole, self.form.owner) if whole != leaf and whole in self.vocabulary.concepts else None
