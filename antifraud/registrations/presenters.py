"""How the verbs of registrations read in the ledger. No entry holds a number of a phone or a name."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

from .residents import PART

PARTS = {PART: _("a resident, by a proved number"), "registrations_sweep": _("portal: keeping registrations no longer than agreed")}

VERBS = [
    Verb("registration.confirmed", _("registration confirmed"), says(_("%(who)s confirmed the registration %(object)s."))),
    Verb("registration.seen", _("registration seen"), says(_("%(who)s saw the registration %(object)s."))),
    Verb("registration.corrected", _("registration corrected"), says(_("%(who)s corrected the registration %(object)s: %(fields)s."))),
    Verb("registration.withdrawn", _("registration withdrawn"), says(_("%(who)s withdrew the registration %(object)s: %(reason)s"))),
    Verb("registration.erased", _("registration erased"), says(_("%(who)s erased the data of the registration %(object)s."))),
    Verb("registration.copied", _("registration copied"), says(_("%(who)s took a copy of the data of the registration %(object)s."))),
    Verb("member.asked", _("family member asked"), says(_("%(who)s asked a family member into the registration %(registration)s."))),
    Verb(
        "member.answered",
        _("family member answered"),
        says(_("A family member of the registration %(registration)s answered: %(answer)s.")),
    ),
    Verb("member.removed", _("family member removed"), says(_("%(who)s removed a family member from the registration %(registration)s."))),
    Verb(
        "registration_point.created",
        _("registration point set up"),
        says(_("%(who)s set up the registration point %(object)s for %(label)s.")),
    ),
    Verb("registration_point.closed", _("registration point closed"), says(_("%(who)s closed the registration point %(object)s."))),
    Verb(
        "registration_point.opened",
        _("registration point opened again"),
        says(_("%(who)s opened the registration point %(object)s again.")),
    ),
    Verb("consent_text.published", _("consent text published"), says(_("%(who)s published version %(version)s of the consent text."))),
    Verb("relation.changed", _("relation changed"), says(_("%(who)s changed the family relation “%(object)s”."))),
]
