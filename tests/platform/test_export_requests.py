"""A large export is asked for, consented to by the administrator, taken by who asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.common.workbook import read_workbook
from lingyan.directory.models import Unit
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange import panels
from lingyan.platform.exchange.models import Export, ExportRequest
from lingyan.platform.exchange.rules import refuse_to_ask, refuse_to_decide, refuse_to_take
from tests.world import World

PURPOSE = "报市委组织部备案"
TODAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def one_row(settings: Any) -> None:
    settings.EXPORT_ROWS_MAX = 1


def asked_for(world: World) -> ExportRequest:
    client = world.client(world.officer)
    page = client.get(f"/exchange/export/units/?purpose={PURPOSE}")
    assert page.status_code == 409
    assert "提出申请" in page.content.decode()
    client.post("/exchange/ask/units/", {"purpose": PURPOSE})
    return ExportRequest.objects.get()


def codes() -> list[str]:
    entries = AuditEntry.objects.filter(action__startswith="exchange.").order_by("number")
    return [one.removeprefix("exchange.") for one in entries.values_list("action", flat=True)]


def test_asked_for_approved_and_taken_by_who_asked(world: World) -> None:
    with clock.at(TODAY):
        asked = asked_for(world)
        address = f"/exchange/requests/{asked.pk}/"
        officer, admin = world.client(world.officer), world.client(world.admin)

        assert officer.get(address + "file/").status_code == 409
        assert [one.title for one in panels.worklist(world.admin)] == ["1 份导出申请待审批"]
        assert "批准，7 天内下载" in admin.get(address).content.decode()
        assert admin.post(address + "approve/").status_code == 302
        assert [one.title for one in panels.worklist(world.officer)] == ["1 份导出申请已批准"]
        assert "下载表格" in officer.get(address).content.decode()
        given = officer.get(address + "file/")

    [sheet] = [
        one for one in read_workbook(given.content, filename="a.xlsx").sheets.values()
        if not one.hidden
    ]  # fmt: skip
    assert f"用途：{PURPOSE}" in str(sheet.rows[0][0])
    assert Export.objects.get().row_count == asked.row_count > 1
    assert panels.worklist(world.officer) == []
    assert codes() == [
        "request.asked", "request.approved", "export.written", "request.taken",
    ]  # fmt: skip
    assert AuditEntry.objects.get(action="exchange.request.asked").reason == PURPOSE


def test_nobody_else_takes_approves_or_even_finds_it(world: World) -> None:
    with clock.at(TODAY):
        asked = asked_for(world)
        address = f"/exchange/requests/{asked.pk}/"
        world.client(world.admin).post(address + "approve/")

        for other in (world.admin, world.leader):
            assert world.client(other).get(address + "file/").status_code == 404
        for other in (world.leader, world.unit_admin, world.stranger):
            assert world.client(other).get(address).status_code == 404
            listed = world.client(other).get("/exchange/requests/").content.decode()
            assert PURPOSE not in listed
        assert world.client(world.officer).post(address + "approve/").status_code == 403
        assert world.client(world.stranger).post(address + "refuse/").status_code == 403
    assert not Export.objects.exists()


def test_after_its_days_and_beyond_its_rows_nothing_is_given(world: World) -> None:
    with clock.at(TODAY):
        asked = asked_for(world)
        address = f"/exchange/requests/{asked.pk}/"
        world.client(world.admin).post(address + "approve/")
        Unit.objects.create(name="县新设局", category="county_dept", place=world.county)
        grown = world.client(world.officer).get(address + "file/")
    with clock.at(TODAY + timedelta(days=8)):
        late = world.client(world.officer).get(address + "file/")
        page = world.client(world.officer).get(address).content.decode()

    assert (grown.status_code, late.status_code) == (409, 409)
    assert "批准的期限已过" in late.content.decode()
    assert "已过期" in page
    assert not Export.objects.exists()


def test_a_refusal_needs_a_reason_and_is_the_end(world: World) -> None:
    asked = asked_for(world)
    admin, address = world.client(world.admin), f"/exchange/requests/{asked.pk}/"

    short = admin.post(address + "refuse/", {"reason": "不"})
    done = admin.post(address + "refuse/", {"reason": "请缩小到本季度"})
    again = admin.post(address + "approve/")

    assert (short.status_code, done.status_code, again.status_code) == (409, 302, 409)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("refused", "请缩小到本季度")
    assert "请缩小到本季度" in world.client(world.officer).get(address).content.decode()


@pytest.mark.pure
def test_the_rules_of_asking_deciding_and_taking() -> None:
    county = ("county_org_admin", "county_org_staff")
    few = refuse_to_ask(role="county_org_staff", rows=500, most=500, approvers=county)
    many = refuse_to_ask(role="county_org_staff", rows=501, most=500, approvers=county)
    admin = refuse_to_ask(role="county_org_admin", rows=501, most=500, approvers=county)
    assert (bool(few), bool(many), bool(admin)) == (True, False, True)

    assert not refuse_to_decide(state="asked", own=False)
    assert refuse_to_decide(state="asked", own=True)[0].code == "exchange.request.own"
    assert refuse_to_decide(state="refused", own=False)[0].code == "exchange.request.decided"
    assert refuse_to_decide(state="asked", own=False, reason=" 不行 ")

    last = TODAY + timedelta(days=7)
    assert not refuse_to_take(state="approved", today=last, until=last)
    assert refuse_to_take(state="approved", today=last + timedelta(days=1), until=last)
    assert refuse_to_take(state="asked", today=TODAY, until=None)
