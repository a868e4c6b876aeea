"""What else belongs to a pair's year: deeds, youth, a path, meetings and visits, projects?"""

from __future__ import annotations

import uuid
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from lingyan.directory.scoping import place_q
from lingyan.pairing.models.activities import KeptVersion, OfPairs, OfPairsQuerySet
from lingyan.pairing.models.pairings import Pairing
from lingyan.pairing.rules.activity_words import (
    ActivityMode,
    ConfirmedBy,
    DeedState,
    MeetingKind,
    PairSide,
    PathState,
    ProjectState,
)
from lingyan.platform.accounts.actor import Scope


class PairDeedQuerySet(OfPairsQuerySet["PairDeed"]):
    pass


class PairDeed(OfPairs):
    """实事: done for people of the village, and counted once one of them has confirmed it."""

    title = models.CharField("办了什么实事", max_length=60)
    text = models.TextField("怎样办的")
    done_on = models.DateField("办成日期")
    beneficiaries = models.PositiveSmallIntegerField("受益人数", default=0)
    state = models.CharField(
        "状态", max_length=10, choices=DeedState.choices(), default=DeedState.WAITING
    )
    confirmed_on = models.DateField("群众确认日期", null=True, blank=True)
    withdrawn = models.CharField("撤回理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = PairDeedQuerySet.as_manager()

    class Meta:
        verbose_name = "结对实事"
        ordering = ("-done_on", "pk")
        indexes = (
            models.Index(fields=("state", "done_on"), name="pair_deed_by_state"),
            models.Index(fields=("done_on", "id", "county"), name="pair_deed_by_day"),
        )

    def __str__(self) -> str:
        return self.title


class DeedVersion(KeptVersion):
    deed = models.ForeignKey(PairDeed, models.CASCADE, related_name="versions")

    class Meta:
        verbose_name = "实事的旧版本"
        ordering = ("deed", "-number")
        constraints = (
            models.UniqueConstraint(fields=("deed", "number"), name="deed_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.deed} 第 {self.number} 版"


class DeedConfirmation(models.Model):
    """One of those whom a deed served says that it was done."""

    deed = models.ForeignKey(PairDeed, models.CASCADE, related_name="confirmations")
    name = models.CharField("受益群众", max_length=40)
    means = models.CharField("确认方式", max_length=8, choices=ConfirmedBy.choices())
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=60)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "群众确认"
        ordering = ("deed", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("deed", "name"), name="deed_confirmed_once_by_each",
                violation_error_message="这位群众已经确认过",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.deed} {self.name}"


Row = TypeVar("Row", bound=models.Model)


class OfPairQuerySet(models.QuerySet[Row]):
    """Things of one pair."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(
            place_q(scope, "pairing__village__") | Q(pairing__unit_id__in=scope.unit_ids)
        )


class OfPair(models.Model):
    """What belongs to one pair alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="%(class)s_set", verbose_name="结对"
    )
    side = models.CharField("登记的一方", max_length=8, choices=PairSide.choices())
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=60)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        abstract = True

    def audit_place_path(self) -> str:
        return self.pairing.village.path


class PairYouthQuerySet(OfPairQuerySet["PairYouth"]):
    pass


class PairYouth(OfPair):
    """农村青年党员骨干: one of those whom the unit trains, by name (F4)."""

    name = models.CharField("姓名", max_length=40)
    birth_on = models.DateField("出生日期")
    trained_on = models.DateField("培育日期")
    content = models.CharField("怎样培育", max_length=200)
    mentor = models.CharField("单位的带教人", max_length=40, blank=True)
    withdrawn = models.CharField("撤回理由", max_length=200, blank=True)

    objects = PairYouthQuerySet.as_manager()

    class Meta:
        verbose_name = "青年党员骨干"
        ordering = ("-trained_on", "name", "pk")
        indexes = (models.Index(fields=("pairing", "trained_on"), name="pair_youth_by_pair"),)

    def __str__(self) -> str:
        return self.name


class PairPathQuerySet(OfPairQuerySet["PairPath"]):
    pass


