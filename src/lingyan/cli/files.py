"""How do results reach the disk whole or not at all, and inputs come in with a clear word?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lingyan.cli.speaking import Speaker, WrongInput, cause_of

if TYPE_CHECKING:
    import argparse

    from lingyan.common.sheet import CellError
    from lingyan.common.workbook import Workbook

Write = Callable[[Path], None]


def write_whole(folder: Path, writers: Mapping[str, Write], say: Speaker) -> list[Path]:
    """Write files beside their place first, then move them all in.

    A command that is killed in between leaves the old files or none, never half of one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".lingyan-", dir=folder) as workshop:
            for name, write in writers.items():
                write(Path(workshop) / name)
            for name in writers:  # before the first one moves in
                _refuse_folder(folder / name, say)
            for name in writers:
                (Path(workshop) / name).replace(folder / name)
    except OSError as error:
        cause = cause_of(error, say)
        raise WrongInput(
            say(
                f"写不进 {folder}（{cause}）。请换一个可以写的文件夹，"
                "或腾出空间、关闭正打开的同名文件后再试。",
                f"cannot write to {folder} ({cause}); choose another folder, make room, "
                "or close the file if it is open.",
            )
        ) from error
    return [folder / name for name in writers]


def write_file(path: Path, write: Write, say: Speaker) -> None:
    """One file, whole or not at all."""
    _refuse_folder(path, say)
    write_whole(path.parent, {path.name: write}, say)


def add_force(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "--force",
        action="store_true",
        help=say("覆盖已有的文件", "write over a file that is there"),
    )


def refuse_to_lose(path: Path, say: Speaker, *, is_own: Callable[[Path], bool]) -> None:
    """What the command wrote itself is written anew; what somebody may have filled in is not."""
    try:
        is_free = not path.is_file() or path.stat().st_size == 0 or is_own(path)
    except OSError:  # what cannot be read cannot be told from somebody's work
        is_free = False
    if not is_free:
        raise WrongInput(
            say(
                f"文件已存在，里面可能有填写的内容，没有覆盖：{path}。"
                "请换一个名字；确实要覆盖的，加 --force。",
                f"the file exists and may have been filled in, so it was left: {path}; "
                "choose another name, or add --force.",
            )
        )


def _refuse_folder(path: Path, say: Speaker) -> None:
    if path.is_dir():
        raise WrongInput(
            say(
                f"{path} 是文件夹，不能写成文件。请换一个文件名或文件夹。",
                f"{path} is a folder; choose another name or folder.",
            )
        )


def read_book(path: str, say: Speaker) -> Workbook:
    """A workbook from disk; unreadable is wrong input, in one sentence."""
    from lingyan.common.workbook import UnreadableFile, read_workbook

    try:
        return read_workbook(Path(path))
    except UnreadableFile as error:
        raise unreadable(Path(path).name, error, say) from error


def unreadable(name: str, error: Exception, say: Speaker) -> WrongInput:
    from lingyan.common.workbook import UnreadableFile

    assert isinstance(error, UnreadableFile)
    reason, mend = say(error.text, error.english), say(error.mend, error.english_mend)
    return WrongInput(
        say(f"{name}：{reason}。{mend}。", f"{name}: {reason}; {mend}."),
        details=[{"file": name, "reason": reason, "mend": mend}],
    )


def wrong_cells(errors: Sequence[CellError], say: Speaker) -> WrongInput:
    """Every bad cell as one sentence, and as data."""
    from lingyan.common.sheet import describe

    details = []
    for error in errors:
        line = asdict(error)
        if say.language == "en":
            line["reason"] = error.reason_en or error.reason
            line["mend"] = error.mend_en or error.mend
        details.append({key: line[key] for key in line if not key.endswith("_en")})
    return WrongInput(*(describe(error, say.language) for error in errors), details=details)
