"""Do accounts come from a sheet, with roles in order and passwords handed out once?"""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.test import Client

from lingyan.common.refusals import Refused
from lingyan.directory.imports.accounts import export_accounts
from lingyan.directory.models import Person, RoleAssignment, Unit
from lingyan.directory.roles import Role
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange import actions as exchange
from lingyan.platform.exchange.models import CheckedRow, Import
from tests.marks import assert_marked
from tests.platform.sheets import brought_in, sent, workbook
from tests.world import World, _actor

HEADINGS = ("账号", "姓名", "人员编号", "身份", "管辖区划或单位", "乡镇", "起始日期", "终止日期")
ROWS = [
    ("newtown", "吴丁一", "", "乡镇组织委员", "南河镇", "", "2026-01-01", ""),
    ("newtown", "吴丁一", "", "村党组织书记", "石桥村", "南河镇", "2026-01-01", "2026-12-31"),
    ("newunit", "郑丁二", "", "单位党组织管理员", "县第一小学", "", "", ""),
    ("wang", "王甲二", "R0002", "人选", "", "", "", ""),
    ("onlyacc", "冯丁三", "", "", "", "", "", ""),
]


def sheet(*rows: tuple[str, ...]) -> bytes:
    return workbook(HEADINGS, rows or ROWS)


def reasons(run: Import) -> str:
    return str(list(CheckedRow.objects.filter(of=run, verdict="wrong").values_list("details")))


def test_accounts_and_roles_come_from_the_sheet(world: World) -> None:
    run = brought_in("accounts", sheet(), world.sys_admin)

    assert (run.new_count, run.wrong_count) == (5, 0)
    town = User.objects.get(username="newtown")
    assert {(one.role, str(one.place)) for one in town.assignments.all()} == {
        ("town_org", "南河镇"), ("village_secretary", "石桥村"),
    }  # fmt: skip
    assert town.assignments.get(role="village_secretary").until == date(2026, 12, 31)
    assert User.objects.get(username="newunit").assignments.get().unit == world.school
    assert Person.objects.get(number="R0002").user == User.objects.get(username="wang")
    assert not User.objects.get(username="onlyacc").assignments.exists()


def test_the_same_sheet_again_changes_nothing(world: World) -> None:
    brought_in("accounts", sheet(), world.sys_admin)

    again = sent("accounts", sheet(), world.sys_admin)

    assert (again.new_count, again.changed_count, again.same_count) == (0, 0, 5)


def test_another_end_date_is_a_change(world: World) -> None:
    brought_in("accounts", sheet(), world.sys_admin)
    row = (*ROWS[1][:7], "2027-06-30")

    run = brought_in("accounts", sheet(row), world.sys_admin)

    assert run.changed_count == 1
    held = RoleAssignment.objects.get(user__username="newtown", role="village_secretary")
    assert held.until == date(2027, 6, 30)
    entry = AuditEntry.objects.get(action="directory.account.period_changed")
    assert entry.changes["until"] == ["2026-12-31", "2027-06-30"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("Bad Name", "某", "", "", "", "", "", ""), "小写字母"),
        (("officer", "不是他", "", "", "", "", "", ""), "姓名与此不同"),
        (("newone", "某", "R9999", "", "", "", "", ""), "没有这个编号"),
        (("newone", "某", "", "乡镇组织委员", "没有镇", "", "", ""), "没有这个"),
        (("newone", "某", "", "乡镇组织委员", "", "", "", ""), "管辖"),
        (("newone", "某", "", "乡镇组织委员", "松树村", "", "", ""), ""),
        (("newone", "某", "", "人选", "", "", "", ""), "人员编号"),
        (("audit", "韩丙二", "", "安全管理员", "", "", "", ""), "三个人分别担任"),
        (("sys", "谢丙一", "", "县委组织部管理员", "山阳县", "", "", ""), "不能给自己"),
        (("newone", "某", "", "村报账员", "松树村", "", "2026-05-01", "2026-04-01"), "晚于"),
    ],
)
def test_each_wrong_row_says_why_and_nothing_is_written(
    world: World, row: tuple[str, ...], why: str
) -> None:
    before = User.objects.count(), RoleAssignment.objects.count()

    run = sent("accounts", sheet(row), world.sys_admin)

    assert run.wrong_count == 1
    assert why in reasons(run)
    assert (User.objects.count(), RoleAssignment.objects.count()) == before


def test_once_there_is_a_security_administrator_roles_are_his(world: World) -> None:
    security = _actor("sec", "沈丙九", Role.SEC_ADMIN)

    with_role = sent("accounts", sheet(ROWS[0]), world.sys_admin)
    without = brought_in("accounts", sheet((*ROWS[0][:3], "", "", "", "", "")), world.sys_admin)
    roles = brought_in("accounts", sheet(ROWS[0]), security)
    new_one = sent("accounts", sheet(ROWS[2]), security)

    assert "安全管理员授予" in reasons(with_role)
    assert without.new_count == 1
    assert roles.new_count == 1
    assert RoleAssignment.objects.get(user__username="newtown").role == Role.TOWN_ORG
    assert "由系统管理员办理" in reasons(new_one)


