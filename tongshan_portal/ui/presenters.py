"""How the shell's verbs read in the ledger."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb("banner.posted", _("banner posted"), says(_("%(who)s posted the banner “%(object)s”."))),
    Verb("banner.changed", _("banner changed"), says(_("%(who)s changed the banner “%(object)s”."))),
    Verb("banner.ended", _("banner taken down"), says(_("%(who)s took down the banner “%(object)s”."))),
]
