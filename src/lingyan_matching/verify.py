"""Is this plan really what it claims to be? Checked from the problem, without any solver.

Whatever a plan says about itself is computed again from the problem: rows, limits, goals, the name
of the snapshot. Optimality is not searched for but read off the certificate. Standard library only
(``edge_pass.py`` reads large problems with NumPy where it is installed); of the package this has
the form of problem and plan, the words of goals, the published lot and that pass over the edges,
nothing that solves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from lingyan_matching.edge_pass import edge_pass
from lingyan_matching.goals import asked_goals, is_plain, needs_solver
from lingyan_matching.lot import tickets
from lingyan_matching.plan import (
    CERTIFICATE,
    CHECKER_VERSION,
    Assignment,
    Goal,
    Plan,
    same_json,
)
from lingyan_matching.problem import (
    BadInstance,
    Pair,
    Problem,
    check_problem,
    holds,
    snapshot_sha256,
    with_marks,
)

GOAL_WORDS = {
    "seats": "岗位配备",
    "changes": "变动最少",
    "score": "总匹配度",
    "lot": "并列时的抽签",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Proven or refuted; ``violation`` is the first violated line, in Chinese and English.

    ``unchecked`` is what the plan claims beyond that: the word of a solver alone.
    """

    ok: bool
    violation: str | None
    checked: tuple[str, ...]
    unchecked: tuple[str, ...] = ()


