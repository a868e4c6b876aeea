"""Does `lingyan check` refuse what is not safe in production?"""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from lingyan.config import wall
from lingyan.config.checks import findings, row_security_text
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.record import record
from lingyan.platform.wall import reach
from tests.world import World


@pytest.fixture
def production(settings: object) -> object:
    settings.PRODUCTION = True  # type: ignore[attr-defined]  # the fixture of pytest-django
    settings.ALLOWED_HOSTS = ["lingyan.example.gov.cn"]  # type: ignore[attr-defined]
    settings.CSRF_TRUSTED_ORIGINS = ["https://lingyan.example.gov.cn"]  # type: ignore[attr-defined]
    settings.IDLE_MINUTES = 15  # type: ignore[attr-defined]
    settings.SECOND_FACTOR_ROLES = ["sys_admin", "sec_admin", "audit_admin"]  # type: ignore[attr-defined]
    return settings


def codes() -> set[str]:
    """All findings but the one about the database, which depends on where the suite runs."""
    return {finding.code for finding in findings()} - {"config.database"}


def test_a_safe_production_setting_passes(db: None, production: object) -> None:
    assert codes() == set()


def test_production_wants_postgresql(db: None, production: object) -> None:
    found = {finding.code for finding in findings()}

    assert ("config.database" in found) == (connection.vendor == "sqlite")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ALLOWED_HOSTS", ["127.0.0.1"], "config.hosts"),
        ("ALLOWED_HOSTS", ["*"], "config.any_host"),
        ("CSRF_TRUSTED_ORIGINS", ["http://lingyan.example.gov.cn"], "config.https"),
        ("SECRET_KEY", "short", "config.secret"),
        ("PASSWORD_LENGTH", 7, "config.password_length"),
        ("PASSWORD_HISTORY", 0, "config.password_history"),
        ("PASSWORD_DAYS", 0, "config.password_days"),
        ("PASSWORD_DAYS", 366, "config.password_days"),
        ("LOCK_AFTER", 11, "config.lock_after"),
        ("LOCK_AFTER", 0, "config.lock_after"),
        ("LOCK_ADDRESS_AFTER", 501, "config.lock_address_after"),
        ("LOCK_MINUTES", 4, "config.lock_minutes"),
        ("IDLE_MINUTES", 61, "config.idle_minutes"),
        ("SESSION_HOURS", 25, "config.session_hours"),
        ("SECOND_FACTOR_ROLES", ["sys_admin", "sec_admin"], "config.second_factor"),
        (
            "SECOND_FACTOR_ROLES",
            ["sys_admin", "sec_admin", "audit_admin", "nobody"],
            "config.unknown_role",
        ),
        (
            "IDENTITY",
            {"settings": {"server_url": "http://sso.example.gov.cn"}},
            "config.identity_https",
        ),
    ],
)
def test_each_unsafe_setting_is_named(
    db: None, production: object, name: str, value: object, code: str
) -> None:
    setattr(production, name, value)

    assert codes() == {code}


def test_demo_accounts_are_refused_in_production_only(world: World, production: object) -> None:
    User.objects.filter(username="officer").update(is_demo=True)

    assert codes() == {"config.demo_accounts"}
    production.PRODUCTION = False  # type: ignore[attr-defined]  # the fixture of pytest-django
    assert codes() == set()


def test_a_broken_history_is_found_everywhere(world: World) -> None:
    with transaction.atomic():
        record("directory.place.changed", actor=Actor.system(), subject=world.pine)
    AuditEntry.objects.update(reason="改过")

    assert codes() == {"audit.broken"}


def test_keys_that_do_not_fit_the_data_are_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.li.set_phone("13800000000")
    world.li.save(update_fields=["phone_cipher"])
    assert codes() == set()

    other = cipher.Key.of("another key")
    monkeypatch.setattr(cipher, "keys", lambda: [other])

    assert codes() == {"config.keys"}


def test_nothing_is_said_of_rows_where_the_database_has_no_such_wall(db: None) -> None:
    said = row_security_text()

    assert (said == "") == (connection.vendor == "sqlite")


@pytest.mark.postgres
@pytest.mark.walled
def test_the_wall_is_said_to_stand_and_a_gap_is_found(db: None) -> None:
    assert f"{len(wall.WALLED)} 张表" in row_security_text()
    assert codes() == set()

    with reach.reaching(reach.OWNER), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE posting_wish DISABLE ROW LEVEL SECURITY")

    assert codes() == {"config.row_security"}
    assert row_security_text() == ""
