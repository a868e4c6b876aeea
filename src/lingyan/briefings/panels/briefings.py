"""What do the pages of briefings show: the text with its figures, the picker, what waits?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from lingyan.briefings.models import Briefing, BriefingFigure
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.queries.asking import key_of_place, query_of
from lingyan.briefings.queries.bound import Answers, Bound, Checked, Setting, Where, check_text
from lingyan.briefings.queries.figures import list_indicators
from lingyan.briefings.queries.frozen import Since
from lingyan.briefings.rules import briefings as rules
from lingyan.briefings.rules.briefing_words import BriefingState
from lingyan.briefings.rules.numbers import typed_numbers
from lingyan.briefings.rules.text import Block, Declared, Figure, Parsed, Piece, parse
from lingyan.common import clock
from lingyan.common.money import show_wan
from lingyan.directory.areas import WHOLE
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators.definitions import Indicator
from lingyan.platform.ui.worklist import (
    Source,
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

PICKED_MOST = 8


# --- the text -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """Part of a line: `kind` is words, declared, typed or figure."""

    text: str
    kind: str = "words"
    url: str = ""
    hint: str = ""
    wrong: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    level: int
    number: str
    lead: tuple[ShownPiece, ...]
    rest: tuple[ShownPiece, ...]


def draft_text(checked: Checked, actor: Actor) -> list[ShownBlock]:
    """With the numbers of today; what is wrong is marked where it stands."""
    wrong = checked.wrong
    shown = {
        one.position: _live(checked.figures.get(one.position), one, wrong, actor)
        for one in checked.parsed.figures
    }
    return _blocks(checked.parsed, shown)


def _live(
    bound: Bound | None, figure: Figure, wrong: Mapping[int, str], actor: Actor
) -> ShownPiece:
    why = wrong.get(figure.position, "")
    if bound is None:
        return ShownPiece(figure.source, "figure", wrong=why)
    records = reverse("figure_records", args=[bound.indicator.code])
    hint = f"{bound.indicator.name} · {bound.where.label} · {bound.told.label}"
    url = f"{records}?{query_of(_area(bound.where, actor), bound.told)}"
    return ShownPiece(bound.written, "figure", url, hint, why)


def _area(where: Where, actor: Actor) -> str:
    if where.place is None:
        return f"unit-{where.unit.pk}" if where.unit else ""
    return WHOLE if where.place.level == "county" else key_of_place(actor, where.place)


def frozen_text(
    briefing: Briefing, rows: Iterable[BriefingFigure], since: Mapping[int, Since]
) -> list[ShownBlock]:
    """With the numbers as they were frozen; what has changed since leads to what it is."""
    shown = {
        row.position: ShownPiece(
            row.written,
            "figure",
            reverse("briefing_figure", args=[briefing.pk, row.position + 1]),
            f"{row.name} · {row.place_label} · {row.period_label}",
            changed=since[row.position].words if row.position in since else "",
        )
        for row in rows
    }
    return _blocks(parse(briefing.text), shown)


def value_of(row: BriefingFigure) -> str:
    """The number itself, with its unit: 87 人, 3,250.0 万元."""
    value = Decimal(row.value)
    return show_wan(value) if row.unit == "元" else f"{value:,} {row.unit}"


def _blocks(parsed: Parsed, figures: Mapping[int, ShownPiece]) -> list[ShownBlock]:
    return [_block(one, figures) for one in parsed.blocks]


def _block(block: Block, figures: Mapping[int, ShownPiece]) -> ShownBlock:
    def shown(pieces: Sequence[Piece]) -> tuple[ShownPiece, ...]:
        return tuple(found for piece in pieces for found in _pieces(piece, figures))

    lead, rest = block.pieces[: block.lead], block.pieces[block.lead :]
    return ShownBlock(block.level, block.number, shown(lead), shown(rest))


def _pieces(piece: Piece, figures: Mapping[int, ShownPiece]) -> Iterable[ShownPiece]:
    if isinstance(piece, Figure):
        yield figures.get(piece.position, ShownPiece(piece.source, "figure"))
        return
    if isinstance(piece, Declared):
        yield ShownPiece(piece.text, "declared", hint=f"申明为文字：{piece.reason}")
        return
    start = 0
    for typed in typed_numbers(piece):
        at = typed.spot.column - piece.spot.column
        yield ShownPiece(piece.text[start:at])
        start = at + len(typed.text)
        yield ShownPiece(typed.text, "typed", wrong="手写的数字")
    yield ShownPiece(piece.text[start:])


# --- the picker -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picked:
    """One indicator that may be put into the text, with what it says there today."""

    indicator: Indicator
    token: str
    written: str
    wrong: str
    url: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a writer looks for: words, and the period and place of the figure."""

    text: str = ""
    period: str = ""
    place: str = ""


