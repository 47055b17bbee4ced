"""Snapshots: named by content, swapped whole, never changed."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from pipelines.store.snapshots import (
    RECORD,
    Refused,
    current,
    manifest,
    prune,
    publications,
    publish,
    verify,
    versions,
)
from schemas.faults.quality import COLUMN_MISSING
from tests.conftest import ROOT


def writer(text):
    def write(folder):
        (folder / "a").mkdir()
        (folder / "a" / "x.txt").write_text(text, encoding="utf-8")
        return {"as_of": "2025-12-31"}

    return write


def test_the_same_content_is_the_same_version_and_nothing_is_written_again(tmp_path):
    first = publish(tmp_path, writer("一"))
    when = (first.path / "a" / "x.txt").stat().st_mtime_ns
    again = publish(tmp_path, writer("一"))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.version == first.version
    assert (again.path / "a" / "x.txt").stat().st_mtime_ns == when
    assert versions(tmp_path) == [first.version]


def test_new_content_becomes_current_and_the_old_stays(tmp_path):
    first, second = publish(tmp_path, writer("一")), publish(tmp_path, writer("二"))
    assert current(tmp_path) == second.path
    assert (first.path / "a" / "x.txt").read_text(encoding="utf-8") == "一"
    assert publish(tmp_path, writer("一")).version == first.version
    assert current(tmp_path) == first.path


def test_a_failed_write_leaves_readers_where_they_were(tmp_path):
    first = publish(tmp_path, writer("一"))

    def broken(folder):
        (folder / "half.txt").write_text("…", encoding="utf-8")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        publish(tmp_path, broken)
    assert current(tmp_path) == first.path
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["current", first.version, RECORD])


def test_changed_missing_and_foreign_files_are_found(tmp_path):
    path = publish(tmp_path, writer("一")).path
    assert verify(path) == []
    assert manifest(path)["files"]["a/x.txt"]["bytes"] == 3
    (path / "a" / "x.txt").write_text("二", encoding="utf-8")
    (path / "new.txt").write_text("", encoding="utf-8")
    assert verify(path) == ["多出文件 new.txt", "文件被改动 a/x.txt"]


def test_nothing_published(tmp_path):
    assert current(tmp_path) is None
    assert versions(tmp_path / "none") == []


def test_what_breaks_its_contract_is_not_published(tmp_path):
    first = publish(tmp_path, writer("一"))
    broken = COLUMN_MISSING.at(table="V", column="姓名")
    with pytest.raises(Refused) as refused:
        publish(tmp_path, writer("二"), lambda aside, before: [broken])
    assert refused.value.findings == [broken]
    assert current(tmp_path) == first.path
    assert versions(tmp_path) == [first.version]


def test_what_is_added_by_comparison_is_in_the_manifest_but_names_no_version(tmp_path):
    def finish(aside, before):
        (aside / "comparison.json").write_text(before.name if before else "无", encoding="utf-8")
        return ()

    first = publish(tmp_path, writer("一"), finish)
    publish(tmp_path, writer("二"), finish)
    again = publish(tmp_path, writer("一"), finish)
    assert (again.version, again.is_new) == (first.version, False)
    assert "comparison.json" in manifest(first.path)["files"]
    assert verify(first.path) == []


BIG = """
import sys, time
from pathlib import Path
from pipelines.store.snapshots import publish

def write(folder):
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(sys.argv[2])
        print(number, flush=True)
        time.sleep(float(sys.argv[3]))
    return {"text": sys.argv[2]}

publish(Path(sys.argv[1]), write)
"""


def start(share, text, pause):
    command = [sys.executable, "-c", BIG, str(share), text, str(pause)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})


def test_readers_see_whole_snapshots_only_also_when_the_publisher_is_killed(tmp_path):
    first = publish(tmp_path, lambda folder: [(folder / f"{n:02}.txt").write_text("0") for n in range(40)] and {})
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            place = current(tmp_path)
            texts = {file.read_text(encoding="utf-8") for file in place.glob("*.txt")}
            seen.add((frozenset(texts), len(list(place.glob("*.txt"))), len(verify(place))))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        killed = start(tmp_path, "1", 0.01)
        for _ in range(20):
            killed.stdout.readline()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert current(tmp_path) == first.path
        assert [path for path in tmp_path.iterdir() if path.name.startswith(".aside")], "it was killed in the middle"
        assert start(tmp_path, "2", 0.005).wait() == 0
    finally:
        stop.set()
        reader.join()
    assert seen <= {(frozenset("0"), 40, 0), (frozenset("2"), 40, 0)}
    assert (frozenset("0"), 40, 0) in seen
    assert manifest(current(tmp_path))["text"] == "2"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".aside")]


def test_old_snapshots_are_kept_as_long_as_the_rule_says(tmp_path):
    for text, day in (("一", "2022-01-01"), ("二", "2022-02-01"), ("三", "2025-06-01"), ("四", "2025-07-01")):
        publish(tmp_path, writer(text), now=f"{day}T00:00:00")
    first, second, third, fourth = (line["version"] for line in publications(tmp_path))
    assert prune(tmp_path, 1095, 2, "2025-07-02", pinned=[first]) == []
    assert prune(tmp_path, 1095, 2, "2025-07-02") == [first], "the second was current until June 2025"
    assert set(versions(tmp_path)) == {second, third, fourth}
    assert prune(tmp_path, 0, 1, "2030-01-01") in ([second, third], [third, second])
    assert current(tmp_path).name == fourth
