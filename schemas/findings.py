"""The findings table: everything that was wrong with what people gave, by stage."""

from __future__ import annotations

from schemas.model import Table, must, text


class Findings(Table):
    """A row per finding; replaced stage by stage, so the table always tells the state of now."""

    stage: str = must("环节")
    code: str = must("代码")
    severity: str = must("程度", isin=("error", "warning", "info"))
    title: str = must("问题")
    message: str = must("情况")
    remedy: str = must("下一步")
    report_id: str = text("报表编号")
    file: str = text("文件")
    sheet: str = text("工作表")
    cell: str = text("单元格")
