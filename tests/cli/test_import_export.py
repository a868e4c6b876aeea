"""`lingyan import` and `lingyan export` go the way of the pages, with exit status and places."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lingyan.cli import bring_in, main
from lingyan.directory.models import AdjoiningTowns, CalendarDay, Place, Unit, VillageOfficer
from lingyan.platform.accounts.actor import EVERYTHING
from lingyan.platform.exchange.checks import CHECKS as EXCHANGE_CHECKS
from lingyan.platform.exchange.models import Export, Import
from tests import ready_made
from tests.platform.sheets import workbook
from tests.world import World

EXPORTS_OF_NOBODY = next(
    one.rows for one in EXCHANGE_CHECKS if one.code == "exchange.export_of_nobody"
)
Captured = pytest.CaptureFixture[str]

UNITS = workbook(
    ("单位", "单位类别", "所在乡镇"), [("县水利局", "机关", "北山镇"), ("县财政局", None, None)]
)


@pytest.fixture(autouse=True)
def found_database() -> Iterator[None]:
    """The command looks for the file of a database before it asks the test's own."""
    path = Path(settings.DATA_FOLDER) / "lingyan.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    yield
    path.unlink()


@pytest.fixture
def units_file(tmp_path: Path) -> Path:
    path = tmp_path / "单位.xlsx"
    path.write_bytes(UNITS)
    return path


def test_a_file_is_stored_and_can_be_seen_as_an_import(
    world: World, units_file: Path, capsys: Captured
) -> None:
    assert main(["import", "units", str(units_file)]) == 0

    assert "新增 1 行，变更 0 行，相同 1 行" in capsys.readouterr().out
    assert Unit.objects.filter(name="县水利局").exists()
    run = Import.objects.get()
    assert (run.state, run.created_by_name) == ("applied", "命令行")


