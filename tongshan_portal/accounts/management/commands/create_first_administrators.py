"""`create_first_administrators`: the three people with whom a new installation begins."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from grids.areas.models import Area
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

from ...actions.postings import give_posting
from ...actions.users import create_user, one_time_password
from ...actor import system_actor
from ...departments import seed_departments
from ...enums import ADMINISTRATORS, Role
from ...models import Posting

OPTIONS = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "audit": Role.AUDIT_ADMIN}


class Command(BaseCommand):
    help = "Create the system, the security and the audit administrator: three persons, each with a one-time password that is shown once."

    def add_arguments(self, parser):
        for option in OPTIONS:
            parser.add_argument(f"--{option}", required=True, nargs=2, metavar=("SIGN_IN_NAME", "NAME"))
        parser.add_argument("--district-name", default="铜山区", help="the district's name, where no areas were imported yet")

    @transaction.atomic
    def handle(self, *args, district_name: str, **options):
        if Posting.objects.filter(role__in=ADMINISTRATORS).exists():
            raise CommandError("There are or were administrators already: they create others.")
        actor = system_actor("create_first_administrators")
        Area.objects.get_or_create(pk=settings.DISTRICT_CODE, defaults={"name": district_name})
        seed_departments()
        for option, role in OPTIONS.items():
            username, name = options[option]
            password = one_time_password()
            try:
                user = create_user(actor=actor, username=username, name=name, password=password)
                give_posting(actor=actor, user=user, role=role, area_code=settings.DISTRICT_CODE, starts_on=clock.today())
            except DomainError as error:
                raise CommandError(f"{username}: {error}") from error
            self.stdout.write(f"{role.value}: {username}  {password}")
        self.stdout.write("Each password has to be changed at the first sign-in.")