def test_an_import_is_taken_back_whole(world: World) -> None:
    people = Person.objects.filter(user__isnull=False).count()
    before = User.objects.count(), RoleAssignment.objects.count()
    run = brought_in("accounts", sheet(), world.sys_admin)

    exchange.undo_import(run, actor=world.sys_admin)

    assert (User.objects.count(), RoleAssignment.objects.count()) == before
    assert Person.objects.filter(user__isnull=False).count() == people


def test_it_is_not_taken_back_when_the_passwords_are_out(world: World) -> None:
    run = brought_in("accounts", sheet(), world.sys_admin)
    world.client(world.sys_admin).post("/accounts/handout/", {"as": "page"})

    with pytest.raises(Refused):
        exchange.undo_import(run, actor=world.sys_admin)

    assert User.objects.filter(username="newtown").exists()


# --- the passwords --------------------------------------------------------------------------------


def test_the_passwords_are_shown_once_and_kept_nowhere(world: World) -> None:
    brought_in("accounts", sheet(), world.sys_admin)
    admin = world.client(world.sys_admin)
    assert "有 4 个还没有密码" in admin.get("/accounts/handout/").content.decode()

    page = admin.post("/accounts/handout/", {"as": "page"}).content.decode()
    assert "data-print" in page
    assert "登录 http://testserver，第一次须改成自己的密码" in page
    again = admin.post("/accounts/handout/", {"as": "page"})

    handed = page.split("newtown</td>")[1].split("<code>")[1].split("</code>")[0]
    assert page.count("<code>") == 4
    assert_marked(page, world.sys_admin, act="打印")
    assert again.status_code == 409
    user = User.objects.get(username="newtown")
    assert handed not in user.password
    assert handed not in str(list(AuditEntry.objects.values_list("changes", "reason")))
    assert AuditEntry.objects.filter(action="directory.account.sheet_taken").count() == 4


def test_a_password_of_the_sheet_signs_in_and_must_be_changed(world: World) -> None:
    brought_in("accounts", sheet(), world.sys_admin)
    answer = world.client(world.sys_admin).post("/accounts/handout/", {"as": "workbook"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    words = {
        str(value): str(row[index + 1])
        for row in book.worksheets[0].iter_rows(values_only=True)
        for index, value in enumerate(row[:-1])
        if value in ("newtown", "newunit", "wang", "onlyacc")
    }
    client = Client()

    client.post("/sign-in/", {"username": "newtown", "password": words["newtown"]})

    assert client.get("/")["Location"] == "/accounts/password/"
    assert answer["Cache-Control"].count("no-store") == 1
    assert_marked(book.worksheets[0]["A1"].value, world.sys_admin)


def test_only_who_brought_them_in_takes_the_sheet(world: World) -> None:
    brought_in("accounts", sheet(), world.sys_admin)
    other = _actor("sys2", "另一位", Role.SYS_ADMIN)

    page = world.client(other).get("/accounts/handout/").content.decode()

    assert "没有等待初始密码的账号" in page
    for actor in (world.officer, world.admin, world.audit_admin):
        assert world.client(actor).post("/accounts/handout/").status_code == 403


def test_the_export_comes_back_as_the_same(world: World) -> None:
    brought_in("accounts", sheet(), world.sys_admin)
    data = world.client(world.sys_admin).get("/exchange/export/accounts/?purpose=名册核对").content

    run = sent("accounts", data, world.sys_admin, name="账号.xlsx")

    assert (run.new_count, run.changed_count, run.wrong_count) == (0, 0, 0), reasons(run)
    assert run.same_count > 10


@pytest.mark.parametrize("who", ["officer", "admin", "north_org", "audit_admin", "stranger"])
def test_others_neither_send_in_nor_export(world: World, who: str) -> None:
    client = world.client(getattr(world, who))

    assert client.get("/exchange/upload/accounts/").status_code in (403, 404)
    assert client.get("/exchange/export/accounts/?purpose=名册核对").status_code in (403, 404)


def test_units_of_one_name_in_two_counties_are_told_apart_by_their_county(world: World) -> None:
    neighbour = world.elsewhere.parent
    assert neighbour is not None
    Unit.objects.create(name=world.finance.name, category="county_dept", place=neighbour)
    row = ("twin", "吴丁八", "", "单位党组织管理员")

    unclear = sent("accounts", sheet((*row, "县财政局", "", "2026-01-01", "")), world.sys_admin)
    assert "县财政局（山阳县）" in reasons(unclear)
    assert "县财政局（邻水县）" in reasons(unclear)
    brought_in(
        "accounts", sheet((*row, "县财政局（邻水县）", "", "2026-01-01", "")), world.sys_admin
    )

    held = User.objects.get(username="twin").assignments.get()
    assert held.unit is not None
    assert held.unit.place == neighbour
    told = {
        one["username"]: one["where"] for one in export_accounts(actor=world.sys_admin, option="")
    }
    assert told["twin"] == "县财政局（邻水县）"
    assert told["unit"] == "县财政局（山阳县）"
