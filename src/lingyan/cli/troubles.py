"""What may stand against a command besides its words: a setting, the database on its disk?"""

from __future__ import annotations

from lingyan.cli.speaking import Speaker, WrongInput
from lingyan.config.environment import BadSetting, data_folder

# What SQLite says -> what it means, and how to mend it.
OF_THE_DATABASE = {
    "database or disk is full": (
        "磁盘已满。请腾出空间后再试，没有做完的不会留下一半",
        "the disk is full; make room and try again, nothing is left half done",
    ),
    "attempt to write a readonly database": (
        "数据库文件没有写入的权限。请改正它的所有者或权限",
        "the database file may not be written; mend its owner or its rights",
    ),
    "unable to open database file": (
        "数据库文件打不开。请改正数据目录和文件的所有者或权限",
        "the database file cannot be opened; mend the owner or the rights of folder and file",
    ),
    "database is locked": (
        "数据库正被另一个程序占用。请等它结束后再试",
        "another program holds the database; try again when it has ended",
    ),
    "file is not a database": (
        "数据库文件已损坏，或不是领雁的数据库。请用备份恢复：lingyan restore",
        "the database file is damaged, or none of ours; restore a backup: lingyan restore",
    ),
    "database disk image is malformed": (
        "数据库文件已损坏。请用备份恢复：lingyan restore",
        "the database file is damaged; restore a backup: lingyan restore",
    ),
}


def in_a_sentence(trouble: Exception, say: Speaker) -> WrongInput | None:
    """The one sentence about it; None where it is a mistake of ours, whose traceback is needed."""
    if isinstance(trouble, BadSetting):
        return WrongInput(f"{trouble}。")
    # Django wraps what the driver says; its classes are not imported by commands without it.
    if type(trouble).__name__ not in {"OperationalError", "DatabaseError"}:
        return None
    chinese, english = OF_THE_DATABASE.get(str(trouble), ("", ""))
    where = data_folder()
    return WrongInput(say(f"{chinese}：{where}", f"{english}: {where}")) if chinese else None
