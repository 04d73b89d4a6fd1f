"""The commands that create people."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.demo import AREAS_BELOW_THE_TOWNS, DEMO_PEOPLE
from tongshan_portal.accounts.enums import ADMINISTRATORS, Role
from tongshan_portal.accounts.models import Posting, User

pytestmark = pytest.mark.django_db


def test_demo_people_are_refused_outside_demo_mode(settings):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("demo_people", stdout=StringIO())
    assert (User.objects.count(), Area.objects.count()) == (0, 0)


def test_demo_people_twice_are_the_same_people_with_the_new_password(settings):
    settings.DEMO_MODE = True
    call_command("demo_people", password="demo-one-1", stdout=StringIO())
    first = list(Posting.objects.order_by("pk").values_list("pk", "user__username", "role", "area_code"))
    out = StringIO()
    call_command("demo_people", password="demo-two-2", stdout=out)
    assert list(Posting.objects.order_by("pk").values_list("pk", "user__username", "role", "area_code")) == first
    assert User.objects.get(username="duty").check_password("demo-two-2")
    assert out.getvalue() == f"{len(DEMO_PEOPLE)} demo people, password: demo-two-2\n"
    assert set(Posting.objects.values_list("role", flat=True)) == set(Role.values)
    assert Area.objects.filter(level=Level.TOWN).count() == 29


def test_demo_people_are_marked_and_their_areas_too():
    assert [person.username for person in DEMO_PEOPLE if not person.name.endswith("（演示）")] == []
    assert [name for name in AREAS_BELOW_THE_TOWNS.values() if "示例" not in name] == []
    assert len({person.username for person in DEMO_PEOPLE}) == len(DEMO_PEOPLE)


ARGUMENTS = {"system": ["sys", "赵一"], "security": ["sec", "钱二"], "audit": ["aud", "孙三"]}


def test_the_first_administrators_are_three_people_with_passwords_to_change():
    out = StringIO()
    call_command("create_first_administrators", **ARGUMENTS, stdout=out)
    held = dict(Posting.objects.values_list("user__username", "role"))
    assert held == {"sys": Role.SYSTEM_ADMIN, "sec": Role.SECURITY_ADMIN, "aud": Role.AUDIT_ADMIN}
    password = out.getvalue().splitlines()[0].split()[-1]
    user = User.objects.get(username="sys")
    assert (user.check_password(password), user.must_change_password) == (True, True)
    with pytest.raises(CommandError):
        call_command("create_first_administrators", **ARGUMENTS, stdout=StringIO())
    assert Posting.objects.filter(role__in=ADMINISTRATORS).count() == 3


def test_the_first_administrators_cannot_be_one_person():
    with pytest.raises(CommandError):
        call_command("create_first_administrators", system=["a", "赵一"], security=["a", "赵一"], audit=["b", "孙三"], stdout=StringIO())
