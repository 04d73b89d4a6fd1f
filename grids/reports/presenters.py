"""How the ledger says what became of a report."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb("report.filed", _("report filed"), says(_("%(who)s filed the report %(object)s."))),
    Verb("report.imported", _("report brought in"), says(_("%(who)s brought the report %(object)s in from %(origin)s."))),
    Verb("report.updated", _("report updated"), says(_("%(who)s updated the report %(object)s as %(origin)s now has it."))),
    Verb(
        "report_import.finished",
        _("reports of another system brought in"),
        says(
            _(
                "%(who)s brought in reports of %(origin)s: %(created_rows)s new, %(changed_rows)s changed, "
                "%(unchanged_rows)s unchanged, %(bad_rows)s handed back."
            )
        ),
    ),
    Verb(
        "report_import.stopped",
        _("import of reports stopped"),
        says(_("%(who)s was stopped bringing in reports of %(origin)s after row %(rows)s.")),
    ),
    Verb("report.opened", _("report opened"), says(_("%(who)s opened the report %(object)s."))),
    Verb("report.placed", _("area of a report changed"), says(_("%(who)s said where the report %(object)s lies: %(to)s."))),
    Verb(
        "report.classified", _("category of a report changed"), says(_("%(who)s changed the category of the report %(object)s to %(to)s."))
    ),
    Verb("report.dispatched", _("report dispatched"), says(_("%(who)s dispatched the report %(object)s to %(to)s."))),
    Verb("report.signed_for", _("report signed for"), says(_("%(who)s signed for the report %(object)s."))),
    Verb("report.objected_to", _("report objected to"), says(_("%(who)s said of the report %(object)s that it is not theirs: %(reason)s"))),
    Verb("report.returned", _("report returned"), says(_("%(who)s returned the report %(object)s: %(reason)s"))),
    Verb("report.sent_up", _("report sent up"), says(_("%(who)s sent the report %(object)s up: %(reason)s"))),
    Verb(
        "report.sent_up_to_centre",
        _("report sent up to the command centre"),
        says(_("%(who)s sent the report %(object)s up to the command centre: %(reason)s")),
    ),
    Verb("report.sent_down", _("report sent down"), says(_("%(who)s sent the report %(object)s down to %(to)s."))),
    Verb("report.transferred", _("report transferred"), says(_("%(who)s transferred the report %(object)s to %(to)s: %(reason)s"))),
    Verb(
        "report.co_handling_asked",
        _("co-handling asked for"),
        says(_("%(who)s asked %(to)s to co-handle the report %(object)s: %(reason)s")),
    ),
    Verb("report.co_handling_accepted", _("co-handling accepted"), says(_("%(who)s accepted to co-handle the report %(object)s."))),
    Verb(
        "report.co_handling_refused",
        _("co-handling refused"),
        says(_("%(who)s refused to co-handle the report %(object)s: %(reason)s")),
    ),
    Verb("report.co_handling_finished", _("co-handling finished"), says(_("%(who)s finished co-handling the report %(object)s."))),
    Verb(
        "report.co_handling_dropped",
        _("co-handling done without"),
        says(_("%(who)s did without a co-handling of the report %(object)s: %(reason)s")),
    ),
    Verb("report.sub_task_given", _("sub-task given"), says(_("%(who)s gave a sub-task of the report %(object)s."))),
    Verb("report.sub_task_finished", _("sub-task finished"), says(_("%(who)s finished a sub-task of the report %(object)s."))),
    Verb("report.split", _("part split off"), says(_("%(who)s split a part off the report %(object)s for %(to)s: %(reason)s"))),
    Verb("report.linked", _("report linked"), says(_("%(who)s linked the report %(object)s to %(to)s."))),
    Verb("report.fed_back", _("report fed back"), says(_("%(who)s fed back on the report %(object)s."))),
    Verb("report.verified", _("report verified"), says(_("%(who)s verified the result of the report %(object)s."))),
    Verb("report.sent_back", _("report sent back"), says(_("%(who)s sent the report %(object)s back: %(reason)s"))),
    Verb(
        "report.lead_lost",
        _("lead of a report left"),
        says(_("The report %(object)s has no lead any more: it waits to be signed for again.")),
    ),
    Verb("report.closed", _("report closed"), says(_("%(who)s closed the report %(object)s."))),
    Verb("report.called_back", _("return call made"), says(_("%(who)s made a return call on the report %(object)s: %(to)s."))),
    Verb("report.rated", _("report rated"), says(_("%(who)s rated the outcome of the report %(object)s: %(to)s."))),
    Verb("report.archived", _("report filed away"), says(_("The report %(object)s was filed away."))),
    Verb("report.reopened", _("report reopened"), says(_("%(who)s reopened the report %(object)s: %(reason)s"))),
    Verb("report.paused", _("report paused"), says(_("%(who)s paused the clock of the report %(object)s: %(reason)s"))),
    Verb("report.resumed", _("report resumed"), says(_("%(who)s let the clock of the report %(object)s run again."))),
    Verb("report.extension_asked", _("more time asked for"), says(_("%(who)s asked for more time for the report %(object)s: %(reason)s"))),
    Verb("report.extended", _("more time approved"), says(_("%(who)s approved more time for the report %(object)s."))),
    Verb("report.extension_refused", _("more time refused"), says(_("%(who)s refused more time for the report %(object)s: %(reason)s"))),
    Verb(
        "report.deferral_asked",
        _("deferral asked for"),
        says(_("%(who)s asked to defer the report %(object)s until %(to)s: %(reason)s")),
    ),
    Verb("report.deferred", _("deferral approved"), says(_("%(who)s approved the deferral of the report %(object)s."))),
    Verb(
        "report.deferral_refused",
        _("deferral refused"),
        says(_("%(who)s refused to defer the report %(object)s: %(reason)s")),
    ),
    Verb("report.hastened", _("report hastened"), says(_("%(who)s hastened the report %(object)s: %(reason)s"))),
    Verb("report.supervised", _("supervision ordered"), says(_("%(who)s ordered supervision of the report %(object)s: %(reason)s"))),
    Verb("report.order_answered", _("order answered"), says(_("%(who)s answered an order on the report %(object)s."))),
    Verb("report.noted", _("note added"), says(_("%(who)s added a note to the report %(object)s."))),
    Verb("report.supplemented", _("report supplemented"), says(_("%(who)s added something to the report %(object)s."))),
    Verb("report.contact_given", _("contact given with a report"), says(_("%(who)s gave a contact with the report %(object)s."))),
    Verb(
        "report.contact_changed",
        _("contact corrected by the resident"),
        says(_("%(who)s corrected the own contact of the report %(object)s.")),
    ),
    Verb(
        "report.contact_shown",
        _("contact shown to the resident"),
        says(_("The own contact of the report %(object)s was shown in full to whoever held its code and key.")),
    ),
    Verb(
        "report.contact_erased", _("contact of a resident erased"), says(_("The resident's contact of the report %(object)s was erased."))
    ),
    Verb("report.withdrawn", _("report withdrawn"), says(_("%(who)s withdrew the report %(object)s: %(reason)s"))),
    Verb("report.void_proposed", _("void proposed"), says(_("%(who)s proposed to void the report %(object)s: %(reason)s"))),
    Verb("report.voided", _("report voided"), says(_("%(who)s voided the report %(object)s."))),
    Verb("report.kept", _("report kept"), says(_("%(who)s kept the report %(object)s: %(reason)s"))),
    Verb("report.merged", _("report merged"), says(_("%(who)s merged the report %(object)s into %(to)s: %(reason)s"))),
    Verb("report.unmerged", _("report taken out again"), says(_("%(who)s took the report %(object)s out again: %(reason)s"))),
    Verb("report.photo_added", _("photo added"), says(_("%(who)s added photos to the report %(object)s."))),
    Verb("report.photo_removed", _("photo taken away"), says(_("%(who)s took a photo of the report %(object)s away."))),
    Verb("report_settings.changed", _("settings of reports changed"), says(_("%(who)s changed %(object)s in the settings of reports."))),
    Verb(
        "report_settings.applied",
        _("time limit applied to running reports"),
        says(_("%(who)s applied the time limit %(object)s to running reports: %(changed)s clocks changed, %(left)s left as they are.")),
    ),
    Verb(
        "report.limit_applied",
        _("time limit of a report changed"),
        says(_("%(who)s put the report %(object)s under a changed time limit.")),
    ),
    Verb(
        "report.order_overdue",
        _("order not answered in time"),
        says(_("An order of supervision on the report %(object)s was not answered in time.")),
    ),
    Verb("report.overdue", _("report overdue"), says(_("The report %(object)s is overdue."))),
    Verb("report.escalated", _("report escalated"), says(_("The report %(object)s has been overdue for a working day."))),
    Verb("report.no_lead_found", _("report without lead"), says(_("The report %(object)s has had no accountable person for 30 minutes."))),
]
PARTS = {
    "reports": _("dispatch rules and clocks"),
    "residents": _("a resident, without account"),
    "report_imports": _("the import of reports of another system"),
}
