"""What is typed when a county sets a number of its own?"""

from __future__ import annotations

from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.common.county_settings import NO_DOCUMENT, REGISTER
from lingyan.directory.forms.records import date_field
from lingyan.platform.ui.fields import MoneyField


def _choices() -> list[tuple[str, Any]]:
    """The keys under the names of their groups, as the page has them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in REGISTER.values():
        groups.setdefault(one.group, []).append((one.key, one.label))
    return [("", "请选择"), *groups.items()]


class SettingForm(forms.Form):
    key = forms.ChoiceField(label="标准", choices=_choices)
    amount = MoneyField(label="金额或数", help_text="金额写元，次数和天数写整数")
    since = date_field("从哪天起", required=True, help_text="这一天以前的不变")
    clause = forms.CharField(
        label="依据的文件和条款", max_length=120, help_text=f"没有文件的请写“{NO_DOCUMENT}”"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("since", clock.today())
