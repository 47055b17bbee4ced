"""For random sets of grants no path (command line, HTTP pages, HTTP files, filled report) gives a cell that the grants
deny. The oracle is written down anew here, cell by cell, from what a grant means; it does not use the policy's code.

`make policy` tries 1,000 sets; here fewer.
"""

import csv
import io
import json
import os
import random

import polars as pl
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pipelines.store import audit_log
from pipelines.store.workspace import Workspace
from pipelines.surface.commands import app as command_line
from pipelines.surface.serve.app import create_app
from tests import small_share as small
from tests.unit.serve.conftest import token_of

SETS = int(os.environ.get("ONEFORM_GRANT_SETS", "40"))
DEPARTMENTS = (small.OWNER, small.OTHER, small.THIRD)
NAMES = [c[0] for c in small.COLUMNS]
LEVEL = {c[0]: c[1] for c in small.COLUMNS}
AREAS = list(small.AREAS)
PURPOSES = ("核对", "履行职责：资格审核", "*")
STATED = ("核对", "资格审核", "统计", "")
COUNTS = ("区划代码", "区划名称", "报告期", "低保人数")


def random_grants(dice):
    """Return up to six grants; some are over, some not yet begun, some for the own view of a department."""
    grants = []
    for number in range(dice.randrange(7)):
        view = dice.choice((small.ROSTER, small.STATISTICS, "MZ01", "*"))
        names = NAMES if view != small.STATISTICS else list(COUNTS)
        chosen = dice.choice(("*", "；".join(dice.sample(names, dice.randint(1, len(names)))), "*；残疾等级"))
        years = dice.choice((("2025-01-01", "2099-12-31"), ("2020-01-01", "2024-12-31"), ("2098-01-01", "2099-12-31")))
        department, purpose = dice.choice(DEPARTMENTS), dice.choice(PURPOSES)
        grants.append(
            small.grant(
                f"G{number}", department, view, chosen, dice.choice(AREAS), purpose, start=years[0], end=years[1]
            )
        )
    return grants


def inside(area, scope):
    return area.startswith(scope.rstrip("0") if scope[6:] == "000000" else scope[:9] if scope[9:] == "000" else scope)


def allowed(grants, department, view, purpose, area):
    """Return column → True (in the clear) or False (masked): what the grants let leave. Empty: nothing."""
    owner = {small.ROSTER: small.OWNER, small.STATISTICS: small.THIRD}[view]
    aliases = {"*", view, view[:-2]}
    names = NAMES if view == small.ROSTER else list(COUNTS)
    mine = [g for g in grants if g["department_name"] == department and g["view_name"] in aliases]
    is_mentioned = any(g["department_name"] == owner and g["view_name"] in (view, view[:-2]) for g in grants)
    if not purpose:
        return {}
    if department == owner and not is_mentioned:
        return dict.fromkeys(names, True)
    found = {}
    for grant in mine:
        granted_for = {grant["purpose"], *grant["purpose"].split("：")}
        if not grant["valid_from"] <= "2026-06-01" <= grant["valid_until"]:
            continue
        if grant["purpose"] != "*" and purpose not in granted_for:
            continue
        if not inside(area, grant["area_code"]):
            continue
        listed = grant["column_names"].split("；")
        for name in names:
            if name == "举报人" and department != owner:
                continue
            if name in listed:
                found[name] = True
            elif "*" in listed:
                is_clear = LEVEL.get(name) != "敏感个人信息" or department == owner
                found[name] = found.get(name, False) or is_clear
    return found


def small_counts():
    """Return the (area, period) cells of the statistics that no other department may see."""
    return {
        (area, period)
        for period in ("2025-11", "2025-12")
        for area in small.VILLAGES
        if small.PEOPLE[area] < 5 or any(small.PEOPLE[v] < 5 for v in small.VILLAGES if v[:9] == area[:9])
    }


def truth(view, area):
    frame = (small.roster() if view == small.ROSTER else small.statistics()).filter(
        pl.col("_area_code").map_elements(lambda code: inside(code, area), return_dtype=pl.Boolean)
    )
    return frame.rows(named=True)


