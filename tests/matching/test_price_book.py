"""Does the book of prices say what the residual graph and solving again say?"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from lingyan_matching import BadInstance, Person, Plan, Post, Problem, Unit, build, solve
from lingyan_matching.changes import (
    Admit,
    Ban,
    Change,
    Pin,
    RefusedChangeError,
    Swap,
    Unpin,
    Withdraw,
    solve_task,
    task_after,
)
from lingyan_matching.explain import prices
from lingyan_matching.price_book import PriceBook
from lingyan_matching.problem import Graph
from lingyan_matching.quick_repair import way_of
from lingyan_matching.repair import Delta, whatif
from lingyan_matching.residual import NotBestError, residual_of
from tests.matching.referee import random_problem

NO_LOT = ("seats", "score")


def assert_prices_are_those_of_the_residual_graph(graph: Graph, plan: Plan) -> None:
    residual, book = residual_of(graph, plan), PriceBook(graph, plan)
    losses = book.on.ints(book.losses())
    assert len(losses) == len(book.graph.edge_score)
    for post in graph.problem.posts:
        known = prices(graph, plan, post.id, residual=residual)
        assert book.of_post(post.id) == [replace(price, chain=()) for price in known]
    for edge, loss in enumerate(losses):
        person, post = book.graph.ids(edge)
        (price,) = [price for price in book.of_post(post) if price.person == person]
        assert book.regret(loss) == price.regret


@pytest.mark.parametrize("block", range(4))
def test_every_price_is_the_one_that_the_residual_graph_gives(block: int) -> None:
    for seed in range(40 * block, 40 * block + 40):
        for problem in (random_problem(seed), random_problem(seed, people=9, posts=6)):
            graph = build(problem)
            assert_prices_are_those_of_the_residual_graph(graph, solve(graph))


@pytest.mark.parametrize(
    "goals", [("seats", "changes", "score", "lot"), ("seats", "score", "changes", "lot"), NO_LOT]
)
def test_changes_bans_and_pins_of_the_run_are_priced_alike(goals: tuple[str, ...]) -> None:
    for seed in range(25):
        graph = build(random_problem(seed, pinned=False))
        old = solve(graph)
        if len(old.assignments) < 2:
            continue
        bans = [(old.assignments[0].person, old.assignments[0].post)]
        pins = [(old.assignments[1].person, old.assignments[1].post)]
        base = old if "changes" in goals else None
        plan = solve(graph, base_plan=base, goals=goals, bans=bans, pins=pins)
        assert_prices_are_those_of_the_residual_graph(graph, plan)


@pytest.mark.parametrize("order", [("changes", "score"), ("score", "changes")])
def test_changes_are_told_as_changes_also_where_all_scores_are_equal(order) -> None:
    problem = Problem(
        tuple(Person(name) for name in "abc"),
        (Post("v"), Post("w")),
        (),
        edge_person=[0, 1, 2] * 2,
        edge_post=[0, 0, 0, 1, 1, 1],
        edge_score=[5] * 6,
    )
    graph = build(problem)
    plan = solve(graph, base_plan=solve(graph), goals=("seats", *order))

    assert_prices_are_those_of_the_residual_graph(graph, plan)


def test_several_classes_and_lower_bounds_keep_their_order() -> None:
    # Insisting on b for the listed village empties a lower one of the third class.
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v1", klass=1), Post("v2", lower=1, klass=3), Post("v3", klass=2)),
        units=(),
        edge_person=(0, 1, 1, 0),
        edge_post=(0, 0, 1, 2),
        edge_score=(900, 100, 300, 700),
    )
    graph = build(problem)
    plan = solve(graph)

    book = PriceBook(graph, plan)
    found = {price.person: price.regret.to_json() for price in book.of_post("v1") if price.regret}

    assert found["a"] == {"lower": 0, "class-1": 0, "class-2": 0, "class-3": 0, "score": 0}
    assert found["b"] == {"lower": 1, "class-1": 0, "class-2": -1, "class-3": 1, "score": 400}
    assert_prices_are_those_of_the_residual_graph(graph, plan)


def test_numbers_that_do_not_fit_run_plain() -> None:
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=tuple(Post(f"v{n:02}", klass=n + 1) for n in range(20)),
        units=(),
        edge_person=[0, 1] * 20,
        edge_post=[n // 2 for n in range(40)],
        edge_score=[10**9 * (n % 7) for n in range(40)],
    )
    graph = build(problem)

    assert PriceBook(graph, solve(graph), carrier="compiled").on.name == "plain"
    assert_prices_are_those_of_the_residual_graph(graph, solve(graph))


def test_an_empty_problem_has_no_prices_to_tell() -> None:
    graph = build(Problem((), (Post("v"),), (), (), (), ()))

    book = PriceBook(graph, solve(graph))

    assert book.of_post("v") == []
    assert book.losses() == []


def test_only_a_plan_that_its_own_prices_prove_has_a_book() -> None:
    graph = build(random_problem(3, pinned=False))
    plan = solve(graph)
    level = plan.certificate["levels"][0]
    wrong = {**level, "u": [level["u"][0] + 100 * level["scale"], *level["u"][1:]]}

    def refused(plan: Plan) -> str:
        with pytest.raises(NotBestError) as said:
            PriceBook(graph, plan)
        return str(said.value)

    assert "do not prove" in refused(replace(plan, assignments=plan.assignments[1:]))
    assert "do not prove" in refused(replace(plan, certificate={"levels": [wrong]}))
    assert "no prices" in refused(replace(plan, certificate={}))
    short = replace(plan, certificate={"levels": [{**level, "u": []}]})
    assert "not those of the problem" in refused(short)
    stranger = replace(plan.assignments[0], person="nobody")
    assert "nobody" in refused(replace(plan, assignments=(stranger,)))
    held = (plan.assignments[0].person, plan.assignments[0].post)
    with pytest.raises(NotBestError, match="a pair that is not open"):
        PriceBook(build(replace(graph.problem, bans=(held,))), plan)
    assert "mode total" in refused(solve(graph, mode="stable-people"))


def test_an_unknown_post_is_named() -> None:
    graph = build(random_problem(3))

    with pytest.raises(KeyError, match="no post 'nowhere'"):
        PriceBook(graph, solve(graph)).of_post("nowhere")


# --- changes -------------------------------------------------------------------------------------


def every_change(problem: Problem, dice: random.Random) -> list[Change]:
    columns = zip(problem.edge_person, problem.edge_post, strict=True)
    pairs = [(problem.people[i].id, problem.posts[g].id) for i, g in columns]
    everything = [(i.id, g.id) for i in problem.people for g in problem.posts]
    admitted = [Admit(*pair, dice.randint(0, 12)) for pair in everything if pair not in set(pairs)]
    return [
        *(Pin(*pair) for pair in pairs),
        *(Ban(*pair) for pair in pairs),
        *(Withdraw(person.id) for person in problem.people),
        *admitted,
    ]


def assert_rows_can_be(problem: Problem, delta: Delta, change: Change) -> None:
    """Every pair is open, nobody sits twice, and no bound is passed."""
    columns = zip(problem.edge_person, problem.edge_post, strict=True)
    open_pairs = {(problem.people[i].id, problem.posts[g].id) for i, g in columns}
    open_pairs -= set(problem.bans)
    assert set(delta.rows) <= open_pairs, change
    assert set(problem.pins) <= set(delta.rows), change
    assert len({person for person, _ in delta.rows}) == len(delta.rows)
    assert list(delta.rows) == sorted(delta.rows, key=lambda pair: pair[::-1])
    at_post = Counter(post for _, post in delta.rows)
    assert all(at_post[post.id] <= post.upper for post in problem.posts)
    unit_of = {person.id: person.unit for person in problem.people}
    sent = Counter(unit_of[person] for person, _ in delta.rows)
    assert all(sent[unit.id] <= unit.limit for unit in problem.units)


@pytest.mark.parametrize("block", range(5))
def test_a_change_reaches_what_solving_again_reaches(block: int) -> None:
    dice, answered = random.Random(block), 0
    for seed in range(20 * block, 20 * block + 20):
        size = {"people": 9, "posts": 6} if seed % 2 else {}
        graph = build(random_problem(seed, **size))
        plan = solve(graph, goals=NO_LOT)
        book = PriceBook(graph, plan)
        for change in every_change(graph.problem, dice):
            delta = whatif(graph, plan, change, book=book)
            try:
                task = task_after(graph, plan, change)
                after = solve_task(task, plan, goals=NO_LOT)
            except (RefusedChangeError, BadInstance):
                assert delta.refusal is not None, change
                continue
            assert [goal.after for goal in delta.goals] == [goal.value for goal in after.goals], (
                seed,
                change,
            )
            if way_of(book, change) is not None:
                answered += 1
                problem = build(task.problem).problem
                assert_rows_can_be(
                    replace(problem, pins=task.problem.pins, bans=tuple(task.all_bans())),
                    delta,
                    change,
                )
                moved = {pair[0] for pair in {*delta.rows} ^ {*book.rows}}
                assert {move.person for move in delta.moves} == moved
    assert answered > 150


def test_a_full_unit_sends_somebody_else_when_one_of_its_people_leaves() -> None:
    problem = Problem(
        people=(Person("a", "bureau"), Person("b", "bureau"), Person("c")),
        posts=(Post("v1"), Post("v2")),
        units=(Unit("bureau", 1),),
        edge_person=(0, 2, 1),
        edge_post=(0, 0, 1),
        edge_score=(900, 300, 100),
    )
    graph = build(problem)
    plan = solve(graph, goals=NO_LOT)
    assert [(row.person, row.post) for row in plan.assignments] == [("c", "v1"), ("b", "v2")]

    delta = whatif(graph, plan, Withdraw("b"), book=PriceBook(graph, plan))

    assert delta.regret is not None
    assert delta.regret.to_json() == {"class-1": 1, "score": -500}
    assert delta.rows == (("a", "v1"),)


def test_what_a_book_cannot_say_is_answered_the_long_way() -> None:
    graph = build(random_problem(2, pinned=False))
    drawn, plain = solve(graph), solve(graph, goals=NO_LOT)
    row = drawn.assignments[0]

    assert way_of(PriceBook(graph, drawn), Withdraw(row.person)) is None
    book = PriceBook(graph, plain)
    for change in (
        Swap(row.person, row.person),
        Unpin(row.person, row.post),
        Pin(row.person, "nowhere"),
        Withdraw("nobody"),
    ):
        assert way_of(book, change) is None
    long = whatif(graph, drawn, Withdraw(row.person), book=PriceBook(graph, drawn))
    assert long == whatif(graph, drawn, Withdraw(row.person))
