"""Is a plan computed from the records repeatable, verified, private, and decided on by people?"""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import CalendarDay, Relative, VillageOfficer
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.jobs.models import Job
from lingyan.posting import matching
from lingyan.posting.actions import intentions, plans, rounds
from lingyan.posting.models import CapabilityEvidence, Draft, Plan, Posting, Round
from lingyan_matching import verify
from tests.posting.scene import TODAY, Scene, again, codes
from tests.world import SINCE


def compute(scene: Scene, round: Round) -> Round:
    plans.compute_plans(
        actor=scene.world.officer, report=lambda percent, text: None, round_id=str(round.pk)
    )
    return again(round)


def test_three_plans_are_kept_and_the_county_default_is_chosen(scene: Scene) -> None:
    round = scene.computed()

    assert [plan.origin for plan in round.plans.all()] == [
        "total",
        "stable-people",
        "stable-posts",
    ]
    assert all(plan.verified for plan in round.plans.all())
    assert round.chosen_plan is not None
    assert round.chosen_plan.origin == "total"
    assert round.chosen_plan.drafts.count() == 5
    assert round.chosen_plan.figures["filled"] == 5
    assert round.chosen_plan.figures["first_wish"] == 1


def test_the_main_capability_is_met_from_the_second_level_on(scene: Scene) -> None:
    """As IND-2-09 counts it: one year of 党群工作 is not enough for 基层党组织软弱村."""
    CapabilityEvidence.objects.filter(person=scene.world.wang).update(since=date(2025, 1, 1))

    plan = scene.computed().chosen_plan

    assert plan is not None
    (sent,) = plan.drafts.filter(village=scene.world.brook)
    assert sent.person == scene.world.wang
    assert (plan.figures["main_of"], plan.figures["main_met"]) == (4, 3)


def test_the_same_input_gives_the_same_plan_and_no_second_copy(scene: Scene) -> None:
    round = scene.computed()
    before = list(Draft.objects.values_list("plan_id", "person_id", "village_id", "fit"))

    compute(scene, round)

    assert round.plans.count() == 3
    assert list(Draft.objects.values_list("plan_id", "person_id", "village_id", "fit")) == before


def test_two_computations_on_equal_records_agree_to_the_byte(scene: Scene) -> None:
    round = scene.asked()
    today = clock.today()

    one = matching.solve_modes(matching.gather(round, as_of=today).problem(), seed=7)
    other = matching.solve_modes(matching.gather(round, as_of=today).problem(), seed=7)

    for (_, first), (_, second) in zip(one, other, strict=True):
        assert first.snapshot_sha256 == second.snapshot_sha256
        assert first.assignments == second.assignments
        assert first.certificate == second.certificate


def test_a_stored_plan_can_be_loaded_and_checked_again(scene: Scene) -> None:
    plan = scene.computed().chosen_plan
    assert plan is not None

    loaded = matching.load_plan(plan)

    assert verify(loaded.posting_problem.problem, loaded.engine_plan).ok
    row = loaded.engine_plan.assignments[0]
    assert loaded.people[row.person].name
    assert loaded.village_of(row.post).short_name
    assert {one.person for one in loaded.engine_plan.assignments} == {
        draft.person.number for draft in plan.drafts.all()
    }


def test_a_plan_of_records_that_changed_meanwhile_is_not_kept(scene: Scene) -> None:
    round = scene.asked()
    problem = matching.gather(round, as_of=clock.today()).problem()
    runs = matching.solve_modes(problem, seed=round.seed)
    person = round.people.select_related("person").first()
    assert person is not None
    rounds.withdraw_person(person, reason="岗位变动", actor=scene.world.officer)

    with pytest.raises(Refused) as refused:
        plans.keep_plans(round, problem, runs, actor=scene.world.officer)

    assert codes(refused) == ["posting.input_changed"]
    assert again(round).state == round.state
    assert not round.plans.exists()


def test_what_changes_later_changes_nothing_that_was_computed(scene: Scene) -> None:
    plan = scene.computed().chosen_plan
    assert plan is not None
    scene.world.li.native_place = scene.world.pine
    scene.world.li.save()

    loaded = matching.load_plan(Plan.objects.get(pk=plan.pk))

    post = f"{scene.world.pine.pk}/first_secretary"
    assert loaded.posting_problem.failed_rules(scene.world.li.number, post) == ()


