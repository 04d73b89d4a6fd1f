"""Warnings from a file, from other systems over HTTP, and made up for practice."""

import io
import json

import orjson
import pytest
from django.core.management import CommandError, call_command

from antifraud.alerts.models import FraudAlert, FraudWarning
from tests.antifraud.alerts.conftest import OTHER_PHONE, PHONE, row
from tests.conftest import GRID, OTHER_TOWN
from tongshan_portal.exchange.actions import imports
from tongshan_portal.exchange.importers import importer, importers_for
from tongshan_portal.exchange.intake import actions, signing
from tongshan_portal.exchange.worker import run_import
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db
PATH = "/api/antifraud/warnings"


def run(actor, text: str):
    data = text.encode()
    made = imports.upload_import(actor=actor, kind=importer("antifraud_warnings"), file=io.BytesIO(data), name="w.csv", size=len(data))
    imports.check_import(actor=actor, run_id=made.pk, mapping=made.mapping)
    run_import(made.pk)
    imports.start_import(actor=actor, run_id=made.pk)
    run_import(made.pk)
    made.refresh_from_db()
    return made


FILE = f"""预警编号,来源,手机号,预警时间,诈骗类型,预警等级,姓名,网格代码,涉案金额
1,bank,{PHONE},2026-11-23 08:55,冒充公检法,高,王秀英,{GRID},"50,000"
2,,{OTHER_PHONE},2026-11-23 08:56,loan,low,,,
3,bank,12,2026-11-23 08:56,loan,low,,,
4,bank,{OTHER_PHONE},2026-11-23 08:56,算命,low,,,
5,bank,{OTHER_PHONE},2036-11-23 08:56,loan,low,,,
"""


def test_a_file_is_taken_in_once_and_bad_rows_come_back(act, settings):
    settings.CELERY_BROKER_URL = "memory://"
    first = run(act("officer"), FILE)
    assert (first.state, first.created_rows, first.unchanged_rows, first.bad_rows) == ("finished", 2, 0, 3)
    assert list(FraudWarning.objects.order_by("external_id").values_list("source", "external_id", "type__code", "grade")) == [
        ("bank", "1", "authority", "high"), ("file", "2", "loan", "low"),
    ]  # fmt: skip
    second = run(act("officer"), FILE)
    assert (second.created_rows, second.unchanged_rows, FraudWarning.objects.count()) == (0, 2, 2)


def test_only_the_desk_takes_files(act):
    who = [
        name
        for name in ("officer", "town_desk", "worker", "police", "duty_officer", "town_officer", "director")
        if any(one.name == "antifraud_warnings" for one in importers_for(act(name)))
    ]
    assert who == ["officer", "town_desk"]


@pytest.fixture
def call(client, act, people):
    """Sends a signed batch as a system: `call(rows)`."""

    def make(rows, **system_given):
        given = {"name": "反诈中心", "kinds": ["antifraud_warnings"], **system_given}
        system, key = actions.create_system(actor=act("system_admin"), code="police-center", now=clock.now(), **given)
        body = orjson.dumps({"rows": rows})
        headers = signing.signed_headers(
            system=system.code, key=key, algorithm="hmac-sha256", method="POST", path=PATH, body=body, seconds=int(clock.now().timestamp())
        )
        return client.post(PATH, body, content_type="application/json", headers=headers)

    return make


def test_over_http_good_rows_are_taken_and_bad_ones_come_back_with_row_and_field(call):
    sent = row(area_code=GRID)
    answer = call([sent, row(phone="12"), sent, row(grade="purple"), row(type="算命", phone=OTHER_PHONE)])
    said = json.loads(answer.content)
    assert answer.status_code == 202
    assert [(one["row"], one["outcome"], one["reference"]) for one in said["rows"]] == [
        (0, "created", FraudAlert.objects.get().code), (2, "unchanged", FraudAlert.objects.get().code),
    ]  # fmt: skip
    assert [(one["row"], one["field"]) for one in said["errors"]] == [(1, "phone"), (3, "grade"), (4, "type")]
    assert FraudWarning.objects.get().source == "police-center"


def test_a_system_of_one_town_states_no_area_outside_it(call):
    answer = call([row(), row(phone=OTHER_PHONE, area_code="")], area_code=OTHER_TOWN)
    said = json.loads(answer.content)
    assert ([one["field"] for one in said["errors"]], FraudAlert.objects.count()) == (["area_code"], 1)


def test_another_kind_of_system_is_refused(call):
    assert (call([row()], kinds=["reports"]).status_code, FraudAlert.objects.count()) == (403, 0)


def test_simulated_warnings_are_for_demo_mode_only_and_marked(people, settings):
    with pytest.raises(CommandError):
        call_command("simulate_warnings", seconds=0, rate=10, stdout=io.StringIO())
    assert FraudWarning.objects.count() == 0
    settings.DEMO_MODE = True
    out = io.StringIO()
    call_command("simulate_warnings", seconds=0, rate=20, seed=1, stdout=out)
    assert "10 warnings sent" in out.getvalue()
    assert (FraudWarning.objects.count(), FraudWarning.objects.filter(is_simulated=True, alert__is_simulated=True).count()) == (10, 10)
