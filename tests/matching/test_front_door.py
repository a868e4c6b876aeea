"""Does the package answer by itself, without anybody knowing its modules?"""

from __future__ import annotations

import subprocess
import sys

import pytest

import lingyan_matching as engine
from lingyan_matching import Person, Post, Problem, Unit
from lingyan_matching.changes import Withdraw

# Li and Wang both fit the school and the clinic; both are of a unit that gives up one.
PROBLEM = Problem(
    people=(Person("li", "bureau"), Person("wang", "bureau"), Person("zhao")),
    posts=(Post("clinic"), Post("school", klass=2)),
    units=(Unit("bureau", 1),),
    edge_person=(0, 0, 1, 1, 2),
    edge_post=(0, 1, 0, 1, 1),
    edge_score=(9, 8, 7, 3, 2),
    edge_person_rank=(1, 2, 1, 2, 1),
    edge_post_rank=(1, 1, 2, 2, 3),
)


@pytest.mark.parametrize("mode", [mode for mode in engine.MODES if mode != "pairing"])
def test_each_mode_of_a_posting_gives_a_proved_plan_of_that_mode(mode: str) -> None:
    plan = engine.solve(engine.build(PROBLEM), mode=mode)

    assert plan.mode == mode
    assert [(row.person, row.post) for row in plan.assignments] == [
        ("li", "clinic"),
        ("zhao", "school"),
    ]
    assert engine.verify(PROBLEM, plan).ok


def test_a_pairing_is_a_mode_of_its_own() -> None:
    problem = Problem(
        people=(Person("bureau", upper=2),),
        posts=(Post("pine"), Post("brook")),
        units=(),
        edge_person=(0, 0),
        edge_post=(0, 1),
        edge_score=(5, 4),
    )

    plan = engine.solve(engine.build(problem), mode="pairing")

    assert plan.mode == "pairing"
    assert [row.post for row in plan.assignments] == ["brook", "pine"]
    assert engine.verify(problem, plan).ok


def test_further_pins_bans_limits_goals_and_the_plan_before_are_passed_on() -> None:
    graph = engine.build(PROBLEM)
    before = engine.solve(graph)

    banned = engine.solve(graph, bans=[("li", "clinic")])
    pinned = engine.solve(graph, pins=[("wang", "clinic")], seed=7)
    wider = engine.solve(
        graph, limits={"bureau": 2}, base_plan=before, goals=("seats", "changes", "score")
    )

    assert [(row.person, row.post) for row in banned.assignments] == [
        ("wang", "clinic"),
        ("zhao", "school"),
    ]
    assert pinned.seed == 7
    assert ("wang", "clinic") in [(row.person, row.post) for row in pinned.assignments]
    assert wider.settings.limits == (("bureau", 2),)
    assert wider.settings.goals == ("seats", "changes", "score")
    assert wider.settings.base == (("li", "clinic"), ("zhao", "school"))


def test_whoever_asks_gets_reasons_prices_and_what_a_withdrawal_would_move() -> None:
    graph = engine.build(PROBLEM)
    plan = engine.solve(graph)

    explained = engine.explain(graph, plan, "li", "clinic")
    others = engine.prices(graph, plan, "clinic")
    delta = engine.whatif(graph, plan, Withdraw("li"))

    assert (explained.person, explained.post) == ("li", "clinic")
    assert "wang" in {price.person for price in others}
    assert set(delta.rows) == {("wang", "clinic"), ("zhao", "school")}


def test_empty_posts_two_plans_and_the_figures_of_the_market_are_told() -> None:
    graph = engine.build(PROBLEM)
    plan = engine.solve(graph)
    fewer = engine.solve(graph, bans=[("zhao", "school")])

    assert engine.why_empty(graph, plan).is_nothing
    (shortage,) = engine.why_empty(graph, fewer, "school").sets
    assert "school" in shortage.posts
    assert shortage.deficit == 1
    (load,) = engine.compare(graph, plan, fewer).empty
    assert (load.id, load.a, load.b) == ("school", 0, 1)
    assert engine.market(graph, plan).seats_filled.part == 2


def test_an_unknown_mode_is_named() -> None:
    with pytest.raises(ValueError, match="stable-nobody"):
        engine.solve(engine.build(PROBLEM), mode="stable-nobody")


def test_importing_the_engine_loads_no_solver() -> None:
    heavy = {"numpy", "highspy", "numba", "scipy", "lingyan_matching.best"}
    code = f"import sys, lingyan_matching; print(sorted({heavy!r} & set(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
