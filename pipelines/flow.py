"""The journey: its steps in order, with what each reads and writes and the function of `pipelines.steps` that does it.

This is the only file that knows the order. Dagster makes an asset of each step (`assets/journey.py`); `run` walks the
same tuple without Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.step import Step, StepResult, run_step
from pipelines.steps import admission, burden, catalogue, collection, inputs, intake, sharing
from pipelines.store.workspace import Workspace

STEPS: tuple[Step, ...] = (
    Step(
        name="report_register",
        title="报表清单",
        group="intake",
        description="读入县里的报表清单和区划：哪个部门、凭什么依据、多久一次、向谁要哪张报表。",
        reads=(),
        writes=("reports", "areas"),
        work=intake.register,
        files=lambda place: (place.register, place.areas, place.requests, place.decisions),
    ),
    Step(
        name="report_fields",
        title="报表栏目",
        group="intake",
        description="读懂每张报表模板：表头路径、计量单位、填写单元格；读不准的列入问题清单。",
        reads=("reports",),
        writes=("templates", "report_fields", "template_checks"),
        work=intake.report_fields,
        files=lambda place: (*place.template_files(), *inputs.rule_files(place)),
    ),
    Step(
        name="baseline",
        title="负担基线",
        group="burden",
        description="整合之前每张报表要填什么、多久一次、向多少单位要：冻结一次，此后只出新版本，不改旧版本。",
        reads=("reports", "report_fields", "areas"),
        consults=("baseline",),
        writes=("baseline",),
        work=burden.baseline,
        files=inputs.rule_files,
    ),
    Step(
        name="data_elements",
        title="数据元目录",
        group="catalogue",
        description="把各部门的栏目归并为数据元；拿不准的留给数据管理员判定，判定随时可撤回。",
        reads=("report_fields", "template_checks"),
        consults=("elements", "element_map", "element_successors"),
        writes=(
            "verdicts",
            "elements",
            "element_map",
            "element_successors",
            "field_meanings",
            "derivations",
            "review_pairs",
        ),
        work=catalogue.data_elements,
        files=inputs.rule_files,
    ),
    Step(
        name="fill_plan",
        title="填报方案",
        group="collection",
        description="每个数据元只向一处要一次；能推算的、别处已有的不要，并写明理由。",
        reads=("reports", "report_fields", "elements", "element_map", "field_meanings", "derivations"),
        writes=("fill_plan", "populations"),
        work=collection.fill_plan,
        files=inputs.rule_files,
    ),
    Step(
        name="fill_once_workbooks",
        title="一次填报工作簿",
        group="collection",
        description="每个乡镇每期一个 Excel 工作簿：已知的都预填好，只填新的和变了的。",
        reads=(
            *("fill_plan", "elements", "element_successors", "reports", "areas"),
            *("correction_requests", "possible_duplicates"),
        ),
        consults=("ledger_values", "issued_workbooks", "report_fields", "element_map", "template_checks"),
        writes=("issued_workbooks",),
        work=collection.fill_once_workbooks,
        files=inputs.rule_files,
        kinds=("excel",),
        is_by_period=True,
    ),
    Step(
        name="submissions",
        title="报送",
        group="collection",
        description="收件箱里的工作簿：先存档再读，整本接收或整本退回；退回的附一份标好错误的副本。",
        reads=("fill_plan", "elements", "element_successors", "areas", "issued_workbooks", "arrivals"),
        consults=(
            *("report_fields", "element_map", "template_checks", "ledger_values", "submissions"),
            *("correction_requests", "possible_duplicates"),
        ),
        writes=("submissions", "ledger_values", "arrivals", "submission_findings", "fill_times"),
        work=collection.submissions,
        files=lambda place: place.inbox_files(),
        kinds=("duckdb", "excel"),
    ),
    Step(
        name="ledgers",
        title="台账",
        group="collection",
        description="按对象汇成的台账：人员、户、房屋、单位……和指标台账；每个值都能查到来自哪个文件的哪个单元格。",
        reads=("ledger_values", "elements", "element_successors", "fill_plan"),
        writes=(),
        work=collection.wide_ledgers,
        kinds=("parquet",),
    ),
    Step(
        name="share_snapshot",
        title="共享快照",
        group="sharing",
        description="每张报表一个共享视图，按部门自己的列名、单位、代码、日期写法；并原样填好部门自己的模板。",
        reads=(*sharing.SHARED, "ledger_values", "element_successors"),
        consults=("templates",),
        writes=("share_views",),
        work=sharing.share_snapshot,
        files=lambda place: (*place.template_files(), *inputs.rule_files(place), *sharing.standing(place)),
        follows=("ledgers",),
        kinds=("duckdb", "parquet", "excel"),
    ),
    Step(
        name="admission_register",
        title="准入登记",
        group="admission",
        description="哪些报表可以下发、到什么时候；模板改了什么；法定期限到没到；哪些报表绕过了准入。",
        reads=("reports", "templates", "report_fields", "share_views", "submissions", "baseline"),
        consults=("admitted_fields", "template_changes", "admission_clocks", "off_register"),
        writes=admission.TABLES,
        work=admission.keep,
        files=admission.journals,
    ),
    Step(
        name="burden_figures",
        title="负担指标",
        group="burden",
        description="整合前后的报表、数据项、单元格和工时：每个数字都有分子、分母、算法，能展开到背后的每一个栏目。",
        reads=(
            *(*burden.COUNTED, "ledger_values", "element_successors", "share_views", "verdicts", "fill_times"),
            "admission_register",
        ),
        writes=("burden_figures", "burden_rows", "burden_rebound"),
        work=burden.burden,
        files=inputs.rule_files,
    ),
)


def run(workspace: Workspace, period: str = "", today: str = "", only: Sequence[str] = ()) -> list[StepResult]:
    """Walk the journey without Dagster and return how each step went. only: names of steps, all when empty."""
    return [run_step(step, workspace, period=period, today=today) for step in STEPS if not only or step.name in only]
