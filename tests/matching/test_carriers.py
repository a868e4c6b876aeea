"""Do the plain and the compiled carrier give the same, bit by bit?"""

from __future__ import annotations

import random
import subprocess
import sys
from array import array
from dataclasses import replace

import pytest

from lingyan_matching import Person, Post, Problem, Unit, build, solve, verify
from lingyan_matching import carrier as carrier_module
from lingyan_matching.carrier import COMPILED_NUMBER_MAX, choose, compiled, loops_on, plain
from tests.matching.every_plan import random_problem, shuffled


def same(problem, **options):
    graphs = {name: build(problem, carrier=name) for name in ("plain", "compiled")}
    assert graphs["plain"] == graphs["compiled"]
    plans = {name: solve(graphs[name], carrier=name, **options) for name in graphs}
    assert {name: plan.carrier for name, plan in plans.items()} == {name: name for name in graphs}
    assert replace(plans["plain"], carrier="", elapsed_ms={}) == replace(
        plans["compiled"], carrier="", elapsed_ms={}
    )
    return plans["compiled"]


def test_both_carriers_agree_on_random_small_problems():
    rng = random.Random(11)
    for seed in range(300):
        same(random_problem(rng), seed=seed)


@pytest.mark.parametrize(
    ("people", "posts", "units"), [(90, 60, 0), (60, 90, 0), (70, 70, 0), (90, 40, 25), (40, 60, 9)]
)
def test_both_carriers_agree_where_paths_are_long(people, posts, units):
    rng = random.Random(people * posts + units)
    problem = shuffled(rng, town(rng, people, posts, units))
    plan = same(problem)

    assert verify(problem, plan).ok


def town(rng, people, posts, units):
    edges = [(i, p) for i in range(people) for p in range(posts) if rng.random() < 0.3]
    return Problem(
        tuple(
            Person(f"p{n:03d}", f"u{rng.randrange(units):02d}" if units else None)
            for n in range(people)
        ),
        tuple(Post(f"g{n:03d}", n % 5 == 0, 1 + (n % 4 == 0), 1 + n % 3) for n in range(posts)),
        tuple(Unit(f"u{n:02d}", 2) for n in range(units)),
        array("q", [edge[0] for edge in edges]),
        array("q", [edge[1] for edge in edges]),
        array("q", [rng.randint(0, 30) for _ in edges]),
    )


@pytest.mark.parametrize("ranked", [False, True])
@pytest.mark.parametrize("by", ["person", "post", "score"])
def test_both_carriers_lay_edges_out_alike_however_they_stand(by, ranked):
    rng = random.Random(5)
    problem = town(rng, 30, 20, 0)
    columns = list(zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True))
    side = ("person", "post", "score").index(by)
    columns.sort(key=lambda edge: (edge[side], edge))
    person, post, score = (array("q", column) for column in zip(*columns, strict=True))
    rank = array("q", [1 + points % 3 for points in score]) if ranked else None

    same(
        replace(
            problem,
            edge_person=person,
            edge_post=post,
            edge_score=score,
            edge_person_rank=rank,
        )
    )


def test_values_are_counted_alike_whether_they_are_few_or_far_apart():
    for column in ([3, 1, 3, 0], [10**12, -5, -5], [7], [0, 0, 9]):
        on_arrays = carrier_module.arrays()
        assert on_arrays.counted(on_arrays.column(column)) == plain().counted(column)


def test_numbers_beyond_64_bits_run_plain_even_if_compiled_was_asked_for():
    assert choose("compiled", edges=3, number_max=COMPILED_NUMBER_MAX) is compiled()
    assert choose("compiled", edges=3, number_max=COMPILED_NUMBER_MAX + 1) is plain()


def test_small_problems_run_plain_and_large_ones_compiled():
    assert choose("auto", edges=39_000, number_max=0) is plain()
    assert choose("auto", edges=2_000_000, number_max=0) is compiled()


def test_an_unknown_carrier_is_named():
    with pytest.raises(ValueError, match="'fast'"):
        choose("fast", edges=0, number_max=0)


def test_an_empty_problem_runs_on_both():
    plan = same(Problem((), (), (), (), (), ()))

    assert plan.assignments == ()


def test_the_loops_of_a_module_are_its_own_source_on_either_carrier():
    from lingyan_matching import kernel

    assert loops_on(plain(), kernel) is kernel
    assert loops_on(compiled(), kernel).assign.py_func.__code__ == kernel.assign.__code__


def test_importing_and_solving_small_problems_loads_neither_numpy_nor_numba():
    program = (
        "import sys, lingyan_matching as m;"
        "p = m.Problem((m.Person('a'),), (m.Post('x'),), (), [0], [0], [7]);"
        "plan = m.solve(m.build(p)); assert m.verify(p, plan).ok;"
        "print(sorted({'numpy', 'numba', 'scipy', 'django', 'highspy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_a_module_and_a_function_of_one_name_do_not_hide_each_other():
    program = (
        "import lingyan_matching.explain, lingyan_matching.compare, lingyan_matching.verify;"
        "from lingyan_matching.explain import Explanation;"
        "import lingyan_matching as m;"
        "print(all(type(f).__name__ == 'function' for f in (m.explain, m.compare, m.verify)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "True"
