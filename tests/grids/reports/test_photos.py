"""Photos: what comes in, what is kept of it, who adds, sees and takes away."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from grids.reports.actions import filing, photographing
from grids.reports.actions.orphan_photos import sweep_orphan_photos
from grids.reports.enums import ReportState as S
from grids.reports.models import Category, Photo, Report
from tests.conftest import GRID
from tests.grids.reports.pictures import HEIC, HTML, SVG, bomb, picture
from tongshan_portal.kernel import clock
from tongshan_portal.kernel import pictures as photos
from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed
from tongshan_portal.kernel.pictures import read_picture
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _room_for_files(monkeypatch, tmp_path):
    monkeypatch.setattr(Photo._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))


def read(data: bytes):
    return read_picture(BytesIO(data))


def kept():
    return Photo.objects.unscoped("a test")


def upload(data: bytes, name: str = "a.jpg", kind: str = "image/jpeg"):
    return SimpleUploadedFile(name, data, kind)


# ---- what is kept of a file ----


def test_nothing_of_device_place_or_comment_is_left():
    raw = picture()
    assert (b"PHONE-OF-SOMEBODY" in raw, b"SECRET-COMMENT" in raw) == (True, True)
    made = read(raw).data
    again = Image.open(BytesIO(made))
    assert (b"PHONE-OF-SOMEBODY" in made, b"SECRET-COMMENT" in made, b"Exif" in made) == (False, False, False)
    assert (dict(again.getexif()), again.info.get("comment"), again.info.get("icc_profile")) == ({}, None, None)


def test_it_is_turned_upright():
    made = read(picture(orientation=6))  # the camera was held upright: a quarter turn clockwise
    image = Image.open(BytesIO(made.data))
    top, bottom = image.getpixel((10, 3)), image.getpixel((10, 36))
    assert (made.width, made.height, top[2] > 200, bottom[0] > 200) == (20, 40, True, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_formats_are_known_by_their_content_and_become_jpeg(kind):
    made = read(picture(kind))
    assert (Image.open(BytesIO(made.data)).format, made.width, made.height) == ("JPEG", 40, 20)


def test_the_longest_side_is_1600_pixels_and_small_ones_stay():
    large = read(picture(size=(3200, 800)))
    assert (large.width, large.height) == (1600, 400)
    assert (read(picture()).width, read(picture()).height) == (40, 20)


def test_what_is_transparent_becomes_paper():
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    written = BytesIO()
    image.save(written, "PNG")
    assert Image.open(BytesIO(read(written.getvalue()).data)).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (SVG, "JPEG, PNG"),
        (HTML, "JPEG, PNG"),
        (b"", "JPEG, PNG"),
        (picture("GIF"), "JPEG, PNG"),
        (picture()[:300], "JPEG, PNG"),
        (HEIC, "HEIC"),
        (bomb(), "pixels"),
        (bomb(9_000, 9_000), "pixels"),
    ],
    ids=["svg", "html", "empty", "gif", "cut off", "heic", "bomb", "too many pixels"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data, words):
    with translation.override("en"), pytest.raises(DomainError) as refusal:
        read(data)
    assert (words in str(refusal.value), refusal.value.field) == (True, "photos")


def test_more_than_15_megabytes_are_refused(monkeypatch):
    monkeypatch.setattr(photos, "MAX_BYTES", 100)
    with pytest.raises(DomainError):
        read(picture())


# ---- adding and taking away ----


def test_before_photos_are_counted_recorded_and_once_under_their_key(act, file):
    row, key = file(), uuid4()
    given = {"actor": act("worker"), "report_id": row.pk, "key": key, "pictures": [read(picture())], "moment": "before"}
    photographing.add_photo(**given)
    photographing.add_photo(**given)
    row.refresh_from_db()
    photo = kept().get()
    assert (row.photos_before, row.photos_after, photo.width, photo.added_by.username) == (1, 0, 40, "worker")
    assert (photo.file.name.startswith("photos/"), photo.file.name.endswith(".jpg")) == (True, True)
    assert LedgerEntry.objects.filter(verb="report.photo_added").count() == 1


@pytest.mark.parametrize(
    ("who", "moment", "allowed"),
    [
        ("worker", "before", True), ("colleague", "before", False), ("town_officer", "before", True), ("duty_officer", "before", True),
        ("auditor", "before", False), ("handler", "after", True), ("worker", "after", False), ("other_handler", "after", False),
        ("town_officer", "after", False),
    ],
)  # fmt: skip
def test_who_adds_what(act, report_in, who, moment, allowed):
    row = report_in(S.HANDLING)
    given = {"actor": act(who), "report_id": row.pk, "key": uuid4(), "pictures": [read(picture())], "moment": moment}
    if allowed:
        photographing.add_photo(**given)
    else:
        with pytest.raises(NotAllowed):
            photographing.add_photo(**given)
    assert kept().count() == int(allowed)


@pytest.mark.parametrize(("state", "moment"), [(S.CLOSED, "before"), (S.FILED, "after"), (S.DISPATCHED, "after"), (S.VERIFIED, "after")])
def test_not_in_this_state(act, report_in, state, moment):
    row = report_in(state)
    with pytest.raises(InvalidTransition):
        photographing.add_photo(actor=act("handler"), report_id=row.pk, key=uuid4(), pictures=[read(picture())], moment=moment)
    assert kept().count() == 0


def test_at_most_six_of_a_moment_and_nothing_of_the_seventh_stays(act, file, tmp_path):
    row = file()
    many = [read(picture(size=(40 + number, 20))) for number in range(7)]
    given = {"actor": act("worker"), "report_id": row.pk, "moment": "before"}
    photographing.add_photo(**given, key=uuid4(), pictures=many[:5])
    with pytest.raises(DomainError):
        photographing.add_photo(**given, key=uuid4(), pictures=many[5:])
    row.refresh_from_db()
    assert (row.photos_before, kept().count(), len(list(tmp_path.rglob("*.jpg")))) == (5, 5, 5)


def test_only_who_added_it_takes_it_away_and_the_file_goes_with_it(act, file, tmp_path, django_capture_on_commit_callbacks):
    row = file()
    [photo] = photographing.add_photo(actor=act("worker"), report_id=row.pk, key=uuid4(), pictures=[read(picture())], moment="before")
    with pytest.raises(NotAllowed):
        photographing.remove_photo(actor=act("town_officer"), report_id=row.pk, photo_id=photo.pk)
    assert len(list(tmp_path.rglob("*.jpg"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        photographing.remove_photo(actor=act("worker"), report_id=row.pk, photo_id=photo.pk)
    row.refresh_from_db()
    assert (row.photos_before, kept().count(), list(tmp_path.rglob("*.jpg"))) == (0, 0, [])
    assert LedgerEntry.objects.filter(verb="report.photo_removed").count() == 1


def test_what_was_verified_stays_as_it_was_verified(act, report_in):
    row = report_in(S.HANDLING)
    [photo] = photographing.add_photo(actor=act("handler"), report_id=row.pk, key=uuid4(), pictures=[read(picture())], moment="after")
    Report.objects.unscoped("a test").filter(pk=row.pk).update(state=S.VERIFIED)
    with pytest.raises(InvalidTransition):
        photographing.remove_photo(actor=act("handler"), report_id=row.pk, photo_id=photo.pk)
    assert kept().count() == 1


def test_a_report_and_its_photos_are_one_transaction(act, tmp_path):
    many = [read(picture(size=(40 + number, 20))) for number in range(7)]
    with pytest.raises(DomainError):
        filing.file_report(
            actor=act("worker"), key=uuid4(), title="井盖缺失", area_code=GRID, category=Category.objects.get(code="manhole"), pictures=many
        )
    assert (Report.objects.unscoped("a test").count(), kept().count(), list(tmp_path.rglob("*.jpg"))) == (0, 0, [])


# ---- the pages ----


@pytest.fixture
def with_photo(act, report_in):
    """A report on the desk of the department `urban`, with a photo of the grid worker's."""
    row = report_in(S.HANDLING)
    [photo] = photographing.add_photo(actor=act("worker"), report_id=row.pk, key=uuid4(), pictures=[read(picture())], moment="before")
    return photo


