"""Words of publicity against fraud."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    """Where a notice stands. Nobody outside the desk sees one before it is published."""

    DRAFT = "draft", _("being drafted")
    SUBMITTED = "submitted", _("to be approved")
    PUBLISHED = "published", _("now in force")
    UPDATED = "updated", _("replaced by an update")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")
    DISCARDED = "discarded", _("discarded")


TONES = {
    "draft": "plain", "submitted": "soon", "published": "active", "updated": "plain", "cancelled": "late", "expired": "plain",
    "discarded": "plain",
}  # fmt: skip

WRITING = (NoticeState.DRAFT, NoticeState.SUBMITTED)
"""States in which a notice is the desk's own affair."""

PUBLIC = (NoticeState.PUBLISHED, NoticeState.UPDATED, NoticeState.CANCELLED, NoticeState.EXPIRED)
"""States of what was published: it may be read by those for whom it was, also afterwards."""


class Urgency(models.TextChoices):
    """How urgent a notice is, in the desk's own words; what other systems are told follows from it."""

    ORDINARY = "ordinary", _("reminder")
    IMPORTANT = "important", _("important")
    URGENT = "urgent", _("urgent")


URGENCY_TONES = {"ordinary": "plain", "important": "soon", "urgent": "late"}


class MessageKind(models.TextChoices):
    """What a CAP message does, by the standard's own words."""

    ALERT = "Alert", _("first publication")
    UPDATE = "Update", _("update")
    CANCEL = "Cancel", _("cancellation")


class RunState(models.TextChoices):
    """Where the short messages of a notice stand."""

    RUNNING = "running", _("being sent")
    DONE = "done", _("sent out")
    STOPPED = "stopped", _("stopped")


class Channel(models.TextChoices):
    """How a village made a notice known."""

    LOUDSPEAKER = "loudspeaker", _("loudspeaker")
    WECHAT = "wechat", _("WeChat group")
    POSTER = "poster", _("poster put up")
    MEETING = "meeting", _("at a meeting")
    DOOR = "door", _("from door to door")
    OTHER = "other", _("another way")
