"""Where a value goes in printed text."""

import pytest

from pipelines.sharing.inline import apply_edits, edit_for

CASES = [
    # printed, value, label, n-th blank, options, filled
    ("姓名：      性别：", "李四", "姓名", 1, (), "姓名：李四 性别："),
    ("姓名：      性别：", "女", "性别", 2, (), "姓名：      性别：女"),
    ("姓 名:____电话:____", "李四", "姓名", 1, (), "姓 名:李四电话:____"),
    ("□男 □女", "女", "性别", 1, ("男", "女"), "□男 ☑女"),
    ("男□ 女□", "男", "性别", 1, ("男", "女"), "男☑ 女□"),
    ("□城镇居民 □城镇", "城镇", "户口", 1, ("城镇居民", "城镇"), "□城镇居民 ☑城镇"),
    ("填报日期：   年 月 日", "2025年12月31日", "填报日期", 1, (), "填报日期：2025年12月31日"),
    ("报告期：    年  月", "2025年3月", "报告期", 1, (), "报告期：2025年3月"),
    ("负责人：          年  月  日", "2025年1月2日", "年月日", 2, (), "负责人：      2025年1月2日"),
    ("     年   月", "2025年12月31日", "年月日", 2, (), " 2025年12月"),
    ("填报时间：     年   月", "2025年12月31日", "填报时间", 1, (), "填报时间：2025年12月"),
    ("位于____镇（街道）____路（村）", "元马", "镇（街道）", 1, (), "位于元马镇（街道）____路（村）"),
    ("共   个，其中   个", "7", "不在文中", 2, (), "共   个，其中7个"),
    (
        "面积（18）：     （亩） 其中：灌溉面积（19）     （亩）",
        "7",
        "灌溉面积",
        2,
        (),
        "面积（18）：     （亩） 其中：灌溉面积（19）7 （亩）",
    ),
    (
        "05是否驻地  □ 1是 2否   06是否通车  □ 1是 2否",
        "否",
        "是否驻地",
        1,
        ("是", "否"),
        "05是否驻地  2 1是 2否   06是否通车  □ 1是 2否",
    ),
    (
        "05是否驻地  □ 1是 2否   06是否通车  □ 1是 2否",
        "是",
        "是否通车",
        2,
        ("是", "否"),
        "05是否驻地  □ 1是 2否   06是否通车  1 1是 2否",
    ),
    ("地势 □ 1 平原  2 丘陵  3 山区", "3", "地势", 1, (), "地势 3 1 平原  2 丘陵  3 山区"),
    ("婚姻：□1未婚 □2已婚", "已婚", "婚姻", 1, ("未婚", "已婚"), "婚姻：□1未婚 ☑2已婚"),
    ("意见", "同意", "不在文中", None, (), "同意意见"),
]


@pytest.mark.parametrize(("printed", "value", "label", "inline", "options", "filled"), CASES)
def test_a_value_goes_into_its_blank(printed, value, label, inline, options, filled):
    start, end, new = edit_for(printed, value, label, inline, options)
    assert printed[:start] + new + printed[end:] == filled


@pytest.mark.parametrize("cuts", [(), (3,), (1, 4, 5), (2, 3, 4, 6)])
def test_runs_keep_their_text_and_the_whole_is_right(cuts):
    text = "姓名：____性别"
    ends = [*cuts, len(text)]
    runs = [text[a:b] for a, b in zip([0, *cuts], ends, strict=True)]
    edited = apply_edits(runs, [edit_for(text, "李四", "姓名")])
    assert "".join(edited) == "姓名：李四性别"
    assert len(edited) == len(runs)
