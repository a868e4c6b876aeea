"""A term change by hand: the town plans, the village proposes, departments answer, people vote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from lingyan.common import clock
from lingyan.directory.models import VillageOfficer
from lingyan.organization.actions import lookback, term_changes
from lingyan.organization.models import TermChange
from lingyan.platform.audit.verify import verify_chain
from tests.browser.conftest import OpenAs
from tests.browser.hands import fits, go, press, sees, site, write
from tests.organization.elect_scene import ELECTION, TODAY, Election, election
from tests.world import World


@pytest.fixture
def there(county: World) -> Iterator[Election]:
    with clock.everywhere(TODAY):
        yield election(county)


def count(page: Page, *numbers: int) -> None:
    """The five numbers of a meeting, in the order of the form."""
    for name, number in zip(
        ("due", "attended", "issued", "returned", "valid"), numbers, strict=True
    ):
        page.locator(f"main input[name={name}]").fill(str(number))


def votes(page: Page, **found: int) -> None:
    for place, number in found.items():
        page.locator(f"main input[name=votes_{place.lstrip('v')}]").fill(str(number))


def test_from_the_plan_to_the_archive(there: Election, open_as: OpenAs) -> None:
    world = there.world
    town = open_as(world.north_org, "/organization/term-changes/new/")
    town.locator("select[name=village]").select_option(label="松树村")
    write(town, "计划选举日", str(ELECTION))
    for name, number in (("party_deputy", 0), ("party_committee_member", 0), ("deputy", 0),
                         ("member", 2)):  # fmt: skip
        town.locator(f"main input[name={name}]").fill(str(number))
    write(town, "换届方案", "先党内后村委")
    press(town, "制定方案")
    sees(town, "批准换届方案")
    change = TermChange.objects.get()
    here = f"/organization/term-changes/{change.pk}/"

    change = term_changes.approve_plan(change, actor=there.town_secretary)
    term_changes.assess(change, text="班子年龄偏大", actor=world.north_org)

    village = open_as(world.pine_secretary, here, width=390)
    go(village, "提名候选人")
    village.locator("select[name=person]").select_option(label="田丁二（R0082）")
    village.get_by_label("村党组织书记", exact=True).check()
    village.get_by_label("村民委员会主任", exact=True).check()
    write(village, "本人同意日期", str(TODAY))
    write(village, "简历", "返乡种植大户")
    village.get_by_label("本人已申报近亲属情况").check()
    write(village, "外出务工经商返乡人员", "2019年返乡创业")
    press(village, "提名")
    sees(village, "田丁二")
    fits(village)
    for name, posts in (("jin", ["vc_director", "vc_member"]), ("mei", ["vc_member"]),
                        ("ping", ["vc_member"])):  # fmt: skip
        there.propose(change, name, posts)
    village.reload()
    go(village, "提交资格联审")
    press(village, "提交资格联审")
    sees(village, "还差 11 个部门")

    # The police find what nobody is let off: the county is told before it presses.
    police = open_as(there.police, "/", width=390)
    go(police, "人的资格联审等本部门答复")
    line = police.locator("main tbody tr").filter(has_text="田丁四")
    with police.expect_navigation():
        line.get_by_role("link", name="答复").click()
    police.get_by_label("有问题", exact=True).check()
    police.get_by_label("受过刑事处罚").check()
    write(police, "情况", "2015年因盗窃被判刑")
    press(police, "答复")
    sees(police, "受过刑事处罚")
    there.clear_all(change)
    officer = open_as(world.officer, here)
    sees(officer, "田丁四：联审不通过，不得提名")
    mei = change.candidates.get(person=there.people["mei"])
    term_changes.drop_candidate(mei, text="联审不通过", actor=world.north_org)
    there.propose(change, "wei", ["vc_member"])
    there.clear_all(change)
    officer.goto(f"{site(officer)}{here}confirm/")
    press(officer, "确定候选人")
    sees(officer, "候选人确定")

    # Too few come to vote: nobody is chosen, and the village votes again.
    with clock.everywhere(ELECTION):
        there.party_meets(change)
        town.goto(site(town) + here)
        go(town, "登记村（居）民委员会选举会议")
        write(town, "选民名单公布日期", "2026-01-15")
        count(town, 300, 150, 150, 150, 150)
        votes(town, v0=140, v1=10, v2=90, v3=80, v4=70)
        press(town, "登记")
        sees(town, "登记选民 300 人，参加投票 150 人，没有过半数")
        go(town, "重新选举")
        press(town, "重新选举")
        go(town, "登记村（居）民委员会选举会议")
        write(town, "选民名单公布日期", "2026-01-15")
        count(town, 300, 200, 200, 200, 198)
        votes(town, v0=150, v1=40, v2=120, v3=130, v4=60)
        press(town, "登记")
        sees(town, "已选举")

        term_changes.publish_result(change, published_on=ELECTION, actor=there.village_org)
        term_changes.approve_posts(
            change, approved_on=ELECTION, document_number="山党发〔2026〕2号",
            actor=there.town_secretary,
        )  # fmt: skip
        officer.goto(f"{site(officer)}{here}file/")
        sees(officer, "田丁二")
        write(officer, "备案文号", "山组备〔2026〕2号")
        press(officer, "备案")
        sees(officer, "已批复备案")
        town.goto(f"{site(town)}{here}hand-over/")
        for label in ("印章", "账目和资金", "集体资产和合同", "档案资料", "未办完的事项"):
            town.get_by_label(label, exact=True).check()
        for label, name in (("移交人", "田丁一"), ("接收人", "田丁二"), ("乡镇监交人", "石丙四")):
            write(town, label, name)
        press(town, "登记工作移交")
        sees(town, "已检查 0 / 14")

    with clock.everywhere(date(2026, 3, 2)):
        for check in change.checks.exclude(item="lb14").order_by("item"):
            lookback.check_item(check, result="pass", evidence="已查看", actor=world.north_org)
        town.reload()
        go(town, "选举档案完整")
        town.get_by_label("存在问题", exact=True).check()
        write(town, "检查情况和佐证", "缺选票封存单")
        write(town, "整改责任人", "田丁二")
        press(town, "保存结论")
        sees(town, "已检查 14 / 14")
        term_changes.finish_look_back(change, actor=world.north_org)
        officer.goto(site(officer) + here)
        sees(officer, "还有问题没有销号：选举档案完整")
        village.goto(site(village) + "/")
        go(village, "个回头看问题待整改")
        go(village, "松树村")
        go(village, "报整改")
        write(village, "整改情况", "已补封存单")
        press(village, "报整改")
        sees(village, "已报整改")
        lookback.verify(change.checks.get(item="lb14"), actor=world.officer)
        officer.reload()
        go(officer, "归档")
        press(officer, "归档")
        expect(officer.locator("main h1")).to_contain_text("已归档")

    held = VillageOfficer.objects.filter(village=world.pine, until__isnull=True)
    assert set(held.values_list("person__name", "post")) == {
        ("田丁二", "party_secretary"), ("田丁二", "vc_director"), ("田丁三", "vc_member"),
        ("田丁五", "vc_member"),
    }  # fmt: skip
    assert verify_chain().broken_number is None
