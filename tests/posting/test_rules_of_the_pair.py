"""R02, R03, R08, R10-R17: what must not stand between a person and a village."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lingyan.posting.rules import Officer, Outcome, Recall, Relative, check_pair
from tests.posting.rule_cases import PERSON, TERM, VILLAGE, outcome, rule

PASS, WARN, FAIL = Outcome.PASS, Outcome.WARN, Outcome.FAIL
UNKNOWN, UNDECLARED = Outcome.UNKNOWN, Outcome.UNDECLARED

CASES: list[tuple[str, str, dict[str, Any], dict[str, Any], Outcome]] = [
    # R02 = R-2-14
    ("R02", "nothing declared", {}, {}, UNDECLARED),
    ("R02", "own village", {"home_villages": ("罗盘",)}, {}, FAIL),
    ("R02", "another village", {"home_villages": ("桃溪",)}, {}, PASS),
    ("R02", "own town warns", {"home_towns": ("龙泉土家族乡",)}, {}, WARN),
    ("R02", "another town", {"home_towns": ("渡口土家族乡",)}, {}, PASS),
    ("R02", "town of the village unknown", {"home_towns": ("龙泉土家族乡",)}, {"town": None}, PASS),
    # R03 = R-2-13, G-15
    ("R03", "nothing declared", {}, {"officers": (Officer("王甲一"),)}, UNDECLARED),
    (
        "R03",
        "father is the secretary",
        {"relatives": (Relative("王甲一", "parent"),)},
        {"officers": (Officer("王甲一", "party_secretary"),)},
        FAIL,
    ),
    (
        "R03",
        "aunt by marriage is the cashier",
        {"relatives": (Relative("王甲二", "affinity"),)},
        {"officers": (Officer("王甲二", "cashier"),)},
        FAIL,
    ),
    (
        "R03",
        "post not stated counts",
        {"relatives": (Relative("王甲一"),)},
        {"officers": (Officer("王甲一"),)},
        FAIL,
    ),
    (
        "R03",
        "a post that nobody knows counts",
        {"relatives": (Relative("王甲一", "parent"),)},
        {"officers": (Officer("王甲一", "治保主任"),)},
        FAIL,
    ),
    (
        "R03",
        "a group leader is no committee member",
        {"relatives": (Relative("王甲一", "parent"),)},
        {"officers": (Officer("王甲一", "group_leader"),)},
        PASS,
    ),
    (
        "R03",
        "relative without a post here",
        {"relatives": (Relative("王甲一", "parent"),)},
        {"officers": (Officer("赵甲二", "party_secretary"),)},
        PASS,
    ),
    (
        "R03",
        "same name, but the register says two people",
        {"relatives": (Relative("王甲一", "parent", "p1"),)},
        {"officers": (Officer("王甲一", "party_secretary", "p2"),)},
        PASS,
    ),
    (
        "R03",
        "another spelling, but the register says one person",
        {"relatives": (Relative("王甲壹", "parent", "p1"),)},
        {"officers": (Officer("王甲一", "party_secretary", "p1"),)},
        FAIL,
    ),
    # R08 = R-2-16, second half: never the same village again
    (
        "R08",
        "recalled from here long ago",
        {"recalls": (Recall(date(2010, 1, 1), "罗盘"),)},
        {},
        FAIL,
    ),
    ("R08", "recalled from elsewhere", {"recalls": (Recall(date(2010, 1, 1), "桃溪"),)}, {}, PASS),
    (
        "R08",
        "RG09 from here",
        {"recalls": (Recall(date(2010, 1, 1), "罗盘", "RG09"),)},
        {},
        PASS,
    ),
    # R10
    ("R10", "nothing asked", {}, {}, PASS),
    ("R10", "category fits", {"category": "specialist"}, {"categories": ("specialist",)}, PASS),
    ("R10", "category differs", {"category": "reserve"}, {"categories": ("specialist",)}, WARN),
    ("R10", "category empty", {}, {"categories": ("specialist",)}, WARN),
    ("R10", "source differs", {"source": "soe"}, {"sources": ("agency",)}, WARN),
    ("R10", "rank differs", {"rank": "科员"}, {"ranks": ("四级主任科员",)}, WARN),
    # R11
    ("R11", "nothing asked", {}, {}, PASS),
    (
        "R11",
        "speaks one of them",
        {"languages": ("土家语",)},
        {"languages": ("土家语", "苗语")},
        PASS,
    ),
    ("R11", "speaks another", {"languages": ("彝语",)}, {"languages": ("土家语",)}, WARN),
    ("R11", "empty", {}, {"languages": ("土家语",)}, WARN),
    # R13-R17
    ("R13", "no veto", {}, {"vetoes": {"王乙二": "…"}}, PASS),
    ("R13", "vetoed", {}, {"vetoes": {"李甲一": "群众有意见"}}, FAIL),
    ("R14", "refuses another village", {"refusals": {"桃溪": "路远"}}, {}, PASS),
    ("R14", "refuses this one", {"refusals": {"罗盘": "路远"}}, {}, FAIL),
    ("R15", "unit sends here", {"barred_towns": ("渡口土家族乡",)}, {}, PASS),
    ("R15", "unit does not", {"barred_towns": ("龙泉土家族乡",)}, {}, FAIL),
    ("R16", "no ban", {}, {"bans": {"王乙二": "…"}}, PASS),
    ("R16", "banned", {}, {"bans": {"李甲一": "有矛盾"}}, FAIL),
    ("R16", "banned for this role", {}, {"bans": {"李甲一/first_secretary": "…"}}, FAIL),
    ("R16", "banned for the other role", {}, {"bans": {"李甲一/member": "…"}}, PASS),
    ("R17", "nothing declared", {}, {}, UNDECLARED),
    ("R17", "contract elsewhere", {"contract_villages": ("桃溪",)}, {}, PASS),
    ("R17", "contract here", {"contract_villages": ("罗盘",)}, {}, FAIL),
]


@pytest.mark.parametrize(
    ("code", "person", "village", "expected"),
    [
        pytest.param(code, person, village, expected, id=f"{code} {name}")
        for code, name, person, village, expected in CASES
    ],
)
def test_each_rule_says_what_its_number_says(
    code: str, person: dict[str, Any], village: dict[str, Any], expected: Outcome
) -> None:
    assert outcome(code, replace(PERSON, **person), replace(VILLAGE, **village)) == expected


@pytest.mark.parametrize(
    ("limit", "minutes", "expected"),
    [(None, 90, UNDECLARED), (60, 60, PASS), (60, 61, WARN), (60, None, WARN)],
)
def test_hardship_sets_a_limit_to_the_way(
    limit: int | None, minutes: int | None, expected: Outcome
) -> None:
    """R12."""
    assert outcome("R12", replace(PERSON, minutes_max=limit), minutes=minutes) == expected


def test_the_county_may_let_the_own_town_block() -> None:
    """cfg recusal.own_town."""
    at_home = replace(PERSON, home_towns=("龙泉土家族乡",))

    assert outcome("R02", at_home, setting=rule("R02", parameters={"own_town_blocks": 1})) == FAIL


def test_a_soft_rule_that_blocks_puts_an_empty_field_out() -> None:
    asks = replace(VILLAGE, categories=("specialist",))

    assert outcome("R10", PERSON, asks, setting=rule("R10", effect="block")) == UNKNOWN


def test_r08_shows_one_line_the_graver_of_person_and_village() -> None:
    person = replace(PERSON, recalls=(Recall(date(2026, 1, 1), "罗盘"),))

    lines = [line for line in check_pair(person, VILLAGE, "member", TERM) if line.rule == "R08"]

    assert len(lines) == 1
    assert lines[0].outcome == FAIL


def test_a_failure_names_the_field_and_the_reason() -> None:
    village = replace(VILLAGE, vetoes={"李甲一": "群众有意见"})

    line = next(line for line in check_pair(PERSON, village, "member", TERM) if line.rule == "R13")

    assert line.text == "村不接收：群众有意见"
    assert line.fields == (("不接收人选", "李甲一"),)
