"""Is a paid list corrected in a later one, line by line, with totals that are exact to the fen?"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db.models import Sum
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import EVERYTHING
from lingyan.posting.actions import support
from lingyan.posting.models import PaymentCorrection, PaymentLine, PaymentList
from lingyan.posting.queries import support as queries
from lingyan.posting.rules.support_words import SupportItem
from tests.posting.scene import codes
from tests.posting.support_scene import JUNE_5, MAY, Support, build_support
from tests.world import World

APRIL = MAY.replace(month=4)


@pytest.fixture
def scene(world: World) -> Support:
    return build_support(world)


def paid(scene: Support, month: Any = APRIL) -> PaymentList:
    made = scene.list_of(SupportItem.LIVING, month)
    with clock.at(JUNE_5):
        support.check_list(made, actor=scene.world.second_officer)
        return support.pay_list(made, paid_on=JUNE_5, voucher_number="P-1", actor=scene.finance)


def corrected(scene: Support, line: PaymentLine, right: str, reason: str = "多记了一天") -> Any:
    with clock.at(JUNE_5):
        return support.correct_payment(
            line, right_amount=Decimal(right), reason=reason, actor=scene.world.officer
        )


def test_a_later_list_takes_up_the_difference_and_the_paid_row_stays(scene: Support) -> None:
    scene.confirm(scene.li, 21, APRIL)
    april = paid(scene)
    [wrong] = april.lines.all()
    assert wrong.amount == Decimal("1690.50")
    client = scene.world.client(scene.world.officer)
    with clock.at(JUNE_5):
        detail = client.get(reverse("payment_detail", args=[april.pk])).text
        where = reverse("payment_correct", args=[wrong.pk])
        assert where in detail
        same: Any = client.post(where, {"right_amount": "1690.50", "reason": "核对"})
        assert same.status_code == 409
        done: Any = client.post(where, {"right_amount": "1610.00", "reason": "多记了一天"})
        assert done.status_code == 302
        again: Any = client.post(where, {"right_amount": "1600", "reason": "又错"})
        assert again.status_code == 409
        scene.confirm(scene.li, 20)
        offered = client.get(reverse("payment_make"), {"item": "living", "month": "2026-05"}).text
        assert "多记了一天" in offered
        assert "1,529.50 元" in offered

    may = paid(scene, MAY)

    wrong.refresh_from_db()
    assert (wrong.amount, wrong.stands) == (Decimal("1690.50"), True)
    lines = may.lines.order_by("amount").values_list("month", "amount", "correction__reason")
    assert list(lines) == [
        (APRIL, Decimal("-80.50"), "多记了一天"), (MAY, Decimal("1610.00"), None),
    ]  # fmt: skip
    assert queries.get_payment(EVERYTHING, may.pk).total == Decimal("1529.50")
    total = PaymentLine.objects.filter(month=APRIL, stands=True).aggregate(sum=Sum("amount"))
    assert total["sum"] == Decimal("1610.00")
    with clock.at(JUNE_5):
        page = client.get(reverse("payment_detail", args=[may.pk])).text
        book = client.get(reverse("payment_export", args=[may.pk]))
    assert "更正 2026年4月：多记了一天" in page
    sheet = openpyxl.load_workbook(BytesIO(book.getvalue())).worksheets[0]
    told = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "更正 2026-04：多记了一天" in told
    assert 1529.5 in told


def test_a_second_correction_counts_from_what_was_paid_with_the_first(scene: Support) -> None:
    scene.confirm(scene.li, 20, APRIL)
    [line] = paid(scene).lines.all()
    corrected(scene, line, "0", "不应发放")
    paid(scene, MAY)

    second = corrected(scene, line, "80.50", "应发一天")

    assert second.difference == Decimal("80.50")


def test_a_returned_list_frees_the_correction_for_the_next(scene: Support) -> None:
    scene.confirm(scene.li, 20, APRIL)
    [line] = paid(scene).lines.all()
    correction = corrected(scene, line, "1529.50")
    made = scene.list_of(SupportItem.LIVING, MAY)
    with clock.at(JUNE_5):
        with pytest.raises(Refused) as refused:
            support.void_correction(correction, reason="不用了", actor=scene.world.officer)
        support.return_list(made, reason="先不发", actor=scene.world.second_officer)

    again = scene.list_of(SupportItem.LIVING, MAY)

    assert codes(refused) == ["posting.correction_listed"]
    assert [one.amount for one in again.lines.all()] == [Decimal("-80.50")]


def test_what_is_not_paid_or_not_the_offices_is_not_corrected(scene: Support) -> None:
    scene.confirm(scene.li, 20, APRIL)
    [line] = scene.list_of(SupportItem.LIVING, APRIL).lines.all()

    with pytest.raises(Refused) as unpaid:
        corrected(scene, line, "1")
    town: Any = scene.world.client(scene.world.north_org).get(
        reverse("payment_correct", args=[line.pk])
    )

    assert codes(unpaid) == ["posting.correction_line"]
    assert town.status_code == 403
    assert not PaymentCorrection.objects.exists()


def test_a_correction_is_taken_back_before_it_is_listed(scene: Support) -> None:
    scene.confirm(scene.li, 20, APRIL)
    [line] = paid(scene).lines.all()
    correction = corrected(scene, line, "1")
    client = scene.world.client(scene.world.officer)
    with clock.at(JUNE_5):
        answer: Any = client.post(
            reverse("correction_void", args=[correction.pk]), {"reason": "看错了"}
        )
        assert answer.status_code == 302
        with pytest.raises(Refused) as refused:
            support.make_list(
                scene.world.county, item="living", month=MAY, actor=scene.world.officer
            )

    assert codes(refused) == ["posting.payment_empty"]
