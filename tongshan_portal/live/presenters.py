"""How the live path's verbs read in the ledger."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb("notice.announced", _("announcement to a desk"), says(_("%(who)s told %(people)s people (%(role)s, %(area)s): “%(text)s”"))),
]
