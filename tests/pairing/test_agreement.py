"""Does the agreement open in Word as it was typed, in the look of an official document?"""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn

from lingyan.common.document import write_document
from lingyan.pairing.rules.agreement import AgreementFacts, agreement_text


def written(unit: str = "县财政局", plan: str = "三月开会", banner: str = "") -> BytesIO:
    target = BytesIO()
    facts = AgreementFacts(
        unit, "北山镇松树村", True, ("organization",), plan, "郑乙九", "宋乙八", 24
    )
    write_document(target, agreement_text(facts), banner=banner)
    return target


def lines(target: BytesIO) -> list[str]:
    document = Document(target)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs] + cells


def test_it_says_who_what_and_who_signs() -> None:
    found = lines(written())

    assert found[0] == "党组织结对共建协议书"
    assert "甲方：县财政局党组织（牵头结对单位）" in found
    assert "北山镇松树村党组织" in found
    assert "期限 24 个月，自签订之日起算。" in found


def test_what_people_type_stays_text() -> None:
    name, plan = "<w:t>&局</w:t>", "一\x00\ud800二 ]]> &lt;\n第二行"

    found = lines(written(name, plan))

    assert f"甲方：{name}党组织（牵头结对单位）" in found
    assert "一二 ]]> &lt;" in found
    assert "第二行" in found


def test_the_look_is_that_of_an_official_document() -> None:
    document = Document(written())
    section, title, party = document.sections[0], document.paragraphs[0], document.paragraphs[1]

    def font(paragraph: object) -> object:
        return paragraph.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia"))  # type: ignore[attr-defined]

    assert (round(section.page_width.mm), round(section.top_margin.mm)) == (210, 37)
    assert (font(title), font(party)) == ("方正小标宋简体", "仿宋_GB2312")
    assert title.runs[0].font.size.pt == 22
    assert party.runs[0].font.size.pt == 16


def test_it_names_no_library_and_no_author() -> None:
    with ZipFile(written()) as file:
        core = file.read("docProps/core.xml").decode()

    assert "python-docx" not in core


def test_a_demo_says_so() -> None:
    assert lines(written(banner="演示数据"))[0] == "演示数据"
