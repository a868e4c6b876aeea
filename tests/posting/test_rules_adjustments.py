"""R-2-20, G-30: what refuses a change by hand, an undo, and a plan that is no longer in use."""

from __future__ import annotations

import pytest

from lingyan.common.refusals import Refusal
from lingyan.posting.rules import adjustments as rules


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    """The codes, each with its sentence for people."""
    assert all(refusal.text and "None" not in refusal.text for refusal in refusals)
    return [refusal.code for refusal in refusals]


def test_only_the_plan_in_use_is_changed() -> None:
    assert rules.refuse_outdated(chosen="方案二", is_chosen=True) == ()
    assert rules.refuse_outdated(chosen="", is_chosen=True) == ()


def test_who_works_on_an_older_plan_is_told_which_one_is_in_use() -> None:
    (refusal,) = rules.refuse_outdated(chosen="方案二", is_chosen=False)

    assert refusal.code == "posting.plan_outdated"
    assert "现在采用的是方案二" in refusal.text


def test_where_no_plan_is_in_use_the_refusal_says_so() -> None:
    (refusal,) = rules.refuse_outdated(chosen="", is_chosen=False)

    assert refusal == Refusal("posting.plan_outdated", "还没有采用的方案")


def test_what_is_confirmed_is_what_was_shown() -> None:
    assert rules.refuse_other_price(shown=True) == ()
    assert codes(rules.refuse_other_price(shown=False)) == ["posting.price_changed"]


def test_an_impossible_change_says_why() -> None:
    (refusal,) = rules.refuse_impossible("罗盘村已满")

    assert refusal.code == "posting.change_impossible"
    assert "罗盘村已满" in refusal.text


def test_a_plan_that_the_checker_refutes_is_never_stored() -> None:
    assert rules.refuse_unproved(proved=True, text="") == ()
    (refusal,) = rules.refuse_unproved(proved=False, text="李甲一有两个岗位")
    assert refusal.code == "posting.plan_not_verified"
    assert "李甲一有两个岗位" in refusal.text


@pytest.mark.parametrize(("reason", "refused"), [("村里要求", False), ("", True), (" \n", True)])
def test_an_undo_has_a_reason(reason: str, refused: bool) -> None:
    expected = ["posting.reason_missing"] if refused else []

    assert codes(rules.refuse_without_reason(reason)) == expected


@pytest.mark.parametrize(
    ("has_base", "broken", "expected"),
    [
        (True, (), []),
        (False, (), ["posting.nothing_to_undo"]),
        (True, ("李甲一回避罗盘村",), ["posting.rule_broken"]),
        (False, ("李甲一回避罗盘村",), ["posting.nothing_to_undo", "posting.rule_broken"]),
    ],
)
def test_an_undo_needs_a_plan_before_that_breaks_no_rule(
    has_base: bool, broken: tuple[str, ...], expected: list[str]
) -> None:
    assert codes(rules.refuse_to_undo(has_base=has_base, broken=broken)) == expected


def test_five_broken_rules_are_named_and_no_sixth() -> None:
    (refusal,) = rules.refuse_to_undo(has_base=True, broken=[f"第{n}条" for n in range(1, 7)])

    assert "第1条、第2条、第3条、第4条、第5条" in refusal.text
    assert "第6条" not in refusal.text
