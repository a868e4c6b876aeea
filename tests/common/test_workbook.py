# ruff: noqa: DTZ001 - naive moments are what Excel holds
from __future__ import annotations

import contextlib
import csv
import io
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingyan.common.cell_text import BadCell
from lingyan.common.sheet import Column, Kind, Sheet, parse_sheet, read_value
from lingyan.common.workbook import (
    UnreadableFile,
    Workbook,
    biff,
    find_sheet,
    parse_workbook,
    read_workbook,
    titled_sheet,
    write_book,
    write_csv,
    write_rows,
    write_template,
    write_with_reasons,
)
from lingyan.common.workbook.compound import SIGNATURE, open_compound, single_stream
from lingyan.common.workbook.unreadable import SENTENCES
from tests.common import files

pytestmark = pytest.mark.pure

TYPES = (("weak", "软弱村"), ("thin", "薄弱村"))
SKILLS = (("party", "党群"), ("money", "经济、产业"), ("kin", "父母/子女"))
NEEDS = Sheet(
    "needs",
    "需求",
    (
        Column("village", "村", Kind.REFERENCE, required=True, example="罗盘村"),
        Column("type", "类型", Kind.CHOICE, choices=TYPES, example="软弱村"),
        Column("count", "人数", Kind.INTEGER, minimum=1, maximum=9, example="2"),
        Column("since", "开始日期", Kind.DATE, example="2026-11-21", hint="从哪一天起需要"),
        Column("code", "区划代码", Kind.CODE, example="511722100201"),
        Column("skills", "专长", Kind.MULTI_CHOICE, choices=SKILLS, example="党群"),
        Column("note", "备注"),
    ),
    key=("village",),
    guidance=("一个村一行。",),
)
OFFICERS = Sheet("officers", "两委及财务人员", (Column("name", "姓名", required=True),))


def refusal(data: bytes | str | Path, **more: Any) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(data, **more)
    assert caught.value.text
    assert caught.value.mend
    assert caught.value.english
    assert caught.value.english_mend
    return caught.value


def rows_of(data: bytes, filename: str = "需求.xlsx") -> list[tuple[Any, ...]]:
    (sheet,) = read_workbook(data, filename=filename).sheets.values()
    return [tuple(row) for row in sheet.rows]


