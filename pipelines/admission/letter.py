"""The letters: the reviewer's opinion to the department, and the township's lawful reply that it will not fill."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines import workdays
from pipelines.admission.articles import articles
from pipelines.admission.examine import Report
from pipelines.admission.marks import plain

MOST_ITEMS = 12


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to send. body: (kind, text), kind ∈ "head", "text", "item". to, sender, day: as printed."""

    title: str
    number: str
    to: str
    body: tuple[tuple[str, str], ...]
    sender: str
    day: str

    def as_text(self) -> str:
        """Return the letter as plain text."""
        lines = [self.title, *([self.number] if self.number else []), "", f"{self.to}：", ""]
        for kind, text in self.body:
            lines += ["", text] if kind == "head" else [f"　　{text}"]
        return "\n".join([*lines, "", f"　　　　　　　　{self.sender}", f"　　　　　　　　{self.day}", ""])


def opinion(report: Report, request_id: str, sender: str = "") -> Letter:
    """Return the reviewer's opinion on a form, ready to send to the department. sender: the county data bureau."""
    proposal, verdict = report.proposal, report.verdict
    body: list[tuple[str, str]] = [
        (
            "text",
            f"你单位{'申请下发' if report.clock else '下发'}的《{proposal.title}》收悉。"
            "经与本县报表清单和数据元目录逐项比对，提出审查意见如下，供集体研究决定。",
        ),
        ("head", f"一、建议：{verdict.title}"),
        *(("item", f"{number}. {reason}。") for number, reason in enumerate(verdict.reasons, start=1)),
    ]
    sections = [("逐项情况", _by_kind(report)), ("怎样取得已有的数据", _how(report))]
    sections += [("与在册口径不一致的", _clashes(report)), ("时限和频率", _times(report))]
    sections += [("可以换下来的报表", _exchange(report)), ("请办理", [f"{text}。" for text in verdict.to_do])]
    for number, (title, lines) in enumerate([(t, lines) for t, lines in sections if lines], start=2):
        body.append(("head", f"{'一二三四五六七八九'[number - 1]}、{title}"))
        body += [("item", f"{at}. {line}" if len(lines) > 1 else line) for at, line in enumerate(lines, start=1)]
    if report.clock:
        term = report.clock.clock
        body.append(
            (
                "text",
                f"本件自 {report.today} 受理，应在 {report.clock.due} 前作出决定（{term.days} 个工作日，"
                f"可以延长 {term.extension_days} 个工作日；{term.basis}）。",
            )
        )
    body.append(("text", "本意见由系统按规则拟出，最终决定由审查机关作出。"))
    return Letter(
        "关于报表准入的审查意见",
        request_id,
        proposal.said.department_name,
        tuple(body),
        sender or f"{plain(report.county_name) or '县'}数据局",
        in_words(report.today),
    )


def refusal(report: Report, reasons: list[str], township: str, own: Path | None = None) -> Letter:
    """Return a township's reply that it does not fill a form. reasons: why, as `grounds` gives them."""
    law = articles(own)
    proposal = report.proposal
    body: list[tuple[str, str]] = [
        (
            "text",
            f"你单位要求填报的《{proposal.title}》（{report.items.height} 项"
            f"{f'，要求 {in_words(proposal.said.due)}报送' if proposal.said.due else ''}）收悉，"
            "感谢对基层工作的支持。经核对，这张表暂不具备填报条件，特作说明：",
        ),
        ("head", "一、理由"),
        *(("item", f"{number}. {reason}。") for number, reason in enumerate(reasons, start=1)),
        (
            "text",
            f"{law['marks'].law}（{law['marks'].article}）规定：{law['marks'].text}。"
            f"{law['once'].law}要求{law['once'].text}。{law['no_repeat'].law}{law['no_repeat'].article}规定：{law['no_repeat'].text}。",
        ),
    ]
    held = report.count("已有", "原表已有", "可推算")
    if held:
        body.append(("head", f"二、其中 {held} 项县里已经有，可以直接取得"))
        body += [("item", line) for line in _how(report)]
    fresh = report.count("新增", "相近但不同")
    number = "三" if held else "二"
    body.append(("head", f"{number}、建议"))
    if fresh:
        names = "、".join(_labels(report, "新增", "相近但不同"))
        body.append(
            (
                "text",
                f"确需新收集的 {fresh} 项（{names}），请先向县数据局申请准入，取得准入编号和有效期限后再下发；"
                f"审查期限 {workdays.clock('admission', own).days} 个工作日。我们收到有编号的报表后按时如实填报。",
            )
        )
    else:
        body.append(("text", "全部数据项都可以通过共享取得，不需要再由基层填报。"))
    body.append(("text", "情况紧急、涉及防汛抗旱、疫情、灾情等突发事件的，请注明依据，我们先行配合、事后补办手续。"))
    return Letter(
        f"关于《{proposal.title}》填报事项的复函",
        "",
        proposal.said.department_name,
        tuple(body),
        township or "（填报单位）",
        in_words(report.today),
    )


