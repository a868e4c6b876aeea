"""What do people type while a village is under rectification, from a visit to its clearing?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from lingyan.common import clock
from lingyan.common.ballots import HOUSEHOLDS_MAX, SLIPS_MAX
from lingyan.common.written_dates import LAST_YEAR
from lingyan.organization.rules import acceptance, rect_problems
from lingyan.organization.rules.rectification_words import CheckupTopic


def day_field(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    latest = MaxValueValidator(date(LAST_YEAR, 1, 1), f"请写 {LAST_YEAR} 年以前的日期")
    return forms.DateField(label=label, help_text=help_text, widget=widget, validators=[latest])


def text_field(
    label: str, help_text: str = "", *, required: bool = True, most: int = 1000, rows: int = 3
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=most, widget=widget
    )


def count_field(label: str, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class RectDayForm(forms.Form):
    """A form whose day is mostly today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                self.initial.setdefault(name, clock.today())


class RectVisitForm(RectDayForm):
    on = day_field("督查日期")
    places = forms.CharField(label="到了哪些地方", max_length=200, help_text="例如：村委会、二组")
    talked_to = forms.CharField(
        label="和哪些人谈了话", max_length=200, help_text="例如：党员 5 人、群众 3 户"
    )
    problems_text = text_field("看到的问题", "没有发现问题也请写明", rows=2)
    instructions = text_field("提出的要求", required=False, rows=2)
    listed = text_field(
        "列入整改的问题", "要村里整改的写在这里，一行一个；没有就空着", required=False, rows=2
    )

    @property
    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "listed": rect_problems.lines_of(given["listed"])}


class RectTextForm(forms.Form):
    text = text_field("情况")


class OptionalTextForm(forms.Form):
    text = text_field("说明", "可以不写", required=False, rows=2)


class PressForm(forms.Form):
    """Only a press of the button."""


class MeasureForm(forms.Form):
    measure = text_field("整改措施", most=500)
    owner = forms.CharField(label="责任人", max_length=rect_problems.OWNER_MAX)
    due_on = day_field("整改期限")


class RectEvidenceForm(forms.Form):
    text = text_field("怎样整改的，有什么佐证", "例如：公开栏照片 3 张，存村档案第 5 盒", most=500)


class CheckupForm(RectDayForm):
    """Four topics, each with what was seen and the problems found, one a line."""

    on = day_field("体检日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in CheckupTopic:
            items = rect_problems.TOPIC_ITEMS[topic]
            self.fields[f"seen-{topic}"] = text_field(
                f"{topic.label}：看到的情况", f"对照村情体检 {items}", most=500, rows=2
            )
            self.fields[f"found-{topic}"] = text_field(
                f"{topic.label}：发现的问题", "一行一个，自动列入整改；没有就空着",
                required=False, rows=2,
            )  # fmt: skip

    @property
    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "on": given["on"],
            "seen": {topic.value: given[f"seen-{topic}"] for topic in CheckupTopic},
            "findings": {
                topic.value: rect_problems.lines_of(given[f"found-{topic}"])
                for topic in CheckupTopic
            },
        }


class RectReportForm(forms.Form):
    month = forms.ChoiceField(label="月份")
    text = text_field("进展情况", "做了什么、还差什么、下月打算；数字由系统统计，不用填", rows=5)

    def __init__(self, *args: Any, months: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(f"{one:%Y-%m-%d}", f"{one.year} 年 {one.month} 月") for one in months]

    @property
    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"month": date.fromisoformat(given["month"]), "text": given["text"]}


class GroupForm(forms.Form):
    members = text_field(
        "检查考核组成员",
        "一行一人，姓名后空一格写单位，第一行是组长；不少于 3 人，包联帮扶这个村的同志不参加",
        rows=5,
    )

    @property
    def said(self) -> dict[str, Any]:
        return {"members": acceptance.members_of(self.cleaned_data["members"])}


class ScoreForm(forms.Form):
    """One number for each topic; the sum is made by the system."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = acceptance.TOPIC_POINTS
        for topic in CheckupTopic:
            self.fields[topic.value] = count_field(f"{topic.label}（满分 {most}）", most)
        self.fields["text"] = text_field("检查情况", "分别看了什么、扣分的原因")

    @property
    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        points: Mapping[str, int] = {topic.value: given[topic.value] for topic in CheckupTopic}
        return {"points": points, "text": given["text"]}


class ExtendRectForm(forms.Form):
    due_on = day_field("新的期限", "最多延长 6 个月")
    text = text_field("延长整顿的理由")


class ChildForm(RectDayForm):
    document_number = forms.CharField(label="县委决定文号", max_length=60)
    decided_on = day_field("决定日期")
    text = text_field("反弹的情况", "作为新事项的认定依据")


class RectSlipsForm(forms.Form):
    households = count_field("全村户数", HOUSEHOLDS_MAX, "只用来算至少要多少票")
    slips = count_field(
        "制票张数", SLIPS_MAX, "发给党员、村民代表和随机抽到的户；不少于 30 张，且不少于户数的一成"
    )


class CloseVoteForm(forms.Form):
    no_cadres = forms.BooleanField(
        label="测评时没有村干部在场", required=False, help_text="由检查考核组主持，村干部回避"
    )


class RectPapersForm(forms.Form):
    papers = count_field("收回的票数", SLIPS_MAX)
    satisfied = count_field("满意", SLIPS_MAX)
    basic = count_field("基本满意", SLIPS_MAX)
    unsatisfied = count_field("不满意", SLIPS_MAX)
    counters = forms.CharField(
        label="唱票人、监票人", max_length=80, help_text="检查考核组的两人以上，中间用顿号隔开"
    )
    no_cadres = forms.BooleanField(label="测评时没有村干部在场", required=False)


class RectCodeForm(forms.Form):
    code = forms.CharField(
        label="选票编号",
        max_length=40,
        help_text="选票上的 8 位字母和数字，大小写、空格都可以",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class RectFollowUpForm(RectDayForm):
    visited_on = day_field("回访日期")
    text = text_field("看到的情况", "问题有没有反弹，群众怎么说")
