"""Why are this unit and this village (not) a pair: points taken apart, rules, engine's reasons?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lingyan.common.cover import points_won
from lingyan.common.nearness import metres_between
from lingyan.pairing.problem.build import PairingProblem
from lingyan.pairing.problem.supply import RESOURCE_LABELS, with_supplies
from lingyan.pairing.rules import Answer, PairParts, UnitFacts, VillageFacts, pair_results

FORMAT = "lingyan.explanation/1"
PART_LABELS = (
    ("near", "地域相邻"),
    ("related", "行业相关"),
    ("complement", "优势相补"),
    ("consent", "自愿双向"),
)


def pair_explanation(
    problem: PairingProblem,
    engine: Mapping[str, Any] | None,
    unit: str,
    village: str,
    *,
    assigned: bool = True,
) -> dict[str, Any]:
    """The full explanation of one pair; `engine` is what the engine says of it, as JSON."""
    giver, taker = problem.pair(unit, village)
    parts, given = problem.parts(unit, village), dict(engine or {})
    results = pair_results(giver, taker)
    changes = given.get("counterfactual", [])
    if not assigned:
        changes = with_supplies(problem, (unit, village), changes)
    supply = "".join(change["supply_text"] for change in changes if "supply_text" in change)
    return {
        "format": FORMAT,
        "plan": given.get("plan"),
        "person": unit,
        "person_name": giver.name,
        "post": village,
        "post_name": taker.name,
        "assigned": assigned,
        "fit": {
            "total": parts.total,
            "parts": {name: getattr(parts, name) for name, _ in PART_LABELS},
            "renewal": parts.renewal,
            "weights": asdict(problem.settings.weights),
            "needs": need_table(giver, taker),
        },
        "eligibility": [
            {
                "rule": result.rule,
                "name": result.name,
                "result": "pass" if result.passed else "fail",
                "text": result.text,
            }
            for result in results
        ],
        "alternatives": given.get("alternatives", []),
        "loss_if_withdrawn": given.get("loss_if_withdrawn"),
        "counterfactual": changes,
        "regret": given.get("regret"),
        "chain": given.get("chain", []),
        "text_zh": pair_text(giver, taker, parts) + given.get("text_zh", "") + supply,
    }


def need_table(unit: UnitFacts, village: VillageFacts) -> list[dict[str, Any]]:
    """One line per need of the village: needed, has, won and lost out of 1000."""
    profile = village.profile
    weight = sum(need.weight for need in profile)
    lines = []
    for need in profile:
        has = unit.resources.get(need.capability, 0)
        won = 1000 * points_won(need, has) // (12 * weight)
        lines.append(
            {
                "dim": need.capability,
                "label": RESOURCE_LABELS[need.capability],
                "needed": need.level,
                "has": has,
                "weight": need.weight,
                "won": won,
                "lost": 1000 * need.weight // weight - won,
            }
        )
    return lines


def pair_text(unit: UnitFacts, village: VillageFacts, parts: PairParts) -> str:
    addends = "，".join(f"{label} {getattr(parts, name)}" for name, label in PART_LABELS)
    kept = f"，保留原结对加 {parts.renewal}" if parts.renewal else ""
    words = [
        f"单位{Answer(unit.answers.get(village.id, Answer.OBEY)).label}",
        f"村{Answer(village.answers.get(unit.id, Answer.OBEY)).label}",
    ]
    if unit.point is not None and village.point is not None:
        words.append(f"两地直线距离约 {metres_between(unit.point, village.point) / 1000:.1f} 公里")
    return f"结对分 {parts.total}（{addends}{kept}）；{'，'.join(words)}。"
