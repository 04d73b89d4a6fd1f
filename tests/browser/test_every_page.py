"""Every address that answers a page: open it as somebody who may, look at it in both themes, both languages and two widths.

A new page is looked at as soon as it has an address: a name that stands neither in WHO nor in NOT_A_PAGE fails the suite.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from shapely import box

from antifraud.alerts.actions.receiving import receive_warnings
from antifraud.alerts.actions.shifts import write_handover
from antifraud.alerts.models import AlertPolicy
from antifraud.publicity.actions.broadcasting import record_broadcast
from antifraud.publicity.actions.publishing import publish_notice, submit_notice
from antifraud.publicity.actions.writing import draft_notice
from antifraud.publicity.models import Advice
from antifraud.registrations.actions.points import create_point
from antifraud.registrations.actions.registering import begin_registration
from antifraud.registrations.residents import resident
from grids.areas.writing import write_shapes
from grids.elements.actions.correcting import propose_correction
from grids.elements.actions.recording import record_element
from grids.reports.actions.filing import file_report
from grids.reports.actions.resident_filing import file_for_resident
from grids.reports.actions.saved_views import save_view
from grids.reports.models import Category
from tests.conftest import GRID, TOWN, VILLAGE
from tongshan_portal.accounts.actor import actor_for, system_actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.grants import permission_for
from tongshan_portal.accounts.models import Department, PersonGrant, Posting, User
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ui.models import Banner

NOT_A_PAGE = {
    "bell:again": "only takes a choice",
    "bell:copy": "a file",
    "bell:leave": "only takes a choice",
    "bell:remove_member": "only takes a choice",
    "bell:say_yes": "only takes a choice",
    "bell:say_no": "only takes a choice",
    "bell:say_end": "only takes a choice",
    "registrations:picture": "a picture",
    "registrations:open_point": "only takes a choice",
    "registrations:close_point": "only takes a choice",
    "bell:done": "needs a proved number: tests/browser/test_registrations",
    "bell:mine": "needs a proved number: tests/browser/test_registrations",
    "bell:correct": "needs a proved number: tests/browser/test_registrations",
    "bell:withdraw": "needs a proved number: tests/browser/test_registrations",
    "bell:erase": "needs a proved number: tests/browser/test_registrations",
    "bell:add_member": "needs a proved number: tests/browser/test_registrations",
    "fraud_public:feed": "for machines: tests/antifraud/publicity",
    "fraud_public:message": "for machines: tests/antifraud/publicity",
    "publicity:photo": "a picture",
    "reports_public:photo": "a picture",
    "reports_public:erase": "only takes a choice",
    "reports_public:show_contact": "only takes a request: tests/grids/reports/public/test_contact",
    "reports_public:rate": "needs a closed report: the journey in test_residents, and tests/grids/reports/public",
    "reports:hints": "a piece of a page",
    "reports:draft": "only takes a choice",
    "reports:drop_draft": "only takes a choice",
    "reports:worker": "a script",
    "reports:photo": "a picture",
    "reports:remove_photo": "only takes a choice",
    "alerts:next": "only takes a choice",
    "alerts:figures_table": "a file",
    "alerts:release": "only takes a choice",
    "alerts:take_over": "only takes a choice",
    "alerts:bulk": "needs ticked rows: the journey in test_alerts",
    "elements:first": "goes on to a list",
    "elements:confirm": "only takes a choice",
    "favicon": "a picture",
    "reports:bulk": "needs ticked rows: the journey in test_desk",
    "reports:columns": "only takes a choice",
    "reports:next": "goes on to a report",
    "reports:release": "only takes a choice",
    "reports:presence": "for the script of a report's page",
    "reports:points": "points for the map",
    "command:board": "a piece of a page",
    "command:ticker": "a piece of a page",
    "boundaries:show": "needs a file: the journey in test_boundaries, and tests/grids/boundaries",
    "boundaries:start": "only takes a choice",
    "boundaries:stop": "only takes a choice",
    "boundaries:sketch": "GeoJSON for the map",
    "boundaries:findings": "a file",
    "net:layer": "GeoJSON for the map",
    "net:measure": "numbers for the map",
    "net:points": "points for the map",
    "net:open_areas": "open data",
    "net:own_area": "goes on to an area",
    "set_language": "only takes a choice",
    "set_preference": "only takes a choice",
    "banner_end": "only takes a choice",
    "notices_read_all": "only takes a choice",
    "notice_read": "goes on to where the notice leads",
    "notices_bell": "a piece of a page",
    "people:areas": "suggestions for a field",
    "people:switch": "only takes a choice",
    "exchange:blank": "a file",
    "exchange:import_bad_rows": "a file",
    "exchange:import_results": "a file",
    "exchange:export_file": "a file",
    "exchange:check_import": "only takes a choice",
    "exchange:step_import": "only takes a choice",
    "exchange:step_export": "only takes a choice",
    "exchange:import": "tests/exchange looks at a run in every state",
    "exchange:export": "tests/exchange looks at a run in every state",
    "audit:reveal": "needs a sealed field: tests/audit",
    "intake:openapi": "for machines",
    "intake:take": "for machines",
    "healthz": "for machines",
    "readyz": "for machines",
    "metrics": "for machines",
    "account_inactive": "a refusal: tests/signin",
    "signin_end_others": "only takes a choice",
    "signin_revoke": "only takes a choice",
    "mfa_authenticate": "between password and code: the sign-in journey",
    "mfa_reauthenticate": "needs a second factor: the sign-in journey",
    "mfa_deactivate_totp": "needs a second factor: the sign-in journey",
    "mfa_view_recovery_codes": "needs a second factor: the sign-in journey",
    "mfa_generate_recovery_codes": "needs a second factor: the sign-in journey",
    "mfa_download_recovery_codes": "a file",
    "mfa_reauthenticate_webauthn": "needs a security key: the sign-in journey",
    "mfa_login_webauthn": "for the script of the sign-in page",
    "mfa_add_webauthn": "needs a fresh password: the sign-in journey",
    "mfa_activate_totp": "needs a fresh password: the sign-in journey",
    "mfa_list_webauthn": "needs a fresh password: the sign-in journey",
    "mfa_remove_webauthn": "needs a security key: the sign-in journey",
    "mfa_edit_webauthn": "needs a security key: the sign-in journey",
    "account_reauthenticate": "needs an old sign-in: the sign-in journey",
    "openid_connect_login": "only with a provider: tests/signin",
    "openid_connect_callback": "only with a provider: tests/signin",
    "account_logout": "asks nothing: signing out is a button",
}
WHO = {
    "bell:start": None,
    "bell:point": None,
    "bell:register": None,
    "bell:register_by": None,
    "bell:sign": None,
    "bell:code": None,
    "registrations:index": "antifraud_officer",
    "registrations:counts": "duty_officer",
    "registrations:show": "antifraud_officer",
    "registrations:withdraw": "antifraud_officer",
    "registrations:points": "antifraud_officer",
    "registrations:new_point": "antifraud_officer",
    "registrations:poster": "antifraud_officer",
    "reports_public:start": None,
    "reports_public:file": None,
    "reports_public:enter": None,
    "reports_public:follow": None,
    "reports_public:slip": None,
    "reports_public:supplement": None,
    "reports_public:withdraw": None,
    "reports_public:contact": None,
    "fraud_public:types": None,
    "fraud_public:type": None,
    "fraud_public:poster": None,
    "fraud_public:notices": None,
    "fraud_public:notice": None,
    "publicity:index": "officer",
    "publicity:new": "officer",
    "publicity:show": "director",
    "publicity:correct": "officer",
    "publicity:step": "director",
    "publicity:broadcast": "worker",
    "publicity:advice": "officer",
    "publicity:new_advice": "officer",
    "publicity:write_advice": "officer",
    "publicity:version": "officer",
    "publicity:unit": "officer",
    "alerts:index": "officer",
    "alerts:new": "officer",
    "alerts:figures": "director",
    "alerts:show": "worker",
    "alerts:attempt": "worker",
    "alerts:step": "officer",
    "alerts:wave": "officer",
    "alerts:handovers": "officer",
    "alerts:handover": "officer",
    "reports:index": "worker",
    "reports:evaluation": "town_officer",
    "reports:file": "worker",
    "reports:map": "town_officer",
    "reports:save_view": "worker",
    "reports:view": "worker",
    "reports:delete_view": "worker",
    "reports:show": "town_officer",
    "reports:places": "worker",
    "reports:offline": None,
    "reports:filed": "worker",
    "reports:add_photo": "worker",
    "reports:step": "town_officer",
    "elements:list": "worker",
    "elements:record": "worker",
    "elements:element": "worker",
    "elements:correct": "worker",
    "elements:corrections": "town_officer",
    "elements:reject": "town_officer",
    "boundaries:index": "system_admin",
    "net:map": "town_officer",
    "net:area": "worker",
    "net:rename": "system_admin",
    "net:retire": "system_admin",
    "net:merge": "system_admin",
    "net:split": "system_admin",
    "net:move": "system_admin",
    "home": "duty_officer",
    "banners": "system_admin",
    "banner_post": "system_admin",
    "banner_change": "system_admin",
    "gallery": "system_admin",
    "notices": "duty_officer",
    "notices_announce": "duty_officer",
    "people:directory": "security_admin",
    "people:create": "system_admin",
    "people:person": "security_admin",
    "people:change": "system_admin",
    "people:password": "system_admin",
    "people:disable": "system_admin",
    "people:enable": "system_admin",
    "people:give_posting": "security_admin",
    "people:give_grant": "security_admin",
    "people:end_posting": "security_admin",
    "people:take_grant": "security_admin",
    "people:why": "worker",
    "exchange:index": "system_admin",
    "exchange:new_import": "system_admin",
    "exchange:new_export": "town_officer",
    "audit:ledger": "auditor",
    "audit:entry": "auditor",
    "audit:chain": "auditor",
    "audit:reveals": "auditor",
    "signin_account": "worker",
    "account_login": None,
    "account_change_password": "worker",
    "usersessions_list": "worker",
    "mfa_index": "worker",
}


def pages() -> list[str]:
    """The names of all addresses outside Django's admin."""

    def walk(resolver: URLResolver, namespace: str):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern) and entry.name:
                yield f"{namespace}{entry.name}"
            elif isinstance(entry, URLResolver) and entry.namespace != "admin":
                yield from walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)

    return sorted(set(walk(get_resolver(), "")))


