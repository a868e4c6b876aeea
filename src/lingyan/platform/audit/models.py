"""Who did what, when, to which record, and what changed?"""

from __future__ import annotations

from typing import Any

from django.db import models

from lingyan.platform.audit.chain import sealed_values


class ChainHead(models.Model):
    """The one row that every writer locks, so that entries form one chain."""

    last_number = models.BigIntegerField("末条序号", default=0)
    last_hash = models.CharField("末条摘要", max_length=64)
    day = models.DateField("日期", null=True)
    day_count = models.BigIntegerField("当日条数", default=0)

    class Meta:
        verbose_name = "留痕链头"

    def __str__(self) -> str:
        return f"全部数据（留痕到第 {self.last_number} 条）"


class DailyAnchor(models.Model):
    """Where the chain stood at the end of a day on which something was written.

    It follows from the chain; printed and kept outside, it proves that nobody wrote the chain anew.
    """

    day = models.DateField("日期", primary_key=True)
    day_count = models.BigIntegerField("当日条数")
    last_number = models.BigIntegerField("末条序号")
    last_hash = models.CharField("末条摘要", max_length=64)

    class Meta:
        verbose_name = "每日封存"
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day} {self.last_number} {self.last_hash}"


class AuditEntry(models.Model):
    """One act, sealed. Entries are only ever added."""

    number = models.BigIntegerField("序号", primary_key=True)
    acted_at = models.DateTimeField("办理时间", db_index=True)
    written_at = models.DateTimeField("记录时间")
    actor_user_id = models.BigIntegerField("账号", null=True)
    # Who was on leave, where a delegate acted; the name then reads "王某（代李某）".
    actor_for_id = models.BigIntegerField("被代理账号", null=True)
    actor_name = models.CharField("姓名", max_length=60)
    actor_role = models.CharField("身份", max_length=40)
    # The one assignment that acted, in words: a person may hold a role over two places.
    actor_scope = models.CharField("身份与范围", max_length=160, blank=True)
    action = models.CharField("事项", max_length=80)
    is_reading = models.BooleanField("查阅", default=False)
    subject_type = models.CharField("对象类别", max_length=60)
    subject_id = models.CharField("对象编号", max_length=64)
    subject_text = models.CharField("对象", max_length=200)
    place_path = models.CharField("区划路径", max_length=40, blank=True)
    changes = models.JSONField("变动", default=dict)
    reason = models.TextField("原因", blank=True)
    client_address = models.CharField("来自", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=32, blank=True)
    others_hash = models.CharField("涉及记录摘要", max_length=64, blank=True)
    previous_hash = models.CharField("上一条摘要", max_length=64)
    entry_hash = models.CharField("本条摘要", max_length=64)

    class Meta:
        verbose_name = "操作留痕"
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("actor_user_id", "number"), name="audit_by_user"),
            models.Index(fields=("action", "number"), name="audit_by_action"),
            models.Index(fields=("actor_name", "number"), name="audit_by_name"),
            models.Index(fields=("subject_id", "number"), name="audit_by_subject"),
            models.Index(
                fields=("number",), name="audit_readings", condition=models.Q(is_reading=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject_text}"

    def sealed_fields(self) -> dict[str, Any]:
        """What the hash covers: all stored fields but the two hashes themselves."""
        values = [getattr(self, name) for name in SEALED_NAMES]
        return sealed_values(SEALED_NAMES, values, SEALED_NOTHINGS)


class FurtherSubject(models.Model):
    """A record that an act touched beside its subject: each person of an exported list."""

    pk = models.CompositePrimaryKey("entry_number", "subject_type", "subject_id")
    entry_number = models.BigIntegerField("序号")
    subject_type = models.CharField("对象类别", max_length=60)
    subject_id = models.CharField("对象编号", max_length=64)

    class Meta:
        verbose_name = "涉及记录"
        indexes = (models.Index(fields=("subject_id", "entry_number"), name="audit_by_further"),)

    def __str__(self) -> str:
        return f"{self.entry_number} {self.subject_type} {self.subject_id}"


UNSEALED = ("previous_hash", "entry_hash")
SEALED_FIELDS = [one for one in AuditEntry._meta.concrete_fields if one.name not in UNSEALED]
SEALED_NAMES = [one.name for one in SEALED_FIELDS]
SEALED_NOTHINGS = [one.get_default() for one in SEALED_FIELDS]
