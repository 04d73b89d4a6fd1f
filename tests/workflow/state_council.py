"""An independent calendar for the tests: the notices of the State Council, copied by hand, and the plainest code that reads them.

国务院办公厅关于2024年部分节假日安排的通知 (2023-10-25), …2025… (国办发明电〔2024〕12号, 2024-11-12),
…2026… (国办发明电〔2025〕7号, 2025-11-04).
Nothing here comes from chinesecalendar or from the product.
"""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
# year: (days off, both ends included; weekend days worked), as month.day
NOTICES = {
    2024: (
        ["1.1-1.1", "2.10-2.17", "4.4-4.6", "5.1-5.5", "6.10-6.10", "9.15-9.17", "10.1-10.7"],
        ["2.4", "2.18", "4.7", "4.28", "5.11", "9.14", "9.29", "10.12"],
    ),
    2025: (
        ["1.1-1.1", "1.28-2.4", "4.4-4.6", "5.1-5.5", "5.31-6.2", "10.1-10.8"],
        ["1.26", "2.8", "4.27", "9.28", "10.11"],
    ),
    2026: (
        ["1.1-1.3", "2.15-2.23", "4.4-4.6", "5.1-5.5", "6.19-6.21", "9.25-9.27", "10.1-10.7"],
        ["1.4", "2.14", "2.28", "5.9", "9.20", "10.10"],
    ),
}


def _day(year: int, text: str) -> date:
    month, day = text.split(".")
    return date(year, int(month), int(day))


def is_working(day: date) -> bool:
    """Whether offices are open, from the notices alone."""
    off, worked = NOTICES[day.year]
    if any(_day(day.year, text) == day for text in worked):
        return True
    if any(_day(day.year, text.split("-")[0]) <= day <= _day(day.year, text.split("-")[1]) for text in off):
        return False
    return day.weekday() not in (5, 6)


def is_open(minute: datetime) -> bool:
    """Whether the desk serves during the minute that begins here: 9:00–12:00 and 13:30–17:30 on working days."""
    here = minute.astimezone(CHINA)
    clock = here.hour * 60 + here.minute
    return (540 <= clock < 720 or 810 <= clock < 1050) and is_working(here.date())
