"""What is typed of deeds, youth, paths, meetings and projects?"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from lingyan.common import clock
from lingyan.pairing.forms.pairings import day_field, text_field
from lingyan.pairing.models import PairDeed, Pairing, PairMeeting
from lingyan.pairing.rules import year as rules
from lingyan.pairing.rules.activities import HEADS_MAX
from lingyan.pairing.rules.activity_words import (
    ActivityMode,
    ConfirmedBy,
    MeetingKind,
    ProjectState,
)

BETWEEN = re.compile(r"[\s,，、;；。]+")
LINE = re.compile(r"^(?P<name>.+?)[\s,，、;；]+(?P<day>\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?)$")


def _line(label: str, most: int, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text
    )  # fmt: skip


class OfPairsForm(forms.Form):
    """Names the pairs; `number` makes a second sending of the same page harmless."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    pairings = forms.MultipleChoiceField(
        label="哪一对结对", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选是哪一对结对"},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, pairs: Sequence[Pairing], asked: str = "") -> None:
        super().__init__(data)
        keys = [str(one.pk) for one in pairs]
        chosen = [asked] if asked in keys else keys[:1] if len(keys) == 1 else []
        self.initial.update({"number": uuid.uuid4(), "pairings": chosen})
        field = self.fields["pairings"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.pk), str(one)) for one in pairs]
        for name, one in self.fields.items():
            if isinstance(one, forms.DateField) and one.required:
                self.initial.setdefault(name, clock.today())

    @property
    def keys(self) -> list[uuid.UUID]:
        return [uuid.UUID(one) for one in self.cleaned_data["pairings"]]

    @property
    def said(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "pairings"}


