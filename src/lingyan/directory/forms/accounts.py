"""What does the system administrator type to make an account and give it a role?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from allauth.core import context
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError

from lingyan.common import clock
from lingyan.directory import assignments
from lingyan.directory.forms.records import place_text
from lingyan.directory.models import Place, RoleAssignment, Unit
from lingyan.directory.roles import Role
from lingyan.platform.accounts.adapter import AccountAdapter


class OwnPasswordForm(PasswordChangeForm):
    """The old password is a password tried: wrong ones lock the account as at the sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].widget.attrs.pop("autofocus", None)

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        if not AccountAdapter(context.request).reauthenticate(self.user, given):
            raise ValidationError("密码不对", code="password_incorrect")
        return given


class AccountForm(forms.Form):
    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,39}$",
        label="账号",
        help_text="3 到 40 个小写字母、数字或 . _ -，以字母开头；不要用身份证号和电话",
        error_messages={"invalid": "账号应以小写字母开头，只含小写字母、数字和 . _ -，3 到 40 个"},
    )
    person_number = forms.CharField(
        label="人员编号",
        required=False,
        max_length=20,
        help_text="本人已在“人员”名录中登记的，填编号，账号由此对应到本人，姓名取名录里的",
    )
    name = forms.CharField(
        label="姓名", required=False, max_length=60, help_text="填了人员编号的不用填"
    )


Named = TypeVar("Named", Place, Unit)


def _the_one(
    found: Sequence[Named], near: Sequence[Named], text: str, label: Callable[[Named], str]
) -> Named:
    """What was meant; else a sentence with what it might be, which can be written instead."""
    if len(found) == 1:
        return found[0]
    named = "、".join(map(label, found or near))
    if found:
        raise ValidationError(f"“{text}”不止一个：{named}。请照其中一个写")
    hint = f"相近的有：{named}" if near else "请核对名称"
    raise ValidationError(f"您的管辖范围内没有“{text}”，{hint}")


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="身份", choices=Role.choices())
    place = forms.CharField(
        label="管辖区划",
        required=False,
        max_length=80,
        help_text="县级、乡镇、村的身份写这里：名称或代码，同名的村前面加乡镇，如 龙泉乡罗盘村",
    )
    unit = forms.CharField(
        label="单位", required=False, max_length=120, help_text="单位的身份写这里：单位全称"
    )
    person_number = forms.CharField(
        label="人员编号",
        required=False,
        max_length=20,
        help_text="身份为“人选”时必须填写，账号由此对应到本人",
    )
    since = forms.DateField(
        label="起始日期",
        initial=clock.today,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    until = forms.DateField(
        label="终止日期",
        required=False,
        help_text="不填为长期；从这一天起不再有此身份",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(
        self, *args: Any, places: Any, units: Any, person_known: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if person_known:  # whose account it is has been said before
            del self.fields["person_number"]
        self._places, self._units = places, units

    def clean_place(self) -> Place | None:
        text = self.cleaned_data["place"].strip()
        if not text:
            return None
        found = assignments.find_role_places(self._places, text)
        near = [] if found else assignments.near_places(self._places, text)
        return _the_one(found, near, text, place_text)

    def clean_unit(self) -> Unit | None:
        text = self.cleaned_data["unit"].strip()
        if not text:
            return None
        found = assignments.find_role_units(self._units, text)
        near = [] if found else assignments.near_units(self._units, text)
        return _the_one(found, near, text, lambda unit: f"{unit.name}（{unit.place.short_name}）")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("place") and cleaned.get("unit"):
            self.add_error("unit", "管辖区划和单位只能选一个")
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", "终止日期应晚于起始日期")
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200, help_text="写清依据，会记入操作留痕")


class GrantForm(RoleForm):
    """The same for who grants within the own town or unit: the person comes from the register."""

    person_number = forms.CharField(
        label="人员编号或姓名",
        max_length=60,
        help_text="本人须已有账号；没有的，先请系统管理员建立",
    )
    field_order = ("person_number", "role", "place", "unit", "since", "until")

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = frozenset(roles)
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (role.value, role.label) for role in Role if role in given
        ]


class DelegationForm(forms.Form):
    assignment: forms.ModelChoiceField[RoleAssignment] = forms.ModelChoiceField(
        None, label="代理哪个身份", empty_label=None
    )
    delegate = forms.CharField(
        label="代理人", max_length=60, help_text="本县同志的账号；没有重名的可以只写姓名"
    )
    since = forms.DateField(
        label="起始日期",
        initial=clock.today,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    until = forms.DateField(
        label="终止日期",
        help_text="从这一天起自动收回",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = forms.CharField(label="事由", max_length=200, help_text="如：休假、外出学习")

    def __init__(self, *args: Any, handable: Any, own_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignment"]
        field.queryset = handable  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label_from_instance = lambda one: (  # type: ignore[attr-defined]  # the same
            one.label if one.user_id == own_id else f"{one.user.name}：{one.label}"
        )

    def clean(self) -> dict[str, Any]:
        """Whom a name means is asked among the colleagues of the role's own county."""
        cleaned = super().clean() or {}
        assignment, text = cleaned.get("assignment"), cleaned.get("delegate")
        if assignment is None or not text:
            return cleaned
        found = assignments.find_colleagues(assignment, text)
        if len(found) == 1:
            cleaned["delegate"] = found[0]
        elif found:
            self.add_error("delegate", "本县有重名的同志，请写账号")
        else:
            self.add_error("delegate", "本县没有这个账号或姓名的同志，或其现在没有身份")
        return cleaned


class IdentityForm(forms.Form):
    subject = forms.CharField(
        label="统一身份标识",
        required=False,
        max_length=190,
        help_text="本人用统一身份登录时页面上显示的那一串；留空为取消关联",
    )
