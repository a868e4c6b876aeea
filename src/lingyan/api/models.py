"""Which programs may come in, and what were they answered?"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from lingyan.api.rules import Access
from lingyan.directory.models import Place, RoleAssignment


class ApiToken(models.Model):
    """A key that a user makes for a program. Only its digest is kept.

    It acts in one role of its maker as that role is at the moment of the request, over that role's
    scope or a place inside it, until its last day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name="账号"
    )
    assignment = models.ForeignKey(
        RoleAssignment, models.CASCADE, related_name="+", verbose_name="身份"
    )
    name = models.CharField("用途", max_length=60)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="范围"
    )
    access = models.CharField("权限", max_length=8, choices=Access.choices())
    start = models.CharField("令牌开头", max_length=12)
    digest = models.CharField("摘要", max_length=64, unique=True)
    until = models.DateField("失效日期(不含)")
    created_at = models.DateTimeField("建立时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = "接口令牌"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """The answer to a request with an Idempotency-Key, for a day; without status while at work."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField("键", max_length=100)
    fingerprint = models.CharField("请求摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态", null=True)
    headers = models.JSONField("响应头", default=dict)
    body = models.BinaryField("内容", default=bytes)
    created_at = models.DateTimeField("时间", db_index=True)

    class Meta:
        verbose_name = "接口应答"
        constraints = (models.UniqueConstraint(fields=("token", "key"), name="kept_answer_once"),)

    def __str__(self) -> str:
        return self.key
