"""Which plan is best where bounds cross each other, or a goal may be given up in part?

Neither is a flow any more, so a MIP solver decides, one goal after the other. Its answer is rounded
and checked in integers; that nothing is better is its word, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter

from lingyan_matching.best import Answer, Level, Model, improve
from lingyan_matching.chosen import assignments_of, certificate_of, short_bounds
from lingyan_matching.goals import Asked, asked_goals
from lingyan_matching.lot import SOLVER_BITS, ticket
from lingyan_matching.plan import Goal, Plan, Settings
from lingyan_matching.problem import Bound, Graph, Pair, Problem, holds
from lingyan_matching.said import Said
from lingyan_matching.total import goal_values
from lingyan_matching.trees import Crossing, trees_of

Part = tuple[Sequence[int], int]
"""Some edges, and how many of them count."""
LOT = Asked("lot")


def solve_by_solver(graph: Graph, *, settings: Settings, seed: int, snapshot: str) -> Plan:
    """The best plan by goals with or without slack and under any bounds.

    1. Each edge is a column; people, posts, units and bounds with an upper one are rows.
    2. For each goal in turn find the best plan, and keep what it reaches, less the slack, as a row.
    3. The last goal stands as found: what the plan reaches of the others is counted from its rows.
    """
    started = perf_counter()
    problem, asked = graph.problem, asked_goals(graph.problem, settings.goals)
    if settings.goals[-1] == "lot":
        asked = (*asked, LOT)
    model = flow_model(graph)
    levels = [_level(graph, model, goal, settings, seed) for goal in asked]
    built = perf_counter()
    fixed = _fixed(graph, settings)
    edges: list[int] = []
    answers = []
    for goal, level in zip(asked, levels, strict=True):
        answer = improve(model, level, edges, slack=float("inf") if goal.slack else 0.0)
        edges, best = answer.edges, level.reached(answer.edges)
        given_up = best + fixed[goal.name] - goal.least(best + fixed[goal.name])
        model.row([*level.terms.items()], float(best - given_up), float("inf"))
        answers.append((answer, best))
    solved = perf_counter()
    rows = assignments_of(graph, edges)
    values = goal_values(problem, rows, settings)
    goals = tuple(
        _stated(goal, answer, best, fixed[goal.name], problem)
        for goal, (answer, best) in zip(values, answers, strict=False)
    )
    return Plan(
        mode="total",
        seed=seed,
        snapshot_sha256=snapshot,
        assignments=rows,
        goals=goals,
        certificate=certificate_of(
            "bound",
            snapshot,
            covers=list(settings.goals),
            bound=[
                {"goal": goal.name, "best": goal.bound, "value": goal.value, "proved_by": "solver"}
                for goal in goals
            ],
        ),
        carrier="highs",
        elapsed_ms={
            "build": round(1000 * (built - started)),
            "solve": round(1000 * (solved - built)),
            "certify": round(1000 * (perf_counter() - solved)),
        },
        ties_left=asked[-1] != LOT or len(graph.edge_post).bit_length() + 1 > SOLVER_BITS,
        settings=settings,
        notes=(*_notes(problem), *short_bounds(problem, rows)),
    )


def _notes(problem: Problem) -> tuple[str, ...]:
    """Say which bounds made a solver necessary."""
    found = trees_of(problem)
    if not isinstance(found, Crossing):
        return ()
    note = Said(f"{found.text()}，所以由求解器求解，没有可复核的凭证。")
    note.english = f"{found.text_en()}, so a solver was asked: there is no proof to check."
    return (note,)


def _stated(goal: Goal, answer: Answer, reached: int, pinned: int, problem: Problem) -> Goal:
    """A goal with the best that the solver found for it, before any slack was given up."""
    sign, best = _sign(goal.name, problem), reached + pinned
    left = 0 if answer.proved else max(0, int(answer.bound) - reached)
    proved = "solver" if answer.proved else "gap"
    gap = 1000 * left // max(1, abs(best))
    return Goal(goal.name, goal.value, sign * (best + left), goal.unit, proved, gap)


def _sign(name: str, problem: Problem) -> int:
    """Changes and costs are lost, so their negative is what is to be as great as can be."""
    return -1 if name == "changes" or (name == "score" and problem.sense == "min") else 1


# --- the model -----------------------------------------------------------------------------------


def flow_model(graph: Graph) -> Model:
    """All plans that keep the upper bounds: column `e` says whether edge `e` is taken."""
    model = Model(len(graph.edge_post))
    for _ in graph.edge_post:
        model.column(1.0)
    edges, unit_of = range(len(graph.edge_post)), graph.unit_of
    for owner, rooms in (
        (graph.edge_person, graph.room),
        (graph.edge_post, graph.seats),
        ([unit_of[person] for person in graph.edge_person], graph.limit),
    ):
        mine: list[list[int]] = [[] for _ in rooms]
        for edge in edges:
            if owner[edge] >= 0:
                mine[owner[edge]].append(edge)
        for own, room in zip(mine, rooms, strict=True):
            if len(own) > room:
                model.row([(edge, 1.0) for edge in own], 0.0, float(room))
    for bound in graph.problem.bounds:
        own, _, most = _inside(graph, bound)
        if most is not None and len(own) > most:
            model.row([(edge, 1.0) for edge in own], 0.0, float(most))
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
    problem, edges = graph.problem, range(len(graph.edge_post))
    if goal.name == "score":
        weight = [_sign("score", problem) * score for score in graph.edge_score]
    elif goal.name == "changes":
        base = set(settings.base)
        weight = [0 if graph.ids(edge) in base else -1 for edge in edges]
    elif goal == LOT:
        weight = [-ticket(seed, *graph.ids(edge), SOLVER_BITS) for edge in edges]
    else:
        weight = [int(f"class-{problem.posts[g].klass}" == goal.name) for g in graph.edge_post]
    terms = {edge: float(value) for edge, value in enumerate(weight) if value}
    return Level(goal.name, terms, float("inf"), lambda chosen: sum(weight[e] for e in chosen))


def _lower_level(graph: Graph, model: Model) -> Level:
    """Seats below lower bounds of posts and of bounds: a column that counts those of each."""
    parts: list[Part] = [
        (range(graph.post_ptr[post], graph.post_ptr[post + 1]), low)
        for post, low in enumerate(graph.lower)
        if low
    ]
    for bound in graph.problem.bounds:
        inside, low, _ = _inside(graph, bound)
        parts += [(inside, low)] if low else []
    columns = {}
    for own, low in parts:
        column = model.column(float(low))
        model.row([(column, -1.0), *((edge, 1.0) for edge in own)], 0.0, float("inf"))
        columns[column] = 1.0
    return Level("lower", columns, float(sum(low for _, low in parts)), _counting(parts))


def _counting(parts: Sequence[Part]) -> Callable[[Iterable[int]], int]:
    sets = [(set(own), low) for own, low in parts]

    def value(edges: Iterable[int]) -> int:
        chosen = [*edges]
        return sum(min(sum(edge in own for edge in chosen), low) for own, low in sets)

    return value


def _fixed(graph: Graph, settings: Settings) -> dict[str, int]:
    """What the pins alone reach of each goal, in the direction in which it is to be great."""
    problem = graph.problem
    values = goal_values(problem, assignments_of(graph, ()), settings)
    return {"lot": 0, **{goal.name: _sign(goal.name, problem) * goal.value for goal in values}}
