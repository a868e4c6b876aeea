"""Who let something through a gate, for what, why, by which document and until when?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Place
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class GateOverrideQuerySet(models.QuerySet["GateOverride"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "place__"))


class GateOverride(models.Model):
    """放行: one gate for one record, listed in the monthly report (12)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gate = models.CharField("关口", max_length=6)
    subject_label = models.CharField("对象类别", max_length=60)
    subject_id = models.UUIDField("对象")
    subject_title = models.CharField("放行对象", max_length=120)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="gate_overrides", verbose_name="所在地"
    )
    reason = models.CharField("理由", max_length=500)
    document = models.CharField("批准文件", max_length=80)
    since = models.DateField("放行日期")
    until = models.DateField("放行至（不含）", null=True, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("放行人", max_length=40)
    made_by_role = models.CharField("放行身份", max_length=30)
    made_at = models.DateTimeField("登记时间")

    objects = GateOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = "关口放行"
        ordering = ("-since", "-made_at", "pk")
        indexes = (
            models.Index(fields=("gate", "subject_id"), name="override_by_subject"),
            models.Index(fields=("-since", "-made_at", "id"), name="override_by_day"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document=""),
                name="override_says_why",
                violation_error_message="放行须写明理由和批准文件",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gate} {self.subject_title}"

    def audit_place_path(self) -> str:
        return self.place.path
