"""Presence that another system knows comes in by a sheet; who is posted no more has no access."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.directory.models import RoleAssignment
from lingyan.platform.accounts.models import User
from lingyan.posting.actions import life as actions
from lingyan.posting.models import OutsideRecord, Posting
from lingyan.posting.queries import presence
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.posting.duty_scene import TODAY, Duty, on_duty
from tests.posting.life_scene import ARRIVED, Life, build_life
from tests.world import World

HEADINGS = ("姓名", "日期", "来源系统", "外部编号", "内容")
ROW = ("李甲一", "2026-03-03", "县政务平台", "ZW-1", "村民代表会议")


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        duty = on_duty(world)
        Posting.objects.filter(pk=duty.posting.pk).update(arrived_on=duty.posting.since)
        yield duty


def test_a_record_from_elsewhere_is_a_day_in_the_village(duty: Duty) -> None:
    officer = duty.world.officer

    run = brought_in("presence", workbook(HEADINGS, [ROW]), officer)

    assert run.state == "applied"
    assert presence.on_site_days(duty.posting, TODAY) == 1
    fact = presence.facts_on(duty.posting, date(2026, 3, 3))[0]
    assert (fact.kind, fact.text) == ("外部记录", "县政务平台 村民代表会议")
    again = sent("presence", workbook(HEADINGS, [ROW]), officer)
    assert (again.same_count, again.new_count, again.wrong_count) == (1, 0, 0)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("李甲一", "2026-03-04", "县政务平台", "ZW-1", ""), "该外部记录已导入，请勿重复"),
        (("李甲一", "2026-03-06", "县政务平台", "ZW-2", ""), "日期不能晚于今天"),
        (("李甲一", "2026-01-02", "县政务平台", "ZW-3", ""), "这一天没有在岗的派驻"),
        (("周甲六", "2026-03-03", "县政务平台", "ZW-4", ""), "这一天没有在岗的派驻"),
    ],
)
def test_what_cannot_be_taken_is_said_row_by_row(
    duty: Duty, row: tuple[str, ...], said: str
) -> None:
    officer = duty.world.officer
    brought_in("presence", workbook(HEADINGS, [ROW]), officer)

    run = sent("presence", workbook(HEADINGS, [row]), officer)

    assert [said in reason for _, _, reason in problems(run)] == [True]
    assert OutsideRecord.objects.count() == 1


def test_one_external_number_twice_in_a_file_is_refused(duty: Duty) -> None:
    run = sent("presence", workbook(HEADINGS, [ROW, ROW]), duty.world.officer)

    assert run.wrong_count == 1


# --- G-28 ---------------------------------------------------------------------------------------


@pytest.fixture
def scene(world: World) -> Any:
    with clock.at(ARRIVED):
        scene = build_life(world)
        scene.at_work()
        yield scene


def roles_of(scene: Life) -> int:
    return RoleAssignment.objects.filter(
        user_id=scene.li.user_id, until__isnull=True
    ).count()  # fmt: skip


def test_whoever_leaves_by_death_or_dismissal_loses_role_and_account_the_same_day(
    scene: Life,
) -> None:
    assert roles_of(scene) == 1

    actions.cease_posting(
        scene.posting, text="被开除", document_number="山组发（2026）9号", actor=scene.world.officer
    )

    assert roles_of(scene) == 0
    assert not User.objects.get(pk=scene.li.user_id).is_active


def test_a_recall_takes_the_village_away_and_leaves_the_account(scene: Life) -> None:
    posting = actions.begin_recall(scene.posting, actor=scene.world.officer, case=scene.world.li)
    assert roles_of(scene) == 1

    actions.end_by_recall(posting, actor=scene.world.leader, case=scene.world.li)

    assert roles_of(scene) == 0
    assert User.objects.get(pk=scene.li.user_id).is_active


def test_a_transfer_takes_the_role_along(scene: Life) -> None:
    world = scene.world
    step = actions.propose_step(
        scene.posting, act="transfer", text="工作需要", village=world.stone,
        document_number="山组发（2026）9号", actor=world.officer,
    )  # fmt: skip
    actions.decide_step(step, agrees=True, answer="", actor=world.leader)

    held = RoleAssignment.objects.get(user_id=scene.li.user_id, until__isnull=True)
    assert (held.role, held.place) == ("first_secretary", world.stone)
