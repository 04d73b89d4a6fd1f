"""`demo_publicity`: synthetic notices against fraud in the synthetic district."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from antifraud.publicity import demo
from antifraud.publicity.models import FraudNotice
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.models import User
from tongshan_portal.kernel import clock

NAMES = ("antifraud", "director", "village")


class Command(BaseCommand):
    help = "Load synthetic notices against fraud in every state, through the real actions. Run again, it writes none twice."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Synthetic notices are for demo mode only.")
        actors = {user.username: actor_for(user) for user in User.objects.filter(username__in=NAMES)}
        if len(actors) < len(NAMES):
            raise CommandError("Load the demo people and the synthetic district first: demo_people, demo_district.")
        held = FraudNotice.objects.unscoped("the demo looks whether it was here").filter(is_synthetic=True)
        number = held.count() or demo.play(actors, clock.now())
        self.stdout.write(f"notices against fraud: {number}")
