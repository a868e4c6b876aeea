"""What does a side say when it is asked whether it had a part in a fact?"""

from __future__ import annotations

from typing import Any

from django import forms

from lingyan.pairing.rules.invitations import REASON_MAX


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="你们有份吗", widget=forms.RadioSelect,
        choices=(("confirm", "有份，认领"), ("refuse", "没有份，不认领")),
        error_messages={"required": "请选有份还是没有份"},
    )  # fmt: skip
    reason = forms.CharField(
        label="不认领的理由", required=False, max_length=REASON_MAX, help_text="请的一方会看到"
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("answer") == "refuse" and not said.get("reason", "").strip():
            self.add_error("reason", "请写明理由")
        return said
