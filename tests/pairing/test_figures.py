"""The figures of pairing: each fact once, and shares that make up the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.money import NOTHING
from lingyan.common.periods import ONE_DAY, Period
from lingyan.directory.models import Place, Unit
from lingyan.pairing.actions import activities, claims
from lingyan.pairing.models import PairActivity, PairFund, Pairing, PairProblem
from lingyan.pairing.models.claims import claim_q
from lingyan.pairing.queries import figures
from lingyan.pairing.rules import claims as rules
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.indicators.definitions import Question
from lingyan.platform.indicators.registry import find
from tests.pairing.acts_scene import build_acts
from tests.pairing.ledger_records import assessed
from tests.pairing.scene import STARTS, TODAY, paired
from tests.world import World

PERIOD = Period(date(2025, 1, 1), TODAY + ONE_DAY)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


# --- counted once: over random data, in every scope -----------------------------------------------


@dataclass
class County:
    """Random sums and problems, claimed by random pairs of their village and a first secretary."""

    world: World
    numbers: Random
    pairs: dict[Place, list[Pairing]]

    @property
    def scopes(self) -> dict[str, Scope]:
        world = self.world
        units = {one.unit for held in self.pairs.values() for one in held}
        return {
            "everything": EVERYTHING,
            **{
                str(place): Scope((place.path,))
                for place in (world.county, world.north, world.south, *self.pairs)
            },
            **{str(unit): Scope((), (unit.pk,)) for unit in units},
            "two units": Scope((), tuple(unit.pk for unit in units)[:2]),
            "a town and a unit": Scope((world.north.path,), (world.school.pk,)),
            "the first secretary": Scope((world.pine.path,), (), world.li.pk),
            "next door": Scope((world.elsewhere.path,)),
        }

    def in_common(self, kind: type[PairFund] | type[PairProblem], scope: Scope) -> int:
        """How many counted facts have more than one claimant in the scope, asked one by one."""
        if kind is PairFund:
            counted = {
                fund
                for fund in PairFund.objects.visible_to(scope)
                if sum(
                    (one.amount for one in figures.arrivals(scope, PERIOD).filter(fund=fund)),
                    NOTHING,
                )
            }
        else:
            counted = set(figures.solved(scope, PERIOD))
        return sum(one.claims.filter(claim_q(scope), dropped="").count() > 1 for one in counted)

    def some_day(self) -> date:
        return date(2024, 6, 1) + timedelta(self.numbers.randrange(600))

    def elsewhere(self, village: Place) -> list[Pairing]:
        return [one for there, held in self.pairs.items() if there != village for one in held]

    def hold(self, number: int) -> None:
        """An activity of one to four pairs of any villages and units."""
        held = [one for pairs in self.pairs.values() for one in pairs]
        activity = PairActivity.objects.create(
            county=self.world.county, side="unit", kind="free_clinic", mode="offline",
            state="held", day=self.some_day(), minutes=60, place=self.world.pine,
            made_at=clock.now(), changed_at=clock.now(),
        )  # fmt: skip
        activity.pairings.set(self.numbers.sample(held, number % 4 + 1))

    def shared_activities(self, scope: Scope) -> int:
        counted = figures.services(scope, PERIOD)
        return sum(
            len([one for one in activity.pairings.all() if one in self.seen(scope)]) > 1
            for activity in counted
        )

    def seen(self, scope: Scope) -> set[Pairing]:
        return set(Pairing.objects.visible_to(scope))

    def fill(self, *, alone: bool) -> None:
        villages = sorted(self.pairs, key=lambda one: one.path)
        for number in range(14):
            village = self.numbers.choice(villages)
            held = self.pairs[village]
            parts = self.numbers.sample(held, 1 if alone else self.numbers.randint(1, len(held)))
            if not alone:
                self.hold(number)
            afar = [] if alone else self.numbers.sample(self.elsewhere(village), 2)[number % 3 :]
            person = None if alone else self.numbers.choice((None, self.world.li.pk))
            fund = PairFund.objects.create(
                village=village, source="fiscal", project=f"项目{number}", made_at=clock.now()
            )
            for amount in [self.numbers.randrange(1, 900_001) for _ in range(3)]:
                # Now and then a line with its counter-entry, which leave nothing.
                back = (-1,) if self.numbers.random() < 0.3 else ()
                on = self.some_day()
                for sign in (1, *back):
                    fund.entries.create(
                        stage="arrived", happened_on=on, made_at=clock.now(),
                        amount=Decimal(sign * amount) / 100,
                    )  # fmt: skip
            agreed = self.numbers.random() < 0.5
            problem = PairProblem.objects.create(
                village=village, kind="road", text="路", raised_on=self.some_day(), due_on=TODAY,
                state=self.numbers.choice(("solved", "solved", "raised")), made_at=clock.now(),
                solved_on=self.some_day(), beneficiaries="张三", confirmed_by_name="宋乙八",
            )  # fmt: skip
            for pairing in (*parts, *afar):  # a sum may be of pairs of other villages too
                claims.write_claim(
                    fund, pairing=pairing, actor=self.world.officer,
                    weight=self.numbers.randrange(1, 10**6) if agreed else None,
                )  # fmt: skip
            for pairing in parts:
                claims.write_claim(problem, pairing=pairing, actor=self.world.officer)
            if person is not None:
                weight = 7 if agreed else None
                claims.write_claim(fund, person_id=person, actor=self.world.officer, weight=weight)
                claims.write_claim(problem, person_id=person, actor=self.world.officer)
            for fact in (fund, problem):
                fact.claimants = fact.claims.count()
                fact.save(update_fields=["claimants"])


def county(world: World, seed: int) -> County:
    law = Unit.objects.create(name="县司法局", category="county_dept", place=world.county)
    pairs = {
        village: [
            paired(world, unit=unit, village=village, is_lead=unit == world.finance)
            for unit in (world.finance, world.school, law)
        ]
        for village in (world.pine, world.brook, world.stone)
    }
    return County(world, Random(seed), pairs)


def activity_sums(scope: Scope) -> rules.Sums:
    return figures.activity_sums(scope, figures.services(scope, PERIOD))


@pytest.mark.parametrize("seed", [3, 7])
def test_a_total_is_at_most_the_sum_of_the_claims(world: World, seed: int) -> None:
    """In every scope: own share <= facts once <= claims in full; equal where nothing is common."""
    there = county(world, seed)
    there.fill(alone=False)
    overlaps = 0

    for name, scope in there.scopes.items():
        for sums, several in (
            (figures.fund_sums(scope, PERIOD), there.in_common(PairFund, scope)),
            (figures.problem_sums(scope, PERIOD), there.in_common(PairProblem, scope)),
            (activity_sums(scope), there.shared_activities(scope)),
        ):
            assert NOTHING <= sums.share <= sums.total <= sums.claimed, name
            assert (sums.total == sums.claimed) == (not several), name
            overlaps += several > 0

    assert overlaps > 8


def test_the_shares_of_all_make_up_the_whole(world: World) -> None:
    there = county(world, 5)
    there.fill(alone=False)

    for line in figures.arrivals(EVERYTHING, PERIOD):
        parts = figures.parts_of(line.fund, line.amount)
        assert sum((part for _, part in parts), NOTHING) == line.amount
    whole = figures.fund_sums(EVERYTHING, PERIOD)
    assert whole.share == whole.total > NOTHING
    towns = [there.scopes["北山镇"], there.scopes["南河镇"]]
    assert sum((figures.fund_sums(one, PERIOD).share for one in towns), NOTHING) == whole.total
    solved_ones = figures.solved(EVERYTHING, PERIOD).count()
    assert figures.share_of_problems(EVERYTHING, PERIOD) == solved_ones > 0
    held = sum((activity_sums(one).share for one in towns), NOTHING)
    assert round(held, 9) == activity_sums(EVERYTHING).total > NOTHING
    for pairing in there.pairs[world.pine]:
        sums = figures.sums_of_pair(pairing, PERIOD)
        unit = figures.fund_sums(Scope((), (pairing.unit_id,)), PERIOD)
        assert sums.share <= min(sums.total, unit.share)


def test_without_a_common_fact_total_and_claims_are_equal(world: World) -> None:
    there = county(world, 23)
    there.fill(alone=True)

    for name, scope in there.scopes.items():
        for sums in (figures.fund_sums(scope, PERIOD), figures.problem_sums(scope, PERIOD)):
            assert sums.total == sums.claimed == sums.share, name
            assert (sums.shared, sums.overlap) == (0, 0), name


# --- what counts ----------------------------------------------------------------------------------


def build_said(world: World, pairs: list[Any], **changed: Any) -> activities.Said:
    given = {
        "kind": "tech_training", "mode": "offline", "day": date(2026, 2, 26), "pairings": pairs,
        "place": world.pine.pk, "minutes": 60, "villagers": 9, "summary": "教果树剪枝",
        "people": {world.li.pk: "spot", world.wang.pk: "online"}, **changed,
    }  # fmt: skip
    return activities.Said(**given)


def value(code: str, scope: Scope = EVERYTHING, on: date = TODAY) -> Any:
    found = find(code)
    assert found is not None
    return found.value(found.parts(Question(scope, on, PERIOD)))


def test_an_activity_of_three_pairs_is_one_and_online_people_do_not_count(world: World) -> None:
    """A.10: online +0, MIXED with some there +those, one activity of several pairs +1."""
    acts = build_acts(world)
    both = [acts.pine.pk, acts.stone.pk]
    actor = world.unit_admin
    activities.enter_activity(build_said(world, both, mode="mixed"), actor=actor)
    activities.enter_activity(
        build_said(world, both, mode="online", place=None, day=date(2026, 2, 20),
                   people={world.li.pk: "online"}),
        actor=actor,
    )  # fmt: skip

    assert value("IND-3-03") == 2
    assert value("IND-3-04") == 1
    assert value("IND-3-03", Scope((world.pine.path,))) == 2


def test_a_unit_with_two_villages_is_one_and_only_key_villages_count(world: World) -> None:
    paired(world)
    paired(world, village=world.stone)
    paired(world, unit=world.school, village=world.mill, was_key_task=False)
    paired(world, unit=world.school, village=world.north, level="township")
    paired(world, unit=world.school, village=world.brook, state="ended", until=TODAY)

    assert [value(code) for code in ("X08", "X09", "P-3-PAIRS")] == [2, 2, 4]
    assert value("X09", on=TODAY - ONE_DAY) == 3
    assert value("P-3-PAIRS", on=STARTS - ONE_DAY) == 0


def test_a_site_is_named_by_the_leader_and_revoked(world: World) -> None:
    pair, other = paired(world), paired(world, unit=world.school, village=world.stone)
    assessed(pair)
    assessed(other, score=9500, year=2024)
    assessed(other, score=8000)
    leader = world.client(world.leader)
    said = {
        "name": "松树示范点", "zone": "茶叶带", "pairings": [str(pair.pk)],
        "named_on": "2026-02-20", "document_number": "山组发8号",
    }  # fmt: skip

    form = leader.get(reverse("site_name")).content.decode()
    assert "松树村" in form
    assert "石桥村" not in form  # the last assessment counts, not the best
    assert leader.post(reverse("site_name"), said).status_code == 302
    assert leader.post(reverse("site_name"), said).status_code == 409
    assert value("IND-3-08") == value("IND-3-08", Scope((world.pine.path,))) == 1
    assert value("IND-3-08", Scope((world.stone.path,))) == 0
    site = pair.demo_sites.get()
    revoke = reverse("site_revoke", args=[site.pk])
    assert world.client(world.officer).get(revoke).status_code == 403
    answer = leader.post(revoke, {"reason": "考评下降", "revoked_on": "2026-03-01"})
    assert answer.status_code == 302
    assert value("IND-3-08") == 0
    assert "考评下降" in leader.get(reverse("site_detail", args=[site.pk])).content.decode()
