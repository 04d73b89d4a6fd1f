"""The command line of `./portal`. Standard library only: it is read before anything is installed, so help and typos cost nothing."""

import argparse

PASSED_THROUGH = {
    "test": "run the whole test suite with services of its own; options go to pytest",
    "check": "run linters, types, floors, templates, translations, deployment",
    "bench": "run the comparisons under bench/: [NAME …] [--json]",
    "manage": "pass through to manage.py",
    "demo": "load the demo people, the synthetic district and its households; --scale 0 to 1 (1: 40,000 micro-grids, 400,000 households)",
}
DEVELOPMENT = frozenset({"test", "check", "bench"})
"""Commands that need requirements-dev.txt too."""

EPILOG = """Without DATABASE_URL and REDIS_URL in the environment, an embedded PostgreSQL and Redis keep their data under var/.
docs/operations.md lists every environment variable."""


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    outer = argparse.ArgumentParser(prog="./portal", description="The governance portal: one command for everything.", epilog=EPILOG)
    commands = outer.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="start the portal on this machine and keep it running until Ctrl-C")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)")
    run.add_argument("--port", type=_port, default=8000, help="port to listen on (default 8000)")
    run.add_argument("--processes", type=_positive, default=2, help="web processes (default 2)")
    run.add_argument("--keep-services", action="store_true", help="leave the embedded PostgreSQL and Redis running afterwards")
    commands.add_parser("stop", help="stop what runs in this folder: the portal, what a killed one left behind, PostgreSQL and Redis")
    for name, words in PASSED_THROUGH.items():
        commands.add_parser(name, help=words, add_help=False)
    commands.add_parser("help", help="show this")
    return outer


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """The command with its options, and what is passed through. Ends the process with a sentence when it cannot be understood."""
    if arguments[:1] and arguments[0] in PASSED_THROUGH:  # whatever follows is somebody else's, -h and -- included
        return argparse.Namespace(command=arguments[0]), arguments[1:]
    known = parser().parse_args(arguments or ["help"])
    if known.command == "help":
        parser().print_help()
        raise SystemExit(0)
    return known, []
