"""Evidence, needs and remarks of a health check, case by case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lingyan.common.refusals import Refusal
from lingyan.posting.rules import assessments as rules
from lingyan.posting.rules.assessments import OfficerFact, VillageEvidence
from lingyan.posting.rules.words import CheckItem, NeedDomain

TODAY = date(2026, 11, 21)
SECRETARY = OfficerFact("1", "王甲二", "party_secretary", date(1978, 11, 22), "male")
DIRECTOR = OfficerFact("1", "王甲二", "vc_director", date(1978, 11, 22), "male")
MEMBER = OfficerFact("2", "钱甲四", "vc_member", date(1990, 1, 1), "female")
REP = OfficerFact("3", "孙甲五", "villager_rep", date(1950, 1, 1), "male")


def codes_of(refusals: tuple[Refusal, ...]) -> list[str]:
    """The codes, each with its sentence for people."""
    assert all(refusal.text and "None" not in refusal.text for refusal in refusals)
    return [refusal.code for refusal in refusals]


def offered(*officers: OfficerFact, **more: object) -> dict[str, tuple[str, ...]]:
    known = VillageEvidence(TODAY, officers, registered=True, **more)  # type: ignore[arg-type]
    return rules.offered_evidence(known)


@pytest.mark.parametrize(
    ("officers", "expected"),
    [
        ((SECRETARY, DIRECTOR), True),
        ((SECRETARY,), False),
        ((DIRECTOR,), False),
        ((SECRETARY, OfficerFact("2", "钱甲四", "vc_director")), False),
        ((SECRETARY, OfficerFact("1", "王甲二", "community_director")), True),
        ((SECRETARY, OfficerFact("1", "王甲二", "vc_deputy")), False),
        ((), False),
    ],
)
def test_one_shoulder_is_secretary_and_director_in_one_person(
    officers: tuple[OfficerFact, ...], expected: bool
) -> None:
    """R-1-19."""
    assert rules.is_one_shoulder(officers) is expected


def test_the_average_age_counts_everybody_once_in_completed_years() -> None:
    """R-1-17, R-0-16: 47 (tomorrow 48) and 36."""
    assert rules.average_age((SECRETARY, DIRECTOR, MEMBER), as_of=TODAY) == Decimal("41.5")


def test_without_birth_dates_there_is_no_average() -> None:
    assert rules.average_age((OfficerFact("1", "王甲二", "clerk"),), as_of=TODAY) is None


def test_the_secretary_is_named_with_age_and_shoulder() -> None:
    assert offered(SECRETARY, DIRECTOR)["T1"] == ("现任书记王甲二，47 岁", "已实现一肩挑")


def test_a_secretary_without_a_birth_date_is_named_without_age() -> None:
    lines = offered(OfficerFact("1", "王甲二", "party_secretary"))["T1"]
    assert lines == ("现任书记王甲二", "书记、主任不是同一人")


def test_a_vacancy_is_counted_in_full_months() -> None:
    lines = offered(MEMBER, secretary_left_on=date(2026, 8, 22))["T1"]
    assert lines == ("书记自 2026-08-22 起空缺，已满 2 个月",)


def test_an_unregistered_secretary_is_no_vacancy() -> None:
    assert offered(MEMBER)["T1"] == ("没有登记现任书记",)


def test_committees_count_members_only() -> None:
    lines = offered(SECRETARY, DIRECTOR, MEMBER, REP)["T2"]
    assert lines == ("两委成员 2 人，其中女性 1 人", "平均年龄 41.5 岁")


def test_a_missing_director_is_said() -> None:
    assert "没有登记现任村（居）委会主任" in offered(SECRETARY)["T2"]


def test_representatives_alone_are_no_committee() -> None:
    assert offered(REP)["T2"] == ("没有登记现任两委成员",)


def test_of_an_unregistered_village_nothing_is_claimed() -> None:
    assert rules.offered_evidence(VillageEvidence(TODAY)) == {}


def test_postings_and_last_years_scores_stand_beside_their_items() -> None:
    known = VillageEvidence(
        TODAY, postings=("李甲一（第一书记）",), last_year=2025, last_scores={"I1": 3}
    )
    assert rules.offered_evidence(known) == {
        "T1": ("现有派驻：李甲一（第一书记）",),
        "I1": ("2025 年评为 3（较急）",),
    }


def test_needs_are_the_items_from_two_upwards_gravest_first() -> None:
    """R-2-09."""
    needs = rules.needs_of_check({"T1": 1, "T2": 2, "I1": 4, "G1": 0}, {"I1": "靠补助"})
    assert [(need.item, need.severity) for need in needs] == [
        (CheckItem.I1, 4),
        (CheckItem.T2, 2),
    ]
    assert needs[0].domain is NeedDomain.INDUSTRY
    assert needs[0].capabilities == ("economy",)
    assert needs[0].text == "靠补助"


def test_every_item_names_a_capability_that_helps() -> None:
    assert set(rules.CAPABILITIES_OF_ITEM) == set(CheckItem)
    assert all(rules.CAPABILITIES_OF_ITEM.values())


@pytest.mark.parametrize(
    ("chosen", "settled"),
    [
        ([], ("ordinary",)),
        (["high_dispute", "weak_org"], ("weak_org", "high_dispute")),
        (["weak_org", "weak_org"], ("weak_org",)),
        (["demo"], ("demo",)),
    ],
)
def test_types_are_settled_in_the_order_of_the_rulebook(
    chosen: list[str], settled: tuple[str, ...]
) -> None:
    assert rules.settled_types(chosen) == settled


@pytest.mark.parametrize(
    ("seats", "codes"),
    [
        ((1, 2, 1, 2), []),
        ((0, 0, 0, 0), []),
        ((2, 0, 0, 0), ["posting.two_first_secretaries"]),
        ((0, 0, 1, 0), ["posting.lower_over_seats"]),
        ((1, 2, 0, 3), ["posting.lower_over_seats"]),
    ],
)
def test_lower_bounds_stay_within_the_seats(
    seats: tuple[int, int, int, int], codes: list[str]
) -> None:
    first, members, first_lower, members_lower = seats
    refusals = rules.refuse_seats(
        first_secretary=first,
        members=members,
        first_secretary_lower=first_lower,
        members_lower=members_lower,
    )
    assert codes_of(refusals) == codes


@pytest.mark.parametrize(
    ("state", "act", "role", "code"),
    [
        ("confirmed", "issue", "county_org_staff", None),
        ("confirmed", "issue", "system", None),
        ("confirmed", "change", "county_org_admin", None),
        ("issued", "change", "county_org_staff", "posting.need_list.wrong_state"),
        ("superseded", "issue", "county_org_staff", "posting.need_list.wrong_state"),
        ("confirmed", "issue", "town_org", "posting.need_list.wrong_role"),
        ("confirmed", "issue", "county_org_leader", "posting.need_list.wrong_role"),
    ],
)
def test_need_lists_are_changed_and_issued_by_the_county_before_they_are_issued(
    state: str, act: str, role: str, code: str | None
) -> None:
    refusals = rules.refuse_need_list_act(state=state, act=act, role=role)
    assert codes_of(refusals) == ([code] if code else [])


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, []),
        ({"role": "town_secretary"}, []),
        ({"role": "village_secretary"}, []),
        ({"role": "system"}, []),
        ({"role": "county_org_staff"}, ["posting.wrong_role"]),
        ({"role": "candidate"}, ["posting.wrong_role"]),
        ({"is_village": False}, ["posting.not_a_village"]),
        ({"exists": True}, ["posting.check_exists"]),
        (
            {"role": "villager", "is_village": False, "exists": True},
            ["posting.wrong_role", "posting.not_a_village", "posting.check_exists"],
        ),
    ],
)
def test_a_check_is_started_once_a_year_by_town_or_village(
    given: dict[str, object], codes: list[str]
) -> None:
    """R-2-09."""
    facts: dict[str, object] = {"role": "town_org", "is_village": True, "exists": False, **given}

    refusals = rules.refuse_to_start_check(**facts)  # type: ignore[arg-type]
    assert codes_of(refusals) == codes


@pytest.mark.parametrize(
    ("role", "state", "codes"),
    [
        ("town_org", "draft", []),
        ("village_secretary", "draft", []),
        ("system", "draft", []),
        ("county_org_staff", "draft", ["posting.wrong_role"]),
        ("town_org", "submitted", ["posting.check_not_draft"]),
        ("county_agri", "confirmed", ["posting.wrong_role", "posting.check_not_draft"]),
    ],
)
def test_a_check_is_changed_by_its_drafters_until_it_is_submitted(
    role: str, state: str, codes: list[str]
) -> None:
    refusals = rules.refuse_to_draft_check(role=role, state=state)
    assert codes_of(refusals) == codes


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, []),
        ({"role": "system"}, []),
        ({"role": "county_org_staff"}, ["posting.wrong_role"]),
        ({"role": "town_org"}, ["posting.wrong_role"]),
        ({"state": "submitted"}, ["posting.not_in_review"]),
        ({"state": "confirmed"}, ["posting.not_in_review"]),
        ({"text": " "}, ["posting.opinion_empty"]),
    ],
)
def test_the_agriculture_bureau_speaks_during_the_joint_review(
    given: dict[str, str], codes: list[str]
) -> None:
    facts = {"role": "county_agri", "state": "joint_review", "text": "同意", **given}

    assert codes_of(rules.refuse_opinion(**facts)) == codes


@pytest.mark.parametrize(
    "text",
    ["懂茶叶种植", "能熟练驾驶，会开展群众工作", "有3年以上工作经历", "男女老少都能聊得来", ""],
)
def test_a_remark_about_the_work_is_fine(text: str) -> None:
    assert rules.refuse_remark(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("35岁以下，懂电商", ["“35岁”"]),
        ("40 周岁以下", ["“40 周岁”"]),
        ("限男性", ["“限男”"]),
        ("男性优先，未婚，未婚为好", ["“男性优先”", "“未婚”"]),
        ("形象好，身高不限", ["“形象好”", "“身高”"]),
        ("女同志除外", ["“女同志除外”"]),
    ],
)
def test_a_remark_about_sex_age_marriage_or_looks_is_refused_with_its_words(
    text: str, words: list[str]
) -> None:
    """R-2-09: a person profile must not be discriminatory."""
    (refusal,) = rules.refuse_remark(text)

    assert refusal.code == "posting.remark_not_job_related"
    assert refusal.text.endswith(f"请删去{'、'.join(words)}")


@pytest.mark.parametrize(
    ("educations", "said"),
    [
        (("大学", ""), "登记了学历的 1 人中，大专以上 1 人"),
        (("研究生", "高中"), "登记了学历的 2 人中，大专以上 1 人"),
        (("初中", "高中"), "登记了学历的 2 人中，大专以上 0 人"),
    ],
)
def test_the_education_of_the_committees_is_offered(educations: tuple, said: str) -> None:
    people = [
        OfficerFact(str(number), "某人", "vc_member", education=education)
        for number, education in enumerate(educations)
    ]

    assert said in offered(*people)["T2"]


def test_without_a_registered_education_nothing_is_said_of_it() -> None:
    assert not any("学历" in line for line in offered(MEMBER)["T2"])


def test_what_the_need_list_in_force_says_stands_beside_its_item() -> None:
    found = offered(needs_in_force={"I2": "较急，主导产业不成规模"})

    assert found["I2"] == ("现行需求清单：较急，主导产业不成规模",)
    assert "I1" not in found
