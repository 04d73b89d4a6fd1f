"""What apps use of the intake: declare a kind of row that other systems send. docs/intake.md shows it."""

from . import fields
from .registry import Intake, RowProblem, RowRefused, Sender, Taken, register_intake

__all__ = ["Intake", "RowProblem", "RowRefused", "Sender", "Taken", "fields", "register_intake"]
