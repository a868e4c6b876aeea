"""What is known of presence by the records of other systems?"""

from __future__ import annotations

import uuid

from django.db import models

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
