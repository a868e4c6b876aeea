"""How does a briefing stand on paper, and what does it take along to be proven elsewhere?

From the check of the data on, the figures are those that were frozen; before, those of today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from lingyan.briefings.exports.draft import listed
from lingyan.briefings.exports.word import write_briefing
from lingyan.briefings.models import Briefing, BriefingFigure
from lingyan.briefings.queries.briefings import check
from lingyan.briefings.queries.frozen import bundled_figure, kept_of
from lingyan.briefings.rules import bundle as bundles
from lingyan.briefings.rules.briefing_words import LIVE, PUBLIC, BriefingState
from lingyan.briefings.rules.bundle import Bundle
from lingyan.briefings.rules.paper import (
    INTERNAL,
    Line,
    ListedFigure,
    Paper,
    Piece,
    declared_in,
    lines_of,
    written_day,
)
from lingyan.briefings.rules.text import parse
from lingyan.common.money import show_wan
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import banner
from lingyan.platform.indicators.definitions import PeriodKind
from lingyan.platform.indicators.registry import INDICATORS


def paper_of(briefing: Briefing, actor: Actor) -> Paper:
    lines, figures = _written(briefing, actor)
    declared = declared_in(parse(briefing.text))
    return Paper(
        series=briefing.series,
        issuer=briefing.issuer,
        title=briefing.title,
        lines=lines,
        signed_on=briefing.signed_on,
        issue_no=briefing.issue_no,
        total_no=briefing.total_no,
        is_supplement=briefing.is_supplement,
        mark=INTERNAL if briefing.is_internal else "",
        banners=tuple(filter(None, (banner(), _state(briefing)))),
        editor_note=briefing.editor_note,
        to_report=briefing.to_report,
        to_send=briefing.to_send,
        to_distribute=briefing.to_distribute,
        printer=briefing.printer,
        copies=briefing.copies,
        figures=figures,
        declared=declared,
    )


def _state(briefing: Briefing) -> str:
    """What nobody may take for an issued briefing says so."""
    if briefing.state == BriefingState.RECALLED and briefing.recalled_on:
        return f"已于{written_day(briefing.recalled_on)}撤回"
    if briefing.state in PUBLIC:
        return ""
    return f"{BriefingState(briefing.state).label}，尚未印发"


def _written(briefing: Briefing, actor: Actor) -> tuple[tuple[Line, ...], tuple[ListedFigure, ...]]:
    if briefing.state not in LIVE:
        rows = list(briefing.figures.defer("records"))
        frozen = {row.position: Piece(row.written) for row in rows}
        return lines_of(parse(briefing.text), frozen), tuple(map(_listed_row, rows))
    checked = check(briefing, actor)
    wrong = checked.wrong
    live = {
        position: Piece(one.written, wrong.get(position, ""))
        for position, one in checked.figures.items()
    }
    figures = tuple(listed(one) for one in checked.figures.values())
    return lines_of(checked.parsed, live, marked=True), figures


def _listed_row(row: BriefingFigure) -> ListedFigure:
    return ListedFigure(
        written=row.written,
        code=row.indicator,
        name=row.name,
        version=row.definition_version,
        value=_value(row),
        place=row.place_label,
        period=_period(row),
        records=str(row.record_count),
        digest=row.digest,
    )


def _value(row: BriefingFigure) -> str:
    return show_wan(Decimal(row.value)) if row.unit == "元" else f"{row.value}{row.unit}"


def _period(row: BriefingFigure) -> str:
    found = INDICATORS.get(row.indicator)
    by_day = found is not None and found.kind == PeriodKind.OF_DAY
    return f"截至 {row.on}" if by_day else row.period_label


def word_of(briefing: Briefing, actor: Actor, *, shows_list: bool) -> bytes:
    target = BytesIO()
    write_briefing(target, paper_of(briefing, actor), shows_list=shows_list)
    return target.getvalue()


# The bundle ----------------------------------------------------------------------------------


def bundle_of(briefing: Briefing) -> Bundle:
    rows = list(briefing.figures.all())
    figures = tuple(bundled_figure(row, kept_of(row)) for row in rows)
    return replace(_without_figures(briefing, rows), figures=figures)


def digest_of(briefing: Briefing) -> str:
    """The end of the bundle's chain. The figures are sealed already: no record is read."""
    rows = list(briefing.figures.defer("records"))
    seals = {row.position: row.bundle_seal for row in rows}
    return bundles.end_of_chain(_without_figures(briefing, rows), seals)


def _without_figures(briefing: Briefing, rows: Iterable[BriefingFigure]) -> Bundle:
    written = {row.position: row.written for row in rows}
    return Bundle(
        head={
            "series": briefing.series,
            "year": str(briefing.issue_year),
            "number": str(briefing.issue_no),
            "total": str(briefing.total_no or ""),
            "supplement": "是" if briefing.is_supplement else "否",
            "title": briefing.title,
            "issuer": briefing.issuer,
            "editor_note": briefing.editor_note,
            "signed_on": str(briefing.signed_on),
            "note": banner(),
        },
        source=briefing.text,
        text=bundles.text_of(briefing.text, written),
        figures=(),
    )


def file_name(briefing: Briefing, suffix: str) -> str:
    number = f"{briefing.issue_year}年第{briefing.issue_no}期" if briefing.issue_no else "草稿"
    kind = "增刊" if briefing.is_supplement else ""
    return f"{briefing.series}{kind}{number} {briefing.title}{suffix}"
