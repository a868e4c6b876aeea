"""What is typed about secrets and about records of one person?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


class RevealForm(forms.Form):
    what = forms.ChoiceField(label="查看", choices=[("id_number", "身份证号"), ("phone", "手机")])
    reason = forms.CharField(
        label="理由", max_length=200, help_text="如 任职审批表核对身份；至少四个字"
    )


class MergeForm(forms.Form):
    """Which record stays, and which of the `differing` fields comes from which."""

    kept = forms.ChoiceField(choices=[("first", "左边"), ("second", "右边")], initial="first")
    reason = forms.CharField(
        label="理由", max_length=200, help_text="怎样确认是同一人，如 本人到场核对"
    )

    confirmed = forms.BooleanField(label="出生日期、性别不同，核对过，确是同一人", required=False)

    def __init__(
        self, *args: Any, differing: Iterable[str], doubtful: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.differing = list(differing)
        if not doubtful:
            del self.fields["confirmed"]
        for name in self.differing:
            self.fields[f"from_{name}"] = forms.ChoiceField(
                choices=[("first", "左边"), ("second", "右边")], required=False
            )

    def taken_from_other(self) -> set[str]:
        """Fields that come from the record that does not stay."""
        kept = self.cleaned_data["kept"]
        chosen = {name: self.cleaned_data[f"from_{name}"] for name in self.differing}
        return {name for name, side in chosen.items() if side and side != kept}


class NotTheSameForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="可不填")


class UndoMergeForm(forms.Form):
    reason = forms.CharField(label="撤销原因", max_length=200)
