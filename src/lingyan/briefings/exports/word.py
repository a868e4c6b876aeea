"""How does a briefing leave as a Word file in the official look?

Lengths are those of the rulebook (9.1 to 9.3) in twips, a twentieth of a point, so that a file
that is read back shows them to the digit. It needs no database.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor, Twips

from lingyan.briefings.rules.paper import (
    Line,
    ListedFigure,
    ListedWords,
    Paper,
    title_lines,
    written_day,
)
from lingyan.common.document import (
    HEADING_FONT,
    TEXT_FONT,
    TEXT_SIZE,
    TITLE_FONT,
    TITLE_SIZE,
    clean,
)

KAI_FONT, NUMBER_FONT = "楷体_GB2312", "宋体"
OTHER_NAMES = {
    TEXT_FONT: "FangSong",
    KAI_FONT: "KaiTi",
    TITLE_FONT: "宋体",
    HEADING_FONT: "SimHei",
    NUMBER_FONT: "SimSun",
}
"""What a machine without the font takes in its stead."""
HEADING_FONTS = (TEXT_FONT, HEADING_FONT, KAI_FONT, TEXT_FONT, TEXT_FONT)  # by level

PAGE = {"page_width": 11906, "page_height": 16838}
MARGINS = {"top_margin": 2098, "left_margin": 1587, "right_margin": 1474, "bottom_margin": 1984}
PRINT_WIDTH = 11906 - 1587 - 1474
LINE = 579  # 22 lines to a page
NARROWED = -5  # each character, so that 28 stand in a line
FOOTER_FROM_EDGE = 1417  # the number's dash stands 7 mm below the print area
TAIL_SIZE = Pt(14)
SERIES_SIZES = (60, 20)  # points: as wide as fits, at least this
RED, RED_RULE, THICK, THIN = RGBColor(0xFF, 0, 0), 16, 8, 6  # rules in eighths of a point
LINES_KEPT = 1  # of the text stays with the tail: no page holds only that
LIST_HEADS = ("序号", "文中表述", "指标", "数值", "地方", "统计期", "记录", "记录摘要")
LIST_WIDTHS = (640, 1300, 1800, 1000, 950, 1405, 600, 1150)
WORDS_HEADS = ("序号", "文中表述", "申明的理由", "上下文")
WORDS_WIDTHS = (640, 1600, 3300, 3305)
Row = tuple[str, ...]


def write_briefing(target: BinaryIO, paper: Paper, *, shows_list: bool = False) -> None:
    """The list of figures is always inside; it is printed only where that is asked for."""
    document = Document()
    _lay_out(document)
    core = document.core_properties
    core.title, core.author, core.comments = clean(paper.title), "", ""
    _write_head(document, paper)
    _write_title(document, paper)
    _write_body(document, paper)
    _write_tail(document, paper)
    if paper.figures or paper.declared:
        _write_list(document, paper, shown=shows_list)
    document.save(target)


# The page ------------------------------------------------------------------------------------


def _lay_out(document: Any) -> None:
    section = document.sections[0]
    for name, length in (PAGE | MARGINS).items():
        setattr(section, name, Twips(length))
    section.footer_distance = Twips(FOOTER_FROM_EDGE)
    _shape_style(document.styles["Normal"], TEXT_FONT)
    _narrow(document.styles["Normal"].element.get_or_add_rPr())
    for level in range(1, 5):
        _shape_style(document.styles[f"Heading {level}"], HEADING_FONTS[level])
    _name_fonts(document)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _shape_style(style: Any, font: str) -> None:
    style.font.size, style.font.bold, style.font.italic = TEXT_SIZE, False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _set_font(style.element.get_or_add_rPr(), font)
    shape = style.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Twips(LINE)
    shape.space_before = shape.space_after = Pt(0)


def _narrow(properties: Any) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(NARROWED))
    after = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang")
    properties.insert_element_before(spacing, *after)


def _set_font(properties: Any, font: str) -> None:
    """Digits and letters stand in the font of the text (9.1)."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), font)


def _name_fonts(document: Any) -> None:
    """A machine that lacks a font takes the one that is meant, not any."""
    part = next(
        one.target_part for one in document.part.rels.values() if one.reltype.endswith("/fontTable")
    )
    told = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in OTHER_NAMES.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{told}</w:fonts>".encode())


