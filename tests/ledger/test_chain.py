"""The chain: made by the database, whoever inserts and however, and the same in Python."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from tests.ledger.conftest import SUITE
from tongshan_portal.ledger import chain
from tongshan_portal.ledger.models import LedgerEntry, LedgerHead
from tongshan_portal.ledger.public import Line, record, record_many
from tongshan_portal.ledger.verify import Verification


@pytest.mark.django_db
def test_rows_follow_one_another(ten):
    strand = ten[0].strand
    assert [(entry.strand, entry.seq) for entry in ten] == [(strand, n) for n in range(1, 11)]
    assert [bytes(entry.previous_hash) for entry in ten] == [chain.GENESIS, *(bytes(entry.hash) for entry in ten[:-1])]
    head = LedgerHead.objects.get()
    assert (head.strand, head.seq, bytes(head.hash)) == (strand, 10, bytes(ten[-1].hash))


@pytest.mark.django_db
def test_hash_is_the_documented_one(ten):
    """Written out by hand from docs/ledger.md, without the code under test."""
    entry = ten[3]
    microseconds = (entry.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    texts = [str(entry.pk), str(entry.strand), "4", str(microseconds), None, "portal/the suite", "suite.tried", "", "", "", "", "因为"]
    texts += ['{"n": 3, "中": [1.5, null]}', "10.0.0.1/32", "r-1"]
    content = "L1" + "".join("-" if text is None else f"{len(text.encode())}:{text}" for text in texts)
    assert hashlib.sha256(bytes(entry.previous_hash) + content.encode()).digest() == bytes(entry.hash)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"detail": {"b": 1, "aa": 'é"\\\n\t\x1f', "a": 1e30, "z": 0.1, "big": 10**25, "nested": {"x": [True, None, []]}}},
        {"ip": "2001:db8::1"},
        {"ip": None, "actor_id": 7, "reason": "a:b-12:", "object_label": "铜山区 – “议事室”"},
        {"at": datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)},
        {"at": datetime(2026, 11, 23, 9, 0, 0, 1, tzinfo=UTC)},
    ],
    ids=["json", "ipv6", "text", "before 1970", "microsecond"],
)
def test_python_and_database_agree_on_any_content(values):
    fields = {"at": datetime(2026, 11, 23, tzinfo=UTC), "actor_label": "x", "verb": "suite.tried"}
    LedgerEntry.objects.create(**{**fields, **values})
    assert [str(fault) for fault in Verification()] == []


@pytest.mark.django_db
def test_raw_sql_cannot_insert_an_unchained_row(ten):
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ledger_ledgerentry (at, actor_label, verb, object_type, object_id, object_label, area_code, reason, detail,
               request_id, strand, seq, previous_hash, hash)
               VALUES (now(), 'intruder', 'x.y', '', '', '', '', '', '{}', '', 9, 999, 'a', 'b') RETURNING strand, seq"""
        )
        assert cursor.fetchone() == (ten[0].strand, 11)
    assert list(Verification()) == []


@pytest.mark.django_db
def test_many_lines_are_chained_within_one_statement(django_assert_num_queries):
    with django_assert_num_queries(0):  # COPY is none of Django's queries
        assert record_many(actor=SUITE, verb="suite.tried", lines=(Line(detail={"n": n}) for n in range(250))) == 250
    assert list(LedgerEntry.objects.order_by("seq").values_list("seq", "detail__n")) == [(n + 1, n) for n in range(250)]
    assert list(Verification()) == []


@pytest.mark.django_db
def test_long_transaction_moves_its_head_once():
    """Otherwise each row would leave a dead version of the head, and all of them would be read again for the next row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_updated('ledger_ledgerhead'::regclass)")
        before = cursor.fetchone()[0]
        for _n in range(50):
            record(actor=SUITE, verb="suite.tried")
        chain.settle_heads()
        cursor.execute("SELECT pg_stat_get_xact_tuples_updated('ledger_ledgerhead'::regclass)")
        assert cursor.fetchone()[0] - before == 1
    assert (LedgerHead.objects.get().seq, list(Verification())) == (50, [])


@pytest.mark.django_db
def test_a_forged_note_of_the_last_row_cannot_be_committed(ten):
    """Anybody may set `ledger.last`, which saves a transaction's next rows their look-ups: the links are compared before the head moves."""
    place, right = ten[-1].strand, f"\\x{LedgerEntry.objects.get(seq=10).hash.hex()}"
    refused = []
    for seq, digest in ((3, right), (10, f"\\x{'00' * 32}"), (20, right)):
        with pytest.raises((ProgrammingError, IntegrityError)) as error, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('ledger.last', %s, true)", [f"{place} {seq} {digest}"])
            record(actor=SUITE, verb="suite.tried")
            chain.settle_heads()
        refused.append(error.type.__name__)
    assert refused == ["IntegrityError", "ProgrammingError", "ProgrammingError"]
    record(actor=SUITE, verb="suite.tried")
    assert (LedgerEntry.objects.order_by("-seq")[0].seq, list(Verification())) == (11, [])


