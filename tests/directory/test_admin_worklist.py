"""What do the three administrators find on their first page, and when is it gone?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.config import wiring
from lingyan.directory.actions.accounts import create_account
from lingyan.directory.actions.reviews import confirm_roles
from lingyan.directory.assignments import list_to_review
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.checking import _keep
from lingyan.platform.audit.verify import AuditVerdict
from tests.world import World

DAY = date(2026, 5, 6)


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.at(DAY):
        yield


def titles(actor: Actor) -> list[str]:
    found = wiring.worklist(actor)
    assert wiring.count_worklist(actor) == len(found)
    return [item.title for item in found]


def test_roles_wait_for_the_review_of_the_quarter(world: World) -> None:
    roles = list(list_to_review())
    others = [one for one in roles if one.user_id != world.sys_admin.user_id]

    [waiting] = wiring.worklist(world.sys_admin)

    assert waiting.title == f"{len(others)} 个身份本季度待核对"
    assert waiting.due_on == date(2026, 6, 30)
    page = world.client(world.sys_admin).get(waiting.url).text
    assert str(len(others)) in page

    confirm_roles([one.pk for one in others], actor=world.sys_admin)
    assert titles(world.sys_admin) == []
    with clock.at(date(2026, 7, 1)):
        assert titles(world.sys_admin) == [waiting.title]


def test_a_new_account_waits_for_its_first_password_with_whoever_made_it(world: World) -> None:
    create_account(username="new", name="吴甲九", password=None, actor=world.sys_admin)

    assert "1 个新账号还没有初始密码" in titles(world.sys_admin)
    page = world.client(world.sys_admin).get(reverse("account_handout"))
    assert [user.username for user in page.context["waiting"]] == ["new"]


def test_the_history_waits_until_somebody_has_checked_it(world: World) -> None:
    assert titles(world.audit_admin) == ["操作留痕还没有核对过"]

    _keep(AuditVerdict(entries=1), actor=world.audit_admin)
    assert titles(world.audit_admin) == []

    with clock.at(DAY + timedelta(days=30)):
        assert titles(world.audit_admin) == []
    with clock.at(DAY + timedelta(days=31)):
        assert titles(world.audit_admin) == ["操作留痕已有 31 天没有核对"]


@pytest.mark.parametrize("who", ["officer", "candidate", "stranger"])
def test_nobody_else_is_asked(world: World, who: str) -> None:
    asked = " ".join(titles(getattr(world, who)))

    assert "待核对" not in asked
    assert "操作留痕" not in asked