def _number_pages(paragraph: Any, side: Any) -> None:
    """— 1 —: outside, one character from the edge, as a field that Word fills."""
    paragraph.alignment = side
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = TAIL_SIZE
    shape.first_line_indent = Pt(0)
    _run(paragraph, "— ", font=NUMBER_FONT, size=TAIL_SIZE)
    field = _run(paragraph, "", font=NUMBER_FONT, size=TAIL_SIZE)
    for kind in ("begin", "", "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = "PAGE"
        field._element.append(mark)
    _run(paragraph, " —", font=NUMBER_FONT, size=TAIL_SIZE)


# Head and title ------------------------------------------------------------------------------


def _write_head(document: Any, paper: Paper) -> None:
    for told in filter(None, (*paper.banners, paper.mark)):
        _paragraph(document, told, font=HEADING_FONT)
    name = _paragraph(document, "", alignment=WD_ALIGN_PARAGRAPH.CENTER)
    widest, least = SERIES_SIZES
    room = 0.85 * PRINT_WIDTH / 20 / max(len(paper.series), 1)
    size = Pt(int(max(least, min(widest, room))))
    name.paragraph_format.line_spacing = Pt(size.pt * 1.4)
    _run(name, paper.series, font=TITLE_FONT, size=size).font.color.rgb = RED
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(document, paper.issue, font=KAI_FONT, alignment=centre)
    row = _paragraph(document, paper.issuer)
    shape = row.paragraph_format
    shape.left_indent = shape.right_indent = TEXT_SIZE
    shape.tab_stops.add_tab_stop(Twips(PRINT_WIDTH - 320), WD_TAB_ALIGNMENT.RIGHT)
    _run(row, "\t" + (written_day(paper.signed_on) if paper.signed_on else "　年　月　日"))
    _rule(document, RED_RULE, "FF0000")


def _rule(document: Any, size: int, colour: str = "000000") -> Any:
    """A rule over the whole width: a low empty line bears it, for indents would shorten it."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(6)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", size), ("space", 1), ("color", colour)):
        bottom.set(qn(f"w:{name}"), str(value))
    borders.append(bottom)
    after = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph._element.get_or_add_pPr().insert_element_before(borders, *after)
    return paragraph


def _write_title(document: Any, paper: Paper) -> None:
    """Two blank lines below the red rule."""
    for _ in range(2):
        document.add_paragraph()
    for line in title_lines(clean(paper.title)):
        centre = WD_ALIGN_PARAGRAPH.CENTER
        title = _paragraph(document, line, font=TITLE_FONT, size=TITLE_SIZE, alignment=centre)
        title.paragraph_format.line_spacing = Pt(36)
        title.paragraph_format.keep_with_next = True
    document.add_paragraph()


# Body ----------------------------------------------------------------------------------------


def _write_body(document: Any, paper: Paper) -> None:
    if paper.editor_note:
        note = _paragraph(document, "按语：", font=HEADING_FONT, justified=True)
        _run(note, clean(paper.editor_note), font=KAI_FONT)
    kept_from = len(paper.lines) - LINES_KEPT
    for place, line in enumerate(paper.lines):
        written = _write_line(document, line)
        written.paragraph_format.keep_with_next = line.is_heading or place >= kept_from


def _write_line(document: Any, line: Line) -> Any:
    style = f"Heading {line.level}" if line.is_heading else None
    paragraph = document.add_paragraph(style=style)
    _indent(paragraph)
    for place, piece in enumerate(line.pieces):
        font = HEADING_FONTS[line.level if place < line.lead else 0]
        run = _run(paragraph, clean(piece.text), font=font)
        if piece.wrong:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            document.add_comment(run, text=clean(piece.wrong), author="核对", initials="核")
    return paragraph


def _indent(paragraph: Any) -> None:
    """Justified, and two characters in at the first line."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent = paragraph._element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")


# Tail ----------------------------------------------------------------------------------------


def _write_tail(document: Any, paper: Paper) -> None:
    """报、送、发 and who printed it, between black rules, and never torn over two pages."""
    parts = [_recipients(paper)] if paper.recipients else []
    if paper.printer or paper.printed:
        parts.append([_printer(paper)])
    if not parts:
        return
    document.add_paragraph().paragraph_format.keep_with_next = True
    sizes = [THICK, *[THIN] * (len(parts) - 1)]
    for size, lines in zip(sizes, parts, strict=True):
        _rule(document, size).paragraph_format.keep_with_next = True
        for text, hanging in lines:
            _write_tail_line(document, text, hanging=hanging)
    _rule(document, THICK)


