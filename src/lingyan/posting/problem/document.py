"""What does plan.json say, and does it still say the same when it is built again?

The document (`lingyan.plan/1`, docs/plan-format.md) stands alone: with instance, certificate and
explanations. Everything in it but the times can be computed again from the workbooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lingyan.posting.problem.build import PostingProblem, pin_of
from lingyan.posting.problem.explanation import explanation, post_name, rule_line
from lingyan.posting.problem.figures import figures, village_lines
from lingyan.posting.problem.given import PostingSettings
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
) -> dict[str, Any]:
    """The whole of plan.json; `engine` holds what the engine says of a pair, where it was asked."""
    engine = engine or {}
    pairs = [(row.person, row.post) for row in plan.assignments]
    document = plan_to_json(
        plan,
        problem.problem,
        explanations=[explanation(problem, engine.get(pair), *pair) for pair in pairs],
        run=run_json(problem.settings),
    )
    document["kind"] = KIND
    document["assignments"] = [_assignment(problem, line) for line in document["assignments"]]
    document["people"] = [
        {"id": person.id, "name": person.facts.name, "unit": person.facts.unit}
        for person in problem.people
    ]
    document["villages"] = village_lines(problem, plan)
    document["figures"] = figures(problem, plan)
    document["unchecked"] = [rule_line(rule) for rule in problem.unchecked]
    document["hall"] = list(hall)
    document["remarks"] = list(notes)
    return document


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


# --- comparing ----------------------------------------------------------------------------------

# What the engine found beyond the rules; a rebuilt document does not ask it again.
ENGINE_ONLY = frozenset(
    {"alternatives", "loss_if_withdrawn", "counterfactual", "regret", "chain", "rank", "text_zh",
     "plan"}
)  # fmt: skip
COMPARED = (
    "kind",
    "instance",
    "assignments",
    "empty",
    "unused",
    "units",
    "people",
    "villages",
    "figures",
    "unchecked",
    "explanations",
)
COMPARED_RUN = (
    "rules_version",
    "weights",
    "as_of",
    "starts_on",
    "term_months",
    "allow_unranked",
    "rules",
)


def first_difference(
    document: Mapping[str, Any], rebuilt: Mapping[str, Any]
) -> tuple[str, Any, Any] | None:
    """Where a document says something else than what the inputs give: place, there, here."""
    for key in COMPARED_RUN:
        for found in _differences(f"run.{key}", document["run"].get(key), rebuilt["run"][key]):
            return found
    for key in COMPARED:
        for found in _differences(key, document.get(key), rebuilt.get(key)):
            return found
    return None


def _differences(where: str, there: Any, here: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(there, dict) and isinstance(here, dict):
        if where.startswith("explanations["):
            there, here = _without_engine(there), _without_engine(here)
        for key in sorted({*there, *here}):
            yield from _differences(f"{where}.{key}", there.get(key), here.get(key))
    elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        if there != here:
            for number, pair in enumerate(zip(there, here, strict=True)):
                yield from _differences(f"{where}[{number}]", *pair)
    elif there != here or type(there) is not type(here):
        yield where, there, here


def _without_engine(line: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key not in ENGINE_ONLY}
