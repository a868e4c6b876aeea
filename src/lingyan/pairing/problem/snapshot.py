"""What exactly was computed? Both sides and the settings of a run, to be read back years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lingyan.common.nearness import TownMap
from lingyan.pairing.problem.build import PairingProblem, PairingSettings, Pin
from lingyan.pairing.rules import PairWeights, UnitFacts, VillageFacts
from lingyan_matching import canonical, parse_instance, to_json

FORMAT = "lingyan.pairing-snapshot/1"


def snapshot(problem: PairingProblem) -> dict[str, Any]:
    """Facts, settings and the engine's instance beside them, as plain JSON."""
    settings = problem.settings
    return {
        "format": FORMAT,
        "units": [asdict(unit) for unit in problem.units],
        "villages": [asdict(village) for village in problem.villages],
        "weights": asdict(settings.weights),
        "matrix": [[*pair, points] for pair, points in sorted(settings.matrix.items())],
        "adjoining": None
        if settings.adjoining is None
        else {town: list(others) for town, others in sorted(settings.adjoining.items())},
        "minutes": [[*pair, minutes] for pair, minutes in sorted(settings.minutes.items())],
        "towns": list(settings.towns),
        "pins": [asdict(pin) for pin in settings.pins],
        "instance": to_json(canonical(problem.problem)),
    }


def from_snapshot(data: Mapping[str, Any]) -> PairingProblem:
    """The problem as it was: a rule that is written differently today changes no stored plan."""
    settings = PairingSettings(
        PairWeights(**data["weights"]),
        {(sector, industry): points for sector, industry, points in data["matrix"]},
        None
        if data["adjoining"] is None
        else {town: tuple(others) for town, others in data["adjoining"].items()},
        {(one, other): minutes for one, other, minutes in data["minutes"]},
        tuple(data["towns"]),
        tuple(Pin(**pin) for pin in data["pins"]),
    )
    units = tuple(UnitFacts(**_tuples(one)) for one in data["units"])
    villages = tuple(VillageFacts(**_tuples(one)) for one in data["villages"])
    return PairingProblem(
        units,
        villages,
        settings,
        parse_instance(data["instance"]),
        {unit.id: number for number, unit in enumerate(units)},
        {village.id: number for number, village in enumerate(villages)},
        TownMap(minutes=settings.minutes, adjoining=settings.adjoining, towns=settings.towns),
    )


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
