"""Why do posts stay empty: which of them compete for too few people, and what would help?

The proof of a shortage is a count (Hall 1935): some posts have more seats than all their eligible
people, within the limits of their units, can fill. Anybody can count it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from lingyan_matching.crowd import crowds
from lingyan_matching.filling import Filling
from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph, Pair, Problem, build, edge_between, holds
from lingyan_matching.residual import problem_of
from lingyan_matching.trees import Crossing, most_of, rooms_of_people, trees_of

NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class FullUnit:
    """A unit of which more people are eligible here than it may still send."""

    unit: str
    limit: int
    eligible: int

    def to_json(self) -> dict[str, Any]:
        return {"unit": self.unit, "limit": self.limit, "eligible": self.eligible}


@dataclass(frozen=True, slots=True)
class FullBound:
    """A bound over several posts that takes no more, and its posts that still have empty seats."""

    bound: str
    upper: int
    posts: tuple[str, ...]
    seats: int

    def to_json(self) -> dict[str, Any]:
        return {
            "bound": self.bound,
            "upper": self.upper,
            "posts": list(self.posts),
            "seats": self.seats,
        }

    def text(self, names: Mapping[str, str]) -> str:
        return (
            f"总量“{_word(self.bound, names)}”的上限 {self.upper} 已满，"
            f"其中还有 {self.seats} 个岗位空缺：{_listed(self.posts, names)}；"
            f"要填上，须先提高这个上限。"
        )


@dataclass(frozen=True, slots=True)
class Competition:
    """Posts that compete for too few people; `seats - supply` of their seats must stay empty.

    `pins` are people eligible here who are pinned elsewhere: the first thing to look at.
    """

    posts: tuple[str, ...]
    villages: tuple[str, ...]
    people: tuple[str, ...]
    seats: int
    supply: int
    full_units: tuple[FullUnit, ...] = ()
    pins: tuple[Pair, ...] = ()

    @property
    def deficit(self) -> int:
        return self.seats - self.supply

    def to_json(self) -> dict[str, Any]:
        """The set as it stands in a certificate."""
        return {
            "posts": list(self.posts),
            "villages": list(self.villages),
            "people": list(self.people),
            "seats": self.seats,
            "supply": self.supply,
            "deficit": self.deficit,
            "full_units": [unit.to_json() for unit in self.full_units],
            "pins": [list(pin) for pin in self.pins],
        }

    def text(self, names: Mapping[str, str]) -> str:
        """The shortage in plain words, pins first."""
        pins = [f"{_word(p, names)}（指定在{_word(g, names)}）" for p, g in self.pins]
        lines = [f"人工指定占用了这里合格的人选：{'、'.join(pins)}。"] if pins else []
        count = f"{len(self.villages)} 个村" if self.villages else f"{len(self.posts)} 个岗位组"
        posts = _listed(self.posts, names)
        if not self.people:
            lines.append(f"下列 {count}的 {self.seats} 个岗位，没有一名人选合格：{posts}。")
        elif len(self.people) == self.supply:
            lines.append(
                f"下列 {count}的 {self.seats} 个岗位，全县只有 {self.supply} 名人选合格："
                f"{posts}；人选：{_listed(self.people, names)}。"
            )
        else:
            lines.append(
                f"下列 {count}的 {self.seats} 个岗位，全县有 {len(self.people)} 名人选合格，"
                f"但受{'派出单位名额' if self.full_units else '人选一侧的总量'}限制"
                f"只能派 {self.supply} 人：{posts}；"
                f"人选：{_listed(self.people, names)}。"
            )
        lines += [
            f"单位{_word(unit.unit, names)}在此有 {unit.eligible} 人合格，"
            f"名额只能再派 {unit.limit} 人。"
            for unit in self.full_units[:NAMES_SHOWN]
        ]
        if len(self.full_units) > NAMES_SHOWN:
            lines.append(f"名额不够的单位共 {len(self.full_units)} 个。")
        return "".join(lines)


@dataclass(frozen=True, slots=True)
class Lift:
    """What lifting one rule would add, counted again: eligible people, and seats filled."""

    rule: str
    people_added: int
    seats_added: int

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "people_added": self.people_added,
            "seats_added": self.seats_added,
        }

    def text(self, names: Mapping[str, str]) -> str:
        rule = "全部人工指定" if self.rule == PINS else names.get(self.rule, self.rule)
        return (
            f"放开{rule}：增加 {self.people_added} 名合格人选，可多填 {self.seats_added} 个岗位。"
        )


PINS = "pins"
"""The name under which the pins are counted among what could be lifted."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why seats are empty: sets that compete for too few people, and what else could fill some.

    `fillable` are posts that people could still fill; a plan that is not of mode total may leave
    them empty for another reason, such as stability.
    """

    sets: tuple[Competition, ...]
    fillable: tuple[str, ...] = ()
    lifts: tuple[Lift, ...] = ()
    text_zh: str = ""
    full_bounds: tuple[FullBound, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not self.sets and not self.fillable and not self.full_bounds

    def to_json(self) -> dict[str, Any]:
        bounds = [bound.to_json() for bound in self.full_bounds]
        return {
            **({"full_bounds": bounds} if bounds else {}),
            "hall": [found.to_json() for found in self.sets],
            "fillable": list(self.fillable),
            "lifts": [lift.to_json() for lift in self.lifts],
            "text_zh": self.text_zh,
        }


def why_empty(
    graph: Graph,
    plan: Plan,
    post_id: str | None = None,
    *,
    lift: Mapping[str, Sequence[Pair]] | None = None,
    names: Mapping[str, str] | None = None,
) -> Shortage:
    """Why this post, or any post, has empty seats.

    `lift` says for each rule which pairs would become eligible without it.

    1. Fill what can still be filled; what cannot is short, or under a bound that takes no more.
    2. Walk from the short posts: post → its eligible people → the posts they hold, and from a free
       person of a full unit → the posts that the unit's people hold. All of these are short
       together: their people are all in use among themselves. This is the least set that leaves
       so many seats empty (Dulmage and Mendelsohn 1958): without any one of its posts fewer would.
    3. Part it into sets that share no people and no full unit.
    4. Fill again with each rule lifted, and with the pins lifted, and count what that adds.
    """
    names = names or {}
    if post_id is not None and post_id not in graph.post_index:
        raise KeyError(f"there is no post {post_id!r}")
    if plan.mode == "pairing":
        return _unpaired(graph, plan, post_id, names)
    open_graph = build(problem_of(graph, plan))
    if isinstance(trees_of(open_graph.problem), Crossing):
        return _by_solver(open_graph.problem, plan, post_id, names)
    asked = [open_graph.post_index[post_id]] if post_id is not None else []
    filling = Filling(open_graph, plan)
    full_bounds = tuple(_full_bounds(filling, asked))
    wanted = filling.short(asked)
    fillable = tuple(open_graph.problem.posts[post].id for post in wanted if filling.fill(post))
    short = filling.short(asked)
    members = filling.behind(short)
    parts = [part for part in _parted(open_graph, members) if set(asked) <= set(part)]
    sets = tuple(_competition(open_graph, part) for part in parts)
    lifts = tuple(_lifts(graph, plan, members, lift or {})) if sets else ()
    words = [bound.text(names) for bound in full_bounds]
    text = "\n".join([*words, *_lines(sets, fillable, lifts, names)]) or "没有空缺的岗位。"
    return Shortage(sets, fillable, lifts, text, full_bounds)


def _by_solver(
    problem: Problem, plan: Plan, post_id: str | None, names: Mapping[str, str]
) -> Shortage:
    """Under bounds that cross nothing can be counted but which of them take no more."""
    rows = [(row.person, row.post) for row in plan.assignments]
    filled, found = Counter(post for _, post in rows), []
    for bound in problem.bounds:
        if bound.upper is None or sum(holds(bound, pair) for pair in rows) < bound.upper:
            continue
        short = {
            post.id: post.upper - filled[post.id]
            for post in problem.posts
            if filled[post.id] < post.upper and (bound.posts is None or post.id in bound.posts)
        }
        if short and post_id in (None, *short):
            found.append(FullBound(bound.id, bound.upper, tuple(short), sum(short.values())))
    words = [bound.text(names) for bound in found]
    words.append("总量互相交叉，方案由求解器求得，不能逐个清点缺人的岗位。")
    return Shortage((), text_zh="\n".join(words), full_bounds=tuple(found))


def _full_bounds(filling: Filling, asked: Sequence[int]) -> Iterable[FullBound]:
    """The bounds that keep posts with empty seats from taking more."""
    flow, found = filling.flow, dict[int, list[int]]()
    for post in asked or range(flow.first_person):
        if flow.load[post] < flow.room[post]:
            for node in filling.full(post):
                found.setdefault(node, []).append(post)
    for node, posts in sorted(found.items()):
        bound = flow.problem.bounds[node - flow.first_bound]
        ids = tuple(flow.problem.posts[post].id for post in posts)
        seats = sum(flow.room[post] - flow.load[post] for post in posts)
        yield FullBound(bound.id, flow.room[node], ids, seats)


def _lines(
    sets: Sequence[Competition],
    fillable: Sequence[str],
    lifts: Sequence[Lift],
    names: Mapping[str, str],
) -> list[str]:
    lines = [found.text(names) for found in sets]
    if fillable:
        posts = _listed(fillable, names)
        lines.append(f"有人可派而没有派：{posts}；改用统筹最优可以填上，但会打破原来的互选结果。")
    return lines + [gained.text(names) for gained in lifts]


def _word(name: str, names: Mapping[str, str]) -> str:
    return names.get(name, name)


def _listed(ids: Sequence[str], names: Mapping[str, str]) -> str:
    text = "、".join(_word(name, names) for name in ids[:NAMES_SHOWN])
    return text + (f" 等 {len(ids)} 个" if len(ids) > NAMES_SHOWN else "")


# --- sets --------------------------------------------------------------------------------------


def _supply(graph: Graph, people: Iterable[int]) -> int:
    """How many of these people can be sent within the limits of their units."""
    if graph.problem.bounds:
        names = [graph.problem.people[person].id for person in people]
        return most_of(names, rooms_of_people(graph.problem))
    of_unit = Counter(graph.unit_of[person] for person in people)
    free = of_unit.pop(-1, 0)
    return free + sum(min(graph.limit[unit], count) for unit, count in of_unit.items())


def _eligible(graph: Graph, posts: Iterable[int]) -> set[int]:
    """The people who are eligible for one of these posts and not pinned."""
    ptr = graph.post_ptr
    return {person for g in posts for person in graph.edge_person[ptr[g] : ptr[g + 1]]}


def _parted(graph: Graph, posts: set[int]) -> list[list[int]]:
    """Part posts into sets that share neither a person nor a unit whose limit binds."""
    people = _eligible(graph, posts)
    of_unit = Counter(graph.unit_of[person] for person in people)
    binding = {u for u, count in of_unit.items() if u >= 0 and count > graph.limit[u]}
    owner: dict[tuple[str, int], int] = {}
    part = {post: post for post in posts}
    for post in sorted(posts):
        for person in _eligible(graph, [post]):
            unit = graph.unit_of[person]
            key = ("unit", unit) if unit in binding else ("person", person)
            first = owner.setdefault(key, post)
            _join(part, first, post)
    for one, other in _joined_by_bounds(graph, sorted(posts)):
        _join(part, one, other)
    parts: dict[int, list[int]] = {}
    for post in sorted(posts):
        parts.setdefault(_root(part, post), []).append(post)
    return list(parts.values())


def _joined_by_bounds(graph: Graph, posts: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Posts that ask for people of one bound that cannot give them all."""
    if not graph.problem.bounds:
        return
    people = graph.problem.people
    wanted = {post: {people[i].id for i in _eligible(graph, [post])} for post in posts}
    for members, room in rooms_of_people(graph.problem):
        inside = {post: wanted[post].intersection(members) for post in posts}
        asking = [post for post in posts if inside[post]]
        if len(set[str]().union(*inside.values())) > room:
            yield from pairwise(asking)


