"""`lingyan backup FILE`: everything as of one moment, while the product goes on working."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lingyan.cli.archive import DATABASE, FILES, KEYS, ArchiveWriter, Manifest, written_whole
from lingyan.cli.copies import registered, sqlite_read_only
from lingyan.cli.database import add_data, open_database
from lingyan.cli.speaking import Speaker, WrongInput, add_format, cause_of, print_json

WHOLE = "-c lingyan.everything=on"
Snapshot = tuple[dict[str, str], dict[str, int], dict[str, list[str]]]


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument("file", metavar="FILE", help=say("备份文件", "the backup file"))
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help=say(
            "把密钥也放进备份（这份文件就能解开身份证号，须加密存放）",
            "put the keys in as well (the file can then open identity numbers; keep it encrypted)",
        ),
    )
    add_data(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    out = Path(options.file)
    if out.exists():
        raise WrongInput(
            say(f"文件已存在，请换一个名字：{out}", f"the file exists; choose another name: {out}")
        )
    open_database(options, say)
    try:
        manifest = write_backup(out, with_keys=options.with_keys, say=say)
    except OSError as problem:
        raise WrongInput(
            say(
                f"备份写不进 {out.parent.resolve()}（{cause_of(problem, say)}）。"
                "请换一个文件夹，或腾出空间后再试。",
                f"cannot write to {out.parent.resolve()} ({cause_of(problem, say)}); "
                "choose another folder or make room.",
            )
        ) from problem
    _leave_a_trace(out, manifest)
    _tell(out, manifest, options.format, say)
    return 0


def write_backup(out: Path, *, with_keys: bool, say: Speaker) -> Manifest:
    from django.conf import settings
    from django.db import connection

    from lingyan import __version__
    from lingyan.common import clock

    folder = Path(settings.DATA_FOLDER)
    with (
        tempfile.TemporaryDirectory(prefix=".lingyan-backup-", dir=out.parent) as workshop,
        written_whole(out) as draft,
    ):
        dump = Path(workshop) / DATABASE
        made_at = clock.real_now().isoformat(timespec="seconds")
        copy = _copy_sqlite if connection.vendor == "sqlite" else _dump_postgresql
        controls, rows, migrations = copy(dump, say)
        writer = ArchiveWriter(draft)
        writer.add(dump, DATABASE)
        _add_folder(writer, folder / "files", FILES)
        if with_keys:
            _add_folder(writer, folder / "keys", KEYS)
        manifest = Manifest(
            made_at=made_at,
            version=__version__,
            engine=connection.vendor,
            migrations=migrations,
            controls=controls,
            rows=rows,
            has_keys=with_keys,
            key_marks=key_marks(),
        )
        writer.close(manifest)
    out.chmod(0o600)
    return manifest


def key_marks() -> list[str]:
    """By which the keys are told apart; nothing leads from a mark to its key."""
    from lingyan.platform import cipher

    return [key.mark.hex() for key in cipher.keys()]  # noqa: SIM118 - a function, not a mapping


def _add_folder(writer: ArchiveWriter, folder: Path, prefix: str) -> None:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            writer.add(path, prefix + path.relative_to(folder).as_posix())


def _copy_sqlite(dump: Path, say: Speaker) -> Snapshot:
    """SQLite's own online copy: one read of one moment, during which writers go on."""
    from django.db import connection

    source = sqlite3.connect(f"{Path(connection.settings_dict['NAME']).as_uri()}?mode=ro", uri=True)
    target = sqlite3.connect(dump)
    try:
        source.backup(target, pages=-1)
        # The copy is one file, without a second one for unfinished writes beside it.
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()
        source.close()
    with registered(sqlite_read_only(dump)) as using:
        return counted(using)


def counted(using: str) -> Snapshot:
    from lingyan.config import controls

    return (
        controls.control_totals(using),
        controls.row_counts(using),
        controls.applied_migrations(using),
    )


def _dump_postgresql(dump: Path, say: Speaker) -> Snapshot:
    """pg_dump reads the very snapshot in which the totals are counted."""
    from django.db import connection

    with _snapshot() as name:
        command = [
            *(program("pg_dump", say), "--format=custom", "--no-owner", "--no-privileges"),
            *(f"--snapshot={name}", f"--file={dump}", "--enable-row-security"),
        ]
        run_program(command, connection.settings_dict, say)
        return counted("default")


@contextmanager
def _snapshot() -> Iterator[str]:
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("select pg_export_snapshot()")
            name = str(cursor.fetchone()[0])
        yield name


def program(name: str, say: Speaker) -> str:
    """PostgreSQL's own program: the newest that Debian has installed, or the one on the path."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    if found := shutil.which(name):
        return found
    raise WrongInput(
        say(
            f"没有找到 {name}，请安装 PostgreSQL 客户端：apt install postgresql-client",
            f"{name} was not found; install PostgreSQL's client: apt install postgresql-client",
        )
    )


def run_program(command: list[str], settings: dict[str, Any], say: Speaker) -> None:
    """The password goes by the surroundings: a command line can be read by everybody."""
    known = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        # Behind row-level security the owner of the tables, too, sees only what is told here.
        "PGOPTIONS": WHOLE,
    }
    surroundings = {**os.environ, **{name: str(value) for name, value in known.items() if value}}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [""])[-1]
        name = Path(command[0]).name
        raise WrongInput(say(f"{name} 没有完成：{reason}", f"{name} has failed: {reason}"))


def _leave_a_trace(out: Path, manifest: Manifest) -> None:
    from django.db import transaction

    from lingyan.platform.audit.models import ChainHead
    from lingyan.platform.audit.record import record

    with transaction.atomic():
        record(
            "audit.backup.written",
            actor=command_actor(),
            subject=ChainHead(pk=1, last_number=int(manifest.controls["entries"])),
            changes={"file": [None, out.name], "with_keys": [None, manifest.has_keys]},
        )


def command_actor() -> Any:
    from lingyan.cli.data import command_actor as actor

    return actor()


def _tell(out: Path, manifest: Manifest, form: str, say: Speaker) -> None:
    if form == "json":
        print_json(
            {
                "ok": True,
                "file": str(out),
                "bytes": out.stat().st_size,
                "has_keys": manifest.has_keys,
                "controls": manifest.controls,
            }
        )
        return
    megabytes = out.stat().st_size / 1_000_000
    print(say(f"已备份：{out}（{megabytes:.1f} MB）", f"written: {out} ({megabytes:.1f} MB)"))
    print(
        say(
            f"操作留痕到第 {manifest.controls['entries']} 条，上传的文件一并备份。",
            f"history up to entry {manifest.controls['entries']}, with the uploaded files.",
        )
    )
    if manifest.has_keys:
        print(say("备份里有密钥：这份文件能解开身份证号和电话，请加密存放。",
                  "The keys are inside: the file opens identity numbers; encrypt it."))  # fmt: skip
    else:
        print(say("备份里没有密钥：数据目录的 keys 请另外抄存一份，没有它身份证号和电话解不开。",
                  "The keys are not inside: keep a copy of the folder `keys` elsewhere, "
                  "identity numbers cannot be read without it."))  # fmt: skip
