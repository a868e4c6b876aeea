"""What does a change after the plan move, and how is a plan mended with the fewest changes?

A plan in force is never silently solved again: the difference is shown first. One change of a plan
that is best for its goals is one or two shortest paths in its residual graph, and the result is the
plan that solving again would give.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
    change_to_json,
    solve_task,
    task_after,
)
from lingyan_matching.explain import BEST_MODES
from lingyan_matching.plan import Goal, Plan
from lingyan_matching.price_book import PriceBook
from lingyan_matching.problem import BadInstance, Graph, Pair, Problem, build
from lingyan_matching.quick_repair import Way, rows_after, way_of
from lingyan_matching.regret import Move, Regret, chain_text, moves_between, moves_to_json
from lingyan_matching.residual import NotBestError, Residual, lot_bits, residual_of

__all__ = [
    "Admit",
    "Ban",
    "Change",
    "Delta",
    "Pin",
    "RefusedChangeError",
    "Repair",
    "Swap",
    "Unpin",
    "Withdraw",
    "repairs",
    "whatif",
    "within",
]

FORMAT = "lingyan.delta/1"
FEWEST_CHANGES = ("seats", "changes", "score", "lot")
"""The goals of a plan that fills the usual goals and stays as near as can be to another one."""


@dataclass(frozen=True, slots=True)
class GoalChange:
    """One goal before and after."""

    name: str
    before: int
    after: int

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Delta:
    """What a change would do: who moves, and what each goal gains or loses.

    `rows` are all pairs of the plan after the change. A change that cannot be made has a `refusal`
    and no rows.
    """

    base_plan: str
    change: Change
    moves: tuple[Move, ...]
    goals: tuple[GoalChange, ...]
    regret: Regret | None
    rows: tuple[Pair, ...]
    refusal: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The difference in the form of ``lingyan.delta/1``."""
        return {
            "format": FORMAT,
            "base_plan": self.base_plan,
            "change": change_to_json(self.change),
            "moves": moves_to_json(self.moves),
            "goals": [goal.to_json() for goal in self.goals],
            "regret": None if self.regret is None else self.regret.to_json(),
            "refusal": self.refusal,
        }

    def text(self, names: Mapping[str, str]) -> str:
        """The difference in plain words."""
        if self.refusal is not None:
            return f"不能这样改：{self.refusal}。"
        moves = (
            f"变动 {len(self.moves)} 项：{chain_text(self.moves, names)}。" if self.moves else ""
        )
        loss = f"{self.regret.text()}。" if self.regret is not None else ""
        return (moves or "没有人变动。") + loss


def whatif(
    graph: Graph,
    plan: Plan,
    change: Change,
    *,
    residual: Residual | None = None,
    book: PriceBook | None = None,
) -> Delta:
    """What a change would move and cost, every goal kept in its order.

    1. Say at once what makes no sense: a pin of a pair that is not eligible, a swap without posts.
    2. If the plan is the best one for its goals, change its residual graph: the pair is forced in
       or out and the cheapest way around is carried out.
    3. Any other plan is solved again in its own mode.

    `residual` may be one with lots, made once for many questions; it is not changed. A `book` of
    prices of the plan answers at the size of a province, where the goals ask for no lot.
    """
    if book is not None and (way := way_of(book, change)) is not None:
        return _along(book, change, way)
    try:
        task = task_after(graph, plan, change)
        if plan.mode in BEST_MODES and _fits(change, graph, task):
            try:
                return _around(plan, change, residual or residual_of(graph, plan, lots=True))
            except NotBestError:
                pass
        return _again(plan, change, solve_task(task, plan), task.problem)
    except RefusedChangeError as refusal:
        return Delta(plan.id, change, (), (), None, (), str(refusal))
    except BadInstance as bad:
        return Delta(plan.id, change, (), (), None, (), bad.errors[0].what)


# --- the fast way ------------------------------------------------------------------------------


def _around(plan: Plan, change: Change, residual: Residual) -> Delta:
    """Carry the change out on a copy of the residual graph, and read off what came of it."""
    twin = residual.copy()
    loss = _carry_out(twin, plan, change)
    regret = Regret.of(twin, loss)
    rows = _rows(twin)
    goals = _goals_after(plan, regret, twin.problem)
    return Delta(plan.id, change, moves_between(_pairs(plan), rows), goals, regret, rows)


def _along(book: PriceBook, change: Change, way: Way) -> Delta:
    """Read the change off a book of prices; only what is touched is looked at."""
    plan, regret = book.plan, book.regret(way.loss)
    assert regret is not None
    gone, made = rows_after(book, way)
    rows = [*book.rows]
    for pair in set(gone) - set(made):
        del rows[bisect_left(rows, pair[::-1], key=_by_post)]
    for pair in set(made) - set(gone):
        insort(rows, pair, key=_by_post)
    moves, goals = moves_between(gone, made), _goals_after(plan, regret, book.problem)
    return Delta(book.plan_id, change, moves, goals, regret, tuple(rows))


