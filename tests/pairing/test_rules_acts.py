"""What may be said of an activity and of a pair's year, as tables without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.common.alerts import AlertLevel
from lingyan.common.periods import Period
from lingyan.pairing.rules import activities as rules
from lingyan.pairing.rules import year
from lingyan.pairing.rules.activity_words import ActivityKind, PairSide

TODAY, DAY = date(2026, 3, 2), date(2026, 2, 26)
PAIR = rules.PairOnDay("县财政局—松树村", True, date(2026, 1, 5), None, "finance", "pine")
LI = rules.NamedPerson("李甲一", "finance")
GOOD = rules.ActivityFacts(
    today=TODAY, state="held", mode="offline", day=DAY, pairs=[PAIR], people=[LI], minutes=120,
    villagers=30, summary="教果树剪枝",
)  # fmt: skip
ONLINE = replace(LI, attendance="online")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"pairs": []}, "no_pair other_unit"),
        ({"pairs": [replace(PAIR, is_own=False)]}, "other_pair"),
        ({"pairs": [replace(PAIR, since=date(2026, 2, 27))]}, "before_pair"),
        ({"pairs": [replace(PAIR, since=None)]}, "before_pair"),
        ({"pairs": [replace(PAIR, until=DAY)]}, "after_pair"),
        ({"day": date(2026, 3, 3)}, "day_to_come"),
        ({"state": "planned"}, "day_past"),
        ({"people": []}, "nobody"),
        ({"people": [replace(LI, unit="school")]}, "other_unit"),
        ({"people": [ONLINE]}, "online_offline"),
        ({"mode": "online"}, "spot_online"),
        ({"minutes": None}, "hours_missing"),
        ({"minutes": 0}, "hours"),
        ({"minutes": 24 * 60 + 1}, "hours"),
        ({"has_place": False}, "place_missing"),
        ({"summary": " "}, "text_missing"),
        ({"summary": "长" * 1001}, "text_long"),
        ({"villagers": 5001}, "heads"),
        ({"beneficiaries": -1}, "heads"),
        ({"same_by": "宋乙八"}, "same_again"),
    ],
)
def test_what_no_activity_may_say(changed: dict[str, object], code: str) -> None:
    refused = rules.refuse_to_enter(replace(GOOD, **changed))

    assert [one.code for one in refused] == [f"pairing.activity.{word}" for word in code.split()]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"minutes": 24 * 60},
        {"mode": "mixed", "people": [LI, ONLINE]},
        {"mode": "online", "people": [ONLINE], "has_place": False},
        {"same_by": "宋乙八", "is_another": True},
        {"people": [replace(LI, unit="school", was_named_before=True)]},
        {"state": "planned", "day": TODAY, "people": [], "minutes": None, "summary": ""},
        {"pairs": [replace(PAIR, until=date(2026, 2, 27))]},
    ],
)
def test_what_an_activity_may_say(changed: dict[str, object]) -> None:
    assert not rules.refuse_to_enter(replace(GOOD, **changed))


@pytest.mark.parametrize(
    ("mode", "state", "in_village", "people", "counted"),
    [
        ("online", "held", False, [("online", True)] * 8, 0),
        ("mixed", "held", True, [("spot", True)] * 3 + [("online", True)] * 5, 3),
        ("offline", "planned", True, [("spot", True)], 0),
        ("offline", "cancelled", True, [("spot", True)], 0),
        ("offline", "held", False, [("spot", True)], 0),
        ("offline", "held", True, [("spot", True), ("spot", False)], 1),
    ],
)
def test_person_times_are_counted_as_the_rulebook_counts(
    mode: str, state: str, in_village: bool, people: list[tuple[str, bool]], counted: int
) -> None:
    """A.10."""
    assert (
        rules.counted_attendances(mode, state=state, in_village=in_village, attendances=people)
        == counted
    )


def test_there_are_twelve_kinds_and_a_side_for_each_writer() -> None:
    assert len(ActivityKind) == 12
    assert set(rules.SIDE_OF_ROLE) == set(rules.WRITERS)
    assert set(rules.SIDE_OF_ROLE.values()) == set(PairSide)


@pytest.mark.parametrize(("count", "drawn"), [(0, 0), (1, 1), (10, 1), (11, 2), (100, 10)])
def test_a_tenth_of_a_quarter_is_drawn_and_at_least_one(count: int, drawn: int) -> None:
    assert rules.sample_size(count) == drawn


@pytest.mark.parametrize(
    ("people", "villagers", "villages", "both"),
    [(1, 1, 1, True), (0, 9, 1, False), (3, 0, 1, False), (3, 2, 3, False), (1, 3, 3, True)],
)
def test_both_sides_were_at_a_joint_meeting(
    people: int, villagers: int, villages: int, both: bool
) -> None:
    assert year.both_were_there(unit_people=people, villagers=villagers, villages=villages) is both


@pytest.mark.parametrize(
    ("done", "today", "level"),
    [
        (4, date(2026, 9, 30), AlertLevel.GREEN),
        (4, date(2026, 10, 1), AlertLevel.YELLOW),
        (4, date(2026, 11, 30), AlertLevel.YELLOW),
        (4, date(2026, 12, 1), AlertLevel.RED),
        (0, date(2027, 5, 1), AlertLevel.RED),
        (5, date(2026, 12, 31), AlertLevel.GREEN),
    ],
)
def test_what_is_missing_turns_yellow_in_october_and_red_in_december(
    done: int, today: date, level: AlertLevel
) -> None:
    assert year.five_one_level(done, year=2026, today=today) is level


WHOLE = Period(date(2025, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("life", "quarters", "visits"),
    [
        (WHOLE, 4, 2),
        (Period(date(2026, 2, 15), date(2028, 1, 1)), 4, 2),  # 45 of 90 days of the first quarter
        (Period(date(2026, 2, 16), date(2028, 1, 1)), 3, 2),
        (Period(date(2026, 7, 3), date(2028, 1, 1)), 2, 1),  # 182 of 365 days
        (Period(date(2025, 1, 1), date(2026, 1, 1)), 0, 0),
        (Period(date(2026, 12, 31), date(2028, 1, 1)), 0, 1),
    ],
)
def test_what_a_pair_owes_in_a_year(life: Period, quarters: int, visits: int) -> None:
    assert len(year.quarters_owed(life, 2026)) == quarters
    assert year.visits_owed(life, 2026) == visits


def test_a_quarter_that_runs_is_due_only_once_its_meeting_was_held() -> None:
    meetings = [date(2026, 1, 5), date(2026, 1, 9), date(2026, 8, 1)]

    kept = year.kept_up(
        WHOLE, 2026, today=date(2026, 8, 2), meetings=meetings, visits=[date(2026, 5, 1)] * 2
    )

    assert kept == year.KeptUp(3, 2, 2, 1, None)


@pytest.mark.parametrize(
    ("born", "refused"),
    [(date(1990, 2, 27), False), (date(1990, 2, 26), True), (date(2012, 1, 1), True)],
)
def test_the_day_of_training_decides_whether_somebody_is_young(born: date, refused: bool) -> None:
    found = year.refuse_to_name_youth(
        [year.Youth("青丁一", born)], trained_on=DAY, named=frozenset()
    )

    assert bool(found) is refused
