"""The pages of case reports at 10,000 and at 1,000,000 reports, for a grid worker, a town officer and the district, taking turns.

Beside them in the same run: a bare equality query of the same rows, django-guardian's generic `get_objects_for_user`, Django's admin list.
Everything happens in two scratch databases that are made and dropped here. Times are medians in milliseconds.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from unittest.mock import patch

import django
from django.core.management import call_command

from bench.framework import Result, Target

LARGE = int(os.environ.get("BENCH_REPORTS", "1000000"))
SMALL = max(1_000, LARGE // 100)
LIVING = {"small": SMALL // 20, "large": min(5_000, LARGE // 20)}
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
TOWN = "320312106"
COMMON, RARE = "井盖", "漏电伤人"


def run() -> Result:
    """Two archives, three readers, every page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    from bench.report_rig import databases

    with databases.scratch("bench_small", "bench_large"):
        for name, rows in (("small", SMALL), ("large", LARGE)):
            databases.use(f"bench_{name}")
            _fill(rows, LIVING[name])
        return _measure(databases.use)


def _fill(rows: int, living: int) -> None:
    from bench.report_rig import archive
    from grids.areas.demo import district
    from grids.areas.writing import write_areas
    from tongshan_portal.accounts.departments import seed_departments
    from tongshan_portal.accounts.enums import Role
    from tongshan_portal.accounts.models import Posting, User

    areas = [(row.code, row.name) for row in district.rows(scale=0)]
    write_areas(areas)
    seed_departments()
    grids = [code for code, _name in areas if len(code) == 15]
    grid = next(code for code in grids if code.startswith(TOWN))
    for name, role, area in (("filer", None, ""), *_postings(grid), ("lead", None, "")):
        user = User.objects.create_user(username=name, name=name)
        if role is not None:
            Posting.objects.create(user=user, role=Role(role), area_code=area, starts_on=date(2020, 1, 1))
    archive.fill(rows, living, grids, grid=grid, town=TOWN)


def _postings(grid: str) -> list[tuple[str, str, str]]:
    return [("grid worker", "grid_worker", grid), ("town officer", "town_officer", TOWN), ("district", "duty_officer", "320312")]


def _median_ms(call: Callable[[], object], rounds: int) -> float:
    """The median of some rounds, after one that warms."""
    call()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _measure(use: Callable[[str], None]) -> Result:
    result = Result("reports_scale", {"small": SMALL, "large": LARGE, "living_small": LIVING["small"], "living_large": LIVING["large"]})
    readers = ("grid worker", "town officer", "district")
    pages: dict[tuple[str, str, str], list[float]] = {}
    for _turn in range(3):  # the sizes take turns, so that a busy moment of the machine meets both
        for size in ("small", "large"):
            use(f"bench_{size}")
            for reader in readers:
                for name, ms in _pages(reader).items():
                    pages.setdefault((reader, name, size), []).append(ms)
    worst = 0.0
    for reader, name, size in list(pages):
        result.figures[f"{reader}: {name}, {size}, ms"] = statistics.median(pages[reader, name, size])
    for reader in readers:
        for name in dict.fromkeys(page for _reader, page, _size in pages):
            ratio = statistics.median(pages[reader, name, "large"]) / statistics.median(pages[reader, name, "small"])
            result.ratios[f"{reader}: {name} at a million : at ten thousand"] = ratio
            worst = max(worst, ratio)
    result.targets.append(Target("worst page at a million : the same at ten thousand", worst, "<=", 1.5))
    use("bench_large")
    for reader in readers:
        _query(result, reader)
    _peers(result)
    return result


