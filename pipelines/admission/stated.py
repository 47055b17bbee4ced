"""Frequency and respondent level as people say them, brought to the register's words; read off the form when unsaid."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.rulebook import rows
from pipelines.text import fold

IN_TITLE = re.compile(r"(日|周|旬|月|季|半年|年)(?:度)?报(?!名|告|案|警|销|废)|每(日|周|旬|月|季|半年|年)")


def frequency_of(said: str, title: str = "", own: Path | None = None) -> str:
    """Return the frequency that is said, else the one that the title names, else "".

    >>> frequency_of("每月25日前"), frequency_of("", "高龄津贴发放情况月报表"), frequency_of("", "花名册")
    ('月', '月', '')
    """
    if said:
        return _meaning("frequencies", "frequency", said, own)
    found = IN_TITLE.search(title)
    return (found[1] or found[2]) if found else ""


def level_of(said: str, respondent: str = "", title: str = "", own: Path | None = None) -> str:
    """Return the respondent level that is said, else what the form's 填报单位 or its title names, else "".

    >>> level_of("各村"), level_of("", "村（居）委会"), level_of("", "", "村（社区）人口统计表"), level_of("", "", "表")
    ('村', '村', '村', '')
    """
    for text in (said, respondent, _place_in(title)):
        if text and (found := _meaning("respondent_levels", "level", text, own)):
            return found
    return ""


def _place_in(title: str) -> str:
    found = re.match(r"(?:各|全)?(村|社区|乡镇|街道|乡（镇）)", re.sub(r"^.{2,8}(?:县|市|州|省)", "", title))
    return found[1] if found else ""


def _meaning(table: str, column: str, said: str, own: Path | None) -> str:
    for row in rows(table, own):
        if re.search(row["pattern"], fold(said)):
            return row[column]
    return ""
