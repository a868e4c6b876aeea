"""A computed round of pairing with a plan changed by hand, for the tests of every address."""

from __future__ import annotations

from typing import Any

from lingyan.pairing import matching
from lingyan.pairing.actions import adjustments, rounds
from lingyan.pairing.matching.hands import Change
from lingyan.pairing.models import PairPlan, PairRound
from tests.pairing.round_scene import RoundScene, again
from tests.world import World

NAME = "山阳县组织联建"


def round_records(world: World) -> dict[str, Any]:
    scene = RoundScene(world)
    round = scene.stated(NAME)
    fix = rounds.fix_pair(
        round, kind="ban", unit_id=world.school.pk, village_id=world.brook.pk, reason="刚结束",
        actor=world.officer,
    )  # fmt: skip
    first = PairPlan.objects.select_related("round__county").get(pk=scene.plan(round).pk)
    asked = Change("pin", (str(world.school.pk), str(world.mill.pk)))
    option = adjustments.propose(matching.plan_ready(first), asked).options[0]
    plan = adjustments.adjust_plan(
        first, asked, outcome=option.fingerprint, reason="县里商定", actor=world.officer
    )
    # Rounds of either scene go out as a sheet of what suits what.
    for one in PairRound.objects.all():
        one.settings["matrix"] = [["农业", "茶叶", 800]]
        one.save(update_fields=["settings"])
    round = again(round)
    return {
        "pair_round_id": round.pk,
        "pair_unit_id": scene.unit(round, world.finance).pk,
        "pair_village_id": scene.village(round, world.pine).pk,
        "pair_fix_id": fix.pk,
        "pair_plan_id": plan.pk,
        "pair_other_plan_id": first.pk,
    }
