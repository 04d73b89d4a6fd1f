"""The fixed cast, and the rules of the suite."""

import gc
from datetime import date
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.commands import flush
from django.db import connection, connections
from django.db.backends.postgresql.operations import DatabaseOperations
from xdist.scheduler import LoadGroupScheduling

from grids.areas import edition, locating, names, succession
from grids.areas.models import Area
from grids.net import context, published
from grids.net import layers as net_layers
from grids.net import queries as net_queries
from tongshan_portal.accounts.actor import Actor, actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department, Posting, User
from tongshan_portal.ui import banner, catalogue

DISTRICT, TOWN, OTHER_TOWN = "320312", "320312106", "320312119"
VILLAGE, GRID, NEXT_GRID = "320312106201", "320312106201001", "320312106201002"

PASSWORD = "correct-horse-battery-9"


def pytest_sessionstart():
    """Chinese is in the compiled catalogues: they follow their sources."""
    catalogue.compile_stale(settings.BASE_DIR)


class Together(LoadGroupScheduling):
    """What shares a browser, a portal or services stays on one worker, and begins first, for it takes longest.

    By the address of a test: the groups that its marks name are lost between pytest 9.2 and xdist 3.8.
    """

    PLACES = (
        ("tests/browser/", "browser"),
        ("tests/chaos/test_report_faults.py", "under_fire"),
        ("tests/chaos/test_warning_faults.py", "under_fire"),
        ("tests/portal/test_embedded.py", "launcher"),
        ("tests/portal/test_services.py", "launcher"),
    )

    def _split_scope(self, nodeid: str) -> str:
        return next((group for place, group in self.PLACES if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    return Together(config, log)


def pytest_collection_finish():
    """What is loaded now stays to the end: the garbage collector does not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _nothing_kept_of_the_net():
    """What a process keeps of the net belongs to one test's transaction."""
    for kept in (locating.kept, *locating.kept_above.values()):
        kept.forget()
    succession.kept.forget()
    names.kept.forget()
    net_layers.forget()
    net_queries.forget()
    published.forget()
    context.frame.forget()


@pytest.fixture(autouse=True, scope="session")
def flush_passes_the_guards_of_the_ledger():
    """A transactional test ends with a flush, which the ledger refuses: here, and nowhere else, its triggers rest meanwhile.

    What the migrations had written (dictionaries, terms, departments) stands again after it: no test depends on which one ran before. Few
    tables hold a row: to delete the rows takes a tenth of what it takes to truncate every table and to look for each model's content type.
    """

    def sql_flush(self, _style, tables, **_kwargs):
        emptied = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
        return ["; ".join(["SET LOCAL session_replication_role = replica", *emptied, *_sown_again(self.connection.alias)])]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_kwargs: None)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, and a copy of every row that the migrations wrote, in a schema of its own."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS sown CASCADE")
        cursor.execute("CREATE SCHEMA sown")
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
                if cursor.fetchone()[0]:
                    cursor.execute(f"CREATE TABLE sown.{table} AS TABLE {table}")


@cache
def _sown_again(alias: str) -> list[str]:
    """The statements that write the copied rows back; generated columns generate themselves."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND is_generated = 'NEVER'"
            " AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'sown') GROUP BY table_name"
        )
        return [
            f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM sown."{table}"'
            for table, columns in cursor.fetchall()
        ]


@pytest.fixture
def nothing_asked_by_time(monkeypatch):
    """What a process asks again every few seconds stays away from the counts of questions, however slow the machine is."""
    monkeypatch.setattr(edition, "CHECK_EVERY", 3600.0)
    monkeypatch.setattr(banner, "KEEP", 3600.0)


@pytest.fixture
def areas(db) -> dict[str, Area]:
    """A district with two towns, a village and two grids."""
    names = {DISTRICT: "铜山区", TOWN: "柳新镇", OTHER_TOWN: "茅村镇", VILLAGE: "试验村", GRID: "第001网格", NEXT_GRID: "第002网格"}
    made = Area.objects.bulk_create(Area(code=code, name=name) for code, name in names.items())
    return {area.code: area for area in made}


@pytest.fixture
def person(areas):
    """Makes a person with one posting: `person("wang", Role.GRID_WORKER, GRID)`; without a role, a stranger with none."""

    def make(username: str, role: Role | None = None, area_code: str = DISTRICT, **fields) -> User:
        user = User.objects.create_user(username=username, password=PASSWORD, name=fields.pop("name", username), **fields)
        if role is not None:
            Posting.objects.create(user=user, role=role, area_code=area_code, starts_on=date(2020, 1, 1))
        return user

    return make


@pytest.fixture
def actor():
    """The actor of a user, with today's scope."""

    def make(user: User) -> Actor:
        return actor_for(user)

    return make


def posted(role: Role, area_code: str, department: Department | None = None) -> Posting:
    """The posting of somebody who is made with others: `people_with(worker=posted(Role.GRID_WORKER, GRID), stranger=None)`."""
    return Posting(role=role, area_code=area_code, department=department, starts_on=date(2020, 1, 1))


@pytest.fixture
def people_with(areas):
    """Makes several people at once, each with her posting or with none."""

    def make(**postings: Posting | None) -> dict[str, User]:
        secret = make_password(PASSWORD)
        users = User.objects.bulk_create(User(username=name, name=name, password=secret) for name in postings)
        for user, posting in zip(users, postings.values(), strict=True):
            if posting is not None:
                posting.user = user
        Posting.objects.bulk_create(posting for posting in postings.values() if posting is not None)
        return {user.username: user for user in users}

    return make


@pytest.fixture
def cast(people_with) -> dict[str, User]:
    """A grid worker, her colleague in the next grid, a town officer, a duty officer, a mediator, the three administrators, a stranger."""
    return people_with(
        worker=posted(Role.GRID_WORKER, GRID),
        colleague=posted(Role.GRID_WORKER, NEXT_GRID),
        town_officer=posted(Role.TOWN_OFFICER, TOWN),
        other_town_officer=posted(Role.TOWN_OFFICER, OTHER_TOWN),
        duty_officer=posted(Role.DUTY_OFFICER, DISTRICT),
        mediator=posted(Role.MEDIATOR, TOWN),
        system_admin=posted(Role.SYSTEM_ADMIN, DISTRICT),
        security_admin=posted(Role.SECURITY_ADMIN, DISTRICT),
        auditor=posted(Role.AUDIT_ADMIN, DISTRICT),
        stranger=None,
    )
