# ruff: noqa: DTZ001, RUF001 - naive moments and full-width digits are what Excel holds
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingyan.common.cell_text import BadCell, clean, escape, unescape
from lingyan.common.sheet import (
    CellError,
    Column,
    Kind,
    ParsedSheet,
    RawSheet,
    Sheet,
    describe,
    parse_sheet,
    read_value,
)

pytestmark = pytest.mark.pure

TYPES = (("weak", "软弱村"), ("thin", "薄弱村"), ("tense", "矛盾村"))
RELATIONS = (("parent", "父母"), ("grandparent", "祖父母/外祖父母"), ("spouse", "配偶"))
VILLAGE = Column("village", "村", Kind.REFERENCE, required=True, aliases=("村名",))
TYPE = Column("type", "类型", Kind.CHOICE, choices=TYPES, choice_aliases=(("党群类", "weak"),))
COUNT = Column("count", "人数", Kind.INTEGER, minimum=1, maximum=9)
SINCE = Column("since", "开始日期", Kind.DATE)
NEEDS = Sheet("needs", "需求", (VILLAGE, TYPE, COUNT, SINCE), key=("village",))

EVERY_KIND = tuple(
    Column(kind.value, kind.name, kind, choices=RELATIONS, month_allowed=True) for kind in Kind
)
EVERYTHING = Sheet("everything", "全部", EVERY_KIND)


def parse(rows: Sequence[Sequence[Any]], sheet: Sheet = NEEDS, **more: Any) -> ParsedSheet:
    return parse_sheet(RawSheet("需求", rows, **more), sheet, file="需求.xlsx")


def read(kind: Kind, value: Any, **more: Any) -> Any:
    return read_value(Column("x", "列", kind, **more), value)


def refusal(kind: Kind, value: Any, **more: Any) -> str:
    with pytest.raises(BadCell) as caught:
        read(kind, value, **more)
    assert caught.value.mend
    assert caught.value.reason_en
    assert caught.value.mend_en
    return caught.value.reason


class TestHeadings:
    def test_columns_stand_in_any_order_and_others_are_named_and_ignored(self) -> None:
        parsed = parse([("序号", "人数", "村", "联系人"), (1.0, 3.0, "罗盘村", "李甲一")])

        assert parsed.rows[0].number == 2
        assert parsed.rows[0].values == {"village": "罗盘村", "count": 3}
        assert parsed.rows[0].values["type"] is None
        with pytest.raises(KeyError):
            parsed.rows[0].values["tpye"]
        assert parsed.ignored_headings == ("序号", "联系人")
        assert parsed.missing_columns == {"type", "since"}
        assert not parsed.errors

    @pytest.mark.parametrize(
        "heading",
        [
            "村",
            " 村 ",
            "村*",
            "＊村",
            "村　",
            "村：",
            "村名",
            "village",
            "Village",
            "村（必填）",
            "村\n*",
        ],
    )
    def test_blanks_stars_colons_width_and_aliases_make_no_difference(self, heading: str) -> None:
        assert parse([(heading,), ("罗盘村",)]).rows[0].values["village"] == "罗盘村"

    def test_guidance_may_stand_above_the_heading_row(self) -> None:
        above = [("某县2026年需求清单", None), ("填写说明：带*必填", None), (None, None)]
        parsed = parse([*above, ("村", "类型"), ("罗盘村", "软弱村")])

        assert parsed.rows[0].number == 5

    def test_a_sheet_without_heading_row_is_one_error_with_the_template_command(self) -> None:
        (error,) = parse([("a", "b"), ("c", "d")]).errors

        assert "没有找到表头" in error.reason
        assert "lingyan template needs" in error.mend

    def test_missing_required_columns_are_one_error_that_names_them(self) -> None:
        sheet = Sheet("x", "表", (VILLAGE, TYPE, Column("town", "乡镇", required=True)))
        (error,) = parse([("类型", "备注"), ("软弱村", "x"), ("错", "y")], sheet).errors

        assert error.reason == "缺少必填的列：村、乡镇"
        assert error.row == 1
        assert "lingyan template x" in error.mend

    def test_a_heading_that_stands_there_twice_is_an_error(self) -> None:
        (error,) = parse([("村", "村名"), ("甲村", "乙村")]).errors

        assert (error.heading, error.reason) == ("村名", "同一列出现两次")

    def test_an_empty_sheet_is_an_error(self) -> None:
        assert len(parse([]).errors) == 1

    def test_the_column_of_reasons_of_an_earlier_round_is_silent(self) -> None:
        assert parse([("村", "原因"), ("甲村", "错了")]).ignored_headings == ()


