"""Queue and task names are part of messages in flight: they change on purpose or not at all."""

from django.conf import settings

from tongshan_portal.celery import app
from tongshan_portal.kernel import queues

NAMES = {
    "LIVE": "live",
    "BULK": "bulk",
    "LIVE_DRAIN": "live.drain",
    "LIVE_SWEEP": "live.sweep",
    "LIVE_PRUNE": "live.prune",
    "SWEEP_REPORTS": "reports.sweep",
    "ERASE_CONTACTS": "reports.erase_contacts",
    "SWEEP_TALLIES": "reports.sweep_tallies",
    "SWEEP_VIEWS": "reports.sweep_views",
    "SWEEP_ALERTS": "alerts.sweep",
    "SWEEP_ALERT_TALLIES": "alerts.sweep_tallies",
    "RUN_BOUNDARIES": "boundaries.run",
    "SWEEP_BOUNDARIES": "boundaries.sweep",
    "RUN_IMPORT": "exchange.run_import",
    "RUN_EXPORT": "exchange.run_export",
    "SWEEP_EXCHANGE": "exchange.sweep",
    "SWEEP_SIGNIN": "signin.sweep",
    "SWEEP_GRANTS": "accounts.sweep_grants",
    "CHECKPOINT_LEDGER": "ledger.checkpoint",
    "MESSAGES": "messages",
    "SEND_MESSAGES": "registrations.send_messages",
    "WAKE_MESSAGES": "registrations.wake_messages",
    "SWEEP_REGISTRATIONS": "registrations.sweep",
    "SIGN_OF_LIFE": "operations.sign_of_life",
}


def test_names_are_frozen():
    assert {name: value for name, value in vars(queues).items() if name.isupper() and isinstance(value, str)} == NAMES


def test_every_task_has_its_name_from_the_one_place_and_exists():
    app.autodiscover_tasks(force=True)
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == set(NAMES.values()) - set(queues.QUEUES)


def test_beat_sends_known_tasks_to_known_queues():
    sent = {(entry["task"], entry["options"]["queue"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {task for task, _queue in sent} <= set(NAMES.values())
    assert {queue for _task, queue in sent} == set(queues.QUEUES)
