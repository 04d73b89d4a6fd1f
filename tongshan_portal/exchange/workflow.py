"""The verbs of an import and of an export: from which states, to which. An officer can read it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel.errors import InvalidTransition

from .enums import ExportState, ImportState


@dataclass(frozen=True, slots=True)
class Step:
    """`verb` leads from `sources` to `target`. A step of the worker (`by_worker`) has no button."""

    verb: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    by_worker: bool = False
    primary: bool = False


def _step(verb, label, sources, target, **extra) -> Step:
    return Step(verb, label, frozenset(sources), target, **extra)


IMPORT_STEPS: tuple[Step, ...] = (
    _step("check", _("Check the file"), [ImportState.UPLOADED, ImportState.CHECKED], ImportState.CHECKING, primary=True),
    _step("finish_check", "", [ImportState.CHECKING], ImportState.CHECKED, by_worker=True),
    _step("start", _("Start the import"), [ImportState.CHECKED], ImportState.RUNNING, primary=True),
    _step("pause", _("Pause"), [ImportState.RUNNING], ImportState.PAUSED),
    _step("resume", _("Continue"), [ImportState.PAUSED, ImportState.FAILED], ImportState.RUNNING, primary=True),
    _step(
        "stop",
        _("Stop for good"),
        [ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.RUNNING, ImportState.PAUSED, ImportState.FAILED],
        ImportState.STOPPED,
    ),
    _step("finish", "", [ImportState.RUNNING], ImportState.FINISHED, by_worker=True),
    _step("fail", "", [ImportState.CHECKING, ImportState.RUNNING], ImportState.FAILED, by_worker=True),
)
EXPORT_STEPS: tuple[Step, ...] = (
    _step("finish", "", [ExportState.RUNNING], ExportState.READY, by_worker=True),
    _step("fail", "", [ExportState.RUNNING], ExportState.FAILED, by_worker=True),
    _step("resume", _("Try again"), [ExportState.FAILED], ExportState.RUNNING, primary=True),
    _step("stop", _("Stop"), [ExportState.RUNNING, ExportState.FAILED], ExportState.STOPPED),
    _step("expire", "", [ExportState.READY], ExportState.EXPIRED, by_worker=True),
)


def target(steps: tuple[Step, ...], verb: str, state: str) -> str:
    """The state that the verb leads to; InvalidTransition when it does not start from `state`. KeyError for an unknown verb."""
    step = {step.verb: step for step in steps}[verb]
    if state not in step.sources:
        raise InvalidTransition(_("This is not possible any more: the state has changed meanwhile. Look at the page again."))
    return step.target


def available(steps: tuple[Step, ...], state: str) -> list[Step]:
    """The buttons in this state."""
    return [step for step in steps if not step.by_worker and state in step.sources]
