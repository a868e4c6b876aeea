"""What do people type for monthly reports: what is asked, which month, the answers, a reason?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from lingyan.briefings.models import MonthlyItem
from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly import Answer, Item
from lingyan.briefings.rules.monthly_words import UNITS, ItemKind, ItemTime
from lingyan.platform.exchange.forms import too_large

Choices = Sequence[tuple[str, str]]


class ItemForm(forms.Form):
    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    name = forms.CharField(label="问什么", max_length=rules.NAME_MAX)
    # Chosen beforehand, so that a line nobody touched counts as empty.
    kind = forms.ChoiceField(
        label="填什么", choices=ItemKind.choices(), initial=ItemKind.NUMBER.value
    )
    unit = forms.ChoiceField(
        label="单位", choices=(("", "不是数字"), *((one, one) for one in UNITS)), required=False
    )
    time = forms.ChoiceField(
        label="各月怎样汇总", choices=ItemTime.choices(), initial=ItemTime.OF_MONTH.value
    )
    why = forms.CharField(
        label="为什么问", max_length=rules.WHY_MAX, help_text="写给村里看：这个数拿来做什么"
    )


class ItemFormSet(forms.BaseFormSet[ItemForm]):
    """The lines of a form; one that is marked to go, or left empty, is not kept."""

    def items(self) -> list[Item]:
        kept = [
            one.cleaned_data
            for one in self.forms
            if one.cleaned_data and not one.cleaned_data.get("DELETE")
        ]
        return [
            Item(
                given["name"], given["kind"], given["why"], given["unit"], given["time"],
                given["code"],
            )
            for given in kept
        ]  # fmt: skip


def item_forms(data: Any = None, items: Sequence[Item] = ()) -> ItemFormSet:
    made = forms.formset_factory(
        ItemForm, formset=ItemFormSet, extra=2 if items else 4, can_delete=True,
        max_num=rules.ITEMS_MOST, absolute_max=rules.ITEMS_MOST + 4, validate_max=True,
    )  # fmt: skip
    initial = [
        {
            "code": one.code, "name": one.name, "kind": one.kind, "unit": one.unit,
            "time": one.time, "why": one.why,
        }
        for one in items
    ]  # fmt: skip
    lines: ItemFormSet = made(data, initial=initial, prefix="item")  # type: ignore[assignment]  # the class that was named
    return lines


class OpenForm(forms.Form):
    month = forms.DateField(
        label="月份",
        input_formats=("%Y-%m", "%Y-%m-%d"),
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )
    due_on = forms.DateField(
        label="期限",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="村里最晚这一天提交；当天交算按期，第二天起算超期",
    )
    towns = forms.MultipleChoiceField(
        label="哪些乡镇的村要报",
        widget=forms.CheckboxSelectMultiple,
        help_text="个别村不用报的，开始以后在那一份上办“免报”",
    )

    def __init__(self, *args: Any, towns: Choices, month: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["towns"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(towns)
        self.initial.setdefault("month", month)
        self.initial.setdefault("due_on", rules.usual_due(month))
        self.initial.setdefault("towns", [key for key, _ in towns])


class ChangeForm(forms.Form):
    due_on = forms.DateField(
        label="期限",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="改了对所有的村都算；村里的待办里随即是新的日子",
    )
    towns = forms.MultipleChoiceField(
        label="补上哪些乡镇的村", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="只列还有村没有在这个月里的乡镇",
    )  # fmt: skip

    def __init__(self, *args: Any, towns: Choices, due_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("due_on", due_on)
        field = self.fields["towns"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(towns)
        if not towns:
            del self.fields["towns"]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=rules.REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="会留在办理记录里",
    )  # fmt: skip


class TableForm(forms.Form):
    file = forms.FileField(
        label="填好的表",
        help_text="先导出这个月的汇总表，在表里填好再送上来；只读等填写的村，空着的格不改",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(too_large())
        return file


class PlainForm(forms.Form):
    """Nothing to say: the button is the act."""


# --- the answers ----------------------------------------------------------------------------------

SO = (("yes", "是"), ("no", "否"))


class FillForm(forms.Form):
    """One field for each item of the month's form; nothing is required before it is sent."""

    def __init__(
        self,
        *args: Any,
        items: Sequence[MonthlyItem],
        said: Mapping[str, Answer],
        before: Mapping[str, Answer],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = {f"item_{one.position}": one for one in items}
        for name, one in self.items.items():
            self.fields[name] = _field(one, rules.shown(before.get(one.code), one.unit))
            self.initial[name] = _initial(said.get(one.code))

    def answers(self) -> dict[str, Answer]:
        """By the code of the item."""
        return {
            one.code: _answer(one.kind, self.cleaned_data[name]) for name, one in self.items.items()
        }


def _field(item: MonthlyItem, before: str) -> forms.Field:
    hint = item.why + (f"（上次：{before[:60]}）" if before else "")
    label = f"{item.name}（{item.unit}）" if item.unit else item.name
    if item.kind == ItemKind.NUMBER:
        return forms.IntegerField(
            label=label, help_text=hint, required=False, min_value=0,
            max_value=rules.NUMBER_MOST - 1,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )  # fmt: skip
    if item.kind == ItemKind.YES_NO:
        return forms.ChoiceField(
            label=label, help_text=hint, required=False, choices=SO, widget=forms.RadioSelect
        )
    return forms.CharField(
        label=label, help_text=f"{hint}（可以不写）", required=False, max_length=rules.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def _initial(answer: Answer | None) -> Any:
    if answer is None or answer.is_empty:
        return None
    if answer.is_so is not None:
        return "yes" if answer.is_so else "no"
    return answer.text if answer.number is None else answer.number


def _answer(kind: str, given: Any) -> Answer:
    if kind == ItemKind.NUMBER:
        return Answer(number=given)
    if kind == ItemKind.YES_NO:
        return Answer(is_so=given == "yes" if given else None)
    return Answer(text=given or "")
