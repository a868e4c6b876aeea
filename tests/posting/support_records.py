"""One record of each kind of support, of 周甲六 in 磨坊村, for the tests of every address."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from lingyan.common import clock
from lingyan.posting.actions import insurance, support
from lingyan.posting.models import CareerUse, HelpRequest, Honor, PaymentCorrection, Posting
from tests.world import World

SINCE = date(2026, 1, 1)


def support_records(world: World) -> dict[str, Any]:
    """A standard, a policy, a fund with a line, a list, an examination, help, honour, career."""
    posting = Posting.objects.get(person=world.zhou, village=world.mill)
    for key, amount in (("support.fund_year", "20000"), ("support.transport_month", "300")):
        support.set_standard(
            world.county, key=key, amount=Decimal(amount), since=SINCE, clause="无文件",
            actor=world.admin,
        )  # fmt: skip
    policy = insurance.add_policy(
        posting, insurance.Policy("人保6", SINCE, date(2027, 1, 1)), actor=world.south_org
    )
    budget = support.set_budget(posting, year=2026, amount=Decimal(20000), actor=world.officer)
    entry = support.spend(
        budget, happened_on=date(2026, 2, 3), amount=Decimal("120.50"), text="会议用品",
        receipt_number="001", handled_by="周甲六", actor=world.south_org,
    )  # fmt: skip
    payment = support.make_list(
        world.county, item="transport_comm", month=date(2026, 2, 1), actor=world.officer
    )
    line = payment.lines.get(posting=posting)
    correction = PaymentCorrection.objects.create(
        line=line, right_amount=Decimal(200), difference=Decimal(-100), reason="请假半月",
        made_by_name="陈乙一", made_at=clock.now(),
    )  # fmt: skip
    record = support.record_support(
        posting, item="health_exam", on=date(2026, 2, 10), by_whom="县人民医院",
        actor=world.south_org,
    )  # fmt: skip
    asked = HelpRequest.objects.create(
        posting=posting, kind="housing", text="宿舍漏雨", raised_on=date(2026, 2, 1), owner="town",
        due_on=date(2026, 3, 3), created_at=clock.now(),
    )  # fmt: skip
    nominated = {
        "posting": posting, "appraisal": "2025 年度考核 称职", "nominated_by_name": "陈乙一",
        "nominated_by_id": world.officer.user_id, "nominated_at": clock.now(),
    }  # fmt: skip
    Honor.objects.create(
        level="city", kind="other", title="乡村振兴先进个人", state="granted",
        decided_on=date(2026, 1, 20), document_number="市组发9号", **nominated,
    )  # fmt: skip
    honor = Honor.objects.create(level="county", kind="other", title="驻村先进个人", **nominated)
    career = CareerUse.objects.create(kind="promoted", position="副科长", **nominated)
    return {
        "policy_id": policy.pk, "budget_id": budget.pk, "fund_entry_id": entry.pk,
        "payment_id": payment.pk, "line_id": line.pk, "correction_id": correction.pk,
        "record_id": record.pk, "help_id": asked.pk,
        "honor_id": honor.pk, "career_id": career.pk,
    }  # fmt: skip
