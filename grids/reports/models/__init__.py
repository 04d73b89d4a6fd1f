"""Case reports (事), what belongs to one, and the dictionaries that decide where it goes and by when."""

from .desk import Draft, Opening, SavedView
from .dictionaries import Category, DispatchRule, Keyword, Question, TimePolicy
from .parts import CoHandling, Photo, ReportLink, ReportStep, ReturnCall, SubTask, SupervisionOrder
from .report import Report, ReportGrant

__all__ = [
    "Category", "CoHandling", "DispatchRule", "Draft", "Keyword", "Opening", "Photo", "Question", "Report", "ReportGrant", "ReportLink",
    "ReportStep", "ReturnCall", "SavedView", "SubTask", "SupervisionOrder", "TimePolicy",
]  # fmt: skip
