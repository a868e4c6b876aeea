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
from lingyan.briefings.rules.numbers import unbound, unbound_above
from lingyan.briefings.rules.periods import USUAL, Told, read_period
from lingyan.briefings.rules.text import Declared, Figure, Mistake, Parsed, parse
from lingyan.briefings.rules.writing import Told as Amount
from lingyan.briefings.rules.writing import contradictions, refuse_written, write
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory.models import Place
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
    is_frozen: bool = False  # asked of what a check has read, so no reader is asked for

    def may_read(self, indicator: Indicator) -> bool:
        return self.is_frozen or may_read(self.actor, indicator)


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure of the text with what it asks and what it amounts to."""

    figure: Figure
    place: Place
    told: Told
    indicator: Indicator
    parts: Parts
    written: str

    @property
    def question(self) -> Question:
        return Question(Scope((self.place.path,)), self.told.on, self.told.period)

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
        for code in _named(one.figure)
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
        (*parsed.mistakes, *unbound(parsed), *_unbound_above(above, parsed, bound)),
        (*binder.mistakes, *untrue, *contradictions(parsed, amounts, named)),
    )


def _unbound_above(above: Above, parsed: Parsed, bound: Mapping[int, Bound]) -> Iterable[Mistake]:
    declared = (one.text for one in parsed.pieces(Declared))
    printed = sorted((*declared, *(one.written for one in bound.values())), key=len, reverse=True)
    return (wrong for name, words in above for wrong in unbound_above(name, words, printed))


def _named(figure: Figure) -> Iterable[str]:
    at_most = (figure.at_most,) if figure.at_most else ()
    return dict.fromkeys((*at_most, *figure.sum_of, *figure.share_of))


@dataclass(frozen=True, slots=True)
class _Binder:
    setting: Setting
    answers: Answers
    places: Mapping[str, list[Place]]
    mistakes: list[Mistake]

    def bind(self, figure: Figure) -> Bound | None:
        try:
            indicator, place = self._indicator(figure.code), self._place(figure.place)
            told = self._period(figure.period)
        except Refused as refused:
            self.mistakes.extend(Mistake(figure.spot, one) for one in refused.refusals)
            return None
        question = Question(Scope((place.path,)), told.on, told.period)
        parts = self.answers.parts(indicator, question)
        return Bound(figure, place, told, indicator, parts, write(indicator, parts, figure))

    def named(self, bound: Bound, code: str) -> Amount | None:
        """Another figure at the same place and period."""
        indicator = self.try_code(bound.figure, code)
        if indicator is None:
            return None
        return Amount(indicator, self.answers.parts(indicator, bound.question), "")

    def try_code(self, figure: Figure, code: str) -> Indicator | None:
        try:
            return self._indicator(code)
        except Refused as refused:
            self.mistakes.extend(Mistake(figure.spot, one) for one in refused.refusals)
            return None

    def try_period(self, figure: Figure) -> None:
        try:
            self._period(figure.period)
        except Refused as refused:
            self.mistakes.extend(Mistake(figure.spot, one) for one in refused.refusals)

    def _indicator(self, code: str) -> Indicator:
        found = registry.find(code)
        if found is None:
            raise Refused((registry.refuse_unknown(code),))
        if not self.setting.may_read(found):
            text = f"您的身份看不到“{found.name}”，请由看得到的人核对，或者换一个指标"
            raise Refused((Refusal("briefings.figure.not_yours", text),))
        return found

    def _period(self, text: str) -> Told:
        said = text or self.setting.period or USUAL
        return read_period(said, today=self.setting.today, on=self.setting.on)

    def _place(self, name: str) -> Place:
        if name in ("", WHOLE):
            return self.setting.county
        found = self.places.get(name, [])
        if len(found) == 1:
            return found[0]
        if not found:
            raise Refused((Refusal("briefings.figure.no_place", f"本县没有“{name}”"),))
        named = "、".join(f"{one.parent or ''}{one}" for one in found[:4])
        raise Refused(
            (Refusal("briefings.figure.which_place", f"有几个“{name}”，请写全：{named}"),)
        )


def _places(setting: Setting, figures: Iterable[Figure]) -> Mapping[str, list[Place]]:
    """The places of the county that the text names, with or without their town, in one query."""
    names = {one.place for one in figures} - {"", WHOLE}
    if not names:
        return {}
    inside = Place.objects.visible_to(Scope((setting.county.path,))).filter(ended_on__isnull=True)
    whole = Concat(Coalesce("parent__short_name", Value("")), "short_name")
    named = Q(name__in=names) | Q(short_name__in=names) | Q(whole_name__in=names)
    found: dict[str, list[Place]] = {}
    rows = inside.annotate(whole_name=whole).filter(named).select_related("parent")
    for place in rows.order_by("path"):
        with_town = f"{place.parent or ''}{place}"
        for name in {place.name, place.short_name, with_town} & names:
            found.setdefault(name, []).append(place)
    return found


def check_template(text: str, setting: Setting) -> list[Mistake]:
    """What cannot be read, and figures that are none; whether a wording is true shows later."""
    parsed = parse(text)
    binder = _Binder(setting, Answers(), {}, [])
    for figure in parsed.figures:
        for code in (figure.code, *_named(figure)):
            binder.try_code(figure, code)
        binder.try_period(figure)
    found = (*parsed.mistakes, *unbound(parsed), *binder.mistakes)
    return sorted(found, key=lambda one: (one.spot.line, one.spot.column))
