"""The indicators of case reports: which figure is divided by which, and what that says, in words that stand on the screen."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ui.board import Indicator

from .figures import MINUTES

HOURS = _("working hours")
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator with the names of its two figures; `is_mean` for an average of working time instead of a share."""

    indicator: Indicator
    numerator: str
    denominator: str
    is_mean: bool = False


MEASURES = (
    Measure(
        Indicator(
            "reports.closing_rate", _("Closing rate"),
            _("Of the reports whose deadline lies in the period, the share that is closed by now."),
            PERCENT, _("closed"), _("due in the period"),
        ),
        "due_closed", "due",
    ),
    Measure(
        Indicator(
            "reports.on_time_of_due", _("On time, of those due"),
            _("Of the reports whose deadline lies in the period, the share that was closed by it. What is still open is not on time."),
            PERCENT, _("closed by the deadline"), _("due in the period"),
        ),
        "due_on_time", "due",
    ),
    Measure(
        Indicator(
            "reports.on_time_of_closed", _("On time, of those closed"),
            _("Of the reports closed in the period that had a deadline, the share that was closed by it."),
            PERCENT, _("closed by the deadline"), _("closed in the period, with a deadline"),
        ),
        "closed_on_time", "closed_dated",
    ),
    Measure(
        Indicator(
            "reports.rework_rate", _("Rework rate"),
            _("Of the reports closed in the period, the share whose result was sent back at least once before it held."),
            PERCENT, _("sent back at least once"), _("closed in the period"),
        ),
        "reworked", "closed",
    ),
    Measure(
        Indicator(
            "reports.return_rate", _("Return rate"),
            _("Of the reports closed in the period, the share that a desk returned or said was not its own at least once."),
            PERCENT, _("returned or refused at least once"), _("closed in the period"),
        ),
        "returned", "closed",
    ),
    Measure(
        Indicator(
            "reports.extension_rate", _("Extension rate"),
            _("Of the reports closed in the period, the share that was given more time at least once."),
            PERCENT, _("given more time"), _("closed in the period"),
        ),
        "extended", "closed",
    ),
    Measure(
        Indicator(
            "reports.reopened_rate", _("Reopened rate"),
            _("Of the reports whose deadline lies in the period, the share that was reopened at least once, closed again or not."),
            PERCENT, _("reopened at least once"), _("due in the period"),
        ),
        "due_reopened", "due",
    ),
    Measure(
        Indicator(
            "reports.handling_time", _("Mean handling time"),
            _("Hours of service between filing and closing, of the reports closed in the period, divided by their number. Pauses count."),
            HOURS, _("working hours, summed up"), _("closed in the period"),
        ),
        MINUTES, "timed", is_mean=True,
    ),
    Measure(
        Indicator(
            "reports.satisfaction", _("Satisfaction"),
            _("Of the answers that residents gave in the period, the share that says “satisfied”. Who did not answer is not counted."),
            PERCENT, _("satisfied"), _("ratings given"),
        ),
        "satisfied", "answered",
    ),
)  # fmt: skip

BY_NAME = {measure.indicator.name.removeprefix("reports."): measure for measure in MEASURES}
