"""Files of boundaries made on the spot, a private folder, and a worker that the tests run themselves."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from django.core.files.storage import storages
from shapely import box
from shapely.geometry.base import BaseGeometry

from grids.areas.codes import Level
from grids.boundaries import actions
from grids.boundaries.judging import Choice
from grids.boundaries.models import BoundaryImport
from grids.boundaries.worker import run_boundaries
from tests.conftest import VILLAGE
from tests.grids.net.conftest import grounds  # noqa: F401

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
GRIDS = Choice(level=Level.GRID, code_field="code", name_field="name")
NEW = {VILLAGE + "001": box(117.0, 34.0, 117.08, 34.1), VILLAGE + "002": box(117.08, 34.0, 117.2, 34.1)}
"""The two grids of the village, their common border moved to the west."""


@pytest.fixture(autouse=True)
def private_folder(tmp_path, monkeypatch):
    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path / "private"))
    return tmp_path / "private"


@pytest.fixture(autouse=True)
def sent(monkeypatch) -> list[tuple[str, dict]]:
    """What was sent to the queue."""
    messages: list[tuple[str, dict]] = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, kwargs=None, **options: messages.append((name, kwargs)))
    return messages


@pytest.fixture
def make_file(tmp_path):
    """Makes a GeoJSON file of (code, shape or raw geometry) rows; answers its path."""

    def make(rows, *, crs: str | None = "urn:ogc:def:crs:OGC:1.3:CRS84", name: str = "grids.geojson") -> Path:
        features = [
            {
                "type": "Feature",
                "properties": {"code": code, "name": f"第{code[-3:]}网格", "above": code[:-3]},
                "geometry": json.loads(shapely.to_geojson(shape)) if isinstance(shape, BaseGeometry) else shape,
            }
            for code, shape in rows
        ]
        collection = {"type": "FeatureCollection", "features": features}
        if crs:
            collection["crs"] = {"type": "name", "properties": {"name": crs}}
        path = tmp_path / name
        path.write_text(json.dumps(collection), encoding="utf-8")
        return path

    return make


@pytest.fixture
def admin(cast, actor):
    return actor(cast["system_admin"])


@pytest.fixture
def checked(admin, grounds, django_capture_on_commit_callbacks):  # noqa: F811
    """Brings a file, says what it is, and has it checked: `checked(path, mend=True)`."""

    def check(path: Path, choice: Choice = GRIDS, **changes) -> BoundaryImport:
        with path.open("rb") as file:
            run = actions.upload_boundaries(actor=admin, file=file, name=path.name, size=path.stat().st_size)
        with django_capture_on_commit_callbacks(execute=True):
            actions.check_boundaries(actor=admin, run_id=run.pk, choice=replace(choice, **changes))
        run_boundaries(run.pk)
        run.refresh_from_db()
        return run

    return check
