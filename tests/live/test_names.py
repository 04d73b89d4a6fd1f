"""Queue and task names are part of messages in flight."""

from tongshan_portal.celery import app
from tongshan_portal.kernel import queues


def test_the_names_of_the_live_path_are_frozen_and_its_tasks_exist():
    names = {"LIVE": queues.LIVE, "DRAIN": queues.LIVE_DRAIN, "SWEEP": queues.LIVE_SWEEP, "PRUNE": queues.LIVE_PRUNE}
    assert names == {"LIVE": "live", "DRAIN": "live.drain", "SWEEP": "live.sweep", "PRUNE": "live.prune"}
    app.autodiscover_tasks(force=True)
    assert {queues.LIVE_DRAIN, queues.LIVE_SWEEP, queues.LIVE_PRUNE} <= set(app.tasks)
