"""Corrections: one proposes, another decides; state × verb × role as data."""

import pytest
from django.db import IntegrityError, transaction

from grids.elements.actions import correcting as corrections
from grids.elements.actions import recording as actions
from grids.elements.enums import CorrectionState
from grids.elements.models import Correction, Household
from tests.conftest import GRID, NEXT_GRID
from tests.grids.elements.conftest import CONTACT, WHERE
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, InvalidTransition, NotAllowed
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
BOTH = {"confirm": "", "reject": "与实际不符"}


@pytest.fixture
def proposed(held, cast, actor):
    given = {"contact": "李雷", "size": 4, "address": "3组99号"}
    return corrections.propose_correction(
        actor=actor(cast["worker"]), kind="household", element_id=held["household"].pk, given=given, reason="户主变更"
    )


def world():
    household = Household.objects.get()
    return household.size, household.address_id, open_sealed(household.contact), list(Correction.objects.values("state", "decided_by"))


def test_nothing_changes_until_somebody_else_confirms(proposed, village_officer, actor):
    assert world()[:3] == (3, proposed and Household.objects.get().address_id, CONTACT)
    corrections.decide_correction(actor=actor(village_officer), correction_id=proposed.pk, verb="confirm")
    household = Household.objects.select_related("address").get()
    assert (household.size, open_sealed(household.contact), household.address.text) == (4, "李雷", "3组99号")
    assert household.collected_by.username == "worker"
    assert list(LedgerEntry.objects.filter(verb__startswith="correction.").order_by("id").values_list("verb", flat=True)) == [
        "correction.proposed", "correction.confirmed",
    ]  # fmt: skip


def test_a_rejected_correction_changes_nothing_and_says_why(proposed, village_officer, actor):
    corrections.decide_correction(actor=actor(village_officer), correction_id=proposed.pk, verb="reject", reason="与实际不符")
    assert world()[::2] == (3, CONTACT)
    assert Correction.objects.values_list("state", "answer").get() == ("rejected", "与实际不符")


@pytest.mark.parametrize("verb", BOTH)
@pytest.mark.parametrize("state", CorrectionState.values)
@pytest.mark.parametrize(
    ("who", "may"),
    [("worker", False), ("colleague", False), ("village_officer", True), ("town_officer", True), ("other_town_officer", False),
     ("duty_officer", False), ("mediator", False), ("system_admin", False), ("stranger", False)],
)  # fmt: skip
def test_state_verb_role(proposed, cast, village_officer, actor, who, may, state, verb):
    decider = cast["auditor"].pk
    if state != CorrectionState.PROPOSED:
        Correction.objects.update(state=state, decided_by=decider, decided_at=clock.now())
    before = world()
    person = village_officer if who == "village_officer" else cast[who]
    expected = InvalidTransition if state != CorrectionState.PROPOSED else None if may else NotAllowed
    if expected is None:
        corrections.decide_correction(actor=actor(person), correction_id=proposed.pk, verb=verb, reason=BOTH[verb])
        assert world() != before
        return
    with pytest.raises(expected):
        corrections.decide_correction(actor=actor(person), correction_id=proposed.pk, verb=verb, reason=BOTH[verb])
    assert world() == before


@pytest.mark.parametrize("verb", BOTH)
def test_who_proposes_does_not_decide_whatever_the_role(held, village_officer, actor, verb):
    own = actor(village_officer)
    row = corrections.propose_correction(actor=own, kind="place", element_id=held["place"].pk, given={"name": "南望超市"}, reason="改名")
    with pytest.raises(NotAllowed):
        corrections.decide_correction(actor=own, correction_id=row.pk, verb=verb, reason=BOTH[verb])
    assert Correction.objects.get().state == CorrectionState.PROPOSED


def test_the_database_refuses_it_too(proposed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(state="confirmed", decided_by=proposed.proposed_by_id, decided_at=clock.now())


def test_a_second_correction_waits_for_the_first(proposed, held, cast, actor):
    with pytest.raises(Conflict):
        corrections.propose_correction(
            actor=actor(cast["town_officer"]), kind="household", element_id=held["household"].pk, given={"size": 5}, reason="再改"
        )
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"size": 3}, "无差别"), ({"contact": "", "phone": CONTACT[:0]}, "空"), ({"size": 4}, "  "), ({"area": GRID[:12]}, "村")],
)
def test_a_correction_needs_a_difference_a_reason_and_a_grid(held, cast, actor, given, reason):
    with pytest.raises(DomainError):
        corrections.propose_correction(
            actor=actor(cast["town_officer"]), kind="household", element_id=held["household"].pk, given=given, reason=reason
        )
    assert Correction.objects.count() == 0


def test_a_household_can_move_to_another_grid(held, cast, village_officer, actor):
    row = corrections.propose_correction(
        actor=actor(cast["town_officer"]), kind="household", element_id=held["household"].pk, given={"area": NEXT_GRID}, reason="划错网格"
    )
    corrections.decide_correction(actor=actor(village_officer), correction_id=row.pk, verb="confirm")
    moved = Household.objects.select_related("address").get()
    assert (moved.area_code, moved.address.area_code, moved.address.text) == (NEXT_GRID, NEXT_GRID, WHERE["address"])


def test_what_a_correction_says_is_sealed(proposed):
    assert ("李雷" in str(Correction.objects.values("content").get()), actions.RECORD["household"]) == (False, "households.record")