def _root(part: dict[int, int], post: int) -> int:
    while part[post] != post:
        post = part[post]
    return post


def _join(part: dict[int, int], one: int, other: int) -> None:
    part[_root(part, other)] = _root(part, one)


def _competition(graph: Graph, posts: Sequence[int]) -> Competition:
    """Count one set: seats and people with those who are pinned in it, and who is pinned away."""
    problem, people = graph.problem, _eligible(graph, posts)
    inside = {problem.posts[post].id for post in posts}
    pinned_here = [pin for pin in problem.pins if pin[1] in inside]
    of_unit = Counter(graph.unit_of[person] for person in people)
    return Competition(
        posts=tuple(problem.posts[post].id for post in posts),
        villages=tuple(sorted({problem.posts[g].village or "" for g in posts} - {""})),
        people=tuple(
            sorted([*(problem.people[i].id for i in people), *(pin[0] for pin in pinned_here)])
        ),
        seats=sum(problem.posts[post].upper for post in posts),
        supply=_supply(graph, people) + len(pinned_here),
        full_units=tuple(
            FullUnit(problem.units[unit].id, graph.limit[unit], count)
            for unit, count in sorted(of_unit.items())
            if unit >= 0 and count > graph.limit[unit]
        ),
        pins=_pinned_away(graph, inside),
    )


