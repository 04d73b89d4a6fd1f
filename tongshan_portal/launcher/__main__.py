"""The command line of `./portal`."""

import argparse
import os
import sys
from pathlib import Path

from . import benches, checks, running, services, suite
from .places import BASE, VAR, manage


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    outer = argparse.ArgumentParser(prog="portal", description="The governance portal: one command for everything.")
    commands = outer.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="start the portal on this machine and keep it running until Ctrl-C")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    run.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    run.add_argument("--processes", type=int, default=2, help="web processes (default 2)")
    commands.add_parser("stop", help="stop embedded services that were left running")
    for name, words in (
        ("test", "run the test suite; options go to pytest"),
        ("manage", "pass through to manage.py"),
        ("demo", "load the demo people and the synthetic district; --scale 0 to 1"),
        ("check", "run linters, types, floors, templates, translations"),
        ("bench", "run the comparisons under bench/: NAME …, --json"),
    ):
        commands.add_parser(name, help=words, add_help=False)
    commands.add_parser("help", help="show this")
    return outer


def main(arguments: list[str]) -> int:
    """Run one command; answers the exit status."""
    known, rest = parser().parse_known_args(arguments)
    if known.command == "help":
        parser().print_help()
        return 0
    if known.command == "test":
        return suite.run(rest)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    if known.command == "stop":
        services.stop(VAR)
        return 0
    if known.command == "run":
        if rest:
            parser().error(f"run does not know {' '.join(rest)}")
        return running.run(host=known.host, port=known.port, processes=known.processes)
    if known.command == "check":
        return checks.run()
    with services.ensured(VAR if known.command != "bench" else VAR / "bench"):
        if known.command == "bench":
            return benches.run(rest)
        if known.command == "demo":
            return manage("migrate", "-v", "0") or manage("demo_people") or manage("demo_district", *rest)
        return manage(*rest)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(BASE)))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
