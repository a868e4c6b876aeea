"""The key of personal data is changed a chunk at a time, while the product reads and writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models

from lingyan.cli import main
from lingyan.common.refusals import Refused
from lingyan.config.checks import findings
from lingyan.directory import queries
from lingyan.directory.actions.keys import rotate_keys
from lingyan.directory.actions.people import PersonRow, register_person
from lingyan.directory.models import KeyRotation, Person
from lingyan.platform import cipher, keys
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.adapter import SecondFactorAdapter
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.columns import SealedField
from lingyan.platform.exchange import actions as exchange
from tests import ready_made
from tests.platform.sheets import sent, workbook
from tests.world import World

NUMBER, PHONE = "11010519491231002X", "13800001234"
SYSTEM = Actor.system("命令行")


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "keys" / "field_key.txt"
    path.parent.mkdir()
    path.write_text("a" * 64 + "\n")
    settings.FIELD_KEY_FILE = path
    files = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    return path


def silent(what: str, count: int) -> None:
    pass


def with_secrets(person: Person) -> Person:
    person.set_id_number(NUMBER)
    person.set_phone(PHONE)
    person.save()
    return person


def test_every_encrypted_column_is_known_to_the_change() -> None:
    """What says of itself that it is encrypted is a sealed column, and the other way round."""
    columns = [
        field
        for model in apps.get_models()
        if model.__module__.startswith("lingyan.")
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    ]
    said = {str(one) for one in columns if "加密" in str(one.verbose_name)}
    assert said == {str(one) for one in columns if isinstance(one, SealedField)}
    assert len(said) == 6


def test_a_new_key_reads_what_the_old_one_wrote(world: World, key_file: Path) -> None:
    with_secrets(world.li)
    before = Person.objects.get(pk=world.li.pk)

    run = rotate_keys(actor=SYSTEM, report=silent)

    after = Person.objects.get(pk=world.li.pk)
    assert bytes(after.id_number_cipher or b"") != bytes(before.id_number_cipher or b"")
    assert after.id_number_index != before.id_number_index
    assert cipher.is_current(bytes(after.phone_cipher or b""))
    assert queries.masked_id_number(after) == "110105**********2X"
    assert queries.masked_phone(after) == "138****1234"
    assert run.value_count == 1
    assert run.finished_at is not None
    assert verify_chain().text is None


def test_the_old_key_is_set_aside(world: World, key_file: Path) -> None:
    rotate_keys(actor=SYSTEM, report=silent)
    aside = key_file.with_name("field_key.old.txt")
    assert aside.read_text().split() == ["a" * 64]
    assert len(key_file.read_text().split()) == 1
    assert key_file.read_text().strip() != "a" * 64
    assert aside.stat().st_mode & 0o077 == 0
    assert key_file.stat().st_mode & 0o077 == 0


def test_what_lies_under_a_key_that_is_gone_is_not_guessed(world: World, key_file: Path) -> None:
    stored = cipher.encrypt(NUMBER)
    key_file.write_text("b" * 64)
    os.utime(key_file, ns=(1, 1))
    with pytest.raises(cipher.UnknownKey):
        cipher.decrypt(stored)


def test_while_the_key_is_changed_nobody_is_registered_twice(world: World) -> None:
    with_secrets(world.li)
    keys.begin()  # from here on two keys are in use, and the stored index is of the old one

    with pytest.raises(Refused) as refused:
        register_person(
            PersonRow("李甲一", world.county, world.finance, id_number=NUMBER), actor=world.officer
        )

    assert "directory.id_number_taken" in {one.code for one in refused.value.refusals}


def test_a_running_server_reads_what_the_new_key_wrote(world: World) -> None:
    with_secrets(world.li)
    cipher.keys()  # the server has read its keys
    keys.begin()
    assert cipher.decrypt(cipher.encrypt(NUMBER)) == NUMBER
    assert len(cipher.secrets()) == 2


def test_a_change_that_was_broken_off_is_ended_and_not_begun_anew(world: World) -> None:
    with_secrets(world.li)
    keys.begin()
    wanted = cipher.secrets()[0]

    rotate_keys(actor=SYSTEM, report=silent)

    assert cipher.secrets() == [wanted]
    assert KeyRotation.objects.count() == 1


def test_an_import_is_taken_back_after_a_change_of_the_key(world: World) -> None:
    with_secrets(world.li)
    data = workbook(("姓名", "编号", "单位", "职务"), [("李甲一", "R0001", "县财政局", "股长")])
    run = exchange.apply_import(sent("people", data, world.officer), actor=world.officer)

    rotate_keys(actor=SYSTEM, report=silent)
    exchange.undo_import(run, actor=world.officer)

    person = Person.objects.get(pk=world.li.pk)
    assert person.job_title == ""
    assert queries.masked_id_number(person) == "110105**********2X"
    assert person.id_number_index == cipher.blind_index(NUMBER)


def second_factor(world: World) -> Authenticator:
    """As the library keeps one, with what our adapter gives it to keep."""
    return Authenticator.objects.create(
        user_id=world.officer.user_id,
        type=Authenticator.Type.TOTP,
        data={"secret": SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP"), "used": [1]},
    )


def test_the_secret_of_a_second_factor_is_made_anew(world: World) -> None:
    factor, told = second_factor(world), {}
    assert "JBSWY3DPEHPK3PXP" not in str(factor.data)

    run = rotate_keys(actor=SYSTEM, report=lambda what, count: told.setdefault(what, count))

    factor.refresh_from_db()
    assert SecondFactorAdapter().decrypt(factor.data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert factor.data["used"] == [1]
    assert told["动态口令和备用码"] == run.value_count == 1


def test_a_second_factor_under_a_lost_key_is_counted(world: World, key_file: Path) -> None:
    second_factor(world)
    assert keys.count_unreadable() == 0

    key_file.write_text("b" * 64)
    os.utime(key_file, ns=(2, 2))

    assert keys.count_unreadable() == 1
    assert [one.code for one in findings()] == ["config.keys"]


def test_the_command_says_what_was_done_and_where_the_old_key_is(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_secrets(world.li)
    monkeypatch.setattr("lingyan.cli.keys.open_database", lambda options, say: None)
    assert main(["keys", "rotate"]) == 0
    said = capsys.readouterr().out
    assert "重新加密" in said
    assert "field_key.old.txt" in said
    assert NUMBER not in said


def test_the_command_counts_what_lies_under_a_lost_key(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lingyan.cli.keys.open_database", lambda options, say: None)
    assert main(["keys", "rotate"]) == 0
    assert "已丢失的密钥" not in capsys.readouterr().out
    person = Person.objects.filter(id_number_cipher__isnull=True).first()
    assert person is not None
    sealed = cipher.encrypt("990000199001011234")
    Person.objects.filter(pk=person.pk).update(id_number_cipher=sealed[:1] + b"gone" + sealed[5:])
    assert keys.count_unreadable() == 1
    assert main(["keys", "rotate"]) == 0
    assert "另有 1 项数据用已丢失的密钥加密" in capsys.readouterr().out


def test_a_key_of_the_surroundings_is_changed_there(
    settings: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FIELD_KEY_FILE, settings.FIELD_KEY = None, "c" * 64
    monkeypatch.setattr("lingyan.cli.keys.open_database", lambda options, say: None)
    assert main(["keys", "rotate"]) == 2
    assert "LINGYAN_FIELD_KEY" in capsys.readouterr().err


def test_two_keys_of_the_surroundings_are_brought_to_one(world: World, settings: Any) -> None:
    settings.FIELD_KEY_FILE, settings.FIELD_KEY = None, "c" * 64
    with_secrets(world.li)
    settings.FIELD_KEY = f"{'d' * 64},{'c' * 64}"

    rotate_keys(actor=SYSTEM, report=silent)

    settings.FIELD_KEY = "d" * 64
    assert queries.masked_phone(Person.objects.get(pk=world.li.pk)) == "138****1234"


# --- kill -9 --------------------------------------------------------------------------------------

PEOPLE = 40
BEGIN = """
import django
django.setup()
from lingyan.directory.models import Person, Place
from lingyan.platform import cipher, keys
from lingyan.platform.accounts.actor import Actor
keys.CHUNK = 5
"""
PREPARE = """
place = Place.objects.create(path="0001", level="county", name="山阳县", short_name="山阳县")
for number in range(40):
    person = Person(number=f"R{number:04d}", name="样人", place=place)
    person.set_id_number(f"99000019800101{number:04d}")
    person.set_phone(f"138{number:08d}")
    person.save()
