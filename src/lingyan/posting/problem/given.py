"""What does a round hand over to matching: candidates, village needs, settings?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lingyan.posting.rules import (
    DEFAULT_RULES,
    GoalOrder,
    PersonFacts,
    Role,
    RuleSetting,
    TermFacts,
    VillageFacts,
    WeightedNeed,
    village_class,
    weighted_needs,
)


@dataclass(frozen=True, slots=True)
class FitWeights:
    """How the five parts of the fit are weighed (matching-design 1.2); together 100."""

    cover: int = 60
    lead: int = 15
    near: int = 5
    wish: int = 10
    wanted: int = 10

    def __post_init__(self) -> None:
        parts = (self.cover, self.lead, self.near, self.wish, self.wanted)
        if min(parts) < 0 or sum(parts) != 100:
            raise ValueError(f"匹配度五项权重之和应为 100，现为 {sum(parts)}")


@dataclass(frozen=True, slots=True)
class Wish:
    """志愿: `village` stands at `rank` in a candidate's list; role None means either post."""

    village: str
    rank: int
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Intention:
    """意向: `person` stands at `rank` in a village's list; role None means every post."""

    person: str
    rank: int
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """指定: this person to this post, with a named and dated reason."""

    person: str
    village: str
    role: str
    reason: str = ""
    decided_by: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person of the pool; `wishes` None means that no list was handed in.

    Evidence under "" names no capability: it is shown beside whatever has no evidence of its own.
    """

    facts: PersonFacts
    levels: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    grassroots_years: int = 0
    yearly_results: tuple[str, ...] = ()
    residence: str | None = None
    wishes: tuple[Wish, ...] | None = None

    @property
    def id(self) -> str:
        return self.facts.id

    def evidence_of(self, capability: str) -> tuple[str, ...]:
        if capability in self.evidence:
            return self.evidence[capability]
        return self.evidence.get("", ()) if self.levels.get(capability) else ()

    @property
    def label(self) -> str:
        return f"{self.facts.name}（{self.facts.unit}）" if self.facts.unit else self.facts.name


@dataclass(frozen=True, slots=True)
class VillageNeed:
    """The need list of one village; `intentions` None means that no list was handed in."""

    facts: VillageFacts
    types: tuple[str, ...] = ()
    needs: tuple[WeightedNeed, ...] | None = None
    klass: int | None = None
    first_secretaries: int = 1
    first_secretaries_min: int = 0
    members: int = 0
    members_min: int = 0
    intentions: tuple[Intention, ...] | None = None
    paired_units: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.facts.id

    @property
    def priority(self) -> int:
        return self.klass or village_class(self.types)

    @property
    def profile(self) -> tuple[WeightedNeed, ...]:
        return weighted_needs(self.types) if self.needs is None else self.needs

    def seats(self, role: str) -> tuple[int, int]:
        """Lower and upper bound of the post."""
        if role == Role.FIRST_SECRETARY:
            return self.first_secretaries_min, self.first_secretaries
        return self.members_min, self.members


@dataclass(frozen=True, slots=True)
class PostingSettings:
    """What the county set for the run; everything here is stored with it.

    `adjoining` None means that the county has no such table; `minutes` maps (town of residence,
    town of the village) to travel time; `towns` are the towns of the county as far as known.
    Each town gets `town_min` to `town_max` people in all. Where the score is the first goal, so
    many hundredths of the best one (`score_slack`) may be given up for more posts.
    """

    term: TermFacts
    rules: tuple[RuleSetting, ...] = DEFAULT_RULES
    unchecked: tuple[str, ...] = ()
    weights: FitWeights = FitWeights()
    adjoining: Mapping[str, tuple[str, ...]] | None = None
    minutes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    towns: tuple[str, ...] = ()
    unit_limits: Mapping[str, int] = field(default_factory=dict)
    town_min: int = 0
    town_max: int | None = None
    goal_order: str = GoalOrder.SEATS.value
    score_slack: int = 0
    pins: tuple[Pin, ...] = ()
    allow_unranked: bool = True

    @property
    def rules_on(self) -> tuple[RuleSetting, ...]:
        """The rules that are checked: those whose columns the sheets hold."""
        return tuple(rule for rule in self.rules if rule.code not in self.unchecked)
