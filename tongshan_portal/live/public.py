"""What others use of the live path."""

from .actions import notify_desk, notify_person
from .gate import register_condition
from .kinds import Kind, register_kinds
from .publish import Event, publish, publish_many
from .topics import Topic, register

__all__ = [
    "Event",
    "Kind",
    "Topic",
    "notify_desk",
    "notify_person",
    "publish",
    "publish_many",
    "register",
    "register_condition",
    "register_kinds",
]
