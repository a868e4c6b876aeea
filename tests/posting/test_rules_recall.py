"""2.10, line by line: grounds, steps, limits, effects and signals; no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from lingyan.posting.rules import recall as rules
from lingyan.posting.rules import replacements
from lingyan.posting.rules.recall import Evidence, Grade, Month, RecallFacts, SignalFacts
from lingyan.posting.rules.words import RecallGround

pytestmark = pytest.mark.pure

TODAY = date(2026, 9, 1)
TOWN = "town_org town_secretary"
STAFF = "county_org_staff county_org_admin"
WHO = {
    "乡镇和县委组织部": f"{TOWN} {STAFF}",
    "核实人": f"town_org {STAFF}",
    "提出人": f"town_secretary {STAFF}",
    "县委组织部": STAFF,
    "管理员": "county_org_admin",
    "部领导": "county_org_leader",
    "单位": "unit_party_admin unit_leader",
    "本人": "first_secretary team_member",
}
TABLE = """
    - open signalled 乡镇和县委组织部
    signalled tell told 乡镇和县委组织部
    told state heard 本人
    heard state heard 本人
    verified state verified 本人
    warned state warned 本人
    proposed state proposed 本人
    told hear heard 乡镇和县委组织部
    heard verify verified 核实人
    signalled drop dropped 核实人
    told drop dropped 核实人
    heard drop dropped 核实人
    verified drop dropped 核实人
    verified opine verified 单位
    warned opine warned 单位
    verified warn warned 县委组织部
    warned improve closed 县委组织部
    verified propose proposed 提出人
    warned propose proposed 提出人
    proposed decide decided 部领导
    proposed reject dropped 部领导
    decided deliver decided 县委组织部
    replaced deliver replaced 县委组织部
    decided talk decided 县委组织部
    replaced talk replaced 县委组织部
    decided replace replaced 县委组织部
    replaced close closed 管理员
"""
REPLACEMENT_TABLE = """
    - propose proposed 县委组织部
    proposed approve approved 部领导
    proposed refuse refused 部领导
    approved announce announced 县委组织部
    announced issue issued 管理员
    proposed stop stopped 县委组织部
    approved stop stopped 县委组织部
    announced stop stopped 县委组织部