def test_what_somebody_else_stored_meanwhile_is_not_counted_as_new(
    world: World, units_file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = bring_in._check

    def look_and_be_overtaken(*words: Any) -> Any:
        checked = look(*words)
        monkeypatch.setattr(bring_in, "_check", look)
        assert main(["import", "units", str(units_file)]) == 0
        capsys.readouterr()
        return checked

    monkeypatch.setattr(bring_in, "_check", look_and_be_overtaken)
    assert main(["import", "units", str(units_file)]) == 0

    out = capsys.readouterr().out
    assert "新增 0 行，变更 0 行，相同 2 行" in out
    assert "没有需要存入的" in out


def test_progress_is_told_in_plain_lines_where_there_is_no_terminal(
    world: World, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "单位.xlsx"
    rows = [(f"县第{number}单位", "北山镇") for number in range(2500)]
    path.write_bytes(workbook(("单位", "所在乡镇"), rows))

    assert main(["import", "units", str(path)]) == 0

    told = capsys.readouterr().err.splitlines()
    assert told[0] == "  0% 检查：读取文件"
    assert told[-1] == "100% 存入：已导入 2500 行"
    assert any("写入 " in line for line in told)
    assert not any("\r" in line for line in told)
    assert len(told) < 20


def test_progress_changes_one_line_on_a_terminal(
    world: World, units_file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    assert main(["import", "units", str(units_file)]) == 0

    told = capsys.readouterr().err
    assert "\n" not in told
    assert "\r100% 存入：已导入 1 行" in told
    assert told.endswith("\r\x1b[K")


def test_a_dry_run_stores_nothing(world: World, units_file: Path, capsys: Captured) -> None:
    assert main(["import", "units", str(units_file), "--dry-run", "--format", "json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert (answer["new"], answer["same"], answer["applied"]) == (1, 1, False)
    assert not Import.objects.exists()
    assert Unit.objects.count() == 2


def test_wrong_cells_are_all_named_with_their_place(
    world: World, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "单位.xlsx"
    rows = [("甲局", "工厂", "北山镇"), (None, "机关", "北山镇"), ("乙局", "机关", "北山镇")]
    path.write_bytes(workbook(("单位", "单位类别", "所在乡镇"), rows))

    assert main(["import", "units", str(path)]) == 2
    said = capsys.readouterr().err
    assert "第 2 行" in said
    assert "第 3 行" in said
    assert "单位类别" in said

    assert main(["import", "units", str(path), "--format", "json", "--lang", "en"]) == 2
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert {error["row"] for error in errors} == {2, 3}
    assert errors[0].keys() >= {"file", "sheet", "row", "heading", "value", "reason", "mend"}
    assert "not one of the choices" in errors[0]["reason"]
    assert Unit.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "units", "absent.xlsx"], "没有这个文件"),
        (["import", "villages", "x.xlsx"], "只供 lingyan match 使用"),
        (["import", "nothing", "x.xlsx"], "不能是"),
        (["import", "wishes", "x.xlsx"], "请用 --round 写明批次名称"),
        (["import", "units", "x.xlsx", "--round", "一"], "不分批次"),
        (["export", "units", "x.doc"], "请以 .xlsx 或 .csv 结尾"),
    ],
)
def test_wrong_use_is_answered_in_one_sentence(
    world: World, words: list[str], said: str, capsys: Captured
) -> None:
    assert main(words) == 2

    assert said in capsys.readouterr().err


def test_a_folder_without_a_database_is_wrong_input(tmp_path: Path) -> None:
    import subprocess
    import sys

    own = {name: value for name, value in os.environ.items() if name != "LINGYAN_DATABASE_URL"}
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from lingyan.cli import main; raise SystemExit(main())"),
            *("export", "units", "x.xlsx", "--data", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=own,
    )

    assert done.returncode == 2
    assert "还没有数据库" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["not migrated", "a column short", "no database"])
def test_an_older_database_is_wrong_input(tmp_path: Path, how: str) -> None:
    import sqlite3
    import subprocess
    import sys

    own = {name: value for name, value in os.environ.items() if name != "LINGYAN_DATABASE_URL"}
    own |= {"LINGYAN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lingyan.config.settings"}
    path = tmp_path / "lingyan.sqlite3"
    if how == "a column short":
        ready_made.put_into(tmp_path)
        with sqlite3.connect(path) as database:
            database.execute("ALTER TABLE exchange_export DROP COLUMN row_count")
        database.close()
    else:
        path.write_bytes(b"" if how == "not migrated" else b"something else" * 100)

    done = subprocess.run(
        [
            *(sys.executable, "-c", "from lingyan.cli import main; raise SystemExit(main())"),
            *("export", "units", str(tmp_path / "x.xlsx")),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=own,
    )

    assert done.returncode == 2
    assert "数据库还是旧版本" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.xlsx").exists()


KINDS = (
    "places", "units", "officers", "relatives", "adjoining", "calendar", "people", "needs",
)  # fmt: skip


def filled(world: World, tmp_path: Path) -> None:
    """Something of every kind that needs no round."""
    sheets: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        "places": (
            ("区划代码", "名称", "纬度", "经度"),
            [
                ("990100102000", "西坪镇", None, None),
                ("990100102200", "西坪村村委会", "31.353837", 107.72),
            ],
        ),
        "units": (("单位", "所在乡镇"), [("北山镇政府", "北山镇")]),
        "officers": (
            ("村", "姓名", "职务", "任职日期"),
            [("松树村", "宋乙八", "书记", "2021-03"), ("松树村", "宋乙八", "村主任", "2021-03")],
        ),
        "relatives": (("姓名", "近亲属姓名", "关系"), [("李甲一", "宋乙八", "父亲")]),
        "adjoining": (("乡镇", "另一乡镇"), [("北山镇", "南河镇")]),
        "calendar": (("日期", "是否工作日", "说明"), [("2026-10-01", "否", "国庆节")]),
        "people": (("姓名", "单位", "入库状态"), [("李甲一", "县财政局", "在库")]),
        "needs": (("村", "村类型", "队员"), [("松树村", "软弱村", 2)]),
    }
    for kind, (headings, rows) in sheets.items():
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(workbook(headings, rows))
        assert main(["import", kind, str(path)]) == 0, kind


def test_every_export_comes_in_again_as_the_same(
    world: World, tmp_path: Path, capsys: Captured
) -> None:
    filled(world, tmp_path)
    assert VillageOfficer.objects.count() == 2
    assert AdjoiningTowns.objects.count() == CalendarDay.objects.count() == 1
    west = Place.objects.get(short_name="西坪村", parent__name="西坪镇")
    assert (west.latitude, west.longitude) == (Decimal("31.353837"), Decimal("107.72"))

    kinds = (
        "places",
        "units",
        "officers",
        "relatives",
        "adjoining",
        "calendar",
        "people",
        "needs",
    )
    for kind, suffix in product(kinds, ("xlsx", "csv")):
        path = tmp_path / f"out-{kind}.{suffix}"
        assert main(["export", kind, str(path)]) == 0
        capsys.readouterr()
        assert main(["import", kind, str(path), "--dry-run", "--format", "json"]) == 0, kind
        answer = json.loads(capsys.readouterr().out)
        assert (answer["new"], answer["changed"]) == (0, 0), (kind, answer)
        assert answer["same"] >= 1
    assert Export.objects.count() == 16


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_an_export_that_somebody_has_worked_in_is_not_written_over(
    world: World, tmp_path: Path, suffix: str, capsys: Captured
) -> None:
    path = tmp_path / f"units.{suffix}"
    words = ["export", "units", str(path)]
    assert [main(words), main(words)] == [0, 0]  # nobody has touched it in between
    path.write_bytes(UNITS)

    assert main(words) == 2

    assert "没有覆盖" in capsys.readouterr().err
    assert path.read_bytes() == UNITS
    assert Export.objects.count() == 2
    assert not EXPORTS_OF_NOBODY(EVERYTHING).exists()  # who took it: 命令行
    assert main([*words, "--force"]) == 0
    assert path.read_bytes() != UNITS
