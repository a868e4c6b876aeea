"""Does the right password sign in and guessing lock, and is each try in the history?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from lingyan.common import clock
from lingyan.platform.accounts import guard, sessions
from lingyan.platform.accounts.models import SignInGuard, UsedPassword, User
from lingyan.platform.accounts.passwords import kinds_in, random_password
from lingyan.platform.audit.models import AuditEntry
from tests.world import World

PASSWORD = "harbour-mist-42"
NINE = datetime(2026, 3, 10, 9, tzinfo=clock.BEIJING)


@pytest.fixture
def officer(world: World) -> User:
    user = User.objects.get(username="officer")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, password: str, username: str = "officer", **headers: str) -> object:
    return client.post("/sign-in/", {"username": username, "password": password}, **headers)


def actions(user: User) -> list[str]:
    entries = AuditEntry.objects.filter(actor_user_id=user.pk).order_by("number")
    return list(entries.values_list("action", flat=True))


def test_signing_in_and_out_leaves_two_entries(officer: User) -> None:
    client = Client()

    answer = sign_in(client, PASSWORD)
    assert client.get("/").status_code == 200
    client.post("/sign-out/")

    assert answer.status_code == 302
    assert client.get("/").status_code == 302
    assert actions(officer) == ["accounts.session.begun", "accounts.session.signed_out"]
    assert not UserSession.objects.exists()


def test_signing_in_leads_to_the_page_that_was_asked_for_and_nowhere_else(officer: User) -> None:
    page = Client().get("/sign-in/?next=/menu/").content.decode()
    asked = Client().post(
        "/sign-in/", {"username": "officer", "password": PASSWORD, "next": "/menu/"}
    )
    elsewhere = Client().post(
        "/sign-in/", {"username": "officer", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert '<input type="hidden" name="next" value="/menu/">' in page
    assert asked["Location"] == "/menu/"
    assert elsewhere["Location"] == "/"


def test_five_failures_lock_the_account_and_say_for_how_long(officer: User) -> None:
    client = Client()
    with clock.at(NINE):
        pages = [sign_in(client, "wrong").content.decode() for _ in range(6)]
    with clock.at(NINE + timedelta(minutes=10)):
        right_but_locked = sign_in(client, PASSWORD)
    with clock.at(NINE + timedelta(minutes=16)):
        later = sign_in(client, PASSWORD)

    assert "账号或密码不对" in pages[4]
    assert "约 15 分钟后（09:15）可以再试" in pages[5]
    assert right_but_locked.status_code == 200
    assert "约 5 分钟后" in right_but_locked.content.decode()
    assert later.status_code == 302
    assert actions(officer).count("accounts.session.refused") == 5
    assert actions(officer).count("accounts.guard.locked") == 1


def test_four_failures_lock_nothing_and_a_right_password_starts_anew(officer: User) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(Client(), "wrong")
        assert sign_in(Client(), PASSWORD).status_code == 302


def test_failures_of_an_hour_ago_are_forgotten(officer: User) -> None:
    with clock.at(NINE):
        for _ in range(4):
            sign_in(Client(), "wrong")
    with clock.at(NINE + timedelta(hours=1)):
        sign_in(Client(), "wrong")
        assert sign_in(Client(), PASSWORD).status_code == 302


def test_a_name_that_nobody_has_is_locked_alike(officer: User) -> None:
    with clock.at(NINE):
        known = [sign_in(Client(), "wrong").content for _ in range(6)]
        unknown = [sign_in(Client(), "wrong", "nobody").content for _ in range(6)]

    def sentence(page: bytes) -> str:
        return page.decode().split('role="alert"')[1].split("</div>")[0]

    assert [sentence(one) for one in known] == [sentence(one) for one in unknown]
    assert not SignInGuard.objects.filter(key__contains="nobody").exists()


def test_an_address_that_tries_many_accounts_is_locked(officer: User, settings: object) -> None:
    settings.LOCK_ADDRESS_AFTER = 3  # type: ignore[attr-defined]  # the fixture of pytest-django
    for name in ("north", "south", "pine"):
        sign_in(Client(), "wrong", name, REMOTE_ADDR="10.1.1.9")

    there = sign_in(Client(), PASSWORD, REMOTE_ADDR="10.1.1.9")
    elsewhere = sign_in(Client(), PASSWORD, REMOTE_ADDR="10.1.1.10")

    assert "从您这个网络地址连续登录失败次数过多" in there.content.decode()
    assert elsewhere.status_code == 302


def test_a_good_account_does_not_wash_an_address_clean(officer: User, settings: object) -> None:
    settings.LOCK_ADDRESS_AFTER = 4  # type: ignore[attr-defined]  # the fixture of pytest-django
    for name in ("north", "south", "pine", "unit"):
        sign_in(Client(), "wrong", name)
        answer = sign_in(Client(), PASSWORD)

    assert "已锁定" in answer.content.decode()


def test_a_forged_header_does_not_change_the_address(officer: User) -> None:
    sign_in(Client(), PASSWORD, HTTP_X_FORWARDED_FOR="1.2.3.4")

    assert UserSession.objects.get(user=officer).ip == "127.0.0.1"


def test_a_closed_account_is_told_so_only_with_the_right_password(officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)

    wrong = sign_in(Client(), "wrong")
    right = Client().post("/sign-in/", {"username": "officer", "password": PASSWORD}, follow=True)

    assert "账号或密码不对" in wrong.content.decode()
    assert "已停用" in right.content.decode()
    assert Client().get("/").status_code == 302


def test_the_administrator_unlocks_with_a_reason(world: World, officer: User) -> None:
    for _ in range(5):
        sign_in(Client(), "wrong")
    admin = world.client(world.sys_admin)
    assert "登录已锁定" in admin.get(f"/accounts/{officer.pk}/").content.decode()

    without = admin.post(f"/accounts/{officer.pk}/unlock/", {})
    assert guard.locked_until(officer)
    admin.post(f"/accounts/{officer.pk}/unlock/", {"reason": "本人来电核实"})

    assert without.status_code == 302
    assert sign_in(Client(), PASSWORD).status_code == 302
    entry = AuditEntry.objects.get(action="directory.account.unlocked")
    assert entry.reason == "本人来电核实"
    assert entry.changes["locked_until"][1] is None
    again = admin.post(f"/accounts/{officer.pk}/unlock/", {"reason": "再点一次"})
    assert again.status_code == 409


# --- passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-1a", "至少"),
        ("onlysmallletters", "至少三种"),
        ("password-123", None),
        ("Officer-2026-x", "不能包含账号或姓名"),
        ("陈乙一-abc-2026", "不能包含账号或姓名"),
        ("Password1234", "太常见"),
        ("qingming-55-dao", None),
    ],
)
def test_each_password_rule_refuses_what_it_forbids(
    world: World, officer: User, password: str, why: str | None
) -> None:
    client = world.client(world.officer)

    answer = client.post(
        "/accounts/password/",
        {"old_password": PASSWORD, "new_password1": password, "new_password2": password},
    )

    if why is None:
        assert answer.status_code == 302
    else:
        assert answer.status_code == 422
        assert why in answer.content.decode()


def test_the_last_five_passwords_are_not_taken_again(world: World, officer: User) -> None:
    client, passwords = world.client(world.officer), [PASSWORD]
    for number in range(5):
        passwords.append(f"harbour-fog-{number}")
        change(client, passwords[-2], passwords[-1])

    refused = change(client, passwords[-1], passwords[1])
    taken = change(client, passwords[-1], passwords[0])

    assert refused == 422
    assert taken == 302
    assert UsedPassword.objects.filter(user=officer).count() == 5


def change(client: Client, old: str, new: str) -> int:
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/accounts/password/", form).status_code


def test_a_handed_out_password_must_be_changed_before_anything_else(world: World) -> None:
    admin = world.client(world.sys_admin)
    user = User.objects.get(username="north")
    page = admin.post(f"/accounts/{user.pk}/password/", follow=True).content.decode()
    handed_out = page.split("只显示这一次）：")[1].split("。")[0]
    client = Client()
    sign_in(client, handed_out, "north")

    first = client.get("/posting/rounds/")
    assert (first.status_code, first["Location"]) == (302, "/accounts/password/")
    assert change(client, handed_out, PASSWORD) == 302

    assert client.get("/posting/rounds/").status_code == 200
    assert sign_in(Client(), handed_out, "north").status_code == 200


def test_a_password_older_than_ninety_days_must_be_changed(world: World, officer: User) -> None:
    client = world.client(world.officer)
    User.objects.update(password_set_at=clock.real_now() - timedelta(days=89))
    assert client.get("/").status_code == 200
    User.objects.update(password_set_at=clock.real_now() - timedelta(days=91))

    assert client.get("/")["Location"] == "/accounts/password/"
    fragment = client.get("/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/accounts/password/"


def test_a_random_password_passes_its_own_rules() -> None:
    assert all(kinds_in(random_password()) >= 3 for _ in range(200))


# --- sessions -------------------------------------------------------------------------------------


def test_an_idle_session_ends_and_is_written_down(officer: User, settings: object) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    aged(client, sessions.SEEN, minutes=settings.IDLE_MINUTES - 1)  # type: ignore[attr-defined]
    assert client.get("/").status_code == 200
    aged(client, sessions.SEEN, minutes=settings.IDLE_MINUTES + 1)  # type: ignore[attr-defined]

    answer = client.get("/", follow=True).content.decode()

    assert "已自动退出" in answer
    ended = AuditEntry.objects.get(action="accounts.session.ended")
    assert "没有操作" in ended.reason
    assert not UserSession.objects.exists()


def test_a_session_ends_after_its_hours_however_busy(officer: User, settings: object) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    aged(client, sessions.BEGUN, minutes=settings.SESSION_HOURS * 60 + 1)  # type: ignore[attr-defined]

    assert client.get("/").status_code == 302


def aged(client: Client, name: str, *, minutes: int) -> None:
    session = client.session
    session[name] = clock.real_now().timestamp() - minutes * 60
    session.save()


def test_one_sees_where_one_is_signed_in_and_ends_it(officer: User) -> None:
    phone = "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile"
    here, there = Client(), Client(headers={"User-Agent": phone})
    sign_in(here, PASSWORD)
    sign_in(there, PASSWORD, REMOTE_ADDR="10.1.1.7")

    page = here.get("/me/").content.decode()
    assert "安卓手机 · Chrome" in page
    assert "10.1.1.7" in page
    here.post("/me/sessions/end/", {"session": UserSession.objects.get(ip="10.1.1.7").pk})

    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    entry = AuditEntry.objects.get(action="accounts.session.ended")
    assert entry.changes["address"] == ["10.1.1.7", None]


def test_nobody_ends_the_session_of_another(world: World, officer: User) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    own = UserSession.objects.get(user=officer)

    world.client(world.north_org).post("/me/sessions/end/", {"session": own.pk})

    assert client.get("/").status_code == 200


def test_all_others_end_at_once_and_by_a_new_password(officer: User) -> None:
    here, there, third = Client(), Client(), Client()
    for client in (here, there):
        sign_in(client, PASSWORD)
    here.post("/me/sessions/end/", {"session": "others"})
    assert there.get("/").status_code == 302
    sign_in(third, PASSWORD)

    change(here, PASSWORD, "harbour-fog-77")

    assert third.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert here.get("/me/").content.decode().count("最近操作") == 1


def test_where_one_session_is_allowed_a_new_one_ends_the_old(
    officer: User, settings: object
) -> None:
    settings.SINGLE_SESSION = True  # type: ignore[attr-defined]  # the fixture of pytest-django
    first, second = Client(), Client()
    sign_in(first, PASSWORD)
    sign_in(second, PASSWORD)

    assert first.get("/").status_code == 302
    assert second.get("/").status_code == 200


def test_the_administrator_ends_all_sessions_of_an_account(world: World, officer: User) -> None:
    client = Client()
    sign_in(client, PASSWORD)

    world.client(world.sys_admin).post(
        f"/accounts/{officer.pk}/sessions/", {"reason": "笔记本电脑丢失"}
    )

    assert client.get("/").status_code == 302
    assert AuditEntry.objects.filter(reason="笔记本电脑丢失").exists()


def try_to_change(client: Client, old: str) -> str:
    new = "new-harbour-77"
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/accounts/password/", data).content.decode()


def test_wrong_old_passwords_at_the_change_page_lock_the_account(officer: User) -> None:
    client = Client()
    client.force_login(officer)

    pages = [try_to_change(client, "wrong") for _ in range(6)]
    right_but_locked = try_to_change(client, PASSWORD)

    assert "密码不对" in pages[0]
    assert "已锁定" in pages[5]
    assert "已锁定" in right_but_locked
    assert "已锁定" in sign_in(Client(), PASSWORD).content.decode()
    assert actions(officer).count("accounts.session.refused") == 5
    assert actions(officer).count("accounts.guard.locked") == 1
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_a_right_old_password_changes_it(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    try_to_change(client, "wrong")

    try_to_change(client, PASSWORD)

    officer.refresh_from_db()
    assert officer.check_password("new-harbour-77")
    assert not SignInGuard.objects.filter(failures__gt=0, kind="account").exists()