"""
ROTATE = """
import time
from lingyan.directory.actions.keys import rotate_keys
seal, done = keys._seal_rows, [0]
def slowly(model, fields, rows):
    found = seal(model, fields, rows)
    done[0] += bool(found)
    if found and done[0] == 3:
        print("in the middle", flush=True)
        time.sleep(60)
    return found
if {pause}:
    keys._seal_rows = slowly
rotate_keys(actor=Actor.system(), report=lambda what, count: None)
print("done", len(cipher.secrets()))
"""
LOOK = """
from lingyan.platform.audit.verify import verify_chain
people = list(Person.objects.order_by("number"))
old = [one for one in people if not cipher.is_current(bytes(one.id_number_cipher))]
read = [cipher.decrypt(bytes(one.id_number_cipher)) for one in people]
right = all(text == f"99000019800101{number:04d}" for number, text in enumerate(read))
found = all(one.id_number_index in cipher.blind_indexes(text) for one, text in zip(people, read))
print(len(old), right, found, len(cipher.secrets()), verify_chain().text)
"""


def run_script(folder: Path, script: str) -> subprocess.Popen[str]:
    surroundings = {
        **{key: value for key, value in os.environ.items() if not key.startswith("LINGYAN_")},
        "LINGYAN_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "lingyan.config.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(BEGIN + script)],
        env=surroundings,
        stdout=subprocess.PIPE,
        text=True,
    )


def ended(folder: Path, script: str) -> str:
    process = run_script(folder, script)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out.strip()


@pytest.mark.slow
def test_after_a_kill_everything_reads_and_the_change_goes_on(tmp_path: Path) -> None:
    ready_made.put_into(tmp_path)
    ended(tmp_path, PREPARE)
    process = run_script(tmp_path, ROTATE.format(pause=True))
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "in the middle"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()

    # Two chunks were stored, the third was under way.
    assert ended(tmp_path, LOOK) == f"{PEOPLE - 10} True True 2 None"

    assert ended(tmp_path, ROTATE.format(pause=False)) == "done 1"
    assert ended(tmp_path, LOOK) == "0 True True 1 None"
