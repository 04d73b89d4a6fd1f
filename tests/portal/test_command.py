"""The command before anything is installed: help, typos, old Pythons, machines without `venv`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tongshan_portal.launcher import alone, checks, options
from tongshan_portal.launcher.running import Options

BASE = Path(settings.BASE_DIR)


@pytest.fixture
def bare(tmp_path):
    """The command and what it reads before there is an environment."""
    place = tmp_path / "with space 铜山"
    (place / "tongshan_portal").mkdir(parents=True)
    for name in ("portal", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(BASE / name, place / name)
    shutil.copy(BASE / "tongshan_portal" / "__init__.py", place / "tongshan_portal")
    shutil.copytree(BASE / "tongshan_portal" / "launcher", place / "tongshan_portal" / "launcher")
    return place


def ask(place: Path, *arguments: str, **environment: str):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, str(place / "portal"), *arguments], capture_output=True, text=True, env=variables | environment, timeout=60
    )


def test_help_installs_nothing(bare):
    done = ask(bare, "help")
    assert (done.returncode, (bare / ".venv").exists()) == (0, False)
    assert [word for word in ("run", "stop", "test", "check", "bench", "manage", "demo") if f"\n    {word} " not in done.stdout] == []


def test_typo_installs_nothing_and_names_what_there_is(bare):
    done = ask(bare, "rnu")
    assert (done.returncode, (bare / ".venv").exists()) == (2, False)
    assert "invalid choice: 'rnu'" in done.stderr


def test_port_out_of_range_is_refused_before_anything_starts(bare):
    done = ask(bare, "run", "--port", "70000")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "./portal run: error: argument --port: a port is a number from 1 to 65535"


def test_older_python_gets_a_sentence(bare):
    old = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({str(bare / 'portal')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("portal: Python 3.11 or newer is needed; this is ")
    assert "Traceback" not in done.stderr


def test_python_without_venv_gets_the_name_of_the_package(bare, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "venv.py").write_text("raise ModuleNotFoundError('No module named venv')")
    done = ask(bare, "run", PYTHONPATH=str(tmp_path / "broken"))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    sentence = f"portal: this Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python{version}-venv\n"
    assert (done.returncode, done.stderr) == (2, sentence)


def test_interrupted_installation_is_taken_up_again(bare):
    """Without a network nothing can be installed: there is no stamp, so the next run tries again and says so again."""
    (bare / "requirements.txt").write_text("no-such-package-of-ours==1.0\n")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    for _attempt in range(2):
        done = ask(bare, "run", **nowhere)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].endswith("Run the same command again to go on.")
        assert list((bare / ".venv").glob(".*.stamp")) == []


def test_what_follows_a_passed_through_command_is_left_to_it():
    known, rest = options.parse(["manage", "migrate", "--help", "--", "-h"])
    assert (known.command, rest) == ("manage", ["migrate", "--help", "--", "-h"])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),
        ("::1", "http://[::1]:8001"),
        ("::", "http://[::1]:8001"),
        ("portal.example", "http://portal.example:8001"),
    ],
)
def test_address_is_one_that_a_browser_here_can_open(host, address):
    assert Options(host=host, port=8001).address == address


def test_second_start_is_told_who_has_the_folder(tmp_path):
    with alone.alone(tmp_path, "http://127.0.0.1:8000"):
        with pytest.raises(alone.RunsAlready) as caught, alone.alone(tmp_path, "http://127.0.0.1:8001"):
            pass
        assert caught.value.other == alone.Running(os.getpid(), "http://127.0.0.1:8000")
        assert alone.running(tmp_path) == caught.value.other
    assert alone.running(tmp_path) is None


def test_lock_of_a_killed_start_holds_nobody_up(tmp_path):
    code = (
        "import pathlib, sys, time; from tongshan_portal.launcher.alone import alone\n"
        "with alone(pathlib.Path(sys.argv[1]), 'http://x'):\n    print('held', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=BASE)
    process.stdout.readline()
    assert alone.running(tmp_path) == alone.Running(process.pid, "http://x")
    process.kill()
    process.wait()
    process.stdout.close()
    assert alone.running(tmp_path) is None
    with alone.alone(tmp_path, "http://y"):
        assert alone.running(tmp_path) == alone.Running(os.getpid(), "http://y")


class TestCheck:
    @pytest.fixture(autouse=True)
    def services_are_given(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", os.environ["DATABASE_URL"])

    def test_every_step_runs_and_one_failure_fails_the_whole(self, monkeypatch, capsys):
        made = [
            checks.Step("one", [sys.executable, "-c", "raise SystemExit('what is wrong')"]),
            checks.Step("two", [sys.executable, "-c", ""]),
        ]
        monkeypatch.setattr(checks, "steps", lambda: made)
        assert checks.run() == 1
        said = capsys.readouterr().out
        assert [line.split()[:2] for line in said.splitlines() if line[:2] in {"ok", "FA"}] == [["FAILED", "one"], ["ok", "two"]]
        assert "what is wrong" in said

    def test_nothing_failed(self, monkeypatch, capsys):
        monkeypatch.setattr(checks, "steps", lambda: [checks.Step("two", [sys.executable, "-c", ""])])
        assert checks.run() == 0
        assert capsys.readouterr().out.splitlines()[-1] == "check: all is well"

    def test_the_steps_are_those_that_the_house_promises(self):
        names = ["format", "lint", "floors", "types", "templates", "scope", "translations", "migrations", "deployment"]
        assert [step.name for step in checks.steps()] == names
