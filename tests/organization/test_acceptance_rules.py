"""When may a weak village be cleared, which month owes a visit, and who may judge (4.4-4.5)?"""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.organization.rules import acceptance as rules
from lingyan.organization.rules import visits

TODAY = date(2026, 6, 15)
GOOD = rules.Tally(issued=30, satisfied=20, basic=8, unsatisfied=2)


def codes(refusals: object) -> list[str]:
    return [one.code.rpartition(".")[2] for one in refusals]  # type: ignore[attr-defined]


# --- the vote (R-4-07) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issued", "content", "against", "is_valid", "passes"),
    [
        (30, 24, 6, True, True),  # 80.0 %: the line itself
        (30, 23, 7, True, False),
        (30, 24, 0, True, True),  # 24 of 30 valid: exactly eight tenths
        (30, 23, 0, False, False),  # all content, but too few came back
        (31, 25, 0, True, True),  # 2500 >= 2480
        (31, 24, 0, False, False),  # 2400 < 2480
        (1000, 799, 201, True, False),  # 79.9 %
        (0, 0, 0, False, False),
    ],
)
def test_rate_and_valid_share_are_held_against_the_line_with_integers(
    issued: int, content: int, against: int, is_valid: bool, passes: bool
) -> None:
    tally = rules.Tally(issued=issued, satisfied=content, basic=0, unsatisfied=against)

    assert (tally.is_valid, tally.passes) == (is_valid, passes)


@pytest.mark.parametrize(
    ("content", "against", "issued", "floor", "is_below"),
    [
        (17, 13, 30, 60, True),  # 56.7 %
        (18, 12, 30, 60, False),  # the floor itself
        (17, 13, 30, 50, False),
        (10, 0, 30, 60, False),  # too few came back: it says nothing
        (5, 4, 9, 60, False),  # one could guess who said what
    ],
)
def test_below_the_floor_is_a_situation_of_its_own(
    content: int, against: int, issued: int, floor: int, is_below: bool
) -> None:
    tally = rules.Tally(issued=issued, satisfied=content, basic=0, unsatisfied=against)
    assert tally.is_below(floor) is is_below


def test_basically_satisfied_counts_as_satisfied() -> None:
    assert rules.Tally(issued=30, satisfied=0, basic=24, unsatisfied=6).passes


@pytest.mark.parametrize(
    ("tally", "shown"),
    [
        (rules.Tally(10, 9, 0, 0), "样本不足"),  # nine: one could guess who said what
        (rules.Tally(10, 9, 0, 1), "90.0%"),
        (rules.Tally(1000, 700, 99, 201), "79.9%"),
        (rules.Tally(10000, 7999, 0, 2001), "79.9%"),  # 79.99 would read as the line
        (rules.Tally(30, 20, 4, 6), "80.0%"),
    ],
)
def test_a_rate_is_shown_from_ten_ballots_and_never_rounded_up_to_the_line(
    tally: rules.Tally, shown: str
) -> None:
    assert tally.rate_shown == shown


@pytest.mark.parametrize(
    ("households", "slips", "already", "found"),
    [
        (120, 30, 0, []),
        (120, 29, 0, ["too_few"]),
        (301, 31, 0, []),  # a tenth of 301, rounded up
        (301, 30, 0, ["too_few"]),
        (301, 1, 30, []),
        (0, 30, 0, ["households"]),
        (120, 1001, 0, ["too_many"]),
    ],
)
def test_slips_are_thirty_or_a_tenth_of_the_households(
    households: int, slips: int, already: int, found: list[str]
) -> None:
    refusals = rules.refuse_to_issue(households=households, slips=slips, already=already)
    assert codes(refusals) == found


@pytest.mark.parametrize(
    ("used", "is_open", "paper", "choice", "found"),
    [
        (False, True, False, "basic", []),
        (False, True, False, None, []),
        (True, True, False, "basic", ["used"]),
        (False, False, False, "basic", ["closed"]),
        (False, True, True, "basic", ["closed"]),
        (False, True, False, "unknown", ["choice"]),
        (False, True, False, "", ["choice"]),
    ],
)
def test_a_slip_counts_once_while_the_vote_is_open(
    used: bool, is_open: bool, paper: bool, choice: str | None, found: list[str]
) -> None:
    refusals = rules.refuse_ballot(is_used=used, is_open=is_open, by_paper=paper, choice=choice)
    assert codes(refusals) == found


GROUP = ["安丁一", "白丁二", "车丁三"]


