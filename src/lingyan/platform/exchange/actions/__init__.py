"""How does a file become records, whole or not at all, and how is that taken back?"""

from lingyan.platform.exchange.actions.previews import (
    check_import,
    checked_now,
    choose_cells,
    scope_path,
    start_check,
    upload_file,
)
from lingyan.platform.exchange.actions.recovery import recover_interrupted_imports
from lingyan.platform.exchange.actions.undoing import start_undo, undo_import, unwrite_import
from lingyan.platform.exchange.actions.writing import apply_import, start_import, write_import

__all__ = [
    "apply_import",
    "check_import",
    "checked_now",
    "choose_cells",
    "recover_interrupted_imports",
    "scope_path",
    "start_check",
    "start_import",
    "start_undo",
    "undo_import",
    "unwrite_import",
    "upload_file",
    "write_import",
]
