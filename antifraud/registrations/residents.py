"""Who acts when a resident does: no account, no name, no network address; what counts is the number that was proved."""

from tongshan_portal.accounts.actor import Actor, system_actor

PART = "golden_bell"


def resident() -> Actor:
    """The actor of what a holder does with a proved number. The ledger says so, and keeps nothing of the person."""
    return system_actor(PART)
