"""Do the pages of support open for whom they are, and does each figure open its records?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.config import wiring
from lingyan.posting.actions import help_requests
from lingyan.posting.models import (
    HelpRequest,
    PaymentList,
    Posting,
    WorkFundBudget,
    WorkFundEntry,
)
from lingyan.posting.queries import support as support_queries
from lingyan.posting.rules import support as support_rules
from tests.posting.support_scene import JUNE_5, Support, build_support
from tests.world import World


@pytest.fixture
def scene(world: World) -> Support:
    return build_support(world)


def titles(actor: Any) -> list[str]:
    return [one.title for one in wiring.worklist(actor)]


def test_a_list_is_made_checked_and_paid_on_its_pages(scene: Support) -> None:
    world = scene.world
    scene.confirm(scene.li, 21)
    with clock.at(JUNE_5):
        officer, second = world.client(world.officer), world.client(world.second_officer)
        assert any("5 月生活补助待制表，1 人" in one for one in titles(world.officer))
        asked = {"item": "living", "month": "2026-05"}
        page = officer.get(reverse("payment_make"), asked).content.decode()
        assert "1,690.50" in page
        assert "村里还没有确认在村天数" in page
        answer: Any = officer.post(reverse("payment_make"), asked)
        assert answer.status_code == 302
        made = PaymentList.objects.get()
        where = reverse("payment_detail", args=[made.pk])
        assert "经办人不能审核自己经办的事项" in officer.get(where).content.decode()
        assert "1 张发放表待审核" in titles(world.second_officer)
        answer = second.post(reverse("payment_check", args=[made.pk]))
        assert answer.status_code == 302
        assert "1 张发放表待支付" in titles(scene.finance)
        treasury = world.client(scene.finance)
        pay = reverse("payment_pay", args=[made.pk])
        wrong: Any = treasury.post(pay, {"paid_on": "2026-06-05", "voucher_number": ""})
        assert wrong.status_code == 422
        answer = treasury.post(pay, {"paid_on": "2026-06-05", "voucher_number": "P-1"})
        assert answer.status_code == 302
        again: Any = treasury.post(pay, {"paid_on": "2026-06-05", "voucher_number": "P-1"})
        assert again.status_code == 409
        mine = world.client(scene.me).get(reverse("support_mine")).content.decode()

    assert PaymentList.objects.get().state == "paid"
    assert "1,690.50" in mine


def test_the_overview_counts_filters_and_goes_out_as_a_file(scene: Support) -> None:
    world = scene.world
    with clock.at(JUNE_5):
        client = world.client(world.officer)
        page = client.get(reverse("support_list")).content.decode()
        assert "李甲一" in page
        assert "钱甲四" in page
        late = client.get(reverse("support_list"), {"item": "accident_ins", "state": "overdue"})
        found = late.content.decode()
        assert "李甲一</a>" not in found
        assert "钱甲四</a>" in found
        file: Any = client.get(reverse("support_export"))
        town = world.client(world.south_org).get(reverse("support_list")).content.decode()

    assert file["Content-Type"].endswith("sheet")
    assert "李甲一" not in town


def test_the_fund_is_given_spent_and_corrected_on_its_pages(scene: Support) -> None:
    world = scene.world
    with clock.at(JUNE_5):
        officer, town = world.client(world.officer), world.client(world.north_org)
        answer: Any = officer.post(reverse("fund_give"), {"year": "2026"})
        assert answer.status_code == 302
        budget = WorkFundBudget.objects.get(posting=scene.li)
        where = reverse("fund_ledger", args=[budget.pk])
        said = {
            "happened_on": "2026-06-01", "amount": "1.5万元", "text": "村部修缮",
            "receipt_number": "001", "handled_by": "李甲一",
        }  # fmt: skip
        for amount, text in (
            ("0.001", "不足一分"), ("二十", "请写金额"), ("3万", "超出预算"), ("-5", "应大于"),
        ):  # fmt: skip
            wrong: Any = town.post(where, {**said, "amount": amount})
            assert wrong.status_code in (409, 422)
            assert text in wrong.content.decode()
        assert town.post(where, said).status_code == 302
        double: Any = town.post(where, said)
        assert double.status_code == 409
        entry = WorkFundEntry.objects.get()
        answer = town.post(reverse("fund_correct", args=[entry.pk]), {"reason": "写错金额"})
        assert answer.status_code == 302
        page = world.client(scene.me).get(where).content.decode()

    assert WorkFundEntry.objects.count() == 2
    assert "已冲销" in page
    assert "20,000.00" in page


def test_help_is_asked_on_the_phone_and_ended_by_the_person(scene: Support) -> None:
    world = scene.world
    with clock.at(JUNE_5):
        me, unit = world.client(scene.me), world.client(world.unit_admin)
        said = {"kind": "elder_care", "text": "母亲住院，无人照料"}
        answer: Any = me.post(reverse("help_ask"), said)
        assert answer.status_code == 302
        me.post(reverse("help_ask"), said)
        asked = HelpRequest.objects.get()
        assert "1 件实际困难等您办" in titles(world.unit_admin)
        assert (
            "母亲住院"
            not in world.client(world.north_org).get(reverse("help_list")).content.decode()
        )
        hidden: Any = world.client(world.north_org).get(reverse("help_detail", args=[asked.pk]))
        assert hidden.status_code == 404
        for act, words in (
            ("accept", {"due_on": "2026-06-20"}), ("begin", {"text": "已联系医院"}),
            ("answer", {"text": "已请好护工"}),
        ):  # fmt: skip
            answer = unit.post(reverse("help_step", args=[asked.pk, act]), words)
            assert answer.status_code == 302, act
        closed: Any = unit.post(reverse("help_step", args=[asked.pk, "confirm"]))
        assert closed.status_code == 409
        assert "1 件困难等您确认办理结果" in titles(scene.me)
        answer = me.post(reverse("help_step", args=[asked.pk, "confirm"]))
        assert answer.status_code == 302

    asked.refresh_from_db()
    assert (asked.state, asked.closed_on) == ("solved", JUNE_5)


def test_a_late_request_is_taken_up_with_a_day_that_may_be_saved(scene: Support) -> None:
    """Its own limit has passed: offered as it was, the form would refuse what it had filled in."""
    world = scene.world
    with clock.at(JUNE_5):
        said = {"kind": "elder_care", "text": "母亲住院，无人照料"}
        world.client(scene.me).post(reverse("help_ask"), said)
    asked = HelpRequest.objects.get()
    with clock.at(date(2026, 9, 1)):
        assert asked.due_on < date(2026, 9, 1)
        where = reverse("help_step", args=[asked.pk, "accept"])
        assert 'value="2026-09-01"' in world.client(world.unit_admin).get(where).text


def test_who_has_left_confirms_on_paper(scene: Support) -> None:
    """The person signs in no more: town or county write down what stands on the paper."""
    world = scene.world
    with clock.at(JUNE_5):
        asked = help_requests.raise_request(
            scene.li, kind="housing", text="宿舍漏雨", actor=scene.me
        )
        help_requests.step_request(asked, "accept", due_on=JUNE_5, actor=world.north_org)
        help_requests.step_request(asked, "answer", text="修好了", actor=world.north_org)
        town, where = world.client(world.north_org), reverse("help_step", args=[asked.pk, "note"])
        paper = {"text": "6 月 5 日来信：已修好，同意办结"}
        early: Any = town.post(where, paper)
        assert early.status_code == 409
        Posting.objects.filter(pk=scene.li.pk).update(until=JUNE_5, state="ceased")
        assert where in town.get(reverse("help_detail", args=[asked.pk])).text
        done: Any = town.post(where, paper)
        assert done.status_code == 302
        page = town.get(reverse("help_detail", args=[asked.pk])).text

    asked.refresh_from_db()
    assert (asked.state, asked.handled_text) == ("solved", "修好了")
    assert paper["text"] in page


def test_the_county_sets_how_often_somebody_is_examined(scene: Support) -> None:
    world = scene.world
    admin = world.client(world.admin)
    said = {"key": "support.exams_per_year", "since": "2026-06-05", "clause": "山组发2号"}
    with clock.at(JUNE_5):
        for wrong in ("1.5", "99"):
            answer: Any = admin.post(reverse("county_settings"), {**said, "amount": wrong})
            assert answer.status_code == 409
            assert "应是 0 到 12 的整数" in answer.text
        assert admin.post(
            reverse("county_settings"), {**said, "amount": "2"}
        ).status_code == 302  # fmt: skip
        facts = support_queries.year_facts([scene.li], 2026)[scene.li.pk]
        lines = support_rules.year_lines(facts)
        [now] = [one for one in lines if one.item == "health_exam"]

    assert (now.due, now.done) == (2, 0)
