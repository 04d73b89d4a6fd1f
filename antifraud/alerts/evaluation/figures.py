"""What is counted. One condition for the rollup, for the figure on the screen and for the list of exactly the rows behind it.

Every figure belongs to a day: that on which an alert was received, or that on which a second person confirmed its outcome.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, Case, Count, DecimalField, ExpressionWrapper, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from tongshan_portal.evaluation.figures import Figure, between

from ..enums import DECIDED, NEEDS_RETURN_CALL, REAL, AlertState, MoneyWent, Outcome

IS_DECIDED = Q(state__in=DECIDED)
COUNTED = ~Q(state=AlertState.MERGED) & ~(IS_DECIDED & Q(outcome=Outcome.DUPLICATE))
"""What was merged into another alert, or confirmed to be a duplicate, is no matter of its own."""
ENDED = COUNTED & IS_DECIDED
"""Alerts whose outcome a second person has confirmed."""
DEFRAUDED = ENDED & (Q(outcome=Outcome.DEFRAUDED) | Q(outcome__in=REAL, loss_suffered__gt=0))
"""Whose outcome says so, and who lost something although she was stopped at last or does not listen: the headline flatters nobody."""
TIMED = (MoneyWent.AFTER, MoneyWent.BEFORE)
KNOWN = (*REAL, Outcome.FALSE_ALARM)
"""Outcomes that say whether there was a fraud; of who was not reached nobody knows."""


RECEIVED, CHECKED = "received_at", "checked_at"
YUAN = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Value(Decimal(), output_field=YUAN)
LOSS = Greatest(
    NOTHING,
    Least(Coalesce("amount_transferred", NOTHING), F("amount_at_risk") - Coalesce("amount_stopped", NOTHING)),
    output_field=YUAN,
)
"""What the person lost, in yuan. What was stopped was first of all money never sent, then money sent and held back: where everything at
risk was transferred, this is what was transferred less what was stopped; where a part was never sent, never less than is certain."""

FIGURES = {
    one.name: one
    for one in (
        Figure("received", _("received in the period"), RECEIVED, COUNTED),
        Figure("repeats", _("received in the period, of somebody warned of before"), RECEIVED, COUNTED & Q(repeat_of__isnull=False)),
        Figure(
            "reached", _("received in the period, and somebody spoke to the person"), RECEIVED, COUNTED & Q(first_contact_at__isnull=False)
        ),
        Figure(
            "in_time",
            _("received in the period, and somebody spoke to the person in time"),
            RECEIVED,
            COUNTED & Q(first_contact_at__lte=F("contact_due_at")),
        ),
        Figure(
            "handed_over",
            _("received in the period, and handed over as unreachable"),
            RECEIVED,
            COUNTED & Q(outcome=Outcome.UNREACHABLE),
        ),
        Figure("decided", _("checked in the period"), CHECKED, ENDED),
        Figure("real", _("checked in the period: there was a fraud"), CHECKED, ENDED & Q(outcome__in=REAL)),
        Figure(
            "defrauded_after",
            _("checked in the period: defrauded, the money went after the warning"),
            CHECKED,
            DEFRAUDED & Q(money_went=MoneyWent.AFTER),
        ),
        Figure(
            "defrauded_before",
            _("checked in the period: defrauded, the money went before the warning"),
            CHECKED,
            DEFRAUDED & Q(money_went=MoneyWent.BEFORE),
        ),
        Figure(
            "defrauded_unknown",
            _("checked in the period: defrauded, not known when the money went"),
            CHECKED,
            DEFRAUDED & ~Q(money_went__in=TIMED),
        ),
        Figure("known", _("checked in the period: fraud or false alarm is known"), CHECKED, ENDED & Q(outcome__in=KNOWN)),
        Figure("false_alarms", _("checked in the period: false alarm"), CHECKED, ENDED & Q(outcome=Outcome.FALSE_ALARM)),
        Figure("calls_due", _("checked in the period, with a return call to make"), CHECKED, ENDED & Q(outcome__in=NEEDS_RETURN_CALL)),
        Figure(
            "called",
            _("checked in the period, and called again"),
            CHECKED,
            ENDED & Q(outcome__in=NEEDS_RETURN_CALL, return_calls_made__gt=0),
        ),
        Figure("avoided", _("checked in the period, with a loss avoided"), CHECKED, ENDED & Q(loss_avoided__gt=0)),
        Figure("lost", _("checked in the period, with a loss suffered"), CHECKED, ENDED & Q(loss_suffered__gt=0)),
    )
}
SUMS: dict[str, tuple[str, Sum]] = {
    "minutes": (RECEIVED, Sum("contact_minutes", filter=FIGURES["reached"].condition)),
    "attempts": (CHECKED, Sum("attempts_made", filter=FIGURES["decided"].condition)),
    "yuan_avoided": (CHECKED, Sum("loss_avoided", filter=FIGURES["avoided"].condition)),
    "yuan_lost": (CHECKED, Sum("loss_suffered", filter=FIGURES["lost"].condition)),
}
"""What is summed up: of which day, and how."""
COLUMNS = (*FIGURES, *SUMS)
DAYS = (RECEIVED, CHECKED)

EXACT, FINE, COARSE, MOST = 120, 10, 60, 7 * 24 * 60
"""Minutes: known to the minute up to two hours, by tens up to a day, by hours up to a week; what took longer stands at a week."""
STEP = Case(
    When(contact_minutes__lte=EXACT, then=F("contact_minutes")),
    When(contact_minutes__lte=1440, then=F("contact_minutes") / FINE * FINE),
    When(contact_minutes__lte=MOST, then=F("contact_minutes") / COARSE * COARSE),
    default=Value(MOST),
    output_field=IntegerField(),
)
"""The minutes to the first contact as a median is found from them: few enough values to be added up for a whole district."""


def with_loss(rows: QuerySet) -> QuerySet:
    """The rows with what each person lost, which some of the figures ask for."""
    return rows.annotate(loss_suffered=LOSS)


def behind(rows: QuerySet, name: str, begin: date, end: date) -> QuerySet:
    """The rows behind a figure of a period. Raises KeyError."""
    figure = FIGURES[name]
    return with_loss(rows).filter(between(figure.day, begin, end) & figure.condition)


def measured(rows: QuerySet, day: str, begin: date, end: date, keys: Sequence[str]) -> Iterator[dict]:
    """The figures of one kind of day over a period, grouped by `keys` (columns or annotations of `rows`), straight from the alerts."""
    wanted: dict = {f"n_{one.name}": Count("pk", filter=one.condition) for one in FIGURES.values() if one.day == day}
    wanted |= {f"n_{name}": made for name, (of, made) in SUMS.items() if of == day}
    for found in with_loss(rows).filter(between(day, begin, end)).order_by().values(*keys).annotate(**wanted):
        yield {name.removeprefix("n_"): (value or 0) if name.startswith("n_") else value for name, value in found.items()}


def people_of(rows: QuerySet, day: str, begin: date, end: date, keys: Sequence[str]) -> Iterator[dict]:
    """Who is behind the figures of one kind of day: `keys`, the person (`phone_index`), and by `is_…` which figures count her."""
    wanted = {f"is_{one.name}": ExpressionWrapper(one.condition, BooleanField()) for one in FIGURES.values() if one.day == day}
    yield from with_loss(rows).filter(between(day, begin, end)).order_by().values(*keys, "phone_index", **wanted).distinct()


def contacts(rows: QuerySet, begin: date, end: date, keys: Sequence[str]) -> Iterator[dict]:
    """How many persons were first spoken to after so many minutes (`step`, `number`), grouped by `keys`, straight from the alerts."""
    reached = rows.filter(between(RECEIVED, begin, end) & FIGURES["reached"].condition).annotate(step=STEP)
    yield from reached.order_by().values(*keys, "step").annotate(number=Count("pk"))