@pytest.mark.parametrize(
    ("papers", "phone", "counters", "found"),
    [
        (30, False, GROUP[:2], []),
        (31, False, GROUP[:2], ["papers"]),
        (0, False, GROUP[:2], ["papers", "sum"]),
        (29, False, GROUP[:2], ["sum"]),
        (30, True, GROUP[:2], ["phone"]),
        (30, False, GROUP[:1], ["counters"]),
        (30, False, [GROUP[0], "村会计"], ["counters"]),
        (30, False, [GROUP[0], GROUP[0]], ["counters"]),
    ],
)
def test_papers_are_counted_by_two_of_the_group(
    papers: int, phone: bool, counters: list[str], found: list[str]
) -> None:
    refusals = rules.refuse_papers(
        tally=GOOD, papers=papers, by_phone=phone, counters=counters, group=GROUP
    )
    assert codes(refusals) == found


# --- the group and its score ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "serving", "found"),
    [
        (GROUP, ["常委甲"], []),
        (GROUP[:2], [], ["group_small"]),
        ([*GROUP[:2], GROUP[0]], [], ["group_small"]),
        (GROUP, [GROUP[2]], ["group_serves"]),
        (GROUP[:2], [GROUP[0]], ["group_small", "group_serves"]),
    ],
)
def test_the_group_is_three_or_more_and_none_who_served_the_village(
    members: list[str], serving: list[str], found: list[str]
) -> None:
    assert codes(rules.refuse_group(members, serving)) == found


@pytest.mark.parametrize(
    ("points", "fine"),
    [
        ({"team_run": 25, "members": 20, "govern": 20, "economy": 0}, True),
        ({"team_run": 26, "members": 20, "govern": 20, "economy": 15}, False),
        ({"team_run": 25, "members": 20, "govern": 20}, False),
        ({"team_run": 25, "members": 20, "govern": 20, "economy": -1}, False),
    ],
)
def test_each_of_the_four_topics_is_scored_up_to_25(points: dict[str, int], fine: bool) -> None:
    assert (not rules.refuse_points(points)) is fine


# --- both conditions (R-4-06, VAL-16) -------------------------------------------------------------

BAD = rules.Tally(issued=30, satisfied=20, basic=3, unsatisfied=7)
INVALID = rules.Tally(issued=30, satisfied=23, basic=0, unsatisfied=0)


@pytest.mark.parametrize(
    ("score", "tally", "situations", "clear", "extend"),
    [
        (80, GOOD, (), [], ["passed"]),
        (79, GOOD, (), ["not_passed"], []),
        (80, BAD, (), ["not_passed"], []),
        (79, BAD, ("W01",), ["not_passed"], []),
        (100, GOOD, ("W01",), ["not_passed"], []),
        (100, GOOD, ("W02",), ["not_passed"], []),
        (100, GOOD, ("W05",), ["not_passed"], []),
        (100, GOOD, ("W06",), ["not_passed"], []),
        (100, GOOD, ("W03", "W07", ""), [], ["passed"]),
        (None, GOOD, (), ["unscored"], ["unscored"]),
        (80, None, (), ["no_vote"], ["no_vote"]),
        (80, INVALID, (), ["vote_invalid"], ["vote_invalid"]),
        (None, None, (), ["unscored", "no_vote"], ["unscored", "no_vote"]),
    ],
)
def test_a_village_is_cleared_only_if_both_conditions_hold_and_prolonged_only_if_one_fails(
    score: int | None,
    tally: rules.Tally | None,
    situations: tuple[str, ...],
    clear: list[str],
    extend: list[str],
) -> None:
    facts = rules.AcceptanceFacts(score, tally, situations)

    assert codes(rules.refuse_to_clear(facts)) == clear
    refusals = rules.refuse_to_extend(
        facts, due_on=date(2026, 12, 15), today=TODAY, reason="群众还不满意"
    )
    assert codes(refusals) == extend


def test_each_shortcoming_is_named() -> None:
    (refusal,) = rules.refuse_to_clear(rules.AcceptanceFacts(79, BAD, ("W06", "W02", "W07")))

    assert "验收得分或群众满意度未达标，不得销号" in refusal.text
    for part in ("验收得分 79", "W02、W06", "群众满意度 76.7%"):
        assert part in refusal.text
    assert "W07" not in refusal.text


@pytest.mark.parametrize(
    ("due_on", "reason", "found"),
    [
        (date(2026, 12, 15), "未达标", []),
        (date(2026, 12, 16), "未达标", ["extended_due"]),
        (TODAY, "未达标", ["extended_due"]),
        (None, "未达标", ["extended_due"]),
        (date(2026, 9, 1), " ", ["reason"]),
    ],
)
def test_an_extension_is_six_months_at_most(
    due_on: date | None, reason: str, found: list[str]
) -> None:
    facts = rules.AcceptanceFacts(80, BAD, ())
    refusals = rules.refuse_to_extend(facts, due_on=due_on, today=TODAY, reason=reason)
    assert codes(refusals) == found