def _pinned_away(graph: Graph, inside: set[str]) -> tuple[Pair, ...]:
    """Pins elsewhere that leave no room to people who are eligible for one of these posts."""
    problem, bans = graph.problem, set(graph.problem.bans)
    away = {
        i for i, g, _ in graph.pinned if graph.room[i] == 0 and problem.posts[g].id not in inside
    }
    columns = zip(problem.edge_person, problem.edge_post, strict=True)
    pairs = [(problem.people[i].id, problem.posts[g].id) for i, g in columns if i in away]
    wanted = {pair[0] for pair in pairs if pair[1] in inside and pair not in bans}
    return tuple(pin for pin in problem.pins if pin[0] in wanted and pin[1] not in inside)


# --- what would help ---------------------------------------------------------------------------


def _lifts(
    graph: Graph, plan: Plan, members: set[int], lift: Mapping[str, Sequence[Pair]]
) -> Iterable[Lift]:
    """Fill again with each rule lifted, the pins first."""
    problem = problem_of(graph, plan)
    known = _eligible(build(problem), members)
    before = _most_filled(problem, plan)
    tasks = [(rule, _with_pairs(problem, pairs)) for rule, pairs in sorted(lift.items())]
    if problem.pins:
        tasks.insert(0, (PINS, replace(problem, pins=())))
    for rule, changed in tasks:
        now = _eligible(build(changed), members)
        gained = _most_filled(changed, plan) - before
        if gained or rule != PINS:
            yield Lift(rule, len(now - known), gained)


