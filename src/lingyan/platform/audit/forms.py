"""What does the audit administrator ask of the history?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from lingyan.platform.audit.queries import ACTS, READINGS, Wanted
from lingyan.platform.audit.texts import TEXTS

KINDS = (("", "全部"), (ACTS, "办理"), (READINGS, "查阅和导出"))
NUMBER_MOST = 2**62
DAY = forms.DateInput(attrs={"type": "date"})


def _actions() -> list[tuple[str, str]]:
    return [("", "全部"), *sorted(TEXTS.items(), key=lambda pair: pair[1])]


class HistoryForm(forms.Form):
    """Every field may be left empty; a wrong one is said, and the others still hold."""

    since = forms.DateField(label="从", required=False, widget=DAY)
    until = forms.DateField(label="到", required=False, widget=DAY)
    actor = forms.CharField(label="办理人", required=False, max_length=60)
    action = forms.ChoiceField(label="事项", required=False, choices=_actions)
    subject = forms.CharField(label="对象", required=False, max_length=100)
    upto = forms.IntegerField(
        label="只看到第几条",
        required=False,
        min_value=1,
        max_value=NUMBER_MOST,
        widget=forms.HiddenInput,
    )
    kind = forms.ChoiceField(label="种类", required=False, choices=KINDS)

    def wanted(self) -> Wanted:
        self.is_valid()
        return Wanted(**self._given())

    def in_words(self) -> str:
        """What was asked for, as the page shows it."""
        self.is_valid()
        return "；".join(f"{self.fields[name].label}：{value}" for name, value in self._shown())

    def _given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def _shown(self) -> Iterator[tuple[str, Any]]:
        for name, value in self._given().items():
            field = self.fields[name]
            choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
            yield name, dict(choices).get(value, value)
