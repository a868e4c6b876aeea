"""Who is left in the pool, which post would suit best, and why did nothing come of it?"""

from __future__ import annotations

from dataclasses import dataclass

from lingyan.posting.problem.build import PostingProblem
from lingyan.posting.problem.explanation import post_name
from lingyan.posting.problem.reasons import best_posts
from lingyan.posting.rules import (
    PRIVATE_LINE,
    PRIVATE_RULES,
    RuleResult,
    codes_of,
    public_results,
)
from lingyan_matching import Plan

TAKEN = "名额已满：最合适的岗位在本方案里由"
LEFT_OPEN = "该岗位空缺，但派去会使优先级更高的岗位或派出单位的限额不能满足。"


@dataclass(frozen=True, slots=True)
class Unused:
    """Somebody left in the pool: the post that would suit best, and who holds it.

    `reason` says why nothing came of it where nobody holds that post, or no post is open at all.
    """

    number: int
    open: int
    post: str
    best: str
    fit: int
    holders: str
    reason: str


def unused_people(problem: PostingProblem, plan: Plan, *, coded: bool = True) -> list[Unused]:
    """Everybody without a post, in the order of the problem; on a page rules go by their names."""
    people, seated = problem.people, {line.person for line in plan.assignments}
    holders: dict[str, list[str]] = {}
    for line in plan.assignments:
        holders.setdefault(line.post, []).append(line.person)
    best = best_posts(problem)
    found = []
    for number, candidate in enumerate(people):
        if candidate.id in seated:
            continue
        fit, post = best.get(candidate.id, (0, ""))
        held = [people[problem.person_number[one]].label for one in holders.get(post, [])]
        found.append(
            Unused(
                number,
                sum(not masks[number] for masks in problem.masks),
                post,
                _name_of(problem, post),
                fit,
                "、".join(held),
                "" if held else LEFT_OPEN if post else why_out(problem, number, coded=coded),
            )
        )
    return found


def _name_of(problem: PostingProblem, post: str) -> str:
    if not post:
        return ""
    place = problem.posts[problem.post_number[post]]
    return post_name(problem.needs[place.village], place.role)


def why_out(problem: PostingProblem, number: int, *, coded: bool) -> str:
    """Of somebody who is eligible nowhere: the rules that stand in the way everywhere."""
    everywhere = ~0
    for masks in problem.masks:
        everywhere &= masks[number]
    if not problem.masks or not everywhere:
        return "对每个岗位都有不符合的条件。"
    results = public_results(problem.results(problem.people[number].id, problem.posts[0].id))
    codes = {PRIVATE_LINE[0] if code in PRIVATE_RULES else code for code in codes_of(everywhere)}
    out = [item for item in results if item.is_out and item.rule in codes]
    lines = [f"{item.rule} {item.text}" if coded else _named(item) for item in out]
    return f"不符合硬性条件：{'；'.join(lines)}。"


def _named(item: RuleResult) -> str:
    """The finding; what is private says no more than that it is."""
    return f"{item.label}{item.text}" if item.rule == PRIVATE_LINE[0] else item.text
