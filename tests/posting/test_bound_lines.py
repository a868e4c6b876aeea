"""What does each bound cost, and what do all of them together?"""

from __future__ import annotations

from dataclasses import replace

from lingyan.posting.problem import build_posting
from lingyan.posting.problem.bound_lines import bound_lines
from lingyan.posting.problem.towns import bounded
from lingyan_matching import Plan, build, solve
from tests.posting.round_maker import a_round


def seats_by_class(problem: object, plan: Plan) -> dict[str, int]:
    classes: dict[str, int] = {}
    klass = {post.id: post.klass for post in problem.posts}  # type: ignore[attr-defined]
    for row in plan.assignments:
        name = str(klass[row.post])
        classes[name] = classes.get(name, 0) + 1
    return classes


def test_each_price_is_what_solving_without_the_bound_gains() -> None:
    needs, people, settings = a_round(8, 30, members=2, seed=3)
    problem = bounded(build_posting(needs, people, replace(settings, town_max=2)))
    plan = solve(build(problem.problem))

    lines = bound_lines(problem, plan, priced=True)

    towns = [line for line in lines if line["kind"] == "town"]
    assert {line["name"] for line in towns} == {bound.id for bound in problem.problem.bounds}
    of_town = {bound.id: set(bound.posts) for bound in problem.problem.bounds}
    for line in towns:
        arranged = sum(row.post in of_town[line["name"]] for row in plan.assignments)
        assert line["arranged"] == arranged <= 2
        assert line["full"] == (arranged == 2)
    tight = [line for line in towns if line["binds"]]
    assert len(tight) > 1
    for line in tight:
        others = tuple(one for one in problem.problem.bounds if one.id != line["name"])
        other = solve(build(replace(problem.problem, bounds=others)))
        gained, had = (seats_by_class(problem.problem, one) for one in (other, plan))
        assert line["price"]["classes"] == {
            name: gained.get(name, 0) - had.get(name, 0) for name in sorted({*gained, *had})
        }
    whole = lines[-1]
    assert whole["kind"] == "all"
    alone = tuple(replace(person, unit=None) for person in problem.problem.people)
    free = solve(build(replace(problem.problem, bounds=(), units=(), people=alone)))
    assert sum(whole["price"]["classes"].values()) == len(free.assignments) - len(plan.assignments)


def test_without_prices_nothing_is_solved_again() -> None:
    needs, people, settings = a_round(8, 30, members=2, seed=3)
    problem = bounded(build_posting(needs, people, replace(settings, town_max=2)))

    lines = bound_lines(problem, solve(build(problem.problem)), priced=False)

    assert lines
    assert all("price" not in line for line in lines)
