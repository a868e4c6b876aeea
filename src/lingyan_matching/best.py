"""Which stable plan is the largest, and of these the best in total? (mode C, stable-best)

With ties many plans are stable in the weak sense: nobody has a pair that is strictly better for
both. They differ in size. Finding the best of them is hard in general, so a MIP solver does it; its
answer is rounded and checked in integers. That nothing is better is proved by prices as far as they
reach, and beyond that it is the word of the solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from time import monotonic, perf_counter

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
from lingyan_matching.dual_prices import claims_of
from lingyan_matching.lot import SOLVER_BITS, ticket
from lingyan_matching.plan import Assignment, Goal, Plan, Settings
from lingyan_matching.preferences import binding_units, gain, preference_classes
from lingyan_matching.problem import (
    BadInstance,
    Graph,
    InstanceError,
    Problem,
    holds,
    snapshot_of,
)
from lingyan_matching.relaxation import Key
from lingyan_matching.solver import Answer, Level, Model, improve
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
from lingyan_matching.verify_bound import open_notes, task_of, told_goals
from lingyan_matching.verify_stable import blocking_pairs

GOALS = ("seats", "score", "lot")
SEAT_WEIGHT_MAX = 1 << 20


def solve_best(
    graph: Graph,
    *,
    settings: Settings,
    seed: int,
    carrier: str = "auto",
    seconds_max: float | None = None,
) -> Plan:
    """The largest stable plan, then the best total score, then the lot.

    1. Take the better of both ends of mode B as a start: they are stable here, too.
    2. For each goal in turn: find the best stable plan, and keep what was reached as a row.
       A goal that cannot be more than the start reaches needs no solver; seats and score are
       asked for at once where one number holds both.
    3. Round, and check in integers that nothing blocks.

    All of step 2 ends after `seconds_max`; then the best that was found by then is the plan, and
    its certificate says which goals time left open (`proved_by` is "time"). The prices of the
    certificate take no longer than that, either.
    """
    goals = _goals_of(settings)
    refuse_second_posts(graph.problem, "stable-best")
    started = perf_counter()
    open_graph = marked(graph, replace(settings, goals=goals))
    start = start_of(open_graph, seed=seed)
    model = stable_model(open_graph)
    levels = levels_of(open_graph, model, goals, seed=seed)
    bare = model.copied()
    model.until = _end(seconds_max)
    built = perf_counter()
    answers = reach(model, levels, start)
    solved = perf_counter()
    rows = _checked(open_graph, answers)
    sha256 = snapshot_of(graph)
    task = task_of(open_graph.problem, mode="stable-best", goals=goals, seed=seed, base=())
    bare.until = _end(seconds_max)
    claims = claims_of(task, bare, answers, open_graph)
    return Plan(
        mode="stable-best",
        seed=seed,
        snapshot_sha256=sha256,
        assignments=rows,
        goals=tuple(told_goals(_goal_values(open_graph.problem, rows), claims, stable=True)),
        certificate=certificate_of(
            "bound",
            sha256,
            stable={"blocking_pairs": 0, "edges_read": len(open_graph.edge_post)},
            bound=claims,
        ),
        carrier="highs",
        elapsed_ms={
            "build": round(1000 * (built - started)),
            "solve": round(1000 * (solved - built)),
            "certify": round(1000 * (perf_counter() - solved)),
        },
        ties_left=goals[-1] != "lot" or len(open_graph.edge_post).bit_length() + 1 > SOLVER_BITS,
        settings=replace(settings, goals=goals),
        notes=(*_notes(open_graph, rows), *open_notes(claims)),
    )


def _end(seconds_max: float | None) -> float | None:
    return None if seconds_max is None else monotonic() + seconds_max


def _checked(graph: Graph, answers: Sequence[tuple[Level, Answer]]) -> tuple[Assignment, ...]:
    """The rows of the last answer, checked in integers."""
    rows = assignments_of(graph, answers[-1][1].edges)
    pairs = [(row.person, row.post) for row in rows]
    assert not blocking_pairs(graph.problem, pairs), "the rounded plan is not stable"
    return rows


def rows_again(
    graph: Graph, *, goals: Sequence[str], seed: int, seconds_max: float
) -> tuple[tuple[Assignment, ...], bool]:
    """The rows that `solve_best` gives on a marked graph, without a certificate.

    False where the solver did not finish a goal within its seconds.
    """
    model = stable_model(graph)
    levels = levels_of(graph, model, goals, seed=seed)
    model.seconds_max = seconds_max
    answers = reach(model, levels, start_of(graph, seed=seed))
    return _checked(graph, answers), all(answer.proved for _, answer in answers)


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

    The keys name the limits and conditions as `relaxation.py` does. A chain has no price of its
    own: what its bound is worth in any class is part of the price of its post.
    """
    model = Model(len(graph.edge_post))
    of_people = preference_classes(graph, graph.edge_person_rank, plain())
    of_posts = preference_classes(graph, graph.edge_post_rank, plain())
    for post in graph.edge_post:
        model.column(1.0 if graph.seats[post] > 0 else 0.0)
    at_person = _chains(model, graph.edge_person, of_people, [1] * len(graph.room))
    keys: list[Key] = [("post", post.id) for post in graph.problem.posts]
    at_post = _chains(model, graph.edge_post, of_posts, graph.seats, keys)
    switches = [_unit_switches(model, graph, of_people)]
    switches += _bound_switches(model, graph, (of_people, of_posts))
    for edge, post in enumerate(graph.edge_post):
        seats = graph.seats[post]
        if seats > 0:
            terms = [(at_person[edge], float(seats)), (at_post[edge], 1.0)]
            terms += [(switch[edge], float(seats)) for switch in switches if edge in switch]
            model.row(terms, float(seats), float("inf"), ("pair", *graph.ids(edge)))
    return model


