"""Made again, the sample has the same bytes."""

from pathlib import Path

import pytest
from facts import Report, key, read_reports, split_unit
from geography import read_areas
from proposed import write_proposed
from register import write_register, write_templates
from world import make_world, write_world

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return read_reports(SAMPLE / "make" / "reports")


def test_register_and_templates_are_the_committed_bytes(reports: list[Report], tmp_path: Path) -> None:
    few = [report for report in reports if not report.facts["file"].endswith(".xls")]
    write_register(reports, tmp_path)
    write_templates(few, tmp_path)
    assert (tmp_path / "报表清单.xlsx").read_bytes() == (SAMPLE / "报表清单.xlsx").read_bytes()
    made = [path for path in (tmp_path / "templates").rglob("*") if path.is_file()]
    assert len(made) == len(few)
    for path in made:
        assert path.read_bytes() == (SAMPLE / path.relative_to(tmp_path)).read_bytes(), path.name


def test_proposed_forms_are_the_committed_bytes(tmp_path: Path) -> None:
    write_proposed(SAMPLE / "make" / "proposed", tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(path.name for path in (SAMPLE / "proposed").iterdir())
    for name in made:
        assert (tmp_path / name).read_bytes() == (SAMPLE / "proposed" / name).read_bytes(), name


def test_a_township_is_made_the_same_twice(reports: list[Report], truth: list[dict[str, str]], tmp_path: Path) -> None:
    areas = read_areas(SAMPLE / "make" / "facts")
    only = {area.code for area in areas if area.parent == "532328205000"}
    for name in ("once", "twice"):
        write_world(make_world(areas, reports, truth, only), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "once" / "returns").iterdir())
    assert files
    for name in files:
        once, twice = (tmp_path / run / "returns" / name for run in ("once", "twice"))
        assert once.read_bytes() == twice.read_bytes(), name


@pytest.mark.parametrize(
    ("concept", "added", "expected"),
    [
        ("行政区域.人数[户籍；女]", (), "行政区域.人数[女；户籍]"),
        ("行政区域.人数", ("累计",), "行政区域.人数[累计]"),
        ("行政区域.农作物[稻谷]", ("@产量",), "行政区域.产量[稻谷]"),
    ],
)
def test_concepts_are_put_in_order(concept: str, added: tuple[str, ...], expected: str) -> None:
    assert key(concept, added) == expected


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("面积（亩）", ("面积", "亩")),
        ("电话（手机）", ("电话（手机）", "")),
        ("供水量（立方米/日）", ("供水量", "立方米/日")),
    ],
)
def test_units_leave_the_label(label: str, parts: tuple[str, str]) -> None:
    assert split_unit(label) == parts