class TestReading:
    def test_xlsx_with_every_type_of_cell(self) -> None:
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        page.append(["村", 1, 1.5, True, date(2026, 11, 21), datetime(2026, 11, 21, 8, 30)])
        page["A3"] = "合"
        page.merge_cells("A3:A5")
        page["B5"] = 7
        target = io.BytesIO()
        book.save(target)
        workbook = read_workbook(target.getvalue(), filename="表.xlsx")

        (sheet,) = workbook.sheets.values()
        assert workbook.filename == "表.xlsx"
        assert sheet.rows[0] == (
            "村", 1.0, 1.5, True, date(2026, 11, 21), datetime(2026, 11, 21, 8, 30)
        )  # fmt: skip
        assert sheet.rows[1] == (None,) * 6
        assert sheet.rows[4][1] == 7.0
        assert sheet.merged == ((2, 0, 4, 0),)

    def test_an_old_workbook_is_read(self) -> None:
        data = files.xls(
            files.dimensions(3, 4),
            files.label(0, 0, "村"),
            files.number(1, 0, 2.5),
            files.number(1, 1, 46347, style=1),
            files.merge(0, 1, 0),
            files.error_value(2, 2, 0x2A),
            files.formula_in_error(2, 3, 0x07),
        )
        sheet = read_workbook(data).sheets["需求"]

        assert sheet.rows[:2] == [
            ("村", None, None, None), (2.5, date(2026, 11, 21), None, None)
        ]  # fmt: skip
        assert sheet.rows[2] == (None, None, "#N/A", "#DIV/0!")
        assert sheet.merged == ((0, 0, 1, 0),)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_csv_in_the_usual_encodings(self, encoding: str) -> None:
        data = "村,类型\r\n罗盘村,软弱村\r\n".encode(encoding)

        assert rows_of(data, "需求.csv") == [("村", "类型"), ("罗盘村", "软弱村")]

    @pytest.mark.parametrize("mark", [",", "\t", ";"])
    def test_csv_with_another_delimiter(self, mark: str) -> None:
        data = f"村{mark}类型\n罗盘村{mark}软弱村\n".encode()

        assert rows_of(data, "需求.csv")[1] == ("罗盘村", "软弱村")

    def test_csv_with_line_ends_in_quotes_counts_rows_as_excel_does(self) -> None:
        rows = rows_of('村,备注\n甲,"一\n二"\n\n乙,三\n'.encode())

        assert rows == [("村", "备注"), ("甲", "一\n二"), (), ("乙", "三")]

    def test_a_heading_may_begin_like_a_program(self) -> None:
        assert rows_of("MZ,XM\n汉,李甲一\n".encode()) == [("MZ", "XM"), ("汉", "李甲一")]
        assert rows_of(b"BM,1\n") == [("BM", "1")]

    def test_a_file_is_read_by_its_path(self, tmp_path: Path) -> None:
        path = tmp_path / "需求.csv"
        path.write_text("村\n甲村\n", encoding="utf-8")

        assert read_workbook(path).filename == "需求.csv"
        assert "需求" in read_workbook(str(path)).sheets

    def test_the_name_of_a_file_does_not_matter(self) -> None:
        assert rows_of(files.xls(files.label(0, 0, "村")), "需求.xlsx") == [("村",)]
        assert rows_of(files.xlsx(files.worksheet(files.row(1, "村"))), "a.xls") == [("村",)]

    def test_errors_and_formulas_without_result_are_kept_as_such(self) -> None:
        cells = (
            b'<row r="1"><c r="A1" t="e"><f>NA()</f><v>#N/A</v></c>'
            b'<c r="B1" t="str"><f>X</f><v>abc</v></c><c r="C1"><f>1+1</f></c>'
            b'<c r="D1"><f>1+1</f><v>2</v></c><c r="E1"><f>1+1</f><v></v></c>'
            b'<c r="F1" s="1"/></row><row r="3"><c r="B3" t="e"><v>#REF!</v></c></row>'
        )
        rows = rows_of(files.xlsx(files.worksheet(cells)))

        assert rows[0] == ("#N/A", "abc", "#未计算", 2.0, "#未计算")
        assert rows[2][1] == "#REF!"

    def test_cells_are_found_across_the_pieces_of_a_large_sheet(self) -> None:
        filler = b"".join(files.row(each, "字" * 60, "乙") for each in range(2, 9_000))
        error = b'<row r="9000"><c r="C9000" t="e"><v>#N/A</v></c></row>'
        rows = rows_of(files.xlsx(files.worksheet(files.row(1, "村") + filler + error)))

        assert len(rows) == 9_000
        assert rows[-1] == (None, None, "#N/A")

    def test_a_million_blank_rows_below_do_no_harm(self) -> None:
        blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(2, 99_999))
        data = files.xlsx(files.worksheet(files.row(1, "村") + blank))

        assert rows_of(data) == [("村",)]

    def test_a_picture_in_the_workbook_does_no_harm(self) -> None:
        picture = random.Random(1).randbytes(50_000)
        sheet = files.worksheet(files.row(1, "村"))

        assert rows_of(files.xlsx(sheet, {"xl/media/image1.png": picture})) == [("村",)]


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("empty", lambda: b""),
    "program": ("program", lambda: b"MZ\x90\x00" + bytes(500)),
    "script": ("program", lambda: b"#!/bin/sh\nrm -rf /\n"),
    "pdf": ("other_file", lambda: b"%PDF-1.7 ..."),
    "web page": ("not_a_workbook", lambda: b"\n<html><table><tr><td>1</td></tr></table>"),
    "binary": ("other_file", lambda: b"\x01\x02\x00\x03" * 100),
    "no encoding": ("encoding", lambda: b"\xff\xff\xff\xff,\xff"),
    "word": ("other_file", lambda: files.zipped({"word/document.xml": b"<w/>"})),
    "archive": ("other_file", lambda: files.zipped({"a.txt": b"a"})),
    "old word": ("other_file", lambda: single_stream("WordDocument", b"x")),
    "old macros": ("macros", lambda: single_stream("_VBA_PROJECT_CUR", b"x")),
    "macro file renamed": (
        "macros",
        lambda: files.xlsx(files.worksheet(b""), {"xl/vbaProject.bin": b"x"}),
    ),
    "macro type": ("macros", lambda: files.xlsx(files.worksheet(b""), kind=files.MACRO_TYPE)),
    "password": ("password", lambda: single_stream("EncryptedPackage", b"x")),
    "old password": ("password", lambda: files.xls(files.label(0, 0, "x"), protected=True)),
    "cut zip": ("damaged", lambda: files.xlsx(files.worksheet(b""))[:-30]),
    "cut compound": ("damaged", lambda: files.xls(files.label(0, 0, "x"))[:700]),
    "compound header": ("damaged", lambda: SIGNATURE + bytes(2_000)),
    "not xml": ("damaged", lambda: files.xlsx(b"<worksheet><sheetData><row")),
    "nothing in it": ("nothing", lambda: files.xlsx(files.worksheet(b""))),
    "only blank lines": ("nothing", lambda: b"\n\n,,\n"),
    "open quote": ("csv", lambda: b'a,b\n"x,1\n2,3\n'),
    "entity bomb": (
        "entities",
        lambda: files.xlsx(
            files.worksheet(
                b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>',
                before=b'<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;">]>',
            )
        ),
    ),
    "zip bomb": (
        "zip_bomb",
        lambda: files.xlsx(files.worksheet(b""), {"xl/media/a.png": bytes(150_000_000)}),
    ),
    "many entries": (
        "zip_bomb",
        lambda: files.xlsx(files.worksheet(b""), {f"xl/{n}.xml": b"<a/>" for n in range(2_100)}),
    ),
    "one cell at the far corner": (
        "too_many_cells",
        lambda: files.xlsx(
            files.worksheet(files.row(1, "村") + b'<row r="2"><c r="XFD1048576"><v>1</v></c></row>')
        ),
    ),
    "a hidden place": (
        "damaged",
        lambda: files.xlsx(files.worksheet(b'<row><c x=">" r="XFD1048576"><v>1</v></c></row>')),
    ),
    "cells without a place": (
        "damaged",
        lambda: files.xlsx(files.worksheet(b"<row><c><v>1</v></c></row>")),
    ),
    "a cell longer than any": (
        "damaged",
        lambda: files.xlsx(files.worksheet(b'<row><c r="A1">' + b" " * 3_000_000 + b"</c></row>")),
    ),
    "worksheet under a false name": (
        "damaged",
        lambda: files.xlsx(files.worksheet(b""), {"xl/sheet.png": files.worksheet(b"")}),
    ),
    "announced strings": (
        "zip_bomb",
        lambda: files.xlsx(
            files.worksheet(b""),
            {"xl/sharedStrings.xml": b'<sst uniqueCount="99999999999"><si><t>a</t></si></sst>'},
        ),
    ),
    "parts without relations": (
        "damaged",
        lambda: files.xlsx(
            files.worksheet(b'<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'),
            {"xl/_rels/workbook.xml.rels": b"<not xml"},
        ),
    ),
    "old, many sheets at one place": (
        "damaged",
        lambda: single_stream(
            "Workbook", files.record(0x0085, bytes(8)) * 201 + files.record(0x000A)
        ),
    ),
    "old, other file": ("other_file", lambda: single_stream("Whatever", b"x")),
    "csv of very many cells": ("too_many_cells", lambda: b"," * 3_000_001),
    "a million rows of blanks": (
        "too_many_cells",
        lambda: files.xlsx(
            files.worksheet(
                b"".join(
                    b'<row r="%d"><c r="A%d" t="str"><v> </v></c><c r="J%d" t="str"><v> </v></c>'
                    b"</row>" % (n, n, n)
                    for n in range(1, 400_000)
                )
            )
        ),
    ),
    "old, one far cell": (
        "too_many_cells",
        lambda: files.xls(files.label(0, 0, "x"), files.number(65_535, 255, 1)),
    ),
    "old, announced size": (
        "too_many_cells",
        lambda: files.xls(files.dimensions(2**31, 255), files.label(0, 0, "x")),
    ),
    "old, record too long": ("damaged", lambda: single_stream("Workbook", b"\x09\x08\xff\xff")),
    "over 20 MB": ("too_large", lambda: b"x" * 20_000_001),
}


