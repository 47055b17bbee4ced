"""A snapshot in PostgreSQL: who sees what is what the policy says, and nobody sees half of a publication."""

import datetime as dt
import json
import os
import random
import threading
from zoneinfo import ZoneInfo

import polars as pl
import psycopg
import pytest
from psycopg import errors, sql

from pipelines.sharing.granted import offer
from pipelines.sharing.masking import mask_expressions
from pipelines.sharing.policy import Request, decide, own_report_grants, standing
from pipelines.sharing.postgres import identifier, role_of
from pipelines.store.postgres import publish_to_postgres

ADMIN = os.environ["ONEFORM_TEST_POSTGRES"]
SETS = int(os.environ.get("ONEFORM_GRANT_SETS", "150"))
"""Random grant sets of the property test; `make test-postgres` tries 1,000, which takes some minutes."""
COUNTY, TOWNS = "532328000000", ("532328101000", "532328102000")
VILLAGES = ("532328101001", "532328101002", "532328102001")
EVIL = "县“局”'; DROP TABLE x; --\"%s"
DEPARTMENTS = ("县民政局", "县残联", EVIL)
LONG = "很长的列名" * 9
PEOPLE = {
    "姓名": ["李四", "王'五", '赵"六,\n七'],
    "身份证号": ["532328199001010014", None, "53232819800202002X"],
    "金额": [12, None, 7],
    '是否;"DROP': ["是", "", "\\N"],
    LONG: ["甲", "乙", "丙"],
}
TODAY = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


def column(name, **more):
    base = {"name": name, "isGiven": True, "sensitivity": "一般", "property": name, "unit": "", "reason": ""}
    return base | {"element": f"E{name}", "shareType": "有条件共享"} | more


