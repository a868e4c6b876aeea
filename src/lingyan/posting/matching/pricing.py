"""What would a change by hand cost, and which plans could come of it?

Two ends are shown (matching-design 3.6): the plan that moves as few people as possible, and the
best plan under everything decided by hand so far. Both are shortest paths in a residual graph that
is kept ready; only what the officer picks is solved again, with its certificate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q

from lingyan.common.shelf import Shelf
from lingyan.posting import rules
from lingyan.posting.matching.gathering import gather
from lingyan.posting.matching.plans import LoadedPlan, load_plan, split_post
from lingyan.posting.models import Plan, Round
from lingyan.posting.problem import names_of
from lingyan.posting.problem.towns import goals_of
from lingyan_matching import BadInstance, Goal, Post, Settings
from lingyan_matching import Plan as EnginePlan
from lingyan_matching.changes import (
    Admit,
    Ban,
    Change,
    Pin,
    RefusedChangeError,
    Swap,
    Task,
    Unpin,
    Withdraw,
    solve_task,
    task_after,
)
from lingyan_matching.explain import BEST_MODES
from lingyan_matching.regret import Move, moves_between
from lingyan_matching.repair import FEWEST_CHANGES, Delta, whatif
from lingyan_matching.residual import NotBestError, Residual, residual_of
from lingyan_matching.stable_prices import StableBook

__all__ = [
    "BEST",
    "FEWEST",
    "Admit",
    "Ban",
    "Change",
    "GoalStep",
    "Impossible",
    "Option",
    "Pair",
    "Pin",
    "Price",
    "Swap",
    "Unpin",
    "Withdraw",
    "bans_of",
    "names_ready",
    "options_of",
    "plan_ready",
    "price_of",
    "residual_ready",
    "results_now",
    "rows_of",
    "solved",
    "stable_book_ready",
]

Pair = tuple[str, str]
FEWEST, BEST = "fewest", "best"
RESIDUALS_KEPT = 4
RESIDUALS, SMALL, OPTIONS, LOADED = Shelf(RESIDUALS_KEPT), Shelf(64), Shelf(64), Shelf(6)
BOOKS = Shelf(RESIDUALS_KEPT)


@dataclass(frozen=True, slots=True)
class GoalStep:
    """One goal of the county before and after a change."""

    name: str
    before: int
    after: int

    @property
    def gain(self) -> int:
        return self.after - self.before

    @property
    def size(self) -> int:
        return abs(self.gain)


@dataclass(frozen=True, slots=True)
class Price:
    """Seats filled by class, then total fit; and who would move."""

    goals: tuple[GoalStep, ...]
    moves: tuple[Move, ...]

    @property
    def seats(self) -> int:
        """Seats gained; a loss is negative."""
        return sum(goal.gain for goal in self.goals if goal.name.startswith("class-"))

    @property
    def points(self) -> int:
        return next(goal.gain for goal in self.goals if goal.name == "score")

    @property
    def people_moved(self) -> int:
        return len({move.person for move in self.moves})

    def to_json(self) -> dict[str, Any]:
        return {
            "goals": [
                {"name": goal.name, "before": goal.before, "after": goal.after}
                for goal in self.goals
            ],
            "moves": [move.to_json() for move in self.moves],
            "seats": self.seats,
            "points": self.points,
        }


@dataclass(frozen=True, slots=True)
class Option:
    """One plan that could come of a change.

    The engine solves it again from `start`, and what it solves is `task` where that is settled
    already; else it follows from the change. It may have been `solved` in full before.
    """

    key: str
    price: Price
    rows: tuple[Pair, ...]
    start: EnginePlan
    task: Task | None = None
    solved: EnginePlan | None = None

    @property
    def fingerprint(self) -> str:
        """Names the outcome, so that what is confirmed is what was shown."""
        text = "\n".join(f"{person}\t{post}" for person, post in sorted(self.rows))
        return sha256(text.encode()).hexdigest()[:16]


class Impossible(Exception):  # noqa: N818 - names what was found
    """The change cannot be made; the text says why, in Chinese."""


# --- which plans could come of it ---------------------------------------------------------------


def options_of(plan_id: UUID, loaded: LoadedPlan, change: Change) -> tuple[Option, ...]:
    """What a change could lead to: the fewest moves first, then the best plan where it differs.

    A stable plan is solved again in its own mode, so there is one outcome. Raises Impossible.
    """
    return OPTIONS.get((plan_id, change), lambda: _options(plan_id, loaded, change))


def _options(plan_id: UUID, loaded: LoadedPlan, change: Change) -> tuple[Option, ...]:
    if loaded.engine_plan.mode not in BEST_MODES:
        return (_option(BEST, loaded, change, loaded.engine_plan, None),)
    fewest = _fewest(plan_id, loaded, change)
    companion = best_companion(plan_id, loaded)
    if isinstance(change, Swap) and companion is not loaded.engine_plan:
        best = _solved_option(loaded, change, companion)
    else:
        best = _option(BEST, loaded, change, companion, companion_ready(plan_id, loaded))
    return (fewest,) if set(fewest.rows) == set(best.rows) else (fewest, best)


def _fewest(plan_id: UUID, loaded: LoadedPlan, change: Change) -> Option:
    """The outcome that moves the fewest people; of a swap it is plain: just these two."""
    start = _anchored(loaded.engine_plan)
    if not isinstance(change, Swap):
        return _option(FEWEST, loaded, change, start, anchored_ready(plan_id, loaded))
    try:
        task = task_after(loaded.graph, start, change)
    except RefusedChangeError as refusal:
        raise Impossible(in_words(str(refusal), change, names_ready(loaded))) from None
    before = rows_of(loaded.engine_plan)
    twin = {change.first: change.second, change.second: change.first}
    rows = tuple((twin.get(person, person), post) for person, post in before)
    return Option(FEWEST, price_of(loaded, rows), rows, start, task)


def _option(
    key: str, loaded: LoadedPlan, change: Change, start: EnginePlan, ready: Residual | None
) -> Option:
    delta: Delta = whatif(loaded.graph, start, change, residual=ready)
    if delta.refusal is not None:
        raise Impossible(in_words(delta.refusal, change, names_ready(loaded)))
    return Option(key, price_of(loaded, delta.rows), delta.rows, start)


def _solved_option(loaded: LoadedPlan, change: Swap, companion: EnginePlan) -> Option:
    """A swap asks who sits where now; the best plan beside this one may seat them elsewhere."""
    held = dict(rows_of(loaded.engine_plan))
    here, there = (change.first, held[change.first]), (change.second, held[change.second])
    task = Task(loaded.graph.problem, companion.settings).without_pins([here, there])
    task = task.with_pins([(change.first, there[1]), (change.second, here[1])])
    rows = rows_of(_solve(task, companion))
    return Option(BEST, price_of(loaded, rows), rows, companion, task)


def solved(loaded: LoadedPlan, option: Option, change: Change) -> EnginePlan:
    """The plan of an option, solved in full so that it carries its certificate."""
    if option.solved is not None:
        return option.solved
    try:
        task = option.task or task_after(loaded.graph, option.start, change)
        return _solve(task, option.start)
    except RefusedChangeError as refusal:
        raise Impossible(in_words(str(refusal), change, names_ready(loaded))) from None


def _solve(task: Task, start: EnginePlan) -> EnginePlan:
    try:
        return solve_task(task, start)
    except BadInstance as bad:
        raise Impossible(bad.errors[0].what) from None


def price_of(loaded: LoadedPlan, rows: Iterable[Pair]) -> Price:
    """The way from the plan as it stands to other rows: who moves, what each goal gains."""
    plan, posts = loaded.engine_plan, loaded.graph.problem.posts
    klass = {post.id: post.klass for post in posts}
    before, after = rows_of(plan), tuple(rows)
    gone, new = set(before) - set(after), set(after) - set(before)
    goals = []
    if any(post.lower for post in posts):
        goals.append(GoalStep("lower", _lower_met(posts, before), _lower_met(posts, after)))
    for number in sorted(set(klass.values())):
        filled = sum(klass[post] == number for _, post in before)
        change = _of_class(new, klass, number) - _of_class(gone, klass, number)
        goals.append(GoalStep(f"class-{number}", filled, filled + change))
    total = sum(row.score for row in plan.assignments)
    gain = sum(_fit(loaded, pair) for pair in new) - sum(_fit(loaded, pair) for pair in gone)
    goals.append(GoalStep("score", total, total + gain))
    return Price(tuple(goals), moves_between(before, after))


def _lower_met(posts: Iterable[Post], rows: Iterable[Pair]) -> int:
    """How many of the seats that must be filled are filled."""
    filled = Counter(post for _, post in rows)
    return sum(min(filled[post.id], post.lower) for post in posts)


def _of_class(pairs: Iterable[Pair], klass: Mapping[str, int], number: int) -> int:
    return sum(klass[post] == number for _, post in pairs)


def _fit(loaded: LoadedPlan, pair: Pair) -> int:
    return loaded.posting_problem.parts(*pair).total


def rows_of(plan: EnginePlan) -> tuple[Pair, ...]:
    return tuple((row.person, row.post) for row in plan.assignments)


# --- kept ready ---------------------------------------------------------------------------------


def plan_ready(plan: Plan) -> LoadedPlan:
    """The plan for whoever only looks: people and villages as they were at the first look.

    An action that changes something loads it anew.
    """
    return LOADED.get(plan.pk, lambda: load_plan(plan))


def residual_ready(plan_id: UUID, loaded: LoadedPlan) -> Residual | None:
    """The residual graph of the plan for its own goals; None where it is not the best for them."""
    if loaded.engine_plan.mode not in BEST_MODES:
        return None
    return _residual(("own", plan_id), loaded, loaded.engine_plan)


def stable_book_ready(plan_id: UUID, loaded: LoadedPlan) -> StableBook | None:
    """Both sides' orders of a stable plan, to make it again with a pair; None for other plans."""
    if not loaded.engine_plan.mode.startswith("stable-"):
        return None
    book: StableBook = BOOKS.get(plan_id, lambda: StableBook(loaded.graph, loaded.engine_plan))
    return book


