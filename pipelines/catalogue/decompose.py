"""Takes the fields of one form apart, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.catalogue.labels import Label, clean
from pipelines.catalogue.reader import FormReader
from pipelines.catalogue.subject import infer
from pipelines.catalogue.units import unit_of
from pipelines.catalogue.vocabulary import Vocabulary
from schemas.decomposition import Decomposition
from schemas.templates import PATH_SEPARATOR


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form as matching sees it; texts as printed."""

    path: tuple[str, ...]
    unit: str = ""
    note: str = ""
    data_type: str = ""
    role: str = ""


def decompose_form(
    title: str, level: str, layout: str, fields: Sequence[FormField], vocabulary: Vocabulary
) -> list[Decomposition]:
    """Return the decomposition of every field of one form, in the order given."""
    paths = [tuple(clean(part) for part in field.path) or (Label(""),) for field in fields]
    leaves = [path[-1].text for path in paths]
    reader = FormReader(infer(title, level, layout, leaves, vocabulary), vocabulary, leaves, clean(title).text)
    return [
        reader.read(number, path, _unit(field.unit) or next((part.unit for part in reversed(path) if part.unit), ""))
        for number, (path, field) in enumerate(zip(paths, fields, strict=True))
    ]


def _unit(printed: str) -> str:
    found = unit_of(printed) if printed else None
    return found.unit if found else printed


def path_parts(path: str) -> tuple[str, ...]:
    """Return the parts of a stored path."""
    return tuple(path.split(PATH_SEPARATOR))
