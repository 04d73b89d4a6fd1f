"""How the ledger's own verbs and parts read."""

from django.utils.translation import gettext_lazy as _

from .verbs import Verb, says

PARTS = {
    "archive_ledger": _("portal: archiving the ledger"),
    "checkpoint_ledger": _("portal: signing the ledger"),
    "verify_ledger": _("portal: verifying the ledger"),
}

VERBS = [
    Verb(
        "ledger.archived",
        _("ledger archived"),
        says(_("%(who)s moved %(count)s ledger entries from before %(before)s to the archive “%(archive)s”.")),
    ),
    Verb("ledger.checked", _("ledger verified"), says(_("%(who)s verified %(rows)s ledger entries: %(faults)s faults."))),
    Verb("ledger.checkpointed", _("ledger checkpoint signed"), says(_("%(who)s signed the heads of %(strands)s strands."))),
]