def _chains(
    model: Model,
    owner: Sequence[int],
    classes: Sequence[int],
    room: Sequence[int],
    keys: Sequence[Key] = (),
) -> list[int]:
    """For each edge the column that sums up what its owner takes in its class or better."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for edge, key in enumerate(zip(owner, classes, strict=True)):
        groups[key].append(edge)
    column_of = [0] * len(owner)
    before: dict[int, int] = {}
    for (node, _), edges in sorted(groups.items()):
        column = model.column(float(room[node]), keys[node] if keys else ())
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
    units = graph.problem.units
    limits = {unit: (graph.limit[unit], units[unit].id) for unit in {*owners} if unit >= 0}
    return _switches(model, owners, limits, classes, "unit")


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
            found.append(_switches(model, owners, {0: (room, bound.id)}, ranked, "bound"))
    return found


def _switches(
    model: Model,
    owners: Sequence[int],
    limits: Mapping[int, tuple[int, str]],
    classes: Sequence[int],
    kind: str,
) -> dict[int, int]:
    """For each edge of an owner with a limit the column "full with edges as good or better"."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for edge, owner in enumerate(owners):
        if owner >= 0:
            groups[owner, classes[edge]].append(edge)
    found: dict[int, int] = {}
    before: dict[int, int] = {}
    places: dict[int, int] = defaultdict(int)
    for (owner, _), mine in sorted(groups.items()):
        room, name = limits[owner]
        limit, place = float(room), places[owner]
        places[owner] += 1
        total = model.column(limit, (kind, name))
        terms = [(total, 1.0), *((edge, -1.0) for edge in mine)]
        if owner in before:
            terms.append((before[owner], -1.0))
        model.row(terms, 0.0, 0.0)
        before[owner] = total
        switch = model.column(1.0)
        key = (f"full-{kind}", name, place)
        model.row([(total, 1.0), (switch, -limit)], 0.0, float("inf"), key)
        found.update((edge, switch) for edge in mine)
    return found


# --- the goals -----------------------------------------------------------------------------------


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
    problem = graph.problem
    wanted: list[tuple[int, Sequence[int], Key]] = [
        (
            low,
            range(graph.post_ptr[post], graph.post_ptr[post + 1]),
            ("lower-post", problem.posts[post].id),
        )
        for post, low in enumerate(graph.lower)
        if low
    ]
    pinned = [(problem.people[i].id, problem.posts[g].id) for i, g, _ in graph.pinned]
    for bound in problem.bounds:
        low = bound.lower - sum(holds(bound, pair) for pair in pinned)
        if low > 0:
            every = range(len(graph.edge_post))
            mine = [edge for edge in every if holds(bound, graph.ids(edge))]
            wanted.append((low, mine, ("lower-bound", bound.id)))
    columns = {}
    for low, own, key in wanted:
        column = model.column(float(low))
        model.row([(column, -1.0), *((edge, 1.0) for edge in own)], 0.0, float("inf"), key)
        columns[column] = 1.0
    held = [(low, frozenset(own)) for low, own, _ in wanted]

    def value(edges: Iterable[int]) -> int:
        chosen = frozenset(edges)
        return sum(min(len(chosen & mine), low) for low, mine in held)

    return Level("lower", columns, float(sum(low for low, _, _ in wanted)), value)


# --- the plan ------------------------------------------------------------------------------------


def _goal_values(problem: Problem, rows: Sequence[Assignment]) -> list[Goal]:
    """What the plan reaches; pins count as well."""
    score = sum(row.score for row in rows)
    return [
        *filling_goals(problem, rows),
        Goal("seats", len(rows), len(rows), "seats"),
        Goal("score", score, score, score_unit(problem)),
        Goal("blocking_pairs", 0, 0, "pairs"),
    ]


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
