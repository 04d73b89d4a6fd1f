"""Run benches by name, or all: a table each, or with --json one JSON object per line. Targets that fail do not fail the command."""

import argparse
import importlib
import json
import pkgutil
import sys

import bench
from bench.framework import table

NOT_BENCHES = {"__main__", "framework"}


def names() -> list[str]:
    """The benches there are: the modules here that have a `run`."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in NOT_BENCHES and not module.ispkg)


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names())}")
    parser.add_argument("--json", action="store_true", help="one JSON object per bench")
    known = parser.parse_args()
    if unknown := set(known.names) - set(names()):
        parser.error(f"there is no bench called {', '.join(sorted(unknown))}; there are: {', '.join(names())}")
    for name in known.names or names():
        result = importlib.import_module(f"bench.{name}").run()
        print(json.dumps(result.as_json(), ensure_ascii=False) if known.json else table(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
