"""What every way of reading a field needs: look a name up, and say whose property it is."""

from __future__ import annotations

from typing import cast

from pipelines.catalogue.meaning.parties import without_brackets
from pipelines.catalogue.meaning.placing import Form, Run
from pipelines.catalogue.meaning.subject import kind_of, kind_said, kinds_named
from pipelines.catalogue.meaning.vocabulary import ANY, SAME, Concept, Party
from pipelines.catalogue.meaning.wording import other_endings, without_code, without_now
from schemas.decomposition import Decomposition, Temporal

CERTAIN, POSITIONED, STRIPPED, MEMBER, FITTED, NAMED, VAGUE = 0.95, 0.92, 0.9, 0.85, 0.7, 0.6, 0.4
"""How sure a reading is: by vocabulary, by place, without the subject's word, of a member, on another subject, as
printed, as printed within the form's topic. At 0.9 and above a reading counts as settled."""

NUMBERS = frozenset(("integer", "decimal"))
"""Data types of which a value is a number."""


class Maker:
    """One form, what was read of it so far, and the vocabulary; makes the decompositions."""

    def __init__(self, form: Form) -> None:
        self.form, self.run = form, Run()
        self.vocabulary = form.vocabulary
        self.siblings, self.leaf = form.found, ""
        self.parents: tuple[str, ...] = ()
        self.persons = tuple(
            word for word, name in form.vocabulary.self_words.items() if name == "自然人" and len(word) > 1
        )

    def lookup(self, label: str, owner: str) -> Concept | None:
        """Return what the vocabulary knows a label as on this form, said of `owner`; None when it is unsure."""
        fitting = [
            row
            for row in self._rows(label, owner)
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
        of_anything = self.form.positions.of_anything
        of_unit = next((row for row in fitting if "单位" in row.subjects and row.property not in of_anything), None)
        if of_unit and self.form.has_unit and owner == self.form.owner and owner in self.form.positions.carried:
            return of_unit
        return next(
            (
                row
                for row in fitting
                if not row.qualifiers
                and row.data_type != "boolean"
                and not is_vague(row.property)
                and not (row.data_type in NUMBERS and owner in self.form.positions.statistical)
            ),
            None,
        )

    def _rows(self, label: str, owner: str) -> tuple[Concept, ...]:
        """Return what the vocabulary has of a label, or of the same label written a little differently.

        With another ending only what is known of `owner`: a road's 行政等级 is no 行政级别 of an official.
        """
        concepts = self.vocabulary.concepts
        found = concepts.get(label) or concepts.get(without_brackets(label))
        if found:
            return found
        of_code = tuple(row for row in concepts.get(without_code(label), ()) if row.property != "名称")
        if of_code:
            return of_code
        found = concepts.get(without_now(label))
        if found:
            return found
        for other in other_endings(without_brackets(label)):
            of_owner = tuple(
                row for row in concepts.get(other, ()) if owner in row.subjects or row.object_class in (owner, SAME)
            )
            if of_owner:
                return of_owner
        return ()

    def from_concept(self, known: Concept, owner: str, reason: str, confidence: float) -> Decomposition:
        """Return the decomposition of a known name said of `owner`; less sure when it is known of others only."""
        exact = owner in known.subjects or ANY in known.subjects
        of_unit = not exact and self._is_of_named_unit(known, owner)
        where = known.object_class if exact and known.object_class != SAME else "单位" if of_unit else owner
        sure = confidence if exact or of_unit else FITTED
        return self.made(where, known.property, known.qualifiers, known.temporal, known.data_type, sure, reason)

    def _is_of_named_unit(self, known: Concept, owner: str) -> bool:
        """Return whether what is asked of units only is that of the unit that a form on a hazard, a project … names."""
        is_form = self.form.has_unit and owner == self.form.owner and owner in self.form.positions.carried
        is_asked = known.object_class == "单位" or (known.object_class == SAME and "单位" in known.subjects)
        return is_form and is_asked and known.property not in self.form.positions.of_anything

    def is_asked_of(self, known: Concept, owner: str, head: str) -> bool:
        """Return whether a name is asked of the class that the word before it names: not the 单位名称 of a 党组织.

        A number of what lies in an area (学校占地面积) is the area's.
        """
        areas = self.form.positions.areas
        if known.data_type in NUMBERS and (head in self.form.qualifiers.values or (owner and self.form.owner in areas)):
            return not owner or (head not in self.form.qualifiers.values and owner in areas)
        return not owner or known.object_class in (owner, SAME) or owner in known.subjects

    def said(self, party: Party, known: Concept | None, reason: str) -> Decomposition:
        """Return what is asked of a party (None: its name)."""
        owner = party.object_class or self.form.owner
        if known is None:
            ending = "姓名" if party.kind == "person" else "名称"
            return self.made(owner, party.party + ending, (), "none", "text", CERTAIN, reason)
        name = party.party + known.property
        return self.made(owner, name, known.qualifiers, known.temporal, known.data_type, POSITIONED, reason)

    def _kind(self, owner: str) -> str:
        """Return what kind of a thing a property is said of; a form on something else may only touch it (整改期限)."""
        topic, usual = self.form.subject.topic, self.form.positions.usual_kind.get(owner, "")
        if owner == self.form.owner:
            return topic
        said = kind_said(self.leaf, owner, self.vocabulary)
        return said or kind_of(self.form.title, owner, self.vocabulary) or usual or topic

    def _may_be_of_anything(self, name: str) -> bool:
        """Return whether a name (名称) or its wording (登记日期) does not tell what it is asked of."""
        return name in self.form.positions.of_anything or self.vocabulary.generic.fullmatch(self.leaf) is not None

    def class_of_kind(self, phrase: str) -> str:
        """Return the form's object class when a phrase names the very kind of thing that the form is about, else ""."""
        owner, topic = self.form.owner, self.form.subject.topic
        if owner not in self.vocabulary.topic_always or not topic:
            return ""
        return owner if (phrase, owner, topic) in kinds_named(self.vocabulary) else ""

    def made(
        self,
        owner: str,
        name: str,
        scope: tuple[str, ...],
        temporal: str,
        data_type: str,
        confidence: float,
        reason: str,
    ) -> Decomposition:
        """Return a decomposition to fill; things of one class but of different kinds get their kind as qualifier."""
        if owner in self.vocabulary.topic_always:
            scope = (*scope, self._kind(owner))
        elif self.form.is_unknown and owner == self.form.owner and self._may_be_of_anything(name):
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
