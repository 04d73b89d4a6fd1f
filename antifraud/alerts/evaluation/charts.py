"""One indicator as a drawing: a bar for every line of the table, which holds the same. Widths are per cent, so words keep their size."""

from collections.abc import Sequence
from dataclasses import dataclass

from .indicators import Kind
from .queries import Line

ROW, BAR, TOP = 38, 12, 18
"""Pixels: from one bar to the next, its height, and where the first one stands under its words."""
MOST = 82
"""Per cent of the width that the longest bar takes; its words stand behind it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: its words stand at `y`, the bar at `top`, what it comes to behind it at `end` (per cent). Without a width: no figure."""

    label: str
    words: str
    y: int
    top: int
    foot: int
    width: str
    end: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    height: int
    thick: int = BAR


def chart_of(lines: Sequence[Line], name: str) -> Chart | None:
    """The drawing of one indicator over the lines in their order; None where fewer than two of them have a figure."""
    cells = [next(cell for cell in line.cells if cell.measure.name == name) for line in lines]
    known = [cell.value for cell in cells if cell.value is not None]
    if len(known) < 2:
        return None
    most = 100.0 if cells[0].measure.kind == Kind.SHARE else max(known) or 1.0
    bars = []
    for place, (line, cell) in enumerate(zip(lines, cells, strict=True)):
        share = MOST * (cell.value or 0) / most
        top = TOP + place * ROW
        bars.append(
            Bar(line.label, cell.words, top - 6, top, top + BAR - 2, "" if cell.value is None else f"{share:.2f}%", f"{share + 1:.2f}%")
        )
    return Chart(bars, len(bars) * ROW)
