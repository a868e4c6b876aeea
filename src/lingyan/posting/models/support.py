"""What is a posted person given: insurance, work fund, payments, examinations, visits?"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from lingyan.common.periods import ONE_DAY, Period
from lingyan.directory.models import Person, Place
from lingyan.platform.columns import MoneyField
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.support_words import PaymentState, SupportItem


class InsurancePolicy(models.Model):
    """人身意外伤害保险 of a posted person. `until` is exclusive; a wrong one is voided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="policies", verbose_name="派驻"
    )
    number = models.CharField("保单号", max_length=60)
    since = models.DateField("生效日")
    until = models.DateField("终止日")
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "意外伤害保险"
        ordering = ("since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gt=F("since")),
                name="insurance_until_after_since",
                violation_error_message="保险最后一天不能早于生效日",
            ),
            models.UniqueConstraint(
                fields=("posting", "number", "since"),
                condition=Q(void_reason=""),
                name="insurance_policy_once",
                violation_error_message="这份保险已经登记过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.number}"

    def audit_place_path(self) -> str:
        return self.posting.village.path

    @property
    def last_day(self) -> date:
        return self.until - ONE_DAY

    @property
    def period(self) -> Period:
        return Period(self.since, self.until)


class WorkFundBudget(models.Model):
    """工作经费 of a posting for one year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="work_funds", verbose_name="派驻"
    )
    year = models.PositiveSmallIntegerField("年度")
    amount = MoneyField("预算")
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("下达人", max_length=40)
    made_at = models.DateTimeField("下达时间")

    class Meta:
        verbose_name = "工作经费"
        ordering = ("-year", "posting__village__path", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "year"),
                name="work_fund_once_a_year",
                violation_error_message="这一年的工作经费已经下达",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="work_fund_positive",
                violation_error_message="预算应大于 0",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.village} {self.year} 年工作经费"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class WorkFundEntry(models.Model):
    """One line of the fund's ledger; a wrong one stays and is taken back by a counter-entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    budget = models.ForeignKey(
        WorkFundBudget, models.PROTECT, related_name="entries", verbose_name="工作经费"
    )
    happened_on = models.DateField("日期")
    amount = MoneyField("金额")
    text = models.CharField("用途", max_length=200)
    receipt_number = models.CharField("票据号", max_length=60)
    handled_by = models.CharField("经办人", max_length=40)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by",
        verbose_name="冲销的一笔",
    )  # fmt: skip
    is_corrected = models.BooleanField("已冲销", default=False)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "工作经费支出"
        ordering = ("happened_on", "made_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("budget", "receipt_number"),
                condition=Q(corrects__isnull=True, is_corrected=False),
                name="work_fund_receipt_once",
                violation_error_message="这张票据已经登记过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.happened_on} {self.text}"

    def audit_place_path(self) -> str:
        return self.budget.posting.village.path


class PaymentList(models.Model):
    """发放表 of one item for one month: made, checked by another hand, paid."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    item = models.CharField("项目", max_length=20, choices=SupportItem.choices())
    month = models.DateField("月份")
    state = models.CharField(
        "状态", max_length=10, choices=PaymentState.choices(), default=PaymentState.MADE
    )
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("制表人", max_length=40)
    made_at = models.DateTimeField("制表时间")
    checked_by_id = models.IntegerField(null=True, blank=True)
    checked_by_name = models.CharField("审核人", max_length=40, blank=True)
    checked_on = models.DateField("审核日期", null=True, blank=True)
    paid_by_name = models.CharField("支付登记人", max_length=40, blank=True)
    paid_on = models.DateField("支付日期", null=True, blank=True)
    voucher_number = models.CharField("支付凭证号", max_length=60, blank=True)
    returned_text = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "发放表"
        ordering = ("-month", "item", "-made_at", "pk")

    def __str__(self) -> str:
        return f"{self.month:%Y年%-m月}{self.get_item_display()}发放表"

    def audit_place_path(self) -> str:
        return self.county.path


class PaymentCorrection(models.Model):
    """What a paid line should have been, and why; a later list takes up the difference.

    The line that was paid stays as it is (R-0-18). Nobody takes it up once it is void.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(
        "PaymentLine", models.PROTECT, related_name="corrections", verbose_name="更正的一行"
    )
    right_amount = MoneyField("应发金额")
    difference = MoneyField("差额")
    reason = models.CharField("原因", max_length=150)
    void_reason = models.CharField("撤销原因", max_length=150, blank=True)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "发放更正"
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"{self.line}更正"

    def audit_place_path(self) -> str:
        return self.line.audit_place_path()


class PaymentLine(models.Model):
    """What one person gets for one month; on a list that was returned it stands no longer.

    With a correction it is the difference to what was paid for an earlier month, also below 0.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(
        PaymentList, models.PROTECT, related_name="lines", verbose_name="发放表"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="payments", verbose_name="派驻"
    )
    item = models.CharField("项目", max_length=20, choices=SupportItem.choices())
    month = models.DateField("月份")
    days = models.PositiveSmallIntegerField("在村天数", null=True, blank=True)
    rate = MoneyField("标准")
    amount = MoneyField("金额")
    stands = models.BooleanField("有效", default=True)
    correction = models.ForeignKey(
        PaymentCorrection, models.PROTECT, null=True, blank=True, related_name="lines",
        verbose_name="更正",
    )  # fmt: skip

    class Meta:
        verbose_name = "发放明细"
        ordering = ("posting__village__path", "person__number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "item", "month"),
                condition=Q(stands=True, correction__isnull=True),
                name="payment_once_a_month",
                violation_error_message="同一人同一月只能发放一次",
            ),
            models.UniqueConstraint(
                fields=("correction",),
                condition=Q(stands=True),
                name="payment_correction_once",
                violation_error_message="这一项更正已经在一张发放表上",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.month:%Y-%m} {self.get_item_display()}"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class SupportRecord(models.Model):
    """健康体检 or 走访慰问 that took place; of an examination that it was, never its result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="support_records", verbose_name="派驻"
    )
    item = models.CharField("项目", max_length=20, choices=SupportItem.choices())
    happened_on = models.DateField("日期")
    by_whom = models.CharField("体检医院、慰问人", max_length=80)
    text = models.CharField("说明", max_length=200, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "体检和慰问记录"
        ordering = ("-happened_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "item", "happened_on"),
                condition=Q(void_reason=""),
                name="support_record_once_a_day",
                violation_error_message="这一天的记录已经登记过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.happened_on} {self.get_item_display()}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
