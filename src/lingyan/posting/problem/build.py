"""Which pairs are eligible, with which fit: the engine's problem out of needs and portraits.

Steps: 1 sort by id, so that nothing depends on the order of the rows; 2 run the rules that look
only at a person once per role; 3 find the few pairs that a pair rule may touch and run that rule
on them alone; 4 compute the fit by whole columns of people; 5 emit the eligible pairs.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lingyan.common.cover import cover, cover_column
from lingyan.common.nearness import TownMap
from lingyan.posting.problem.fit import (
    FitParts,
    intention_ranks,
    lead,
    near,
    rank_points,
    total_fit,
    wanted_default,
    wish_default,
    wish_ranks,
)
from lingyan.posting.problem.given import Candidate, Pin, PostingSettings, VillageNeed
from lingyan.posting.rules import (
    PAIR_RULES,
    PRIVATE_RULES,
    Outcome,
    Role,
    RuleResult,
    RuleSetting,
    check_pair,
    codes_of,
    is_on,
    judge,
    person_results,
)
from lingyan_matching.problem import Person, Post, Problem, Unit

PRIORITIES = 3
ROLES = (Role.FIRST_SECRETARY.value, Role.MEMBER.value)


class PostPlace(NamedTuple):
    """A post of the round: which village (by number), which role."""

    id: str
    village: int
    role: str


@dataclass(frozen=True, slots=True)
class PostingProblem:
    """The round as the engine sees it, and what is needed to explain every pair of it.

    `masks[post][person]` holds the rules that put a pair out, one bit per rule; 0 is eligible.
    `warned[post]` maps a person to the rules that only warn.
    """

    people: tuple[Candidate, ...]
    needs: tuple[VillageNeed, ...]
    settings: PostingSettings
    posts: tuple[PostPlace, ...]
    problem: Problem
    masks: tuple[array[int], ...]
    warned: tuple[dict[int, int], ...]
    person_number: dict[str, int]
    post_number: dict[str, int]
    towns: TownMap

    @property
    def unchecked(self) -> tuple[RuleSetting, ...]:
        """未核查的规则: on for the county, but off for this run for want of a column."""
        off = self.settings.unchecked
        return tuple(rule for rule in self.settings.rules if rule.code in off)

    def mask(self, person: str, post: str) -> int:
        return self.masks[self.post_number[post]][self.person_number[person]]

    def failed_rules(self, person: str, post: str) -> tuple[str, ...]:
        return codes_of(self.mask(person, post))

    def warning_rules(self, person: str, post: str) -> tuple[str, ...]:
        warned = self.warned[self.post_number[post]]
        return codes_of(warned.get(self.person_number[person], 0))

    def pair(self, person: str, post: str) -> tuple[Candidate, VillageNeed, str]:
        place = self.posts[self.post_number[post]]
        return (
            self.people[self.person_number[person]],
            self.needs[place.village],
            place.role,
        )

    def results(self, person: str, post: str) -> list[RuleResult]:
        """Every rule's line on one pair, recomputed from the facts."""
        candidate, need, role = self.pair(person, post)
        return check_pair(
            candidate.facts,
            need.facts,
            role,
            self.settings.term,
            self.settings.rules_on,
            minutes=self.towns.minutes(candidate.residence, need.facts.town),
        )

    def parts(self, person: str, post: str) -> FitParts:
        """The five addends of one pair, recomputed from the facts."""
        candidate, need, role = self.pair(person, post)
        wish = wish_ranks(candidate, role).get(need.id)
        wanted = intention_ranks(need, role).get(candidate.id)
        addends = (
            cover(candidate.levels, need.profile),
            lead(candidate, role),
            near(candidate.residence, candidate.facts.unit, need, self.towns),
            wish_default(candidate) if wish is None else rank_points(wish),
            wanted_default(need, role) if wanted is None else rank_points(wanted),
        )
        return FitParts(*addends, total=total_fit(self.settings.weights, addends))

    def liftable(self) -> dict[str, list[tuple[str, str]]]:
        """Rule → the pairs that it alone puts out; health and discipline are not for lifting."""
        rules = {
            rule.bit: rule.code for rule in self.settings.rules_on if rule.code not in PRIVATE_RULES
        }
        pairs: dict[str, list[tuple[str, str]]] = {}
        for place, masks in zip(self.posts, self.masks, strict=True):
            for candidate, mask in zip(self.people, masks, strict=True):
                if mask in rules:
                    pairs.setdefault(rules[mask], []).append((candidate.id, place.id))
        return pairs

    def eligible_people(self, post: str) -> list[str]:
        masks = self.masks[self.post_number[post]]
        return [person.id for person, mask in zip(self.people, masks, strict=True) if not mask]

    def eligible_posts(self, person: str) -> list[str]:
        number = self.person_number[person]
        return [
            post.id for post, masks in zip(self.posts, self.masks, strict=True) if not masks[number]
        ]


