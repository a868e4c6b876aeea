"""Which recall cases are there, what was said in each, and who fills the place that was left?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person
from lingyan.posting.models.plans import Plan
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.recall import OPEN_STATES
from lingyan.posting.rules.recall_words import RecallSource, RecallState, ReplacementState
from lingyan.posting.rules.replacements import OPEN_STATES as OPEN_REPLACEMENTS
from lingyan.posting.rules.words import RecallGround


class RecallCase(models.Model):
    """召回事项 (2.10). Its ground stays in this table: it never enters a snapshot or a trace.

    `ban_until` and `promotion_ban_until` are the first days on which the effects no longer hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="recall_cases", verbose_name="派驻"
    )
    ground = models.CharField("召回情形", max_length=8, choices=RecallGround.choices())
    source = models.CharField("来源", max_length=10, choices=RecallSource.choices())
    signal_text = models.CharField("系统线索", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=RecallState.choices(), default=RecallState.SIGNALLED
    )
    opened_on = models.DateField("立案日期")
    told_on = models.DateField("告知本人日期", null=True, blank=True)
    warn_until = models.DateField("改进期最后一天", null=True, blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    ban_until = models.DateField("不得选派至(不含)", null=True, blank=True)
    promotion_ban_until = models.DateField("不得提拔至(不含)", null=True, blank=True)
    unit_minus = models.PositiveSmallIntegerField("单位党建考核扣分", default=0)
    closed_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        verbose_name = "召回事项"
        ordering = ("-opened_on", "pk")
        indexes = (models.Index(fields=("state", "opened_on"), name="recall_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("posting",),
                condition=Q(state__in=OPEN_STATES),
                name="recall_one_open_case",
                violation_error_message="该同志已有未办结的召回事项",
            ),
        )

    def __str__(self) -> str:
        return f"召回事项 {self.posting.person} {self.posting.village}"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class RecallStep(models.Model):
    """One step of a case with what was said; nothing of it is overwritten.

    Numbered, not by chance: two steps of one moment keep their order.
    """

    case = models.ForeignKey(
        RecallCase, models.PROTECT, related_name="steps", verbose_name="召回事项"
    )
    act = models.CharField("事项", max_length=12)
    on = models.DateField("日期")
    text = models.TextField("内容", blank=True)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("办理人", max_length=40)
    made_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "召回事项的步骤"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case} {self.act}"

    def audit_place_path(self) -> str:
        return self.case.posting.village.path


class ReplacementNominee(models.Model):
    """Somebody whom the sending unit names for the place that one of its own has left."""

    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="nominees", verbose_name="空出的岗位"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人选")
    text = models.CharField("推荐理由", max_length=200, blank=True)
    made_by_name = models.CharField("推荐人", max_length=40)
    made_at = models.DateTimeField("推荐时间")

    class Meta:
        verbose_name = "推荐的接任人选"
        ordering = ("made_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "person"),
                name="nominee_once",
                violation_error_message="这名人选已经推荐过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting} {self.person}"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class Replacement(models.Model):
    """补派: a person proposed for a place that was left, until the document is issued.

    `plan` keeps the repair as the engine gave it, with the facts of that day and its proof.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="replacements", verbose_name="空出的岗位"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="接任人选")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name="修补的方案")
    fit = models.PositiveSmallIntegerField("匹配度")
    is_first = models.BooleanField("系统首选")
    state = models.CharField(
        "状态", max_length=10, choices=ReplacementState.choices(),
        default=ReplacementState.PROPOSED,
    )  # fmt: skip
    text = models.TextField("理由", blank=True)
    proposed_by_id = models.IntegerField(null=True)
    proposed_by_name = models.CharField("提出人", max_length=40)
    proposed_on = models.DateField("提出日期")
    answer = models.TextField("意见", blank=True)
    decided_by_name = models.CharField("决定人", max_length=40, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    announced_on = models.DateField("公示日期", null=True, blank=True)
    notice_ends_on = models.DateField("公示期满日", null=True, blank=True)
    notice_is_provisional = models.BooleanField("暂算", default=False)
    made = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="补派的派驻"
    )

    class Meta:
        verbose_name = "补派"
        ordering = ("-proposed_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting",),
                condition=Q(state__in=(*OPEN_REPLACEMENTS, "issued")),
                name="replacement_one_a_place",
                violation_error_message="这个岗位已有补派人选在办理",
            ),
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(state__in=OPEN_REPLACEMENTS),
                name="replacement_one_a_person",
                violation_error_message="这名人选已在另一个岗位的补派中",
            ),
        )

    def __str__(self) -> str:
        return f"补派 {self.posting.village} {self.person}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
