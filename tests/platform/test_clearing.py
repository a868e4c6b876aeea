"""What has been kept long enough is listed, proposed by one, confirmed by another (R-10-08)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage

from lingyan.common import clock
from lingyan.directory.models import Unit
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange import actions, panels
from lingyan.platform.exchange.models import CheckedRow, Clearing, Import, ImportedRow
from lingyan.platform.exchange.registry import KINDS
from lingyan.platform.exchange.rules import Kept, refuse_to_clear
from tests.world import World

PAGE = "/exchange/clearing/"
SENT, LATER = date(2026, 3, 1), date(2027, 3, 2)


def imported(world: World) -> Import:
    """One row changed, so that an earlier image is kept for taking it back."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["单位名称", "单位类型", "所在地"])
    sheet.append(["县档案馆", "县直单位", "山阳县"])
    data = io.BytesIO()
    book.save(data)
    run = actions.upload_file(
        KINDS["units"], data.getvalue(), filename="单位.xlsx", option="", actor=world.admin
    )
    run = actions.check_import(run, actor=world.admin)
    return actions.apply_import(run, actor=world.admin)


def test_one_proposes_another_confirms_and_the_originals_are_gone(
    world: World, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with clock.at(SENT):
        run = imported(world)
        ImportedRow.objects.filter(of=run).update(before=b"x")
        assert panels.worklist(world.admin) == []
    admin, leader = world.client(world.admin), world.client(world.leader)

    with clock.at(LATER):
        assert "单位.xlsx" in admin.get(PAGE).content.decode()
        assert panels.worklist(world.admin)[0].title == "有内容已过保存期限"
        admin.post(PAGE + "imports/propose/")
        clearing = Clearing.objects.get()
        assert default_storage.exists(run.stored_name)
        own = admin.post(f"{PAGE}{clearing.pk}/confirm/")
        assert panels.worklist(world.leader)[0].title == "1 项到期清理待确认"
        with django_capture_on_commit_callbacks(execute=True):
            done = leader.post(f"{PAGE}{clearing.pk}/confirm/")

    assert (own.status_code, done.status_code) == (409, 302)
    assert not default_storage.exists(run.stored_name)
    assert not CheckedRow.objects.filter(of=run).exists()
    assert not ImportedRow.objects.filter(of=run, before__isnull=False).exists()
    assert Unit.objects.filter(name="县档案馆").exists()
    run.refresh_from_db()
    assert run.state == "cleared"
    for end in ("undo/", "recheck/", "apply/"):
        answer = world.client(world.admin).post(f"/exchange/imports/{run.pk}/{end}")
        assert answer.status_code == 409, end
    for end in ("file/", "reasons/"):
        answer = world.client(world.admin).get(f"/exchange/imports/{run.pk}/{end}")
        assert answer.status_code == 409, end
    told = AuditEntry.objects.filter(action__contains="clear").order_by("number")
    assert [one.action for one in told] == [
        "exchange.clearing.proposed", "exchange.import.cleared", "exchange.clearing.done",
    ]  # fmt: skip


def test_before_its_time_next_door_and_without_the_role_nothing_goes(world: World) -> None:
    with clock.at(SENT):
        run = imported(world)
        early = world.client(world.admin).post(PAGE + "imports/propose/")
    with clock.at(LATER):
        for other in (world.officer, world.unit_admin, world.stranger):
            assert world.client(other).get(PAGE).status_code == 403
            assert world.client(other).post(PAGE + "imports/propose/").status_code == 403
        world.client(world.leader).post(PAGE + "imports/propose/")
        clearing = Clearing.objects.get()
        assert world.client(world.admin).post(PAGE + "nothing/propose/").status_code == 404
        assert world.client(world.admin).post(f"{PAGE}{clearing.pk}/withdraw/").status_code == 302

    assert early.status_code == 409
    assert not Clearing.objects.exists()
    run.refresh_from_db()
    assert run.state == "applied"
    assert default_storage.exists(run.stored_name)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("role", "own", "count", "code"),
    [
        ("county_org_admin", False, 1, ""),
        ("county_org_leader", None, 1, ""),
        ("county_org_staff", False, 1, "exchange.clearing.wrong_role"),
        ("county_org_admin", True, 1, "exchange.clearing.own"),
        ("county_org_admin", False, 0, "exchange.clearing.nothing"),
    ],
)
def test_r_10_08_two_people_and_something_to_clear(
    role: str, own: bool | None, count: int, code: str
) -> None:
    assert "".join(one.code for one in refuse_to_clear(role=role, own=own, count=count)) == code
    assert {one.value for one in Kept} == {"imports", "exports"}
