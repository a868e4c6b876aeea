"""Why this person at this post, why not another, and what would it cost to insist?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import lingyan_matching as engine
from lingyan.common.shelf import Shelf
from lingyan.posting import rules
from lingyan.posting.matching import LoadedPlan, asks_solver, questions, split_post
from lingyan.posting.matching.pricing import (
    Pair,
    names_ready,
    residual_ready,
    stable_book_ready,
)
from lingyan.posting.panels.workbench.asking import Asking, asked_of
from lingyan.posting.panels.workbench.lists import CAPABILITY_LABELS, Need, needs_met, warnings_of
from lingyan.posting.panels.workbench.words import (
    Step,
    Weight,
    chain,
    regret_text,
    regret_weight,
)
from lingyan.posting.problem import (
    Candidate,
    FitParts,
    PostingProblem,
    VillageNeed,
    fit_table,
    post_id,
    post_name,
)
from lingyan.posting.problem.explanation import plain_classes, rules_text
from lingyan.posting.problem.price_words import priority_label
from lingyan.posting.problem.supply import FIT_SPAN, with_supplies
from lingyan.posting.rules.rounds import FIT_PARTS
from lingyan_matching.explain import Explanation, standing_of
from lingyan_matching.explain import Price as EnginePrice

SAID, PRICED = Shelf(400), Shelf(40)
PRICES_SHOWN = 8


# --- the fit taken apart ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One of the five addends: points out of 1000, its weight, and what it adds to the fit."""

    label: str
    points: int
    weight: int

    @property
    def adds(self) -> int:
        return self.points * self.weight // 100

    @property
    def share(self) -> int:
        return self.points // 10


@dataclass(frozen=True, slots=True)
class Person:
    """One person at one post: points, needs, rules, ranks."""

    id: str
    name: str
    unit: str
    role: str
    total: int
    parts: tuple[Part, ...]
    needs: list[dict[str, Any]]
    results: list[rules.RuleResult]
    wish_rank: int | None
    wanted_rank: int | None
    has_wishes: bool
    pinned: bool
    warnings: tuple[str, ...]

    @property
    def rules_text(self) -> str:
        return rules_text(self.results, (), coded=False)

    @property
    def share(self) -> int:
        return min(self.total, 1000) // 10

    @property
    def is_out(self) -> bool:
        return any(result.is_out for result in self.results)

    @property
    def met(self) -> int:
        return sum(not line["lost"] for line in self.needs)

    @property
    def lacking(self) -> int:
        return sum(bool(line["lost"]) and not line["has"] for line in self.needs)

    @property
    def weak(self) -> int:
        return len(self.needs) - self.met - self.lacking


def person_at(loaded: LoadedPlan, pair: Pair) -> Person:
    """Everything that the round itself knows of a pair; the engine is not asked."""
    problem = loaded.posting_problem
    candidate, need, role = problem.pair(*pair)
    row = next((r for r in loaded.engine_plan.assignments if (r.person, r.post) == pair), None)
    return Person(
        candidate.id,
        candidate.facts.name,
        candidate.facts.unit or "",
        role,
        (parts := problem.parts(*pair)).total,
        _parts(loaded, parts),
        fit_table(candidate, need),
        rules.public_results(problem.results(*pair)),
        _wish_rank(candidate, need, role),
        _wanted_rank(candidate, need, role),
        candidate.wishes is not None,
        bool(row and row.pinned),
        warnings_of(loaded, *pair),
    )


def _parts(loaded: LoadedPlan, parts: FitParts) -> tuple[Part, ...]:
    weights = loaded.posting_problem.settings.weights
    return tuple(
        Part(label, getattr(parts, name), getattr(weights, name))
        for name, label in FIT_PARTS.items()
    )


# --- one village --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PostDetail:
    """One post of a village with the people proposed and those excluded by hand."""

    id: str
    role: str
    label: str
    seats: int
    eligible: int
    people: tuple[Person, ...]
    banned: tuple[tuple[str, str], ...]

    @property
    def short(self) -> int:
        return self.seats - len(self.people)


