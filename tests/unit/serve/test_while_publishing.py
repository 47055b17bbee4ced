"""Readers are never blocked by publishing and never see half of it; many threads keep one chain."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.store import audit_log
from pipelines.store.audit_queue import LogQueue
from tests import small_share as small
from tests.unit.serve.conftest import Asker

VERSIONS = 5


def test_pages_come_whole_from_one_version_while_others_are_published(owner, place):
    seen, stop = [], threading.Event()

    def ask():
        asker = Asker(type(owner.client)(owner.client.app), owner.secret)
        while not stop.is_set():
            answer = asker.get(f"/v1/views/{small.ROSTER}/rows", purpose="核对")
            assert answer.status_code == 200
            seen.append((answer.json()["version"], answer.json()["total"]))

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        for number in range(2, VERSIONS + 1):
            small.publish(place.share, f"v{number}", rows_each=number)
            while not any(version == f"v{number}" for version, _ in list(seen)):
                assert not any(one.done() for one in asking)
        stop.set()
        for one in asking:
            one.result()
    rows = {"v1": 12} | {f"v{n}": 4 * n for n in range(2, VERSIONS + 1)}
    assert set(seen) <= set(rows.items())
    assert {f"v{n}" for n in range(2, VERSIONS + 1)} <= {version for version, _ in seen}
    assert audit_log.verify(place.pull_log) == []
    assert audit_log.read(place.pull_log).height == len(seen)


ENTRY = dict.fromkeys(
    ("department_name", "view_name", "snapshot", "purpose", "area_code", "column_names", "reason", "content_hash"), ""
) | {"at": "2026-01-01T00:00:00", "row_count": 0, "outcome": "提供"}


def test_a_queue_gives_everybody_his_own_receipt(tmp_path):
    log = tmp_path / "log.jsonl"
    queue = LogQueue(log)
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(lambda n: queue.append(ENTRY | {"purpose": str(n)}), range(100)))
    assert [one["purpose"] for one in written] == [str(n) for n in range(100)]
    assert sorted(one["entry_no"] for one in written) == list(range(1, 101))
    assert audit_log.verify(log, written) == []


def test_a_queue_that_cannot_write_says_so_to_everybody(tmp_path):
    (tmp_path / "log.jsonl").mkdir()
    queue = LogQueue(tmp_path / "log.jsonl")
    for _ in range(2):
        with pytest.raises(OSError, match=r"log\.jsonl"):
            queue.append(ENTRY)
