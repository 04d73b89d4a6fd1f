from contextlib import contextmanager

import pytest
from django.db import connection

from tongshan_portal.ledger import chain
from tongshan_portal.ledger.public import Verb, record, register_verbs, says
from tongshan_portal.ledger.record import PortalPart
from tongshan_portal.ledger.verify import Verification

TRIED = Verb("suite.tried", "tried", says("%(who)s tried %(what)s."))
register_verbs([TRIED])
SUITE = PortalPart("the suite", ip="10.0.0.1", request_id="r-1")


@pytest.fixture
def ten(db):
    """Ten entries of one transaction, so of one strand; answers them in order, as the database has them."""
    entries = [record(actor=SUITE, verb="suite.tried", reason="因为", detail={"n": n, "中": [1.5, None]}) for n in range(10)]
    for entry in entries:
        entry.refresh_from_db()
    chain.settle_heads()
    return entries


@contextmanager
def as_superuser():
    """What somebody with the database's superuser can do: the triggers rest."""
    chain.settle_heads()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def tamper():
    """Runs SQL as a superuser would."""

    def run(statement, parameters=()):
        with as_superuser() as cursor:
            cursor.execute(statement, parameters)

    return run


@pytest.fixture
def faults():
    """What a verification finds: (kind, seq, id)."""

    def run():
        return [(fault.kind, fault.seq, fault.entry_id) for fault in Verification(batch=3)]

    return run
