"""From the first visit to the clearing, an extension, visits afterwards and a relapse (4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models import Sum

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.organization import facts
from lingyan.organization.actions import acceptance, rect_ballots, rect_problems, rect_visits
from lingyan.organization.models import (
    LeaderVisit,
    RectBallotCode,
    RectificationCase,
    RectProblem,
    RectSupport,
    SatisfactionVote,
)
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.rules import acceptance as rules
from lingyan.platform.audit.models import AuditEntry
from lingyan.supervision.models import SupervisionTask
from tests.organization.rect_scene import (
    GROUP,
    Scene,
    cleared,
    into_acceptance,
    judged,
    put_right,
    rectifying,
)
from tests.world import World

TODAY = date(2026, 6, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    with clock.at(TODAY):
        yield rectifying(world)


def refused(act: Any, *args: Any, **said: Any) -> list[str]:
    with pytest.raises(Refused) as why:
        act(*args, **said)
    return [one.code.removeprefix("organization.") for one in why.value.refusals]


def bound(scene: Scene) -> bool:
    return bool(facts.rectification_open([scene.world.pine.pk]))


def visit(scene: Scene, on: date, actor: Any = None, **more: Any) -> LeaderVisit:
    said = {"places": "村委会、二组", "talked_to": "党员5人", "problems_text": "公开栏还空着"}
    return rect_visits.add_visit(scene.case, on=on, **{**said, **more}, actor=actor or scene.head)


# --- visits (R-4-04) ------------------------------------------------------------------------------


def test_each_missed_month_becomes_one_task_and_a_late_note_takes_it_away(scene: Scene) -> None:
    visit(scene, date(2026, 4, 8))

    assert rect_visits.raise_missed_visits() == 2
    assert rect_visits.raise_missed_visits() == 2  # done again it does no harm
    tasks = SupervisionTask.objects.order_by("period")
    assert [(one.rule, one.period, one.state) for one in tasks] == [
        ("R-4-04", "2026-03", "open"), ("R-4-04", "2026-05", "open"),
    ]  # fmt: skip
    assert "松树村整顿：2026 年 3 月联村县级领导（康丁四）没有到村督查" in tasks[0].what

    visit(scene, date(2026, 5, 20))
    assert tasks.get(period="2026-05").state == "void"
    assert rect_visits.raise_missed_visits() == 1


def test_only_the_leader_of_the_village_or_the_office_writes_a_visit(scene: Scene) -> None:
    for actor in (scene.town, scene.secretary, scene.world.leader):
        assert refused(visit, scene, TODAY, actor) == ["visit.not_yours"]
    assert not LeaderVisit.objects.exists()

    assert visit(scene, TODAY, scene.world.officer).support.name == "康丁四"
    assert refused(visit, scene, TODAY) == ["visit.twice"]


def test_what_a_visit_lists_becomes_a_problem_without_a_measure(scene: Scene) -> None:
    visit(scene, TODAY, listed=["账目没有公开"])

    problem = RectProblem.objects.get(origin="visit")
    assert (problem.description, problem.measure, problem.state) == ("账目没有公开", "", "open")
    assert problem.due_on == date(2026, 7, 15)


# --- problems, checkups, reports ------------------------------------------------------------------


def test_whoever_put_a_problem_right_does_not_verify_it(scene: Scene) -> None:
    said = rect_problems.Said
    problem = rect_problems.step_problem(
        scene.problem, "begin", said(measure="公开", owner="宋乙八", due_on=TODAY),
        actor=scene.secretary,
    )  # fmt: skip
    assert refused(
        rect_problems.step_problem, problem, "finish", said(), actor=scene.secretary
    ) == ["rectproblem.text"]
    problem = rect_problems.step_problem(
        problem, "finish", said(text="照片"), actor=scene.secretary
    )
    RectProblem.objects.update(done_by_id=scene.town.user_id)

    codes = refused(rect_problems.step_problem, problem, "verify", said(text="看过"),
                    actor=scene.secretary)  # fmt: skip
    assert codes == ["rectproblem.wrong_role"]
    problem.refresh_from_db()
    codes = refused(rect_problems.step_problem, problem, "verify", said(text="看过"),
                    actor=scene.town)  # fmt: skip
    assert codes == ["rectproblem.own_work"]
    done = rect_problems.step_problem(
        problem, "verify", said(text="看过"), actor=scene.world.north_org
    )
    assert done.state == "verified"


SEEN = {
    "team_run": "两委会每周开",
    "members": "看了记录",
    "govern": "看了台账",
    "economy": "看了账",
}


def test_each_finding_of_a_checkup_becomes_a_problem_once_a_month(scene: Scene) -> None:
    make = rect_problems.make_checkup
    findings = {"govern": ["四议两公开缺记录", "公开栏没有更新"], "economy": []}
    checkup = make(scene.case, on=TODAY, seen=SEEN, findings=findings, actor=scene.town)

    found = list(checkup.problems.order_by("pk").values_list("topic", "origin"))
    assert found == [("govern", "checkup")] * 2
    again = refused(make, scene.case, on=TODAY, seen=SEEN, findings={}, actor=scene.town)
    assert again == ["checkup.twice"]
    short = {**SEEN, "economy": " "}
    assert refused(
        make, scene.case, on=date(2026, 5, 9), seen=short, findings={}, actor=scene.secretary
    ) == ["checkup.wrong_role", "checkup.topics"]


def test_a_report_counts_what_the_records_say(scene: Scene) -> None:
    visit(scene, date(2026, 5, 20))
    send = rect_problems.send_report
    report = send(scene.case, month=date(2026, 5, 1), text="进展顺利", actor=scene.town)

    assert report.figures == {
        "visits": 1, "checkups": 0, "problems": 1, "found": 0, "verified": 0
    }  # fmt: skip
    said = {"month": date(2026, 5, 1), "text": "进展顺利"}
    assert refused(send, scene.case, **said, actor=scene.town) == ["rectreport.twice"]
    early = {**said, "month": date(2026, 2, 1)}
    assert refused(send, scene.case, **early, actor=scene.world.officer) == [
        "rectreport.wrong_role", "rectreport.outside",
    ]  # fmt: skip


# --- checks and acceptance ------------------------------------------------------------------------


def test_the_self_check_needs_both_signatures_and_every_problem_done(scene: Scene) -> None:
    sign = acceptance.sign_self_check
    codes = refused(sign, scene.case, text="好", actor=scene.secretary)
    assert codes == ["rect.problems_open"]
    put_right(scene)

    sign(scene.case, text="好", actor=scene.secretary)
    assert scene.again().state == "rectifying"
    codes = refused(sign, scene.case, text="好", actor=scene.secretary)
    assert codes == ["rect.signed_already"]
    assert sign(scene.case, text="好", actor=scene.first).state == "self_checked"

    back = acceptance.send_back(scene.case, text="台账不全", actor=scene.town)
    assert (back.state, back.self_checked_by) == ("rectifying", {})


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ("安丁一\n白丁二", "group_small"),
        ("安丁一\n白丁二\n康丁四", "group_serves"),  # the county leader
        ("安丁一\n白丁二\n李甲一", "group_serves"),  # the first secretary
        ("安丁一\n白丁二\n车丁三 县财政局", "group_serves"),  # of the unit that supports
    ],
)
def test_none_of_those_who_serve_the_village_inspects_it(
    scene: Scene, members: str, code: str
) -> None:
    RectProblem.objects.update(state="verified")
    RectificationCase.objects.update(state="town_checked")

    codes = refused(
        acceptance.open_inspection, scene.case, members=rules.members_of(members),
        actor=scene.world.officer,
    )  # fmt: skip
    assert codes == [f"acceptance.{code}"]
    assert scene.again().state == "town_checked"


def test_a_village_fails_on_satisfaction_is_kept_on_and_then_cleared(scene: Scene) -> None:
    put_right(scene)
    into_acceptance(scene)
    leader, due_on = scene.world.leader, date(2026, 12, 15)
    clear, extend = acceptance.clear_case, acceptance.extend_case
    assert refused(clear, scene.case, actor=leader) == ["acceptance.unscored", "acceptance.no_vote"]

    judged(scene, content=23, against=7)
    assert refused(clear, scene.case, actor=leader) == ["acceptance.not_passed"]
    again = refused(
        rect_ballots.make_slips, scene.case, households=120, slips=30, actor=scene.world.officer
    )
    assert again == ["vote.valid"]  # one does not ask until the answer pleases
    case = extend(scene.case, due_on=due_on, text="群众不满意", actor=leader)
    assert (case.state, case.due_on, case.extended) == ("rectifying", due_on, 1)
    assert bound(scene)

    into_acceptance(scene)
    judged(scene, content=24, against=6)
    codes = refused(extend, scene.case, due_on=due_on, text="再看看", actor=leader)
    assert codes == ["acceptance.passed"]
    case = clear(scene.case, actor=leader)

    assert (case.state, case.cleared_on, bound(scene)) == ("cleared", TODAY, False)
    assert [one.result for one in case.inspections.order_by("round")] == ["failed", "passed"]
    assert RectProblem.objects.get().state == "closed"
    assert [str(one.due_on) for one in case.follow_ups.order_by("months")] == [
        "2026-09-15", "2026-12-15",
    ]  # fmt: skip


def test_a_reopened_grave_problem_keeps_the_village_on_the_list(world: World) -> None:
    with clock.at(TODAY):
        scene = rectifying(world, situation="W06")
        put_right(scene)
        into_acceptance(scene)
        judged(scene, content=30, against=0)
        problem = RectProblem.objects.select_related("case").get()
        rect_problems.step_problem(
            problem, "reopen", rect_problems.Said(text="又有人干扰"), actor=world.officer
        )

        codes = refused(acceptance.clear_case, scene.case, actor=world.leader)
        assert codes == ["acceptance.not_passed"]
        rect_problems.step_problem(
            RectProblem.objects.select_related("case").get(), "begin",
            rect_problems.Said(measure="再查", owner="宋乙八", due_on=TODAY), actor=scene.town,
        )  # fmt: skip


def test_whoever_wrote_down_the_score_does_not_clear(scene: Scene) -> None:
    put_right(scene)
    into_acceptance(scene)
    judged(scene, content=30, against=0)
    scene.case.inspections.update(scored_by_id=scene.world.leader.user_id)

    codes = refused(acceptance.clear_case, scene.case, actor=scene.world.leader)
    assert codes == ["directory.same_person"]
    codes = refused(acceptance.clear_case, scene.case, actor=scene.world.officer)
    assert codes == ["rect.wrong_role"]


# --- the secret vote (R-4-07) ---------------------------------------------------------------------


@pytest.fixture
def voting(scene: Scene) -> Scene:
    RectProblem.objects.update(state="verified")
    RectificationCase.objects.update(state="town_checked")
    acceptance.open_inspection(
        scene.case, members=rules.members_of(GROUP), actor=scene.world.officer
    )
    return scene


def test_a_ballot_counts_once_and_nothing_tells_who_gave_it(voting: Scene) -> None:
    officer = voting.world.officer
    vote = rect_ballots.make_slips(voting.again(), households=120, slips=30, actor=officer)
    codes = rect_ballots.show_slips(vote, actor=officer)
    slip = rect_ballots.find_ballot(codes[0].lower())
    assert slip is not None
    assert len(codes) == 30
    assert refused(rect_ballots.cast_ballot, slip, "basic") == ["vote.closed"]

    rect_ballots.hand_out(vote, actor=officer)
    assert rect_ballots.show_slips(vote, actor=officer) == []
    slip = rect_ballots.find_ballot(codes[0])
    assert slip is not None
    rect_ballots.cast_ballot(slip, "basic")
    assert refused(rect_ballots.cast_ballot, slip, "basic") == ["vote.used"]

    counted = SatisfactionVote.objects.aggregate(Sum("satisfied"), Sum("basic"), Sum("unsatisfied"))
    assert list(counted.values()) == [0, 1, 0]
    entry = AuditEntry.objects.filter(action="organization.vote.cast").get()
    assert (entry.actor_user_id, entry.client_address, entry.changes) == (None, "", {})
    names = {one.name for one in RectBallotCode._meta.get_fields()}
    assert not {name for name in names if "at" in name.split("_") or "choice" in name}


def test_few_content_villagers_are_a_problem_that_is_put_right_first(voting: Scene) -> None:
    judged(voting, content=17, against=13)
    case = acceptance.extend_case(
        voting.again(), due_on=date(2026, 12, 15), text="群众不满意", actor=voting.world.leader
    )

    problem = RectProblem.objects.get(situation="W09")
    assert (problem.description, problem.origin) == ("群众满意度 56.7%，低于 60%", "check")
    assert case.situations.get(code="W09").evidence == problem.description
    codes = refused(acceptance.sign_self_check, case, text="好", actor=voting.secretary)
    assert codes == ["rect.problems_open"]


def test_too_few_ballots_make_the_vote_void_and_it_is_held_again(voting: Scene) -> None:
    judged(voting, content=23, against=0)

    codes = refused(acceptance.clear_case, voting.again(), actor=voting.world.leader)
    assert codes == ["acceptance.vote_invalid"]
    again = rect_ballots.make_slips(
        voting.again(), households=120, slips=30, actor=voting.world.officer
    )
    assert (again.attempt, queries.counted_vote(again.inspection)) == (2, None)


@pytest.mark.parametrize("who", ["town", "secretary", "first", "head"])
def test_those_who_serve_the_village_have_no_hand_in_the_vote(voting: Scene, who: str) -> None:
    codes = refused(
        rect_ballots.make_slips, voting.again(), households=120, slips=30,
        actor=getattr(voting, who),
    )  # fmt: skip
    assert codes == ["vote.wrong_role"]


def test_village_cadres_stay_away_from_the_count(voting: Scene) -> None:
    officer = voting.world.officer
    vote = rect_ballots.make_slips(voting.again(), households=120, slips=30, actor=officer)
    rect_ballots.hand_out(vote, actor=officer)
    said = {"papers": 30, "satisfied": 30, "basic": 0, "unsatisfied": 0}

    codes = refused(rect_ballots.count_papers, vote, **said, counters="宋乙八、村会计",
                    no_cadres=False, actor=officer)  # fmt: skip
    assert codes == ["vote.counters", "vote.cadres"]


# --- afterwards -----------------------------------------------------------------------------------


def test_a_cleared_village_is_visited_twice_before_the_file_is_closed(scene: Scene) -> None:
    case = cleared(scene, TODAY)
    first, second = queries.follow_ups_of(case)
    town, follow = scene.world.north_org, acceptance.make_follow_up

    said = {"visited_on": TODAY, "text": "保持得好"}
    assert refused(follow, first, **said, actor=town) == ["followup.too_early"]
    with clock.at(date(2026, 12, 15)):
        follow(first, visited_on=date(2026, 9, 16), text="保持得好", actor=town)
        assert refused(acceptance.close_case, case, actor=town) == ["followup.missing"]
        follow(second, visited_on=date(2026, 12, 15), text="保持得好", actor=town)
        assert acceptance.close_case(scene.again(), actor=town).state == "closed"


def test_a_relapse_binds_the_village_again_through_a_case_of_its_own(scene: Scene) -> None:
    case = cleared(scene, TODAY)
    leader = scene.world.leader
    with clock.at(date(2026, 8, 3)):
        assert refused(acceptance.declare_relapse, case, text=" ", actor=leader) == [
            "followup.relapse_text"
        ]
        acceptance.declare_relapse(case, text="公开栏又空了", actor=leader)
        assert bound(scene)
        said = {
            "document_number": "山委〔2026〕9号",
            "decided_on": date(2026, 8, 3),
            "text": "反弹",
        }
        child = acceptance.open_child(scene.again(), **said, actor=leader)
        assert refused(acceptance.open_child, scene.again(), **said, actor=leader) == [
            "rect.child_exists"
        ]

    assert (child.state, child.serial, child.parent_id) == ("confirmed", 2, case.pk)
    assert list(child.situations.values_list("code", flat=True)) == ["W07"]
    assert bound(scene)
    RectificationCase.objects.filter(pk=child.pk).update(state="cleared")
    assert not bound(scene)  # A.9: child cleared → free


def test_a_successor_visits_for_the_leader_who_left(scene: Scene) -> None:
    visit(scene, date(2026, 3, 9))
    RectSupport.objects.filter(kind="S1").update(until=date(2026, 4, 1))
    assert refused(visit, scene, TODAY) == ["visit.no_leader"]

    RectSupport.objects.create(
        case=scene.case, kind="S1", name="新任常委", since=date(2026, 4, 1), made_by_name="陈乙一"
    )
    assert refused(visit, scene, TODAY) == ["visit.not_yours"]
    assert visit(scene, TODAY, scene.world.officer).support.name == "新任常委"
