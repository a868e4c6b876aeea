"""Accounts and roles, for the system administrator only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.directory import queries
from lingyan.directory.actions import accounts as actions
from lingyan.directory.forms.accounts import AccountForm, ReasonForm, RoleForm
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ANY_ROLE, page
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.passwords import random_password
from lingyan.platform.ui.listing import Filter, Listing

ACTIVE = (("yes", "启用"), ("no", "停用"))


@page(Role.SYS_ADMIN)
def account_list(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_accounts(),
        search=("username", "name"),
        search_hint="账号或姓名",
        filters=[
            Filter("role", "身份", Role.choices(), lambda code: Q(assignments__role=code)),
            Filter(
                "active",
                "状态",
                (("yes", "启用"), ("no", "停用")),
                lambda c: Q(is_active=c == "yes"),
            ),
        ],
        sorts={"username": ("username",), "name": ("name",), "created": ("created_at",)},
        default_sort="username",
    )
    return render(request, "directory/account_list.html", {"listing": listing})


@page(Role.SYS_ADMIN)
def account_create(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = random_password()
        user = actions.create_account(
            **form.cleaned_data,
            password=password,
            actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        )
        messages.success(request, f"账号已建立。初始密码（只显示这一次）：{password}")
        return redirect("account", user.pk)
    status = 422 if form.errors else 200
    return render(request, "directory/account_form.html", {"form": form}, status=status)


@page(Role.SYS_ADMIN)
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: its roles, and a form that grants one more."""
    user = queries.get_account(user_id)
    form = RoleForm(
        request.POST or None, places=queries.list_role_places(), units=queries.list_role_units()
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        number = given.pop("person_number")
        person = queries.find_person_by_number(number) if number else None
        if number and person is None:
            form.add_error("person_number", f"没有编号为“{number}”的人员，请先在“人员”中登记")
        else:
            actions.grant_role(user, **given, person=person, actor=request.actor)  # type: ignore[attr-defined]  # set by the middleware
            messages.success(request, "已授予身份")
            return redirect("account", user.pk)
    context = {"account": user, "form": form, "reason_form": ReasonForm()}
    return render(request, "directory/account.html", context, status=422 if form.errors else 200)


@require_POST
@page(Role.SYS_ADMIN)
def account_reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    password = random_password()
    actions.reset_password(
        queries.get_account(user_id),
        password=password,
        actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
    )
    messages.success(request, f"新密码（只显示这一次）：{password}")
    return redirect("account", user_id)


@page(ANY_ROLE)
def own_password(request: HttpRequest) -> HttpResponse:
    """Change the own password; the session goes on, all others of the account end."""
    user = accounts_user(request)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = actions.change_own_password(
            user,
            password=form.cleaned_data["new_password1"],
            actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        )
        update_session_auth_hash(request, changed)
        messages.success(request, "密码已修改，其他地方的登录已失效")
        return redirect("worklist")
    status = 422 if form.errors else 200
    return render(request, "directory/own_password.html", {"form": form}, status=status)


def accounts_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the gate lets only signed-in people pass"
    return request.user


@require_POST
@page(Role.SYS_ADMIN)
def account_set_active(request: HttpRequest, user_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        user = actions.set_account_active(
            queries.get_account(user_id),
            active=request.POST.get("active") == "yes",
            reason=form.cleaned_data["reason"],
            actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        )
        messages.success(request, "账号已启用" if user.is_active else "账号已停用，当天不能再登录")
    else:
        messages.error(request, "请写明原因")
    return redirect("account", user_id)


@require_POST
@page(Role.SYS_ADMIN)
def role_end(request: HttpRequest, user_id: int, assignment_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.end_role(
            queries.get_assignment(user_id, assignment_id),
            reason=form.cleaned_data["reason"],
            actor=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        )
        messages.success(request, "身份已终止")
    else:
        messages.error(request, "请写明原因")
    return redirect("account", user_id)
