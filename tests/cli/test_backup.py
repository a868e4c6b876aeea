"""Does a backup made while people work come back whole, and is anything else refused?

Each test has a product of its own, with a database of the kind that the suite runs on.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import ready_made

FILL = """
import django
django.setup()
from django.core.management import call_command
from lingyan.config import wall
from lingyan.platform.wall import reach
reach.open_process(reach.OWNER)
call_command("migrate", verbosity=0)
wall.obey()
reach.open_process()
from django.conf import settings
from django.db import transaction
from lingyan.platform import cipher
from lingyan.platform.audit.record import record
from tests.world import build_world
world = build_world()
for person in (world.li, world.wang):
    person.set_phone("13800000000")
    person.save()
with transaction.atomic():
    for place in (world.pine, world.brook, world.stone):
        record("directory.place.changed", actor=world.officer, subject=place,
               changes={"name": ["旧", "新"]})
folder = settings.DATA_FOLDER / "files" / "imports"
folder.mkdir(parents=True)
(folder / "one.bin").write_bytes(cipher.encrypt("表格"))
"""
WRITERS = """
import sys, threading
import django
django.setup()
from django.db import connection, transaction
from lingyan.platform.wall import reach
reach.open_process()
from lingyan.directory.models import RoleAssignment, Place
from lingyan.directory.queries import actor_of
from lingyan.platform.audit.record import record
officer = actor_of(RoleAssignment.objects.get(user__username="officer"))
pine = Place.objects.get(short_name="松树村")
print("writing", flush=True)
number = 0
while True:
    number += 1
    with transaction.atomic():
        Place.objects.filter(pk=pine.pk).update(name=f"松树村{number}")
        record("directory.place.changed", actor=officer, subject=pine,
               changes={"name": [str(number - 1), str(number)]})
"""
RUN = "import sys; from lingyan.cli import main; sys.exit(main())"
PAUSE = """
import sys, time
from lingyan.cli import main, archive, backup, restore
kept = {owner}.{name}
def pausing(*given, **named):
    answer = kept(*given, **named)
    print("in the middle", flush=True)
    time.sleep(60)
    return answer
{owner}.{name} = pausing
sys.exit(main(sys.argv[1:]))
"""


def on_the_server() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["LINGYAN_TEST_DATABASE_URL"], autocommit=True)


class House:
    """One product: a data folder and a database of its own."""

    def __init__(self, folder: Path, databases: list[str], *, on_postgresql: bool = False) -> None:
        self.folder = folder
        self.env = {
            **os.environ,
            "LINGYAN_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "lingyan.config.settings",
            "PYTHONPATH": os.pathsep.join([str(Path.cwd() / "src"), str(Path.cwd())]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.env.pop("LINGYAN_DATABASE_URL", None)
        if on_postgresql:
            name = f"backup_{uuid.uuid4().hex[:12]}"
            with on_the_server() as server:
                server.execute(f"create database {name}")
            databases.append(name)
            address = os.environ["LINGYAN_TEST_DATABASE_URL"].rsplit("/", 1)[0]
            self.env["LINGYAN_DATABASE_URL"] = f"{address}/{name}"

    @property
    def address(self) -> str:
        return self.env.get("LINGYAN_DATABASE_URL", str(self.folder / "lingyan.sqlite3"))

    def python(self, code: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
        return subprocess.Popen(
            command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        process = self.python(
            "import sys; from lingyan.cli import main; sys.exit(main())", *arguments
        )
        out, wrong = process.communicate(timeout=120)
        assert process.returncode == code, out + wrong
        return out + wrong

    def says(self, code: str) -> list[str]:
        process = self.python(code)
        out, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
        return out.splitlines()


@pytest.fixture
def databases() -> Iterator[list[str]]:
    made: list[str] = []
    yield made
    for name in made:
        with on_the_server() as server:
            server.execute(f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: a SQLite product with a little of everything."""
    made = House(tmp_path_factory.mktemp("filled") / "house", [])
    made.folder.mkdir()
    ready_made.put_into(made.folder)
    made.says(FILL)
    return made.folder


@pytest.fixture
def house(tmp_path: Path, filled: Path) -> House:
    shutil.copytree(filled, tmp_path / "house")
    return House(tmp_path / "house", [])