@pytest.mark.parametrize(
    ("states", "by_village", "by_town"),
    [
        (["self_done", "verified"], [], ["problems_unverified"]),
        (["verified", "closed"], [], []),
        (["open"], ["problems_open"], ["problems_unverified"]),
        (["doing"], ["problems_open"], ["problems_unverified"]),
        (["verified", "reopened"], ["problems_open"], ["problems_unverified"]),
    ],
)
def test_the_village_finishes_every_problem_and_the_town_verifies_every_one(
    states: list[str], by_village: list[str], by_town: list[str]
) -> None:
    assert codes(rules.refuse_self_check(states)) == by_village
    assert codes(rules.refuse_town_check(states)) == by_town


# --- months that owe a visit (R-4-04, IND-4-03, T09) ----------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "today", "months"),
    [
        (date(2026, 4, 1), None, date(2026, 6, 15), [4, 5, 6]),
        (date(2026, 4, 16), None, date(2026, 6, 15), [4, 5, 6]),  # 15 days of April are left
        (date(2026, 4, 17), None, date(2026, 6, 15), [5, 6]),  # 14 days: none is owed
        (date(2026, 4, 1), date(2026, 6, 16), date(2026, 8, 1), [4, 5, 6]),  # 15 days of June
        (date(2026, 4, 1), date(2026, 6, 15), date(2026, 8, 1), [4, 5]),
        (date(2026, 4, 10), date(2026, 4, 20), date(2026, 8, 1), []),
        (date(2026, 2, 14), None, date(2026, 2, 28), [2]),  # 15 days of the shortest month
        (date(2026, 2, 15), None, date(2026, 3, 1), [3]),
        (date(2026, 6, 15), None, date(2026, 6, 15), [6]),
        (date(2026, 7, 1), None, date(2026, 6, 15), []),
    ],
)
def test_months_owe_a_visit_from_the_start_to_the_clearing(
    since: date, until: date | None, today: date, months: list[int]
) -> None:
    assert [one.month for one in visits.months_due(since, until, today)] == months


def test_a_month_is_missed_only_when_it_has_ended() -> None:
    months = visits.months_of_case(
        date(2026, 3, 1), None, [date(2026, 3, 31), date(2026, 5, 1)], date(2026, 6, 30)
    )

    assert [one.state for one in months] == ["open", "done", "missed", "done"]
    assert [one.first.month for one in visits.missed(months)] == [4]
    assert [one.level for one in months] == ["yellow", "green", "black", "green"]
    assert visits.counted(months) == (2, 3)  # the month that runs is not held against anybody


def test_a_visit_makes_the_running_month_count() -> None:
    months = visits.months_of_case(date(2026, 6, 1), None, [date(2026, 6, 2)], date(2026, 6, 2))
    assert visits.counted(months) == (1, 1)


@pytest.mark.parametrize(
    ("part", "of", "shown"), [(3, 3, "100.0%"), (2, 3, "66.7%"), (1, 8, "12.5%"), (0, 0, "")]
)
def test_shares_are_written_with_one_decimal(part: int, of: int, shown: str) -> None:
    assert visits.percent(part, of) == shown


def visit(**changed: object) -> visits.VisitFacts:
    facts: dict[str, object] = {
        "happened_on": TODAY,
        "since": date(2026, 4, 1),
        "today": TODAY,
        "is_twice": False,
        "places": "村委会",
        "talked_to": "党员、群众",
        "found": "没有发现问题",
    }
    return visits.VisitFacts(**{**facts, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"happened_on": date(2026, 6, 16)}, ["to_come"]),
        ({"happened_on": date(2026, 3, 31)}, ["too_early"]),
        ({"happened_on": date(2026, 4, 1)}, []),
        ({"since": None}, ["too_early"]),
        ({"is_twice": True}, ["twice"]),
        ({"places": " "}, ["places"]),
        ({"talked_to": "", "found": ""}, ["talked_to", "found"]),
    ],
)
def test_a_visit_says_where_with_whom_and_what(
    changed: dict[str, object], found: list[str]
) -> None:
    assert codes(visits.refuse_visit(visit(**changed))) == found


def test_follow_ups_are_due_three_and_six_months_after_clearing() -> None:
    assert visits.follow_ups_due(date(2026, 8, 31)) == (date(2026, 11, 30), date(2027, 2, 28))
