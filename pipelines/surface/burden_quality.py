"""The data-quality part of the burden report: what came back, what was wrong in it, what Great Expectations found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.burden.inputs import Inputs
from schemas.faults import Finding


def quality(inputs: Inputs, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the data-quality summary: files received, what was wrong in them, and findings by severity."""
    received = inputs.submissions.filter(pl.col("received_at").str.slice(0, 10) <= inputs.as_of)
    count = dict(received.group_by("status").len().iter_rows())
    return {
        "received": received.height,
        "accepted": count.get("接收", 0),
        "returned": count.get("退回", 0),
        "replaced": count.get("被取代", 0),
        "errors": int(received["error_count"].sum()),
        "warnings": int(received["warning_count"].sum()),
        "levels": {
            word: sum(finding.severity == level for finding in findings)
            for level, word in {"error": "问题", "warning": "提醒", "info": "说明"}.items()
        },
    }


def expectation_counts(page: Path) -> dict[str, int] | None:
    """Return how many views and expectations the data-quality page checked, and how many were not met."""
    results = page.parent / "results.json"
    if not results.exists():
        return None
    views = json.loads(results.read_text(encoding="utf-8"))
    checked = [result for view in views for result in view["results"]]
    return {"views": len(views), "checked": len(checked), "failed": sum(not result["is_met"] for result in checked)}
