"""The fixed cast, and the rules of the suite."""

from datetime import date

import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations

from grids.areas import locating, names, succession
from grids.areas.models import Area
from grids.net import context, published
from grids.net import layers as net_layers
from grids.net import queries as net_queries
from tongshan_portal.accounts.actor import Actor, actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.ui import catalogue

DISTRICT, TOWN, OTHER_TOWN = "320312", "320312106", "320312119"
VILLAGE, GRID, NEXT_GRID = "320312106201", "320312106201001", "320312106201002"

PASSWORD = "correct-horse-battery-9"


def pytest_sessionstart():
    """Chinese is in the compiled catalogues: they follow their sources."""
    catalogue.compile_stale(settings.BASE_DIR)


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
    """A transactional test ends with TRUNCATE, which the ledger refuses: here, and nowhere else, its triggers rest meanwhile."""
    original = DatabaseOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        statements = original(self, *args, **kwargs)
        return ["SET LOCAL session_replication_role = replica", *statements] if statements else statements

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture
def areas(db) -> dict[str, Area]:
    """A district with two towns, a village and two grids."""
    names = {DISTRICT: "铜山区", TOWN: "柳新镇", OTHER_TOWN: "茅村镇", VILLAGE: "试验村", GRID: "第001网格", NEXT_GRID: "第002网格"}
    return {code: Area.objects.create(code=code, name=name) for code, name in names.items()}


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


@pytest.fixture
def cast(person) -> dict[str, User]:
    """A grid worker, her colleague in the next grid, a town officer, a duty officer, a mediator, the three administrators, a stranger."""
    return {
        "worker": person("worker", Role.GRID_WORKER, GRID),
        "colleague": person("colleague", Role.GRID_WORKER, NEXT_GRID),
        "town_officer": person("town_officer", Role.TOWN_OFFICER, TOWN),
        "other_town_officer": person("other_town_officer", Role.TOWN_OFFICER, OTHER_TOWN),
        "duty_officer": person("duty_officer", Role.DUTY_OFFICER, DISTRICT),
        "mediator": person("mediator", Role.MEDIATOR, TOWN),
        "system_admin": person("system_admin", Role.SYSTEM_ADMIN, DISTRICT),
        "security_admin": person("security_admin", Role.SECURITY_ADMIN, DISTRICT),
        "auditor": person("auditor", Role.AUDIT_ADMIN, DISTRICT),
        "stranger": person("stranger"),
    }