def test_every_address_is_looked_at_or_says_why_not():
    known = {*WHO, *NOT_A_PAGE, "signin_try_as"}  # the last one is there in the demo alone, and only takes a choice
    assert [name for name in pages() if name not in known] == []
    assert [name for name in [*WHO, *NOT_A_PAGE] if name not in pages()] == []


@pytest.fixture
def cast(cast, person):
    """The fixed cast, and who looks after fraud protection."""
    return cast | {"antifraud_officer": person("antifraud_officer", Role.ANTIFRAUD_OFFICER)}


def fraud_notices(officer, director, worker) -> tuple[str, str]:
    """A published notice that was made known once, and a draft: their numbers."""
    given = {
        "advice": Advice.objects.get(code="loan"), "urgency": "urgent", "title_zh": "秋收时节警惕冒充徐州高新技术产业开发区农资贷款的骗局",
        "title_en": "False farm loans", "text_zh": "放款前收费的都是诈骗。", "text_en": "A lender that wants money first is a fraud.",
        "sms_text": "反诈提示：放款前收费的都是诈骗。", "to_residents": True, "to_followers": True, "to_staff": True,
        "valid_until": clock.now() + timedelta(days=7),
    }  # fmt: skip
    told = draft_notice(actor=officer, areas=[VILLAGE], **given)
    submit_notice(actor=officer, notice_id=told.pk)
    publish_notice(actor=director, notice_id=told.pk)
    record_broadcast(actor=worker, notice_id=told.pk, area_code=GRID, channel="loudspeaker", on=clock.today(), place="三组喇叭")
    return told.number, draft_notice(actor=officer, areas=[TOWN], **given).number


