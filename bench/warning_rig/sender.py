"""Outside systems that send warnings, signed, in batches or one by one, each at its own pace."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tongshan_portal.exchange.intake import signing

PATH = "/api/antifraud/warnings"
KIND = "antifraud_warnings"


@dataclass(slots=True)
class Sent:
    """A batch that was answered: the moment before the request, seconds until the answer, the alerts' codes by row."""

    moment: float
    seconds: float
    codes: list[str] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """An outside system with its key."""

    code: str
    key: str

    def post(self, port: int, body: bytes, *, path: str = PATH) -> tuple[int, bytes]:
        """One signed call over a connection of its own, so that it finds whichever web process is free. Raises OSError, HTTPException."""
        headers = signing.signed_headers(
            system=self.code, key=self.key, algorithm="hmac-sha256", method="POST", path=path, body=body, seconds=int(time.time())
        )
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", path, body, {**headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, port: int, body: bytes) -> Sent:
        """Send a batch that must be taken."""
        moment, clock = time.time(), time.perf_counter()
        status, answer = self.post(port, body)
        seconds = time.perf_counter() - clock
        if status != 202:
            raise RuntimeError(f"{status}: {answer[:300].decode()}")
        told = json.loads(answer)
        return Sent(moment, seconds, [row["reference"] for row in told["rows"]], len(told["errors"]))


def set_up(codes: Sequence[str]) -> list[Source]:
    """Set outside systems up, as an administrator does, in the database of this process."""
    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.accounts.enums import Role
    from tongshan_portal.accounts.models import Posting, User
    from tongshan_portal.exchange.intake.actions import create_system

    from .district import DISTRICT, SINCE

    admin = User.objects.create_user(username="bench-admin", name="bench admin")
    Posting.objects.create(user=admin, role=Role.SYSTEM_ADMIN, area_code=DISTRICT, starts_on=SINCE)
    found = []
    for code in codes:
        system, key = create_system(actor=actor_for(admin), code=code, name=code, kinds=[KIND], per_minute=30_000)
        found.append(Source(system.code, key))
    return found


def bodies(rows: Sequence[dict], size: int) -> list[bytes]:
    """The rows as bodies of calls, `size` in each."""
    return [json.dumps({"rows": rows[start : start + size]}, ensure_ascii=False).encode() for start in range(0, len(rows), size)]


def pace(sends: Sequence[Callable[[bytes], Sent]], made: Sequence[bytes], every: float, until: float) -> list[Sent]:
    """Send the bodies, one after the other by whoever of `sends` is free, each not before its moment (`every` seconds apart) and none
    after `until` seconds. Answers what was answered."""
    done: list[Sent] = []
    problems: list[BaseException] = []
    begun, turn, lock = time.perf_counter(), iter(enumerate(made)), threading.Lock()

    def work(send: Callable[[bytes], Sent]) -> None:
        try:
            while True:
                with lock:
                    number, body = next(turn, (0, None))
                if body is None or problems:
                    return
                time.sleep(max(0.0, begun + number * every - time.perf_counter()))
                if time.perf_counter() - begun > until:
                    return
                done.append(send(body))
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(send,)) for send in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return done
