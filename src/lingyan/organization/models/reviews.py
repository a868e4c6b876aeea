"""What is each secretary responsible for, how was the year reviewed, what was a unit worth?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import place_q
from lingyan.organization.rules.review_words import (
    DutyLevel,
    DutyTopic,
    Grade,
    PaperState,
    ReportForm,
    ReviewState,
)
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class DutyListQuerySet(models.QuerySet["DutyList"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids))


class DutyList(models.Model):
    """党建责任清单 of the secretary of a village, a town or a unit for a year (R-13-03)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    level = models.CharField("层级", max_length=8, choices=DutyLevel.choices())
    year = models.PositiveSmallIntegerField("年度")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="所在地")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    secretary = models.CharField("书记", max_length=40, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=PaperState.choices(), default=PaperState.DRAFT
    )
    remark = models.CharField("退回理由", max_length=300, blank=True)
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by_name = models.CharField("提交人", max_length=60, blank=True)
    submitted_on = models.DateField("提交日期", null=True, blank=True)
    decided_by_name = models.CharField("批准人", max_length=60, blank=True)
    decided_on = models.DateField("批准日期", null=True, blank=True)

    objects = DutyListQuerySet.as_manager()

    class Meta:
        verbose_name = "党建责任清单"
        ordering = ("-year", "place__path", "pk")
        indexes = (models.Index(fields=("year", "level", "state"), name="duty_by_year"),)
        constraints = (
            models.UniqueConstraint(
                fields=("year", "level", "place"), condition=Q(unit__isnull=True),
                name="duty_once_per_place", violation_error_message="这一年的责任清单已经有了",
            ),
            models.UniqueConstraint(
                fields=("year", "unit"), condition=Q(unit__isnull=False),
                name="duty_once_per_unit", violation_error_message="这一年的责任清单已经有了",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit or self.place} {self.year} 年党建责任清单"

    def audit_place_path(self) -> str:
        return self.place.path


class DutyItem(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty_list = models.ForeignKey(DutyList, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField("序号")
    topic = models.CharField("项目", max_length=10, choices=DutyTopic.choices())
    duty = models.CharField("责任", max_length=300)
    measure = models.CharField("措施", max_length=300, blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    indicator = models.CharField("对应指标", max_length=12, blank=True)

    class Meta:
        verbose_name = "责任事项"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("duty_list", "number"), name="duty_item_number_once",
                violation_error_message="序号重复",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.duty


class ReviewRoundQuerySet(models.QuerySet["ReviewRound"]):
    def visible_to(self, scope: Scope) -> Self:
        """Rounds of the places in scope, and those in which the own village or unit stands."""
        of_own = SecretaryReview.objects.filter(
            place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids)
        )
        return self.filter(place_q(scope, "place__") | Q(pk__in=of_own.values("round")))


class ReviewRound(models.Model):
    """述职评议考核 of the secretaries of one level in one year (R-13-04).

    Of the villages by each town; of towns and units by the county.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    level = models.CharField("层级", max_length=8, choices=DutyLevel.choices())
    year = models.PositiveSmallIntegerField("年度")
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", verbose_name="组织评议的地方"
    )
    form = models.CharField("述职方式", max_length=8, choices=ReportForm.choices())
    state = models.CharField(
        "状态", max_length=16, choices=ReviewState.choices(), default=ReviewState.OPENED
    )
    opened_on = models.DateField("启动日期")
    counted_by_id = models.BigIntegerField(null=True)
    graded_on = models.DateField("定等次日期", null=True, blank=True)
    archived_on = models.DateField("归档日期", null=True, blank=True)

    objects = ReviewRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "述职评议"
        ordering = ("-year", "level", "place__path")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "level", "place"), name="review_once_per_year",
                violation_error_message="这一年的述职评议已经启动",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.place} {self.year} 年{self.get_level_display()}述职评议"

    def audit_place_path(self) -> str:
        return self.place.path


class SecretaryReview(models.Model):
    """One secretary in a round: report, counted ballots, grade; never who voted how."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="results")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="所在地")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="书记"
    )
    name = models.CharField("书记", max_length=40)
    facts = models.JSONField("述职事实", default=list)  # [label, value], … as confirmed
    remark = models.CharField("补充说明", max_length=500, blank=True)
    reported_on = models.DateField("述职日期", null=True, blank=True)
    excused = models.CharField("未述职的原因", max_length=300, blank=True)
    good = models.PositiveIntegerField("好", default=0)
    fairly_good = models.PositiveIntegerField("较好", default=0)
    fair = models.PositiveIntegerField("一般", default=0)
    poor = models.PositiveIntegerField("差", default=0)
    grade = models.CharField("等次", max_length=12, blank=True, choices=Grade.choices())
    is_weak_development = models.BooleanField("发展党员工作不力", null=True)
    weak_reason = models.CharField("认定理由", max_length=300, blank=True)
    graded_by_name = models.CharField("评定人", max_length=60, blank=True)

    class Meta:
        verbose_name = "书记述职评议结果"
        ordering = ("place__path", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "place"), condition=Q(unit__isnull=True),
                name="review_result_of_place", violation_error_message="这一位已在名单里",
            ),
            models.UniqueConstraint(
                fields=("round", "unit"), condition=Q(unit__isnull=False),
                name="review_result_of_unit", violation_error_message="这一位已在名单里",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit or self.place} {self.name}"

    @property
    def votes(self) -> int:
        return self.good + self.fairly_good + self.fair + self.poor

    def audit_place_path(self) -> str:
        return self.place.path


class ReviewProblem(models.Model):
    """A problem of a review; its mending is a supervision task (R-13-01)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey(SecretaryReview, models.CASCADE, related_name="problems")
    text = models.CharField("问题", max_length=300)
    due_on = models.DateField("整改期限")
    task_id = models.UUIDField("督办任务", null=True, blank=True)

    class Meta:
        verbose_name = "述职评议问题"
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.text

    def audit_place_path(self) -> str:
        return self.result.place.path


class AgencyTargetQuerySet(models.QuerySet["AgencyTarget"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "unit__place__") | Q(unit_id__in=scope.unit_ids))


class AgencyTarget(models.Model):
    """机关党建年度目标考评 of one unit (R-13-05); points and total in hundredths."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="agency_targets", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    points = models.JSONField("其余各项得分", default=dict)
    pairing_score = models.PositiveIntegerField("结对得分", null=True, blank=True)
    has_pairing = models.BooleanField("有结对任务", default=False)
    total = models.PositiveIntegerField("总分", null=True, blank=True)
    evidence = models.CharField("佐证", max_length=300, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=PaperState.choices(), default=PaperState.DRAFT
    )
    remark = models.CharField("退回理由", max_length=300, blank=True)
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by_name = models.CharField("提交人", max_length=60, blank=True)
    decided_by_name = models.CharField("批准人", max_length=60, blank=True)
    decided_on = models.DateField("批准日期", null=True, blank=True)

    objects = AgencyTargetQuerySet.as_manager()

    class Meta:
        verbose_name = "机关党建目标考评"
        ordering = ("-year", "unit__name")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "year"), name="target_once_per_year",
                violation_error_message="这个单位这一年已有目标考评",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit} {self.year} 年机关党建目标考评"

    def audit_place_path(self) -> str:
        return self.unit.place.path
