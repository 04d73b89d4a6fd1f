"""How long a report took in hours of service."""

from datetime import datetime, timedelta

from tongshan_portal.workflow.calendar import OutsideCalendar, working_calendar


def worked_minutes(filed_at: datetime, closed_at: datetime) -> int | None:
    """Whole minutes of service between filing and closing, pauses included; None where the calendar does not hold the days."""
    try:
        return max(0, working_calendar().service_between(filed_at, closed_at) // timedelta(minutes=1))
    except OutsideCalendar:
        return None
