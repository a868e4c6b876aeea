"""Who could follow in a village whose lead pair has ended, by the facts of today and no other move?

The least-change repair: every other pair stays as it is, so what is left to solve are the villages
that have lost their lead unit, together, with what room each unit has left. What both sides stated
in the county's last decided round counts on; of whoever took no part the register speaks. Every
other choice is a change of that plan, with its price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from lingyan.common import clock
from lingyan.directory.models import Place, Unit
from lingyan.directory.rules import PlaceLevel
from lingyan.pairing.facts_of_neighbours import types_of_villages
from lingyan.pairing.matching import gathering
from lingyan.pairing.models import Pairing, PairRound
from lingyan.pairing.problem import PairingProblem, PairingSettings, build_pairing
from lingyan.pairing.problem.reasons import names_of
from lingyan.pairing.queries import repairs as queries
from lingyan.pairing.rules import (
    UNIT_UPPER_MAX,
    PairParts,
    UnitFacts,
    VillageFacts,
    pair_results,
)
from lingyan_matching import build
from lingyan_matching import solve as engine_solve
from lingyan_matching.repair import Delta, Pin, whatif

MODE, SEED = "pairing", 1


@dataclass(frozen=True, slots=True)
class Option:
    """One unit that could lead in the village, with the price of preferring it to the first."""

    unit: Unit
    parts: PairParts
    is_first: bool
    room: int  # how many more villages it may take
    price: str


@dataclass(frozen=True, slots=True)
class Repair:
    """The villages without a lead unit solved anew; `kept` pairs of the county stay as they are."""

    left: Pairing
    options: tuple[Option, ...]
    out: tuple[tuple[str, str], ...]  # unit's name, why not
    kept: int

    def find(self, unit_id: UUID) -> Option | None:
        return next((one for one in self.options if one.unit.pk == unit_id), None)

    @property
    def first(self) -> Option | None:
        return next((one for one in self.options if one.is_first), None)


def repairs_of(left: Sequence[Pairing], county: Place) -> list[Repair]:
    """Of each village the units that could follow, the engine's choice first."""
    if not left:
        return []
    units = {str(one.pk): one for one in queries.units_of(county)}
    rooms, problem = _problem(left, county, units)
    graph = build(problem.problem)
    plan = engine_solve(graph, mode=MODE, seed=SEED)
    first = {row.post: row.person for row in plan.assignments}
    kept, names = queries.count_kept(county), names_of(problem)
    found = []
    for one in left:
        village = str(one.village_id)
        options, out = [], []
        for unit in problem.units:
            wrong = [result.text for result in pair_results(*problem.pair(unit.id, village))
                     if not result.passed]  # fmt: skip
            if rooms[unit.id] <= 0:
                wrong.append("结对的村已满")
            if wrong:
                out.append((unit.name, "；".join(wrong)))
                continue
            delta = None
            if first.get(village) != unit.id:
                delta = whatif(graph, plan, Pin(unit.id, village))
            options.append(
                Option(
                    units[unit.id],
                    problem.parts(unit.id, village),
                    delta is None,
                    rooms[unit.id],
                    _price(delta, names),
                )
            )
        options.sort(key=lambda one: (not one.is_first, -one.parts.total, one.unit.name))
        found.append(Repair(one, tuple(options), tuple(out), kept))
    return found


def parts_now(unit: Unit, village: Place, county: Place) -> PairParts:
    """The four principles of one pair by what is known today, outside of a round."""
    round = queries.find_last_round(county)
    units, villages = _stated(round)
    one = units.get(str(unit.pk)) or _registered_unit(unit, round)
    other = villages.get(str(village.pk)) or _registered_village(village)
    return build_pairing([other], [one], _settings(round, county)).parts(one.id, other.id)


def _problem(
    left: Sequence[Pairing], county: Place, units: Mapping[str, Unit]
) -> tuple[dict[str, int], PairingProblem]:
    """What room each unit has, and the engine's problem of the villages that are left."""
    round = queries.find_last_round(county)
    stated_units, stated_villages = _stated(round)
    held = queries.held_by_units(county)
    givers, rooms = [], {}
    for key, unit in units.items():
        one = stated_units.get(key) or _registered_unit(unit, round)
        rooms[key] = max(min(one.upper, UNIT_UPPER_MAX) - held[unit.pk], 0)
        givers.append(replace(one, lower=0, upper=rooms[key]))
    there = queries.units_there([one.village_id for one in left])
    takers = []
    for pair in left:
        one_village = stated_villages.get(str(pair.village_id)) or _registered_village(pair.village)
        bans = {
            **one_village.bans,
            **{str(unit): "已是这个村的协助单位" for unit in there[pair.village_id]},
            str(pair.unit_id): "刚与这个村结束结对",
        }
        takers.append(replace(one_village, lower=1, upper=1, kept=(), bans=bans))
    return rooms, build_pairing(takers, givers, _settings(round, county))


def _stated(
    round: PairRound | None,
) -> tuple[dict[str, UnitFacts], dict[str, VillageFacts]]:
    if round is None:
        return {}, {}
    villages, units = gathering.facts_of(round)
    return {one.id: one for one in units}, {one.id: one for one in villages}


def _settings(round: PairRound | None, county: Place) -> PairingSettings:
    if round is not None:
        return replace(gathering.settings_of(round), pins=())
    return PairingSettings(
        adjoining=queries.adjoining_towns(county) or None, towns=queries.town_names(county)
    )


def _registered_unit(unit: Unit, round: PairRound | None) -> UnitFacts:
    place, town = unit.place, None
    if place.level == PlaceLevel.TOWNSHIP:
        town = place.name
    elif round is not None and round.seat is not None:
        town = round.seat.name
    return UnitFacts(str(unit.pk), unit.name, town, (unit.sector,) if unit.sector else ())


def _registered_village(village: Place) -> VillageFacts:
    types = types_of_villages([village.pk], clock.today()).get(village.pk, ())
    town = village.parent.name if village.parent else None
    return VillageFacts(str(village.pk), village.short_name, town, tuple(sorted(types)))


def _price(delta: Delta | None, names: Mapping[str, str]) -> str:
    """What is given up by preferring this one, and whether another of the villages must change."""
    return "" if delta is None else delta.text(names)
