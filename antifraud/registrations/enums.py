"""Words of the registrations for fraud protection."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a registration stands. Only what is registered is matched with warnings."""

    PENDING = "pending_verification", _("waiting for its code")
    REGISTERED = "registered", _("registered")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ERASED = "erased", _("erased")


STATE_TONES = {State.PENDING: "soon", State.REGISTERED: "done", State.WITHDRAWN: "plain", State.ERASED: "plain"}
LIVE = (State.PENDING, State.REGISTERED)
"""States in which a number may have one registration only."""


class OwnConsent(models.TextChoices):
    """What a family member said. Nobody is protected by the word of another, except a child by its guardian's."""

    ASKED = "asked", _("asked")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ERASED = "erased", _("erased")


MEMBER_TONES = {
    OwnConsent.ASKED: "soon",
    OwnConsent.CONFIRMED: "done",
    OwnConsent.REFUSED: "plain",
    OwnConsent.WITHDRAWN: "plain",
    OwnConsent.ERASED: "plain",
}
BOUND = (OwnConsent.ASKED, OwnConsent.CONFIRMED)
"""States that take one of the eight places of a family."""


class Origin(models.TextChoices):
    """How a registration came in."""

    QR = "qr", _("by a registration code")
    WEB = "web", _("by the portal, without a code")
    IMPORT = "import", _("from a file")


class ConsentBasis(models.TextChoices):
    """Where the consent behind a registration can be found."""

    ONLINE = "online", _("given here, number verified")
    PAPER = "paper", _("signed on paper")
    ELSEWHERE = "elsewhere", _("given in another system")


class Purpose(models.TextChoices):
    """What a code is asked for."""

    REGISTER = "register", _("to register")
    MANAGE = "manage", _("to see what is kept")


class Sending(models.TextChoices):
    """Where a message stands on its way to the gateway."""

    WAITING = "waiting", _("on its way")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")


class Counted(models.TextChoices):
    """What the tallies count."""

    REGISTERED = "registered", _("registered")
    FOLLOWING = "following", _("following")
    FAMILY = "family", _("family members who confirmed")


FAMILY_LIMIT = 8
"""Family members that one registration may bind (the rule of the district's programme)."""
