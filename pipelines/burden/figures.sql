-- Every burden figure a second time: (figure, scope, scope_value, before, after, reduction) from the tables of a state.
-- Portable text (no QUALIFY, PIVOT or list syntax): DuckDB and Spark run it unchanged. Tables: sql.py says which.
WITH measured AS (
  SELECT target_id, median(minutes) AS minutes FROM fill_times CROSS JOIN parameters
  WHERE target = '报表' AND minutes > 0 AND substr(observed_at, 1, 10) <= as_of
    AND method IN (SELECT method FROM method_rules)
  GROUP BY target_id
), area_n AS (
  SELECT area_level, CAST(count(*) AS DOUBLE) AS n FROM areas CROSS JOIN parameters
  WHERE coalesce(valid_from, '') <= as_of AND coalesce(valid_until, '9999-12-31') >= as_of
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
  SELECT f.field_id, f.form_id AS report_id, f.role, r.respondent_level, r.frequency, e.d, e.c, q.responses AS e,
    CASE WHEN k.minutes IS NULL THEN 0 ELSE 1 END AS is_measured,
    coalesce(k.minutes, CAST(r.minutes_per_response AS DOUBLE),
      minutes_overhead + sum(CASE WHEN f.role IN ('fill', '') THEN e.c ELSE 0 END) OVER (PARTITION BY f.form_id)
        * seconds_per_cell / 60) AS g
  FROM form_field f CROSS JOIN parameters
  JOIN reports r ON r.report_id = f.form_id
  JOIN estimate e ON e.report_id = f.form_id AND e.table_no = f.table_no
  LEFT JOIN frequency_rules q ON q.frequency = r.frequency
  LEFT JOIN measured k ON k.target_id = f.form_id
), field AS (
  SELECT coalesce(t.field_id, b.field_id) AS field_id, coalesce(t.report_id, b.report_id) AS report_id,
    coalesce(b.role, t.role) AS role,
    CASE WHEN b.field_id IS NULL THEN 0 ELSE 1 END AS is_old, CASE WHEN t.field_id IS NULL THEN 0 ELSE 1 END AS is_now,
    coalesce(b.respondent_level, t.respondent_level) AS respondent_level,
    coalesce(b.frequency, t.frequency) AS frequency,
    b.respondents * b.responses_per_year * b.rows_per_response AS frozen,
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
    CASE WHEN p.is_asked AND p.ledger = 'indicator' THEN 1 ELSE 0 END AS is_indicator,
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
  SELECT element_id, max(is_asked) AS is_asked, max(is_planned) AS is_planned, max(is_indicator) AS is_indicator,
    sum(once * is_asked) AS once, sum(once * typed * is_asked) AS typed,
    sum(once * shown * is_asked) AS shown
  FROM planned GROUP BY element_id
), placed AS (
  SELECT c.*, CASE WHEN x.is_planned = 1 THEN x.element_id END AS planned_id,
    coalesce(x.is_asked, 0) AS is_asked, x.is_indicator, x.once AS x_once, x.typed, x.shown,
    CASE WHEN c.is_now = 1 AND c.is_counted = 1 AND x.is_asked = 1 THEN row_number() OVER (
      PARTITION BY c.element_id, CASE WHEN c.is_now = 1 AND c.is_counted = 1 AND x.is_asked = 1 THEN 1 ELSE 0 END
      ORDER BY c.is_old DESC, c.yearly DESC, c.field_id) END AS place
  FROM cell c LEFT JOIN element_cost x ON x.element_id = c.element_id
), costed AS (
  SELECT p.*, seconds_per_confirm, p.is_old * p.is_fill AS items_before,
    CASE WHEN p.is_fill = 1 AND p.is_now = 1 AND p.planned_id IS NULL AND p.is_counted = 1 THEN 1
         WHEN p.is_fill = 1 AND p.is_now = 1 AND p.is_asked = 1 AND (p.place = 1 OR p.is_counted = 0) THEN 1
         WHEN p.is_fill = 1 AND p.is_now = 1 AND p.is_asked = 1 AND p.is_old = 0 THEN 1
         ELSE 0 END AS items_after,
    p.yearly * p.is_old AS cells_before,
    CASE WHEN p.is_old * p.is_fill = 1 THEN coalesce(p.frozen, 0) ELSE 0 END AS cells_frozen,
    CASE WHEN p.is_old = 0 THEN p.as_form ELSE 0 END AS new_before,
    CASE WHEN p.is_now * p.is_counted = 1 AND p.planned_id IS NULL THEN p.as_form
         WHEN p.place = 1 THEN p.typed ELSE 0 END AS cells_after,
    p.once * p.is_old * p.is_counted AS cells_once_before,
    CASE WHEN p.is_now * p.is_counted = 1 AND p.planned_id IS NULL THEN p.once
         WHEN p.place = 1 THEN p.x_once ELSE 0 END AS cells_once_after,
    CASE WHEN p.place = 1 THEN p.shown ELSE 0 END AS prefilled_after,
    CASE WHEN r.all_cells = 0 THEN seconds_per_cell / 3600
         WHEN r.old_cells > 0 THEN r.instances * p.g / 60 / r.old_cells
         ELSE r.instances * p.g / 60 / r.all_cells END AS pace,
    CASE WHEN p.role = 'none' THEN r.instances * p.g / 60 * p.is_old ELSE 0 END AS alone_before,
    CASE WHEN p.role = 'none' THEN r.instances * p.g / 60 * p.is_now ELSE 0 END AS alone_after
  FROM placed p JOIN report_sum r ON r.report_id = p.report_id CROSS JOIN parameters
), every AS (
  SELECT report_id, element_id, respondent_level, frequency, role,
    CASE WHEN role = 'none' THEN '不可计'
         WHEN is_fill = 0 THEN '不填报'
         WHEN is_now = 0 THEN '停用'
         WHEN is_counted = 0 THEN '不可计'
         WHEN is_old = 0 THEN '新增'
         WHEN planned_id IS NULL THEN '保留'
         WHEN is_asked = 0 THEN '推算'
         WHEN place IS NULL OR place <> 1 THEN '合并'
         WHEN cells_after > cells_before THEN '增加'
         WHEN cells_after < cells_before AND is_indicator = 1 THEN '降频'
         WHEN cells_after < cells_before THEN '预填'
         ELSE '保留' END AS change,
    CASE WHEN (is_now = 1 AND is_fill = 1 AND is_counted = 1 AND planned_id IS NULL) OR (is_now = 1 AND role = 'none')
         THEN 1 ELSE 0 END AS is_outside,
    cells_frozen, items_before, items_after, cells_before, cells_after,
    cells_before AS gross_before, cells_after * is_old AS gross_after,
    new_before, cells_after * (1 - is_old) AS new_after,
    cells_once_before, cells_once_after, 0 AS prefilled_before, prefilled_after,
    cells_before * pace + coalesce(alone_before, 0) AS hours_before,
    cells_after * pace + prefilled_after * seconds_per_confirm / 3600 + coalesce(alone_after, 0) AS hours_after
  FROM costed
  UNION ALL
  SELECT '（共用）', x.element_id, NULL, NULL, 'fill', '新增', 0, 0, 0, 1, 0, x.typed, 0, 0, 0, x.typed, 0, x.once,
    0, x.shown, 0, x.typed * seconds_per_cell / 3600 + x.shown * seconds_per_confirm / 3600
  FROM element_cost x CROSS JOIN parameters
  WHERE x.is_asked = 1 AND NOT EXISTS (
    SELECT 1 FROM placed p WHERE p.element_id = x.element_id AND p.is_now = 1 AND p.is_fill = 1)
), owner AS (
  SELECT b.report_id, coalesce(min(r.department_name), min(b.department_name)) AS department_name
  FROM baseline b LEFT JOIN reports r ON r.report_id = b.report_id GROUP BY b.report_id
  UNION ALL
  SELECT r.report_id, r.department_name FROM reports r
  WHERE NOT EXISTS (SELECT 1 FROM baseline b WHERE b.report_id = r.report_id)
), named AS (
  SELECT y.*, coalesce(o.department_name, '（共用）') AS department_name, t.object_class
  FROM every y LEFT JOIN owner o ON o.report_id = y.report_id LEFT JOIN elements t ON t.element_id = y.element_id
), scoped AS (
  SELECT s.scope,
    CASE s.scope WHEN '全县' THEN '全县'
                 WHEN '部门' THEN department_name
                 WHEN '填报层级' THEN coalesce(respondent_level, '未归类')
                 WHEN '频率' THEN coalesce(frequency, '未归类')
                 WHEN '对象类' THEN coalesce(object_class, '未归类')
                 WHEN '变化类别' THEN change END AS scope_value, n.*
  FROM named n
  CROSS JOIN (VALUES ('全县'), ('部门'), ('填报层级'), ('频率'), ('对象类'), ('变化类别')) AS s(scope)
), sums AS (
  SELECT scope, scope_value,
    sum(items_before) AS items_before, sum(items_after) AS items_after,
    sum(cells_before) AS cells_before, sum(cells_after) AS cells_after,
    sum(gross_before) AS gross_before, sum(gross_after) AS gross_after,
    sum(new_before) AS new_before, sum(new_after) AS new_after,
    sum(cells_once_before) AS once_before, sum(cells_once_after) AS once_after,
    sum(prefilled_before) AS prefilled_before, sum(prefilled_after) AS prefilled_after,
    sum(hours_before) AS hours_before, sum(hours_after) AS hours_after
  FROM scoped GROUP BY scope, scope_value
), split AS (
  SELECT f.figure, scope, scope_value,
    CAST(CASE f.figure WHEN 'items' THEN items_before WHEN 'cells' THEN cells_before WHEN 'gross' THEN gross_before
      WHEN 'new' THEN new_before WHEN 'cells_once' THEN once_before WHEN 'prefilled' THEN prefilled_before
      WHEN 'hours' THEN hours_before WHEN 'cost' THEN hours_before * yuan_per_hour END AS DOUBLE) AS before,
    CAST(CASE f.figure WHEN 'items' THEN items_after WHEN 'cells' THEN cells_after WHEN 'gross' THEN gross_after
      WHEN 'new' THEN new_after WHEN 'cells_once' THEN once_after WHEN 'prefilled' THEN prefilled_after
      WHEN 'hours' THEN hours_after WHEN 'cost' THEN hours_after * yuan_per_hour END AS DOUBLE) AS after
  FROM sums CROSS JOIN parameters
  CROSS JOIN (VALUES ('items'), ('cells'), ('gross'), ('new'), ('cells_once'), ('prefilled'), ('hours'), ('cost'))
    AS f(figure)
), sheet AS (
  SELECT p.ledger, p.respondent_level, max(coalesce(q.responses, 1)) AS responses,
    max(coalesce(l.n, v.n)) AS respondents
  FROM fill_plan p CROSS JOIN village v
  LEFT JOIN level_n l ON l.respondent_level = p.respondent_level
  LEFT JOIN frequency_rules q ON q.frequency = p.frequency
  WHERE p.is_asked GROUP BY p.ledger, p.respondent_level
), old_report AS (
  SELECT report_id, coalesce(max(respondents * responses_per_year), 0) AS instances FROM baseline GROUP BY report_id
), outside AS (
  SELECT DISTINCT report_id FROM every WHERE is_outside = 1
), stands AS (
  SELECT * FROM submissions
  WHERE status = '接收' AND substr(received_at, 1, 10) <= (SELECT as_of FROM parameters)
), departments AS (
  SELECT figure, before, after FROM split
  WHERE scope = '部门' AND figure IN ('items', 'cells', 'cells_once', 'hours') AND before > 0
), found AS (
  SELECT figure, scope, scope_value, before, after,
    CASE WHEN before <> 0 THEN (before - after) / before END AS reduction
  FROM split WHERE scope = '全县' OR before <> 0 OR after <> 0
  UNION ALL
  SELECT figure, '部门下降比例的平均', concat(count(*), ' 个部门'), avg(before), avg(after), avg(1 - after / before)
  FROM departments GROUP BY figure
  UNION ALL
  SELECT 'items', '剔除',
    CASE role WHEN 'serial' THEN '序号' WHEN 'derived' THEN '公式或合计' ELSE '表头、说明、签章' END,
    count(*), count(*), NULL
  FROM every WHERE role IN ('serial', 'derived', 'meta') GROUP BY role
  UNION ALL
  SELECT s.figure, '平均每个乡镇', concat(CAST(a.n AS INTEGER), ' 个乡镇'), s.before / a.n, s.after / a.n,
    CASE WHEN s.before <> 0 THEN (s.before - s.after) / s.before END
  FROM split s CROSS JOIN area_n a
  WHERE s.scope = '全县' AND s.figure IN ('cells', 'hours') AND a.area_level = '乡镇'
  UNION ALL
  SELECT figure, scope, scope_value, before, after, CASE WHEN before <> 0 THEN (before - after) / before END
  FROM (
    SELECT 'cells' AS figure, '变化类别' AS scope, '调整（重新估算）' AS scope_value,
      coalesce(sum(cells_frozen), 0) AS before, coalesce(sum(cells_before), 0) AS after FROM every
    UNION ALL
    SELECT 'forms', '全县', '全县', (SELECT count(*) FROM old_report),
      (SELECT count(*) FROM sheet) + (SELECT count(*) FROM outside)
    UNION ALL
    SELECT 'instances', '全县', '全县', (SELECT coalesce(sum(instances), 0) FROM old_report),
      (SELECT coalesce(sum(respondents * responses), 0) FROM sheet)
        + (SELECT coalesce(sum(r.instances), 0) FROM old_report r JOIN outside o ON o.report_id = r.report_id)
    UNION ALL
    SELECT 'labels', '全县', '全县',
      (SELECT count(*) FROM (
        SELECT DISTINCT coalesce(p.folded, ''), coalesce(u.folded, '')
        FROM baseline b LEFT JOIN report_fields f ON f.field_id = b.field_id
        LEFT JOIN printed p ON p.text = b.path LEFT JOIN printed u ON u.text = f.unit
        WHERE b.role IN ('fill', '')) AS names),
      coalesce(sum(items_after), 0) FROM every
    UNION ALL
    SELECT 'typed', '全县', '全县', coalesce(sum(typed_count + changed_count + confirmed_count), 0),
      coalesce(sum(typed_count + changed_count), 0) FROM stands
  ) AS once
)
SELECT figure, scope, scope_value, CAST(before AS DOUBLE) AS before, CAST(after AS DOUBLE) AS after,
  CAST(reduction AS DOUBLE) AS reduction
FROM found ORDER BY 1, 2, 3
