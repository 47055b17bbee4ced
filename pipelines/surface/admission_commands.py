"""Commands of the gate: admit, admit decide, refuse, register."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.surface.chinese import ChineseGroup, ChineseTyper
from pipelines.surface.options import AsJson, Home

PANEL = "准入"
SUBCOMMANDS = ("decide", "check", "-h", "--help")
Department = Annotated[str, typer.Option("--department", help="哪个部门要的")]
Frequency = Annotated[str, typer.Option("--frequency", help="填报频率，如 每月、每年、一次性")]
Respondents = Annotated[str, typer.Option("--respondents", help="由谁填：村、乡镇、县、户、个人、单位")]
Due = Annotated[str, typer.Option("--due", help="要求报送的日期，如 2026-12-05")]
Issued = Annotated[str, typer.Option("--issued", help="下发日期；不写就是今天")]
Title = Annotated[str, typer.Option("--title", help="报表名称；不写就用表上的标题")]
Out = Annotated[Path | None, typer.Option("--out", help="意见和函件放到哪个文件夹；不写就放工作区 admission/")]
Today = Annotated[str, typer.Option("--as-of", help="按哪一天算；不写就是今天")]


class Gate(ChineseGroup):
    """`admit FILE…` checks; `admit decide …` records a decision: the first word tells which."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the hidden command for checking before words that name no command."""
        if args and args[0] not in SUBCOMMANDS:
            args = ["check", *args]
        return super().parse_args(ctx, args)


admit_app = ChineseTyper(
    cls=Gate,
    help="准入：新表或改版的表下发之前，先看哪些已有、哪些真要新填。\n\noneform admit 文件… --department 部门；"
    "oneform admit - 从标准输入读一段聊天消息；oneform admit decide … 记录人的决定。",
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(admit_app, name="admit", rich_help_panel=PANEL)
    app.command("refuse", rich_help_panel=PANEL)(refuse)
    app.command("register", rich_help_panel=PANEL)(register)


@admit_app.command("check")
def check(
    files: Annotated[list[str], typer.Argument(help="空白报表（Excel、Word、栏目清单、文本）；- 表示从标准输入读消息")],
    department: Department = "",
    frequency: Frequency = "",
    respondents: Respondents = "",
    basis: Annotated[str, typer.Option("--basis", help="填报依据：法律、文件名称和文号")] = "",
    due: Due = "",
    issued: Issued = "",
    title: Title = "",
    seen_by: Annotated[
        str, typer.Option("--seen-by", help="已经收到这张表的乡镇、村；写了就按“已下发”登记，不算申请")
    ] = "",
    impact_assessment: Annotated[
        bool, typer.Option("--impact-assessment", help="已附个人信息保护影响评估报告")
    ] = False,
    out: Out = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不受理、不登记")] = False,
    today: Today = "",
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """（可省略）检查一张表：oneform admit 文件… --department 部门。"""
    from pipelines.admission.proposal import Said
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.gate import print_admission

    said = Said(
        department_name=department,
        title=title,
        frequency=frequency,
        respondent_level=respondents,
        legal_basis=basis,
        issued=issued,
        due=due,
        seen_by=seen_by,
        has_impact_assessment=impact_assessment,
    )
    raise typer.Exit(print_admission(open_workspace(home), files, said, out, dry_run, today, as_json))


@admit_app.command("decide")
def decide(
    request_id: Annotated[str, typer.Argument(help="受理编号，如 SQ-2026-0001")],
    decision: Annotated[
        str, typer.Option("--decision", help="不需要、合并、精简后准入、准入、退回补正、延期、撤销")
    ] = "",
    decided_by: Annotated[str, typer.Option("--by", help="谁决定的：单位和姓名、会议名称")] = "",
    reason: Annotated[str, typer.Option("--reason", help="理由")] = "",
    until: Annotated[str, typer.Option("--until", help="准入的有效期到哪一天；不写就按最长期限")] = "",
    into: Annotated[str, typer.Option("--into", help="合并到哪张在册报表的编号")] = "",
    today: Today = "",
    home: Home = None,
) -> None:
    """记录人的决定：谁、何时、为什么；准入的给编号和有效期。只追加，不改写。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.gate import print_decision

    raise typer.Exit(print_decision(open_workspace(home), request_id, decision, decided_by, reason, until, into, today))


def refuse(
    file: Annotated[str, typer.Argument(help="收到的表；- 表示从标准输入读消息")],
    department: Department = "",
    township: Annotated[str, typer.Option("--township", help="哪个乡镇、村答复")] = "",
    due: Due = "",
    issued: Issued = "",
    title: Title = "",
    out: Out = None,
    today: Today = "",
    home: Home = None,
) -> None:
    """乡镇答复部门：没有标识、过期、未经准入的表，依法不填，并说明去哪里取数。"""
    from pipelines.admission.proposal import Said
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.gate import print_refusal

    said = Said(department_name=department, title=title, issued=issued, due=due, seen_by=township or "乡镇")
    raise typer.Exit(print_refusal(open_workspace(home), file, said, township, out, today))


def register(
    show: Annotated[
        str, typer.Option("--show", help="在册、到期、改版、申请、期限、体外循环、逐月；不写就看概况")
    ] = "",
    department: Annotated[str, typer.Option("--department", help="只看一个部门")] = "",
    today: Today = "",
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """准入登记：编号、有效期、改版、法定期限、体外循环。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.register_list import print_register

    raise typer.Exit(print_register(open_workspace(home), show, department, today, as_json))