@pytest.fixture
def arguments(cast):
    """What the addresses with arguments are about."""
    Department.objects.get_or_create(code="police", defaults={"name": "徐州市公安局铜山分局治安管理和户籍管理大队"})
    worker, now = cast["worker"], clock.now()
    write_shapes(
        [(GRID, box(117.0, 34.0, 117.1, 34.1)), (VILLAGE, box(117.0, 34.0, 117.1, 34.1)), (TOWN, box(117.0, 34.0, 117.2, 34.2))],
        source="test",
        at=now,
    )
    disabled = User.objects.create(username="disabled", name="欧阳慕容诸葛司马", is_active=False)
    grant = PersonGrant.objects.create(
        user=cast["stranger"], permission=permission_for("postings.view", User), content_object=worker,
        given_at=now, expires_at=now + timedelta(days=7), reason="回访投诉",
    )  # fmt: skip
    household = record_element(
        actor=actor_for(worker), element="household", area_code=GRID, address="柳新镇徐州高新技术产业开发区阳光花园小区12号楼2单元1203室",
        contact="欧阳慕容", phone="13800001234", size=3, needs=["errands", "medical"], needs_agreed_on=now.date(),
    )  # fmt: skip
    place = record_element(actor=actor_for(worker), element="place", area_code=GRID, address="3组", name="北望超市", kind="shop")
    report = file_report(
        actor=actor_for(worker), key=uuid4(), title="徐州高新技术产业开发区珠江路与黄河路交叉口西南角人行道井盖缺失", area_code=GRID,
        category=Category.objects.get(code="manhole"), text="夜里看不清，已有人绊倒。", lon=117.05, lat=34.05, phone="13800001234",
        contact="欧阳慕容", address="珠江路与黄河路交叉口",
    )  # fmt: skip
    point = create_point(actor=actor_for(cast["antifraud_officer"]), area_code=VILLAGE, label="徐州高新技术产业开发区派出所社区民警曹志刚")
    code = begin_registration(
        actor=resident(), phone="13900001234", area_code=VILLAGE, point=point, name="欧阳慕容", follows=True, consent_version=1
    )
    raised = file_for_resident(
        actor=system_actor("residents"), key=uuid4(), title="徐州高新技术产业开发区珠江路与黄河路交叉口西南角人行道路灯不亮",
        area_code=GRID, text="夜里看不清。", address="珠江路与黄河路交叉口", phone="13800001234", contact="欧阳慕容",
    )  # fmt: skip
    correction = propose_correction(actor=actor_for(worker), kind="place", element_id=place.pk, given={"name": "南望"}, reason="改名")
    view = {"pk": save_view(actor=actor_for(worker), name="徐州高新技术产业开发区全部未办结的紧急事件", query="view=living").pk}
    for name, role in (("officer", Role.ANTIFRAUD_OFFICER), ("director", Role.DIRECTOR)):
        cast[name] = User.objects.create(username=name, name=f"{name}（测试）")
        Posting.objects.create(user=cast[name], role=role, area_code="320312", starts_on=now.date())
    AlertPolicy.objects.update(desk_always_open=True)
    warned = receive_warnings(
        actor=actor_for(cast["officer"]), source="police", now=now,
        rows=[
            {"external_id": number, "phone": phone, "happened_at": now.isoformat(), "type": "customer_service", "grade": grade,
             "name": "欧阳慕容", "address": "徐州高新技术产业开发区阳光花园小区12号楼2单元1203室", "area_code": GRID, "amount": "128000"}
            for number, phone, grade in (("W-1", "13900005678", "medium"), ("W-2", "13900005679", "high"))
        ],
    ).alert_of["W-1"]  # fmt: skip
    told, draft = fraud_notices(actor_for(cast["officer"]), actor_for(cast["director"]), actor_for(worker))
    person = {"pk": worker.pk}
    banner = Banner.objects.create(
        text_zh="今晚十点至十一点系统维护，请提前保存",
        text_en="Maintenance from ten to eleven tonight",
        starts_at=now,
        ends_at=now + timedelta(hours=2),
    )
    return {
        **{f"people:{name}": person for name in ("person", "change", "password", "disable", "give_posting", "give_grant")},
        "people:enable": {"pk": disabled.pk},
        "people:end_posting": {"pk": Posting.objects.get(user=worker).pk},
        "people:take_grant": {"label": "accounts.user", "pk": grant.pk},
        **{f"net:{name}": {"code": GRID} for name in ("area", "rename", "retire", "merge", "split", "move")},
        **{f"elements:{name}": {"kind": "household"} for name in ("list", "record")},
        **{f"elements:{name}": {"kind": "household", "pk": household.pk} for name in ("element", "correct")},
        "reports:view": view,
        "reports:delete_view": view,
        **{f"reports:{name}": {"code": report.code} for name in ("show", "filed", "add_photo")},
        "fraud_public:type": {"code": "loan"},
        "fraud_public:poster": {"code": "loan"},
        "fraud_public:notice": {"number": told},
        **{f"publicity:{name}": {"number": told} for name in ("show", "broadcast")},
        "publicity:step": {"number": told, "verb": "cancel"},
        "publicity:correct": {"number": draft},
        "publicity:write_advice": {"code": "loan"},
        "publicity:version": {"code": "loan", "number": 1},
        "alerts:show": {"code": warned},
        "alerts:attempt": {"code": warned},
        "alerts:step": {"code": warned, "verb": "assign"},
        "alerts:wave": {"code": warned},
        "alerts:handover": {"pk": write_handover(actor=actor_for(cast["officer"]), area_code="320312", note="夜里请再打一次电话。").pk},
        "reports:step": {"code": report.code, "verb": "open_report"},
        **{
            f"reports_public:{name}": {"code": raised.code, "key": raised.follow_key}
            for name in ("follow", "slip", "supplement", "withdraw", "contact")
        },
        "elements:reject": {"pk": correction.pk},
        "bell:point": {"point": point.code},
        "bell:register": {"area": VILLAGE},
        "bell:register_by": {"point": point.code, "area": VILLAGE},
        "bell:code": {"pk": code.pk},
        "registrations:poster": {"code": point.code},
        **{f"registrations:{name}": {"number": code.registration.number} for name in ("show", "withdraw")},
        "banner_change": {"pk": banner.pk},
        "exchange:new_import": {"name": "people"},
        "exchange:new_export": {"name": "people"},
        "audit:entry": lambda: {"pk": LedgerEntry.objects.latest("pk").pk},
    }


