"""What does a village type about a pair's year, and what does the county when it asks again?"""

from __future__ import annotations

from django import forms

from lingyan.pairing.forms.pairings import text_field


class EvaluateForm(forms.Form):
    points = forms.IntegerField(
        label="评价分",
        min_value=0,
        max_value=100,
        help_text="0 至 100",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    text = text_field("为什么这样评", "一句话就够", most=500)


class ReturnForm(forms.Form):
    text = text_field("退回原因", "村里会看到", most=500)
