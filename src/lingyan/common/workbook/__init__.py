"""How does a workbook come in safely and go out so that it comes in again unchanged?"""

from lingyan.common.workbook.demo import DEMO_BANNER, demo_banner
from lingyan.common.workbook.finding import find_sheet, parse_workbook, titled_sheet
from lingyan.common.workbook.reading import MAX_BYTES, Workbook, not_opened, read_workbook
from lingyan.common.workbook.reasons import write_with_reasons
from lingyan.common.workbook.templates import write_template
from lingyan.common.workbook.unreadable import UnreadableFile
from lingyan.common.workbook.writing import write_book, write_csv, write_rows

__all__ = [
    "DEMO_BANNER",
    "MAX_BYTES",
    "UnreadableFile",
    "Workbook",
    "demo_banner",
    "find_sheet",
    "not_opened",
    "parse_workbook",
    "read_workbook",
    "titled_sheet",
    "write_book",
    "write_csv",
    "write_rows",
    "write_template",
    "write_with_reasons",
]
