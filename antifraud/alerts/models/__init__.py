"""Fraud warnings, the alerts we work on, what belongs to one, and the dictionaries that decide by when and by whom."""

from .alert import FraudAlert
from .desk import AlertOpening, Handover
from .dictionaries import AlertPolicy, FraudType, GradePolicy
from .parts import AlertStep, Attempt, DissuasionTask, Escalation, ReturnCall
from .tallies import AlertTally, ContactTally, PendingDay, TallyState
from .warning import FraudWarning

__all__ = [
    "AlertOpening", "AlertPolicy", "AlertStep", "AlertTally", "Attempt", "ContactTally", "DissuasionTask", "Escalation", "FraudAlert",
    "FraudType", "FraudWarning", "GradePolicy", "Handover", "PendingDay", "ReturnCall", "TallyState",
]  # fmt: skip
