"""Which stable plan is the largest, and of these the best in total? (mode C, stable-best)

With ties many plans are stable in the weak sense: nobody has a pair that is strictly better for
both. They differ in size. Finding the best of them is hard in general, so a MIP solver does it; its
answer is rounded, checked in integers, and labelled as proved by the solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from lingyan_matching.carrier import plain
from lingyan_matching.chosen import (
    assignments_of,
    certificate_of,
    filling_goals,
    marked,
    refuse_second_posts,
    score_unit,
    seats_filled,
    short_bounds,
)
from lingyan_matching.lot import SOLVER_BITS, ticket
from lingyan_matching.plan import Assignment, Goal, Plan, Settings
from lingyan_matching.preferences import binding_units, gain, preference_classes
from lingyan_matching.problem import BadInstance, Graph, InstanceError, holds, snapshot_of
from lingyan_matching.stable import (
    BOUNDS_NEED_TOTAL,
    SIDES,
    full_bounds,
    full_text,
    missing_minimums,
    propose,
    rank_wishes,
)
from lingyan_matching.stable_trees import by_class
from lingyan_matching.verify_stable import blocking_pairs

GOALS = ("seats", "score", "lot")
SECONDS_MAX = 300.0
RELAX_FROM_EDGES = 5_000
SEAT_WEIGHT_MAX = 1 << 20

Term = tuple[int, float]


@dataclass(slots=True)
class Model:
    """A MIP under construction: columns from 0 to a bound, rows as sparse lists of terms.

    The first `edges` columns are the edges. Every column is declared whole, also where the rows
    alone would make it so: with continuous columns among them, presolve of HiGHS 1.14 and 1.15
    was seen to report a worse plan as optimal (its issues 3043, 3073, 3094, 3274).
    """

    edges: int
    upper: list[float] = field(default_factory=list)
    rows: list[list[Term]] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)

    def column(self, upper: float) -> int:
        """Add a column between 0 and a bound."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def row(self, terms: list[Term], low: float, high: float) -> None:
        """Add a row: low <= sum of terms <= high."""
        self.rows.append(terms)
        self.row_lower.append(low)
        self.row_upper.append(high)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found: the edges chosen, the goal reached and the bound it proved."""

    edges: list[int]
    bound: float
    proved: bool


def solve_best(graph: Graph, *, settings: Settings, seed: int, carrier: str = "auto") -> Plan:
    """The largest stable plan, then the best total score, then the lot.

    1. Take the better of both ends of mode B as a start: they are stable here, too.
    2. For each goal in turn: find the best stable plan, and keep what was reached as a row.
       A goal that cannot be more than the start reaches needs no solver; seats and score are
       asked for at once where one number holds both.
    3. Round, and check in integers that nothing blocks.
    """
    goals = _goals_of(settings)
    refuse_second_posts(graph.problem, "stable-best")
    started = perf_counter()
    open_graph = marked(graph, replace(settings, goals=goals))
    best = start_of(open_graph, seed=seed)
    model = stable_model(open_graph)
    built = perf_counter()
    levels = reach(model, levels_of(open_graph, model, goals, seed=seed), best)
    best = levels[-1][1].edges
    solved = perf_counter()
    rows = assignments_of(open_graph, best)
    pairs = [(row.person, row.post) for row in rows]
    assert not blocking_pairs(open_graph.problem, pairs), "the rounded plan is not stable"
    sha256 = snapshot_of(graph)
    return Plan(
        mode="stable-best",
        seed=seed,
        snapshot_sha256=sha256,
        assignments=rows,
        goals=_goal_values(open_graph, rows, levels),
        certificate=certificate_of(
            "bound",
            sha256,
            stable={"blocking_pairs": 0, "edges_read": len(open_graph.edge_post)},
            bound=[
                {"goal": level.name, "value": level.reached(answer.edges), "proved_by": "solver"}
                for level, answer in levels
            ],
        ),
        carrier="highs",
        elapsed_ms={
            "build": round(1000 * (built - started)),
            "solve": round(1000 * (solved - built)),
            "certify": round(1000 * (perf_counter() - solved)),
        },
        ties_left=goals[-1] != "lot" or len(open_graph.edge_post).bit_length() + 1 > SOLVER_BITS,
        settings=replace(settings, goals=goals),
        notes=_notes(open_graph, rows),
    )


def _goals_of(settings: Settings) -> tuple[str, ...]:
    goals = settings.goals or GOALS
    if goals not in (GOALS, GOALS[:-1]):
        raise BadInstance(
            [
                InstanceError(
                    "goals",
                    f"目标次序“{'、'.join(goals)}”不能用于 stable-best",
                    f"请用 {'、'.join(GOALS)}，或去掉最后的 lot",
                    f"the order of goals {', '.join(goals)} cannot be used in mode stable-best",
                    f"use {', '.join(GOALS)}, with or without lot at the end",
                )
            ]
        )
    return goals


def start_of(graph: Graph, *, seed: int) -> list[int]:
    """A stable plan to begin with: the larger, then the better of both ends of mode B."""
    carrier = plain()
    wishes = rank_wishes(graph, seed=seed, carrier=carrier)
    ends = [
        [edge for edge in propose(graph, wishes, side=side, carrier=carrier) if edge >= 0]
        for side in SIDES
    ]
    return max(ends, key=lambda edges: (len(edges), sum(gain(graph, edge) for edge in edges)))


# --- the model -----------------------------------------------------------------------------------


def stable_model(graph: Graph) -> Model:
    """All weakly stable plans: column `e` says whether edge `e` is taken.

    1. A chain per person: P[i, c] = P[i, class before] + what is taken in class c, at most 1.
    2. A chain per post, V[g, c], at most its seats q; a chain per unit whose limit L can bind, and
       a switch that may be on only if the unit is full with edges of this class or better. The same
       for each bound over several posts (by their wishes) or people.
    3. For each edge of i and g: q * P[i, its class or better] + V[g, its class or better]
       (+ q * switches of its unit and bounds) >= q. So i has something as good, or all seats of g
       are as good, or a set around is full with what is as good.
    """
    model = Model(len(graph.edge_post))
    of_people = preference_classes(graph, graph.edge_person_rank, plain())
    of_posts = preference_classes(graph, graph.edge_post_rank, plain())
    for post in graph.edge_post:
        model.column(1.0 if graph.seats[post] > 0 else 0.0)
    at_person = _chains(model, graph.edge_person, of_people, [1] * len(graph.room))
    at_post = _chains(model, graph.edge_post, of_posts, graph.seats)
    switches = [_unit_switches(model, graph, of_people)]
    switches += _bound_switches(model, graph, (of_people, of_posts))
    for edge, post in enumerate(graph.edge_post):
        seats = graph.seats[post]
        if seats > 0:
            terms = [(at_person[edge], float(seats)), (at_post[edge], 1.0)]
            terms += [(switch[edge], float(seats)) for switch in switches if edge in switch]
            model.row(terms, float(seats), float("inf"))
    return model


def _chains(
    model: Model, owner: Sequence[int], classes: Sequence[int], room: Sequence[int]
) -> list[int]:
    """For each edge the column that sums up what its owner takes in its class or better."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for edge, key in enumerate(zip(owner, classes, strict=True)):
        groups[key].append(edge)
    column_of = [0] * len(owner)
    before: dict[int, int] = {}
    for (node, _), edges in sorted(groups.items()):
        column = model.column(float(room[node]))
        terms = [(column, 1.0), *((edge, -1.0) for edge in edges)]
        if node in before:
            terms.append((before[node], -1.0))
        model.row(terms, 0.0, 0.0)
        before[node] = column
        for edge in edges:
            column_of[edge] = column
    return column_of


