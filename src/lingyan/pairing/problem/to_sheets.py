"""How does a round become the worksheets that `lingyan match pairing` reads?

The inverse of `from_sheets`: the same units, villages and settings come out of them again, so that
the command line finds the plan that the page has found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from lingyan.common.nearness import MICRO, Point
from lingyan.pairing.problem.build import PairingSettings
from lingyan.pairing.rules import Answer, PairWeights, UnitFacts, VillageFacts

Row = dict[str, Any]
ANSWERS = (("asked", Answer.ASKED), ("willing", Answer.WILLING), ("refused", Answer.REFUSED))
WEIGHT_NAMES = {
    "near": "地域相邻", "related": "行业相关", "complement": "优势相补", "consent": "自愿双向",
    "renewal": "保留加分",
}  # fmt: skip


def village_label(village: VillageFacts) -> str:
    """A village as a cell names it."""
    return f"{village.name}（{village.town}）" if village.town else village.name


def village_rows(villages: Iterable[VillageFacts], units: Mapping[str, UnitFacts]) -> Iterator[Row]:
    names = {key: unit.name for key, unit in units.items()}
    for one in villages:
        yield {
            "village": one.name,
            "town": one.town,
            "village_id": one.id,
            "types": one.types,
            "klass": one.klass,
            "industries": one.industries,
            **one.needs,
            "lower": one.lower,
            "upper": one.upper,
            **_answers(one.answers, names),
            "kept": tuple(names[unit] for unit in one.kept if unit in names),
            **_point(one.point),
        }


def unit_rows(units: Iterable[UnitFacts], villages: Mapping[str, VillageFacts]) -> Iterator[Row]:
    names = {key: village_label(village) for key, village in villages.items()}
    for one in units:
        yield {
            "unit": one.name,
            "town": one.town,
            "unit_id": one.id,
            "sectors": one.sectors,
            **one.resources,
            "lower": one.lower,
            "upper": one.upper,
            **_answers(one.answers, names),
            **_point(one.point),
        }


def _answers(answers: Mapping[str, str], names: Mapping[str, str]) -> Row:
    """Whom the side has named, by answer; who is no longer in the round is left out."""
    return {
        column: tuple(sorted(names[key] for key, said in answers.items()
                             if said == answer and key in names))
        for column, answer in ANSWERS
    }  # fmt: skip


def _point(point: Point | None) -> Row:
    if point is None:
        return {}
    latitude, longitude = (Decimal(one) / MICRO for one in point)
    return {"latitude": latitude, "longitude": longitude}


def related_rows(settings: PairingSettings) -> Iterator[Row]:
    for (sector, industry), points in sorted(settings.matrix.items()):
        yield {"sector": sector, "industry": industry, "points": points}


def rule_rows(weights: PairWeights) -> Iterator[Row]:
    for one in fields(PairWeights):
        value = getattr(weights, one.name)
        yield {"code": f"pair.{one.name}", "name": WEIGHT_NAMES[one.name], "value": value}


def pin_rows(
    settings: PairingSettings, units: Mapping[str, UnitFacts], villages: Mapping[str, VillageFacts]
) -> Iterator[Row]:
    for pin in settings.pins:
        village = villages[pin.village]
        yield {
            "unit": units[pin.unit].name, "village": village.name, "town": village.town,
            "reason": pin.reason,
        }  # fmt: skip


def ban_rows(villages: Iterable[VillageFacts], units: Mapping[str, UnitFacts]) -> Iterator[Row]:
    for one in villages:
        for unit, reason in sorted(one.bans.items()):
            if unit in units:
                yield {
                    "unit": units[unit].name, "village": one.name, "town": one.town,
                    "reason": reason,
                }  # fmt: skip


def adjoining_rows(settings: PairingSettings) -> Iterator[Row]:
    """Each pair of towns once."""
    pairs = {
        tuple(sorted((one, other)))
        for one, others in (settings.adjoining or {}).items()
        for other in others
    }
    for one, other in sorted(pairs):
        yield {"town": one, "other": other, "adjoins": True}
