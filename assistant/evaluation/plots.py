"""Small plots as SVG text: means with intervals, and how times are spread. Every text is escaped."""

import html
import math
from collections.abc import Sequence

from assistant.evaluation.intervals import Estimate

_LEFT, _WIDTH, _ROW = 150, 320, 20


def interval_plot(rows: Sequence[tuple[str, Estimate]]) -> str:
    """One line for each row on a scale from 0 to 1: the interval as a bar, the mean as a dot, the number judged at the right."""
    height = _ROW * len(rows) + 24
    parts = [_open(_LEFT + _WIDTH + 120, height)]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _LEFT + tick * _WIDTH
        parts.append(f'<line class="grid" x1="{x}" y1="0" x2="{x}" y2="{height - 18}"/>')
        parts.append(f'<text class="tick" x="{x}" y="{height - 4}">{tick:g}</text>')
    for row, (name, one) in enumerate(rows):
        y = _ROW * row + 11
        low, mean, high = (_LEFT + value * _WIDTH for value in (one.low, one.mean, one.high))
        parts.append(f'<text class="name" x="{_LEFT - 10}" y="{y + 4}">{html.escape(name)}</text>')
        parts.append(f'<line class="interval" x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}"/>')
        parts.append(f'<circle class="mean" cx="{mean:.1f}" cy="{y}" r="4"/>')
        parts.append(f'<text class="value" x="{_LEFT + _WIDTH + 14}" y="{y + 4}">{one.mean:.3f} (n={one.n})</text>')
    return "".join([*parts, "</svg>"])


def histogram(values: Sequence[float], unit: str, *, bins: int = 24) -> str:
    """How many values fall into each of equal steps on a logarithmic scale; values are positive."""
    if not values:
        return ""
    logs = [math.log10(max(value, 1e-3)) for value in values]
    low, high = min(logs), max(max(logs), min(logs) + 0.1)
    counts = [0] * bins
    for value in logs:
        counts[min(int((value - low) / (high - low) * bins), bins - 1)] += 1
    step, tallest = (_LEFT + _WIDTH) / bins, max(counts)
    parts = [_open(_LEFT + _WIDTH + 70, 124)]
    for i, count in enumerate(counts):
        size = 96 * count / tallest
        parts.append(
            f'<rect class="bar" x="{i * step + 30:.1f}" y="{100 - size:.1f}" width="{step - 2:.1f}" height="{size:.1f}"/>'
        )
    for share in (0, 0.5, 1):
        x = 30 + share * (_LEFT + _WIDTH)
        shown = f"{10 ** (low + share * (high - low)):.3g} {html.escape(unit)}"
        parts.append(f'<text class="tick" x="{x}" y="118">{shown}</text>')
    return "".join([*parts, "</svg>"])


def _open(width: float, height: float) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" xmlns="http://www.w3.org/2000/svg">'
