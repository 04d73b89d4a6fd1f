"""What a beat does for boundaries: wake imports that nobody works on, delete files that have had their time."""

from datetime import timedelta

from django.db import transaction

from tongshan_portal.exchange.long_work import private_storage, wake
from tongshan_portal.kernel import clock, queues

from .actions import forget_file
from .enums import WORKING
from .models import BoundaryImport

KEEP_DAYS = 30
"""Days after which the file of an import that never began is deleted."""


def wake_stalled() -> int:
    """Send a task for every import that should be worked on and is not; answers their number."""
    number = 0
    for run_id in BoundaryImport.objects.filter(state__in=WORKING).stalled(clock.now()).order_by("pk").values_list("pk", flat=True):
        wake(queues.RUN_BOUNDARIES, run_id)
        number += 1
    return number


def erase_old() -> None:
    """Delete old files, and files that no import speaks of: what a kill between the disk and the commit has left behind."""
    now = clock.now()
    old = BoundaryImport.objects.filter(created_at__lt=now - timedelta(days=KEEP_DAYS)).exclude(file="").exclude(state__in=WORKING)
    for run_id in old.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            forget_file(BoundaryImport.objects.select_for_update().get(pk=run_id))
    storage = private_storage()
    if not storage.exists("boundaries"):
        return
    for name in storage.listdir("boundaries")[1]:
        path = f"boundaries/{name}"
        young = storage.get_modified_time(path) > now - timedelta(hours=1)
        if not young and not BoundaryImport.objects.filter(file=path).exists():
            storage.delete(path)
