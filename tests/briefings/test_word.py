"""Does a briefing open in Word in the look that section 9 asks for, with its list inside?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from lingyan.briefings.exports.word import write_briefing
from lingyan.briefings.rules.paper import Line, ListedFigure, Paper, Piece, title_lines

FIGURE = ListedFigure(
    "87名", "IND-2-01", "新选派第一书记", 1, "87人", "宣汉县", "去年以来", "87", "a" * 64
)
PAPER = Paper(
    series="组工简报",
    issuer="中共宣汉县委组织部",
    title="三项行动推进情况",
    lines=(
        Line(0, (Piece("引言。"),)),
        Line(1, (Piece("一、"), Piece("先锋培塑")), 2),
        Line(2, (Piece("（一）"), Piece("因村派人")), 2),
        Line(3, (Piece("1."), Piece("按需选派。"), Piece("新选派87名。")), 2),
        Line(4, (Piece("（1）"), Piece("到岗")), 2),
        Line(0, (Piece("末段 <w:t>&"), Piece("560余场", wrong="与实际的 500 不符"))),
    ),
    signed_on=date(2026, 1, 3),
    issue_no=3,
    total_no=41,
    mark="内部资料　注意保存",
    to_report="市委组织部",
    to_distribute="各乡镇党委。",
    printer="中共宣汉县委组织部办公室",
    copies=60,
    figures=(FIGURE,),
)


def read(paper: Paper = PAPER, *, shows_list: bool = False) -> Any:
    target = BytesIO()
    write_briefing(target, paper, shows_list=shows_list)
    return Document(target)


@pytest.fixture(scope="module")
def document() -> Any:
    return read()


def said(document: Any, begins: str) -> Any:
    return next(one for one in document.paragraphs if one.text.startswith(begins))


def font(run: Any) -> set[str]:
    fonts = run._element.rPr.rFonts
    return {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia")}


def test_page_and_margins_are_those_of_the_rulebook(document: Any) -> None:
    section = document.sections[0]

    assert len(document.sections) == 1
    assert (section.page_width.twips, section.page_height.twips) == (11906, 16838)
    assert (section.top_margin.twips, section.left_margin.twips) == (2098, 1587)
    assert (section.right_margin.twips, section.bottom_margin.twips) == (1474, 1984)


def test_22_lines_of_28_characters(document: Any) -> None:
    style = document.styles["Normal"]
    character = 16 * 20 + int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    height = 16838 - 2098 - 1984

    assert style.paragraph_format.line_spacing.twips == 579
    assert height // 579 == 22
    assert (11906 - 1587 - 1474) // character == 28


def test_the_text_is_16_points_justified_and_two_characters_in(document: Any) -> None:
    paragraph = said(document, "引言")
    indent = paragraph._element.pPr.ind

    assert paragraph.alignment.name == "JUSTIFY"
    assert (indent.get(qn("w:firstLineChars")), indent.get(qn("w:firstLine"))) == ("200", "640")
    assert paragraph.runs[0].font.size.pt == 16
    assert font(paragraph.runs[0]) == {"仿宋_GB2312"}


@pytest.mark.parametrize(
    ("begins", "style", "expected"),
    [
        ("一、先锋", "Heading 1", "黑体"),
        ("（一）因村", "Heading 2", "楷体_GB2312"),
        ("（1）到岗", "Heading 4", "仿宋_GB2312"),
    ],
)
def test_headings_have_their_numbers_and_fonts(
    document: Any, begins: str, style: str, expected: str
) -> None:
    heading = said(document, begins)

    assert heading.style.name == style
    assert {name for run in heading.runs for name in font(run)} == {expected}
    assert heading.paragraph_format.keep_with_next
    assert document.styles[style].font.color.rgb == (0, 0, 0)


def test_a_heading_that_runs_on_is_a_paragraph_of_the_text(document: Any) -> None:
    paragraph = said(document, "1.按需选派。新选派87名。")

    assert paragraph.style.name == "Normal"
    assert not paragraph.paragraph_format.keep_with_next


def test_head_and_title(document: Any) -> None:
    lines = [one.text for one in document.paragraphs]
    name, issue, row = said(document, "组工简报"), said(document, "第3期"), said(document, "中共")
    title = said(document, "三项行动")
    rule = document.paragraphs[lines.index(row.text) + 1]

    assert lines[:3] == ["内部资料　注意保存", "组工简报", "第3期（总第41期）"]
    assert name.runs[0].font.color.rgb == (0xFF, 0, 0)
    assert name.runs[0].font.size.pt > 40
    assert font(issue.runs[0]) == {"楷体_GB2312"}
    assert row.text == "中共宣汉县委组织部\t2026年1月3日"
    assert rule._element.pPr.find(qn("w:pBdr"))[0].get(qn("w:color")) == "FF0000"
    assert lines[lines.index("三项行动推进情况") - 2 :][:2] == ["", ""]
    assert (font(title.runs[0]), title.runs[0].font.size.pt) == ({"方正小标宋简体"}, 22)


def footers(document: Any) -> Iterator[tuple[str, int, str]]:
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        paragraph = footer.paragraphs[0]
        shape = paragraph.paragraph_format
        inset = shape.right_indent if paragraph.alignment.name == "RIGHT" else shape.left_indent
        code = "".join(one.text for one in paragraph._element.iter(qn("w:instrText")))
        yield paragraph.alignment.name, inset.pt, paragraph.text.replace("  ", f" {code} ")


def test_page_numbers_stand_outside_one_character_in(document: Any) -> None:
    assert document.settings.odd_and_even_pages_header_footer
    assert list(footers(document)) == [("RIGHT", 14, "— PAGE —"), ("LEFT", 14, "— PAGE —")]


def test_the_tail_names_only_who_gets_it_and_stays_together(document: Any) -> None:
    lines = document.paragraphs
    report, distribute = said(document, "报："), said(document, "发：")
    rules = [
        one._element.pPr.find(qn("w:pBdr"))[0].get(qn("w:sz"))
        for one in lines
        if one._element.pPr is not None and one._element.pPr.find(qn("w:pBdr")) is not None
    ]

    assert report.text == "报：市委组织部。"
    assert distribute.text == "发：各乡镇党委。"
    assert not any(one.text.startswith("送：") for one in lines)
    assert said(document, "中共宣汉县委组织部办公室").text.endswith("\t共印60份")
    assert rules == ["16", "8", "6", "8"]
    assert (report.paragraph_format.left_indent.pt, report.runs[0].font.size.pt) == (42, 14)
    assert said(document, "末段").paragraph_format.keep_with_next
    assert distribute.paragraph_format.keep_with_next


def test_without_a_number_of_copies_the_day_of_printing() -> None:
    found = read(replace(PAPER, copies=None))

    assert said(found, "中共宣汉县委组织部办公室").text.endswith("\t2026年1月3日印发")


def test_what_failed_a_check_is_marked_and_says_why(document: Any) -> None:
    run = next(run for run in said(document, "末段").runs if run.text == "560余场")

    assert run.font.highlight_color.name == "YELLOW"
    assert [one.text for one in document.comments] == ["与实际的 500 不符"]


def test_the_list_of_figures_is_inside_and_not_printed(document: Any) -> None:
    heading, row = said(document, "附：数据清单"), said(document, "序号：1")

    assert "文中表述：87名；指标：IND-2-01 新选派第一书记（口径第1版）" in row.text
    assert all(run.font.hidden for one in (heading, row) for run in one.runs)
    assert not document.tables


def test_the_list_is_printed_where_that_is_asked_for() -> None:
    found = read(shows_list=True)
    head, row = found.tables[0].rows

    assert [cell.text for cell in row.cells][:4] == [
        "1", "87名", "IND-2-01 新选派第一书记（口径第1版）", "87人"
    ]  # fmt: skip
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert not any(run.font.hidden for run in said(found, "附：").runs)


def test_a_draft_has_no_number_and_no_day() -> None:
    found = read(
        replace(PAPER, issue_no=None, total_no=None, signed_on=None, banners=("演示", "草稿"))
    )

    assert [one.text for one in found.paragraphs[:2]] == ["演示", "草稿"]
    assert said(found, "第").text == "第　期"
    assert said(found, "中共").text.endswith("年　月　日")


def test_every_part_of_the_file_is_xml_that_can_be_read() -> None:
    target = BytesIO()
    write_briefing(target, replace(PAPER, title="一\x00\ud800二", editor_note="]]> &lt;"))

    with ZipFile(target) as file:
        assert file.testzip() is None
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                parse_xml(file.read(name))
    assert said(Document(target), "按语：").text == "按语：]]> &lt;"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("三项行动推进情况", ("三项行动推进情况",)),
        ("宣汉县三项行动\n推进情况", ("宣汉县三项行动", "推进情况")),
        (
            "选优派强、真帮实促，以三项行动推动乡村全面振兴",
            ("选优派强、真帮实促，", "以三项行动推动乡村全面振兴"),
        ),
        ("一" * 45, ("一" * 15, "一" * 15, "一" * 15)),
    ],
)
def test_a_title_is_broken_by_its_meaning(title: str, lines: tuple[str, ...]) -> None:
    assert title_lines(title) == lines
