"""Expectations of published views: what an auditor may rely on, checked by Great Expectations in a process of its own.

Great Expectations reads pandas frames, takes seconds to import and prints failing values; so it stays behind this seam:
suites go in as JSON, results come back as JSON without a value, and its Data Docs are stripped of everything that would
be loaded from a network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines import rulebook
from schemas.faults import Finding
from schemas.faults import quality as faults

RESULTS = "results.json"
INDEX = "index.html"
DATA_DOCS = "数据质量"
"""Folder of the workspace's reports in which the pages lie."""


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
    rules = rulebook.rows("expectations", own_rules, key=("key", "match", "physical"))
    found = []
    for file in sorted(snapshot.rglob("*.parquet")):
        described = file.with_suffix(".json")
        if not described.exists():
            continue
        made = json.loads(described.read_text(encoding="utf-8"))
        if "columns" in made:
            found.append(_suite(file, made, rules))
    return found


def check(snapshot: Path, out: Path, own_rules: Path | None = None) -> list[Finding]:
    """Check every view of a snapshot, write results.json and pages into `out`, and return what failed.

    Raises subprocess.CalledProcessError when Great Expectations itself breaks.
    """
    made = suites(snapshot, own_rules)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "suites.json"
        given.write_text(json.dumps([asdict(suite) for suite in made], ensure_ascii=False), encoding="utf-8")
        environment = os.environ | {"GX_ANALYTICS_ENABLED": "false", "PYTHONUTF8": "1", "TQDM_DISABLE": "1"}
        command = [sys.executable, "-m", "pipelines.quality.great_worker", str(given), str(out)]
        root = Path(__file__).resolve().parents[2]
        subprocess.run(command, check=True, cwd=root, env=environment, capture_output=True, text=True)
    results = json.loads((out / RESULTS).read_text(encoding="utf-8"))
    return findings(results)


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
            if column.get(rule["key"]) == rule["match"] and column["physicalType"].split("(")[0] == rule["physical"]:
                expected.append(
                    Expectation(rule["expectation"], json.loads(rule["kwargs"]), column["name"], rule["text"])
                )
    return Suite(made["id"], made["name"], made["tenant"], str(file), tuple(expected))