def post_id(village: str, role: str) -> str:
    return f"{village}/{role}"


def build_posting(
    needs: Iterable[VillageNeed], people: Iterable[Candidate], settings: PostingSettings
) -> PostingProblem:
    """Turn plain needs and portraits into the engine's problem."""
    candidates = tuple(sorted(people, key=lambda candidate: candidate.id))
    villages = tuple(sorted(needs, key=lambda need: need.id))
    places = sorted(_places(villages), key=lambda place: place.id)
    towns = TownMap(minutes=settings.minutes, adjoining=settings.adjoining, towns=settings.towns)
    judged = _Eligibility(candidates, villages, settings, towns)
    columns = _Columns(candidates, villages, settings, towns)
    masks, warned = (
        zip(*(judged.of(place) for place in places), strict=True) if places else ((), ())
    )
    edges = _Edges()
    for number, place in enumerate(places):
        columns.emit(edges, number, place, masks[number])
    return PostingProblem(
        candidates,
        villages,
        settings,
        tuple(places),
        _problem(candidates, villages, places, settings, edges),
        masks,
        warned,
        {candidate.id: number for number, candidate in enumerate(candidates)},
        {place.id: number for number, place in enumerate(places)},
        towns,
    )


def _places(villages: Sequence[VillageNeed]) -> Iterator[PostPlace]:
    for number, need in enumerate(villages):
        for role in ROLES:
            if need.seats(role)[1]:
                yield PostPlace(post_id(need.id, role), number, role)


def _problem(
    candidates: Sequence[Candidate],
    villages: Sequence[VillageNeed],
    places: Sequence[PostPlace],
    settings: PostingSettings,
    edges: _Edges,
) -> Problem:
    limits = settings.unit_limits
    people = tuple(
        Person(
            candidate.id,
            candidate.facts.unit if candidate.facts.unit in limits else None,
        )
        for candidate in candidates
    )
    posts = tuple(_post(villages[place.village], place) for place in places)
    sending = {person.unit for person in people}
    units = tuple(Unit(unit, limits[unit]) for unit in sorted(limits) if unit in sending)
    return Problem(
        people,
        posts,
        units,
        edges.person,
        edges.post,
        edges.score,
        edges.person_rank if any(edges.person_rank) else None,
        edges.post_rank if any(edges.post_rank) else None,
        pins=tuple((pin.person, post_id(pin.village, pin.role)) for pin in settings.pins),
    )


def _post(need: VillageNeed, place: PostPlace) -> Post:
    low, high = need.seats(place.role)
    return Post(place.id, low, high, filling_class(need.priority, place.role), need.id, place.role)


def filling_class(priority: int, role: str) -> int:
    """The engine's class: first secretaries 1-3 by priority, then members 4-6.

    依据：matching-design 1.4，先配第一书记、再配队员，各自按优先级。
    """
    return priority if role == Role.FIRST_SECRETARY else PRIORITIES + priority


def filling_label(klass: int) -> str:
    """What people call a class of the engine."""
    role = Role.FIRST_SECRETARY if klass <= PRIORITIES else Role.MEMBER
    return f"{role.label}（优先级 {(klass - 1) % PRIORITIES + 1}）"


