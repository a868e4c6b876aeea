"""Accounts, for the system administrator; their roles, for the security administrator too."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.workbook import write_rows
from lingyan.directory import assignments, queries
from lingyan.directory.actions import accounts as actions
from lingyan.directory.actions import idle_accounts
from lingyan.directory.forms.accounts import (
    AccountForm,
    IdentityForm,
    OwnPasswordForm,
    ReasonForm,
    RoleForm,
)
from lingyan.directory.roles import Role
from lingyan.directory.sheets.accounts import HANDOUT
from lingyan.platform.accounts import duties, guard, sessions
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ANY_ROLE, page
from lingyan.platform.accounts.idle import idle_q
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.passwords import random_password
from lingyan.platform.exchange.exporting import export_banner
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing

HANDED_AT_ONCE = 500
ACCOUNTS = (Role.SYS_ADMIN, Role.SEC_ADMIN)


@page(*ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request,
        assignments.list_accounts(),
        search=("username", "name"),
        search_hint="账号或姓名",
        filters=[
            Filter("role", "身份", Role.choices(), lambda code: Q(assignments__role=code)),
            Filter(
                "active",
                "状态",
                (("yes", "启用"), ("no", "停用"), ("idle", "闲置")),
                lambda c: idle_q() if c == "idle" else Q(is_active=c == "yes"),
            ),
        ],
        sorts={"username": ("username",), "name": ("name",), "created": ("created_at",)},
        default_sort="username",
    )
    context = {
        "listing": listing,
        "may_manage": request.actor.holds(Role.SYS_ADMIN),  # type: ignore[attr-defined]  # set by the middleware
        "idle": assignments.list_idle_accounts().count(),
        "idle_days": settings.IDLE_DAYS,
    }
    return render(request, "directory/account_list.html", context)


@require_POST
@page(Role.SYS_ADMIN)
def account_close_idle(request: HttpRequest) -> HttpResponse:
    closed = idle_accounts.close_idle_accounts(actor=request.actor)  # type: ignore[attr-defined]  # set by the middleware
    if closed:
        messages.success(request, f"已停用 {len(closed)} 个闲置账号")
    else:
        messages.info(request, "没有可以停用的闲置账号；最后一个系统管理员的账号总是保留")
    return redirect("account_list")


@never_cache
@page(Role.SYS_ADMIN)
def account_create(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        number = given.pop("person_number")
        person = queries.find_person_by_number(number) if number else None
        given["name"] = person.name if person else given["name"]
        if number and person is None:
            form.add_error("person_number", f"没有编号为“{number}”的人员")
        elif not given["name"]:
            form.add_error("name", "请填写人员编号或姓名")
        else:
            password = random_password()
            user = actions.create_account(
                **given,
                person=person,
                password=password,
                actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
            )
            messages.success(request, f"账号已建立。初始密码（只显示这一次）：{password}")
            return redirect("account", user.pk)
    status = 422 if form.errors else 200
    return render(request, "directory/account_form.html", {"form": form}, status=status)


@never_cache
@page(*ACCOUNTS)
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: its roles, a form that grants one more, and help when signing in fails."""
    user = assignments.get_account(user_id)
    form = RoleForm(
        request.POST or None,
        places=assignments.list_role_places(),
        units=assignments.list_role_units(),
        person_known=hasattr(user, "person"),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        number = given.pop("person_number", "")
        person = queries.find_person_by_number(number) if number else None
        if number and person is None:
            form.add_error("person_number", f"没有编号为“{number}”的人员，请先在“人员”中登记")
        else:
            actions.grant_role(user, **given, person=person, actor=request.actor)  # type: ignore[attr-defined]  # set by the middleware
            messages.success(request, "已授予身份")
            return redirect("account", user.pk)
    context = {
        "account": user,
        "form": form,
        "reason_form": ReasonForm(auto_id=False),
        "may_manage": request.actor.holds(Role.SYS_ADMIN),  # type: ignore[attr-defined]  # set by the middleware
        "may_let_in": not actions.refuse_to_let_in(user, request.actor),  # type: ignore[attr-defined]  # set by the middleware
        "locked_until": guard.locked_until(user),
        "has_factor": duties.has_factor(user),
        "sessions": sessions.list_of(user),
        "identity_form": IdentityForm(initial={"subject": actions.identity_of(user)}),
    }
    return render(request, "directory/account.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
@page(*ACCOUNTS)
def account_reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    password = random_password()
    actions.reset_password(
        assignments.get_account(user_id),
        password=password,
        actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
    )
    messages.success(
        request, f"新密码（只显示这一次）：{password}。本人第一次登录时须改成自己的密码。"
    )
    return redirect("account", user_id)


@never_cache
@page(Role.SYS_ADMIN)
def account_handout(request: HttpRequest) -> HttpResponse:
    """First passwords of the accounts that this administrator brought in, shown this once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    waiting = assignments.list_awaiting_password(actor)
    if request.method != "POST":
        context = {"waiting": waiting, "most": HANDED_AT_ONCE}
        return render(request, "directory/account_handout.html", context)
    handed = actions.hand_out_passwords(waiting[:HANDED_AT_ONCE], actor=actor)
    if request.POST.get("as") == "workbook":
        return _handout_workbook(handed, actor)
    context = {"handed": handed, "printed_at": clock.now()}
    return render(request, "directory/account_slips.html", context)


def _handout_workbook(handed: list[tuple[User, str]], actor: Actor) -> HttpResponse:
    buffer = io.BytesIO()
    rows = [
        {"username": user.username, "name": user.name, "password": word} for user, word in handed
    ]
    write_rows(buffer, HANDOUT, rows, banner=export_banner(actor, "发放初始密码"))
    return workbook(buffer.getvalue(), f"初始密码单{clock.today():%Y%m%d}.xlsx")


@never_cache
@page(ANY_ROLE)
def own_password(request: HttpRequest) -> HttpResponse:
    """Change the own password; the session goes on, all others of the account end."""
    user = accounts_user(request)
    form = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = actions.change_own_password(
            user,
            password=form.cleaned_data["new_password1"],
            actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        )
        update_session_auth_hash(request, changed)
        sessions.go_on(request)
        messages.success(request, "密码已修改，其他地方的登录已失效")
        return redirect("worklist")
    status = 422 if form.errors else 200
    return render(request, "directory/own_password.html", {"form": form}, status=status)


def accounts_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the gate lets only signed-in people pass"
    return request.user


def _with_reason(request: HttpRequest, user_id: int, act: Callable[..., Any], done: str) -> Any:
    """The shape that these acts share: a reason, the act, back to the account."""
    form = ReasonForm(request.POST)
    user = assignments.get_account(user_id)
    if form.is_valid():
        act(user, actor=request.actor, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]  # set by the middleware
        messages.success(request, done)
    else:
        messages.error(request, "请写明原因")
    return redirect("account", user_id)


@require_POST
@page(Role.SYS_ADMIN)
def account_set_active(request: HttpRequest, user_id: int) -> HttpResponse:
    active = request.POST.get("active") == "yes"

    def act(user: User, **given: Any) -> None:
        actions.set_account_active(user, active=active, **given)

    done = "账号已启用" if active else "账号已停用，当天不能再登录"
    return _with_reason(request, user_id, act, done)  # type: ignore[no-any-return]  # a redirect


@require_POST
@page(Role.SYS_ADMIN)
def account_unlock(request: HttpRequest, user_id: int) -> HttpResponse:
    done = "已解除锁定，可以再登录"
    return _with_reason(request, user_id, actions.unlock_account, done)  # type: ignore[no-any-return]  # a redirect


@require_POST
@page(*ACCOUNTS)
def account_reset_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    done = "动态口令已重置，本人下次登录后须重新启用"
    return _with_reason(request, user_id, actions.reset_second_factor, done)  # type: ignore[no-any-return]  # a redirect


@require_POST
@page(Role.SYS_ADMIN)
def account_sign_out(request: HttpRequest, user_id: int) -> HttpResponse:
    done = "已结束这个账号的全部登录"
    return _with_reason(request, user_id, actions.sign_out_everywhere, done)  # type: ignore[no-any-return]  # a redirect


@require_POST
@page(*ACCOUNTS)
def account_identity(request: HttpRequest, user_id: int) -> HttpResponse:
    form = IdentityForm(request.POST)
    user = assignments.get_account(user_id)
    if form.is_valid():
        actions.link_identity(user, subject=form.cleaned_data["subject"], actor=request.actor)  # type: ignore[attr-defined]  # set by the middleware
        messages.success(request, "统一身份已登记")
    else:
        messages.error(request, "统一身份标识太长")
    return redirect("account", user_id)


@require_POST
@page(*ACCOUNTS)
def role_end(request: HttpRequest, user_id: int, assignment_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.end_role(
            assignments.get_assignment(user_id, assignment_id),
            reason=form.cleaned_data["reason"],
            actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        )
        messages.success(request, "身份已终止")
    else:
        messages.error(request, "请写明原因")
    return redirect("account", user_id)
