"""Wishes, intentions and the rules of a round come in and go out by sheet."""

from __future__ import annotations

import io
from typing import Any

import pytest

from lingyan.common.refusals import Refused
from lingyan.platform.exchange import actions, exporting
from lingyan.platform.exchange.registry import KINDS
from lingyan.posting.actions import wishes as wish_actions
from lingyan.posting.models import Intention, Round, RoundPerson, Wish
from tests.platform.sheets import brought_in, changes, problems, sent, workbook
from tests.posting.scene import Scene

WISHES = ("姓名", "单位", "村", "乡镇", "志愿顺序")
INTENTIONS = ("村", "岗位", "人选", "意向顺序")


def wishes(*rows: tuple[Any, ...]) -> bytes:
    return workbook(WISHES, rows)


LI_TO_PINE = ("李甲一", None, "松树村", None, 1)
LI_TO_MILL = ("李甲一", None, "磨坊村", "南河镇", 2)


def listed(round: Round) -> list[tuple[str, str, int]]:
    found = Wish.objects.filter(round_person__round=round).order_by("rank")
    return [
        (wish.round_person.person.name, wish.round_village.village.name, wish.rank)
        for wish in found
    ]


def test_wishes_on_paper_are_entered_and_wait_for_the_unit(scene: Scene) -> None:
    round = scene.wishing()

    brought_in("wishes", wishes(LI_TO_PINE, LI_TO_MILL), scene.world.officer, option=str(round.pk))

    li = scene.taking_part(round, scene.world.li)
    assert listed(round) == [("李甲一", "松树村", 1), ("李甲一", "磨坊村", 2)]
    assert li.wish_state == "submitted"
    wish_actions.confirm_wishes(
        li, order_seen=wish_actions.order_of(li), actor=scene.world.unit_admin
    )


def test_the_list_is_replaced_whole_and_undo_brings_the_old_one_back(scene: Scene) -> None:
    round = scene.wishing()
    li = scene.taking_part(round, scene.world.li)
    pine = scene.village(round, scene.world.pine)
    wish_actions.save_wishes(li, {pine.pk: 1}, actor=scene.world.candidate)

    run = sent("wishes", wishes(LI_TO_MILL), scene.world.officer, option=str(round.pk))
    assert ["原有志愿", "松树村", "（取消）"] in changes(run, "new")[0][1]
    actions.apply_import(run, actor=scene.world.officer)
    assert listed(round) == [("李甲一", "磨坊村", 2)]

    actions.undo_import(run, actor=scene.world.officer)
    assert listed(round) == [("李甲一", "松树村", 1)]
    assert RoundPerson.objects.get(pk=li.pk).wish_state == "draft"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("李甲一", None, "松木村", None, 1), "本批次里没有这个村；相近的有：北山镇松树村"),
        (("唐丙三", None, "松树村", None, 1), "本批次里没有这个人选"),
        (("李甲一", None, "松树村", None, 7), "不能大于 5"),
    ],
)
def test_what_is_not_in_the_round_is_named(scene: Scene, row: tuple[Any, ...], reason: str) -> None:
    round = scene.wishing()

    run = sent("wishes", wishes(row), scene.world.officer, option=str(round.pk))

    assert any(reason in text for _, _, text in problems(run)), problems(run)
    assert not Wish.objects.exists()


def test_wishes_are_closed_outside_their_time_and_without_a_round(scene: Scene) -> None:
    round = scene.locked()

    run = sent("wishes", wishes(LI_TO_PINE), scene.world.officer, option=str(round.pk))
    assert "现在不是填报志愿的时间，志愿不能改动" in problems(run)[0][2]

    run = sent("wishes", wishes(LI_TO_PINE), scene.world.officer)
    assert problems(run)[0][2] == "没有选择批次"


def test_a_confirmed_list_is_not_taken_back(scene: Scene) -> None:
    round = scene.wishing()
    run = brought_in("wishes", wishes(LI_TO_PINE), scene.world.officer, option=str(round.pk))
    li = scene.taking_part(round, scene.world.li)
    wish_actions.confirm_wishes(
        li, order_seen=wish_actions.order_of(li), actor=scene.world.unit_admin
    )

    with pytest.raises(Refused, match="导入之后又改动过"):
        actions.undo_import(run, actor=scene.world.officer)


def test_intentions_are_entered_by_the_town_for_its_own_villages(scene: Scene) -> None:
    round = scene.asking()
    data = workbook(INTENTIONS, [("松树村", "第一书记", "李甲一", 1)])

    run = sent("intentions", data, scene.world.south_org, option=str(round.pk))
    assert "只能为本乡镇的村提出意向" in problems(run)[0][2]

    brought_in("intentions", data, scene.world.north_org, option=str(round.pk))
    one = Intention.objects.get()
    assert (one.role, one.rank, one.round_person.person) == ("first_secretary", 1, scene.world.li)
    assert scene.village(round, scene.world.pine).intentions_done


@pytest.mark.parametrize("kind", ["wishes", "intentions", "rules"])
def test_the_export_of_a_round_comes_in_again_as_the_same(scene: Scene, kind: str) -> None:
    round = scene.asked()
    target = io.BytesIO()

    export = exporting.export_records(
        KINDS[kind], target, option=str(round.pk), actor=scene.world.officer, purpose="名册核对"
    )

    run = sent(kind, target.getvalue(), scene.world.officer, option=str(round.pk))
    assert problems(run) == []
    assert (run.new_count, run.changed_count) == (0, 0)
    assert run.same_count == export.row_count > 0


def test_the_rules_of_a_round_stay_frozen(scene: Scene) -> None:
    round = scene.opened()

    data = workbook(("编号", "作用"), [("R06", "拦截"), ("R99", "拦截")])
    run = sent("rules", data, scene.world.officer, option=str(round.pk))

    assert [reason for _, _, reason in problems(run)] == [
        "与本批次启动时冻结的规则不同",
        "本批次没有这条规则或设置",
    ]