class _Edges:
    """The engine's parallel columns, sorted by post and person because the input is."""

    def __init__(self) -> None:
        self.person = array("q")
        self.post = array("q")
        self.score = array("q")
        self.person_rank = array("q")
        self.post_rank = array("q")


# --- eligibility --------------------------------------------------------------------------------


class _Eligibility:
    """Runs every rule where it can say something, and nowhere else."""

    def __init__(
        self,
        people: Sequence[Candidate],
        villages: Sequence[VillageNeed],
        settings: PostingSettings,
        towns: TownMap,
    ) -> None:
        self.people, self.villages, self.settings, self.towns = (
            people,
            villages,
            settings,
            towns,
        )
        self.alone = {role: self._alone(role) for role in ROLES}
        self.touched = self._touched()

    def _alone(self, role: str) -> tuple[array[int], dict[int, int]]:
        """Masks of the rules that look only at the person."""
        out, warned = array("Q", bytes(8 * len(self.people))), {}
        for number, candidate in enumerate(self.people):
            results = person_results(
                candidate.facts, role, self.settings.term, self.settings.rules_on
            )
            failed, warns = _bits(results)
            out[number] = failed
            if warns:
                warned[number] = warns
        return out, warned

    def _touched(self) -> dict[str, dict[int, list[int]]]:
        """Rule → village → the people on whom the rule must be run."""
        touched: dict[str, dict[int, list[int]]] = {}
        for setting in self.settings.rules_on:
            search = SEARCHES.get(setting.code)
            if search is not None:
                by_village = touched.setdefault(setting.code, {})
                for village, person in search(self.people, self.villages):
                    by_village.setdefault(village, []).append(person)
        return touched

    def of(self, place: PostPlace) -> tuple[array[int], dict[int, int]]:
        base, base_warned = self.alone[place.role]
        out, warned = array("Q", base), dict(base_warned)
        for setting in self.settings.rules_on:
            if is_on(setting, place.role):
                self._apply(setting, place, out, warned)
        return out, warned

    def _apply(
        self,
        setting: RuleSetting,
        place: PostPlace,
        out: array[int],
        warned: dict[int, int],
    ) -> None:
        rule = PAIR_RULES.get(setting.code)
        touched = self.touched.get(setting.code, {}).get(place.village, ())
        if rule is None or not touched:
            return
        need, said = self.villages[place.village], dict[Hashable, Outcome]()
        for number in touched:
            candidate = self.people[number]
            key = _alike(setting.code, candidate, number)
            outcome = said.get(key)
            if outcome is None:
                minutes = self.towns.minutes(candidate.residence, need.facts.town)
                finding = rule(candidate.facts, need.facts, place.role, minutes, setting)
                outcome = said[key] = judge(finding, setting).outcome
            if outcome in (Outcome.FAIL, Outcome.UNKNOWN):
                out[number] |= setting.bit
            elif outcome == Outcome.WARN:
                warned[number] = warned.get(number, 0) | setting.bit


def _alike(code: str, candidate: Candidate, number: int) -> Hashable:
    """People of whom a rule must say the same share one call."""
    facts = candidate.facts
    if code == "R10":
        return facts.category, facts.source, facts.rank
    return facts.languages if code == "R11" else number


def _bits(results: Iterable[RuleResult]) -> tuple[int, int]:
    failed = warns = 0
    for result in results:
        bit = 1 << (int(result.rule[1:]) - 1)
        if result.is_out:
            failed |= bit
        elif result.outcome == Outcome.WARN:
            warns |= bit
    return failed, warns


Pairs = Iterator[tuple[int, int]]
Search = Callable[[Sequence[Candidate], Sequence[VillageNeed]], Pairs]


