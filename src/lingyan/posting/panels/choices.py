"""What do candidates and towns see when they choose: needs, portraits, what stands in the way?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lingyan.posting import matching, rules
from lingyan.posting.actions import wishes
from lingyan.posting.models import Intention, Objection, Round, RoundPerson, RoundVillage, Wish
from lingyan.posting.problem import PostingProblem, cover
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules import rounds as round_rules

NEEDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class VillageChoice:
    """One village as a candidate sees it."""

    row: RoundVillage
    types: tuple[str, ...]
    needs: tuple[str, ...]
    seats: str
    rank: int | None
    obstacles: tuple[str, ...]
    warnings: tuple[str, ...]
    refused: bool


def village_choices(
    round_person: RoundPerson, villages: Iterable[RoundVillage], written: Iterable[Wish]
) -> list[VillageChoice]:
    """Needs in short and the person's own eligibility, village by village."""
    problem = wishes.eligibility_of(round_person)
    ranks = {wish.round_village_id: wish.rank for wish in written}
    number = round_person.person.number
    choices = []
    for row in villages:
        key = matching.village_key(row.village_id)
        results = (
            wishes.best_results(problem, number, key) if number in problem.person_number else ()
        )
        choices.append(
            VillageChoice(
                row,
                type_labels(row.need_list.village_types),
                need_texts(row),
                seats_text(row),
                ranks.get(row.pk),
                public_texts(results, rules.OUT),
                public_texts(results, {rules.Outcome.WARN}),
                any(one.rule == "R14" and one.is_out for one in results),
            )
        )
    return choices


def type_labels(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(rules.VillageType(code).label for code in codes)


def need_texts(row: RoundVillage) -> tuple[str, ...]:
    """The most urgent needs first, a few of them."""
    items = sorted(row.need_list.items.all(), key=lambda item: -item.severity)
    return tuple(str(item) for item in items[:NEEDS_SHOWN])


def seats_text(row: RoundVillage) -> str:
    need = row.need_list
    parts = (
        ("第一书记", need.first_secretary_seats),
        ("工作队员", need.member_seats),
    )
    return "、".join(f"{label} {seats} 名" for label, seats in parts if seats)


def public_texts(
    results: Iterable[rules.RuleResult], outcomes: frozenset[rules.Outcome] | set[rules.Outcome]
) -> tuple[str, ...]:
    return tuple(one.public().text for one in results if one.outcome in outcomes)


def town_text(result: rules.RuleResult) -> str:
    """Towns hear that somebody does not go, not why: the reason may be a private one."""
    return "本人不愿去" if result.rule == "R14" else result.public().text


@dataclass(frozen=True, slots=True)
class CandidateChoice:
    """One candidate as a town sees him or her: no identity number, phone or address."""

    row: RoundPerson
    levels: tuple[tuple[str, int], ...]
    grassroots_years: int
    cover: int
    obstacles: tuple[str, ...]
    warnings: tuple[str, ...]
    vetoed: bool


@dataclass(frozen=True, slots=True)
class PostChoice:
    """One post of a village and who stands on its list."""

    id: str
    role: str
    label: str
    seats: int
    listed: tuple[Intention, ...]

    @property
    def is_full(self) -> bool:
        return len(self.listed) >= rules.RANKED_MAX


def post_choices(round_village: RoundVillage, problem: PostingProblem) -> list[PostChoice]:
    """The posts of a village, the first secretary first, each with its list."""
    written = list(queries.list_intentions(round_village))
    return [
        PostChoice(
            place.id,
            place.role,
            rules.Role(place.role).label,
            problem.needs[place.village].seats(place.role)[1],
            tuple(line for line in written if line.role == place.role),
        )
        for place in sorted(problem.posts, key=lambda one: one.role != rules.Role.FIRST_SECRETARY)
    ]


def candidate_choices(
    round_village: RoundVillage, problem: PostingProblem, post: PostChoice, *, search: str = ""
) -> list[CandidateChoice]:
    """Who may still be added to a post's list, those who cover its needs best first."""
    people = {row.person.number: row for row in queries.list_candidates(round_village.round)}
    taken = {line.round_person.person.number for line in post.listed}
    candidates = [
        _candidate(people[one.id], problem, one.id, post.id)
        for one in problem.people
        if one.id not in taken and _matches(people[one.id], search)
    ]
    return sorted(
        candidates, key=lambda one: (bool(one.obstacles), -one.cover, one.row.person.number)
    )


def _matches(row: RoundPerson, search: str) -> bool:
    unit = row.person.unit.name if row.person.unit else ""
    return not search or search in row.person.name or search in unit


def _candidate(
    row: RoundPerson, problem: PostingProblem, person: str, post: str
) -> CandidateChoice:
    candidate, need, _ = problem.pair(person, post)
    is_plain = not problem.mask(person, post) and not problem.warning_rules(person, post)
    results = () if is_plain else problem.results(person, post)
    return CandidateChoice(
        row,
        tuple(
            (rules.Capability(code).label, level)
            for code, level in sorted(candidate.levels.items(), key=lambda pair: -pair[1])
        ),
        candidate.grassroots_years,
        cover(candidate.levels, need.profile),
        tuple(town_text(one) for one in results if one.is_out),
        public_texts(results, {rules.Outcome.WARN}),
        any(one.rule == "R13" and one.is_out for one in results),
    )


def objection_kinds(round: Round, role: str) -> list[tuple[str, str]]:
    """Which refusals this role may enter on the county's page while the round is in this state."""
    labels = dict(Objection.Kind.choices)
    return [
        (kind, labels[kind])
        for kind, says in round_rules.OBJECTIONS.items()
        if role in says.roles and round.state in says.states
    ]
