"""An archive of reports, written by one INSERT … SELECT: three years of a district, nearly all of it closed.

What is living grows with the inflow, not with the archive: `living` says how many. The rows keep every constraint of the table.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

STEP = 7919
"""A prime: neighbours in time lie in different grids."""
THINGS = (
    "路口井盖缺失", "垃圾堆放未清", "路灯不亮", "占道经营", "下水道堵塞", "违法搭建", "噪音扰民", "污水外溢", "护栏损坏", "道路坑洼",
    "树木倒伏", "小广告张贴", "消防通道占用", "飞线充电", "绿化带破坏", "油烟异味",
)  # fmt: skip
RARE = "漏电伤人"
"""Words of fifty reports, however many there are."""


def fill(rows: int, living: int, grids: list[str], *, grid: str, town: str) -> None:
    """Write `rows` reports over `grids`, the last `living` of them with something to do; with statistics, as after a night.

    Districts are uneven: every fiftieth report lies in `grid`, every tenth in `town`; both have a full page at any size.
    """
    from grids.reports.models import Report

    fields = [field for field in Report._meta.concrete_fields if not field.generated and not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ", ".join(f"{EXPRESSIONS.get(field.column) or _plain(field)}" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS report_words")
        cursor.execute(
            f"""
            WITH known AS (SELECT %(grids)s::text[] AS grids, %(towns)s::text[] AS towns, %(things)s::text[] AS things,
                    (SELECT array_agg(id ORDER BY id) FROM reports_category) AS categories,
                    (SELECT array_agg(id ORDER BY id) FROM accounts_department) AS departments,
                    (SELECT min(id) FROM accounts_user) AS somebody, (SELECT max(id) FROM accounts_user) AS another),
            plan AS (
                SELECT i, known.*, CASE WHEN i %% 50 = 0 THEN %(grid)s
                        WHEN i %% 10 = 3 THEN towns[1 + (i * {STEP}::bigint) %% cardinality(towns)]
                        ELSE grids[1 + (i * {STEP}::bigint) %% cardinality(grids)] END AS area,
                    CASE WHEN i > %(rows)s - %(living)s
                        THEN (ARRAY['filed', 'opened', 'dispatched', 'handling', 'handled', 'verified'])[1 + i %% 6]
                        ELSE (ARRAY['archived', 'archived', 'archived', 'closed'])[1 + i %% 4] END AS now_state,
                    now() - (%(rows)s - i) * (interval '3 years' / %(rows)s) AS filed,
                    things[1 + i %% cardinality(things)] || CASE WHEN i %% (%(rows)s / 50) = 0 THEN '{RARE}' ELSE '' END AS thing
                FROM generate_series(1, %(rows)s) AS i, known
            )
            INSERT INTO reports_report ({columns}) SELECT {values} FROM plan
            """,
            {
                "grids": grids,
                "grid": grid,
                "towns": [code for code in grids if code.startswith(town)],
                "things": list(THINGS),
                "rows": rows,
                "living": living,
            },  # fmt: skip
        )
        cursor.execute("CREATE INDEX report_words ON reports_report USING gin (portal_pairs(words))")
        cursor.execute("VACUUM ANALYZE reports_report")


LIVING = "now_state NOT IN ('archived', 'closed')"
WITH_DESK = "now_state NOT IN ('filed', 'opened')"
EXPRESSIONS = {
    "area_code": "area",
    "code": "'TS' || lpad(i::text, 8, '0')",
    "key": "gen_random_uuid()",
    "follow_key": "upper(substr(md5(i::text), 1, 8))",
    "state": "now_state",
    "title": "thing || '（第' || i || '处）'",
    "words": "'ts' || lpad(i::text, 8, '0') || thing || '第' || i || '处' || '示例' || i %% 977 || '组'",
    "address": "'示例' || i %% 977 || '组'",
    "category_id": "categories[1 + i %% cardinality(categories)]",
    "source": "'field'",
    "urgency": "(ARRAY['normal', 'normal', 'normal', 'high'])[1 + i %% 4]",
    "filed_by_id": "CASE WHEN i %% 997 = 0 THEN somebody ELSE another END",
    "filed_at": "filed",
    "changed_at": "filed + interval '1 hour'",
    "lon": "117.0 + (i %% 1000) / 2000.0",
    "lat": "34.0 + (i %% 777) / 1554.0",
    "department_id": f"CASE WHEN {WITH_DESK} THEN departments[1 + i %% cardinality(departments)] END",
    "departments": f"CASE WHEN {WITH_DESK} THEN ARRAY[departments[1 + i %% cardinality(departments)]]::bigint[] ELSE '{{}}'::bigint[] END",
    "lead_id": "CASE WHEN now_state IN ('handling', 'handled', 'verified', 'closed', 'archived') THEN somebody END",
    "handled_by_id": "CASE WHEN now_state IN ('handled', 'verified', 'closed', 'archived') THEN somebody END",
    "dispatched_at": f"CASE WHEN {WITH_DESK} THEN filed + interval '30 minutes' END",
    "due_at": f"CASE WHEN {LIVING} THEN now() + ((i %% 97) - 20) * interval '1 hour' END",
    "deadline_at": f"CASE WHEN {LIVING} THEN now() + ((i %% 97) + 20) * interval '1 hour' ELSE filed + interval '5 days' END",
    "closed_at": f"CASE WHEN NOT {LIVING} THEN filed + (1 + i %% 7) * interval '1 day' END",
    "resolution": f"CASE WHEN NOT {LIVING} THEN '已现场处置' ELSE '' END",
}
"""What a column of the archive holds; every other column has its model's default."""


def _plain(field: models.Field) -> str:
    """The default of a column as SQL."""
    if field.null:
        return "NULL"
    default = field.get_default()
    if isinstance(default, bool | int):
        return str(default)
    if isinstance(field, ArrayField):
        return "'{}'"
    if isinstance(default, dict | list):
        return f"'{ {} if isinstance(default, dict) else [] }'"
    return f"'{default}'"
