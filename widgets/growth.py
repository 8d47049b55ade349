"""How cost grows, as a picture: points and fitted lines on two logarithmic axes, and the words below.

The SVG is made here, once: the view takes it as it is, and a page without style or script shows the same in
its own ink. Not covered: several objectives in one picture.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from html import escape
from typing import Any

from labkit.errors import BadInput
from labkit.refinement.growth import Fit, Growth
from labkit.stats import Figure

WIDTH, HEIGHT = 400, 220
LEFT, RIGHT, TOP, BOTTOM = 56, 74, 26, 40
UNITS = {"time": " (CPU s)", "memory": " (MiB)", "integral": " (MiB·s)", "latency": " (s)", "energy": " (J)"}
APART = 14  # pixels between two labels
MOST_TICKS = 5
LONGEST = 9  # characters of a program's name that the margin has room for
Points = list[tuple[float, float]]


def check_growth(growth: Any, task: str | None) -> Growth:
    """The growth, where it is one of this task. Raises BadInput otherwise."""
    if not isinstance(growth, Growth):
        raise BadInput(f"growth={growth!r:.80}: give what labkit.refinement.growth.growth(...) returns")
    if task is not None and growth.task != task:
        raise BadInput(f"this is the growth of {growth.task}, and the view shows {task}")
    return growth


def growth_words(growth: Growth) -> tuple[str, str]:
    """(from what to what, each program's slope with its interval or why there is none)."""
    fits = list(growth.fits.values())
    told = [fit for fit in fits if fit.slope]
    if len(told) < len(fits) or not told:
        change = "growth cannot be told of every program" if told else "growth cannot be told"
    elif {fit.word for fit in fits} == {"unclear"}:
        change = "growth is unclear"
    elif fits[0].word == fits[-1].word:
        change = fits[0].word + (" as before" if len(fits) > 1 else "")
    else:
        change = f"{fits[0].word} → {fits[-1].word}"
    each = "; ".join(f"{name} {_said(fit)}" for name, fit in growth.fits.items()) or "no program was run"
    how = told[0].slope.how if told else ""
    return change, f"{growth.objective}: {each}" + (f" (95 % intervals, {how})" if told else "")


def _said(fit: Fit) -> str:
    if fit.slope is None:
        return fit.word
    slope = fit.slope
    interval = "" if None in (slope.lo, slope.hi) else f" [{slope.lo:.2f}, {slope.hi:.2f}]"
    return f"{fit.word}, slope {slope.value:.2f}{interval} at {len(fit.points)} sizes"


def growth_figure(growth: Growth) -> str:
    """A figure in HTML; its words alone where there is nothing to draw."""
    change, each = growth_words(growth)
    caption = f"<figcaption><strong>{escape(change)}</strong><br>{escape(each)}</figcaption>"
    return f'<figure class="growth">{_svg(growth, f"{change}. {each}")}{caption}</figure>'


def _svg(growth: Growth, label: str) -> str:
    drawn = {name: points for name, fit in growth.fits.items() if (points := _usable(fit.points))}
    if not drawn:
        return ""
    every = [point for points in drawn.values() for point in points]
    x = _Axis([n for n, _ in every], LEFT, WIDTH - RIGHT)
    y = _Axis([cost for _, cost in every], HEIGHT - BOTTOM, TOP)
    parts = [_grid(growth, x, y)]
    heights = _apart([y.at(points[-1][1]) for points in drawn.values()])
    for i, ((name, points), height) in enumerate(zip(drawn.items(), heights, strict=True)):
        last = i == len(drawn) - 1 and i > 0
        parts += _line(points, growth.fits[name].slope, x, y, last)
        parts += [_mark(x.at(n), y.at(cost), last, f"{name}: {cost:.3g} at n = {n:g}") for n, cost in points]
        short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        parts += [
            _mark(WIDTH - RIGHT + 14, height, last, name),
            _text(WIDTH - RIGHT + 22, height + 4, short, strong=last),
        ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}" '
        f'style="max-width: 420px; width: 100%">{"".join(parts)}</svg>'
    )


