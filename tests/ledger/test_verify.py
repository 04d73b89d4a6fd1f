"""Verification finds each kind of tampering and names the row."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.ledger.conftest import SUITE
from tongshan_portal.ledger import chain, checkpoints
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import record

pytestmark = pytest.mark.django_db


def test_untouched_ledger_has_no_faults(ten, faults):
    assert faults() == []


@pytest.mark.parametrize(
    "column",
    ["actor_id = 1", "actor_label = 'x'", "verb = 'x'", "object_type = 'x'", "object_id = 'x'", "object_label = 'x'",
     "area_code = '320312'",
     "reason = 'x'", "detail = '{}'", "ip = '10.0.0.2'", "ip = '10.0.0.1/24'", "request_id = 'x'",
     "at = at + interval '1 microsecond'", "id = 10000000"],
)  # fmt: skip
def test_changed_field_is_found(ten, tamper, faults, column):
    tamper(f"UPDATE ledger_ledgerentry SET {column} WHERE seq = 4")
    assert faults() == [("changed", 4, LedgerEntry.objects.get(seq=4).pk)]


def test_changed_row_with_a_new_hash_is_found_at_the_next_row(ten, tamper, faults):
    tamper("UPDATE ledger_ledgerentry SET reason = 'x' WHERE seq = 4")
    tamper("UPDATE ledger_ledgerentry e SET hash = sha256(previous_hash || ledger_canonical(e)) WHERE seq = 4")
    assert faults() == [("reordered", 5, ten[4].pk)]


def test_missing_rows_are_found(ten, tamper, faults):
    tamper("DELETE FROM ledger_ledgerentry WHERE seq IN (1, 4, 5)")
    assert faults() == [("missing", 1, None), ("missing", 4, None)]


def test_rows_that_changed_places_are_found(ten, tamper, faults):
    tamper("UPDATE ledger_ledgerentry SET seq = -3 WHERE seq = 3")
    tamper("UPDATE ledger_ledgerentry SET seq = 3 WHERE seq = 6")
    tamper("UPDATE ledger_ledgerentry SET seq = 6 WHERE seq = -3")
    found = faults()
    assert [fault for fault in found if fault[1] in (3, 6)] == [
        ("reordered", 3, ten[5].pk),
        ("reordered", 3, ten[5].pk),
        ("reordered", 6, ten[2].pk),
        ("reordered", 6, ten[2].pk),
    ]
    assert {kind for kind, _seq, _id in found} == {"reordered"}


def test_cut_off_end_is_found(ten, tamper, faults):
    tamper("DELETE FROM ledger_ledgerentry WHERE seq > 7")
    assert faults() == [("truncated", 8, None)]


def test_everything_gone_is_found(ten, tamper, faults):
    tamper("DELETE FROM ledger_ledgerentry")
    assert faults() == [("truncated", 1, None)]


def test_row_behind_the_head_is_found(ten, tamper, faults):
    tamper("UPDATE ledger_ledgerhead SET seq = 9")
    assert faults() == [("unchained", 10, None)]


def test_strand_without_a_head_is_found(ten, tamper, faults):
    tamper("DELETE FROM ledger_ledgerhead")
    assert faults() == [("unchained", 10, None)]


def test_end_and_head_cut_back_together_are_found_by_a_checkpoint(ten, tamper, faults):
    checkpoints.take()
    tamper("DELETE FROM ledger_ledgerentry WHERE seq > 7")
    tamper("UPDATE ledger_ledgerhead SET seq = 7, hash = (SELECT hash FROM ledger_ledgerentry WHERE seq = 7)")
    assert faults() == [("truncated", 8, None)]
    tamper("DELETE FROM ledger_ledgerentry")
    tamper("DELETE FROM ledger_ledgerhead")
    assert faults() == [("truncated", 1, None)]


def test_whole_chain_computed_anew_is_found_by_a_checkpoint(ten, tamper, faults):
    checkpoints.take()
    tamper("UPDATE ledger_ledgerentry SET reason = 'x' WHERE seq = 2")
    previous = bytes(ten[0].hash)
    for seq in range(2, 11):
        tamper("UPDATE ledger_ledgerentry SET previous_hash = %s WHERE seq = %s", [previous, seq])
        tamper("UPDATE ledger_ledgerentry e SET hash = sha256(previous_hash || ledger_canonical(e)) WHERE seq = %s", [seq])
        previous = bytes(LedgerEntry.objects.get(seq=seq).hash)
    tamper("UPDATE ledger_ledgerhead SET hash = %s", [previous])
    assert faults() == [("checkpoint", 10, ten[9].pk)]


def test_forged_checkpoint_is_found(ten, tamper, faults):
    checkpoints.take()
    tamper("""UPDATE ledger_ledgercheckpoint SET heads = jsonb_build_object('7', '[3, "00"]'::jsonb)""")
    assert faults() == [("checkpoint", 0, None)]


def test_checkpoint_survives_a_change_of_the_secret_key(ten, settings, faults):
    checkpoints.take()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert faults() == []


def test_writing_meanwhile_makes_no_fault(ten):
    from tongshan_portal.ledger.verify import Verification

    run = Verification(batch=2)
    record(actor=SUITE, verb="suite.tried")
    assert (list(run), run.rows) == ([], 10)


def test_rows_are_read_in_batches(ten, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert [row.seq for row in chain.rows_of_strand(ten[0].strand, 0, 10, batch=3)] == list(range(1, 11))


def test_command_says_what_it_verified_and_records_it(ten, capsys):
    call_command("verify_ledger")
    assert capsys.readouterr().out.split(" in ")[0] == "10 rows verified"
    entry = LedgerEntry.objects.get(verb="ledger.checked")
    assert (entry.detail["rows"], entry.detail["faults"]) == (10, 0)


def test_command_ends_with_1_and_names_the_row(ten, tamper, capsys):
    tamper("UPDATE ledger_ledgerentry SET reason = 'x' WHERE seq = 4")
    with pytest.raises(SystemExit) as end:
        call_command("verify_ledger", "--no-record")
    assert end.value.code == 1
    assert capsys.readouterr().out.startswith(f"changed: strand {ten[0].strand} seq 4 id {ten[3].pk}: ")
    assert not LedgerEntry.objects.filter(verb="ledger.checked").exists()


def test_exported_checkpoint_shows_what_was_cut_even_when_the_database_lost_its_own(ten, tamper, tmp_path, capsys):
    call_command("checkpoint_ledger", "--to", str(tmp_path / "heads.json"))
    tamper("DELETE FROM ledger_ledgerentry WHERE seq > 7")
    tamper("UPDATE ledger_ledgerhead SET seq = 7, hash = (SELECT hash FROM ledger_ledgerentry WHERE seq = 7)")
    tamper("DELETE FROM ledger_ledgercheckpoint")
    call_command("verify_ledger", "--no-record")
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--no-record", "--checkpoint", str(tmp_path / "heads.json"))
    assert "truncated: " in capsys.readouterr().out
    (tmp_path / "other.json").write_text(json.dumps({"at": "x"}))
    with pytest.raises(CommandError):
        call_command("verify_ledger", "--checkpoint", str(tmp_path / "other.json"))
