"""Every command in README.md works on the demonstration's workspace and prints what README.md says.

In an expected output "…" stands for anything (times, hashes, the home folder).
"""

import re
import shlex
from pathlib import Path

import pytest

from tests.integration.conftest import ROOT, oneform

pytestmark = pytest.mark.xdist_group("demo")
BLOCK = re.compile(r"```console\n(.*?)```", re.S)


def examples():
    """Return (command, expected lines) of every `$ oneform …` in the README's console blocks, in order."""
    found = []
    for block in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found and line.strip():
                found[-1][1].append(line)
    return [(command, lines) for command, lines in found if command.startswith("oneform")]


def pattern(line):
    return re.compile(r"\s+".join(re.escape(part).replace("…", ".*") for part in line.split()))


def test_the_readme_shows_commands():
    assert len(examples()) >= 8


@pytest.mark.parametrize(("command", "expected"), examples(), ids=lambda value: value if isinstance(value, str) else "")
def test_command_prints_what_the_readme_says(command, expected, demo, monkeypatch, tmp_path):
    home, printed = demo
    words = shlex.split(command)[1:]
    if words == ["demo"]:
        output = printed
    else:
        words = [
            str(tmp_path / Path(word).name) if previous in ("--out", "--rows") else word
            for previous, word in zip(["", *words], words, strict=False)
        ]
        done = oneform(home, *words)
        assert "Traceback" not in done.stderr, done.stderr
        output = done.stdout + done.stderr
    flat = " ".join(output.split())
    for line in expected:
        assert pattern(line).search(flat), f"not printed: {line}\n{output}"
