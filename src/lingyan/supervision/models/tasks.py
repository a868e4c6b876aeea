"""What must be done by whom until when, and with whom does it lie now (R-13-01)?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.platform.photos.kept import KeptPhoto
from lingyan.supervision.rules.words import TaskLevel, TaskState


class SupervisionTask(models.Model):
    """督办任务. Two clocks: since it arose, and since it is with whom it is with now.

    The source is named, not pointed at: this floor lies below the modules that raise tasks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source_label = models.CharField("来源类别", max_length=60, blank=True)
    source_id = models.UUIDField("来源记录", null=True, blank=True)
    source_title = models.CharField("来源", max_length=120, blank=True)
    source_page = models.CharField("来源页面", max_length=60, blank=True)
    rule = models.CharField("依据", max_length=20, blank=True)
    period = models.CharField("所属时段", max_length=20, blank=True)
    what = models.CharField("事项", max_length=500)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="所在地")
    asked = models.ForeignKey(
        Place, models.PROTECT, related_name="supervision_tasks", verbose_name="最初交办"
    )
    office = models.ForeignKey(
        Place, models.PROTECT, related_name="supervision_tasks_here", verbose_name="现在何处"
    )
    level = models.CharField("层级", max_length=8, choices=TaskLevel.choices())
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="supervision_tasks",
        verbose_name="责任单位",
    )  # fmt: skip
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="supervision_tasks",
        verbose_name="责任人",
    )  # fmt: skip
    due_on = models.DateField("办结期限")
    is_evidence_required = models.BooleanField("须附佐证", default=False)
    came_at = models.DateTimeField("产生时间")
    with_you_at = models.DateTimeField("到现责任方时间")
    accept_by = models.DateField("接收期限")
    state = models.CharField(
        "状态", max_length=10, choices=TaskState.choices(), default=TaskState.OPEN
    )
    accepted_by_id = models.BigIntegerField(null=True)
    accepted_by_name = models.CharField("接收人", max_length=40, blank=True)
    accepted_at = models.DateTimeField("接收时间", null=True, blank=True)
    answer = models.CharField("办理情况", max_length=500, blank=True)
    evidence = models.CharField("佐证", max_length=500, blank=True)
    links = models.JSONField("相关记录", default=list, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField("报结人", max_length=40, blank=True)
    answered_on = models.DateField("报结日期", null=True, blank=True)
    remark = models.CharField("核验意见", max_length=500, blank=True)
    checked_by_name = models.CharField("核验人", max_length=40, blank=True)
    checked_on = models.DateField("核验日期", null=True, blank=True)
    # Long overdue: told once to the office above (0.8), which sees it until it is settled.
    reported_on = models.DateField("严重超期上报日期", null=True, blank=True)
    reported_to = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上报至"
    )
    reported_level = models.CharField(
        "上报层级", max_length=8, blank=True, choices=TaskLevel.choices()
    )
    raised_by_id = models.BigIntegerField(null=True)
    raised_by_name = models.CharField("交办人", max_length=40)
    raised_by_role = models.CharField("交办身份", max_length=30)

    class Meta:
        verbose_name = "督办任务"
        ordering = ("due_on", "came_at", "pk")
        indexes = (
            models.Index(fields=("state", "due_on", "id"), name="task_by_state"),
            models.Index(fields=("state", "accept_by"), name="task_by_accept"),
            models.Index(fields=("due_on", "came_at", "id"), name="task_by_due"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("source_label", "source_id", "rule", "period"),
                condition=Q(source_id__isnull=False),
                name="task_once_per_source_and_rule",
                violation_error_message="这件事已经交办",
            ),
            models.CheckConstraint(
                condition=~Q(level="unit") | Q(unit__isnull=False),
                name="task_of_unit_names_it",
                violation_error_message="交单位办理的任务应写明单位",
            ),
        )

    def __str__(self) -> str:
        return self.what[:40]

    def audit_place_path(self) -> str:
        return self.asked.path

    @property
    def holder(self) -> str:
        """With whom it lies now, in words."""
        unit = self.unit if self.level == TaskLevel.UNIT else None
        return str(self.person or unit or self.office)


class TaskPhoto(KeptPhoto):
    """A photo that shows what was done, or the paper of it; made smaller, kept sealed."""

    task = models.ForeignKey(
        SupervisionTask, models.CASCADE, related_name="photos", verbose_name="督办任务"
    )
    added_by_name = models.CharField("加入人", max_length=40)

    class Meta:
        verbose_name = "督办佐证照片"
        ordering = ("added_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("task", "digest"),
                name="task_photo_once",
                violation_error_message="这张照片已经在这项任务里",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} 的照片"