def test_nothing_private_enters_snapshot_or_result(scene: Scene) -> None:
    scene.world.wang.set_id_number("990000198706090021")
    scene.world.wang.set_phone("13911112222")
    scene.world.wang.save()
    entry = scene.entries[1]
    entry.health, entry.discipline = "unfit", "sanctioned"
    entry.save()
    plan = scene.computed().chosen_plan
    assert plan is not None

    text = gzip.decompress(bytes(plan.snapshot)).decode()
    text += gzip.decompress(bytes(plan.result)).decode()

    for word in ("990000198706090021", "13911112222", "unfit", "sanctioned"):
        assert word not in text
    person = next(
        one
        for one in json.loads(gzip.decompress(bytes(plan.snapshot)))["people"]
        if one["facts"]["name"] == "王甲二"
    )
    assert person["facts"]["restricted"] == {"R07": "fail", "R09": "fail"}
    assert not plan.drafts.filter(person=scene.world.wang).exists()


def test_a_plan_never_proposes_a_pair_that_somebody_refused(scene: Scene) -> None:
    round = scene.asked()
    intentions.enter_objection(
        round,
        "county_ban",
        person=scene.world.li,
        place=scene.world.north,
        reason="不宜安排在该镇",
        actor=scene.world.officer,
    )

    plan = compute(scene, round).chosen_plan

    assert plan is not None
    draft = plan.drafts.get(person=scene.world.li)
    assert draft.village.parent == scene.world.south


def test_a_unit_limit_is_kept(scene: Scene) -> None:
    round = scene.asked()
    round.settings["unit_limit"] = 1
    round.save()

    plan = compute(scene, round).chosen_plan

    assert plan is not None
    units = [draft.person.unit for draft in plan.drafts.select_related("person__unit")]
    assert len(units) == len(set(units)) == 2


