"""How good is a plan at a glance: posts filled, wishes met, needs covered?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from lingyan.common.cover import cover
from lingyan.posting.problem.build import PostingProblem
from lingyan.posting.problem.given import VillageNeed
from lingyan_matching import Plan


def figures(problem: PostingProblem, plan: Plan) -> dict[str, int]:
    """Counts with their wholes; shares are for whoever shows them."""
    pairs = [(row.person, row.post) for row in plan.assignments]
    ranks = [row.person_rank for row in plan.assignments if row.person_rank]
    intentions = [row.post_rank for row in plan.assignments if row.post_rank]
    asking = [need for need in problem.needs if need.first_secretaries or need.members]
    return {
        "seats": sum(post.upper for post in problem.problem.posts),
        "filled": len(pairs),
        "first_secretaries": sum(
            place.role == "first_secretary" for place in _places(problem, plan)
        ),
        "people": len(problem.people),
        "unused": len(problem.people) - len({person for person, _ in pairs}),
        "villages": len(asking),
        "villages_empty": len(asking) - len({place.village for place in _places(problem, plan)}),
        "fit_total": sum(row.score for row in plan.assignments),
        "cover_total": sum(problem.parts(*pair).cover for pair in pairs),
        "people_with_wishes": sum(bool(person.wishes) for person in problem.people),
        "first_wish": sum(rank == 1 for rank in ranks),
        "top_three_wishes": sum(rank <= 3 for rank in ranks),
        "villages_with_intentions": sum(bool(need.intentions) for need in asking),
        "first_intention": sum(rank == 1 for rank in intentions),
        "blocking_pairs": _blocking(problem, plan),
    }


def _blocking(problem: PostingProblem, plan: Plan) -> int:
    """A stable plan has none, which its certificate proves; of any other they are counted.

    As in the comparison of plans: who is named for a post by hand does not wait for another.
    """
    if plan.mode.startswith("stable"):
        return len(plan.blocking)
    from lingyan_matching.problem import with_marks
    from lingyan_matching.verify_stable import blocking_pairs

    made = plan.settings
    asked = with_marks(problem.problem, pins=made.pins, bans=made.bans, limits=dict(made.limits))
    return len(blocking_pairs(asked, [(row.person, row.post) for row in plan.assignments]))


def _places(problem: PostingProblem, plan: Plan) -> list[Any]:
    return [problem.posts[problem.post_number[row.post]] for row in plan.assignments]


def village_lines(problem: PostingProblem, plan: Plan) -> list[dict[str, Any]]:
    """Per village: seats filled, mean cover of those sent, and cover of the team as one.

    team_cover counts for each need the best member (matching-design 1.2, 班子互补).
    """
    sent: dict[str, list[str]] = {}
    for row in plan.assignments:
        need = problem.needs[problem.posts[problem.post_number[row.post]].village]
        sent.setdefault(need.id, []).append(row.person)
    return [_village_line(problem, need, sent.get(need.id, [])) for need in problem.needs]


def _village_line(problem: PostingProblem, need: VillageNeed, people: list[str]) -> dict[str, Any]:
    team = [problem.people[problem.person_number[person]] for person in people]
    covers = [cover(member.levels, need.profile) for member in team]
    best: Counter[str] = Counter()
    for member in team:
        best |= Counter(member.levels)
    return {
        "village": need.id,
        "name": need.facts.name,
        "town": need.facts.town,
        "class": need.priority,
        "seats": need.first_secretaries + need.members,
        "filled": len(team),
        "cover": sum(covers) // len(covers) if covers else 0,
        "team_cover": cover(best, need.profile) if team else 0,
    }