class TestRows:
    def test_every_bad_cell_of_every_row_is_named_with_its_place(self) -> None:
        parsed = parse(
            [
                ("村", "类型", "人数", "开始日期"),
                ("甲村", "强村", "三", "2026-02-30"),
                (None, "软弱村", 12, None),
                ("乙村", "薄弱村", 2, "2026-02-28"),
            ]
        )

        places = [(error.row, error.heading) for error in parsed.errors]
        assert places == [(2, "类型"), (2, "人数"), (2, "开始日期"), (3, "村"), (3, "人数")]
        assert {(error.file, error.sheet) for error in parsed.errors} == {("需求.xlsx", "需求")}
        assert [row.number for row in parsed.rows] == [4]

    def test_empty_rows_are_skipped_and_numbers_stay_those_of_excel(self) -> None:
        parsed = parse([("村",), (None,), ("  ",), ("甲村",), (), ("乙村",)])

        assert [row.number for row in parsed.rows] == [4, 6]

    @pytest.mark.parametrize(
        "mark", ["示例：罗盘村", "示例:罗盘村", "示例", "示例行", "例：罗盘村"]
    )
    def test_the_example_row_of_the_template_is_not_data(self, mark: str) -> None:
        assert parse([("村", "人数"), (mark, "abc"), ("甲村", 1)]).rows[0].number == 3

    def test_a_row_that_fills_only_unknown_columns_is_skipped(self) -> None:
        """Serial numbers are often typed ahead of the rows."""
        parsed = parse([("序号", "村"), (1.0, "甲村"), (2.0, None), (3.0, " ")])

        assert [row.number for row in parsed.rows] == [2]
        assert not parsed.errors

    def test_a_village_that_is_called_example_is_data(self) -> None:
        assert parse([("村",), ("示例村",)]).rows

    @pytest.mark.parametrize("text", ["合计", "填表人：李甲一", "注：以上为初稿"])
    def test_a_total_or_signature_is_one_error_not_many(self, text: str) -> None:
        parsed = parse([("类型", "村", "人数"), ("软弱村", "甲村", 1), (text, None, "30")])

        (error,) = parsed.errors
        assert "合计" in error.reason
        assert error.row == 3

    def test_a_repeated_key_names_both_rows(self) -> None:
        parsed = parse([("村", "人数"), ("罗盘 村", 1), ("乙村", 2), ("罗盘村", 3)])

        (error,) = parsed.errors
        assert error.reason == "第 2 行与第 4 行重复"
        assert error.row == 4
        assert [row.number for row in parsed.rows] == [2, 3]

    def test_errors_come_in_the_order_of_rows(self) -> None:
        parsed = parse([("村", "人数"), ("甲", 1), ("甲", 1), ("乙", "x"), ("甲", 2)])

        assert [error.row for error in parsed.errors] == [3, 4, 5]

    def test_rows_shorter_than_the_headings_are_read(self) -> None:
        assert parse([("人数", "村"), (3,), (2, "甲村")]).errors[0].heading == "村"

    def test_a_merged_name_holds_for_its_rows(self) -> None:
        rows = [("类型", "村"), ("软弱村", "甲村"), (None, "乙村"), (None, "丙村"), (None, "丁村")]
        parsed = parse(rows, merged=((1, 0, 3, 0),))

        assert [row.values["type"] for row in parsed.rows] == ["weak", "weak", "weak", None]

    def test_a_merged_number_is_an_error_because_it_may_be_a_sum(self) -> None:
        parsed = parse([("村", "人数"), ("甲村", 3), ("乙村", None)], merged=((1, 1, 2, 1),))

        (error,) = parsed.errors
        assert (error.row, error.heading) == (3, "人数")
        assert "合并" in error.reason

    def test_a_merged_title_above_the_headings_does_no_harm(self) -> None:
        rows = [("标题", None), (None, None), ("村", "人数"), ("甲村", 1)]

        assert parse(rows, merged=((0, 0, 1, 1), (90, 0, 99, 0), (1, 9, 3, 9))).rows

    def test_identity_numbers_and_telephones_are_masked_in_errors(self) -> None:
        columns = (
            VILLAGE,
            Column("id", "身份证号", Kind.ID_NUMBER),
            Column("p", "电话", Kind.PHONE),
        )
        rows = [("村", "身份证号", "电话"), ("甲", "610331198002290008", "138000000001")]
        parsed = parse(rows, Sheet("x", "表", columns))

        assert [error.value for error in parsed.errors] == ["610331**********08", "138*****0001"]


