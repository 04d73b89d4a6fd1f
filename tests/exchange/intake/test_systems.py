"""Outside systems are managed by system administrators; their keys are shown once and sealed."""

import pytest

from tongshan_portal.exchange.intake import actions
from tongshan_portal.exchange.intake.models import OutsideSystem
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["security_admin", "auditor", "duty_officer", "stranger"])
def test_nobody_but_system_administrators_manages(system, cast, actor, who):
    hotline, _key = system()
    for deed in (
        lambda me: actions.create_system(actor=me, code="other", name="Other"),
        lambda me: actions.change_system(actor=me, system_id=hotline.pk, in_use=False),
        lambda me: actions.renew_key(actor=me, system_id=hotline.pk),
    ):
        with pytest.raises(NotAllowed):
            deed(actor(cast[who]))
    assert list(OutsideSystem.objects.values_list("code", "in_use")) == [("hotline", True)]
    assert list(LedgerEntry.objects.values_list("verb", flat=True)) == ["outside_system.created"]


def test_the_key_is_sealed_and_a_new_one_voids_the_old(system, cast, actor, send):
    hotline, key = system()
    assert key not in str(OutsideSystem.objects.values("key").get())
    new = actions.renew_key(actor=actor(cast["system_admin"]), system_id=hotline.pk)
    row = [{"code": "roads", "name": "Roads"}]
    assert (send(hotline, key, row).status_code, send(hotline, new, row).status_code) == (401, 202)


def test_what_is_no_network_is_refused_and_nothing_changes(system, cast, actor):
    hotline, _key = system()
    with pytest.raises(DomainError):
        actions.change_system(actor=actor(cast["system_admin"]), system_id=hotline.pk, addresses=["10.0.0.0/99"])
    hotline.refresh_from_db()
    assert hotline.addresses == []


def test_a_code_is_taken_once(system):
    system()
    with pytest.raises(DomainError):
        system()
    assert OutsideSystem.objects.count() == 1


def _sign_in(client, user):
    client.force_login(user)
    return client


def test_the_administration_makes_a_system_and_shows_its_key_once(client, cast, departments, send):
    _sign_in(client, cast["system_admin"])
    form = {"code": "hotline", "name": "12345", "kinds": ["departments"], "area_code": "", "algorithm": "hmac-sm3", "addresses": "",
            "per_minute": "60", "in_use": "on"}  # fmt: skip
    page = client.post("/admin/exchange/outsidesystem/add/", form, follow=True)
    system = OutsideSystem.objects.get()
    key = next(str(message) for message in page.context["messages"] if "hotline" in str(message) and len(str(message)) > 43)[-43:]
    assert (system.code, system.kinds, system.algorithm) == ("hotline", ["departments"], "hmac-sm3")
    assert key not in client.get(f"/admin/exchange/outsidesystem/{system.pk}/change/").content.decode()
    changed = client.post(f"/admin/exchange/outsidesystem/{system.pk}/change/", {**form, "addresses": "10.1.2.3", "new_key": "on"})
    system.refresh_from_db()
    assert (changed.status_code, system.addresses) == (302, ["10.1.2.3"])
    assert list(LedgerEntry.objects.filter(verb__startswith="outside_system").order_by("id").values_list("verb", flat=True)) == [
        "outside_system.created",
        "outside_system.changed",
        "outside_system.key_renewed",
    ]


@pytest.mark.parametrize("who", ["security_admin", "auditor"])
def test_other_administrators_do_not_see_them(client, cast, departments, who):
    _sign_in(client, cast[who])
    assert client.get("/admin/exchange/outsidesystem/").status_code == 403
