"""A form does not ask one thing under two names."""

import pytest

from pipelines.catalogue.meaning.decompose import FormField, decompose_form
from pipelines.catalogue.meaning.vocabulary import vocabulary

CASES = {
    "another person beside the subject": ("残疾学生资助申请", ("学生姓名", "重残人员姓名"), False),
    "a shop and who runs it": ("沿街商铺信息采集", ("商铺名称", "商铺地址", "经营者"), False),
    "a room and the code of the house": ("物业小区房屋台账", ("房号", "房屋编号"), False),
    "a code and a name": ("贫困户花名册", ("姓名", "行政村名称", "行政村代码"), True),
    "an address in parts": ("残疾人花名册", ("姓名", "家庭住址", "详细地址"), True),
}


@pytest.mark.parametrize("name", CASES)
def test_the_less_sure_of_two_readings_keeps_its_own_name(name):
    title, labels, is_same = CASES[name]
    first, *_, last = decompose_form(title, "", [FormField((label,)) for label in labels], vocabulary())[
        -2 if is_same else 0 :
    ]
    assert (first.element_key == last.element_key) is is_same