class TestCells:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (" 甲 \n", "甲"),
            ("\u3000甲乙\u200b", "甲乙"),
            (12.0, "12"),
            (1.5, "1.5"),
            (0.1 + 0.2, "0.3"),
            (13800000000.0, "13800000000"),
            (date(2026, 11, 21), "2026-11-21"),
            (datetime(2026, 11, 21), "2026-11-21"),
            (datetime(2026, 11, 21, 8, 30), "2026-11-21 08:30:00"),
            (time(8, 30), "08:30:00"),
            (True, "TRUE"),
            ("   ", None),
            (None, None),
            ("'=1+1", "=1+1"),
        ],
    )
    def test_text(self, value: Any, expected: str | None) -> None:
        assert read(Kind.TEXT, value) == expected

    def test_text_that_is_too_long_says_by_how_much(self) -> None:
        assert refusal(Kind.TEXT, "字" * 11, max_length=10) == "超过 10 个字（现有 11 个）"

    @pytest.mark.parametrize("value", [6.10331198002290e17, 610331198002290007, 1e15])
    @pytest.mark.parametrize("kind", [Kind.TEXT, Kind.ID_NUMBER, Kind.CODE, Kind.REFERENCE])
    def test_a_long_number_that_lost_its_digits_is_refused(self, kind: Kind, value: Any) -> None:
        assert "末几位已丢失" in refusal(kind, value)

    @pytest.mark.parametrize("value", ["李 明", "李　明", " 李明", "李\n明"])
    def test_blanks_inside_a_chinese_name_make_no_difference(self, value: str) -> None:
        assert read(Kind.REFERENCE, value) == "李明"

    def test_a_reference_has_half_width_digits(self) -> None:
        assert read(Kind.REFERENCE, "１号Ａ村") == "1号A村"
        assert read(Kind.REFERENCE, "／") is None
        assert read(Kind.REFERENCE, "无") is None

    @pytest.mark.parametrize("mark", ["、", "，", ",", ";", "；", "/", " / ", "\n", "|"])
    def test_several_names_in_one_cell(self, mark: str) -> None:
        assert read(Kind.REFERENCES, f"甲村{mark}乙村{mark}甲村") == ("甲村", "乙村")

    def test_a_comma_in_brackets_parts_nothing(self) -> None:
        assert read(Kind.REFERENCES, "张三（父，甲村）、李四(母,乙村)") == (
            "张三（父，甲村）", "李四(母,乙村)"
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (3, 3), (3.0, 3), ("3", 3), ("３", 3), (" 3 ", 3), ("1.0", 1), ("+7", 7), ("-2", -2),
            ("１，２３４", 1234), ("1,234,567", 1234567), ("'-5", -5), ("\u22125", -5),
            ("无", None), ("—", None), ("", None),
        ],
    )  # fmt: skip
    def test_integer(self, value: Any, expected: int | None) -> None:
        assert read(Kind.INTEGER, value) == expected

    @pytest.mark.parametrize(
        "value", ["三", "3人", "1.5", 1.5, "1,23", True, date(2026, 1, 1), "1e3", float("nan"), "٣"]
    )
    def test_what_is_no_integer(self, value: Any) -> None:
        assert refusal(Kind.INTEGER, value)

    def test_integer_limits(self) -> None:
        assert refusal(Kind.INTEGER, 0, minimum=1) == "不能小于 1"
        assert refusal(Kind.INTEGER, "10", maximum=9) == "不能大于 9"
        assert read(Kind.INTEGER, 9, minimum=9, maximum=9) == 9

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (1.1, "1.1"), ("1.10", "1.10"), ("1,050,000.50", "1050000.50"), (0.1 + 0.2, "0.3"),
            (3, "3"), ("３．５", "3.5"), ("-0.01", "-0.01"), ("1.500", "1.500"),
        ],
    )  # fmt: skip
    def test_decimal(self, value: Any, expected: str) -> None:
        assert read(Kind.DECIMAL, value) == Decimal(expected)

    @pytest.mark.parametrize("value", ["1.234", 1.005, "abc", "1..2", "1万", False])
    def test_what_is_no_decimal(self, value: Any) -> None:
        assert refusal(Kind.DECIMAL, value)

    @pytest.mark.parametrize(
        "value",
        [
            "2026-11-21", "2026/11/21", "2026.11.21", "2026年11月21日", "20261121", "46347",
            "2026 年 11 月 21 日", "２０２６－１１－２１", "2026年11月21号", "2026-11-21 00:00:00",
            "2026-11-21T08:30", " 2026/11/21 ", "2026\u201311\u201321",
            20261121, 20261121.0, 46347, 46347.0, 46347.75,
            date(2026, 11, 21), datetime(2026, 11, 21, 8, 30),
        ],
    )  # fmt: skip
    def test_a_date_in_every_usual_spelling(self, value: Any) -> None:
        assert read(Kind.DATE, value) == date(2026, 11, 21)

    @pytest.mark.parametrize(
        "value",
        ["2026-11", "2026.11", "2026年11月", "2026/11", "202611", 2026.11, 202611, "2026-11-01"],
    )
    def test_a_month_is_enough_where_the_column_says_so(self, value: Any) -> None:
        assert read(Kind.DATE, value, month_allowed=True) == date(2026, 11, 1)

    @pytest.mark.parametrize(
        "value", ["2026-11", "2026.11", 2026.11, 202611, "2026", 2026, "2026年"]
    )
    def test_a_month_or_year_is_not_enough_elsewhere(self, value: Any) -> None:
        assert refusal(Kind.DATE, value).startswith("只有年")

    def test_a_number_that_may_be_january_or_october_is_refused(self) -> None:
        reason = refusal(Kind.DATE, 2026.1, month_allowed=True)

        assert reason == "“2026.1”分不清是 1 月还是 10 月"
        assert read(Kind.DATE, "2026.1", month_allowed=True) == date(2026, 1, 1)
        assert read(Kind.DATE, "2026.10", month_allowed=True) == date(2026, 10, 1)
        assert read(Kind.DATE, 2026.7, month_allowed=True) == date(2026, 7, 1)

    def test_a_count_without_end_is_too_large_and_not_badly_formatted(self) -> None:
        assert refusal(Kind.INTEGER, 1e30) == "数字太大"

    @pytest.mark.parametrize(
        "value",
        [
            "2026-02-30", "2026-13-01", "11/21/2026", "26-11-21", "1899-12-31", "2101-01-01",
            "昨天", 0, -1, 1e9, True, time(8), timedelta(days=1), date(1800, 1, 1),
            20261399, float("inf"),
        ],
    )  # fmt: skip
    def test_what_is_no_date(self, value: Any) -> None:
        assert refusal(Kind.DATE, value, month_allowed=True)

    def test_the_serial_numbers_of_early_1900_skip_the_day_that_never_was(self) -> None:
        assert read(Kind.DATE, 1) == date(1900, 1, 1)
        assert read(Kind.DATE, 59) == date(1900, 2, 28)
        assert read(Kind.DATE, 61) == date(1900, 3, 1)

    @pytest.mark.parametrize("value", ["软弱村", " 软弱 村", "weak", "WEAK", "党群类"])
    def test_choice_by_label_code_or_alias(self, value: str) -> None:
        assert read_value(TYPE, value) == "weak"

    def test_a_choice_that_is_none_lists_what_there_is(self) -> None:
        with pytest.raises(BadCell) as caught:
            read_value(TYPE, "强村")

        assert caught.value.reason == "“强村”不在可选内容中"
        assert caught.value.mend == "请从下拉列表中选择：软弱村、薄弱村、矛盾村"

    def test_a_numeric_code_in_a_number_cell_is_a_choice(self) -> None:
        assert read(Kind.CHOICE, 1.0, choices=(("1", "一类"),)) == "1"

    def test_none_is_a_choice_only_where_it_is_one(self) -> None:
        assert read_value(TYPE, "无") is None
        assert read(Kind.CHOICE, "无", choices=(("none", "无"),)) == "none"

    @pytest.mark.parametrize(
        "value",
        ["父母、祖父母/外祖父母", "父母，祖父母/外祖父母", "父母/grandparent", "父母 grandparent"],
    )
    def test_several_choices_even_if_a_label_holds_a_slash(self, value: str) -> None:
        assert read(Kind.MULTI_CHOICE, value, choices=RELATIONS) == ("parent", "grandparent")

    def test_several_choices_keep_the_order_in_which_they_were_listed(self) -> None:
        value = "祖父母/外祖父母、父母、祖父母/外祖父母"

        assert read(Kind.MULTI_CHOICE, value, choices=RELATIONS) == ("grandparent", "parent")

    def test_one_wrong_among_several_choices_is_named(self) -> None:
        assert "同事" in refusal(Kind.MULTI_CHOICE, "父母、同事", choices=RELATIONS)
        assert read(Kind.MULTI_CHOICE, "无", choices=RELATIONS) is None

    @pytest.mark.parametrize("value", ["是", "√", "✓", 1, 1.0, "1", "有", True, "Y", "yes", "对"])
    def test_yes(self, value: Any) -> None:
        assert read(Kind.BOOLEAN, value) is True

    @pytest.mark.parametrize("value", ["否", "×", "✗", 0, 0.0, "０", "无", False, "n", "NO", "x"])
    def test_no(self, value: Any) -> None:
        assert read(Kind.BOOLEAN, value) is False

    def test_neither_yes_nor_no(self) -> None:
        assert refusal(Kind.BOOLEAN, "也许")
        assert refusal(Kind.BOOLEAN, 2)
        assert read(Kind.BOOLEAN, "—") is None

    def test_identity_number(self) -> None:
        assert read(Kind.ID_NUMBER, " 61033119800101000x ") == "61033119800101000X"
        assert refusal(Kind.ID_NUMBER, "610331198002290008") == "公民身份号码校验位不正确"
        assert "末几位已丢失" in refusal(Kind.ID_NUMBER, "6.10331E+17")

    @pytest.mark.parametrize(
        "value", ["010331101200", "０１０３３１１０１２００", "0103 3110 1200"]
    )
    def test_a_code_keeps_its_leading_zero(self, value: str) -> None:
        assert read(Kind.CODE, value) == "010331101200"

    def test_a_code_in_a_number_cell(self) -> None:
        assert read(Kind.CODE, 610331101200.0) == "610331101200"
        assert "开头的 0" in refusal(Kind.CODE, 10331101200)
        assert "末几位已丢失" in refusal(Kind.CODE, "6.10331E+11")
        assert refusal(Kind.CODE, "61033110120") == "应为 12 位数字"
        assert read(Kind.CODE, "007", digits=3) == "007"

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("13800000000", "13800000000"),
            (13800000000.0, "13800000000"),
            ("０９１６-1234567", "0916-1234567"),
            ("138 0000 0000", "13800000000"),
            ("138-0000-0000", "13800000000"),
            ("+86 13800000000", "13800000000"),
        ],
    )
    def test_phone(self, value: Any, expected: str) -> None:
        assert read(Kind.PHONE, value) == expected

    def test_what_is_no_phone(self) -> None:
        assert refusal(Kind.PHONE, "1380000000")
        assert refusal(Kind.PHONE, "1.38E+10")

    @pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.TEXT, Kind.BOOLEAN}, key=str))
    def test_no_content_may_be_written_out(self, kind: Kind) -> None:
        for value in ("无", "/", "—"):
            assert read(kind, value, choices=RELATIONS) is None

    @pytest.mark.parametrize("value", ["#N/A", "#DIV/0!", "#REF!", "#name?"])
    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_formula_in_error_is_an_error_in_every_column(self, kind: Kind, value: str) -> None:
        assert refusal(kind, value) == "公式出错"

    def test_a_formula_without_result_is_an_error(self) -> None:
        assert refusal(Kind.TEXT, "#未计算") == "公式没有算出结果"
        assert read(Kind.TEXT, "#1 号楼") == "#1 号楼"


