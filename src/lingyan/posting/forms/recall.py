"""What do people type in a recall case, and where a place that was left is filled?"""

from __future__ import annotations

from typing import Any

from django import forms

from lingyan.posting.forms.life import Choices, TodayForm, day_field
from lingyan.posting.rules.recall import GROUNDS, TEXT_MAX, WARN_MONTHS
from lingyan.posting.rules.recall_words import RecallSource


def case_text(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class OpenForm(forms.Form):
    ground = forms.ChoiceField(
        label="召回情形",
        choices=[("", "请选择"), *((code, one.label) for code, one in GROUNDS.items())],
    )
    source = forms.ChoiceField(label="来源", choices=RecallSource.choices())
    text = case_text("事实", "什么时候、什么事、怎样发现的；反映人的姓名不要写在这里")


class TextForm(forms.Form):
    """The words of a step that asks for nothing else."""

    text = case_text("内容")

    def __init__(self, *args: Any, label: str = "内容", hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, hint


class DayForm(TodayForm, TextForm):
    """A step that was taken today or a little earlier."""

    on = day_field("日期")


class WarnForm(TextForm):
    months = forms.TypedChoiceField(
        label="改进期",
        coerce=int,
        choices=[(one, f"{one} 个月") for one in range(WARN_MONTHS[0], WARN_MONTHS[1] + 1)],
    )


class DecideForm(TextForm):
    document_number = forms.CharField(label="文号", max_length=60)


class NoForm(forms.Form):
    """Nothing to type: the press is the step."""


class NominateForm(forms.Form):
    person = forms.ChoiceField(label="人选", help_text="只列出本单位在库、没有派驻的人员")
    text = forms.CharField(label="推荐理由", required=False, max_length=200)

    def __init__(self, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *choices]


class ProposeForm(forms.Form):
    number = forms.CharField(label="人选", max_length=40)
    text = forms.CharField(
        label="理由",
        required=False,
        max_length=TEXT_MAX,
        help_text="选系统首选以外的人选，须写明理由",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label="决定", choices=[("yes", "同意"), ("no", "不同意")], widget=forms.RadioSelect
    )
    text = case_text("意见", "不同意的写明理由", required=False)


class IssueForm(TodayForm):
    document_number = forms.CharField(label="文号", max_length=60)
    starts_on = day_field("派驻日期")
