"""Which plan is best where bounds cross each other, or a goal may be given up in part?

Neither is a flow any more, so a MIP solver decides, one goal after the other. Its answer is rounded
and checked in integers. That nothing is better is proved by its prices, made whole numbers, as far
as these reach; beyond that it is its word, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from lingyan_matching.chosen import assignments_of, certificate_of, short_bounds
from lingyan_matching.dual_prices import claims_of
from lingyan_matching.goals import Asked
from lingyan_matching.lot import SOLVER_BITS, ticket
from lingyan_matching.plan import Plan, Settings
from lingyan_matching.problem import Bound, Graph, Pair, Problem, holds
from lingyan_matching.relaxation import Key
from lingyan_matching.said import Said
from lingyan_matching.solver import Answer, Level, Model, improve
from lingyan_matching.total import goal_values
from lingyan_matching.trees import Crossing, trees_of
from lingyan_matching.verify_bound import Task, open_notes, task_of, told_goals

Part = tuple[Key, Sequence[int], int]
"""Some edges by the key of their price, and how many of them count."""


def solve_by_solver(graph: Graph, *, settings: Settings, seed: int, snapshot: str) -> Plan:
    """The best plan by goals with or without slack and under any bounds.

    1. Each edge is a column; people, posts, units and bounds with an upper one are rows.
    2. For each goal in turn find the best plan, and keep what it reaches, less the slack, as a row.
    3. The last goal stands as found: what the plan reaches of the others is counted from its rows.
    """
    started, problem = perf_counter(), graph.problem
    search = search_of(graph, settings=settings, seed=seed)
    built = perf_counter()
    answers = search.reach(search.model.copied(), [])
    solved = perf_counter()
    rows = assignments_of(graph, answers[-1][1].edges)
    claims = claims_of(search.task, search.model, answers, graph)
    return Plan(
        mode="total",
        seed=seed,
        snapshot_sha256=snapshot,
        assignments=rows,
        goals=tuple(told_goals(goal_values(problem, rows, settings), claims, stable=False)),
        certificate=certificate_of("bound", snapshot, covers=list(settings.goals), bound=claims),
        carrier="highs",
        elapsed_ms={
            "build": round(1000 * (built - started)),
            "solve": round(1000 * (solved - built)),
            "certify": round(1000 * (perf_counter() - solved)),
        },
        ties_left=settings.goals[-1] != "lot"
        or len(graph.edge_post).bit_length() + 1 > SOLVER_BITS,
        settings=settings,
        notes=(*_notes(problem), *short_bounds(problem, rows), *open_notes(claims)),
    )


@dataclass(frozen=True, slots=True)
class Search:
    """A task as a model with its goals in order: asked for the plan, and again for each price."""

    task: Task
    model: Model
    levels: tuple[Level, ...]

    def reach(self, model: Model, start: list[int]) -> list[tuple[Level, Answer]]:
        """Reach one goal after the other on a copy of the model; each is kept there as a row."""
        answers, edges = [], start
        for goal, level in zip(self.task.goals, self.levels, strict=True):
            answer = improve(model, level, edges, slack=float("inf") if goal.slack else 0.0)
            edges = answer.edges
            floor = self.task.floor(goal, level.reached(edges))
            model.row([*level.terms.items()], float(floor), float("inf"))
            answers.append((level, answer))
        return answers


def search_of(graph: Graph, *, settings: Settings, seed: int) -> Search:
    """The model and the goals of a task, on the graph under its pins, bans and limits."""
    problem = graph.problem
    task = task_of(problem, mode="total", goals=settings.goals, seed=seed, base=settings.base)
    model = flow_model(graph)
    levels = tuple(_level(graph, model, goal, settings, seed) for goal in task.goals)
    return Search(task, model, levels)


def _notes(problem: Problem) -> tuple[str, ...]:
    """Say which bounds made a solver necessary."""
    found = trees_of(problem)
    if not isinstance(found, Crossing):
        return ()
    note = Said(f"{found.text()}，所以由求解器求解。")
    note.english = f"{found.text_en()}, so a solver was asked."
    return (note,)


def _sign(name: str, problem: Problem) -> int:
    """Changes and costs are lost, so their negative is what is to be as great as can be."""
    return -1 if name == "changes" or (name == "score" and problem.sense == "min") else 1


# --- the model -----------------------------------------------------------------------------------


def flow_model(graph: Graph) -> Model:
    """All plans that keep the upper bounds: column `e` says whether edge `e` is taken."""
    model = Model(len(graph.edge_post))
    for _ in graph.edge_post:
        model.column(1.0)
    edges, unit_of, problem = range(len(graph.edge_post)), graph.unit_of, graph.problem
    for kind, names, owner, rooms in (
        ("person", [one.id for one in problem.people], graph.edge_person, graph.room),
        ("post", [post.id for post in problem.posts], graph.edge_post, graph.seats),
        (
            "unit",
            [unit.id for unit in problem.units],
            [unit_of[person] for person in graph.edge_person],
            graph.limit,
        ),
    ):
        mine: list[list[int]] = [[] for _ in rooms]
        for edge in edges:
            if owner[edge] >= 0:
                mine[owner[edge]].append(edge)
        for name, own, room in zip(names, mine, rooms, strict=True):
            if len(own) > room:
                model.row([(edge, 1.0) for edge in own], 0.0, float(room), (kind, name))
    for bound in problem.bounds:
        own, _, most = _inside(graph, bound)
        if most is not None and len(own) > most:
            model.row([(edge, 1.0) for edge in own], 0.0, float(most), ("bound", bound.id))
    return model


def _inside(graph: Graph, bound: Bound) -> tuple[list[int], int, int | None]:
    """The edges of a bound, and what pins leave of its lower and upper one."""
    people = None if bound.people is None else set(bound.people)
    posts = None if bound.posts is None else set(bound.posts)

    def is_inside(pair: Pair) -> bool:
        return (people is None or pair[0] in people) and (posts is None or pair[1] in posts)

    own = [edge for edge in range(len(graph.edge_post)) if is_inside(graph.ids(edge))]
    pins = sum(holds(bound, pin) for pin in graph.problem.pins)
    return own, max(0, bound.lower - pins), None if bound.upper is None else bound.upper - pins


def _level(graph: Graph, model: Model, goal: Asked, settings: Settings, seed: int) -> Level:
    """One goal as a sum over columns."""
    if goal.name == "lower":
        return _lower_level(graph, model)
    problem, edges, most = graph.problem, range(len(graph.edge_post)), float("inf")
    if goal.name == "score":
        weight = [_sign("score", problem) * score for score in graph.edge_score]
    elif goal.name == "changes":
        base = set(settings.base)
        weight = [0 if graph.ids(edge) in base else -1 for edge in edges]
    elif goal.name == "lot":
        weight = [-ticket(seed, *graph.ids(edge), SOLVER_BITS) for edge in edges]
    else:
        inside = [f"class-{post.klass}" == goal.name for post in problem.posts]
        weight = [int(inside[g]) for g in graph.edge_post]
        most = float(sum(seats for seats, own in zip(graph.seats, inside, strict=True) if own))
    terms = {edge: float(value) for edge, value in enumerate(weight) if value}
    return Level(goal.name, terms, most, lambda chosen: sum(weight[e] for e in chosen))


def _lower_level(graph: Graph, model: Model) -> Level:
    """Seats below lower bounds of posts and of bounds: a column that counts those of each."""
    posts = graph.problem.posts
    parts: list[Part] = [
        (("lower-post", posts[g].id), range(graph.post_ptr[g], graph.post_ptr[g + 1]), low)
        for g, low in enumerate(graph.lower)
        if low
    ]
    for bound in graph.problem.bounds:
        inside, low, _ = _inside(graph, bound)
        parts += [(("lower-bound", bound.id), inside, low)] if low else []
    columns = {}
    for key, own, low in parts:
        column = model.column(float(low))
        model.row([(column, -1.0), *((edge, 1.0) for edge in own)], 0.0, float("inf"), key)
        columns[column] = 1.0
    return Level("lower", columns, float(sum(low for _, _, low in parts)), _counting(parts))


def _counting(parts: Sequence[Part]) -> Callable[[Iterable[int]], int]:
    sets = [(set(own), low) for _, own, low in parts]

    def value(edges: Iterable[int]) -> int:
        chosen = [*edges]
        return sum(min(sum(edge in own for edge in chosen), low) for own, low in sets)

    return value
