"""What does plan.json say?

The document (`lingyan.plan/1`, docs/plan-format.md) stands alone: with instance, certificate and
explanations. Everything in it but the times can be computed again from the workbooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lingyan.posting.problem.build import PostingProblem, pin_of
from lingyan.posting.problem.emptiness import empty_reason
from lingyan.posting.problem.explanation import explanation, post_name, rule_line
from lingyan.posting.problem.figures import figures, village_lines
from lingyan.posting.problem.given import PostingSettings
from lingyan.posting.problem.reasons import pairs_told
from lingyan.posting.problem.standing import Standings
from lingyan_matching import Plan, plan_to_json

KIND = "posting"
RULES_VERSION = "2021"


def plan_document(
    problem: PostingProblem,
    plan: Plan,
    *,
    engine: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    hall: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
    counted: Mapping[str, int] | None = None,
    created: str = "",
    towns: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The whole of plan.json.

    `engine` holds what the engine says of a pair, where it was asked; `counted` are the figures of
    the plan, where somebody has counted them already; `created` is the moment of writing; `towns`
    are the bounds of every township, where they are not those of the settings.
    """
    engine = engine or {}
    sent = len(plan.assignments)
    standings = Standings(problem)
    document = plan_to_json(
        plan,
        problem.problem,
        explanations=[
            explanation(
                problem, engine.get(pair), *pair, standings=standings, assigned=number < sent
            )
            for number, pair in enumerate(pairs_told(problem, plan))
        ],
        run=run_json(problem.settings)
        | ({"created": created} if created else {})
        | ({"towns": dict(towns or towns_of(problem.settings))} if problem.problem.bounds else {}),
    )
    full = [row["bound"] for row in document.get("bounds", ()) if row["arranged"] == row["upper"]]
    for line in document["empty"]:
        line["reason"] = empty_reason(problem, line["post"], hall, full)
    document["kind"] = KIND
    document["assignments"] = [_assignment(problem, line) for line in document["assignments"]]
    document["people"] = [
        {"id": person.id, "name": person.facts.name, "unit": person.facts.unit}
        for person in problem.people
    ]
    document["villages"] = village_lines(problem, plan)
    document["figures"] = figures(problem, plan) if counted is None else dict(counted)
    document["unchecked"] = [rule_line(rule) for rule in problem.unchecked]
    document["hall"] = list(hall)
    document["remarks"] = list(notes)
    return document


def towns_of(settings: PostingSettings) -> dict[str, int | None]:
    """How many people each township gets, as the settings have it."""
    return {"lower": settings.town_min, "upper": settings.town_max}


def run_json(settings: PostingSettings) -> dict[str, Any]:
    """The settings of the run, so that it can be repeated."""
    return {
        "rules_version": RULES_VERSION,
        "weights": asdict(settings.weights),
        "as_of": settings.term.as_of.isoformat(),
        "starts_on": settings.term.starts_on.isoformat(),
        "term_months": settings.term.months,
        "allow_unranked": settings.allow_unranked,
        "rules": [
            {
                "rule": rule.code,
                "effect": rule.effect,
                "parameters": dict(rule.parameters),
                "roles": sorted(rule.roles),
            }
            for rule in settings.rules
        ],
    }


def _assignment(problem: PostingProblem, line: Mapping[str, Any]) -> dict[str, Any]:
    candidate, need, role = problem.pair(line["person"], line["post"])
    pin = pin_of(problem, line["person"], line["post"])
    more: dict[str, Any] = {
        "role": role,
        "person_name": candidate.label,
        "post_name": post_name(need, role),
        "village": need.id,
    }
    if pin is not None:
        more["pin_reason"] = pin.reason
    return {**line, **more}
