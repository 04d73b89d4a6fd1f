"""The pages of the desk, from the form to the public page and back from the village."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from antifraud.publicity.models import Advice, Broadcast, FraudNotice
from tests.antifraud.publicity.conftest import TITLE
from tests.conftest import VILLAGE
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db

DESK = "/antifraud/publicity/"


def form(**given) -> dict:
    """What the browser sends."""
    return {
        "advice": Advice.objects.get(code="loan").pk, "urgency": "important", "areas": "试验村", "title_zh": TITLE, "title_en": "",
        "text_zh": "放款前收费的都是诈骗。", "text_en": "", "to_residents": "on", "to_staff": "on", "sms_text": "",
        "valid_until": timezone.localtime(clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), **given,
    }  # fmt: skip


def picture() -> SimpleUploadedFile:
    """A photo with a place in it."""
    made, exif = BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (34.0, 0.0, 0.0)}
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", (2400, 1200), "red").save(made, "JPEG", exif=exif)
    return SimpleUploadedFile("张三家门口.jpg", made.getvalue(), content_type="image/jpeg")


def test_from_the_form_to_the_public_page_and_back_from_the_village(client, people, monkeypatch, tmp_path):
    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path))
    client.force_login(people["officer"])
    wrong = client.post(f"{DESK}new/", form(areas="不存在的村"))
    assert (wrong.status_code, TITLE in wrong.content.decode(), FraudNotice.objects.count()) == (422, True, 0)
    page = client.post(f"{DESK}new/", form())
    row = FraudNotice.objects.get()
    own = f"{DESK}{row.number}/"
    assert (page.status_code, page["Location"], row.area_code) == (302, own, VILLAGE)
    client.post(f"{own}correct/", form(title_zh="改过的标题"))
    answers = [
        client.post(f"{own}submit/").status_code,
        client.post(f"{own}publish/").status_code,
        client.post(f"{own}expire/").status_code,
    ]
    row.refresh_from_db()
    assert (answers, row.state, row.title_zh) == ([302, 403, 404], "submitted", "改过的标题")
    client.force_login(people["director"])
    assert [client.post(f"{own}send_back/", {"reason": " "}).status_code, client.post(f"{own}publish/").status_code] == [422, 302]
    assert "改过的标题" in client.get("/antifraud/notices/", {"area": VILLAGE}).content.decode()
    client.force_login(people["village_officer"])
    given = {"area": VILLAGE, "channel": "poster", "on": clock.today().isoformat(), "place": "村部宣传栏"}
    broken = SimpleUploadedFile("a.jpg", b"<script>", content_type="image/jpeg")
    refused = client.post(f"{own}broadcast/", given | {"photo": broken})
    assert (refused.status_code, "村部宣传栏" in refused.content.decode(), Broadcast.objects.count()) == (422, True, 0)
    assert client.post(f"{own}broadcast/", given | {"photo": picture()}).status_code == 302
    made = Broadcast.objects.get()
    with Image.open(made.photo.open("rb")) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (1600, 800), {})
    photo, seen = f"{own}photos/{made.pk}/", {}
    for who in ("village_officer", "officer", "town_officer", "worker", "other_town_officer"):
        client.force_login(people[who])
        seen[who] = client.get(photo).status_code
    client.logout()
    seen["nobody"] = client.get(photo).status_code
    assert seen == {"village_officer": 200, "officer": 200, "town_officer": 200, "worker": 404, "other_town_officer": 404, "nobody": 302}


def test_the_desk_edits_advice_in_the_browser_and_is_told_of_a_version_written_meanwhile(client, people):
    client.force_login(people["officer"])
    given = dict(client.get(f"{DESK}advice/loan/").context["form"].initial)
    first = client.post(f"{DESK}advice/loan/", given | {"summary_zh": "先交钱的贷款，不办。", "in_use": "on"})
    second = client.post(f"{DESK}advice/loan/", given | {"summary_zh": "另一句。", "in_use": "on"})
    assert (first.status_code, second.status_code, "另一句。" in second.content.decode()) == (302, 422, True)
    assert list(Advice.objects.get(code="loan").texts.values_list("version", "summary_zh")) == [
        (2, "先交钱的贷款，不办。"), (1, given["summary_zh"]),
    ]  # fmt: skip
    new = client.post(f"{DESK}advice/new/", given | {"code": "ai_face", "title_zh": "AI换脸诈骗", "in_use": "on", "expected": ""})
    client.logout()
    assert (new.status_code, "AI换脸诈骗" in client.get("/antifraud/types/ai_face/").content.decode()) == (302, True)
    client.force_login(people["director"])
    assert client.get(f"{DESK}advice/").status_code == 403
