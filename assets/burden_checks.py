"""Checks of the burden figures: they add up, nothing is negative, every report is in the baseline or listed."""

from collections.abc import Callable, Mapping, Sequence

import dagster as dg
import polars as pl

from assets.journey import WRITER_POOL
from assets.workspace import WorkspaceResource
from pipelines.burden.soundness import adds_up, negatives, reductions, unlisted
from pipelines.store.warehouse import TITLES, Warehouse

Frames = Mapping[str, pl.DataFrame]

RULES: Mapping[str, tuple[str, Callable[[Frames], Sequence[str]]]] = {
    "figures_add_up": (
        "各部门、层级、频率、对象类、变化类别相加等于全县，明细相加等于指标，比例等于分子÷分母",
        lambda held: adds_up(held["burden_figures"], held["burden_rows"]),
    ),
    "nothing_negative": (
        "报表、数据项、单元格、工时、次数都不是负数",
        lambda held: negatives(
            {TITLES[name]: held[name] for name in ("baseline", "burden_figures", "burden_rows", "burden_rebound")}
        ),
    ),
    "every_report_listed": (
        "报表清单里的每一张报表都在基线里，或者列出了不在的理由",
        lambda held: unlisted(held["reports"], held["baseline"], held["findings"].to_dicts()),
    ),
}
READ = ("reports", "baseline", "burden_figures", "burden_rows", "burden_rebound", "findings")


def burden_check(name: str) -> dg.AssetChecksDefinition:
    """Return one check of the burden figures; the county's figures stand beside it, so that Dagster plots them."""
    description, rule = RULES[name]

    @dg.asset_check(asset="burden_figures", name=name, description=description, pool=WRITER_POOL)
    def check(workspace: WorkspaceResource) -> dg.AssetCheckResult:
        with Warehouse(workspace.open().database) as warehouse:
            held = {table: warehouse.read(table) for table in READ}
        wrong = rule(held)
        lines = "\n".join(f"- {line}" for line in wrong[:50]) or "全部符合"
        return dg.AssetCheckResult(
            passed=not wrong,
            metadata={"不符合": len(wrong), "明细": dg.MetadataValue.md(lines)} | reductions(held["burden_figures"]),
        )

    return check


BURDEN_CHECKS = [burden_check(name) for name in RULES]
