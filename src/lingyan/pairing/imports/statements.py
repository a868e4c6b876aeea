"""What do the sheets of both sides' statements say, and how do they become those of a round?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow, Sheet
from lingyan.directory.imports.naming import Found, Names, RowReader
from lingyan.directory.models import Place, Unit
from lingyan.directory.rules import NameBook, Named, plain_name, short_village_name
from lingyan.directory.rules.hands import LEADER, STAFF
from lingyan.pairing.actions import rounds as round_actions
from lingyan.pairing.actions.statements import (
    Said,
    reasons_against_answers,
    reasons_against_stating,
    save_answers,
    state_unit,
    state_village,
)
from lingyan.pairing.models import PairAnswer, PairRound, PairRoundUnit, PairRoundVillage
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules import Answer, Resource
from lingyan.pairing.rules import rounds as rules
from lingyan.pairing.rules.rounds import Side, Statement
from lingyan.pairing.sheets import PAIR_MATRIX, PAIR_UNITS, PAIR_VILLAGES
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

Joined = PairRoundUnit | PairRoundVillage
Values = Mapping[str, Any]
ANSWERS = (("asked", Answer.ASKED), ("willing", Answer.WILLING), ("refused", Answer.REFUSED))

NO_ROUND = Flaw("没有选择批次", "请先选择批次", "no round was chosen", "choose a round")
TWO_ANSWERS = Flaw(
    "同一个对方写了两种意愿", "请只留一种", "one other has two answers", "keep one of them"
)
ABOUT_UNITS = "结对批次里单位填报的行业、资源、结对数和意愿；征集期间由县委组织部代录"
ABOUT_VILLAGES = "结对批次里村填报的产业、需要、结对数和意愿；征集期间由乡镇或县委组织部代录"


# --- who is in the round --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InRound:
    """Both sides of one round by name, with what each has said of the other."""

    round: PairRound
    units: Found[Unit]
    villages: Found[Place]
    joined: Mapping[UUID, Joined]  # by the unit or the village itself
    labels: Mapping[UUID, str]  # how a cell names each, by its place in the round
    said: Mapping[tuple[UUID, str], Mapping[UUID, PairAnswer]]

    def of(self, joined: Joined) -> Mapping[UUID, PairAnswer]:
        return self.said.get((joined.pk, _side(joined)), {})


def _side(joined: Joined) -> str:
    return Side.UNIT if isinstance(joined, PairRoundUnit) else Side.VILLAGE


def in_round(option: str, actor: Actor) -> InRound | None:
    round = queries.list_rounds(actor.scope).filter(pk__in=queries.uuids([option])).first()
    if round is None:
        return None
    units = {str(one.pk): one for one in queries.list_round_units(round)}
    villages = {str(one.pk): one for one in queries.list_round_villages(round)}
    often = Counter(one.village.short_name for one in villages.values())
    of_villages = {
        key: Named(key, one.village.name, _label(one.village, often), _town(one.village),
                   one.village.code or None)
        for key, one in villages.items()
    }  # fmt: skip
    of_units = {key: Named(key, one.unit.name, one.unit.name) for key, one in units.items()}
    return InRound(
        round,
        Found(
            NameBook(of_units.values(), short=plain_name),
            {key: one.unit for key, one in units.items()},
            "单位",
        ),
        Found(
            NameBook(of_villages.values(), short=short_village_name),
            {key: one.village for key, one in villages.items()},
            "村",
        ),
        {one.unit_id: one for one in units.values()}
        | {one.village_id: one for one in villages.values()},
        {UUID(key): one.label for key, one in (of_units | of_villages).items()},
        _said(round),
    )


def _label(village: Place, often: Mapping[str, int]) -> str:
    """By its name; by name and town where two villages of the round have one name."""
    town = _town(village)
    twin = often[village.short_name] > 1 and town
    return f"{village.short_name}（{town}）" if twin else village.short_name


def _town(village: Place) -> str | None:
    return village.parent.short_name if village.parent else None


def _said(round: PairRound) -> dict[tuple[UUID, str], dict[UUID, PairAnswer]]:
    found: dict[tuple[UUID, str], dict[UUID, PairAnswer]] = {}
    for one in PairAnswer.objects.filter(round_unit__round=round).order_by("pk"):
        sides = (one.round_unit_id, one.round_village_id)
        mine, other = sides if one.side == Side.UNIT else sides[::-1]
        found.setdefault((mine, one.side), {})[other] = one
    return found


def list_rounds(actor: Actor) -> list[tuple[str, str]]:
    """The rounds in scope, the newest first."""
    rounds = queries.list_rounds(actor.scope).exclude(state=rules.PairRoundState.CANCELLED)
    return [(str(one.pk), one.name) for one in rounds.order_by("-created_at", "pk")]


# --- one row --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """What one row would write."""

    joined: Joined
    statement: Statement
    answers: Mapping[UUID, Said]
    town: Place | None
    remark: str


@dataclass(frozen=True, slots=True)
class SideOfRound:
    """What differs between the two sheets."""

    sheet: Sheet
    words: str  # the column of sectors or industries
    find: Callable[[InRound, RowReader], Joined | None]
    others: Callable[[InRound], Found[Any]]


def _find_unit(within: InRound, reader: RowReader) -> Joined | None:
    return _kept(reader, "unit", within.units.one(reader.text("unit")), within)


def _find_village(within: InRound, reader: RowReader) -> Joined | None:
    wanted = reader.row.values["code"] or reader.text("village")
    found = within.villages.one(wanted, reader.text("town") or None)
    return _kept(reader, "village", found, within)


def _kept(
    reader: RowReader, column: str, found: Unit | Place | Flaw, within: InRound,
    text: str | None = None,
) -> Joined | None:  # fmt: skip
    if isinstance(found, Flaw):
        reader.fault(column, found, text)
        return None
    return within.joined[found.pk]


OF_UNITS = SideOfRound(PAIR_UNITS, "sectors", _find_unit, lambda within: within.villages)
OF_VILLAGES = SideOfRound(PAIR_VILLAGES, "industries", _find_village, lambda within: within.units)


def _match(side: SideOfRound, incoming: Incoming, actor: Actor) -> list[RowOutcome]:
    within = in_round(incoming.option, actor)
    names = Names(actor)
    if within is None:
        readers = [RowReader(row, side.sheet, Names(Actor.system())) for row in incoming.rows]
        for reader in readers:
            reader.fault(side.sheet.columns[0].name, NO_ROUND)
        return [wrong(reader.row, "", reader.faults) for reader in readers]
    return [_match_row(side, row, within, names, actor) for row in incoming.rows]


def _match_row(
    side: SideOfRound, row: ParsedRow, within: InRound, names: Names, actor: Actor
) -> RowOutcome:
    reader = RowReader(row, side.sheet, names)
    label = reader.text(side.sheet.columns[0].name)
    joined = side.find(within, reader)
    given = {name: value for name, value in row.values.items() if value is not None}
    named = {column: _named(side, reader, column, within) for column, _ in ANSWERS}
    given |= {column: _cell(found, within) for column, found in named.items() if column in given}
    town = _stated_town(side, reader)
    if joined is None or reader.faults:
        return wrong(row, label, reader.faults)
    before = _row_of(joined, within)
    plan = Plan(
        joined, _statement(side, before, given), _answers(reader, joined, within, named, given),
        town or getattr(joined, "town", None), given.get("remark", joined.remark),
    )  # fmt: skip
    outcome = outcome_of(
        row, side.sheet, label=label, stored=before, given=_told(side, given, before, town),
        subject=joined, plan=plan,
    )  # fmt: skip
    if outcome.verdict is Verdict.CHANGED:
        first = side.sheet.columns[0].name
        reader.refuse(first, reasons_against_stating(joined, plan.statement, actor=actor))
        reader.refuse("reason", reasons_against_answers(joined, plan.answers))
    return wrong(row, label, reader.faults) if reader.faults else outcome


def _told(side: SideOfRound, given: Values, before: Values, town: Place | None) -> dict[str, Any]:
    """What the row says, named as the record names it; who it is of is no change."""
    who = {"unit", "village", "code"} if side is OF_UNITS else {"unit", "village", "code", "town"}
    told = {name: value for name, value in given.items() if name not in who}
    if side.words in told:
        told[side.words] = tuple(sorted(told[side.words]))
    if town is not None:
        told["town"] = town.short_name
    return told


def _stated_town(side: SideOfRound, reader: RowReader) -> Place | None:
    return reader.town() if side is OF_UNITS else None


def _named(side: SideOfRound, reader: RowReader, column: str, within: InRound) -> list[UUID]:
    """Those whom a cell names; each that is not in the round is a fault of its own."""
    book, found = side.others(within), []
    for text in reader.row.values[column] or ():
        other = _kept(reader, column, book.one(text), within, text)
        if other is not None:
            found.append(other.pk)
    return found


def _cell(found: Sequence[UUID], within: InRound) -> tuple[str, ...]:
    return tuple(sorted(within.labels[key] for key in found))


def _statement(side: SideOfRound, before: Values, given: Values) -> Statement:
    now = {**before, **given}
    levels = {one.value: now.get(one.value) or 0 for one in Resource}
    return Statement(tuple(sorted(now[side.words] or ())), levels, now["lower"], now["upper"])


def _answers(
    reader: RowReader, joined: Joined, within: InRound, named: Mapping[str, Sequence[UUID]],
    given: Values,
) -> dict[UUID, Said]:  # fmt: skip
    """A filled cell is the whole list of that answer; who falls out of it obeys."""
    stored, found = within.of(joined), {}
    reason = given.get("reason", "")
    for column, answer in ANSWERS:
        if column not in given:
            continue
        for key, one in stored.items():
            if one.answer == answer and key not in found:
                found[key] = Said(Answer.OBEY.value)
        for key in named[column]:
            if key in found and found[key].answer != Answer.OBEY:
                reader.fault(column, TWO_ANSWERS)
            known = stored.get(key)
            kept = known.reason if known and known.answer == answer else ""
            found[key] = Said(answer.value, reason or kept if answer == Answer.REFUSED else "")
    if reason and "refused" not in given:
        refused = [key for key, one in stored.items() if one.answer == Answer.REFUSED]
        found |= {key: Said(Answer.REFUSED.value, reason) for key in refused}
    if reason == _reason_of(stored):  # the joined words of several: each keeps its own
        found = {
            key: Said(said.answer, stored[key].reason)
            if key in stored and stored[key].answer == said.answer
            else said
            for key, said in found.items()
        }
    return found


def _row_of(joined: Joined, within: InRound) -> dict[str, Any]:
    """The statement as its row says it."""
    said = within.of(joined)
    of_unit = isinstance(joined, PairRoundUnit)
    levels = joined.resources if isinstance(joined, PairRoundUnit) else joined.needs
    words = joined.sectors if isinstance(joined, PairRoundUnit) else joined.industries
    row: dict[str, Any] = {
        "sectors" if of_unit else "industries": tuple(sorted(words)) or None,
        **{one.value: levels.get(one.value) for one in Resource},
        "lower": joined.lower,
        "upper": joined.upper,
        **{
            column: _cell([key for key, one in said.items() if one.answer == answer], within)
            or None
            for column, answer in ANSWERS
        },
        "reason": _reason_of(said) or None,
        "remark": joined.remark or None,
    }
    if isinstance(joined, PairRoundUnit):
        row["town"] = joined.town.short_name if joined.town else None
    return row


def _reason_of(said: Mapping[UUID, PairAnswer]) -> str:
    reasons = [one.reason for one in said.values() if one.answer == Answer.REFUSED]
    return "；".join(dict.fromkeys(sorted(filter(None, reasons))))


# --- writing and giving out -----------------------------------------------------------------------


def _apply(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    written: list[Written] = []
    for one in outcomes:
        if one.verdict is Verdict.CHANGED:
            written += _write(one.number, one.plan, actor)
    return written


def _write(number: int, plan: Plan, actor: Actor) -> list[Written]:
    joined, before = plan.joined, image_of(plan.joined)
    old = {one.pk: (one, image_of(one)) for one in queries.answers_said_by(joined)}
    if isinstance(joined, PairRoundUnit):
        state_unit(joined, plan.statement, town=plan.town, remark=plan.remark, actor=actor)
    else:
        state_village(joined, plan.statement, remark=plan.remark, actor=actor)
    if plan.answers:
        save_answers(joined, plan.answers, actor=actor)
    new = {one.pk: one for one in queries.answers_said_by(joined)}
    changed = [
        Written(number, one, image)
        for key, (one, image) in old.items()
        if key not in new or image_of(new[key]) != image
    ]
    made = [Written(number, one, None) for key, one in new.items() if key not in old]
    return [Written(number, joined, before), *changed, *made]


def match_units(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    return _match(OF_UNITS, incoming, actor)


def match_villages(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    return _match(OF_VILLAGES, incoming, actor)


def export_units(*, actor: Actor, option: str) -> Iterator[Values]:
    within = in_round(option, actor)
    if within is not None:
        rows = queries.list_round_units(within.round, actor.scope).order_by("unit__name", "pk")
        for one in rows:
            yield {"unit": one.unit.name, **_row_of(one, within)}


def export_villages(*, actor: Actor, option: str) -> Iterator[Values]:
    within = in_round(option, actor)
    if within is not None:
        rows = queries.list_round_villages(within.round, actor.scope)
        for one in rows.order_by("village__path", "pk"):
            yield {
                "village": one.village.short_name, "town": _town(one.village),
                "code": one.village.code or None, **_row_of(one, within),
            }  # fmt: skip


# --- the county's matrix --------------------------------------------------------------------------


def match_matrix(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    rounds = queries.list_rounds(actor.scope).filter(pk__in=queries.uuids([incoming.option]))
    round = rounds.first()
    names = Names(Actor.system())
    stored = {} if round is None else _matrix(round)
    found = []
    for row in incoming.rows:
        reader, values = RowReader(row, PAIR_MATRIX, names), row.values
        key = (values["sector"], values["industry"])
        label = f"{key[0]}—{key[1]}"
        if round is None:
            reader.fault("sector", NO_ROUND)
        elif stored.get(key) != values["points"]:
            reader.refuse("sector", round_actions.reasons_against_matrix(round, actor=actor))
        if reader.faults:
            found.append(wrong(row, label, reader.faults))
            continue
        before = {"sector": key[0], "industry": key[1], "points": stored.get(key)}
        outcome = outcome_of(
            row, PAIR_MATRIX, label=label, stored=before if key in stored else None,
            given=dict(values), subject=round, plan=(*key, values["points"]), group="matrix",
        )  # fmt: skip
        found.append(outcome)
    return found


def _matrix(round: PairRound) -> dict[tuple[str, str], int]:
    return {(sector, industry): points for sector, industry, points in round.settings["matrix"]}


def apply_matrix(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    new = [one for one in outcomes if one.is_written]
    if not new:
        return []
    round = PairRound.objects.get(pk=option)
    before = image_of(round)
    cells = _matrix(round) | {(one.plan[0], one.plan[1]): one.plan[2] for one in new}
    round = round_actions.set_matrix(
        round, [(*key, points) for key, points in cells.items()], actor=actor
    )
    return [Written(new[0].number, round, before)]


def export_matrix(*, actor: Actor, option: str) -> Iterator[Values]:
    within = queries.list_rounds(actor.scope).filter(pk__in=queries.uuids([option])).first()
    for (sector, industry), points in sorted(_matrix(within).items()) if within else ():
        yield {"sector": sector, "industry": industry, "points": points}


UNITS_KIND = ExchangeKind(
    code=PAIR_UNITS.kind,
    sheet=PAIR_UNITS,
    about=ABOUT_UNITS,
    import_roles=rules.UNIT_WRITERS,
    export_roles=(*rules.UNIT_WRITERS, *LEADER),
    match=match_units,
    apply=_apply,
    export_rows=export_units,
    option_label="批次",
    options=list_rounds,
)
VILLAGES_KIND = ExchangeKind(
    code=PAIR_VILLAGES.kind,
    sheet=PAIR_VILLAGES,
    about=ABOUT_VILLAGES,
    import_roles=rules.VILLAGE_WRITERS,
    export_roles=(*rules.VILLAGE_WRITERS, *LEADER),
    match=match_villages,
    apply=_apply,
    export_rows=export_villages,
    option_label="批次",
    options=list_rounds,
)
MATRIX_KIND = ExchangeKind(
    code=PAIR_MATRIX.kind,
    sheet=PAIR_MATRIX,
    about="结对批次里单位行业与村产业的相关程度，0 至 1000",
    import_roles=STAFF,
    export_roles=(*STAFF, *LEADER),
    match=match_matrix,
    apply=apply_matrix,
    export_rows=export_matrix,
    option_label="批次",
    options=list_rounds,
)