@pytest.mark.django_db
def test_rolled_back_rows_leave_no_gap(ten):
    for _attempt in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(actor=SUITE, verb="suite.tried")
            _ = 1 / 0
    record(actor=SUITE, verb="suite.tried")
    assert LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True)[0] == 11
    assert list(Verification()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_ledgerentry SET reason = 'x'",
        "UPDATE ledger_ledgerentry SET reason = 'x' WHERE false",
        "DELETE FROM ledger_ledgerentry WHERE seq = 10",
        "TRUNCATE ledger_ledgerentry",
        "INSERT INTO ledger_ledgerhead VALUES (300, 1, '')",
        "UPDATE ledger_ledgerhead SET seq = 1",
        "DELETE FROM ledger_ledgerhead",
        "TRUNCATE ledger_ledgerhead",
        "INSERT INTO ledger_ledgeranchor (strand, seq, hash, archive, at) SELECT strand, seq, hash, 'x', at FROM ledger_ledgerentry",
        "INSERT INTO ledger_ledgeranchor (strand, seq, hash, archive, at) VALUES (1, 99, '', 'x', now())",
        "TRUNCATE ledger_ledgeranchor",
        "UPDATE ledger_ledgercheckpoint SET signature = ''",
        "DELETE FROM ledger_ledgercheckpoint",
        "TRUNCATE ledger_ledgercheckpoint",
    ],
)
def test_what_is_written_stays(ten, statement):
    before = list(LedgerEntry.objects.order_by("seq").values_list("id", "hash"))
    with pytest.raises(ProgrammingError, match="ledger: "), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(LedgerEntry.objects.order_by("seq").values_list("id", "hash")) == before
    assert list(Verification()) == []


@pytest.mark.django_db
def test_an_application_role_of_its_own_can_only_add_and_read(ten):
    """The two-role set-up of docs/ledger.md."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE ledger_suite_app NOLOGIN")
        cursor.execute("GRANT USAGE ON SCHEMA public TO ledger_suite_app")
        cursor.execute("GRANT SELECT, INSERT ON ledger_ledgerentry TO ledger_suite_app")
        cursor.execute("GRANT SELECT ON ledger_ledgerhead, ledger_ledgeranchor TO ledger_suite_app")
        cursor.execute("GRANT USAGE ON SEQUENCE ledger_ledgerentry_id_seq TO ledger_suite_app")
        cursor.execute("SET LOCAL ROLE ledger_suite_app")
        record(actor=SUITE, verb="suite.tried")
        for statement in (
            "UPDATE ledger_ledgerhead SET seq = 0",
            "DELETE FROM ledger_ledgerentry",
            "ALTER TABLE ledger_ledgerentry DISABLE TRIGGER ALL",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(statement)
        chain.settle_heads()
        cursor.execute("RESET ROLE")
        assert LedgerHead.objects.get().seq == 11
        transaction.set_rollback(True)


def _in_threads(count, work):
    failures = []

    def run(number):
        try:
            work(number)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return failures


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_never_wait_and_the_chain_holds():
    barrier = threading.Barrier(6)

    def write(number):
        # All six hold an uncommitted row at the same moment: with one global chain this barrier would never be passed.
        with transaction.atomic():
            record(actor=SUITE, verb="suite.tried", detail={"writer": number})
            barrier.wait(10)
        for n in range(15):
            with transaction.atomic():
                record(actor=SUITE, verb="suite.tried", detail={"writer": number, "n": n})

    assert _in_threads(6, write) == []
    run = Verification()
    assert (list(run), run.rows) == ([], 96)


@pytest.mark.django_db(transaction=True)
def test_two_writers_that_lock_rows_in_opposite_order_do_not_deadlock_over_the_ledger():
    barrier = threading.Barrier(2)

    def write(number):
        for _round in range(10):
            with transaction.atomic():
                record(actor=SUITE, verb="suite.tried")
                barrier.wait(10)
                record(actor=SUITE, verb="suite.tried")

    assert _in_threads(2, write) == []
    assert list(Verification()) == []


class Strands:
    """Another session that holds some strands until the end of the block."""

    def __init__(self, condition, *parameters):
        self.held, self.go = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=lambda: _in_threads(1, lambda _n: self._hold(condition, parameters)))

    def _hold(self, condition, parameters):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock(1279607879, s) FROM generate_series(0, 255) s WHERE {condition}", parameters)
            self.held.set()
            self.go.wait(10)

    def __enter__(self):
        self.thread.start()
        assert self.held.wait(5)
        return self

    def __exit__(self, *args):
        self.go.set()
        self.thread.join(10)


def _record(_number=0):
    record(actor=SUITE, verb="suite.tried")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_transaction_with_an_old_snapshot_walks_on_to_a_strand_that_stood_still(isolation):
    _record()
    home = LedgerHead.objects.get().strand
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
            cursor.execute("SELECT count(*) FROM ledger_ledgerentry")
        with Strands("s <> %s", home):
            assert _in_threads(1, _record) == []  # on the home strand, behind the snapshot's back
        _record()
    assert sorted(LedgerEntry.objects.values_list("strand", "seq")) == sorted([(home, 1), (home, 2), ((home + 1) % 256, 1)])
    assert list(Verification()) == []


@pytest.mark.django_db(transaction=True)
def test_when_every_strand_is_taken_a_writer_waits_its_turn():
    with Strands("true") as others:
        waiting = threading.Thread(target=lambda: _in_threads(1, _record))
        waiting.start()
        waiting.join(0.3)
        assert (waiting.is_alive(), LedgerEntry.objects.count()) == (True, 0)
        others.go.set()
        waiting.join(10)
    assert LedgerEntry.objects.count() == 1
    assert list(Verification()) == []


@pytest.mark.django_db
def test_same_place_cannot_be_taken_twice(ten, tamper):
    columns = "at, actor_label, verb, object_type, object_id, object_label, area_code, reason, detail, request_id"
    copied = f"INSERT INTO ledger_ledgerentry ({columns}, strand, seq, previous_hash, hash) SELECT {columns}, strand, seq, hash, hash"
    with pytest.raises(IntegrityError), transaction.atomic():
        tamper(f"{copied} FROM ledger_ledgerentry LIMIT 1")
