"""`./portal bench [NAME …] [--json]`: comparisons, side by side in one run."""

import subprocess

from .places import BASE, manage, python


def run(arguments: list[str]) -> int:
    """Run the benches named, or all, on a database of their own."""
    return manage("migrate", "-v", "0") or subprocess.call(python("-m", "bench", *arguments), cwd=BASE)
