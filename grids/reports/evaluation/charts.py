"""A trend as a drawing: twelve months of one indicator. The table beside it holds the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from .queries import Line

WIDTH, HEIGHT, TOP, LEFT, FOOT = 720, 200, 12, 44, 28


@dataclass(frozen=True, slots=True)
class Point:
    """A month: where it stands in the drawing, its words. `y` is None where there is no figure."""

    x: int
    y: int | None
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Points, the lines between neighbours that have figures, and the marks of the scale as (y, words)."""

    points: list[Point]
    paths: list[str]
    marks: list[tuple[int, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    foot: int = HEIGHT - FOOT
    labels: int = HEIGHT - 8


def chart_of(lines: Sequence[Line], name: str) -> Chart:
    """The drawing of one indicator (its name without the app's) over the lines in their order."""
    cells = [next(cell for cell in line.cells if cell.measure.indicator.name.endswith(f".{name}")) for line in lines]
    is_mean = bool(cells) and cells[0].measure.is_mean
    most = 100.0 if not is_mean else max([1.0, *(cell.value for cell in cells if cell.value is not None)])
    room, base = HEIGHT - FOOT - TOP, HEIGHT - FOOT
    step = (WIDTH - LEFT - 16) / max(1, len(lines) - 1)
    points = [
        Point(
            round(LEFT + 8 + index * step),
            None if cell.value is None else round(base - room * cell.value / most),
            line.label,
            cell.words,
        )
        for index, (line, cell) in enumerate(zip(lines, cells, strict=True))
    ]
    marks = [(base - round(room * share), f"{most * share:.0f}{'' if is_mean else '%'}") for share in (0, 0.5, 1)]
    return Chart(points, _paths(points), marks)


def _paths(points: Sequence[Point]) -> list[str]:
    """A line ends where a month has no figure: what is not known is not drawn."""
    paths: list[list[str]] = [[]]
    for point in points:
        if point.y is None:
            paths.append([])
        else:
            paths[-1].append(f"{point.x},{point.y}")
    return [" ".join(path) for path in paths if len(path) > 1]
