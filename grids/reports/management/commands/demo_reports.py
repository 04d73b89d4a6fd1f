"""`demo_reports`: synthetic case reports in every state of the loop, in the synthetic district."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grids.areas.codes import Level
from grids.elements.demo import spots
from grids.reports import demo
from grids.reports.models import Report
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.demo import DEMO_PEOPLE
from tongshan_portal.accounts.models import User
from tongshan_portal.kernel import clock
from tongshan_portal.live.models import Delivery

PORTION = 25
"""Reports written in one transaction; a run that was cut off goes on after the last whole portion."""
UNREAD = 4
"""Notices that stay unread for each demo person: the rest tells of what is long over."""


class Command(BaseCommand):
    help = "Load synthetic case reports in every state, through the real actions. Run again, it writes none twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--number", type=int, default=150)

    def handle(self, *args: Any, number: int, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Synthetic reports are for demo mode only.")
        users = {user.username: user for user in User.objects.filter(username__in=[person.username for person in DEMO_PEOPLE])}
        places = list(spots(Level.GRID))
        if not users or not places:
            raise CommandError("Load the demo people and the synthetic district first: demo_people, demo_district.")
        stage = demo.Stage({name: actor_for(user) for name, user in users.items()}, places, clock.now())
        plots = list(demo.plots(number))
        for begin in range(0, number, PORTION):
            self._portion(stage, plots, range(begin, min(begin + PORTION, number)))
        self._read_old_notices(users)
        self.stdout.write(f"reports: {Report.objects.unscoped('the demo counts').filter(is_synthetic=True).count()}")

    @transaction.atomic
    def _portion(self, stage: demo.Stage, plots: list[str], portion: range) -> None:
        keys = [demo.key_of(place) for place in portion]
        there = set(Report.objects.unscoped("the demo goes on where it was").filter(key__in=keys).values_list("key", flat=True))
        for place in portion:
            if demo.key_of(place) not in there:
                demo.play(stage, place, plots[place])

    def _read_old_notices(self, users: dict[str, User]) -> None:
        """What the history told is read; the newest of each person's wait."""
        for user in users.values():
            unread = Delivery.objects.filter(user=user, read_at=None)
            newest = list(unread.order_by("-pk").values_list("pk", flat=True)[:UNREAD])
            unread.exclude(pk__in=newest).update(read_at=clock.now())
