"""Who was honoured or promoted for the work in a village, by which document, on which appraisal?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from lingyan.posting.models.diary import OfPostingQuerySet
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.support_words import (
    CareerKind,
    HonorKind,
    HonorLevel,
    NominationState,
)


class Nomination(models.Model):
    """What an honour and a career step have in common: nominated, then decided by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.CharField("事迹、说明", max_length=500, blank=True)
    appraisal = models.CharField("所依据的考核", max_length=60, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=NominationState.choices(),
        default=NominationState.NOMINATED,
    )  # fmt: skip
    nominated_by_id = models.IntegerField(null=True)
    nominated_by_name = models.CharField("提名人", max_length=40)
    nominated_at = models.DateTimeField("提名时间")
    decided_by_id = models.IntegerField(null=True, blank=True)
    decided_by_name = models.CharField("决定登记人", max_length=40, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    answer = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        abstract = True


class Honor(Nomination):
    """表彰."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="honors", verbose_name="派驻")
    level = models.CharField("级别", max_length=10, choices=HonorLevel.choices())
    kind = models.CharField("类别", max_length=24, choices=HonorKind.choices())
    title = models.CharField("称号", max_length=80)

    objects = OfPostingQuerySet.as_manager()

    class Meta:
        verbose_name = "表彰"
        ordering = ("-nominated_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "level", "title"),
                condition=~Q(state="not_granted"),
                name="honor_once",
                violation_error_message="这项表彰已经登记过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.title}"

    def audit_place_path(self) -> str:
        return self.posting.village.path


class CareerUse(Nomination):
    """使用: a promotion step of somebody who is or was posted."""

    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="career_uses", verbose_name="派驻"
    )
    kind = models.CharField("类别", max_length=12, choices=CareerKind.choices())
    position = models.CharField("拟任职务、职级", max_length=80)

    objects = OfPostingQuerySet.as_manager()

    class Meta:
        verbose_name = "使用情况"
        ordering = ("-nominated_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "kind", "position"),
                condition=~Q(state="not_granted"),
                name="career_use_once",
                violation_error_message="这一项已经登记过",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.get_kind_display()} {self.position}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
