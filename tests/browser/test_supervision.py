"""A task is given, taken and reported on a phone, verified, and stands in the month."""

from __future__ import annotations

from datetime import date

from lingyan.common import clock
from lingyan.supervision.actions.tasks import escalate_tasks
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, site, write
from tests.world import World

MONDAY, FRIDAY, NEXT_MONTH = date(2026, 3, 2), date(2026, 3, 6), date(2026, 4, 1)


def test_from_the_giving_of_a_task_to_the_month(county: World, open_as: OpenAs) -> None:
    with clock.everywhere(MONDAY):
        town = open_as(county.north_org, "/supervision/tasks/raise/")
        town.get_by_label("交给哪里").select_option(label="北山镇松树村")
        write(town, "事项", "修好会议室")
        write(town, "办结期限", "2026-03-20")
        press(town, "交办")
        sees(town, "修好会议室")
        phone = open_as(county.pine_secretary, "/supervision/tasks/?turn=mine", width=390)
        fits(phone)
        go(phone, "修好会议室")
        go(phone, "接收")
        press(phone, "接收")
        go(phone, "报结")
        write(phone, "办理情况", "已修好")
        press(phone, "报结")
        sees(phone, "已报结")
    with clock.everywhere(FRIDAY):
        assert escalate_tasks() == 0  # it was taken in time
        town.goto(f"{site(town)}/supervision/tasks/?turn=check")
        row(town, "修好会议室", "松树村", "已报结")
        go(town, "修好会议室")
        go(town, "核验通过")
        press(town, "核验通过")
        sees(town, "已核验")
    with clock.everywhere(NEXT_MONTH):  # a rate counts what is over
        officer = open_as(county.officer, "/supervision/report/?month=2026-03")
        sees(officer, "100.0%")
        go(officer, "督办按期办结率")
        row(officer, "修好会议室", "已核验")
        officer.goto(f"{site(officer)}/supervision/gates/")
        sees(officer, "整顿事项销号后放开")
        fits(officer)
