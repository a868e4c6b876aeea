"""What is known of presence beyond the product's own records: another system, a sign-in?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Place
from lingyan.posting.models.postings import Posting


class OutsideRecord(models.Model):
    """A day in the village by the records of another system, never asked for again (R-2-29)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="outside_records", verbose_name="派驻"
    )
    happened_on = models.DateField("日期")
    system = models.CharField("来源系统", max_length=40)
    external_id = models.CharField("外部编号", max_length=80)
    text = models.CharField("内容", max_length=200, blank=True)

    class Meta:
        verbose_name = "外部在村记录"
        ordering = ("-happened_on", "pk")
        indexes = (models.Index(fields=("posting", "happened_on"), name="outside_by_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("system", "external_id"),
                name="outside_record_once",
                violation_error_message="该外部记录已导入，请勿重复",
            ),
        )

    def __str__(self) -> str:
        return f"{self.system} {self.external_id}"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class SignInDecision(models.Model):
    """A county's written decision to switch on sign-in by location (R-2-21, R-2-22)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    document_number = models.CharField("文号", max_length=60)
    radius_m = models.PositiveIntegerField("半径（米）")
    since = models.DateField("开始日期")
    until = models.DateField("停用日期", null=True, blank=True)
    made_by_name = models.CharField("登记人", max_length=60)

    class Meta:
        verbose_name = "定位签到的决定"
        ordering = ("-since", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county",), condition=Q(until__isnull=True), name="sign_in_decision_once",
                violation_error_message="定位签到已经启用",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.county} {self.document_number}"

    def audit_place_path(self) -> str:
        return self.county.path


class SignInPoint(models.Model):
    """Where the village's office stands; the distance of a sign-in is measured to it."""

    village = models.OneToOneField(
        Place, models.PROTECT, primary_key=True, related_name="+", verbose_name="村"
    )
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5)

    class Meta:
        verbose_name = "村部位置"

    def __str__(self) -> str:
        return str(self.village)

    def audit_place_path(self) -> str:
        return self.village.path


class SignIn(models.Model):
    """One sign-in: how far from the office. Where the person stood is not kept (R-2-22)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="sign_ins", verbose_name="派驻"
    )
    happened_on = models.DateField("日期")
    made_at = models.DateTimeField("时间")
    distance_m = models.PositiveIntegerField("距村部（米）")
    is_near = models.BooleanField("在半径以内")

    class Meta:
        verbose_name = "定位签到"
        ordering = ("-happened_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "happened_on"),
                name="sign_in_once_a_day",
                violation_error_message="今天已经签到",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.happened_on}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
