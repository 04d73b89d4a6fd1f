"""Notices as other systems read them: valid by the official schema, read the same by somebody else's parser, stable, cacheable."""

import xml.etree.ElementTree as ET
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import capparser
import pytest
import shapely
import xmlschema
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from antifraud.publicity.actions import advising, publishing
from antifraud.publicity.actions.advising import WORDS
from antifraud.publicity.cap.document import CapAlert, CapArea, CapText, write
from antifraud.publicity.models import Advice, CapMessage
from grids.areas.writing import write_shapes
from tests.antifraud.publicity.conftest import TITLE
from tests.conftest import GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parents[2] / "data" / "cap" / "CAP-v1.2.xsd"))
CAP, ATOM = "{urn:oasis:names:tc:emergency:cap:1.2}", "{http://www.w3.org/2005/Atom}"
FEED = "/antifraud/notices/feed.xml"
CHINA = ZoneInfo("Asia/Shanghai")
RING = shapely.Polygon(
    [(117.0, 34.0), (117.2, 34.0), (117.2, 34.2), (117.0, 34.2)], [[(117.05, 34.05), (117.1, 34.05), (117.1, 34.1), (117.05, 34.1)]]
)
EXCLAVE = shapely.MultiPolygon([RING, shapely.box(117.5, 34.5, 117.6, 34.6)])


def documents(client) -> dict[str, str]:
    """Identifier → document, of all that the feed lists, fetched by its own links."""
    feed = ET.fromstring(client.get(FEED).content)
    found = {}
    for link in feed.iter(f"{ATOM}link"):
        if link.get("type") == "application/cap+xml":
            answer = client.get(link.get("href").removeprefix("http://testserver"))
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/cap+xml; charset=utf-8")
            root = ET.fromstring(answer.content)
            found[root.findtext(f"{CAP}identifier")] = answer.content.decode()
    return found


def test_alert_update_and_cancel_end_to_end(published, update_of, act, client):
    """Three messages of one warning: each valid, each naming those before it, each read alike by another parser."""
    write_shapes([(TOWN, EXCLAVE), (VILLAGE, RING)], source="test", at=clock.now())
    day = clock.today() - timedelta(days=1)  # the feed lists what ended within the week
    start = datetime.combine(day, time(9, 0, 0, 123456), CHINA)
    ends = clock.now() + timedelta(days=7)
    first = published(areas=(VILLAGE, OTHER_TOWN), now=start, valid_until=ends)
    second = update_of(first, now=start + timedelta(hours=1), valid_until=ends, urgency="urgent", areas=[TOWN], title_en="", text_en="")
    publishing.cancel_notice(actor=act("officer"), notice_id=second.pk, reason="已核实，解除", now=start + timedelta(hours=2))
    names = [f"320312-{first.number}-alert", f"320312-{second.number}-update", f"320312-{second.number}-cancel"]
    found = documents(client)
    assert sorted(found) == sorted(names)
    assert {name: [str(error) for error in SCHEMA.iter_errors(document)] for name, document in found.items()} == dict.fromkeys(names, [])
    read = {}
    for name in names:
        alert = capparser.parse(stringXML=found[name])
        infos = alert.getInfos()
        read[name] = (
            alert.getIdentifier(), alert.getSender(), alert.getSent(), alert.getStatus(), alert.getMsgType(), alert.getScope(),
            alert.getReferences(), [(one.getLanguage(), one.getUrgency(), one.getSeverity(), one.getCertainty()) for one in infos],
        )  # fmt: skip
    sender = "tongshan-portal-320312"
    sent = [f"{day}T09:00:00+08:00", f"{day}T10:00:00+08:00", f"{day}T11:00:00+08:00"]
    about = [f"{sender},{name},{at}" for name, at in zip(names, sent, strict=True)]

    def both(*facts):
        return [("zh-CN", *facts), ("en-US", *facts)]

    assert read == {
        names[0]: (names[0], sender, sent[0], "Actual", "Alert", "Public", None, both("Expected", "Moderate", "Likely")),
        names[1]: (names[1], sender, sent[1], "Actual", "Update", "Public", about[0], both("Immediate", "Severe", "Observed")),
        names[2]: (names[2], sender, sent[2], "Actual", "Cancel", "Public", " ".join(about[:2]), both("Past", "Severe", "Observed")),
    }
    alert, update, cancel = (ET.fromstring(found[name]) for name in names)
    assert cancel.findtext(f"{CAP}note") == "已核实，解除"
    texts = [
        (info.findtext(f"{CAP}event"), info.findtext(f"{CAP}headline"), info.findtext(f"{CAP}expires"), info.findtext(f"{CAP}senderName"))
        for root in (alert, update)
        for info in root.iter(f"{CAP}info")
    ]
    until = ends.astimezone(CHINA).isoformat(timespec="seconds")
    zh, en = "区社会治理现代化指挥中心反诈专班（默认名称，待核定）", "Anti-fraud desk of the district's command centre (default)"
    event = ("电信网络诈骗：冒充电商物流客服", "Telecom and online fraud: False customer service")
    assert texts == [
        (event[0], TITLE, until, zh), (event[1], "Callers pretend to be couriers", until, en),
        (event[0], TITLE, until, zh), (event[1], "Beware of fraud: False customer service", until, en),
    ]  # fmt: skip
    for root, areas in (
        (alert, [("柳新镇试验村", VILLAGE, 1), ("茅村镇", OTHER_TOWN, 0)]),
        (update, [("柳新镇", TOWN, 2)]),
        (cancel, [("柳新镇", TOWN, 2)]),
    ):
        info = root.find(f"{CAP}info")
        stated = [
            (area.findtext(f"{CAP}areaDesc"), area.findtext(f"{CAP}geocode/{CAP}value"), len(area.findall(f"{CAP}polygon")))
            for area in info.iter(f"{CAP}area")
        ]
        assert stated == areas
    rings = [ring.text for ring in update.find(f"{CAP}info").iter(f"{CAP}polygon")]
    for ring, part in zip(rings, (shapely.Polygon(RING.exterior), EXCLAVE.geoms[1]), strict=True):
        points = [tuple(float(number) for number in pair.split(",")) for pair in ring.split()]
        assert points[0] == points[-1] and len(points) >= 4
        assert shapely.Polygon([(lon, lat) for lat, lon in points]).equals(part)


