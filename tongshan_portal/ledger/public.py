"""What others use of the ledger."""

from .parts import name_of_part, register_parts
from .record import Line, record, record_many
from .verbs import Verb, all_verbs, changes_of, label_of, present, register_verbs, says

__all__ = [
    "Line",
    "Verb",
    "all_verbs",
    "changes_of",
    "label_of",
    "name_of_part",
    "present",
    "record",
    "record_many",
    "register_parts",
    "register_verbs",
    "says",
]
