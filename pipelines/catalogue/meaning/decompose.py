"""Takes the fields of one form apart, in the order in which they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import cast

import polars as pl

from pipelines.catalogue.meaning.headings import party_of_headings
from pipelines.catalogue.meaning.labels import Label, clean
from pipelines.catalogue.meaning.placing import Form, names_a_person, names_a_unit, own_labels, positions
from pipelines.catalogue.meaning.qualifiers import qualifier_rules
from pipelines.catalogue.meaning.reader import COUNTABLE, FormReader
from pipelines.catalogue.meaning.repeats import tell_apart, tell_headings_apart
from pipelines.catalogue.meaning.subject import UNKNOWN, infer
from pipelines.catalogue.meaning.units import dimension_of, unit_of
from pipelines.catalogue.meaning.vocabulary import Vocabulary
from pipelines.text import squeeze
from schemas.decomposition import Decomposition, FieldRole
from schemas.faults import Finding
from schemas.faults.catalogue import LABEL_IS_TEXT, LABEL_TWICE, SUBJECT_UNKNOWN
from schemas.templates import PATH_SEPARATOR


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form as matching sees it; texts as printed."""

    path: tuple[str, ...]
    unit: str = ""
    note: str = ""
    data_type: str = ""
    role: str = ""
    options: str = ""


_YES_NO = re.compile(r"(?:选项[:：])?(?:是[/、；;]否[/、；;]?)+")
LONGEST_LABEL = 60
"""A label longer than this is a text; the longest real label of the corpus that is asked as such has 52 characters."""


def decompose_fields(fields: pl.DataFrame, vocabulary: Vocabulary) -> tuple[list[Decomposition], list[Finding]]:
    """Return the decomposition of every field, in the order given, and what is wrong with the labels.

    fields: columns of `match.FIELD_TYPES` without nulls, sorted by form_id and field_no.
    """
    made: list[Decomposition] = []
    findings: list[Finding] = []
    rows = fields.select(
        "form_id",
        "form_title",
        "layout",
        "respondent_level",
        "path",
        "unit",
        "note",
        "data_type",
        "role",
        "value_domain",
    ).iter_rows()
    for form_id, form in groupby(rows, key=itemgetter(0)):
        (_, title, layout, level, *_), *_ = listed = list(form)
        form_fields = [FormField(path_parts(path), *rest) for _, _, _, _, path, *rest in listed]
        read = decompose_form(title, layout, form_fields, vocabulary, level)
        made += read
        findings += _findings(form_id, title, form_fields, read)
    return made, findings


def _findings(
    form_id: str, title: str, fields: Sequence[FormField], read: Sequence[Decomposition]
) -> Iterator[Finding]:
    if any(UNKNOWN in part.reasons for part in read):
        yield SUBJECT_UNKNOWN.at(file=form_id, form=title or form_id)
    for field in fields:
        if len(field.path[-1]) > LONGEST_LABEL:
            yield LABEL_IS_TEXT.at(file=form_id, label=field.path[-1][:20], length=len(field.path[-1]))
    for path, count in sorted(Counter(field.path for field in fields).items()):
        if count > 1 and path[-1]:
            yield LABEL_TWICE.at(file=form_id, form=title or form_id, path=PATH_SEPARATOR.join(path), count=count)


def decompose_form(
    title: str, layout: str, fields: Sequence[FormField], vocabulary: Vocabulary, level: str = ""
) -> list[Decomposition]:
    """Return the decomposition of every field of one form, in the order given. level: who answers (个人, 户 …)."""
    paths = [tuple(clean(part) for part in field.path) or (Label(""),) for field in fields]
    leaves = [path[-1].text for path in paths]
    found = own_labels(leaves, vocabulary)
    sections: dict[tuple[str, ...], set[str]] = {}
    for path in paths:
        sections.setdefault(tuple(part.text for part in path[:-1]), set()).add(path[-1].text)
    own = [path[-1].text for path in paths if not _is_of_party(path, vocabulary)]
    counted = sum(
        dimension_of(_unit(field.unit) or path[-1].unit) in COUNTABLE
        for path, field in zip(paths, fields, strict=True)
        if not _is_of_party(path, vocabulary)
    )
    subject = infer(title, layout, own, vocabulary, counted, level)
    form = Form(
        subject=subject,
        title=clean(title).text,
        leaves=tuple(leaves),
        found=found,
        sections={parents: found & labels for parents, labels in sections.items()},
        has_unit=names_a_unit(found, vocabulary),
        names_person=bool(subject.registered) or names_a_person(found, vocabulary),
        vocabulary=vocabulary,
        qualifiers=qualifier_rules(),
        positions=positions(),
    )
    reader = FormReader(form)
    made = [_read(reader, number, path, field) for number, (path, field) in enumerate(zip(paths, fields, strict=True))]
    texts = [tuple(part.text for part in path) for path in paths]
    of_anybody = form.positions.identity | form.positions.of_person | form.positions.of_member
    return tell_headings_apart(texts, tell_apart(leaves, made), of_anybody)


def _is_of_party(path: tuple[Label, ...], vocabulary: Vocabulary) -> bool:
    return party_of_headings([part.text for part in path[:-1]], vocabulary) is not None


def _read(reader: FormReader, number: int, path: tuple[Label, ...], field: FormField) -> Decomposition:
    unit = _unit(field.unit) or next((part.unit for part in reversed(path) if part.unit), "")
    made = reader.read(number, path, unit, _YES_NO.fullmatch(squeeze(field.options or field.note)) is not None)
    if field.role in ("serial", "meta", "derived"):
        made = replace(made, role=cast(FieldRole, field.role))
    return replace(made, data_type=field.data_type) if field.data_type and made.data_type == "text" else made


def _unit(printed: str) -> str:
    found = unit_of(printed) if printed else None
    return found.unit if found else printed


def path_parts(path: str) -> tuple[str, ...]:
    """Return the parts of a stored path."""
    return tuple(path.split(PATH_SEPARATOR))
