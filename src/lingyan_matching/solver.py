"""How is a MIP asked, and what does the solver say of it?

The only module that knows HiGHS. Its answers are floats and its word: whoever asks rounds them and
checks in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from lingyan_matching.relaxation import Key

SECONDS_MAX = 300.0
RELAX_FROM_EDGES = 5_000
NARROW_EDGES = 1_000
"""Among so many edges the best plan is looked for first."""
FROM_ABOVE = ("person", "post", "unit", "bound")
"""The rows that limit from above; all others with a price ask for something from below."""

Term = tuple[int, float]


@dataclass(slots=True)
class Model:
    """A MIP under construction: columns from 0 to a bound, rows as sparse lists of terms.

    The first `edges` columns are the edges. Every column is declared whole, also where the rows
    alone would make it so: with continuous columns among them, presolve of HiGHS 1.14 and 1.15
    was seen to report a worse plan as optimal (its issues 3043, 3073, 3094, 3274). `low` are the
    columns that must not be 0. One run takes `seconds_max`, and all of them end `until`.
    """

    edges: int
    upper: list[float] = field(default_factory=list)
    rows: list[list[Term]] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    row_key: dict[int, Key] = field(default_factory=dict)
    column_key: dict[int, Key] = field(default_factory=dict)
    low: dict[int, float] = field(default_factory=dict)
    seconds_max: float = SECONDS_MAX
    until: float | None = None

    def copied(self) -> Model:
        """The same model, to be built on by itself."""
        return Model(
            self.edges,
            [*self.upper],
            [*self.rows],
            [*self.row_lower],
            [*self.row_upper],
            {**self.row_key},
            {**self.column_key},
            {**self.low},
            self.seconds_max,
            self.until,
        )

    @property
    def seconds(self) -> float:
        """How long the next run may take."""
        left = float("inf") if self.until is None else max(0.0, self.until - monotonic())
        return min(self.seconds_max, left)

    def column(self, upper: float, key: Key = ()) -> int:
        """Add a column between 0 and a bound; the key is that of the price of its bound."""
        if key:
            self.column_key[len(self.upper)] = key
        self.upper.append(upper)
        return len(self.upper) - 1

    def row(self, terms: list[Term], low: float, high: float, key: Key = ()) -> None:
        """Add a row: low <= sum of terms <= high; the key is that of its price."""
        if key:
            self.row_key[len(self.rows)] = key
        self.rows.append(terms)
        self.row_lower.append(low)
        self.row_upper.append(high)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found: the edges chosen, the goal reached and the bound it proved."""

    edges: list[int]
    bound: float
    proved: bool


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


def improve(model: Model, level: Level, start: list[int], *, slack: float = 0.0) -> Answer:
    """The best plan for a goal among those the model allows.

    1. A start that reaches all there can be is the answer.
    2. A large model is first solved without asking for whole numbers. If they are whole by
       themselves, this is the answer.
    3. Otherwise the MIP is solved, first among the few edges that cost least (`_narrowed`).
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
    if not answer.proved:
        answer = _run(model, level, start, relaxed=False)[0]
    elif any(0.001 < value < 0.999 for value in values):
        answer = _narrowed(model, level, start, bound, costs)
    if answer.proved:
        close(model, costs, bound - level.reached(answer.edges) + slack)
    return answer


def _narrowed(
    model: Model, level: Level, start: list[int], bound: float, costs: Sequence[float]
) -> Answer:
    """The best plan in whole numbers, where most edges are too dear to stand in any such plan.

    1. Solve with the edges of the start and those that cost least.
    2. Whatever stands behind the others falls short of the bound by their cost. If that is more
       than the answer falls short by, no plan is better.
    3. Else close what is too dear beside this answer, and solve again.
    """
    least = sorted(-cost for cost in costs)[min(NARROW_EDGES, len(costs)) - 1]
    few, own = model.copied(), {*start, *model.low}
    for edge, cost in enumerate(costs):
        if -cost > least and edge not in own:
            few.upper[edge] = 0.0
    answer = _run(few, level, start, relaxed=False)[0]
    if not answer.proved:
        return answer
    gap = bound - level.reached(answer.edges)
    if gap + 0.5 < least:
        return answer
    rest = model.copied()
    close(rest, costs, gap)
    return _run(rest, level, answer.edges, relaxed=False)[0]


def close(model: Model, costs: Sequence[float], gap: float) -> None:
    """Close the edges whose reduced cost is more than the gap; a half more keeps rounding out."""
    for edge, cost in enumerate(costs):
        if cost < -gap - 0.5 and edge not in model.low:
            model.upper[edge] = 0.0


def _run(
    model: Model, level: Level, start: list[int], *, relaxed: bool
) -> tuple[Answer, list[float], list[float]]:
    """Run the solver: the answer, the value of each edge and its reduced cost (LP only)."""
    highspy, numpy = _solver()
    solver = _loaded(model, level, relaxed=relaxed)
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
    if not relaxed:
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            edges = start  # its time was over before it had read what is known
        # Scores of a thousand million blur into its tolerance: it then calls a plan the best one
        # although its own bound says that more may be had.
        proved = proved and bound - level.reached(edges) < 1
    return Answer(edges, bound, proved=proved), values, costs


def duals_of(model: Model, level: Level) -> dict[Key, float]:
    """The prices of the named rows and bounds of columns, once whole numbers are not asked for.

    A row from below is worth what its sum falls short, so its sign is turned.
    """
    solver = _loaded(model, level, relaxed=True)
    solver.run()
    solution, found = solver.getSolution(), dict[Key, float]()
    if not solution.dual_valid:
        return found
    of_row, of_column = list(solution.row_dual), list(solution.col_dual)
    for row, key in model.row_key.items():
        found[key] = of_row[row] if key[0] in FROM_ABOVE else -of_row[row]
    for column, key in model.column_key.items():
        found[key] = found.get(key, 0.0) + max(0.0, of_column[column])
    return found


def _loaded(model: Model, level: Level, *, relaxed: bool) -> Any:
    """The solver with its settings and the model."""
    highspy, numpy = _solver()
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("solve_relaxation", relaxed),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
        ("threads", 1),
        ("random_seed", 0),
        ("time_limit", model.seconds),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(_lp(model, level, highspy, numpy))
    return solver


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
    low = numpy.zeros(len(model.upper))
    low[list(model.low)] = list(model.low.values())
    lp.col_lower_, lp.col_upper_ = low, numpy.array(model.upper)
    lp.row_lower_, lp.row_upper_ = numpy.array(model.row_lower), numpy.array(model.row_upper)
    starts = numpy.cumsum([0, *(len(row) for row in model.rows)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = numpy.array([column for row in model.rows for column, _ in row])
    lp.a_matrix_.value_ = numpy.array([value for row in model.rows for _, value in row])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(model.upper)
    return lp
