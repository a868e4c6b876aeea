"""What do the pages say of the gates, of what they hold, and of what was let through?"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.gates import TABLE
from lingyan.common.refusals import Refused
from lingyan.platform.exchange.models import ExportRequest
from lingyan.posting import facts_of_neighbours
from lingyan.posting.actions.gates import ask_for_extensions
from lingyan.posting.models import Posting
from lingyan.supervision.actions.overrides import override_gate
from lingyan.supervision.facts import let_through
from lingyan.supervision.models import GateOverride, SupervisionTask
from tests.world import World

TODAY = date(2026, 6, 30)
TERM_OVER = date(2026, 7, 1)


def opened(world: World, **said: Any) -> GateOverride:
    given = {
        "title": "李甲一 松树村", "place": world.pine, "reason": "保险公司下周出单",
        "document": "山组发（2026）12号", "days": 15, "actor": world.admin, **said,
    }  # fmt: skip
    return override_gate("G-18", world.li, **given)


def test_a_gate_is_open_for_one_record_for_so_many_days(world: World) -> None:
    with clock.at(TODAY):
        opened(world)

    assert let_through(world.li.pk, date(2026, 7, 15)) == {"G-18"}
    assert let_through(world.li.pk, date(2026, 7, 16)) == frozenset()
    assert let_through(world.li.pk, date(2026, 6, 29)) == frozenset()
    assert let_through(world.wang.pk, TODAY) == frozenset()


def test_who_may_not_lets_nothing_through_and_nothing_is_written(world: World) -> None:
    with clock.at(TODAY), pytest.raises(Refused):
        opened(world, actor=world.officer)

    assert not GateOverride.objects.exists()


def test_the_page_shows_every_gate_with_who_may_open_it(world: World) -> None:
    for reader in (world.officer, world.north_org):
        page = world.client(reader).get(reverse("gate_list")).text
        assert all(f'id="{key}"' in page for key in TABLE)
        assert "整顿事项销号后放开" in page
        assert "县委组织部管理员：先到岗、15 天内补办" in page
    assert world.client(world.unit_admin).get(reverse("gate_list")).status_code == 403


def test_the_month_tells_what_was_let_through_with_exports_consented_to(world: World) -> None:
    with clock.at(TODAY):
        opened(world)
        ExportRequest.objects.create(
            kind="people", purpose="迎检", row_count=812, state="approved", asked_by_name="高乙六",
            asked_role="town_org", asked_at=clock.now(), scope_path=world.north.path,
            decided_by_name="何乙四", decided_at=clock.now(), until=date(2026, 7, 7),
        )  # fmt: skip
        page = world.client(world.officer).get(reverse("supervision_report")).text
        other = world.client(world.south_org).get(reverse("supervision_report")).text
        earlier: Any = world.client(world.officer).get(
            reverse("supervision_report"), {"month": "2026-05"}
        )
        sheet: Any = world.client(world.officer).get(reverse("supervision_report_export"))
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)

    assert "保险公司下周出单" in page
    assert "高乙六申请导出 812 行" in page
    assert "这个月没有放行" in other
    assert "这个月没有放行" in earlier.text
    told = [[str(cell) for cell in row if cell is not None] for row in rows]
    assert any("G-18" in row and "山组发（2026）12号" in row for row in told)
    assert any("G-29" in row for row in told)


def test_the_day_after_the_term_in_a_bound_village_asks_for_an_extension_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A.9: on 2026-07-01 the posting is still IN_POST and an extension task exists."""
    posting = Posting.objects.create(
        person=world.li, village=world.pine, unit=world.finance, kind="first_secretary",
        origin="new", state="active", document_number="山组发1号", since=date(2024, 7, 1),
        planned_until=TERM_OVER, created_at=clock.now(),
    )  # fmt: skip
    monkeypatch.setattr(facts_of_neighbours, "BINDERS", [])
    with clock.at(TERM_OVER):
        assert ask_for_extensions() == 0
    monkeypatch.setattr(facts_of_neighbours, "BINDERS", [frozenset])
    with clock.at(TODAY):
        assert ask_for_extensions() == 0
    with clock.at(TERM_OVER):
        ask_for_extensions()
        ask_for_extensions()
    posting.refresh_from_db()
    (task,) = SupervisionTask.objects.all()

    assert (posting.state, posting.until) == ("active", None)
    assert (task.rule, task.level, task.source_id) == ("G-1", "county", posting.pk)
    assert task.due_on == date(2026, 7, 16)
    with clock.at(TERM_OVER):
        page = world.client(world.officer).get(reverse("gate_list")).text
        elsewhere = world.client(world.south_org).get(reverse("gate_list")).text
    assert "李甲一（松树村）" in page
    assert "李甲一" not in elsewhere
