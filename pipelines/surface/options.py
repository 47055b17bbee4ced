"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option("--home", envvar="ONEFORM_HOME", help="工作区文件夹；不写就用环境变量 ONEFORM_HOME，再不然用 data/"),
]
Period = Annotated[str, typer.Option("--period", help="报告期，如 2025-12")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]
