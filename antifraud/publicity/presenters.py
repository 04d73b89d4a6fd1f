"""How the verbs of publicity read in the ledger."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

PARTS = {"publicity": _("portal: notices against fraud, their end and their short messages")}

VERBS = [
    Verb("fraud_notice.drafted", _("notice against fraud drafted"), says(_("%(who)s drafted the notice %(object)s."))),
    Verb("fraud_notice.corrected", _("notice against fraud corrected"), says(_("%(who)s corrected the notice %(object)s: %(fields)s."))),
    Verb("fraud_notice.submitted", _("notice against fraud submitted"), says(_("%(who)s submitted the notice %(object)s for approval."))),
    Verb("fraud_notice.discarded", _("notice against fraud discarded"), says(_("%(who)s discarded the notice %(object)s."))),
    Verb("fraud_notice.taken_back", _("notice against fraud taken back"), says(_("%(who)s took the notice %(object)s back."))),
    Verb("fraud_notice.sent_back", _("notice against fraud sent back"), says(_("%(who)s sent the notice %(object)s back: %(reason)s"))),
    Verb("fraud_notice.published", _("notice against fraud published"), says(_("%(who)s approved and published the notice %(object)s."))),
    Verb("fraud_notice.replaced", _("notice against fraud replaced"), says(_("The notice %(object)s was replaced by its update %(by)s."))),
    Verb("fraud_notice.cancelled", _("notice against fraud cancelled"), says(_("%(who)s cancelled the notice %(object)s: %(reason)s"))),
    Verb("fraud_notice.expired", _("notice against fraud expired"), says(_("The validity of the notice %(object)s ended."))),
    Verb(
        "fraud_notice.sent_out",
        _("short messages of a notice sent out"),
        says(_("The short messages of the notice %(object)s: %(sent)s sent, %(failed)s could not be sent.")),
    ),
    Verb(
        "fraud_notice.made_known",
        _("notice against fraud made known"),
        says(_("%(who)s recorded that the notice %(notice)s was made known.")),
    ),
    Verb("fraud_advice.changed", _("advice on fraud changed"), says(_("%(who)s wrote version %(version)s of the advice “%(object)s”."))),
    Verb("issuing_unit.changed", _("issuing unit changed"), says(_("%(who)s changed the issuing unit of posters and notices."))),
]
