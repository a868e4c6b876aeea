"""What is written in a duty list, at a review and about a unit's year?"""

from __future__ import annotations

from typing import Any

from django import forms

from lingyan.organization.panels.reviews import indicator_names
from lingyan.organization.rules import agency_targets as targets
from lingyan.organization.rules import duty_lists as duties
from lingyan.organization.rules.duty_lists import Item
from lingyan.organization.rules.review_words import DutyTopic, Grade, Rating, ReportForm

AREA = {"rows": 2}


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DutyItemForm(forms.Form):
    topic = forms.ChoiceField(label="项目", choices=DutyTopic.choices())
    duty = forms.CharField(label="责任", max_length=300, widget=forms.Textarea(attrs=AREA))
    measure = forms.CharField(
        label="措施", max_length=300, required=False, widget=forms.Textarea(attrs=AREA)
    )
    due_on = forms.DateField(label="期限", required=False, widget=day_input())
    indicator = forms.ChoiceField(
        label="看哪个数据",
        choices=lambda: [("", "不对应"), *indicator_names().items()],
        required=False,
    )


class ItemFormSet(forms.BaseFormSet[DutyItemForm]):
    """The lines of a list; one that is marked to go, or left empty, is not kept."""

    def items(self) -> list[Item]:
        kept = [
            one.cleaned_data
            for one in self.forms
            if one.cleaned_data and not one.cleaned_data.get("DELETE")
        ]
        return [
            Item(
                given["topic"], given["duty"], given["measure"], given["due_on"],
                given["indicator"],
            )
            for given in kept
        ]  # fmt: skip


def item_forms(data: Any = None, items: list[Item] | None = None) -> ItemFormSet:
    made = forms.formset_factory(
        DutyItemForm, formset=ItemFormSet, extra=1, can_delete=True, max_num=duties.ITEMS_MAX,
        absolute_max=duties.ITEMS_MAX + 10, validate_max=True,
    )  # fmt: skip
    initial = [
        {
            "topic": one.topic, "duty": one.duty, "measure": one.measure,
            "due_on": one.due_on, "indicator": one.indicator,
        }
        for one in items or ()
    ]  # fmt: skip
    found = made(data, initial=initial, prefix="item")
    assert isinstance(found, ItemFormSet)
    return found


class ReasonForm(forms.Form):
    text = forms.CharField(
        label="理由", max_length=300, required=False, widget=forms.Textarea(attrs=AREA)
    )


class RoundForm(forms.Form):
    level = forms.ChoiceField(label="评议谁")
    year = forms.TypedChoiceField(label="年度", coerce=int)
    form = forms.ChoiceField(label="述职方式", choices=ReportForm.choices())

    def __init__(
        self, data: Any = None, *, levels: list[tuple[str, str]], years: list[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]  # a field of choices
        self.fields["year"].choices = years  # type: ignore[attr-defined]  # the same


class ReportRemarkForm(forms.Form):
    remark = forms.CharField(
        label="补充说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可不填；上面的事实由系统从记录取数",
    )  # fmt: skip


class VotesForm(forms.Form):
    """Four counts, as they stand on the sheet of the count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in Rating.choices():
            self.fields[code] = forms.IntegerField(
                label=f"{label}（票）", min_value=0, max_value=10_000,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip


class GradeForm(forms.Form):
    grade = forms.ChoiceField(label="等次", choices=(("", "请选择"), *Grade.choices()))
    is_weak = forms.TypedChoiceField(
        label="发展党员工作不力", required=False, empty_value=None,
        choices=(("", "请选择"), ("no", "否"), ("yes", "是")), coerce=lambda text: text == "yes",
    )  # fmt: skip
    reason = forms.CharField(label="认定理由", max_length=300, required=False)

    def __init__(self, *args: Any, decides: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not decides:
            del self.fields["is_weak"], self.fields["reason"]


class ReviewProblemForm(forms.Form):
    text = forms.CharField(label="问题", max_length=300, widget=forms.Textarea(attrs=AREA))
    due_on = forms.DateField(label="整改期限", widget=day_input())


class TargetForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label, most in targets.ITEMS:
            self.fields[code] = forms.DecimalField(
                label=f"{label}（满分 {most}）", min_value=0, max_value=most, decimal_places=2,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
            )  # fmt: skip
        self.fields["evidence"] = forms.CharField(
            label="佐证", max_length=300, required=False, help_text="材料名称或存放的地方"
        )

    def points(self) -> dict[str, int]:
        """In hundredths of a point."""
        return {code: int(self.cleaned_data[code] * 100) for code, _, _ in targets.ITEMS}