def _unit_switches(model: Model, graph: Graph, classes: Sequence[int]) -> dict[int, int]:
    """For each edge under a binding unit limit the column "full with edges as good or better"."""
    unit_of = binding_units(graph)
    owners = [unit_of[i] for i in graph.edge_person]
    limits = {unit: graph.limit[unit] for unit in {*owners} if unit >= 0}
    return _switches(model, owners, limits, classes)


def _bound_switches(
    model: Model, graph: Graph, classes: tuple[Sequence[int], Sequence[int]]
) -> list[dict[int, int]]:
    """The same for each upper bound over several posts or people; pins have their places."""
    problem, found = graph.problem, []
    pairs = [graph.ids(edge) for edge in range(len(graph.edge_post))] if problem.bounds else []
    pinned = [(problem.people[i].id, problem.posts[g].id) for i, g, _ in graph.pinned]
    for bound in problem.bounds:
        if bound.upper is not None:
            owners = [0 if holds(bound, pair) else -1 for pair in pairs]
            room = bound.upper - sum(holds(bound, pair) for pair in pinned)
            ranked = by_class(graph, classes[1]) if bound.people is None else classes[0]
            found.append(_switches(model, owners, {0: room}, ranked))
    return found


def _switches(
    model: Model, owners: Sequence[int], limits: Mapping[int, int], classes: Sequence[int]
) -> dict[int, int]:
    """For each edge of an owner with a limit the column "full with edges as good or better"."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for edge, owner in enumerate(owners):
        if owner >= 0:
            groups[owner, classes[edge]].append(edge)
    found: dict[int, int] = {}
    before: dict[int, int] = {}
    for (owner, _), mine in sorted(groups.items()):
        limit = float(limits[owner])
        total = model.column(limit)
        terms = [(total, 1.0), *((edge, -1.0) for edge in mine)]
        if owner in before:
            terms.append((before[owner], -1.0))
        model.row(terms, 0.0, 0.0)
        before[owner] = total
        switch = model.column(1.0)
        model.row([(total, 1.0), (switch, -limit)], 0.0, float("inf"))
        found.update((edge, switch) for edge in mine)
    return found


# --- the goals -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Level:
    """One goal as a sum over columns; `value` computes it for a choice of edges, in integers."""

    name: str
    terms: Mapping[int, float]
    most: float
    value: Callable[[Iterable[int]], int]

    def reached(self, edges: Iterable[int]) -> int:
        """What a choice of edges reaches."""
        return self.value(edges)


def levels_of(graph: Graph, model: Model, goals: Sequence[str], *, seed: int) -> list[Level]:
    """The goals in order; each is to be made as great as can be."""
    edges = range(len(graph.edge_post))
    levels = []
    lower = _lower_level(graph, model)
    if lower.terms:
        levels.append(lower)
    seats = sum(
        min(room, graph.post_ptr[g + 1] - graph.post_ptr[g]) for g, room in enumerate(graph.seats)
    )
    people = sum(
        graph.person_ptr[i] < graph.person_ptr[i + 1] for i in range(len(graph.person_ptr) - 1)
    )
    most = float(min(seats, people))
    levels.append(Level("seats", dict.fromkeys(edges, 1.0), most, lambda chosen: len([*chosen])))
    weights = {"score": [gain(graph, edge) for edge in edges]}
    if "lot" in goals:
        weights["lot"] = [-_ticket(graph, edge, seed) for edge in edges]
    for name, weight in weights.items():
        terms = {edge: float(value) for edge, value in enumerate(weight) if value}
        levels.append(Level(name, terms, float("inf"), _summing(weight)))
    return levels


def reach(model: Model, levels: Sequence[Level], start: list[int]) -> list[tuple[Level, Answer]]:
    """Reach one goal after the other; each is kept as a row of the model (step 2)."""
    found: list[tuple[Level, Answer]] = []
    best, known = start, set[str]()
    for level in levels:
        if level.name == "seats" and (both := joined(levels, best)) is not None:
            answer = improve(model, both, best)
            best = answer.edges
            if answer.proved:
                known = {"seats", "score"}
                model.row([*both.terms.items()], both.reached(best), both.most)
        if level.name in known:
            found.append((level, Answer(best, float(level.reached(best)), proved=True)))
            continue
        answer = improve(model, level, best)
        best = answer.edges
        model.row([*level.terms.items()], level.reached(best), level.most)
        found.append((level, answer))
    return found


def joined(levels: Sequence[Level], start: list[int]) -> Level | None:
    """Seats and score as one goal, each seat worth more than all scores together.

    None where the start fills all seats that there are, or where the sum would be too long for
    the floats of a solver: a proof needs a gap below one point.
    """
    named = {level.name: level for level in levels}
    seats, score = named["seats"], named["score"]
    most = max((abs(value) for value in score.terms.values()), default=0.0)
    weight = int(2 * seats.most * most) + 1
    if seats.reached(start) >= seats.most or weight > SEAT_WEIGHT_MAX:
        return None

    def value(edges: Iterable[int]) -> int:
        chosen = [*edges]
        return weight * seats.reached(chosen) + score.reached(chosen)

    terms = {edge: weight + score.terms.get(edge, 0.0) for edge in seats.terms}
    return Level("seats and score", terms, float("inf"), value)


def _summing(weight: Sequence[int]) -> Callable[[Iterable[int]], int]:
    return lambda edges: sum(weight[edge] for edge in edges)


def _ticket(graph: Graph, edge: int, seed: int) -> int:
    problem = graph.problem
    person, post = graph.edge_person[edge], graph.edge_post[edge]
    return ticket(seed, problem.people[person].id, problem.posts[post].id, SOLVER_BITS)


def _lower_level(graph: Graph, model: Model) -> Level:
    """Seats below a lower bound: a column per post, and per bound, that counts them."""
    wanted: list[tuple[int, Sequence[int]]] = [
        (low, range(graph.post_ptr[post], graph.post_ptr[post + 1]))
        for post, low in enumerate(graph.lower)
        if low
    ]
    problem = graph.problem
    pinned = [(problem.people[i].id, problem.posts[g].id) for i, g, _ in graph.pinned]
    for bound in problem.bounds:
        low = bound.lower - sum(holds(bound, pair) for pair in pinned)
        if low > 0:
            every = range(len(graph.edge_post))
            wanted.append((low, [edge for edge in every if holds(bound, graph.ids(edge))]))
    columns = {}
    for low, mine in wanted:
        column = model.column(float(low))
        model.row([(column, -1.0), *((edge, 1.0) for edge in mine)], 0.0, float("inf"))
        columns[column] = 1.0
    held = [(low, frozenset(mine)) for low, mine in wanted]

    def value(edges: Iterable[int]) -> int:
        chosen = frozenset(edges)
        return sum(min(len(chosen & mine), low) for low, mine in held)

    return Level("lower", columns, float(sum(low for low, _ in wanted)), value)


# --- the solver ----------------------------------------------------------------------------------


def improve(model: Model, level: Level, start: list[int], *, slack: float = 0.0) -> Answer:
    """The best plan for a goal among those the model allows.

    1. A start that reaches all there can be is the answer.
    2. A large model is first solved without asking for whole numbers. If they are whole by
       themselves, this is the answer.
    3. Otherwise the MIP is solved.
    4. Edges that would cost more than the gap between both can stand in no best plan: they are
       closed, which makes the levels that follow small. What may be given up of this goal for
       later ones counts as well.
    """
    reached = level.reached(start)
    if not level.terms or reached >= level.most:
        return Answer(start, float(reached), proved=True)
    if model.edges < RELAX_FROM_EDGES:
        return _run(model, level, start, relaxed=False)[0]
    answer, values, costs = _run(model, level, start, relaxed=True)
    bound = answer.bound
    if not answer.proved or any(0.001 < value < 0.999 for value in values):
        answer = _run(model, level, start, relaxed=False)[0]
    if answer.proved:
        close(model, costs, bound - level.reached(answer.edges) + slack)
    return answer


def close(model: Model, costs: Sequence[float], gap: float) -> None:
    """Close the edges whose reduced cost is more than the gap; a half more keeps rounding out."""
    for edge, cost in enumerate(costs):
        if cost < -gap - 0.5:
            model.upper[edge] = 0.0


def _run(
    model: Model, level: Level, start: list[int], *, relaxed: bool
) -> tuple[Answer, list[float], list[float]]:
    """Run the solver: the answer, the value of each edge and its reduced cost (LP only)."""
    highspy, numpy = _solver()
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("solve_relaxation", relaxed),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
        ("threads", 1),
        ("random_seed", 0),
        ("time_limit", SECONDS_MAX),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(_lp(model, level, highspy, numpy))
    if not relaxed:
        known = numpy.array(start, dtype=numpy.int32)
        solver.setSolution(len(known), known, numpy.ones(len(known)))
    solver.run()
    proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    solution, info = solver.getSolution(), solver.getInfo()
    values = list(solution.col_value)[: model.edges]
    costs = list(solution.col_dual)[: model.edges]
    bound = info.objective_function_value if relaxed else info.mip_dual_bound
    edges = [edge for edge, value in enumerate(values) if value > 0.5]
    return Answer(edges, bound, proved=proved), values, costs


def _solver() -> tuple[Any, Any]:
    """The packages of the solver, loaded only when there is something to solve."""
    import highspy
    import numpy

    return highspy, numpy


def _lp(model: Model, level: Level, highspy: Any, numpy: Any) -> Any:
    """Hand the model over in the solver's own form, row by row."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.upper), len(model.rows)
    cost = numpy.zeros(len(model.upper))
    cost[list(level.terms)] = list(level.terms.values())
    lp.col_cost_ = cost
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_lower_, lp.col_upper_ = numpy.zeros(len(model.upper)), numpy.array(model.upper)
    lp.row_lower_, lp.row_upper_ = numpy.array(model.row_lower), numpy.array(model.row_upper)
    starts = numpy.cumsum([0, *(len(row) for row in model.rows)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = numpy.array([column for row in model.rows for column, _ in row])
    lp.a_matrix_.value_ = numpy.array([value for row in model.rows for _, value in row])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(model.upper)
    return lp


# --- the plan ------------------------------------------------------------------------------------


def _goal_values(
    graph: Graph, rows: Sequence[Assignment], levels: Sequence[tuple[Level, Answer]]
) -> tuple[Goal, ...]:
    """What the plan reaches; pins count as well."""
    problem = graph.problem
    answers = {level.name: (level, answer) for level, answer in levels}
    goals = [replace(goal, proved="solver") for goal in filling_goals(problem, rows)]
    score = sum(row.score for row in rows)
    unit = score_unit(problem)
    for name, value, of in (("seats", len(rows), "seats"), ("score", score, unit)):
        level, answer = answers[name]
        left = 0 if answer.proved else max(0, int(answer.bound - level.reached(answer.edges)))
        sign = -1 if name == "score" and problem.sense == "min" else 1
        goals.append(
            Goal(
                name,
                value,
                value + sign * left,
                of,
                proved="solver" if answer.proved else "gap",
                gap_permille=1000 * left // max(1, abs(value)),
            )
        )
    goals.append(Goal("blocking_pairs", 0, 0, "pairs"))
    return tuple(goals)


def _notes(graph: Graph, rows: Sequence[Assignment]) -> tuple[str, ...]:
    filled = seats_filled(rows)
    missing = [post for post in graph.problem.posts if filled.get(post.id, 0) < post.lower]
    notes: list[str] = []
    if missing:
        lacks = [(one.id, one.lower - filled.get(one.id, 0)) for one in missing]
        notes.append(missing_minimums(lacks))
    if missed := short_bounds(graph.problem, rows):
        notes += [*missed, BOUNDS_NEED_TOTAL]
    return (*notes, *map(full_text, full_bounds(graph.problem, rows)))