class DeedForm(OfPairsForm):
    title = _line("办了什么实事", rules.TITLE_MAX, "例如：给三组装路灯")
    text = text_field("怎样办的", "谁办的、花了多少、解决了什么", most=rules.TEXT_MAX)
    done_on = day_field("办成日期")
    beneficiaries = forms.IntegerField(
        label="受益人数", required=False, min_value=0, max_value=HEADS_MAX,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def clean_beneficiaries(self) -> int:
        return self.cleaned_data["beneficiaries"] or 0


class ConfirmDeedForm(forms.Form):
    names = _line("哪些受益群众确认", 200, "写姓名，几个人用空格隔开，至少一位")
    means = forms.ChoiceField(
        label="怎样确认的", choices=ConfirmedBy.choices(), initial=ConfirmedBy.FACE
    )
    confirmed_on = day_field("确认日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("confirmed_on", clock.today())

    def clean_names(self) -> list[str]:
        names = [one for one in BETWEEN.split(self.cleaned_data["names"]) if one]
        if any(len(one) > rules.NAME_MAX for one in names):
            raise forms.ValidationError(f"一个姓名最多 {rules.NAME_MAX} 字，几个人用空格隔开")
        return names


class MeetingForm(OfPairsForm):
    kind = forms.ChoiceField(
        label="类别", choices=MeetingKind.choices(), initial=MeetingKind.MEETING
    )
    day = day_field("日期")
    mode = forms.ChoiceField(
        label="方式", choices=ActivityMode.choices(), initial=ActivityMode.OFFLINE
    )
    with_whom = _line("双方参加的人", 200, "单位和村各写主要的几位")
    topics = text_field("议了什么、看了什么", most=rules.TEXT_MAX)
    agreed = text_field("议定的事", "没有可以不填", required=False, most=rules.TEXT_MAX)


class Correction(OfPairsForm):
    """The words as they are, to be said again; `version` tells whether somebody was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = _line("为什么更正", rules.REASON_MAX, "原来的内容会留着")

    def __init__(self, data: Any, *, pairs: Sequence[Pairing], thing: PairDeed | PairMeeting):
        super().__init__(data, pairs=pairs)
        self.fields["number"].required = False
        keys = [str(one.pk) for one in thing.pairings.all()]
        words = {name: getattr(thing, name) for name in self.fields if hasattr(thing, name)}
        self.initial.update({**words, "number": thing.pk, "pairings": keys})

    @property
    def said(self) -> dict[str, Any]:
        return {key: value for key, value in super().said.items() if key != "number"}


class CorrectDeedForm(Correction, DeedForm):
    field_order = ("title", "text", "done_on", "beneficiaries", "pairings", "reason")


class CorrectMeetingForm(Correction, MeetingForm):
    field_order = ("kind", "day", "mode", "with_whom", "topics", "agreed", "pairings", "reason")


class ProjectForm(OfPairsForm):
    name = _line("项目", rules.TITLE_MAX)
    owner = _line("负责人", rules.NAME_MAX, "一位，单位的或村里的")
    since = day_field("开始日期")
    due_on = day_field("计划完成日期")
    text = text_field("内容", "可以不填", required=False, most=rules.TEXT_MAX)
    milestones = forms.CharField(
        label="节点", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "选址确定 2026-04-30"}),
        help_text="一行一个：节点名称、空格、期限；以后还可以加",
    )  # fmt: skip

    def clean_milestones(self) -> list[tuple[str, date]]:
        return _named_days(self.cleaned_data["milestones"], "选址确定 2026-04-30")


def _named_days(text: str, example: str) -> list[tuple[str, date]]:
    """Lines of a name and a day; every line that cannot be read is told."""
    found, wrong = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        told = LINE.match(line.strip())
        day = _day(told["day"]) if told else None
        if told is None or day is None or len(told["name"]) > rules.NAME_MAX:
            wrong.append(f"第 {number} 行读不出来，请写成“{example}”")
        else:
            found.append((told["name"].strip(), day))
    if wrong:
        raise forms.ValidationError(wrong)
    return found


def _day(text: str) -> date | None:
    try:
        return date(*(int(one) for one in re.findall(r"\d+", text)))
    except ValueError:
        return None


class MilestoneForm(forms.Form):
    name = _line("节点", rules.TITLE_MAX)
    due_on = day_field("期限")


class ReachForm(forms.Form):
    reached_on = day_field("完成日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("reached_on", clock.today())


class CloseProjectForm(forms.Form):
    state = forms.ChoiceField(
        label="项目", widget=forms.RadioSelect, initial=ProjectState.DONE,
        choices=((ProjectState.DONE, "已完成"), (ProjectState.STOPPED, "停止，不再做了")),
    )  # fmt: skip
    closed_on = day_field("日期")
    text = _line("完成（停止）情况", 200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("closed_on", clock.today())


class YouthForm(forms.Form):
    youth = forms.CharField(
        label="培育的青年", max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "李某某 1998-05-01"}),
        help_text=f"一行一位：姓名、空格、出生日期；培育当天不超过 {rules.YOUTH_AGE_MAX} 周岁，"
        f"一年至少 {rules.YOUTH_MIN} 位",
    )  # fmt: skip
    trained_on = day_field("培育日期")
    content = _line("怎样培育", 200, "例如：到单位跟班学习两周")
    mentor = _line("单位的带教人", rules.NAME_MAX, "没有可以不填", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("trained_on", clock.today())

    def clean_youth(self) -> list[rules.Youth]:
        found = _named_days(self.cleaned_data["youth"], "李某某 1998-05-01")
        return [rules.Youth(name, born) for name, born in found]


class PathForm(forms.Form):
    title = _line("题目", rules.TITLE_MAX)
    text = text_field("主要内容", "发展什么、谁来做、怎样分步", most=rules.TEXT_MAX)
    drafted_on = day_field("提出日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("drafted_on", clock.today())


class ApprovePathForm(forms.Form):
    approved_on = day_field("研究通过的日期")
    meeting = _line("在什么会议上通过", 100, "例如：村党组织会议、村民代表会议")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("approved_on", clock.today())


class YearPlanForm(forms.Form):
    text = text_field(
        "今年计划做什么", "哪个月做哪件事；有日期的活动另外列入计划", most=rules.TEXT_MAX
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="为什么撤回", max_length=rules.REASON_MAX,
        error_messages={"required": "请写明撤回的理由"},
    )  # fmt: skip
