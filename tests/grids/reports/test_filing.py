"""Filing by staff: photos with the form, the place, a category's questions, drafts, hints, and what a script is answered."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from shapely import box

from grids.areas.writing import write_shapes
from grids.elements.actions.recording import record_element
from grids.elements.models import Address
from grids.reports import following, suggesting
from grids.reports.actions import drafting, filing
from grids.reports.models import Category, Draft, Photo, Question, Report
from grids.reports.questions import questions_of
from tests.conftest import GRID, NEXT_GRID
from tests.grids.reports.pictures import SVG, bomb, picture
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, NotAllowed

pytestmark = pytest.mark.django_db
FILE = "/reports/file/"
JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def _room_for_files(monkeypatch, tmp_path):
    monkeypatch.setattr(Photo._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))
    cache.clear()


@pytest.fixture
def send(client, people):
    def post(who, path, headers=None, **given):
        client.force_login(people[who])
        return client.post(path, given, headers=headers or {})

    return post


@pytest.fixture
def ground(areas):
    """Two grids side by side."""
    write_shapes([(GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.2, 34.1))], source="test", at=clock.now())


@pytest.fixture
def manhole():
    return Category.objects.get(code="manhole")


@pytest.fixture
def questions(manhole):
    """Two questions of the category, one of the category above it."""
    above = Question.objects.create(category=manhole.parent, code="owner", label_zh="权属单位", label_en="Who owns it")
    deep = Question.objects.create(
        category=manhole, code="depth", label_zh="深度（米）", label_en="Depth (m)", kind="number", required=True
    )
    kind = Question.objects.create(
        category=manhole, code="road", label_zh="在哪里", label_en="Where on the road", kind="choice", order=200, version=3,
        choices=[{"code": "lane", "zh": "机动车道", "en": "carriageway"}, {"code": "walk", "zh": "人行道", "en": "pavement"}],
    )  # fmt: skip
    return [above, deep, kind]


def given(**more):
    return {"title": "村口路灯不亮", "area": GRID, "key": str(uuid4()), **more}


def upload(data: bytes, name: str = "a.jpg", kind: str = "image/jpeg"):
    return SimpleUploadedFile(name, data, kind)


def rows():
    return Report.objects.unscoped("a test")


def kept():
    return Photo.objects.unscoped("a test")


# ---- photos with the form ----


def test_a_report_comes_with_its_photos_once(send):
    sent = given()
    for _time in range(2):
        answer = send("worker", FILE, **sent, photos=[upload(picture()), upload(picture("PNG"), "b.jpg"), upload(picture())])
        assert answer.status_code == 302
    row = rows().get()
    assert (row.photos_before, kept().count(), answer["Location"]) == (2, 2, reverse("reports:filed", args=[row.code]))


@pytest.mark.parametrize("bad", [SVG, bomb(), b"x"], ids=["svg", "bomb", "noise"])
def test_a_bad_photo_is_refused_and_the_form_and_the_good_photo_are_kept(send, bad):
    sent = given(text="三天了")
    answer = send("worker", FILE, **sent, photos=[upload(picture()), upload(bad, "b.jpg")])
    assert (answer.status_code, list(answer.context["form"].errors), answer.context["kept"]) == (422, ["photos"], 1)
    assert (answer.context["form"]["text"].value(), rows().count(), kept().count()) == ("三天了", 0, 0)
    again = send("worker", FILE, **sent, kept="1")
    assert (again.status_code, rows().get().photos_before) == (302, 1)


def test_photos_survive_a_mistake_elsewhere_and_can_be_left_out(send):
    for drop, number in (({}, 1), ({"drop_photos": "1"}, 0)):
        sent = given()
        wrong = send("worker", FILE, **sent | {"title": ""}, photos=[upload(picture())])
        assert (wrong.status_code, wrong.context["kept"]) == (422, 1)
        send("worker", FILE, **sent, kept="1", **drop)
        assert rows().get(key=sent["key"]).photos_before == number


def test_photos_that_waited_too_long_are_asked_for_again(send):
    answer = send("worker", FILE, **given(), kept="1")
    assert (answer.status_code, list(answer.context["form"].errors), rows().count()) == (422, ["photos"], 0)


def test_somebody_elses_waiting_photos_are_not_mine(send):
    sent = given()
    send("worker", FILE, **sent | {"title": ""}, photos=[upload(picture())])
    answer = send("town_officer", FILE, **sent, kept="1")
    assert (answer.status_code, kept().count()) == (422, 0)


def test_seven_photos_are_too_many(send):
    many = [upload(picture(size=(40 + number, 20))) for number in range(7)]
    assert (send("worker", FILE, **given(), photos=many).status_code, rows().count()) == (422, 0)


# ---- the place ----


def test_a_point_across_the_border_is_said_and_nothing_is_lost(send, ground):
    answer = send("worker", FILE, **given(area="", lon="117.15", lat="34.05"), photos=[upload(picture())])
    assert (answer.status_code, list(answer.context["form"].errors), answer.context["kept"]) == (422, ["area"], 1)
    assert ("第002网格" in str(answer.context["form"].errors["area"]), rows().count()) == (True, 0)


@pytest.fixture
def addresses(act):
    """An address in the grid, one in the next grid."""
    for who, grid, text in (("worker", GRID, "阳光花园3号楼"), ("colleague", NEXT_GRID, "阳光花园4号楼")):
        record_element(actor=act(who), element="place", area_code=grid, address=text, name=text, kind="shop")
    found = {row.area_code: row for row in Address.objects.unscoped("a test")}
    Address.objects.unscoped("a test").filter(area_code=GRID).update(lon=117.05, lat=34.05)
    return found


def test_addresses_are_those_where_one_files(client, people, addresses):
    for who, number in (("worker", 1), ("town_officer", 2), ("duty_officer", 2), ("other_town_officer", 0)):
        client.force_login(people[who])
        answer = client.get("/reports/file/places/", {"address": "阳光花园"})
        assert (answer.status_code, len(answer.context["places"])) == (200, number)
    client.force_login(people["auditor"])
    assert client.get("/reports/file/places/", {"address": "阳光花园"}).status_code == 403


def test_the_list_of_choices_is_a_piece_of_the_page_for_the_script(client, people, addresses):
    client.force_login(people["worker"])
    answer = client.get("/reports/file/places/", {"address": "阳光"}, headers={"hx-request": "true"}).content.decode()
    assert ("<html" in answer, f'value="{addresses[GRID].pk}"' in answer) == (False, True)


def test_an_address_that_was_picked_brings_its_point_and_its_grid(send, ground, addresses):
    send("worker", FILE, **given(area="", place=addresses[GRID].pk))
    row = rows().get()
    assert (row.area_code, row.lon, row.address, row.located) == (GRID, 117.05, "阳光花园3号楼", "chosen")


def test_an_address_outside_cannot_be_picked(send, addresses):
    answer = send("worker", FILE, **given(area="", place=addresses[NEXT_GRID].pk))
    assert (answer.status_code, list(answer.context["form"].errors), rows().count()) == (422, ["place"], 0)


def test_without_scripts_an_address_is_looked_up_and_the_form_is_kept(send, addresses):
    answer = send("worker", FILE, **given(address="阳光花园", title=""), do="look", photos=[upload(picture())])
    page = answer.content.decode()
    assert (answer.status_code, len(answer.context["places"]), answer.context["kept"], rows().count()) == (200, 1, 1, 0)
    assert ("阳光花园3号楼" in page, 'name="place"' in page) == (True, True)


# ---- questions of the category ----


def test_questions_come_from_the_category_and_those_above_it(questions, manhole):
    assert [row.code for row in questions_of(manhole)] == ["owner", "depth", "road"]
    assert [row.code for row in questions_of(manhole.parent)] == ["owner"]
    assert questions_of(None) == []


def test_without_scripts_they_are_asked_in_a_second_step(send, questions, manhole):
    sent = given(category=manhole.pk)
    first = send("worker", FILE, **sent, photos=[upload(picture())])
    assert (first.status_code, first.context["ask"], rows().count(), first.context["kept"]) == (200, True, 0, 1)
    asked = {"asked": manhole.pk, "kept": "1"}
    missing = send("worker", FILE, **sent, **asked)
    assert (missing.status_code, list(missing.context["questions"].errors)) == (422, ["answer_depth"])
    wrong = send("worker", FILE, **sent, **asked, answer_depth="深", answer_road="walk")
    assert (wrong.status_code, list(wrong.context["questions"].errors), rows().count()) == (422, ["answer_depth"], 0)
    assert wrong.context["questions"]["answer_road"].value() == "walk"
    assert send("worker", FILE, **sent, **asked, answer_depth="2.50", answer_road="walk").status_code == 302
    row = rows().get()
    assert row.answers == {"depth": {"value": "2.5", "version": 1}, "road": {"value": "walk", "version": 3}}
    assert row.photos_before == 1


def test_answers_stand_on_the_page_in_words(client, people, questions, manhole, act):
    answers = {"depth": "3", "road": "lane", "owner": "水务"}
    row = filing.file_report(actor=act("worker"), key=uuid4(), title="井盖", area_code=GRID, category=manhole, answers=answers)
    Question.objects.filter(code="road").update(in_use=False)
    client.force_login(people["worker"])
    page = client.get(reverse("reports:show", args=[row.code])).content.decode()
    assert [words in page for words in ("深度（米）", "机动车道", "权属单位", "水务")] == [True] * 4


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "answer_depth"),
        ({"depth": "NaN"}, "answer_depth"),
        ({"depth": "1", "road": "sky"}, "answer_road"),
        ({"depth": "1", "owner": "长" * 501}, "answer_owner"),
    ],
)
def test_the_action_holds_answers_to_their_questions(act, questions, manhole, answers, field):
    with pytest.raises(DomainError) as refusal:
        filing.file_report(actor=act("worker"), key=uuid4(), title="井盖", area_code=GRID, category=manhole, answers=answers)
    assert (refusal.value.field, rows().count()) == (field, 0)


def test_what_nobody_could_ask_is_not_missing(act, questions, manhole):
    row = filing.file_report(actor=act("worker"), key=uuid4(), title="井盖", area_code=GRID, category=manhole)
    assert row.answers == {}


# ---- hints ----


def test_hints_name_the_grid_the_category_with_its_word_and_what_stands_near(send, ground):
    send("worker", FILE, **given(area="", lon="117.05", lat="34.05"))
    answer = send("worker", "/reports/file/hints/", title="路口井盖破了，路灯不亮", lon="117.0501", lat="34.05")
    hints, page = answer.context["hints"], answer.content.decode()
    assert (hints.code, hints.outside, [(one.category.code, one.word) for one in hints.suggestions][0]) == (
        GRID,
        False,
        ("manhole", "井盖破"),
    )
    assert ([line.row.title for line in hints.near], "第001网格" in page, "hx-swap-oob" in page) == (["村口路灯不亮"], True, True)


def test_hints_stay_within_the_scope(send, ground):
    send("worker", FILE, **given(area="", lon="117.05", lat="34.05"))
    answer = send("colleague", "/reports/file/hints/", title="路灯", lon="117.05", lat="34.05")
    assert (answer.context["hints"].outside, answer.context["hints"].near) == (True, [])
    assert send("auditor", "/reports/file/hints/", title="路灯").status_code == 403


def test_hints_ask_the_questions_of_the_suggested_category_with_what_was_answered(send, questions):
    answer = send("worker", "/reports/file/hints/", title="井盖破了", answer_depth="2")
    page = answer.content.decode()
    assert (answer.context["asked"], 'name="answer_depth"' in page, 'value="2"' in page) == (questions[1].category_id, True, True)


def test_hints_never_echo_what_is_not_valid(send):
    answer = send("worker", "/reports/file/hints/", title="<b>x</b>", lon="abc", lat="999", area="<i>", category="999999", place="x")
    page = answer.content.decode()
    assert (answer.status_code, "<b>" in page, "<i>" in page) == (200, False, False)


def test_the_longest_word_suggests_first_and_each_category_once():
    found = [(one.category.code, one.word) for one in suggesting.suggestions("井盖破了，井盖没了，路灯不亮")]
    assert [code for code, _word in found].count("manhole") == 1
    assert suggesting.suggest("没有任何词") is None


# ---- drafts ----


def test_a_draft_keeps_what_was_typed_but_never_the_callers_contact(send):
    sent = given(contact="王秀英", phone="13800001234", text="三天了", answer_depth="2")
    answer = send("worker", "/reports/file/draft/", headers=JSON, **sent)
    draft = Draft.objects.get()
    assert (answer.status_code, str(draft.key)) == (201, sent["key"])
    assert draft.data == {"title": "村口路灯不亮", "area": GRID, "text": "三天了", "answer_depth": "2"}


def test_a_draft_is_gone_on_with_and_goes_when_it_is_sent(client, people, send):
    sent = given(text="三天了")
    assert send("worker", "/reports/file/draft/", **sent)["Location"] == f"{FILE}?draft={sent['key']}"
    page = client.get(f"{FILE}?draft={sent['key']}")
    assert (page.context["form"]["text"].value(), str(page.context["form"]["key"].value())) == ("三天了", sent["key"])
    assert len(client.get(FILE).context["drafts"]) == 1
    send("worker", FILE, **sent)
    assert (rows().count(), Draft.objects.count()) == (1, 0)
    assert (send("worker", "/reports/file/draft/", headers=JSON, **sent).status_code, Draft.objects.count()) == (204, 0)


def test_a_draft_belongs_to_one_person(client, people, send, act):
    sent = given()
    send("worker", "/reports/file/draft/", **sent)
    client.force_login(people["town_officer"])
    assert client.get(f"{FILE}?draft={sent['key']}").status_code == 404
    assert client.get(FILE).context["drafts"] == []
    send("town_officer", "/reports/file/draft/drop/", key=sent["key"])
    assert send("town_officer", "/reports/file/draft/", **sent).status_code == 400
    with pytest.raises(Conflict):
        drafting.save_draft(actor=act("town_officer"), key=Draft.objects.get().key, given=sent)
    assert Draft.objects.get().user == people["worker"]
    send("worker", "/reports/file/draft/drop/", key=sent["key"])
    assert Draft.objects.count() == 0


def test_nothing_is_no_draft_and_who_may_not_file_keeps_none(send, act):
    assert send("worker", "/reports/file/draft/", headers=JSON, key=str(uuid4()), area=GRID).status_code == 204
    with pytest.raises(NotAllowed):
        drafting.save_draft(actor=act("auditor"), key=uuid4(), given=given())
    assert send("worker", "/reports/file/draft/", key="x").status_code == 400
    assert Draft.objects.count() == 0


def test_the_oldest_of_twenty_one_drafts_makes_room(act):
    first = uuid4()
    drafting.save_draft(actor=act("worker"), key=first, given=given())
    for _number in range(drafting.MAX_DRAFTS):
        drafting.save_draft(actor=act("worker"), key=uuid4(), given=given())
    assert (Draft.objects.count(), Draft.objects.filter(key=first).exists()) == (drafting.MAX_DRAFTS, False)


# ---- what a script is answered ----


def test_a_script_gets_the_code_and_twice_the_same(send):
    sent = given()
    answers = [send("worker", FILE, headers=JSON, **sent, photos=[upload(picture())]) for _time in range(2)]
    row = rows().get()
    wanted = {"code": row.code, "next": reverse("reports:filed", args=[row.code])}
    assert [(one.status_code, one.json()) for one in answers] == [(201, wanted)] * 2
    assert row.photos_before == 1


def test_the_same_key_is_no_duplicate_of_itself(send, ground):
    sent = given(area="", lon="117.05", lat="34.05")
    assert [send("worker", FILE, headers=JSON, **sent).status_code for _time in range(2)] == [201, 201]


def test_a_script_gets_errors_by_field_and_a_sentence(send):
    answer = send("worker", FILE, headers=JSON, **given(title=""), photos=[upload(SVG)])
    assert (answer.status_code, sorted(answer.json()["errors"]), bool(answer.json()["sentence"])) == (422, ["photos", "title"], True)
    assert rows().count() == 0


def test_a_script_is_told_what_stands_near_and_files_all_the_same(send, ground):
    where = {"area": "", "lon": "117.05", "lat": "34.05"}
    send("worker", FILE, **given(**where))
    near = send("worker", FILE, headers=JSON, **given(**where))
    assert (near.status_code, [one["code"] for one in near.json()["near"]]) == (409, [rows().get().code])
    assert send("worker", FILE, headers=JSON, **given(**where, anyway="1")).status_code == 201


def test_a_script_is_stopped_only_by_a_question_that_must_be_answered(send, questions, manhole):
    answer = send("worker", FILE, headers=JSON, **given(category=manhole.pk))
    assert (answer.status_code, answer.json()["ask"], rows().count()) == (409, True, 0)
    Question.objects.update(required=False)
    assert send("worker", FILE, headers=JSON, **given(category=manhole.pk)).status_code == 201


def test_a_script_without_session_is_told_to_sign_in(client, people):
    assert client.post(FILE, given(), headers=JSON).status_code == 401
    assert client.get(FILE, headers=JSON).status_code == 401
    client.force_login(people["worker"])
    answer = client.get(FILE, headers=JSON).json()
    assert (answer["person"], len(answer["token"])) == (people["worker"].pk, 64)
    assert rows().count() == 0


def test_who_may_not_file_is_refused_in_every_form(client, send):
    for address in (FILE, "/reports/file/draft/"):
        assert send("auditor", address, **given()).status_code == 403
    assert (client.get(FILE).status_code, rows().count(), Draft.objects.count()) == (403, 0, 0)


# ---- afterwards ----


def test_the_page_after_sending_is_for_whoever_filed_it(client, people, act):
    row = filing.file_report(actor=act("worker"), key=uuid4(), title="井盖", area_code=GRID)
    address = reverse("reports:filed", args=[row.code])
    client.force_login(people["worker"])
    page = client.get(address).content.decode()
    assert (row.code in page, following.follow_path(row) in page, "<svg" in page) == (True, True, True)
    assert following.follow_path(row) == f"/r/{row.code}/{row.follow_key}/"
    for who in ("town_officer", "duty_officer", "colleague"):
        client.force_login(people[who])
        assert client.get(address).status_code == 404


def test_the_shell_for_no_signal_holds_nobody(client, people):
    client.force_login(people["village_officer"])
    page = client.get("/reports/file/offline/").content.decode()
    assert ("csrfmiddlewaretoken" in page, people["village_officer"].name in page, GRID in page) == (False, False, False)
    answer = client.get("/reports/file/worker.js")
    assert (answer["Content-Type"], b"addEventListener" in answer.content) == ("text/javascript; charset=utf-8", True)