def _recipients(paper: Paper) -> list[tuple[str, bool]]:
    return [(f"{head}：{told}", True) for head, told in paper.recipients]


def _printer(paper: Paper) -> tuple[str, bool]:
    return f"{paper.printer}\t{paper.printed}", False


def _write_tail_line(document: Any, text: str, *, hanging: bool) -> None:
    """One character in from both sides; what wraps goes on after the colon."""
    paragraph = _paragraph(document, text, size=TAIL_SIZE)
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = TAIL_SIZE
    if hanging:
        shape.left_indent, shape.first_line_indent = 3 * TAIL_SIZE, -2 * TAIL_SIZE
    else:
        shape.tab_stops.add_tab_stop(Twips(PRINT_WIDTH - 280), WD_TAB_ALIGNMENT.RIGHT)
    shape.keep_with_next = shape.keep_together = True


def _rule_table(table: Any) -> None:
    """The first and the last rule 0.35 mm, those between 0.25 mm."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        rule = OxmlElement(f"w:{side}")
        size = THICK if side in ("top", "bottom") else THIN
        for name, value in (("val", "single"), ("sz", size), ("space", 0), ("color", "000000")):
            rule.set(qn(f"w:{name}"), str(value))
        borders.append(rule)
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblLook")


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


# The list of figures -------------------------------------------------------------------------


def _write_list(document: Any, paper: Paper, *, shown: bool) -> None:
    """R-9-03: with the text, as hidden text that neither screen nor printer shows unasked."""
    figures = [_list_row(place, one) for place, one in enumerate(paper.figures, start=1)]
    words = [_words_row(place, one) for place, one in enumerate(paper.declared, start=1)]
    both: tuple[tuple[str, Row, tuple[int, ...], list[Row]], ...] = (
        ("附：数据清单", LIST_HEADS, LIST_WIDTHS, figures),
        ("附：申明为文字的数", WORDS_HEADS, WORDS_WIDTHS, words),
    )
    for place, (name, heads, widths, rows) in enumerate(one for one in both if one[3]):
        heading = _paragraph(document, name, font=HEADING_FONT)
        heading.paragraph_format.page_break_before = shown and not place
        if shown:
            _write_list_table(document, heads, widths, rows)
            continue
        _hide(heading)
        for row in rows:
            told = "；".join(f"{head}：{cell}" for head, cell in zip(heads, row, strict=True))
            _hide(_paragraph(document, told, size=Pt(9)))


def _words_row(place: int, one: ListedWords) -> Row:
    return (str(place), *map(clean, (one.text, one.reason, one.around)))


def _list_row(place: int, one: ListedFigure) -> Row:
    name = f"{one.code} {one.name}（口径第{one.version}版）"
    cells = (one.written, name, one.value, one.place, one.period, one.records, one.digest[:12])
    return (str(place), *map(clean, cells))


def _hide(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.font.hidden = True
    properties = paragraph._element.get_or_add_pPr()
    mark = OxmlElement("w:rPr")
    mark.append(OxmlElement("w:vanish"))
    properties.append(mark)


def _write_list_table(document: Any, heads: Row, widths: tuple[int, ...], rows: list[Row]) -> None:
    table = document.add_table(rows=len(rows) + 1, cols=len(heads))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _rule_table(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row, cells in zip(table.rows, (heads, *rows), strict=True):
        _keep_whole(row)
        for cell, told, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Twips(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(13)
            _run(paragraph, told, size=Pt(9))


# Words ---------------------------------------------------------------------------------------


def _paragraph(
    document: Any,
    text: str,
    *,
    font: str = TEXT_FONT,
    size: Any = TEXT_SIZE,
    alignment: Any = None,
    justified: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    if justified:
        _indent(paragraph)
    if alignment is not None:
        paragraph.alignment = alignment
    if text:
        _run(paragraph, clean(text), font=font, size=size)
    return paragraph


def _run(paragraph: Any, text: str, *, font: str = TEXT_FONT, size: Any = TEXT_SIZE) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    _set_font(run._element.get_or_add_rPr(), font)
    return run
