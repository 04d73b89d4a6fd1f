"""The Celery application: tasks are wake-ups, rows are the truth."""

import os

import structlog
from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
app = Celery("tongshan_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _leave_logging_to_django(**_kwargs) -> None:
    """Somebody listens, so Celery does not put its own handlers in the place of settings.LOGGING."""


@task_prerun.connect
def _bind(task_id=None, task=None, **_kwargs) -> None:
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def _unbind(**_kwargs) -> None:
    structlog.contextvars.unbind_contextvars("task", "task_id")
