"""Do the answers of the engine still have the form that was agreed with their readers?

The agreed form lies in answers.json: looked at by people, compared key by key.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lingyan_matching import (
    MODES,
    Graph,
    Person,
    Plan,
    Post,
    Problem,
    Unit,
    build,
    compare,
    explain,
    plan_to_json,
    prices,
    solve,
    verify,
    whatif,
    why_empty,
)
from lingyan_matching.changes import Withdraw

# Li and Wang both fit the school and the clinic; their bureau gives up one of them.
GRAPH = build(
    Problem(
        people=(Person("li", "bureau"), Person("wang", "bureau"), Person("zhao")),
        posts=(Post("clinic"), Post("school", klass=2)),
        units=(Unit("bureau", 1),),
        edge_person=(0, 0, 1, 1, 2),
        edge_post=(0, 1, 0, 1, 1),
        edge_score=(9, 8, 7, 3, 2),
        edge_person_rank=(1, 2, 1, 2, 1),
        edge_post_rank=(1, 1, 2, 2, 3),
    )
)
PAIRING = build(
    Problem(
        people=(Person("bureau", lower=1, upper=2), Person("school")),
        posts=(Post("pine", lower=1), Post("brook")),
        units=(),
        edge_person=(0, 0, 1),
        edge_post=(0, 1, 1),
        edge_score=(5, 4, 3),
    )
)
AGREED = json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))


def answers(graph: Graph = GRAPH) -> dict[str, Any]:
    total, stable = solve(graph), solve(graph, mode="stable-people")
    fewer = solve(graph, bans=[("zhao", "school")])
    pairs = {"held": "li", "not held": "wang", "not eligible": "zhao"}
    found: dict[str, Any] = {
        f"explanation of a pair {name}": explain(graph, total, person, "clinic").to_json()
        for name, person in pairs.items()
    }
    found["explanation in a stable plan"] = explain(graph, stable, "wang", "clinic").to_json()
    found["prices"] = [price.to_json() for price in prices(graph, total, "clinic")]
    found["withdrawal"] = whatif(graph, total, Withdraw("li")).to_json()
    found["shortage"] = why_empty(graph, fewer, "school").to_json()
    found["comparison"] = compare(graph, total, fewer).to_json()
    for mode in MODES:
        plan = solve(PAIRING if mode == "pairing" else graph, mode=mode, carrier="plain")
        found[f"plan of mode {mode}"] = plan_form(plan)
        verdict = verify((PAIRING if mode == "pairing" else graph).problem, plan)
        found[f"verdict on mode {mode}"] = [verdict.ok, *verdict.checked]
    return without_ids_of_plans(json.loads(json.dumps(found)), total, stable)


def plan_form(plan: Plan) -> dict[str, Any]:
    """A plan file: times, version and the numbers of the proof may differ, their names may not."""
    file = plan_to_json(plan, (PAIRING if plan.mode == "pairing" else GRAPH).problem)
    for key in ("id", "instance", "explanations"):
        file.pop(key)
    for key in ("snapshot_sha256", "engine_version"):
        assert file["run"].pop(key)
    file["run"]["elapsed_ms"] = sorted(file["run"]["elapsed_ms"])
    file["certificate"] = form_of(file["certificate"])
    return file


def form_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: form_of(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [form_of(each) for each in value[:1]]
    return type(value).__name__


def without_ids_of_plans(found: dict[str, Any], *plans: Plan) -> dict[str, Any]:
    """The id of a plan holds the version of the engine."""
    for answer in found.values():
        for key in ("plan", "base_plan"):
            if isinstance(answer, dict) and key in answer:
                assert answer.pop(key) in [plan.id for plan in plans]
    return found


@pytest.mark.parametrize("name", AGREED)
def test_an_answer_has_the_agreed_form(name: str) -> None:
    assert answers()[name] == AGREED[name]


def test_every_answer_is_agreed() -> None:
    assert list(answers()) == list(AGREED)
