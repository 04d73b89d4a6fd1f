"""The naive way, as the documentation of its parts shows it: a Celery task for each warning writes by the ORM, django-eventstream pushes.

It signs nothing, answers before anything is kept, and keeps neither notices nor an outbox: that is what the portal does beyond it.
`POST /take` a batch; `GET /listen/TOWN` the events of a town, `GET /listen/all` all.
"""

import os
from datetime import timedelta
from decimal import Decimal

import django
import orjson
from celery import Celery
from django.conf import settings

if not settings.configured:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.warning_rig.naive_settings"
django.setup(set_prefix=False)

import django_eventstream  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils.dateparse import parse_datetime  # noqa: E402

QUEUE = "bench-naive"
app = Celery("naive", broker=settings.CELERY_BROKER_URL)
app.conf.update(task_ignore_result=True, task_default_queue=QUEUE)


@app.task(name="bench.naive.take")
def keep(source: str, row: dict) -> None:
    """One warning: is it new, whose is it, the alert, its task, its entry; then the push."""
    from antifraud.alerts.enums import OPEN, RANK, Grade
    from antifraud.alerts.models import DissuasionTask, FraudAlert, FraudType, FraudWarning
    from antifraud.alerts.models.alert import new_code
    from antifraud.registrations.public import match_phones
    from grids.elements.models import Household
    from tongshan_portal.accounts.models import Posting
    from tongshan_portal.kernel import clock
    from tongshan_portal.kernel.sealed import matching
    from tongshan_portal.ledger.public import record
    from tongshan_portal.ledger.record import PortalPart

    now = clock.now()
    with transaction.atomic():
        if FraudWarning.objects.unscoped("bench").filter(source=source, external_id=row["external_id"]).exists():
            return
        kind = FraudType.objects.get(code=row["type"])
        alerts = FraudAlert.objects.unscoped("bench")
        alert = alerts.filter(matching(FraudAlert, "phone", row["phone"]), type=kind, state__in=OPEN).first()
        facts = {"phone": row["phone"], "name": row["name"], "address": row["address"], "grade": row["grade"], "received_at": now}
        opened = alert is None
        if alert is None:
            match = match_phones([row["phone"]])[0]
            home = Household.objects.unscoped("bench").filter(matching(Household, "phone", row["phone"])).first()
            area = match.area_code if match else home.area_code if home else row["area_code"]
            worker = Posting.objects.unscoped("bench").in_force(clock.today()).filter(role="grid_worker", area_code=area).first()
            happened = parse_datetime(row["happened_at"])
            alert = FraudAlert.objects.create(
                code=new_code(now), state="assigned", rank=RANK[Grade(row["grade"])], type=kind, area_code=area, match_kind="stated",
                source=source, first_warning_at=happened, last_warning_at=happened, goes="grid_worker", desk_code=area[:15],
                assignee_id=worker.user_id if worker else None, stage="contact", clock={}, due_at=now + timedelta(minutes=30),
                rung_at=now + timedelta(minutes=20), changed_at=now, amount_at_risk=Decimal(row["amount"]), **facts,
            )  # fmt: skip
            DissuasionTask.objects.create(
                alert=alert, goes="grid_worker", desk_code=area[:15], assignee_id=alert.assignee_id, state="offered", offered_at=now,
                due_at=alert.due_at,
            )  # fmt: skip
        else:
            alerts.filter(pk=alert.pk).update(warnings_joined=F("warnings_joined") + 1, changed_at=now)
        FraudWarning.objects.create(
            source=source, external_id=row["external_id"], alert=alert, happened_at=parse_datetime(row["happened_at"]), type=kind,
            amount_at_risk=Decimal(row["amount"]), digest="", **facts,
        )  # fmt: skip
        record(actor=PortalPart("bench"), verb="alert.received" if opened else "alert.joined", row=alert, area_code=alert.area_code)
    data = {"kind": "alert.received", "line": {"alert": row["external_id"], "grade": row["grade"]}}
    for channel in (alert.area_code[:9], "all"):
        django_eventstream.send_event(channel, "message", orjson.dumps(data).decode(), json_encode=False)


def take(request):
    """A batch: a task for each row."""
    batch = orjson.loads(request.body)
    for row in batch["rows"]:
        keep.delay(source=batch["source"], row=row)
    return HttpResponse(status=202)


urlpatterns = [
    path("take", take),
    path("listen/<str:town>", include(django_eventstream.urls), {"format-channels": ["{town}"]}),
]
application = get_asgi_application()