def test_only_staff_compute_and_only_in_time(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        plans.request_plans(scene.wished(), actor=scene.world.leader)

    assert codes(refused) == ["posting.round.wrong_state"]
    assert not Job.objects.exists()


def test_a_round_that_has_moved_on_keeps_its_plans(scene: Scene) -> None:
    """The job was waiting in the queue while the meeting decided."""
    round = scene.decided()

    with pytest.raises(Refused) as refused:
        compute(scene, round)

    assert codes(refused) == ["posting.round.wrong_state"]
    assert again(round).decision_text == "同意按方案选派"


def test_a_computation_that_dies_leaves_the_round_as_it_was(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = scene.asked()
    kept: list[Any] = []

    def store_one_and_die(*args: Any, **kwargs: Any) -> Plan:
        if kept:
            raise RuntimeError("killed")
        kept.append(matching.plans.store_plan(*args, **kwargs))
        return kept[0]

    monkeypatch.setattr(matching, "store_plan", store_one_and_die)

    with pytest.raises(RuntimeError):
        compute(scene, round)

    assert again(round).state == "village_ranking"
    assert not Plan.objects.exists()
    assert not Draft.objects.exists()


# --- choosing and deciding ----------------------------------------------------------------------


def test_another_plan_is_chosen_with_a_reason(scene: Scene) -> None:
    round = scene.computed()
    stable = round.plans.get(origin="stable-people")

    with pytest.raises(Refused) as refused:
        plans.choose_plan(round, stable, reason="", actor=scene.world.officer)
    assert codes(refused) == ["posting.reason_missing"]

    plans.choose_plan(round, stable, reason="尊重双向选择", actor=scene.world.officer)
    assert again(round).chosen_plan == stable
    assert again(round).state == "adjusted"


def test_the_one_who_computed_may_not_decide(scene: Scene) -> None:
    round = scene.computed()
    officer = scene.world.officer
    as_leader = Actor(
        officer.user_id, officer.name, "county_org_leader", "部务会成员", scene.world.leader.scope
    )

    with pytest.raises(Refused) as refused:
        plans.deliberate_round(round, decision="同意", decided_on=TODAY, actor=as_leader)

    assert codes(refused) == ["directory.same_person"]
    assert again(round).state == "computed"


@pytest.mark.parametrize(
    ("decision", "days", "code"),
    [
        (" ", 0, "posting.decision_missing"),
        ("同意", 1, "posting.decision_in_future"),
    ],
)
def test_a_decision_has_words_and_a_day(scene: Scene, decision: str, days: int, code: str) -> None:
    round = scene.computed()

    with pytest.raises(Refused) as refused:
        plans.deliberate_round(
            round,
            decision=decision,
            decided_on=TODAY + timedelta(days=days),
            actor=scene.world.leader,
        )

    assert codes(refused) == [code]


def test_a_plan_that_the_registers_no_longer_allow_is_not_decided_on(scene: Scene) -> None:
    round = scene.computed()
    VillageOfficer.objects.create(
        person=scene.world.zhou, village=scene.world.pine, post="party_secretary", since=SINCE
    )
    Relative.objects.create(person=scene.world.li, other=scene.world.zhou, relation="sibling")

    with pytest.raises(Refused) as refused:
        plans.deliberate_round(round, decision="同意", decided_on=TODAY, actor=scene.world.leader)

    assert codes(refused) == ["posting.rule_broken"]
    assert "李甲一—松树村" in str(refused.value)


def test_a_withdrawn_person_breaks_the_plan_until_it_is_computed_again(scene: Scene) -> None:
    round = scene.computed()
    rounds.withdraw_person(
        scene.taking_part(round, scene.world.li), reason="工作调动", actor=scene.world.officer
    )

    broken = matching.recheck(again(round).chosen_plan)
    assert [one.text for one in broken] == ["李甲一—松树村（已退出本批次）"]

    round = compute(scene, round)
    assert matching.recheck(round.chosen_plan) == ()
    assert round.plans.count() == 6


def test_the_meeting_sends_a_plan_back_and_the_decision_is_void(scene: Scene) -> None:
    round = plans.send_back_round(scene.announced(), reason="收到异议", actor=scene.world.leader)

    assert (round.state, round.decision_text, round.notice_ends_on) == ("adjusted", "", None)


def test_sending_back_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        plans.send_back_round(scene.decided(), reason=" ", actor=scene.world.leader)

    assert codes(refused) == ["posting.reason_missing"]


def test_the_leader_decides_on_the_page(scene: Scene) -> None:
    round = scene.computed()
    client = scene.world.client(scene.world.leader)
    where = reverse("round_deliberate", args=[round.pk])

    assert client.post(where, {"decision": "", "decided_on": "2026-03-02"}).status_code == 422
    client.post(where, {"decision": "同意", "decided_on": "2026-03-02"})

    assert again(round).decided_by_name == "林乙三"
    assert "同意" in client.get(reverse("round_detail", args=[round.pk])).text


def test_the_officer_chooses_a_plan_on_the_page(scene: Scene) -> None:
    round = scene.computed()
    stable = round.plans.get(origin="stable-posts")
    client = scene.world.client(scene.world.officer)

    assert client.get(reverse("plan_choose", args=[stable.pk])).status_code == 200
    client.post(reverse("plan_choose", args=[stable.pk]), {"reason": "尊重双向选择"})

    assert again(round).chosen_plan == stable


# --- the notice ---------------------------------------------------------------------------------


def test_the_notice_counts_working_days_and_not_the_day_of_posting(scene: Scene) -> None:
    round = scene.announced()

    assert (round.announced_on, round.notice_ends_on) == (TODAY, date(2026, 3, 9))
    assert not round.notice_is_provisional


def test_the_countys_own_calendar_moves_the_end(scene: Scene) -> None:
    CalendarDay.objects.create(day=date(2026, 3, 4), is_workday=False, note="县庆")

    assert scene.announced().notice_ends_on == date(2026, 3, 10)


def test_a_year_without_a_calendar_is_marked_provisional(scene: Scene) -> None:
    round = scene.decided()

    with clock.at(date(2040, 3, 5)):
        round = plans.announce_round(round, actor=scene.world.officer)
        text = (
            scene.world.client(scene.world.officer)
            .get(reverse("round_notice", args=[round.pk]))
            .text
        )

    assert round.notice_is_provisional
    assert "暂算" in text


def test_nothing_is_announced_before_the_decision(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        plans.announce_round(scene.computed(), actor=scene.world.officer)

    assert "posting.round.wrong_state" in codes(refused)
    assert "posting.decision_missing" in codes(refused)
    assert not Posting.objects.exists()
