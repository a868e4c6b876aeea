"""What do people type about a task?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.supervision.forms.fields import day_field, text_field
from lingyan.supervision.rules.tasks import TEXT_MAX

Choices = Sequence[tuple[str, str]]
USUAL_DAYS = 30


class RaiseForm(forms.Form):
    """Who is to do what until when: a town or a village is asked by its office."""

    place = forms.ChoiceField(label="交给哪里", help_text="选乡镇或村，由那里的组织委员、书记接收")
    what = text_field("事项", "要办什么，办到什么程度", most=TEXT_MAX)
    due_on = day_field("办结期限")
    is_evidence_required = forms.BooleanField(label="报结时须附佐证", required=False)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *places]
        self.initial.setdefault("due_on", clock.today() + timedelta(days=USUAL_DAYS))


class AnswerForm(forms.Form):
    text = text_field("办理情况", "怎样办的，结果怎样", most=TEXT_MAX)
    evidence = text_field("佐证", "文件、照片、台账的名称和存放处", required=False, most=TEXT_MAX)

    def __init__(self, *args: Any, is_evidence_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = is_evidence_required


class RemarkForm(forms.Form):
    text = text_field("意见", "会留在办理记录里", most=TEXT_MAX)


class NoteForm(forms.Form):
    text = text_field("意见", "可以不写", required=False, most=TEXT_MAX)


class PlainForm(forms.Form):
    """Nothing to say: the button is the act."""
