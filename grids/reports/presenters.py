"""How the ledger says what became of a report."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb("report.filed", _("report filed"), says(_("%(who)s filed the report %(object)s."))),
    Verb("report.imported", _("report brought in"), says(_("%(who)s brought the report %(object)s in from %(origin)s."))),
    Verb("report.updated", _("report updated"), says(_("%(who)s updated the report %(object)s as %(origin)s now has it."))),
    Verb("report.opened", _("report opened"), says(_("%(who)s opened the report %(object)s."))),
    Verb("report.placed", _("area of a report changed"), says(_("%(who)s said where the report %(object)s lies: %(to)s."))),
    Verb(
        "report.classified", _("category of a report changed"), says(_("%(who)s changed the category of the report %(object)s to %(to)s."))
    ),
    Verb("report.dispatched", _("report dispatched"), says(_("%(who)s dispatched the report %(object)s to %(to)s."))),
    Verb("report.signed_for", _("report signed for"), says(_("%(who)s signed for the report %(object)s."))),
    Verb("report.objected_to", _("report objected to"), says(_("%(who)s said of the report %(object)s that it is not theirs: %(reason)s"))),
    Verb("report.returned", _("report returned"), says(_("%(who)s returned the report %(object)s: %(reason)s"))),
    Verb("report.fed_back", _("report fed back"), says(_("%(who)s fed back on the report %(object)s."))),
    Verb("report.verified", _("report verified"), says(_("%(who)s verified the result of the report %(object)s."))),
    Verb("report.sent_back", _("report sent back"), says(_("%(who)s sent the report %(object)s back: %(reason)s"))),
    Verb("report.closed", _("report closed"), says(_("%(who)s closed the report %(object)s."))),
    Verb("report.archived", _("report filed away"), says(_("The report %(object)s was filed away."))),
    Verb("report.reopened", _("report reopened"), says(_("%(who)s reopened the report %(object)s: %(reason)s"))),
    Verb("report.paused", _("report paused"), says(_("%(who)s paused the clock of the report %(object)s: %(reason)s"))),
    Verb("report.resumed", _("report resumed"), says(_("%(who)s let the clock of the report %(object)s run again."))),
    Verb("report.extension_asked", _("more time asked for"), says(_("%(who)s asked for more time for the report %(object)s: %(reason)s"))),
    Verb("report.extended", _("more time approved"), says(_("%(who)s approved more time for the report %(object)s."))),
    Verb("report.extension_refused", _("more time refused"), says(_("%(who)s refused more time for the report %(object)s: %(reason)s"))),
    Verb("report.hastened", _("report hastened"), says(_("%(who)s hastened the report %(object)s: %(reason)s"))),
    Verb("report.supervised", _("supervision ordered"), says(_("%(who)s ordered supervision of the report %(object)s: %(reason)s"))),
    Verb("report.order_answered", _("order answered"), says(_("%(who)s answered an order on the report %(object)s."))),
    Verb("report.noted", _("note added"), says(_("%(who)s added a note to the report %(object)s."))),
    Verb("report.withdrawn", _("report withdrawn"), says(_("%(who)s withdrew the report %(object)s: %(reason)s"))),
    Verb("report.void_proposed", _("void proposed"), says(_("%(who)s proposed to void the report %(object)s: %(reason)s"))),
    Verb("report.voided", _("report voided"), says(_("%(who)s voided the report %(object)s."))),
    Verb("report.kept", _("report kept"), says(_("%(who)s kept the report %(object)s: %(reason)s"))),
    Verb("report.merged", _("report merged"), says(_("%(who)s merged the report %(object)s into %(to)s: %(reason)s"))),
    Verb("report.unmerged", _("report taken out again"), says(_("%(who)s took the report %(object)s out again: %(reason)s"))),
    Verb("report_settings.changed", _("settings of reports changed"), says(_("%(who)s changed %(object)s in the settings of reports."))),
    Verb("report.overdue", _("report overdue"), says(_("The report %(object)s is overdue."))),
    Verb("report.escalated", _("report escalated"), says(_("The report %(object)s has been overdue for a working day."))),
    Verb("report.no_lead_found", _("report without lead"), says(_("The report %(object)s has had no accountable person for 30 minutes."))),
]
PARTS = {"reports": _("dispatch rules and clocks"), "report_imports": _("the import of reports of another system")}
