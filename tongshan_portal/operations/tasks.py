"""A worker's sign of life, looked for by whoever supervises it: a file per queue, touched by a task that beat sends."""

from celery import shared_task

from tongshan_portal.kernel import heartbeat, queues


@shared_task(name=queues.SIGN_OF_LIFE, ignore_result=True, expires=30)
def sign_of_life(*, queue: str) -> None:
    """Touch the file of a queue in the folder PORTAL_HEARTBEATS, when one is set."""
    heartbeat.touch(queue)
