"""Do the answers about a round still read as they were agreed with the people who use them?

The agreed answers lie in answers.json: looked at by people, compared cell by cell.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lingyan.posting.problem import Pin, PostingProblem, build_posting, explanation
from lingyan.posting.problem.document import plan_document, run_json
from lingyan.posting.problem.plan_sheets import plan_parts
from lingyan.posting.rules import Effect
from lingyan_matching import Plan, build, solve
from tests.posting.round_maker import TERM, a_round

AGREED = json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))
MODES = ("total", "stable-people", "stable-posts")
SENTENCE = "第 1 类岗位少填 1 个。"


def a_small_round() -> PostingProblem:
    """Five villages and nine people; one is named by hand, one rule is off, one was not checked."""
    needs, people, settings = a_round(5, 9, seed=10)
    free = build_posting(needs, people, settings)
    post = next(place.id for place in free.posts if free.eligible_people(place.id))
    pin = Pin(
        person=free.eligible_people(post)[0],
        village=free.needs[free.posts[free.post_number[post]].village].id,
        role=free.posts[free.post_number[post]].role,
        reason="县委研究",
        decided_by="王甲二",
        decided_on=TERM.as_of,
    )
    rules = tuple(
        replace(rule, effect=Effect.OFF) if rule.code == "R12" else rule for rule in settings.rules
    )
    return build_posting(
        needs, people, replace(settings, rules=rules, unchecked=("R11",), pins=(pin,))
    )


@cache
def answers() -> dict[str, Any]:
    problem = a_small_round()
    graph = build(problem.problem)
    plans: dict[str, Plan] = {mode: solve(graph, mode=mode, carrier="plain") for mode in MODES}
    total = plans["total"]
    first = (total.assignments[0].person, total.assignments[0].post)
    empty = next(place.id for place in problem.posts if not problem.eligible_people(place.id))
    nobody = next(person.id for person in problem.people if not problem.eligible_posts(person.id))
    engine = {first: {"text_zh": SENTENCE, "rank": {"of_post": 9}, "plan": "一"}}
    parts = plan_parts(
        problem, plans, notes=["一条说明"], shortage={empty: "两村争一人。"}, engine=engine
    )
    found: dict[str, Any] = {f"worksheet {sheet.title}": list(rows) for sheet, rows in parts}
    found["worksheet 空缺原因, by the rules"] = list(plan_parts(problem, plans)[1][1])
    document = plan_document(problem, total, engine=engine, hall=[{"posts": []}], notes=["一条"])
    explained = document.pop("explanations")
    found["plan.json"] = {
        key: document[key]
        for key in (
            "kind", "assignments", "people", "villages", "figures", "unchecked", "hall", "remarks",
        )
    }  # fmt: skip
    found["plan.json, the run"] = run_json(problem.settings)
    found["explanation of whom was sent"] = explained[0]
    found["explanation of nobody's post"] = explanation(
        problem, None, nobody, empty, assigned=False
    )
    plain: dict[str, Any] = json.loads(json.dumps(found, ensure_ascii=False, default=str))
    return plain


@pytest.mark.parametrize("name", AGREED)
def test_an_answer_reads_as_agreed(name: str) -> None:
    assert answers()[name] == AGREED[name]


def test_a_worksheet_has_a_column_for_everything_that_its_rows_hold() -> None:
    problem = a_small_round()
    plan = solve(build(problem.problem), carrier="plain")

    parts = plan_parts(problem, {"total": plan}, notes=["一条说明"])
    assert [sheet.kind for sheet, _ in parts] == [
        "plan", "empty", "unused", "checks", "figures", "comparison",
    ]  # fmt: skip
    for sheet, rows in parts:
        columns = [column.name for column in sheet.columns]
        assert all(isinstance(name, str) for name in columns)
        assert {name for row in rows for name in row} <= set(columns)
        assert len(set(columns)) == len(columns)


def test_ties_and_notes_of_the_engine_stand_below_the_figures() -> None:
    problem = a_small_round()
    plan = replace(solve(build(problem.problem)), ties_left=True, notes=("第一条", "第二条"))

    (rows,) = (
        rows for sheet, rows in plan_parts(problem, {"total": plan}) if sheet.kind == "figures"
    )

    *_, ties, first, second = rows
    assert ties["name"] == "并列未尽"
    assert ties["note"]
    assert (first, second) == (
        {"name": "说明", "note": "第一条"},
        {"name": "说明", "note": "第二条"},
    )


def test_every_answer_is_agreed() -> None:
    assert list(answers()) == list(AGREED)
