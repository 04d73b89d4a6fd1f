"""The leak matrix: every reader walks through every channel over one set of reports, and meets exactly what the table says."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation
from shapely import box

from grids.areas.codes import Level
from grids.areas.writing import write_shapes
from grids.net.registry import measures
from grids.reports import hearing, leaks
from grids.reports.actions import co_handling, drafting, handling, photographing
from grids.reports.evaluation.keeping import sweep_tallies
from grids.reports.exports import ReportExporter
from grids.reports.models import Draft, Photo, Report
from grids.reports.routing import Recipient
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN
from tests.grids.reports.pictures import picture
from tongshan_portal.accounts.actions.granting import give
from tongshan_portal.accounts.actor import actor_for, system_actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department, Posting, User
from tongshan_portal.accounts.scope import scope_of
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.pictures import read_picture
from tongshan_portal.live.events import Delivered
from tongshan_portal.live.models import OutboxEvent
from tongshan_portal.live.subscription import hears, subscription_of

pytestmark = pytest.mark.django_db
NAME, PHONE = "王秀英不可见", "13912345678"
WORDS = "井盖泄露矩阵"
HERE, THERE = (117.05, 34.05), (117.25, 34.25)
"""Two places, for a place shows at most five reports near it."""


def test_docs_leaks_md_is_what_the_table_says(db):
    call_command("leak_table", "--check")


def test_every_name_in_the_table_is_said_in_both_languages():
    labels = [*leaks.OBJECTS.values(), *leaks.READERS.values(), *(one.label for one in leaks.CHANNELS.values())]
    english, chinese = [], []
    for language, found in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            found += [str(label) for label in labels]
    assert [pair for pair in zip(english, chinese, strict=True) if pair[0] == pair[1]] == []


@pytest.fixture
def readers(people, person, areas) -> dict[str, User | None]:
    """Everybody of the table; who does not sign in is None."""
    made: dict[str, User | None] = {name: people.get(name) for name in leaks.READERS}
    made["police"] = person("police", Role.COMMUNITY_POLICE, TOWN)
    made["leader"] = person("leader", Role.LEADER, DISTRICT)
    made["granted"] = person("granted", Role.MEDIATOR, TOWN)
    made["left"] = person("left", Role.TOWN_OFFICER, TOWN)
    Posting.objects.filter(user=made["left"]).update(ends_on=clock.today() - timedelta(days=1))
    made["handler_elsewhere"] = person("handler_elsewhere")
    urban = Department.objects.get(code="urban")
    Posting.objects.create(
        user=made["handler_elsewhere"], role=Role.DEPARTMENT_HANDLER, area_code=OTHER_TOWN, department=urban, starts_on=date(2020, 1, 1)
    )
    return made


@pytest.fixture
def objects(readers, people, act, file, report_in, monkeypatch, tmp_path) -> dict[str, Report]:
    """The reports of the table, each with a photo and a place, and one event that stands for all that is told of it."""
    monkeypatch.setattr(Photo._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))
    write_shapes([(GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.3, 34.3))], source="test", at=clock.now())
    words = {"title": WORDS}
    made = {
        "grid": file(**words),
        "next_grid": file("colleague", area_code=NEXT_GRID, **words),
        "other_town": file("duty_officer", area_code=OTHER_TOWN, **words),
        "moved": file(**words),
        "department": report_in("dispatched", who="colleague", area_code=NEXT_GRID, **words),
        "sealed": file("duty_officer", source="resident", contact=NAME, phone=PHONE, **words),
        "closed": report_in("closed", who="colleague", area_code=NEXT_GRID, **words),
        "void": report_in("void", **words),
        "merged": file(**words),
    }
    handling.merge(actor=act("dispatcher"), report_id=made["merged"].pk, into_code=made["grid"].code, reason="同一件事")
    transport = Recipient(Department.objects.get(code="transport"))
    co_handling.ask_co_handling(actor=act("dispatcher"), report_id=made["department"].pk, recipient=transport, reason="一起")
    moved = Report.objects.unscoped("a test").filter(pk=made["moved"].pk)
    moved.update(area_code=OTHER_TOWN)
    expires = clock.now() + timedelta(days=3)
    give(
        actor=act("security_admin"), user=readers["granted"], action="reports.view", row=made["other_town"], reason="包案",
        expires_at=expires, now=clock.now(),
    )  # fmt: skip
    drafting.save_draft(actor=act("worker"), key=uuid4(), given={"title": WORDS})
    for name, row in made.items():
        row = made[name] = Report.objects.unscoped("a test").get(pk=row.pk)
        adder = system_actor("residents") if name == "sealed" else act("worker")
        pictures = [read_picture(BytesIO(picture()))]
        with transaction.atomic():
            photographing.put(actor=adder, row=row, key=uuid4(), pictures=pictures, moment="before", now=clock.now())
        lon, lat = THERE if name in leaks.AWAY else HERE
        Report.objects.unscoped("a test").filter(pk=row.pk).update(lon=lon, lat=lat)
    OutboxEvent.objects.all().delete()
    for row in made.values():
        hearing.announce(row, "report.opened")
    return made


class Walk:
    """One reader on her way through the channels. Every answer that she gets is kept, to be searched for what it must not hold."""

    def __init__(self, name: str, user: User | None, objects: dict[str, Report], spare: Report) -> None:
        self.name, self.user, self.objects, self.spare = name, user, objects, spare
        self.by_code = {row.code: key for key, row in objects.items()}
        self.photos = {one.report_id: one.pk for one in Photo.objects.unscoped("a test").filter(report__in=objects.values())}
        self.client, self.said = Client(), []
        self.similar: set[str] = set()
        if user is not None:
            self.client.force_login(user)

    def get(self, address: str, **query):
        answer = self.client.get(address, query)
        self._hear(answer, f"{address} {query}")
        return answer

    def _hear(self, answer, asked: str) -> None:
        """Keep what was answered, without the codes that she asked with herself: error pages repeat their address."""
        text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
        for code in self.by_code:
            if code in asked:
                text = text.replace(code, "")
        self.said.append(text)

    def codes(self, codes) -> frozenset[str]:
        return frozenset(self.by_code[code] for code in codes if code in self.by_code)

    def linked(self, points) -> frozenset[str]:
        return self.codes(address.rstrip("/").rpartition("/")[2] for *_place, address in points)

    def page(self) -> frozenset[str]:
        found = set()
        for key, row in self.objects.items():
            answer = self.get(reverse("reports:show", args=[row.code]))
            if answer.status_code == 200:
                found.add(key)
                self.similar |= {one.href.rstrip("/").rpartition("/")[2] for one in answer.context["page"].similar}
        step = self.client.get(reverse("reports:step", args=[self.objects["grid"].code, "add_note"]))
        assert (self.name, step.status_code in (200, 403)) == (self.name, "grid" in found)
        return frozenset(found)

    def photo(self) -> frozenset[str]:
        address = {key: reverse("reports:photo", args=[row.code, self.photos[row.pk]]) for key, row in self.objects.items()}
        return frozenset(key for key in address if self.client.get(address[key]).status_code == 200)

    def _listed(self, **query) -> frozenset[str]:
        answer = self.get(reverse("reports:index"), view="all", **query)
        return self.codes(row.code for row in answer.context["page"].rows) if answer.status_code == 200 else leaks.NOTHING

    def list(self) -> frozenset[str]:
        return self._listed()

    def search(self) -> frozenset[str]:
        return self._listed(q=WORDS)

    def export(self) -> frozenset[str]:
        if self.get(reverse("exchange:new_export", args=["reports"]), view="all").status_code != 200:
            return leaks.NOTHING
        rows = list(ReportExporter().rows(actor_for(self.user), QueryDict("view=all")))
        self.said += [str(column.value(row)) for row in rows for column in ReportExporter.columns]
        return self.codes(row.code for row in rows)

    def list_map(self) -> frozenset[str]:
        answer = self.get(reverse("reports:points"), view="all")
        return self.linked(answer.json()["points"]) if answer.status_code == 200 else leaks.NOTHING

    def map(self) -> frozenset[str]:
        """The points; and the number by which areas are coloured, counted apart from them."""
        answer = self.get(reverse("net:points", args=["reports"]))
        if self.name in leaks.VIEWERS - leaks.HANDLERS:
            seen = [row for key, row in self.objects.items() if key in leaks.SEES[self.name] & leaks.LIVING]
            number = sum(measures["reports"].values(actor_for(self.user), Level.DISTRICT, "").values())
            assert (self.name, number) == (self.name, len(seen) + ("grid" in leaks.SEES[self.name]))  # and the one that is merged
        return self.linked(answer.json()["points"]) if answer.status_code == 200 else leaks.NOTHING

    def hints(self) -> frozenset[str]:
        found = leaks.NOTHING
        for lon, lat in (HERE, THERE):
            answer = self.client.post(reverse("reports:hints"), {"key": str(uuid4()), "title": WORDS, "lon": lon, "lat": lat})
            self._hear(answer, "")
            if answer.status_code == 200:
                found |= self.codes(line.row.code for line in answer.context["hints"].near)
        return found

    def alike(self) -> frozenset[str]:
        return self.codes(self.similar)

    def merge(self) -> frozenset[str]:
        if self.user is None:
            return leaks.NOTHING
        found = set()
        for key, row in self.objects.items():
            try:
                with transaction.atomic():
                    handling.merge(actor=actor_for(self.user), report_id=self.spare.pk, into_code=row.code, reason="试")
                    found.add(key)
                    transaction.set_rollback(True)
            except DomainError:
                continue
        return frozenset(found)

    def bulk(self) -> frozenset[str]:
        answer = self.get(reverse("reports:bulk"), verb="add_note", row=list(self.by_code))
        return self.codes(line.row.code for line, _read in answer.context["rows"]) if answer.status_code == 200 else leaks.NOTHING

    def home(self) -> frozenset[str]:
        """The number of what nobody leads, by the rows that it leads to; nothing else may stand on the page."""
        answer = self.get(reverse("home"))
        counters = {one.counter.name: one for one in answer.context["board"].counters} if self.user is not None else {}
        counted = counters.get("reports.no_lead")
        if counted is None:
            return leaks.NOTHING
        rows = self.client.get(counted.href).context["page"].rows
        assert counted.count.number == len(rows)
        return self.codes(row.code for row in rows)

    def ticker(self) -> frozenset[str]:
        answer = self.get(reverse("command:ticker"))
        lines = answer.context["ticker"] if answer.status_code == 200 else []
        return self.codes(line.href.rstrip("/").rpartition("/")[2] for line in lines)

    def live(self) -> frozenset[str]:
        """By the rule of the stream and by what is replayed to whoever was away; each event once."""
        if self.user is None:
            return leaks.NOTHING
        scope = scope_of(self.user, clock.today())
        rows = list(OutboxEvent.objects.filter(topic="reports"))
        heard = [
            row.line["report"]
            for row in rows
            if hears(scope, Delivered(1, row.topic, row.kind, row.area_code, tuple(row.user_ids), json.dumps(row.line).encode()))
        ]
        again = [row.line["report"] for row in OutboxEvent.objects.filter(subscription_of(scope).condition(), topic="reports")]
        assert (sorted(again), len(heard)) == (sorted(heard), len(set(heard)))
        return self.codes(heard)

    def drill(self) -> frozenset[str]:
        days = {"begin": (clock.today() - timedelta(days=9)).isoformat(), "end": (clock.today() + timedelta(days=1)).isoformat()}
        answer = self.get(reverse("reports:evaluation"), period="free", by="area", **days)
        if answer.status_code != 200:
            return leaks.NOTHING
        total = answer.context["page"].total
        rows = self.client.get(total.filed_href).context["page"].rows
        assert total.filed == len(rows)
        return self.codes(row.code for row in rows)

    def contact(self) -> frozenset[str]:
        held = {key: row for key, row in self.objects.items() if row.phone}
        addresses = {key: reverse("audit:reveal", args=["reports.report", row.pk, "phone"]) for key, row in held.items()}
        return frozenset(key for key, address in addresses.items() if self.get(address).status_code == 200)

    def draft(self) -> frozenset[str]:
        row = Draft.objects.get()
        answer = self.client.get(reverse("reports:file"), {"draft": str(row.key)})
        listed = answer.status_code == 200 and answer.context["form"]["title"].value() == WORDS
        return frozenset({"draft"} if listed else ())

    def _follows(self, name: str, more) -> frozenset[str]:
        """With the key of the resident's own report, whatever code is tried."""
        key = self.objects["sealed"].follow_key if self.name == "resident" else "23456789"
        tried = self.objects if self.name in ("resident", "nobody") else {"sealed": self.objects["sealed"]}
        return frozenset(one for one, row in tried.items() if self.get(reverse(name, args=[row.code, key, *more(row)])).status_code == 200)

    def follow(self) -> frozenset[str]:
        return self._follows("reports_public:follow", lambda _row: [])

    def follow_photo(self) -> frozenset[str]:
        own = self.objects["sealed"].code
        key = self.objects["sealed"].follow_key if self.name == "resident" else "23456789"
        tried = self.objects if self.name == "resident" else {"sealed": self.objects["sealed"]}
        return frozenset(
            one
            for one, row in tried.items()
            if self.client.get(reverse("reports_public:photo", args=[own, key, self.photos[row.pk]])).status_code == 200
        )

    def through_all(self) -> Iterator[tuple[str, frozenset[str]]]:
        for channel in leaks.CHANNELS:
            yield channel, getattr(self, "alike" if channel == "similar" else channel)()


def test_every_reader_meets_in_every_channel_exactly_what_the_table_says(readers, objects, file, settings):
    settings.RESIDENT_WRONG_PER_HOUR = 1000
    spare = file(title="另一件")
    sweep_tallies()
    found, whispered = {}, {}
    for name, user in readers.items():
        walk = Walk(name, user, objects, spare)
        found[name] = dict(walk.through_all())
        said = "\n".join(walk.said)
        unseen = {row.code: key for key, row in objects.items() if key not in leaks.SEES[name]}
        keys = {row.follow_key: f"key of {key}" for key, row in objects.items() if (name, key) != ("resident", "sealed")}
        sought = {**unseen, **keys, NAME: "name", PHONE: "phone"}
        whispered[name] = sorted(what for text, what in sought.items() if text in said)
    expected = {name: {channel: one.shows(name) for channel, one in leaks.CHANNELS.items()} for name in leaks.READERS}
    differing = [
        f"{name} {channel}: met {sorted(found[name][channel])}, to be met {sorted(held)}"
        for name, channels in expected.items()
        for channel, held in channels.items()
        if found[name][channel] != held
    ]
    assert differing == []
    assert whispered == dict.fromkeys(leaks.READERS, [])
