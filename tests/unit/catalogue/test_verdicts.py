"""Verdicts: the last on a pair holds, they propagate, contradictions are shown, and they can be taken back."""

import polars as pl
import pytest

from pipelines.catalogue.verdicts import append, read_verdicts, settle, verdict, write_verdicts
from schemas.elements import Verdicts


def said(*lines):
    """Verdicts from "A=B", "B≠C", "A?C", "A×B" (taken back), one an hour."""
    answers = {"=": "相同", "≠": "不同", "?": "不确定", "×": "撤回"}
    return Verdicts.frame(
        [
            verdict(line[0], line[2], answers[line[1]], "张三", f"2026-01-01T{hour:02d}:00:00")
            for hour, line in enumerate(lines)
        ]
    )


@pytest.mark.parametrize(
    ("lines", "pair", "answer"),
    [
        (["A=B"], "AB", "相同"),
        (["A=B", "B=C"], "AC", "相同"),
        (["A=B", "B≠C"], "AC", "不同"),
        (["B≠C", "A=B"], "CA", "不同"),
        (["A=B", "A×B"], "AB", ""),
        (["A=B", "A×B", "A=B"], "AB", "相同"),
        (["A=B", "A≠B"], "AB", "不同"),
        (["A=B", "A?B"], "AB", ""),
        (["A?B"], "AB", ""),
        (["A≠B", "B≠C"], "AC", ""),
        (["A=B", "C=D", "B≠C"], "AD", "不同"),
        (["A=B", "B=C", "C=D", "D×C"], "AD", ""),
    ],
)
def test_what_verdicts_say_together(lines, pair, answer):
    assert settle(said(*lines)).between(*pair) == answer


def test_the_newer_of_contradicting_verdicts_wins_and_the_older_is_shown():
    settled = settle(said("A≠C", "A=B", "B=C"))
    assert settled.between("A", "C") == "相同"
    assert [finding.code for finding in settled.findings] == ["OF-260"]
    assert "A" in settled.findings[0].message
    assert "C" in settled.findings[0].message
    assert settled.rows.height == 2


def test_order_of_the_rows_is_no_matter():
    table = said("A=B", "B≠C", "C=D", "A=D", "D×A")
    assert settle(table.reverse()).rows.sort("verdict_id").equals(settle(table).rows.sort("verdict_id"))


def test_a_verdict_on_a_field_that_is_gone_is_kept_and_reported():
    settled = settle(said("A=B"), ["A"])
    assert [finding.code for finding in settled.findings] == ["OF-261"]
    assert settled.rows.height == 1


def test_a_verdict_on_one_field_is_reported():
    settled = settle(said("A=A"))
    assert ([finding.code for finding in settled.findings], settled.rows.height) == (["OF-262"], 0)


def test_appending_twice_adds_nothing(tmp_path):
    row = verdict("A", "B", "相同", "张三", "2026-01-01T00:00:00", "看过说明")
    once = append(Verdicts.empty(), [row])
    assert append(once, [row]).equals(once)
    later = verdict("B", "A", "相同", "张三", "2026-02-01T00:00:00", "看过说明")
    assert append(once, [later]).equals(once)
    changed = verdict("A", "B", "不同", "张三", "2026-02-01T00:00:00", "看过说明")
    assert append(once, [changed]).height == 2
    assert append(append(once, [changed]), [row | {"verdict_id": "V1", "decided_at": "2026-03-01"}]).height == 3
    write_verdicts(once, tmp_path / "verdicts.csv")
    assert read_verdicts(tmp_path / "verdicts.csv").equals(once)
    assert read_verdicts(tmp_path / "none.csv").is_empty()


def test_a_record_without_a_column_is_refused(tmp_path):
    pl.DataFrame({"verdict_id": ["1"]}).write_csv(tmp_path / "verdicts.csv")
    with pytest.raises(ValueError, match="OF-269"):
        read_verdicts(tmp_path / "verdicts.csv")
