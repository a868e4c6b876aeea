"""What did the departments of the county answer of whoever stands or is in office (1.7, R-1-31)?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import place_q
from lingyan.organization.models.term_changes import TermChange
from lingyan.organization.rules.term_words import (
    Department,
    ReviewPurpose,
    ReviewResult,
    SeatWay,
)
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class JointReviewQuerySet(models.QuerySet["JointReview"]):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever is above the village, and the departments that were asked."""
        seen = place_q(scope, "village__")
        if scope.unit_ids:
            asked = ReviewAnswer.objects.filter(review=OuterRef("pk"), unit_id__in=scope.unit_ids)
            seen |= Q(Exists(asked))
        return self.filter(seen)


class JointReview(models.Model):
    """县级联审 of one person: a candidate of a term change, or a cadre in office once a year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="joint_reviews", verbose_name="人员"
    )
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="joint_reviews", verbose_name="村"
    )
    purpose = models.CharField("事由", max_length=10, choices=ReviewPurpose.choices())
    change = models.ForeignKey(
        TermChange,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name="换届",
    )
    opened_on = models.DateField("发起日期")
    due_on = models.DateField("答复期限")
    is_provisional = models.BooleanField("暂算", default=False)
    exempted = models.JSONField("批准例外的情形", default=list, blank=True)
    exempt_reason = models.TextField("批准例外的理由", blank=True)
    exempt_number = models.CharField("批准文号", max_length=60, blank=True)
    exempted_by_name = models.CharField("批准人", max_length=40, blank=True)
    exempted_on = models.DateField("批准日期", null=True, blank=True)
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_name = models.CharField("发起人", max_length=40)
    opened_at = models.DateTimeField("发起时间")

    objects = JointReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "资格联审"
        ordering = ("-opened_at", "pk")
        indexes = (models.Index(fields=("person", "-opened_at"), name="joint_review_of_person"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(purpose=ReviewPurpose.YEARLY, change__isnull=True)
                | Q(purpose=ReviewPurpose.CANDIDACY, change__isnull=False),
                name="joint_review_of_a_change_or_of_the_year",
                violation_error_message="换届候选人的联审应写明是哪次换届",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}{self.person}资格联审"

    def audit_place_path(self) -> str:
        return self.village.path


class ReviewAnswerQuerySet(models.QuerySet["ReviewAnswer"]):
    def visible_to(self, scope: Scope) -> Self:
        seen = place_q(scope, "village__")
        if scope.unit_ids:
            seen |= Q(unit_id__in=scope.unit_ids)
        return self.filter(seen)

    def waiting(self) -> Self:
        return self.filter(result="")


class ReviewAnswer(models.Model):
    """What one department was asked and answers. `unit` is the department as the register knows it.

    What stands in `text` is for those who decide and for the department alone (10.1).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(
        JointReview, models.PROTECT, related_name="answers", verbose_name="资格联审"
    )
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    department = models.CharField("部门", max_length=16, choices=Department.choices())
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    result = models.CharField("结论", max_length=8, blank=True, choices=ReviewResult.choices())
    items = models.JSONField("问题", default=list, blank=True)
    text = models.TextField("情况", blank=True)
    letter_number = models.CharField("来函文号", max_length=60, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField("答复人", max_length=40, blank=True)

    objects = ReviewAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "联审答复"
        ordering = ("review", "department", "pk")
        indexes = (
            models.Index(fields=("department", "result", "village"), name="review_answer_asked"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("review", "department"),
                name="review_department_once",
                violation_error_message="该部门已在联审名单里",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_department_display()}联审{self.review.person}"

    def audit_place_path(self) -> str:
        return self.village.path


class ReviewSeat(models.Model):
    """联审部门: who answers for a department of the county from a day on; the latest line holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    department = models.CharField("部门", max_length=16, choices=Department.choices())
    way = models.CharField("怎样答复", max_length=6, choices=SeatWay.choices())
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    since = models.DateField("从哪天起")
    clause = models.CharField("依据的文件", max_length=120)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "联审部门"
        ordering = ("department", "-since", "-made_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(way=SeatWay.UNIT, unit__isnull=False)
                | (~Q(way=SeatWay.UNIT) & Q(unit__isnull=True)),
                name="review_seat_names_its_unit",
                violation_error_message="由单位答复的应写明单位",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_department_display()}：{self.unit or self.get_way_display()}"

    def audit_place_path(self) -> str:
        return self.county.path
