"""How are figures drawn on the server: bars of places, a line of months, each with its links?

Every chart is drawn twice, for a wide page and for a phone; the style sheet shows one. The table
beside it says the same in words, so nothing hangs on colour or on seeing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

WIDE, NARROW = 640, 340
WHOLE = 920  # of a line, which has the page to itself: letters keep their size
COLUMNS_MOST = 12  # more names than that do not stand beside each other
RED, GREY, RULE = "#b1231f", "#8d949e", "#e3e5e9"


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its name, as people read it, and the page behind it.

    `mark` stands in the drawing, where the unit is said once for all; without one, all of `shown`.
    """

    label: str
    value: Decimal | None
    shown: str
    url: str = ""
    mark: str = ""
    is_running: bool = False  # of a time that has not ended


Drawn = Callable[[Sequence[Point], int], tuple[int, Iterator[str]]]


def bars(points: Sequence[Point], *, name: str, title: str, unit: str = "") -> SafeString:
    """Places side by side; nothing where there is nothing to draw."""
    if not any(one.value for one in points):
        return SafeString()
    wide = _columns if len(points) <= COLUMNS_MOST else _rows
    return _of(unit) + _both(points, (wide, _rows), WIDE, name=name, title=title)


def line(points: Sequence[Point], *, name: str, title: str, unit: str = "") -> SafeString:
    """One value over time; nothing where it never was more than nothing."""
    if not any(one.value for one in points):
        return SafeString()
    return _of(unit) + _both(points, (_line, _line), WHOLE, name=name, title=title)


def _of(unit: str) -> SafeString:
    return format_html('<p class="unit">单位：{}</p>', unit) if unit else SafeString()


def _both(
    points: Sequence[Point], drawn: tuple[Drawn, Drawn], wide: int, *, name: str, title: str
) -> SafeString:
    told = escape("；".join(f"{one.label} {one.shown}" for one in points))
    words = f'<title id="{{0}}-t">{escape(title)}</title><desc id="{{0}}-d">{told}</desc>'
    sizes = (("wide", wide), ("narrow", NARROW))
    pictures = (
        _picture(f"{name}-{kind}", kind, width, draw(points, width), words)
        for draw, (kind, width) in zip(drawn, sizes, strict=True)
    )
    return mark_safe("".join(pictures))  # noqa: S308 - every text is escaped, the rest are numbers


def _picture(name: str, kind: str, width: int, drawn: tuple[int, Iterator[str]], words: str) -> str:
    height, shapes = drawn
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width} {height}" role="group" '
        f'aria-labelledby="{name}-t {name}-d">{words.replace("{0}", name)}{"".join(shapes)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places between two ends."""

    least: float
    most: float
    start: float
    end: float

    def __call__(self, value: Decimal | float) -> float:
        part = (float(value) - self.least) / (self.most - self.least)
        return self.start + part * (self.end - self.start)


def _from_nothing(points: Sequence[Point], start: float, end: float) -> Scale:
    """For bars, whose length is the value: nothing always stands on the axis."""
    values = [float(one.value) for one in points if one.value is not None]
    least, most = min([0.0, *values]), max([0.0, *values])
    return Scale(least, most if most > least else least + 1, start, end)


# --- columns and rows -----------------------------------------------------------------------------

TOP, COLUMN_FLOOR, COLUMN_HEIGHT = 24, 180, 210
ROW_HEIGHT, BAR_HEIGHT = 30, 16


def _columns(points: Sequence[Point], width: int) -> tuple[int, Iterator[str]]:
    return COLUMN_HEIGHT, _column_shapes(points, width)


def _column_shapes(points: Sequence[Point], width: int) -> Iterator[str]:
    scale = _from_nothing(points, COLUMN_FLOOR, TOP)
    floor, step = scale(0), width / max(len(points), 1)
    yield f'<line x1="0" x2="{width}" y1="{floor:.1f}" y2="{floor:.1f}" stroke="{RULE}"/>'
    bar = min(step * 0.55, 56)
    letters = max(2, int(step / 12))
    for number, one in enumerate(points):
        middle = step * (number + 0.5)
        at = floor if one.value is None else scale(one.value)
        top, height = min(at, floor), abs(at - floor)
        over = top - 7 if at <= floor else top + height + 14
        shape = (
            f'<rect x="{middle - bar / 2:.1f}" y="{top:.1f}" width="{bar:.1f}" '
            f'height="{height:.1f}" rx="3" fill="{RED}"/>'
            f'<text class="v" x="{middle:.1f}" y="{over:.1f}" text-anchor="middle">'
            f"{escape(one.mark or one.shown)}</text>"
            f'<text x="{middle:.1f}" y="{COLUMN_HEIGHT - 8}" text-anchor="middle">'
            f"{escape(_cut(one.label, letters))}</text>"
        )
        yield _linked(one, shape)


