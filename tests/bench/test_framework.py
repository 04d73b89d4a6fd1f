"""What a bench prints for people and for machines."""

import json
import os
import subprocess
import sys

from django.conf import settings

from bench.framework import Result, Target, percentile, table


def result() -> Result:
    made = Result("pages", {"requests_per_second": 812.5, "peer": None}, {"portal_to_bare": 1.84})
    made.targets = [Target("times a bare view", 1.84, "<=", 2), Target("peer", None, ">=", 1), Target("lost", 1, "==", 0)]
    return made


def test_json_has_the_agreed_shape():
    assert json.loads(json.dumps(result().as_json())) == {
        "name": "pages",
        "figures": {"requests_per_second": 812.5, "peer": None},
        "ratios": {"portal_to_bare": 1.84},
        "targets": [
            {"what": "times a bare view", "value": 1.84, "relation": "<=", "target": 2, "holds": True},
            {"what": "peer", "value": None, "relation": ">=", "target": 1, "holds": False},
            {"what": "lost", "value": 1, "relation": "==", "target": 0, "holds": False},
        ],
    }


def test_table_says_absent_for_a_peer_that_cannot_be_had():
    assert table(result()).splitlines() == [
        "== pages",
        "  requests_per_second  812.50",
        "  peer                 absent",
        "  portal_to_bare       1.84 ×",
        "  holds   times a bare view: 1.84 <= 2",
        "  FAILS   peer: not measured >= 1",
        "  FAILS   lost: 1.00 == 0",
    ]


def test_percentile_is_a_value_that_was_measured():
    assert [percentile([4, 1, 3, 2], share) for share in (0.0, 0.5, 0.99)] == [1, 3, 4]


def test_unknown_bench_is_named_with_those_there_are():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert done.returncode == 2
    assert "there is no bench called nothing; there are: " in done.stderr
