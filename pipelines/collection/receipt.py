"""The receipt: a short text for the clerk. What was received, what became of it, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines import periods
from pipelines.collection.desk import Desk
from pipelines.collection.reading import Reading

LONGEST = 200
"""Findings written out; the returned copy has all of them."""


def write_receipt(path: Path, submission: Mapping[str, Any], reading: Reading, desk: Desk) -> Path:
    """Write the receipt (UTF-8 with BOM, so that Windows' editor shows it) and return its path."""
    who = desk.area_names.get(reading.area_code, "认不出填报单位")
    is_returned = submission["status"] == "退回"
    lines = [
        "一表通回执",
        "",
        f"文件：{reading.file_name}",
        f"单位：{who}　报告期：{periods.in_words(reading.period) if reading.period else '不明'}",
        f"收到：{submission['received_at'].replace('T', ' ')}",
        f"编号：{submission['submission_id'][:16]}",
        f"结果：{submission['status']}",
        "",
    ]
    if is_returned:
        lines.append(f"有 {submission['error_count']} 处需要改正。整份文件没有入账，原有数据不受影响。")
        if submission["returned_file"]:
            lines.append(f"退回副本“{submission['returned_file']}”里逐格标出了问题，改好后请把下发的工作簿重新报送。")
    else:
        lines.append(
            f"已入账：新填 {submission['typed_count']} 格，改动 {submission['changed_count']} 格，"
            f"沿用 {submission['confirmed_count']} 格。"
        )
        if submission["warning_count"]:
            lines.append(f"有 {submission['warning_count']} 处请核实；属实的在“核实说明”写明原因，下次一并报送。")
    shown = sorted(reading.findings, key=lambda finding: finding.severity)[:LONGEST]
    if shown:
        lines += ["", "问题清单"]
        lines += [f"{number}. {finding}" for number, finding in enumerate(shown, 1)]
        if len(reading.findings) > LONGEST:
            lines.append(f"……共 {len(reading.findings)} 处，其余见退回副本。")
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")
    return path
