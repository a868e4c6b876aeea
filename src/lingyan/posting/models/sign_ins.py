"""On which days did somebody press the button of the sign-in, where a county has switched it on?"""

from __future__ import annotations

import uuid

from django.db import models

from lingyan.directory.models import Place
from lingyan.posting.models.postings import Posting


class SignIn(models.Model):
    """定位登记: a day, and a place rounded to a kilometre; taken once, never a track (R-2-22).

    `within` is unknown where the village has no point. After a year the place goes, the day stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="sign_ins", verbose_name="派驻"
    )
    happened_on = models.DateField("日期")
    within = models.BooleanField("在村的范围内", null=True)
    latitude = models.DecimalField("纬度（约一公里）", max_digits=4, decimal_places=2, null=True)
    longitude = models.DecimalField("经度（约一公里）", max_digits=5, decimal_places=2, null=True)

    class Meta:
        verbose_name = "定位登记"
        ordering = ("-happened_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "happened_on"),
                name="sign_in_once_a_day",
                violation_error_message="今天已经登记过",
            ),
        )
        indexes = (
            # Whose place is kept past its time is asked with every act.
            models.Index(
                fields=("happened_on",), condition=models.Q(latitude__isnull=False),
                name="sign_in_with_place",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.posting.person} {self.happened_on}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
