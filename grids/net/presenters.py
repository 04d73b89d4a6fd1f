"""How changes of the net read in the ledger."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb("area.renamed", _("area renamed"), says(_("%(who)s gave the area %(area)s the name %(object)s."))),
    Verb("area.retired", _("area retired"), says(_("%(who)s retired %(object)s (%(area)s) on %(on)s."))),
    Verb("area.merged", _("areas merged"), says(_("%(who)s merged areas into %(into)s on %(on)s."))),
    Verb("area.split", _("area split"), says(_("%(who)s split the area %(from)s on %(on)s."))),
    Verb("area.moved", _("area moved"), says(_("%(who)s moved the area %(from)s to %(to)s on %(on)s."))),
]