@dataclass(frozen=True, slots=True)
class VillageDetail:
    id: UUID
    name: str
    town: str
    klass_label: str
    types: tuple[str, ...]
    needs: tuple[NeedLine, ...]
    posts: tuple[PostDetail, ...]

    @property
    def team(self) -> tuple[Person, ...]:
        return tuple(person for post in self.posts for person in post.people)

    @property
    def met(self) -> int:
        return sum(line.best.mark == "g" for line in self.needs)


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One need of the village, the best in the team, and each person of the team."""

    best: Need
    people: tuple[Need, ...]


def village_detail(loaded: LoadedPlan, village_id: UUID) -> VillageDetail | None:
    """The village with every seat; None if it has no post in this plan."""
    problem = loaded.posting_problem
    places = [place for place in problem.posts if place.id.startswith(f"{village_id}/")]
    if not places:
        return None
    need = problem.needs[places[0].village]
    posts = tuple(_post(loaded, need, place.id, place.role) for place in places)
    return VillageDetail(
        village_id,
        need.facts.name,
        need.facts.town or "",
        priority_label(need.priority),
        tuple(rules.VillageType(code).label for code in need.types),
        _need_lines(problem, need, posts),
        posts,
    )


def _need_lines(
    problem: PostingProblem, need: VillageNeed, posts: Sequence[PostDetail]
) -> tuple[NeedLine, ...]:
    """Needs down, the team across, in the order in which the posts show it."""
    team = [
        problem.people[problem.person_number[person.id]].levels
        for post in posts
        for person in post.people
    ]
    of_each = [needs_met(need, [levels]) for levels in team]
    lines = needs_met(need, team)
    return tuple(
        NeedLine(best, tuple(one[number] for one in of_each)) for number, best in enumerate(lines)
    )


def _post(loaded: LoadedPlan, need: VillageNeed, post: str, role: str) -> PostDetail:
    problem, names = loaded.posting_problem, names_ready(loaded)
    seated = [row.person for row in loaded.engine_plan.assignments if row.post == post]
    bans = loaded.engine_plan.settings.bans
    return PostDetail(
        post,
        role,
        rules.Role(role).label,
        need.seats(role)[1],
        len(problem.eligible_people(post)),
        tuple(person_at(loaded, (person, post)) for person in seated),
        tuple((person, names[person]) for person, at in bans if at == post),
    )


# --- what the engine says of one pair -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another person for the post, or another post for the person, and what it would cost."""

    person: str
    post: str
    village_id: UUID
    role: str
    name: str
    fit: int
    price: str
    weight: Weight
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Standing, the best alternatives on each side, and the smallest change that would flip it."""

    assigned: bool
    eligible: bool
    price: str
    weight: Weight | None
    steps: list[Step]
    standing: Any
    people: list[Alternative]
    posts: list[Alternative]
    withdrawal: str
    flips: list[str]
    is_best: bool
    asking: Asking | None = None
    left: tuple[str, ...] = ()
    people_are_some: bool = False
    posts_are_some: bool = False


def reasons(plan_id: UUID, loaded: LoadedPlan, pair: Pair) -> Reasons:
    if asks_solver(loaded):
        return _asked(plan_id, loaded, pair)
    return SAID.get(("reasons", plan_id, pair), lambda: _reasons(plan_id, loaded, pair))


def _reasons(plan_id: UUID, loaded: LoadedPlan, pair: Pair) -> Reasons:
    names = names_ready(loaded)
    ready = residual_ready(plan_id, loaded)
    options: dict[str, Any] = {"residual": ready} if ready is not None else {}
    options |= {"book": book} if (book := stable_book_ready(plan_id, loaded)) else {}
    said: Explanation = engine.explain(
        loaded.graph, loaded.engine_plan, *pair, names=names, span=FIT_SPAN, **options
    )
    return Reasons(
        said.assigned,
        said.eligible,
        regret_text(said.regret) if said.regret and not said.assigned else "",
        regret_weight(said.regret) if said.regret and not said.assigned else None,
        chain(said.chain, names),
        said.standing,
        [alternative(one, names, one.person) for one in said.other_people if one.regret],
        [alternative(one, names, one.post) for one in said.other_posts if one.regret],
        regret_text(said.loss_if_withdrawn) if said.loss_if_withdrawn else "",
        _flips(loaded, pair, said),
        ready is not None,
    )


def _asked(plan_id: UUID, loaded: LoadedPlan, pair: Pair) -> Reasons:
    """Of a plan by a solver: what the background work has found out, or the place to ask for it.

    What was found for the whole post counts as well.
    """
    own_key, post_key = questions.key_of_pair(pair), questions.key_of_post(pair[1])
    asked = asked_of(plan_id, [own_key, post_key])
    own, post, names = asked[own_key].answer or {}, asked[post_key], names_ready(loaded)
    sense = loaded.graph.problem.sense
    others = questions.prices_from((post.answer or {}).get("prices", []), sense)
    kept = own.get("own")
    price = (
        questions.price_from(kept, sense)
        if kept
        else next((one for one in others if one.person == pair[0]), None)
    )
    regret = price.regret if price else None
    loss = questions.regret_from(own.get("withdrawal"), sense)
    sides = [post.answer or own.get("people") or {}, own.get("posts") or {}]
    people, posts = (
        [one for one in questions.prices_from(side.get("prices", []), sense) if one.regret]
        for side in sides
    )
    assigned = any((row.person, row.post) == pair for row in loaded.engine_plan.assignments)
    eligible = pair[0] in loaded.posting_problem.eligible_people(pair[1])
    flips: list[dict[str, Any]] = own.get("flips", [])
    if not eligible or loaded.engine_plan.mode.startswith("stable-"):
        # Rules, and places in somebody's list, are known without the solver.
        told = engine.explain(loaded.graph, loaded.engine_plan, *pair, names=names)
        flips = [change.to_json() for change in told.counterfactual]
    return Reasons(
        assigned,
        eligible,
        regret_text(regret) + ("" if price and price.proved else NOT_PROVED) if regret else "",
        regret_weight(regret) if regret else None,
        chain(price.chain, names) if price else [],
        standing_of(loaded.graph, loaded.engine_plan, *pair),
        [alternative(one, names, one.person) for one in people[:OTHERS_SHOWN]] if assigned else [],
        [alternative(one, names, one.post) for one in posts[:OTHERS_SHOWN]],
        regret_text(loss) + ("" if own["proved"] else NOT_PROVED) if loss else "",
        _kept_flips(loaded, pair, flips, assigned=assigned),
        is_best=False,
        asking=asked[own_key],
        left=tuple(
            left_text(side["left"], what, ruled_out=side["ruled_out"])
            for side, what in zip(sides, ("人选", "去处"), strict=True)
            if side.get("left") and assigned
        ),
        people_are_some=_are_some(sides[0]),
        posts_are_some=_are_some(sides[1]),
    )


def _are_some(side: Mapping[str, Any]) -> bool:
    """Whether others were not looked at, and might cost less."""
    return bool(side.get("left")) and not side.get("ruled_out")


NOT_PROVED = "（求解器在时限内没有证完，真实代价可能更小）"
OTHERS_SHOWN = 3


def left_text(left: int, what: str, *, ruled_out: bool) -> str:
    """What is known of those who were not looked at one by one."""
    if ruled_out:
        return f"其余 {left} 个{what}不必逐一重算：复核凭证里的价格已证明都不比列出的更省。"
    return f"先算最可能省的；其余 {left} 个{what}到时限还没有算，代价不知道。"


def _kept_flips(
    loaded: LoadedPlan, pair: Pair, changes: list[dict[str, Any]], *, assigned: bool
) -> list[str]:
    if not assigned:
        changes = with_supplies(loaded.posting_problem, pair, changes)
    return [plain_classes(one["text"]) + one.get("supply_text", "") for one in changes]


def _flips(loaded: LoadedPlan, pair: Pair, said: Explanation) -> list[str]:
    """The smallest changes, and which needs could bring the points that are missing."""
    changes: list[dict[str, Any]] = [change.to_json() for change in said.counterfactual]
    return _kept_flips(loaded, pair, changes, assigned=said.assigned)


def alternative(price: EnginePrice, names: Mapping[str, str], named: str) -> Alternative:
    assert price.regret is not None
    village, _, role = price.post.rpartition("/")
    return Alternative(
        price.person,
        price.post,
        UUID(village),
        role,
        names[named],
        price.score,
        regret_text(price.regret) + ("" if price.proved else NOT_PROVED),
        regret_weight(price.regret),
        chain(price.chain, names),
    )


# --- what it costs to insist on each other person -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Insisting:
    """The price of one candidate for a post, with where that candidate is now."""

    alternative: Alternative
    unit: str
    now: str
    wish_rank: int | None
    wanted_rank: int | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceList:
    rows: list[Insisting]
    total: int
    impossible: int
    is_known: bool
    is_stable: bool = False
    asking: Asking | None = None
    left: str = ""

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)


def price_list(plan_id: UUID, loaded: LoadedPlan, post: str, *, everyone: bool) -> PriceList:
    """Each eligible person who is not there, the cheapest first; a few unless all are wanted."""
    asking = None
    if asks_solver(loaded):
        key = questions.key_of_post(post)
        asking = asked_of(plan_id, [key])[key]
        said = asking.answer or {}
        found = questions.prices_from(said.get("prices", []), loaded.graph.problem.sense)
    else:
        found = _prices_ready(plan_id, loaded, post)
    open_ones = [one for one in found if not one.held and one.regret is not None]
    shown = open_ones if everyone else open_ones[:PRICES_SHOWN]
    held = {row.person: row.post for row in loaded.engine_plan.assignments}
    return PriceList(
        [_insisting(loaded, one, held) for one in shown],
        len(open_ones),
        sum(one.regret is None for one in found),
        is_known=asking is None or asking.answer is not None,
        is_stable=loaded.engine_plan.mode.startswith("stable-"),
        asking=asking,
        left=left_text(asking.left, "人选", ruled_out=asking.ruled_out)
        if asking and asking.left
        else "",
    )


def _prices_ready(plan_id: UUID, loaded: LoadedPlan, post: str) -> list[EnginePrice]:
    """Read off what is kept ready: of the best plan its residual graph, of a stable one a book."""
    ready, book = residual_ready(plan_id, loaded), stable_book_ready(plan_id, loaded)
    found: list[EnginePrice] = PRICED.get(
        (plan_id, post),
        lambda: (
            book.of_post(post)
            if book
            else engine.prices(loaded.graph, loaded.engine_plan, post, residual=ready)
        ),
    )
    return found


def _insisting(loaded: LoadedPlan, price: EnginePrice, held: Mapping[str, str]) -> Insisting:
    names = names_ready(loaded)
    candidate, need, role = loaded.posting_problem.pair(price.person, price.post)
    return Insisting(
        alternative(price, names, price.person),
        candidate.facts.unit or "",
        names[held[price.person]] if price.person in held else "",
        _wish_rank(candidate, need, role),
        _wanted_rank(candidate, need, role),
        warnings_of(loaded, price.person, price.post),
    )


def _wish_rank(candidate: Candidate, need: VillageNeed, role: str) -> int | None:
    lines = (w for w in candidate.wishes or () if w.village == need.id and w.role in (None, role))
    return next((wish.rank for wish in lines), None)


def _wanted_rank(candidate: Candidate, need: VillageNeed, role: str) -> int | None:
    lines = (
        line
        for line in need.intentions or ()
        if line.person == candidate.id and line.role in (None, role)
    )
    return next((line.rank for line in lines), None)


# --- one person ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WishLine:
    """One wish of a person and what has become of it."""

    rank: int
    village_id: UUID
    village: str
    posts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonDetail:
    id: str
    name: str
    unit: str
    levels: tuple[tuple[str, int], ...]
    seat: Pair | None
    seat_name: str
    village_id: str
    best: Pair | None
    best_name: str
    posts_open: int
    wishes: tuple[WishLine, ...]
    banned: tuple[tuple[str, str], ...]


def person_detail(loaded: LoadedPlan, number: str) -> PersonDetail | None:
    """A candidate as the plan leaves them: seat or best open post, and each wish."""
    problem, names = loaded.posting_problem, names_ready(loaded)
    if number not in problem.person_number:
        return None
    candidate = problem.people[problem.person_number[number]]
    seat = next((r.post for r in loaded.engine_plan.assignments if r.person == number), None)
    best = best_open_post(loaded, number)
    levels = sorted(candidate.levels.items(), key=lambda item: (-item[1], item[0]))
    return PersonDetail(
        number,
        candidate.facts.name,
        candidate.facts.unit or "",
        tuple((CAPABILITY_LABELS.get(code, code), level) for code, level in levels if level),
        (number, seat) if seat else None,
        names[seat] if seat else "",
        split_post(seat)[0] if seat else "",
        (number, best) if best else None,
        names[best] if best else "",
        len(problem.eligible_posts(number)),
        tuple(_wish_line(loaded, wish) for wish in candidate.wishes or ()),
        tuple(
            (post, names[post]) for who, post in loaded.engine_plan.settings.bans if who == number
        ),
    )


def best_open_post(loaded: LoadedPlan, number: str) -> str | None:
    """The post that is open to this person and fits best."""
    bans = set(loaded.engine_plan.settings.bans)
    problem = loaded.posting_problem
    posts = [post for post in problem.eligible_posts(number) if (number, post) not in bans]
    return max(posts, key=lambda post: (problem.parts(number, post).total, post), default=None)


def _wish_line(loaded: LoadedPlan, wish: Any) -> WishLine:
    """Who is proposed there, post by post."""
    problem, names = loaded.posting_problem, names_ready(loaded)
    posts = [post_id(wish.village, role) for role in rules.Role if wish.role in (None, role)]
    there = [post for post in posts if post in problem.post_number]
    holders = {
        post: "、".join(names[r.person] for r in loaded.engine_plan.assignments if r.post == post)
        for post in there
    }
    place = next(
        (problem.needs[problem.posts[problem.post_number[p]].village] for p in there), None
    )
    return WishLine(
        wish.rank,
        UUID(wish.village),
        place.facts.name if place else "",
        tuple((post, rules.Role(post.rpartition("/")[2]).label, holders[post]) for post in there),
    )


def swap_choices(loaded: LoadedPlan, first: str) -> list[tuple[str, str]]:
    """Whom this person could exchange posts with: both are eligible for the other's post."""
    problem, names = loaded.posting_problem, names_ready(loaded)
    held = {row.person: row.post for row in loaded.engine_plan.assignments}
    here = held.get(first)
    if here is None:
        return []
    return [
        (person, f"{names[person]} — {names[post]}")
        for person, post in sorted(held.items(), key=lambda item: names[item[1]])
        if post != here and not problem.mask(first, post) and not problem.mask(person, here)
    ]


def pair_name(loaded: LoadedPlan, pair: Pair) -> tuple[str, str]:
    candidate, need, role = loaded.posting_problem.pair(*pair)
    return candidate.label, post_name(need, role)


def is_known(loaded: LoadedPlan, pair: Pair) -> bool:
    problem = loaded.posting_problem
    return pair[0] in problem.person_number and pair[1] in problem.post_number


__all__: Sequence[str] = [
    "Insisting",
    "PersonDetail",
    "PriceList",
    "Reasons",
    "VillageDetail",
    "is_known",
    "pair_name",
    "person_at",
    "person_detail",
    "price_list",
    "reasons",
    "swap_choices",
    "village_detail",
]
