"""Who may recommend, declare, record, verify and read, case by case."""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.common.refusals import Refusal
from lingyan.posting.rules import Outcome, RuleResult
from lingyan.posting.rules import pool_entries as rules

TODAY = date(2026, 11, 21)


def codes_of(refusals: tuple[Refusal, ...]) -> list[str]:
    """The codes, each with its sentence for people."""
    assert all(refusal.text and "None" not in refusal.text for refusal in refusals)
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(
    ("role", "own_unit", "has_unit", "in_pool", "codes"),
    [
        ("unit_party_admin", True, True, False, []),
        ("county_org_staff", True, True, False, []),
        ("system", True, True, False, []),
        ("town_org", True, True, False, ["posting.wrong_role"]),
        ("county_org_leader", True, True, False, ["posting.wrong_role"]),
        ("unit_party_admin", False, True, False, ["posting.other_unit"]),
        ("county_org_staff", True, False, False, ["posting.no_unit"]),
        ("unit_party_admin", False, False, True,
         ["posting.other_unit", "posting.no_unit", "posting.in_pool_already"]),
    ],
)  # fmt: skip
def test_a_unit_recommends_its_own_people_once(
    role: str, own_unit: bool, has_unit: bool, in_pool: bool, codes: list[str]
) -> None:
    refusals = rules.refuse_to_recommend(
        role=role, own_unit=own_unit, has_unit=has_unit, in_pool=in_pool
    )
    assert codes_of(refusals) == codes


@pytest.mark.parametrize(
    ("role", "state", "code"),
    [
        ("unit_party_admin", "recommended", None),
        ("unit_leader", "reviewed", "posting.reviewed_already"),
        ("unit_party_admin", "in_pool", "posting.reviewed_already"),
        ("county_org_staff", "in_pool", None),
        ("county_org_staff", "removed", "posting.not_declared_now"),
        ("county_org_admin", "selected", "posting.not_declared_now"),
        ("town_org", "recommended", "posting.wrong_role"),
    ],
)
def test_the_unit_declares_until_the_review(role: str, state: str, code: str | None) -> None:
    refusals = rules.refuse_to_declare(role=role, state=state)
    assert codes_of(refusals) == ([code] if code else [])


@pytest.mark.parametrize(
    ("role", "state", "act", "refused"),
    [
        ("county_org_staff", "recommended", "review", False),
        ("unit_party_admin", "recommended", "review", True),
        ("county_org_staff", "recommended", "admit", True),
        ("county_org_staff", "reviewed", "admit", False),
        ("county_org_staff", "in_pool", "select", True),
        ("county_org_admin", "in_pool", "select", False),
        ("system", "in_pool", "select", False),
        ("county_org_staff", "removed", "remove", True),
        ("county_org_staff", "selected", "remove", True),
    ],
)
def test_the_pool_moves_by_its_table(role: str, state: str, act: str, refused: bool) -> None:
    assert bool(rules.refuse_pool_act(state=state, act=act, role=role)) is refused


@pytest.mark.parametrize(
    ("capability", "since", "level", "codes"),
    [
        ("economy", date(2020, 1, 1), None, []),
        ("economy", None, 4, ["posting.period_missing"]),
        ("grassroots_lead", None, None, ["posting.period_missing"]),
        ("agri_major", None, None, []),
        ("project_mgmt", None, None, []),
        ("law", None, 3, []),
        ("law", None, None, ["posting.level_missing"]),
        ("mass_work", None, 5, ["posting.level_range"]),
        ("agri_major", date(2027, 1, 1), None, ["posting.evidence_in_future"]),
        ("agri_major", TODAY, None, []),
    ],
)
def test_a_proof_holds_what_its_level_is_computed_from(
    capability: str, since: date | None, level: int | None, codes: list[str]
) -> None:
    refusals = rules.refuse_evidence(
        role="unit_party_admin",
        capability=capability,
        since=since,
        until=None,
        level=level,
        today=TODAY,
    )
    assert codes_of(refusals) == codes


def test_a_proof_ends_after_it_began_and_is_recorded_by_unit_or_county() -> None:
    refusals = rules.refuse_evidence(
        role="candidate",
        capability="economy",
        since=date(2020, 1, 1),
        until=date(2020, 1, 1),
        level=None,
        today=TODAY,
    )
    assert codes_of(refusals) == ["posting.wrong_role", "posting.evidence_period"]


@pytest.mark.parametrize(
    ("role", "verified", "codes"),
    [
        ("county_org_staff", False, []),
        ("system", False, []),
        ("county_org_staff", True, ["posting.verified_already"]),
        ("unit_party_admin", False, ["posting.wrong_role"]),
    ],
)
def test_the_county_verifies_once(role: str, verified: bool, codes: list[str]) -> None:
    refusals = rules.refuse_to_verify(role=role, verified=verified)
    assert codes_of(refusals) == codes


@pytest.mark.parametrize(
    ("role", "state", "refused"),
    [
        ("county_org_staff", "in_pool", False),
        ("system", "selected", False),
        ("unit_party_admin", "recommended", False),
        ("unit_party_admin", "in_pool", True),
        ("unit_leader", "reviewed", True),
    ],
)
def test_only_the_county_takes_people_over_into_the_pool(
    role: str, state: str, refused: bool
) -> None:
    assert bool(rules.refuse_imported_state(role=role, state=state)) is refused


def test_nobody_returns_before_the_posting_has_ended() -> None:
    assert rules.refuse_to_return_from_posting(still_posted=True)
    assert not rules.refuse_to_return_from_posting(still_posted=False)


def result(rule: str, outcome: Outcome) -> RuleResult:
    return RuleResult(rule, "R-2-11", "规则", outcome, (("字段", "值"),), "健康状况为“不适合驻村”")


@pytest.mark.parametrize(
    "role",
    ["county_org_staff", "county_org_admin", "county_org_leader", "unit_party_admin", "candidate"],
)
def test_named_roles_read_what_a_private_rule_read(role: str) -> None:
    """10.1."""
    assert "不适合驻村" in rules.shown_result(result("R07", Outcome.FAIL), role=role).text


@pytest.mark.parametrize("role", ["unit_leader", "town_org", "county_agri", "upper_viewer"])
def test_others_read_that_a_condition_is_not_met_and_no_more(role: str) -> None:
    shown = rules.shown_result(result("R09", Outcome.FAIL), role=role)
    assert (shown.text, shown.fields) == ("不符合条件", ())


def test_other_rules_are_read_by_everybody() -> None:
    assert "不适合驻村" in rules.shown_result(result("R05", Outcome.FAIL), role="town_org").text
