"""Personal and sensitive items of a form, with what the law asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

CHILD = re.compile("儿童|婴|幼儿|学生|未成年|孤儿|14岁以下|14周岁以下|0—6岁|0-6岁")
PERSONAL, SENSITIVE = "个人信息", "敏感个人信息"


@dataclass(frozen=True, slots=True)
class Privacy:
    """Labels of personal and of sensitive items; is_about_children: the form or an item names minors."""

    personal: tuple[str, ...]
    sensitive: tuple[str, ...]
    is_about_children: bool

    @property
    def articles(self) -> tuple[str, ...]:
        """Keys of the articles that apply (个人信息保护法)."""
        if not self.personal and not self.sensitive:
            return ()
        more = ("sensitive", "impact", "grading") if self.sensitive else ()
        return ("minimum", "duty", *more, *(("child",) if self.is_about_children else ()))


def privacy(items: pl.DataFrame, title: str) -> Privacy:
    """Return what a form asks of persons. items: ITEM_TYPES; the level of an item is that of its element."""
    personal = items.filter(pl.col("sensitivity") == PERSONAL)["label"].to_list()
    sensitive = items.filter(pl.col("sensitivity") == SENSITIVE)["label"].to_list()
    text = " ".join([title, *items["path"], *items["qualifiers"].fill_null("")])
    return Privacy(tuple(personal), tuple(sensitive), bool((personal or sensitive) and CHILD.search(text)))