BUNCHES = {f"{who or 'nobody'}-{n}": names[n : n + 15] for who in sorted({str(one or "") for one in WHO.values()})
           for names in [sorted(name for name, one in WHO.items() if str(one or "") == who)] for n in range(0, len(names), 15)}  # fmt: skip


@pytest.mark.parametrize("bunch", BUNCHES)
def test_pages_are_good_to_look_at_for_everybody(portal, cast, arguments, bunch):
    """Those of one person go together, so that what they show is made once."""
    found = {}
    for name in BUNCHES[bunch]:
        for look, seen in _looks(portal, cast, name, arguments.get(name, {})):
            if seen != (200, look[0], 1, 0, []):
                found[name, *look] = seen
    assert found == {}


def _looks(portal, cast, name, given):
    who = WHO[name]
    if who is not None:
        portal.sign_in(cast[who])
        cast[who].refresh_from_db()
    if callable(given):
        portal.expect_console("403")
        portal.open("/people/new/")  # a refusal is an entry of the ledger
        given = given()
    path = reverse(name, kwargs=given)
    for lang, theme, width in [("zh-hans", "light", 1440), ("en", "dark", 375)]:
        portal.look(lang=lang, theme=theme, width=width)
        status, page = portal.open(path).status, portal.page
        yield (
            (lang, theme, width),
            (status, page.get_attribute("html", "lang"), page.locator("h1").count(), portal.overflow(), portal.axe()),
        )


def test_the_front_page_comes_with_less_than_150_kilobytes(portal, db):
    """Public pages are read on old phones: everything that comes with them counts."""
    sizes: list[int] = []
    portal.page.on("response", lambda response: sizes.append(len(response.body())))
    for path in ("/", "/account/login/", "/report/", "/r/", "/kiosk/", "/antifraud/types/", "/antifraud/notices/"):
        sizes.clear()
        portal.open(path)
        portal.page.wait_for_load_state("networkidle")
        assert sum(sizes) < 150_000, (path, sum(sizes))
