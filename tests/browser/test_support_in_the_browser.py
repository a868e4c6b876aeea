"""A difficulty asked on the phone and a month's allowance made, checked and paid, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lingyan.common import clock
from lingyan.posting.models import HelpRequest, PaymentList
from tests.browser.conftest import OpenAs
from tests.browser.hands import overflow, press, site
from tests.posting.support_scene import JUNE_5, Support, build_support
from tests.world import World


@pytest.fixture
def scene(county: World) -> Iterator[Support]:
    with clock.everywhere(JUNE_5):
        found = build_support(county)
        found.confirm(found.li, 21)
        yield found


def test_help_is_asked_and_a_list_paid(scene: Support, open_as: OpenAs) -> None:
    world = scene.world
    phone = open_as(scene.me, reverse("support_mine"), width=390)
    phone.get_by_role("link", name="提出困难").click()
    phone.get_by_label("哪方面的困难").select_option("elder_care")
    phone.get_by_label("有什么困难").fill("母亲住院，无人照料")
    press(phone, "提出")
    expect(phone.get_by_text("已提出，由派出单位承办")).to_be_visible()
    assert not overflow(phone)

    officer = open_as(world.officer, reverse("payment_make"))
    expect(officer.get_by_text("村里还没有确认在村天数")).to_be_visible()
    press(officer, "制表，送审核")
    expect(officer.get_by_text("发放表已制好，等另一人审核")).to_be_visible()
    expect(officer.get_by_text("经办人不能审核自己经办的事项")).to_be_visible()
    where = reverse("payment_detail", args=[PaymentList.objects.get().pk])
    second = open_as(world.second_officer, where)
    press(second, "审核通过")
    expect(second.get_by_text("审核通过，等待支付")).to_be_visible()
    finance = open_as(scene.finance, where)
    finance.get_by_label("支付凭证号").fill("财支 06-01")
    press(finance, "登记支付")
    expect(finance.get_by_text("支付已登记")).to_be_visible()

    phone.goto(site(phone) + reverse("support_mine"))
    expect(phone.get_by_text("1,690.50").first).to_be_visible()
    assert HelpRequest.objects.get().owner == "unit"
    assert PaymentList.objects.get().state == "paid"