@pytest.fixture
def fresh(tmp_path: Path) -> House:
    return House(tmp_path / "fresh", [])


def is_empty(house: House) -> bool:
    """Nothing was left behind: no database, no files."""
    if "LINGYAN_DATABASE_URL" not in house.env:
        return not any(house.folder.glob("*")) if house.folder.exists() else True
    [count] = house.says(
        "import django; django.setup()\nfrom django.db import connection\n"
        "print(len(connection.introspection.table_names()))"
    )
    return count == "0"


@pytest.mark.slow
def test_a_backup_comes_back_with_every_total(house: House, fresh: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"

    said = house.run("backup", str(file))
    told = fresh.run("restore", str(file))

    assert "备份里没有密钥" in said
    assert file.stat().st_mode & 0o077 == 0
    assert told.count("✓") >= 22
    assert "✗" not in told
    assert "链条完整，共 3 条" in told
    assert "还缺密钥" in told
    assert not (fresh.folder / "keys").exists(), "no wrong keys beside the data"
    assert (fresh.folder / "files/imports/one.bin").exists()
    [*_, phone] = same_phone(house, fresh)
    assert phone == "13800000000"
    assert json.loads(fresh.run("audit", "verify", "--format", "json"))["entries"] == 4


def same_phone(house: House, fresh: House) -> list[str]:
    """With the keys of the first place the second reads what was encrypted."""
    (house.folder / "keys").rename(fresh.folder / "keys")
    return fresh.says(
        "import django; django.setup()\nfrom lingyan.directory.models import Person\n"
        "from lingyan.platform import cipher\n"
        "print(cipher.decrypt(Person.objects.get(name='李甲一').phone_cipher))"
    )


@pytest.mark.slow
def test_a_backup_with_keys_needs_nothing_else(house: House, fresh: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    keys = {path.name: path.read_text() for path in (house.folder / "keys").iterdir()}

    assert "加密存放" in house.run("backup", str(file), "--with-keys")
    told = fresh.run("restore", str(file), "--format", "json")

    assert json.loads(told)["keys_in_place"]
    assert {path.name: path.read_text() for path in (fresh.folder / "keys").iterdir()} == keys


@pytest.mark.slow
def test_writers_go_on_and_the_backup_is_of_one_moment(
    house: House, fresh: House, tmp_path: Path
) -> None:
    writers = [house.python(WRITERS) for _ in range(2)]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
        for number in range(2):
            house.run("backup", str(tmp_path / f"{number}.zip"))
        assert [writer.poll() for writer in writers] == [None, None], "nobody was turned away"
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()

    told = json.loads(fresh.run("restore", str(tmp_path / "1.zip"), "--format", "json"))
    counts = [
        int(manifest_of(tmp_path / f"{number}.zip")["controls"]["entries"]) for number in range(2)
    ]

    assert told["ok"], told
    assert 3 < counts[0] < counts[1], "they wrote between the two"
    assert told["controls"]["entries"] == str(counts[1])


def manifest_of(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return found


def killed_in_the_middle(house: House, owner: str, name: str, *arguments: str) -> None:
    process = house.python(PAUSE.format(owner=owner, name=name), *arguments)
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if "in the middle" in line:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL, "it did not come to its middle"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ArchiveWriter.add", "ArchiveWriter.close"])
def test_a_backup_that_is_killed_leaves_no_backup(house: House, tmp_path: Path, name: str) -> None:
    file = tmp_path / "backup.zip"

    killed_in_the_middle(house, "archive", name, "backup", str(file))

    assert not file.exists()
    house.run("backup", str(file))
    assert zipfile.ZipFile(file).testzip() is None


@pytest.mark.slow
@pytest.mark.parametrize(("owner", "name"), [("restore", "extract"), ("restore", "_move_in")])
def test_a_restore_that_is_killed_can_be_done_again(
    house: House, fresh: House, tmp_path: Path, owner: str, name: str
) -> None:
    file = tmp_path / "backup.zip"
    house.run("backup", str(file), "--with-keys")

    killed_in_the_middle(fresh, owner, name, "restore", str(file))

    assert not (fresh.folder / "lingyan.sqlite3").exists()
    told = json.loads(fresh.run("restore", str(file), "--format", "json"))
    assert told["ok"]
    assert told["keys_in_place"]
    assert not (fresh.folder / ".restore").exists()


@pytest.mark.slow
def test_what_is_no_whole_backup_of_ours_is_refused(
    house: House, fresh: House, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    house.run("backup", str(file))
    before = file.read_bytes()

    wrong = {name: tmp_path / f"{name}.zip" for name in WRONG}
    for name, make in WRONG.items():
        make(wrong[name], before)
        said = fresh.run("restore", str(wrong[name]), code=2)
        assert said.strip().endswith("。") or "没有" in said or "备份" in said, said
        assert "Traceback" not in said
        assert len(said.strip().splitlines()) == 1, said
        assert is_empty(fresh), name
    assert "没有这个文件" in fresh.run("restore", str(tmp_path / "nowhere.zip"), code=2)


def rebuilt(path: Path, data: bytes, change: Any) -> None:
    """The same archive with a changed manifest or parts."""
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(path, "w") as target:
        parts = {name: source.read(name) for name in source.namelist()}
        manifest = json.loads(parts.pop("manifest.json"))
        change(manifest, parts)
        for name, content in parts.items():
            target.writestr(name, content)
        target.writestr("manifest.json", json.dumps(manifest))


def _flip_a_byte(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    data = bytearray(parts["database"])
    data[len(data) // 2] ^= 1
    parts["database"] = bytes(data)


def _newer(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    manifest["migrations"]["directory"].append("0099_tomorrow")


def _foreign(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    manifest["format"] = "somebody-else/1"


def _other_engine(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    manifest["engine"] = "postgresql" if manifest["engine"] == "sqlite" else "sqlite"


def _extra(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["files/more.bin"] = b"x"


def _outside(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["files/../../outside"] = b"x"
    manifest["parts"]["files/../../outside"] = {
        "bytes": 1,
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    }


WRONG = {
    "cut": lambda path, data: path.write_bytes(data[: len(data) * 2 // 3]),
    "empty": lambda path, data: path.write_bytes(b""),
    "text": lambda path, data: path.write_text("不是备份"),
    "flipped": lambda path, data: rebuilt(path, data, _flip_a_byte),
    "rotten": lambda path, data: path.write_bytes(data[:3000] + b"rot" + data[3003:]),
    "newer": lambda path, data: rebuilt(path, data, _newer),
    "foreign": lambda path, data: rebuilt(path, data, _foreign),
    "engine": lambda path, data: rebuilt(path, data, _other_engine),
    "extra": lambda path, data: rebuilt(path, data, _extra),
    "outside": lambda path, data: rebuilt(path, data, _outside),
}


def verified(house: House) -> dict[str, Any]:
    """What the check of the history says, without how long it took."""
    said = json.loads(house.run("audit", "verify", "--format", "json"))
    del said["seconds"], said["entries_per_second"]
    return dict(said)


@pytest.mark.slow
def test_a_place_that_holds_something_is_left_alone(house: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    house.run("backup", str(file))
    again = house.run("backup", str(file), code=2)
    before = verified(house)

    said = house.run("restore", str(file), code=2)

    assert "文件已存在" in again
    assert "已有数据" in said
    assert verified(house) == before
    assert (house.folder / "files/imports/one.bin").exists()


@pytest.mark.slow
def test_totals_that_differ_are_shown_and_nothing_is_kept(
    house: House, fresh: House, tmp_path: Path
) -> None:
    """As if the file had been tampered with together with its check sums, but not the totals."""
    file, wrong = tmp_path / "backup.zip", tmp_path / "wrong.zip"
    house.run("backup", str(file))

    def change(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        manifest["controls"]["people"] = "7"
        manifest["rows"]["directory_unit"] = 9

    rebuilt(wrong, file.read_bytes(), change)
    said = fresh.run("restore", str(wrong), code=1)

    assert "✗ 人员  7 ≠ 6" in said
    assert "✗ 行数不同的表：directory_unit" in said
    assert "请不要使用" in said
    assert not (fresh.folder / "lingyan.sqlite3").exists()


@pytest.mark.slow
def test_the_history_of_a_copy_is_checked_without_touching_it(house: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    house.run("backup", str(file))
    elsewhere = House(tmp_path / "elsewhere", [])
    elsewhere.env.pop("LINGYAN_DATABASE_URL", None)
    elsewhere.env.pop("LINGYAN_DATA")
    kept = tmp_path / "anchors.txt"
    kept.write_text(house.run("audit", "anchor"), encoding="utf-8")

    whole = elsewhere.run("audit", "verify", house.address, "--anchor", str(kept))
    house.says(TAMPER)
    broken = elsewhere.run("audit", "verify", house.address, "--anchor", str(kept), code=1)
    house.says(RESEAL)
    sealed_anew = elsewhere.run("audit", "verify", house.address)
    found_out = elsewhere.run("audit", "verify", house.address, "--anchor", str(kept), code=1)

    assert "链条完整" in whole
    assert "与 1 条封存记录一致" in whole
    assert "第 2 条内容被改动" in broken
    assert "链条完整" in sealed_anew
    assert "封存记录不符" in found_out
    assert not (tmp_path / "elsewhere").exists(), "a copy needs no data folder"
    for wrong in (str(tmp_path / "nowhere.sqlite3"), str(kept)):
        assert "Traceback" not in elsewhere.run("audit", "verify", wrong, code=2)
    kept.write_text("没有", encoding="utf-8")
    no_anchor = elsewhere.run("audit", "verify", house.address, "--anchor", str(kept), code=2)
    assert "没有封存记录" in no_anchor


TAMPER = """
import django; django.setup()
from lingyan.platform.audit.models import AuditEntry
AuditEntry.objects.filter(number=2).update(actor_name="别人")
"""
RESEAL = """
import django; django.setup()
from lingyan.platform.audit.chain import FIRST_HASH, sealed_hash
from lingyan.platform.audit.models import AuditEntry, ChainHead
previous = FIRST_HASH
for entry in AuditEntry.objects.order_by("number"):
    entry.previous_hash = previous
    entry.entry_hash = previous = sealed_hash(previous, entry.sealed_fields())
    entry.save()
ChainHead.objects.update(last_hash=previous)
"""


@pytest.mark.slow
def test_a_sqlite_backup_is_verified_as_it_is(house: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    house.run("backup", str(file))

    assert "已核对 3 条留痕，链条完整" in house.run("audit", "verify", str(file))
    other = tmp_path / "other.zip"
    rebuilt(other, file.read_bytes(), _other_engine)
    assert "先用 lingyan restore 恢复" in house.run("audit", "verify", str(other), code=2)


@pytest.mark.postgres
def test_postgresql_is_backed_up_and_restored_like_sqlite(
    db: None, tmp_path: Path, databases: list[str]
) -> None:
    """Writers during the backup, a restore that is killed, one that is done, and refusals."""
    house = House(tmp_path / "house", databases, on_postgresql=True)
    house.folder.mkdir()
    house.says(FILL)
    file = tmp_path / "backup.zip"
    writer = house.python(WRITERS)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        house.run("backup", str(file), "--with-keys")
        assert writer.poll() is None, "the writer was not turned away"
    finally:
        writer.kill()
        writer.communicate()
    fresh = House(tmp_path / "fresh", databases, on_postgresql=True)
    broken = tmp_path / "broken.zip"
    rebuilt(broken, file.read_bytes(), _flip_a_byte)

    assert "已损坏" in fresh.run("restore", str(broken), code=2)
    for name in ("extract", "_move_in"):
        killed_in_the_middle(fresh, "restore", name, "restore", str(file))
    told = json.loads(fresh.run("restore", str(file), "--format", "json"))
    again = fresh.run("restore", str(file), code=2)
    restored = fresh.run("audit", "verify", fresh.address)

    assert told["ok"], told
    assert told["controls"] == manifest_of(file)["controls"]
    assert told["keys_in_place"]
    assert "已有数据" in again
    assert f"已核对 {int(told['controls']['entries']) + 1} 条留痕，链条完整" in restored
    assert "先用 lingyan restore 恢复" in fresh.run("audit", "verify", str(file), code=2)
