"""一人一档, 一村一档, 一单位一档: everything on one page, as at any day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.actions.place_changes import ChangeRequest, Result, change_places
from lingyan.platform.ui.panels import as_at
from lingyan.posting.actions import liaison, presence, problems
from lingyan.posting.models import Posting
from tests.posting.duty_scene import TODAY, Duty, on_duty
from tests.world import World

FOUND = date(2026, 2, 10)


@pytest.fixture
def duty(world: World) -> Any:
    """A found problem of February, solved in March; an entry, a visit, a confirmed month."""
    with clock.at(FOUND):
        duty = on_duty(world)
        Posting.objects.filter(pk=duty.posting.pk).update(arrived_on=duty.posting.since)
        duty.posting.refresh_from_db()
        duty.write("看茶园补植", happened_on="2026-02-10")
        problem = problems.find_problem(
            text="水管冻裂", found_on=FOUND, owner="village", due_on=date(2026, 2, 20),
            actor=duty.actor,
        )  # fmt: skip
    with clock.at(date(2026, 3, 2)):
        problems.handle_problem(problem, text="换了管子", actor=world.pine_secretary)
        presence.confirm_month(
            duty.posting, month=date(2026, 2, 1), days=1, text="", actor=world.pine_secretary
        )
        liaison.record_visit(
            duty.posting, form="both", happened_on=date(2026, 3, 2), text="谈了家里的难处",
            actor=world.unit_admin,
        )  # fmt: skip
    with clock.at(date(2026, 3, 4)):
        problems.confirm_problem(problem, actor=duty.actor)
    with clock.at(TODAY):
        yield duty


def page(duty: Duty, name: str, thing: Any, on: str = "", who: str = "officer") -> str:
    client = duty.world.client(getattr(duty.world, who))
    answer = client.get(reverse(name, args=[thing.pk]), {"on": on} if on else {})
    assert answer.status_code == 200
    text: str = answer.text
    return text


def test_today_the_file_of_a_person_has_all_of_it(duty: Duty) -> None:
    text = page(duty, "person", duty.world.li)

    for said in ("看茶园补植", "水管冻裂", "已解决", "2026-02</b>", "在村 1 天", "到村走访并谈心"):
        assert said in text
    assert "谈了家里的难处" not in text


def test_on_a_day_of_the_past_states_and_records_are_those_of_that_day(duty: Duty) -> None:
    text = page(duty, "person", duty.world.li, "2026-02-15")

    assert "看茶园补植" in text
    assert "水管冻裂" in text
    assert "已解决" not in text
    assert "还没有确认过的月份" in text
    assert "没有走访谈心的记录" in text


def test_between_two_steps_the_state_is_the_one_between(duty: Duty) -> None:
    assert "待发现人确认" in page(duty, "place", duty.world.pine, "2026-03-03")


def test_before_anything_was_there_the_file_says_so(duty: Duty) -> None:
    text = page(duty, "place", duty.world.pine, "2025-06-01")

    assert "没有派驻人员" in text
    assert "还没有工作日志" in text
    assert "没有登记过问题" in text


def test_the_file_of_a_unit_counts_what_it_owes(duty: Duty) -> None:
    text = page(duty, "unit", duty.world.finance)
    past = page(duty, "unit", duty.world.finance, "2026-02-15")

    assert "今年应走访 2 次，已走访 0 次" in text
    assert "过去的日子不计算应走访次数" in past
    assert "不能回看" in past


@pytest.mark.parametrize(
    ("asked", "on", "said"),
    [
        ("", "2026-03-05", ""),
        ("2026-03-05", "2026-03-05", ""),
        ("2026-13-01", "2026-03-05", "日期不对"),
        ("2026-03-06", "2026-03-05", "还没有到"),
        ("2026-02-01", "2026-02-01", "那天的情况"),
        ("2024-02-01", "2024-02-01", "从 2025-01-01 起登记"),
    ],
)
@pytest.mark.pure
def test_every_day_that_can_be_asked_has_a_clear_sentence(asked: str, on: str, said: str) -> None:
    with clock.at(TODAY):
        found = as_at(asked, known_since=date(2025, 1, 1), name="松树村")

    assert str(found.on) == on
    assert said in found.note
    assert bool(found.note) == bool(said)


def test_a_renamed_village_is_called_as_it_was(duty: Duty) -> None:
    world = duty.world
    with clock.at(date(2026, 3, 1)):
        change_places(
            ChangeRequest(
                "rename", (world.pine,), (Result("红松村"),), date(2026, 3, 1), "山政函（2026）1号"
            ),
            actor=world.admin,
        )

    past, now = page(duty, "place", world.pine, "2026-02-15"), page(duty, "place", world.pine)

    assert "那天的名称是 <b>松树村</b>" in past
    assert "那天的名称是" not in now


def test_each_reads_the_cards_that_are_for_him(duty: Duty) -> None:
    """The agriculture office reads needs; diary, leave and talks are not its business."""
    agri = page(duty, "place", duty.world.pine, who="agri")
    village = page(duty, "place", duty.world.pine, who="pine_secretary")

    assert "看茶园补植" not in agri
    assert "需求清单</h2>" in agri
    assert "看茶园补植" in village
    assert "选派批次</h2>" not in village


def test_another_town_does_not_read_the_file(duty: Duty) -> None:
    client = duty.world.client(duty.world.south_org)

    assert client.get(reverse("place", args=[duty.world.pine.pk])).status_code == 404
