"""With whom was what talked over, by whose decision, and who looked again (R-13-02)?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person, Place
from lingyan.supervision.models.tasks import SupervisionTask
from lingyan.supervision.rules.words import InterviewKind, InterviewState


class Interview(models.Model):
    """约谈. Only a person decides on it; the system shows facts and raises a task."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="interviews", verbose_name="约谈对象"
    )
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="interviews", verbose_name="所在地"
    )
    task = models.ForeignKey(
        SupervisionTask, models.PROTECT, null=True, blank=True, related_name="interviews",
        verbose_name="督办任务",
    )  # fmt: skip
    kind = models.CharField("方式", max_length=8, choices=InterviewKind.choices())
    rule = models.CharField("依据", max_length=60)
    ground = models.CharField("事由", max_length=500)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField("决定人", max_length=40)
    decided_by_role = models.CharField("决定身份", max_length=30)
    decided_on = models.DateField("决定日期")
    interviewer_id = models.BigIntegerField(null=True)
    interviewer_name = models.CharField("约谈人", max_length=40)
    planned_on = models.DateField("约谈日期")
    held_on = models.DateField("实际约谈日期", null=True, blank=True)
    record = models.CharField("约谈记录", max_length=1000, blank=True)
    statement = models.CharField("本人陈述", max_length=500, blank=True)
    measures = models.CharField("整改措施", max_length=500, blank=True)
    measures_due_on = models.DateField("整改期限", null=True, blank=True)
    review_due_on = models.DateField("回访期限", null=True, blank=True)
    reviewed_on = models.DateField("回访日期", null=True, blank=True)
    review_note = models.CharField("回访情况", max_length=500, blank=True)
    state = models.CharField(
        "状态",
        max_length=10,
        choices=InterviewState.choices(),
        default=InterviewState.PLANNED,
    )

    class Meta:
        verbose_name = "约谈"
        ordering = ("-decided_on", "pk")
        indexes = (
            models.Index(fields=("state", "review_due_on"), name="interview_by_state"),
            models.Index(fields=("-decided_on", "id"), name="interview_by_day"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(decided_by_name="") & ~Q(ground=""),
                name="interview_is_decided_on_a_ground",
                violation_error_message="约谈须由有权人员决定并写明事由",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}（{self.get_kind_display()}）"

    def audit_place_path(self) -> str:
        return self.place.path
