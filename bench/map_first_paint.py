"""The map of 1,640 grids in headless Chromium: from the click to drawn and interactive; beside the usual way, whole GeoJSON drawn as SVG.

The district is whole (29 towns, 320 villages, 1,640 grids, 40,000 micro-grids): the memory of a web process that holds it is measured too.
"""

import functools
import http.server
import json
import os
import shutil
import statistics
import subprocess
import threading
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from bench.framework import Result, Target
from bench.live_rig.processes import await_answer, end, free_port, memory_mb, python

ROUNDS = 5
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
NAIVE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="leaflet.css"><script src="leaflet.js"></script>
<div id="map" style="height:900px"></div><script>
fetch("grids.geojson").then((answer) => answer.json()).then((grids) => {
  const map = L.map("map"), layer = L.geoJSON(grids).addTo(map);
  map.fitBounds(layer.getBounds());
  requestAnimationFrame(() => requestAnimationFrame(() => { performance.mark("map-ready"); document.body.dataset.ready = "1"; }));
});</script>"""
READY = "() => performance.getEntriesByName('map-ready')[0]?.startTime ?? null"


def run() -> Result:
    """Medians over fresh browser profiles, the portal and the usual way taking turns."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    from django.db import connection

    call_command("collectstatic", interactive=False, verbosity=0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _measure(connection)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"].removeprefix("test_"), verbosity=0)


def _load() -> None:
    from grids.areas.demo import district
    from grids.areas.writing import write_areas, write_shapes
    from tongshan_portal.kernel import clock

    rows = district.rows(scale=1)
    while batch := list(islice(rows, 2_000)):
        write_areas((row.code, row.name) for row in batch)
        write_shapes(((row.code, row.shape) for row in batch), source="synthetic", at=clock.now())


def _measure(connection) -> Result:
    from bench.live_rig import people
    from grids.areas.models import AreaShape

    _load()
    _users, keys = people.make("320312106", 1)
    port, held = free_port(), connection.settings_dict
    address = f"postgres://{held['USER']}@/{held['NAME']}?host={held['HOST'].replace('/', '%2F')}"
    server = python(
        "-m", "uvicorn", "tongshan_portal.asgi:application", "--host", "127.0.0.1", "--port", str(port), "--no-access-log",
        "--log-level", "critical", env=os.environ | {"DATABASE_URL": address}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    grids = AreaShape.objects.filter(area__level=15).values_list("pk", "geometry")
    features = [{"type": "Feature", "id": code, "properties": {}, "geometry": geometry} for code, geometry in grids]
    try:
        await_answer(f"http://127.0.0.1:{port}/nothing")
        with TemporaryDirectory() as folder, _naive(Path(folder), features) as naive:
            return _compare(f"http://127.0.0.1:{port}", naive.address, people.cookie(keys[0]), server)
    finally:
        end(server)


class _naive:
    """The usual way: a page that fetches every border whole and draws it with Leaflet's default."""

    def __init__(self, folder: Path, features: list) -> None:
        from leaflet import __file__ as leaflet

        static = Path(leaflet).parent / "static" / "leaflet"
        for name in ("leaflet.js", "leaflet.css"):
            shutil.copy(static / name, folder / name)
        (folder / "index.html").write_text(NAIVE)
        (folder / "grids.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        self.bytes = (folder / "grids.geojson").stat().st_size
        handler = functools.partial(_Quiet, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> "_naive":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error) -> None:
        self._server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments) -> None:
        return None


def _compare(portal: str, naive: str, cookie: str, server) -> Result:
    from playwright.sync_api import sync_playwright

    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    result = Result("map_first_paint", {"grids": 1640})
    if chromium is None:
        result.targets = [Target("ms until 1,640 grids are drawn and interactive", None, "<=", 1500)]
        return result
    times: dict[str, list[float]] = {"portal_first": [], "portal_again": [], "usual_way": []}
    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for turn in range(ROUNDS + 1):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": portal}])
            page = context.new_page()
            first = _ready(page, f"{portal}/map/?at=320312&level=grid", 1640)
            again = _ready(page, f"{portal}/map/?at=320312&level=grid", 1640)
            usual = _ready(page, naive, None)
            if turn:  # the first turn warms the server
                for word, found in zip(times, (first, again, usual), strict=True):
                    times[word].append(found)
            context.close()
        page = browser.new_context().new_page()
        page.context.add_cookies([{"name": name, "value": value, "url": portal}])
        for path in ("/map/?lon=117.2&lat=34.2", "/map/layers/town/", "/map/layers/village/", "/areas/320312/", "/people/"):
            page.goto(portal + path)
        browser.close()
    medians = {word: statistics.median(values) for word, values in times.items()}
    result.figures |= {f"{word}_ms": value for word, value in medians.items()}
    result.figures["web_process_mb"] = memory_mb(server)
    result.ratios = {"the usual way : the portal, first visit": medians["usual_way"] / medians["portal_first"]}
    result.targets = [
        Target("ms until 1,640 grids are drawn and interactive", medians["portal_first"], "<=", 1500),
        Target("MB of one web process with the whole district", float(result.figures["web_process_mb"] or 0), "<=", 350),
    ]
    return result


def _ready(page, address: str, areas: int | None) -> float:
    """Milliseconds from the start of the visit until the map said it was ready, and answered a touch of its zoom."""
    page.goto(address)
    page.wait_for_function(READY)
    taken = page.evaluate(READY)
    if areas is not None and page.get_attribute("#map", "data-areas") != str(areas):
        raise RuntimeError(f"{address} drew {page.get_attribute('#map', 'data-areas')} areas")
    page.click(".leaflet-control-zoom-in")
    return float(taken)
