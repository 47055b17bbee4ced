"""What came back: every arrival, and what was found in every file. Both are append-only."""

from __future__ import annotations

from schemas.model import Table, must, text

AGAIN = "再次报送"
"""The outcome of a file whose content was received before."""


class Arrivals(Table):
    """The log of arrivals, a row each time a file came, also when its content had come before.

    kept_as: its name in the folder 收到 once it is dealt with; while the file still lies in the inbox, a kill
    interrupted the handing out of its receipt, and the next run finishes that.
    """

    arrival_id: str = must("到件编号", unique=True)
    submission_id: str = must("报送编号")
    file_name: str = must("文件名")
    arrived_at: str = must("到件时间")
    period: str = must("接收时的报告期")
    outcome: str = must("结果", isin=("接收", "退回", AGAIN))
    kept_as: str = must("存放名")
    receipt_file: str = must("回执")


class SubmissionFindings(Table):
    """What was found in each received file, a row per finding, in the order of finding; kept for good."""

    submission_id: str = must("报送编号")
    code: str = must("代码")
    severity: str = must("程度", isin=("error", "warning", "info"))
    title: str = must("问题")
    message: str = must("情况")
    remedy: str = must("下一步")
    file: str = text("文件")
    sheet: str = text("工作表")
    cell: str = text("单元格")
