"""How do the forms of tasks and talks ask for a day and for words?"""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator

from lingyan.common.written_dates import LAST_YEAR


def day_field(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    latest = MaxValueValidator(date(LAST_YEAR, 1, 1), f"请写 {LAST_YEAR} 年以前的日期")
    return forms.DateField(label=label, help_text=help_text, widget=widget, validators=[latest])


def text_field(
    label: str, help_text: str = "", *, required: bool = True, most: int
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
