"""The verbs of an import and of an export: from which states, to which. An officer can read it."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.workflow.tables import Table
from tongshan_portal.workflow.transitions import Transition as Step

from .enums import TONES, ExportState, ImportState

OWNER = "exchange.own"
"""Only who began an import or an export moves it, and an import's own right is required anew at each step: the rows are found that way."""

IMPORT_STEPS = Table(
    name="exchange_import",
    title=_("Import of a file"),
    states=ImportState,
    tones=TONES,
    initial=ImportState.UPLOADED,
    final=frozenset([ImportState.FINISHED, ImportState.STOPPED]),
    transitions=(
        Step("check", (ImportState.UPLOADED, ImportState.CHECKED), ImportState.CHECKING, _("Check the file"), OWNER, primary=True),
        Step("finish_check", (ImportState.CHECKING,), ImportState.CHECKED, _("the last row is checked"), by_system=True),
        Step("start", (ImportState.CHECKED,), ImportState.RUNNING, _("Start the import"), OWNER, primary=True),
        Step("pause", (ImportState.RUNNING,), ImportState.PAUSED, _("Pause"), OWNER),
        Step("resume", (ImportState.PAUSED, ImportState.FAILED), ImportState.RUNNING, _("Continue"), OWNER, primary=True),
        Step(
            "stop",
            (
                ImportState.UPLOADED,
                ImportState.CHECKING,
                ImportState.CHECKED,
                ImportState.RUNNING,
                ImportState.PAUSED,
                ImportState.FAILED,
            ),
            ImportState.STOPPED,
            _("Stop for good"),
            OWNER,
        ),
        Step("finish", (ImportState.RUNNING,), ImportState.FINISHED, _("the last row is written"), by_system=True),
        Step(
            "fail_check",
            (ImportState.CHECKING,),
            ImportState.UPLOADED,
            _("an error that trying again did not mend"),
            by_system=True,
        ),
        Step(
            "fail",
            (ImportState.RUNNING,),
            ImportState.FAILED,
            _("an error that trying again did not mend"),
            by_system=True,
        ),
    ),
)
EXPORT_STEPS = Table(
    name="exchange_export",
    title=_("Export of a list"),
    states=ExportState,
    tones=TONES,
    initial=ExportState.RUNNING,
    final=frozenset([ExportState.STOPPED, ExportState.EXPIRED]),
    transitions=(
        Step("finish", (ExportState.RUNNING,), ExportState.READY, _("the last row is written"), by_system=True),
        Step("fail", (ExportState.RUNNING,), ExportState.FAILED, _("an error that trying again did not mend"), by_system=True),
        Step("resume", (ExportState.FAILED,), ExportState.RUNNING, _("Try again"), OWNER, primary=True),
        Step("stop", (ExportState.RUNNING, ExportState.FAILED), ExportState.STOPPED, _("Stop"), OWNER),
        Step("expire", (ExportState.READY,), ExportState.EXPIRED, _("its time is over"), by_system=True),
    ),
)


def target(steps: Table, verb: str, state: str) -> str:
    """The state that the verb leads to; InvalidTransition when it does not start from `state`. KeyError for an unknown verb."""
    return steps.find(state, verb).target(state)


def available(steps: Table, state: str) -> list[Step]:
    """The buttons in this state."""
    return [step for step in steps.out_of(state) if not step.by_system]
