"""Receives workspaces in processes that may be killed: python -m tests.unit.collection.receiving FILES_PER_GROUP.

A line on standard input names a workspace. A process is forked to receive it; "begins <pid>" and, once it ended,
"ended <status>" are written. Forked, so that a hundred kills need not wait for a hundred imports; nothing is imported
at the top, because the processes that receiving starts import this module too.
"""

import os
import sys
from pathlib import Path


def serve(files_per_group: int) -> None:
    """Receive one workspace after the other until the input ends."""
    from pipelines.store import receiving, reception, warehouse, workspace

    reception.GROUP_FILES = files_per_group
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            place = workspace.Workspace(Path(line.strip()))
            with warehouse.Warehouse(place.database) as opened:
                tables = {name: opened.read(name) for name in receiving.READ}
                print("begins", os.getpid(), flush=True)
                receiving.receive_waiting(place, tables, opened.write, opened.lookup, "2026-01-20T09:00:00")
            sys.stdout.flush()
            os._exit(0)
        print("ended", os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
