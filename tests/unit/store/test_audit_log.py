"""The log shows every change, gap and reorder, offline."""

import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.store import audit_parts
from pipelines.store.audit_keeping import clear, keep_until, readers, repair, rotate
from pipelines.store.audit_log import append, head, read, verify
from pipelines.store.audit_parts import parts

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
        (lambda x: x[1:], {"OF-432"}),
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


def many(log, who):
    for count in range(20):
        append(log, ENTRY | {"purpose": f"{who}-{count}"})


def test_processes_and_threads_write_one_chain(log):
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=many, args=(log, f"进程{n}")) for n in range(2)]
    for process in processes:
        process.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: many(log, f"线程{n}"), range(4)))
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert verify(log, [head(log)]) == []
    assert read(log)["entry_no"].to_list() == list(range(1, 5 + 120 + 1))
    assert read(log)["purpose"].n_unique() == 120 + 1


def test_the_chain_runs_through_closed_parts(log, monkeypatch):
    known = head(log)
    rotate(log)
    append(log, ENTRY)
    monkeypatch.setattr(audit_parts, "part_bytes", lambda: 0)
    append(log, ENTRY)  # every part is full at once
    append(log, ENTRY)
    assert [part.name for part in parts(log)] == [
        "0000000001-0000000005.jsonl",
        "0000000006-0000000006.jsonl",
        "0000000007-0000000007.jsonl",
        "log.jsonl",
    ]
    assert verify(log, [known, head(log)]) == []
    assert read(log).height == 8
    (parts(log)[1]).unlink()
    assert {finding.code for finding in verify(log)} == {"OF-432", "OF-433"}


def test_old_parts_go_after_three_years_and_the_rest_stays_provable(log, tmp_path):
    receipt, last = {"entry_no": 2, "entry_hash": read(log)["entry_hash"][1]}, head(log)
    rotate(log)
    assert clear(log, "2028-12-31T00:00:00", "县数据局") == [], "on the last day of three years it is still kept"
    assert clear(log, "2029-01-01T00:00:00", "县数据局") == ["0000000001-0000000005.jsonl"]
    append(log, ENTRY)
    assert verify(log, [receipt, last, head(log)]) == []
    assert read(log)["outcome"].to_list() == ["清理", "提供"]
    rewrite(log, lambda lines: lines[1:])
    assert [finding.code for finding in verify(log)] == ["OF-432"], "without the entry that says so, it is a gap"


def test_a_county_cannot_keep_less_than_three_years(tmp_path):
    (tmp_path / "audit.toml").write_text("[log]\nkeep_years = 1\n", encoding="utf-8")
    assert keep_until("2025-01-31T00:00:00", tmp_path) == "2028-01-31"


def test_line_ends_of_unicode_do_not_break_a_line(log):
    append(log, ENTRY | {"purpose": "核\x85对\u2028一\u2029下\x0c\r\n"})
    assert verify(log, [head(log)]) == []
    assert read(log)["purpose"][-1] == "核\x85对\u2028一\u2029下\x0c\r\n"


def test_a_torn_last_line_stops_the_log_until_it_is_put_aside(log):
    with log.open("a", encoding="utf-8") as handle:
        handle.write('{"at": "2025-')
    assert {finding.code for finding in verify(log)} == {"OF-435"}
    with pytest.raises(ValueError, match="torn"):
        append(log, ENTRY)
    assert repair(log).read_text(encoding="utf-8") == '{"at": "2025-'
    append(log, ENTRY)
    assert verify(log) == []
    assert repair(log) is None


def test_a_township_sees_who_read_its_data(log):
    append(log, ENTRY | {"area_code": "532328101000", "department_name": "县残联"})
    append(log, ENTRY | {"area_code": "532328102000", "department_name": "县卫健局"})
    append(log, ENTRY | {"area_code": "532328101001", "department_name": "县医保局", "outcome": "拒绝", "row_count": 0})
    append(log, ENTRY | {"area_code": "532328101002", "department_name": "县教体局"})
    found = readers(log, "532328101000")
    assert found["department_name"].to_list() == ["县教体局", "县残联", *["县民政局"] * 4]
    assert readers(log, "532328102001")["department_name"].to_list() == ["县卫健局", *["县民政局"] * 4]
