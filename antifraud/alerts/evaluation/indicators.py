"""The indicators of fraud alerts: which figure is divided by which, and what that says, in words that stand on the screen."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ui.board import Indicator

REAL_CHECKED = _("alerts with a fraud behind them, checked in the period")
MINUTES, YUAN, ATTEMPTS, PERCENT = _("minutes"), _("yuan"), _("attempts"), "%"


class Kind(StrEnum):
    """How a measure is made of its figures: a share of cases, a mean, the median of minutes, or a sum of yuan."""

    SHARE = "share"
    MEAN = "mean"
    MEDIAN = "median"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator with the names of its figures. `cases` are the alerts it rests upon: the denominator, or the rows of a sum."""

    indicator: Indicator
    kind: Kind
    numerator: str
    cases: str

    @property
    def name(self) -> str:
        """Its name without the app's."""
        return self.indicator.name.removeprefix("alerts.")


MEASURES = (
    Measure(
        Indicator(
            "alerts.defrauded_after_warning", _("Defrauded after a warning"),
            _(
                "Of the alerts behind which there was a fraud and whose outcome a second person confirmed in the period, the share whose "
                "person was defrauded, or lost a part before she was stopped, and money went after the first warning had come in here; of "
                "several transfers the last one counts. Beside it stand those whose money went before, and those of whom it is not known. "
                "Who was never reached is in none of these numbers: see “handed over”."
            ),
            PERCENT, _("defrauded, money gone after the warning"), REAL_CHECKED,
        ),
        Kind.SHARE, "defrauded_after", "real",
    ),
    Measure(
        Indicator(
            "alerts.defrauded_before_warning", _("Defrauded before the warning"),
            _(
                "Of the same alerts, the share whose person was defrauded and whose money had all gone when the first warning came in: "
                "no dissuasion could have kept it."
            ),
            PERCENT, _("defrauded, money gone before the warning"), REAL_CHECKED,
        ),
        Kind.SHARE, "defrauded_before", "real",
    ),
    Measure(
        Indicator(
            "alerts.defrauded_time_unknown", _("Defrauded, time not known"),
            _(
                "Of the same alerts, the share whose person was defrauded and of whom nobody knows whether the money went before or after "
                "the warning, or was not asked: outcomes recorded before this question was put. They are in neither of the two numbers "
                "before."
            ),
            PERCENT, _("defrauded, not known when the money went"), REAL_CHECKED,
        ),
        Kind.SHARE, "defrauded_unknown", "real",
    ),
    Measure(
        Indicator(
            "alerts.reached_in_time", _("Reached in time"),
            _(
                "Of the alerts received in the period, the share whose person was spoken to within the minutes of the grade, from "
                "receipt. Who is not reached yet is not in time; passing on, snoozing and further warnings give no more time."
            ),
            PERCENT, _("spoken to in time"), _("alerts received in the period"),
        ),
        Kind.SHARE, "in_time", "received",
    ),
    Measure(
        Indicator(
            "alerts.contact_median", _("Time to the first contact, median"),
            _(
                "Of the alerts received in the period whose person was spoken to: half were by then. Who was not reached is not in it. "
                "To the minute up to two hours, by tens of minutes up to a day, by hours up to a week."
            ),
            MINUTES, _("the middle one of the minutes from receipt to the first contact"),
            _("alerts received in the period whose person was spoken to"),
        ),
        Kind.MEDIAN, "", "reached",
    ),
    Measure(
        Indicator(
            "alerts.contact_mean", _("Time to the first contact, mean"),
            _(
                "Of the alerts received in the period whose person was spoken to, the minutes from receipt to the first contact, summed "
                "up and divided by their number. A few long ones weigh much: see the median."
            ),
            MINUTES, _("minutes, summed up"), _("alerts received in the period whose person was spoken to"),
        ),
        Kind.MEAN, "minutes", "reached",
    ),
    Measure(
        Indicator(
            "alerts.attempts_per_alert", _("Attempts per alert"),
            _("Of the alerts checked in the period, all attempts to reach the person, those before a reopening included."),
            ATTEMPTS, _("attempts, summed up"), _("alerts checked in the period"),
        ),
        Kind.MEAN, "attempts", "decided",
    ),
    Measure(
        Indicator(
            "alerts.handed_over", _("Handed over as unreachable"),
            _(
                "Of the alerts received in the period, the share that stands with the police, or ended there, because nobody reached "
                "the person."
            ),
            PERCENT, _("handed over"), _("alerts received in the period"),
        ),
        Kind.SHARE, "handed_over", "received",
    ),
    Measure(
        Indicator(
            "alerts.false_alarms", _("False alarms"),
            _(
                "Of the alerts checked in the period of which it is known whether there was a fraud, the share without one. By source it "
                "says whose warnings hold."
            ),
            PERCENT, _("false alarms"), _("alerts checked in the period of which it is known"),
        ),
        Kind.SHARE, "false_alarms", "known",
    ),
    Measure(
        Indicator(
            "alerts.loss_avoided", _("Loss avoided"),
            _("Of the alerts checked in the period, what was stopped, as far as the second person confirmed it."),
            YUAN, _("yuan avoided, summed up"), "",
        ),
        Kind.SUM, "yuan_avoided", "avoided",
    ),
    Measure(
        Indicator(
            "alerts.loss_suffered", _("Loss suffered"),
            _(
                "Of the alerts checked in the period, what was transferred less what of it was stopped. Where less was transferred than "
                "was at risk, what was stopped counts first as money that was never sent."
            ),
            YUAN, _("yuan lost, summed up"), "",
        ),
        Kind.SUM, "yuan_lost", "lost",
    ),
    Measure(
        Indicator(
            "alerts.return_calls", _("Return calls made"),
            _(
                "Of the alerts with a fraud behind them that were checked in the period, the share whose person was called again, "
                "reached or not."
            ),
            PERCENT, _("called again"), _("alerts with a return call to make, checked in the period"),
        ),
        Kind.SHARE, "called", "calls_due",
    ),
    Measure(
        Indicator(
            "alerts.repeats", _("Warned of again"),
            _("Of the alerts received in the period, the share whose person had an alert before, of whatever type."),
            PERCENT, _("of somebody warned of before"), _("alerts received in the period"),
        ),
        Kind.SHARE, "repeats", "received",
    ),
)  # fmt: skip

BY_NAME = {measure.name: measure for measure in MEASURES}
