"""The process in which Great Expectations runs: `python -m pipelines.quality.great_worker FOLDER`.

Each line of its standard input names a file of FOLDER with a suite (see pipelines.quality.expectations.Suite); at the
end of the input results.json and the pages lie in FOLDER/pages.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_NO_VALUES = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""Counts only: failing values of a published view are personal data."""

_STYLE = """<style>
body{font:14px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:24px auto;max-width:960px;color:#222}
table{border-collapse:collapse;width:100%;margin:6px 0}td,th{border:1px solid #ccc;padding:3px 8px;text-align:left}
.ge-navigation-sidebar-container,.modal,.navbar,footer,.ge-footer,form,.navigation{display:none}
.text-success::before{content:"✓"}.text-danger::before{content:"✗"}a{color:#0072B2}
.failed{color:#B33C00;font-weight:bold}.met{color:#00664B}
</style>"""


def main(folder: Path, names: Iterable[str]) -> None:
    """Check every suite as its name comes, and write results and pages."""
    import great_expectations as gx
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    _without_fingerprints()
    known = _configured_once()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    views = context.data_sources.add_pandas("share_views").add_dataframe_asset("view")
    whole = views.add_batch_definition_whole_dataframe("all")
    view, renderer = DefaultJinjaPageView(), ValidationResultsPageRenderer(run_info_at_end=True)
    out = folder / "pages"
    out.mkdir()
    results = []
    for number, name in enumerate(names):
        suite = json.loads((folder / name.strip()).read_text(encoding="utf-8"))
        batch = whole.get_batch({"dataframe": _frame(suite["file"])})
        expected = [_expectation(gx, one) for one in suite["expectations"]]
        result = batch.validate(
            gx.ExpectationSuite(name=suite["view"], expectations=expected), result_format=_NO_VALUES
        )
        results.append(_summary(suite, result, f"{number:03d}.html"))
        rendered = view.render(renderer.render(result))  # one view for all pages: it compiles its templates once
        (out / results[-1]["page"]).write_text(self_contained(rendered, results[-1]), encoding="utf-8")
        known.clear()
    (out / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    (out / "index.html").write_text(index(results), encoding="utf-8")


def _frame(file: str) -> Any:
    """Return a view as pandas: texts kept in Arrow, numbers as NumPy's, which are compared all at once."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(file)
    plain = [field.with_type(pa.float64()) if pa.types.is_decimal(field.type) else field for field in table.schema]
    numbers = (pa.int64(), pa.float64())
    return table.cast(pa.schema(plain)).to_pandas(
        types_mapper=lambda kind: None if kind in numbers else pd.ArrowDtype(kind)
    )


def _without_fingerprints() -> None:
    """Have no fingerprint of every frame made: it takes half the time, nobody sees it, and the manifest has hashes."""
    from great_expectations.execution_engine import pandas_execution_engine

    if not hasattr(pandas_execution_engine, "hash_pandas_dataframe"):
        raise AttributeError("hash_pandas_dataframe")
    pandas_execution_engine.hash_pandas_dataframe = lambda frame: ""


def _configured_once() -> dict[int, tuple[Any, Any]]:
    """Have what an expectation is configured with worked out once: it is asked for 97 times, a third of the whole time.

    Return what is remembered: each expectation and its configuration. No expectation is changed after it was made.
    """
    from great_expectations.expectations.expectation import Expectation

    known: dict[int, tuple[Any, Any]] = {}
    work_out = Expectation.configuration.fget

    def configuration(self: Any) -> Any:
        if id(self) not in known:
            known[id(self)] = (self, work_out(self))  # with the expectation itself, so that no other gets its id
        return known[id(self)][1]

    Expectation.configuration = property(configuration)
    return known


def self_contained(page: str, about: Mapping[str, Any]) -> str:
    """Return a page of the Data Docs under what it says in Chinese, without scripts or anything from a network."""
    page = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL | re.IGNORECASE)
    page = re.sub(r"<link\b[^>]*>", "", page, flags=re.IGNORECASE)
    page = re.sub(r"<img\b[^>]*>", "", page, flags=re.IGNORECASE)
    page = re.sub(r"""<a\b[^>]*href=["']https?://[^>]*>(.*?)</a>""", r"\1", page, flags=re.DOTALL | re.IGNORECASE)
    page = re.sub(r"""\s(?:src|href)=["']https?://[^"']*["']""", "", page, flags=re.IGNORECASE)
    page = re.sub(r"""url\(\s*["']?https?:[^)]*\)""", "none", page, flags=re.IGNORECASE)
    page = re.sub(r"<title>.*?</title>|<footer>.*?</footer>", "", page, flags=re.DOTALL | re.IGNORECASE)
    title = html.escape(about["title"])
    page = page.replace("</head>", f"<title>{title}</title>{_STYLE}</head>", 1)
    top = f'<body><p><a href="index.html">← 数据质量</a></p><h1>{title}</h1>{_in_chinese(about)}'
    page = page.replace("<body>", f"{top}<details><summary>Great Expectations 的原页（英文）</summary>", 1)
    return page.replace("</body>", "</details></body>", 1)


def _in_chinese(about: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(one['column'] or '（整表）')}</td><td>{html.escape(one['text'])}</td>"
        f"<td>{one['checked_count'] or '—'}</td><td>{html.escape(one['error']) or one['unexpected_count']}</td>"
        + ('<td class="met">达到</td></tr>' if one["is_met"] else '<td class="failed">未达到</td></tr>')
        for one in about["results"]
    )
    failed = sum(not one["is_met"] for one in about["results"])
    return (
        f"<p>{html.escape(about['department_name'])}　视图 {html.escape(about['view'])}："
        f"{len(about['results'])} 条预期，{failed} 条未达到或没有检查成。空白不算不符。</p>"
        f"<table><tr><th>列</th><th>预期</th><th>检查行数</th><th>不符行数或原因</th><th>结果</th></tr>{rows}</table>"
    )


