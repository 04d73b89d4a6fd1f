"""Taking a table of figures away: nothing changes but the ledger."""

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.ledger.public import record

from ..evaluation.lenses import ACTION, Lens


def take_figures_away(*, actor: Actor, lens: Lens, by: str) -> None:
    """Write down who took which figures away. Raises NotAllowed."""
    require(actor, ACTION, Place(lens.code))
    detail = {"begin": lens.days.begin.isoformat(), "end": lens.days.end.isoformat(), "by": by}
    record(actor=actor, verb="alert_figures.taken", area_code=lens.code, detail=detail)
