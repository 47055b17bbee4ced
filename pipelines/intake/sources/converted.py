"""Formats that LibreOffice must convert (.doc, .wps, .rtf, .odt, .ods): one process per batch, no macro runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from pipelines.intake.sources.limits import limit
from pipelines.intake.sources.sniff import NAMES, Kind
from schemas.faults import Finding
from schemas.faults import intake as faults

TARGETS: dict[Kind, str] = {"doc": "docx", "rtf": "docx", "odt": "docx", "ods": "xlsx", "xml": "xlsx"}  # fmt: skip
"""Kind → format it is converted to."""


_TOGETHER = 100
"""Files converted by one LibreOffice process, whose memory grows with every document."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""  # noqa: E501
"""The private profile runs no macro and follows no link."""


def office() -> str | None:
    """Return the path of LibreOffice, None when it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(files: Mapping[Path, Kind], folder: Path) -> dict[Path, Path | Finding]:
    """Return the converted file of each file, kept in `folder` by content hash, or the finding that says why not.

    All files of one target go through one LibreOffice process with a private profile: start-up takes 1.5 s, a file
    0.1 s. A batch that fails or hangs is halved until the bad file stands alone.
    """
    done: dict[Path, Path | Finding] = {}
    waiting: dict[str, dict[str, list[Path]]] = {}
    for path, kind in files.items():
        digest = sha256(path.read_bytes()).hexdigest()
        made = folder / f"{digest}.{TARGETS[kind]}"
        if made.exists():
            done[path] = made
        else:
            waiting.setdefault(TARGETS[kind], {}).setdefault(digest, []).append(path)
    program = office()
    folder.mkdir(parents=True, exist_ok=True)
    for target, paths_of in waiting.items():
        if program is None:
            same = [path for paths in paths_of.values() for path in paths]
            done |= {path: faults.NO_OFFICE.at(file=str(path), found=NAMES[files[path]]) for path in same}
            continue
        sources = {digest: (paths[0], files[paths[0]]) for digest, paths in paths_of.items()}
        failed: dict[str, str] = {}
        for start in range(0, len(sources), _TOGETHER):
            failed |= _batch(program, target, dict(list(sources.items())[start : start + _TOGETHER]), folder)
        for digest, paths in paths_of.items():
            for path in paths:
                why = failed.get(digest)
                done[path] = (
                    folder / f"{digest}.{target}"
                    if why is None
                    else faults.CONVERSION_FAILED.at(file=str(path), why=why)
                )
    return done


def _batch(program: str, target: str, files: Mapping[str, tuple[Path, Kind]], results: Path) -> dict[str, str]:
    """Convert files (by digest) into `results`; return why, for those that failed."""
    with tempfile.TemporaryDirectory(prefix="oneform_office_") as scratch:
        source, out = Path(scratch) / "in", Path(scratch) / "out"
        source.mkdir()
        out.mkdir()
        paths = []
        for digest, (path, kind) in files.items():
            paths.append(source / f"{digest}.{kind}")
            shutil.copyfile(path, paths[-1])
        profile = Path(scratch) / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        why = _run(program, target, Path(scratch), out, paths)
        for path in out.glob(f"*.{target}"):
            shutil.move(path, results / path.name)
    rest = {digest: entry for digest, entry in files.items() if not (results / f"{digest}.{target}").exists()}
    if len(files) == 1 or not rest:
        return dict.fromkeys(rest, why or "没有输出")
    failed: dict[str, str] = {}
    items = list(rest.items())
    half = (len(items) + 1) // 2
    for part in (items[:half], items[half:]):
        if part:
            failed |= _batch(program, target, dict(part), results)
    return failed


def _run(program: str, target: str, folder: Path, out: Path, paths: list[Path]) -> str:
    seconds = limit("conversion", "seconds") + limit("conversion", "seconds_per_file") * len(paths)
    if len(paths) == 1:
        seconds = limit("file", "seconds")
    filters = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
    ]
    command += ["--convert-to", filters[target], "--outdir", str(out), *map(str, paths)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"SAL_USE_VCLPLUGIN": "svp", "HOME": str(folder)},
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"超过 {seconds} 秒"
    return "" if process.returncode == 0 else f"退出码 {process.returncode}"
