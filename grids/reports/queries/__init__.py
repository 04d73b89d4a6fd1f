"""What the pages of case reports show, one module for each page."""

from .matter import ReportPage, report_page
from .net import facts_of, living_by_area, points
from .photos import filed_with
from .worklist import Line, desk_of, due_tone, lines_of, needs_me

__all__ = [
    "Line", "ReportPage", "desk_of", "due_tone", "facts_of", "filed_with", "lines_of", "living_by_area", "needs_me", "points",
    "report_page",
]  # fmt: skip
