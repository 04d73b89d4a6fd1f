"""How the entries of access read."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

REVEALED = "sealed.revealed"
DENIED, MISSED, SUPPRESSED = "access.denied", "access.missed", "access.flooded"

PARTS = {"rotate_seals": _("portal: renewing seals")}

VERBS = [
    Verb(REVEALED, _("sealed field opened"), says(_("%(who)s opened “%(label)s” of %(object)s: %(reason)s"))),
    Verb(DENIED, _("access denied"), says(_("%(who)s was refused %(method)s %(path)s: %(reason)s"))),
    Verb(MISSED, _("nothing found within the scope"), says(_("%(who)s asked for %(path)s, which is not there or outside the scope."))),
    Verb(SUPPRESSED, _("many refusals"), says(_("%(who)s was refused more than %(count)s times within a minute; the rest is not listed."))),
    Verb("seal_keys.rotated", _("sealed fields rewritten"), says(_("%(who)s rewrote %(count)s sealed values under the keys in use."))),
]