def _by_post(pair: Pair) -> Pair:
    return pair[::-1]


def _goals_after(plan: Plan, regret: Regret, problem: Problem) -> tuple[GoalChange, ...]:
    return tuple(
        GoalChange(goal.name, goal.value, goal.value + _sign(goal, problem) * amount)
        for goal, amount in zip(plan.goals, regret.amounts, strict=True)
    )


def _fits(change: Change, graph: Graph, task: Task) -> bool:
    """Whether the scale of the plan's residual graph has room for a pair that is admitted."""
    if not isinstance(change, Admit):
        return True
    known = graph.problem.edge_score
    is_new = len(task.problem.edge_score) > len(known)
    return is_new and abs(change.score) <= max(map(abs, known), default=0)


def _sign(goal: Goal, problem: Problem) -> int:
    """A loss lowers a goal, but raises what is counted as a cost."""
    costs = goal.name in ("changes", "blocking_pairs") or (
        goal.name == "score" and problem.sense == "min"
    )
    return 1 if costs else -1


def _rows(residual: Residual) -> tuple[Pair, ...]:
    problem = residual.problem
    found = [(problem.posts[g].id, problem.people[i].id) for i, g in residual.taken]
    return tuple((person, post) for post, person in sorted(found))


def _pairs(plan: Plan) -> list[Pair]:
    return [(row.person, row.post) for row in plan.assignments]


def _carry_out(twin: Residual, plan: Plan, change: Change) -> int:
    """Make the change on a residual graph; what all goals lose by it, in one integer."""
    person, post = _numbers(twin.problem)
    match change:
        case Pin(who, where):
            return _insisted(twin, (person[who], post[where]))
        case Ban(who, where):
            return twin.forbid(person[who], post[where])
        case Unpin(who, where):
            return twin.release(person[who], post[where])
        case Withdraw(who):
            return twin.withdraw(person[who])
        case Admit(who, where):
            return twin.offer(person[who], post[where], _gain(twin, plan, change))
        case Swap(first, second):
            held = dict(_pairs(plan))
            pairs = [(person[first], post[held[first]]), (person[second], post[held[second]])]
            loss = sum(twin.release(*pair) for pair in pairs if pair in twin.frozen)
            loss += _insisted(twin, (pairs[0][0], pairs[1][1]))
            return loss + _insisted(twin, (pairs[1][0], pairs[0][1]))


def _numbers(problem: Problem) -> tuple[dict[str, int], dict[str, int]]:
    people = {person.id: number for number, person in enumerate(problem.people)}
    return people, {post.id: number for number, post in enumerate(problem.posts)}


def _insisted(twin: Residual, pair: tuple[int, int]) -> int:
    loss = twin.insist(*pair)
    if loss is None:
        names = twin.problem.people[pair[0]].id, twin.problem.posts[pair[1]].id
        raise RefusedChangeError(f"{names[0]}到{names[1]}与人工指定或名额冲突")
    return loss


def _gain(twin: Residual, plan: Plan, change: Admit) -> int:
    """What the new pair is worth on the scale of the residual graph, its lot included."""
    from lingyan_matching.lot import ticket

    scale, problem = twin.scale, twin.problem
    score = -change.score if problem.sense == "min" else change.score
    gain = score * scale.worth("score")
    if (change.person, change.post) not in plan.settings.base:
        gain -= scale.worth("changes")
    bits = lot_bits(problem, plan)
    return gain - (ticket(plan.seed, change.person, change.post, bits) if bits else 0)


# --- solving again -----------------------------------------------------------------------------


def _again(plan: Plan, change: Change, after: Plan, problem: Problem) -> Delta:
    """The difference between the plan and the one that was solved again."""
    goals = _goal_changes(plan, after)
    signs = [_sign(goal, problem) for goal in plan.goals]
    amounts = tuple(s * (g.after - g.before) for s, g in zip(signs, goals, strict=True))
    regret = Regret(tuple(goal.name for goal in goals), amounts, problem.sense)
    rows = tuple(_pairs(after))
    return Delta(plan.id, change, moves_between(_pairs(plan), rows), goals, regret, rows)


def _goal_changes(plan: Plan, after: Plan) -> tuple[GoalChange, ...]:
    reached = {goal.name: goal.value for goal in after.goals}
    return tuple(GoalChange(g.name, g.value, reached.get(g.name, g.value)) for g in plan.goals)


