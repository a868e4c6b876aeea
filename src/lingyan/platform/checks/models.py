"""When were the records checked last, and how many were found?"""

from __future__ import annotations

import uuid

from django.db import models


class CheckRun(models.Model):
    """One run over all checks that its starter may see: how many rows each of them found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope_path = models.CharField("区划路径", max_length=40, blank=True)
    counts = models.JSONField("各项条数", default=dict)
    made_by_name = models.CharField("检查人", max_length=60)
    made_at = models.DateTimeField("检查时间")

    class Meta:
        verbose_name = "数据体检"
        ordering = ("-made_at", "-pk")
        indexes = (models.Index(fields=("scope_path", "-made_at"), name="check_run_of_scope"),)

    def __str__(self) -> str:
        return f"数据体检（{len(self.counts)} 项）"

    def audit_place_path(self) -> str:
        return self.scope_path
