"""Golden cases of blanks within a text: `blanks.csv`; adding a line needs no Python."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.intake.wording.blank import Blank
from pipelines.intake.wording.inline import blanks

with (Path(__file__).parent / "blanks.csv").open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(line for line in handle if not line.startswith("#")))


def shown(blank: Blank) -> str:
    parts = ["›".join(blank.path)]
    parts += [f"[{blank.unit}]"] if blank.unit else []
    parts += [f"#{blank.code}"] if blank.code else []
    parts += ["<meta>"] if blank.is_meta else []
    parts += ["<date>"] if blank.is_date else []
    parts += ["{" + "、".join(blank.options) + "}"] if blank.options else []
    return "".join(parts)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_what_a_text_asks_for(case: dict[str, str]) -> None:
    text = case["text"].replace("\\n", "\n").replace("~", " ")
    assert "；".join(map(shown, blanks(text))) == case["read"]
