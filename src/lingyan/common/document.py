"""How does a document in the official look (GB/T 9704) leave as a Word file?

Text comes in as it is: it goes into runs, which the library escapes, and what XML cannot hold is
left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lingyan.common.written_text import Written

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_FONT, TEXT_FONT, HEADING_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
LATIN_FONT = "Times New Roman"
TITLE_SIZE, TEXT_SIZE = Pt(22), Pt(16)
LINE, INDENT = Pt(28), Pt(32)
# What XML 1.0 has no place for: control characters, lone halves of a pair, and two that are none.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_document(target: BinaryIO, written: Written, *, banner: str = "") -> None:
    """One page layout for all: margins, fonts and line distance of official documents."""
    document = Document()
    _lay_out(document)
    document.core_properties.title = clean(written.title)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    if banner:
        _paragraph(document, banner, centred=True)
    _paragraph(document, written.title, font=TITLE_FONT, size=TITLE_SIZE, centred=True)
    if written.number:
        _paragraph(document, written.number, centred=True)
    for party in written.parties:
        _paragraph(document, party)
    _paragraph(document, written.preamble, indented=True)
    for article in written.articles:
        _paragraph(document, article.heading, font=HEADING_FONT, indented=True, keeps=True)
        for line in article.lines:
            _paragraph(document, line, indented=True)
    _sign(document, written.signatures)
    document.save(target)


def clean(text: str) -> str:
    return UNFIT.sub("", text)


def _lay_out(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FONT, TEXT_SIZE
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT_FONT)
    shape = style.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    shape.space_before = shape.space_after = Pt(0)
    _number_pages(section.footer.paragraphs[0])


def _paragraph(
    document: Any,
    text: str,
    *,
    font: str = TEXT_FONT,
    size: Any = TEXT_SIZE,
    centred: bool = False,
    indented: bool = False,
    keeps: bool = False,
) -> None:
    """Each line of what was typed is a paragraph of its own."""
    for line in clean(text).splitlines() or [""]:
        paragraph = document.add_paragraph()
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if indented:
            paragraph.paragraph_format.first_line_indent = INDENT
        paragraph.paragraph_format.keep_with_next = keeps
        if size is TITLE_SIZE:
            paragraph.paragraph_format.line_spacing = Pt(36)
            paragraph.paragraph_format.space_after = Pt(14)
        _run(paragraph, line, font=font, size=size)


def _run(paragraph: Any, text: str, *, font: str = TEXT_FONT, size: Any = TEXT_SIZE) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = LATIN_FONT, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _sign(document: Any, signatures: Sequence[Sequence[str]]) -> None:
    """The signers beside one another, kept together on one page."""
    if not signatures:
        return
    document.add_paragraph()
    table = document.add_table(rows=max(map(len, signatures)), cols=len(signatures))
    for column, lines in enumerate(signatures):
        for row, line in enumerate(lines):
            paragraph = table.cell(row, column).paragraphs[0]
            paragraph.paragraph_format.keep_with_next = True
            _run(paragraph, clean(line))


def _number_pages(paragraph: Any) -> None:
    """— 1 — in the middle below, as a field that Word fills."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", size=Pt(14))
    run = paragraph.add_run()
    run.font.size = Pt(14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)
    _run(paragraph, " —", size=Pt(14))
