"""How sign-in reads in the ledger."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

from .records import Ended, Refusal


def _word(reasons, entry) -> str:
    """The reason in words; a dash for one that is written no more."""
    return str(dict(reasons.choices).get(entry.detail.get("why"), "–"))


def _refused(entry) -> str:
    why = _word(Refusal, entry)
    if entry.object_label:
        return _now("%(object)s was not let in: %(why)s.") % {"object": entry.object_label, "why": why}
    return _now("Somebody was not let in: %(why)s.") % {"why": why}


def _closed(entry) -> str:
    return _now("The session of %(object)s ended: %(why)s.") % {"object": entry.object_label, "why": _word(Ended, entry)}


VERBS = [
    Verb("session.opened", _("signed in"), says(_("%(who)s signed in."))),
    Verb("session.refused", _("sign-in refused"), _refused),
    Verb("session.closed", _("session ended"), _closed),
    Verb("session.revoked", _("sessions ended elsewhere"), says(_("%(who)s ended %(number)s sessions on other devices."))),
    Verb("sign_in.locked", _("locked out"), says(_("Too many failures for %(object)s: locked until %(until)s."))),
    Verb("password.changed", _("password changed"), says(_("%(who)s changed the password."))),
    Verb("second_factor.added", _("second factor added"), says(_("%(who)s set up a second factor (%(kind)s)."))),
    Verb("second_factor.removed", _("second factor removed"), says(_("%(who)s removed a second factor (%(kind)s)."))),
    Verb("second_factor.renewed", _("second factor renewed"), says(_("%(who)s made new recovery codes (%(kind)s)."))),
]