class TestHostileFiles:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_gets_one_clear_sentence(self, name: str) -> None:
        code, make = HOSTILE[name]

        assert refusal(make()).code == code

    @pytest.mark.parametrize(
        "name",
        ["zip bomb", "one cell at the far corner", "a million rows of blanks", "old, one far cell"],
    )
    def test_within_five_seconds_and_300_megabytes(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / "hostile.xlsx"
        path.write_bytes(HOSTILE[name][1]())
        program = (
            "import re, sys, time\n"
            "from pathlib import Path\n"
            "from lingyan.common.workbook import UnreadableFile, read_workbook\n"
            "start = time.perf_counter()\n"
            "try:\n    read_workbook(sys.argv[1])\n"
            "except UnreadableFile as error:\n    print(error.code)\n"
            "print(time.perf_counter() - start)\n"
            "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())\n"
            "print(int(peak[1]) / 1024)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        code, seconds, megabytes = done.stdout.split()

        assert code == HOSTILE[name][0]
        assert float(seconds) < 5
        assert float(megabytes) < 300

    def test_a_large_file_is_refused_before_it_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "large.csv"
        with path.open("wb") as stream:
            stream.truncate(10**12)

        error = refusal(path)
        assert error.code == "too_large"
        assert "20 MB" in error.text
        assert "5 MB" in refusal(b"x" * 5_000_001, max_bytes=5_000_000).text

    def test_an_absent_file_is_one_sentence(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "none.xlsx").code == "absent"
        assert refusal(tmp_path).code == "folder"
        assert refusal("a\0b").code == "absent"

    def test_a_password_inside_a_zip_is_damage(self) -> None:
        data = bytearray(files.xlsx(files.worksheet(files.row(1, "x"))))
        for mark, shift in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = data.find(mark)
            while place >= 0:
                data[place + shift] |= 1
                place = data.find(mark, place + 1)

        assert refusal(bytes(data)).code == "damaged"

    def test_two_parts_of_one_name_are_refused(self) -> None:
        target = io.BytesIO(files.xlsx(files.worksheet(b"")))
        with (
            zipfile.ZipFile(target, "a") as archive,
            pytest.warns(UserWarning, match="Duplicate"),
        ):
            archive.writestr("xl/workbook.xml", b"<workbook/>")

        assert refusal(target.getvalue()).code == "damaged"

    def test_a_circle_in_the_table_of_an_old_file_ends(self) -> None:
        data = bytearray(files.xls(files.label(0, 0, "x")))
        (directory,) = struct.unpack_from("<I", data, 48)
        table = (directory + 2) * 512
        struct.pack_into("<I", data, table + 4 * directory, directory)

        assert refusal(bytes(data)).code == "damaged"

    def test_every_sentence_is_there_in_both_languages(self) -> None:
        for parts in SENTENCES.values():
            assert len(parts) == 4
            assert all(parts)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_damage_anywhere_never_breaks_the_reader(self, data: st.DataObject) -> None:
        make = st.sampled_from([sound_xlsx(), sound_xls(), "村,类型\n甲,乙\n".encode("gb18030")])
        content = bytearray(data.draw(make))
        for _ in range(data.draw(st.integers(1, 6))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] = data.draw(st.integers(0, 255))
        if data.draw(st.booleans()):
            content = content[: data.draw(st.integers(0, len(content)))]
        with contextlib.suppress(UnreadableFile):
            read_workbook(bytes(content))

    @settings(max_examples=40, deadline=None)
    @given(st.binary(max_size=300))
    def test_any_records_in_an_old_file_never_break_the_reader(self, content: bytes) -> None:
        for stream in (content, files.biff(content)):
            with contextlib.suppress(UnreadableFile):
                read_workbook(single_stream("Workbook", stream))


def sound_xlsx() -> bytes:
    return files.xlsx(files.worksheet(files.row(1, "村", "类型") + files.row(2, "甲", "乙")))


def sound_xls() -> bytes:
    return files.xls(files.dimensions(2, 2), files.label(0, 0, "村"), files.number(1, 1, 3))


class TestOldRecords:
    def test_a_chart_inside_the_sheet_is_not_counted(self) -> None:
        chart = files.record(0x0809, bytes(16)) + files.number(65_000, 250, 1) + files.record(10)
        data = files.xls(files.label(0, 0, "村"), chart, files.label(1, 0, "甲村"))

        assert rows_of(data) == [("村",), ("甲村",)]

    def test_several_numbers_in_one_record_count_to_the_last(self) -> None:
        several = struct.pack("<HH", 2, 1) + struct.pack("<Hi", 0, 6) * 3 + struct.pack("<H", 3)
        extent = biff.measure(files.biff(files.record(0x00BD, several)), sheet_place(), limit=100)

        assert (extent.rows, extent.columns) == (3, 4)

    def test_measuring_ends_as_soon_as_the_limit_is_passed(self) -> None:
        stream = files.biff(files.number(9, 9, 1), files.number(99, 99, 1))

        assert biff.measure(stream, sheet_place(), limit=50).cells == 100

    @pytest.mark.parametrize("size", [(5, 1), (0, 0)])
    def test_announced_sizes_of_the_older_form(self, size: tuple[int, int]) -> None:
        first, last = size
        announced = files.record(0x0200, struct.pack("<5H", first, last, 300, 4, 0))
        stream = files.biff(announced)

        if first > last:
            with pytest.raises(biff.DamagedRecords):
                biff.measure(stream, sheet_place(), limit=50)
        else:
            assert biff.measure(stream, sheet_place(), limit=50).cells == 5


def sheet_place() -> int:
    (place,) = biff.read_globals(files.biff()).sheet_offsets
    return place


class TestCompoundFiles:
    @pytest.mark.parametrize("size", [0, 10, 4_095, 4_096, 70_000, 7_300_000, 9_000_000])
    def test_a_stream_comes_out_as_it_went_in(self, size: int) -> None:
        content = random.Random(size).randbytes(size)
        read = open_compound(single_stream("Workbook", content)).stream("Workbook")

        assert read[:size] == content
        assert not any(read[size:])


class TestFindingTheSheet:
    def workbook(self, *names: str, rows: tuple[tuple[str, ...], ...] = (("村",),)) -> Workbook:
        pages = {name: parse_free(name, rows) for name in names}
        return Workbook("x.xlsx", pages)

    def test_by_its_title_however_it_is_spaced(self) -> None:
        assert find_sheet(self.workbook("别的", " 需 求"), NEEDS).name == " 需 求"
        assert find_sheet(self.workbook("别的", "needs"), NEEDS).name == "needs"

    def test_the_only_one_whatever_its_name(self) -> None:
        assert find_sheet(self.workbook("Sheet1"), NEEDS).name == "Sheet1"
        assert find_sheet(self.workbook("填写说明", "Sheet1"), NEEDS).name == "Sheet1"

    def test_the_only_one_with_its_headings(self) -> None:
        book = self.workbook("甲", "乙", rows=(("名称",),))
        book.sheets["丙"] = parse_free("丙", (("村", "类型"),))

        assert find_sheet(book, NEEDS).name == "丙"

    def test_several_that_fit_are_an_error_that_names_them(self) -> None:
        with pytest.raises(UnreadableFile) as caught:
            find_sheet(self.workbook("甲", "乙"), NEEDS)

        assert caught.value.text == "没有找到工作表“需求”，文件里有：甲、乙"
        assert "lingyan template needs" in caught.value.mend

    def test_a_second_sheet_may_be_absent(self) -> None:
        assert titled_sheet(self.workbook("需求"), OFFICERS) is None
        assert titled_sheet(self.workbook("需求", "两委及财务人员"), OFFICERS)


def parse_free(name: str, rows: tuple[tuple[str, ...], ...]) -> Any:
    csv_text = "\n".join(",".join(row) for row in rows)
    (sheet,) = read_workbook(csv_text.encode(), filename=f"{name}.csv").sheets.values()
    return sheet


class TestTemplates:
    def template(self, tmp_path: Path, *sheets: Sheet, banner: str = "") -> Path:
        path = tmp_path / "模板.xlsx"
        write_template(path, sheets, banner=banner)
        return path

    def test_it_reads_back_as_an_empty_sheet_without_errors(self, tmp_path: Path) -> None:
        path = self.template(tmp_path, NEEDS, OFFICERS)
        parsed = parse_workbook(read_workbook(path), NEEDS)

        assert not parsed.rows
        assert not parsed.errors
        assert not parsed.missing_columns

    def test_its_examples_are_valid_once_they_are_data(self, tmp_path: Path) -> None:
        path = self.template(tmp_path, NEEDS)
        book = openpyxl.load_workbook(path)
        book["需求"]["A2"] = "罗盘村"
        book.save(path)
        (row,) = parse_workbook(read_workbook(path), NEEDS).rows

        assert row.values == {
            "village": "罗盘村", "type": "weak", "count": 2, "since": date(2026, 11, 21),
            "code": "511722100201", "skills": ("party",),
        }  # fmt: skip

    def test_what_people_see_in_it(self, tmp_path: Path) -> None:
        path = self.template(tmp_path, NEEDS, OFFICERS, banner="演示数据")
        book = openpyxl.load_workbook(path)
        page = book["需求"]
        rules = {
            str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation
        }

        assert book.sheetnames == ["填写说明", "需求", "两委及财务人员"]
        assert page["A1"].value == "演示数据"
        assert [cell.value for cell in page[2]][:3] == ["村*", "类型", "人数"]
        assert page["A2"].font.b
        assert page["A3"].value == "示例：罗盘村"
        assert page["D3"].number_format == "yyyy-mm-dd"
        assert page.freeze_panes == "A3"
        assert "演示数据" in str(page.oddHeader.center.text)
        assert rules["B3"].formula1 == '"软弱村,薄弱村"'
        assert (rules["C3"].formula1, rules["C3"].formula2) == ("1", "9")
        assert rules["D3"].prompt == "从哪一天起需要"
        assert page.column_dimensions["E"].width > 12
        guidance = [str(cell.value) for row in book["填写说明"].iter_rows() for cell in row]
        assert {"演示数据", "一个村一行。", "从哪一天起需要", "罗盘村"} <= set(guidance)

    def test_a_long_list_of_choices_lives_on_a_hidden_sheet(self, tmp_path: Path) -> None:
        many = tuple((f"c{n}", f"很长很长的一个选项之第{n}号") for n in range(60))
        long = Sheet("x", "长", (Column("a", "甲", Kind.CHOICE, choices=many),))
        comma = Sheet("y", "逗", (Column("b", "乙", Kind.CHOICE, choices=(("1", "a,b"),)),))
        path = self.template(tmp_path, long, comma)
        book = openpyxl.load_workbook(path)

        assert book["选项"].sheet_state == "hidden"
        assert book["选项"]["A61"].value == "a,b"
        (rule,) = book["长"].data_validations.dataValidation
        assert rule.formula1 == "选项!$A$1:$A$60"
        assert not parse_workbook(read_workbook(path), long).errors


ROW = {
    "village": "罗盘村", "type": "weak", "count": 3, "since": date(2026, 11, 21),
    "code": "011722100201", "skills": ("party", "money", "kin"), "note": "甲\n乙",
}  # fmt: skip
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "'=1", "''=1", "＝1", "|x", "'"]


class TestExports:
    @pytest.mark.parametrize("name", ["o.xlsx", "o.csv"])
    @pytest.mark.parametrize("banner", ["", "演示数据"])
    def test_an_export_imports_back_to_the_same(
        self, tmp_path: Path, name: str, banner: str
    ) -> None:
        rows = [ROW, {"village": "乙村"}]
        count = write_rows(tmp_path / name, NEEDS, iter(rows), banner=banner)
        parsed = parse_workbook(read_workbook(tmp_path / name), NEEDS)

        assert count == 2
        assert not parsed.errors
        assert not parsed.ignored_headings
        assert [row.values for row in parsed.rows] == rows

    def test_numbers_and_dates_are_real_cells_and_codes_are_text(self, tmp_path: Path) -> None:
        write_rows(tmp_path / "o.xlsx", NEEDS, [ROW])
        page = openpyxl.load_workbook(tmp_path / "o.xlsx")["需求"]

        assert [cell.data_type for cell in page[2]] == ["s", "s", "n", "d", "s", "s", "s"]
        assert page["E2"].number_format == "@"

    def test_a_demo_says_so_on_every_page(self, tmp_path: Path) -> None:
        write_rows(tmp_path / "o.xlsx", NEEDS, [ROW], banner="演示数据")
        page = openpyxl.load_workbook(tmp_path / "o.xlsx")["需求"]

        assert page["A1"].value == "演示数据"
        assert page.oddHeader.center.text == "演示数据"
        assert page.print_title_rows == "$1:$2"

    @pytest.mark.parametrize("text", DANGEROUS)
    def test_no_first_line_becomes_a_formula(self, tmp_path: Path, text: str) -> None:
        """It begins with the name of whoever exports, which may be anything."""
        sheet, banner = Sheet("x", "表", (Column("a", "甲"),)), f"{text}（县委）导出"
        for name in ("o.xlsx", "o.csv"):
            write_rows(tmp_path / name, sheet, [{"a": "x"}], banner=banner)
        cell = openpyxl.load_workbook(tmp_path / "o.xlsx")["表"]["A1"]
        with (tmp_path / "o.csv").open(encoding="utf-8-sig", newline="") as stream:
            in_csv = next(csv.reader(stream))[0]

        assert cell.data_type == "s"
        assert cell.quotePrefix or text.strip("'")[:1] not in tuple("=+-@＝")
        assert in_csv[:1] not in tuple("=+-@\t\r＝")
        for name in ("o.xlsx", "o.csv"):
            (parsed,) = parse_workbook(read_workbook(tmp_path / name), sheet).rows
            assert parsed.values["a"] == "x"

    @pytest.mark.parametrize("text", DANGEROUS)
    def test_no_text_becomes_a_formula(self, tmp_path: Path, text: str) -> None:
        """In .xlsx by the quote prefix, in .csv by an apostrophe."""
        sheet = Sheet("x", "表", (Column("a", "甲"), Column("b", "乙")))
        row = {"a": text, "b": "x"}
        write_rows(tmp_path / "o.xlsx", sheet, [row])
        write_rows(tmp_path / "o.csv", sheet, [row])
        cell = openpyxl.load_workbook(tmp_path / "o.xlsx")["表"]["A2"]
        with (tmp_path / "o.csv").open(encoding="utf-8-sig", newline="") as stream:
            in_csv = list(csv.reader(stream))[1][0]

        assert cell.data_type == "s"
        assert cell.quotePrefix or text.strip("'")[:1] not in tuple("=+-@＝")
        assert in_csv[:1] not in tuple("=+-@\t\r＝")
        for name in ("o.xlsx", "o.csv"):
            (parsed,) = parse_workbook(read_workbook(tmp_path / name), sheet).rows
            assert parsed.values == row

    @pytest.mark.parametrize("name", ["o.xlsx", "o.csv"])
    def test_rows_that_break_off_leave_no_file_behind(self, tmp_path: Path, name: str) -> None:
        def broken() -> Iterator[dict[str, Any]]:
            yield ROW
            raise RuntimeError("the database went away")

        (tmp_path / name).write_text("before", encoding="utf-8")
        with pytest.raises(RuntimeError, match="went away"):
            write_rows(tmp_path / name, NEEDS, broken())

        assert [path.name for path in tmp_path.iterdir()] == [name]
        assert (tmp_path / name).read_text(encoding="utf-8") == "before"

    @pytest.mark.parametrize("name", ["o.xlsx", "o.csv"])
    def test_a_folder_that_is_not_there_is_an_ordinary_error(
        self, tmp_path: Path, name: str
    ) -> None:
        with pytest.raises(OSError, match="absent"):
            write_rows(tmp_path / "absent" / name, NEEDS, [ROW])

    def test_several_sheets_go_to_one_stream(self) -> None:
        target = io.BytesIO()
        count = write_book(target, [(NEEDS, [ROW]), (OFFICERS, [{"name": "李甲一"}])])
        workbook = read_workbook(target.getvalue())

        assert count == 2
        assert list(workbook.sheets) == ["需求", "两委及财务人员"]
        assert parse_workbook(workbook, OFFICERS).rows[0].values == {"name": "李甲一"}

    def test_csv_goes_to_a_stream_with_the_mark_that_excel_wants(self) -> None:
        target = io.BytesIO()

        assert write_csv(target, OFFICERS, [{"name": "李甲一"}]) == 1
        assert target.getvalue() == "\ufeff姓名*\r\n李甲一\r\n".encode()


EVERY_KIND = Sheet(
    "all",
    "全部",
    tuple(
        Column(kind.value, kind.name, kind, choices=SKILLS, month_allowed=True, digits=4)
        for kind in Kind
    ),
)
raw_values: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.INTEGER: st.integers(-(10**15) + 1, 10**15 - 1),
    Kind.DECIMAL: st.decimals(-(10**12), 10**12, places=2),
    Kind.DATE: st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    Kind.CHOICE: st.sampled_from([code for code, _ in SKILLS]),
    Kind.MULTI_CHOICE: st.lists(st.sampled_from([label for _, label in SKILLS])).map("；".join),
    Kind.BOOLEAN: st.booleans(),
    Kind.ID_NUMBER: st.sampled_from(["610331198002290007", "61033119800101000x"]),
    Kind.CODE: st.integers(0, 9999).map("{:04}".format),
    Kind.PHONE: st.sampled_from(["13800000000", "0916-1234567", "091612345678"]),
    Kind.TEXT: st.text(max_size=30),
    Kind.REFERENCE: st.text(max_size=30),
    Kind.REFERENCES: st.text(alphabet="甲乙a1 、，/（）()'=+-@\n", max_size=20),
}