class _Refuted(Exception):  # noqa: N818 - "raise _Refuted(line)" reads as the verdict it becomes
    """The first line that does not hold."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


def verify(problem: Problem, plan: Plan, certificate: Mapping[str, Any] | None = None) -> Verdict:
    """Hold a plan and its certificate against a problem.

    1. The plan speaks of this problem: same snapshot, and settings that fit it.
    2. Every row is an eligible pair as given, nobody and nothing is over its bounds, pins stand.
    3. The goals are what the rows reach.
    4. The certificate proves that no plan reaches more; how depends on the mode.
    """
    certificate = plan.certificate if certificate is None else certificate
    checked: list[str] = []
    try:
        checked.extend(_steps(problem, plan, certificate))
    except _Refuted as refuted:
        return Verdict(ok=False, violation=str(refuted), checked=tuple(checked))
    return Verdict(True, None, tuple(checked), _left_open(certificate))


def _left_open(certificate: Mapping[str, Any]) -> tuple[str, ...]:
    """What prices do not close of a plan by a solver, with the numbers; nothing of any other."""
    if certificate.get("kind") != "bound":
        return ()
    from lingyan_matching.verify_bound import open_lines

    return tuple(f"{line} / {line.english}" for line in open_lines(certificate["bound"]))


def _steps(problem: Problem, plan: Plan, certificate: Mapping[str, Any]) -> Iterator[str]:
    if errors := check_problem(problem):
        raise _Refuted(f"题目本身有误：{errors[0].text()}", errors[0].text("en"))
    _check_snapshot(problem, plan, certificate)
    _check_frame(problem, plan, certificate)
    _check_second_posts(problem, plan)
    yield "快照一致 / same snapshot"
    asked = _with_settings(problem, plan)
    yield f"本次设置成立（指定 {len(asked.pins)}、排除 {len(asked.bans)}） / settings hold"
    edges = _check_rows(asked, plan.assignments)
    yield f"{len(plan.assignments)} 条安排都合格且不超限 / rows eligible and within limits"
    _check_goals(asked, plan)
    yield "各项目标值属实 / goal values recomputed"
    yield from _check_claim(asked, plan, certificate, edges)


def _check_snapshot(problem: Problem, plan: Plan, certificate: Mapping[str, Any]) -> None:
    digest = snapshot_sha256(problem)
    for where, named in (
        ("方案", plan.snapshot_sha256),
        ("复核凭证", certificate.get("snapshot_sha256")),
    ):
        if named != digest:
            raise _Refuted(
                f"{where}对应的快照是 {named}，而题目的快照是 {digest}",
                f"made for snapshot {named}, but the problem has {digest}",
            )
    if certificate.get("plan", plan.id) != plan.id:
        raise _Refuted(
            f"复核凭证是方案 {certificate['plan']} 的，而这个方案是 {plan.id}",
            f"the certificate is that of plan {certificate['plan']}, but this plan is {plan.id}",
        )


def _by_solver_only(problem: Problem, plan: Plan) -> bool:
    """Whether nothing but the word of a solver can say that no plan of mode total is better."""
    return plan.mode == "total" and needs_solver(problem, _asked(problem, plan))


def _asked(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """The goals of the run, once it is clear that there are such goals."""
    try:
        asked_goals(problem, plan.settings.goals)
    except BadInstance as error:
        raise _Refuted(f"目标次序不成立：{error.text()}", error.text("en")) from None
    return plan.settings.goals


def _check_frame(problem: Problem, plan: Plan, certificate: Mapping[str, Any]) -> None:
    """Which kind of certificate a mode has, and in which form; nobody lists blocking pairs."""
    stated = [certificate.get(name) for name in ("format", "checker_version", "kind")]
    kind = "bound" if _by_solver_only(problem, plan) else KINDS.get(plan.mode)
    right = [CERTIFICATE, CHECKER_VERSION, kind]
    for own, other in zip(stated, right, strict=True):
        if own != other:
            raise _Refuted(
                f"复核凭证写的是 {own}，应为 {other}",
                f"the certificate states {own}, it should be {other}",
            )
    if plan.blocking:
        raise _Refuted(
            "方案列出了互选不稳定对，本版本不列出", "the plan lists blocking pairs: none are listed"
        )


def _check_second_posts(problem: Problem, plan: Plan) -> None:
    """Only a pairing may join somebody to several posts, or must; other proofs count one each."""
    for person in problem.people:
        if plan.mode != "pairing" and (person.lower > 0 or person.upper > 1):
            raise _Refuted(
                f"“{person.id}”的上下限为 {person.lower} 到 {person.upper}，"
                f"而“{plan.mode}”这种模式每人至多一岗",
                f'"{person.id}" has bounds {person.lower} to {person.upper}, '
                f'but in mode "{plan.mode}" a person takes one post at most',
            )


def _with_settings(problem: Problem, plan: Plan) -> Problem:
    settings = plan.settings
    try:
        asked = with_marks(
            problem, pins=settings.pins, bans=settings.bans, limits=dict(settings.limits)
        )
    except BadInstance as error:
        raise _Refuted(f"设置有误：{error.text()}", error.text("en")) from None
    if asked is not problem and (errors := check_problem(asked)):
        raise _Refuted(f"设置有误：{errors[0].text()}", errors[0].text("en"))
    return asked


# --- rows --------------------------------------------------------------------------------------


def _check_rows(problem: Problem, rows: Sequence[Assignment]) -> dict[Pair, int]:
    """Hold every row against the problem; the edge of each."""
    edges = _edges_of(problem, {(row.person, row.post) for row in rows})
    pins = set(problem.pins)
    seen: set[Pair] = set()
    for row in rows:
        pair = (row.person, row.post)
        if pair not in edges:
            raise _Refuted(
                f"“{row.person}”不能安排到“{row.post}”：资格不符或已排除",
                f'"{row.person}" is not eligible for "{row.post}", or banned',
            )
        told = (row.score, row.person_rank, row.post_rank, row.pinned)
        if told != (*_columns_of(problem, edges[pair]), pair in pins):
            raise _Refuted(
                f"“{row.person}”到“{row.post}”的分数、志愿或指定标记与题目不符",
                f'score, ranks or pin of "{row.person}" at "{row.post}" differ from the problem',
            )
        if pair in seen:
            raise _Refuted(
                f"“{row.person}”到“{row.post}”重复出现",
                f'"{row.person}" stands at "{row.post}" twice',
            )
        seen.add(pair)
    for pin in problem.pins:
        if pin not in seen:
            raise _Refuted(
                f"人工指定“{pin[0]}”到“{pin[1]}”没有照办",
                f'the pin of "{pin[0]}" to "{pin[1]}" is not kept',
            )
    _check_bounds(problem, rows)
    if sorted(rows, key=lambda row: (row.post, row.person)) != list(rows):
        raise _Refuted("安排没有按岗位、人选排序", "the rows are not sorted by post and person")
    return edges


def _edges_of(problem: Problem, wanted: set[Pair]) -> dict[Pair, int]:
    """The edges of these pairs; those that are not eligible, or banned, are absent."""
    found = edge_pass(problem).among(wanted - set(problem.bans))
    return {_pair(problem, edge): edge for edge in found}


def _columns_of(problem: Problem, edge: int) -> tuple[int, int | None, int | None]:
    """What the problem says of an edge: score and both ranks."""
    person_rank = _rank(problem.edge_person_rank, edge)
    return problem.edge_score[edge], person_rank, _rank(problem.edge_post_rank, edge)


def _pair(problem: Problem, edge: int) -> Pair:
    person, post = problem.edge_person[edge], problem.edge_post[edge]
    return problem.people[person].id, problem.posts[post].id


def _rank(column: Sequence[int] | None, edge: int) -> int | None:
    return None if column is None else column[edge] or None


def _check_bounds(problem: Problem, rows: Sequence[Assignment]) -> None:
    unit_of = {person.id: person.unit for person in problem.people}
    used = {
        "人选 / person": Counter(row.person for row in rows),
        "岗位 / post": Counter(row.post for row in rows),
        "单位 / unit": Counter(unit_of[row.person] or "" for row in rows),
    }
    room = {
        "人选 / person": {person.id: person.upper for person in problem.people},
        "岗位 / post": {post.id: post.upper for post in problem.posts},
        "单位 / unit": {unit.id: unit.limit for unit in problem.units},
    }
    for kind, counts in used.items():
        for name, count in sorted(counts.items()):
            if count > room[kind].get(name, count):
                chinese, english = kind.split(" / ")
                raise _Refuted(
                    f"{chinese}“{name}”安排了 {count} 项，超过上限 {room[kind][name]}",
                    f'{english} "{name}" has {count}, over its limit {room[kind][name]}',
                )
    for bound in problem.bounds:
        count = sum(holds(bound, (row.person, row.post)) for row in rows)
        if bound.upper is not None and count > bound.upper:
            raise _Refuted(
                f"总量“{bound.id}”安排了 {count} 项，超过上限 {bound.upper}",
                f'bound "{bound.id}" has {count}, over its limit {bound.upper}',
            )


# --- goals -------------------------------------------------------------------------------------


def _check_goals(problem: Problem, plan: Plan) -> None:
    """The goals must be exactly those of the mode; a pairing has a check of its own for them.

    How a solver's goals are proved stands in the certificate and is held against it later.
    """
    if plan.mode == "pairing":
        return
    expected = _goals(problem, plan)
    if len(plan.goals) != len(expected):
        raise _Refuted("目标的个数不对", "the number of goals is wrong")
    for own, right in zip(plan.goals, expected, strict=True):
        if own not in (right, _by_solver(problem, own, right, plan)):
            raise _Refuted(
                f"目标 {own.name} 写的是 {own.value}（上界 {own.bound}），"
                f"应为 {right.name} {right.value}（上界 {right.bound}）",
                f"goal {own.name} states {own.value} of {own.bound}, "
                f"it is {right.name} {right.value} of {right.bound}",
            )


def _by_solver(problem: Problem, own: Goal, right: Goal, plan: Plan) -> Goal:
    """The goal as the plan of a solver may state it, whose bound is the best that it found."""
    total = _by_solver_only(problem, plan)
    if not total and plan.mode != "stable-best":
        return right
    bound = own.bound if total or own.name in ("seats", "score") else right.bound
    return replace(right, bound=bound, proved=own.proved, gap_permille=own.gap_permille)


def _goals(problem: Problem, plan: Plan) -> list[Goal]:
    rows, posts = plan.assignments, problem.posts
    filled = Counter(row.post for row in rows)
    lows = [(filled[post.id], post.lower) for post in posts]
    lows += [
        (sum(holds(bound, (row.person, row.post)) for row in rows), bound.lower)
        for bound in problem.bounds
    ]
    value, most = sum(min(pair) for pair in lows), sum(low for _, low in lows)
    ends = {"lower": Goal("lower", value, most, "seats")} if most else {}
    for klass in sorted({post.klass for post in posts}):
        value = sum(filled[post.id] for post in posts if post.klass == klass)
        seats = sum(post.upper for post in posts if post.klass == klass)
        ends[f"class-{klass}"] = Goal(f"class-{klass}", value, seats, "seats")
    of_seats = list(ends)
    changes = sum((row.person, row.post) not in set(plan.settings.base) for row in rows)
    score = sum(row.score for row in rows)
    ends["changes"] = Goal("changes", changes, changes, "people")
    ends["score"] = Goal("score", score, score, "cost" if problem.sense == "min" else "points")
    if plan.mode != "total":
        ends["seats"] = Goal("seats", len(rows), len(rows), "seats")
        ends["blocking_pairs"] = Goal("blocking_pairs", 0, 0, "pairs")
        return [ends[name] for name in (*of_seats, "seats", "score", "blocking_pairs")]
    return [ends[goal.name] for goal in asked_goals(problem, plan.settings.goals)]


# --- certificates ------------------------------------------------------------------------------


KINDS = {
    "total": "dual",
    "stable-people": "stable",
    "stable-posts": "stable",
    "stable-best": "bound",
    "pairing": "dual",
}
CHECKS = {
    "total": ("verify_ordered", "check_ordered"),
    "stable-people": ("verify_stable", "check_stable"),
    "stable-posts": ("verify_stable", "check_stable"),
    "stable-best": ("verify_stable", "check_stable_best"),
    "pairing": ("verify_flow", "check_pairing"),
}
"""But for total with its usual goals: the module and the function (problem, plan, certificate) that
gives the first violation, or None, and the lines that it checked."""


def _check_claim(
    problem: Problem, plan: Plan, certificate: Mapping[str, Any], edges: Mapping[Pair, int]
) -> Iterator[str]:
    if problem.bounds and plan.mode == "pairing":
        raise _Refuted(
            f"“{plan.mode}”这种模式没有总量上下限", f'mode "{plan.mode}" knows no bounds'
        )
    try:
        violation, checked = _proof(problem, plan, certificate, edges)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise _Refuted(
            f"复核凭证的写法不对（{error!r}）", f"the certificate is not well formed ({error!r})"
        ) from None
    yield from checked
    if violation:
        chinese, _, english = violation.partition(" / ")
        raise _Refuted(chinese, english)


def _proof(
    problem: Problem, plan: Plan, certificate: Mapping[str, Any], edges: Mapping[Pair, int]
) -> tuple[str | None, tuple[str, ...]]:
    """The first violation, or None, and the lines that were checked, as the mode has it."""
    if plan.mode == "total" and is_plain(plan.settings.goals) and not problem.bounds:
        return None, (_check_duals(problem, plan, certificate, edges),)
    module, function = CHECKS.get(plan.mode, ("", ""))
    if _by_solver_only(problem, plan):
        module, function = "verify_bound", "check_bound"
    if not module:
        raise _Refuted(f"没有“{plan.mode}”这种模式", f'there is no mode "{plan.mode}"')
    check = getattr(import_module(f"lingyan_matching.{module}"), function)
    answer: tuple[str | None, tuple[str, ...]] = check(problem, plan, certificate)
    return answer


def _check_duals(
    problem: Problem, plan: Plan, certificate: Mapping[str, Any], edges: Mapping[Pair, int]
) -> str:
    """Prove by prices that no plan is better (weak duality).

    1. Write all goals as one cost: an edge costs what its score lacks of the best score, times
       the weights of the goals, plus its ticket; an empty seat pays by class, and more below the
       lower bound, at distances that all edges of a plan together cannot make up.
    2. Prices are well formed: no person and no unit has a price above 0.
    3. No open edge costs less than post, person and unit ask for it together. So no plan costs
       less than the sum: each person and unit limit at its price, each seat at the lower of the
       post's price and what it pays empty.
    4. This plan costs exactly that sum.
    """
    market = _Market(problem, plan)
    u, v, pi = _prices(certificate, market)
    asked = list(market.asked(u, v, pi))
    market.draw([edge for edge, _ in asked])
    for edge, price in asked:
        if price > market.cost(edge) + market.ticket(edge):
            person, post = market.pair(edge)
            raise _Refuted(
                f"“{person}”到“{post}”的费用低于影子价格之和，凭证不成立",
                f'"{person}" at "{post}" costs less than the prices ask for',
            )
    least = market.least(u, v, pi)
    actual = market.actual(edges)
    if least != actual:
        raise _Refuted(
            f"方案的费用 {actual} 不等于凭证证明的下界 {least}，没有证明最优",
            f"the plan costs {actual}, the certificate proves {least}: not proved optimal",
        )
    stated = certificate["levels"][0]
    if not same_json([stated.get("primal"), stated.get("dual")], [actual, least]):
        raise _Refuted("凭证写的两边总和不属实", "the sums that the certificate states are wrong")
    goals = plan.settings.goals
    if certificate.get("covers") != list(goals) or stated.get("goal") != ", ".join(goals):
        raise _Refuted("凭证所涵盖的目标不属实", "the goals that the certificate covers differ")
    if plan.ties_left != (market.bits < sum(market.edges.degrees().values()).bit_length() + 1):
        raise _Refuted("并列是否未尽写得不属实", "whether ties are left is stated wrongly")
    covers = "、".join(GOAL_WORDS.get(goal, goal) for goal in plan.settings.goals)
    return (
        f"对偶凭证成立，没有更好的方案：{covers} / proved optimal: {', '.join(plan.settings.goals)}"
    )


def _prices(
    certificate: Mapping[str, Any], market: _Market
) -> tuple[list[int], list[int], list[int]]:
    levels = certificate.get("levels")
    level = levels[0] if isinstance(levels, list) and len(levels) == 1 else None
    if not isinstance(level, Mapping):
        raise _Refuted("凭证缺少一层对偶数", "the certificate lacks its one level of prices")
    if not same_json([level.get("scale"), level.get("bits")], [market.scale, market.bits]):
        raise _Refuted("凭证的刻度不是由题目得出的", "the scale is not that of the problem")
    columns = []
    for name, length in (("u", len(market.posts)), ("v", market.size), ("pi", len(market.limit))):
        column = level.get(name)
        if not isinstance(column, list) or len(column) != length:
            raise _Refuted(f"凭证的 {name} 长短不对", f"{name} has the wrong length")
        if set(map(type, column)) - {int}:
            raise _Refuted(f"凭证的 {name} 不全是整数", f"{name} is not all integers")
        if name != "u" and max(column, default=0) > 0:
            raise _Refuted(f"凭证的 {name} 中有正数", f"{name} has a price above 0")
        columns.append(column)
    return columns[0], columns[1], columns[2]


class _Market:
    """The open part of a problem as costs; places are those of the ids in order."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        people = sorted(person.id for person in problem.people)
        self.posts = sorted(problem.posts, key=lambda post: post.id)
        units = sorted(problem.units, key=lambda unit: unit.id)
        self.size = len(people)
        place = {name: number for number, name in enumerate(people)}
        self.person_place = [place[person.id] for person in problem.people]
        place = {post.id: number for number, post in enumerate(self.posts)}
        self.post_place = [place[post.id] for post in problem.posts]
        place = {unit.id: number for number, unit in enumerate(units)}
        self.unit_place = [place.get(person.unit or "", -1) for person in problem.people]
        self.edges = edge_pass(problem)
        self.drawn: dict[int, int] = {}
        self._weigh()
        self._open_edges()
        pinned = Counter(post for _, post in problem.pins)
        unit_of = {person.id: person.unit for person in problem.people}
        sent = Counter(unit_of[person] for person, _ in problem.pins)
        self.limit = [unit.limit - sent[unit.id] for unit in units]
        degree = {self.post_place[post]: count for post, count in self.edges.degrees().items()}
        self.seats = []
        for number, post in enumerate(self.posts):
            room = min(post.upper - pinned[post.id], degree.get(number, 0))
            must = min(max(0, post.lower - pinned[post.id]), room)
            self.seats.append(
                ((must, self.lower_price[post.klass]), (room - must, self.seat_price[post.klass]))
            )

    def _weigh(self) -> None:
        """Weights and scale so that each goal outbids all later ones (step 1)."""
        goals, (low, high) = self.plan.settings.goals, self.edges.span()
        spread = high - low
        self.best = low if self.problem.sense == "min" else high
        early = "changes" in goals and goals.index("changes") < goals.index("score")
        late = "changes" in goals and not early
        self.points = self.size + 1 if late else 1
        self.change = self.size * spread + 1 if early else int(late)
        gap = self.size * (spread * self.points + self.change) + 1
        self.bits = min(40, 57 - self.size.bit_length()) if goals[-1] == "lot" else 0
        self.scale = 8 * (self.size * 2**self.bits + 1) if self.bits else 1
        classes = sorted({post.klass for post in self.posts}, reverse=True)
        self.seat_price, self.lower_price = {}, {}
        for rank, klass in enumerate(classes, 1):
            self.seat_price[klass] = rank * gap * self.scale
            self.lower_price[klass] = (rank + len(classes)) * gap * self.scale

    def _open_edges(self) -> None:
        problem = self.problem
        self.closed = {person for person, _ in problem.pins}
        self.closed.update(person.id for person in problem.people if person.upper == 0)
        shut = [person.id in self.closed for person in problem.people]
        self.edges = self.edges.opened(shut, problem.bans)
        self.base = set(self.plan.settings.base)

    def pair(self, edge: int) -> Pair:
        return _pair(self.problem, edge)

    def cost(self, edge: int) -> int:
        """What an edge costs without its ticket."""
        points = abs(self.best - self.problem.edge_score[edge]) * self.points
        changed = self.change and self.pair(edge) not in self.base
        return self.scale * (points + (self.change if changed else 0))

    def draw(self, edges: Sequence[int]) -> None:
        """Draw the tickets of these edges, each once."""
        if self.bits:
            new = [edge for edge in edges if edge not in self.drawn]
            drawn = tickets(self.plan.seed, map(self.pair, new), self.bits)
            self.drawn.update(zip(new, drawn, strict=True))

    def ticket(self, edge: int) -> int:
        """The ticket of an edge, drawn before; 0 without a lot."""
        return self.drawn[edge] if self.bits else 0

    def asked(
        self, u: Sequence[int], v: Sequence[int], pi: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Each open edge that is not plainly dear enough, with what is asked for it."""
        post_price = [u[place] for place in self.post_place]
        person_price = [
            v[place] + (pi[unit] if unit >= 0 else 0)
            for place, unit in zip(self.person_place, self.unit_place, strict=True)
        ]
        rate = (self.points, self.scale)
        return self.edges.below(post_price, person_price, self.best, rate)

    def least(self, u: Sequence[int], v: Sequence[int], pi: Sequence[int]) -> int:
        """What every plan costs at least, by these prices."""
        total = sum(v) + sum(price * limit for price, limit in zip(pi, self.limit, strict=True))
        for price, tiers in zip(u, self.seats, strict=True):
            for count, empty in tiers:
                if count:
                    total += count * min(price, empty)
        return total

    def actual(self, edges: Mapping[Pair, int]) -> int:
        """What the plan costs: its open rows and its empty seats."""
        problem, total = self.problem, 0
        rows = [row for row in self.plan.assignments if row.person not in self.closed]
        chosen = [edges[row.person, row.post] for row in rows]
        filled = Counter(self.post_place[problem.edge_post[edge]] for edge in chosen)
        self.draw(chosen)
        for edge in chosen:
            total += self.cost(edge) + self.ticket(edge)
        for place, tiers in enumerate(self.seats):
            left = filled[place]
            for count, empty in tiers:
                total += empty * max(0, count - left)
                left = max(0, left - count)
        return total
