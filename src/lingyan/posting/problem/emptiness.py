"""Why does a post stay empty: nobody may go, too few for all who ask, or others come first?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lingyan.posting.problem.build import PostingProblem
from lingyan.posting.rules import PRIVATE_LINE, PRIVATE_RULES, codes_of
from lingyan_matching import Bound

RULES_NAMED = 3


def empty_reason(
    problem: PostingProblem,
    post: str,
    hall: Sequence[Mapping[str, Any]],
    full: Sequence[str] = (),
) -> dict[str, Any]:
    """The reason beside an empty post in plan.json: `kind`, the facts behind it, and a sentence.

    `hall` are the counted sets of posts that compete for too few people, `full` the bounds over
    several posts that take no more.
    """
    eligible = len(problem.eligible_people(post))
    sets = [number for number, group in enumerate(hall) if post in group.get("posts", ())]
    kind = "nobody" if not eligible else "hall" if sets else "others_first"
    text = why_empty(problem, post, eligible)
    if kind == "hall":
        group = hall[sets[0]]
        text = (
            f"{len(group['posts'])} 个岗位（{group['seats']} 个名额）争 {group['supply']} 名能派的"
            f"合格人选，缺 {group['deficit']} 人。"
        )
    if bound := next((b for b in problem.problem.bounds if b.id in full and _binds(b, post)), None):
        kind, text = "bound", f"总量“{bound.id}”的上限 {bound.upper} 已满。"
    return {
        "kind": kind,
        "eligible": eligible,
        "hall": sets,
        "rules": [{"rule": name, "people": count} for name, count in excluding(problem, post)],
        "text": text,
    }


def _binds(bound: Bound, post: str) -> bool:
    return bound.posts is None or post in bound.posts


def why_empty(problem: PostingProblem, post: str, eligible: int) -> str:
    """The sentence where no set of posts was counted."""
    if eligible:
        return "合格人选都派往了同样缺人的岗位，见“汇总指标”。"
    lines = excluding(problem, post)[:RULES_NAMED]
    return "没有合格人选。" + "".join(f"因{name}排除 {count} 人。" for name, count in lines)


def excluding(problem: PostingProblem, post: str) -> list[tuple[str, int]]:
    """The rules by how many people they put out; health and discipline as one."""
    counts: dict[str, int] = {}
    for mask in problem.masks[problem.post_number[post]]:
        for name in {_public_name(problem, code) for code in codes_of(mask)}:
            counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _public_name(problem: PostingProblem, code: str) -> str:
    if code in PRIVATE_RULES:
        return PRIVATE_LINE[2]
    rule = next(rule for rule in problem.settings.rules if rule.code == code)
    return f"{code} {rule.name}"
