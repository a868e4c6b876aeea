"""Sums, problems and claims: what the rules allow and refuse, as tables (3.4, R-3-07, R-0-16)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from lingyan.common.flow import find_transition
from lingyan.pairing.rules import claims, funds, pair_problems, sites
from lingyan.pairing.rules.funds import Line

TODAY = date(2026, 3, 2)


def codes(refusals: tuple[object, ...]) -> list[str]:
    return [one.code.partition(".")[2] for one in refusals]  # type: ignore[attr-defined]


# --- shares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1], (100,)),
        (100, [1, 1, 1], (34, 33, 33)),
        (-100, [1, 1, 1], (-34, -33, -33)),
        (1, [1, 1], (1, 0)),
        (10_000_001, [7_000_000, 3_000_001], (7_000_000, 3_000_001)),
        (200, [30, 70], (60, 140)),
        (5, [0, 1], (0, 5)),
        (0, [1, 1], (0, 0)),
    ],
)
def test_parts_are_whole_fen_and_make_up_the_sum(
    amount: int, weights: list[int], parts: tuple[int, ...]
) -> None:
    assert claims.split(amount, weights) == parts


def test_whatever_the_weights_nothing_is_lost_or_made() -> None:
    numbers = Random(5)
    for _ in range(500):
        weights = [numbers.randrange(0, 10_000) for _ in range(numbers.randrange(1, 7))] + [1]
        amount = numbers.randrange(-(10**9), 10**9)
        parts = claims.split(amount, weights)
        assert sum(parts) == amount
        for part, weight in zip(parts, weights, strict=True):
            exact = abs(amount) * weight
            assert abs(abs(part) * sum(weights) - exact) < sum(weights)


@pytest.mark.parametrize(
    ("given", "weights"),
    [([None, None], [1, 1]), ([3, None], [1, 1]), ([3, 5], [3, 5]), ([0, 0], [1, 1])],
)
def test_parts_are_equal_until_everybodys_is_agreed(
    given: list[int | None], weights: list[int]
) -> None:
    assert claims.weights_of(given) == weights
    assert claims.equal_part(len(given)) * len(given) == 1


@pytest.mark.parametrize(
    ("amount", "parts", "told"),
    [
        (1000, [400, 600], []),
        (1000, [400, 500], ["split.sum"]),
        (1000, [400, 700], ["split.sum"]),
        (1000, [-100, 1100], ["split.negative"]),
        (0, [0, 0], ["split.nothing"]),
    ],
)
def test_an_own_split_makes_up_the_amount(amount: int, parts: list[int], told: list[str]) -> None:
    assert codes(claims.refuse_split(amount, parts)) == told


def test_a_wrong_split_says_by_how_much() -> None:
    [refusal] = claims.refuse_split(1000, [400, 500])
    assert "少 1.00 元" in refusal.text


# --- sums -----------------------------------------------------------------------------------------

ARRIVED = Line("arrived", date(2026, 2, 1), Decimal(1000))
PAID = Line("spent", date(2026, 2, 10), Decimal(400))


@pytest.mark.parametrize(
    ("stage", "amount", "on", "told"),
    [
        ("arrived", 5000, TODAY, []),
        ("committed", 1, TODAY, []),
        ("spent", 600, TODAY, []),
        ("spent", "600.01", TODAY, ["fund.more_than_arrived"]),
        ("spent", 10, date(2026, 1, 31), ["fund.before_arrival"]),
        ("arrived", 0, TODAY, ["fund.amount"]),
        ("arrived", -1, TODAY, ["fund.amount"]),
        ("arrived", 1, TODAY + timedelta(1), ["fund.day"]),
        ("given", 1, TODAY, ["fund.stage"]),
    ],
)
def test_an_amount(stage: str, amount: str | int, on: date, told: list[str]) -> None:
    facts = funds.EntryFacts(TODAY, stage, on, Decimal(amount), "县财字1号", (ARRIVED, PAID))
    assert codes(funds.refuse_entry(facts)) == told


def test_an_amount_without_evidence_is_refused_and_the_reasons_come_together() -> None:
    facts = funds.EntryFacts(TODAY, "arrived", TODAY + timedelta(1), Decimal(0), " ")
    assert codes(funds.refuse_entry(facts)) == ["fund.amount", "fund.day", "fund.evidence"]


@pytest.mark.parametrize(
    ("line", "is_counter", "is_corrected", "reason", "told"),
    [
        (PAID, False, False, "记重了", []),
        (ARRIVED, False, False, "记重了", ["fund.spent_already"]),
        (PAID, True, False, "记重了", ["fund.corrected_already"]),
        (PAID, False, True, " ", ["fund.reason", "fund.corrected_already"]),
    ],
)
def test_a_line_is_taken_back(
    line: Line, is_counter: bool, is_corrected: bool, reason: str, told: list[str]
) -> None:
    refusals = funds.refuse_correction(
        reason=reason, is_counter=is_counter, is_corrected=is_corrected, line=line,
        lines=(ARRIVED, PAID),
    )  # fmt: skip
    assert codes(refusals) == told


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((), ""),
        ((Line("committed", TODAY, Decimal(500)), ARRIVED), "到位的比意向多 500.00 元"),
        ((Line("committed", TODAY, Decimal(1500)), ARRIVED), "意向中还有 500.00 元没有到位"),
        ((ARRIVED, PAID), "到位的还有 600.00 元没有拨付"),
        ((ARRIVED, Line("spent", TODAY, Decimal(1000))), "三个金额一致"),
    ],
)
def test_the_three_amounts_in_words(lines: tuple[Line, ...], told: str) -> None:
    assert funds.words_on(lines) == told


# --- problems -------------------------------------------------------------------------------------


def step(act: str, **more: object) -> list[str]:
    given = {
        "today": TODAY, "has_part": True, "in_village": True, "text": "已铺好", "due_on": TODAY,
        "beneficiaries": "张三", "confirmed_on": TODAY, "handled_on": TODAY, **more,
    }  # fmt: skip
    return codes(pair_problems.refuse_step(act, pair_problems.StepFacts(**given)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "more", "told"),
    [
        ("accept", {}, []),
        ("accept", {"has_part": False}, ["problem.not_yours"]),
        ("accept", {"due_on": TODAY - timedelta(1)}, ["problem.due_on"]),
        ("finish", {"text": " "}, ["problem.text_missing"]),
        ("finish", {"text": "长" * 501}, ["problem.text_long"]),
        ("confirm", {}, []),
        ("confirm", {"in_village": False}, ["problem.not_village"]),
        ("confirm", {"beneficiaries": " 、"}, ["problem.beneficiary"]),
        ("confirm", {"beneficiaries": "张" * 201}, ["problem.names_long"]),
        ("confirm", {"confirmed_on": TODAY + timedelta(1)}, ["problem.confirmed_on"]),
        ("confirm", {"confirmed_on": TODAY - timedelta(1)}, ["problem.confirmed_on"]),
        ("reopen", {"text": ""}, ["problem.text_missing"]),
        ("transfer", {"has_part": False}, []),
        ("begin", {"text": ""}, ["problem.text_missing"]),
        ("transfer", {"text": ""}, ["problem.text_missing"]),
        ("void", {"text": ""}, ["problem.text_missing"]),
    ],
)
def test_a_step_of_a_problem(act: str, more: dict[str, object], told: list[str]) -> None:
    assert step(act, **more) == told


def test_only_village_and_beneficiaries_make_a_problem_solved() -> None:
    to_solved = [line for line in pair_problems.PAIR_PROBLEM_FLOW if line.after == "solved"]

    assert [(line.before, line.act) for line in to_solved] == [("handled", "confirm")]
    assert set(to_solved[0].roles) == {"village_secretary", "village_org"}
    assert find_transition(pair_problems.PAIR_PROBLEM_FLOW, state="solved", act="void") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [("张三、李四", ["张三", "李四"]), ("张三 张三，王五", ["张三", "王五"]), ("；\n", [])],
)
def test_names_are_read_however_they_are_parted(text: str, names: list[str]) -> None:
    assert pair_problems.names_in(text) == names


def test_the_same_thing_is_likelier_by_its_words_than_by_its_day() -> None:
    def like(text: str, days: int) -> int:
        found_on = TODAY + timedelta(days)
        return pair_problems.likeness("road", TODAY, text=text, found_on=found_on)

    assert like("三组的路塌方", -20) > like("饮水管道冻裂", 0) > like("饮水管道冻裂", 5) > 0
    assert like("三组的路塌方", 31) == 0


# --- sites, periods, counting ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ({"甲": 9000}, []),
        ({"甲": 8999}, ["site.score"]),
        ({"甲": None}, ["site.not_assessed"]),
        ({"甲": 9500, "乙": 8000}, ["site.score"]),
        ({}, ["site.pairs"]),
    ],
)
def test_a_site_needs_ninety_of_each_of_its_pairs(
    scores: dict[str, int | None], told: list[str]
) -> None:
    refusals = sites.refuse_to_name(
        name="松树村示范点", named_on=TODAY, today=TODAY, document_number="1号", taken=False,
        scores=scores,
    )  # fmt: skip
    assert codes(refusals) == told


def test_a_site_is_revoked_once_with_a_reason_and_a_day() -> None:
    refusals = sites.refuse_to_revoke(
        reason="", revoked_on=date(2025, 1, 1), named_on=date(2026, 1, 1), today=TODAY,
        is_revoked=True,
    )  # fmt: skip
    assert codes(refusals) == ["site.revoked", "site.reason", "site.revoked_on"]


def test_what_two_kinds_of_people_solved_is_counted_once() -> None:
    assert claims.distinct_solved(5, 7, 2) == 10