def test_the_feed_tells_what_is_news_and_forgets_the_rest(published, act, client):
    ended = published(title_zh="已到期", valid_until=clock.now() + timedelta(hours=1))
    published(title_zh="仍有效")
    published(title_zh="内部通知", to_residents=False)
    publishing.expire_due(now=ended.valid_until + timedelta(seconds=1))
    titles = lambda: [one.text.split(" · ")[0] for one in ET.fromstring(client.get(FEED).content).iter(f"{ATOM}title")][1:]  # noqa: E731
    assert titles() == ["仍有效", "已到期"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE publicity_fraudnotice SET ended_at = ended_at - interval '8 days' WHERE id = %s", [ended.pk])
    assert titles() == ["仍有效"]


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_the_feed_and_its_messages_are_kept_by_caches_until_something_changes(published, client, people):
    published()
    first = client.get(FEED)
    again = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    weak = client.get(FEED, headers={"If-None-Match": f"W/{first['ETag']}"})
    assert [(one.status_code, one["ETag"], one["Cache-Control"], len(one.content) > 0) for one in (first, again, weak)] == [
        (200, first["ETag"], "public, max-age=60", True), (304, first["ETag"], "public, max-age=60", False),
        (304, first["ETag"], "public, max-age=60", False),
    ]  # fmt: skip
    client.force_login(people["officer"])
    signed_in = client.get(FEED)
    assert (signed_in.content, signed_in["Cache-Control"]) == (first.content, "public, max-age=60")
    published(title_zh="又一条")
    changed = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    document = CapMessage.objects.earliest("pk")
    path = f"/antifraud/notices/cap/{document.identifier}.xml"
    kept = client.get(path)
    assert (kept["ETag"], kept["Cache-Control"]) == (f'"{document.digest[:32]}"', "public, max-age=86400")
    assert client.get(path, headers={"If-None-Match": kept["ETag"]}).status_code == 304
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(FEED)
    assert len([one for one in asked.captured_queries if "publicity_" in one["sql"]]) == 3


def test_a_published_message_never_changes_whatever_changes_around_it(published, act):
    row = published()
    before = CapMessage.objects.get(notice=row)
    text = Advice.objects.get(code="customer_service").text
    words = {name: getattr(text, name) for name in WORDS} | {"title_en": "Something else"}
    advising.write_advice(actor=act("officer"), code="customer_service", **words)
    advising.name_unit(actor=act("officer"), name_zh="铜山公安反诈中心（示例）", name_en="Another unit")
    write_shapes([(VILLAGE, RING)], source="test", at=clock.now())
    after = CapMessage.objects.get(notice=row)
    assert (after.document, after.digest) == (before.document, before.digest)
    for change in (lambda: CapMessage.objects.update(document="<alert/>"), lambda: CapMessage.objects.filter(pk=after.pk).delete()):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_no_person_is_in_a_message_and_a_demonstration_says_so(draft, act, people, settings):
    settings.PUBLIC_URL, settings.CAP_SENDER = "https://portal.example/", "antifraud@portal.example"
    row = draft(areas=(GRID,))
    row.is_synthetic = True
    row.save(update_fields=["is_synthetic"])
    publishing.submit_notice(actor=act("officer"), notice_id=row.pk)
    publishing.publish_notice(actor=act("director"), notice_id=row.pk)
    document = CapMessage.objects.get(notice=row).document
    root = ET.fromstring(document)
    assert (root.findtext(f"{CAP}status"), "Synthetic" in root.findtext(f"{CAP}note")) == ("Exercise", True)
    where = (root.findtext(f"{CAP}sender"), root.findtext(f"{CAP}info/{CAP}web"))
    assert where == ("antifraud@portal.example", f"https://portal.example/antifraud/notices/{row.number}/")
    assert [user.username for user in people.values() if f">{user.username}<" in document or user.name in document.split()] == []


SIGNS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=40)


@how(max_examples=12, deadline=None)
@given(SIGNS, SIGNS, SIGNS)
def test_whatever_is_written_in_a_notice_the_document_is_valid_and_says_it(headline, description, area):
    at = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
    text = CapText("诈骗", headline, description, "", "单位")
    document = write(
        CapAlert(
            identifier="a-1", sender="s", sent=at, kind="Alert", status="Actual", note="", references=(), event_code="loan",
            urgency="ordinary", effective=at, expires=at, web="", texts={"zh": text}, areas=[CapArea({"zh": area}, "320312", ())],
        )
    )  # fmt: skip
    assert [str(error) for error in SCHEMA.iter_errors(document)] == []
    clean = "".join(sign for sign in headline if sign in "\t\n\r" or ord(sign) >= 32)
    said = ET.fromstring(document).findtext(f"{CAP}info/{CAP}headline") or ""
    assert said.split() == clean.split()
