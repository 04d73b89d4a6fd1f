"""Messages reach a gateway that answers, and end visibly where none does: against a real HTTP server."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from antifraud.registrations import sms
from antifraud.registrations.actions import sending
from antifraud.registrations.models import Message
from tests.antifraud.registrations.conftest import PHONE
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


class Gateway(ThreadingHTTPServer):
    """Answers with the next status of `answers`, and keeps what it heard."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.heard: list[tuple[str, dict]] = []


class Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.headers["Authorization"], body))
        self.send_response(self.server.answers.pop(0))
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def gateway(settings):
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SIGN = f"http://127.0.0.1:{server.server_port}/send", "t0ken", "示例"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waiting():
    now = clock.now()
    return sending.queue_message(phone=PHONE, words="验证码 123456", code=None, lasts=timedelta(minutes=10), now=now)


def state() -> tuple:
    return Message.objects.values_list("state", "attempts", "phone", "words").get()


def test_what_the_gateway_takes_is_sent_once_and_then_forgotten(gateway, waiting):
    gateway.answers = [202]
    now = waiting.created_at
    assert (sending.send_due(now=now), sending.send_due(now=now + timedelta(hours=1))) == (1, 0)
    assert gateway.heard == [("Bearer t0ken", {"phone": PHONE, "text": "验证码 123456", "sign": "示例"})]
    assert state() == ("sent", 1, None, None)


def test_what_the_gateway_cannot_take_now_is_tried_again_and_given_up_after_the_fifth_time(gateway, waiting):
    gateway.answers = [500, 429, 503, 500, 500]
    now = waiting.created_at
    for number, pause in enumerate([0, 5, 15, 45, 120], 1):
        now += timedelta(seconds=pause)
        early = now - timedelta(seconds=1)
        assert (sending.send_due(now=early), sending.send_due(now=now), len(gateway.heard)) == (0, 0, number)
    assert state() == ("failed", 5, None, None)


def test_what_the_gateway_refuses_or_leads_elsewhere_is_given_up_at_once(gateway, waiting):
    gateway.answers = [302]
    sending.send_due(now=waiting.created_at)
    assert (state(), len(gateway.heard)) == (("failed", 1, None, None), 1)


def test_what_is_too_late_is_not_sent(gateway, waiting):
    sending.send_due(now=waiting.expires_at)
    assert (state()[0], gateway.heard) == ("failed", [])


def test_a_gateway_that_is_down_costs_an_attempt_and_no_message(settings, waiting):
    settings.SMS_URL = "http://127.0.0.1:9/"
    sending.send_due(now=waiting.created_at)
    assert state()[:2] == ("waiting", 1)


def test_who_is_killed_between_claim_and_answer_loses_nothing(gateway, waiting):
    sending._claim(waiting.created_at)
    assert state()[:2] == ("waiting", 1)
    gateway.answers = [200]
    assert sending.send_due(now=waiting.created_at + timedelta(seconds=5)) == 1


def test_a_server_without_a_gateway_says_so_and_the_demo_writes_to_the_terminal(settings, waiting, capsys):
    settings.SMS_URL, settings.PRODUCTION = "", True
    assert isinstance(sms.gateway(), sms.NoGateway)
    settings.PRODUCTION = False
    assert sending.send_due(now=waiting.created_at) == 1
    assert "123456" in capsys.readouterr().err
    settings.SMS_URL, settings.PRODUCTION = "file:///etc/passwd", False
    assert isinstance(sms.gateway(), sms.NoGateway)
