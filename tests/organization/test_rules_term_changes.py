"""1.7, 1.8, G-14, G-15, G-21, R-1-30 to R-1-32: what each step of a term change asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from lingyan.common.flow import open_acts
from lingyan.common.refusals import Refusal
from lingyan.organization.rules import joint_reviews as reviews
from lingyan.organization.rules import lookback
from lingyan.organization.rules import term_changes as rules
from lingyan.organization.rules.joint_reviews import Answer
from lingyan.organization.rules.term_words import (
    Department,
    HandoverItem,
    LookBackItem,
    TermChangeState,
    Verdict,
)

TODAY = date(2026, 3, 2)
DEPTS = tuple(Department)


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    return [one.code.removeprefix("organization.") for one in refusals]


# --- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "state", "acts"),
    [
        ("town_org", "", {"open"}),
        ("town_org", "preparing", {"redraft", "assess"}),
        ("town_secretary", "preparing", {"approve_plan", "reschedule"}),
        ("village_secretary", "assessing", {"propose", "submit"}),
        ("county_org_staff", "reviewing", {"confirm"}),
        ("town_org", "reviewing", {"propose"}),
        ("town_org", "nominated", {"meet", "elect", "fail"}),
        ("village_secretary", "elected", {"publish"}),
        ("town_org", "elected", {"fail"}),
        ("town_secretary", "published", {"approve_posts"}),
        ("county_org_staff", "published", {"file"}),
        ("town_org", "filed", {"hand_over"}),
        ("town_org", "handed_over", {"check", "look_back"}),
        ("county_org_staff", "looked_back", {"close"}),
        ("town_org", "looked_back", set()),
        ("town_org", "failed", {"again", "replace"}),
        ("county_org_admin", "closed", set()),
        ("county_org_leader", "reviewing", set()),
    ],
)
def test_who_may_do_what_in_which_state(role: str, state: str, acts: set[str]) -> None:
    assert {one.act for one in open_acts(rules.TERM_CHANGE_FLOW, state=state, role=role)} == acts


def test_every_state_is_reached_and_only_the_archive_is_left_by_nothing() -> None:
    reached = {line.after for line in rules.TERM_CHANGE_FLOW} - {""}
    left = {line.before for line in rules.TERM_CHANGE_FLOW} - {""}

    assert reached == {state.value for state in TermChangeState}
    assert reached - left == {"closed"}


# --- the plan -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("makers", "hand", "approved", "refused"),
    [
        (frozenset({"1"}), "2", False, []),
        (frozenset({"1"}), "1", False, ["directory.same_person"]),
        (frozenset({"1"}), "2", True, ["change.approved_already"]),
    ],
)
def test_the_maker_of_a_plan_does_not_approve_it(
    makers: frozenset[str], hand: str, approved: bool, refused: list[str]
) -> None:
    found = rules.refuse_to_approve_plan(makers=makers, hand=hand, approved=approved)

    assert codes(found) == refused


def test_nothing_is_assessed_before_the_plan_is_approved() -> None:
    assert codes(rules.refuse_to_assess(plan_approved=False, text="好")) == [
        "change.plan_not_approved"
    ]
    assert codes(rules.refuse_to_assess(plan_approved=True, text=" ")) == [
        "change.analysis_missing"
    ]
    assert not rules.refuse_to_assess(plan_approved=True, text="好")


@pytest.mark.parametrize(
    ("new_day", "refused"),
    [
        (date(2027, 6, 1), []),
        (date(2027, 6, 2), ["change.moved_too_far"]),
        (date(2026, 3, 2), []),
        (date(2026, 3, 1), ["change.planned_past"]),
    ],
)
def test_an_election_is_moved_by_a_year_at_most(new_day: date, refused: list[str]) -> None:
    found = rules.refuse_to_reschedule(
        new_day, planned_until=date(2026, 6, 1), document_number="山党〔2026〕1号", reason="疫情",
        today=TODAY,
    )  # fmt: skip

    assert codes(found) == refused


def test_moving_an_election_needs_the_reason_and_the_number() -> None:
    found = rules.refuse_to_reschedule(
        date(2026, 5, 1), planned_until=None, document_number="", reason="", today=TODAY
    )

    assert codes(found) == ["reason_missing", "document_missing"]


# --- candidates -----------------------------------------------------------------------------------

CANDIDATE = rules.CandidateFacts(
    name="李甲一", posts=("vc_director",), has_id=True, consented=True, has_resume=True,
    relatives_declared=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"posts": ()}, ["candidate.no_post"]),
        ({"posts": ("party_secretary",)}, ["candidate.not_member"]),
        ({"posts": ("party_secretary",), "political_status": "probationary"},
         ["candidate.not_member"]),
        ({"posts": ("party_secretary",), "political_status": "full_member"}, []),
        ({"is_sanctioned": True}, ["candidate.sanctioned"]),
        ({"supervisor_relatives": ("王甲二",)}, ["candidate.kinship"]),
        ({"supervisor_relatives": ("王甲二",), "posts": ("party_secretary",),
          "political_status": "full_member"}, []),
    ],
)  # fmt: skip
def test_who_may_not_stand(changed: dict[str, Any], refused: list[str]) -> None:
    assert codes(rules.refuse_candidate(replace(CANDIDATE, **changed))) == refused


@pytest.mark.parametrize("lacking", ["has_id", "consented", "has_resume", "relatives_declared"])
def test_each_of_the_four_papers_is_asked_for(lacking: str) -> None:
    assert not rules.refuse_papers(CANDIDATE)
    assert codes(rules.refuse_papers(replace(CANDIDATE, **{lacking: False}))) == [
        "candidate.papers"
    ]


# --- the joint review -----------------------------------------------------------------------------


def answered(**found: tuple[str, ...]) -> list[Answer]:
    """All departments: clear, unless `found` names what one of them found."""
    return [
        Answer(one, "negative" if one in found else "clear", found.get(one.value, ()))
        for one in DEPTS
    ]


@pytest.mark.parametrize(
    ("answers", "exempted", "verdict"),
    [
        (answered(), (), Verdict.CLEAR),
        (answered(court=("n01",)), (), Verdict.ABSOLUTE),
        (answered(public_security=("n02",)), (), Verdict.ABSOLUTE),
        (answered(public_security=("n03",)), (), Verdict.ABSOLUTE),
        (answered(political_legal=("n04",)), ("n04",), Verdict.ABSOLUTE),
        (answered(court=("n08",)), (), Verdict.NEGATIVE),
        (answered(court=("n08",)), ("n08",), Verdict.EXEMPTED),
        (answered(court=("n08",), agriculture=("n11",)), ("n08",), Verdict.NEGATIVE),
        ([*answered()[1:], Answer(DEPTS[0])], (), Verdict.WAITING),
        ([*answered(court=("n01",))[1:], Answer(DEPTS[0])], (), Verdict.ABSOLUTE),
        ([], (), Verdict.WAITING),
    ],
)
def test_what_the_answers_come_to(
    answers: list[Answer], exempted: tuple[str, ...], verdict: Verdict
) -> None:
    assert reviews.verdict(answers, exempted=exempted) is verdict


def test_a_result_counts_for_half_a_year() -> None:
    last = reviews.valid_until([date(2026, 1, 5), date(2026, 1, 9)])

    assert last == date(2026, 7, 8)
    assert reviews.verdict(answered(), valid_until=last, today=last) is Verdict.CLEAR
    assert reviews.verdict(answered(), valid_until=last, today=date(2026, 7, 9)) is Verdict.EXPIRED


@pytest.mark.parametrize(
    ("verdict", "refused"),
    [
        (Verdict.CLEAR, []),
        (Verdict.EXEMPTED, []),
        (Verdict.ABSOLUTE, ["candidate.review_failed"]),
        (Verdict.NEGATIVE, ["review.negative"]),
        (Verdict.WAITING, ["review.waiting"]),
        (Verdict.EXPIRED, ["review.expired"]),
    ],
)
def test_who_may_be_put_on_the_ballot(verdict: Verdict, refused: list[str]) -> None:
    assert codes(reviews.refuse_standing("李甲一", verdict, waiting=["公安局"])) == refused


@pytest.mark.parametrize(
    ("answers", "reason", "number", "refused"),
    [
        (answered(court=("n08",)), "已还清", "山组〔2026〕3号", []),
        (answered(court=("n08",)), "", "", ["reason_missing", "document_missing"]),
        (answered(court=("n01",)), "已还清", "山组〔2026〕3号", ["review.never_exempt"]),
        (answered(), "已还清", "山组〔2026〕3号", ["review.nothing_to_exempt"]),
    ],
)
def test_what_may_be_exempted(
    answers: list[Answer], reason: str, number: str, refused: list[str]
) -> None:
    found = reviews.refuse_exemption(answers, reason=reason, document_number=number)

    assert codes(found) == refused


ANSWER = {
    "result": "clear", "items": (), "text": "", "on": TODAY, "opened_on": TODAY, "today": TODAY,
    "letter": "", "on_paper": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"result": "negative", "text": "盗窃"}, ["review.items_missing"]),
        ({"result": "negative", "items": ("n01",)}, ["review.text_missing"]),
        ({"result": "negative", "items": ("n01",), "text": "盗窃"}, []),
        ({"items": ("n01",)}, ["review.items_without_problem"]),
        ({"result": "note"}, ["review.text_missing"]),
        ({"on": date(2026, 3, 3)}, ["review.day"]),
        ({"on": date(2026, 3, 1)}, ["review.day"]),
        ({"on_paper": True}, ["review.letter_missing"]),
        ({"on_paper": True, "letter": "公函〔2026〕8号"}, []),
    ],
)
def test_what_an_answer_must_say(changed: dict[str, Any], refused: list[str]) -> None:
    assert codes(reviews.refuse_answer(**(ANSWER | changed))) == refused  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "department"),
    [
        ("山阳县纪委监委", "discipline"),
        ("县公安局", "public_security"),
        ("山阳县人民法院", "court"),
        ("中共山阳县委政法委员会", "political_legal"),
        ("县委组织部", "organization"),
        ("县农业农村局", "agriculture"),
        ("县公安局交警大队", None),
        ("县财政局", None),
        ("县第一小学", None),
    ],
)
def test_which_department_a_unit_is(name: str, department: str | None) -> None:
    assert reviews.department_of(name) == department


POLICE, UNIT = Department.PUBLIC_SECURITY, UUID(int=7)
SETTLED = {one: reviews.Seat("paper") for one in Department if one not in reviews.BY_ROLE}
OUT = {one: reviews.Seat("out") for one in Department}


@pytest.mark.parametrize(
    ("seats", "said", "found"),
    [
        ({POLICE: reviews.Seat("unit", UNIT)}, {}, []),
        ({POLICE: reviews.Seat("out")}, {}, []),
        ({Department.AGRICULTURE: reviews.Seat("unit", UNIT)}, {}, []),
        ({POLICE: reviews.Seat("unit", UUID(int=8))}, {}, ["review.seat"]),  # of another county
        ({POLICE: reviews.Seat("unit")}, {}, ["review.seat"]),
        ({POLICE: reviews.Seat("paper", UNIT)}, {}, ["review.seat"]),
        ({POLICE: reviews.Seat("own")}, {}, ["review.seat"]),
        ({Department.DISCIPLINE: reviews.Seat("unit", UNIT)}, {}, ["review.seat"]),
        ({POLICE: reviews.Seat("paper")}, {}, ["review.same"]),
        ({POLICE: reviews.Seat("out")}, {"clause": " "}, ["review.clause"]),
        ({POLICE: reviews.Seat("out")}, {"since": date(2027, 1, 7)}, ["review.since"]),
        (OUT, {}, ["review.nobody"]),
    ],
)
def test_the_county_settles_who_answers_for_a_department(
    seats: dict[Department, reviews.Seat], said: dict[str, Any], found: list[str]
) -> None:
    usual = {"clause": "无文件", "since": TODAY, "today": date(2026, 1, 5)}
    refusals = reviews.refuse_seats(seats, before=SETTLED, known={UNIT}, **{**usual, **said})
    assert codes(refusals) == found


def test_nobody_is_asked_before_every_department_is_settled() -> None:
    assert not reviews.refuse_to_ask(SETTLED)
    [refusal] = reviews.refuse_to_ask(set(SETTLED) - {POLICE, Department.COURT})
    assert "法院、公安局。" in refusal.text
    assert codes(reviews.refuse_yearly(is_on=False)) == ["review.yearly_off"]


@pytest.mark.parametrize(
    ("department", "role", "may"),
    [
        ("court", "dept_staff", True),
        ("court", "county_discipline", False),
        ("discipline", "county_discipline", True),
        ("discipline", "dept_staff", False),
        ("agriculture", "county_agri", True),
        ("organization", "county_org_staff", True),
        ("court", "county_org_staff", True),  # what came on paper
        ("court", "town_org", False),
    ],
)
def test_who_answers_for_a_department(department: str, role: str, may: bool) -> None:
    assert reviews.may_answer(department, role) is may


# --- after the election ---------------------------------------------------------------------------


def test_seats_are_left_only_with_a_reason() -> None:
    assert codes(rules.refuse_vacancies({"vc_member": 1}, reason="")) == ["election.seats_left"]
    assert not rules.refuse_vacancies({"vc_member": 1}, reason="留待补选")
    assert not rules.refuse_vacancies({}, reason="")


@pytest.mark.parametrize(
    ("published_on", "vc_held_on", "refused"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), []),
        (date(2026, 3, 2), date(2026, 3, 1), ["change.published_late"]),
        (date(2026, 3, 2), None, []),
        (date(2026, 2, 28), date(2026, 3, 1), ["change.day_before"]),
        (date(2026, 3, 3), None, ["change.day_in_future"]),
    ],
)
def test_a_committee_is_published_on_the_spot(
    published_on: date, vc_held_on: date | None, refused: list[str]
) -> None:
    found = rules.refuse_to_publish(
        published_on, vc_held_on=vc_held_on, last_held_on=date(2026, 3, 1), today=TODAY
    )

    assert codes(found) == refused


def test_party_posts_are_approved_before_filing() -> None:
    refused = rules.refuse_to_file(has_party_posts=True, posts_approved=False, number="1号")

    assert codes(refused) == ["change.posts_not_approved"]
    assert not rules.refuse_to_file(has_party_posts=False, posts_approved=False, number="1号")


HANDOVER: dict[str, Any] = {
    "on": date(2026, 3, 2), "new_committee_on": date(2026, 2, 20), "today": date(2026, 4, 1),
    "items": tuple(HandoverItem), "signers": ("甲", "乙", "丙"), "late_reason": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"on": date(2026, 3, 3)}, ["handover.late"]),
        ({"on": date(2026, 3, 3), "late_reason": "账目核对"}, []),
        ({"on": date(2026, 2, 19)}, ["change.day_before"]),
        ({"items": tuple(HandoverItem)[1:]}, ["handover.items"]),
        ({"signers": ("甲", "", "丙")}, ["handover.signers"]),
    ],
)
def test_everything_is_handed_over_within_ten_days(
    changed: dict[str, Any], refused: list[str]
) -> None:
    assert codes(rules.refuse_handover(**(HANDOVER | changed))) == refused


DATES = rules.Dates(
    planned_on=date(2026, 3, 20), review_due_on=date(2026, 3, 16),
    new_committee_on=date(2026, 3, 20), handed_over_on=date(2026, 3, 28),
    mend_due_on=date(2026, 5, 1), plan_approved=True, posts_approved=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "due_on", "roles"),
    [
        ("reviewing", date(2026, 3, 16), ("county_org_staff", "county_org_admin")),
        ("nominated", date(2026, 3, 20), ("town_org",)),
        ("elected", date(2026, 3, 20), ("village_secretary", "village_org")),
        ("filed", date(2026, 3, 30), ("town_org",)),
        ("handed_over", date(2026, 9, 28), ("town_org", "county_org_staff", "county_org_admin")),
        ("looked_back", date(2026, 5, 1), ("town_org", "county_org_staff", "county_org_admin")),
    ],
)
def test_what_is_due_when_and_from_whom(state: str, due_on: date, roles: tuple[str, ...]) -> None:
    due = rules.next_due(state, DATES)

    assert due is not None
    assert (due.on, due.roles) == (due_on, roles)


def test_whoever_has_to_act_first_is_asked_first() -> None:
    unapproved = replace(DATES, plan_approved=False, posts_approved=False)

    assert rules.next_due("preparing", unapproved).roles == ("town_secretary",)  # type: ignore[union-attr]
    assert rules.next_due("preparing", DATES).roles == ("town_org",)  # type: ignore[union-attr]
    assert rules.next_due("published", unapproved).roles == ("town_secretary",)  # type: ignore[union-attr]
    assert rules.next_due("closed", DATES) is None


# --- looking back ---------------------------------------------------------------------------------

CHECK: dict[str, Any] = {
    "result": "problem", "evidence": "档案缺一页", "owner": "李甲一", "names_person": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("item", "changed", "refused"),
    [
        ("lb14", {}, []),
        ("lb14", {"owner": ""}, ["lookback.owner"]),
        ("lb14", {"evidence": ""}, ["lookback.evidence"]),
        ("lb14", {"result": "n_a", "evidence": "", "owner": ""}, []),
        ("lb14", {"result": "pass", "owner": ""}, []),
        ("lb01", {}, ["lookback.person"]),
        ("lb01", {"names_person": True}, []),
        ("lb11", {}, ["lookback.person"]),
        ("lb01", {"result": "n_a"}, ["lookback.always"]),
    ],
)
def test_what_a_check_must_say(item: str, changed: dict[str, Any], refused: list[str]) -> None:
    assert codes(lookback.refuse_check(item, **(CHECK | changed))) == refused


@pytest.mark.parametrize(
    ("item", "due_on"),
    [("lb01", date(2026, 4, 1)), ("lb11", date(2026, 4, 1)), ("lb06", date(2026, 5, 31))],
)
def test_until_when_a_problem_is_mended(item: str, due_on: date) -> None:
    assert lookback.mend_due(item, found_on=TODAY) == due_on


@pytest.mark.parametrize(
    ("item", "outcome", "post", "allowed"),
    [
        ("lb01", "removed", "party_secretary", True),
        ("lb01", "recalled", "party_secretary", False),
        ("lb01", "removed", "vc_director", False),  # only the voters, or he himself
        ("lb01", "resigned", "vc_director", True),
        ("lb11", "recalled", "vc_member", True),
        ("lb11", "ended", "vc_member", True),
        ("lb01", "corrected", "vc_member", True),
        ("lb06", "removed", "party_secretary", False),
        ("lb06", "corrected", "", True),
    ],
)
def test_how_a_problem_is_mended(item: str, outcome: str, post: str, allowed: bool) -> None:
    found = lookback.refuse_to_mend(
        item, outcome=outcome, text="已办", post=post, on=TODAY, found_on=TODAY, today=TODAY
    )

    assert (not found) is allowed


def test_only_the_two_items_of_a_person_are_exempted() -> None:
    for item in LookBackItem:
        found = lookback.refuse_mend_exemption(item, reason="见文", document_number="1号")
        assert codes(found) == ([] if item in ("lb01", "lb11") else ["lookback.no_exemption"])


def test_whoever_reports_a_problem_mended_does_not_close_it() -> None:
    assert lookback.refuse_to_verify(mended_by="1", hand="1")
    assert not lookback.refuse_to_verify(mended_by="1", hand="2")


def test_all_fourteen_are_answered_before_the_look_back_is_over() -> None:
    checked = [lookback.Checked(one, "pass") for one in LookBackItem]

    assert not lookback.refuse_to_finish(checked)
    assert codes(lookback.refuse_to_finish(checked[1:])) == ["lookback.unanswered"]


@pytest.mark.parametrize(
    ("mend", "may_close"), [("", True), ("open", False), ("mended", False), ("closed", True),
                            ("exempted", True)],
)  # fmt: skip
def test_nothing_is_archived_with_a_problem_open(mend: str, may_close: bool) -> None:
    checked = [lookback.Checked("lb06", "problem", mend)]

    assert (not lookback.refuse_to_close(checked)) is may_close


@pytest.mark.parametrize(
    ("post", "verdict", "followed"),
    [
        ("party_secretary", Verdict.ABSOLUTE, ["organization.sitting.party"]),
        ("vc_director", Verdict.ABSOLUTE, ["organization.sitting.committee"]),
        ("vc_director", Verdict.NEGATIVE, []),
        ("vc_director", Verdict.CLEAR, []),
    ],
)
def test_what_follows_for_a_cadre_in_office(
    post: str, verdict: Verdict, followed: list[str]
) -> None:
    assert [line.act for _, line in reviews.follows_for(post, verdict)] == followed
