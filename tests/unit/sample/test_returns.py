"""The year of returns: marked as made up, and consistent with itself."""

import csv
from pathlib import Path

import polars as pl
import pytest

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
RETURNS = SAMPLE / "returns"
MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


@pytest.fixture(scope="module")
def statistics() -> dict[tuple[str, str], list[float]]:
    """(village, concept) → the twelve monthly values, for concepts that are numbers."""
    table = pl.read_parquet(RETURNS / "模拟数据_指标.parquet").with_columns(
        number=pl.col("值").cast(float, strict=False)
    )
    table = table.filter(pl.col("number").is_not_null()).sort("区划代码", "概念", "报告期")
    return {
        (area, concept): values
        for area, concept, values in table.group_by("区划代码", "概念", maintain_order=True).agg("number").iter_rows()
    }


def of(statistics: dict[tuple[str, str], list[float]], concept: str) -> dict[str, list[float]]:
    return {area: values for (area, name), values in statistics.items() if name == f"行政区域.{concept}"}


def test_every_table_says_that_it_is_made_up() -> None:
    files = sorted(RETURNS.iterdir())
    assert files
    for file in files:
        assert file.name.startswith("模拟数据")
        mark = pl.read_parquet(file)["标记"] if file.suffix == ".parquet" else pl.read_csv(file)["标记"]
        assert set(mark) == {"模拟数据"}


def test_a_village_has_as_many_people_as_its_ledger(statistics: dict[tuple[str, str], list[float]]) -> None:
    people = pl.read_parquet(RETURNS / "模拟数据_自然人.parquet", columns=["区划代码", "自然人.性别"])
    counts = dict(people.group_by("区划代码").len().iter_rows())
    women = dict(people.filter(pl.col("自然人.性别") == "女").group_by("区划代码").len().iter_rows())
    assert {area: values[-1] for area, values in of(statistics, "人数[户籍]").items()} == counts
    assert {area: values[-1] for area, values in of(statistics, "人数[女；户籍]").items()} == women


def test_stock_and_flow_agree_in_every_month(statistics: dict[tuple[str, str], list[float]]) -> None:
    flows = [of(statistics, f"人数[{name}]") for name in ("出生", "迁入", "死亡", "迁出")]
    for area, stock in of(statistics, "人数[户籍]").items():
        born, came, died, left = (flow[area] for flow in flows)
        for month in range(1, 12):
            change = born[month] + came[month] - died[month] - left[month]
            assert stock[month] == stock[month - 1] + change, (area, MONTHS[month])


@pytest.mark.parametrize(
    ("total", "parts"),
    [
        ("人数[户籍]", ("人数[户籍；男]", "人数[女；户籍]")),
        ("播种面积[谷物]", ("播种面积[稻谷]", "播种面积[小麦]", "播种面积[玉米]", "播种面积[其他谷物]")),
        ("播种面积[粮食作物]", ("播种面积[谷物]", "播种面积[豆类]", "播种面积[薯类]")),
        ("产量[粮食作物]", ("产量[谷物]", "产量[豆类]", "产量[薯类]")),
        ("存栏数[牛]", ("存栏数[肉牛]", "存栏数[奶牛]", "存栏数[役用牛]")),
        ("人数[从业]", ("人数[从业；第一产业]", "人数[从业；第二产业]", "人数[从业；第三产业]")),
    ],
)
def test_parts_make_the_total(
    statistics: dict[tuple[str, str], list[float]], total: str, parts: tuple[str, ...]
) -> None:
    by_part = [of(statistics, part) for part in parts]
    for area, whole in of(statistics, total).items():
        sums = [sum(values) for values in zip(*(values[area] for values in by_part), strict=True)]
        assert whole == pytest.approx(sums, abs=1e-3)


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("人数", "人数[常住]"),
        ("人数[60岁及以上；户籍]", "人数[65岁及以上；户籍]"),
        ("存栏数[猪]", "存栏数[能繁殖母猪]"),
        ("受灾面积[农作物]", "成灾面积[农作物]"),
        ("户数", "户数[低保]"),
        ("人数[外出务工]", "人数[外出务工；省外]"),
    ],
)
def test_a_part_never_exceeds_its_whole(statistics: dict[tuple[str, str], list[float]], whole: str, part: str) -> None:
    parts = of(statistics, part)
    for area, values in of(statistics, whole).items():
        assert all(small <= big for small, big in zip(parts[area], values, strict=True))


def test_months_of_a_flow_run_up_to_the_year(statistics: dict[tuple[str, str], list[float]]) -> None:
    born = of(statistics, "人数[出生]")
    for area, total in of(statistics, "人数[出生；累计]").items():
        assert total[-1] == sum(born[area])


def test_members_of_a_population_have_every_value_that_a_report_asks(truth: list[dict[str, str]]) -> None:
    people = pl.read_parquet(RETURNS / "模拟数据_自然人.parquet")
    with (SAMPLE / "rules" / "report_scope.csv").open(encoding="utf-8-sig", newline="") as file:
        scope = {(row["report_id"], row["table_no"]): row["population"] for row in csv.DictReader(file)}
    for report_id in ("MZ01", "CL01", "RS01", "XC01", "WJ02", "ZZ01"):
        population = scope[report_id, "1"]
        members = people.filter(("；" + pl.col("对象范围") + "；").str.contains(f"；{population}；", literal=True))
        assert members.height
        asked = {row["concept"] for row in truth if row["report_id"] == report_id and row["role"] == "fill"}
        blanks = {concept: members[concept].null_count() for concept in asked if members[concept].null_count()}
        assert blanks == {}


def test_the_committed_sample_stays_small() -> None:
    files = [
        path for path in SAMPLE.rglob("*") if path.is_file() and not {"__pycache__", ".mypy_cache"} & set(path.parts)
    ]
    assert sum(path.stat().st_size for path in files) <= 12_000_000
