"""What the pages of case reports show, one module for each page."""

from .groups import needs_me
from .matter import ReportPage, change_words, report_page, watching_words
from .net import facts_of, living_by_area, points
from .photos import filed_with
from .worklist import Line, area_words, desk_of, due_tone, group_numbers, lines_of, ticked_lines

__all__ = [
    "Line", "ReportPage", "area_words", "change_words", "desk_of", "due_tone", "facts_of", "filed_with", "group_numbers", "lines_of",
    "living_by_area", "needs_me", "points", "report_page", "ticked_lines", "watching_words",
]  # fmt: skip
