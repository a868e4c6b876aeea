"""Who did what, when, to which record, and what changed?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import models


class ChainHead(models.Model):
    """The one row that every writer locks, so that entries form one chain."""

    last_number = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "留痕链头"

    def __str__(self) -> str:
        return f"{self.last_number} {self.last_hash}"


class AuditEntry(models.Model):
    """One act, sealed. Entries are only ever added."""

    number = models.BigIntegerField("序号", unique=True)
    acted_at = models.DateTimeField("办理时间", db_index=True)
    written_at = models.DateTimeField("记录时间")
    actor_user_id = models.BigIntegerField("账号", null=True, db_index=True)
    actor_name = models.CharField("姓名", max_length=60)
    actor_role = models.CharField("身份", max_length=40)
    action = models.CharField("事项", max_length=80, db_index=True)
    subject_type = models.CharField("对象类别", max_length=60)
    subject_id = models.CharField("对象编号", max_length=64, db_index=True)
    subject_text = models.CharField("对象", max_length=200)
    place_path = models.CharField("区划路径", max_length=40, blank=True, db_index=True)
    changes = models.JSONField("变动", default=dict)
    reason = models.TextField("原因", blank=True)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "操作留痕"
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject_text}"

    @property
    def changed_fields(self) -> list[tuple[str, Any]]:
        """For the page: a template takes `changes.items` for the field of that name."""
        return list(self.changes.items())

    def sealed_fields(self) -> dict[str, Any]:
        """All stored fields but the two hashes, in the form in which they are sealed."""
        return {
            "number": self.number,
            "acted_at": _moment(self.acted_at),
            "written_at": _moment(self.written_at),
            "actor_user_id": self.actor_user_id,
            "actor_name": self.actor_name,
            "actor_role": self.actor_role,
            "action": self.action,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "subject_text": self.subject_text,
            "place_path": self.place_path,
            "changes": self.changes,
            "reason": self.reason,
        }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()
