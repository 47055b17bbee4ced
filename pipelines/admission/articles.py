"""The articles that reasons rest on, and how they are cited; the articles themselves are data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.rulebook import rows


@dataclass(frozen=True, slots=True)
class Article:
    """An article of law: key, law, article, and what it asks."""

    key: str
    law: str
    article: str
    text: str

    def __str__(self) -> str:
        return f"{self.law}{self.article}"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in Chinese, with the articles it rests on."""

    text: str
    articles: tuple[Article, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}（{self.cited}）" if self.articles else self.text

    @property
    def cited(self) -> str:
        """The articles, those of one law together."""
        return cite(self.articles)


def cite(cited: Sequence[Article]) -> str:
    """Return articles as one text, those of one law together.

    >>> law = "《个人信息保护法》"
    >>> cite([Article("a", law, "第六条", ""), Article("b", law, "第二十八条", ""), Article("c", "GB/T 43697", "", "")])
    '《个人信息保护法》第六条、第二十八条；GB/T 43697'
    """
    by_law: dict[str, list[str]] = {}
    for article in cited:
        by_law.setdefault(article.law, []).append(article.article)
    return "；".join(law + "、".join(numbers) for law, numbers in by_law.items())


def articles(own: Path | None = None) -> dict[str, Article]:
    """Return the articles by key (rules/admission_articles.csv)."""
    return {
        row["key"]: Article(row["key"], row["law"], row["article"], row["text"])
        for row in rows("admission_articles", own, key=("key",))
    }