# --- mending with few changes ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to mend a plan in force: how many rows are new, and what score that leaves."""

    plan: Plan
    moves: tuple[Move, ...]
    changes: int
    score: int

    def to_json(self) -> dict[str, Any]:
        return {
            "plan": self.plan.id,
            "moves": moves_to_json(self.moves),
            "changes": self.changes,
            "score": self.score,
        }


def repairs(graph: Graph, plan: Plan, change: Change, *, between: int = 3) -> tuple[Repair, ...]:
    """Ways to mend a plan after a change, from the fewest changes to the best score.

    Only mode total knows degrees; any other plan is solved again in its own mode. All fill the
    same seats. The first changes as little as possible, the last has the best score
    and, among such plans, stays nearest to the old one. Between them lie plans of which none is
    worse in both respects.

    1. Solve with "fewest changes" before the score, and with it after the score.
    2. Between two neighbours, weigh score against changes so that both count the same, and solve:
       what is better than both is a point between them; else none lies on that side of the line.
    3. Go on in the widest gap until enough points are found.

    Raises RefusedChangeError or BadInstance where the change cannot be made.
    """
    task = task_after(graph, plan, change)
    if plan.mode != "total" or not plan.assignments:
        return (_repair(plan, task, plan.settings.goals),)
    base = replace(task, settings=replace(task.settings, base=tuple(_pairs(plan)), goals=()))
    found = [_repair(plan, base, goals) for goals in _with_changes(plan)]
    if _point(found[0]) == _point(found[1]):
        return (found[0],)
    gaps = [(found[0], found[1])]
    while gaps and len(found) < between + 2:
        few, best = max(gaps, key=lambda gap: gap[1].changes - gap[0].changes)
        gaps.remove((few, best))
        middle = _repair_between(plan, base, few, best)
        if middle is not None:
            found.append(middle)
            gaps += [(few, middle), (middle, best)]
    return tuple(sorted(found, key=_point))


def _with_changes(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The goals of a plan with fewest changes right before its score, and right after it."""
    goals = _without_changes(plan)
    place = goals.index("score") if "score" in goals else len(goals)
    before, after = goals[:place], goals[place + 1 :]
    score = goals[place : place + 1]
    return (*before, "changes", *score, *after, "lot"), (*before, *score, "changes", *after, "lot")


def _without_changes(plan: Plan) -> tuple[str, ...]:
    names = [goal.partition("~")[0] for goal in plan.settings.goals]
    return tuple(name for name in names if name not in ("changes", "lot")) or ("seats",)


def within(found: Sequence[Repair], *, slack: int) -> Repair:
    """The repair with the fewest changes that gives up at most so many points of the best one."""
    best = found[-1].score
    return next(repair for repair in found if abs(best - repair.score) <= slack)


def _point(repair: Repair) -> tuple[int, int]:
    return repair.changes, repair.score


def _repair(plan: Plan, task: Task, goals: tuple[str, ...], *, pins: Iterable[Pair] = ()) -> Repair:
    mended = solve_task(task.with_pins(pins), plan, goals=goals)
    before, after = _pairs(plan), _pairs(mended)
    return Repair(
        mended,
        moves_between(before, after),
        len(set(after) - set(before)),
        sum(row.score for row in mended.assignments),
    )


def _repair_between(plan: Plan, task: Task, few: Repair, best: Repair) -> Repair | None:
    """A repair better than both neighbours once score and changes are weighed alike.

    The rows that it keeps and the best one would not are pinned, so that the plan can be proved.
    """
    kept = _kept_between(plan, task, few, best)
    given_up = kept - set(_pairs(best.plan))
    for pins in (given_up, kept):
        found = _repair(plan, task, _with_changes(plan)[1], pins=pins)
        low, high = sorted((few.score, best.score))
        if few.changes < found.changes < best.changes and low < found.score < high:
            return found
    return None


def _kept_between(plan: Plan, task: Task, few: Repair, best: Repair) -> set[Pair]:
    """Solve with scores on a scale on which the two neighbours are equally good."""
    per_point = best.changes - few.changes
    per_row = abs(best.score - few.score)
    problem, old = task.problem, set(_pairs(plan))
    bonus = per_row if problem.sense == "max" else -per_row
    columns = zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True)
    weighed = [
        per_point * score + (bonus if (problem.people[i].id, problem.posts[g].id) in old else 0)
        for i, g, score in columns
    ]
    mixed = Task(replace(problem, edge_score=weighed), replace(task.settings, base=(), goals=()))
    return set(_pairs(solve_task(mixed, plan, goals=_without_changes(plan)))) & old


def graph_after(graph: Graph, plan: Plan, change: Change) -> Graph:
    """The graph on which a repair can be checked or explained."""
    return build(task_after(graph, plan, change).problem)
