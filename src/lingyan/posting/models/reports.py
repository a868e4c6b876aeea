"""Which reports has a posted person confirmed, and what did they say at that moment?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models.diary import posting_q
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.diary_words import ReportKind

if TYPE_CHECKING:
    from typing import Self


class ReportQuerySet(models.QuerySet["DutyReport"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(posting_q(scope))


class DutyReport(models.Model):
    """月度纪实、季度报告、述职: what the records said when the person confirmed them.

    A confirmed report is never changed: later records make a new one beside it (`number`), and the
    old one is marked as corrected (R-0-18).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="reports", verbose_name="派驻"
    )
    kind = models.CharField("类别", max_length=10, choices=ReportKind.choices())
    since = models.DateField("起")
    until = models.DateField("止（不含）")
    number = models.PositiveSmallIntegerField("第几次确认", default=1)
    is_current = models.BooleanField("现行", default=True)
    content = models.JSONField("内容")
    records = models.JSONField("依据的记录")
    remark = models.TextField("本人说明", blank=True)
    confirmed_at = models.DateTimeField("确认时间")
    confirmed_by_name = models.CharField("确认人", max_length=60)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "履职报告"
        ordering = ("-since", "kind", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "kind", "since", "number"),
                name="duty_report_once",
                violation_error_message="这份报告已经确认",
            ),
            models.UniqueConstraint(
                fields=("posting", "kind", "since"),
                condition=Q(is_current=True),
                name="duty_report_one_current",
                violation_error_message="这份报告已经确认",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.since} {self.get_kind_display()}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