def _near_home(people: Sequence[Candidate], villages: Sequence[VillageNeed]) -> Pairs:
    by_id = {need.id: (number,) for number, need in enumerate(villages)}
    by_town = _by_town(villages)
    for person, candidate in enumerate(people):
        facts = candidate.facts
        found = {place for home in facts.home_villages for place in by_id.get(home, ())}
        found.update(place for town in facts.home_towns for place in by_town.get(town, ()))
        yield from ((place, person) for place in sorted(found))


def _by_town(villages: Sequence[VillageNeed]) -> dict[str, list[int]]:
    by_town: dict[str, list[int]] = {}
    for number, need in enumerate(villages):
        if need.facts.town is not None:
            by_town.setdefault(need.facts.town, []).append(number)
    return by_town


def _of_one_name(people: Sequence[Candidate], villages: Sequence[VillageNeed]) -> Pairs:
    places: dict[str, set[int]] = {}
    for number, need in enumerate(villages):
        for officer in need.facts.officers:
            for handle in (officer.name, officer.key):
                if handle:
                    places.setdefault(handle, set()).add(number)
    for person, candidate in enumerate(people):
        found = set[int]()
        for relative in candidate.facts.relatives:
            for handle in (relative.name, relative.key):
                found |= places.get(handle or "", set())
        yield from ((place, person) for place in sorted(found))


def _in_villages(named: Callable[[Candidate], Iterable[str | None]]) -> Search:
    def search(people: Sequence[Candidate], villages: Sequence[VillageNeed]) -> Pairs:
        number_of = {need.id: number for number, need in enumerate(villages)}
        for person, candidate in enumerate(people):
            for village in dict.fromkeys(named(candidate)):
                if village in number_of:
                    yield number_of[village], person

    return search


def _in_towns(people: Sequence[Candidate], villages: Sequence[VillageNeed]) -> Pairs:
    by_town = _by_town(villages)
    for person, candidate in enumerate(people):
        for town in dict.fromkeys(candidate.facts.barred_towns):
            yield from ((place, person) for place in by_town.get(town, ()))


def _people_named(named: Callable[[VillageNeed], Iterable[str]]) -> Search:
    def search(people: Sequence[Candidate], villages: Sequence[VillageNeed]) -> Pairs:
        number_of = {candidate.id: number for number, candidate in enumerate(people)}
        for place, need in enumerate(villages):
            for person in dict.fromkeys(named(need)):
                if person in number_of:
                    yield place, number_of[person]

    return search


def _where_asked(asked: Callable[[VillageNeed], bool]) -> Search:
    def search(people: Sequence[Candidate], villages: Sequence[VillageNeed]) -> Pairs:
        for place, need in enumerate(villages):
            if asked(need):
                yield from ((place, person) for person in range(len(people)))

    return search


def _with_limit(people: Sequence[Candidate], villages: Sequence[VillageNeed]) -> Pairs:
    limited = [n for n, candidate in enumerate(people) if candidate.facts.minutes_max is not None]
    for place in range(len(villages)):
        yield from ((place, person) for person in limited)


def _banned(need: VillageNeed) -> list[str]:
    return [
        key.removesuffix(f"/{role}") for key in need.facts.bans for role in (*ROLES, "")
    ]  # a key is a person, or a person and a role


def _asks_for_kind(need: VillageNeed) -> bool:
    return bool(need.facts.categories or need.facts.sources or need.facts.ranks)


# Where a pair rule can say anything but "passes" or "not declared".
SEARCHES: dict[str, Search] = {
    "R02": _near_home,
    "R03": _of_one_name,
    "R08": _in_villages(lambda person: (recall.village for recall in person.facts.recalls)),
    "R10": _where_asked(_asks_for_kind),
    "R11": _where_asked(lambda need: bool(need.facts.languages)),
    "R12": _with_limit,
    "R13": _people_named(lambda need: need.facts.vetoes),
    "R14": _in_villages(lambda person: person.facts.refusals),
    "R15": _in_towns,
    "R16": _people_named(_banned),
    "R17": _in_villages(lambda person: person.facts.contract_villages),
}


# --- fit by columns -----------------------------------------------------------------------------


