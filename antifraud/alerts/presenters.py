"""How the ledger says what became of an alert: its code, never a person."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

VERBS = [
    Verb("warnings.received", _("warnings received"), says(_("%(who)s took in %(accepted)s warnings of “%(source)s”."))),
    Verb("alert.received", _("alert opened"), says(_("A warning opened the alert %(object)s."))),
    Verb("alert.joined", _("warning joined an alert"), says(_("%(warnings)s more warnings joined the alert %(object)s."))),
    Verb(
        "alert.raised",
        _("warning raised a grade"),
        says(_("%(warnings)s more warnings joined the alert %(object)s and raised its grade.")),
    ),
    Verb("alert.placed", _("place of an alert changed"), says(_("%(who)s said where the person of the alert %(object)s lives: %(to)s."))),
    Verb("alert.assigned", _("alert assigned"), says(_("%(who)s assigned the alert %(object)s: %(to)s."))),
    Verb("alert.accepted", _("alert accepted"), says(_("%(who)s accepted the alert %(object)s."))),
    Verb("alert.passed_on", _("alert passed on"), says(_("%(who)s passed the alert %(object)s on: %(reason)s"))),
    Verb("alert.attempted", _("attempt recorded"), says(_("%(who)s recorded an attempt for the alert %(object)s."))),
    Verb("alert.turned_to", _("turned to somebody else"), says(_("%(who)s turned to %(to)s for the alert %(object)s: %(reason)s"))),
    Verb("alert.outcome_recorded", _("outcome recorded"), says(_("%(who)s recorded the outcome of the alert %(object)s."))),
    Verb("alert.handed_over", _("alert handed over"), says(_("%(who)s handed the alert %(object)s over: %(reason)s"))),
    Verb("alert.checked", _("outcome checked"), says(_("%(who)s confirmed the outcome of the alert %(object)s."))),
    Verb("alert.sent_back", _("outcome sent back"), says(_("%(who)s sent the alert %(object)s back: %(reason)s"))),
    Verb("alert.called_again", _("return call made"), says(_("%(who)s called the person of the alert %(object)s again."))),
    Verb("alert.closed", _("alert closed"), says(_("%(who)s closed the alert %(object)s."))),
    Verb("alert.snoozed", _("alert snoozed"), says(_("%(who)s snoozed the alert %(object)s: %(reason)s"))),
    Verb("alert.woken", _("alert taken up again"), says(_("%(who)s took the alert %(object)s up again."))),
    Verb("alert.reopened", _("alert reopened"), says(_("%(who)s reopened the alert %(object)s: %(reason)s"))),
    Verb("alert.merged", _("alert merged"), says(_("%(who)s merged the alert %(object)s into %(to)s: %(reason)s"))),
    Verb("alert.regraded", _("grade changed"), says(_("%(who)s changed the grade of the alert %(object)s: %(reason)s"))),
    Verb("alert.advised", _("advice sent"), says(_("%(who)s sent the advice message for the alert %(object)s."))),
    Verb("alert.family_asked", _("family asked to call"), says(_("The family of the person of the alert %(object)s was asked to call."))),
    Verb(
        "alert.called_off",
        _("warning taken back"),
        says(_("%(who)s recorded that the source took back the warning of the alert %(object)s: %(reason)s")),
    ),
    Verb("handover.written", _("hand-over written"), says(_("%(who)s wrote a hand-over of the fraud desk."))),
    Verb("handover.amended", _("hand-over changed"), says(_("%(who)s changed the hand-over of the fraud desk before it was taken over."))),
    Verb("handover.taken_over", _("shift taken over"), says(_("%(who)s took over the fraud desk from %(from)s."))),
    Verb("alert.overdue", _("alert overdue"), says(_("The alert %(object)s is overdue."))),
    Verb("alert.escalated", _("alert escalated"), says(_("The alert %(object)s is overdue and nobody has ended it."))),
    Verb("alert_figures.taken", _("figures of alerts taken away"), says(_("%(who)s took figures of alerts away: %(begin)s to %(end)s."))),
    Verb("alert_settings.changed", _("settings of alerts changed"), says(_("%(who)s changed %(object)s in the settings of fraud alerts."))),
]
PARTS = {"alerts": _("clocks of fraud alerts")}
