"""What do the figures of a text amount to, and is anything wrong with it?

Each question is asked once, however many figures of the text, or relations between them, ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat

from lingyan.briefings.queries.figures import may_read, parts_of
from lingyan.briefings.rules.dashboards import OF_UNITS
from lingyan.briefings.rules.numbers import unbound, unbound_above
from lingyan.briefings.rules.periods import USUAL, Told, read_period
from lingyan.briefings.rules.text import Declared, Figure, Mistake, Parsed, Spot, parse
from lingyan.briefings.rules.writing import Told as Amount
from lingyan.briefings.rules.writing import contradictions, refuse_written, write
from lingyan.common.refusals import Refusal, Refused
from lingyan.common.wording import in_quotes
from lingyan.directory.models import Place, Unit
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Indicator, Parts, Question

WHOLE = "全县"


@dataclass(slots=True)
class Answers:
    """The numbers of one page, each found once."""

    found: dict[tuple[str, Question], Parts] = field(default_factory=dict)

    def parts(self, indicator: Indicator, question: Question) -> Parts:
        key = (indicator.code, question)
        if key not in self.found:
            self.found[key] = parts_of(indicator, question)
        return self.found[key]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the text is about where a figure says nothing else, and who asks."""

    actor: Actor
    county: Place
    on: date
    period: str
    today: date


