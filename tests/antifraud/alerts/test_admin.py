"""Dictionaries in the administration: edited by system administrators alone, every version told by the ledger, running clocks untouched."""

from datetime import timedelta

import pytest
from django.urls import reverse

from antifraud.alerts.actions import assigning
from antifraud.alerts.models import AlertPolicy, FraudAlert, FraudType, GradePolicy
from tests.antifraud.alerts.conftest import MONDAY, PHONE, row
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def edit(client, people):
    """Send the form of a dictionary's row as it stands, with changes: `edit("system_admin", row, contact_minutes=5)`."""

    def send(who, held, **changes):
        client.force_login(people[who])
        address = reverse(f"admin:alerts_{held._meta.model_name}_change", args=[held.pk])
        page = client.get(address)
        if page.status_code != 200:
            return page
        form = page.context["adminform"].form
        given = {name: form[name].value() for name in form.fields}
        given = {name: value for name, value in given.items() if value not in (None, False)} | changes
        return client.post(address, given)

    return send


def test_types_grades_and_limits_are_edited_and_each_version_is_told(edit):
    done = [
        (FraudType.objects.get(code="loan"), {"advice_zh": "到银行办理贷款。"}),
        (GradePolicy.objects.get(grade="medium"), {"contact_minutes": 20, "is_confirmed": "on"}),
        (AlertPolicy.objects.get(), {"join_hours": 12, "wave_from": 4, "family_words": "请给{who}打个电话。"}),
    ]
    for held, changes in done:
        answer = edit("system_admin", held, **changes)
        assert answer.status_code == 302, (held, answer.context and answer.context["adminform"].form.errors)
        held.refresh_from_db()
        assert held.version == 2
    entries = LedgerEntry.objects.filter(verb="alert_settings.changed").order_by("id")
    assert [(one.detail["version"], one.detail["changed"]) for one in entries] == [
        (2, {"advice_zh": ["到银行办理贷款，不向个人账户缴费。", "到银行办理贷款。"]}),
        (2, {"contact_minutes": ["30", "20"], "is_confirmed": ["False", "True"]}),
        (2, {
            "join_hours": ["24", "12"], "wave_from": ["3", "4"],
            "family_words": [AlertPolicy._meta.get_field("family_words").default, "请给{who}打个电话。"],
        }),
    ]  # fmt: skip


def test_a_wording_that_could_say_more_is_refused(edit):
    for words in ("请打个电话。", "请给{who}打个电话，{advice}"):
        assert edit("system_admin", AlertPolicy.objects.get(), family_words=words).status_code == 200
    assert (AlertPolicy.objects.get().version, LedgerEntry.objects.filter(verb="alert_settings.changed").count()) == (1, 0)


def test_what_runs_keeps_the_version_under_which_it_began(edit, receive, act):
    receive(row())
    held = FraudAlert.objects.get()
    edit("system_admin", GradePolicy.objects.get(grade="medium"), contact_minutes=5)
    receive(row(phone="13700000009"))
    assigning.accept(actor=act("worker"), alert_id=held.pk, now=MONDAY + timedelta(minutes=1))
    old, new = FraudAlert.objects.order_by("pk")
    assert [(one.due_at - MONDAY, one.clock["policy"].split(".")[1]) for one in (old, new)] == [
        (timedelta(minutes=30), "1"), (timedelta(minutes=5), "2"),
    ]  # fmt: skip
    assert old.phone.same_as(PHONE)


def test_nobody_else_edits_and_nothing_is_deleted(edit, client, people):
    rows = [FraudType.objects.first(), GradePolicy.objects.first(), AlertPolicy.objects.get()]
    refused = {who: [edit(who, held, in_use="", contact_minutes=1, join_hours=1).status_code for held in rows]
               for who in ("officer", "duty_officer", "police", "security_admin", "auditor", "stranger")}  # fmt: skip
    assert {code for codes in refused.values() for code in codes} <= {302, 403}
    client.force_login(people["system_admin"])
    gone = [client.post(reverse(f"admin:alerts_{one._meta.model_name}_delete", args=[one.pk]), {"post": "yes"}).status_code for one in rows]
    assert (gone, [type(one).objects.get(pk=one.pk).version for one in rows]) == ([403] * 3, [1] * 3)
