"""The way of a resident through the pages, without an account and without scripts."""

import json
import re

import pytest
from django.urls import reverse

from antifraud.registrations import limits
from antifraud.registrations.actions import points, proving
from antifraud.registrations.models import FamilyMember, PhoneCode, Registration, RegistrationPoint
from antifraud.registrations.public import match_phones
from antifraud.registrations.residents import resident
from tests.antifraud.registrations.conftest import ASKED_PHONE, FAMILY_PHONE, NAME, OTHER_PHONE, PHONE
from tests.antifraud.registrations.test_registering import sent
from tests.conftest import TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_limits(monkeypatch):
    monkeypatch.setattr(limits, "SPACE", f"test-{clock.now().timestamp()}")


@pytest.fixture
def point(person, actor) -> RegistrationPoint:
    return points.create_point(actor=actor(person("police", Role.COMMUNITY_POLICE, VILLAGE)), area_code=VILLAGE, label="社区民警曹志刚")


def given(**fields) -> dict[str, str]:
    return {"phone": OTHER_PHONE, "name": "", "agreed": "on", "version": "1"} | fields


def prove(client, phone: str) -> None:
    """Come in by the number, as its holder does."""
    asked = client.post(reverse("bell:sign"), {"phone": phone})
    code = PhoneCode.objects.latest("created_at")
    assert (asked.status_code, asked.url) == (302, reverse("bell:code", args=[code.pk]))
    assert client.post(asked.url, {"code": sent(code)}).status_code == 302


def test_from_the_poster_to_the_end(client, point):
    start = client.get(reverse("bell:point", args=[point.code]), {"town": TOWN})
    link = reverse("bell:register_by", kwargs={"point": point.code, "area": VILLAGE})
    assert link in start.content.decode() and "社区民警曹志刚" in start.content.decode()
    shown = client.get(link).content.decode()
    assert all(words in shown for words in ("不作他用", "三十日内删除", "未满十四周岁"))
    asked = client.post(link, given(follows="on", tells_family="on"))
    code = PhoneCode.objects.get()
    assert asked.url == reverse("bell:code", args=[code.pk])
    entered = client.post(asked.url, {"code": sent(code)})
    assert entered.url == reverse("bell:done")
    assert client.get(entered.url).status_code == 200
    row = Registration.objects.get()
    assert (row.state, row.point, row.origin, row.follows, row.tells_family) == ("registered", point, "qr", True, True)
    assert client.get(asked.url).url == reverse("bell:mine")


@pytest.mark.parametrize(
    ("wrong", "field"), [({"agreed": ""}, "agreed"), ({"phone": "010"}, "phone"), ({"phone": ""}, "phone"), ({"version": "9"}, "agreed")]
)
def test_a_wrong_form_says_where_and_keeps_what_was_typed(client, areas, wrong, field):
    answer = client.post(reverse("bell:register", kwargs={"area": VILLAGE}), given(name=NAME) | wrong)
    assert (answer.status_code, list(answer.context["form"].errors), NAME in answer.content.decode()) == (422, [field], True)
    assert Registration.objects.count() == 0


def test_the_answers_for_a_known_and_an_unknown_number_differ_in_nothing(client, held):
    def seen(phone: str) -> tuple:
        asked = client.post(reverse("bell:sign"), {"phone": phone})
        page = client.get(asked.url)
        words = re.sub(r"[0-9a-f-]{36}|csrfmiddlewaretoken\" value=\"\w+|\d{3}\*{4}\d{4}", "", page.content.decode())
        return asked.status_code, page.status_code, words

    assert seen(PHONE) == seen(OTHER_PHONE)
    register = [
        client.post(reverse("bell:register", kwargs={"area": VILLAGE}), given(phone=phone)) for phone in ("13500000001", FAMILY_PHONE)
    ]
    assert [answer.status_code for answer in register] == [302, 302]


def test_a_point_that_is_closed_stops_nobody_and_one_that_never_was_is_not_there(client, point, actor, person):
    points.switch_point(actor=actor(person("officer", Role.ANTIFRAUD_OFFICER)), point_id=point.pk, in_use=False)
    page = client.get(reverse("bell:point", args=[point.code]))
    assert (page.status_code, page.context["point"], page.context["closed"]) == (200, None, True)
    assert client.get("/bell/ZZZZZZZZ/").status_code == 404
    assert client.get("/bell/320312106999/").status_code == 404


def test_what_is_kept_is_shown_to_whoever_proved_the_number_and_to_nobody_else(client, held):
    for name in ("mine", "done", "correct", "withdraw", "erase", "add_member"):
        assert client.get(reverse(f"bell:{name}")).url == reverse("bell:sign"), name
    assert client.post(reverse("bell:copy")).url == reverse("bell:sign")
    prove(client, PHONE)
    page = client.get(reverse("bell:mine"))
    assert (page.context["mine"].registration, len(page.context["mine"].family)) == (held, 2)
    assert (PHONE in page.content.decode(), NAME in page.content.decode(), "no-store" in page["Cache-Control"]) == (False, False, True)
    client.post(reverse("bell:leave"))
    assert client.get(reverse("bell:mine")).url == reverse("bell:sign")


def test_the_session_key_changes_when_a_number_is_proved(client, held):
    client.get(reverse("bell:start"))
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    prove(client, PHONE)
    assert client.session.session_key != planted


