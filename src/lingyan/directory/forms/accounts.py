"""What does the system administrator type to make an account and give it a role?"""

from __future__ import annotations

from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.directory.models import Place, Unit
from lingyan.directory.roles import Role


class AccountForm(forms.Form):
    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,39}$",
        label="账号",
        help_text="3 到 40 个小写字母、数字或 . _ -，以字母开头；不要用身份证号和电话",
        error_messages={"invalid": "账号应以小写字母开头，只含小写字母、数字和 . _ -，3 到 40 个"},
    )
    name = forms.CharField(label="姓名", max_length=60)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="身份", choices=Role.choices())
    place: forms.ModelChoiceField[Place] = forms.ModelChoiceField(
        None,
        label="管辖区划",
        required=False,
        help_text="县级、乡镇、村的身份选这里",
        empty_label="—",
    )
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        None, label="单位", required=False, help_text="单位的身份选这里", empty_label="—"
    )
    person_number = forms.CharField(
        label="人员编号",
        required=False,
        max_length=20,
        help_text="身份为“人选”时填写，账号由此对应到本人",
    )
    since = forms.DateField(
        label="起始日期", initial=clock.today, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="终止日期",
        required=False,
        help_text="不填为长期；从这一天起不再有此身份",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, places: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField

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
