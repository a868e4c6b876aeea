"""What do people type about a talk?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.supervision.forms.fields import day_field, text_field
from lingyan.supervision.rules.interviews import RECORD_MAX, TEXT_MAX
from lingyan.supervision.rules.words import InterviewKind

Choices = Sequence[tuple[str, str]]


class PlanForm(forms.Form):
    person = forms.CharField(label="约谈对象", max_length=40, help_text="姓名；有重名的写人员编号")
    kind = forms.ChoiceField(
        label="方式", choices=InterviewKind.choices(), initial=InterviewKind.REMIND.value,
        widget=forms.RadioSelect,
    )  # fmt: skip
    rule = forms.CharField(label="依据", max_length=60, help_text="文件或规定的条款")
    ground = text_field("事由", "写明事实，不写评价", most=TEXT_MAX)
    interviewer = forms.ChoiceField(label="约谈人")
    planned_on = day_field("约谈日期")

    def __init__(self, *args: Any, interviewers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["interviewer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *interviewers]
        self.initial.setdefault("planned_on", clock.today() + timedelta(days=3))


class HoldForm(forms.Form):
    on = day_field("约谈日期")
    text = text_field("约谈记录", "谈了什么，提了哪些要求", most=RECORD_MAX)
    statement = text_field("本人陈述", "没有意见也写明", most=TEXT_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", clock.today())


class ImproveForm(forms.Form):
    text = text_field("整改措施", "逐条写明", most=TEXT_MAX)
    on = day_field("整改期限")


class ReviewForm(forms.Form):
    on = day_field("回访日期")
    text = text_field("回访情况", "改得怎样", most=TEXT_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", clock.today())


class VoidForm(forms.Form):
    text = text_field("原因", most=TEXT_MAX)


class PlainForm(forms.Form):
    """Nothing to say: the button is the act."""
