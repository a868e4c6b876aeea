"""Which appraisals were held, who was in them, and what did each side say (2.9)?"""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import F, Q

from lingyan.common.periods import Period
from lingyan.directory.models import Place
from lingyan.platform.columns import BlindIndexField, SealedField
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.appraisal_words import (
    AppealState,
    AppraisalGrade,
    AppraisalKind,
    AppraisalPart,
    AppraisalState,
    BallotMethod,
)


class AppraisalScheme(models.Model):
    """考评办法 of a county from a day on: weights, indicators, bands. Never altered, only followed.

    A cycle keeps its own copy, so a later version changes no result (R-0-21).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    kind = models.CharField("用于", max_length=10, choices=AppraisalKind.choices())
    valid_from = models.DateField("起用日期")
    clause = models.CharField("依据文件和条款", max_length=200)
    content = models.JSONField("权重和指标", default=dict)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("制定人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "考评办法"
        ordering = ("-valid_from", "-made_at", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}考评办法（{self.valid_from} 起）"

    def audit_place_path(self) -> str:
        return self.county.path


class AppraisalCycle(models.Model):
    """One appraisal of the county: who is in it, until when, and how far it has come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    kind = models.CharField("类别", max_length=10, choices=AppraisalKind.choices())
    name = models.CharField("名称", max_length=60)
    since = models.DateField("从哪天")
    until = models.DateField("到哪天前")
    state = models.CharField(
        "状态",
        max_length=12,
        choices=AppraisalState.choices(),
        default=AppraisalState.OPENED,
    )
    scheme = models.JSONField("权重和指标", default=dict, help_text="启动时定下，以后不变")
    due_on = models.DateField("评分和投票截止日")
    created_by_id = models.IntegerField(null=True)
    created_at = models.DateTimeField("启动时间")
    summarised_by_id = models.IntegerField(null=True, blank=True)
    summarised_by_name = models.CharField("汇总人", max_length=40, blank=True)
    summarised_on = models.DateField("汇总日期", null=True, blank=True)
    decision_text = models.TextField("研究意见", blank=True)
    decided_on = models.DateField("研究日期", null=True, blank=True)
    decided_by_id = models.IntegerField(null=True, blank=True)
    decided_by_name = models.CharField("研究登记人", max_length=40, blank=True)
    notified_on = models.DateField("反馈日期", null=True, blank=True)
    appeal_until = models.DateField("申诉截止日", null=True, blank=True)
    appeal_is_provisional = models.BooleanField("暂算", default=False)
    archived_on = models.DateField("归档日期", null=True, blank=True)
    digest = models.CharField("归档摘要", max_length=64, blank=True)
    cancelled_reason = models.TextField("取消原因", blank=True)

    class Meta:
        verbose_name = "考评"
        ordering = ("-until", "-created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "name"),
                condition=~Q(state="cancelled"),
                name="appraisal_name_once",
                violation_error_message="本县已有同名考评",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")),
                name="appraisal_until_after_since",
                violation_error_message="考评期的最后一天不能早于第一天",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.county.path

    @property
    def period(self) -> Period:
        return Period(self.since, self.until)


class AppraisalEntry(models.Model):
    """One person of one cycle. Ballots are counted, never kept: nothing leads back to a voter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(AppraisalCycle, models.PROTECT, related_name="entries")
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="appraisals", verbose_name="派驻"
    )
    left_out = models.CharField("不参加的原因", max_length=200, blank=True)
    satisfied = models.PositiveIntegerField("满意", default=0)
    basic = models.PositiveIntegerField("基本满意", default=0)
    unsatisfied = models.PositiveIntegerField("不满意", default=0)
    unknown = models.PositiveIntegerField("不了解", default=0)
    absences = models.PositiveSmallIntegerField("认定脱岗次数", default=0)
    score_top = models.BigIntegerField("得分的分子", null=True, blank=True)
    score_bottom = models.BigIntegerField("得分的分母", null=True, blank=True)
    computed_grade = models.CharField(
        "测算等次", max_length=12, choices=AppraisalGrade.choices(), blank=True
    )
    note = models.CharField("测算说明", max_length=200, blank=True)
    grade = models.CharField("等次", max_length=12, choices=AppraisalGrade.choices(), blank=True)
    changed_reason = models.TextField("调整理由", blank=True)
    changed_by_name = models.CharField("调整人", max_length=40, blank=True)

    class Meta:
        verbose_name = "考评结果"
        ordering = ("posting__village__path", "posting__kind", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("cycle", "posting"),
                name="appraisal_entry_once",
                violation_error_message="该同志已在本次考评中",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.cycle}"

    def audit_place_path(self) -> str:
        return self.posting.village.path

    @property
    def score(self) -> Fraction | None:
        if self.score_top is None or not self.score_bottom:
            return None
        return Fraction(self.score_top, self.score_bottom)


class AppraisalScore(models.Model):
    """What the town, the county or the unit gave one person, indicator by indicator."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(AppraisalEntry, models.PROTECT, related_name="scores")
    part = models.CharField("评分方", max_length=8, choices=AppraisalPart.choices())
    points = models.JSONField("各项得分", default=list)
    total = models.PositiveSmallIntegerField("得分")
    given_by_id = models.IntegerField(null=True)
    given_by_name = models.CharField("评分人", max_length=40)
    given_at = models.DateTimeField("评分时间")

    class Meta:
        verbose_name = "考评评分"
        ordering = ("entry", "part")
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "part"),
                name="appraisal_score_once",
                violation_error_message="这一方已经评过分",
            ),
            models.CheckConstraint(
                condition=Q(total__lte=100),
                name="appraisal_score_up_to_100",
                violation_error_message="得分不超过 100 分",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry} {self.get_part_display()}"

    def audit_place_path(self) -> str:
        return self.entry.audit_place_path()


