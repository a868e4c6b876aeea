"""4.1 to 4.5 without a database: what identifies a village, what the records hint at, the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.common.flow import Transition
from lingyan.organization.rules import rectification as rules
from lingyan.organization.rules import rectification_steps as steps
from lingyan.organization.rules import screening
from lingyan.organization.rules.rectification_words import IdentifyMode, RectState, SupportKind
from lingyan.organization.rules.screening import VillageRecords

pytestmark = pytest.mark.pure
TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("codes", "jointly", "mode"),
    [
        (("W01",), False, IdentifyMode.DIRECT),
        (("W09", "W13"), False, IdentifyMode.DIRECT),
        (("W10", "W14"), False, IdentifyMode.COMPOSITE),
        (("W11", "W13"), False, IdentifyMode.COMPOSITE),  # A.9
        (("W13",), False, None),  # A.9; an unconfirmed W11 is not among the codes
        (("W13",), True, IdentifyMode.COMPOSITE),
        ((), True, None),
    ],
)
def test_what_identifies_a_village(
    codes: tuple[str, ...], jointly: bool, mode: IdentifyMode | None
) -> None:
    assert rules.identify_mode(codes, jointly=jointly) is mode


@pytest.mark.parametrize(("agreed", "is_joint"), [(3, False), (4, True), (7, True)])
def test_a_joint_opinion_is_more_than_half_of_the_departments(agreed: int, is_joint: bool) -> None:
    """R-0-02: 4 of 7."""
    opinions = ["agree"] * agreed + ["none"] * (7 - agreed)

    assert steps.joint_opinion(opinions) is is_joint


@pytest.mark.parametrize("state", list(RectState))
def test_rect_open_is_the_list_of_r_4_10(state: RectState) -> None:
    listed = {
        "confirmed", "planned", "rectifying", "self_checked", "town_checked", "accepting",
        "extended", "reopened",
    }  # fmt: skip

    assert rules.is_open(state) is (state in listed)
    assert not rules.is_open("reopened", has_child=True)


@pytest.mark.parametrize(
    ("records", "codes"),
    [
        (VillageRecords(has_secretary=True, left_on=date(2025, 1, 1)), []),
        (VillageRecords(has_secretary=False), []),  # nobody was ever registered: nothing is known
        (VillageRecords(has_secretary=False, left_on=date(2025, 12, 16)), []),  # three months today
        (VillageRecords(has_secretary=False, left_on=date(2025, 12, 15)), ["W01"]),
        (VillageRecords(has_secretary=True, members=9, joined_last=date(2024, 3, 16)), []),
        (VillageRecords(has_secretary=True, members=9, joined_last=date(2024, 3, 15)), ["W11"]),
        (VillageRecords(has_secretary=True, members=0, joined_last=None), []),
    ],
)
def test_what_the_register_hints_at(records: VillageRecords, codes: list[str]) -> None:
    assert [one.code for one in screening.hints_of(records, TODAY)] == codes


def test_the_worst_village_stands_first() -> None:
    found = [["W13"], ["W11", "W13"], ["W01"], ["W01", "W11"], ["W01", "W02"]]

    assert sorted(found, key=screening.severity) == [
        ["W01", "W02"], ["W01", "W11"], ["W01"], ["W11", "W13"], ["W13"],
    ]  # fmt: skip


def test_the_window_is_the_first_quarter() -> None:
    days = (date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2025, 12, 31))

    assert [screening.in_window(day) for day in days] == [True, True, False, False]


# --- the table ------------------------------------------------------------------------------------

TABLE = [
    ("screened", "proposed", "town_org"),
    ("proposed", "consulted", "county_org_staff"),
    ("consulted", "confirmed", "county_org_leader"),
    ("consulted", "not_listed", "county_org_leader"),
    ("confirmed", "planned", "town_secretary"),
    ("planned", "rectifying", "county_org_staff"),
    ("rectifying", "self_checked", "village_secretary"),
    ("rectifying", "self_checked", "first_secretary"),
    ("self_checked", "town_checked", "town_secretary"),
    ("town_checked", "accepting", "county_org_staff"),
    ("accepting", "cleared", "county_org_leader"),
    ("accepting", "rectifying", "county_org_leader"),  # 延长整顿
    ("cleared", "following", "town_org"),
    ("following", "closed", "county_org_staff"),
    ("following", "reopened", "county_org_leader"),
]


@pytest.mark.parametrize(("before", "after", "role"), TABLE)
def test_the_table_is_that_of_4_5(before: str, after: str, role: str) -> None:
    assert [one for one in _lines(before, after) if role in one.roles]


def _lines(before: str, after: str) -> list[Transition]:
    return [one for one in rules.RECTIFICATION_FLOW if (one.before, one.after) == (before, after)]


def test_nobody_but_the_leader_decides_and_nothing_jumps() -> None:
    deciding = ("confirm", "dismiss", "clear", "extend", "relapse", "reopen_child")
    for line in rules.RECTIFICATION_FLOW:
        if line.act in deciding:
            assert line.roles == ("county_org_leader",)
    assert not _lines("screened", "confirmed")
    assert not _lines("proposed", "confirmed")
    assert not _lines("planned", "cleared")
    assert set(rules.EVENTS) == {one.act for one in rules.RECTIFICATION_FLOW}


# --- what must hold -------------------------------------------------------------------------------

READY = steps.StepFacts(
    today=TODAY, text="写明", document_number="山委〔2026〕6号", on=TODAY,
    opened_on=date(2026, 3, 1), codes=("W01",), mode=IdentifyMode.DIRECT, asked=7, hand="1",
    makers=frozenset({"2"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("act", "change", "code"),
    [
        ("propose", {"codes": ()}, "organization.rect.no_situation"),
        ("withdraw", {"text": " "}, "organization.rect.text_missing"),
        ("consult", {"asked": 6}, "organization.rect.not_asked"),
        ("consult", {"unanswered": ("公安",)}, "organization.rect.unanswered"),
        ("confirm", {"document_number": " "}, "organization.rect.document"),
        ("confirm", {"mode": None}, "organization.rect.not_identified"),
        ("confirm", {"on": date(2026, 3, 17)}, "organization.rect.decided_on"),
        ("confirm", {"on": date(2026, 2, 28)}, "organization.rect.decided_on"),
        ("confirm", {"makers": frozenset({"1"})}, "directory.same_person"),  # R-0-20
        ("dismiss", {"text": ""}, "organization.rect.text_missing"),
        ("dismiss", {"makers": frozenset({"1"})}, "directory.same_person"),
        ("plan", {"bare": ("W01",)}, "organization.rect.bare_situation"),
        ("plan", {"text": ""}, "organization.rect.text_missing"),
        ("start", {"missing": (SupportKind.S1,)}, "organization.rect.support_missing"),
        ("start", {"missing": (SupportKind.S4,)}, "organization.rect.support_missing"),
        ("plan", {"text": "写" * 501}, "organization.rect.text_long"),
    ],
)
def test_each_step_says_what_is_missing(act: str, change: dict[str, object], code: str) -> None:
    assert steps.refuse_rect_step(act, READY) == ()
    facts = replace(READY, **change)  # type: ignore[arg-type]  # each is a field of the facts

    assert [one.code for one in steps.refuse_rect_step(act, facts)] == [code]


def test_a_missing_first_secretary_is_the_gates_matter() -> None:
    """G-2 says so with what would open it; the step adds the other three only."""
    facts = replace(READY, missing=(SupportKind.S3,))

    assert steps.refuse_rect_step("start", facts) == ()
