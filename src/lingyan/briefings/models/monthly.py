"""What was asked of villages each month, which owe it, and what did they say (M28)?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.briefings.rules.monthly_words import ItemKind, ItemTime, ReportState
from lingyan.directory.models import Place
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class MonthlyFormQuerySet(models.QuerySet["MonthlyForm"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "county__"))


class MonthlyForm(models.Model):
    """What a county asks, as one version; a month keeps the version with which it was opened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(
        Place, models.PROTECT, related_name="monthly_forms", verbose_name="县"
    )
    version = models.PositiveSmallIntegerField("版本")
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("确定人", max_length=40)
    made_at = models.DateTimeField("确定时间")

    objects = MonthlyFormQuerySet.as_manager()

    class Meta:
        verbose_name = "月报内容"
        ordering = ("county", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "version"),
                name="monthly_form_version_once",
                violation_error_message="月报内容刚刚改过，请刷新后再改",
            ),
        )

    def __str__(self) -> str:
        return f"{self.county}月报内容第 {self.version} 版"

    def audit_place_path(self) -> str:
        return self.county.path


class MonthlyItem(models.Model):
    """One thing that is asked; the same `code` in each version in which it means the same."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(
        MonthlyForm, models.PROTECT, related_name="items", verbose_name="月报内容"
    )
    position = models.PositiveSmallIntegerField("序号")
    code = models.CharField("编码", max_length=20)
    name = models.CharField("名称", max_length=30)
    kind = models.CharField("填什么", max_length=8, choices=ItemKind.choices())
    unit = models.CharField("单位", max_length=6, blank=True)
    time = models.CharField("怎样汇总", max_length=8, choices=ItemTime.choices())
    why = models.CharField("为什么问", max_length=100)

    class Meta:
        verbose_name = "月报项目"
        ordering = ("form", "position")
        indexes = (models.Index(fields=("code",), name="monthly_item_by_code"),)
        constraints = (
            models.UniqueConstraint(
                fields=("form", "code"),
                name="monthly_item_once",
                violation_error_message="同一项问了两次",
            ),
        )

    def __str__(self) -> str:
        return self.name


class MonthlyPeriodQuerySet(models.QuerySet["MonthlyPeriod"]):
    def visible_to(self, scope: Scope) -> Self:
        """The county's own, and those in which a village of the scope owes a report."""
        owed = MonthlyReport.objects.visible_to(scope).filter(period=models.OuterRef("pk"))
        return self.filter(place_q(scope, "county__") | models.Exists(owed.order_by()))


class MonthlyPeriod(models.Model):
    """A month for which the county asks its villages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(
        Place, models.PROTECT, related_name="monthly_periods", verbose_name="县"
    )
    month = models.DateField("月份")
    form = models.ForeignKey(
        MonthlyForm, models.PROTECT, related_name="periods", verbose_name="月报内容"
    )
    due_on = models.DateField("期限")
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_name = models.CharField("开始人", max_length=40)
    opened_at = models.DateTimeField("开始时间")

    objects = MonthlyPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "月报月份"
        ordering = ("-month", "county")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "month"),
                name="monthly_period_once",
                violation_error_message="这个月已经开始填报",
            ),
        )

    def __str__(self) -> str:
        return f"{self.county}{self.title}月报"

    def audit_place_path(self) -> str:
        return self.county.path

    @property
    def title(self) -> str:
        return f"{self.month.year}年{self.month.month}月"


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "village__"))


class MonthlyReport(models.Model):
    """What one village owes or says of a month. A correction is a new version beside the old one.

    `month` and `due_on` are those of the period, so that a list of 100,000 has an index to go by.
    `known` is what the system knew of the village when it sent the report.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    period = models.ForeignKey(
        MonthlyPeriod, models.PROTECT, related_name="reports", verbose_name="月份"
    )
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="monthly_reports", verbose_name="村"
    )
    month = models.DateField("月份")
    due_on = models.DateField("期限")
    version = models.PositiveSmallIntegerField("第几份", default=1)
    state = models.CharField(
        "状态", max_length=10, choices=ReportState.choices(), default=ReportState.DRAFT
    )
    known = models.JSONField("系统已有", default=list, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    filled_by_id = models.BigIntegerField(null=True)
    filled_by_name = models.CharField("填写人", max_length=60, blank=True)
    filled_at = models.DateTimeField("填写时间", null=True, blank=True)
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by_name = models.CharField("提交人", max_length=60, blank=True)
    submitted_on = models.DateField("提交日期", null=True, blank=True)
    first_submitted_on = models.DateField("首次提交日期", null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField("审核人", max_length=60, blank=True)
    approved_on = models.DateField("审核日期", null=True, blank=True)
    locked_by_name = models.CharField("锁定人", max_length=60, blank=True)
    locked_on = models.DateField("锁定日期", null=True, blank=True)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "村月报"
        ordering = ("-month", "village", "-version")
        indexes = (
            models.Index(fields=("-month", "village", "-version"), name="monthly_report_by_month"),
            models.Index(fields=("state", "due_on"), name="monthly_report_by_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("period", "village", "version"),
                name="monthly_report_version_once",
                violation_error_message="这份月报正在更正",
            ),
            models.UniqueConstraint(
                fields=("period", "village"),
                condition=Q(state="locked"),
                name="monthly_report_locked_once",
                violation_error_message="这个月已有锁定的月报",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}{self.month.year}年{self.month.month}月月报"

    def audit_place_path(self) -> str:
        return self.village.path


class MonthlyAnswerQuerySet(models.QuerySet["MonthlyAnswer"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "village__"))


class MonthlyAnswer(models.Model):
    """What a report says to one item; `village`, `month` and `code` as there, for the figures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(
        MonthlyReport, models.PROTECT, related_name="answers", verbose_name="村月报"
    )
    item = models.ForeignKey(
        MonthlyItem, models.PROTECT, related_name="answers", verbose_name="项目"
    )
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    month = models.DateField("月份")
    code = models.CharField("编码", max_length=20)
    number = models.PositiveBigIntegerField("数字", null=True, blank=True)
    is_so = models.BooleanField("是否", null=True, blank=True)
    text = models.CharField("文字", max_length=500, blank=True)

    objects = MonthlyAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "月报填报内容"
        ordering = ("report", "item")
        indexes = (
            models.Index(fields=("code", "month", "village"), name="monthly_answer_by_code"),
            models.Index(fields=("code", "village", "month"), name="monthly_answer_by_village"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("report", "item"),
                name="monthly_answer_once",
                violation_error_message="同一项填了两次",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}"
