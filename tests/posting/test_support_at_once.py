"""Two offices act at the same moment: nothing is paid, spent or given twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from lingyan.common import clock
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.actions import help_requests, support
from lingyan.posting.models import HelpRequest, PaymentLine, PaymentList, WorkFundEntry
from tests.posting.support_scene import JUNE_5, MAY, Support, build_support
from tests.posting.test_two_at_once import both
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Support]:
    with clock.at(JUNE_5):
        found = build_support(build_world())
        found.confirm(found.li, 20)
        yield found


def test_two_make_check_and_pay_the_same_list_once(scene: Support) -> None:
    world = scene.world

    def make() -> None:
        support.make_list(world.county, item="living", month=MAY, actor=world.officer)

    assert both(make, make, on=JUNE_5) == ["done", "posting.payment_empty"]
    made = PaymentList.objects.get()
    support.check_list(made, actor=world.second_officer)

    def pay() -> None:
        support.pay_list(made, paid_on=JUNE_5, voucher_number="P-1", actor=scene.finance)

    assert both(pay, pay, on=JUNE_5) == ["done", "posting.payment.wrong_state"]
    assert PaymentLine.objects.count() == 1
    assert verify_chain().broken_number is None


def test_two_spend_the_last_of_the_fund_once(scene: Support) -> None:
    budget = support.set_budget(scene.li, year=2026, amount=Decimal(100), actor=scene.world.officer)

    def spend(receipt: str) -> None:
        support.spend(
            budget, happened_on=date(2026, 6, 1), amount=Decimal("60.00"), text="灯泡",
            receipt_number=receipt, handled_by="李甲一", actor=scene.world.north_org,
        )  # fmt: skip

    ends = both(lambda: spend("1"), lambda: spend("2"), on=JUNE_5)

    assert ends == ["done", "posting.fund_exceeded"]
    [entry] = WorkFundEntry.objects.all()

    def correct() -> None:
        support.correct_entry(entry, reason="写错", actor=scene.world.north_org)

    assert both(correct, correct, on=JUNE_5) == ["done", "posting.fund_corrected"]
    assert sum(one.amount for one in WorkFundEntry.objects.all()) == 0


def test_a_difficulty_raised_twice_at_once_is_one(scene: Support) -> None:
    def ask() -> None:
        help_requests.raise_request(scene.li, kind="housing", text="漏雨", actor=scene.me)

    assert both(ask, ask, on=JUNE_5) == ["done", "done"]
    assert HelpRequest.objects.count() == 1
