"""Does the second factor ask for its code, and can it be required, lost and reset?"""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction
from django.test import Client

from lingyan.common import clock
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry, ChainHead
from tests.world import World

PASSWORD = "harbour-mist-42"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str, *, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def wrong_code(secret: str) -> str:
    right = {code_of(secret, step=step) for step in range(-2, 3)}
    return next(f"{number:06d}" for number in range(9) if f"{number:06d}" not in right)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Used codes are remembered in a file that the tests share."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def admin(world: World) -> User:
    user = User.objects.get(username="sys")
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(username: str = "sys") -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/sign-in/", {"username": username, "password": PASSWORD})


def with_factor(user: User) -> None:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def test_it_is_set_up_with_password_secret_and_code(admin: User) -> None:
    client, _ = signed_in()
    asked = client.get("/me/factor/")
    assert asked["Location"].startswith("/me/again/")
    client.post(asked["Location"], {"password": PASSWORD})

    page = client.get("/me/factor/").content.decode()
    shown = page.split('class="secret">')[1].split("</code>")[0]
    secret = re.sub(r"<[^>]+>", "", shown)
    assert len(secret) == 32
    assert f"<span>{secret[:4]}</span><span>{secret[4:8]}</span>" in shown
    wrong = client.post("/me/factor/", {"code": wrong_code(secret)})
    right = client.post("/me/factor/", {"code": code_of(secret)})

    assert "口令不对" in wrong.content.decode()
    assert right["Location"] == "/me/codes/"
    assert client.get("/me/codes/").content.decode().count("<li><code>") == 10
    assert AuditEntry.objects.filter(action="accounts.factor.added").count() == 1


def known_again(user: User) -> Client:
    """Signed in with password and code, and asked for the password once more."""
    with_factor(user)
    client, _ = signed_in()
    client.post("/sign-in/code/", {"code": code_of(SECRET)})
    client.post("/me/again/", {"password": PASSWORD})
    return client


def test_new_codes_are_traced(admin: User) -> None:
    client = known_again(admin)
    before = Authenticator.objects.get(user=admin, type="recovery_codes").data

    client.post("/me/codes/new/")

    assert Authenticator.objects.get(user=admin, type="recovery_codes").data != before
    assert AuditEntry.objects.filter(action="accounts.factor.codes_made").count() == 1


@pytest.mark.parametrize("act", ["/me/factor/stop/", "/me/codes/new/"])
def test_what_cannot_be_traced_is_not_done(admin: User, act: str) -> None:
    client = known_again(admin)
    client.raise_request_exception = False
    before = list(Authenticator.objects.order_by("type").values_list("type", "data"))
    # The next number of the chain is taken: its entry cannot be written.
    AuditEntry.objects.create(
        number=ChainHead.objects.get(pk=1).last_number + 1,
        acted_at=clock.now(),
        written_at=clock.now(),
    )

    with transaction.atomic():
        answer = client.post(act)

    assert answer.status_code == 409
    assert list(Authenticator.objects.order_by("type").values_list("type", "data")) == before


def test_the_secret_lies_encrypted_in_the_table(admin: User) -> None:
    with_factor(admin)

    stored = str(Authenticator.objects.get(user=admin, type="totp").data)

    assert SECRET not in stored


def test_the_password_alone_signs_nobody_in(admin: User) -> None:
    with_factor(admin)
    client, answer = signed_in()

    assert answer["Location"] == "/sign-in/code/"
    assert client.get("/").status_code == 302
    wrong = client.post("/sign-in/code/", {"code": wrong_code(SECRET)})
    assert "口令不对" in wrong.content.decode()
    assert client.get("/").status_code == 302
    right = client.post("/sign-in/code/", {"code": code_of(SECRET)})

    assert right.status_code == 302
    assert client.get("/").status_code == 200


