"""The publishing commands: versions and notices are listed; a database that cannot be had is said in words."""

import json

from typer.testing import CliRunner

from pipelines.store.snapshots import publish
from pipelines.store.workspace import Workspace
from pipelines.surface.commands import app


def oneform(home, *words):
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def write(text):
    def fill(folder):
        (folder / "views").mkdir()
        (folder / "views" / "A.parquet").write_text(text, encoding="utf-8")
        return {}

    return fill


def test_the_versions_and_the_rule_of_keeping_them(tmp_path):
    place = Workspace(tmp_path)
    old = publish(place.share, write("一"), now="2025-01-01T08:00:00")
    new = publish(place.share, write("二"), now="2025-02-01T08:00:00")
    rows = json.loads(oneform(tmp_path, "snapshots", "--json").stdout)
    assert [(row["version"], row["is_current"]) for row in rows] == [(new.version, True), (old.version, False)]
    assert "至少保存 1095 天" in oneform(tmp_path, "snapshots").stdout


def test_notices_are_listed_and_read(tmp_path):
    assert "没有数据契约变更通知" in oneform(tmp_path, "notices").stdout
    folder = tmp_path / "reports" / "变更通知" / "v1"
    folder.mkdir(parents=True)
    (folder / "县民政局.md").write_text("契约版本：1.0.0 → 2.0.0", encoding="utf-8")
    assert "县民政局" in oneform(tmp_path, "notices").stdout
    done = oneform(tmp_path, "notices", "--department", "县民政局", "--out", str(tmp_path / "all.md"))
    assert "1.0.0 → 2.0.0" in done.stdout
    assert (tmp_path / "all.md").read_text(encoding="utf-8") == "契约版本：1.0.0 → 2.0.0"


def test_what_keeps_a_snapshot_out_of_the_database(tmp_path):
    done = oneform(tmp_path, "publish", "--to", "postgres", "--url", "postgresql://nobody@127.0.0.1:1/x")
    assert (done.exit_code, "OF-419" in done.stdout) == (1, True)
    publish(Workspace(tmp_path).share, write("一"))
    done = oneform(tmp_path, "publish", "--to", "postgres")
    assert (done.exit_code, "OF-466" in done.stdout) == (1, True)
