"""Publishing: an outbox row in the caller's transaction."""

from collections.abc import Iterable

from tongshan_portal.kernel import clock

from .models import OutboxEvent


def publish(*, topic: str, kind: str, area_code: str, line: dict, user_ids: Iterable[int] = ()) -> None:
    """Tell the listeners of `topic` whose scope holds `area_code`, or only the people in `user_ids` when any are given.

    `kind` says what happened (`report.filed`); `line` is what a ticker may show: an id, a code, words without personal data.
    """
    OutboxEvent.objects.create(at=clock.now(), topic=topic, kind=kind, area_code=area_code, line=line, user_ids=list(user_ids))
