"""What do people type on the way of a posting, for leave, for a month, for an absence?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY
from lingyan.common.written_dates import LAST_YEAR
from lingyan.posting.rules.life_words import LeaveKind

Choices = Sequence[tuple[str, str]]


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    # Later days have no day after them, which the steps and lists reckon with.
    latest = MaxValueValidator(date(LAST_YEAR, 1, 1), f"请写 {LAST_YEAR} 年以前的日期")
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=widget, validators=[latest]
    )


def text_field(
    label: str, help_text: str = "", *, required: bool = True, rows: int = 3
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class TodayForm(forms.Form):
    """A form whose day is mostly today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField) and field.required:
                self.initial.setdefault(name, clock.today())


class TrainForm(TodayForm):
    on = day_field("培训结束日期")
    training_hours = forms.IntegerField(
        label="学时", min_value=1, max_value=400, help_text="不少于县里规定的学时"
    )


class ArriveForm(TodayForm):
    """Asks for the insurance only where nobody has entered one for the whole term."""

    INSURANCE = ("policy_number", "insured_since", "insured_last_day")
    on = day_field("到岗日期")
    party_relation_on = day_field("党组织关系开始转接的日期")
    policy_number = forms.CharField(label="人身意外伤害保险单号", max_length=60)
    insured_since = day_field("保险生效日")
    insured_last_day = day_field("保险最后一天", "应覆盖整个任期，中间不断档")

    def __init__(self, *args: Any, is_insured: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.INSURANCE:
            if is_insured:
                del self.fields[name]
            else:
                # The term is known: nobody types it again, the policy is held against it.
                self.initial[name] = kwargs.get("initial", {}).get(name)


class SuspendForm(forms.Form):
    text = text_field("原因", "例如：因病治疗，或正在接受调查")
    substitute = forms.ChoiceField(label="代理人", help_text="由谁代为履职")

    def __init__(self, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["substitute"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *choices]


class TextForm(forms.Form):
    text = text_field("依据和情况", "会显示在派驻页面上")


class CeaseForm(forms.Form):
    text = text_field("原因", "去世、被羁押、被开除等")
    document_number = forms.CharField(label="文号", max_length=60)


class ExtendForm(forms.Form):
    last_day = day_field("新的任期最后一天")
    text = text_field("理由")


class TransferForm(forms.Form):
    village = forms.ChoiceField(label="调往的村", help_text="只列出没有第一书记的村")
    document_number = forms.CharField(label="文号", max_length=60)
    text = text_field("理由")

    def __init__(self, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["village"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *choices]


class AnswerForm(forms.Form):
    """Yes or no, with words where it is no."""

    outcome = forms.ChoiceField(label="决定", widget=forms.RadioSelect)
    answer = text_field("意见", "不同意的须写明", required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class LeaveForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=LeaveKind.choices())
    since = day_field("从哪天")
    last_day = day_field("到哪天", "最后一天，当天也算请假")
    reason = text_field("事由", "村里和单位只看得到日期，看不到类别和事由")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, last_day = cleaned.get("since"), cleaned.get("last_day")
        if since and last_day and last_day < since:
            self.add_error("last_day", "最后一天不能早于第一天")
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        said = dict(self.cleaned_data)
        until = next_day(said.pop("last_day"))
        return {**said, "until": until}


class BackForm(TodayForm):
    back_on = day_field("返岗日期")


class MonthForm(forms.Form):
    days = forms.IntegerField(label="在村天数", min_value=0, max_value=31)
    text = text_field("说明", "天数与记录一致的可以不填", required=False, rows=2)


class AbsenceForm(TodayForm):
    on = day_field("脱岗日期")
    text = text_field("发现情况", "什么时候、怎样发现的")


class StatementForm(forms.Form):
    statement = text_field("本人说明", "当天在哪里、做什么")


def next_day(day: date) -> date:
    """The last day as people write it becomes the first one that no longer belongs."""
    return day + ONE_DAY if day < date.max else day
