"""The verdict that is proposed, with reasons that cite the articles. People decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.admission.articles import Article, Reason, articles
from pipelines.admission.changes import in_words
from pipelines.admission.contradictions import Contradiction
from pipelines.admission.cost import HELD, Cost
from pipelines.admission.county import County
from pipelines.admission.identity import Known
from pipelines.admission.marks import Legality
from pipelines.admission.privacy import Privacy
from pipelines.admission.proposal import APPLIED, Proposal
from pipelines.admission.timing import Timing
from pipelines.intake.register import end_of_validity
from pipelines.rulebook import settings

TITLES = {
    "不需要": "不需要（可共享获取）",
    "合并": "合并到在册报表",
    "精简后准入": "精简后准入",
    "准入": "准入",
    "退回补正": "退回补正",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """name: of schemas.admission.VERDICTS. then: the verdict once it is put right, when it is 退回补正, else "".

    into: report id that it should be merged into, "" otherwise. to_do: what the department has to do.
    """

    name: str
    then: str
    into: str
    into_title: str
    reasons: tuple[Reason, ...]
    to_do: tuple[str, ...]

    @property
    def title(self) -> str:
        """The verdict as people read it."""
        name = f"合并到《{self.into_title}》" if self.name == "合并" else TITLES[self.name]
        then = f"合并到《{self.into_title}》" if self.then == "合并" else TITLES.get(self.then, "")
        return f"{name}，补正后：{then}" if then else name


def verdict(
    proposal: Proposal,
    items: pl.DataFrame,
    legal: Legality,
    times: Timing,
    clashes: tuple[Contradiction, ...],
    private: Privacy,
    gross: Cost,
    net: Cost,
    county: County,
    known: Known | None = None,
) -> Verdict:
    """Return the proposed verdict. items: ITEM_TYPES; gross, net: burden of all items, and of those really to be asked.
    known: the form on the register that this one is, or is an edition of.

    In order: nothing is new → get it by sharing; nearly all of it stands in one form → merge; something is missing or
    wrong in the application → send back (saying what would come then); some is held → admit without it; else admit.
    """
    law = articles(county.own)
    rule = settings("admission", county.own)["verdict"]
    same_as = known.report_id if known else ""
    is_expired = known is not None and bool(known.valid_until) and known.valid_until < county.today
    is_same = known is not None and known.is_identical and not is_expired
    held = items.filter(pl.col("kind").is_in(HELD))
    fresh = items.filter(~pl.col("kind").is_in(HELD))
    into, into_title, share = _merge(items, county, same_as)
    can_merge = into and share >= float(rule["merge_share"]) and fresh.height <= int(rule["merge_new_items"])
    own_only = items.filter(pl.col("kind") == "原表已有").height
    wrong = _wrong(proposal, legal, times, clashes, int(rule["return_contradictions"]), law)
    if is_same or (fresh.is_empty() and not own_only):
        name = "不需要"
    elif can_merge and fresh.height:
        name = "合并"
    elif held.height > own_only:
        name = "精简后准入"
    else:
        name = "准入"
    then = ""
    if wrong and name != "不需要":
        name, then = "退回补正", name
    final = then or name
    reasons = [*wrong] if name == "退回补正" else []
    if known is not None:
        reasons.append(_edition(known, is_expired, law))
    reasons += _substance(final, items, held, fresh, into_title, share, gross, net, law)
    if private.sensitive:
        listed = _listed(list(private.sensitive))
        keys = private.articles
        reasons.append(
            Reason(f"含敏感个人信息 {len(private.sensitive)} 项（{listed}）", tuple(law[key] for key in keys))
        )
    elif private.personal:
        reasons.append(
            Reason(
                f"含个人信息 {len(private.personal)} 项，限于履行职责必需", tuple(law[key] for key in private.articles)
            )
        )
    return Verdict(
        name,
        then,
        into if final == "合并" else "",
        into_title,
        tuple(reasons),
        _to_do(proposal, final, legal, times, clashes, private, into_title),
    )


def _edition(known: Known, is_expired: bool, law: dict[str, Article]) -> Reason:
    """Return how the form stands to the one on the register."""
    about = f"在册的《{known.title}》（{known.control_no}）"
    if is_expired:
        return Reason(f"{about}有效期到 {known.valid_until}，已经过期，须重新批准", (law["marks"],))
    if known.is_identical:
        return Reason(f"与{about}逐栏相同，已经准入", (law["no_conflict"],))
    return Reason(f"与{about}有 {len(known.changes)} 处不同：{in_words(list(known.changes))}", (law["no_conflict"],))


def _merge(items: pl.DataFrame, county: County, same_as: str) -> tuple[str, str, float]:
    """Return the report that asks most of the items already (id, title, share); ("", "", 0) when there is none.

    Only reports that stand: into a form that has run out nothing can be merged.
    """
    until = {
        report: end_of_validity(day) for report, day in county.reports.select("report_id", "valid_until").iter_rows()
    }
    gone = {report for report, day in until.items() if day and day < county.today} | {same_as}
    asked: dict[str, int] = {}
    for holders in items.filter(pl.col("kind") == "已有")["holders"].to_list():
        for report in holders:
            if report not in gone:
                asked[report] = asked.get(report, 0) + 1
    if not asked:
        return "", "", 0.0
    best = min(asked, key=lambda report: (-asked[report], report))
    titles = dict(county.reports.select("report_id", "report_name").iter_rows())
    return best, str(titles.get(best, best)), asked[best] / items.height


def _wrong(
    proposal: Proposal,
    legal: Legality,
    times: Timing,
    clashes: tuple[Contradiction, ...],
    limit: int,
    law: dict[str, Article],
) -> list[Reason]:
    found = []
    if legal.missing:
        found.append(Reason(f"表头没有标明{'、'.join(legal.missing)}", (law["marks"],)))
    if legal.expired_on:
        found.append(Reason(f"表上的有效期到 {legal.expired_on}，已经过期", (law["marks"],)))
    if legal.unsaid and proposal.origin == APPLIED:
        found.append(Reason(f"申请没有写明{'、'.join(legal.unsaid)}", (law["assess"],)))
    if any(finding.code == "OF-610" for finding in times.findings):
        found.append(Reason(f"要求 {times.due} 报送，早于下发日期 {times.issued}"))
    elif times.is_too_short:
        text = f"只留了 {times.days} 个工作日，至少要 {times.least} 个（最早 {times.earliest}）"
        found.append(Reason(text, (law["assess"],)))
    hard = [clash for clash in clashes if not clash.is_convertible]
    if len(hard) >= limit:
        found.append(Reason(f"{len(hard)} 项与在册口径不一致", (law["no_conflict"],)))
    return found


def _substance(
    final: str,
    items: pl.DataFrame,
    held: pl.DataFrame,
    fresh: pl.DataFrame,
    into_title: str,
    share: float,
    gross: Cost,
    net: Cost,
    law: dict[str, Article],
) -> list[Reason]:
    found = []
    if held.height:
        departments = sorted({name for names in held["departments"].to_list() for name in names})
        whom = f"，{_listed(departments, 4)}已在收集" if departments else ""
        text = f"{items.height} 个数据项里 {held.height} 个不必再填：{_counts(held)}{whom}"
        found.append(Reason(text, (law["no_repeat"], law["once"])))
    if final == "合并":
        text = f"《{into_title}》已要了其中 {share:.0%}，只差 {fresh.height} 项（{_listed(fresh['path'].to_list())}）"
        found.append(Reason(text, (law["no_conflict"], law["once"])))
    elif fresh.height:
        found.append(
            Reason(f"真正要新填的 {fresh.height} 项：{_listed(fresh['path'].to_list())}", (law["records_first"],))
        )
    if gross.cells is not None and net.cells is not None:
        text = (
            f"照原样每年增加 {gross.cells:,.0f} 个单元格、{gross.hours:,.0f} 小时；"
            f"只填新增项为 {net.cells:,.0f} 个、{net.hours:,.0f} 小时"
        )
        found.append(Reason(text, (law["assess"],)))
    return found


def _to_do(
    proposal: Proposal,
    final: str,
    legal: Legality,
    times: Timing,
    clashes: tuple[Contradiction, ...],
    private: Privacy,
    into_title: str,
) -> tuple[str, ...]:
    found = []
    if legal.missing:
        found.append(f"在表的右上角标明{'、'.join(legal.missing)}")
    if legal.unsaid and proposal.origin == APPLIED:
        found.append(f"补充{'、'.join(legal.unsaid)}")
    if times.is_too_short:
        found.append(f"报送日期改到 {times.earliest} 或以后")
    if any(not clash.is_convertible for clash in clashes):
        paths = list(dict.fromkeys(clash.path for clash in clashes if not clash.is_convertible))
        found.append(f"把{_listed(paths)}改成在册口径，或改名并写明定义")
    if private.sensitive and not proposal.said.has_impact_assessment and final != "不需要":
        found.append("附个人信息保护影响评估报告，保存不少于三年")
    if final == "不需要":
        found.append("不另下发，按所列方式调取")
    elif final == "合并":
        found.append(f"与《{into_title}》的主管部门商定，把新增项加进该表，不另发新表")
    elif final == "精简后准入":
        found.append("删去已有和可推算的数据项，按所列方式调取")
    if final in ("精简后准入", "准入"):
        found.append("准入后在表的右上角标明准入编号和有效期限再下发")
    return tuple(found)


def _counts(held: pl.DataFrame) -> str:
    said = {"已有": "已有", "可推算": "可推算", "原表已有": "原表已准入"}
    numbers = dict(held.group_by("kind").len().iter_rows())
    return "、".join(f"{name} {numbers[kind]}" for kind, name in said.items() if kind in numbers)


def _listed(names: list[str], most: int = 6) -> str:
    shown = "、".join(name for name in names[:most])
    return f"{shown}等" if len(names) > most else shown


def as_record(found: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data for programs."""
    return {
        "verdict": found.name,
        "title": found.title,
        "then": found.then,
        "into": found.into,
        "reasons": [
            {"text": one.text, "articles": [str(article) for article in one.articles]} for one in found.reasons
        ],
        "to_do": list(found.to_do),
    }
