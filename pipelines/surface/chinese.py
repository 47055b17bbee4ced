"""The command line speaks Chinese: Typer's own words in help pages and in what it says of a wrong call.

Typer hands its titles through gettext but not the messages it took from Click, and a catalogue of translations would
need the user's locale to be set; so the words are put in where Typer lets a program put its own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from schemas.faults.workspace import WRONG_CALL

TITLES = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "REQUIRED_LONG_STRING": "[必填]",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
}

MESSAGES: Sequence[tuple[str, str]] = (
    (
        r"No such option: (?P<name>\S+?)\.?(?: \(Possible options: (?P<others>.+)\))?",
        "没有选项 {name}，相近的有：{others}",
    ),
    (r"No such command '(?P<name>[^']*)'\..*", "没有命令 {name}"),
    (r"Missing command\.", "没有写要做什么"),
    (r"Missing option '(?P<name>[^']*)'\..*", "缺少选项 {name}"),
    (r"Missing argument '(?P<name>[^']*)'\..*", "缺少参数 {name}"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.*)\)", "多出了参数 {name}"),
    (r"Option '(?P<name>[^']*)' requires .*", "选项 {name} 后面要写值"),
    (r"Option '(?P<name>[^']*)' does not take a value\.", "选项 {name} 后面不写值"),
    (r"Invalid value for '(?P<name>[^']*)': .*'(?P<value>[^']*)'.*", "选项 {name} 的值“{value}”不合要求"),
    (r"Invalid value for '(?P<name>[^']*)': .*", "选项 {name} 的值不合要求"),
)
"""What Typer says of a wrong call → what we say. A name that was not given takes its half sentence with it."""


def in_chinese(message: str) -> str:
    """Return what Typer says of a wrong call, in Chinese; what we do not know stays as it is.

    >>> in_chinese("No such option: --nonsense"), in_chinese("Missing option '--department'.")
    ('没有选项 --nonsense', '缺少选项 --department')
    """
    for pattern, wording in MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            given = found.groupdict()
            words = wording.split("，") if not all(given.values()) else [wording]
            return "，".join(words[:1]).format(**given)
    return message


class _Chinese:
    """What commands and groups say the same way."""

    def get_usage(self, ctx: Any) -> str:
        """Return the line that shows how the command is called."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace("Usage: ", "用法：").replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …")

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option that shows the help page."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示用法"
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        from typer import rich_utils

        from pipelines.surface.tables import Table

        for name, title in TITLES.items():
            setattr(rich_utils, name, title)
        vars(rich_utils).update(Table=Table, Columns=_one_text)
        super().format_help(ctx, formatter)  # type: ignore[misc]


def _one_text(parts: Sequence[Any]) -> Any:
    """Return the parts of a hint (text, default, required) as one text that is broken anywhere."""
    from rich.text import Text

    text = Text(" ").join(part if isinstance(part, Text) else Text(str(part)) for part in parts)
    text.overflow = "fold"
    return text


class ChineseCommand(_Chinese, TyperCommand):
    """A command whose help is Chinese."""


class ChineseGroup(_Chinese, TyperGroup):
    """A group of commands whose help and complaints are Chinese."""

    def main(self, args: Sequence[str] | None = None, *others: Any, standalone_mode: bool = True, **more: Any) -> Any:  # type: ignore[override]
        """Run; a wrong call ends with what is wrong and where the usage is, on the error stream, with status 2."""
        try:
            result = super().main(args, *others, standalone_mode=False, **more)  # type: ignore[misc]
        except typer.Abort:
            print("已中止。", file=sys.stderr)  # noqa: T201 - rich is not loaded for one line
            raise SystemExit(130) from None
        except _WRONG as complaint:
            error: Any = complaint
            said = error.format_message().strip()
            if not said:  # called without a command: the help was shown
                raise SystemExit(error.exit_code) from None
            call = error.ctx.command_path if error.ctx else "oneform"
            finding = WRONG_CALL.at(detail=in_chinese(said))
            print(f"{finding}查看用法：{call} --help", file=sys.stderr)  # noqa: T201
            raise SystemExit(error.exit_code) from None
        if standalone_mode:
            raise SystemExit(result if isinstance(result, int) else 0)
        return result


class ChineseTyper(typer.Typer):
    """A Typer whose commands speak Chinese."""

    def __init__(self, cls: type[ChineseGroup] = ChineseGroup, *, no_args_is_help: bool = True, **more: Any) -> None:
        super().__init__(cls=cls, no_args_is_help=no_args_is_help, **more)

    def command(self, *args: Any, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # type: ignore[override]
        """Return the decorator that makes a function a command."""
        return super().command(*args, cls=ChineseCommand, **more)


_WRONG: type[Exception] = typer.BadParameter.__mro__[1]
"""Typer's class of all complaints about a call (UsageError), which it does not name in public."""
