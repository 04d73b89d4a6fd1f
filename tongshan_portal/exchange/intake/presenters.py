"""How the ledger says what came in."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb(
        "intake.received",
        _("rows received"),
        says(
            _(
                "%(system)s sent %(rows)s rows (%(kind)s): %(created_rows)s new, %(changed_rows)s changed, "
                "%(unchanged_rows)s unchanged, %(bad_rows)s refused."
            )
        ),
    ),
    Verb("intake.refused", _("call of a system refused"), says(_("A call in the name of %(object)s was refused (%(status)s): %(reason)s"))),
    Verb("outside_system.created", _("outside system set up"), says(_("%(who)s set up the outside system %(object)s."))),
    Verb("outside_system.changed", _("outside system changed"), says(_("%(who)s changed the outside system %(object)s."))),
    Verb("outside_system.key_renewed", _("key of a system renewed"), says(_("%(who)s made a new key for the outside system %(object)s."))),
]
PARTS = {"intake": _("the intake from other systems")}
