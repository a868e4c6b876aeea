"""What do people type from the screening to the start of a rectification?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator

from lingyan.common import clock
from lingyan.common.written_dates import LAST_YEAR
from lingyan.organization.rules.rectification_words import Opinion, Situation
from lingyan.organization.rules.screening import Finding, Signal

Choices = Sequence[tuple[str, str]]


def day_field(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    latest = MaxValueValidator(date(LAST_YEAR, 1, 1), f"请写 {LAST_YEAR} 年以前的日期")
    return forms.DateField(label=label, help_text=help_text, widget=widget, validators=[latest])


def text_field(
    label: str, help_text: str = "", *, required: bool = True, most: int = 500
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=most, widget=widget
    )


class TodayForm(forms.Form):
    """A form whose day is mostly today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "on" in self.fields:
            self.initial.setdefault("on", clock.today())


class PassForm(forms.Form):
    text = text_field("核实情况", required=False)


class FindingsForm(forms.Form):
    """One line for each situation: what is written there confirms it; a hint may just be ticked."""

    def __init__(
        self, *args: Any, signals: Sequence[Signal], known: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.told = {one.code: one.text for one in signals if one.code not in known}
        for code, text in self.told.items():
            self.fields[f"yes_{code}"] = forms.BooleanField(
                label=f"线索属实：{text}", required=False
            )
        for one in Situation:
            if one.value not in known:
                self.fields[one.value] = forms.CharField(
                    label=f"{one.value} {one.label}", required=False, max_length=500
                )

    @property
    def findings(self) -> list[Finding]:
        return [found for one in Situation if (found := self._finding(one.value)) is not None]

    def _finding(self, code: str) -> Finding | None:
        text = self.cleaned_data.get(code, "")
        signal = self.told.get(code, "") if self.cleaned_data.get(f"yes_{code}") else ""
        if not text and not signal:
            return None
        return Finding(code, text or signal, signal)

    def hints(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("yes_")]

    def lines(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("yes_")]


class ConfirmForm(TodayForm):
    document_number = forms.CharField(
        label="县委决定的文号", max_length=60, help_text="例如：太委〔2026〕6号"
    )
    on = day_field("决定日期")
    text = text_field("说明", required=False)


class DismissForm(TodayForm):
    text = text_field("不列入的理由", "部门的答复会一并保留")
    on = day_field("决定日期")


class WithdrawForm(forms.Form):
    text = text_field("撤回的理由")


class PlanForm(forms.Form):
    text = text_field("整顿要达到的目标", "问题、措施、责任人和期限已列在问题清单里")


class NothingForm(forms.Form):
    """A step that needs no words."""


class AnswerForm(TodayForm):
    opinion = forms.ChoiceField(
        label="意见", choices=Opinion.choices(), widget=forms.RadioSelect, initial="none"
    )
    text = text_field("了解的情况", "同意或不同意列入的，必须写明", required=False)
    on = day_field("答复日期")


class ProblemForm(forms.Form):
    situation = forms.ChoiceField(label="属于哪种情形")
    description = text_field("问题", "写具体，看得出整改没有")
    cause = text_field("原因", required=False)
    measure = text_field("措施")
    owner = forms.CharField(label="责任人", max_length=60, help_text="写到人")
    due_on = day_field("整改期限")

    def __init__(self, *args: Any, situations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["situation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(situations)


class LeaderForm(forms.Form):
    """S1 or S2: who, by account."""

    leader = forms.ChoiceField(label="由谁", help_text="只列已授予相应身份的账号")
    job_title = forms.CharField(label="职务", max_length=60, required=False)
    is_standing_committee = forms.BooleanField(label="是县委常委", required=False)

    def __init__(self, *args: Any, leaders: Choices, of_county: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["leader"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *leaders]
        if not of_county:
            del self.fields["is_standing_committee"]


class RanksForm(forms.Form):
    """A place for each of those proposed."""

    def __init__(self, *args: Any, cases: Sequence[tuple[UUID, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label, rank in cases:
            self.fields[str(key)] = forms.IntegerField(
                label=label, min_value=1, max_value=9999, initial=rank
            )

    @property
    def ranks(self) -> dict[UUID, int]:
        return {UUID(key): rank for key, rank in self.cleaned_data.items()}
