"""What a beat does for the exchange: wake runs that nobody works on, and delete what has had its time."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q

from tongshan_portal.kernel import clock, queues

from . import staging
from .actions.imports import forget_file
from .conf import limit
from .dispatch import wake
from .enums import WORKING, ExportState
from .models import ExportRun, ImportRun
from .storage import private_storage
from .workflow import EXPORT_STEPS, target


def wake_stalled() -> int:
    """Send a task for every run that should be worked on and is not; answers their number."""
    now, number = clock.now(), 0
    for run_id in ImportRun.objects.filter(state__in=WORKING).stalled(now).order_by("pk").values_list("pk", flat=True):
        wake(queues.RUN_IMPORT, run_id)
        number += 1
    for run_id in ExportRun.objects.filter(state=ExportState.RUNNING).stalled(now).order_by("pk").values_list("pk", flat=True):
        wake(queues.RUN_EXPORT, run_id)
        number += 1
    return number


def erase_old() -> None:
    """Delete the files, staged rows, returned rows and results of imports after their days, the files of exports after their hours."""
    now = clock.now()
    oldest = now - timedelta(days=limit("KEEP_IMPORT_DAYS"))
    old = ImportRun.objects.filter(Q(finished_at__lt=oldest) | Q(finished_at=None, created_at__lt=oldest), erased_at=None).exclude(
        state__in=WORKING
    )
    for run_id in old.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            run = ImportRun.objects.select_for_update().get(pk=run_id)
            forget_file(run)
            run.returned.all().delete()
            run.results.all().delete()
            run.erased_at = now
            run.save(update_fields=["erased_at"])
    for run_id in ExportRun.objects.filter(state=ExportState.READY, expires_at__lt=now).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            export = ExportRun.objects.select_for_update().get(pk=run_id)
            storage, name = export.file.storage, export.file.name
            export.state, export.file = target(EXPORT_STEPS, "expire", export.state), ""
            export.save(update_fields=["state", "file"])
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
    _erase_strays(now)


def _erase_strays(now) -> None:
    """Files and staged rows that no run speaks of: what a kill between the disk and the commit has left behind."""
    storage = private_storage()
    for folder, model in (("imports", ImportRun), ("exports", ExportRun)):
        if not storage.exists(folder):
            continue
        for name in storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            young = storage.get_modified_time(path) > now - timedelta(hours=1)
            if not young and not model.objects.filter(file=path).exists():
                storage.delete(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT run_id FROM exchange_stagedrow")
        staged = {row[0] for row in cursor.fetchall()}
    for run_id in staged - set(ImportRun.objects.filter(pk__in=staged).values_list("pk", flat=True)):
        staging.clear(run_id)
