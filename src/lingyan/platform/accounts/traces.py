"""How do signing in, failing and signing out come into the history?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from lingyan.platform.accounts.actor import NOTHING, Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.record import record

AUDIT_TEXTS = {
    "accounts.session.begun": "登录",
    "accounts.session.refused": "登录失败",
    "accounts.session.signed_out": "退出登录",
    "accounts.session.ended": "结束登录",
    "accounts.guard.locked": "锁定登录",
    "accounts.factor.added": "启用动态口令",
    "accounts.factor.removed": "停用动态口令",
    "accounts.factor.codes_made": "重新生成备用码",
    "accounts.notice.read": "阅知个人信息处理告知",
    "accounts.identity.unknown": "统一身份没有对应账号",
}


def account_actor(user: User | None) -> Actor:
    """The person before a role is chosen: whoever signs in acts in none yet."""
    if user is None:
        return Actor(None, "未登录", "anonymous", "未登录", NOTHING)
    return Actor(user.pk, user.name, "account", "账号本人", NOTHING)


@transaction.atomic
def trace(
    action: str,
    subject: models.Model,
    *,
    user: User | None,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """One entry of an account's own doing."""
    record(action, actor=account_actor(user), subject=subject, changes=changes, reason=reason)
