"""How does a village choose its next two committees, who stands, and who was chosen (1.7)?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from lingyan.directory.models import Person, Place
from lingyan.directory.rules import OfficerPost
from lingyan.directory.scoping import place_q
from lingyan.organization.rules.term_words import (
    Body,
    MeetingKind,
    TermChangeState,
)
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class TermChangeQuerySet(models.QuerySet["TermChange"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "village__"))

    def under_way(self) -> Self:
        return self.exclude(state=TermChangeState.CLOSED)


class TermChange(models.Model):
    """换届 of one village: both committees are chosen in one process, body by body.

    `seats` says how many are chosen for each post, and with it which bodies are chosen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="term_changes", verbose_name="村"
    )
    state = models.CharField(
        "状态",
        max_length=12,
        choices=TermChangeState.choices(),
        default=TermChangeState.PREPARING,
    )
    state_since = models.DateField("进入现状态的日期")
    planned_on = models.DateField("计划选举日")
    seats = models.JSONField("应选名额", default=dict)
    plan_text = models.TextField("换届方案")
    plan_made_by = models.CharField(max_length=20, blank=True)
    plan_approved_on = models.DateField("方案批准日期", null=True, blank=True)
    analysis = models.TextField("村情和班子分析", blank=True)
    vacancy_reason = models.TextField("缺额原因", blank=True)
    new_committee_on = models.DateField("新一届产生日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    posts_approved_on = models.DateField("党内职务批复日期", null=True, blank=True)
    approval_number = models.CharField("批复文号", max_length=60, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    filing_number = models.CharField("备案文号", max_length=60, blank=True)
    handed_over_on = models.DateField("移交日期", null=True, blank=True)
    handed_items = models.JSONField("移交内容", default=list, blank=True)
    handed_by = models.CharField("移交人", max_length=40, blank=True)
    received_by = models.CharField("接收人", max_length=40, blank=True)
    supervised_by = models.CharField("乡镇监交人", max_length=40, blank=True)
    late_reason = models.TextField("超期原因", blank=True)
    looked_back_on = models.DateField("回头看完成日期", null=True, blank=True)
    created_by_id = models.BigIntegerField("建立账号", null=True)
    created_at = models.DateTimeField("建立时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = TermChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "换届"
        ordering = ("village__path", "-created_at", "pk")
        indexes = (models.Index(fields=("state", "village"), name="term_change_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("village",),
                condition=~Q(state=TermChangeState.CLOSED),
                name="term_change_under_way_once",
                violation_error_message="该村的换届正在进行",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}换届"

    def audit_place_path(self) -> str:
        return self.village.path


class TermChangeStep(models.Model):
    """One step of a term change with what was said about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(
        TermChange, models.PROTECT, related_name="steps", verbose_name="换届"
    )
    act = models.CharField("事项", max_length=20)
    happened_on = models.DateField("日期")
    text = models.TextField("说明", blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("经办人", max_length=40)
    made_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "换届事项"
        ordering = ("-made_at", "pk")

    def __str__(self) -> str:
        return f"{self.change} {self.act}"

    def audit_place_path(self) -> str:
        return self.change.village.path


class ElectionCandidate(models.Model):
    """Somebody who stands; whoever stepped back stays on record with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(
        TermChange, models.PROTECT, related_name="candidates", verbose_name="换届"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    posts = models.JSONField("参选职务", default=list)
    consented_on = models.DateField("本人同意日期", null=True, blank=True)
    resume = models.TextField("简历", blank=True)
    relatives_declared = models.BooleanField("已申报亲属", default=False)
    sources = models.JSONField("四类人员", default=list, blank=True)  # [category, evidence], …
    dropped_on = models.DateField("退出日期", null=True, blank=True)
    drop_reason = models.CharField("退出原因", max_length=200, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("提名人", max_length=40)
    made_at = models.DateTimeField("提名时间")

    class Meta:
        verbose_name = "候选人"
        ordering = ("change", "made_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("change", "person"),
                condition=Q(dropped_on__isnull=True),
                name="candidate_once",
                violation_error_message="该同志已是候选人",
            ),
        )

    def __str__(self) -> str:
        return f"{self.change}候选人{self.person}"

    def audit_place_path(self) -> str:
        return self.change.village.path


class ElectionMeeting(models.Model):
    """One meeting of one body in numbers. `invalid` says why it chose nobody; a meeting that was
    void afterwards (`void_reason`) counts for nothing either, and stays on record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(
        TermChange, models.PROTECT, related_name="meetings", verbose_name="换届"
    )
    body = models.CharField("班子", max_length=8, choices=Body.choices())
    kind = models.CharField("次别", max_length=8, choices=MeetingKind.choices())
    held_on = models.DateField("选举日")
    voters_listed_on = models.DateField("选民名单公布日期", null=True, blank=True)
    due = models.PositiveIntegerField("应到（登记选民）")
    attended = models.PositiveIntegerField("实到（参加投票）")
    issued = models.PositiveIntegerField("发出选票")
    returned = models.PositiveIntegerField("收回选票")
    valid = models.PositiveIntegerField("有效票")
    seats = models.JSONField("应选名额", default=dict)
    invalid = models.JSONField("无效的原因", default=list, blank=True)
    void_reason = models.TextField("宣布无效的原因", blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "选举会议"
        ordering = ("change", "made_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(attended__lte=F("due")) & Q(valid__lte=F("returned")),
                name="meeting_adds_up",
                violation_error_message="会议人数或票数前后不一致",
            ),
        )

    def __str__(self) -> str:
        return f"{self.change}{self.get_body_display()}选举"

    @property
    def counts(self) -> bool:
        return not self.invalid and not self.void_reason

    def audit_place_path(self) -> str:
        return self.change.village.path


class VoteCount(models.Model):
    """The votes of one candidate for one post in one meeting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(
        ElectionMeeting, models.PROTECT, related_name="tallies", verbose_name="选举会议"
    )
    candidate = models.ForeignKey(
        ElectionCandidate, models.PROTECT, related_name="tallies", verbose_name="候选人"
    )
    post = models.CharField("职务", max_length=30, choices=OfficerPost.choices())
    votes = models.PositiveIntegerField("得票")
    is_elected = models.BooleanField("当选", default=False)

    class Meta:
        verbose_name = "得票"
        ordering = ("meeting", "post", "-votes", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "candidate", "post"),
                name="votes_once",
                violation_error_message="该候选人的得票已经登记",
            ),
        )

    def __str__(self) -> str:
        return f"{self.candidate.person} {self.get_post_display()} {self.votes}"

    def audit_place_path(self) -> str:
        return self.meeting.change.village.path
