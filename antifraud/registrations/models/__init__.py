"""Models of the registrations."""

from .consent import ConsentText, Relation
from .messages import Message, PhoneCode
from .registration import INDEX_SPACE, FamilyMember, Registration, RegistrationPoint, RegistrationTally

__all__ = [
    "INDEX_SPACE",
    "ConsentText",
    "FamilyMember",
    "Message",
    "PhoneCode",
    "Registration",
    "RegistrationPoint",
    "RegistrationTally",
    "Relation",
]
