"""The forms of what the interface answers; OpenAPI shows them to departments."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Refused(BaseModel):
    """拒绝：只有代码、原因和下一步，没有任何数据值。"""

    code: str = Field(description="问题代码，如 OF-413")
    title: str = Field(description="原因")
    remedy: str = Field(description="下一步怎么办")
    log_number: int = Field(description="这次拒绝在调取日志里的序号")


class GrantShown(BaseModel):
    """一条授权。"""

    grant_id: str = Field(description="授权编号")
    area_code: str = Field(description="范围：12 位区划代码")
    purpose: str = Field(description="用途；* 表示履行本部门职责")
    legal_basis: str = Field(description="使用依据")
    valid_until: str = Field(description="有效期止")


class ViewShown(BaseModel):
    """本部门可取的一个视图。"""

    view: str = Field(description="视图名")
    report: str = Field(description="报表编号")
    title: str = Field(description="名称")
    department: str = Field(description="报表所属部门")
    columns: list[str] = Field(description="可取的列，按部门自己的顺序")
    masked: list[str] = Field(description="其中遮盖后提供的列")
    grants: list[GrantShown] = Field(description="所依据的授权")
    rows: int | None = Field(description="全县行数；授权范围不到全县时不给")


class ViewList(BaseModel):
    """可取的视图清单。"""

    version: str = Field(description="快照版本")
    month: str = Field(description="最新报告月")
    views: list[ViewShown]


class ColumnShown(BaseModel):
    """一列的出处。"""

    name: str = Field(description="列名")
    dataType: str = Field(description="数据类型")
    unit: str | None = Field(None, description="计量单位")
    elementName: str | None = Field(None, description="数据元")
    source: str | None = Field(None, description="来源台账")
    sourceDepartment: str | None = Field(None, description="数源部门")
    rule: str | None = Field(None, description="换算规则")
    freshAt: str | None = Field(None, description="最新数据的入账时间")
    missing: float | None = Field(None, description="缺失比例，0 到 1")


class ViewDescription(ViewShown):
    """一个视图的说明。"""

    version: str = Field(description="快照版本")
    frequency: str = Field(description="频率")
    grain: str = Field(description="一行是什么")
    schema_: list[ColumnShown] = Field(alias="schema", description="可取的列及其出处")


class Page(BaseModel):
    """一页数据。"""

    view: str = Field(description="视图名")
    version: str = Field(description="快照版本；翻页时不变")
    area_code: str = Field(description="范围")
    period: str = Field(description="报告期；空表示全部")
    total: int = Field(description="符合条件的总行数")
    start: int = Field(description="本页第一行的序号，从 0 起")
    columns: list[str] = Field(description="列，按顺序")
    masked: list[str] = Field(description="其中遮盖后提供的列")
    next: str | None = Field(description="下一页的翻页标记；没有下一页时为空")
    rows: list[dict[str, Any]] = Field(description="数据行")


class LogEntries(BaseModel):
    """本部门的调取日志，新的在前。"""

    entries: list[dict[str, Any]] = Field(description="日志记录，含哈希，可离线核对")
