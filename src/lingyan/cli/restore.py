"""`lingyan restore FILE`: a backup into a fresh place, with every control total compared."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lingyan.cli.archive import DATABASE, Manifest, extract, read_manifest
from lingyan.cli.backup import command_actor, counted, program, run_program
from lingyan.cli.copies import registered, sqlite_read_only
from lingyan.cli.database import add_data, use_data
from lingyan.cli.speaking import Speaker, WrongInput, add_format, print_json

if TYPE_CHECKING:
    from lingyan.platform.audit.verify import AuditVerdict

WORKSHOP = ".restore"
OWN_PARTS = ("files", "keys")


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument("file", metavar="FILE", help=say("备份文件", "the backup file"))
    add_data(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """0 restored and the same; 1 restored but not the same; 2 refused, nothing was changed."""
    use_data(options)
    path = Path(options.file)
    manifest = read_manifest(path, say)
    with _keys_stay_as_they_are():
        import django

        django.setup()
        from lingyan.platform.wall import reach

        reach.open_process(reach.OWNER)
        _require_same_engine(manifest, say)
        _require_known_version(manifest, say)
        folder = _require_fresh(say)
        with _workshop(folder) as workshop:
            extract(path, manifest, workshop, say)
            restore = _restore_sqlite if manifest.engine == "sqlite" else _restore_postgresql
            result = restore(workshop, folder, manifest, say)
        own_keys = _key_files(folder)
    _tell(result, manifest, options.format, say, keys_in_place=own_keys)
    return 0 if result.is_same else 1


class Result:
    """The totals that were found, which of them differ, and what the chain says."""

    def __init__(
        self, manifest: Manifest, found: dict[str, str], rows: dict[str, int],
        verdict: AuditVerdict | None,
    ) -> None:  # fmt: skip
        from lingyan.config.controls import differing

        self.found = found
        self.differing = differing(manifest.controls, found)
        self.tables = [name for name, count in manifest.rows.items() if rows.get(name) != count]
        self.verdict = verdict

    @property
    def is_same(self) -> bool:
        chain_is_whole = self.verdict is None or self.verdict.text is None
        return not self.differing and not self.tables and chain_is_whole


@contextmanager
def _keys_stay_as_they_are() -> Iterator[None]:
    """Starting Django makes missing keys; here that would put wrong ones beside the data."""
    names = ("LINGYAN_SECRET_KEY", "LINGYAN_FIELD_KEY")
    made = [name for name in names if not os.environ.get(name)]
    os.environ.update({name: secrets.token_hex(32) for name in made})
    try:
        yield
    finally:
        for name in made:
            del os.environ[name]


def _require_same_engine(manifest: Manifest, say: Speaker) -> None:
    from django.db import connection

    if manifest.engine == connection.vendor:
        return
    here = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    there = "SQLite" if manifest.engine == "sqlite" else "PostgreSQL"
    raise WrongInput(
        say(
            f"备份来自 {there}，这里用的是 {here}；请按 LINGYAN_DATABASE_URL 换成同一种数据库。",
            f"the backup is from {there} and this place uses {here}; "
            "set LINGYAN_DATABASE_URL accordingly.",
        )
    )


def _require_known_version(manifest: Manifest, say: Speaker) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None).disk_migrations)
    new = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if (app, name) not in known
    ]
    if new:
        raise WrongInput(
            say(
                f"备份来自更新的版本（{manifest.version}），请先升级程序再恢复。",
                f"the backup is of a newer version ({manifest.version}: {new[0]}); "
                "upgrade the program first.",
            )
        )


def _require_fresh(say: Speaker) -> Path:
    """No database and no files; keys that were put there beforehand are welcome."""
    from django.conf import settings
    from django.db import connection

    folder = Path(settings.DATA_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear_unfinished(folder)
    taken = ["files"] if (folder / "files").exists() else []
    if _has_database(folder):
        taken.append(Path(connection.settings_dict["NAME"]).name)
    if taken:
        raise WrongInput(
            say(
                f"只能恢复到空的地方，这里已有数据：{folder}（{'、'.join(taken)}）。"
                "请用 --data 指定新的目录，PostgreSQL 请新建空的数据库。",
                f"a backup is restored into an empty place only, and {folder} holds "
                f"{', '.join(taken)}; choose another with --data, or an empty database.",
            )
        )
    return folder


def _clear_unfinished(folder: Path) -> None:
    """What a restore that was killed has left: the database always comes last."""
    workshop = folder / WORKSHOP
    if not workshop.exists():
        return
    if not _has_database(folder):
        for name in (workshop / "moved").read_text().split() if _has_moved(workshop) else ():
            shutil.rmtree(folder / name, ignore_errors=True)
    shutil.rmtree(workshop)


def _has_database(folder: Path) -> bool:
    from django.db import connection

    if connection.vendor == "postgresql":
        return bool(connection.introspection.table_names())
    return (folder / "lingyan.sqlite3").exists()


def _has_moved(workshop: Path) -> bool:
    return (workshop / "moved").exists()


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    workshop = folder / WORKSHOP
    workshop.mkdir(mode=0o700)
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _restore_sqlite(workshop: Path, folder: Path, manifest: Manifest, say: Speaker) -> Result:
    """Count and check beside the place; move in only what is the same, the database last."""
    from django.db import DatabaseError

    with registered(sqlite_read_only(workshop / DATABASE)) as using:
        try:
            result = _judged(using, manifest)
        except DatabaseError as problem:
            raise WrongInput(
                say("备份里的数据库打不开。", "the database inside cannot be opened.")
            ) from problem
    if result.is_same:
        _move_in(workshop, folder)
        (workshop / DATABASE).replace(folder / "lingyan.sqlite3")
        _leave_a_trace(manifest)
    return result


def _restore_postgresql(workshop: Path, folder: Path, manifest: Manifest, say: Speaker) -> Result:
    """In one transaction, and last: killed before its end, the database is empty as before."""
    from django.db import connection

    from lingyan.config import wall

    command = [
        *(program("pg_restore", say), "--single-transaction", "--exit-on-error", "--no-owner"),
        *("--no-privileges", f"--dbname={connection.settings_dict['NAME']}"),
        str(workshop / DATABASE),
    ]
    _move_in(workshop, folder)
    run_program(command, connection.settings_dict, say)
    # The backup brings the policies of its own place along, and no rights.
    wall.obey()
    result = _judged("default", manifest)
    if result.is_same:
        _leave_a_trace(manifest)
    return result


def _move_in(workshop: Path, folder: Path) -> None:
    """Files, and keys where none were put before; written down first, for whoever clears up."""
    own = [
        name
        for name in OWN_PARTS
        if (workshop / name).exists() and not (folder / name).exists()
    ]  # fmt: skip
    (workshop / "moved").write_text("\n".join(own))
    for name in own:
        (workshop / name).replace(folder / name)


def _judged(using: str, manifest: Manifest) -> Result:
    found, rows, _ = counted(using)
    return Result(manifest, found, rows, _chain(using, manifest))


def _chain(using: str, manifest: Manifest) -> AuditVerdict | None:
    """The chain of this version; an older one is checked after its upgrade."""
    from lingyan.platform.audit.verify import verify_chain

    return verify_chain(using=using) if is_current(manifest) else None


def is_current(manifest: Manifest) -> bool:
    from django.db.migrations.loader import MigrationLoader

    wanted = set(MigrationLoader(None).graph.nodes)
    have = {(app, name) for app, names in manifest.migrations.items() for name in names}
    return wanted <= have


def _leave_a_trace(manifest: Manifest) -> None:
    from django.db import transaction

    from lingyan.platform.audit.models import ChainHead
    from lingyan.platform.audit.record import record

    if not is_current(manifest):
        return
    with transaction.atomic():
        record(
            "audit.backup.restored",
            actor=command_actor(),
            subject=ChainHead(pk=1, last_number=int(manifest.controls["entries"])),
            changes={"made_at": [None, manifest.made_at], "version": [None, manifest.version]},
        )


def _key_files(folder: Path) -> bool:
    return any((folder / "keys").glob("*")) if (folder / "keys").is_dir() else False


def _tell(
    result: Result, manifest: Manifest, form: str, say: Speaker, *, keys_in_place: bool
) -> None:
    from lingyan.config.controls import CONTROLS

    if form == "json":
        print_json(
            {
                "ok": result.is_same,
                "made_at": manifest.made_at,
                "controls": result.found,
                "differing": result.differing,
                "tables_differing": result.tables,
                "chain": result.verdict.text if result.verdict else None,
                "keys_in_place": keys_in_place,
            }
        )
        return
    print(say(f"备份时间：{manifest.made_at}", f"made at {manifest.made_at}"))
    for control in CONTROLS:
        if control.code not in manifest.controls:
            continue
        mark = "✗" if control.code in result.differing else "✓"
        before, now = manifest.controls[control.code], result.found[control.code]
        shown = now if before == now else f"{before} ≠ {now}"
        print(f"  {mark} {say(control.text, control.code)}  {shown}")
    count = len(manifest.rows)
    if result.tables:
        print(say(f"  ✗ 行数不同的表：{'、'.join(result.tables)}",
                  f"  ✗ tables with other counts: {', '.join(result.tables)}"))  # fmt: skip
    else:
        print(say(f"  ✓ {count} 张表的行数都相同", f"  ✓ all {count} tables have the same rows"))
    _tell_chain(result, say)
    if not result.is_same:
        print(say("恢复后的数据与备份时不一致，请不要使用。",
                  "what was restored differs from what was backed up; do not use it."))  # fmt: skip
    elif not keys_in_place and not os.environ.get("LINGYAN_FIELD_KEY"):
        print(say("还缺密钥：启动前把另存的 keys 放回数据目录，否则身份证号和电话解不开。",
                  "The keys are missing: put `keys` back before you start."))  # fmt: skip
    sys.stdout.flush()


def _tell_chain(result: Result, say: Speaker) -> None:
    verdict = result.verdict
    if verdict is None:
        print(say("  · 数据来自旧版本：启动时升级，之后请运行 lingyan audit verify",
                  "  · of an older version: check its history after the upgrade"))  # fmt: skip
    elif verdict.text is None:
        print(say(f"  ✓ 操作留痕链条完整，共 {verdict.entries} 条",
                  f"  ✓ the chain of {verdict.entries} entries is whole"))  # fmt: skip
    else:
        print(say(f"  ✗ 操作留痕被破坏：{verdict.text}", f"  ✗ broken: {verdict.text_en}"))
