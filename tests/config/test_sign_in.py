"""Can people sign in, choose a role and see their worklist, and nobody else?"""

from __future__ import annotations

import pytest
from django.test import Client

from lingyan.demo import accounts
from lingyan.directory.models import Place
from lingyan.platform.accounts.models import User
from tests.world import World


def test_an_anonymous_visitor_is_led_to_the_sign_in_page(db: None) -> None:
    answer = Client().get("/")

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/"


@pytest.mark.walled
def test_every_person_sees_the_own_worklist(world: World) -> None:
    for actor in world.everyone:
        page = world.client(actor).get("/").content.decode()

        assert "待办事项" in page
        assert actor.role_label in page


@pytest.mark.walled
def test_the_sign_in_page_of_a_demo_says_where_the_passwords_are(world: World) -> None:
    Place.objects.filter(pk=world.county.pk).update(is_demo=True)

    page = Client().get("/sign-in/").content.decode()

    assert f" {accounts.FILE_NAME}。" in page


def test_a_wrong_password_is_answered_in_words(world: World) -> None:
    answer = Client().post("/sign-in/", {"username": "officer", "password": "wrong"})

    assert "账号或密码不对" in answer.content.decode()


def test_a_user_without_a_role_in_force_is_told_so(db: None) -> None:
    user = User.objects.create_user("new", name="新同志")
    client = Client()
    client.force_login(user)

    answer = client.get("/")

    assert answer.status_code == 403
    assert "账号还没有身份" in answer.content.decode()


def test_health_answers_without_signing_in(db: None) -> None:
    assert Client().get("/healthz").content == b"ok"


def test_the_phone_reaches_every_page_of_the_menu(world: World) -> None:
    client = world.client(world.north_org)
    side = client.get("/").context["navigation"]()

    page = client.get("/menu/").content.decode()

    for section in side:
        for entry in section.entries:
            assert f'class="todo" href="{entry.url}"' in page
    assert [tab.label for tab in client.get("/").context["tabs"]()][-1] == "更多"
