"""Which problems were found in the village, who works on them, and until when?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models.diary import DiaryEntry, posting_q
from lingyan.posting.models.liaison import Visit
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.diary_words import ProblemOwner, ProblemState

if TYPE_CHECKING:
    from typing import Self


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(posting_q(scope))


class Problem(models.Model):
    """发现的问题: found by a posted person, worked on at one level, ended by the finder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="problems", verbose_name="派驻"
    )
    entry = models.ForeignKey(
        DiaryEntry, models.PROTECT, null=True, blank=True, related_name="problems",
        verbose_name="日志",
    )  # fmt: skip
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="problems",
        verbose_name="走访谈心",
    )  # fmt: skip
    text = models.CharField("问题", max_length=500)
    found_on = models.DateField("发现日期")
    owner = models.CharField("承办方", max_length=10, choices=ProblemOwner.choices())
    due_on = models.DateField("办结期限")
    state = models.CharField(
        "状态", max_length=10, choices=ProblemState.choices(), default=ProblemState.FOUND
    )
    handled_text = models.CharField("办理情况", max_length=500, blank=True)
    handled_by_name = models.CharField("办理人", max_length=60, blank=True)
    handled_on = models.DateField("办结日期", null=True, blank=True)
    solved_on = models.DateField("确认解决日期", null=True, blank=True)
    created_at = models.DateTimeField("登记时间")

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "发现的问题"
        ordering = ("due_on", "created_at", "pk")
        indexes = (
            models.Index(fields=("posting", "found_on"), name="problem_by_day"),
            models.Index(fields=("state", "owner", "due_on"), name="problem_by_owner"),
        )

    def __str__(self) -> str:
        return self.text[:30]

    def audit_place_path(self) -> str:
        return self.posting.village.path
