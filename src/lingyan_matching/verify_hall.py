"""Do the posts that are said to compete for too few people really do?

Nothing here solves: seats and eligible people are counted again from the problem. Standard library
only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lingyan_matching.plan import Plan, same_json
from lingyan_matching.problem import Problem, with_marks
from lingyan_matching.trees import Crossing, most_of, rooms_of_people, trees_of


def check_hall(problem: Problem, plan: Plan, hall: Any) -> str | None:
    """The first thing that is wrong with the sets stated beside a plan, or None.

    1. Each set is what counting gives: its people, seats, supply, full units and pins.
    2. No post stands in two sets.
    3. In mode total the sets account for every empty seat, unless bounds may be the reason.
    """
    asked = with_marks(
        problem,
        pins=plan.settings.pins,
        bans=plan.settings.bans,
        limits=dict(plan.settings.limits),
    )
    if hall and isinstance(trees_of(asked), Crossing):
        return "总量互相交叉，不能清点缺人的岗位 / under bounds that cross no posts can be counted"
    try:
        wrong = next(
            (claim for claim in hall if not same_json(counted(asked, claim["posts"]), claim)), None
        )
        posts = [post for claim in hall for post in claim["posts"]]
        short = sum(claim["deficit"] for claim in hall)
    except (AttributeError, KeyError, TypeError) as error:
        return (
            f"缺人岗位组的写法不对（{error!r}） / the sets of posts are not well formed ({error!r})"
        )
    if wrong is not None:
        posts = [str(post) for post in wrong["posts"]]
        names, names_en = "、".join(posts), ", ".join(posts)
        return (
            f"缺人岗位组（{names}）与重新清点的不符 / "
            f"the set of posts ({names_en}) is not what counting gives"
        )
    empty = sum(post.upper for post in asked.posts) - len(plan.assignments)
    whole = plan.mode == "total" and not asked.bounds
    if len(set(posts)) < len(posts) or (whole and short != empty):
        return (
            f"空缺 {empty} 个，缺人岗位组说明了 {short} 个 / "
            f"{empty} seats are empty, the sets of posts account for {short}"
        )
    return None


def counted(problem: Problem, posts: Sequence[str]) -> dict[str, Any] | None:
    """The set of these posts as it must be stated; None if their people suffice."""
    inside, unit_of = set(posts), {person.id: person.unit for person in problem.people}
    groups = sorted((post for post in problem.posts if post.id in inside), key=lambda g: g.id)
    pinned = dict(problem.pins)
    sent = Counter(unit_of[person] for person in pinned)
    room = {unit.id: unit.limit - sent[unit.id] for unit in problem.units}
    wanted = _eligible(problem, inside)
    free = wanted - pinned.keys()
    of_unit = Counter(unit_of[person] for person in free)
    here = [person for person, post in pinned.items() if post in inside]
    seats = sum(post.upper for post in groups)
    supply = len(here)
    if problem.bounds:
        supply += most_of(free, rooms_of_people(problem))
    else:
        supply += sum(min(count, room.get(u or "", count)) for u, count in of_unit.items())
    if supply >= seats:
        return None
    return {
        "posts": [post.id for post in groups],
        "villages": sorted({post.village for post in groups if post.village}),
        "people": sorted([*free, *here]),
        "seats": seats,
        "supply": supply,
        "deficit": seats - supply,
        "full_units": [
            {"unit": unit, "limit": room[unit], "eligible": of_unit[unit]}
            for unit in sorted(room)
            if of_unit[unit] > room[unit]
        ],
        "pins": [[i, g] for i, g in sorted(problem.pins) if i in wanted and g not in inside],
    }


def _eligible(problem: Problem, posts: set[str]) -> set[str]:
    """Whoever may take one of these posts."""
    bans, names = set(problem.bans), [post.id for post in problem.posts]
    pairs = {
        (problem.people[i].id, names[g])
        for i, g in zip(problem.edge_person, problem.edge_post, strict=True)
        if names[g] in posts and problem.people[i].upper
    }
    return {person for person, _ in pairs - bans}
