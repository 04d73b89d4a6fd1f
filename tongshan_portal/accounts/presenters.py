"""How the ledger says what happened to people, postings and grants."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

PARTS = {
    "create_first_administrators": _("portal: setting up"),
    "demo": _("portal: demo data"),
    "grants": _("portal: ending grants"),
}

VERBS = [
    Verb("posting.given", _("posting given"), says(_("%(who)s gave the posting %(object)s."))),
    Verb("posting.ended", _("posting ended"), says(_("%(who)s ended the posting %(object)s: %(reason)s"))),
    Verb("user.created", _("person created"), says(_("%(who)s created the account of %(object)s."))),
    Verb("user.changed", _("person changed"), says(_("%(who)s changed the account of %(object)s."))),
    Verb("user.disabled", _("person disabled"), says(_("%(who)s disabled the account of %(object)s: %(reason)s"))),
    Verb("user.enabled", _("person enabled"), says(_("%(who)s enabled the account of %(object)s again: %(reason)s"))),
    Verb("initial_password.set", _("initial password set"), says(_("%(who)s set an initial password for %(object)s."))),
    Verb("grant.given", _("grant given"), says(_("%(who)s gave the exceptional grant %(object)s: %(reason)s"))),
    Verb("grant.taken", _("grant taken back"), says(_("%(who)s took back the exceptional grant %(object)s: %(reason)s"))),
    Verb("grant.expired", _("grant expired"), says(_("The exceptional grant %(object)s has expired."))),
    Verb("department.created", _("department created"), says(_("%(who)s created the department %(object)s."))),
    Verb("department.changed", _("department changed"), says(_("%(who)s changed the department %(object)s."))),
]