"""


@pytest.mark.parametrize(
    ("flow", "text"),
    [(rules.RECALL_FLOW, TABLE), (replacements.REPLACEMENT_FLOW, REPLACEMENT_TABLE)],
)
def test_the_table_is_the_rulebooks(flow: Any, text: str) -> None:
    wanted = {
        (before.strip("-"), act, after, frozenset(WHO[who].split()))
        for before, act, after, who in map(str.split, text.strip().splitlines())
    }

    assert {(one.before, one.act, one.after, frozenset(one.roles)) for one in flow} == wanted
    assert len(flow) == len(wanted)


def test_every_ground_of_the_rulebook_is_there_and_two_are_private() -> None:
    assert list(rules.GROUNDS) == [one.value for one in RecallGround]
    assert [one.code for one in rules.GROUNDS.values() if one.private] == ["RG05", "RG09"]
    assert rules.GROUNDS_WITHOUT_EFFECTS == ("RG09",)
    assert "健康" not in rules.GROUNDS["RG09"].public_label.replace("健康或纪律", "")


FACTS = RecallFacts(
    ground="RG08", text="三次走访不在村", today=TODAY, opened_on=date(2026, 8, 20), is_own=True,
    has_unit=True, has_opinion=True, months=2, document_number="文", is_delivered=True,
    is_talked=True, is_filled=True, hand="9", makers=frozenset({"1"}),
)  # fmt: skip


@pytest.mark.parametrize("act", sorted({line.act for line in rules.RECALL_FLOW}))
def test_a_step_with_everything_in_order_is_not_refused(act: str) -> None:
    assert rules.refuse_recall_step(act, FACTS) == ()


@pytest.mark.parametrize(
    ("act", "said", "code"),
    [
        ("open", {"ground": ""}, "posting.recall.ground_missing"),
        ("open", {"ground": "RG11"}, "posting.recall.ground_missing"),
        ("open", {"in_post": False}, "posting.recall.not_in_post"),
        ("open", {"text": "  "}, "posting.recall.text_missing"),
        ("tell", {"text": "长" * 2001}, "posting.recall.text_long"),
        ("state", {"is_own": False}, "posting.recall.not_own"),
        ("state", {"text": ""}, "posting.recall.text_missing"),
        ("hear", {"on": date(2026, 9, 2)}, "posting.recall.day_in_future"),
        ("hear", {"on": date(2026, 8, 19)}, "posting.recall.day_before"),
        ("warn", {"ground": "RG04"}, "posting.recall.not_curable"),
        ("warn", {"ground": "RG05"}, "posting.recall.not_curable"),
        ("warn", {"ground": "RG09"}, "posting.recall.not_curable"),
        ("warn", {"warned_before": True}, "posting.recall.warned_before"),
        ("warn", {"months": 0}, "posting.recall.warn_months"),
        ("warn", {"months": 4}, "posting.recall.warn_months"),
        ("warn", {"hand": "1"}, "directory.same_person"),
        ("propose", {"has_opinion": False}, "posting.recall.opinion_missing"),
        ("decide", {"hand": "1"}, "directory.same_person"),
        ("decide", {"document_number": " "}, "posting.document_number_missing"),
        ("reject", {"hand": "1"}, "directory.same_person"),
        ("replace", {"is_filled": False}, "posting.recall.not_filled"),
        ("close", {"is_delivered": False}, "posting.recall.not_delivered"),
        ("close", {"is_talked": False}, "posting.recall.not_talked"),
    ],
)
def test_a_step_is_refused_with_its_reason(act: str, said: dict[str, Any], code: str) -> None:
    found = rules.refuse_recall_step(act, replace(FACTS, **said))

    assert [one.code for one in found] == [code]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("warn", {"months": 1}),
        ("warn", {"months": 3}),
        ("hear", {"on": date(2026, 8, 20)}),
        ("propose", {"has_unit": False, "has_opinion": False}),
        ("close", {"has_unit": False, "is_talked": False}),
        ("close", {"ground": "RG09", "is_talked": False}),
    ],
)
def test_the_edge_of_a_rule_is_allowed(act: str, said: dict[str, Any]) -> None:
    assert rules.refuse_recall_step(act, replace(FACTS, **said)) == ()


def test_effects_have_their_last_day_and_health_has_none() -> None:
    found = rules.effects_of("RG08", date(2026, 2, 28), has_unit=True)

    assert found == rules.Effects(date(2028, 2, 28), date(2028, 2, 28), 2)
    assert rules.effects_of("RG08", TODAY, has_unit=False).unit_minus == 0
    assert rules.effects_of("RG09", TODAY, has_unit=True) == rules.Effects()


def test_limits_count_from_the_day_after() -> None:
    assert rules.verify_due(date(2026, 8, 20)) == date(2026, 9, 4)
    assert rules.warn_until(date(2026, 1, 31), 1) == date(2026, 2, 28)


# --- signals --------------------------------------------------------------------------------------


def seen(number: int = 1) -> Evidence:
    return Evidence("记录", date(2026, 8, number), "/x/")


def month(number: int, days: int, leave: int = 0) -> Month:
    return Month(date(2026, number, 1), days, leave, seen(number))


def annual(grade: bool, **said: Any) -> Grade:
    return Grade(True, False, grade, Fraction(50), seen(), **said)


def quarter(score: int, **said: Any) -> Grade:
    return Grade(False, True, False, Fraction(score), seen(), **said)


@pytest.mark.parametrize(
    ("facts", "grounds"),
    [
        ({}, []),
        ({"absences": [seen()] * 2}, []),
        ({"absences": [seen()] * 3}, ["RG02"]),
        ({"warnings": [seen()]}, []),
        ({"warnings": [seen()] * 2}, ["RG07"]),
        ({"overdue": [seen()] * 2}, []),
        ({"overdue": [seen()] * 3}, ["RG01"]),
        ({"grades": [annual(False)]}, []),
        ({"grades": [annual(True)]}, ["RG01"]),
        ({"grades": [quarter(59)]}, []),
        ({"grades": [quarter(59), quarter(60)]}, []),
        ({"grades": [quarter(59), quarter(10)]}, ["RG01"]),
        ({"grades": [quarter(90, satisfaction=Fraction(6, 10))]}, []),
        ({"grades": [quarter(90, satisfaction=Fraction(59, 100))]}, ["RG03"]),
        ({"grades": [quarter(90, satisfaction=Fraction(0))]}, ["RG03"]),
        ({"months": [month(5, 19), month(6, 19)]}, []),
        ({"months": [month(5, 19), month(6, 19), month(7, 19)]}, ["RG08"]),
        ({"months": [month(5, 19), month(6, 20), month(7, 19), month(8, 19)]}, []),
        ({"months": [month(4, 19), month(6, 19), month(7, 19)]}, []),
        ({"months": [month(5, 5, 15), month(6, 5), month(7, 5)]}, []),
        ({"months": [month(7, 1), month(5, 1), month(6, 1)]}, ["RG08"]),
        ({"discipline": seen()}, ["RG05"]),
    ],
)
def test_signals_are_computed_from_facts(facts: dict[str, Any], grounds: list[str]) -> None:
    found = rules.signals(SignalFacts(**facts), month_days=20)

    assert [one.ground for one in found] == grounds
    assert all(one.records for one in found)


def test_a_signal_of_discipline_says_that_and_not_what() -> None:
    [found] = rules.signals(SignalFacts(discipline=seen()), month_days=20)

    assert "处分或审查" in found.text
    assert "内容" in found.text


# --- replacement ----------------------------------------------------------------------------------

COMING = replacements.ReplacementFacts(
    today=TODAY, text="理由", person="孙甲五", notice_ends_on=date(2026, 8, 31),
    document_number="文", starts_on=TODAY, hand="9", makers=frozenset({"1"}),
)  # fmt: skip


@pytest.mark.parametrize("act", sorted(replacements.CHECKS))
def test_a_replacement_in_order_is_not_refused(act: str) -> None:
    assert replacements.refuse_replacement_step(act, COMING) == ()


@pytest.mark.parametrize(
    ("act", "said", "code"),
    [
        ("propose", {"is_vacant": False}, "posting.replacement.not_vacant"),
        ("propose", {"is_going_on": True}, "posting.replacement.going_on"),
        ("propose", {"has_round": False}, "posting.replacement.no_round"),
        ("propose", {"is_candidate": False}, "posting.replacement.no_candidate"),
        ("propose", {"is_taken": True}, "posting.replacement.person_taken"),
        ("propose", {"is_first": False, "text": ""}, "posting.replacement.reason_missing"),
        ("propose", {"is_full": True}, "posting.replacement.not_vacant"),
        ("approve", {"hand": "1"}, "directory.same_person"),
        ("approve", {"failures": ["被召回"]}, "posting.rule_broken"),
        ("refuse", {"text": " "}, "posting.reason_missing"),
        ("refuse", {"hand": "1"}, "directory.same_person"),
        ("announce", {"failures": ["被召回"]}, "posting.rule_broken"),
        ("issue", {"hand": "1"}, "directory.same_person"),
        ("issue", {"notice_ends_on": TODAY}, "posting.replacement.notice_running"),
        ("issue", {"notice_ends_on": None}, "posting.replacement.notice_running"),
        ("issue", {"document_number": ""}, "posting.document_number_missing"),
        ("issue", {"starts_on": date(2026, 8, 31)}, "posting.replacement.starts_before"),
        ("issue", {"failures": ["被召回"]}, "posting.rule_broken"),
        ("issue", {"is_full": True}, "posting.replacement.not_vacant"),
        ("stop", {"text": ""}, "posting.reason_missing"),
    ],
)
def test_a_replacement_is_refused_with_its_reason(
    act: str, said: dict[str, Any], code: str
) -> None:
    found = replacements.refuse_replacement_step(act, replace(COMING, **said))

    assert code in [one.code for one in found]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"is_vacant": False}, "posting.replacement.not_vacant"),
        ({"is_own_unit": False}, "posting.replacement.other_unit"),
        ({"in_pool": False}, "posting.replacement.not_in_pool"),
        ({"is_twice": True}, "posting.replacement.nominated_twice"),
    ],
)
def test_a_nominee_is_refused_with_its_reason(said: dict[str, bool], code: str) -> None:
    fine = {"is_own_unit": True, "in_pool": True, "is_vacant": True, "is_twice": False}

    assert replacements.refuse_to_nominate(**fine) == ()
    assert [one.code for one in replacements.refuse_to_nominate(**{**fine, **said})] == [code]
