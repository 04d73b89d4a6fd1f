"""Security headers of every answer (OWASP ASVS 5.0.0, chapter 3.4) and of pages of people who are signed in (14.3.2)."""

import pytest

pytestmark = pytest.mark.django_db
PATHS = ["/", "/account/login/", "/nothing-here/", "/healthz"]


def directives(response) -> dict[str, str]:
    pairs = (part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return {pair[0]: pair[1] for pair in pairs}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_inline_and_nothing_from_outside_may_run(client, path):
    found = directives(client.get(path))
    assert found["default-src"] == "'none'"
    assert (found["script-src"], found["style-src"], found["connect-src"]) == ("'self'", "'self'", "'self'")
    assert (found["frame-ancestors"], found["base-uri"], found["object-src"]) == ("'none'", "'none'", "'none'")
    assert found["form-action"] == "'self'"


@pytest.mark.parametrize("path", PATHS)
def test_companion_headers_are_set(client, path):
    response = client.get(path)
    names = ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "X-Frame-Options")
    assert [response[name] for name in names] == ["nosniff", "same-origin", "same-origin", "DENY"]


def test_page_of_somebody_signed_in_is_not_kept(client, cast):
    client.force_login(cast["duty_officer"])
    assert "no-store" in client.get("/")["Cache-Control"]


def test_request_id_is_taken_when_sane_and_made_otherwise(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"
    answered = client.get("/healthz", headers={"X-Request-ID": "evil\tvalue; drop"})["X-Request-ID"]
    assert (len(answered), answered.isalnum()) == (32, True)