def _usable(points: Sequence[tuple[float, float]]) -> Points:
    """Those that have a logarithm, by size."""
    return sorted((n, cost) for n, cost in points if 0 < n < math.inf and 0 < cost < math.inf)


class _Axis:
    """From values to pixels, by their logarithm, with a little room at both ends."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        low, high = math.log(min(values)), math.log(max(values))
        room = 0.06 * (high - low) or 0.7
        self.low, self.high, self.begin, self.end = low - room, high + room, begin, end

    def at(self, value: float) -> float:
        return self.at_log(math.log(value))

    def at_log(self, log: float) -> float:
        return round(self.begin + (log - self.low) / (self.high - self.low) * (self.end - self.begin), 1)

    def ticks(self) -> list[float]:
        """Powers of ten, with 2 and 5 or more between where those are few; never more than fit."""
        low, high = math.exp(self.low), math.exp(self.high)
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for steps in ((1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1,)):
            found = [s * 10.0**d for d in decades for s in steps if low <= s * 10.0**d <= high]
            if len(found) <= MOST_TICKS:
                return found
        return found[:: math.ceil(len(found) / MOST_TICKS)]


def _grid(growth: Growth, x: _Axis, y: _Axis) -> str:
    right, foot = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [f'<path class="grid" d="M {LEFT} {TOP} V {foot} H {right}" fill="none" {_stroke(0.5)}/>']
    for value in y.ticks():
        at = y.at(value)
        parts += [
            f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{at}" y2="{at}" {_stroke(0.2)}/>',
            _text(LEFT - 6, at + 4, f"{value:g}", "end"),
        ]
    for value in x.ticks():
        at = x.at(value)
        parts += [
            f'<line class="grid" x1="{at}" x2="{at}" y1="{foot}" y2="{foot + 4}" {_stroke(0.5)}/>',
            _text(at, foot + 16, f"{value:,.0f}" if 1 <= value < 1e6 else f"{value:g}", "middle"),
        ]
    parts += [
        _text(6, 12, growth.objective + UNITS.get(growth.objective, "")),
        _text(right, HEIGHT - 6, growth.axis, "end"),
    ]
    return "".join(parts)


def _line(points: Points, slope: Figure | None, x: _Axis, y: _Axis, last: bool) -> list[str]:
    """The fitted line over the sizes that were run; none without a slope."""
    if slope is None or not math.isfinite(slope.value):
        return []
    middle = [statistics.fmean(math.log(value) for value in column) for column in zip(*points, strict=True)]
    ends = [(x.at(n), y.at_log(middle[1] + slope.value * (math.log(n) - middle[0]))) for n, _ in points]
    (x1, y1), (x2, y2) = ends[0], ends[-1]
    kind, dashes = ("path", "") if last else ("base", 'stroke-dasharray="4 3"')
    return [
        f'<line class="{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {dashes} '
        f"{_stroke(1 if last else 0.6)}/>"
    ]


def _mark(x: float, y: float, last: bool, title: str) -> str:
    how = 'class="kept" fill="currentColor"' if last else 'class="rejected" fill="none"'
    return f'<circle {how} cx="{x}" cy="{y}" r="4" {_stroke(1)}><title>{escape(title)}</title></circle>'


def _text(x: float, y: float, words: str, anchor: str = "start", strong: bool = False) -> str:
    kind = ' class="strong" font-weight="600"' if strong else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}"{kind} fill="currentColor" font-size="11" '
        f'font-family="system-ui, sans-serif">{escape(words)}</text>'
    )


def _stroke(opacity: float) -> str:
    return f'stroke="currentColor" stroke-opacity="{opacity}"'


def _apart(heights: Sequence[float]) -> list[float]:
    """The same heights, moved so that labels do not lie on each other."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved, least = list(heights), -math.inf
    for i in order:
        moved[i] = least = max(heights[i], least + APART)
    over = max(0.0, least - (HEIGHT - BOTTOM))
    return [round(height - over, 1) for height in moved]
