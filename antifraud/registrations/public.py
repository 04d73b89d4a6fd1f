"""What the alerts use of the registrations: whose number a warning is about, and the way to its holder and family."""

from collections.abc import Sequence
from dataclasses import dataclass

from grids.areas.names import name_of

from .actions.telling import delivery_of, send_words, tell_family
from .models import FamilyMember, Registration
from .phones import indexes_of_many

__all__ = ["Match", "delivery_of", "match_phones", "send_words", "tell_family"]


@dataclass(frozen=True, slots=True)
class Match:
    """A number that is protected: by its own registration, or (with `member_id`) as the family member of another one.

    `area_code` is the village or community that was chosen, `community` its name.
    """

    registration_id: int
    member_id: int | None
    area_code: str
    community: str


def match_phones(phones: Sequence[str]) -> list[Match | None]:
    """For each number, who is protected under it; None where nobody is. Two statements, however many numbers.

    Its own registration goes before a family's; of two families the one in which it counts. What was withdrawn is not found.
    """
    places, found = indexes_of_many(phones), [None] * len(phones)
    if not places:
        return list(found)
    why = "a warning finds whoever it is about, wherever they live"
    members = (
        FamilyMember.objects.unscoped(why)
        .confirmed()
        .filter(phone_index__among=list(places), registration__state="registered")
        .order_by("counted", "-id")
        .values_list("phone_index", "registration_id", "pk", "area_code")
    )
    own = (
        Registration.objects.unscoped(why)
        .registered()
        .filter(phone_index__among=list(places))
        .order_by()
        .values_list("phone_index", "pk", "area_code")
    )
    matches: list[Match | None] = list(found)
    for index, registration_id, member_id, area_code in members:
        for position in places[index]:
            matches[position] = Match(registration_id, member_id, area_code, name_of(area_code))
    for index, registration_id, area_code in own:
        for position in places[index]:
            matches[position] = Match(registration_id, None, area_code, name_of(area_code))
    return matches
