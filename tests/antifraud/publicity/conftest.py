"""Notices in every state, brought there by the real actions, and the people around them."""

from datetime import timedelta
from typing import Any

import pytest

from antifraud.publicity.actions import publishing, writing
from antifraud.publicity.enums import NoticeState as S
from antifraud.publicity.models import Advice, FraudNotice
from tests.conftest import DISTRICT, OTHER_TOWN, TOWN, VILLAGE, posted
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import User
from tongshan_portal.kernel import clock

TITLE, SECRET = "冒充客服退款诈骗抬头", "本周已有群众接到冒充快递客服的电话"
SMS = "反诈提示：近期有人冒充快递客服退款，请勿共享屏幕，勿转账。疑问拨打96110。"


def words(**given: Any) -> dict[str, Any]:
    """What the desk writes."""
    return {
        "advice": Advice.objects.get(code="customer_service"),
        "urgency": "important",
        "title_zh": TITLE,
        "title_en": "Callers pretend to be couriers",
        "text_zh": f"{SECRET}，要求共享屏幕、转账<“理赔”>。",
        "text_en": "Callers pretend to be couriers & ask for a shared screen <refund>.",
        "sms_text": "",
        "to_residents": True,
        "to_followers": False,
        "to_staff": True,
        "valid_until": clock.now() + timedelta(days=7),
        **given,
    }


@pytest.fixture
def people(cast, people_with) -> dict[str, User]:
    """The cast, and the desk (two, one of the town, one of another town), who approves, who serves in the village."""
    return cast | people_with(
        officer=posted(Role.ANTIFRAUD_OFFICER, DISTRICT),
        second_officer=posted(Role.ANTIFRAUD_OFFICER, DISTRICT),
        town_desk=posted(Role.ANTIFRAUD_OFFICER, TOWN),
        other_town_desk=posted(Role.ANTIFRAUD_OFFICER, OTHER_TOWN),
        director=posted(Role.DIRECTOR, DISTRICT),
        supervisor=posted(Role.SUPERVISOR, DISTRICT),
        village_officer=posted(Role.VILLAGE_OFFICER, VILLAGE),
        police=posted(Role.COMMUNITY_POLICE, VILLAGE),
    )


@pytest.fixture
def act(people, actor):
    """The actor of somebody."""
    return lambda name: actor(people[name])


@pytest.fixture
def draft(act):
    """A draft of the officer's for the village."""

    def make(areas=(VILLAGE,), who="officer", **given) -> FraudNotice:
        return writing.draft_notice(actor=act(who), areas=areas, **words(**given))

    return make


@pytest.fixture
def published(draft, act):
    """A published notice: written and submitted by the officer, approved by the director."""

    def make(areas=(VILLAGE,), now=None, **given) -> FraudNotice:
        row = draft(areas, **given)
        publishing.submit_notice(actor=act("officer"), notice_id=row.pk)
        return publishing.publish_notice(actor=act("director"), notice_id=row.pk, now=now)

    return make


@pytest.fixture
def update_of(act):
    """The published update of a notice."""

    def make(row: FraudNotice, now=None, **given) -> FraudNotice:
        new = writing.draft_update(actor=act("officer"), notice_id=row.pk)
        writing.correct_notice(actor=act("officer"), notice_id=new.pk, areas=given.pop("areas", [VILLAGE]), **words(**given))
        publishing.submit_notice(actor=act("officer"), notice_id=new.pk)
        return publishing.publish_notice(actor=act("director"), notice_id=new.pk, now=now)

    return make


@pytest.fixture
def notice_in(draft, published, update_of, act):
    """A notice in a state."""

    def make(state: str) -> FraudNotice:
        lasts = timedelta(hours=1 if state == S.EXPIRED else 100)
        row = (draft if state in (S.DRAFT, S.SUBMITTED, S.DISCARDED) else published)(valid_until=clock.now() + lasts)
        if state == S.SUBMITTED:
            publishing.submit_notice(actor=act("officer"), notice_id=row.pk)
        elif state == S.DISCARDED:
            publishing.discard_notice(actor=act("officer"), notice_id=row.pk)
        elif state == S.UPDATED:
            update_of(row)
        elif state == S.CANCELLED:
            publishing.cancel_notice(actor=act("officer"), notice_id=row.pk, reason="情况有误")
        elif state == S.EXPIRED:
            publishing.expire_due(now=row.valid_until + timedelta(seconds=1))
        row = FraudNotice.objects.get(pk=row.pk)
        assert row.state == state
        return row

    return make
