"""How is a row of figures of two plans drawn, on the server and readable without colour?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, FLOOR, TOP = 560, 210, 172, 22
FIRST, SECOND = "#8d949e", "#b1231f"


@dataclass(frozen=True, slots=True)
class Bars:
    """One figure of plan A and one of plan B under each label; the table beside shows the same."""

    labels: tuple[str, ...]
    a: tuple[int, ...]
    b: tuple[int, ...]

    @property
    def rows(self) -> list[tuple[str, int, int]]:
        return list(zip(self.labels, self.a, self.b, strict=True))


def grouped_bars(bars: Bars, *, title: str, unit: str) -> SafeString:
    """Two bars for each label: A hatched by a lighter tone and named, B solid."""
    said = "；".join(f"{label} 甲 {a} {unit}、乙 {b} {unit}" for label, a, b in bars.rows)
    return mark_safe(  # noqa: S308 - labels are escaped, the rest are numbers
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" '
        f'aria-labelledby="bars-title bars-desc"><title id="bars-title">{escape(title)}</title>'
        f'<desc id="bars-desc">{escape(said)}</desc>'
        f'<line x1="0" x2="{WIDTH}" y1="{FLOOR}" y2="{FLOOR}" stroke="#e3e5e9"/>'
        f"{''.join(_groups(bars))}</svg>"
    )


def _groups(bars: Bars) -> Iterator[str]:
    most = max((*bars.a, *bars.b, 1))
    step = WIDTH / max(len(bars.labels), 1)
    width = min(step * 0.3, 38)
    for number, (label, a, b) in enumerate(bars.rows):
        middle = step * (number + 0.5)
        yield _bar(middle - width - 2, width, a, most, FIRST)
        yield _bar(middle + 2, width, b, most, SECOND)
        place = f'x="{middle:.0f}" y="{HEIGHT - 16}" text-anchor="middle"'
        yield f"<text {place}>{escape(label)}</text>"


def _bar(left: float, width: float, value: int, most: int, colour: str) -> str:
    height = (FLOOR - TOP) * value / most
    top = FLOOR - height
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3" '
        f'fill="{colour}"/><text x="{left + width / 2:.1f}" y="{top - 6:.1f}" '
        f'text-anchor="middle">{value}</text>'
    )
