"""Expectations of published views: what an auditor may rely on, checked by Great Expectations in a process of its own.

Great Expectations reads pandas frames, takes seconds to import and prints failing values; so it stays behind this seam:
suites go in as JSON, results come back as JSON without a value, and its Data Docs are stripped of everything that would
be loaded from a network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipelines import rulebook
from schemas.faults import Finding
from schemas.faults import quality as faults

RESULTS = "results.json"
PAGES = "pages"
QUALITY = "quality"
"""Folder of a snapshot in which results and pages lie."""
DATA_DOCS = "数据质量"
"""Folder of the workspace's reports with the pages of the current snapshot."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation: Great Expectations' name and arguments, and its words in Chinese. column: "" for the table."""

    kind: str
    kwargs: Mapping[str, Any]
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one view. file: its Parquet."""

    view: str
    title: str
    department_name: str
    file: str
    expectations: tuple[Expectation, ...]


def suites(snapshot: Path, own_rules: Path | None = None) -> list[Suite]:
    """Return a suite per view of a snapshot folder, made from the view's contract (JSON beside its Parquet) and rules.

    Always expected: the contract's number of rows and columns, and no key twice. Per column: the template's own options
    and the rows of expectations.csv that fit the column.
    """
    made = [suite_of(file, own_rules) for file in sorted(snapshot.rglob("*.parquet"))]
    return [suite for suite in made if suite is not None]


def suite_of(file: Path, own_rules: Path | None = None) -> Suite | None:
    """Return the suite of one view's Parquet; None when no contract lies beside it."""
    described = file.with_suffix(".json")
    made = json.loads(described.read_text(encoding="utf-8")) if described.exists() else {}
    if "columns" not in made:
        return None
    return _suite(file, made, rulebook.rows("expectations", own_rules, key=("key", "match", "physical")))


class Examination:
    """Great Expectations in a process of its own, given one view at a time: it works while the next is being made.

    Importing it takes seconds, so it is started when the making begins. Use as a context: what is not asked for in the
    end is stopped.
    """

    def __init__(self, own_rules: Path | None = None) -> None:
        self._rules = own_rules
        self._count = 0

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._said = (Path(self._folder.name) / "stderr").open("w+", encoding="utf-8")
        environment = os.environ | {"GX_ANALYTICS_ENABLED": "false", "PYTHONUTF8": "1", "TQDM_DISABLE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.quality.great_worker", self._folder.name],
            cwd=Path(__file__).resolve().parents[2],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._said.close()
        self._folder.cleanup()

    @property
    def process_id(self) -> int:
        """The process's number, for who watches what it uses."""
        return self._process.pid

    def add(self, file: Path) -> None:
        """Have a view checked. file: its Parquet, with its contract (JSON) beside it; both must stay until the end."""
        suite = suite_of(file, self._rules)
        if suite is None:
            return
        given = Path(self._folder.name) / f"{self._count:03d}.json"
        given.write_text(json.dumps(asdict(suite), ensure_ascii=False), encoding="utf-8")
        self._count += 1
        self._tell(given.name + "\n")

    def findings(self, out: Path) -> list[Finding]:
        """Wait for the end, put results.json and the pages into `out`, and return what failed.

        Raises subprocess.CalledProcessError when Great Expectations itself breaks.
        """
        self._tell("")
        if code := self._process.wait():
            self._said.seek(0)
            raise subprocess.CalledProcessError(code, self._process.args, stderr=self._said.read())
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(Path(self._folder.name) / PAGES, out)
        return findings(json.loads((out / RESULTS).read_text(encoding="utf-8")))

    def _tell(self, line: str) -> None:
        """Name a file to the process, "" for the end; that it broke is found out and said at the end."""
        if self._process.stdin is None or self._process.stdin.closed:
            return
        with suppress(BrokenPipeError):
            if line:
                self._process.stdin.write(line)
                self._process.stdin.flush()
            else:
                self._process.stdin.close()


def check(snapshot: Path, out: Path, own_rules: Path | None = None) -> list[Finding]:
    """Check every view of a snapshot, write results.json and pages into `out`, and return what failed."""
    with Examination(own_rules) as examination:
        for file in sorted(snapshot.rglob("*.parquet")):
            examination.add(file)
        return examination.findings(out)


def show_quality(snapshot: Path, out: Path) -> list[Finding] | None:
    """Copy a snapshot's pages into `out` for people, and return what failed; None when it was published unexamined."""
    if not (snapshot / QUALITY).exists():
        return None
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(snapshot / QUALITY, out)
    return findings(json.loads((out / RESULTS).read_text(encoding="utf-8")))


def findings(results: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Return a finding for every expectation that failed or could not be checked (content of results.json)."""
    found = []
    for view in results:
        for result in view["results"]:
            place = {"view": view["view"], "expected": result["text"]}
            if result["error"]:
                found.append(
                    faults.EXPECTATION_UNCHECKED.at(
                        file=view["view"], why=result["error"], column=result["column"], **place
                    )
                )
            elif not result["is_met"]:
                fault = faults.EXPECTATION_FAILED if result["column"] else faults.EXPECTATION_OF_TABLE
                found.append(
                    fault.at(file=view["view"], column=result["column"], count=result["unexpected_count"], **place)
                )
    return found


def _suite(file: Path, made: Mapping[str, Any], rules: Sequence[Mapping[str, str]]) -> Suite:
    expected = [
        Expectation("expect_table_row_count_to_equal", {"value": made["rowCount"]}, "", f"共 {made['rowCount']} 行"),
    ]
    given = [column for column in made["columns"] if column["isGiven"]]
    names = [column["name"] for column in given]
    if names:
        expected.append(
            Expectation(
                "expect_table_columns_to_match_set",
                {"column_set": names, "exact_match": False},
                "",
                f"有契约写明的 {len(names)} 列",
            )
        )
    keys = list(made.get("keys", ()))
    if len(keys) > 1:
        expected.append(
            Expectation("expect_compound_columns_to_be_unique", {"column_list": keys}, "", "没有两行是同一对象同一期")
        )
    for column in given:
        if column.get("options"):
            kwargs = {"value_set": list(column["options"])}
            text = "取值在模板的选项之内"
            expected.append(Expectation("expect_column_values_to_be_in_set", kwargs, column["name"], text))
        for rule in rules:
            is_meant = (
                column.get(rule["key"]) == rule["match"] and column["physicalType"].split("(")[0] == rule["physical"]
            )
            if is_meant and not ((unless := rule.get("unless")) and re.search(unless, column["name"])):
                expected.append(
                    Expectation(rule["expectation"], json.loads(rule["kwargs"]), column["name"], rule["text"])
                )
    return Suite(made["id"], made["name"], made["tenant"], str(file), tuple(expected))
