"""Commands of the HTTP interface: serve, tokens."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.chinese import ChineseTyper
from pipelines.surface.options import Home

tokens_app = ChineseTyper(help="取数接口的令牌：签发、吊销、列出。")
PORT = 8765


def add_to(app: typer.Typer, panel: str) -> None:
    """Add the commands to the command line."""
    app.command("serve", rich_help_panel=panel)(serve)
    app.add_typer(tokens_app, name="tokens", rich_help_panel=panel)


def serve(
    host: Annotated[str, typer.Option(help="监听地址；只在内网、有证书时才监听 0.0.0.0")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = PORT,
    workers: Annotated[int, typer.Option(help="进程数", min=1, max=64)] = 1,
    cert: Annotated[Path | None, typer.Option(help="证书文件（PEM），给了就用 HTTPS")] = None,
    key: Annotated[Path | None, typer.Option(help="私钥文件（PEM）")] = None,
    home: Home = None,
) -> None:
    """打开取数接口：部门凭令牌取回自己的报表；发布新版本时不中断，不用重启。"""
    import uvicorn

    from pipelines.store.workspace import open_workspace

    place = open_workspace(home)
    os.environ["ONEFORM_HOME"] = str(place.home)
    typer.echo(f"取数接口 {'https' if cert else 'http'}://{host}:{port}  工作区 {place.home}  按 Ctrl+C 停止")
    uvicorn.run(
        "pipelines.surface.serve.app:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        ssl_certfile=str(cert) if cert else None,
        ssl_keyfile=str(key) if key else None,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


@tokens_app.command("issue")
def issue(
    department: Annotated[str, typer.Option("--department", help="给哪个部门")],
    until: Annotated[str, typer.Option("--until", help="有效期止 YYYY-MM-DD")],
    by: Annotated[str, typer.Option("--by", help="经办人")],
    reason: Annotated[str, typer.Option("--reason", help="用于什么")] = "",
    home: Home = None,
) -> None:
    """签发令牌：只在这里显示一次，工作区里只存它的哈希。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.token_desk import issue_token

    raise typer.Exit(issue_token(open_workspace(home), department, until, by, reason))


@tokens_app.command("revoke")
def revoke(
    token_id: Annotated[str, typer.Argument(help="令牌编号")],
    by: Annotated[str, typer.Option("--by", help="经办人")],
    reason: Annotated[str, typer.Option("--reason", help="为什么吊销")],
    home: Home = None,
) -> None:
    """吊销令牌，立即生效。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.token_desk import revoke_token

    raise typer.Exit(revoke_token(open_workspace(home), token_id, by, reason))


@tokens_app.command("list")
def list_tokens(home: Home = None) -> None:
    """列出令牌：编号、部门、有效期、是否吊销。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.token_desk import print_tokens

    raise typer.Exit(print_tokens(open_workspace(home)))
