"""Which changes can be asked of a plan, and what do they make of the problem?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from lingyan_matching.plan import Assignment, Plan, Settings
from lingyan_matching.problem import Graph, Pair, Problem, build, canonical


@dataclass(frozen=True, slots=True)
class Pin:
    """This person shall have this post."""

    person: str
    post: str


@dataclass(frozen=True, slots=True)
class Ban:
    """This person shall not have this post; a pin of the pair is given up with it."""

    person: str
    post: str


@dataclass(frozen=True, slots=True)
class Unpin:
    """The pair is decided by the goals again."""

    person: str
    post: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """This person is no longer there."""

    person: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Two people exchange their posts."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Admit:
    """A pair that was not eligible now is."""

    person: str
    post: str
    score: int
    person_rank: int = 0
    post_rank: int = 0


Change = Pin | Ban | Unpin | Withdraw | Swap | Admit


class RefusedChangeError(ValueError):
    """The change cannot be made; the text says why, in Chinese."""


def change_to_json(change: Change) -> dict[str, Any]:
    """The change with its kind, as it stands in a Delta."""
    return {"kind": type(change).__name__.lower(), **asdict(change)}


@dataclass(frozen=True, slots=True)
class Task:
    """A problem and the settings of a run under which it is to be solved again."""

    problem: Problem
    settings: Settings

    def all_pins(self) -> set[Pair]:
        return {*self.problem.pins, *self.settings.pins}

    def all_bans(self) -> set[Pair]:
        return {*self.problem.bans, *self.settings.bans}

    def with_pins(self, pins: Iterable[Pair]) -> Task:
        """Further pins stand in the settings, so that the problem keeps its name."""
        fresh = set(pins) - set(self.problem.pins)
        return self._with(pins=tuple(sorted(fresh | set(self.settings.pins))))

    def with_bans(self, bans: Iterable[Pair]) -> Task:
        fresh = set(bans) - set(self.problem.bans)
        return self._with(bans=tuple(sorted(fresh | set(self.settings.bans))))

    def without_pins(self, pins: Iterable[Pair]) -> Task:
        """Take pins out wherever they stand."""
        gone = set(pins)
        left = tuple(pin for pin in self.problem.pins if pin not in gone)
        problem = (
            replace(self.problem, pins=left) if gone & set(self.problem.pins) else self.problem
        )
        kept = tuple(pin for pin in self.settings.pins if pin not in gone)
        return Task(problem, replace(self.settings, pins=kept))

    def without_ban(self, pair: Pair) -> Task:
        bans = tuple(ban for ban in self.problem.bans if ban != pair)
        problem = self.problem if bans == self.problem.bans else replace(self.problem, bans=bans)
        kept = tuple(ban for ban in self.settings.bans if ban != pair)
        return Task(problem, replace(self.settings, bans=kept))

    def _with(self, **changes: Any) -> Task:
        return Task(self.problem, replace(self.settings, **changes))


def task_after(graph: Graph, plan: Plan, change: Change) -> Task:
    """What is to be solved after a change; RefusedChangeError where it makes no sense."""
    _refuse_unknown(graph, change)
    task = Task(graph.problem, plan.settings)
    match change:
        case Pin(person, post):
            _refuse_closed(task, (person, post))
            return task.with_pins([(person, post)])
        case Ban(person, post):
            return task.without_pins([(person, post)]).with_bans([(person, post)])
        case Unpin(person, post):
            if (person, post) not in task.all_pins():
                raise RefusedChangeError(f"{person}到{post}没有人工指定")
            return task.without_pins([(person, post)])
        case Withdraw(person):
            own = list(_pairs_of(task.problem, person))
            return task.without_pins(own).with_bans(own)
        case Swap(first, second):
            return _swapped(task, plan, first, second)
        case Admit():
            return _admitted(task, change)


def _refuse_unknown(graph: Graph, change: Change) -> None:
    """Refuse the name of nobody, and of no post."""
    for field in ("person", "first", "second", "post"):
        name, is_post = getattr(change, field, None), field == "post"
        if name is not None and name not in (graph.post_index if is_post else graph.person_index):
            raise RefusedChangeError(f"没有名为“{name}”的{'岗位' if is_post else '人选'}")


def _pairs_of(problem: Problem, person_id: str) -> Iterator[Pair]:
    person = next(i for i, row in enumerate(problem.people) if row.id == person_id)
    edges = _places_of(problem.edge_person, person)
    return ((person_id, problem.posts[problem.edge_post[edge]].id) for edge in edges)


def _places_of(column: Sequence[int], wanted: int) -> Iterator[int]:
    """Where a number stands in a long column; `index` looks for it without a loop of ours."""
    place = -1
    with suppress(ValueError):
        while True:
            place = column.index(wanted, place + 1)
            yield place


def _refuse_closed(task: Task, pair: Pair) -> None:
    if pair in task.all_bans():
        raise RefusedChangeError(f"{pair[0]}到{pair[1]}已人工排除，须先取消排除")
    if pair not in _pairs_of(task.problem, pair[0]):
        raise RefusedChangeError(f"{pair[0]}不符合{pair[1]}的资格条件，不能指定")


def _swapped(task: Task, plan: Plan, first: str, second: str) -> Task:
    """Pin each of the two to the post of the other; their old pins are given up."""
    held = {
        name: [r.post for r in plan.assignments if r.person == name] for name in (first, second)
    }
    if len(held[first]) != 1 or len(held[second]) != 1 or held[first] == held[second]:
        raise RefusedChangeError(f"只有各在一个不同岗位的两人才能对调：{first}、{second}")
    ((here,), (there,)) = held[first], held[second]
    task = task.without_pins([(first, here), (second, there)])
    _refuse_closed(task, (first, there))
    _refuse_closed(task, (second, here))
    return task.with_pins([(first, there), (second, here)])


def _admitted(task: Task, change: Admit) -> Task:
    """Add the pair as one more edge; a ban of it is lifted."""
    problem, pair = task.problem, (change.person, change.post)
    if pair in _pairs_of(problem, change.person):
        if pair not in task.all_bans():
            raise RefusedChangeError(f"{change.person}到{change.post}本来就合格")
        return task.without_ban(pair)
    person = next(i for i, row in enumerate(problem.people) if row.id == change.person)
    post = next(g for g, row in enumerate(problem.posts) if row.id == change.post)
    ranks = (problem.edge_person_rank, problem.edge_post_rank)
    longer = replace(
        problem,
        edge_person=[*problem.edge_person, person],
        edge_post=[*problem.edge_post, post],
        edge_score=[*problem.edge_score, change.score],
        edge_person_rank=None if ranks[0] is None else [*ranks[0], change.person_rank],
        edge_post_rank=None if ranks[1] is None else [*ranks[1], change.post_rank],
    )
    return replace(task, problem=canonical(longer)).without_ban(pair)


def solve_task(task: Task, plan: Plan, **asked: Any) -> Plan:
    """Solve a task in the mode and with the seed of a plan."""
    from lingyan_matching import solve

    settings = task.settings
    base = tuple(Assignment(person, post, 0) for person, post in settings.base)
    return solve(
        build(task.problem),
        **{
            "mode": plan.mode,
            "pins": settings.pins,
            "bans": settings.bans,
            "limits": dict(settings.limits),
            "seed": plan.seed,
            "base_plan": replace(plan, assignments=base) if base else None,
            "goals": settings.goals or None,
            **asked,
        },
    )
