"""What does the first start put into an empty database?"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from lingyan.demo import accounts, counties, places
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User

Say = Callable[[str], None]


@transaction.atomic
def first_start(county: str, *, demo: bool, say: Say) -> None:
    """Places, demo and first accounts; nothing where the database already holds something.

    All of it or nothing: a first start that was ended in the middle begins anew.
    """
    actor = Actor.system("首次启动")
    if county != "none" and not Place.objects.exists():
        say("装入区划")
        places.load_county(county, is_demo=demo, actor=actor)
        if demo:
            counties.build(county, say=say)
    if not User.objects.exists():
        _, row = accounts.make_account(
            "admin", "系统管理员", Role.SYS_ADMIN, actor=actor, is_demo=False
        )
        accounts.keep_accounts("首个账号（请登录后建立其他账号）：", [row])