@dataclass(frozen=True, slots=True)
class Where:
    """The place, or the unit, that a figure is of."""

    place: Place | None = None
    unit: Unit | None = None

    @property
    def scope(self) -> Scope:
        if self.unit is not None:
            return Scope((), (self.unit.pk,))
        return Scope((self.place.path,)) if self.place else Scope()

    @property
    def label(self) -> str:
        """A village with its town: two towns may have villages of one name."""
        if self.place is None:
            return str(self.unit)
        town = self.place.parent if self.place.level == PlaceLevel.VILLAGE else None
        return f"{town or ''}{self.place}"


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure of the text with what it asks and what it amounts to."""

    figure: Figure
    where: Where
    told: Told
    indicator: Indicator
    parts: Parts
    written: str

    @property
    def question(self) -> Question:
        return Question(self.where.scope, self.told.on, self.told.period)

    @property
    def amount(self) -> Amount:
        return Amount(self.indicator, self.parts, self.written)


@dataclass(frozen=True, slots=True)
class Checked:
    """A text with its figures, by their position, and everything that is wrong with it."""

    parsed: Parsed
    figures: Mapping[int, Bound]
    named: Mapping[tuple[int, str], Amount]  # those that a figure is held against
    typed: tuple[Mistake, ...]  # what cannot be read, and numbers typed by hand
    untrue: tuple[Mistake, ...]  # figures that are none, wordings and relations that do not hold

    @property
    def mistakes(self) -> list[Mistake]:
        return sorted((*self.typed, *self.untrue), key=lambda one: (one.spot.line, one.spot.column))

    @property
    def wrong(self) -> dict[int, str]:
        """What is wrong with which figure, in words."""
        told: dict[int, list[str]] = {}
        at = {one.spot: one.position for one in self.parsed.figures}
        for mistake in self.untrue:
            told.setdefault(at[mistake.spot], []).append(mistake.refusal.text)
        return {position: "；".join(texts) for position, texts in told.items()}


Above = Sequence[tuple[str, str]]
"""What is printed above the text: its name and its words."""


def check_text(
    text: str, setting: Setting, answers: Answers | None = None, above: Above = ()
) -> Checked:
    parsed = parse(text)
    binder = _Binder(setting, answers or Answers(), _places(setting, parsed.figures), [])
    bound = {one.position: found for one in parsed.figures if (found := binder.bind(one))}
    named = {
        (one.figure.position, code): amount
        for one in bound.values()
        for code in one.figure.named
        if (amount := binder.named(one, code))
    }
    amounts = {position: one.amount for position, one in bound.items()}
    untrue = [
        Mistake(one.figure.spot, refusal)
        for one in bound.values()
        for refusal in refuse_written(one.figure, one.amount)
    ]
    return Checked(
        parsed,
        bound,
        named,
        typed_in(parsed, above, [one.written for one in bound.values()]),
        (*binder.mistakes, *untrue, *contradictions(parsed, amounts, named)),
    )


def typed_in(parsed: Parsed, above: Above, written: Sequence[str]) -> tuple[Mistake, ...]:
    """What cannot be read, and numbers typed by hand in the text or above it."""
    declared = (one.text for one in parsed.pieces(Declared))
    printed = sorted((*declared, *written), key=len, reverse=True)
    wrong = (one for name, words in above for one in unbound_above(name, words, printed))
    return (*parsed.mistakes, *unbound(parsed), *wrong)


@dataclass(frozen=True, slots=True)
class _Binder:
    setting: Setting
    answers: Answers
    places: Mapping[str, list[Where]]
    mistakes: list[Mistake]

    def bind(self, figure: Figure) -> Bound | None:
        try:
            where = self._where(figure.place)
            indicator, told = self._indicator(figure.code, where), self._period(figure.period)
        except Refused as refused:
            self.mistakes.extend(Mistake(figure.spot, one) for one in refused.refusals)
            return None
        question = Question(where.scope, told.on, told.period)
        parts = self.answers.parts(indicator, question)
        return Bound(figure, where, told, indicator, parts, write(indicator, parts, figure))

    def named(self, bound: Bound, code: str) -> Amount | None:
        """Another figure at the same place and period."""
        indicator = self.try_code(bound.figure, code, bound.where)
        if indicator is None:
            return None
        return Amount(indicator, self.answers.parts(indicator, bound.question), "")

    def try_code(self, figure: Figure, code: str, where: Where | None = None) -> Indicator | None:
        try:
            return self._indicator(code, where)
        except Refused as refused:
            self.mistakes.extend(Mistake(figure.spot, one) for one in refused.refusals)
            return None

    def try_period(self, figure: Figure) -> None:
        try:
            self._period(figure.period)
        except Refused as refused:
            self.mistakes.extend(Mistake(figure.spot, one) for one in refused.refusals)

    def try_place(self, figure: Figure) -> None:
        try:
            self._where(figure.place)
        except Refused as refused:
            self.mistakes.extend(Mistake(figure.spot, one) for one in refused.refusals)

    def _indicator(self, code: str, where: Where | None) -> Indicator:
        found = registry.find(code)
        if found is None:
            raise Refused((registry.refuse_unknown(code),))
        if not may_read(self.setting.actor, found):
            text = f"您的身份看不到{in_quotes(found.name)}，请由看得到的人核对，或者换一个指标"
            raise Refused((Refusal("briefings.figure.not_yours", text),))
        if where and where.unit and found.code not in OF_UNITS:
            text = f"{in_quotes(found.name)}不按单位统计，请写全县、乡镇或村"
            raise Refused((Refusal("briefings.figure.not_of_units", text),))
        return found

    def _period(self, text: str) -> Told:
        said = text or self.setting.period or USUAL
        return read_period(said, today=self.setting.today, on=self.setting.on)

    def _where(self, name: str) -> Where:
        if name in ("", WHOLE):
            return Where(self.setting.county)
        found = self.places.get(name, [])
        if len(found) == 1:
            return found[0]
        if not found:
            text = f"本县没有“{name}”这个地方或单位"
            raise Refused((Refusal("briefings.figure.no_place", text),))
        named = "、".join(one.label for one in found[:4])
        raise Refused(
            (Refusal("briefings.figure.which_place", f"有几个“{name}”，请写全：{named}"),)
        )


def _places(setting: Setting, figures: Iterable[Figure]) -> Mapping[str, list[Where]]:
    """The places of the county that the text names, with or without their town, and its units."""
    names = {one.place for one in figures} - {"", WHOLE}
    if not names:
        return {}
    county = Scope((setting.county.path,))
    inside = Place.objects.visible_to(county).filter(ended_on__isnull=True)
    whole = Concat(Coalesce("parent__short_name", Value("")), "short_name")
    named = Q(name__in=names) | Q(short_name__in=names) | Q(whole_name__in=names)
    found: dict[str, list[Where]] = {}
    rows = inside.annotate(whole_name=whole).filter(named).select_related("parent")
    for place in rows.order_by("path"):
        with_town = f"{place.parent or ''}{place}"
        for name in {place.name, place.short_name, with_town} & names:
            found.setdefault(name, []).append(Where(place))
    if left := names - found.keys():
        units = Unit.objects.visible_to(county).filter(name__in=left)
        for unit in units.order_by("name", "pk"):
            found.setdefault(unit.name, []).append(Where(unit=unit))
    return found


def refuse_asked(setting: Setting, period: str, place: str) -> list[Refusal]:
    """Why no figure can be of that period or of that place, whichever indicator it is."""
    figure = Figure(0, "", Spot(0, 0), "", period=period, place=place)
    binder = _Binder(setting, Answers(), _places(setting, [figure]), [])
    binder.try_period(figure)
    binder.try_place(figure)
    return [one.refusal for one in binder.mistakes]


def check_template(text: str, setting: Setting) -> list[Mistake]:
    """What cannot be read, and figures that are none; whether a wording is true shows later."""
    parsed = parse(text)
    binder = _Binder(setting, Answers(), {}, [])
    for figure in parsed.figures:
        for code in (figure.code, *figure.named):
            binder.try_code(figure, code)
        binder.try_period(figure)
    found = (*parsed.mistakes, *unbound(parsed), *binder.mistakes)
    return sorted(found, key=lambda one: (one.spot.line, one.spot.column))
