"""Workbooks as people really make them, on their way through check and export."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from lingyan.directory.models import Person
from lingyan.platform.exchange import exporting
from lingyan.platform.exchange.registry import KINDS
from lingyan.posting.imports.levels import flaw_of_level
from lingyan.posting.rules import Capability
from lingyan.posting.sheets import PEOPLE
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.world import World

HEADINGS = ("单位", "单位类别", "所在乡镇")


def full_width(text: str) -> str:
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def test_everything_wrong_with_a_row_is_told_at_once(world: World) -> None:
    data = "单位,单位类别,所在乡镇\n县水利局,工厂,西天镇\n县林业局,机关,北山镇\n"

    run = sent("units", data.encode("gb18030"), world.admin, name="单位.csv")

    (row, heading, reason), (row_too, heading_too, reason_too) = problems(run)
    assert (row, heading, reason) == (2, "单位类别", "“工厂”不在可选内容中")
    assert (row_too, heading_too) == (2, "所在乡镇")
    assert reason_too.startswith("您的管辖范围内没有这个乡镇")
    assert (run.new_count, run.wrong_count) == (1, 1)


def test_what_follows_from_a_bad_cell_alone_is_not_told_twice(world: World) -> None:
    data = workbook(("村", "姓名", "职务", "任职日期"), [("松树村", "宋乙八", "书记", "去年")])

    run = sent("officers", data, world.admin)

    assert [(row, heading) for row, heading, _ in problems(run)] == [(2, "任职日期")]


def test_a_formula_is_read_by_its_saved_value_and_that_is_said(world: World) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("单位")
    page.write_row(0, 0, HEADINGS)
    page.write_formula(1, 0, '="县"&"水利局"', value="县水利局")
    page.write_formula(2, 0, '="县"&"林业局"', value="县林业局")
    book.close()

    run = sent("units", target.getvalue(), world.admin)

    assert run.notices == ["有 2 个单元格是公式，按保存时算出的结果读取"]
    labels = [row.label for row in run.checked_rows.all()]
    assert labels == ["县水利局", "县林业局"]


def test_headings_in_any_order_and_a_column_of_ones_own(world: World) -> None:
    data = workbook(("备注", "所在乡镇", "单位"), [("下周核对", "北山镇", "县水利局")])

    run = sent("units", data, world.admin)

    assert (run.state, run.new_count) == ("checked", 1)
    assert run.notices == ["以下列不认识，没有读取：备注"]


@pytest.mark.parametrize(
    "written", ["2021-11-21", "2021/11/21", "2021.11.21", "2021年11月21日", 44521, "44521",
                full_width("2021-11-21"), date(2021, 11, 21)],
)  # fmt: skip
def test_a_day_in_any_of_the_usual_spellings(world: World, written: object) -> None:
    rows = [("李甲一", "县财政局", written)]
    run = brought_in("people", workbook(("姓名", "单位", "参加工作日期"), rows), world.admin)

    assert run.state == "applied"
    assert Person.objects.get(pk=world.li.pk).work_started_on == date(2021, 11, 21)


def test_a_long_number_that_lost_its_digits_is_an_error_that_says_so(world: World) -> None:
    rows = [
        ("林甲九", "县财政局", 990000198001011234),
        ("林甲八", "县财政局", full_width("990000")),
    ]
    run = sent("people", workbook(("姓名", "单位", "身份证号"), rows), world.admin)

    said = problems(run)
    assert said[0] == (2, "身份证号", "长数字被存成了数值，末几位已丢失")
    assert said[1][:2] == (3, "身份证号")


def test_what_could_be_a_formula_goes_out_as_text_and_comes_back_the_same(world: World) -> None:
    name = '=HYPERLINK("http://x","y")'
    world.finance.name = name
    world.finance.save()
    target = io.BytesIO()

    exporting.export_records(
        KINDS["units"], target, option="", actor=world.admin, purpose="名册核对"
    )

    page = openpyxl.load_workbook(io.BytesIO(target.getvalue()))["单位"]
    cell = next(row[0] for row in page.iter_rows(min_row=2) if row[0].value == name)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    run = sent("units", target.getvalue(), world.admin)
    assert (run.same_count, run.row_count) == (2, 2)


@pytest.mark.parametrize("column", [one for one in PEOPLE.columns if one.name in set(Capability)])
def test_the_level_in_the_template_is_one_that_comes_in(column: object) -> None:
    assert flaw_of_level(column.name, int(column.example), 0) is None  # type: ignore[attr-defined]
