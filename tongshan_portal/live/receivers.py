"""What changes rights or ends sessions below and beside, told to every web process through the same stream."""

from . import gate
from .publish import publish
from .topics import ACCESS


def on_access_changed(sender, user_id: int, **_rest) -> None:
    """Open streams of the person go on under the rights of now, or end."""
    publish(topic=ACCESS.name, kind="access.changed", user_ids=[user_id])


def on_session_ended(sender, session_key: str, user_id: int | None, **_rest) -> None:
    """The stream of that session ends."""
    if user_id is not None:
        publish(topic=ACCESS.name, kind="session.ended", user_ids=[user_id], line={"session": gate.digest_of(session_key)})
