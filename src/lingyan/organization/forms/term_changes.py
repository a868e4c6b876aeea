"""What do people type from the plan of a term change to its archive?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from lingyan.common import clock
from lingyan.directory.rules import OfficerPost, Source, SourceCategory
from lingyan.organization.actions.elections import Meeting
from lingyan.organization.actions.term_changes import Handover, Papers, Plan
from lingyan.organization.forms.rectification import day_field, text_field
from lingyan.organization.rules.elections import Count, Recall
from lingyan.organization.rules.term_words import (
    Body,
    HandoverItem,
    ItemResult,
    MendOutcome,
    posts_of,
)

Choices = Sequence[tuple[str, str]]
P = OfficerPost
# The posts as the form names them, in a village and in a community.
SEAT_FIELDS = (
    "party_secretary", "party_deputy", "party_committee_member", "director", "deputy", "member",
)  # fmt: skip


def number_field(label: str, help_text: str = "", *, most: int = 1_000_000) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=most)


def document_field(label: str = "文号", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=60, required=required)


def optional_day(label: str, help_text: str = "") -> forms.DateField:
    field = day_field(label, help_text)
    field.required = False
    return field


def _seats(label: str, initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=9, initial=initial)


class PlanForm(forms.Form):
    planned_on = day_field("计划选举日")
    party_secretary = _seats("村党组织书记（人）", 1)
    party_deputy = _seats("村党组织副书记（人）", 1)
    party_committee_member = _seats("村党组织委员（人）", 3)
    director = _seats("村（居）民委员会主任（人）", 1)
    deputy = _seats("村（居）民委员会副主任（人）", 1)
    member = _seats("村（居）民委员会委员（人）", 3)
    text = text_field("换届方案", "步骤、时间安排、选举办法、工作班子", most=4000)

    def plan(self, *, is_community: bool) -> Plan:
        said = self.cleaned_data
        posts = posts_of(is_community=is_community)
        seats = dict(zip(posts, (said[name] for name in SEAT_FIELDS), strict=True))
        return Plan(said["planned_on"], {post.value: n for post, n in seats.items()}, said["text"])


class NewPlanForm(PlanForm):
    village = forms.ChoiceField(label="村（社区）")
    field_order = ("village", "planned_on")

    def __init__(self, *args: Any, villages: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "village", [("", "请选择"), *villages])


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def plan_shown(*, planned_on: date, seats: Mapping[str, int], text: str, is_community: bool
               ) -> dict[str, Any]:  # fmt: skip
    """A plan as its form shows it."""
    posts = posts_of(is_community=is_community)
    shown = {name: seats.get(post, 0) for name, post in zip(SEAT_FIELDS, posts, strict=True)}
    return shown | {"planned_on": planned_on, "text": text}


class NothingForm(forms.Form):
    """Only a press."""


class RemarkForm(forms.Form):
    text = text_field("说明", "可以不填", required=False)


class AnalysisForm(forms.Form):
    text = text_field("村情和班子分析", "班子年龄、学历、缺额，群众意见，拟任人选来源", most=4000)


class RescheduleForm(forms.Form):
    planned_on = day_field("新的选举日")
    document_number = document_field("上级党组织批准文号")
    text = text_field("提前或延期的理由")


class FailForm(forms.Form):
    body = forms.ChoiceField(
        label="哪个班子的选举无效", required=False, choices=(("", "两个班子"), *Body.choices())
    )
    text = text_field("理由", "查实的情况和依据")


class AgainForm(forms.Form):
    planned_on = day_field("重新选举日")


class ReasonForm(forms.Form):
    text = text_field("理由")


class TodayForm(forms.Form):
    """Days that are mostly today."""

    days: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.days:
            self.initial.setdefault(name, clock.today())


class PublishForm(TodayForm):
    published_on = day_field("公布日期")
    days = ("published_on",)


class ApprovePostsForm(TodayForm):
    approved_on = day_field("批复日期")
    document_number = document_field("批复文号")
    days = ("approved_on",)


class FileForm(forms.Form):
    document_number = document_field("备案文号")


class HandoverForm(TodayForm):
    on = day_field("移交日期")
    items = forms.MultipleChoiceField(
        label="移交的内容", choices=HandoverItem.choices(), widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    handed_by = forms.CharField(label="移交人", max_length=40)
    received_by = forms.CharField(label="接收人", max_length=40)
    supervised_by = forms.CharField(label="乡镇监交人", max_length=40)
    late_reason = text_field("超过十日的理由", "十日内移交的不填", required=False)
    days = ("on",)

    def handover(self) -> Handover:
        return Handover(**self.cleaned_data)


# --- candidates -----------------------------------------------------------------------------------

SOURCE_HELP = "属于的写明佐证，不属于的不填"


class PapersForm(forms.Form):
    posts = forms.MultipleChoiceField(
        label="参选职务", widget=forms.CheckboxSelectMultiple, required=False
    )
    consented_on = optional_day("本人同意日期", "本人签字同意参选的日期")
    resume = text_field("简历", required=False, most=4000)
    relatives_declared = forms.BooleanField(label="本人已申报近亲属情况", required=False)
    local_prosperous = forms.CharField(
        label=SourceCategory.LOCAL_PROSPEROUS.label, help_text=SOURCE_HELP, required=False,
        max_length=200,
    )  # fmt: skip
    returnee = forms.CharField(
        label=SourceCategory.RETURNEE.label, help_text=SOURCE_HELP, required=False, max_length=200
    )
    local_graduate = forms.CharField(
        label=SourceCategory.LOCAL_GRADUATE.label, help_text=SOURCE_HELP, required=False,
        max_length=200,
    )  # fmt: skip
    veteran = forms.CharField(
        label=SourceCategory.VETERAN.label, help_text=SOURCE_HELP, required=False, max_length=200
    )

    def __init__(self, *args: Any, posts: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "posts", posts)

    def papers(self) -> Papers:
        said = self.cleaned_data
        return Papers(
            posts=said["posts"],
            consented_on=said["consented_on"],
            resume=said["resume"],
            relatives_declared=said["relatives_declared"],
            sources=[
                Source(one.value, said[one.value].strip())
                for one in SourceCategory
                if said[one.value].strip()
            ],
        )


class CandidateForm(PapersForm):
    person = forms.ChoiceField(
        label="人选", help_text="本村在册人员；名单里没有的，请县委组织部先登记人员"
    )
    field_order = ("person", "posts")

    def __init__(self, *args: Any, people: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "person", [("", "请选择"), *people])


# --- a meeting ------------------------------------------------------------------------------------

Ballot = Sequence[tuple[UUID, str, str]]


class MeetingForm(TodayForm):
    held_on = day_field("选举日")
    voters_listed_on = optional_day("选民名单公布日期", "须在选举日的二十日以前")
    due = number_field("应到人数")
    attended = number_field("实到人数")
    issued = number_field("发出选票")
    returned = number_field("收回选票")
    valid = number_field("有效票")
    days = ("held_on",)

    def __init__(self, *args: Any, body: str, ballot: Ballot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body, self.ballot = Body(body), tuple(ballot)
        if self.body is Body.PARTY:
            del self.fields["voters_listed_on"]
            self.fields["due"].label = "应到（有选举权的党员）"
        else:
            self.fields["due"].label = "登记选民"
            self.fields["attended"].label = "参加投票（含委托）"
        for place, (_, name, post) in enumerate(self.ballot):
            self.fields[f"votes_{place}"] = number_field(f"{P(post).label} {name} 得票")
        self.fields["vacancy_reason"] = text_field(
            "缺额留待补选的理由", "名额没有选齐、又不再另行选举时填写", required=False
        )

    def meeting(self) -> Meeting:
        said = self.cleaned_data
        count = Count(
            body=self.body, due=said["due"], attended=said["attended"], issued=said["issued"],
            returned=said["returned"], valid=said["valid"],
        )  # fmt: skip
        return Meeting(
            count=count,
            held_on=said["held_on"],
            votes={
                (who, post): said[f"votes_{place}"]
                for place, (who, _, post) in enumerate(self.ballot)
            },
            voters_listed_on=said.get("voters_listed_on"),
            vacancy_reason=said["vacancy_reason"],
        )


# --- looking back ---------------------------------------------------------------------------------


class CheckForm(forms.Form):
    result = forms.ChoiceField(label="结论", choices=ItemResult.choices(), widget=forms.RadioSelect)
    evidence = text_field("检查情况和佐证", "看了什么、问了谁；不涉及的可以不填", required=False)
    owner = forms.CharField(
        label="整改责任人", help_text="存在问题的填写", max_length=40, required=False
    )
    officer = forms.ChoiceField(label="涉及的村干部", help_text="存在问题的选择", required=False)

    def __init__(self, *args: Any, officers: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if officers is None:
            del self.fields["officer"]
        else:
            _offer(self, "officer", [("", "没有"), *officers])


RECALL_FIELDS = (
    ("voters", "登记选民"), ("proposers", "提出罢免的选民"), ("representatives", "村民代表"),
    ("proposing_representatives", "提出罢免的村民代表"), ("voted", "参加投票"),
    ("in_favour", "同意罢免"),
)  # fmt: skip


class MendForm(TodayForm):
    outcome = forms.ChoiceField(label="怎样整改", widget=forms.RadioSelect)
    text = text_field("整改情况")
    mended_on = day_field("整改日期")
    document_number = document_field("文号（免职的必填）", required=False)
    days = ("mended_on",)

    def __init__(self, *args: Any, outcomes: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "outcome", outcomes)
        codes = [code for code, _ in outcomes]
        if len(codes) == 1:
            self.initial.setdefault("outcome", codes[0])
        if MendOutcome.RECALLED in codes:
            for name, label in RECALL_FIELDS:
                self.fields[name] = number_field(f"{label}（人，罢免的填写）")
                self.fields[name].required = False

    def recall(self) -> Recall | None:
        said = self.cleaned_data
        if any(said.get(name) is None for name in ("voters", "voted", "in_favour")):
            return None
        return Recall(**{name: said.get(name) or 0 for name, _ in RECALL_FIELDS})


class ExemptForm(forms.Form):
    text = text_field("理由")
    document_number = document_field("批准文号")
