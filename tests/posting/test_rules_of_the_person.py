"""R01, R04-R09: what a person must bring, whichever the village."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lingyan.posting.rules import (
    DEFAULT_RULES,
    Outcome,
    PersonFacts,
    Recall,
    check_pair,
    codes_of,
    mask_of,
    public_results,
    unchecked_rules,
)
from lingyan.posting.rules.eligibility import retirement_day
from tests.posting.rule_cases import PERSON, TERM, VILLAGE, outcome, rule

PASS, WARN, FAIL = Outcome.PASS, Outcome.WARN, Outcome.FAIL
UNKNOWN, UNDECLARED = Outcome.UNKNOWN, Outcome.UNDECLARED

CASES: list[tuple[str, str, dict[str, Any], Outcome]] = [
    # R01 = pool state and R-2-18
    ("R01", "in the pool", {"pool_state": "in_pool"}, PASS),
    ("R01", "not stated", {"pool_state": None}, UNDECLARED),
    ("R01", "only recommended", {"pool_state": "recommended"}, FAIL),
    ("R01", "only reviewed", {"pool_state": "reviewed"}, FAIL),
    ("R01", "selected elsewhere", {"pool_state": "selected"}, FAIL),
    ("R01", "removed", {"pool_state": "removed"}, FAIL),
    ("R01", "R-2-18 in post", {"in_post": True}, FAIL),
    ("R01", "R-2-18 not in post", {"in_post": False}, PASS),
    # R04 = R-2-11, R-2-03: full member, standing of a year at the start (2026-04-01)
    ("R04", "full member", {}, PASS),
    ("R04", "a year to the day", {"full_member_since": date(2025, 4, 1)}, PASS),
    ("R04", "a day short of a year", {"full_member_since": date(2025, 4, 2)}, FAIL),
    ("R04", "probationary", {"political_status": "probationary"}, FAIL),
    ("R04", "no member", {"political_status": "mass"}, FAIL),
    ("R04", "status empty", {"political_status": None}, UNKNOWN),
    ("R04", "date empty", {"full_member_since": None}, UNKNOWN),
    (
        "R04",
        "joined, so confirmed a year later",
        {"full_member_since": None, "party_joined_on": date(2024, 4, 1)},
        PASS,
    ),
    (
        "R04",
        "joined too lately",
        {"full_member_since": None, "party_joined_on": date(2024, 4, 2)},
        FAIL,
    ),
    # R05 = R-2-11, R-2-03: two years of work
    ("R05", "two years to the day", {"work_since": date(2024, 4, 1)}, PASS),
    ("R05", "a day short", {"work_since": date(2024, 4, 2)}, FAIL),
    ("R05", "empty", {"work_since": None}, UNKNOWN),
    # R06 = R-2-17: at least 24 months to retirement, else a warning
    ("R06", "24 months to the day", {"birth_on": date(1968, 4, 1)}, PASS),
    ("R06", "a day short", {"birth_on": date(1968, 3, 31)}, WARN),
    ("R06", "women retire earlier", {"birth_on": date(1973, 3, 31), "gender": "female"}, WARN),
    ("R06", "gender not stated", {"birth_on": date(1973, 3, 31), "gender": None}, WARN),
    ("R06", "day stated", {"birth_on": None, "retires_on": date(2028, 4, 1)}, PASS),
    ("R06", "stated too early", {"retires_on": date(2028, 3, 31)}, WARN),
    ("R06", "empty", {"birth_on": None}, UNKNOWN),
    ("R06", "born on a leap day", {"birth_on": date(1972, 2, 29)}, PASS),
    # R07 = R-2-11
    ("R07", "fit", {"health": "fit"}, PASS),
    ("R07", "unfit", {"health": "unfit"}, FAIL),
    ("R07", "not stated", {}, UNDECLARED),
    # R08 = R-2-16: recalled less than 24 months ago, but not on ground RG09
    ("R08", "nothing stated", {}, UNDECLARED),
    ("R08", "recalled a day short", {"recalls": (Recall(date(2024, 3, 2)),)}, FAIL),
    ("R08", "recalled 24 months ago", {"recalls": (Recall(date(2024, 3, 1)),)}, PASS),
    (
        "R08",
        "barred longer by its own decision",
        {"recalls": (Recall(date(2023, 3, 1), banned_until=date(2026, 3, 2)),)},
        FAIL,
    ),
    (
        "R08",
        "barred for a shorter time by its own decision",
        {"recalls": (Recall(date(2025, 3, 1), banned_until=date(2026, 3, 1)),)},
        PASS,
    ),
    ("R08", "RG09 is exempt", {"recalls": (Recall(date(2026, 1, 1), None, "RG09"),)}, PASS),
    ("R08", "no rest asked", {"last_posting_until": date(2026, 2, 1)}, PASS),
    # R09 = R-2-12, G-21
    ("R09", "not stated", {}, UNDECLARED),
    ("R09", "clear", {"discipline": "clear"}, PASS),
    ("R09", "investigated", {"discipline": "under_investigation"}, FAIL),
    ("R09", "sanctioned without an end", {"discipline": "sanctioned"}, FAIL),
    ("R09", "last day is today", {"sanction_until": date(2026, 3, 1)}, FAIL),
    ("R09", "ended yesterday", {"sanction_until": date(2026, 2, 28)}, PASS),
    (
        "R09",
        "sanction over",
        {"discipline": "sanctioned", "sanction_until": date(2026, 2, 28)},
        PASS,
    ),
    (
        "R09",
        "investigated although a sanction is over",
        {"discipline": "under_investigation", "sanction_until": date(2020, 1, 1)},
        FAIL,
    ),
]


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        pytest.param(code, changes, expected, id=f"{code} {name}")
        for code, name, changes, expected in CASES
    ],
)
def test_each_rule_says_what_its_number_says(
    code: str, changes: dict[str, Any], expected: Outcome
) -> None:
    assert outcome(code, replace(PERSON, **changes)) == expected


def test_a_member_of_the_team_need_not_be_a_party_member() -> None:
    """R-2-03: Party members preferred, not asked for."""
    assert outcome("R04", replace(PERSON, political_status="mass"), role="member") is None


def test_the_county_makes_a_rule_warn_block_or_sleep() -> None:
    old = replace(PERSON, birth_on=date(1967, 1, 1))

    assert outcome("R06", old) == WARN
    assert outcome("R06", old, setting=rule("R06", effect="block")) == FAIL
    assert outcome("R06", old, setting=rule("R06", effect="off")) is None


def test_an_empty_required_field_puts_out_even_where_the_rule_only_warns() -> None:
    assert (
        outcome("R05", replace(PERSON, work_since=None), setting=rule("R05", effect="warn"))
        == UNKNOWN
    )


def test_parameters_move_the_line() -> None:
    three = rule("R05", parameters={"min_work_years": 3})

    assert outcome("R05", replace(PERSON, work_since=date(2023, 4, 1)), setting=three) == PASS
    assert outcome("R05", replace(PERSON, work_since=date(2023, 4, 2)), setting=three) == FAIL


def test_without_years_of_standing_any_full_member_passes() -> None:
    free = rule("R04", parameters={"min_party_years": 0})

    assert outcome("R04", replace(PERSON, full_member_since=None), setting=free) == PASS
    assert outcome("R04", replace(PERSON, political_status="mass"), setting=free) == FAIL


def test_a_rest_period_counts_to_the_start_of_the_term() -> None:
    rest = rule("R08", parameters={"ban_months": 24, "rest_months": 12})

    late = replace(PERSON, last_posting_until=date(2025, 4, 2))
    assert outcome("R08", late, setting=rest) == FAIL
    early = replace(PERSON, last_posting_until=date(2025, 4, 1))
    assert outcome("R08", early, setting=rest) == PASS


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "符合条件"),
        ({"health": "fit", "discipline": "clear"}, "符合条件"),
        ({"health": "unfit"}, "不符合条件"),
        ({"discipline": "under_investigation"}, "不符合条件"),
    ],
)
def test_health_and_discipline_show_as_one_line_without_a_reason(
    changes: dict[str, Any], shown: str
) -> None:
    results = check_pair(replace(PERSON, **changes), VILLAGE, "first_secretary", TERM)

    lines = [line for line in public_results(results) if "07" in line.rule or "09" in line.rule]

    assert [(line.rule, line.text, line.fields) for line in lines] == [("R07/R09", shown, ())]


def test_a_restricted_outcome_stands_in_for_what_a_snapshot_may_not_hold() -> None:
    stored = replace(PERSON, restricted={"R07": "fail", "R09": "undeclared"})

    assert outcome("R07", stored) == FAIL
    assert outcome("R09", stored) == UNDECLARED


def test_the_mask_names_exactly_the_rules_that_put_a_pair_out() -> None:
    person = replace(PERSON, work_since=None, health="unfit", birth_on=date(1967, 1, 1))

    mask = mask_of(check_pair(person, VILLAGE, "first_secretary", TERM))

    assert codes_of(mask) == ("R05", "R07")
    assert mask == 0b1010000


def test_a_rule_without_its_column_is_off_and_listed() -> None:
    columns = {name for rule_ in DEFAULT_RULES for group in rule_.columns for name in group}

    assert unchecked_rules(frozenset(columns)) == ()
    assert unchecked_rules(frozenset(columns - {"political_status"})) == ("R04",)
    assert unchecked_rules(frozenset(columns - {"discipline"})) == ()
    assert unchecked_rules(frozenset(columns - {"discipline", "sanction_until"})) == ("R09",)
    assert unchecked_rules(frozenset(columns - {"officers"})) == ("R03",)
    assert "R16" not in unchecked_rules(frozenset())


def test_every_rule_has_a_name_a_number_and_an_allowed_effect() -> None:
    assert [setting.code for setting in DEFAULT_RULES] == [f"R{n:02d}" for n in range(1, 18)]
    for setting in DEFAULT_RULES:
        assert setting.name
        assert setting.number
        assert setting.effect in setting.effects_allowed
        assert setting.bit == 1 << (int(setting.code[1:]) - 1)


def test_an_obstacle_that_is_not_there_is_not_named_as_one() -> None:
    """通过 不在库或已有派驻 reads as its opposite; 通过 入库和派驻 does not."""
    names = {}
    for state in ("in_pool", "selected", None):
        person = replace(PERSON, pool_state=state)
        results = check_pair(person, VILLAGE, "first_secretary", TERM)
        names[state] = next(one.label for one in results if one.rule == "R01")

    assert names == {"in_pool": "入库和派驻", "selected": "不在库或已有派驻", None: "入库和派驻"}


def test_the_line_of_a_rule_says_no_word_twice() -> None:
    refused = replace(PERSON, refusals={VILLAGE.id: "路途太远"})
    lines = {one.rule: one.line for one in check_pair(refused, VILLAGE, "first_secretary", TERM)}
    plain = {one.rule: one.line for one in check_pair(PERSON, VILLAGE, "first_secretary", TERM)}

    assert lines["R14"] == "本人不愿去：路途太远"
    assert plain["R14"] == "本人意愿"
    assert plain["R05"] == "工作年限：工作满2年"


def test_an_unknown_person_passes_no_rule_that_needs_a_field() -> None:
    nobody = PersonFacts("x", "王乙二")

    results = {
        line.rule: line.outcome for line in check_pair(nobody, VILLAGE, "first_secretary", TERM)
    }

    assert {code for code, found in results.items() if found == UNKNOWN} == {"R04", "R05", "R06"}
    assert FAIL not in results.values()


@pytest.mark.parametrize(
    ("gender", "day"), [("male", date(2032, 2, 29)), ("female", date(2027, 2, 28))]
)
def test_whoever_was_born_on_a_leap_day_retires_at_the_end_of_february(
    gender: str, day: date
) -> None:
    born = replace(PERSON, birth_on=date(1972, 2, 29), gender=gender)

    assert retirement_day(born, rule("R06")) == day
