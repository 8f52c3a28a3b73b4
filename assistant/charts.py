"""Small charts as inline SVG, for the report. Pure: numbers in, text out; colours are the page's."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 12, 24

LINES = 4
"""Horizontal lines, with their numbers."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time."""

    at: float
    """Seconds since 1970."""
    value: float
    label: str
    """What is shown for it."""
    is_marked: bool = False
    """Drawn hollow: the exception that the legend names."""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of values at a time."""

    at: float
    low: float
    high: float


class _Scale:
    """From values to places on the page."""

    def __init__(self, start: float, end: float, top: float) -> None:
        self.start, self.span = start, max(end - start, 1.0)
        self.step = _round_step(top / LINES)
        self.top = self.step * max(1, -int(-top // self.step))

    def x(self, at: float) -> float:
        """Across, of a time."""
        return LEFT + 4 + (at - self.start) / self.span * (WIDTH - LEFT - RIGHT - 8)

    def y(self, value: float) -> float:
        """Down, of a value."""
        return HEIGHT - BOTTOM - min(value, self.top) / self.top * (HEIGHT - TOP - BOTTOM)


def dots_and_line(
    name: str, points: Sequence[Point], days: tuple[str, str], bands: Sequence[Band] = (), top: float = 0.0
) -> str:
    """Points joined by a line, over a band that follows them."""
    scale = _scale(points, [band.high for band in bands], top)
    parts = [*_frame(scale, days)]
    if len(bands) > 1:
        upper = [f"{scale.x(band.at):.1f},{scale.y(band.high):.1f}" for band in bands]
        lower = [f"{scale.x(band.at):.1f},{scale.y(band.low):.1f}" for band in reversed(bands)]
        parts.append(f'<polygon class="band" points="{" ".join(upper + lower)}"/>')
    line = " ".join(f"{scale.x(point.at):.1f},{scale.y(point.value):.1f}" for point in points)
    parts.append(f'<polyline class="line" points="{line}"/>')
    radius = _radius(points)
    parts += [_dot(scale, point, radius) for point in points]
    return _svg(name, parts)


def dots(name: str, points: Sequence[Point], days: tuple[str, str], span: tuple[float, float], top: float) -> str:
    """Points alone, over a band of fixed values, the ones to stay in."""
    scale = _scale(points, [], top)
    radius = _radius(points)
    marks = (_dot(scale, point, radius) for point in points)
    return _svg(name, [*_frame(scale, days), _fixed_band(scale, span), *marks])


def bars(name: str, points: Sequence[Point], days: tuple[str, str], span: tuple[float, float] | None = None) -> str:
    """A bar a point, over a band of fixed values."""
    scale = _scale(points, [span[1]] if span else [], 0.0)
    width = max(1.0, min(10.0, (WIDTH - LEFT - RIGHT) / max(1, len(points)) * 0.7))
    parts = [*_frame(scale, days), *([_fixed_band(scale, span)] if span else [])]
    for point in points:
        y = scale.y(point.value)
        kind = "bar marked" if point.is_marked else "bar"
        parts.append(
            f'<rect class="{kind}" x="{scale.x(point.at) - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" '
            f'height="{HEIGHT - BOTTOM - y:.1f}"><title>{escape(point.label)}</title></rect>'
        )
    return _svg(name, parts)


def _scale(points: Sequence[Point], more: Sequence[float], top: float) -> _Scale:
    highest = top or max([point.value for point in points] + list(more), default=1.0) or 1.0
    return _Scale(points[0].at, points[-1].at, highest)


def _frame(scale: _Scale, days: tuple[str, str]) -> list[str]:
    found = []
    for value in (n * scale.step for n in range(round(scale.top / scale.step) + 1)):
        y = scale.y(value)
        found.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        found.append(f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    bottom = HEIGHT - 7
    found.append(f'<text class="tick" x="{LEFT}" y="{bottom}">{escape(days[0])}</text>')
    if days[1] != days[0]:
        found.append(
            f'<text class="tick" x="{WIDTH - RIGHT}" y="{bottom}" text-anchor="end">{escape(days[1])}</text>'
        )
    return found


def _fixed_band(scale: _Scale, span: tuple[float, float]) -> str:
    top, bottom = scale.y(span[1]), scale.y(span[0])
    return f'<rect class="band" x="{LEFT}" y="{top:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{bottom - top:.1f}"/>'


def _radius(points: Sequence[Point]) -> float:
    """Smaller where they would cover each other."""
    return 3 if len(points) <= 80 else 1.6


def _dot(scale: _Scale, point: Point, radius: float) -> str:
    kind = "dot marked" if point.is_marked else "dot"
    return (
        f'<circle class="{kind}" cx="{scale.x(point.at):.1f}" cy="{scale.y(point.value):.1f}" r="{radius}">'
        f"<title>{escape(point.label)}</title></circle>"
    )


def _svg(name: str, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">{"".join(parts)}</svg>'


def _round_step(step: float) -> float:
    """The next of 1, 2, 2.5, 5, 10, ... at or above."""
    power = 1.0
    while power * 10 <= step:
        power *= 10
    while power > step:
        power /= 10
    return next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= step - 1e-9)