anything = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(["#N/A", "示例：", "合计", "2026.1", "1e999", "'=1", "（、）", "\x00"]),
)


@given(st.lists(st.lists(anything, max_size=14), max_size=8))
def test_no_content_whatever_brings_it_down(rows: list[list[Any]]) -> None:
    headings = [column.heading for column in EVERY_KIND]
    parsed = parse([headings, *rows], EVERYTHING)

    assert len(parsed.rows) <= len(rows)
    for error in parsed.errors:
        assert error.reason
        assert error.mend
        assert describe(error)
        assert describe(error, "en")


@given(st.lists(st.lists(anything, max_size=6), max_size=8))
def test_no_headings_whatever_bring_it_down(rows: list[list[Any]]) -> None:
    parse(rows, NEEDS, merged=((0, 0, 3, 0), (2, 1, 9, 1)))


@given(anything, st.sampled_from(EVERY_KIND))
def test_reading_twice_changes_nothing(value: Any, column: Column) -> None:
    """What was read is written as it reads again; shown here without a file."""
    try:
        once = read_value(column, value)
    except BadCell:
        return
    if isinstance(once, str) and column.kind is not Kind.CHOICE:
        assert read_value(column, escape(once)) == once


@given(st.text())
def test_escaping_is_undone_and_never_leaves_a_formula(text: str) -> None:
    assert unescape(escape(text)) == text
    assert escape(text)[:1] not in tuple("=+-@\t\r")


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_an_error_is_described_in_both_languages() -> None:
    error = CellError("需求.xlsx", "需求", 5, "村", "x", "不存在", "请核对", "unknown", "check it")

    assert describe(error) == "需求.xlsx“需求”第 5 行“村”（x）：不存在。请核对。"
    assert describe(error, "en") == '需求.xlsx "需求" row 5 column "村" ("x"): unknown; check it.'


def test_what_is_wrong_with_a_whole_file_names_no_row() -> None:
    error = CellError("需求.xlsx", "", 0, "", "", "没有数据", "请填写", "no data", "fill it in")

    assert describe(error) == "需求.xlsx：没有数据。请填写。"
    assert describe(error, "en") == "需求.xlsx: no data; fill it in."
