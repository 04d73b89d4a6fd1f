"""A system check that speaks up when the State Council's calendar is not known far enough ahead."""

from typing import Any

from django.core.checks import CheckMessage, Info, Warning, register

from tongshan_portal.kernel import clock

from .calendar import working_calendar

HINT = "Upgrade chinesecalendar, or name the file with the year's arrangement in PORTAL_WORKING_CALENDAR (docs/workflow.md)."


@register()
def calendar_is_known(**kwargs: Any) -> list[CheckMessage]:
    """A warning when this year's working days are a guess; from November on, a note when the next year's are."""
    calendar, today = working_calendar(), clock.today()
    if not calendar.is_official(today.year):
        return [Warning(f"The working days of {today.year} are provisional: deadlines may be wrong.", hint=HINT, id="workflow.W001")]
    if today.month >= 11 and not calendar.is_official(today.year + 1):
        return [
            Info(f"The working days of {today.year + 1} are not known yet; deadlines in it are provisional.", hint=HINT, id="workflow.I001")
        ]
    return []
