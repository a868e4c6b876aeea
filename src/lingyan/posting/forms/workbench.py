"""What does an officer type when changing a plan by hand?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from lingyan.common import clock
from lingyan.posting.actions.adjustments import Decision
from lingyan.posting.matching.pricing import Option

DATE = forms.DateInput(attrs={"type": "date"})
REASON = forms.Textarea(attrs={"rows": 3})


class ChangeForm(forms.Form):
    """The reason, the outcome picked among those shown, and who signs where a rule warns."""

    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="写明为什么不照系统方案，会记入调整记录；不写健康、处分等个人事项",
        widget=REASON,
    )
    decided_by = forms.CharField(
        label="由谁决定", max_length=60, required=False, help_text="有提醒项，须写明由谁决定"
    )
    decided_on = forms.DateField(
        label="何日决定", widget=DATE, required=False, help_text="不晚于今天"
    )

    def __init__(self, data: QueryDict | None, *, options: Sequence[Option], warned: bool) -> None:
        super().__init__(data)
        self.fields["outcome"] = forms.ChoiceField(
            choices=[(option.fingerprint, option.key) for option in options],
            error_messages={
                "required": "请选择一种结果",
                "invalid_choice": "方案已有变化，请按现在显示的代价重新选择",
            },
        )
        if not warned:
            del self.fields["decided_by"], self.fields["decided_on"]
        for name in ("decided_by", "decided_on"):
            if name in self.fields:
                self.fields[name].required = True

    def clean_decided_on(self) -> Any:
        decided_on = self.cleaned_data["decided_on"]
        if decided_on and decided_on > clock.today():
            raise forms.ValidationError("决定日期不能晚于今天，请改正")
        return decided_on

    def decision(self) -> Decision:
        cleaned = self.cleaned_data
        return Decision(cleaned["reason"], cleaned.get("decided_by", ""), cleaned.get("decided_on"))

    @property
    def picked(self) -> str:
        return self["outcome"].value() or ""

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "outcome"]


class UndoForm(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=300, help_text="写明为什么撤回这次调整", widget=REASON
    )
