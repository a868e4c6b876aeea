"""What a village's bodies must be, which schooling counts, how two teams compare: no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from lingyan.common.alerts import AlertLevel
from lingyan.directory.rules import OfficeClaim, Source, refuse_office
from lingyan.organization.rules import party_organizations as parties
from lingyan.organization.rules import terms
from lingyan.organization.rules.committees import (
    Committee,
    Holder,
    findings,
    is_long_vacant,
    members,
    one_shoulder,
    three_in_one,
    vacant_posts,
)
from lingyan.organization.rules.comparison import (
    Comparison,
    Member,
    age_of,
    compared,
    one_digit,
    said_of_age,
    said_of_share,
    team_of,
)
from lingyan.organization.rules.education import is_high_school

TODAY = date(2026, 3, 2)
ON = date(2025, 1, 10)


# --- the bodies -----------------------------------------------------------------------------------


def sitting(*seats: str, **said: object) -> Committee:
    """“甲 party_secretary”, a woman as “乙女 vc_member”."""
    holders = []
    for seat in seats:
        name, post = seat.split()
        gender = "female" if name.endswith("女") else "male"
        holders.append(Holder(name, name, post, gender))
    return Committee(holders, **said)  # type: ignore[arg-type]


WHOLE = (
    "甲 party_secretary", "甲 vc_director", "乙 party_deputy", "乙女 vc_member", "丙 vc_member",
    "丙 party_committee_member",
)  # fmt: skip


def told(*seats: str, **said: object) -> list[str]:
    return [one.rule for one in findings(sitting(*seats, **said), today=TODAY)]


def test_a_person_with_two_posts_is_one_member() -> None:
    assert len(members(sitting(*WHOLE))) == 4


@pytest.mark.parametrize(
    ("seats", "head", "three"),
    [
        (("甲 party_secretary", "甲 vc_director"), "甲", False),
        (("甲 party_secretary", "甲 community_director"), "甲", False),
        (("甲 party_secretary", "甲 vc_director", "甲 coop_chair"), "甲", True),
        (("甲 party_secretary", "甲 vc_director", "乙 coop_chair"), "甲", False),
        (("甲 party_secretary", "乙 vc_director"), None, False),
        (("甲 party_deputy", "甲 vc_director"), None, False),
    ],
)
def test_one_shoulder_is_computed(seats: tuple[str, ...], head: str | None, three: bool) -> None:
    committee = sitting(*seats)

    assert one_shoulder(committee.holders) == head
    assert three_in_one(committee.holders) is three


@pytest.mark.parametrize(
    ("seats", "rules"),
    [
        (WHOLE, []),
        (("甲 party_secretary", "甲 vc_director"), ["VAL-06"]),
        (("甲 party_secretary", "甲 vc_director", "乙 vc_member", "丙 vc_member"), ["VAL-06"]),
        ((*WHOLE, *(f"{n}女 vc_member" for n in "丁戊己庚")), []),
        ((*WHOLE, *(f"{n}女 vc_member" for n in "丁戊己庚辛")), ["VAL-06"]),
        (("甲 party_secretary",), ["R-1-23"]),
        ((*WHOLE, "戌 sup_director", "亥 sup_member"), ["R-1-20"]),
        ((*WHOLE, "戌 sup_director", "亥 sup_member", "申 sup_member"), []),
        ((*WHOLE, "丙 sup_director", "亥 sup_member", "申 sup_member"), ["R-1-20"]),
        ((*WHOLE, "戌 sup_director", "亥 sup_member", "申 sup_member", "申 cashier"), ["R-1-20"]),
        ((*WHOLE, "甲 coop_chair", "乙 coop_director"), ["R-1-21"]),
        ((*WHOLE, "甲 coop_chair", "乙 coop_director", "丙 coop_director"), []),
        (
            (*WHOLE, "甲 coop_chair", "乙 coop_director", "丙 coop_director", "丙 coop_supervisor"),
            ["R-1-21"],
        ),
    ],
)
def test_what_is_wrong_with_the_bodies_is_told(seats: tuple[str, ...], rules: list[str]) -> None:
    assert told(*seats) == rules


SUPERVISED = (*WHOLE, "戌 sup_director", "亥 sup_member", "申 sup_member")


@pytest.mark.parametrize(
    ("pair", "rules"),
    [
        (("戌", "丙"), ["VAL-07"]),
        (("戌", "乙"), []),  # 乙 sits on the Party's committee only
        (("戌", "亥"), []),
    ],
)
def test_supervisors_are_not_near_to_the_committee(pair: tuple[str, str], rules: list[str]) -> None:
    assert told(*SUPERVISED, relatives=[frozenset(pair)]) == rules


def test_directors_and_supervisors_of_the_collective_are_not_related() -> None:
    board = ("甲 coop_chair", "乙 coop_director", "丙 coop_director", "戌 coop_supervisor")

    assert told(*WHOLE, *board, relatives=[frozenset("甲乙")]) == ["R-1-21"]
    assert told(*WHOLE, *board, relatives=[frozenset("甲戌")]) == ["R-1-21"]
    assert told(*WHOLE, *board, relatives=[]) == []


@pytest.mark.parametrize(
    ("people", "branch", "rules"),
    [(2, 7, ["R-1-13"]), (3, 7, []), (8, 7, ["R-1-13"]), (2, 6, []), (3, 6, ["R-1-13"])],
)
def test_a_branch_of_seven_has_a_committee(people: int, branch: int, rules: list[str]) -> None:
    seats = ("甲 party_secretary", "甲 vc_director", "乙女 vc_member", "丙 vc_member")
    others = tuple(f"{n} party_committee_member" for n in "丁戊己庚辛壬癸"[: people - 1])

    assert told(*seats, *others, branch_members=branch) == rules


@pytest.mark.parametrize(("left", "long"), [(date(2025, 12, 2), False), (date(2025, 12, 1), True)])
def test_three_months_without_a_secretary_are_red(left: date, long: bool) -> None:
    [found] = findings(
        sitting("甲 vc_director", "乙女 vc_member", "丙 vc_member", secretary_left_on=left),
        today=TODAY,
    )

    assert is_long_vacant(left, TODAY) is long
    assert found.is_red is long
    assert f"{(TODAY - left).days} 天" in found.text


def test_a_community_needs_a_director_of_its_own_kind() -> None:
    assert vacant_posts(sitting("甲 party_secretary", "甲 vc_director", is_community=True))
    assert not vacant_posts(
        sitting("甲 party_secretary", "甲 community_director", is_community=True)
    )


# --- registering a post ---------------------------------------------------------------------------


def claimed(post: str, **said: object) -> list[str]:
    claim = OfficeClaim(post=post, since=ON, until=None, today=TODAY, **said)  # type: ignore[arg-type]
    return [one.code for one in refuse_office(claim)]


@pytest.mark.parametrize(
    ("post", "said", "codes"),
    [
        ("sup_member", {"beside": frozenset({"vc_member"})}, ["directory.supervisor_post"]),
        ("vc_member", {"beside": frozenset({"sup_member"})}, ["directory.supervisor_post"]),
        ("cashier", {"beside": frozenset({"sup_director"})}, ["directory.supervisor_post"]),
        ("sup_member", {"beside": frozenset({"party_secretary"})}, []),
        ("sup_member", {"related": frozenset({"vc_director"})}, ["directory.supervisor_related"]),
        ("vc_director", {"related": frozenset({"sup_member"})}, ["directory.supervisor_related"]),
        ("sup_member", {"related": frozenset({"cashier"})}, []),
        ("vc_member", {"sources": (Source("veteran", " "),)}, ["directory.source_evidence"]),
        ("vc_member", {"sources": (Source("rich", "证"),)}, ["directory.source_category"]),
        (
            "vc_member",
            {"sources": (Source("veteran", "证"), Source("veteran", "证"))},
            ["directory.source_category"],
        ),
        ("vc_member", {"sources": (Source("veteran", "退出现役证"),)}, []),
    ],
)
def test_what_must_not_come_together_is_refused(
    post: str, said: dict[str, object], codes: list[str]
) -> None:
    assert claimed(post, **said) == codes


# --- schooling (R-1-33) ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "counts", "unfinished_too"),
    [
        ("高中", True, True), ("普通高中", True, True), ("中专", True, True),
        ("职高", True, True), ("技校", True, True), ("大专", True, True), ("大学专科", True, True),
        ("本科", True, True), ("大学", True, True), ("研究生", True, True),
        ("初中", False, False), ("初级中学", False, False), ("小学", False, False),
        ("", False, False), ("高中肄业", False, True), ("大专结业", False, True),
        ("61", True, True), ("62", False, True), ("60", True, True), ("28", True, True),
        ("71", False, False), ("90", False, False), ("50", False, False),
    ],
)  # fmt: skip
def test_high_school_and_above(text: str, counts: bool, unfinished_too: bool) -> None:
    assert is_high_school(text) is counts
    assert is_high_school(text, include_unfinished=True) is unfinished_too


# --- comparing ------------------------------------------------------------------------------------


def member(person: str, years: int, education: str = "高中", *sources: str) -> Member:
    return Member(person, date(2025 - years, 1, 10), "male", education, sources, ON)


def test_the_mean_age_counts_each_person_once() -> None:
    """A.6: secretary and director 40, members 45 and 38: 41.0, not 40.8."""
    one = member("甲", 40)

    assert team_of([one, one, member("乙", 45), member("丙", 38)]).age == Decimal("41.0")


def test_completed_years_and_decimal_years() -> None:
    born = date(1980, 1, 11)

    assert age_of(born, ON, "completed") == 44
    assert one_digit(age_of(born, ON, "decimal")) == Decimal("45.0")
    assert age_of(date(2000, 2, 29), date(2026, 2, 28), "decimal") == 26


def test_of_four_kinds_a_person_counts_once() -> None:
    team = team_of([member("甲", 40, "高中", "veteran", "returnee"), member("乙", 40)])

    assert team.with_source == 1
    assert team.source_share == Decimal("50.0")


def both(new: int, new_of: int, old: int, old_of: int) -> Comparison:
    def team(schooled: int, of: int) -> list[Member]:
        return [
            member(str(number), 40, "高中" if number < schooled else "初中") for number in range(of)
        ]

    return compared(team(new, new_of), team(old, old_of), "completed")


def test_both_readings_of_ten_point_four_percent() -> None:
    """T04: 203 of 250 against 177 of 250 are 10.4 points more, and 14.7 % more people."""
    found = both(203, 250, 177, 250)

    assert found.schooled_points == Decimal("10.4")
    assert found.schooled_growth == Decimal("14.7")


def test_no_whole_number_of_people_grows_by_ten_point_four_percent_to_203() -> None:
    """So the article can only mean points: this is why the default is share_points (R-1-38)."""
    growths = {both(203, 203, old, 203).schooled_growth for old in range(180, 190)}

    assert Decimal("10.4") not in growths


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(4255, 100), "42.6"), (Fraction(42549, 1000), "42.5"),
        (Fraction(-644, 100), "-6.4"), (Fraction(-645, 100), "-6.5"),
    ],
)  # fmt: skip
def test_one_digit_half_up(value: Fraction, written: str) -> None:
    assert str(one_digit(value)) == written


def test_changes_in_words() -> None:
    assert said_of_age(Decimal("-6.4")) == "下降 6.4 岁"
    assert said_of_age(Decimal("0.0")) == "持平"
    assert said_of_age(None) == "—"
    assert said_of_share(Decimal("10.4"), "%") == "提升 10.4%"


def test_nothing_is_compared_with_nothing() -> None:
    found = compared([], [], "completed")

    assert (found.age_change, found.schooled_points, found.schooled_growth) == (None, None, None)
    assert found.new.source_share is None


# --- terms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "level"),
    [
        (date(2025, 7, 12), AlertLevel.GREEN), (date(2025, 7, 13), AlertLevel.YELLOW),
        (date(2026, 1, 9), AlertLevel.YELLOW), (date(2026, 1, 10), AlertLevel.RED),
    ],
)  # fmt: skip
def test_the_end_of_a_term_is_told_180_days_before(today: date, level: AlertLevel) -> None:
    assert terms.end_alert(terms.planned_end(date(2021, 1, 10)), today) == level


BEFORE = terms.Before(9, date(2021, 1, 10))


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"number": 10, "current": BEFORE, "numbers": (9,)}, []),
        ({"number": 9, "current": BEFORE, "numbers": (9,)},
         ["organization.term.known", "organization.term.order"]),
        ({"number": 8, "current": BEFORE, "numbers": (9,)}, ["organization.term.order"]),
        ({"number": 10, "current": BEFORE, "numbers": (9,), "since": date(2021, 1, 10)},
         ["organization.term.since_order"]),
        ({"number": 10, "since": date(2026, 3, 3)}, ["organization.term.since"]),
        ({"number": 0}, ["organization.term.number"]),
        ({"number": 8, "since": date(2016, 1, 9), "until": date(2021, 1, 10), "current": BEFORE,
          "numbers": (9,)}, []),
        ({"number": 8, "since": date(2016, 1, 9), "until": date(2021, 1, 11), "current": BEFORE,
          "numbers": (9,)}, ["organization.term.order"]),
        ({"number": 8, "until": date(2020, 1, 1)}, ["organization.term.until"]),
        ({"number": 1, "planned_until": ON}, ["organization.term.planned"]),
        ({"number": 1, "is_village": False}, ["organization.term.place"]),
    ],
)  # fmt: skip
def test_a_term_follows_the_one_that_runs(said: dict[str, object], codes: list[str]) -> None:
    given = {"kind": "party", "since": ON, "today": TODAY, **said}

    assert [one.code for one in terms.refuse_term(terms.TermClaim(**given))] == codes  # type: ignore[arg-type]


# --- Party organizations --------------------------------------------------------------------------


def step(act: str, **said: object) -> list[str]:
    given = {
        "act": act, "kind": "branch", "member_count": 0 if act in parties.ENDING else 20,
        "role": "town_secretary", "is_village": True, "on": ON, "today": TODAY,
        "document_number": "山组发1号", "text": "因村合并", "merges_into": "active", **said,
    }  # fmt: skip
    return [one.code.rpartition(".")[2] for one in parties.refuse_step(parties.StepFacts(**given))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "said", "codes"),
    [
        ("approve", {}, []),
        ("approve", {"document_number": ""}, ["document"]),
        ("approve", {"on": date(2026, 3, 3)}, ["day"]),
        ("approve", {"is_village": False}, ["level"]),
        ("approve", {"is_village": False, "role": "county_org_staff"}, []),
        ("approve", {"member_count": 2}, ["too_few"]),
        ("approve", {"member_count": 3}, []),
        ("approve", {"kind": "joint_branch", "member_count": 2}, []),
        ("approve", {"kind": "group", "member_count": 2}, ["group"]),
        ("approve", {"kind": "general_branch", "member_count": 51, "text": ""}, []),
        ("approve", {"kind": "general_branch", "member_count": 50, "text": ""}, ["general_branch"]),
        ("approve", {"kind": "general_branch", "member_count": 50}, []),
        ("approve", {"kind": "committee", "member_count": 100, "role": "county_org_staff"}, []),
        ("approve", {"kind": "committee", "member_count": 99}, ["committee", "county"]),
        ("reorganize", {"text": ""}, ["reason"]),
        ("reorganize", {"since": ON}, ["day_before"]),
        ("dissolve", {}, []),
        ("dissolve", {"member_count": 1}, ["members_left"]),
        ("dissolve", {"in_rectification": True}, ["rectified"]),
        ("dissolve", {"live_children": 2}, ["children"]),
        ("merge", {}, []),
        ("merge", {"merges_into": ""}, ["into"]),
        ("merge", {"merges_into": "dissolved"}, ["into"]),
        ("merge", {"into_itself": True}, ["itself"]),
        ("merge", {"document_number": " "}, ["document"]),
    ],
)
def test_each_step_of_an_organization_asks_for_what_it_needs(
    act: str, said: dict[str, object], codes: list[str]
) -> None:
    assert step(act, **said) == codes


@pytest.mark.parametrize(
    ("kind", "members", "count"),
    [
        ("branch", 2, 1), ("branch", 3, 0), ("branch", 50, 0), ("branch", 51, 1),
        ("joint_branch", 51, 1), ("general_branch", 100, 1), ("general_branch", 99, 0),
        ("committee", 99, 1), ("committee", 100, 0), ("committee", 500, 1), ("group", 2, 1),
    ],
)  # fmt: skip
def test_an_organization_out_of_size_is_warned_of(kind: str, members: int, count: int) -> None:
    assert len(parties.warnings_of(kind, "active", members, counted=True)) == count


def test_only_one_that_stands_is_warned_of() -> None:
    assert parties.warnings_of("branch", "preparing", 0, counted=True) == ()
    assert len(parties.warnings_of("branch", "active", 0, counted=False)) == 1


@pytest.mark.parametrize(("domain", "years"), [("village", 5), ("township", 5), ("agency", 3)])
def test_terms_of_organizations(domain: str, years: int) -> None:
    assert parties.term_years(domain) == years
