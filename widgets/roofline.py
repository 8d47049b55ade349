"""A kernel's way to the roofline, as a picture: each turn's speed under what the machine could do at best.

The SVG is made here, once: the view takes it as it is, and a page without style or script shows the same.
Where torch counts FLOPs, the axes are those of a roofline (FLOPs a byte, GFLOP/s); elsewhere GB/s by turn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

WIDTH, HEIGHT = 400, 230
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 18, 36
SPREAD = 26  # pixels that the turns of one shape are drawn apart: they share an intensity


class Point(NamedTuple):
    """One turn at one shape. `eager`: torch's speed in the same calls."""

    turn: int
    kept: bool
    intensity: float
    speed: float  # FLOP/s, or bytes/s where there are no FLOPs
    eager: float


def points(turns: Sequence[Mapping[str, Any]], shape: int = 0) -> list[Point]:
    """What the turns' records say of one timed shape; turns that failed say nothing."""
    found = []
    for turn in turns:
        shapes = turn["outcome"]["detail"].get("shapes") or []
        if shape >= len(shapes) or turn["outcome"]["status"] != "ok":
            continue
        row = shapes[shape]
        work = row["flops"] or row["bytes"]
        seconds = max(row["wall_s"] - row["empty_s"], 1e-9)
        eager = work / (seconds / row["verdict"]["ratio"])
        found.append(
            Point(turn["number"], turn["accepted"], row["flops"] / row["bytes"], work / seconds, eager)
        )
    return found


def roofline_figure(turns: Sequence[Mapping[str, Any]], peaks: tuple[float, float]) -> str:
    """A figure in HTML; '' where no turn was measured. `peaks`: bytes/s and FLOP/s of this machine."""
    drawn = points(turns)
    if not drawn:
        return ""
    best = max(drawn, key=lambda point: point.speed)
    bytes_s, flops_s = peaks
    roof = min(flops_s, best.intensity * bytes_s) if best.intensity else bytes_s
    unit = "GFLOP/s" if best.intensity else "GB/s"
    words = (
        f"turn {best.turn}: {best.speed / 1e9:.3g} {unit}, torch {best.eager / 1e9:.3g}; the roof there is "
        f"{roof / 1e9:.3g} (measured on one core)"
    )
    caption = f"<figcaption>{escape(words)}</figcaption>"
    return f'<figure class="growth">{_svg(drawn, peaks, words)}{caption}</figure>'


def _svg(drawn: Sequence[Point], peaks: tuple[float, float], label: str) -> str:
    bytes_s, flops_s = peaks
    flops = bool(drawn[0].intensity)
    roof_at = (lambda x: min(flops_s, x * bytes_s)) if flops else (lambda x: bytes_s)
    middle = drawn[0].intensity or 1.0
    low_x, high_x = (middle / 32, middle * 32) if flops else (1.0, 1.0)
    speeds = [v for p in drawn for v in (p.speed, p.eager)] + [roof_at(middle)]
    low, high = min(speeds) / 2, max(speeds) * 2

    def x_at(intensity: float) -> float:
        share = math.log(intensity / low_x) / math.log(high_x / low_x) if flops else 0.5
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y_at(speed: float) -> float:
        return TOP + math.log(high / speed) / math.log(high / low) * (HEIGHT - TOP - BOTTOM)

    def level(speed: float, style: str) -> str:
        y = y_at(speed)
        return f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" {style}/>'

    def text(x: float, y: float, words: str, anchor: str = "start") -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'

    parts = []
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
        parts.append(level(10.0**power, 'class="grid" stroke="#999" stroke-opacity=".4"'))
        parts.append(text(LEFT - 6, y_at(10.0**power) + 4, f"{10.0 ** (power - 9):g}", "end"))
    dashed = 'fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="6 3"'
    if flops:
        knee = min(max(flops_s / bytes_s, low_x), high_x)
        corners = [(x, max(roof_at(x), low)) for x in (low_x, knee, high_x)]
        line = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in corners)
        parts.append(f'<polyline points="{line}" {dashed}/>')
    else:
        parts.append(level(bytes_s, dashed))
    last, wide = max(1, drawn[-1].turn), 1 if flops else 5
    places = [
        (x_at(p.intensity or 1.0) + wide * SPREAD * (2 * p.turn / last - 1), y_at(p.speed), p) for p in drawn
    ]
    kept = " ".join(f"{x:.1f},{y:.1f}" for x, y, p in places if p.kept)
    parts.append(f'<polyline class="path" points="{kept}" fill="none" stroke="#2e7d32" stroke-width="2"/>')
    for x, y, point in places:
        how = 'class="kept" fill="#2e7d32"' if point.kept else 'class="rejected" fill="none"'
        title = f"turn {point.turn}: {point.speed / 1e9:.3g}, torch {point.eager / 1e9:.3g}"
        circle = f'<circle {how} cx="{x:.1f}" cy="{y:.1f}" r="4" stroke="#2e7d32">'
        parts.append(f"{circle}<title>{title}</title></circle>")
    eager = sorted(p.eager for p in drawn)[len(drawn) // 2]
    parts.append(level(eager, 'stroke="#c62828" stroke-dasharray="2 3"'))
    parts.append(text(WIDTH - RIGHT, y_at(eager) + 13, "torch eager", "end"))
    parts.append(text(LEFT + 4, TOP - 6, f"{'GFLOP/s' if flops else 'GB/s'}, the roof dashed"))
    foot = f"{middle:.3g} FLOPs a byte; " if flops else ""
    parts.append(text(LEFT, HEIGHT - 8, f"{foot}turns from left to right"))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" font-size="11" fill="currentColor"'
    return f'<svg {size} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