def grounds(report: Report) -> list[str]:
    """Return why a form may be refused: unmarked, run out, or not admitted; empty when it must be filled."""
    found = []
    known = report.known
    if known is None:
        found.append("这张表不在本县报表清单上，没有准入编号")
    elif known.valid_until and known.valid_until < report.today:
        found.append(f"《{known.title}》（{known.control_no}）的有效期到 {known.valid_until}，已经过期")
    elif not known.is_identical:
        found.append(f"与准入的《{known.title}》（{known.control_no}）不一致，改动的部分没有重新准入")
    elif known.missing:
        found.append(f"清单上的《{known.title}》没有{known.missing}")
    if found and report.legal.missing:
        found.append(f"表头没有标明{'、'.join(report.legal.missing)}")
    if report.legal.expired_on:
        found.append(f"表上的有效期到 {report.legal.expired_on}，已经过期")
    if found and report.times.is_too_short:
        times = report.times
        found.append(f"从下发到报送只有 {times.days} 个工作日，核实这些数据至少要 {times.least} 个工作日")
    return list(dict.fromkeys(found))


def in_words(day: str) -> str:
    """Return a day as letters print it.

    >>> in_words("2026-03-05")
    '2026年3月5日'
    """
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"


def _labels(report: Report, *kinds: str) -> list[str]:
    labels = [row["label"] for row in report.items.iter_rows(named=True) if row["kind"] in kinds]
    return [*labels[:MOST_ITEMS], f"等 {len(labels)} 项"] if len(labels) > MOST_ITEMS else labels


def _by_kind(report: Report) -> list[str]:
    said = {
        "已有": "已有，不再填",
        "原表已有": "原表已准入，照旧",
        "可推算": "可由已有数据算出，不再填",
        "相近但不同": "与已有数据项相近，请核对是否同一口径",
        "新增": "确属新增",
    }
    return [
        f"{title}的 {report.count(kind)} 项：{'、'.join(_labels(report, kind))}。"
        for kind, title in said.items()
        if report.count(kind)
    ]


def _how(report: Report) -> list[str]:
    numbers = dict(report.items.select("item_no", "label").iter_rows())
    found = []
    for source in report.where.sources:
        labels = [numbers[number] for number in source.items]
        fresh = f"，数据更新到 {source.fresh_at}" if source.fresh_at else ""
        shown = "、".join(labels[:MOST_ITEMS]) + (f"等 {len(labels)} 项" if len(labels) > MOST_ITEMS else "")
        how = f"已有授权，可以直接取：{source.command}" if source.command else source.application
        found.append(f"{shown}：在{source.department_name}《{source.title}》{fresh}。{how}")
    if report.whom.text:
        found.append(report.whom.text)
    if report.where.computed:
        shown = "、".join(numbers[number] for number in report.where.computed)
        found.append(f"{shown}：不用填，由已有数据推算，请县数据局在共享视图里提供。")
    if report.where.unpublished:
        rest = [numbers[number] for number in report.where.unpublished]
        shown = "、".join(rest[:MOST_ITEMS]) + (f"等 {len(rest)} 项" if len(rest) > MOST_ITEMS else "")
        found.append(f"{shown}：目录里已有，还没有发布到共享视图，请向数源部门申请共享。")
    return found


def _clashes(report: Report) -> list[str]:
    return [f"“{clash.path}”：{clash.difference}。" for clash in report.clashes if not clash.is_convertible]


def _times(report: Report) -> list[str]:
    return [finding.message.rstrip("。") + "。" + finding.remedy for finding in report.times.findings]


def _exchange(report: Report) -> list[str]:
    return [
        f"《{one.title}》（{one.report_id}）：{one.why}"
        + (f"，每年 {one.cells:,.0f} 个单元格。" if one.cells is not None else "。")
        for one in report.exchanges
    ]
