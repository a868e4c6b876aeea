"""From the plan to the archive: what the actions keep, refuse and set going (1.7, 1.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import CountySetting, Relative, VillageOfficer
from lingyan.organization import facts_of_neighbours as neighbours
from lingyan.organization.actions import joint_reviews as reviews
from lingyan.organization.actions import lookback, term_changes
from lingyan.organization.actions.term_changes import Handover
from lingyan.organization.models import JointReview, LookBackCheck, Term, TermChange
from lingyan.organization.rules.term_words import HandoverItem, LookBackItem
from lingyan.platform.audit.models import AuditEntry
from lingyan.supervision.actions.tasks import escalate_tasks
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.queries.tasks import list_mine
from tests.organization.elect_scene import (
    ANSWERED,
    ELECTION,
    PLAN,
    TODAY,
    VC_COUNT,
    Election,
    election,
    papers,
)
from tests.world import World

HANDOVER = Handover(
    on=date(2026, 2, 15), items=[one.value for one in HandoverItem], handed_by="田丁一",
    received_by="田丁二", supervised_by="石丙四",
)  # fmt: skip


@pytest.fixture
def scene(world: World) -> Iterator[Election]:
    with clock.at(TODAY):
        yield election(world)


def refused(found: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code.removeprefix("organization.") for one in found.value.refusals}


def held(village: object) -> set[tuple[str, str]]:
    rows = VillageOfficer.objects.filter(village=village, until__isnull=True)
    return {(one.person.name, one.post) for one in rows.select_related("person")}


# --- the plan -------------------------------------------------------------------------------------


def test_the_plan_is_approved_by_another_before_anything_is_done(scene: Election) -> None:
    change = scene.opened()

    with pytest.raises(Refused) as early:
        term_changes.assess(change, text="好", actor=scene.world.north_org)
    with pytest.raises(Refused) as other_town:
        term_changes.approve_plan(change, actor=scene.world.south_org)
    change = term_changes.approve_plan(change, actor=scene.town_secretary)
    change = term_changes.redraft_plan(
        change, replace(PLAN, planned_on=date(2026, 2, 20)), actor=scene.world.north_org
    )

    assert refused(early) == {"change.plan_not_approved"}
    assert refused(other_town) == {"directory.outside_scope"}
    assert change.plan_approved_on is None, "a plan that was changed is approved again"


def test_a_village_has_one_term_change_and_terms_that_run(scene: Election) -> None:
    scene.opened()

    with pytest.raises(Refused) as twice:
        scene.opened()
    with pytest.raises(Refused) as no_term:
        term_changes.open_change(scene.world.brook, PLAN, actor=scene.world.north_org)

    assert refused(twice) == {"change.under_way"}
    assert refused(no_term) == {"change.no_term"}


# --- candidates and the review --------------------------------------------------------------------


def test_whoever_is_sanctioned_or_related_to_a_supervisor_does_not_stand(
    scene: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = scene.assessing()
    hua, jin = scene.people["hua"], scene.people["jin"]
    monkeypatch.setattr(neighbours, "SANCTIONED", [lambda ids, on: frozenset({hua.pk})])
    Relative.objects.create(person=jin, other=scene.people["wei"], relation="sibling")
    VillageOfficer.objects.create(
        person=scene.people["wei"], village=scene.world.pine, post="sup_director",
        since=date(2021, 3, 10),
    )  # fmt: skip

    with pytest.raises(Refused) as sanctioned:
        scene.propose(change, "hua", ["vc_director"])
    with pytest.raises(Refused) as related:
        scene.propose(change, "jin", ["vc_member"])
    scene.propose(change, "jin", ["party_secretary"])

    assert refused(sanctioned) == {"candidate.sanctioned"}
    assert refused(related) == {"candidate.kinship"}


def test_papers_and_numbers_are_complete_before_the_departments_are_asked(scene: Election) -> None:
    change = scene.assessing()
    term_changes.propose_candidate(
        change, scene.people["hua"], replace(papers(["vc_director"]), consented_on=None),
        actor=scene.world.pine_secretary,
    )  # fmt: skip

    with pytest.raises(Refused) as found:
        term_changes.submit_candidates(change, actor=scene.world.pine_secretary)

    assert refused(found) == {"candidate.papers", "change.too_few_candidates"}
    assert not JointReview.objects.exists()


def test_eleven_departments_are_asked_and_each_answers_for_itself(scene: Election) -> None:
    change = scene.submitted()
    answer = scene.answer_of(change, "hua", "public_security")
    of_court = scene.answer_of(change, "hua", "court")

    reviews.answer_review(answer, result="clear", answered_on=TODAY, actor=scene.police)

    assert JointReview.objects.count() == 4
    assert scene.review_of(change, "hua").answers.count() == 11
    assert scene.review_of(change, "hua").due_on == date(2026, 1, 19), "ten working days"
    with pytest.raises(Exception, match="No ReviewAnswer matches"):
        reviews.answer_review(of_court, result="clear", answered_on=TODAY, actor=scene.police)
    with pytest.raises(Refused) as on_paper:
        reviews.answer_review(
            of_court, result="clear", answered_on=TODAY, actor=scene.world.officer
        )
    assert refused(on_paper) == {"review.letter_missing"}


def test_n01_stops_a_candidate_until_another_stands(scene: Election) -> None:
    change = scene.submitted()
    reviews.answer_review(
        scene.answer_of(change, "mei", "public_security"), result="negative", items=["n01"],
        text="2015年因盗窃被判处有期徒刑", answered_on=TODAY, actor=scene.police,
    )  # fmt: skip
    scene.clear_all(change)

    with clock.at(ANSWERED):
        with pytest.raises(Refused) as stopped:
            term_changes.confirm_candidates(change, actor=scene.world.officer)
        with pytest.raises(Refused) as never:
            reviews.exempt_review(
                scene.review_of(change, "mei"), text="情节轻微", document_number="1号",
                actor=scene.world.leader,
            )  # fmt: skip
        term_changes.drop_candidate(
            change.candidates.get(person=scene.people["mei"]), text="联审不通过",
            actor=scene.world.north_org,
        )  # fmt: skip
        with pytest.raises(Refused) as too_few:
            term_changes.confirm_candidates(change, actor=scene.world.officer)
        scene.propose(change, "wei", ["vc_member"])
        with pytest.raises(Refused) as waiting:
            term_changes.confirm_candidates(change, actor=scene.world.officer)
    scene.clear_all(change)
    with clock.at(ANSWERED):
        change = term_changes.confirm_candidates(change, actor=scene.world.officer)

    assert refused(stopped) == {"candidate.review_failed"}
    assert "不得提名" in str(stopped.value)
    assert refused(never) == {"review.never_exempt"}
    assert refused(too_few) == {"change.too_few_candidates"}
    assert refused(waiting) == {"review.waiting"}
    assert change.state == "nominated"
    told = AuditEntry.objects.filter(action="organization.review.answered").values_list(
        "changes", flat=True
    )
    assert not [one for one in told if "n01" in str(one)], "what was found is not in the history"


def test_another_finding_is_let_through_by_the_leader_alone(scene: Election) -> None:
    change = scene.submitted()
    reviews.answer_review(
        scene.answer_of(change, "mei", "court"), result="negative", items=["n08"],
        text="担保债务未清", answered_on=TODAY, letter_number="法函1号",
        actor=scene.world.officer,
    )  # fmt: skip
    scene.clear_all(change)
    review = scene.review_of(change, "mei")

    with clock.at(ANSWERED):
        with pytest.raises(Refused) as stopped:
            term_changes.confirm_candidates(change, actor=scene.world.officer)
        with pytest.raises(Refused):
            reviews.exempt_review(
                review, text="已还清", document_number="1号", actor=scene.world.officer
            )
        reviews.exempt_review(
            review, text="已还清", document_number="山组〔2026〕9号", actor=scene.world.leader
        )
        change = term_changes.confirm_candidates(change, actor=scene.world.officer)

    assert refused(stopped) == {"review.negative"}
    assert change.state == "nominated"


def test_a_result_that_is_too_old_is_asked_for_again(scene: Election) -> None:
    change = scene.submitted()
    scene.clear_all(change)

    with clock.at(date(2026, 7, 8)):
        with pytest.raises(Refused) as expired:
            term_changes.confirm_candidates(change, actor=scene.world.officer)
        for name in ("hua", "jin", "mei", "ping"):
            reviews.open_again(scene.review_of(change, name), actor=scene.world.officer)
        with pytest.raises(Refused) as waiting:
            term_changes.confirm_candidates(change, actor=scene.world.officer)

    assert refused(expired) == {"review.expired"}
    assert refused(waiting) == {"review.waiting"}


def test_a_cadre_in_office_who_is_found_unfit_leaves_within_thirty_days(scene: Election) -> None:
    [review] = reviews.open_yearly_reviews(scene.world.north, actor=scene.world.officer)
    answer = review.answers.get(department="discipline")

    reviews.answer_review(
        answer, result="negative", items=["n03"], text="涉黑", answered_on=TODAY,
        actor=scene.discipline,
    )  # fmt: skip
    again = reviews.answer_review(
        answer, result="negative", items=["n03"], text="涉黑，已判决", answered_on=TODAY,
        actor=scene.discipline,
    )  # fmt: skip

    assert again.items == ["n03"]
    tasks = SupervisionTask.objects.order_by("rule")
    assert [(one.rule, one.due_on) for one in tasks] == [
        ("G-14 party_secretary", date(2026, 2, 4)),
        ("G-14 vc_director", date(2026, 2, 4)),
    ]
    north = scene.world.north
    assert {(one.level, one.office) for one in tasks} == {("town", north)}
    assert "免职" in tasks[0].what
    assert "罢免" in tasks[1].what
    with pytest.raises(Refused) as twice:
        reviews.open_yearly_reviews(scene.world.north, actor=scene.world.officer)
    assert refused(twice) == {"review.all_known"}
    with clock.at(date(2026, 1, 20)):
        assert escalate_tasks() == 2
    assert {one.level for one in tasks.all()} == {"county"}


# --- the election ---------------------------------------------------------------------------------


def test_a_meeting_without_quorum_elects_nobody_and_is_held_again(scene: Election) -> None:
    change = scene.party_meets(scene.nominated())
    few = replace(VC_COUNT, attended=150, issued=150, returned=150, valid=150)

    change = scene.meets(change, few, {("hua", "vc_director"): 150})
    state, reason = change.state, change.steps.filter(act="fail").get().text
    with clock.at(ELECTION):
        change = term_changes.elect_again(change, planned_on=ELECTION, actor=scene.world.north_org)
    change = scene.committee_meets(change)

    assert state == "failed"
    assert "没有过半数" in reason
    assert change.state == "elected", "what the Party chose stands"
    assert change.meetings.count() == 3


def test_seats_that_nobody_won_are_voted_for_again_with_a_third(scene: Election) -> None:
    change = scene.party_meets(scene.nominated())
    change = scene.meets(
        change, VC_COUNT,
        {("hua", "vc_director"): 150, ("jin", "vc_member"): 90, ("mei", "vc_member"): 110,
         ("ping", "vc_member"): 70},
    )  # fmt: skip

    left = change.state
    change = scene.meets(change, VC_COUNT, {("jin", "vc_member"): 67, ("ping", "vc_member"): 66})

    assert left == "nominated"
    assert change.state == "elected"
    runoff = change.meetings.get(kind="runoff")
    assert [one.candidate.person.name for one in runoff.tallies.filter(is_elected=True)] == [
        "田丁三"
    ]


def test_an_election_declared_void_is_gone_through_again(scene: Election) -> None:
    change = scene.elected()

    with clock.at(ELECTION):
        change = term_changes.declare_failed(
            change, body="vc", text="查实拉票", actor=scene.world.north_org
        )
        change = term_changes.replace_candidates(
            change, text="更换候选人", actor=scene.world.north_org
        )
        term_changes.drop_candidate(
            change.candidates.get(person=scene.people["ping"]), text="拉票",
            actor=scene.world.north_org,
        )  # fmt: skip
        scene.propose(change, "wei", ["vc_member"])

    assert change.state == "reviewing"
    assert held(scene.world.pine) == {("田丁一", "party_secretary"), ("田丁一", "vc_director")}


# --- the result -----------------------------------------------------------------------------------


def test_the_result_ends_the_old_posts_and_writes_the_new(scene: Election) -> None:
    change = scene.filed()

    assert change.state == "filed"
    assert held(scene.world.pine) == {
        ("田丁二", "party_secretary"), ("田丁二", "vc_director"), ("田丁四", "vc_member"),
        ("田丁三", "vc_member"),
    }  # fmt: skip
    for one in scene.old.values():
        one.refresh_from_db()
        assert (one.until, one.end_reason) == (ELECTION, "term_ended")
    terms = Term.objects.filter(village=scene.world.pine, until__isnull=True).order_by("kind")
    assert [(one.kind, one.number, one.since) for one in terms] == [
        ("party", 10, ELECTION), ("vc", 10, ELECTION),
    ]  # fmt: skip


def test_the_committee_is_published_on_the_day_and_the_party_approved_before_filing(
    scene: Election,
) -> None:
    change = scene.elected()

    with clock.at(date(2026, 2, 11)):
        with pytest.raises(Refused) as late:
            term_changes.publish_result(
                change, published_on=date(2026, 2, 11), actor=scene.village_org
            )
        term_changes.publish_result(change, published_on=ELECTION, actor=scene.village_org)
        with pytest.raises(Refused) as unapproved:
            term_changes.file_result(change, document_number="1号", actor=scene.world.officer)

    assert refused(late) == {"change.published_late"}
    assert refused(unapproved) == {"change.posts_not_approved"}


# --- hand-over and look-back ----------------------------------------------------------------------


def handed_over(scene: Election) -> TermChange:
    change = scene.filed()
    with clock.at(HANDOVER.on):
        return term_changes.hand_over(change, HANDOVER, actor=scene.world.north_org)


def check_all(scene: Election, change: TermChange, *, but: str = "") -> None:
    for check in LookBackCheck.objects.filter(change=change).exclude(item=but).order_by("item"):
        lookback.check_item(check, result="pass", evidence="查看档案", actor=scene.world.north_org)


def test_a_hand_over_after_ten_days_says_why(scene: Election) -> None:
    change = scene.filed()

    with clock.at(date(2026, 2, 21)):
        with pytest.raises(Refused) as late:
            term_changes.hand_over(
                change, replace(HANDOVER, on=date(2026, 2, 21)), actor=scene.world.north_org
            )
        change = term_changes.hand_over(
            change, replace(HANDOVER, on=date(2026, 2, 21), late_reason="账目核对"),
            actor=scene.world.north_org,
        )  # fmt: skip

    assert refused(late) == {"handover.late"}
    assert change.state == "handed_over"
    assert change.checks.count() == len(LookBackItem)


def test_a_problem_of_qualification_ends_a_post_only_in_the_way_of_that_post(
    scene: Election,
) -> None:
    change = handed_over(scene)
    director = VillageOfficer.objects.get(
        village=scene.world.pine, post="vc_director", until__isnull=True
    )
    check = change.checks.get(item="lb01")
    day = date(2026, 3, 2)

    with clock.at(day):
        check_all(scene, change, but="lb01")
        check = lookback.check_item(
            check, result="problem", evidence="学历造假", owner="高乙六", officer=director,
            actor=scene.world.north_org,
        )  # fmt: skip
        task = SupervisionTask.objects.get(rule="R-1-32")
        [waiting] = list_mine(scene.world.north_org)
        with pytest.raises(Refused) as removed:
            lookback.mend(
                check, outcome="removed", text="免职", mended_on=day, document_number="1号",
                actor=scene.world.north_org,
            )  # fmt: skip
        change = term_changes.finish_look_back(change, actor=scene.world.north_org)
        with pytest.raises(Refused) as early:
            term_changes.close_change(change, actor=scene.world.officer)
        lookback.mend(
            check, outcome="resigned", text="本人辞职", mended_on=day,
            actor=scene.world.north_org,
        )  # fmt: skip
        lookback.send_back(check, text="缺辞职书", actor=scene.world.officer)
        lookback.mend(
            check, outcome="resigned", text="本人辞职，附辞职书", mended_on=day,
            actor=scene.world.north_org,
        )  # fmt: skip
        lookback.verify(check, actor=scene.world.officer)
        change = term_changes.close_change(change, actor=scene.world.officer)

    assert waiting == task
    assert (task.due_on, check.due_on) == (date(2026, 4, 1), date(2026, 4, 1))
    assert refused(removed) == {"lookback.outcome"}
    assert refused(early) == {"lookback.open"}
    director.refresh_from_db()
    assert (director.until, director.end_reason) == (day, "resigned")
    assert change.state == "closed"


def test_other_problems_are_mended_within_the_days_of_the_county(scene: Election) -> None:
    change = handed_over(scene)
    CountySetting.objects.create(
        county=scene.world.county, key="term.mend_days", amount=60, since=TODAY, clause="无文件",
        made_by_name="陈乙一", made_at=clock.now(),
    )  # fmt: skip
    office = VillageOfficer.objects.filter(until=None).order_by("pk").first()
    with clock.at(date(2026, 3, 2)):
        due = [
            lookback.check_item(
                change.checks.get(item=item), result="problem", evidence="不到位", owner="高乙六",
                officer=officer, actor=scene.world.north_org,
            ).due_on
            for item, officer in (
                ("lb02", None), ("lb11", office),
            )
        ]  # fmt: skip

    assert due == [date(2026, 5, 1), date(2026, 4, 1)]


def test_the_election_day_is_moved_by_the_secretary_with_a_document(scene: Election) -> None:
    change = scene.opened()

    with pytest.raises(Refused) as too_far:
        term_changes.reschedule(
            change, planned_on=date(2027, 3, 11), document_number="1号", text="疫情",
            actor=scene.town_secretary,
        )  # fmt: skip
    change = term_changes.reschedule(
        change, planned_on=date(2027, 3, 10), document_number="1号", text="疫情",
        actor=scene.town_secretary,
    )  # fmt: skip

    assert refused(too_far) == {"change.moved_too_far"}
    assert change.planned_on == date(2027, 3, 10)