def _most_filled(problem: Problem, plan: Plan) -> int:
    """The most seats that can be filled, starting from the plan."""
    filling = Filling(build(problem), plan)
    filling.fill_all()
    return len(filling.flow.taken)


def _with_pairs(problem: Problem, pairs: Iterable[Pair]) -> Problem:
    """The problem in which some more pairs are eligible; a ban among them is lifted too."""
    wanted = set(pairs)
    people = {person.id: number for number, person in enumerate(problem.people)}
    posts = {post.id: number for number, post in enumerate(problem.posts)}
    known = set(zip(problem.edge_person, problem.edge_post, strict=True))
    fresh = sorted({(people[i], posts[g]) for i, g in wanted} - known)
    count = len(fresh)
    return replace(
        problem,
        edge_person=[*problem.edge_person, *(i for i, _ in fresh)],
        edge_post=[*problem.edge_post, *(g for _, g in fresh)],
        edge_score=[*problem.edge_score, *[0] * count],
        edge_person_rank=_longer(problem.edge_person_rank, count),
        edge_post_rank=_longer(problem.edge_post_rank, count),
        bans=tuple(ban for ban in problem.bans if ban not in wanted),
    )


def _longer(column: Sequence[int] | None, count: int) -> list[int] | None:
    return None if column is None else [*column, *[0] * count]


# --- pairing -----------------------------------------------------------------------------------


def _unpaired(graph: Graph, plan: Plan, post_id: str | None, names: Mapping[str, str]) -> Shortage:
    """Which villages want more units than there are: each its lower bound, and one at least."""
    wanting = build(_wanting(problem_of(graph, plan)))
    pins = set(wanting.problem.pins)
    edges = [
        edge_between(
            wanting.edge_person,
            wanting.post_ptr,
            wanting.person_index[row.person],
            wanting.post_index[row.post],
        )
        for row in plan.assignments
        if (row.person, row.post) not in pins
    ]
    found = [
        Competition(
            crowd.members,
            (),
            crowd.partners,
            crowd.wanted,
            crowd.can_take,
            pins=tuple(sorted({*crowd.pins, *_pinned_away(wanting, set(crowd.members))})),
        )
        for crowd in crowds(wanting, [edge for edge in edges if edge is not None])
        if crowd.wanted > crowd.can_take and post_id in (None, *crowd.members)
    ]
    words = [_crowd_text(crowd, names) for crowd in found]
    return Shortage(tuple(found), text_zh="\n".join(words) or "没有缺结对单位的村。")


def _wanting(problem: Problem) -> Problem:
    """The problem in which every village wants a unit, and units want nothing."""
    posts = [replace(g, lower=max(g.lower, min(1, g.upper))) for g in problem.posts]
    people = [replace(person, lower=0) for person in problem.people]
    return replace(problem, posts=tuple(posts), people=tuple(people))


def _crowd_text(crowd: Competition, names: Mapping[str, str]) -> str:
    pins = "、".join(f"{_word(unit, names)}—{_word(g, names)}" for unit, g in crowd.pins)
    start = f"人工指定 {pins} 已占用名额。" if pins else ""
    posts, units = _listed(crowd.posts, names), _listed(crowd.people, names)
    if not crowd.people:
        return f"{start}下列 {len(crowd.posts)} 个村没有一个单位符合结对条件：{posts}。"
    return (
        f"{start}下列 {len(crowd.posts)} 个村还至少要结对 {crowd.seats} 次，符合条件的 "
        f"{len(crowd.people)} 个单位合计最多承担 {crowd.supply} 次：{posts}；单位：{units}。"
    )
