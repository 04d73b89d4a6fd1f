"""`demo_alerts`: synthetic fraud alerts of the last three months, all of them over, in the synthetic district."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from antifraud.alerts import demo
from antifraud.alerts.models import FraudAlert, FraudType
from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.models import User
from tongshan_portal.kernel import clock
from tongshan_portal.live.models import Delivery

NAMES = ("antifraud", "police", "duty", "grid-worker", "grid-worker-2")
PORTION = 20
"""Alerts written in one transaction; a run that was cut off goes on after the last whole portion."""


class Command(BaseCommand):
    help = "Load synthetic fraud alerts of the last three months, through the real actions. Run again, it writes none twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--number", type=int, default=72)

    def handle(self, *args: Any, number: int, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Synthetic alerts are for demo mode only.")
        users = {user.username: user for user in User.objects.filter(username__in=NAMES)}
        grids = list(Area.objects.filter(level=Level.GRID, valid_to=None).order_by("pk").values_list("pk", flat=True))
        if len(users) < len(NAMES) or not grids:
            raise CommandError("Load the demo people and the synthetic district first: demo_people, demo_district.")
        told = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        plots = list(demo.plots(number, grids, clock.now()))
        for begin in range(0, number, PORTION):
            self._portion(plots[begin : begin + PORTION], users)
        # What the history told is over.
        Delivery.objects.filter(pk__gt=told, user__in=users.values(), notice__kind__startswith="alert.").update(read_at=clock.now())
        alerts = FraudAlert.objects.unscoped("the demo counts").filter(source__in=demo.SOURCES)
        self.stdout.write(f"alerts: {alerts.count()}")

    @transaction.atomic
    def _portion(self, plots: Sequence[demo.Plot], users: dict[str, User]) -> None:
        actors = {user.pk: actor_for(user) for user in users.values()}
        checkers = [actors[users[name].pk] for name in ("antifraud", "police")]
        types = list(FraudType.objects.filter(in_use=True).order_by("pk").values_list("code", flat=True))
        for plot in plots:
            demo.play(plot, actors, checkers, types)
