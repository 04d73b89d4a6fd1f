"""How the verbs of the elements read in the ledger."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb("element.recorded", _("element recorded"), says(_("%(who)s recorded “%(object)s” in %(area)s."))),
    Verb("household.seen", _("household seen"), says(_("%(who)s saw the household %(object)s."))),
    Verb("correction.proposed", _("correction proposed"), says(_("%(who)s proposed a correction of “%(object)s”: %(fields)s."))),
    Verb("correction.confirmed", _("correction confirmed"), says(_("%(who)s confirmed the correction of “%(object)s”: %(fields)s."))),
    Verb("correction.rejected", _("correction rejected"), says(_("%(who)s rejected the correction of “%(object)s” because: %(reason)s"))),
    Verb("term.changed", _("dictionary changed"), says(_("%(who)s changed the term “%(object)s” of a dictionary."))),
]
