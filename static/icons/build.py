"""Builds sprite.svg from the names in names.txt and an unpacked copy of the npm package @tabler/icons.

python static/icons/build.py FOLDER-OF-THE-PACKAGE
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def symbol(name: str, source: str) -> str:
    """One icon as a symbol of the sprite, without the transparent frame each file carries."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", source, re.S).group(1)
    inner = re.sub(r'<path stroke="none"[^>]*/>', "", inner)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(line.strip() for line in inner.splitlines())}</symbol>'


def main() -> None:
    folder = Path(sys.argv[1]) / "icons" / "outline"
    names = (HERE / "names.txt").read_text().split()
    symbols = "".join(symbol(name, (folder / f"{name}.svg").read_text()) for name in names)
    (HERE / "sprite.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n')


if __name__ == "__main__":
    main()
