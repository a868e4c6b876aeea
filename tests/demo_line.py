"""Does an answer of a demo say that it is one, where whoever gets it will read it?"""

from __future__ import annotations

import io
import zipfile
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl

from lingyan.briefings.rules.bundle import HEAD

MARK = "演示数据"
HEADER = "X-Demo-Data"


def says_demo(answer: Any) -> bool:
    """A page in its text, a file in its head, what programs read in a header."""
    kind = answer.headers.get("Content-Type", "")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheet" in kind:
        return all(MARK in head for head in heads(content))
    if "wordprocessing" in kind:
        return MARK in docx.Document(io.BytesIO(content)).paragraphs[0].text
    if kind.startswith(("application/json", "application/problem+json", "image/")):
        return MARK in unquote(answer.headers.get(HEADER, ""))
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            return MARK in bundle.read(HEAD).decode("utf-8")
    return MARK in content.decode("utf-8")


def heads(book: bytes) -> list[str]:
    """The first lines of every worksheet that people see."""
    opened = openpyxl.load_workbook(io.BytesIO(book), read_only=True)
    found = [
        str([*sheet.iter_rows(max_row=2, values_only=True)])
        for sheet in opened.worksheets
        if sheet.sheet_state == "visible"
    ]
    opened.close()
    assert found
    return found