def _rows(points: Sequence[Point], width: int) -> tuple[int, Iterator[str]]:
    return ROW_HEIGHT * max(len(points), 1) + 4, _row_shapes(points, width)


def _row_shapes(points: Sequence[Point], width: int) -> Iterator[str]:
    names = 108 if width == WIDE else 84
    scale = _from_nothing(points, names + 6, width - 92)
    axis = scale(0)
    for number, one in enumerate(points):
        top = number * ROW_HEIGHT + (ROW_HEIGHT - BAR_HEIGHT) / 2
        at = axis if one.value is None else scale(one.value)
        left, length = min(at, axis), abs(at - axis)
        line, mark = top + BAR_HEIGHT - 4, escape(one.mark or one.shown)
        shape = (
            f'<text x="{names}" y="{line:.1f}" text-anchor="end">'
            f"{escape(_cut(one.label, names // 13))}</text>"
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(length, 1):.1f}" '
            f'height="{BAR_HEIGHT}" rx="3" fill="{RED}"/>'
            f'<text class="v" x="{max(at, axis) + 6:.1f}" y="{line:.1f}">{mark}</text>'
        )
        yield _linked(one, shape)


def _cut(label: str, letters: int) -> str:
    return label if len(label) <= letters else f"{label[: letters - 1]}…"


def _linked(one: Point, shape: str) -> str:
    said = escape(f"{one.label} {one.shown}")
    named = f'<g aria-label="{said}">{shape}</g>'
    return f'<a href="{escape(one.url)}" aria-label="{said}">{shape}</a>' if one.url else named


# --- a line ---------------------------------------------------------------------------------------

LINE_HEIGHT, LINE_TOP, LINE_FLOOR, EDGE = 210, 30, 168, 26


def _line(points: Sequence[Point], width: int) -> tuple[int, Iterator[str]]:
    return LINE_HEIGHT, _line_shapes(points, width)


def _line_shapes(points: Sequence[Point], width: int) -> Iterator[str]:
    """Joined where neighbours have a value; a gap stays a gap."""
    values = [float(one.value) for one in points if one.value is not None]
    if not values:
        return
    spread = max(values) - min(values) or abs(max(values)) or 1
    least = max(0.0, min(values) - spread / 4) if min(values) >= 0 else min(values) - spread / 4
    scale = Scale(least, max(values) + spread / 20, LINE_FLOOR, LINE_TOP)
    step = (width - 2 * EDGE) / max(len(points) - 1, 1)
    floor = f'y1="{LINE_FLOOR}" y2="{LINE_FLOOR}"'
    yield f'<line x1="0" x2="{width}" {floor} stroke="{RULE}"/>'
    yield from _joined(points, scale, step)
    every = 1 if step >= 44 else 2 if step >= 26 else 3
    for number, one in enumerate(points):
        x = EDGE + step * number
        is_named = not (len(points) - 1 - number) % every
        if is_named:
            name = f'<text x="{x:.1f}" y="{LINE_HEIGHT - 16}" text-anchor="middle">'
            yield f"{name}{escape(one.label)}</text>"
        if one.value is not None:
            yield _linked(one, _dot(one, x, scale(one.value), is_named=is_named))


def _joined(points: Sequence[Point], scale: Scale, step: float) -> Iterator[str]:
    for number, (one, after) in enumerate(pairwise(points)):
        if one.value is None or after.value is None:
            continue
        x = EDGE + step * number
        dashed = ' stroke-dasharray="4 4"' if after.is_running else ""
        yield (
            f'<line x1="{x:.1f}" y1="{scale(one.value):.1f}" x2="{x + step:.1f}" '
            f'y2="{scale(after.value):.1f}" stroke="{RED}" stroke-width="2"{dashed}/>'
        )


def _dot(one: Point, x: float, y: float, *, is_named: bool) -> str:
    fill = "#fff" if one.is_running else RED
    # The wide circle is what a finger meets.
    dot = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="12" fill="transparent"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{RED}" stroke-width="2"/>'
    )
    if not is_named:
        return dot
    place = f'x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle"'
    return f'{dot}<text class="v" {place}>{escape(one.mark or one.shown)}</text>'
