"""One activity, one sum, pairs of two units in two villages: asked, confirmed or refused, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period
from lingyan.common.refusals import Refused
from lingyan.pairing.actions import activities, claims, funds, invitations
from lingyan.pairing.actions.activities import said_of
from lingyan.pairing.models import PairActivity, Pairing, PairInvitation
from lingyan.pairing.panels import invitations as panels
from lingyan.pairing.queries import figures
from lingyan.pairing.queries.year import five_ones
from lingyan.pairing.rules import invitations as rules
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from tests.pairing.acts_scene import build_acts
from tests.pairing.ledger_records import fund_of
from tests.pairing.scene import TODAY, paired, unit_admin, village_secretary
from tests.world import World

PERIOD = Period(date(2025, 1, 1), TODAY + ONE_DAY)


class Two:
    """县财政局 with 松树村 and 石桥村; 县第一小学 with 磨坊村 in the other town."""

    def __init__(self, world: World) -> None:
        self.world, self.acts = world, build_acts(world)
        self.far = paired(world, unit=world.school, village=world.mill)
        self.school = unit_admin(world, world.school)
        self.mill = village_secretary(world, world.mill)
        self.held = self.acts.held(has_oath=True)

    def ask(self, **said: Any) -> PairInvitation:
        given = {"fact": self.held, "pairing": self.far, "actor": self.world.unit_admin, **said}
        return invitations.ask_pair(given.pop("fact"), given.pop("pairing"), **given)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def two(world: World) -> Two:
    return Two(world)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


OPEN = rules.AskedFacts(
    has_part=True, same_county=True, since=date(2026, 1, 5), until=None, on=date(2026, 2, 26)
)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, []),
        ({"until": date(2026, 2, 27)}, []),
        ({"until": date(2026, 2, 26)}, ["not_then"]),
        ({"since": date(2026, 2, 27)}, ["not_then"]),
        ({"since": None}, ["not_then"]),
        ({"has_part": False}, ["no_part"]),
        ({"same_county": False}, ["county"]),
        ({"is_cancelled": True}, ["cancelled"]),
        ({"is_standing": True, "is_own": True}, ["standing"]),
        ({"is_asked": True}, ["asked"]),
        ({"is_own": True}, ["own"]),
        ({"has_part": False, "since": None}, ["no_part", "not_then"]),
    ],
)
def test_whom_one_may_ask(changed: dict[str, Any], told: list[str]) -> None:
    refused = rules.refuse_to_ask(replace(OPEN, **changed))
    assert [one.code.removeprefix("pairing.invitation.") for one in refused] == told


def test_what_was_asked_counts_only_when_the_other_side_has_confirmed(two: Two) -> None:
    asked = two.ask()
    waiting = [panels.count(one) for one in (two.school, two.mill, two.world.unit_admin)]
    before = five_ones([two.far.pk], 2026).get(two.far.pk)

    invitations.confirm_invitation(asked, actor=two.mill)

    assert waiting == [1, 1, 0]
    assert panels.count(two.school) == 0
    assert before is None
    assert [one.value for one in five_ones([two.far.pk], 2026)[two.far.pk]] == ["theme_day"]
    two.far.refresh_from_db()
    assert two.far.still_since == two.held.day
    assert PairActivity.objects.count() == figures.services(EVERYTHING, PERIOD).count() == 1
    for scope in (Scope((), (two.world.school.pk,)), Scope((two.world.pine.path,))):
        sums = figures.activity_sums(scope, figures.services(scope, PERIOD))
        assert (sums.total, sums.claimed, sums.share) == (1, 1, Decimal("0.5"))
    two.held.refresh_from_db()
    assert (two.held.version, two.held.versions.get().values["pairings"]) == (
        2, [str(two.acts.pine.pk)],
    )  # fmt: skip


def test_who_asks_whom_who_answers_and_how_often(two: Two) -> None:
    world = two.world
    beside = paired(world, unit=world.school, village=world.brook)
    done = two.acts.said(world.qian, pairings=[beside.pk], place=world.brook.pk)
    activities.enter_activity(done, actor=two.school)

    with pytest.raises(Refused) as not_theirs:
        two.ask(actor=two.school)
    with pytest.raises(Refused) as own:
        two.ask(pairing=two.acts.stone)
    asked = two.ask()
    with pytest.raises(Refused) as again:
        two.ask()
    with pytest.raises(Refused) as self_made:
        invitations.confirm_invitation(asked, actor=world.unit_admin)
    with pytest.raises(Refused) as no_reason:
        invitations.refuse_invitation(asked, reason=" ", actor=two.mill)
    with pytest.raises(Refused) as twice:
        invitations.confirm_invitation(two.ask(pairing=beside), actor=two.school)
    refused = invitations.refuse_invitation(asked, reason="我们没有去", actor=two.mill)
    with pytest.raises(Refused) as late:
        invitations.confirm_invitation(refused, actor=two.school)
    with pytest.raises(Refused) as not_sent:
        invitations.withdraw_invitation(two.ask(), actor=two.mill)

    assert codes(not_theirs) == ["pairing.invitation.no_part", "pairing.invitation.own"]
    assert codes(own) == ["pairing.invitation.own"]
    assert codes(again) == ["pairing.invitation.asked"]
    assert codes(self_made) == ["pairing.invitation.not_yours"]
    assert codes(no_reason) == ["pairing.invitation.reason_missing"]
    assert codes(twice) == ["pairing.invitation.twice"]
    assert codes(late) == ["pairing.invitation.wrong_state"]
    assert codes(not_sent) == ["pairing.invitation.not_sent"]
    assert list(two.held.pairings.all()) == [two.acts.pine]


def test_each_side_keeps_its_own_people_and_leaves_by_itself(two: Two) -> None:
    """What one unit corrects takes nobody of the other away; a name is read by its own side."""
    world, held = two.world, two.held
    invitations.confirm_invitation(two.ask(), actor=two.school)
    held.refresh_from_db()
    theirs = replace(said_of(held), pairings=[two.far.pk], people={world.qian.pk: "spot"})

    mine = activities.correct_activity(
        held, theirs, reason="补上我们的人", version=held.version, actor=two.school
    )

    there = PairActivity.objects.get(pk=mine.pk).participants.order_by("person__number")
    assert [one.person for one in there.all()] == [world.li, world.qian]
    read = world.client(two.school).get(reverse("activity_detail", args=[held.pk]))
    page = read.content.decode()
    assert (world.qian.name in page, world.li.name in page) == (True, False)
    assert "别的结对单位还有 1 人参加" in page
    with pytest.raises(Refused) as of_others:
        activities.cancel_activity(mine, reason="记错", actor=two.school)
    assert codes(of_others) == ["pairing.activity.of_others"]

    left = activities.correct_activity(
        mine, replace(theirs, pairings=[]), reason="我们没有去", version=mine.version,
        actor=two.school,
    )  # fmt: skip

    left = PairActivity.objects.get(pk=left.pk)
    assert list(left.pairings.all()) == [two.acts.pine]
    assert [one.person for one in left.participants.all()] == [world.li]


def test_one_sum_of_two_villages(two: Two) -> None:
    world = two.world
    fund = fund_of(
        two.acts.pine, two.acts.stone, actor=world.unit_admin, village=world.pine.pk,
        amount=Decimal(90_000),
    )  # fmt: skip

    asked = two.ask(fact=fund, actor=world.officer)  # the county asks too, and the side answers
    with pytest.raises(Refused) as not_the_side:
        invitations.confirm_invitation(asked, actor=world.officer)
    invitations.confirm_invitation(asked, actor=two.school)

    assert codes(not_the_side) == ["pairing.invitation.wrong_role"]
    fund.refresh_from_db()
    assert fund.claimants == 3
    period = PERIOD
    own = figures.fund_sums(Scope((world.mill.path,)), period)
    assert (own.total, own.share) == (fund.arrived, Decimal(30_000))
    whole = figures.fund_sums(EVERYTHING, period)
    assert (whole.total, whole.claimed) == (fund.arrived, 3 * fund.arrived)
    assert figures.counted_fund_sums(EVERYTHING, period).facts == 1
    page = world.client(two.mill).get(reverse("pair_fund_detail", args=[fund.pk])).content.decode()
    assert ("30,000.00" in page, page.count("由对方查看")) == (True, 2)
    with pytest.raises(Refused) as split:
        funds.set_split(fund, parts=None, actor=two.mill)
    assert codes(split) == ["pairing.split.others"]
    for claim in fund.claims.filter(village=world.stone):
        claims.drop_fund_claim(claim, reason="没有参与", actor=world.officer)
    with pytest.raises(Refused) as last:
        claims.drop_fund_claim(
            fund.claims.get(village=world.pine), reason="没有参与", actor=world.officer
        )
    assert codes(last) == ["pairing.claim.last_pair"]


def test_the_pages_find_ask_answer_and_show_strangers_nothing(two: Two) -> None:
    world, held = two.world, two.held
    unit, school = world.client(world.unit_admin), world.client(two.school)
    detail, ask = (reverse(f"activity_{name}", args=[held.pk]) for name in ("detail", "ask"))

    found = unit.get(detail, {"find": "磨坊"}).content.decode()
    assert "县第一小学 — " in found
    assert school.post(ask, {"pairing": str(two.far.pk)}).status_code == 404
    assert unit.post(ask, {"pairing": "x"}).status_code == 404
    assert unit.post(ask, {"pairing": str(two.far.pk)}).status_code == 302
    asked = PairInvitation.objects.get()
    answer = reverse("pair_invitation", args=[asked.pk])
    assert unit.get(answer).status_code == 404  # it is not asked
    assert world.client(world.stranger).get(answer).status_code in (403, 404)
    assert "磨坊" in school.get(reverse("pair_invitation_list")).content.decode()
    assert "教果树剪枝" in school.get(answer).content.decode()
    assert school.post(answer, {"answer": "refuse"}).status_code == 422
    assert school.post(answer, {"answer": "confirm"}).url == detail
    assert school.get(detail).status_code == 200
    other = paired(world, unit=world.school, village=world.brook)
    unit.post(ask, {"pairing": str(other.pk)})
    waiting = PairInvitation.objects.get(pairing=other)
    unit.post(reverse("pair_invitation_withdraw", args=[waiting.pk]))
    states = PairInvitation.objects.order_by("asked_at", "pk").values_list("state", flat=True)
    assert sorted(states) == ["confirmed", "withdrawn"]
    assert Pairing.objects.get(pk=other.pk).still_since == other.since
