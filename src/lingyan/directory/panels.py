"""What waits for the administrators: passwords to hand out, roles to review, a history to check?"""

from __future__ import annotations

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import quarter_of
from lingyan.directory import assignments
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.checking import last_check
from lingyan.platform.ui.worklist import WorkItem

CHECKED_DAYS = 30


def worklist(actor: Actor) -> list[WorkItem]:
    """What the three administrators find on their first page."""
    found = []
    if actor.role == Role.SYS_ADMIN:
        found += _passwords(actor)
    if actor.role in (Role.SYS_ADMIN, Role.SEC_ADMIN):
        found += _reviews(actor)
    if actor.role == Role.AUDIT_ADMIN:
        found += _check()
    return found


def count(actor: Actor) -> int:
    return len(worklist(actor))


def _passwords(actor: Actor) -> list[WorkItem]:
    waiting = len(assignments.list_awaiting_password(actor))
    title = f"{waiting} 个新账号还没有初始密码"
    detail = "取一次密码单，交给本人"
    return [WorkItem(title, detail, reverse("account_handout"), icon="lock")] if waiting else []


def _reviews(actor: Actor) -> list[WorkItem]:
    """Own roles are for the other administrator to look at."""
    assert actor.user_id is not None
    roles = assignments.list_to_review().exclude(user_id=actor.user_id)
    waiting = roles.exclude(assignments.reviewed_q()).count()
    title = f"{waiting} 个身份本季度待核对"
    detail = "仍需要的打勾，不再需要的终止"
    due_on = quarter_of(clock.today()).last_day
    url = f"{reverse('account_review')}?state=waiting"
    return [WorkItem(title, detail, url, due_on, "people")] if waiting else []


def _check() -> list[WorkItem]:
    last, today = last_check(), clock.today()
    if last is None:
        title = "操作留痕还没有核对过"
    elif (days := (today - last.checked_at.astimezone(clock.BEIJING).date()).days) > CHECKED_DAYS:
        title = f"操作留痕已有 {days} 天没有核对"
    else:
        return []
    return [WorkItem(title, "核对全部，看有没有改动", reverse("audit_list"), icon="clock")]