class PairPath(OfPair):
    """发展路子: the document and the meeting in which the village approved it (F5)."""

    title = models.CharField("题目", max_length=60)
    text = models.TextField("主要内容")
    drafted_on = models.DateField("提出日期")
    state = models.CharField(
        "状态", max_length=10, choices=PathState.choices(), default=PathState.DRAFTED
    )
    approved_on = models.DateField("研究通过日期", null=True, blank=True)
    meeting = models.CharField("在什么会议上通过", max_length=100, blank=True)
    withdrawn = models.CharField("撤回理由", max_length=200, blank=True)

    objects = PairPathQuerySet.as_manager()

    class Meta:
        verbose_name = "发展路子"
        ordering = ("-drafted_on", "pk")
        indexes = (models.Index(fields=("pairing", "approved_on"), name="pair_path_by_pair"),)

    def __str__(self) -> str:
        return self.title


class PairMeetingQuerySet(OfPairsQuerySet["PairMeeting"]):
    def counted(self) -> Self:
        return self.filter(withdrawn="")


class PairMeeting(OfPairs):
    """联席会议 or 互访 (3.4): when, who, what was agreed."""

    kind = models.CharField("类别", max_length=14, choices=MeetingKind.choices())
    mode = models.CharField(
        "方式", max_length=8, choices=ActivityMode.choices(), default=ActivityMode.OFFLINE
    )
    day = models.DateField("日期")
    with_whom = models.CharField("双方参加的人", max_length=200)
    topics = models.TextField("议了什么、看了什么")
    agreed = models.TextField("议定的事", blank=True)
    withdrawn = models.CharField("撤回理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = PairMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "联席会议和互访"
        ordering = ("-day", "pk")
        indexes = (
            models.Index(fields=("day", "id", "county"), name="pair_meeting_by_day"),
            models.Index(fields=("kind", "day"), name="pair_meeting_by_kind"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class MeetingVersion(KeptVersion):
    meeting = models.ForeignKey(PairMeeting, models.CASCADE, related_name="versions")

    class Meta:
        verbose_name = "联席会议和互访的旧版本"
        ordering = ("meeting", "-number")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "number"), name="meeting_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.meeting} 第 {self.number} 版"


class PairProjectQuerySet(OfPairsQuerySet["PairProject"]):
    pass


class PairProject(OfPairs):
    """共建项目 (项目化推进): a name, who answers for it, and its milestones."""

    name = models.CharField("项目", max_length=60)
    text = models.TextField("内容", blank=True)
    owner = models.CharField("负责人", max_length=40)
    since = models.DateField("开始日期")
    due_on = models.DateField("计划完成日期")
    state = models.CharField(
        "状态", max_length=8, choices=ProjectState.choices(), default=ProjectState.RUNNING
    )
    closed_on = models.DateField("完成（停止）日期", null=True, blank=True)
    close_text = models.CharField("完成（停止）情况", max_length=200, blank=True)

    objects = PairProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "共建项目"
        ordering = ("-since", "pk")
        indexes = (
            models.Index(fields=("state", "due_on"), name="pair_project_by_state"),
            models.Index(fields=("since", "id", "county"), name="pair_project_by_day"),
        )

    def __str__(self) -> str:
        return self.name


class ProjectMilestone(models.Model):
    """One step of a project: until when, and when it was reached."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(PairProject, models.CASCADE, related_name="milestones")
    name = models.CharField("节点", max_length=60)
    due_on = models.DateField("期限")
    reached_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        verbose_name = "项目节点"
        ordering = ("due_on", "pk")
        indexes = (models.Index(fields=("reached_on", "due_on"), name="milestone_by_due"),)

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.project.audit_place_path()


class PairYearPlanQuerySet(OfPairQuerySet["PairYearPlan"]):
    pass


class PairYearPlan(OfPair):
    """年度计划 of a pair in words; what is planned for a day are activities."""

    year = models.PositiveSmallIntegerField("年度")
    text = models.TextField("计划做什么")

    objects = PairYearPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "结对年度计划"
        ordering = ("-year", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("pairing", "year"), name="pair_year_plan_once",
                violation_error_message="这一年的计划已经写过",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pairing} {self.year} 年计划"