class BallotBox(models.Model):
    """The ballots of a village in a cycle: how many went out and came back, not what each says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(AppraisalCycle, models.PROTECT, related_name="boxes")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    households = models.PositiveIntegerField("全村户数")
    slips = models.PositiveIntegerField("选票张数", default=0)
    method = models.CharField(
        "投票方式", max_length=6, choices=BallotMethod.choices(), default=BallotMethod.NONE,
        blank=True,
    )  # fmt: skip
    cast = models.PositiveIntegerField("收回票数", default=0)
    handed_out_on = models.DateField("发放日期", null=True, blank=True)
    handed_out_by_name = models.CharField("发放登记人", max_length=40, blank=True)
    counters = models.CharField("唱票人、监票人", max_length=80, blank=True)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("制票人", max_length=40)
    made_at = models.DateTimeField("制票时间")

    class Meta:
        verbose_name = "村民投票"
        ordering = ("village__path", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("cycle", "village"),
                name="ballot_box_once",
                violation_error_message="这个村已经制票",
            ),
            models.CheckConstraint(
                condition=Q(cast__lte=F("slips")),
                name="ballot_box_cast_up_to_slips",
                violation_error_message="收回的票数不能多于发出的张数",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle} {self.village}"

    def audit_place_path(self) -> str:
        return self.village.path


class BallotCode(models.Model):
    """A code on a slip: shown until it goes out, used or not after that, and no time of either."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="codes")
    sealed: Any = SealedField("编号(加密)", null=True, blank=True)
    index = BlindIndexField("编号摘要", of="sealed", unique=True)
    live = models.BooleanField("已发放", default=False)
    used = models.BooleanField("已投", default=False)

    class Meta:
        verbose_name = "选票编号"
        ordering = ("box", "pk")

    def __str__(self) -> str:
        return str(self.box)

    def audit_place_path(self) -> str:
        return self.box.audit_place_path()


class AppraisalAppeal(models.Model):
    """申诉 of a person against the result, and what the review said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(
        AppraisalEntry, models.PROTECT, related_name="appeal", verbose_name="考评结果"
    )
    text = models.TextField("申诉理由")
    made_on = models.DateField("申诉日期")
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("提出人", max_length=40)
    due_on = models.DateField("复核期限")
    due_is_provisional = models.BooleanField("暂算", default=False)
    state = models.CharField(
        "状态", max_length=8, choices=AppealState.choices(), default=AppealState.OPEN
    )
    grade_before = models.CharField(
        "原等次", max_length=12, choices=AppraisalGrade.choices(), blank=True
    )
    answer = models.TextField("复核意见", blank=True)
    decided_on = models.DateField("复核日期", null=True, blank=True)
    decided_by_id = models.IntegerField(null=True, blank=True)
    decided_by_name = models.CharField("复核登记人", max_length=40, blank=True)

    class Meta:
        verbose_name = "考评申诉"
        ordering = ("-made_on", "pk")

    def __str__(self) -> str:
        return f"{self.entry} 申诉"

    def audit_place_path(self) -> str:
        return self.entry.audit_place_path()
