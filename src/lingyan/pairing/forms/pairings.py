"""What do people type on the way of a pair, from the proposal to its end?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from lingyan.common import clock
from lingyan.common.written_dates import LAST_YEAR
from lingyan.pairing.rules.pairings import TERM_MONTHS, TERM_MONTHS_MAX, Agreement
from lingyan.pairing.rules.words import Goal

Choices = Sequence[tuple[str, Any]]


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    latest = MaxValueValidator(date(LAST_YEAR, 1, 1), f"请写 {LAST_YEAR} 年以前的日期")
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=widget, validators=[latest]
    )


def text_field(
    label: str, help_text: str = "", *, required: bool = True, most: int = 1000
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def number_field(label: str, help_text: str = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=60, required=required)


def term_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="期限（月）", min_value=1, max_value=TERM_MONTHS_MAX, initial=TERM_MONTHS
    )


class ProposeForm(forms.Form):
    village = forms.ChoiceField(label="村（镇、社区）")
    unit = forms.ChoiceField(label="单位")
    is_lead = forms.TypedChoiceField(
        label="单位在这个村",
        choices=(("yes", "牵头"), ("no", "协助")),
        widget=forms.RadioSelect,
        initial="yes",
        coerce=lambda value: value == "yes",
        help_text="一个村一个牵头单位，其余为协助单位",
    )
    text = text_field("说明", "为什么提出这一对，可以不填", required=False)

    def __init__(
        self, *args: Any, units: Choices = (), villages: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("unit", units), ("village", villages)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "请选择"), *found]


class AgreeUnitForm(forms.Form):
    text = text_field("要说明的情况", "可以不填", required=False)


class AgreeVillageForm(forms.Form):
    meeting_on = day_field("村党组织会议日期")
    text = text_field("要说明的情况", "可以不填", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("meeting_on", clock.today())


class ReasonForm(forms.Form):
    text = text_field("理由")


class ApproveForm(forms.Form):
    """Carries the points that were shown, so that nobody approves others than those he saw."""

    points_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AgreementForm(forms.Form):
    goals = forms.MultipleChoiceField(
        label="共建目标", choices=Goal.choices(), widget=forms.CheckboxSelectMultiple
    )
    plan_text = text_field("年度计划", "写明一年里做哪几件事、什么时候做", most=4000)
    unit_contact = forms.CharField(label="单位联系人", max_length=40)
    village_contact = forms.CharField(label="村联系人", max_length=40)
    term_months = term_field()
    number = number_field("协议编号", "没有编号可以不填")

    def agreement(self) -> Agreement:
        said = self.cleaned_data
        return Agreement(
            goals=tuple(said["goals"]),
            plan_text=said["plan_text"],
            unit_contact=said["unit_contact"],
            village_contact=said["village_contact"],
            term_months=said["term_months"],
            number=said["number"],
        )


class StartForm(AgreementForm):
    signed_on = day_field("签订日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("signed_on", clock.today())


class RenewForm(forms.Form):
    term_months = term_field()
    document_number = number_field("协议编号或文号", "没有可以不填")
    text = text_field("说明", "可以不填", required=False)


class EndForm(forms.Form):
    text = text_field("说明", "为什么不再续签，可以不填", required=False)


class DissolveForm(forms.Form):
    text = text_field("理由")
    document_number = number_field("文号", required=True)


class RepairForm(forms.Form):
    unit = forms.ChoiceField(label="接着牵头的单位")
    text = text_field("理由", "不选首选单位的须写明", required=False)

    def __init__(self, *args: Any, units: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(units)
