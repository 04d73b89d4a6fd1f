"""Shared libraries that wheels carry, for those who load them by path."""

from importlib.util import find_spec
from pathlib import Path


def library(package: str, name: str) -> str | None:
    """The path of the shared library whose file name starts with `name` in the wheel of `package`; None where there is none.

    Wheels for Linux keep them in `<package>.libs` beside the package, those for macOS in `<package>/.dylibs`.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    for place in (folder.parent / f"{package}.libs", folder / ".dylibs"):
        for path in sorted(place.glob(f"{name}*")):
            return str(path)
    return None