def read_or_none(column: Column, raw: Any) -> Any:
    try:
        return read_value(column, raw)
    except BadCell:
        return None


@st.composite
def value_rows(draw: st.DrawFn) -> dict[str, Any]:
    """What a row can hold: everything that reading can give."""
    return {
        column.name: read_or_none(column, draw(st.none() | raw_values[column.kind]))
        for column in EVERY_KIND.columns
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(value_rows(), min_size=1, max_size=12), st.booleans())
def test_every_value_of_every_kind_comes_back(rows: list[dict[str, Any]], as_csv: bool) -> None:
    target = io.BytesIO()
    write = write_csv if as_csv else write_rows
    write(target, EVERY_KIND, rows)
    (raw,) = read_workbook(target.getvalue(), filename="全部.csv").sheets.values()
    parsed = parse_sheet(raw, EVERY_KIND, file="全部")

    assert not parsed.errors
    filled = [{key: value for key, value in row.items() if value is not None} for row in rows]
    assert [row.values for row in parsed.rows] == [row for row in filled if row]


def test_large_numbers_go_out_as_text_and_come_back() -> None:
    sheet = Sheet("x", "表", (Column("a", "甲", Kind.DECIMAL), Column("b", "乙", Kind.INTEGER)))
    row = {"a": Decimal("123456789012345.67"), "b": 123456789012345}
    target = io.BytesIO()
    write_rows(target, sheet, [row])

    assert parse_workbook(read_workbook(target.getvalue()), sheet).rows[0].values == row


