"""What was each pair's year worth, and who said so (R-3-06)?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lingyan.pairing.models.pairings import Pairing
from lingyan.pairing.rules.assessments import AssessmentState, written
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class PairAssessmentQuerySet(models.QuerySet["PairAssessment"]):
    def visible_to(self, scope: Scope) -> Self:
        pairs = Pairing.objects.visible_to(scope)
        return self.filter(Exists(pairs.filter(pk=OuterRef("pairing"))))

    def confirmed(self) -> Self:
        return self.filter(state=AssessmentState.CONFIRMED)


class PairAssessment(models.Model):
    """年度考评 of a pair. `facts`, `items` and `score` (hundredths) are frozen when confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="assessments", verbose_name="结对"
    )
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=AssessmentState.choices())
    village_points = models.PositiveSmallIntegerField("村评价分")
    village_text = models.TextField("村评价意见")
    evaluated_by_id = models.BigIntegerField(null=True)
    evaluated_by_name = models.CharField("评价登记人", max_length=40)
    evaluated_on = models.DateField("评价日期")
    returned_reason = models.TextField("退回原因", blank=True)
    facts = models.JSONField("取数", default=dict, blank=True)
    items = models.JSONField("五项得分(百分之一分)", default=dict, blank=True)
    score = models.PositiveSmallIntegerField("得分(百分之一分)", null=True, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True, blank=True)
    confirmed_by_name = models.CharField("确认人", max_length=40, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)

    objects = PairAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "结对年度考评"
        ordering = ("-year", "pairing__village__path", "pk")
        indexes = (
            models.Index(fields=("year", "state", "pairing"), name="pair_assessment_by_year"),
            models.Index(fields=("year", "score"), name="pair_assessment_by_score"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("pairing", "year"),
                name="pair_assessment_once_a_year",
                violation_error_message="这对结对本年度已有考评",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(score__isnull=False),
                name="pair_assessment_confirmed_has_score",
                violation_error_message="确认时应有得分",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pairing} {self.year} 年度考评"

    def audit_place_path(self) -> str:
        return self.pairing.village.path

    @property
    def shown_score(self) -> str:
        return "" if self.score is None else written(self.score)