def index(results: list[dict[str, Any]]) -> str:
    """Return the start page in Chinese: a row per view, and every expectation that failed or could not be checked."""
    checked = sum(len(view["results"]) for view in results)
    failed = [(view, result) for view in results for result in view["results"] if not result["is_met"]]
    rows = "".join(
        f'<tr><td>{html.escape(view["department_name"])}</td><td><a href="{view["page"]}">{html.escape(view["title"])}'
        f"</a></td><td>{len(view['results'])}</td>"
        f"<td class={'met' if all(r['is_met'] for r in view['results']) else 'failed'}>"
        f"{sum(not r['is_met'] for r in view['results'])}</td></tr>"
        for view in results
    )
    broken = "".join(
        f"<tr><td>{html.escape(view['title'])}</td><td>{html.escape(result['column'] or '（整表）')}</td>"
        f"<td>{html.escape(result['text'])}</td><td>{html.escape(result['error'] or str(result['unexpected_count']))}"
        "</td></tr>"
        for view, result in failed
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>数据质量</title>{_STYLE}</head><body>'
        f"<h1>发布数据的质量</h1><p>{len(results)} 个共享视图，{checked} 条预期，{len(failed)} 条未达到或没有检查成。"
        "只列个数，不列任何值。</p>"
        f"<table><tr><th>视图</th><th>列</th><th>预期</th><th>不符行数或原因</th></tr>{broken}</table>"
        f"<h2>全部视图</h2><table><tr><th>部门</th><th>视图</th><th>预期</th><th>未达到</th></tr>{rows}</table>"
        "</body></html>"
    )


def _expectation(gx: Any, expected: Mapping[str, Any]) -> Any:
    name = "".join(part.capitalize() for part in expected["kind"].split("_"))
    column = {"column": expected["column"]} if expected["column"] else {}
    return getattr(gx.expectations, name)(**column, **expected["kwargs"], notes=expected["text"])


def _summary(suite: Mapping[str, Any], result: Any, page: str) -> dict[str, Any]:
    found = []
    for one in result.results:
        config, counts, raised = one.expectation_config, one.result, one.exception_info or {}
        infos = raised.values() if raised and "raised_exception" not in raised else [raised]
        errors = [str(info.get("exception_message")) for info in infos if info.get("raised_exception")]
        found.append(
            {
                "column": config.kwargs.get("column", ""),
                "kind": config.type,
                "text": config.notes or config.type,
                "is_met": bool(one.success),
                "unexpected_count": int(counts.get("unexpected_count") or 0),
                "checked_count": int(counts.get("element_count") or 0),
                "error": errors[0][:200] if errors else "",
            }
        )
    shown = {key: suite[key] for key in ("view", "title", "department_name")}
    return shown | {"page": page, "results": sorted(found, key=lambda one: (one["column"], one["kind"], one["text"]))}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdin)
