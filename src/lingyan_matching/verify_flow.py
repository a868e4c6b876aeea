"""Is no pairing better than this one?

Nothing here solves. Any prices bound every pairing from above: a pair brings at most what its
profit exceeds both prices by, a node at most its best choice of how often to be paired. If the
bound equals what the plan is worth, no pairing is worth more. Standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from lingyan_matching.crowd import counted, sides_of
from lingyan_matching.pairing_goals import GOALS, Task, goal_values, task_of
from lingyan_matching.plan import Plan, same_json
from lingyan_matching.problem import Graph, Problem, build


def check_pairing(
    problem: Problem, plan: Plan, certificate: Mapping[str, Any] | None = None
) -> tuple[str | None, tuple[str, ...]]:
    """The first thing that is wrong with a pairing, or None; and what was checked.

    `problem` is the problem under the pins, bans and limits of the run.

    1. Every pair is eligible, stands once, and no node goes over its upper bound.
    2. The plan's worth and the bound of the prices are equal, both computed from the problem.
    3. The goals are what the pairs reach.
    4. Nodes said to compete for too few partners do, by counting.
    """
    certificate = plan.certificate if certificate is None else certificate
    graph = build(problem)
    checked = ["每对合格、不超上限 / pairs eligible, upper bounds kept"]
    if wrong := _infeasible(graph.problem, plan):
        return wrong, tuple(checked)
    checked.append("没有更好的结对 / no pairing is worth more")
    task = task_of(graph, lot="lot" in certificate.get("covers", ()))
    if wrong := _beaten(task, plan, certificate):
        return wrong, tuple(checked)
    checked.append("目标值属实 / goal values recomputed")
    if wrong := _wrong_goals(graph.problem, plan):
        return wrong, tuple(checked)
    checked.append("下限不足处确实不足 / lower bounds that fail cannot hold")
    wrong = _uncounted(graph, certificate.get("hall", ()))
    return wrong, tuple(checked)


def _wrong_goals(problem: Problem, plan: Plan) -> str | None:
    for own, right in zip_longest(plan.goals, goal_values(problem, plan.assignments)):
        if own != right:
            stated = f"{own.name} {own.value}" if own else "无"
            true = f"{right.name} {right.value}" if right else "无"
            return f"目标写的是 {stated}，应为 {true} / goals state {stated}, it is {true}"
    return None


def _infeasible(problem: Problem, plan: Plan) -> str | None:
    pairs = [(row.person, row.post) for row in plan.assignments]
    eligible = {
        (problem.people[i].id, problem.posts[g].id)
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True)
    }
    eligible -= set(problem.bans)
    for (person, post), count in Counter(pairs).items():
        if count > 1 or (person, post) not in eligible:
            return (
                f"“{person}”与“{post}”不能结对或写了两次 / "
                f'"{person}" and "{post}" are not eligible, or stand twice'
            )
    if missing := set(problem.pins) - set(pairs):
        person, post = min(missing)
        return f'人工指定“{person}”到“{post}”未执行 / the pin of "{person}" to "{post}" is missing'
    return _over(problem.people, [pair[0] for pair in pairs]) or _over(
        problem.posts, [pair[1] for pair in pairs]
    )


def _over(nodes: Iterable[Any], names: Iterable[str]) -> str | None:
    load = Counter(names)
    for node in nodes:
        if load[node.id] > node.upper:
            return (
                f"“{node.id}”有 {load[node.id]} 对，上限 {node.upper} / "
                f'"{node.id}" has {load[node.id]} pairs, its upper bound is {node.upper}'
            )
    return None


def _beaten(task: Task, plan: Plan, certificate: Mapping[str, Any]) -> str | None:
    u, v = _prices(certificate, "u"), _prices(certificate, "v")
    problem = task.graph.problem
    if len(u) != len(problem.posts) or len(v) != len(problem.people):
        return "复核凭证的价格缺失或个数不符 / prices are missing, or their number is wrong"
    worth, bound = plan_worth(task, plan), price_bound(task, plan.seed, u, v)
    if worth != bound:
        return (
            f"方案值 {worth}，价格给出的上界 {bound}，两者不等，未证明最优 / "
            f"the plan is worth {worth}, the prices bound it by {bound}: not proved best"
        )
    return _misstated(task, plan, certificate, worth)


def _misstated(task: Task, plan: Plan, certificate: Mapping[str, Any], worth: int) -> str | None:
    """Whatever else the certificate says of itself must be so as well."""
    level, *more = certificate["levels"]
    scale = {"scale": task.worth.score, "bits": task.worth.bits, "pi": []}
    names = ", ".join(plan.settings.goals)
    truth = {**scale, "goal": names, "primal": worth, "dual": worth}
    ties_left = task.worth.bits < len(task.graph.edge_post).bit_length() + 1
    goals = (GOALS, GOALS[:-1])
    if (
        more
        or not same_json({name: level.get(name) for name in truth}, truth)
        or certificate.get("kind") != "dual"
        or plan.ties_left != ties_left
        or plan.settings.goals not in goals
        or certificate.get("covers") != list(plan.settings.goals)
    ):
        return "凭证写的总和、刻度或目标不属实 / sums, scale or goals of the certificate are wrong"
    return None


def _prices(certificate: Mapping[str, Any], name: str) -> list[int]:
    """A column of prices; anything but a list of integers counts as missing."""
    levels = certificate.get("levels")
    level = levels[0] if isinstance(levels, list) and levels else {}
    prices = level.get(name) if isinstance(level, Mapping) else None
    whole = isinstance(prices, list) and all(type(price) is int for price in prices)
    return prices if isinstance(prices, list) and whole else []


def plan_worth(task: Task, plan: Plan) -> int:
    """What a plan is worth beyond its pins."""
    graph = task.graph
    pinned = {(person, post) for person, post, _ in graph.pinned}
    number = {
        pair: edge for edge, pair in enumerate(zip(graph.edge_person, graph.edge_post, strict=True))
    }
    pairs = [
        (graph.person_index[row.person], graph.post_index[row.post]) for row in plan.assignments
    ]
    free = [number[pair] for pair in pairs if pair not in pinned]
    by_person = Counter(graph.edge_person[edge] for edge in free)
    by_post = Counter(graph.edge_post[edge] for edge in free)
    return (
        sum(task.profit(edge) - task.ticket(edge, plan.seed) for edge in free)
        + sum(sum(task.person_gains(i)[:load]) for i, load in by_person.items())
        + sum(sum(task.post_gains(g)[:load]) for g, load in by_post.items())
    )


def price_bound(task: Task, seed: int, u: Sequence[int], v: Sequence[int]) -> int:
    """The most that any pairing can be worth, by these prices of posts and of people."""
    graph = task.graph
    bound = sum(_best(task.person_gains(i), price) for i, price in enumerate(v))
    bound += sum(_best(task.post_gains(g), price) for g, price in enumerate(u))
    for edge, (i, g) in enumerate(zip(graph.edge_person, graph.edge_post, strict=True)):
        left = task.profit(edge) - u[g] - v[i]
        if left > 0:
            bound += max(0, left - task.ticket(edge, seed))
    return bound


def _best(gains: Sequence[int], price: int) -> int:
    """The most a node can bring: gains never rise, so it stops at the first that does not pay."""
    return sum(max(0, gain + price) for gain in gains)


def _uncounted(graph: Graph, hall: Sequence[Mapping[str, Any]]) -> str | None:
    """Which stated crowd does not want more than its partners can take."""
    sides = {side.name: side for side in sides_of(graph)}
    for claim in hall:
        side = sides[claim["side"]]
        members = {node for node, name in enumerate(side.ids) if name in set(claim["members"])}
        crowd = counted(graph, side, members)
        if crowd.wanted <= crowd.can_take or not same_json(crowd.as_json(), claim):
            return (
                f"所列 {len(members)} 个节点至少要 {crowd.wanted} 次、对方可承担 "
                f"{crowd.can_take} 次，与凭证不符 / the {len(members)} nodes listed want "
                f"{crowd.wanted}, their partners can take {crowd.can_take}: not as certified"
            )
    return None
