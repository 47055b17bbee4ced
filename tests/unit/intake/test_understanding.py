"""Unit tests of the parts that understand layouts: numbering, outline, blanks, units, relations, types."""

from __future__ import annotations

import pytest

from pipelines.intake.tables.checks import relations
from pipelines.intake.tables.outline import Entry, arrange
from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit, split_unit
from schemas.faults import every_fault


@pytest.mark.parametrize(
    ("label", "text", "rank", "number"),
    [
        ("一、基本情况", "基本情况", 1, 1),
        ("（十二）其他", "其他", 2, 12),
        ("1.男", "男", 3, 1),
        ("5..农业设施用地", "农业设施用地", 3, 5),
        ("(3)双季晚稻", "双季晚稻", 4, 3),
        ("②旱地", "旱地", 5, 2),
        ("2.3其他收入", "其他收入", 3.5, 3),
        ("60岁以上人口", "60岁以上人口", None, 0),
        ("50平米以上的超市个数", "50平米以上的超市个数", None, 0),
        ("1001-2000元", "1001-2000元", None, 0),
        ("一般公共预算收入", "一般公共预算收入", None, 0),
    ],
)
def test_marks(label: str, text: str, rank: float | None, number: int) -> None:
    mark = read_mark(label)
    assert (mark.text, mark.rank, mark.number) == (text, rank, number)


def test_explicit_whole() -> None:
    mark = read_mark("在用种量中：农业用种")
    assert (mark.text, mark.is_part, mark.whole) == ("农业用种", True, "用种量")


def paths(*labels: str, headings: tuple[int, ...] = ()) -> list[str]:
    entries = [
        Entry(label, label.strip().replace(" ", ""), 0, None, index not in headings)
        for index, label in enumerate(labels)
    ]
    return ["/".join(place.path) for place in arrange(entries)]


@pytest.mark.parametrize(
    ("labels", "headings", "expected"),
    [
        (("合计", "一、谷物", "二、豆类"), (), ["合计", "谷物", "豆类"]),
        (
            ("粮食作物", "（一）夏粮", "1.小麦", "（二）秋粮"),
            (),
            ["粮食作物", "粮食作物/夏粮", "粮食作物/夏粮/小麦", "粮食作物/秋粮"],
        ),
        (("合计", "男", "女"), (), ["合计", "合计/男", "合计/女"]),
        (("一、户数", "其中：低保户", "      特困户", "二、人口"), (), ["户数", "户数/低保户", "户数/特困户", "人口"]),
        (
            ("一、存栏", "牛", "1.肉牛", "2.奶牛", "羊", "1.山羊"),
            (0,),
            ["存栏", "存栏/牛", "存栏/牛/肉牛", "存栏/牛/奶牛", "存栏/羊", "存栏/羊/山羊"],
        ),
        (
            ("村委会个数", "其中：通车的村个数", "通网的村个数"),
            (),
            ["村委会个数", "村委会个数/通车的村个数", "村委会个数/通网的村个数"],
        ),
        (("户籍人口", "其中：农业户籍人口", "从业人员"), (), ["户籍人口", "户籍人口/农业户籍人口", "从业人员"]),
        (("出栏", "其中：鸡", "存栏", "其中：鸡"), (), ["出栏", "出栏/鸡", "存栏", "存栏/鸡"]),
        (("一、产值", "附报：稻田面积"), (), ["产值", "附报/稻田面积"]),
    ],
)
def test_outline(labels: tuple[str, ...], headings: tuple[int, ...], expected: list[str]) -> None:
    assert paths(*labels, headings=headings) == expected


def test_outline_keeps_every_row_and_name() -> None:
    labels = ["一、甲", "（一）乙", "其中：丙", "丁", "1.戊", "合计"]
    entries = [Entry(label, label) for label in labels]
    assert [place.path[-1] for place in arrange(entries)] == ["甲", "乙", "丙", "丁", "戊", "合计"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("负责人：          填表日期：    年  月  日", ["负责人", "填表日期"]),
        ("负责人 \n签字：                 年  月  日\n         （盖章）", ["负责人签字", "年月日", "（盖章）"]),
        ("候登座椅[     ]座，填表座椅[     ]座", ["候登座椅", "填表座椅"]),
        ("31农场     个，32林场     个。", ["农场", "林场"]),
        ("经审查：", []),
        ("表    号：农年01表", []),
        ("没有空格的一句话。", []),
    ],
)
def test_blanks(text: str, expected: list[str]) -> None:
    assert ["/".join(blank.path) for blank in blanks(text)] == expected


def test_numbered_options() -> None:
    found = blanks("07是否通公共交通    □ 1是 2否          08是否通宽带    □ 1是 2否")
    assert [(b.path, b.code, b.options) for b in found] == [
        (("是否通公共交通",), "07", ("是", "否")),
        (("是否通宽带",), "08", ("是", "否")),
    ]


@pytest.mark.parametrize("text", ["万元", "人次", "千公顷", "元/人·月", "公顷、吨", "％", "万千瓦时"])
def test_units(text: str) -> None:
    assert is_unit(text)


@pytest.mark.parametrize("text", ["章", "盖章", "其中", "年", "码", "起", ""])
def test_no_units(text: str) -> None:
    assert not is_unit(text)


def test_bracket_that_is_no_unit_stays() -> None:
    assert split_unit("接触时间(起)") == ("接触时间(起)", None)
    assert split_unit("劳务经济总收入（年）") == ("劳务经济总收入（年）", None)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("11=01+02-05", [("11", "=", "+1+2-5")]),
        ("08+09=07", [("7", "=", "+8+9")]),
        ("04+05﹤03", [("3", "≥", "+4+5")]),
        ("06、07≤04", [("6", "≤", "+4"), ("7", "≤", "+4")]),
        ("报送时间为2016年12月25日。", []),
    ],
)
def test_relations(note: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(r.left, r.sign, "".join(s + c for s, c in r.right)) for r in relations(note)] == expected


@pytest.mark.parametrize(
    ("path", "unit", "options", "number_format", "expected"),
    [
        (("身份证号码",), None, (), None, "identifier"),
        (("是否孤老",), None, (), None, "boolean"),
        (("出生日期",), None, (), None, "date"),
        (("性别",), None, ("男", "女"), None, "code"),
        (("家庭人口",), "人", (), None, "integer"),
        (("耕地",), "亩", (), None, "decimal"),
        (("批准",), None, (), "yyyy/m/d", "date"),
        (("备注",), None, (), None, "text"),
        (("登记机关意见", "批准"), None, (), None, "text"),
        (("批准日期",), None, (), None, "date"),
    ],
)
def test_data_types(path, unit, options, number_format, expected) -> None:
    kind, reason = data_type(path, unit, options, number_format, "roster")
    assert kind == expected
    assert reason


def test_faults_of_the_room_have_their_own_codes() -> None:
    mine = [code for code in every_fault() if "OF-140" <= code <= "OF-199"]
    assert len(mine) >= 10


def test_reasons_in_a_score_sheet_are_text() -> None:
    assert data_type(("绿化", "扣分原因"), None, (), None, "statistics")[0] == "text"
