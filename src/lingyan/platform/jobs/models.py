"""How far is a long piece of work, and how did it end?"""

from __future__ import annotations

import uuid

from django.db import models


class Job(models.Model):
    """One piece of background work that somebody waits for."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField("作业", max_length=120)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    progress_percent = models.PositiveSmallIntegerField("进度", default=0)
    message = models.TextField("说明", blank=True)
    result_url = models.CharField("结果页", max_length=200, blank=True)
    created_by_id = models.BigIntegerField("发起账号", null=True, db_index=True)
    through = models.CharField("由什么发起", max_length=80, blank=True)
    created_at = models.DateTimeField("发起时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "后台作业"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title
