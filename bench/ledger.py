"""The ledger beside the same table without a chain, and beside one global chain: eight writers, one row a transaction, commit included.

The three tables hold the same columns and indexes. The global chain is the naive one: a single head row, locked until the commit.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable

import django
from django.conf import settings
from django.db import connection, connections, transaction

from bench.framework import Result, Target

WRITERS = 8
SECONDS = 4.0
ROUNDS = 2
VERIFIED = 20_000
FIELDS = 3_000
COLUMNS = """at, actor_id, actor_label, verb, object_type, object_id, object_label, area_code, reason, detail, ip, request_id, strand, seq,
    previous_hash, hash"""
VALUES = """now(), 7, '王五', 'report.dispatched', 'reports.report', '123456', '柳新镇 路灯不亮', '320312106201001', '', %s::jsonb,
    '10.0.0.1', '0191e0c0-0000-7000-8000-000000000000'"""
INSERT = f"INSERT INTO {{table}} ({COLUMNS}) VALUES ({VALUES}, 0, 0, '', '')"  # constants only
PREPARE = """
DROP TABLE IF EXISTS bench_plain, bench_global, bench_head;
CREATE TABLE bench_plain (LIKE ledger_ledgerentry INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING INDEXES);
CREATE TABLE bench_global (LIKE bench_plain INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING INDEXES);
ALTER TABLE bench_plain ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE bench_plain DROP CONSTRAINT bench_plain_strand_seq_key;
ALTER TABLE bench_plain ADD UNIQUE (strand, seq, id);
ALTER TABLE bench_global ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
CREATE TABLE bench_head (seq bigint, hash bytea);
INSERT INTO bench_head VALUES (0, '');
CREATE OR REPLACE FUNCTION bench_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head bench_head;
BEGIN
    SELECT * INTO head FROM bench_head FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := sha256(head.hash || convert_to(NEW::text, 'UTF8'));
    UPDATE bench_head SET seq = NEW.seq, hash = NEW.hash;
    RETURN NEW;
END $$;
CREATE TRIGGER bench_chain BEFORE INSERT ON bench_global FOR EACH ROW EXECUTE FUNCTION bench_chain();
"""


def _write(table: str, seconds: float, barrier, counts) -> None:
    """One writer in a process and with a connection of its own."""
    connections.close_all()
    done, statement = 0, INSERT.format(table=table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    barrier.wait()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ['{"changed": {"state": ["opened", "dispatched"]}}'])
        done += 1
    counts.put(done)
    connections.close_all()


def rows_per_second(table: str, writers: int = WRITERS, seconds: float = SECONDS) -> float:
    """Rows that all writers committed, by the wall clock."""
    context = multiprocessing.get_context("fork")
    barrier, counts = context.Barrier(writers + 1), context.SimpleQueue()
    connections.close_all()
    processes = [context.Process(target=_write, args=(table, seconds, barrier, counts)) for _ in range(writers)]
    for process in processes:
        process.start()
    barrier.wait()
    total = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return total / seconds


def microseconds(work: Callable[[int], object], times: int = FIELDS) -> float:
    began = time.perf_counter()
    for number in range(times):
        work(number)
    return (time.perf_counter() - began) / times * 1e6


def _sealing(figures: dict) -> None:
    from tongshan_portal.kernel.sealed import keys
    from tongshan_portal.kernel.sealed.masks import Purpose
    from tongshan_portal.kernel.sealed.value import Place, seal, unseal

    plain, indexed = Place("bench.row.phone", Purpose.PHONE), Place("bench.row.phone", Purpose.PHONE, "bench.row.phone")
    before = settings.SEAL_KEYS
    for name, algorithm in (("aes", "aes256gcm"), ("sm4", "sm4gcm")):
        settings.SEAL_KEYS = keys.new_seal_key("b1", algorithm)
        sealed = seal("13812341234", plain)
        figures[f"seal_{name}_us"] = microseconds(lambda n: seal(f"138{n:08}", plain))
        figures[f"open_{name}_us"] = microseconds(lambda n, sealed=sealed: unseal(sealed, plain))
    figures["seal_sm4_with_index_us"] = microseconds(lambda n: seal(f"138{n:08}", indexed))
    settings.SEAL_KEYS = before


def _verifying(figures: dict) -> None:
    from tongshan_portal.ledger.public import Line, record_many
    from tongshan_portal.ledger.record import PortalPart
    from tongshan_portal.ledger.verify import Verification

    began = time.perf_counter()
    with transaction.atomic():
        record_many(
            actor=PortalPart("bench"), verb="ledger.checked", lines=(Line(detail={"rows": n, "faults": 0}) for n in range(VERIFIED))
        )
    figures["record_many_rows_per_second"] = VERIFIED / (time.perf_counter() - began)
    began, run = time.perf_counter(), Verification()
    faults = len(list(run))
    figures["verify_rows_per_second"] = run.rows / (time.perf_counter() - began)
    figures["verified_rows"] = run.rows
    figures["faults_found"] = faults


def run() -> Result:
    """The database is one of the bench alone, made and dropped: a ledger cannot be emptied."""
    django.setup()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _measure()
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure() -> Result:
    result = Result("ledger")
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)
    tables = {"chain": "ledger_ledgerentry", "without_chain": "bench_plain", "global_chain": "bench_global"}
    measured: dict[str, list[float]] = {key: [] for key in tables}
    for _round in range(ROUNDS):
        for key, table in tables.items():
            measured[key].append(rows_per_second(table))
    median = {key: statistics.median(values) for key, values in measured.items()}
    figures = {f"{key}_rows_per_second": value for key, value in median.items()}
    figures["chain_one_writer_rows_per_second"] = rows_per_second("ledger_ledgerentry", writers=1, seconds=SECONDS / 2)
    _verifying(figures)
    _sealing(figures)
    result.figures = {"writers": WRITERS, **figures}
    result.ratios = {
        "chain_to_without_chain": median["chain"] / median["without_chain"],
        "chain_to_global_chain": median["chain"] / median["global_chain"],
    }
    result.targets = [
        Target("rows per second with 8 writers, one row a transaction", median["chain"], ">=", 2000),
        Target("faults in what the bench wrote", figures["faults_found"], "==", 0),
    ]
    return result
