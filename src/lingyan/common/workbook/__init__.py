"""How does a workbook come in safely and go out so that it comes in again unchanged?"""

from lingyan.common.workbook.reading import MAX_BYTES, Workbook, read_workbook
from lingyan.common.workbook.unreadable import UnreadableFile

__all__ = ["MAX_BYTES", "UnreadableFile", "Workbook", "read_workbook"]
