"""Names that no vocabulary knows: numbers by their head, everything else by its own words and the headings above it."""

from __future__ import annotations

import re

from pipelines.catalogue.meaning.headings import counted_bodies, counted_of, is_kind, strong, telling
from pipelines.catalogue.meaning.indicators import indicator
from pipelines.catalogue.meaning.making import FITTED, NAMED, VAGUE
from pipelines.catalogue.meaning.parties import without_brackets
from pipelines.catalogue.meaning.portions import part_of_whole
from pipelines.catalogue.meaning.qualifiers import names_who, needs_base
from pipelines.catalogue.meaning.under_headings import UnderHeadings
from pipelines.catalogue.meaning.vocabulary import Party
from pipelines.catalogue.meaning.wording import asks_whether, data_type_of, plain, with_name
from schemas.decomposition import Decomposition

_POPULATION = re.compile("人口|基本情况|社会经济|村情|概况|综合")
_INHABITANTS = re.compile(r"人口|老年人|老人|居民|村民|\d岁")
_PRODUCE = re.compile("(?:面积|产量|存栏|出栏|(?:生产|种植|养殖)情况)")
"""Titles of forms whose rows are crops and animals without a unit: what is asked of them, only the title says."""

_OF_PERSONS = ("人数", "户数")
_RELIEF = re.compile("救助|补助|补贴|津贴|慰问|抚慰|救济|恢复重建|救灾")
_AID = re.compile("^需|核准|救助|补助|补贴|津贴|发放|慰问|抚慰|救济")
BARE_NUMBERS = frozenset(
    ("金额", "总金额", "数量", "总数", "总额", "资金", "费用", "总费用", "经费", "面积", "总面积", "人数")
)
"""Labels of numbers that do not say of what: on a form about a person or a thing, of what the form is on."""


class UnknownNames(UnderHeadings):
    """What a reader of one form says of a label that it has to take at its word."""

    def telling(self, parents: tuple[str, ...]) -> list[str]:
        """Return the headings that say something about what stands under them."""
        return telling(parents, self.form.title, self.vocabulary, self.form.positions.plain)

    def counted_bodies(self, parents: tuple[str, ...]) -> tuple[str, ...]:
        """Return whom the heading says that a number of persons or households counts."""
        return counted_bodies(parents, self.form.title, self.form.qualifiers, self.vocabulary.self_words)

    def unknown(
        self, leaf: str, parents: tuple[str, ...], unit: str, is_yes_no: bool, is_part: bool = False
    ) -> Decomposition:
        """Return the decomposition of a label that nothing else explains; headings and the form's topic narrow it."""
        self.run.party = None
        owner = self.form.owner
        if owner not in self.form.positions.areas:
            owner = self.shifted(parents) or owner
        headings = [heading for heading in self.telling(parents) if heading not in self.vocabulary.parties]
        label, topic = without_brackets(leaf), self.form.subject.topic
        part = part_of_whole(self.form, self.run, label, unit, is_part)
        self.run.is_part = part is not None
        counted = part or indicator(
            label, strong(headings), unit, owner in self.form.positions.statistical, self.form.qualifiers
        )
        payer = self._payer(owner, leaf)
        if counted:
            scope = counted.qualifiers
            if owner in self.form.positions.statistical and counted.property in _OF_PERSONS and not names_who(scope):
                scope = (*scope, *self.counted_bodies(parents))
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
        is_thing = label in self.form.qualifiers.named or _PRODUCE.search(self.form.title) is not None
        is_noun = data_type_of(name) == "text" and not name.endswith(("量", "率", "数", "额", "值"))
        is_thing = is_thing and is_noun and owner in self.form.positions.areas
        narrow = headings if is_kind(leaf, parents, self.vocabulary) else strong(headings)
        scope = (*headings, topic) if is_vague or is_thing else tuple(narrow)
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

    def _payer(self, owner: str, leaf: str) -> str:
        """Return 资金补助 for what a relief form gives to a person or household."""
        is_relief = owner in ("自然人", "户") and _RELIEF.search(self.form.title) and _AID.search(leaf)
        return "资金补助" if is_relief else owner
