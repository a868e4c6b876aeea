"""Why is this person (not) at this post: the fit taken apart, the rules, the engine's reasons?

依据：matching-design 6（Explanation）。The engine knows prices and alternatives, the round knows
needs, evidence and rules; here both are put into one answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lingyan.common.cover import points_won
from lingyan.posting.problem.build import PostingProblem, filling_label, pin_of
from lingyan.posting.problem.fit import FitParts, intention_ranks, wish_ranks
from lingyan.posting.problem.given import Candidate, VillageNeed
from lingyan.posting.problem.standing import Standings
from lingyan.posting.problem.supply import CAPABILITY_LABELS, with_supplies
from lingyan.posting.rules import (
    Outcome,
    Role,
    RuleResult,
    RuleSetting,
    WeightedNeed,
    public_results,
)
from lingyan.posting.rules.rounds import FIT_PARTS

FORMAT = "lingyan.explanation/1"
CLASS_MENTION = re.compile(r"第 (\d) 类岗位")


def explanation(
    problem: PostingProblem,
    engine: Mapping[str, Any] | None,
    person: str,
    post: str,
    *,
    standings: Standings | None = None,
    assigned: bool = True,
) -> dict[str, Any]:
    """The full explanation of one pair.

    `engine` is what the engine says of it, as JSON; `standings` saves a pass over all pairs where
    many are explained. `assigned` is whether the plan sends this person there.
    """
    candidate, need, role = problem.pair(person, post)
    results = public_results(problem.results(person, post))
    parts = problem.parts(person, post)
    table = fit_table(candidate, need)
    pin = pin_of(problem, person, post)
    given = dict(engine or {})
    changes = given.get("counterfactual", [])
    if not assigned:
        changes = with_supplies(problem, (person, post), changes)
    said = {
        "format": FORMAT,
        "plan": given.get("plan"),
        "person": person,
        "person_name": candidate.label,
        "post": post,
        "post_name": post_name(need, role),
        "assigned": assigned,
        "fit": {
            "total": parts.total,
            "parts": {name: getattr(parts, name) for name in FIT_PARTS},
            "weights": asdict(problem.settings.weights),
            "needs": table,
        },
        "eligibility": [eligibility_line(result) for result in results],
        "unchecked": [rule_line(rule) for rule in problem.unchecked],
        "rank": _rank(standings or Standings(problem), problem, (person, post), parts.total)
        | {key: value for key, value in given.get("rank", {}).items() if value is not None},
        "alternatives": given.get("alternatives", []),
        "loss_if_withdrawn": given.get("loss_if_withdrawn"),
        "counterfactual": changes,
        "regret": given.get("regret"),
        "chain": given.get("chain", []),
    }
    if pin is not None:
        said["pin"] = {
            "reason": pin.reason,
            "decided_by": pin.decided_by,
            "decided_on": pin.decided_on.isoformat() if pin.decided_on else None,
        }
    own = [fit_text(parts, table), rules_text(results, problem.unchecked)]
    supply = "".join(change["supply_text"] for change in changes if "supply_text" in change)
    said["text_zh"] = "".join([*own, plain_classes(given.get("text_zh", "")), supply])
    return said


def fit_table(candidate: Candidate, need: VillageNeed) -> list[dict[str, Any]]:
    """One line per need: needed, has, weight, won and lost out of 1000, evidence.

    Won and lost are rounded down line by line; the cover is rounded once, over the sum.
    """
    profile = need.profile
    weight = sum(line.weight for line in profile)
    return [_need_line(candidate, line, weight) for line in profile]


def _need_line(candidate: Candidate, need: WeightedNeed, weight: int) -> dict[str, Any]:
    level = candidate.levels.get(need.capability, 0)
    most = 1000 * need.weight // weight
    won = 1000 * points_won(need, level) // (12 * weight)
    return {
        "dim": need.capability,
        "label": CAPABILITY_LABELS.get(need.capability, need.capability),
        "needed": need.level,
        "has": level,
        "weight": need.weight,
        "won": won,
        "lost": most - won,
        "evidence": list(candidate.evidence_of(need.capability)),
    }


def eligibility_line(result: RuleResult) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "number": result.number,
        "name": result.name,
        "result": result.outcome.value,
        "fields": dict(result.fields),
        "text": result.text,
    }


def rule_line(rule: RuleSetting) -> dict[str, str]:
    return {"rule": rule.code, "number": rule.number, "name": rule.name}


def _rank(
    standings: Standings, problem: PostingProblem, pair: tuple[str, str], fit: int
) -> dict[str, int | None]:
    """Where the pair stands; of a pair that is not eligible only wishes and counts are said."""
    candidate, need, role = problem.pair(*pair)
    eligible = not problem.mask(*pair)
    of_person, of_post = standings.of(*pair, fit) if eligible else (None, None)
    for_post, for_person = standings.counts(*pair)
    return {
        "of_person": of_person,
        "of_post": of_post,
        "eligible_for_post": for_post,
        "eligible_for_person": for_person,
        "wish_rank": wish_ranks(candidate, role).get(need.id),
        "wanted_rank": intention_ranks(need, role).get(candidate.id),
    }


def post_name(need: VillageNeed, role: str) -> str:
    return f"{need.facts.name}{Role(role).label}"


def plain_classes(text: str) -> str:
    """The engine speaks of 第 4 类岗位; people call it 工作队员（优先级 1）岗位."""
    return CLASS_MENTION.sub(lambda found: f"{filling_label(int(found[1]))}岗位", text)


def names_of(problem: PostingProblem) -> dict[str, str]:
    """Words for the engine's ids: people with their unit, posts with village and role."""
    names = {candidate.id: candidate.label for candidate in problem.people}
    for place in problem.posts:
        names[place.id] = post_name(problem.needs[place.village], place.role)
    return names


def fit_text(parts: FitParts, table: Sequence[Mapping[str, Any]]) -> str:
    """匹配度 742：需求匹配 750，…；最合的是…，还缺…。"""
    addends = "，".join(f"{label} {getattr(parts, name)}" for name, label in FIT_PARTS.items())
    strong = [line["label"] for line in table if line["won"] and not line["lost"]]
    weak = [line["label"] for line in table if line["lost"]]
    text = f"匹配度 {parts.total}（{addends}）。"
    if strong:
        text += f"满足：{'、'.join(strong)}。"
    if weak:
        text += f"不足：{'、'.join(weak)}。"
    return text


def rules_text(
    results: Sequence[RuleResult], unchecked: Sequence[RuleSetting], *, coded: bool = True
) -> str:
    """What fails, what warns, what was not declared, and what was not checked at all.

    On a sheet each rule stands with its code, which the sheet explains; on a page with its name.
    """
    sentences = []
    for outcome, head in (
        (Outcome.FAIL, "不符合"),
        (Outcome.UNKNOWN, "待核实"),
        (Outcome.WARN, "提醒"),
    ):
        lines = [
            f"{item.rule} {item.text}" if coded else item.text
            for item in results
            if item.outcome == outcome
        ]
        if lines:
            sentences.append(f"{head}：{'；'.join(lines)}。")
    if not any(item.is_out for item in results):
        sentences.insert(0, "硬性条件通过。")
    undeclared = [item.label for item in results if item.outcome == Outcome.UNDECLARED]
    if undeclared:
        sentences.append(f"未申报：{'、'.join(undeclared)}。")
    if unchecked:
        names = "、".join(f"{rule.code} {rule.name}" for rule in unchecked)
        sentences.append(f"未核查的规则：{names}。")
    return "".join(sentences)
