"""Case reports (事), what belongs to one, and the dictionaries that decide where it goes and by when."""

from .desk import Draft, Opening, SavedView
from .dictionaries import Category, DispatchRule, Keyword, Question, TimePolicy
from .parts import CoHandling, Photo, Rating, ReportLink, ReportStep, ReturnCall, SubTask, SupervisionOrder
from .report import Report, ReportGrant
from .tallies import PendingDay, ReportTally, TallyState

__all__ = [
    "Category", "CoHandling", "DispatchRule", "Draft", "Keyword", "Opening", "PendingDay", "Photo", "Question", "Rating", "Report",
    "ReportGrant", "ReportLink", "ReportStep", "ReportTally", "ReturnCall", "SavedView", "SubTask", "SupervisionOrder", "TallyState",
    "TimePolicy",
]  # fmt: skip
