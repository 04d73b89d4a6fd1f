"""The verbs of an import of boundaries: from which states, to which. There is no pause: all of a level is written, or nothing."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.workflow.tables import Table
from tongshan_portal.workflow.transitions import Transition

from .enums import TONES, BoundaryState

OWNER = "boundaries.own"
"""Only who brought the file moves it, with the right to change the net required anew at each step."""

WAITING = (BoundaryState.UPLOADED, BoundaryState.CHECKED, BoundaryState.FAILED)

STEPS = Table(
    name="boundaries_import",
    title=_("Import of boundaries"),
    states=BoundaryState,
    tones=TONES,
    initial=BoundaryState.UPLOADED,
    final=frozenset([BoundaryState.FINISHED, BoundaryState.STOPPED]),
    transitions=(
        Transition("check", WAITING, BoundaryState.CHECKING, _("Check the file"), OWNER, primary=True),
        Transition("finish_check", (BoundaryState.CHECKING,), BoundaryState.CHECKED, _("every shape is checked"), by_system=True),
        Transition("start", (BoundaryState.CHECKED,), BoundaryState.RUNNING, _("Write the areas"), OWNER, primary=True),
        Transition("finish", (BoundaryState.RUNNING,), BoundaryState.FINISHED, _("the level is written"), by_system=True),
        Transition(
            "fail", (BoundaryState.CHECKING, BoundaryState.RUNNING), BoundaryState.FAILED, _("the file cannot be taken"), by_system=True
        ),
        Transition("stop", (*WAITING, BoundaryState.CHECKING, BoundaryState.RUNNING), BoundaryState.STOPPED, _("Stop for good"), OWNER),
    ),
)
