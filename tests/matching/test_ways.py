"""Are the ways that go on over the hub as cheap as those of a whole search?"""

from __future__ import annotations

import random
from itertools import pairwise

from lingyan_matching import build, solve
from lingyan_matching.residual import residual_of
from lingyan_matching.ways import Arcs, Tree, Ways, grow
from tests.matching.referee import random_problem


def random_graph(seed: int) -> tuple[list[dict[int, int]], list[int]]:
    """Arcs between nodes, some of them cut off, with prices under which no arc is below 0."""
    dice = random.Random(seed)
    nodes = dice.randint(2, 12)
    price = [dice.randint(-20, 20) for _ in range(nodes)]
    share = dice.choice([0.1, 0.3, 0.7])
    arcs: list[dict[int, int]] = [
        {
            end: dice.choice([0, 0, 1, 5, 9]) + price[end] - price[start]
            for end in range(nodes)
            if end != start and dice.random() < share
        }
        for start in range(nodes)
    ]
    return arcs, price


def length(path: list[int], arcs: Arcs) -> int:
    return sum(arcs[start][end] for start, end in pairwise(path))


def check(tree: Tree, whole: Tree, arcs: Arcs) -> None:
    assert tree.cost == whole.cost
    for node, cost in tree.cost.items():
        path = tree.path(node)
        assert (path[0], path[-1]) == (whole.source, node)
        assert length(path, arcs) == cost


def test_each_way_is_as_cheap_as_in_a_whole_search_and_can_be_walked():
    cut_off = 0
    for seed in range(400):
        arcs, price = random_graph(seed)
        ways = Ways(0, price, arcs, range(0))
        cut_off += len(ways.around.cost) < len(arcs)
        for source in range(len(arcs)):
            check(ways.tree(source), grow(source, price, arcs, range(0)), arcs)
    assert 50 < cut_off < 350


def test_the_ways_of_a_plan_are_those_of_a_whole_search():
    for seed in range(60):
        graph = build(random_problem(seed, people=9, posts=6))
        residual = residual_of(graph, solve(graph), lots=True)
        for post in range(len(graph.problem.posts)):
            whole = grow(post, residual.price, residual.arcs, residual.people)
            check(residual.tree(post), whole, residual.arcs)


def test_after_a_change_the_ways_are_searched_anew():
    graph = build(random_problem(3, people=9, posts=6))
    residual = residual_of(graph, solve(graph), lots=True)
    person, post = min(residual.taken - residual.frozen)
    residual.tree(post), residual.tree_to(post)

    residual.forbid(person, post)

    for source in range(len(graph.problem.posts)):
        whole = grow(source, residual.price, residual.arcs, residual.people)
        check(residual.tree(source), whole, residual.arcs)
