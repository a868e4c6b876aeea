"""Which difficulties have posted people raised, who works on them, and are they solved (X03)?"""

from __future__ import annotations

import uuid

from django.db import models

from lingyan.posting.models.diary import OfPostingQuerySet
from lingyan.posting.models.liaison import Visit
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.support_words import HelpKind, HelpOwner, HelpState


class HelpRequest(models.Model):
    """实际困难: raised by the person, worked on by one side, ended by the person's own word."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="help_requests", verbose_name="派驻"
    )
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="help_requests",
        verbose_name="走访谈心",
    )  # fmt: skip
    kind = models.CharField("类别", max_length=20, choices=HelpKind.choices())
    text = models.CharField("困难", max_length=500)
    raised_on = models.DateField("提出日期")
    owner = models.CharField("承办方", max_length=10, choices=HelpOwner.choices())
    due_on = models.DateField("办理期限")
    state = models.CharField(
        "状态", max_length=10, choices=HelpState.choices(), default=HelpState.RAISED
    )
    handled_text = models.CharField("办理情况", max_length=500, blank=True)
    handled_by_name = models.CharField("办理人", max_length=40, blank=True)
    handled_on = models.DateField("答复日期", null=True, blank=True)
    closed_on = models.DateField("本人确认日期", null=True, blank=True)
    closed_text = models.CharField("本人书面意见", max_length=500, blank=True)
    created_at = models.DateTimeField("提出时间")

    objects = OfPostingQuerySet.as_manager()

    class Meta:
        verbose_name = "实际困难"
        ordering = ("due_on", "created_at", "pk")
        indexes = (
            models.Index(fields=("state", "owner", "due_on"), name="help_by_owner"),
            models.Index(fields=("posting", "state"), name="help_by_posting"),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.get_kind_display()}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