def test_correct_copy_withdraw_and_erase(client, held):
    prove(client, PHONE)
    form = client.get(reverse("bell:correct"))
    assert form.context["form"]["name"].value() == NAME
    assert client.post(reverse("bell:correct"), {"area": VILLAGE, "name": "王秀兰"}).status_code == 302
    row = Registration.objects.get()
    assert (row.name.same_as("王秀兰"), row.follows) == (True, False)
    copy = client.post(reverse("bell:copy"))
    data = json.loads(copy.content)
    assert (data["phone"], data["registrations"][0]["name"], len(data["registrations"][0]["family"])) == (PHONE, "王秀兰", 2)
    assert FAMILY_PHONE not in copy.content.decode()
    assert client.post(reverse("bell:withdraw"), {}).status_code == 422
    assert client.post(reverse("bell:withdraw"), {"sure": "on"}).status_code == 302
    assert (Registration.objects.get().state, match_phones([PHONE])) == ("withdrawn", [None])
    assert client.post(reverse("bell:erase"), {"sure": "on"}).url == reverse("bell:start")
    assert Registration.objects.get().state == "erased"
    assert client.get(reverse("bell:mine")).url == reverse("bell:sign")
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"registration.corrected", "registration.copied", "registration.withdrawn", "registration.erased"} <= verbs


def test_a_family_member_answers_by_the_own_number(client, held):
    asked = FamilyMember.objects.get(state="asked")
    prove(client, OTHER_PHONE)
    assert client.post(reverse("bell:say_yes", args=[asked.pk])).status_code == 404
    assert FamilyMember.objects.get(pk=asked.pk).state == "asked"
    prove(client, ASKED_PHONE)
    assert [ask.pk for ask in client.get(reverse("bell:mine")).context["mine"].asks] == [asked.pk]
    client.post(reverse("bell:say_yes", args=[asked.pk]))
    assert FamilyMember.objects.get(pk=asked.pk).state == "confirmed"
    client.post(reverse("bell:say_end", args=[asked.pk]))
    assert (FamilyMember.objects.get(pk=asked.pk).state, match_phones([ASKED_PHONE])) == ("withdrawn", [None])


def test_members_are_asked_and_removed_by_the_page(client, held):
    prove(client, PHONE)
    member = {"phone": "13500000001", "relation": held.family.first().relation_id}
    assert client.post(reverse("bell:add_member"), member).status_code == 302
    assert client.post(reverse("bell:add_member"), member | {"is_child": "on", "phone": "13500000002"}).status_code == 422
    row = FamilyMember.objects.latest("pk")
    assert row.state == "asked"
    client.post(reverse("bell:remove_member", args=[row.pk]))
    assert (FamilyMember.objects.get(pk=row.pk).state, FamilyMember.objects.get(pk=row.pk).phone) == ("erased", None)


def test_wrong_codes_stay_on_the_page_and_another_can_be_asked_for_after_a_minute(client, held):
    asked = client.post(reverse("bell:sign"), {"phone": PHONE})
    code = PhoneCode.objects.get()
    wrong = "000000" if sent(code) != "000000" else "111111"
    answer = client.post(asked.url, {"code": wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert client.post(reverse("bell:again", args=[code.pk])).status_code == 422
    PhoneCode.objects.update(created_at=code.created_at - proving.CODE_PAUSE)
    fresh = client.post(reverse("bell:again", args=[code.pk]))
    assert (fresh.status_code, fresh.url != asked.url, PhoneCode.objects.count()) == (302, True, 2)


def test_past_the_limit_the_page_says_so_and_nothing_is_sent(client, areas):
    for number in range(10):
        assert client.post(reverse("bell:sign"), {"phone": f"1350000000{number}"}).status_code == 302
    answer = client.post(reverse("bell:sign"), {"phone": OTHER_PHONE})
    assert (answer.status_code, PhoneCode.objects.count()) == (429, 10)
    assert client.post(reverse("bell:sign"), {"phone": OTHER_PHONE}, REMOTE_ADDR="10.9.9.9").status_code == 302


def test_without_redis_nobody_registers_and_the_page_says_why(client, areas, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}}
    assert client.get(reverse("bell:start")).status_code == 200
    answer = client.post(reverse("bell:register", kwargs={"area": VILLAGE}), given())
    assert (answer.status_code, answer["Retry-After"], "注册暂时关闭" in answer.content.decode()) == (503, "30", True)
    assert (Registration.objects.count(), PhoneCode.objects.count()) == (0, 0)


def test_a_position_is_used_and_kept_nowhere(client, areas):
    import shapely

    from antifraud.registrations import communities
    from grids.areas.writing import write_shapes

    write_shapes([(VILLAGE, shapely.box(117.0, 34.0, 117.1, 34.1))], source="test", at=clock.now())
    communities.kept.forget()
    page = client.post(reverse("bell:start"), {"lon": "117.05", "lat": "34.05"})
    assert [one.area_code for one in page.context["offered"]] == [VILLAGE]
    assert ("117.05" in page.content.decode(), dict(client.session)) == (False, {})
    assert client.post(reverse("bell:start"), {"lon": "x", "lat": "999"}).context["offered"] == []
    communities.kept.forget()


def test_a_code_that_works_is_asked_for_in_the_ledger_s_words(held):
    code = proving.ask_code(actor=resident(), phone=PHONE)
    assert (PHONE in str(code), PHONE in repr(code.phone)) == (False, False)


@pytest.mark.parametrize("demo", [True, False])
def test_only_the_demo_shows_a_code_on_its_page(client, areas, settings, demo, django_capture_on_commit_callbacks):
    settings.DEMO_MODE = demo
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(reverse("bell:sign"), {"phone": PHONE})
    code = PhoneCode.objects.get()
    digits = sent(code)
    assert (digits in client.get(asked.url).content.decode()) is demo
