"""How much time do the forms of the product take, by role and never by person?"""

from __future__ import annotations

from django.db import models


class FormUse(models.Model):
    """One counter for a form, a role and a month: sent so often, so many seconds in all."""

    county_path = models.CharField("区划路径", max_length=40)
    month = models.DateField("月份")
    role = models.CharField("身份", max_length=30)
    form = models.CharField("表单", max_length=60)
    sent = models.PositiveIntegerField("次数", default=0)
    seconds = models.PositiveIntegerField("秒数", default=0)

    class Meta:
        verbose_name = "填表用时"
        ordering = ("month", "role", "form", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county_path", "month", "role", "form"),
                name="form_use_once",
                violation_error_message="这个月的用时已有一行",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.role} {self.form}"
