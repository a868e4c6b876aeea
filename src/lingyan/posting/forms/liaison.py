"""What is typed of a contact, a visit, a talk and what was raised in it?"""

from __future__ import annotations

from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.posting.forms.life import Choices, TodayForm, day_field
from lingyan.posting.rules import liaison as rules
from lingyan.posting.rules.diary_words import ProblemOwner
from lingyan.posting.rules.liaison_words import OF_VILLAGE, VisitForm
from lingyan.posting.rules.problems import TEXT_MAX
from lingyan.posting.rules.support_words import HelpKind


class LiaisonForm(TodayForm):
    """Who is in touch with what; the page says which of the two kinds it is."""

    holder = forms.ChoiceField(label="联系人")
    target = forms.ChoiceField(label="联系对象")
    since = day_field("从哪天起")

    def __init__(
        self, *args: Any, holders: Choices, targets: Choices, label: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("holder", holders), ("target", targets)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "请选择"), *choices]
        self.fields["target"].label = label


RAISED_ABOUT = (
    (OF_VILLAGE, "村里的工作和问题"),
    *((one.value, f"本人的困难：{one.label}") for one in HelpKind),
)


class RaisedForm(forms.Form):
    """What was raised; who works on it until when is asked only of what concerns the village."""

    about = forms.ChoiceField(label="哪方面的", choices=RAISED_ABOUT, initial=OF_VILLAGE)
    raised = forms.CharField(
        label="提出的困难和问题", max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一次写一项；由承办方办理，派驻的同志本人确认解决才算办完",
    )  # fmt: skip
    owner = forms.ChoiceField(
        label="由谁承办", choices=ProblemOwner.choices(), widget=forms.RadioSelect, required=False,
        help_text="本人的困难不用选，按类别交承办方",
    )  # fmt: skip
    due_on = day_field("办结期限", required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("raised") and given.get("about") == OF_VILLAGE:
            for name, asked in (("owner", "请选由谁承办"), ("due_on", "请写办结期限")):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, asked)
        return given

    @property
    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "about": given["about"], "text": given["raised"], "owner": given["owner"],
            "due_on": given["due_on"],
        }  # fmt: skip


class VisitRecordForm(RaisedForm):
    """One visit or talk, and what was raised, if anything was."""

    form = forms.ChoiceField(
        label="形式", choices=VisitForm.choices(), widget=forms.RadioSelect,
        initial=VisitForm.BOTH.value,
    )  # fmt: skip
    happened_on = day_field("日期")
    by_head = forms.BooleanField(label="单位主要负责人带队", required=False)
    met_person = forms.BooleanField(
        label="见到了本人", required=False, initial=True,
        help_text="到村走访见到本人的，这一天算在村",
    )  # fmt: skip
    with_whom = forms.CharField(
        label="同行和参加的人", required=False, max_length=rules.WITH_MAX, help_text="没有不填"
    )
    text = forms.CharField(
        label="看了什么、谈了什么", max_length=rules.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写看了什么、谈了什么"},
    )  # fmt: skip
    field_order = ("form", "happened_on", "by_head", "met_person", "with_whom", "text")

    def __init__(self, *args: Any, asks_for_head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("happened_on", clock.today())
        self.fields["raised"].required = self.fields["about"].required = False
        self.fields["about"].help_text = "没有人提出困难和问题的，从这里往下不用填"
        if not asks_for_head:
            del self.fields["by_head"]

    def clean_about(self) -> str:
        return self.cleaned_data["about"] or OF_VILLAGE

    @property
    def visit(self) -> dict[str, Any]:
        names = ("form", "happened_on", "met_person", "with_whom", "text")
        return {name: self.cleaned_data[name] for name in names}


class VisitWithdrawForm(forms.Form):
    reason = forms.CharField(
        label="为什么撤回", max_length=rules.REASON_MAX,
        error_messages={"required": "请写明撤回的理由"},
    )  # fmt: skip
