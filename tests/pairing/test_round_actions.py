"""Does a round of pairing lead from the statements of both sides to proposals?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.pairing import matching
from lingyan.pairing.actions import adjustments, plans, rounds, statements
from lingyan.pairing.actions.adjustments import propose
from lingyan.pairing.actions.statements import Said
from lingyan.pairing.matching.hands import Change
from lingyan.pairing.models import PairAdjustment, Pairing, PairPlan, PairRound
from lingyan.pairing.rules.rounds import Statement
from lingyan.platform.audit.models import AuditEntry
from lingyan_matching import verify
from tests.pairing.round_scene import RoundScene, again, compute, rows
from tests.pairing.scene import TODAY, paired, village_secretary
from tests.world import World


@pytest.fixture
def scene(world: World) -> Iterator[RoundScene]:
    with clock.at(TODAY):
        yield RoundScene(world)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


def change(kind: str, *pairs: tuple[object, object]) -> Change:
    ids = [(str(unit.pk), str(village.pk)) for unit, village in pairs]  # type: ignore[attr-defined]
    return Change(kind, ids[0], ids[1] if len(ids) > 1 else None)


def adjusted(plan: PairPlan, asked: Change, scene: RoundScene, key: str = "") -> PairPlan:
    plan = PairPlan.objects.select_related("round__county").get(pk=plan.pk)
    options = propose(matching.plan_ready(plan), asked).options
    option = next((one for one in options if one.key == key), options[0])
    return adjustments.adjust_plan(
        plan, asked, outcome=option.fingerprint, reason="县里商定", actor=scene.world.officer
    )


def decided(round: PairRound, scene: RoundScene) -> list[Pairing]:
    return plans.decide_round(
        again(round), decision="同意", decided_on=TODAY, actor=scene.world.leader
    )


def test_what_the_register_knows_is_offered(scene: RoundScene) -> None:
    world = scene.world
    world.finance.sector, world.finance.headcount = "财政", 20
    world.finance.save()

    round = scene.filled()

    finance, school = scene.unit(round, world.finance), scene.unit(round, world.school)
    assert (finance.sectors, finance.lower, finance.upper) == (["财政"], 1, 1)
    assert (school.sectors, school.upper, school.stated_at) == ([], 3, None)
    assert (scene.village(round, world.pine).upper, round.seat) == (1, world.north)


def test_a_computed_plan_is_proved_and_decided_into_proposals(scene: RoundScene) -> None:
    world, plan = scene.world, scene.plan()
    loaded = matching.load_plan(plan)

    assert plan.verified
    assert verify(loaded.problem.problem, loaded.engine_plan).ok
    assert ("县财政局", "松树村") in rows(plan)
    assert plan.figures["villages_paired"] == 4
    with pytest.raises(Refused) as refused:
        plans.decide_round(
            again(plan.round), decision="同意", decided_on=TODAY, actor=world.officer
        )
    assert "pairing.round.wrong_role" in codes(refused)
    assert not Pairing.objects.exists()

    made = decided(plan.round, scene)

    assert len(made) == 4 == Pairing.objects.filter(origin="round", state="proposed").count()
    assert all(one.is_lead and one.points and set(one.parts) >= {"near", "consent"} for one in made)
    assert again(plan.round).state == "decided"
    said = set(AuditEntry.objects.values_list("action", flat=True))
    assert said >= {"pairing.round.computed", "pairing.round.decided", "pairing.pairing.proposed"}


def test_whoever_computed_does_not_decide(scene: RoundScene) -> None:
    round = scene.computed()
    PairPlan.objects.update(created_by_id=scene.world.leader.user_id)

    with pytest.raises(Refused) as refused:
        decided(round, scene)

    assert codes(refused) == {"directory.same_person"}
    assert again(round).state == "computed"


def test_a_pair_that_is_there_already_is_kept_and_not_proposed_anew(scene: RoundScene) -> None:
    world = scene.world
    paired(world, unit=world.school, village=world.pine)
    plan = scene.plan(scene.filled())

    assert ("县第一小学", "松树村") in rows(plan), "the bonus for a pair to keep"
    assert plan.figures["kept"] == 1
    assert len(decided(plan.round, scene)) == 3
    assert Pairing.objects.filter(village=world.pine).count() == 1


def test_a_refusal_needs_its_reason_and_excludes_the_pair(scene: RoundScene) -> None:
    world, round = scene.world, scene.filled()
    pine, finance = scene.village(round, world.pine), scene.unit(round, world.finance)

    with pytest.raises(Refused) as refused:
        statements.save_answers(pine, {finance.pk: Said("refused")}, actor=world.pine_secretary)
    assert codes(refused) == {"pairing.refusal_without_reason"}
    said = {finance.pk: Said("refused", "去年没有来过")}
    assert statements.save_answers(pine, said, actor=world.pine_secretary) == 1
    assert statements.save_answers(pine, said, actor=world.pine_secretary) == 0

    assert ("县第一小学", "松树村") in rows(scene.plan(round))


def test_a_village_that_all_refuse_is_left_and_told(scene: RoundScene) -> None:
    world, round = scene.world, scene.filled()
    pine = scene.village(round, world.pine)
    for unit in (world.finance, world.school):
        statements.save_answers(
            scene.unit(round, unit), {pine.pk: Said("refused", "路远")}, actor=world.officer
        )

    plan = scene.plan(round)

    assert plan.verified
    assert plan.figures["short"] == 1
    assert "松树村" not in {village for _, village in rows(plan)}


def test_only_the_own_side_writes_and_only_while_statements_are_collected(
    scene: RoundScene,
) -> None:
    world, round = scene.world, scene.filled()
    pine, school = scene.village(round, world.pine), scene.unit(round, world.school)
    said = Statement(("茶叶",), {"fund": 3}, 1, 1)

    with pytest.raises(Refused) as refused:
        statements.state_unit(school, said, actor=world.unit_admin)
    assert codes(refused) == {"pairing.other_county"}
    for actor in (village_secretary(world, world.stone), world.stranger):
        with pytest.raises(Refused) as refused:
            statements.state_village(pine, said, actor=actor)
        assert codes(refused) == {"pairing.other_county"}
    with pytest.raises(Refused) as refused:
        statements.state_village(pine, said, actor=world.agri)
    assert codes(refused) == {"pairing.round.wrong_role"}
    compute(round, world)
    with pytest.raises(Refused) as refused:
        statements.state_village(scene.village(round, world.pine), said, actor=world.pine_secretary)
    assert codes(refused) == {"pairing.collecting_over"}


def test_a_pin_before_the_computation_is_carried_out(scene: RoundScene) -> None:
    world, round = scene.world, scene.stated()

    rounds.fix_pair(
        round, kind="pin", unit_id=world.school.pk, village_id=world.pine.pk, reason="县里商定",
        actor=world.officer,
    )  # fmt: skip

    plan = scene.plan(round)
    assert ("县第一小学", "松树村") in rows(plan)
    assert plan.drafts.get(village=world.pine).pinned


def test_a_refused_pair_is_not_pinned(scene: RoundScene) -> None:
    world, round = scene.world, scene.filled()
    pine, finance = scene.village(round, world.pine), scene.unit(round, world.finance)
    statements.save_answers(
        pine, {finance.pk: Said("refused", "没有来过")}, actor=world.pine_secretary
    )

    with pytest.raises(Refused) as refused:
        rounds.fix_pair(
            round, kind="pin", unit_id=world.finance.pk, village_id=world.pine.pk, reason="试",
            actor=world.officer,
        )  # fmt: skip

    assert codes(refused) == {"pairing.pin_refused"}


def test_insisting_shows_its_price_and_makes_the_next_plan(scene: RoundScene) -> None:
    world, plan = scene.world, scene.plan()
    asked = change("pin", (world.school, world.pine))

    after = adjusted(plan, asked, scene)

    assert ("县第一小学", "松树村") in rows(after)
    assert after.verified
    assert after.base == plan
    assert again(plan.round).chosen_plan == after
    made = PairAdjustment.objects.get()
    assert made.reason == "县里商定"
    points = {goal["name"]: goal["after"] - goal["before"] for goal in made.price["goals"]}
    assert points["score"] < 0
    with pytest.raises(Refused) as refused:
        adjusted(plan, asked, scene)
    assert codes(refused) == {"pairing.plan_outdated"}
    latest = PairPlan.objects.select_related("round__county", "base").get(pk=after.pk)
    assert adjustments.undo_adjustment(latest, reason="误按", actor=world.officer) == plan


def test_a_ban_and_a_swap_hold_in_what_comes_after(scene: RoundScene) -> None:
    world, round = scene.world, scene.stated()
    for unit in (world.finance, world.school):
        statements.state_unit(scene.unit(round, unit), Statement((), {}, 2, 2), actor=world.officer)
    plan = scene.plan(round)
    first = adjusted(plan, change("ban", (world.finance, world.pine)), scene, "best")
    assert ("县财政局", "松树村") not in rows(first)
    held = sorted((str(one.unit_id), str(one.village_id)) for one in first.drafts.all())
    mine = next(pair for pair in held if pair[0] == str(world.finance.pk))
    theirs = next(
        pair for pair in held if pair[0] == str(world.school.pk) and pair[1] != str(world.pine.pk)
    )

    second = adjusted(first, Change("swap", mine, theirs), scene)

    now = {(str(one.unit_id), str(one.village_id)) for one in second.drafts.all()}
    assert now >= {(mine[0], theirs[1]), (theirs[0], mine[1])}
    assert (str(world.finance.pk), str(world.pine.pk)) not in now, "the ban still holds"
    assert second.verified


def test_a_village_that_refuses_after_the_plan_stops_the_decision(scene: RoundScene) -> None:
    world, round = scene.world, scene.computed()
    PairRound.objects.filter(pk=round.pk).update(state="collecting")
    pine, finance = scene.village(again(round), world.pine), scene.unit(round, world.finance)
    statements.save_answers(
        pine, {finance.pk: Said("refused", "没有来过")}, actor=world.pine_secretary
    )
    PairRound.objects.filter(pk=round.pk).update(state="computed")

    with pytest.raises(Refused) as refused:
        decided(round, scene)

    assert codes(refused) == {"pairing.pair_refused_since"}


def test_equal_statements_give_the_equal_plan(scene: RoundScene) -> None:
    round = scene.computed()
    first = round.chosen_plan

    compute(round, scene.world)

    assert again(round).chosen_plan == first
    assert PairPlan.objects.count() == 1
