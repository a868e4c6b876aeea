"""What does a template say with the figures of this moment, and what is wrong with it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.briefings.queries.bound import Bound, Checked, Setting, check_text
from lingyan.briefings.rules.paper import ListedFigure, Paper, Piece, declared_in, lines_of
from lingyan.briefings.rules.periods import read_period
from lingyan.briefings.rules.supplied import Supplied
from lingyan.briefings.rules.text import Mistake
from lingyan.briefings.rules.writing import NOTHING_TOLD, OTHER_UNIT
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import banner
from lingyan.platform.indicators.definitions import PeriodKind

BANNER = "草稿，未经核对和签发"
MARKED = (NOTHING_TOLD, OTHER_UNIT)
WORDING = "wording."


@dataclass(frozen=True, slots=True)
class Draft:
    paper: Paper
    figures: int
    marked: tuple[Mistake, ...]  # shown in the file; nothing of this may be issued
    broken: tuple[Mistake, ...]  # with these there is no file


def draft(template: Supplied, place: Place, *, period: str, actor: Actor, today: date) -> Draft:
    """Refused for a period that is none or lies ahead."""
    told = read_period(period, today=today)
    checked = check_text(template.text, Setting(actor, place, told.on, period, today))
    broken = (*checked.parsed.mistakes, *(one for one in checked.untrue if not _is_marked(one)))
    kept = tuple(one for one in checked.mistakes if one not in broken)
    return Draft(_paper(template, place, checked), len(checked.parsed.figures), kept, broken)


def _is_marked(mistake: Mistake) -> bool:
    code = mistake.refusal.code
    return code in MARKED or code.startswith(WORDING)


def _paper(template: Supplied, place: Place, checked: Checked) -> Paper:
    wrong = checked.wrong
    pieces = {
        position: Piece(one.written, wrong.get(position, ""))
        for position, one in checked.figures.items()
    }
    return Paper(
        series=template.series,
        issuer=issuer_of(place),
        title=template.title,
        lines=lines_of(checked.parsed, pieces, marked=True),
        banners=tuple(filter(None, (banner(), BANNER))),
        printer=f"{issuer_of(place)}办公室",
        figures=tuple(map(listed, checked.figures.values())),
        declared=declared_in(checked.parsed),
    )


def issuer_of(place: Place) -> str:
    """中共宣汉县委组织部; of a town its committee."""
    if place.level == PlaceLevel.COUNTY:
        return f"中共{place}委组织部"
    return f"中共{place.parent or ''}{place}委员会"


def listed(one: Bound) -> ListedFigure:
    indicator, on = one.indicator, one.told.on
    by_day = indicator.kind == PeriodKind.OF_DAY
    return ListedFigure(
        written=one.written,
        code=indicator.code,
        name=indicator.name,
        version=indicator.version,
        value=f"{indicator.shown(one.parts)}{'' if indicator.unit == '元' else indicator.unit}",
        place=one.where.label,
        period=f"截至 {on}" if by_day else one.told.dates,
    )
