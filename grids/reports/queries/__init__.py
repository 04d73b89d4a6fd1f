"""What the pages of case reports show, one module for each page."""

from .groups import needs_me
from .matter import ReportPage, change_words, report_page, watching_words
from .net import facts_of, living_by_area, points
from .worklist import Line, area_words, counters, desk_of, due_tone, group_numbers, lines_of, ticked_lines, waiting_for

__all__ = [
    "Line", "ReportPage", "area_words", "change_words", "counters", "desk_of", "due_tone", "facts_of", "group_numbers", "lines_of",
    "living_by_area", "needs_me", "points", "report_page", "ticked_lines", "waiting_for", "watching_words",
]  # fmt: skip
