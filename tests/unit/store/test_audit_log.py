"""The log shows every change, gap and reorder, offline."""

import json

import pytest

from pipelines.store.audit_log import append, head, read, verify

ENTRY = {
    "at": "2025-12-31T09:00:00",
    "department_name": "县民政局",
    "view_name": "MZ01_1",
    "snapshot": "v1",
    "purpose": "核对",
    "area_code": "532328000000",
    "column_names": "姓名",
    "row_count": 3,
    "outcome": "提供",
    "reason": "授权 G1",
    "content_hash": "ab",
}


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.jsonl"
    for count in range(5):
        append(path, ENTRY | {"row_count": count})
    return path


def rewrite(log, change):
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")


def forged(line, **changes):
    return json.dumps(json.loads(line) | changes, ensure_ascii=False, sort_keys=True)


def test_an_untouched_log_is_whole(log):
    assert verify(log, [head(log)]) == []
    assert read(log)["entry_no"].to_list() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda x: [x[0], forged(x[1], row_count=99), *x[2:]], {"OF-431"}),
        (lambda x: [x[0], *x[2:]], {"OF-432", "OF-433"}),
        (lambda x: [x[1], x[0], *x[2:]], {"OF-432", "OF-433"}),
        (lambda x: [*x[:2], "{", *x[2:]], {"OF-430"}),
        (lambda x: x[1:], {"OF-432", "OF-433"}),
    ],
)
def test_every_change_is_seen(log, change, codes):
    rewrite(log, change)
    assert {finding.code for finding in verify(log)} == codes


def test_a_cut_end_is_seen_with_an_exported_head(log):
    known = head(log)
    rewrite(log, lambda lines: lines[:3])
    assert verify(log) == []
    assert [finding.code for finding in verify(log, [known])] == ["OF-434"]


def test_an_incomplete_entry_is_not_written(log):
    with pytest.raises(KeyError):
        append(log, {"at": "x"})
    assert verify(log, [head(log)]) == []
    assert head(log)["entry_no"] == 5
