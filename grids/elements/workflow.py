"""The verbs of a correction: proposed by one person, decided by another."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.workflow.tables import Table
from tongshan_portal.workflow.transitions import Need
from tongshan_portal.workflow.transitions import Transition as Step

from .enums import TONES, CorrectionState

CORRECTION_STEPS = Table(
    name="elements_correction",
    title=_("Correction of an element"),
    states=CorrectionState,
    tones=TONES,
    initial=CorrectionState.PROPOSED,
    final=frozenset([CorrectionState.CONFIRMED, CorrectionState.REJECTED]),
    people={"proposed_by": _("who proposed it")},
    transitions=(
        Step(
            "confirm",
            (CorrectionState.PROPOSED,),
            CorrectionState.CONFIRMED,
            _("Confirm"),
            "corrections.decide",
            primary=True,
            differs_from=("proposed_by",),
        ),
        Step(
            "reject",
            (CorrectionState.PROPOSED,),
            CorrectionState.REJECTED,
            _("Reject"),
            "corrections.decide",
            needs=(Need.REASON,),
            differs_from=("proposed_by",),
        ),
    ),
)
