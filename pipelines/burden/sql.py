"""The same figures a second time, as one SQL text over the warehouse's tables: an auditor's independent recomputation.

Portable text (no QUALIFY, PIVOT or list syntax): DuckDB and Spark run it unchanged. It shares nothing with `trace` but
the rules, which go in as tables; a test holds both to the same numbers.
"""

from __future__ import annotations

import polars as pl

from pipelines.burden.assumptions import Assumptions
from pipelines.burden.evidence import tables
from pipelines.burden.inputs import Inputs


def sql_tables(inputs: Inputs, assumed: Assumptions) -> dict[str, pl.DataFrame]:
    """Return the tables that the text reads: those of the state, and the rules as frequency_rules, level_rules,
    row_rules, change_rules, method_rules and left_rules."""
    levels = sorted({*assumed.area_levels, *assumed.per_village})
    return tables(inputs) | {
        "frequency_rules": pl.DataFrame(list(assumed.responses.items()), ["frequency", "responses"], orient="row"),
        "level_rules": pl.DataFrame(
            [(level, assumed.area_levels.get(level), assumed.per_village.get(level)) for level in levels],
            {"respondent_level": pl.String, "area_level": pl.String, "per_village": pl.Float64},
            orient="row",
        ),
        "row_rules": pl.DataFrame(
            [(*key, rows) for key, rows in assumed.rows.items()], ["layout", "respondent_level", "n"], orient="row"
        ),
        "method_rules": pl.DataFrame({"method": list(assumed.time_methods)}, schema={"method": pl.String}),
        "left_rules": pl.DataFrame({"text": list(assumed.left_reasons)}, schema={"text": pl.String}),
        "change_rules": pl.DataFrame(list(assumed.change.items()), ["ledger", "share"], orient="row"),
    }


def figures_sql(as_of: str, assumed: Assumptions) -> str:
    """Return the SELECT of (department_name, items_before, items_after, cells_before, …): a row per department.

    Measures: items, cells, gross, new, cells_once, prefilled, hours; each with _before and _after.
    """
    return _TEXT.format(
        as_of=as_of,
        overhead=repr(assumed.minutes_overhead),
        per_cell=repr(assumed.seconds_per_cell),
        confirm=repr(assumed.seconds_per_confirm),
    )


