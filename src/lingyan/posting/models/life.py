"""Which steps has a posting taken, which leave was asked, and what do the months say?"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from lingyan.common.periods import ONE_DAY, Period
from lingyan.directory.models import Person, Place
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.life_words import AbsenceState, LeaveKind, LeaveState, StepState


class PostingStep(models.Model):
    """One step of a posting's life with what was said about it; some wait for a decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="steps", verbose_name="派驻")
    act = models.CharField("事项", max_length=20)
    state = models.CharField(
        "状态", max_length=10, choices=StepState.choices(), default=StepState.DONE
    )
    happened_on = models.DateField("日期")
    text = models.TextField("理由、说明", blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    training_hours = models.PositiveSmallIntegerField("培训学时", null=True, blank=True)
    substitute = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代理人"
    )
    village = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="调往的村"
    )
    planned_until = models.DateField("新的期满日", null=True, blank=True)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("经办人", max_length=40)
    made_at = models.DateTimeField("办理时间")
    decided_by_id = models.IntegerField(null=True, blank=True)
    decided_by_name = models.CharField("决定人", max_length=40, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    answer = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = "派驻事项"
        ordering = ("-made_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting",),
                condition=Q(state="proposed"),
                name="posting_step_one_proposal",
                violation_error_message="已有一项等待决定的事项",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting} {self.act}"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class LeaveRequest(models.Model):
    """请假. `until` is exclusive: the first day back; `back_on` is the day that it really was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="leave", verbose_name="派驻")
    kind = models.CharField("类别", max_length=10, choices=LeaveKind.choices())
    since = models.DateField("从哪天")
    until = models.DateField("到哪天前")
    reason = models.TextField("事由")
    state = models.CharField(
        "状态", max_length=10, choices=LeaveState.choices(), default=LeaveState.ASKED
    )
    asked_by_id = models.IntegerField(null=True)
    asked_by_name = models.CharField("申请人", max_length=40)
    asked_at = models.DateTimeField("申请时间")
    decided_by_id = models.IntegerField(null=True, blank=True)
    decided_by_name = models.CharField("审批人", max_length=40, blank=True)
    decided_on = models.DateField("审批日期", null=True, blank=True)
    answer = models.TextField("审批意见", blank=True)
    back_on = models.DateField("返岗日期", null=True, blank=True)
    back_by_name = models.CharField("销假确认人", max_length=40, blank=True)

    class Meta:
        verbose_name = "请假"
        ordering = ("-since", "-asked_at", "pk")
        indexes = (
            models.Index(fields=("posting", "since"), name="leave_by_day"),
            # What waits is few: a worklist begins here and not at the postings.
            models.Index(fields=("state", "since"), name="leave_by_state"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gt=F("since")),
                name="leave_until_after_since",
                violation_error_message="请假最后一天不能早于第一天",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.since} 至 {self.last_day}"

    def audit_place_path(self) -> str:
        return self.posting.village.path

    @property
    def ends(self) -> date:
        """The first day that no longer belongs to it, as it really was."""
        return self.back_on or self.until

    @property
    def last_day(self) -> date:
        return self.until - ONE_DAY

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def period(self) -> Period:
        return Period(self.since, max(self.ends, self.since))


class MonthPresence(models.Model):
    """The days in the village of one month, as the village has confirmed them (R-2-21)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="months", verbose_name="派驻")
    month = models.DateField("月份")
    days_by_facts = models.PositiveSmallIntegerField("记录的在村天数")
    days = models.PositiveSmallIntegerField("确认的在村天数")
    leave_days = models.PositiveSmallIntegerField("请假天数")
    text = models.TextField("说明", blank=True)
    confirmed_by_id = models.IntegerField(null=True)
    confirmed_by_name = models.CharField("确认人", max_length=40)
    confirmed_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = "月度在村天数"
        ordering = ("-month", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "month"),
                name="month_presence_once",
                violation_error_message="这个月已经确认过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.month:%Y-%m}"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class Absence(models.Model):
    """脱岗 found without leave (R-2-24): a violation only once another person has upheld it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="absences", verbose_name="派驻"
    )
    on = models.DateField("日期")
    text = models.TextField("发现情况")
    state = models.CharField(
        "状态", max_length=10, choices=AbsenceState.choices(), default=AbsenceState.FOUND
    )
    found_by_id = models.IntegerField(null=True)
    found_by_name = models.CharField("发现人", max_length=40)
    found_at = models.DateTimeField("登记时间")
    statement = models.TextField("本人说明", blank=True)
    stated_on = models.DateField("说明日期", null=True, blank=True)
    answer = models.TextField("核实情况", blank=True)
    decided_by_id = models.IntegerField(null=True, blank=True)
    decided_by_name = models.CharField("认定人", max_length=40, blank=True)
    decided_on = models.DateField("认定日期", null=True, blank=True)

    class Meta:
        verbose_name = "脱岗记录"
        ordering = ("-on", "pk")
        indexes = (models.Index(fields=("state", "on"), name="absence_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "on"),
                condition=~Q(state="dropped"),
                name="absence_once_a_day",
                violation_error_message="这一天已经登记过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.on}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
