"""The receipt: a short text for the clerk. What was received, what became of it, what to do next."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines import periods
from schemas.faults import Finding

LONGEST = 200
"""Findings written out; the returned copy has all of them."""
ORDER = {"error": 0, "warning": 1, "info": 2}


def write_receipt(path: Path, submission: Mapping[str, Any], findings: Sequence[Finding], unit: str) -> Path:
    """Write the receipt (UTF-8 with BOM, so that Windows' editor shows it) whole or not at all; return its path.

    submission: a row of Submissions; unit: the respondent's name, "" when unknown.
    """
    aside = path.with_name(f".{path.name}")
    with aside.open("w", encoding="utf-8-sig", newline="") as handle:
        handle.write("\r\n".join(receipt_lines(submission, findings, unit)) + "\r\n")
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(path)
    return path


def receipt_lines(submission: Mapping[str, Any], findings: Sequence[Finding], unit: str) -> list[str]:
    """Return the lines of a receipt."""
    period = submission["period"]
    by = f"　填报人：{submission['clerk_name']}" if submission["clerk_name"] else ""
    lines = [
        "一表通回执",
        "",
        f"文件：{submission['file_name']}",
        f"单位：{unit or '认不出填报单位'}　报告期：{periods.in_words(period) if period else '不明'}{by}",
        f"收到：{submission['received_at'].replace('T', ' ')}{_late(submission)}",
        f"编号：{submission['submission_id'][:16]}",
        f"结果：{submission['status']}",
        "",
        *_outcome(submission),
    ]
    shown = sorted(findings, key=lambda finding: ORDER[finding.severity])[:LONGEST]
    if shown:
        lines += ["", "问题清单" if submission["error_count"] or submission["warning_count"] else "说明"]
        lines += [f"{number}. {_line(finding)}" for number, finding in enumerate(shown, 1)]
        if len(findings) > LONGEST:
            lines.append(f"……共 {len(findings)} 处，其余见退回副本。")
    return lines


def _outcome(submission: Mapping[str, Any]) -> list[str]:
    if submission["status"] == "退回":
        lines = [f"有 {submission['error_count']} 处需要改正。整份文件没有入账，原有数据不受影响。"]
        if submission["returned_file"]:
            lines.append(f"退回副本“{submission['returned_file']}”里逐格标出了问题：直接在副本里改好，整份再报即可。")
        return lines
    lines = [
        f"已入账：新填 {submission['typed_count']} 格，改动 {submission['changed_count']} 格，"
        f"沿用 {submission['confirmed_count']} 格。"
    ]
    if submission["superseded_by"]:
        lines.append(f"后来又报送了一份（编号 {submission['superseded_by'][:16]}），以后来的为准；这一份照样留存。")
    elif submission["warning_count"]:
        lines.append(f"有 {submission['warning_count']} 处请核实；属实的在“核实说明”写明原因，下次一并报送。")
    return lines


def _late(submission: Mapping[str, Any]) -> str:
    return f"（迟 {submission['late_days']} 天）" if submission["late_days"] else ""


def _line(finding: Finding) -> str:
    """Return a finding without the file's name, which stands above."""
    place = f"[{finding.sheet}] " if finding.sheet else ""
    place += f"{finding.cell} " if finding.cell else ""
    return f"{place}{finding.message}{finding.remedy}（{finding.code}）"
