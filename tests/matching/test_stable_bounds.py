"""Is a plan stable, and the best for its side, where a township or a branch takes only so many?

A side is asked by definition: out of all edges it may choose from, it takes them one after another
in its order, as long as every post, township, person, unit and branch around them has room.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest

from lingyan_matching import (
    BadInstance,
    Bound,
    Person,
    Post,
    Problem,
    build,
    canonical,
    explain,
    snapshot_sha256,
    solve,
    verify,
)
from lingyan_matching.explain_stable import explain_stable
from lingyan_matching.problem import holds
from lingyan_matching.stable_prices import StableBook
from lingyan_matching.verify_stable import look, rotation_towards_people, rotation_towards_posts
from tests.matching.referee import random_bounds
from tests.matching.stable_cases import Pairs, Referee, random_problem

pytestmark = pytest.mark.pure


@dataclass(frozen=True)
class Bounded(Referee):
    """The referee of stability, with bounds of both sides."""

    def plans(self):
        for plan in super().plans():
            if all(self.room(bound, plan) for bound in self.problem.bounds):
                yield plan

    def room(self, bound: Bound, plan: Iterable[tuple[str, str]]) -> bool:
        return bound.upper is None or sum(holds(bound, pair) for pair in plan) <= bound.upper

    def pick(self, side: str, offers: Pairs) -> Pairs:
        return self.choose(side, offers, frozenset())

    def choose(self, side: str, offers: Pairs, held: Pairs) -> Pairs:
        """What a side takes; what it holds goes before what is merely as good."""
        p, keys = self.problem, self.keys
        first = {post.id: post.klass for post in p.posts}
        key = keys[0]
        if side == "posts":
            key = {pair: (first[pair[1]], *rest) for pair, rest in keys[1].items()}
        unit_of = {person.id: person.unit for person in p.people}
        sets = [b for b in p.bounds if (b.people is None) == (side == "posts")]
        taken = set(p.pins)

        def fits() -> bool:
            if any(not self.room(bound, taken) for bound in sets):
                return False
            if side == "posts":
                return all(sum(g == o.id for _, g in taken) <= o.upper for o in p.posts)
            if len({i for i, _ in taken}) < len(taken):
                return False
            return all(sum(unit_of[i] == u.id for i, _ in taken) <= u.limit for u in p.units)

        for pair in sorted(offers - set(p.pins), key=lambda one: (key[one], one not in held)):
            taken.add(pair)
            if not fits():
                taken.remove(pair)
        return frozenset(taken)

    def find_blocking(self, plan: Pairs) -> Iterator[tuple[str, str]]:
        pinned = {pin[0] for pin in self.problem.pins}
        for pair in self.edges:
            if pair in plan or pair[0] in pinned:
                continue
            if all(pair in self.choose(side, plan | {pair}, plan) for side in ("people", "posts")):
                yield pair


def bounded(number: int, size: int = 4, *, strict: bool = False) -> Problem | None:
    """A small problem with bounds that form trees; None where a pin goes over one of them."""
    problem = canonical(
        random_problem(number, size, units=True, marks=number % 4 == 0, strict=strict)
    )
    if not problem.posts or not problem.people:
        return None
    dice = random.Random(number)
    posts = tuple(replace(post, klass=dice.choice([1, 1, 2])) for post in problem.posts)
    problem = canonical(replace(problem, posts=posts, bounds=random_bounds(number, problem)))
    over = any(
        bound.upper is not None and sum(holds(bound, pin) for pin in problem.pins) > bound.upper
        for bound in problem.bounds
    )
    return None if over else problem


CASES = [(n, problem) for n in (*range(160), 1618) if (problem := bounded(n)) is not None]


@pytest.mark.parametrize("side", ["people", "posts"])
def test_the_best_stable_plan_of_a_side_is_what_trying_everything_finds(side):
    several = 0
    for number, problem in CASES:
        referee = Bounded(problem, 1)
        plans = referee.stable()

        plan = solve(build(problem), mode=f"stable-{side}")

        rows = frozenset((row.person, row.post) for row in plan.assignments)
        assert rows == referee.best_for(side, plans), number
        assert verify(problem, plan).ok, (number, verify(problem, plan))
        assert plan.certificate["stable"]["unique"] == (len(plans) == 1)
        several += len(plans) > 1
    assert several > 5


def test_rotations_are_left_exactly_where_a_stable_plan_is_not_the_best_of_a_side():
    for number, problem in CASES:
        referee = Bounded(problem, 1)
        plans = referee.stable()
        for side, rotation in (
            ("people", rotation_towards_people),
            ("posts", rotation_towards_posts),
        ):
            best = referee.best_for(side, plans)
            for plan in plans:
                view = look(problem, plan, seed=1)
                assert (rotation(view) == ()) == (plan == best), number


def test_the_largest_stable_plan_under_bounds_is_what_trying_everything_finds():
    for number, problem in CASES[:60]:
        plans = Bounded(problem, None).stable()
        sign = -1 if problem.sense == "min" else 1
        names = [(problem.people[i].id, problem.posts[g].id)
                 for i, g in zip(problem.edge_person, problem.edge_post, strict=True)]  # fmt: skip
        score = dict(zip(names, problem.edge_score, strict=True))

        plan = solve(build(problem), mode="stable-best")

        def worth(rows: Iterable[tuple[str, str]], problem=problem, score=score, sign=sign):
            rows = [*rows]
            low = sum(min(o.lower, sum(g == o.id for _, g in rows)) for o in problem.posts)
            low += sum(min(b.lower, sum(holds(b, r) for r in rows)) for b in problem.bounds)
            return low, len(rows), sign * sum(score[row] for row in rows)

        rows = [(row.person, row.post) for row in plan.assignments]
        assert frozenset(rows) in plans, number
        assert worth(rows) == max(map(worth, plans)), number
        assert verify(problem, plan).ok, (number, verify(problem, plan))


@pytest.mark.parametrize("mode", ["stable-people", "stable-posts"])
def test_what_insisting_costs_under_bounds_is_what_comes_of_fixing_the_pair(mode):
    for number, problem in CASES[:40]:
        graph = build(problem)
        plan = solve(graph, mode=mode)
        book = StableBook(graph, plan)
        closed, pinned = set(problem.bans), {i for i, _ in problem.pins}
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True):
            pair = (problem.people[i].id, problem.posts[g].id)
            if pair in closed or pair[0] in pinned:
                continue
            assert explain_stable(graph, plan, *pair, names={}, book=book).text_zh
            found = book.rerun(*pair)
            try:
                again = solve(graph, mode=mode, pins=[pair])
            except BadInstance:
                assert found is None, number
                continue
            assert found is not None, number
            assert set(found.rows) == {(row.person, row.post) for row in again.assignments}
            assert set(found.blocking) == set(Bounded(problem, 1).blocking(frozenset(found.rows)))


def town(*bounds: Bound) -> Problem:
    """Two villages of one township, two people who both want the first."""
    return Problem(
        (Person("赵一"), Person("钱二"), Person("孙三")),
        (Post("甲村", upper=2), Post("乙村")),
        (),
        [0, 1, 2],
        [0, 0, 1],
        [900, 800, 700],
        bounds=bounds,
    )


ONLY_TWO = Bound("白马镇合计", None, ("甲村", "乙村"), 0, 2)


def test_a_full_township_keeps_those_with_the_better_place_and_says_so():
    problem = town(ONLY_TWO)

    plan = solve(build(problem), mode="stable-people")

    assert [row.person for row in plan.assignments] == ["赵一", "钱二"]
    assert "总量“白马镇合计”的上限 2 已满" in "".join(plan.notes)
    assert "乙村”都只能到" not in "".join(plan.notes)
    told = explain(build(problem), plan, "孙三", "乙村")
    assert "总量“白马镇合计”已满" in told.text_zh


def test_a_lower_bound_that_a_stable_plan_misses_is_told_and_points_to_mode_total():
    problem = town(replace(ONLY_TWO, upper=None, lower=4))

    plan = solve(build(problem), mode="stable-posts")

    assert "下限是 4，只能安排 3" in "".join(plan.notes)
    assert "改用统筹最优" in "".join(plan.notes)
    assert plan.goal("lower").value == 3


@pytest.mark.parametrize("mode", ["stable-people", "stable-posts", "stable-best"])
def test_bounds_that_form_no_tree_are_refused_by_name(mode):
    problem = town(ONLY_TWO, Bound("甲村与别处", ("赵一",), ("甲村",), 0, 0))

    with pytest.raises(BadInstance, match="请改用 total 方式"):
        solve(build(problem), mode=mode)


@pytest.mark.parametrize("mode", ["stable-people", "stable-best"])
def test_a_stable_plan_is_not_proved_under_bounds_that_form_no_tree(mode):
    crossed = town(ONLY_TWO, Bound("甲村与别处", ("孙三",), ("甲村",), 0, 0))
    plan = solve(build(town(ONLY_TWO)), mode=mode)
    digest = snapshot_sha256(crossed)
    certificate = {**plan.certificate, "snapshot_sha256": digest}

    verdict = verify(crossed, replace(plan, snapshot_sha256=digest, certificate=certificate))

    assert "同时限定人选和岗位" in (verdict.violation or "")


def test_a_stable_plan_that_overlooks_a_full_township_is_refuted():
    problem = town(ONLY_TWO)
    plan = solve(build(problem), mode="stable-people")
    rows = solve(build(town()), mode="stable-people").assignments
    worse = tuple(row for row in rows if row.person != "钱二")
    goals = tuple(
        replace(goal, value=1600, bound=1600) if goal.name == "score" else goal
        for goal in plan.goals
    )

    verdict = verify(problem, replace(plan, assignments=worse, goals=goals))

    assert "“钱二”与“甲村”都更愿意选对方" in (verdict.violation or "")
