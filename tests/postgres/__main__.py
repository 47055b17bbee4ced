"""Runs the PostgreSQL suite: a server of its own on loopback, as an unprivileged user, in a folder that goes away.

python -m tests.postgres [pytest arguments]
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Start the server, run the tests, stop the server; returns pytest's exit status."""
    programs = _programs()
    if programs is None:
        sys.stderr.write("没有找到 PostgreSQL 服务端（initdb、pg_ctl）。Debian：apt-get install postgresql\n")
        return 2
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="oneform-postgres-"))
    if user is not None:
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, log = folder / "data", folder / "server.log"
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
    try:
        _run(user, programs / "initdb", "-D", data, "-U", "admin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        _run(user, programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        url = f"postgresql://admin@127.0.0.1:{port}/postgres"
        environment = os.environ | {"ONEFORM_TEST_POSTGRES": url, "ONEFORM_TEST_POSTGRES_LOG": str(log)}
        command = [sys.executable, "-m", "pytest", "-n0", str(HERE), *sys.argv[1:]]
        return subprocess.run(command, env=environment, cwd=HERE.parents[1]).returncode
    finally:
        if (data / "postmaster.pid").exists():
            _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder of the newest server's programs: Debian keeps them by version, others on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def _user() -> pwd.struct_passwd | None:
    """Return whom the server runs as when we are root, which it refuses; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("没有可以运行服务端的普通用户")


def _run(user: pwd.struct_passwd | None, *command: object) -> None:
    more = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd="/", **more)


if __name__ == "__main__":
    sys.exit(main())
