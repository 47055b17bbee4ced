"""How fast pages come over HTTP: 20 departments at once on a ledger view of ten million rows, beside a plain peer.

The peer is what one writes in an hour: FastAPI over DuckDB with LIMIT and OFFSET, no policy, no masks, no log. Both
run as processes of their own on loopback, in the same run, one after the other. The gate: p95 under 300 ms for a page
of a thousand rows (DHIS2's export has it for up to five users).
"""

from __future__ import annotations

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import httpx
import polars as pl
import pyarrow.parquet as pq

from pipelines.sharing import tokens
from pipelines.sharing.export import ROW_GROUP
from pipelines.store.own_tables import append_rows
from pipelines.store.workspace import Workspace
from tests import small_share as small

ROWS = int(os.environ.get("ONEFORM_BENCH_ROWS", "10000000"))
CHUNK = 1_000_000
COLUMNS = 12
DEPARTMENTS, PAGE = 20, 1000
PAGES = min(40, ROWS // 100 // PAGE - 2)
VILLAGES = [f"532328{100 + n // 10}{n % 10 + 1:03d}" for n in range(100)]


def run() -> dict[str, float]:
    """Return seconds of pages (median, p95) of the interface and of the peer, and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        place = Workspace(Path(name) / "county")
        view = _publish(place)
        secrets = _departments(place)
        figures: dict[str, float] = {"rows": float(ROWS)}
        command = [sys.executable, "-c", "from assets.console import main; main()", "serve", "--port"]
        with _Server(command, {"ONEFORM_HOME": str(place.home)}) as server:
            figures |= _measure("serve", server, [lambda c, v, m, s=s: _page(c, s, v, m) for s in secrets])
        peer = [sys.executable, "-c", PEER, str(view)]
        with _Server(peer, {}) as server:
            figures |= _measure("peer", server, [_peer_page] * DEPARTMENTS)
        figures["p95_to_peer_ratio"] = figures["serve_p95_s"] / figures["peer_p95_s"]
        return figures


class _Server:
    """A server process that is up when the block begins and gone when it ends."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._command, self._environment = [*command, str(self.port)], environment

    def __enter__(self) -> _Server:
        self._process = subprocess.Popen(self._command, env=os.environ | self._environment, stdout=subprocess.DEVNULL)
        for _ in range(240):
            try:
                httpx.get(self.url, timeout=5)
                return self
            except httpx.TransportError:
                time.sleep(0.25)
        raise TimeoutError(self.url)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)


def _measure(label, server, askers):
    """Let every department turn PAGES pages of a village of its own, all at once; its first page is not counted."""
    times, lock, start = [], threading.Lock(), threading.Barrier(len(askers))

    def work(number, ask):
        village = VILLAGES[random.Random(number).randrange(len(VILLAGES))]
        with httpx.Client(base_url=server.url, timeout=120) as client:
            mark = ask(client, village, None)
            start.wait()
            for _ in range(PAGES):
                begin = time.perf_counter()
                mark = ask(client, village, mark)
                took = time.perf_counter() - begin
                with lock:
                    times.append(took)

    threads = [threading.Thread(target=work, args=(n, ask)) for n, ask in enumerate(askers)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) != len(askers) * PAGES:
        raise AssertionError(f"{label}: {len(times)} pages")
    ordered = sorted(times)
    return {
        f"{label}_median_s": statistics.median(ordered),
        f"{label}_p95_s": ordered[int(len(ordered) * 0.95) - 1],
        f"{label}_pages_per_s": len(times) / (time.perf_counter() - begin),
    }


def _page(client, secret, village, mark):
    params = {"purpose": "核对", "area": village, "limit": PAGE} | ({"cursor": mark} if mark else {})
    answer = client.get("/v1/views/B_1/rows", params=params, headers={"Authorization": f"Bearer {secret}"})
    head = json.loads(answer.content[: answer.content.index(b', "rows"')] + b"}")
    if answer.status_code != 200 or head["total"] != ROWS // len(VILLAGES):
        raise AssertionError(answer.text[:200])
    return head["next"]


def _peer_page(client, village, mark):
    answer = client.get("/rows", params={"area": village, "limit": PAGE, "offset": mark or 0})
    if answer.status_code != 200 or len(answer.content) < 1000:
        raise AssertionError(answer.text[:200])
    return (mark or 0) + PAGE


def _publish(place):
    """Publish a ledger view of ROWS rows, sorted by area as all views are."""
    names = [f"列{i}" for i in range(COLUMNS)]
    fields = [
        small.column(n, "敏感个人信息" if i == 2 else "一般", data_type="text", label="姓名")
        for i, n in enumerate(names)
    ]
    made = small.contract("B_1", small.OWNER, "测量", fields)
    frame = pl.DataFrame(schema={n: pl.String for n in ("_subject_key", "_area_code", "_period")})
    folder = small.publish(place.share, views=[(made, frame)])
    pl.DataFrame(
        [("532328000000", "元谋县", "县", None), *((v, v, "村", "532328000000") for v in VILLAGES)],
        schema=dict.fromkeys(("area_code", "area_name", "area_level", "parent_code"), pl.String),
        orient="row",
    ).write_parquet(folder / "areas.parquet")
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    facts["departments"] = [f"部门{n}" for n in range(DEPARTMENTS)]
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    view = folder / "views" / "B_1.parquet"
    writer = None
    for start in range(0, ROWS, CHUNK):
        number = pl.int_range(start, min(start + CHUNK, ROWS), eager=True)
        places = pl.Series(sorted(VILLAGES)).gather((number * len(VILLAGES) // ROWS).cast(pl.UInt32))
        data = {"_subject_key": "S" + number.cast(pl.String).str.zfill(9), "_area_code": places}
        data["_period"] = pl.repeat("", len(number), eager=True)
        for i, name in enumerate(names):
            noise = number.hash(i)
            data[name] = (
                "值" + (noise % (997 * (i + 1))).cast(pl.String) if i % 2 == 0 else (noise % 100_000).cast(pl.Int64)
            )
        table = pl.DataFrame(data).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(view, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    writer.close()
    return view


def _departments(place):
    names = [f"部门{n}" for n in range(DEPARTMENTS)]
    small.write_grants(place.rules, [small.grant(f"G{n}", name, "B_1") for n, name in enumerate(names)])
    issued = [tokens.issue(f"T{n}", name, "2099-12-31", "2025-01-01", "测量", "") for n, name in enumerate(names)]
    append_rows(place.rules, tokens.TABLE, tokens.COLUMNS, [row for _, row in issued])
    return [secret for secret, _ in issued]


PEER = textwrap.dedent("""
    import sys
    import duckdb, uvicorn
    from fastapi import FastAPI, Response
    app, view = FastAPI(), sys.argv[1]
    base = duckdb.connect()
    @app.get("/rows")
    def rows(area: str, limit: int, offset: int):
        sql = f"SELECT * FROM read_parquet('{view}') WHERE _area_code = ? LIMIT ? OFFSET ?"
        page = base.cursor().sql(sql, params=[area, limit, offset]).pl()
        return Response(page.write_json(), media_type="application/json")
    @app.get("/")
    def up():
        return {}
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
""")
