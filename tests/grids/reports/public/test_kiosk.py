"""The slip that a resident takes home, and the screen that many people stand at."""

import re

import pytest

from .conftest import at

pytestmark = pytest.mark.django_db


def test_the_slip_shows_code_key_and_a_picture_without_styles(raised, client):
    row = raised()
    body = client.get(at(row, "slip"), {"new": "1"}).content.decode()
    assert all(word in body for word in (row.code, f"{row.follow_key[:4]} {row.follow_key[4:]}", "<svg", "已收到"))
    assert re.search(r"<svg[^>]*style=", body) is None


def test_the_picture_leads_to_the_report(raised, client):
    segno = pytest.importorskip("segno")
    row = raised()
    expected = segno.make(f"http://testserver{at(row)}", error="m", micro=False).svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    assert expected in client.get(at(row, "slip")).content.decode()


def test_a_kiosk_stays_one_and_leads_nowhere_else(raised, client):
    assert 'data-size="kiosk"' not in client.get("/r/").content.decode()
    client.get("/report/", {"kiosk": "1"})
    for address in ("/r/", "/report/", "/", "/kiosk/"):
        body = client.get(address).content.decode()
        links = {link.split("?")[0].split("#")[0] for link in re.findall(r'<a [^>]*href="([^"]*)"', body)}
        assert ('data-size="kiosk"' in body, "js/kiosk.js" in body, links - {"", "/kiosk/", "/report/", "/r/"}) == (True, True, set()), (
            address
        )
    client.get("/r/", {"kiosk": "0"})
    assert 'data-size="kiosk"' not in client.get("/r/").content.decode()


def test_a_kiosk_neither_keeps_nor_offers_what_somebody_typed(raised, client):
    row = raised()
    assert 'autocomplete="tel"' in client.get("/report/").content.decode()
    client.get("/kiosk/")
    client.post("/r/", {"code": row.code, "key": row.follow_key})
    for address in ("/report/", at(row, "contact")):
        assert set(re.findall(r'autocomplete="([a-z]+)"', client.get(address).content.decode())) == {"off"}, address


def test_on_a_kiosk_going_back_opens_nothing_of_whoever_stood_there(raised, client):
    row = raised()
    client.get("/kiosk/")
    assert client.get(at(row))["Location"] == "/r/"
    client.post("/r/", {"code": row.code, "key": row.follow_key})
    client.cookies["django_language"] = "en"
    assert client.get(at(row)).status_code == 200
    client.get("/kiosk/", {"clear": "1"}, follow=True)
    assert (client.get(at(row))["Location"], client.cookies["django_language"].value, client.cookies["kiosk"].value) == ("/r/", "", "1")
