"""Lines round a table that are no bare labels: sentences of letters with gaps, labels with a sample behind them."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.intake.wording.blank import Blank
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

_PIECE = re.compile(r"[^\s\u3000\u00a0]+(?:[ \u00a0][^\s\u3000\u00a0]+)*")
_SAMPLE = re.compile(r"([\u4e00-\u9fff]{3,12})[：:][ \u3000]*([^\s：:，,。；;、（）()□_]{2,12})")
_DAYS = re.compile(r"([\u4e00-\u9fff]{3,8})[：:]\s*[0-9]{8}\s*[-—－~～至]+\s*[0-9]{8}\s*")
"""From one day to another, as a program prints them: 结算时间段：20180101 ---- 20181231."""
_ROOM = re.compile(r"[ \u3000\u00a0]{6,}|_{2,}")
_LASTING = re.compile(r"([\u4e00-\u9fff]{2,4}(?:时间|期限|期间|日期))为")
_BASIS = re.compile(r"(根据|依据|按照|依照)(?:[ \u3000\u00a0]{4,}|_{2,})[ \u3000\u00a0_]*的(规定|要求|通知|精神)")
"""On what an act rests, left blank: 根据____的规定."""
_OFFICE = re.compile(r"^(?:[ \u3000\u00a0]{2,}|[ \u3000\u00a0]*_{2,})[\u4e00-\u9fff]+[：:]\s*$")


def as_asked(raw: str) -> str:
    """Return a line with the blanks that it stands for: samples taken out, a lead-in with gaps closed as a sentence.

    >>> as_asked("申请单位：某县卫健局      日期："), as_asked("兹有          单位，情况如下：")
    ('申请单位：____      日期：', '兹有          单位，情况如下。')
    """
    if days := _DAYS.fullmatch(raw.strip()):
        return f"{days[1]}：____"
    raw = _PIECE.sub(_without_sample, raw)
    if squeeze(raw).endswith(("：", ":")) and squeeze(raw)[:-1] in words("lead_in") and _ROOM.search(raw):
        return raw.rstrip()[:-1] + "。"
    return raw


def _without_sample(piece: re.Match[str]) -> str:
    sample = _SAMPLE.fullmatch(piece[0])
    if sample is None or sample[1] not in words("sample_label") or sample[2] in words("form_word"):
        return piece[0]
    return f"{sample[1]}：____"


def in_letter(blank: Blank, raw: str) -> Blank:
    """Return a blank of a sentence under what the sentence says of it: 公示时间为7个工作日，从  至  ."""
    basis = _BASIS.search(raw)
    if basis and blank.path == (basis[2],):
        return replace(blank, path=(f"{basis[1]}…的{basis[2]}",))
    name = blank.path[-1].removesuffix("为")
    if name in words("blank_label"):
        return replace(blank, path=(*blank.path[:-1], name))
    lasting = _LASTING.search(raw)
    if lasting is None or len(blank.path) > 1 or blank.path[0] not in words("gap_period"):
        return blank
    return replace(blank, path=(lasting[1], *blank.path))


def is_office_blank(raw: str, blank: Blank) -> bool:
    """True for who a letter goes to when only the kind of office is printed, behind room for its name: ____民政局：."""
    return bool(_OFFICE.match(raw)) and blank.path[-1] in words("gap_noun")