def view(snapshot, made, frame):
    (snapshot / "views" / f"{made['id']}.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    frame.write_parquet(snapshot / "views" / f"{made['id']}.parquet")
    return {
        "view_name": made["id"],
        "report_id": made["domain"],
        "department_name": made["tenant"],
        "title": made["name"],
    }


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return made_snapshot(tmp_path_factory.mktemp("v0"))


def made_snapshot(folder, marker="一"):
    (folder / "views").mkdir(parents=True)
    keys = {"_subject_key": ["a", "b", "c"], "_area_code": list(VILLAGES), "_period": [""] * 3}
    people = pl.DataFrame(keys | PEOPLE).with_columns(pl.lit(marker).alias("版"))
    levels = {"身份证号": "敏感个人信息", "金额": "敏感个人信息"}
    columns = [column(name, sensitivity=levels.get(name, "一般")) for name in (*PEOPLE, "版")]
    columns[0]["shareType"] = "不予共享"
    columns[1]["property"] = "公民身份号码"
    roster = {"id": "A_1", "name": "花名册", "domain": "A", "tenant": "县民政局", "ledger": "person", "areaColumns": []}
    areas = (COUNTY, *TOWNS, *VILLAGES)
    counts = pl.DataFrame(
        {"_subject_key": areas, "_area_code": areas, "_period": ["2025-12"] * 6, "人数": [33, 23, 10, 3, 20, 10]}
    )
    table = {"id": "B_1", "name": "统计", "domain": "B", "tenant": EVIL, "ledger": "indicator", "areaColumns": []}
    rows = [
        view(folder, roster | {"columns": columns, "version": "1.0.0"}, people),
        view(folder, table | {"columns": [column("人数", unit="人")], "version": "1.0.0"}, counts),
    ]
    pl.DataFrame(rows).write_csv(folder / "catalogue.csv")
    facts = {"month": "2025-12", "as_of": "2025-12-31", "departments": list(DEPARTMENTS), "legal_basis": {}}
    (folder / "manifest.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    kinds = ["县", "乡镇", "乡镇", "村", "村", "村"]
    parents = [None, COUNTY, COUNTY, TOWNS[0], TOWNS[0], TOWNS[1]]
    pl.DataFrame({"area_code": areas, "area_name": areas, "area_level": kinds, "parent_code": parents}).write_parquet(
        folder / "areas.parquet"
    )
    return folder


@pytest.fixture(scope="module")
def publisher():
    """A publishing role that is no superuser, in a database of its own."""
    with psycopg.connect(ADMIN, autocommit=True) as link:
        link.execute("CREATE ROLE publisher LOGIN CREATEROLE")
        link.execute("CREATE DATABASE county OWNER publisher")
    return ADMIN.replace("admin@", "publisher@").replace("/postgres", "/county")


def grant(number, department, view_name, **more):
    base = {"grant_id": f"G{number}", "department_name": department, "view_name": view_name, "column_names": "*"}
    base |= {"area_code": COUNTY, "purpose": "核对", "legal_basis": "某法", "granted_by": "数据局"}
    return base | {"valid_from": "2020-01-01", "valid_until": "2099-12-31"} | more


def asking(publisher, department, purpose="核对"):
    link = psycopg.connect(publisher.replace("publisher@", "@"), user=role_of(department), autocommit=True)
    link.execute("SELECT set_config('oneform.purpose', %s, false)", (purpose,))
    return link


def seen(publisher, department, view_name, purpose="核对"):
    """The rows and columns that a department's role gets of a view; None where there is nothing to ask."""
    place = sql.SQL("{}.{}").format(sql.Identifier(identifier(department)), sql.Identifier(view_name))
    with asking(publisher, department, purpose) as link:
        try:
            cursor = link.execute(sql.SQL("SELECT * FROM {}").format(place))
        except (errors.UndefinedTable, errors.InvalidSchemaName):
            return None
        return [dict(zip([c.name for c in cursor.description], row, strict=True)) for row in cursor.fetchall()]


def expected(snapshot, grants, department, view_name, purpose):
    """The same by the policy function, row by row and cell by cell."""
    made = json.loads((snapshot / "views" / f"{view_name}.json").read_text(encoding="utf-8"))
    frame = pl.read_parquet(snapshot / "views" / f"{view_name}.parquet")
    one = offer(made)
    others = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((snapshot / "views").glob("*.json"))]
    offers = [offer(other) for other in others]
    every = [*grants, *own_report_grants(standing(grants, offers), COUNTY, {})]
    labels = {c["name"]: c["property"] for c in made["columns"]}
    masked = frame.with_columns(mask_expressions(frame.schema, labels))
    hidden = {("B_1", VILLAGES[0]), ("B_1", VILLAGES[1])} if department != made["tenant"] else set()
    rows = []
    for number, area in sorted(enumerate(frame["_area_code"]), key=lambda one: one[1]):
        row = {}
        for name in one.sensitivity:
            asked = Request(department, view_name, purpose, area, TODAY.isoformat(), (name,))
            decision = decide(every, asked, one)
            if decision.is_allowed:
                value = (masked if decision.masked else frame)[name][number]
                row[name] = None if (view_name, area) in hidden else value
        if row:
            rows.append(row)
    return rows


def same(found, wanted, names):
    """Whether a result shows exactly the cells wanted; a column that a row has no right to is empty."""
    short = {name: identifier(name) for name in names}
    filled = [{short[name]: row.get(name) for name in names} for row in wanted]
    return [{key: row.get(key) for key in short.values()} for row in found] == filled


def random_grants(chance):
    names = [*PEOPLE, "版", "人数", "没有的列"]
    return [
        grant(
            number,
            chance.choice(DEPARTMENTS),
            chance.choice(["A_1", "B_1", "A", "B", "*", "没有"]),
            column_names=chance.choice(["*", "；".join(chance.sample(names, 2)), chance.choice(names)]),
            area_code=chance.choice([COUNTY, *TOWNS, *VILLAGES, "532329000000"]),
            purpose=chance.choice(["核对", "*", "履行职责：发放、核对", "发放"]),
            valid_from=str(TODAY + dt.timedelta(days=chance.choice([-10, 0, 1]))),
            valid_until=str(TODAY + dt.timedelta(days=chance.choice([-1, 0, 30]))),
        )
        for number in range(chance.randint(0, 6))
    ]


def test_no_role_reads_a_cell_that_the_policy_denies_and_each_reads_what_it_allows(publisher, snapshot):
    shown = 0
    for seed in range(SETS):
        chance = random.Random(seed)
        grants = [g for g in random_grants(chance) if g["valid_from"] <= g["valid_until"]]
        publish_to_postgres(publisher, snapshot, grants)
        for department in DEPARTMENTS:
            for view_name, names in (("A_1", (*PEOPLE, "版")), ("B_1", ("人数",))):
                purpose = chance.choice(["核对", " 核 对 ", "发放", "别的"])
                wanted = expected(snapshot, grants, department, view_name, purpose)
                found = seen(publisher, department, view_name, purpose) or []
                assert same(found, wanted, names), (seed, department, view_name, purpose, grants)
                shown += len(found)
    assert shown > SETS, "the cases show something"


def test_what_a_role_can_reach(publisher, snapshot):
    publish_to_postgres(publisher, snapshot, [grant(1, "县残联", "A_1", column_names="身份证号", area_code=TOWNS[0])])
    assert seen(publisher, "县残联", "A_1") == [{"身份证号": "532328199001010014"}, {"身份证号": None}]
    data = sql.Identifier(current_data(publisher))
    attempts = [
        sql.SQL('SELECT * FROM "县民政局"."A_1"'),
        sql.SQL('SELECT "姓名" FROM "县残联"."A_1"'),
        sql.SQL('SELECT * FROM {}."A_1"').format(data),
        sql.SQL("SELECT * FROM share_log.access"),
        sql.SQL("SELECT * FROM share_log.grants"),
        sql.SQL("SET SESSION AUTHORIZATION share_owner"),
        sql.SQL("SET ROLE share_owner"),
        sql.SQL("SET ROLE {}").format(sql.Identifier(role_of("县民政局"))),
        sql.SQL('DROP VIEW "县残联"."A_1"'),
        sql.SQL('CREATE TABLE "县残联".x (a int)'),
        sql.SQL('UPDATE "县残联"."A_1" SET "身份证号" = NULL'),
    ]
    for attempt in attempts:
        refusals = (errors.InsufficientPrivilege, errors.UndefinedColumn, errors.ObjectNotInPrerequisiteState)
        with asking(publisher, "县残联") as link, pytest.raises(refusals):
            link.execute(attempt)
    leak = """CREATE FUNCTION pg_temp.spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
        $$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$"""
    with asking(publisher, "县残联") as link:
        heard = []
        link.add_notice_handler(lambda notice: heard.append(notice.message_primary))
        link.execute(leak)
        link.execute('SELECT * FROM "县残联"."A_1" WHERE pg_temp.spy("身份证号")').fetchall()
    assert "53232819800202002X" not in heard, "a cheap function of the reader's is not run on rows that are not its own"


def current_data(publisher):
    with psycopg.connect(publisher) as link:
        return link.execute("SELECT max(nspname) FROM pg_namespace WHERE nspname LIKE 'share_data_%'").fetchone()[0]


def test_without_a_purpose_nothing_is_opened_and_every_opening_is_on_record(publisher, snapshot):
    publish_to_postgres(publisher, snapshot, [])
    with pytest.raises(errors.RaiseException, match="OF-412"):
        seen(publisher, "县民政局", "A_1", "  ")
    assert len(seen(publisher, "县民政局", "A_1", "发放低保")) == 3
    with asking(publisher, "县民政局", "看一眼就回滚") as link, link.transaction(force_rollback=True):
        link.execute('SELECT * FROM "县民政局"."A_1"').fetchall()
    with psycopg.connect(publisher) as link:
        log = link.execute("SELECT role_name, view_name, view_version, purpose FROM share_log.access").fetchall()
        kept = link.execute("SELECT purpose, legal_basis, valid_until FROM share_log.grants").fetchall()
    assert (role_of("县民政局"), "A_1", "1.0.0", "发放低保") in log
    assert kept
    with open(os.environ["ONEFORM_TEST_POSTGRES_LOG"], encoding="utf-8") as file:
        written = file.read()
    assert "看一眼就回滚" in written, "the server's log has it although the reader rolled back"


def test_a_grant_ends_inside_the_database(publisher, snapshot):
    yesterday, tomorrow = (str(TODAY + dt.timedelta(days=days)) for days in (-1, 1))
    ended = grant(1, "县残联", "A_1", valid_until=yesterday)
    begins = grant(2, "县残联", "B_1", valid_from=tomorrow)
    publish_to_postgres(publisher, snapshot, [ended, begins])
    assert seen(publisher, "县残联", "A_1") == []
    assert seen(publisher, "县残联", "B_1") == []
    publish_to_postgres(publisher, snapshot, [])
    assert seen(publisher, "县残联", "A_1") is None, "a department without any grant is left without a schema"


def test_readers_are_not_blocked_and_see_one_edition_or_the_other(publisher, tmp_path):
    first, second = made_snapshot(tmp_path / "v1", "一"), made_snapshot(tmp_path / "v2", "二")
    publish_to_postgres(publisher, first, [])
    seen_versions, stop, troubles = set(), threading.Event(), []

    def read():
        with asking(publisher, "县民政局") as link:
            while not stop.is_set():
                try:
                    rows = link.execute('SELECT "版" FROM "县民政局"."A_1"').fetchall()
                except errors.Error as error:  # what a reader must never meet
                    troubles.append(error)
                    return
                seen_versions.add(tuple(row[0] for row in rows))

    with asking(publisher, "县民政局") as slow:
        slow.autocommit = False
        slow.execute('DECLARE slow CURSOR FOR SELECT "版" FROM "县民政局"."A_1"')
        reader = threading.Thread(target=read)
        reader.start()
        publish_to_postgres(publisher, second, [])
        publish_to_postgres(publisher, first, [])
        publish_to_postgres(publisher, second, [])
        rows = slow.execute("FETCH ALL FROM slow").fetchall()
        stop.set()
        reader.join()
    assert troubles == []
    assert seen_versions <= {("一",) * 3, ("二",) * 3}
    assert [row[0] for row in rows] == ["一"] * 3, "a running query ends on the edition it began with"


def test_a_publication_that_breaks_off_changes_nothing(publisher, snapshot, tmp_path):
    publish_to_postgres(publisher, snapshot, [])
    broken = made_snapshot(tmp_path / "broken", "坏")
    (broken / "views" / "B_1.parquet").write_bytes(b"PAR1")
    with pytest.raises(pl.exceptions.PolarsError):
        publish_to_postgres(publisher, broken, [])
    assert {row["版"] for row in seen(publisher, "县民政局", "A_1")} == {"一"}