class _Columns:
    """The fit of everybody for one post, computed by list arithmetic; columns are shared."""

    def __init__(
        self,
        people: Sequence[Candidate],
        villages: Sequence[VillageNeed],
        settings: PostingSettings,
        towns: TownMap,
    ) -> None:
        self.people, self.villages, self.settings, self.towns = (
            people,
            villages,
            settings,
            towns,
        )
        self.number_of = {candidate.id: number for number, candidate in enumerate(people)}
        names = {name for candidate in people for name in candidate.levels}
        self.levels = {
            name: [candidate.levels.get(name, 0) for candidate in people] for name in names
        }
        self.wish_default = [wish_default(candidate) for candidate in people]
        self.own = {role: self._own(role) for role in ROLES}
        self.wishes = {role: self._wishes(role) for role in ROLES}
        self.covers: dict[Hashable, list[int]] = {}
        self.nears: dict[Hashable, list[int]] = {}

    def _own(self, role: str) -> list[int]:
        """What the person alone brings, already weighted."""
        weights = self.settings.weights
        return [
            weights.lead * lead(candidate, role) + weights.wish * wish
            for candidate, wish in zip(self.people, self.wish_default, strict=True)
        ]

    def _wishes(self, role: str) -> dict[str, dict[int, int]]:
        """Village → person → rank."""
        wishes: dict[str, dict[int, int]] = {}
        for number, candidate in enumerate(self.people):
            for village, rank in wish_ranks(candidate, role).items():
                wishes.setdefault(village, {})[number] = rank
        return wishes

    def _cover(self, need: VillageNeed) -> list[int]:
        profile = need.profile
        if profile not in self.covers:
            column = cover_column(self.levels, profile, len(self.people))
            self.covers[profile] = [self.settings.weights.cover * points for points in column]
        return self.covers[profile]

    def _near(self, need: VillageNeed) -> list[int]:
        key = need.facts.town, need.paired_units
        if key not in self.nears:
            weight = self.settings.weights.near
            self.nears[key] = [
                weight * near(candidate.residence, candidate.facts.unit, need, self.towns)
                for candidate in self.people
            ]
        return self.nears[key]

    def emit(self, edges: _Edges, number: int, place: PostPlace, masks: array[int]) -> None:
        """Append the eligible pairs of one post."""
        need, weights = self.villages[place.village], self.settings.weights
        wishes = self.wishes[place.role].get(need.id, {})
        intentions = {
            self.number_of[person]: rank
            for person, rank in intention_ranks(need, place.role).items()
            if person in self.number_of
        }
        fallback = wanted_default(need, place.role)
        base = weights.wanted * fallback
        column = [
            first + second + third + base
            for first, second, third in zip(
                self._cover(need), self._near(need), self.own[place.role], strict=True
            )
        ]
        for person, rank in wishes.items():
            column[person] += weights.wish * (rank_points(rank) - self.wish_default[person])
        for person, rank in intentions.items():
            column[person] += weights.wanted * (rank_points(rank) - fallback)
        chosen = self._chosen(masks, wishes)
        edges.person.extend(chosen)
        edges.post.extend([number] * len(chosen))
        edges.score.extend([column[person] // 100 for person in chosen])
        edges.person_rank.extend(_ranks(wishes, chosen))
        edges.post_rank.extend(_ranks(intentions, chosen))

    def _chosen(self, masks: array[int], wishes: dict[int, int]) -> list[int]:
        chosen = [person for person, mask in enumerate(masks) if not mask]
        if self.settings.allow_unranked:
            return chosen
        return [person for person in chosen if person in wishes]


def _ranks(ranks: dict[int, int], chosen: Sequence[int]) -> list[int]:
    if not ranks:
        return [0] * len(chosen)
    return [ranks.get(person, 0) for person in chosen]


def pin_of(problem: PostingProblem, person: str, post: str) -> Pin | None:
    """The pin that stands behind an assignment, with its reason."""
    for pin in problem.settings.pins:
        if pin.person == person and post_id(pin.village, pin.role) == post:
            return pin
    return None