def _pages(reader: str) -> dict[str, float]:
    """Milliseconds of each page for one reader, through the whole stack of middleware and templates."""
    from django.test import Client
    from django.urls import reverse

    from grids.reports.models import Report
    from tongshan_portal.accounts.models import User

    user, client = User.objects.get(username=reader), Client(headers={"host": "localhost"})
    client.force_login(user)
    code = Report.objects.unscoped("bench").filter(**_place(user)).order_by("-filed_at").values_list("code", flat=True)[0]
    index = reverse("reports:index")
    addresses = {
        "list": f"{index}?view=all", "list of what needs me": f"{index}?view=now", "search, common word": f"{index}?view=all&q={COMMON}",
        "search, rare word": f"{index}?view=all&q={RARE}", "detail": reverse("reports:show", args=[code]), "dashboard": reverse("home"),
    }  # fmt: skip

    def get(address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    return {name: _median_ms(lambda address=address: get(address), ROUNDS) for name, address in addresses.items()}


def _place(user) -> dict[str, str]:
    from tongshan_portal.accounts.models import Posting

    code = Posting.objects.unscoped("bench").get(user=user).area_code
    return {9: {"town_code": code}, 15: {"grid_code": code}}.get(len(code), {})


def _query(result: Result, reader: str) -> None:
    """The query of page one beside a bare equality on the same index."""
    from grids.reports.models import Report
    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.accounts.models import User

    user = User.objects.get(username=reader)
    actor = actor_for(user)
    order, related = ("-filed_at", "-id"), ("category", "department")
    scoped = Report.objects.visible_to(actor.scope).select_related(*related).order_by(*order)[:51]
    bare = Report.objects.unscoped("bench").filter(**_place(user)).select_related(*related).order_by(*order)[:51]
    if [row.pk for row in scoped] != [row.pk for row in bare]:
        raise RuntimeError(f"{reader}: the scoped page shows other rows than the bare one")
    ours, floor = (_median_ms(lambda rows=rows: list(rows.all()), ROUNDS * 3) for rows in (scoped, bare))
    result.figures |= {f"{reader}: query of page one, ms": ours, f"{reader}: bare equality, ms": floor}
    result.ratios[f"{reader}: query of page one : bare equality"] = ours / floor
    result.targets.append(Target(f"{reader}: query of page one : a bare equality query", ours / floor, "<=", 2))


def _peers(result: Result) -> None:
    """The usual ways: a permission row per report and person, and Django's admin."""
    from django.contrib.auth.models import Permission
    from django.db import connection
    from guardian.models import UserObjectPermission
    from guardian.shortcuts import get_objects_for_user

    from grids.reports.models import Report
    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.accounts.models import User

    user = User.objects.get(username="town officer")
    permission = Permission.objects.get(codename="view_report", content_type__app_label="reports")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id)"
            " SELECT id::text, %s, %s, %s FROM reports_report WHERE town_code = %s",
            [permission.content_type_id, permission.pk, user.pk, TOWN],
        )
        cursor.execute("ANALYZE guardian_userobjectpermission")
    order, every = ("-filed_at", "-id"), Report.objects.unscoped("bench")
    ours = Report.objects.visible_to(actor_for(user).scope).order_by(*order)[:51]
    # The portal keeps its few grants in a table with a foreign key; the generic way is guardian's own table.
    with patch("guardian.shortcuts.get_user_obj_perms_model", lambda _model=None: UserObjectPermission):
        granted = get_objects_for_user(user, "reports.view_report", every, use_groups=False, with_superuser=False)
        theirs = granted.order_by(*order)[:51]
        if [row.pk for row in ours] != [row.pk for row in theirs]:
            raise RuntimeError("guardian's page shows other rows")
        mine = _median_ms(lambda: list(ours.all()), ROUNDS)
        generic = _median_ms(lambda: list(theirs.all()), 5)
    result.figures |= {"town officer: scoped list, ms": mine, "town officer: guardian's get_objects_for_user, ms": generic}
    result.ratios["guardian's get_objects_for_user : the scoped list"] = generic / mine
    result.targets.append(Target("guardian's get_objects_for_user : the scoped list", generic / mine, ">=", 5))
    admin = _admin_ms(user)
    page = float(result.figures["district: list, large, ms"] or 1)
    result.figures["Django's admin list, ms"] = admin
    result.ratios["Django's admin list : the district's list"] = admin / page


def _admin_ms(user) -> float:
    """Django's changelist of the same table as it comes, for somebody who may see everything."""
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.sites import AdminSite
    from django.test import RequestFactory

    from grids.reports.models import Report
    from tongshan_portal.accounts.actor import actor_for

    class PlainAdmin(ModelAdmin):
        list_display = ["code", "title", "state", "category", "department", "area_code", "filed_at"]
        list_select_related = ["category", "department"]
        list_filter = ["state", "urgency"]
        list_per_page = 50

        def get_queryset(self, request):
            return Report.objects.unscoped("bench").order_by("-filed_at", "-id")

        def has_view_permission(self, request, obj=None):
            return True

        has_change_permission = has_add_permission = has_delete_permission = has_module_permission = has_view_permission

    plain = PlainAdmin(Report, AdminSite())
    request = RequestFactory().get("/")
    request.user, request.actor = user, actor_for(user)  # type: ignore[attr-defined]
    return _median_ms(lambda: plain.changelist_view(request).render(), 5)
