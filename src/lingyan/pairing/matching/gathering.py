"""What did both sides of a round state? Rows become plain facts; nothing is scored here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from lingyan.common.nearness import Point, point_of
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceLevel
from lingyan.pairing.models import PairFix, PairRound, PairRoundUnit, PairRoundVillage
from lingyan.pairing.problem import PairingProblem, PairingSettings, Pin, build_pairing
from lingyan.pairing.queries import gathering as rows
from lingyan.pairing.rules import PairWeights, UnitFacts, VillageFacts
from lingyan.pairing.rules.rounds import FixKind, Side

Answers = Mapping[UUID, Mapping[str, str]]


def gather(round: PairRound) -> PairingProblem:
    """The whole round as the engine's problem, by what both sides have said so far."""
    return build_pairing(*facts_of(round), settings_of(round))


def facts_of(round: PairRound) -> tuple[list[VillageFacts], list[UnitFacts]]:
    """Both sides as plain facts; ids are those of unit and village."""
    units, villages = list(rows.units_of(round)), list(rows.villages_of(round))
    of_unit, of_village = _answers(round, units, villages)
    kept = rows.pairs_at_work([one.village_id for one in villages])
    bans = _bans(rows.fixes_of(round))
    names = names_of_places([one.village for one in villages])
    return (
        [
            _village(one, names[one.village_id], of_village[one.pk], kept, bans.get(one.village_id))
            for one in villages
        ],
        [unit_facts(one, round, of_unit[one.pk]) for one in units],
    )


def settings_of(round: PairRound) -> PairingSettings:
    """The settings that were frozen, with the county's table of towns and what it has fixed."""
    frozen = round.settings
    return PairingSettings(
        weights=PairWeights(**frozen["weights"]),
        matrix={(sector, industry): points for sector, industry, points in frozen["matrix"]},
        adjoining=rows.adjoining_towns(round.county) or None,
        towns=tuple(rows.towns_of(round.county).values_list("name", flat=True)),
        pins=tuple(
            Pin(str(fix.unit_id), str(fix.village_id), fix.reason)
            for fix in rows.fixes_of(round)
            if fix.kind == FixKind.PIN
        ),
    )


def town_of(one: PairRoundUnit, round: PairRound) -> str | None:
    """Where a unit sits: as stated, by the register, or where the county's own units are."""
    if one.town is not None:
        return one.town.name
    place = one.unit.place
    if place.level == PlaceLevel.TOWNSHIP:
        return place.name
    return round.seat.name if place.level == PlaceLevel.COUNTY and round.seat else None


def unit_facts(
    one: PairRoundUnit, round: PairRound, answers: Mapping[str, str] | None = None
) -> UnitFacts:
    return UnitFacts(
        str(one.unit_id),
        one.unit.name,
        town_of(one, round),
        tuple(sorted(one.sectors)),
        dict(one.resources),
        dict(answers or {}),
        one.lower,
        one.upper,
        unit_point(one, round),
    )


def unit_point(one: PairRoundUnit, round: PairRound) -> Point | None:
    """The point of the place in which a unit sits; of the county's own units the county seat's."""
    place = one.town or one.unit.place
    if place.level == PlaceLevel.COUNTY and round.seat is not None:
        place = round.seat
    return point_of(place.latitude, place.longitude)


def village_facts(one: PairRoundVillage, *, name: str = "") -> VillageFacts:
    """What the village itself stated, without answers, bans and present pairs."""
    return _village(one, name or one.village.short_name, {}, {}, None)


def _village(
    one: PairRoundVillage,
    name: str,
    answers: Mapping[str, str],
    kept: Mapping[UUID, Sequence[UUID]],
    bans: Mapping[str, str] | None,
) -> VillageFacts:
    return VillageFacts(
        str(one.village_id),
        name,
        one.village.parent.name if one.village.parent else None,
        tuple(sorted(one.types)),
        tuple(sorted(one.industries)),
        dict(one.needs),
        dict(answers),
        one.lower,
        one.upper,
        None,
        tuple(sorted(str(unit) for unit in kept.get(one.village_id, ()))),
        dict(bans or {}),
        point_of(one.village.latitude, one.village.longitude),
    )


def names_of_places(villages: Sequence[Place]) -> dict[UUID, str]:
    """Villages of one name are told apart by their town."""
    often = Counter(village.short_name for village in villages)
    return {
        village.pk: f"{village.parent or ''}{village.short_name}"
        if often[village.short_name] > 1
        else village.short_name
        for village in villages
    }


def _answers(
    round: PairRound, units: Sequence[PairRoundUnit], villages: Sequence[PairRoundVillage]
) -> tuple[Answers, Answers]:
    """What each side said of the other, by the row of who said it and the id of the other."""
    unit_ids = {one.pk: str(one.unit_id) for one in units}
    village_ids = {one.pk: str(one.village_id) for one in villages}
    of_unit: dict[UUID, dict[str, str]] = defaultdict(dict)
    of_village: dict[UUID, dict[str, str]] = defaultdict(dict)
    said = rows.answers_of(round).values_list("round_unit_id", "round_village_id", "side", "answer")
    for unit, village, side, answer in said:
        if side == Side.UNIT:
            of_unit[unit][village_ids[village]] = answer
        else:
            of_village[village][unit_ids[unit]] = answer
    return of_unit, of_village


def _bans(fixes: Iterable[PairFix]) -> dict[UUID, dict[str, str]]:
    bans: dict[UUID, dict[str, str]] = defaultdict(dict)
    for fix in fixes:
        if fix.kind == FixKind.BAN:
            bans[fix.village_id][str(fix.unit_id)] = fix.reason
    return bans
