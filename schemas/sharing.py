"""What departments may have, and what was given to them."""

from __future__ import annotations

from schemas.model import Table, must, text

GIVEN, REFUSED, CLEARED, CHANGED = "提供", "拒绝", "清理", "授权"
"""Outcomes in the log: data left; nothing left; old entries went after their time of keeping; a grant was changed."""

AREA_GRAIN = "一个区划一个报告期"
"""The grain of a view over areas: its rows are all areas in every period, sums of upper areas among them."""


class ShareViews(Table):
    """The share views of a snapshot, a row per table of a report; sql is the text over the ledgers, for auditors."""

    view_name: str = must("视图", unique=True)
    report_id: str = must("报表编号")
    table_no: int = must("表序")
    department_name: str = must("部门")
    title: str = must("名称")
    grain: str = must("一行是什么")
    column_names: str = must("列")
    sql: str = must("算法")
    row_count: int = must("行数")
    content_hash: str = must("内容哈希")


class Grants(Table):
    """Who may pull what, for which purpose, on which legal basis; everything else is refused (条例 13–15, 20–22)."""

    grant_id: str = must("授权编号", unique=True)
    department_name: str = must("部门")
    view_name: str = must("视图")
    column_names: str = must("列")
    area_code: str = must("范围")
    purpose: str = must("用途")
    legal_basis: str = must("使用依据")
    valid_from: str = must("起")
    valid_until: str = must("止")
    granted_by: str = must("授权人")
    share_type: str = text("共享类型")
    scenario: str = text("使用场景")
    application_id: str = text("申请编号")


class PullLog(Table):
    """Every pull and every refusal, written before data leaves; each row holds the hash of the one before."""

    entry_no: int = must("序号", unique=True)
    at: str = must("时间")
    department_name: str = must("部门")
    view_name: str = must("视图")
    snapshot: str = must("版本")
    purpose: str = must("用途")
    area_code: str = must("范围")
    column_names: str = must("列")
    row_count: int = must("行数")
    outcome: str = must("结果", isin=(GIVEN, REFUSED, CLEARED, CHANGED))
    reason: str = must("理由")
    content_hash: str = must("内容哈希")
    previous_hash: str = must("前一条哈希")
    entry_hash: str = must("本条哈希")
    channel: str = text("途径")
    caller: str = text("经手")
    period: str = text("报告期")
    view_version: str = text("视图版本")
