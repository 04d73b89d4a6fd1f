"""The verbs of a registration. What its holder does needs no role but a proved number; those steps are the portal's own."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.workflow.tables import Table
from tongshan_portal.workflow.transitions import Need, Transition

from .enums import LIVE, STATE_TONES, State

STEPS = Table(
    name="registration",
    title=_("Registration for fraud protection"),
    states=State,
    tones=STATE_TONES,
    initial=State.PENDING,
    final=frozenset([State.ERASED]),
    transitions=(
        Transition("confirm", (State.PENDING,), State.REGISTERED, _("the holder entered the code"), by_system=True),
        Transition("withdraw_own", LIVE, State.WITHDRAWN, _("the holder withdrew"), by_system=True),
        Transition("withdraw", LIVE, State.WITHDRAWN, _("Withdraw on request"), "registrations.withdraw", needs=(Need.REASON,)),
        Transition("renew", (State.WITHDRAWN,), State.REGISTERED, _("a newer consent came from a file"), by_system=True),
        Transition("erase", (*LIVE, State.WITHDRAWN), State.ERASED, _("the holder asked, or the time to keep it is over"), by_system=True),
    ),
)
