"""The command line complains and helps in Chinese."""

import re

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("pull --nonsense", "没有选项 --nonsense"),
        ("pull --departmen x", "相近的有：--department"),
        ("pull --out", "选项 --out 后面要写值"),
        ("pull", "缺少选项 --department"),
        ("history 1", "缺少参数"),
        ("history a b c", "多出了参数 c"),
        ("nonsense", "没有命令 nonsense"),
        ("dev --port x", "选项 --port 的值"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(call: str, said: str, capsys) -> None:
    from assets.console import app

    with pytest.raises(SystemExit) as end:
        app(call.split())
    told = capsys.readouterr().err
    assert end.value.code == 2
    assert said in told
    assert "OF-040" in told
    assert "--help" in told


@pytest.mark.parametrize("call", ["--help", "pull --help", "audit --help", "history --help", "review export --help"])
def test_help_has_no_english_sentence(call: str, capsys) -> None:
    from assets.console import app

    with pytest.raises(SystemExit) as end:
        app(call.split())
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert "用法：" in shown
    assert "选项" in shown
    assert not re.search(r"\b(Usage|Options|Arguments|Commands|required|default|env var|Show this)\b", shown)


@pytest.mark.parametrize("call", ["--help", "history --help", "catalogue --help"])
def test_no_sentence_is_cut(call: str, capsys, monkeypatch) -> None:
    from assets.console import app

    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        app(call.split())
    assert "… │" not in capsys.readouterr().out


def test_the_sample_of_commands_is_complete() -> None:
    """Every command that README names exists."""
    from assets.console import app

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    import typer

    known = set(typer.main.get_command(app).commands)
    assert {name for name in re.findall(r"^\$ oneform (\w+)", readme, re.MULTILINE)} <= known
