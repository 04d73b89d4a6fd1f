"""Identifiers."""

from tongshan_portal.kernel.ids import new_uuid


def test_new_uuids_are_version_7_distinct_and_in_order_of_time(monkeypatch):
    moments = iter(range(1_700_000_000_000_000_000, 1_700_000_001_000_000_000, 1_000_000))
    monkeypatch.setattr("time.time_ns", lambda: next(moments))
    made = [new_uuid() for _ in range(500)]
    assert {value.version for value in made} == {7}
    assert {value.variant for value in made} == {"specified in RFC 4122"}
    assert sorted(made) == made
    assert len(set(made)) == 500
