"""A round of pairing in the small county: two units, four villages, and what they say."""

from __future__ import annotations

from typing import Any

from lingyan.directory.models import Place, Unit
from lingyan.pairing.actions import plans, rounds, statements
from lingyan.pairing.actions.statements import Said
from lingyan.pairing.models import PairPlan, PairRound, PairRoundUnit, PairRoundVillage
from lingyan.pairing.rules import rounds as rules
from lingyan.pairing.rules.rounds import Statement
from tests.world import World

NAME = "2026 年组织联建"


class RoundScene:
    """What tests of rounds do again and again; the clock is the test's."""

    def __init__(self, world: World) -> None:
        self.world = world

    def opened(self, name: str = NAME, **more: Any) -> PairRound:
        world = self.world
        return rounds.open_round(
            county=world.county, name=name, settings=more.pop("settings", rules.round_settings()),
            seat=world.north, actor=world.officer, **more,
        )  # fmt: skip

    def filled(self, name: str = NAME, **more: Any) -> PairRound:
        """Both units and all four villages take part; nobody has said anything."""
        world, round = self.world, self.opened(name, **more)
        rounds.add_units(round, [world.finance, world.school], actor=world.officer)
        villages = [world.pine, world.brook, world.stone, world.mill]
        rounds.add_villages(round, villages, actor=world.officer)
        return again(round)

    def stated(self, name: str = NAME) -> PairRound:
        """The unit and the village have stated, and each has said something of the other."""
        world, round = self.world, self.filled(name)
        finance, pine = self.unit(round, world.finance), self.village(round, world.pine)
        said = Statement(("财政",), {"fund": 4, "talent": 2}, 1, 3)
        statements.state_unit(finance, said, actor=world.unit_admin)
        needs = Statement(("茶叶",), {"fund": 4}, 1, 1)
        statements.state_village(pine, needs, actor=world.pine_secretary)
        statements.save_answers(finance, {pine.pk: Said("asked")}, actor=world.unit_admin)
        statements.save_answers(pine, {finance.pk: Said("willing")}, actor=world.pine_secretary)
        return again(round)

    def computed(self, round: PairRound | None = None) -> PairRound:
        round = round or self.stated()
        compute(round, self.world)
        return again(round)

    def plan(self, round: PairRound | None = None) -> PairPlan:
        plan = self.computed(round).chosen_plan
        assert plan is not None
        return plan

    def unit(self, round: PairRound, unit: Unit) -> PairRoundUnit:
        return PairRoundUnit.objects.select_related("round", "unit").get(round=round, unit=unit)

    def village(self, round: PairRound, village: Place) -> PairRoundVillage:
        return PairRoundVillage.objects.select_related("round", "village").get(
            round=round, village=village
        )


def compute(round: PairRound, world: World) -> None:
    plans.compute_plan(
        actor=world.officer, report=lambda percent, text: None, round_id=str(round.pk)
    )


def again(round: PairRound) -> PairRound:
    return PairRound.objects.select_related("county", "seat", "chosen_plan").get(pk=round.pk)


def rows(plan: PairPlan) -> set[tuple[str, str]]:
    """Names of unit and village, as the drafts of the plan say."""
    return {(one.unit.name, one.village.short_name) for one in plan.drafts.order_by("pk")}
