"""What do the rules of a round of pairing allow and refuse?"""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.pairing.rules import rounds as rules
from lingyan.pairing.rules.rounds import DecisionFacts, Statement

pytestmark = pytest.mark.pure
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("headcount", "upper"), [(None, 3), (0, 1), (29, 1), (30, 2), (79, 2), (80, 3), (900, 3)]
)
def test_how_many_villages_a_unit_takes_by_its_size(headcount: int | None, upper: int) -> None:
    """R-3-03."""
    assert rules.upper_of_size(headcount) == upper


@pytest.mark.parametrize(
    ("items", "needs"),
    [
        ((), {}),
        ((("I5", "industry", 3),), {"fund": 3}),
        ((("I6", "industry", 2),), {"technology": 2, "information": 2}),
        ((("T1", "team", 1), ("T5", "team", 4)), {"talent": 4}),
        ((("", "governance", 2),), {"venue": 2}),
        ((("G5", "governance", 0),), {}),
    ],
)
def test_what_a_need_list_says_of_the_five_resources(
    items: tuple[tuple[str, str, int], ...], needs: dict[str, int]
) -> None:
    assert rules.needs_of_items(items) == needs


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (Statement((), {"fund": 4}, 1, 3), set()),
        (Statement((), {"fund": 5}, 1, 3), {"pairing.level_out_of_range"}),
        (Statement((), {}, 3, 2), {"pairing.bounds_crossed"}),
        (Statement((), {}, 0, 6), {"pairing.upper_too_high"}),
    ],
)
def test_what_a_statement_may_say(said: Statement, codes: set[str]) -> None:
    assert {one.code for one in rules.refuse_statement(said, most=5)} == codes


@pytest.mark.parametrize(
    ("answer", "reason", "refused"),
    [
        ("refused", "", True),
        ("refused", " ", True),
        ("refused", "路远", False),
        ("asked", "", False),
    ],
)
def test_only_a_refusal_must_say_why(answer: str, reason: str, refused: bool) -> None:
    assert bool(rules.refuse_answer(answer=answer, reason=reason, name="松树村")) is refused


def decision(**changed: object) -> set[str]:
    facts = {
        "decision": "同意", "decided_on": TODAY, "today": TODAY, "actor": "3",
        "makers": frozenset({"1"}), "verified": True, "broken": (), **changed,
    }  # fmt: skip
    return {one.code for one in rules.refuse_to_decide(DecisionFacts(**facts))}  # type: ignore[arg-type]  # of a table


def test_when_a_plan_may_be_decided() -> None:
    """R-0-20: other hands; R-3-02: nobody against his will."""
    assert decision() == set()
    assert decision(actor="1") == {"directory.same_person"}
    assert decision(decision=" ") == {"pairing.decision_missing"}
    assert decision(decided_on=date(2026, 3, 3)) == {"pairing.day_in_future"}
    assert decision(verified=False) == {"pairing.plan_not_verified"}
    assert decision(broken=("甲—乙",)) == {"pairing.pair_refused_since"}