def assert_cells(cells, view, department, area, may):
    """Every given cell is one that may be given: right rows, right columns, in the clear only where allowed."""
    rows = truth(view, area)
    assert len(cells) == len(rows)
    owner = small.OWNER if view == small.ROSTER else small.THIRD
    hidden = small_counts() if view == small.STATISTICS and department != owner else set()
    for given, true in zip(cells, rows, strict=True):
        assert set(given) <= set(may), "a column without a grant"
        for name, value in given.items():
            shown = "" if value is None else str(value)
            if name == "低保人数" and (true["_area_code"], true["_period"]) in hidden:
                assert shown == ""
            elif may[name]:
                assert shown == str(true[name]) or float(shown) == float(true[name])
            else:
                assert shown != str(true[name])
                assert "*" in shown


def through_http(client, secret, view, params):
    got = client.get(
        f"/v1/views/{view}/rows", params=params | {"limit": 7}, headers={"Authorization": f"Bearer {secret}"}
    )
    if got.status_code != 200:
        return None
    page = got.json()
    cells = page["rows"]
    while page["next"]:
        again = params | {"limit": 7, "cursor": page["next"]}
        page = client.get(f"/v1/views/{view}/rows", params=again, headers={"Authorization": f"Bearer {secret}"}).json()
        cells += page["rows"]
    return cells


def through_file(client, secret, view, params, form):
    answer = client.get(
        f"/v1/views/{view}/data", params=params | {"format": form}, headers={"Authorization": f"Bearer {secret}"}
    )
    if answer.status_code != 200:
        return None
    if form == "parquet":
        return pl.read_parquet(answer.content).rows(named=True)
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def through_commands(home, out, department, view, params):
    words = ["pull", "--department", department, "--report", view, "--purpose", params["purpose"], "--home", str(home)]
    words += ["--area", params["area"], "--format", "json", "--out", str(out)]
    done = CliRunner().invoke(command_line, words)
    if done.exit_code:
        assert not out.exists()
        return None
    cells = json.loads(out.read_text(encoding="utf-8"))
    out.unlink()
    return cells


def through_report(client, secret, params):
    answer = client.get("/v1/reports/MZ01/file", params=params, headers={"Authorization": f"Bearer {secret}"})
    if answer.status_code != 200:
        return None
    lines = list(csv.reader(io.StringIO(answer.content.decode("gb18030"))))
    return [{n: v for n, v in zip(lines[0], line, strict=True) if v} for line in lines[1:]]


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    place = Workspace(tmp_path_factory.mktemp("county"))
    small.publish(place.share, row_group=5)  # a village of three lies in one or two row groups
    secrets = {name: token_of(place, name, number=f"T{n}") for n, name in enumerate(DEPARTMENTS)}
    return place, TestClient(create_app(place)), secrets


def test_no_path_gives_a_cell_that_the_grants_deny(county, tmp_path, monkeypatch):
    place, client, secrets = county
    monkeypatch.setattr("pipelines.surface.counter.now", lambda: "2026-06-01T10:00:00")
    monkeypatch.setattr("pipelines.surface.serve.app.now", lambda: "2026-06-01T10:00:00")
    given = refused = 0
    for number in range(SETS):
        dice = random.Random(number)
        grants = random_grants(dice)
        small.write_grants(place.rules, grants)
        os.utime(place.rules / "grants.csv", ns=(number, number))
        department, view = dice.choice(DEPARTMENTS), dice.choice((small.ROSTER, small.STATISTICS))
        purpose, area = dice.choice(STATED), dice.choice(AREAS)
        params = {"purpose": purpose, "area": area}
        may = allowed(grants, department, view, purpose, area)
        answers = [
            through_http(client, secrets[department], view, params),
            through_file(client, secrets[department], view, params, "csv"),
            through_file(client, secrets[department], view, params, "parquet"),
            through_commands(place.home, tmp_path / "out.json", department, view, params),
        ]
        if view == small.ROSTER:
            answers.append(through_report(client, secrets[department], params))
        for cells in answers:
            assert (cells is not None) == bool(may), (number, grants, department, view, params)
            if cells is not None:
                assert_cells(cells, view, department, area, may)
        given, refused = given + bool(may), refused + (not may)
    assert min(given, refused) >= SETS / 10, "the sets try both"
    assert audit_log.verify(place.pull_log) == []
