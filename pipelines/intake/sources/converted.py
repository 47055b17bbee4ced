"""Formats that only LibreOffice reads (.doc, .wps, .rtf, .ods, HTML): converted in one process per batch, never by macro."""

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

TARGETS: dict[Kind, str] = {"doc": "docx", "rtf": "docx", "odt": "docx", "ods": "xlsx", "xlsb": "xlsx", "html": "xlsx", "xml": "xlsx"}  # fmt: skip
"""Kind → format it is converted to."""
_SUFFIX: dict[Kind, str] = {"html": ".html"}


def office() -> str | None:
    """Return the path of LibreOffice, None when it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(files: Mapping[str, tuple[bytes, Kind]], cache: Path | None = None) -> dict[str, bytes | Finding]:
    """Return the converted bytes of each file (by the key given), or the finding that says why there are none.

    All files of one target go through one LibreOffice process with a private profile: start-up takes 1.5 s, a file
    0.1 s. A batch that fails or hangs is halved until the bad file stands alone. cache: folder of earlier conversions.
    """
    done: dict[str, bytes | Finding] = {}
    waiting: dict[str, dict[str, list[str]]] = {}
    bytes_of: dict[str, tuple[bytes, Kind]] = {}
    for key, (data, kind) in files.items():
        digest = sha256(data).hexdigest()
        kept = cache / f"{digest}.{TARGETS[kind]}" if cache else None
        if kept is not None and kept.exists():
            done[key] = kept.read_bytes()
            continue
        waiting.setdefault(TARGETS[kind], {}).setdefault(digest, []).append(key)
        bytes_of[digest] = (data, kind)
    program = office()
    for target, keys_of in waiting.items():
        if program is None:
            for digest, keys in keys_of.items():
                done |= {key: faults.NO_OFFICE.at(file=key, found=NAMES[bytes_of[digest][1]]) for key in keys}
            continue
        for digest, result in _batch(program, target, {d: bytes_of[d] for d in keys_of}).items():
            for key in keys_of[digest]:
                if isinstance(result, bytes):
                    done[key] = result
                else:
                    done[key] = faults.CONVERSION_FAILED.at(file=key, why=result)
            if cache and isinstance(result, bytes):
                cache.mkdir(parents=True, exist_ok=True)
                (cache / f"{digest}.{target}").write_bytes(result)
    return done


def _batch(program: str, target: str, files: dict[str, tuple[bytes, Kind]]) -> dict[str, bytes | str]:
    with tempfile.TemporaryDirectory(prefix="oneform_") as folder:
        source, out = Path(folder) / "in", Path(folder) / "out"
        source.mkdir()
        out.mkdir()
        paths = []
        for digest, (data, kind) in files.items():
            path = source / f"{digest}{_SUFFIX.get(kind, '.' + kind)}"
            path.write_bytes(data)
            paths.append(path)
        why = _run(program, target, Path(folder), out, paths)
        made = {digest: out / f"{digest}.{target}" for digest in files}
        found: dict[str, bytes | str] = {d: path.read_bytes() for d, path in made.items() if path.exists()}
    rest = {digest: files[digest] for digest in files if digest not in found}
    if rest and len(files) > 1:
        half = (len(rest) + 1) // 2
        items = list(rest.items())
        for part in (items[:half], items[half:]):
            if part:
                found |= _batch(program, target, dict(part))
    else:
        found |= dict.fromkeys(rest, why or "没有输出")
    return found


def _run(program: str, target: str, folder: Path, out: Path, paths: list[Path]) -> str:
    seconds = limit("conversion", "seconds") + limit("conversion", "seconds_per_file") * len(paths)
    if len(paths) == 1:
        seconds = limit("file", "seconds")
    filters = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck"]  # fmt: skip
    if target == "xlsx" and paths[0].suffix == ".html":
        command.append("--infilter=HTML (StarCalc)")
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
