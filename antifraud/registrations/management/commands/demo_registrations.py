"""`demo_registrations`: synthetic registrations in the synthetic district."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from antifraud.registrations import demo
from antifraud.registrations.actions.importing import import_registrations
from antifraud.registrations.actions.points import create_point
from antifraud.registrations.models import RegistrationPoint
from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import User
from tongshan_portal.kernel import clock


class Command(BaseCommand):
    help = "Load synthetic registrations into every village, and a registration point. Run again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Synthetic registrations are for demo mode only.")
        officer = User.objects.filter(postings__role=Role.ANTIFRAUD_OFFICER).order_by("pk").first()
        if officer is None:
            raise CommandError("Load the demo people first: demo_people.")
        actor = actor_for(officer)
        villages = list(Area.objects.filter(level=Level.VILLAGE, valid_to=None).order_by("pk").values_list("pk", flat=True))
        outcome, _merged = import_registrations(actor=actor, rows=list(demo.registrations(villages)), now=clock.now())
        if villages and not RegistrationPoint.objects.unscoped("the demo makes one").exists():
            create_point(actor=actor, area_code=villages[0], label="反诈专员 许卫东（演示）")
        self.stdout.write(f"registrations: {sum(outcome.values())}")
