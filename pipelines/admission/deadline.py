"""Finds the day by which a message wants its answer: 今天下午5点前, 12月5日前, 本周五下班前, 月底前."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = {"今天": 0, "今日": 0, "今晚": 0, "当天": 0, "当日": 0, "明天": 1, "明日": 1, "明晚": 1, "后天": 2, "大后天": 3}
_WEEK = {name: number for number, name in enumerate("一二三四五六日", start=0)} | {"天": 6}
_TIME = (
    r"(?:\s*(?:早上|上午|中午|下午|傍晚|晚上|晚))?"
    r"(?:\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:[:：]\s*\d{1,2}|(?:点|时)(?:\s*(?:\d{1,2}分?|半|整))?))?"
    r"(?:\s*下班)?"
)
_SPOKEN = re.compile(r"\d|点|上午|中午|下午|晚|下班|内")
_END = r"(?:\s*(?:之前|以前|前|截止))"
_DAY = re.compile(
    rf"(?:请?(?:务必)?(?:于|在|最晚|最迟)?\s*)?(?:每月|每季末?|次月)?(?P<day>"
    rf"(?P<word>大后天|今天|今日|今晚|当天|当日|明天|明日|明晚|后天)"
    rf"|(?P<week>本周|这周|下周|下下周|周|星期|下星期)(?P<weekday>[一二三四五六日天])"
    rf"|(?:(?P<year>20\d\d)\s*[年./-]\s*)?(?P<month>1[0-2]|0?[1-9])\s*[月./-]\s*(?P<number>3[01]|[12]\d|0?[1-9])\s*[日号]?"
    rf"|(?P<only>3[01]|[12]\d|0?[1-9])\s*[日号]"
    rf"|(?P<end>本?月底|本?月末|年底|年末)"
    rf"|(?P<now>马上|立即|尽快|即刻|(?<!\d)(?:一|两|1|2)(?:个)?小时(?:之)?内|(?:上午|中午|下午)(?=\s*(?:\d|[一二三四五六七八九十]+点|下班|之前|以前|前)))"
    rf"){_TIME}(?P<before>{_END})?(?P<report>\s*(?:报送|上报|报给|报|交|提交|反馈|发给|发)(?:给)?(?:我|到[^，,。；;\n]{{0,12}}|[^，,。；;、\n\d]{{0,10}}(?:局|办|科|股|中心|镇|乡|委会?))?(?:的)?(?:邮箱|微信|群里?)?)?"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """day: YYYY-MM-DD; text: the words of the message that say so."""

    day: str
    text: str


def find_deadline(text: str, sent: date) -> Deadline | None:
    """Return the deadline that a message states, the last one when several; None when it states none.

    A date counts only when the text says “before”, “by” or “report”; words like 今天 and 马上 count alone. A month and
    day that lie more than half a year back are next year's.

    >>> find_deadline("请于12月5日前报民政局", date(2026, 11, 27)).day
    '2026-12-05'
    >>> [find_deadline(t, date(2026, 11, 27)).day for t in ("明天上午10点前要", "下周三下班前", "月底前报送", "马上报")]
    ['2026-11-28', '2026-12-02', '2026-11-30', '2026-11-27']
    >>> find_deadline("2025年12月31日常住人口数", date(2026, 11, 27)) is None
    True
    """
    found = None
    for match in _DAY.finditer(text):
        is_certain = match["before"] or match["report"] or match["now"] or "下班" in match[0]
        is_spoken = match["word"] and _SPOKEN.search(match[0][len(match["word"]) :])
        day = _day(match, sent) if is_certain or is_spoken else None
        if day:
            found = Deadline(day.isoformat(), match[0].strip())
    return found


def _day(match: re.Match[str], sent: date) -> date | None:
    if match["now"]:
        return sent
    if match["word"]:
        return sent + timedelta(days=_DAYS[match["word"]])
    if match["week"]:
        monday = sent - timedelta(days=sent.weekday())
        weeks = 2 if "下下" in match["week"] else 1 if "下" in match["week"] else 0
        day = monday + timedelta(weeks=weeks, days=_WEEK[match["weekday"]])
        return day + timedelta(weeks=1) if day < sent and match["week"] in ("周", "星期") else day
    if match["end"]:
        month = 12 if "年" in match["end"] else sent.month
        return date(sent.year, month, monthrange(sent.year, month)[1])
    month = int(match["month"] or sent.month)
    number = int(match["number"] or match["only"])
    year = int(match["year"] or sent.year)
    if match["only"] and number < sent.day:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    if number > monthrange(year, month)[1]:
        return None
    day = date(year, month, number)
    return date(year + 1, month, number) if not match["year"] and (sent - day).days > 183 else day
