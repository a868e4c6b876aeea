"""What has a county set for itself, since when, by which clause?"""

from __future__ import annotations

import uuid

from django.db import models

from lingyan.common.county_settings import REGISTER
from lingyan.directory.models.places import Place
from lingyan.platform.columns import MoneyField


class CountySetting(models.Model):
    """县定标准 in force from a day on, with the document behind it; a later one ends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    key = models.CharField("标准", max_length=40)
    amount = MoneyField("金额、数")
    since = models.DateField("从哪天起")
    clause = models.CharField("依据的文件", max_length=120)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "县定标准"
        ordering = ("key", "-since")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "key", "since"),
                name="county_setting_once",
                violation_error_message="这一天起的标准已经登记过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.shown}"

    @property
    def label(self) -> str:
        setting = REGISTER.get(self.key)
        return setting.label if setting else self.key

    @property
    def shown(self) -> str:
        setting = REGISTER.get(self.key)
        return setting.show(self.amount) if setting else str(self.amount)

    def audit_place_path(self) -> str:
        return self.county.path