_TEXT = """
WITH measured AS (
  SELECT target_id, median(minutes) AS minutes FROM fill_times
  WHERE target = '报表' AND minutes > 0 AND substr(observed_at, 1, 10) <= '{as_of}'
    AND method IN (SELECT method FROM method_rules)
  GROUP BY target_id
), area_n AS (
  SELECT area_level, CAST(count(*) AS DOUBLE) AS n FROM areas
  WHERE coalesce(valid_from, '') <= '{as_of}' AND coalesce(valid_until, '9999-12-31') >= '{as_of}'
  GROUP BY area_level
), village AS (
  SELECT coalesce(max(CASE WHEN area_level = '村' THEN n END), 0) AS n FROM area_n
), level_n AS (
  SELECT l.respondent_level, CASE WHEN l.area_level IS NULL THEN NULL ELSE coalesce(a.n, 0) END AS n, l.per_village
  FROM level_rules l LEFT JOIN area_n a ON a.area_level = l.area_level
), report_n AS (
  SELECT report_id, max("rows") AS n FROM table_rows GROUP BY report_id
), form_field AS (
  SELECT field_id, form_id, table_no, role, layout FROM report_fields
  UNION ALL
  SELECT r.report_id || '#', r.report_id, 1, 'none', NULL FROM reports r
  WHERE NOT EXISTS (SELECT 1 FROM report_fields f WHERE f.form_id = r.report_id AND f.role IN ('fill', ''))
), table_of AS (
  SELECT f.form_id AS report_id, f.table_no, min(f.layout) AS layout, min(r.respondent_level) AS respondent_level
  FROM form_field f JOIN reports r ON r.report_id = f.form_id GROUP BY f.form_id, f.table_no
), declared AS (
  SELECT t.report_id, t.table_no, coalesce(exact.n, half.n, rest.n, 1) AS c
  FROM table_of t
  LEFT JOIN row_rules exact ON exact.layout = coalesce(t.layout, '*') AND exact.respondent_level = t.respondent_level
  LEFT JOIN row_rules half ON half.layout = coalesce(t.layout, '*') AND half.respondent_level = '*'
  LEFT JOIN row_rules rest ON rest.layout = '*' AND rest.respondent_level = '*'
), estimate AS (
  SELECT t.report_id, t.table_no,
    CASE WHEN l.n IS NOT NULL THEN l.n WHEN r.n IS NOT NULL THEN r.n ELSE l.per_village * v.n END AS d,
    CASE WHEN l.n IS NOT NULL AND p.report_id IS NOT NULL AND p."rows" IS NULL THEN 1
         WHEN l.n IS NOT NULL AND (t.layout = 'statistics' OR p."rows" IS NULL OR l.n = 0) THEN d.c
         WHEN l.n IS NOT NULL THEN p."rows" / l.n
         WHEN r.n IS NOT NULL AND (t.layout = 'statistics' OR p."rows" IS NULL OR r.n = 0) THEN 1
         WHEN r.n IS NOT NULL THEN p."rows" / r.n
         ELSE d.c END AS c
  FROM table_of t
  CROSS JOIN village v
  JOIN declared d ON d.report_id = t.report_id AND d.table_no = t.table_no
  LEFT JOIN level_n l ON l.respondent_level = t.respondent_level
  LEFT JOIN report_n r ON r.report_id = t.report_id
  LEFT JOIN table_rows p ON p.report_id = t.report_id AND p.table_no = t.table_no
), today AS (
  SELECT f.field_id, f.form_id AS report_id, f.role, e.d, e.c, q.responses AS e,
    CASE WHEN k.minutes IS NULL THEN 0 ELSE 1 END AS is_measured,
    coalesce(k.minutes, CAST(r.minutes_per_response AS DOUBLE),
      {overhead} + sum(CASE WHEN f.role IN ('fill', '') THEN e.c ELSE 0 END) OVER (PARTITION BY f.form_id)
        * {per_cell} / 60) AS g
  FROM form_field f
  JOIN reports r ON r.report_id = f.form_id
  JOIN estimate e ON e.report_id = f.form_id AND e.table_no = f.table_no
  LEFT JOIN frequency_rules q ON q.frequency = r.frequency
  LEFT JOIN measured k ON k.target_id = f.form_id
), field AS (
  SELECT coalesce(t.field_id, b.field_id) AS field_id, coalesce(t.report_id, b.report_id) AS report_id,
    coalesce(b.role, t.role) AS role,
    CASE WHEN b.field_id IS NULL THEN 0 ELSE 1 END AS is_old, CASE WHEN t.field_id IS NULL THEN 0 ELSE 1 END AS is_now,
    coalesce(t.d, b.respondents) AS d, coalesce(t.c, b.rows_per_response) AS c,
    coalesce(b.responses_per_year, t.e) AS e, coalesce(t.e, b.responses_per_year) AS e_now,
    CASE WHEN t.is_measured = 1 THEN t.g
         WHEN b.minutes_basis IN ('实测', '报表清单') THEN b.minutes_per_response
         ELSE coalesce(t.g, b.minutes_per_response) END AS g
  FROM baseline b FULL OUTER JOIN today t ON t.field_id = b.field_id
), cell AS (
  SELECT f.*, m.element_id,
    CASE WHEN f.role IN ('fill', '') THEN 1 ELSE 0 END AS is_fill,
    CASE WHEN f.role IN ('fill', '') AND f.d IS NOT NULL AND f.e IS NOT NULL THEN 1 ELSE 0 END AS is_counted,
    CASE WHEN f.role IN ('fill', '') THEN coalesce(f.d * f.c, 0) ELSE 0 END AS once,
    CASE WHEN f.role IN ('fill', '') THEN coalesce(f.d * f.e * f.c, 0) ELSE 0 END AS yearly,
    CASE WHEN f.role IN ('fill', '') THEN coalesce(f.d * f.e_now * f.c, 0) ELSE 0 END AS as_form
  FROM field f LEFT JOIN element_map m ON m.field_id = f.field_id
), report_sum AS (
  SELECT report_id, sum(yearly * is_old) AS old_cells, sum(yearly) AS all_cells, max(coalesce(d * e, 0)) AS instances
  FROM cell GROUP BY report_id
), need AS (
  SELECT element_id, max(once) AS n FROM cell WHERE is_counted = 1 GROUP BY element_id
), report_need AS (
  SELECT p.ledger, p.element_id, max(c.once) AS n
  FROM fill_plan p JOIN (SELECT report_id, max(once) AS once FROM cell WHERE is_counted = 1 GROUP BY report_id) c
    ON '；' || p.report_ids || '；' LIKE '%；' || c.report_id || '；%'
  GROUP BY p.ledger, p.element_id
), planned AS (
  SELECT p.element_id, CASE WHEN p.is_asked THEN 1 ELSE 0 END AS is_asked,
    CASE WHEN p.is_asked OR NOT EXISTS (SELECT 1 FROM left_rules w WHERE p.reason LIKE '%' || w.text || '%')
         THEN 1 ELSE 0 END AS is_planned,
    CASE WHEN p.ledger = 'indicator' THEN coalesce(l.n, v.n)
         ELSE coalesce(a.answers, n.n, w.n, s.subjects, 0) END AS once,
    CASE WHEN p.ledger = 'indicator' OR t.temporal = 'flow' THEN coalesce(q.responses, 1)
         ELSE 1 + coalesce(c.share, standard.share) END AS typed,
    CASE WHEN p.ledger = 'indicator' OR t.temporal = 'flow' THEN 0
         ELSE greatest(coalesce(q.responses, 1) - 1 - coalesce(c.share, standard.share), 0) END AS shown
  FROM fill_plan p
  CROSS JOIN village v
  CROSS JOIN (SELECT share FROM change_rules WHERE ledger = 'default') standard
  LEFT JOIN level_n l ON l.respondent_level = p.respondent_level
  LEFT JOIN frequency_rules q ON q.frequency = p.frequency
  LEFT JOIN change_rules c ON c.ledger = p.ledger
  LEFT JOIN subjects s ON s.ledger = p.ledger
  LEFT JOIN answers a ON a.ledger = p.ledger AND a.element_id = p.element_id
  LEFT JOIN need n ON n.element_id = p.element_id
  LEFT JOIN report_need w ON w.ledger = p.ledger AND w.element_id = p.element_id
  LEFT JOIN elements t ON t.element_id = p.element_id
), element_cost AS (
  SELECT element_id, max(is_asked) AS is_asked, max(is_planned) AS is_planned,
    sum(once * is_asked) AS once, sum(once * typed * is_asked) AS typed,
    sum(once * shown * is_asked) AS shown
  FROM planned GROUP BY element_id
), placed AS (
  SELECT c.*, CASE WHEN x.is_planned = 1 THEN x.element_id END AS planned_id,
    coalesce(x.is_asked, 0) AS is_asked, x.once AS x_once, x.typed, x.shown,
    CASE WHEN c.is_now = 1 AND c.is_counted = 1 AND x.is_asked = 1 THEN row_number() OVER (
      PARTITION BY c.element_id, CASE WHEN c.is_now = 1 AND c.is_counted = 1 AND x.is_asked = 1 THEN 1 ELSE 0 END
      ORDER BY c.is_old DESC, c.yearly DESC, c.field_id) END AS place
  FROM cell c LEFT JOIN element_cost x ON x.element_id = c.element_id
), costed AS (
  SELECT p.field_id, p.report_id, p.is_old * p.is_fill AS items_before,
    CASE WHEN p.is_fill = 1 AND p.is_now = 1 AND p.planned_id IS NULL AND p.is_counted = 1 THEN 1
         WHEN p.is_fill = 1 AND p.is_now = 1 AND p.is_asked = 1 AND (p.place = 1 OR p.is_counted = 0) THEN 1
         WHEN p.is_fill = 1 AND p.is_now = 1 AND p.is_asked = 1 AND p.is_old = 0 THEN 1
         ELSE 0 END AS items_after,
    p.yearly * p.is_old AS cells_before, p.is_old,
    CASE WHEN p.is_old = 0 THEN p.as_form ELSE 0 END AS new_before,
    CASE WHEN p.is_now * p.is_counted = 1 AND p.planned_id IS NULL THEN p.as_form
         WHEN p.place = 1 THEN p.typed ELSE 0 END AS cells_after,
    p.once * p.is_old * p.is_counted AS cells_once_before,
    CASE WHEN p.is_now * p.is_counted = 1 AND p.planned_id IS NULL THEN p.once
         WHEN p.place = 1 THEN p.x_once ELSE 0 END AS cells_once_after,
    CASE WHEN p.place = 1 THEN p.shown ELSE 0 END AS prefilled_after,
    CASE WHEN r.all_cells = 0 THEN {per_cell} / 3600
         WHEN r.old_cells > 0 THEN r.instances * p.g / 60 / r.old_cells
         ELSE r.instances * p.g / 60 / r.all_cells END AS pace,
    CASE WHEN p.role = 'none' THEN r.instances * p.g / 60 * p.is_old ELSE 0 END AS alone_before,
    CASE WHEN p.role = 'none' THEN r.instances * p.g / 60 * p.is_now ELSE 0 END AS alone_after
  FROM placed p JOIN report_sum r ON r.report_id = p.report_id
), hours AS (
  SELECT field_id, report_id, items_before, items_after, cells_before, cells_after, cells_once_before,
    cells_once_after, prefilled_after, cells_before AS gross_before, cells_after * is_old AS gross_after,
    new_before, cells_after * (1 - is_old) AS new_after,
    cells_before * pace + coalesce(alone_before, 0) AS hours_before,
    cells_after * pace + prefilled_after * {confirm} / 3600 + coalesce(alone_after, 0) AS hours_after
  FROM costed
), shared AS (
  SELECT x.element_id AS field_id, '（共用）' AS report_id, 0 AS items_before, 1 AS items_after, 0 AS cells_before,
    x.typed AS cells_after, 0 AS cells_once_before, x.once AS cells_once_after, x.shown AS prefilled_after,
    0 AS gross_before, 0 AS gross_after, 0 AS new_before, x.typed AS new_after, 0 AS hours_before,
    x.typed * {per_cell} / 3600 + x.shown * {confirm} / 3600 AS hours_after
  FROM element_cost x
  WHERE x.is_asked = 1 AND NOT EXISTS (
    SELECT 1 FROM placed p WHERE p.element_id = x.element_id AND p.is_now = 1 AND p.is_fill = 1)
), every AS (
  SELECT * FROM hours UNION ALL SELECT * FROM shared
), owner AS (
  SELECT b.report_id, coalesce(min(r.department_name), min(b.department_name)) AS department_name
  FROM baseline b LEFT JOIN reports r ON r.report_id = b.report_id GROUP BY b.report_id
  UNION ALL
  SELECT r.report_id, r.department_name FROM reports r
  WHERE NOT EXISTS (SELECT 1 FROM baseline b WHERE b.report_id = r.report_id)
)
SELECT coalesce(o.department_name, '（共用）') AS department_name,
  CAST(sum(items_before) AS DOUBLE) AS items_before, CAST(sum(items_after) AS DOUBLE) AS items_after,
  CAST(sum(cells_before) AS DOUBLE) AS cells_before, CAST(sum(cells_after) AS DOUBLE) AS cells_after,
  CAST(sum(cells_once_before) AS DOUBLE) AS cells_once_before,
  CAST(sum(cells_once_after) AS DOUBLE) AS cells_once_after,
  CAST(0 AS DOUBLE) AS prefilled_before, CAST(sum(prefilled_after) AS DOUBLE) AS prefilled_after,
  CAST(sum(gross_before) AS DOUBLE) AS gross_before, CAST(sum(gross_after) AS DOUBLE) AS gross_after,
  CAST(sum(new_before) AS DOUBLE) AS new_before, CAST(sum(new_after) AS DOUBLE) AS new_after,
  CAST(sum(hours_before) AS DOUBLE) AS hours_before, CAST(sum(hours_after) AS DOUBLE) AS hours_after
FROM every LEFT JOIN owner o ON o.report_id = every.report_id
GROUP BY coalesce(o.department_name, '（共用）') ORDER BY 1
"""
