"""What was done in the village day by day, and what did a phone send of it?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Generic

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.photos.kept import KeptPhoto
from lingyan.posting.models.needs import NeedItem, Row_co
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.diary import FIELDS
from lingyan.posting.rules.diary_words import DiaryOutcome, Duty

if TYPE_CHECKING:
    from typing import Self


def posting_q(scope: Scope, prefix: str = "posting__") -> Q:
    """Rows of postings in the scope: of its places, of its units, of the person."""
    seen = place_q(scope, f"{prefix}village__") | Q(**{f"{prefix}unit_id__in": scope.unit_ids})
    if scope.person_id:
        seen |= Q(**{f"{prefix}person_id": scope.person_id})
    return seen


class OfPostingQuerySet(models.QuerySet[Row_co], Generic[Row_co]):
    """Rows that belong to a posting."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(posting_q(scope))


class DiaryQuerySet(models.QuerySet["DiaryEntry"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(posting_q(scope))

    def of_person(self, scope: Scope) -> Self:
        """One's own, and nobody's where the scope names no person."""
        return self.filter(posting__person_id=scope.person_id) if scope.person_id else self.none()

    def counted(self) -> Self:
        return self.filter(withdrawn="")

    def with_clashes(self) -> Self:
        open_ones = DiaryConflict.objects.filter(entry=OuterRef("pk"), settled_at__isnull=True)
        return self.annotate(has_clash=Exists(open_ones))


class DiaryEntry(models.Model):
    """工作日志: one thing done on one day. Its id is made where it was written, mostly on a phone.

    Nothing of it is deleted: a mistake is withdrawn with a reason, a change keeps what was before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="diary", verbose_name="派驻")
    happened_on = models.DateField("日期")
    duty = models.CharField("职责任务", max_length=2, choices=Duty.choices())
    text = models.TextField("做了什么")
    with_whom = models.CharField("和谁一起", max_length=100, blank=True)
    need = models.ForeignKey(
        NeedItem, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="对应的需求",
    )  # fmt: skip
    households = models.PositiveSmallIntegerField("走访户数", default=0)
    withdrawn = models.CharField("撤回理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("记录时间")
    changed_at = models.DateTimeField("修改时间")

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name = "工作日志"
        ordering = ("-happened_on", "-created_at", "pk")
        indexes = (models.Index(fields=("posting", "happened_on"), name="diary_by_day"),)

    def __str__(self) -> str:
        return f"{self.happened_on} {self.get_duty_display()}"

    def audit_place_path(self) -> str:
        return self.posting.village.path

    @property
    def values(self) -> dict[str, Any]:
        """What it says, in the words of a phone."""
        return {
            "happened_on": self.happened_on.isoformat(),
            "duty": self.duty,
            "text": self.text,
            "with_whom": self.with_whom,
            "need": str(self.need_id or ""),
            "households": self.households,
            "withdrawn": self.withdrawn,
        }


assert set(FIELDS) == {
    "happened_on", "duty", "text", "with_whom", "need", "households", "withdrawn",
}, "what an entry says and what a phone sends are the same fields"  # fmt: skip


class DiaryVersion(models.Model):
    """What an entry said before it was changed (R-0-18)."""

    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("版本")
    values = models.JSONField("原来的内容")
    replaced_at = models.DateTimeField("改动时间")
    replaced_by = models.CharField("改动人", max_length=60)

    class Meta:
        verbose_name = "日志的旧版本"
        ordering = ("entry", "-number")
        constraints = (
            models.UniqueConstraint(fields=("entry", "number"), name="diary_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.entry} 第 {self.number} 版"


class DiaryReceipt(models.Model):
    """A thing that a phone sent and the server took in: sent again it changes nothing."""

    id = models.UUIDField(primary_key=True)
    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="receipts")
    digest = models.CharField("摘要", max_length=64)
    outcome = models.CharField("结果", max_length=10, choices=DiaryOutcome.choices())
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "手机记录回执"

    def __str__(self) -> str:
        return f"{self.entry} {self.get_outcome_display()}"


class DiaryConflict(models.Model):
    """Fields of an entry that were changed differently in two places; both values are kept here."""

    id = models.UUIDField(primary_key=True)
    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="conflicts")
    # That of the entry: every page asks whether one is open, without looking at three years.
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    clashes = models.JSONField("不一致的内容")
    raised_at = models.DateTimeField("发现时间")
    chosen = models.JSONField("选定的内容", default=dict)
    settled_at = models.DateTimeField("选定时间", null=True, blank=True)

    class Meta:
        verbose_name = "日志冲突"
        ordering = ("raised_at", "pk")
        indexes = (models.Index(fields=("posting", "settled_at"), name="diary_conflict_open"),)

    def __str__(self) -> str:
        return f"{self.entry} 的冲突"

    def audit_place_path(self) -> str:
        return self.entry.audit_place_path()


class DiaryPhoto(KeptPhoto):
    """A photo of an entry, made smaller and without what the camera wrote into it; kept sealed."""

    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="photos")

    class Meta:
        verbose_name = "日志照片"
        ordering = ("added_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "digest"),
                name="diary_photo_once",
                violation_error_message="这张照片已经在这条日志里",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry} 的照片"