def pick(setting: Setting, wish: Wish) -> tuple[list[Picked], int]:
    """A few of those that fit, and how many fit."""
    found = [one for one in list_indicators(setting.actor) if _is_meant(one, wish.text)]
    answers = Answers()
    return [_picked(one, setting, wish, answers) for one in found[:PICKED_MOST]], len(found)


def _is_meant(indicator: Indicator, text: str) -> bool:
    said = f"{indicator.name} {indicator.basis} {indicator.group} {indicator.code} "
    said += " ".join(indicator.rows)
    return all(word in said.upper() for word in text.upper().split())


def _picked(indicator: Indicator, setting: Setting, wish: Wish, answers: Answers) -> Picked:
    options = [f"期间={wish.period}"] if wish.period else []
    options += [f"地方={wish.place}"] if wish.place else []
    token = "{" + "|".join([indicator.code, *options]) + "}"
    checked = check_text(token, setting, answers)
    bound = checked.figures.get(0)
    wrong = "；".join(one.refusal.text for one in checked.mistakes)
    url = reverse("figure_detail", args=[indicator.code])
    return Picked(indicator, token, bound.written if bound else "", wrong, url)


def put_in(text: str, token: str, line: int | None) -> str:
    """At the end of that line of the text, or of the whole."""
    lines = text.split("\n")
    at = len(lines) - 1 if line is None or not 0 < line <= len(lines) else line - 1
    row = lines[at]
    stop = row[-1:] if row[-1:] in ("。", "；") else ""
    lines[at] = f"{row[: len(row) - len(stop)]}{token}{stop}"
    return "\n".join(lines)


def lines_to_choose(text: str) -> list[tuple[int, str]]:
    """Where a figure may be put without JavaScript."""
    return [
        (number, f"第 {number} 行：{line[:14]}")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]


# --- editions -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of two texts side by side: kept, gone or new."""

    text: str
    mark: str


MARKS = {" ": "same", "-": "gone", "+": "new"}


def compared(before: str, after: str) -> list[ShownLine]:
    rows = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [ShownLine(row[2:], MARKS[row[0]]) for row in rows if row[0] in MARKS]


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _to_review(actor: Actor) -> Iterable[Waiting]:
    rows = queries.list_open(actor, BriefingState.DATA_CHECKED)
    yield Waiting(
        "份简报等您审核", "数据已核对封存", _of_others(rows, actor),
        page_of("briefing_list", state="data_checked"),
    )  # fmt: skip


def _to_sign(actor: Actor) -> Iterable[Waiting]:
    rows = queries.list_open(actor, BriefingState.REVIEWED)
    yield Waiting(
        "份简报等您签发", "签发时编期号", _of_others(rows, actor),
        page_of("briefing_list", state="reviewed"),
    )  # fmt: skip


def _of_others(rows: QuerySet[Briefing], actor: Actor) -> QuerySet[Briefing]:
    """Those of which this person neither wrote the text nor checked the data (R-0-20)."""
    rows = rows.exclude(checked_by_id=actor.user_id)
    return rows.exclude(editions__saved_by_id=actor.user_id)


def _to_issue(actor: Actor) -> Iterable[Waiting]:
    rows = queries.list_open(actor, BriefingState.SIGNED)
    yield Waiting(
        "份已签发的简报等印发", f"数据核对超过 {rules.MAX_AGE_DAYS} 天要重新核对",
        rows, page_of("briefing_list", state="signed"),
    )  # fmt: skip


SOURCES: tuple[Source, ...] = (
    (rules.REVIEWERS, _to_review),
    (rules.SIGNERS, _to_sign),
    (rules.WRITERS, _to_issue),
)


def is_old(briefing: Briefing) -> bool:
    return rules.is_old(briefing.checked_at, clock.now())
