"""Whom may a side of a round like: the others, with how well they go together and what was said?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from lingyan.common.nearness import TownMap
from lingyan.directory.rules import VillageType
from lingyan.pairing.matching.gathering import settings_of, unit_facts, village_facts
from lingyan.pairing.models import PairRoundUnit, PairRoundVillage
from lingyan.pairing.queries import gathering
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules import Resource, UnitFacts, VillageFacts, pair_parts

PER_PAGE = 40
TYPE_LABELS = dict(VillageType.choices())
RESOURCE_LABELS = dict(Resource.choices())


@dataclass(frozen=True, slots=True)
class Other:
    """One village (or unit) of the round as the other side sees it before answering."""

    key: UUID
    name: str
    town: str
    words: str
    points: int
    answer: str
    reason: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Others:
    rows: Sequence[Other]
    total: int
    found: int
    said: int
    search: str
    page: int
    pages: int


def others_of_unit(joined: PairRoundUnit, asked: Mapping[str, str]) -> Others:
    """The villages of the round, best fitting first; what the unit said stands beside each."""
    answers = queries.answers_by_unit(joined)
    villages = list(gathering.villages_of(joined.round))
    kept = gathering.pairs_at_work([one.village_id for one in villages])
    score = _scorer(joined)
    unit = unit_facts(joined, joined.round)
    rows = []
    for one in villages:
        facts = village_facts(one)
        said = answers.get(one.pk)
        words = [TYPE_LABELS.get(code, code) for code in facts.types]
        words += [*facts.industries, *_levels(facts.needs, "需要")]
        rows.append(
            Other(
                one.pk, facts.name, facts.town or "", " · ".join(words), score(unit, facts),
                said.answer if said else "", said.reason if said else "",
                joined.unit_id in kept.get(one.village_id, ()),
            )
        )  # fmt: skip
    return _asked(rows, asked)


def others_of_village(joined: PairRoundVillage, asked: Mapping[str, str]) -> Others:
    answers = queries.answers_by_village(joined)
    kept = gathering.pairs_at_work([joined.village_id]).get(joined.village_id, [])
    score = _scorer(joined)
    village = village_facts(joined)
    rows = []
    for one in gathering.units_of(joined.round):
        facts = unit_facts(one, joined.round)
        said = answers.get(one.pk)
        words = [*facts.sectors, *_levels(facts.resources, "能提供")]
        rows.append(
            Other(
                one.pk, facts.name, facts.town or "", " · ".join(words), score(facts, village),
                said.answer if said else "", said.reason if said else "", one.unit_id in kept,
            )
        )  # fmt: skip
    return _asked(rows, asked)


class _scorer:  # noqa: N801 - reads as the function that it stands for
    """Points of a pair before either side has said anything."""

    def __init__(self, joined: PairRoundUnit | PairRoundVillage) -> None:
        self.settings = settings_of(joined.round)
        self.towns = TownMap(
            minutes={}, adjoining=self.settings.adjoining, towns=self.settings.towns
        )

    def __call__(self, unit: UnitFacts, village: VillageFacts) -> int:
        settings = self.settings
        return pair_parts(
            unit, village, settings.weights, towns=self.towns, matrix=settings.matrix
        ).total


def _levels(levels: Mapping[str, int], verb: str) -> list[str]:
    return [f"{verb}{RESOURCE_LABELS[name]} {level}" for name, level in levels.items() if level]


def _asked(rows: list[Other], asked: Mapping[str, str]) -> Others:
    """What was said stands first, then the best fitting; searched and paged as the address asks."""
    text = asked.get("q", "").strip()[:40]
    found = [row for row in rows if not text or text in row.name or text in row.town]
    found.sort(key=lambda row: (not row.answer, not row.kept, -row.points, row.town, row.name))
    pages = max(1, -(-len(found) // PER_PAGE))
    number = asked.get("page", "")
    page = min(max(1, int(number) if number.isdecimal() and len(number) < 6 else 1), pages)
    return Others(
        found[(page - 1) * PER_PAGE : page * PER_PAGE],
        len(rows),
        len(found),
        sum(bool(row.answer) for row in rows),
        text,
        page,
        pages,
    )
