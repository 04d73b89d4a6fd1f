"""A number counts once, however many families named it."""

from collections.abc import Iterable

from django.db.models import Exists, Min, OuterRef, Q

from ..models import FamilyMember, Registration

_WHY = "a number counts once over the whole district"


def count_once(indexes: Iterable[str | None]) -> None:
    """Set anew which family member stands for each of these numbers (blind indexes): the first who confirmed; none where it is registered.

    Two statements up to a thousand numbers. Call it in the transaction that changed something about them.
    """
    wanted = [index for index in set(indexes) if index]
    if not wanted:
        return
    rows = FamilyMember.objects.unscoped(_WHY).filter(phone_index__among=wanted)
    own = Registration.objects.unscoped(_WHY).registered().filter(phone_index=OuterRef("phone_index"))
    winners = list(
        rows.confirmed()
        .filter(~Exists(own), registration__state="registered")
        .order_by()
        .values("phone_index")
        .annotate(first=Min("pk"))
        .values_list("first", flat=True)
    )
    rows.filter(Q(counted=True) & ~Q(pk__in=winners)).update(counted=False)
    FamilyMember.objects.unscoped(_WHY).filter(pk__in=winners, counted=False).update(counted=True)
