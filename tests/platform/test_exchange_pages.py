"""Who may open the pages of the exchange, and what do hostile or foreign files get?"""

from __future__ import annotations

import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from lingyan.common.workbook import UnreadableFile, read_workbook
from lingyan.common.workbook.reading import MAX_CELLS
from lingyan.directory.models import Unit
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS, ExchangeKind
from lingyan.platform.exchange.rules import rows_read
from tests.common import files
from tests.platform.sheets import sent, upload, workbook
from tests.world import World

HEADINGS = ("单位", "单位类别", "所在乡镇")
GOOD = workbook(HEADINGS, [("县水利局", "机关", "北山镇")])
WRONG = workbook(HEADINGS, [("县水利局", "工厂", "北山镇"), ("县林业局", "机关", "西天镇")])


def post(client: Client, data: bytes, name: str = "单位.xlsx", kind: str = "units") -> str:
    """Send a file by the page; returns where it leads."""
    answer = client.post(f"/exchange/upload/{kind}/", {"file": upload(data, name)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer.headers["Location"]


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_way_of_a_file_by_its_pages(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = world.client(world.admin)
    assert "单位" in text(client, "/exchange/")
    url = post(client, GOOD)
    assert "确认导入 1 行" in text(client, url)
    assert "所在乡镇" in text(client, f"{url}?show=new")

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{url}apply/").status_code == 302
    page = text(client, url)
    assert "已导入" in page
    assert "县水利局" in page
    assert Unit.objects.filter(name="县水利局").exists()

    assert "撤销导入“单位.xlsx”吗" in text(client, f"{url}undo/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}undo/")
    assert "已撤销" in text(client, url)
    assert not Unit.objects.filter(name="县水利局").exists()


def test_pressing_twice_leads_to_the_same_page_and_a_colleague_is_refused(world: World) -> None:
    url = post(world.client(world.admin), GOOD)
    second = _another_admin(world)

    assert world.client(world.admin).post(f"{url}apply/").status_code == 302
    assert world.client(world.admin).post(f"{url}apply/").status_code == 302
    refused = second.post(f"{url}apply/")

    assert refused.status_code == 409
    assert "不会重复导入" in refused.content.decode()


def _another_admin(world: World) -> Client:
    from lingyan.directory.models import RoleAssignment
    from lingyan.directory.roles import Role
    from lingyan.platform.accounts.models import User
    from tests.world import SINCE

    user = User.objects.create_user("admin2", name="何乙五")
    RoleAssignment.objects.create(
        user=user, role=Role.COUNTY_ORG_ADMIN, place=world.county, since=SINCE
    )
    client = Client()
    client.force_login(user)
    return client


def test_a_wrong_file_names_every_mistake_and_comes_back_with_reasons(world: World) -> None:
    client = world.client(world.admin)
    url = post(client, WRONG)

    page = text(client, url)
    assert "有 2 行有误，这份表格一行都没有导入" in page
    assert "没有这个乡镇" in page

    answer = client.get(f"{url}reasons/")
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(answer.content))
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert "原因" in cells
    assert any("没有这个乡镇" in str(value) for value in cells)
    assert client.post(f"{url}apply/").status_code == 409
    assert AuditEntry.objects.filter(action="exchange.import.file_read").count() == 1


PAGES = ("", "apply/", "undo/", "recheck/", "reasons/", "file/")


@pytest.mark.parametrize("page", PAGES)
def test_strangers_and_other_roles_find_no_import(world: World, page: str) -> None:
    run = sent("units", GOOD, world.admin)
    url = f"/exchange/imports/{run.pk}/{page}"

    for actor in (world.stranger, world.unit_admin, world.officer, world.candidate):
        client = world.client(actor)
        answer = client.post(url) if page in {"apply/", "recheck/"} else client.get(url)
        assert answer.status_code == 404, actor.name
    anonymous = Client().get(url)
    assert anonymous.status_code in {302, 405}
    run.refresh_from_db()
    assert run.state == "checked"
    assert Unit.objects.count() == 2


@pytest.mark.parametrize("page", ["upload", "template", "export"])
def test_a_role_finds_only_its_own_kinds(world: World, page: str) -> None:
    assert world.client(world.admin).get(f"/exchange/{page}/units/").status_code == 200
    for actor in (world.candidate, world.unit_admin, world.stranger, world.sys_admin):
        assert world.client(actor).get(f"/exchange/{page}/units/").status_code == 404
    assert world.client(world.admin).get(f"/exchange/{page}/nothing/").status_code == 404
    assert Client().get(f"/exchange/{page}/units/").status_code == 302


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
def test_the_page_says_how_many_rows_a_file_may_have(world: World, kind: ExchangeKind) -> None:
    columns = len(kind.sheet.columns)
    rows = rows_read(columns)

    # The rows, the line above them, the headings, and what an export keeps beside each row.
    assert MAX_CELLS * 0.9 < (rows + 2) * columns + rows + 2 <= MAX_CELLS
    actor = next(one for one in world.everyone if one.role in kind.import_roles)
    page = world.client(actor).get(f"/exchange/upload/{kind.code}/").content.decode()
    assert f"这种表有 {columns} 列，整份最多约 {rows:,} 行" in page


def test_a_file_of_too_many_cells_is_told_what_that_is_in_rows() -> None:
    with pytest.raises(UnreadableFile) as found:
        read_workbook(workbook(["甲"] * 50, [["x"] * 50] * 30), max_cells=1_000)

    assert "50 列的表即约 20 行" in found.value.text
    assert "按行分成几个文件，如按乡镇，每个都带表头" in found.value.mend


def test_an_export_holds_what_is_in_scope_and_leaves_a_trace(world: World) -> None:
    answer = world.client(world.officer).get("/exchange/export/units/?purpose=名册核对")

    assert answer.content[:2] == b"PK"
    entry = AuditEntry.objects.get(action="exchange.export.written")
    assert entry.actor_name == world.officer.name
    assert entry.changes["rows"] == [None, 2]
    assert "单位类别" in entry.changes["columns"][1]


def test_a_demo_installation_says_so_in_every_file(world: World) -> None:
    from openpyxl import load_workbook

    world.county.is_demo = True
    world.county.save()
    for address in ("export/units/?purpose=名册核对", "template/units/"):
        answer = world.client(world.admin).get(f"/exchange/{address}")
        book = load_workbook(io.BytesIO(answer.content))
        assert any("演示数据" in str(page["A1"].value) for page in book.worksheets)


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    world: World, settings: Settings
) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    client = world.client(world.admin)

    answer = client.post("/exchange/upload/units/", {"file": upload(b"x" * 2_000_000)})
    assert answer.status_code == 413
    assert "文件超过 1 MB，没有读取" in answer.content.decode()

    answer = client.post("/exchange/upload/units/", {"file": upload(b"x" * 1_090_000)})
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_form_without_a_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    from lingyan.platform.accounts.models import User

    client.force_login(User.objects.get(pk=world.admin.user_id))

    answer = client.post("/exchange/upload/units/", {"file": upload(GOOD)})

    assert answer.status_code == 403
    assert not Import.objects.exists()


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            box.writestr(name, b"0" * 80_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("空.xlsx", lambda: b""),
        ("程序.xlsx", lambda: b"MZ\x90\x00" + b"\x00" * 500),
        ("图片.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 500),
        ("坏.xlsx", lambda: GOOD[:1500]),
        ("炸弹.xlsx", _bomb),
        ("没有表头.csv", lambda: "甲,乙\n1,2\n".encode()),
        ("只有表头.csv", lambda: "单位,单位类别\n".encode()),
    ],
)
def test_a_hostile_or_empty_file_gets_one_sentence(world: World, name: str, make: object) -> None:
    client = world.client(world.admin)

    url = post(client, make(), name)  # type: ignore[operator]  # a function

    run = Import.objects.get()
    assert run.state == "refused"
    row = run.checked_rows.get()
    assert row.details[2]
    assert row.details[3]
    assert row.details[2] in text(client, url)
    assert client.post(f"{url}apply/").status_code == 409


CELLS = (("单位", "单位类别", "所在乡镇"), ("县水利局", "机关", "北山镇"))


def _old_workbook() -> bytes:
    labels = [
        files.label(row, column, text)
        for row, texts in enumerate(CELLS)
        for column, text in enumerate(texts)
    ]
    return files.xls(files.dimensions(2, 3), *labels)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("单位.csv", "\r\n".join(",".join(row) for row in CELLS).encode("gb18030")),
        ("单位.csv", "\ufeff" + "\n".join(",".join(row) for row in CELLS)),
        ("单位.xls", _old_workbook()),
    ],
    ids=["gb18030", "utf-8 with mark", "old xls"],
)
def test_text_of_either_encoding_and_old_workbooks_are_read(
    world: World, name: str, data: bytes | str
) -> None:
    client = world.client(world.admin)

    post(client, data.encode() if isinstance(data, str) else data, name)

    assert Import.objects.get().new_count == 1


def test_the_list_of_imports_costs_the_same_queries_at_any_length(world: World) -> None:
    client = world.client(world.admin)
    client.get("/exchange/")

    costs = []
    for many in (1, 7):
        for _ in range(many - len(costs)):
            sent("units", GOOD, world.admin)
        with CaptureQueriesContext(connection) as queries:
            assert text(client, "/exchange/").count("表.xlsx") == many
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_a_large_file_is_checked_in_the_background(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    from lingyan.platform.exchange import views

    monkeypatch.setattr(views, "CHECKED_AT_ONCE_BYTES", 100)
    client = world.client(world.admin)

    with django_capture_on_commit_callbacks() as waiting:
        url = post(client, GOOD)
    page = text(client, url)
    assert "已上传" in page
    assert 'role="progressbar"' in page
    for work in waiting:
        work()

    assert "确认导入 1 行" in text(client, url)
    again = client.get(url, headers={"HX-Request": "true", "HX-Target": "progress"})
    assert again.headers["HX-Refresh"] == "true"
