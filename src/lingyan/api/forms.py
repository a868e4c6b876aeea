"""What must be said to make a token?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from lingyan.api import queries, rules
from lingyan.common import clock
from lingyan.directory import queries as directory
from lingyan.directory.models import Place, RoleAssignment

DAYS_OFFERED = 90


class TokenForm(forms.Form):
    name = forms.CharField(label="用途", max_length=60, help_text="哪个程序用来做什么")
    assignment = forms.ChoiceField(label="以哪个身份", help_text="令牌不会多于这个身份的权限")
    place = forms.ChoiceField(label="范围", required=False, help_text="可只给其中一个乡镇")
    access = forms.ChoiceField(label="权限", choices=rules.Access.choices())
    until = forms.DateField(
        label="失效日期",
        help_text="从这一天起不能再用，最长一年",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, user_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", clock.today() + timedelta(days=DAYS_OFFERED))
        self._own = {str(one.pk): one for one in directory.list_assignments(user_id)}
        self._places = {
            str(place.pk): place
            for one in self._own.values()
            for place in queries.list_narrower_places(directory.actor_of(one).scope)
        }
        self._offer("assignment", [(pk, _label(one)) for pk, one in self._own.items()])
        self._offer("place", [("", "身份的全部范围"), *self._place_choices()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _place_choices(self) -> list[tuple[str, str]]:
        ordered = sorted(self._places.items(), key=lambda item: item[1].path)
        return [(pk, place.short_name) for pk, place in ordered]

    def clean_assignment(self) -> RoleAssignment:
        return self._own[self.cleaned_data["assignment"]]

    def clean_place(self) -> Place | None:
        return self._places.get(self.cleaned_data["place"])


class RevokeForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200, help_text="写清依据，会记入操作留痕")


def _label(assignment: RoleAssignment) -> str:
    where = assignment.place or assignment.unit
    label = assignment.get_role_display()
    return f"{label}（{where}）" if where else label
