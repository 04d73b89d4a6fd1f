"""What others use of the live path."""

from .gate import register_condition
from .publish import Event, publish, publish_many
from .topics import Topic, register

__all__ = ["Event", "Topic", "publish", "publish_many", "register", "register_condition"]
