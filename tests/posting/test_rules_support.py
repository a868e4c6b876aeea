"""What is due, what is refused, and whose hand it needs: tables without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lingyan.common.periods import Period, month_of
from lingyan.posting.rules import help_requests as help_rules
from lingyan.posting.rules import honors as honor_rules
from lingyan.posting.rules import support as rules
from lingyan.posting.rules.support_words import HelpOwner, ItemState, SupportItem

pytestmark = pytest.mark.pure

D = date
TODAY = D(2026, 6, 25)
TERM = Period(D(2026, 1, 5), D(2028, 1, 5))
MONTHS = [D(2026, number, 1) for number in range(1, 6)]
PRICED = {"support.living_day": D(2026, 1, 1), "support.transport_month": D(2026, 1, 1)}
FACTS = rules.YearFacts(
    year=2026, today=TODAY, came_on=D(2026, 1, 5), planned_until=D(2028, 1, 5), until=None,
    insured=[TERM], fund=Decimal(20000), priced=PRICED,
)  # fmt: skip


@pytest.mark.parametrize(
    ("policies", "open_days"),
    [
        ([TERM], []),
        ([], [TERM]),
        ([Period(D(2026, 1, 5), D(2027, 1, 5)), Period(D(2027, 1, 5), D(2028, 1, 5))], []),
        ([Period(D(2027, 1, 5), D(2028, 1, 5)), Period(D(2026, 1, 5), D(2027, 1, 5))], []),
        (
            [Period(D(2026, 1, 5), D(2027, 1, 4)), Period(D(2027, 1, 5), D(2028, 1, 5))],
            [Period(D(2027, 1, 4), D(2027, 1, 5))],
        ),
        ([Period(D(2025, 1, 1), D(2030, 1, 1))], []),
        ([Period(D(2026, 1, 6), D(2028, 1, 5))], [Period(D(2026, 1, 5), D(2026, 1, 6))]),
        ([Period(D(2026, 1, 5), D(2028, 1, 4))], [Period(D(2028, 1, 4), D(2028, 1, 5))]),
        (
            [Period(D(2026, 1, 5), D(2027, 6, 1)), Period(D(2026, 3, 1), D(2026, 4, 1))],
            [Period(D(2027, 6, 1), D(2028, 1, 5))],
        ),
        ([Period(D(2029, 1, 1), D(2030, 1, 1))], [TERM]),
    ],
)
def test_policies_that_follow_each_other_leave_no_gap(policies: Any, open_days: Any) -> None:
    assert list(rules.gaps(policies, TERM)) == open_days


def line(item: SupportItem, **changed: Any) -> rules.ItemLine:
    return {one.item: one for one in rules.year_lines(replace(FACTS, **changed))}[item]


@pytest.mark.parametrize(
    ("item", "changed", "state", "due", "done", "overdue"),
    [
        (SupportItem.WORK_FUND, {}, "done", 1, 1, 0),
        (SupportItem.WORK_FUND, {"fund": None}, "overdue", 1, 0, 1),
        (SupportItem.WORK_FUND, {"fund": None, "today": D(2026, 4, 5)}, "due", 1, 0, 0),
        (SupportItem.LIVING, {}, "overdue", 5, 0, 5),
        (SupportItem.LIVING, {"priced": {}}, "none", 0, 0, 0),
        (SupportItem.LIVING, {"priced": {"support.living_day": D(2026, 4, 30)}},
         "overdue", 2, 0, 2),
        (SupportItem.LIVING, {"today": D(2026, 6, 20)}, "overdue", 5, 0, 4),
        (SupportItem.LIVING, {"empty": MONTHS[:4], "confirmed": MONTHS}, "overdue", 1, 0, 1),
        (SupportItem.LIVING, {"paid": frozenset(("living", one) for one in MONTHS)},
         "done", 5, 5, 0),
        (SupportItem.TRANSPORT_COMM,
         {"paid": frozenset(("transport_comm", one) for one in MONTHS[:4]),
          "today": D(2026, 6, 20)}, "due", 5, 4, 0),
        (SupportItem.HEALTH_EXAM, {}, "none", 1, 0, 0),
        (SupportItem.HEALTH_EXAM, {"today": D(2026, 10, 2)}, "due", 1, 0, 0),
        (SupportItem.HEALTH_EXAM, {"today": D(2027, 1, 1)}, "overdue", 1, 0, 1),
        (SupportItem.HEALTH_EXAM, {"exams": 1, "today": D(2027, 1, 1)}, "done", 1, 1, 0),
        (SupportItem.HEALTH_EXAM, {"until": D(2026, 6, 1)}, "overdue", 1, 0, 1),
        (SupportItem.ACCIDENT_INS, {}, "done", 1, 1, 0),
        (SupportItem.ACCIDENT_INS, {"insured": []}, "overdue", 1, 0, 1),
        (SupportItem.ACCIDENT_INS, {"insured": [Period(D(2026, 1, 5), D(2026, 7, 1))]},
         "due", 1, 0, 0),
        (SupportItem.ACCIDENT_INS, {"insured": [Period(D(2026, 1, 5), D(2026, 12, 1))]},
         "none", 1, 0, 0),
        (SupportItem.CARE_VISIT, {"visits": 2}, "done", 1, 1, 0),
    ],
)  # fmt: skip
def test_each_item_of_a_year_is_done_due_or_late(
    item: SupportItem, changed: dict[str, Any], state: str, due: int, done: int, overdue: int
) -> None:
    found = line(item, **changed)

    assert found.state == ItemState(state)
    assert (found.due, found.done, found.overdue) == (due, done, overdue)


def test_nothing_is_due_to_who_was_not_in_post_in_the_year() -> None:
    assert rules.year_lines(replace(FACTS, came_on=None)) == ()
    assert rules.year_lines(replace(FACTS, year=2025)) == ()
    assert rules.year_lines(replace(FACTS, year=2027, until=D(2027, 1, 1))) == ()


def test_the_allowance_is_days_times_the_standard() -> None:
    assert rules.amount_of("living", Decimal("80.50"), 21) == Decimal("1690.50")
    assert rules.amount_of("living", Decimal("80.50"), 0) == 0
    assert rules.amount_of("transport_comm", Decimal(300), None) == 300
    assert rules.pay_due(D(2026, 12, 1)) == D(2027, 1, 20)


def test_a_new_standard_leaves_what_was_before_it() -> None:
    held = [
        rules.Standard("k", Decimal(80), D(2026, 1, 1)),
        rules.Standard("k", Decimal(90), D(2026, 5, 1)),
    ]

    assert rules.standard_on(held, "k", D(2026, 4, 30)) == 80
    assert rules.standard_on(held, "k", D(2026, 5, 1)) == 90
    assert rules.standard_on(held, "k", D(2025, 12, 31)) is None
    assert rules.standard_on(held, "other", TODAY) is None


SPENDING = rules.SpendingFacts(
    amount=Decimal(100), left=Decimal(100), happened_on=D(2026, 6, 1), today=TODAY, year=2026,
    text="灯泡", receipt_number="1", handled_by="李甲一", keeper="高乙六",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"amount": Decimal("100.01")}, ["posting.fund_exceeded"]),
        ({"amount": Decimal(0)}, ["posting.amount_positive"]),
        ({"happened_on": D(2026, 6, 26)}, ["posting.day_in_future"]),
        ({"happened_on": D(2025, 12, 31)}, ["posting.fund_other_year"]),
        ({"text": " "}, ["posting.purpose_missing"]),
        ({"receipt_number": ""}, ["posting.receipt_missing"]),
        ({"receipt_known": True}, ["posting.receipt_known"]),
        ({"handled_by": ""}, ["posting.handler_missing"]),
        ({"handled_by": "高乙六"}, ["posting.handler_is_keeper"]),
    ],
)
def test_nothing_is_spent_above_the_budget_or_without_a_receipt(
    changed: dict[str, Any], codes: list[str]
) -> None:
    assert [one.code for one in rules.refuse_to_spend(replace(SPENDING, **changed))] == codes


LIST = rules.ListFacts("living", month_of(D(2026, 5, 1)), TODAY, has_standard=True, lines=3)


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"item": "health_exam"}, ["posting.payment_item"]),
        ({"month": month_of(TODAY)}, ["posting.payment_early"]),
        ({"has_standard": False}, ["posting.standard_missing"]),
        ({"lines": 0}, ["posting.payment_empty"]),
    ],
)
def test_a_list_needs_an_ended_month_a_standard_and_people(
    changed: dict[str, Any], codes: list[str]
) -> None:
    assert [one.code for one in rules.refuse_to_make(replace(LIST, **changed))] == codes


STEP = help_rules.StepFacts(
    today=TODAY, text="已联系", is_own=False, owns=True, owner="unit", new_owner="town",
    due_on=TODAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("act", "changed", "codes"),
    [
        ("answer", {}, []),
        ("answer", {"owns": False}, ["posting.help.not_owner"]),
        ("decline", {"text": ""}, ["posting.help.text_missing"]),
        ("begin", {"text": "长" * 501}, ["posting.help.text_long"]),
        ("accept", {"due_on": D(2026, 6, 24)}, ["posting.help.due_on"]),
        ("pass_on", {"new_owner": "unit"}, ["posting.help.owner"]),
        ("pass_on", {"owner": "town", "new_owner": "unit", "has_unit": False},
         ["posting.help.no_unit"]),
        ("confirm", {}, ["posting.help.not_yours"]),
        ("note", {}, ["posting.help.still_posted"]),
        ("note", {"has_left": True, "text": " "}, ["posting.help.text_missing"]),
        ("confirm", {"is_own": True, "owns": False}, []),
        ("reopen", {"is_own": True, "text": ""}, ["posting.help.text_missing"]),
        ("withdraw", {}, ["posting.help.not_yours"]),
    ],
)  # fmt: skip
def test_work_is_for_the_owner_and_the_last_word_for_the_person(
    act: str, changed: dict[str, Any], codes: list[str]
) -> None:
    assert [one.code for one in help_rules.refuse_step(act, replace(STEP, **changed))] == codes


def test_only_the_person_ends_a_difficulty() -> None:
    ends = [line for line in help_rules.HELP_FLOW if line.after in ("solved", "unsolved")]

    own = [line for line in ends if line.act == "confirm"]
    assert {line.act for line in ends} == {"confirm", "note"}, "note: the person's word on paper"
    assert {role for line in own for role in line.roles} == {"first_secretary", "team_member"}


def test_what_is_overdue_is_told_one_level_up() -> None:
    assert help_rules.reported_to(HelpOwner.UNIT) == ("county_org_staff", "county_org_admin")
    assert help_rules.reported_to(HelpOwner.COUNTY) == ("county_org_leader",)


@pytest.mark.parametrize(
    ("grades", "allowed"),
    [
        ([("annual", "competent")], True),
        ([("term_end", "excellent")], True),
        ([("annual", "basic")], False),
        ([("quarterly", "excellent")], False),
        ([], False),
    ],
)
def test_nobody_is_nominated_without_a_final_appraisal(grades: Any, *, allowed: bool) -> None:
    refused = honor_rules.refuse_to_nominate(
        thing="posting.honor", title="最美第一书记", grades=grades, is_known=False, came=True
    )

    assert [one.code for one in refused] == ([] if allowed else ["posting.honor.no_appraisal"])