def anchored_ready(plan_id: UUID, loaded: LoadedPlan) -> Residual | None:
    """The same seats with "fewest changes" before everything else but filling."""
    return _residual(("anchored", plan_id), loaded, _anchored(loaded.engine_plan))


def companion_ready(plan_id: UUID, loaded: LoadedPlan) -> Residual | None:
    companion = best_companion(plan_id, loaded)
    if companion is loaded.engine_plan:
        return residual_ready(plan_id, loaded)
    return _residual(("companion", plan_id), loaded, companion)


def _residual(name: tuple[str, UUID], loaded: LoadedPlan, plan: EnginePlan) -> Residual | None:
    def make() -> Residual | None:
        try:
            return residual_of(loaded.graph, plan, lots=True)
        except NotBestError:
            return None

    return RESIDUALS.get(name, make)


def _anchored(plan: EnginePlan) -> EnginePlan:
    """The plan as the one with the fewest changes to itself: none.

    So its residual graph is settled without solving, and one shortest path in it is the mending
    with the fewest changes.
    """
    filling = tuple(goal for goal in plan.goals if goal.name not in ("score", "changes"))
    score = next(goal for goal in plan.goals if goal.name == "score")
    settings = replace(plan.settings, base=rows_of(plan), goals=FEWEST_CHANGES)
    changes = Goal("changes", 0, 0, "rows")
    return replace(plan, settings=settings, goals=(*filling, changes, score))


