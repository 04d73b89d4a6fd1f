"""Pages of the exchange: they work without JavaScript, show one's own runs only, and refuse with a sentence."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import PASSWORD
from tests.exchange.conftest import checked, finished, table
from tongshan_portal.accounts.models import Department
from tongshan_portal.exchange.export_worker import run_export
from tongshan_portal.exchange.models import ExportRun, ImportRun, SavedMapping
from tongshan_portal.exchange.worker import run_import
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
NEW = "/exchange/imports/new/test_departments/"
EXPORT = "/exchange/exports/new/test_departments/"


@pytest.fixture
def web(client, cast, no_departments):
    assert client.login(username="system_admin", password=PASSWORD)
    return client


def send(web, content: bytes, name: str = "部门.csv"):
    return web.post(NEW, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("address", ["/exchange/", NEW, EXPORT])
def test_page_asks_for_sign_in(client, address):
    assert client.get(address).status_code == 302


def test_journey_from_upload_to_result(web, sent):
    answer = send(web, table("a,one", "b,forbidden"))
    run = ImportRun.objects.get()
    assert answer.url == f"/exchange/imports/{run.pk}/"
    assert "forbidden" in web.get(answer.url).content.decode()
    web.post(f"{answer.url}check/", {"column_code": "0", "column_name": "1", "save_as": "mine"})
    assert SavedMapping.objects.get().headings == {"code": "code", "name": "name"}
    run_import(run.pk)
    assert web.get(answer.url).status_code == 200
    web.post(f"{answer.url}start/")
    run_import(run.pk)
    assert dict(Department.objects.values_list("code", "name")) == {"a": "one"}
    back = web.get(f"{answer.url}bad-rows/")
    assert b"forbidden" in b"".join(back.streaming_content) and "attachment" in back["Content-Disposition"]
    assert web.get("/exchange/").context["imports"][0].run == run


def test_progress_alone_is_sent_to_htmx(web, admin):
    run = checked(admin, table("a,one"))
    answer = web.get(f"/exchange/imports/{run.pk}/", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith("<section")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04garbage"])
def test_bad_file_is_refused_on_the_page(web, content):
    answer = send(web, content)
    assert (answer.status_code, bool(answer.context["form"].errors), ImportRun.objects.count()) == (422, True, 0)


def test_too_large_file_is_not_taken_in(web, settings):
    settings.EXCHANGE_MAX_FILE_BYTES = 1_000_000
    answer = send(web, b"code,name\n" + b"a,b\n" * 400_000)
    assert (answer.status_code, ImportRun.objects.count()) == (422, 0)
    assert "0 MB" in str(answer.context["form"].errors)


def test_pages_of_another_person_do_not_exist(web, admin, client, person):
    from tongshan_portal.accounts.enums import Role

    run = finished(admin, table("a,secret", "b,forbidden"))
    person("second", Role.SYSTEM_ADMIN)
    client.logout()
    client.login(username="second", password=PASSWORD)
    addresses = ["", "bad-rows/"]
    assert [client.get(f"/exchange/imports/{run.pk}/{address}").status_code for address in addresses] == [404, 404]
    assert [client.post(f"/exchange/imports/{run.pk}/{verb}/").status_code for verb in ("stop", "results", "check")] == [404, 404, 404]


@pytest.mark.parametrize("address", [NEW, "/exchange/imports/blank/test_departments/", EXPORT])
def test_without_the_right_the_page_is_closed(client, cast, address):
    client.login(username="duty_officer", password=PASSWORD)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/exchange/imports/new/nothing/", "/exchange/exports/new/nothing/"])
def test_unknown_kind_does_not_exist(web, address):
    assert web.get(address).status_code == 404


def test_button_pressed_twice_says_why_the_second_did_nothing(web, admin):
    run = checked(admin, table("a,one"))
    first = web.post(f"/exchange/imports/{run.pk}/start/")
    second = web.post(f"/exchange/imports/{run.pk}/start/", follow=True)
    assert (first.status_code, len(list(second.context["messages"]))) == (302, 1)
    assert LedgerEntry.objects.filter(verb="import.started").count() == 1


def test_blank_workbook_has_headings_an_example_and_a_guide(web):
    answer = web.get("/exchange/imports/blank/test_departments/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet, guide = book.worksheets
    assert [cell.value for cell in sheet[1]] == ["code *", "name *", "since", "phone"]
    assert [cell.value for cell in sheet[2]][:2] == ["police", "公安局"]
    assert guide.max_row == 5


def test_blank_workbook_can_be_imported_as_it_is(web, admin):
    answer = web.get("/exchange/imports/blank/test_departments/")
    run = finished(admin, b"".join(answer.streaming_content))
    assert (run.created_rows, dict(Department.objects.values_list("code", "name"))) == (1, {"police": "公安局"})


def test_small_list_is_handed_over_at_once(web):
    Department.objects.create(code="a", name="one")
    answer = web.post(EXPORT, {"format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and answer["Cache-Control"] == "no-store, private"
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[:2] == ["code,name,sealed", "a,one,***"]


def test_long_list_is_ordered_and_fetched(web, settings, sent):
    settings.EXCHANGE_DIRECT_EXPORT_ROWS = 1
    Department.objects.bulk_create(Department(code=f"d{number}", name="x") for number in range(3))
    answer = web.post(f"{EXPORT}?q=x", {"format": "xlsx"})
    run = ExportRun.objects.get()
    assert (answer.url, run.filters, run.expected_rows) == (f"/exchange/exports/{run.pk}/", "q=x", 3)
    assert web.get(f"{answer.url}file/").status_code == 302
    run_export(run.pk)
    assert web.get(answer.url).status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(web.get(f"{answer.url}file/").streaming_content)))
    assert book.active.max_row == 5
