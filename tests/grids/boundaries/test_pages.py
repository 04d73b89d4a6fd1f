"""The pages of boundaries as their reader gets them."""

from dataclasses import asdict

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from shapely import box

from grids.areas.models import AreaShape
from grids.boundaries.models import BoundaryImport
from tests.conftest import DISTRICT, GRID, NEXT_GRID
from tests.grids.boundaries.conftest import GRIDS, NEW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def as_admin(client, cast):
    client.force_login(cast["system_admin"])
    return client


def upload(client, path):
    return client.post(reverse("boundaries:index"), {"file": SimpleUploadedFile(path.name, path.read_bytes())})


def said(**changes) -> dict:
    return {name: value for name, value in {**asdict(GRIDS), **changes}.items() if value is not False}


def test_a_file_is_brought_described_and_checked(as_admin, make_file, grounds, sent, django_capture_on_commit_callbacks):
    answer = upload(as_admin, make_file(NEW.items()))
    run = BoundaryImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("boundaries:show", args=[run.pk]))
    page = as_admin.get(answer["Location"])
    assert (page.context["form"].initial["code_field"], page.context["form"].initial["parent_field"]) == ("code", "")
    with django_capture_on_commit_callbacks(execute=True):
        as_admin.post(answer["Location"], said(save_as="surveyors"))
    run.refresh_from_db()
    assert (run.state, [name for name, _kwargs in sent]) == ("checking", ["boundaries.run"])
    assert [one.name for one in as_admin.get(answer["Location"]).context.get("saved", [])] == []  # nothing to choose while it is checked


def test_a_file_that_is_none_is_refused_with_a_sentence_in_the_form(as_admin, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text("code,name")
    answer = upload(as_admin, path)
    assert (answer.status_code, answer.context["form"].errors["file"]) == (422, ["The file is no GeoJSON, zipped Shapefile or GeoPackage."])


def test_what_was_typed_stays_when_it_is_refused(as_admin, make_file, grounds):
    answer = upload(as_admin, make_file(NEW.items()))
    refused = as_admin.post(answer["Location"], said(crs="EPSG:1", name_prefix="Ward "))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["crs"])
    assert refused.context["form"]["name_prefix"].value() == "Ward "


def test_the_preview_shows_figures_findings_and_places(as_admin, checked, make_file):
    run = checked(make_file([(GRID, box(117.0, 34.0, 117.15, 34.1))]))
    page = as_admin.get(reverse("boundaries:show", args=[run.pk]))
    assert [str(number) for _label, number in page.context["card"]["figures"]] == ["1", "0", "1", "0", "1"]
    sketch = as_admin.get(reverse("boundaries:sketch", args=[run.pk])).json()
    assert [one["id"] for one in sketch["shapes"]["features"]] == [GRID]
    assert [one["properties"]["severe"] for one in sketch["places"]["features"]] == [False]
    table = as_admin.get(reverse("boundaries:findings", args=[run.pk])).content.decode("utf-8-sig").splitlines()
    assert (len(table), table[1].split(",")[:3]) == (2, ["1", GRID, "finding"])


def test_findings_must_be_accepted_and_then_the_level_is_written_by_the_worker(as_admin, checked, make_file):
    run = checked(make_file([(GRID, box(117.0, 34.0, 117.15, 34.1))]))
    start = reverse("boundaries:start", args=[run.pk])
    refused = as_admin.post(start, follow=True)
    assert [str(one) for one in refused.context["messages"]] == ["Look at the findings and accept them first (1)."]
    as_admin.post(start, {"accept": "on"})
    run.refresh_from_db()
    assert run.state == "running"


def test_htmx_gets_the_part_that_changes_and_a_reload_when_the_work_is_done(as_admin, checked, make_file):
    run = checked(make_file(NEW.items()))
    part = as_admin.get(reverse("boundaries:show", args=[run.pk]), headers={"HX-Request": "true"})
    assert (b"<html" in part.content, part["HX-Refresh"]) == (False, "true")


ADDRESSES = [
    ("get", "boundaries:show"),
    ("get", "boundaries:sketch"),
    ("get", "boundaries:findings"),
    ("post", "boundaries:start"),
    ("post", "boundaries:stop"),
]


@pytest.mark.parametrize(("method", "name"), ADDRESSES)
@pytest.mark.parametrize("who", ["worker", "duty_officer", "auditor", "stranger"])
def test_nobody_else_may_see_or_move_an_import(client, cast, checked, make_file, method, name, who):
    run = checked(make_file(NEW.items()))
    before = (BoundaryImport.objects.values().get(), AreaShape.objects.values_list("geometry", flat=True).get(pk=NEXT_GRID))
    client.force_login(cast[who])
    assert getattr(client, method)(reverse(name, args=[run.pk])).status_code == 403
    assert (BoundaryImport.objects.values().get(), AreaShape.objects.values_list("geometry", flat=True).get(pk=NEXT_GRID)) == before


@pytest.mark.parametrize(("method", "name"), ADDRESSES)
def test_another_system_administrator_does_not_find_it(client, person, checked, make_file, method, name):
    run = checked(make_file(NEW.items()))
    client.force_login(person("other_admin", "system_admin", DISTRICT))
    assert getattr(client, method)(reverse(name, args=[run.pk])).status_code == 404


def test_names_of_features_cannot_run_as_formulas(as_admin, checked, make_file):
    run = checked(make_file([("=HYPERLINK(1)", box(117, 34, 117.1, 34.1))]))
    table = as_admin.get(reverse("boundaries:findings", args=[run.pk])).content.decode("utf-8-sig")
    assert "\n=" not in table and ",=" not in table