def best_companion(plan_id: UUID, loaded: LoadedPlan) -> EnginePlan:
    """The best plan under the same pins and bans for the goals of the round.

    The plan itself unless it was mended with the fewest changes: that has other goals.
    """
    plan = loaded.engine_plan
    if "changes" not in plan.settings.goals:
        return plan
    goals = goals_of(loaded.posting_problem) or ()
    settings: Settings = replace(plan.settings, base=(), goals=goals)
    task = Task(loaded.graph.problem, settings)
    start = replace(plan, settings=settings)
    return SMALL.get(("companion", plan_id), lambda: solve_task(task, start))


def names_ready(loaded: LoadedPlan) -> dict[str, str]:
    """Words for ids and rules, once for each snapshot."""

    def make() -> dict[str, str]:
        problem = loaded.posting_problem
        named = {rule.code: rule.name for rule in problem.settings.rules}
        return names_of(problem) | named

    return SMALL.get(("names", loaded.engine_plan.snapshot_sha256), make)


def in_words(text: str, change: Change, names: Mapping[str, str]) -> str:
    """Put names where the engine has ids; posts first, their ids are the longer ones."""
    ids = [value for name in change.__slots__ if isinstance(value := getattr(change, name), str)]
    for one in sorted(ids, key=len, reverse=True):
        text = text.replace(one, names.get(one, one))
    return text


# --- decided by hand ----------------------------------------------------------------------------


def bans_of(plan: EnginePlan) -> tuple[Pair, ...]:
    return plan.settings.bans


def results_now(
    round: Round, pairs: Sequence[Pair], *, as_of: date
) -> dict[Pair, list[rules.RuleResult]]:
    """What the rules say of these pairs by the registers as they are now (G-30)."""
    if not pairs:
        return {}
    now = gather(
        round,
        as_of=as_of,
        people=Q(person__number__in={person for person, _ in pairs}),
        villages=Q(village_id__in={UUID(split_post(post)[0]) for _, post in pairs}),
    ).problem()
    found = {}
    for person, post in pairs:
        if person not in now.person_number:
            found[person, post] = [_gone("R01", "人选状态", "已退出本批次")]
        elif post not in now.post_number:
            found[person, post] = [_gone("R01", "岗位", "村里已没有这个岗位")]
        else:
            found[person, post] = rules.public_results(now.results(person, post))
    return found


def _gone(code: str, name: str, text: str) -> rules.RuleResult:
    return rules.RuleResult(code, "R-2-20", name, rules.Outcome.FAIL, (), text)
