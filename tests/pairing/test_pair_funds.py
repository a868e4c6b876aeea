"""Sums that pairs brought: three amounts, corrections, several claimants of one, and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.money import NOTHING
from lingyan.common.refusals import Refused
from lingyan.pairing.actions import claims, funds
from lingyan.pairing.models import FundClaim, PairFund, Pairing
from lingyan.pairing.queries import figures
from lingyan.platform.audit.models import AuditEntry
from tests.pairing.ledger_records import ON, fund_of
from tests.pairing.scene import TODAY, paired, unit_admin
from tests.world import World


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def pair(world: World) -> Pairing:
    return paired(world)


@pytest.fixture
def beside(world: World, pair: Pairing) -> Pairing:
    """县第一小学 supports the same village."""
    return paired(world, unit=world.school, is_lead=False)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def parts(fund: PairFund) -> list[Decimal]:
    return [part for _, part in figures.parts_of(fund, fund.arrived)]


def amounts(fund: PairFund) -> tuple[Any, ...]:
    fund.refresh_from_db()
    return fund.committed, fund.arrived, fund.spent


def test_three_amounts_with_their_days(world: World, pair: Pairing) -> None:
    fund = fund_of(pair, actor=world.unit_admin, stage="committed", amount=Decimal(500_000))
    funds.add_entry(
        fund, stage="arrived", amount=Decimal("300000.01"), happened_on=date(2026, 2, 25),
        evidence="拨款单3号", actor=world.unit_admin,
    )  # fmt: skip
    funds.add_entry(
        fund, stage="spent", amount=Decimal(1000), happened_on=TODAY, evidence="凭证1号",
        actor=world.pine_secretary,
    )  # fmt: skip

    assert amounts(fund) == (Decimal(500_000), Decimal("300000.01"), Decimal(1000))
    assert (fund.committed_on, fund.arrived_on, fund.spent_on) == (ON, date(2026, 2, 25), TODAY)
    pair.refresh_from_db()
    assert pair.still_since == date(2026, 2, 25)  # money that arrived is a sign of life
    actions = AuditEntry.objects.filter(subject_id=str(fund.pk)).order_by("number")
    assert [one.action for one in actions] == [
        "pairing.fund.created",
        *["pairing.fund.entered"] * 3,
    ]


def test_more_than_arrived_is_not_paid_out(world: World, pair: Pairing) -> None:
    fund = fund_of(pair, actor=world.unit_admin)

    with pytest.raises(Refused) as refused:
        funds.add_entry(
            fund, stage="spent", amount=Decimal("100000.02"), happened_on=TODAY, evidence="凭证",
            actor=world.unit_admin,
        )  # fmt: skip

    assert codes(refused) == ["pairing.fund.more_than_arrived"]
    assert amounts(fund) == (NOTHING, Decimal("100000.01"), NOTHING)


def test_a_wrong_line_stays_and_is_taken_back_with_the_reason(world: World, pair: Pairing) -> None:
    fund = fund_of(pair, actor=world.unit_admin)
    entry = fund.entries.get()

    counter = funds.correct_entry(entry, reason="金额看错", actor=world.unit_admin)
    with pytest.raises(Refused) as refused:
        funds.correct_entry(entry, reason="再来一次", actor=world.unit_admin)

    assert (counter.amount, counter.happened_on, counter.corrects) == (-entry.amount, ON, entry)
    assert codes(refused) == ["pairing.fund.corrected_already"]
    assert amounts(fund) == (NOTHING, NOTHING, NOTHING)
    assert fund.arrived_on is None
    assert fund.entries.count() == 2
    pair.refresh_from_db()
    assert pair.still_since == pair.since  # what was taken back is no sign of life


def test_the_same_sum_is_not_written_down_twice_but_claimed(
    world: World, pair: Pairing, beside: Pairing
) -> None:
    school = unit_admin(world, world.school)
    fund = fund_of(pair, actor=world.unit_admin)

    with pytest.raises(Refused) as refused:
        fund_of(beside, actor=school)
    claims.claim_fund(fund, pairing=beside, actor=school)
    with pytest.raises(Refused) as again:
        claims.claim_fund(fund, pairing=beside, actor=school)
    another = fund_of(beside, actor=school, is_another=True)

    assert codes(refused) == ["pairing.fund.twin"]
    assert codes(again) == ["pairing.claim.known"]
    fund.refresh_from_db()
    assert fund.claimants == 2
    assert parts(fund) == [Decimal("50000.01"), Decimal("50000.00")]
    assert another.claimants == 1


def test_an_own_split_holds_to_the_fen_until_the_claimants_change(
    world: World, pair: Pairing, beside: Pairing
) -> None:
    fund = fund_of(pair, beside, actor=world.officer)
    first, second = fund.claims.order_by("made_at", "pk")

    with pytest.raises(Refused) as refused:
        funds.set_split(
            fund, parts={first.pk: Decimal(1), second.pk: Decimal(2)}, actor=world.pine_secretary
        )
    funds.set_split(
        fund, parts={first.pk: Decimal("70000.01"), second.pk: Decimal(30_000)},
        actor=world.pine_secretary,
    )  # fmt: skip
    agreed = parts(fund)
    with pytest.raises(Refused) as not_allowed:
        funds.set_split(fund, parts=None, actor=world.unit_admin)
    claims.drop_fund_claim(second, reason="没有参与", actor=world.officer)
    with pytest.raises(Refused) as last:
        claims.drop_fund_claim(first, reason="没有参与", actor=world.officer)

    assert codes(refused) == ["pairing.split.sum"]
    assert agreed == [Decimal("70000.01"), Decimal("30000.00")]
    assert codes(not_allowed) == ["pairing.split.wrong_role"]
    assert parts(fund) == [Decimal("100000.01")]
    assert codes(last) == ["pairing.claim.last_pair"]
    assert FundClaim.objects.filter(fund=fund).count() == 2  # what was taken back stays


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("other_unit", {"pairing.claim.not_yours"}),
        ("stranger", {"pairing.claim.not_yours"}),
        ("nobody", {"pairing.claim.none"}),
        ("not_begun", {"pairing.claim.not_started", "pairing.claim.not_yours"}),
        ("two_villages", {"pairing.fund.village"}),
    ],
)
def test_for_which_pairs_somebody_may_write(
    world: World, pair: Pairing, who: str, told: set[str]
) -> None:
    actor, pairs = world.officer, [pair]
    if who == "other_unit":
        actor = unit_admin(world, world.school)
    elif who == "stranger":
        actor = world.stranger
    elif who == "nobody":
        pairs = []
    elif who == "not_begun":
        waiting = paired(world, village=world.mill, state="proposed")
        Pairing.objects.filter(pk=waiting.pk).update(since=None, planned_until=None)
        pairs = [Pairing.objects.get(pk=waiting.pk)]
    else:
        pairs = [pair, paired(world, village=world.stone)]

    with pytest.raises(Refused) as refused:
        fund_of(*pairs, actor=actor)

    assert set(codes(refused)) == told
    assert not PairFund.objects.exists()


def test_the_pages_from_the_form_to_the_file(world: World, pair: Pairing, beside: Pairing) -> None:
    client, village = world.client(world.unit_admin), world.client(world.pine_secretary)
    said = {
        "pairings": [str(pair.pk)], "source": "fiscal", "project": "村道硬化", "stage": "arrived",
        "amount": "3.5万元", "happened_on": "2026-02-20", "evidence": "县财字1号",
    }  # fmt: skip
    school = world.client(unit_admin(world, world.school))

    answer = client.post(reverse("pair_fund_add"), {**said, "amount": "1.234"})
    assert answer.status_code == 422
    assert "不能有不足一分的零头" in answer.content.decode()
    assert client.post(reverse("pair_fund_add"), said).status_code == 302
    fund = PairFund.objects.get()
    assert fund.arrived == Decimal(35_000)
    answer = school.post(reverse("pair_fund_add"), {**said, "pairings": [str(beside.pk)]})
    assert answer.status_code == 409
    claim = reverse("pair_fund_claim", args=[fund.pk])
    assert claim in answer.content.decode()
    assert school.get(reverse("pair_fund_detail", args=[fund.pk])).status_code == 404
    assert school.post(claim, {"pairing": str(beside.pk)}).status_code == 302
    shown = school.get(reverse("pair_fund_detail", args=[fund.pk])).content.decode()
    assert "17,500.00" in shown
    keys = [str(one.pk) for one in fund.claims.order_by("made_at", "pk")]
    split = reverse("pair_fund_split", args=[fund.pk])
    assert village.post(split, dict(zip(keys, ("30000", "4000"), strict=True))).status_code == 409
    assert village.post(split, dict(zip(keys, ("30000", "5000"), strict=True))).status_code == 302
    assert "30,000.00" in village.get(reverse("pair_fund_detail", args=[fund.pk])).content.decode()
    entry = fund.entries.get()
    answer = client.post(reverse("pair_fund_correct", args=[entry.pk]), {"reason": "重复"})
    assert answer.status_code == 302
    listed = world.client(world.officer).get(reverse("pair_fund_list"))
    assert "2 方共同" in listed.content.decode()
    assert client.get(reverse("pair_fund_export")).status_code == 200
    detail = reverse("pair_fund_detail", args=[fund.pk])
    assert world.client(world.stranger).get(detail).status_code == 404
