"""`demo_people`: somebody to try each role as, and the areas they work in."""

import secrets

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from grids.areas.demo.towns import DISTRICT, TOWNS
from grids.areas.models import Area
from tongshan_portal.kernel import clock
from tongshan_portal.settings import environment

from ...actions.postings import give_posting
from ...actor import system_actor
from ...demo import AREAS_BELOW_THE_TOWNS, DEMO_PEOPLE, DemoPerson
from ...departments import seed_departments
from ...models import Department, Posting, User


class Command(BaseCommand):
    help = (
        "Create the demo people with one common password, which is printed. Run again, it adds who is missing and sets the password anew."
    )

    def add_arguments(self, parser):
        parser.add_argument("--password", default=environment.text("PORTAL_DEMO_PASSWORD"), help="a password instead of a random one")

        parser.add_argument("--keep", action="store_true", help="leave everything as it is when the demo people are there already")

    @transaction.atomic
    def handle(self, *args, password: str, keep: bool, **options):
        if not settings.DEMO_MODE:
            raise CommandError("Demo people are for demo mode only.")
        if keep and User.objects.filter(username__in=[person.username for person in DEMO_PEOPLE]).count() == len(DEMO_PEOPLE):
            self.stdout.write("the demo people are there already")
            return
        password = password or f"demo-{secrets.token_urlsafe(6)}"
        _write_areas()
        seed_departments()
        hashed, departments = make_password(password), {row.code: row for row in Department.objects.all()}
        people = {person.username: person for person in DEMO_PEOPLE}
        User.objects.bulk_create(
            [User(username=person.username, name=person.name, password=hashed) for person in DEMO_PEOPLE],
            update_conflicts=True,
            unique_fields=["username"],
            update_fields=["password", "name"],
        )
        users = {user.username: user for user in User.objects.filter(username__in=people)}
        posted = set(Posting.objects.filter(user__in=users.values()).values_list("user_id", flat=True))
        for username, person in people.items():
            if users[username].pk not in posted:
                _give(users[username], person, departments)
        self.stdout.write(f"{len(people)} demo people, password: {password}")


def _write_areas() -> None:
    """The district and its 29 real towns, and the few synthetic areas that the demo people work in; names that are there stay."""
    code, name = DISTRICT
    rows = {code: name, **{code + suffix: town for suffix, town in TOWNS.items()}, **AREAS_BELOW_THE_TOWNS}
    Area.objects.bulk_create([Area(code=code, name=name) for code, name in rows.items()], ignore_conflicts=True)


def _give(user: User, person: DemoPerson, departments: dict[str, Department]) -> None:
    today = clock.today()
    for posting in person.postings:
        starts, ends = posting.span
        give_posting(
            actor=system_actor("demo"),
            user=user,
            role=posting.role,
            area_code=posting.area_code,
            department=departments.get(posting.department),
            starts_on=today + starts,
            ends_on=today + ends if ends is not None else None,
        )