def test_a_code_is_good_for_one_sign_in_only(admin: User) -> None:
    with_factor(admin)
    code = code_of(SECRET)
    first, _ = signed_in()
    first.post("/sign-in/code/", {"code": code})
    second, _ = signed_in()
    second.post("/sign-in/code/", {"code": code})

    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_wrong_codes_lock_though_the_password_is_right(admin: User) -> None:
    with_factor(admin)
    for _ in range(5):
        client, _ = signed_in()
        client.post("/sign-in/code/", {"code": wrong_code(SECRET)})
    client, _ = signed_in()

    locked = client.post("/sign-in/code/", {"code": code_of(SECRET)})

    assert "已锁定" in locked.content.decode()
    assert client.get("/").status_code == 302
    refused = AuditEntry.objects.filter(action="accounts.session.refused", reason="动态口令不对")
    assert refused.count() == 5


def test_a_recovery_code_opens_once(admin: User) -> None:
    with_factor(admin)
    code = Authenticator.objects.get(user=admin, type="recovery_codes").wrap().get_unused_codes()[0]
    first, _ = signed_in()
    first.post("/sign-in/code/", {"code": code})
    second, _ = signed_in()
    second.post("/sign-in/code/", {"code": code})

    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_where_a_role_requires_it_nothing_else_opens_first(
    world: World, admin: User, settings: Any
) -> None:
    settings.SECOND_FACTOR_ROLES = ["sys_admin"]
    client, _ = signed_in()

    assert client.get("/accounts/")["Location"] == "/me/factor/"
    assert world.client(world.officer).get("/").status_code == 200
    with_factor(admin)
    assert client.get("/accounts/").status_code == 200


def test_a_required_factor_is_not_switched_off(admin: User, settings: Any) -> None:
    with_factor(admin)
    client, _ = signed_in()
    client.post("/sign-in/code/", {"code": code_of(SECRET)})
    client.post("/me/again/", {"password": PASSWORD})
    settings.SECOND_FACTOR_ROLES = ["sys_admin"]

    client.post("/me/factor/stop/")
    assert Authenticator.objects.filter(user=admin, type="totp").exists()
    settings.SECOND_FACTOR_ROLES = []
    client.post("/me/factor/stop/")

    assert not Authenticator.objects.filter(user=admin).exists()
    assert AuditEntry.objects.filter(action="accounts.factor.removed").exists()


def test_demo_accounts_are_not_asked_for_it(admin: User, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["sys_admin"]
    User.objects.filter(pk=admin.pk).update(is_demo=True)
    client, _ = signed_in()

    assert client.get("/accounts/").status_code == 200


def test_the_administrator_resets_a_lost_one_with_a_reason(world: World, admin: User) -> None:
    officer = User.objects.get(username="officer")
    with_factor(officer)
    client = world.client(world.sys_admin)
    address = f"/accounts/{officer.pk}/factor/"

    client.post(address, {})
    assert Authenticator.objects.filter(user=officer).exists()
    client.post(address, {"reason": "手机丢失，已当面核实"})

    assert not Authenticator.objects.filter(user=officer).exists()
    entry = AuditEntry.objects.get(action="directory.account.factor_reset")
    assert entry.reason == "手机丢失，已当面核实"
    assert entry.changes == {"second_factor": ["已启用", "未启用"]}
    assert client.post(address, {"reason": "再点一次"}).status_code == 409


def test_nobody_resets_the_own_factor(world: World, admin: User) -> None:
    with_factor(admin)

    answer = world.client(world.sys_admin).post(
        f"/accounts/{admin.pk}/factor/", {"reason": "图方便"}
    )

    assert answer.status_code == 409
    assert Authenticator.objects.filter(user=admin, type="totp").exists()


@pytest.mark.parametrize("who", ["officer", "admin", "north_org", "audit_admin", "stranger"])
def test_others_neither_unlock_nor_reset(world: World, who: str) -> None:
    user = User.objects.get(username="pine")
    with_factor(user)
    client = world.client(getattr(world, who))

    for act in ("unlock", "factor", "sessions", "identity", "password", "active"):
        answer = client.post(f"/accounts/{user.pk}/{act}/", {"reason": "试试", "subject": "x"})
        assert answer.status_code == 403, act
    assert Authenticator.objects.filter(user=user, type="totp").exists()
