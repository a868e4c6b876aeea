"""What does a department type about somebody who stands or is in office?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from lingyan.common import clock
from lingyan.common.county_settings import NO_DOCUMENT
from lingyan.organization.forms.rectification import day_field, text_field
from lingyan.organization.rules.joint_reviews import BY_ROLE, USUAL_WAYS, WAYS, Seat
from lingyan.organization.rules.term_words import (
    Department,
    NegativeItem,
    ReviewResult,
    SeatWay,
)


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


class DepartmentsForm(forms.Form):
    """One line for each department: a way of answering, or one of the units of the county."""

    def __init__(
        self,
        *args: Any,
        units: Sequence[tuple[str, str]],
        held: Mapping[Department, Seat],
        suggested: Mapping[Department, UUID],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in Department:
            ways = WAYS.get(one, USUAL_WAYS)
            field = forms.ChoiceField(label=one.label)
            field.choices = [
                *([("", "请选择")] if one not in BY_ROLE else []),
                *((way.value, way.label) for way in ways if way != SeatWay.UNIT),
                *([("由单位网上答复", list(units))] if SeatWay.UNIT in ways and units else []),
            ]
            if one in held:
                field.initial = str(held[one].unit or held[one].way)
            elif one in BY_ROLE:
                field.initial = SeatWay.OWN.value
            elif one in suggested:
                field.initial = str(suggested[one])
                field.help_text = "按名称推荐的单位，请核对"
            self.fields[one.value] = field
        self.fields["since"] = day_field("从哪天起")
        self.fields["clause"] = forms.CharField(
            label="依据的文件和条款", max_length=120, help_text=f"没有文件的请写“{NO_DOCUMENT}”"
        )
        self.initial.setdefault("since", clock.today())

    @property
    def seats(self) -> dict[Department, Seat]:
        return {one: _seat(self.cleaned_data[one.value]) for one in Department}


def _seat(said: str) -> Seat:
    if said in {one.value for one in SeatWay}:
        return Seat(said)
    return Seat(SeatWay.UNIT.value, UUID(said))
