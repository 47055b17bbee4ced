"""The commands of collection (requests, duplicates, plan, status, history), on a warehouse of the made-up county."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.commands import app
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, VILLAGES, Office, areas, id_number


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose eastern township has answered once."""
    folder = tmp_path_factory.mktemp("county")
    office = Office(folder / "office")
    filled = fill(office.issue("2025-12")[EAST], folder / "filled.xlsx")
    office.receive("2025-12", filled)
    workspace = Workspace(folder / "home")
    with Warehouse(workspace.database) as warehouse:
        frames = {name: frame for name, frame in office.frames.items() if name in ("elements", "reports")}
        warehouse.write(
            {**frames, "areas": areas(), "fill_plan": office.made.fill_plan},
            {
                "ledger_values": office.values,
                "submissions": office.submissions,
                "issued_workbooks": office.issued,
            },
        )
    return workspace


def say(place: Workspace, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--home", str(place.home)], env={"COLUMNS": "250"})
    return result.exit_code, result.output


def test_a_value_is_doubted_listed_and_left_as_it_is(place: Workspace) -> None:
    with Warehouse(place.database) as warehouse:
        before = warehouse.read("ledger_values")
    about = ("--subject", id_number(100), "--element", "姓名", "--department", "民政局", "--by", "李四")
    status, text = say(place, "correct", *about, "--reason", "与低保系统不一致", "--suggested", "李大山")
    assert status == 0, text
    assert "东镇的下一个工作簿" in text
    status, text = say(place, "corrections")
    assert status == 0
    assert "办理中" in text
    assert "试100" in text
    status, text = say(place, "corrections", "--json")
    assert '"state": "办理中"' in text
    with Warehouse(place.database) as warehouse:
        assert warehouse.read("ledger_values").equals(before)
        assert warehouse.read("correction_requests").height == 1


def test_a_value_that_is_not_there_cannot_be_doubted(place: Workspace) -> None:
    about = ("--subject", next(iter(VILLAGES)), "--element", "姓名", "--department", "民政局", "--by", "李四")
    status, text = say(place, "correct", *about, "--reason", "x")
    assert status == 1
    assert "没有可核实的值" in text


def test_duplicates_are_looked_for_once_and_listed(place: Workspace) -> None:
    status, text = say(place, "duplicates")
    assert status == 0, text
    assert "新发现 0 对" in text
    assert say(place, "duplicates", "--list", "--json")[0] == 0


def test_the_plan_is_printed_and_written(place: Workspace, tmp_path: Path) -> None:
    status, text = say(place, "plan", "--out", str(tmp_path / "方案.xlsx"))
    assert status == 0, text
    assert "GB 11643" in text
    assert (tmp_path / "方案.xlsx").exists()


def test_status_says_what_came_and_how_much_was_typed(place: Workspace) -> None:
    status, text = say(place, "status")
    assert status == 0, text
    assert "2025年12月报送情况" in text
    assert "全县：下发 2 个" in text
    assert "接收 1 个" in text


@pytest.mark.parametrize(
    ("period", "said"), [("2025-13", "这样的年月"), ("2031-01", "没有下发工作簿；最近一期是 2025-12")]
)
def test_status_of_no_period_says_so(place: Workspace, period: str, said: str) -> None:
    status, text = say(place, "status", "--period", period)
    assert (status, said in text) == (1, True), text


def test_history_shows_where_a_value_came_from(place: Workspace) -> None:
    status, text = say(place, "history", id_number(100), "姓名")
    assert status == 0, text
    assert "试100" in text
    assert "人员台账 " in text


@pytest.mark.parametrize(
    ("subject", "element", "said"),
    [("没有这个人", "姓名", "台账里没有“没有这个人”"), (id_number(100), "联系的电话", "相近的有：联系电话")],
)
def test_history_that_is_not_there_says_what_is(place: Workspace, subject: str, element: str, said: str) -> None:
    status, text = say(place, "history", subject, element)
    assert (status, said in text) == (1, True), text


def test_nothing_to_receive_is_said_before_anything_is_read(place: Workspace, tmp_path: Path) -> None:
    (tmp_path / "收回").mkdir()
    (tmp_path / "收回" / "~$打开着.xlsx").write_bytes(b"")
    status, text = say(place, "receive", str(tmp_path / "没有.xlsx"), str(tmp_path / "收回"))
    assert status == 1
    assert "没有这个文件" in text
    assert "0 个文件" in text
    assert "没有收到文件" in text