@pytest.mark.parametrize("size", ["", "?small"])
def test_a_photo_comes_as_a_picture_that_the_browser_asks_for_each_time(client, people, with_photo, size):
    client.force_login(people["worker"])
    answer = client.get(reverse("reports:photo", args=[with_photo.report.code, with_photo.pk]) + size)
    heads = [answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control")]
    assert (answer.status_code, heads) == (200, ["image/jpeg", "inline", "nosniff", "private, no-cache"])
    assert Image.open(BytesIO(b"".join(answer) if answer.streaming else answer.content)).format == "JPEG"


def test_a_photo_is_not_found_under_another_report(client, people, with_photo, file):
    client.force_login(people["worker"])
    assert client.get(reverse("reports:photo", args=[file().code, with_photo.pk])).status_code == 404


def test_a_browser_that_holds_it_asks_again_and_loses_it_with_the_right(client, people, with_photo):
    address = reverse("reports:photo", args=[with_photo.report.code, with_photo.pk])
    client.force_login(people["worker"])
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    client.force_login(people["colleague"])
    assert client.get(address, headers={"if-none-match": tag}).status_code == 404


def test_photos_are_added_and_taken_away_on_their_pages(client, people, report_in):
    row = report_in(S.HANDLING)
    client.force_login(people["handler"])
    address = reverse("reports:add_photo", args=[row.code])
    assert client.get(address + "?moment=after").context["form"]["moment"].value() == "after"
    sent = client.post(address, {"moment": "after", "key": str(uuid4()), "photos": [upload(picture())]})
    photo = kept().get()
    assert (sent.status_code, photo.moment) == (302, "after")
    page = client.get(reverse("reports:show", args=[row.code])).content.decode()
    assert reverse("reports:photo", args=[row.code, photo.pk]) in page
    assert client.post(reverse("reports:remove_photo", args=[row.code, photo.pk])).status_code == 302
    assert kept().count() == 0


def test_a_bad_photo_is_refused_on_the_page(client, people, report_in):
    row = report_in(S.HANDLING)
    client.force_login(people["handler"])
    given = {"moment": "after", "key": str(uuid4()), "photos": [upload(SVG)]}
    answer = client.post(reverse("reports:add_photo", args=[row.code]), given)
    assert (answer.status_code, list(answer.context["form"].errors), kept().count()) == (422, ["photos"], 0)


def test_the_moment_of_another_desk_cannot_be_chosen(client, people, report_in):
    row = report_in(S.HANDLING)
    client.force_login(people["worker"])
    given = {"moment": "after", "key": str(uuid4()), "photos": [upload(picture())]}
    assert client.post(reverse("reports:add_photo", args=[row.code]), given).status_code == 422
    assert kept().count() == 0


def test_pictures_that_belong_to_no_photo_go_after_a_day(with_photo):
    storage = with_photo.file.storage
    orphan = storage.save("photos/orphan.jpg", ContentFile(b"x"))
    assert [sweep_orphan_photos(now=clock.now() + timedelta(hours=hours)) for hours in (23, 25, 25)] == [0, 1, 0]
    assert (storage.exists(orphan), storage.exists(with_photo.file.name)) == (False, True)
