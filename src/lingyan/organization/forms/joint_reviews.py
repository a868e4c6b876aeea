"""What does a department type about somebody who stands or is in office?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.organization.forms.rectification import day_field, text_field
from lingyan.organization.rules.term_words import NegativeItem, ReviewResult


class AnswerForm(forms.Form):
    result = forms.ChoiceField(
        label="结论", choices=ReviewResult.choices(), widget=forms.RadioSelect
    )
    items = forms.MultipleChoiceField(
        label="有什么问题", choices=NegativeItem.choices(),
        widget=forms.CheckboxSelectMultiple, required=False, help_text="结论为“有问题”的选择",
    )  # fmt: skip
    text = text_field("情况", "有问题或提示的写明", required=False, most=2000)
    answered_on = day_field("答复日期")
    letter_number = forms.CharField(label="来函文号", max_length=60, required=False)

    def __init__(self, *args: Any, on_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("answered_on", clock.today())
        if on_paper:
            self.fields["letter_number"].help_text = "代部门录入的必填"


class ReviewExemptForm(forms.Form):
    text = text_field("理由", most=2000)
    document_number = forms.CharField(label="批准文号", max_length=60)


class YearlyForm(forms.Form):
    town = forms.ChoiceField(label="乡镇")

    def __init__(self, *args: Any, towns: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["town"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *towns]
