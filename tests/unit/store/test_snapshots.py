"""Snapshots: named by content, swapped whole, never changed."""

import pytest

from pipelines.store.snapshots import current, manifest, publish, verify, versions


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
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["current", first.version])


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
