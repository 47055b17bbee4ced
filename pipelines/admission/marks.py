"""The legal marks of a form: which are there, which are missing, whether it has run out, whose county it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.admission.proposal import APPLIED, Proposal
from pipelines.intake.register import end_of_validity
from pipelines.rulebook import rows
from schemas.faults import Finding
from schemas.faults import admission as faults

COUNTY = re.compile(
    r"([一-鿿]{2,7}?(?:自治县|县|旗|(?<!社)(?<!小)(?<!园)(?<!片)(?<!地)(?<!辖)(?<!自治)(?<!灌)(?<!山)(?<!矿)区))"
)
UPPER = re.compile(r"^.*?(?:省|自治区|自治州|地区|盟|(?<=[一-鿿]{2})州|市)(?=[一-鿿]{2})")
UPPER_BODY = re.compile(r"^(?:中共|中央|中国|全国|国家|国务院)|部$|总局$|[一-鿿]{2,}(?:省|市|州|自治区)|(?:厅|委员会)$")
GENERAL = re.compile(r"^(?:全|本|各|该|我|农业|开发|示范|保护|行政|边远|贫困|脱贫|我们)")


@dataclass(frozen=True, slots=True)
class Mark:
    """One legal mark. value: as printed, "" when missing; is_due: it must be there now; article: key of the article."""

    part: str
    title: str
    value: str
    is_due: bool
    article: str

    @property
    def is_missing(self) -> bool:
        """Whether it must be there and is not."""
        return self.is_due and not self.value


@dataclass(frozen=True, slots=True)
class Legality:
    """marks: all legal marks of the form, in the order of the rule. application: what an application must say as well.

    expired_on: the last day of validity when it has passed, else "". foreign: the other county named on it, else "".
    """

    marks: tuple[Mark, ...]
    application: tuple[Mark, ...]
    expired_on: str
    foreign: str
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of the marks that are due and missing."""
        return tuple(mark.title for mark in self.marks if mark.is_missing)

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Titles of what the application leaves open."""
        return tuple(mark.title for mark in self.application if mark.is_missing)


def legality(proposal: Proposal, county: str, today: str, own: Path | None = None) -> Legality:
    """Return the legal standing of a form (统计法: 表号、制定机关、批准机关、批准文号、有效期限).

    On application the approval is still to come and gives number and expiry; a form already in use, or one that a
    higher level made, needs all marks.
    """
    must_have_all = proposal.origin != APPLIED or is_upper(proposal.marks.get("issuing_body", ""), county)
    marks = tuple(
        Mark(
            row["part"],
            row["title"],
            proposal.marks.get(row["part"], ""),
            row["when"] == APPLIED or must_have_all,
            row["article"],
        )
        for row in rows("admission_header", own, key=("part",))
    )
    said = proposal.said
    application = tuple(
        Mark(row["part"], row["title"], _stated(str(getattr(said, row["part"]))), True, "")
        for row in rows("admission_application", own, key=("part",))
    )
    until = end_of_validity(proposal.marks.get("valid_until")) or ""
    expired = until if until and until < today else ""
    foreign = other_county(f"{proposal.marks.get('issuing_body', '')} {proposal.title}", county)
    findings = []
    missing = [mark.title for mark in marks if mark.is_missing]
    if missing:
        findings.append(faults.HEADER_INCOMPLETE.at(file=proposal.source_file, missing="、".join(missing)))
    if expired:
        findings.append(faults.FORM_EXPIRED.at(file=proposal.source_file, until=expired))
    if foreign:
        findings.append(faults.OTHER_COUNTY.at(file=proposal.source_file, found=foreign, county=plain(county)))
    return Legality(marks, application, expired, foreign, tuple(findings))


def other_county(text: str, county: str) -> str:
    """Return the county that a text names when it is not this one; "" when it names none, or a higher level.

    >>> other_county("牟定县农业农村局", "元谋县（模拟数据）"), other_county("楚雄州元谋县民政局", "元谋县")
    ('牟定县', '')
    >>> other_county("云南省民政厅 村（社区）情况表", "元谋县"), other_county("全县耕地情况", "元谋县")
    ('', '')
    """
    own = plain(county)
    for part in text.split():
        rest = re.sub(r"^中共|[（(][^）)]*[）)]", "", part)
        found = COUNTY.match(UPPER.sub("", rest))
        if found and own and found[1] != own and not GENERAL.match(found[1]) and not found[1].endswith(own):
            return found[1]
    return ""


def is_upper(issuing_body: str, county: str) -> bool:
    """Return whether a higher level made the form.

    >>> is_upper("云南省民政厅", "元谋县"), is_upper("元谋县民政局", "元谋县"), is_upper("县民政局", "元谋县")
    (True, False, False)
    """
    own = plain(county)
    return bool(issuing_body) and bool(UPPER_BODY.search(issuing_body)) and not (own and own in issuing_body)


def plain(county: str) -> str:
    """Return a county's name without remarks in brackets.

    >>> plain("元谋县（模拟数据）")
    '元谋县'
    """
    return re.sub(r"[（(].*?[）)]", "", county).strip()


def _stated(text: str) -> str:
    return "" if text == "未说明" else text
