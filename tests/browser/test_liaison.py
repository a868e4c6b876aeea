"""The town visits with a phone: what was said there is somebody's task, and stays in the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from lingyan.common import clock
from lingyan.directory.models import RoleAssignment
from lingyan.posting.actions import liaison
from lingyan.posting.models import Posting, Problem, Visit
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, row, sees, site
from tests.posting.duty_scene import TODAY, Duty, on_duty
from tests.world import World


@pytest.fixture
def duty(county: World) -> Iterator[Duty]:
    """李甲一 is at work in 松树村; 林乙三 of the county is in touch with its town."""
    with clock.everywhere(TODAY):
        duty = on_duty(county)
        Posting.objects.filter(pk=duty.posting.pk).update(arrived_on=duty.posting.since)
        duty.posting.refresh_from_db()
        holder = RoleAssignment.objects.get(user_id=county.leader.user_id)
        liaison.assign_liaison(
            holder, kind="area", since=date(2026, 1, 15), town=county.north, actor=county.officer
        )
        yield duty


def test_what_is_raised_at_a_visit_becomes_a_task_and_stays_in_the_file(
    county: World, duty: Duty, open_as: OpenAs
) -> None:
    town = open_as(county.north_org, f"/posting/postings/{duty.posting.pk}/", width=390)
    go(town, "登记走访谈心")
    sees(town, "这次记为“乡镇党委”")
    fits(town)
    town.get_by_label("看了什么、谈了什么").fill("看了茶园，谈了冬天的用水")
    town.get_by_label("提出的困难和问题").fill("水管冬天冻裂")
    town.get_by_label("乡镇党委", exact=True).check()
    town.get_by_label("办结期限").fill("2026-03-20")
    press(town, "登记")
    sees(town, "看了茶园，谈了冬天的用水")
    sees(town, "乡镇党委承办，2026-03-20 前办结")
    fits(town)

    town.goto(f"{site(town)}/posting/tasks/")
    row(town, "办理由乡镇承办的问题", "在办")
    fits(town)
    go(town, "办理由乡镇承办的问题")
    row(town, "水管冬天冻裂", "2026-03-20")

    leader = open_as(county.leader, "/posting/tasks/area_visits/", width=390)
    row(leader, "北山镇松树村：0 / 1 次", county.leader.name)
    leader.goto(f"{site(leader)}/posting/visits/due/?whose=mine")
    go(leader, "登记")
    sees(leader, "这次记为“分片联系”")
    leader.get_by_label("看了什么、谈了什么").fill("入户三家，看了水管")
    press(leader, "登记")
    sees(leader, "入户三家，看了水管")
    leader.goto(f"{site(leader)}/posting/tasks/area_visits/")
    row(leader, "北山镇松树村：1 / 1 次", "已办", str(TODAY))
    fits(leader)

    officer = open_as(county.officer, "/posting/visits/")
    row(officer, "看了茶园", "松树村", "李甲一", county.north_org.name)
    officer.goto(f"{site(officer)}/posting/problems/")
    row(officer, "水管冬天冻裂", "乡镇党委", "2026-03-20", "李甲一")

    person = f"{site(officer)}/directory/people/{county.li.pk}/"
    officer.goto(f"{person}?on={TODAY}")
    sees(officer, "水管冬天冻裂")
    sees(officer, county.north_org.name)
    officer.goto(f"{person}?on=2026-03-04")
    sees(officer, "2026-03-04 那天的情况")
    sees(officer, "没有走访谈心的记录")
    expect(officer.locator("main")).not_to_contain_text("水管冬天冻裂")

    assert Visit.objects.count() == 2
    problem = Problem.objects.get()
    assert (problem.owner, problem.due_on) == ("town", date(2026, 3, 20))