class TestReasons:
    def send_back(self, data: bytes) -> tuple[bytes, int]:
        workbook = read_workbook(data, filename="需求.xlsx")
        errors = parse_workbook(workbook, NEEDS).errors
        target = io.BytesIO()
        write_with_reasons(target, workbook, [NEEDS], errors)
        return target.getvalue(), len(errors)

    def wrong(self) -> bytes:
        return files.xlsx(
            files.worksheet(
                files.row(1, "某县需求清单")
                + files.row(2, "村", "类型", "人数", "备注")
                + files.row(3, "甲村", "软弱村", "三", "=HYPERLINK(1)")
                + files.row(4, "乙村", "", "5")
                + files.row(5, "丙村", "强村", "40"),
                after=b'<mergeCells count="1"><mergeCell ref="B3:B4"/></mergeCells>',
            )
        )

    def test_the_same_workbook_comes_back_with_a_column_of_reasons(self) -> None:
        back, _ = self.send_back(self.wrong())
        page = openpyxl.load_workbook(io.BytesIO(back))["需求"]

        assert page["E2"].value == "原因"
        assert page["E3"].value == "人数：应为整数，请只填数字，不带单位"
        assert page["E4"].value is None
        assert "类型：“强村”不在可选内容中" in str(page["E5"].value)
        assert "人数：不能大于 9" in str(page["E5"].value)
        assert page["C3"].fill.fgColor.rgb == "FFFFD7D7"
        assert page["D3"].data_type == "s"

    def test_a_merged_block_comes_back_with_its_value_in_every_row(self) -> None:
        back, _ = self.send_back(self.wrong())
        page = openpyxl.load_workbook(io.BytesIO(back))["需求"]

        assert (page["B3"].value, page["B4"].value) == ("软弱村", "软弱村")

    def test_sent_in_again_unchanged_it_has_the_same_errors(self) -> None:
        once, errors_once = self.send_back(self.wrong())
        twice, errors_twice = self.send_back(once)
        page = openpyxl.load_workbook(io.BytesIO(twice))["需求"]

        assert errors_once == errors_twice == 3
        assert page["F2"].value is None

    def test_corrected_it_is_accepted_and_the_old_reasons_vanish(self) -> None:
        back, _ = self.send_back(self.wrong())
        book = openpyxl.load_workbook(io.BytesIO(back))
        page = book["需求"]
        page["C3"], page["B5"], page["C5"] = 3, "薄弱村", 4
        target = io.BytesIO()
        book.save(target)
        again, errors = self.send_back(target.getvalue())

        assert errors == 0
        assert openpyxl.load_workbook(io.BytesIO(again))["需求"]["E5"].value is None

    def test_reasons_about_the_headings_stand_beside_them(self) -> None:
        data = files.xlsx(files.worksheet(files.row(1, "类型", "人数") + files.row(2, "x", "1")))
        back, _ = self.send_back(data)
        page = openpyxl.load_workbook(io.BytesIO(back))["需求"]

        assert (
            page["C1"].value == "原因；缺少必填的列：村，请补上这些列；"
            "模板可在“表格导入”页下载，或用 lingyan template needs 生成"
        )

    def test_odd_sheet_names_and_odd_values_go_back_too(self) -> None:
        rows = '村,人数\n甲,"#N/A"\n'.encode()
        workbook = read_workbook(rows, filename="[a]:b*c?/d'.csv")
        pages = dict(workbook.sheets) | {"A": parse_free("x", (("村",),))}
        odd = [("村", "x"), (float("inf"), date(1850, 1, 1)), (datetime(1850, 1, 1), None)]
        pages["a"] = type(pages["A"])("a", odd, hidden=True)
        target = io.BytesIO()
        write_with_reasons(target, Workbook("x", pages), [NEEDS], [])
        again = read_workbook(target.getvalue())

        assert len(again.sheets) == 3
        assert any(sheet.hidden for sheet in again.sheets.values())
