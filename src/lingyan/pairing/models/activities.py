"""What did the two sides of a pair do together, on which day, and who was there?"""

from __future__ import annotations

import uuid
from typing import Any, Self, TypeVar, cast

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import PATH_DIGITS, place_q
from lingyan.pairing.models.pairings import Pairing
from lingyan.pairing.rules.activity_words import (
    ON_THE_SPOT,
    ActivityKind,
    ActivityMode,
    ActivityState,
    Attendance,
    CheckOutcome,
    PairSide,
)
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.photos.kept import KeptPhoto

Row = TypeVar("Row", bound=models.Model)


class OfPairsQuerySet(models.QuerySet[Row]):
    """Things that several pairs may share: seen by whoever sees one of these pairs."""

    def visible_to(self, scope: Scope) -> Self:
        """A whole county by its column, anything less by the pairs."""
        if scope.is_everything:
            return self.all()
        tops = tuple(path for path in scope.place_paths if len(path) == PATH_DIGITS)
        below = tuple(path for path in scope.place_paths if len(path) > PATH_DIGITS)
        seen = place_q(Scope(place_paths=tops), "county__")
        if below or scope.unit_ids:
            seen |= Q(pk__in=self.of_pairs(pairs_q(Scope(below, scope.unit_ids))))
        return self.filter(seen)

    def of_pairs(self, condition: Q) -> models.QuerySet[Any]:
        """Keys of those that a pair of this kind shares."""
        through = cast("Any", self.model).pairings.through
        rows: models.QuerySet[Any] = through.objects.filter(condition)
        return rows.values(f"{self.model._meta.model_name}_id")


def pairs_q(scope: Scope) -> Q:
    """Rows that name a pair of the scope's places or units."""
    return place_q(scope, "pairing__village__") | Q(pairing__unit_id__in=scope.unit_ids)


class OfPairs(models.Model):
    """What one or several pairs of one county did or plan: one record, however many pairs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    pairings = models.ManyToManyField(Pairing, related_name="%(class)s_set", verbose_name="结对")
    side = models.CharField("登记的一方", max_length=8, choices=PairSide.choices())
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=60)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        abstract = True

    def audit_place_path(self) -> str:
        return self.county.path


class PairActivityQuerySet(OfPairsQuerySet["PairActivity"]):
    def held(self) -> Self:
        return self.filter(state=ActivityState.HELD)

    def in_villages(self) -> Self:
        """Held on the spot, in a village: where person-times count (R-3-05)."""
        return self.filter(mode__in=sorted(ON_THE_SPOT), place__level="village")


class PairActivity(OfPairs):
    """联建活动, one record for all pairs that it serves. Its id is made by the page that sent it.

    Nothing of it is deleted: it is cancelled with a reason, a correction keeps what was before.
    """

    kind = models.CharField("类别", max_length=16, choices=ActivityKind.choices())
    mode = models.CharField("方式", max_length=8, choices=ActivityMode.choices())
    state = models.CharField("状态", max_length=10, choices=ActivityState.choices())
    day = models.DateField("日期")
    planned_on = models.DateField("原计划日期", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("时长(分钟)", null=True, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="地点"
    )
    venue = models.CharField("具体地点", max_length=60, blank=True)
    has_oath = models.BooleanField("重温入党誓词", default=False)
    goals = models.JSONField("共建目标", default=list, blank=True)
    # Of the participants below, counted whenever they change: X13 adds up tens of thousands.
    members_there = models.PositiveSmallIntegerField("到场党员", default=0, editable=False)
    villagers = models.PositiveSmallIntegerField("村里参加人数", default=0)
    beneficiaries = models.PositiveSmallIntegerField("受益人数", default=0)
    summary = models.TextField("做了什么", blank=True)
    cancel_reason = models.CharField("取消理由", max_length=200, blank=True)
    check_outcome = models.CharField(
        "抽查", max_length=10, choices=CheckOutcome.choices(), blank=True
    )
    version = models.PositiveIntegerField("版本", default=1)
    changed_at = models.DateTimeField("修改时间")

    objects = PairActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "联建活动"
        ordering = ("-day", "pk")
        indexes = (
            models.Index(fields=("day", "id", "county"), name="pair_activity_by_day"),
            # With all that the figures count by: they read the index and no row.
            models.Index(
                fields=(
                    "state", "day", "kind", "id", "county", "mode", "place", "members_there"
                ),
                name="pair_activity_by_state",
            ),
            models.Index(fields=("kind", "day", "id", "county"), name="pair_activity_by_kind"),
            models.Index(fields=("place", "day"), name="pair_activity_by_place"),
            models.Index(
                fields=("check_outcome", "day"), name="pair_activity_by_check",
                condition=~Q(check_outcome=""),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"

    @property
    def hours(self) -> str:
        """2 or 1.5; empty where it was not said yet."""
        return f"{(self.minutes or 0) / 60:g}" if self.minutes else ""


class ActivityParticipantQuerySet(models.QuerySet["ActivityParticipant"]):
    def members_there(self) -> Self:
        """Those of whom `is_member_there` is true."""
        return self.filter(attendance=Attendance.SPOT, is_member=True, unit__isnull=False)


class ActivityParticipant(models.Model):
    """Somebody of a unit at an activity; unit and membership as they were on the day."""

    activity = models.ForeignKey(PairActivity, models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="pair_activities", verbose_name="人员"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    attendance = models.CharField("参加方式", max_length=8, choices=Attendance.choices())
    is_member = models.BooleanField("党员")

    objects = ActivityParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = "活动参加人"
        ordering = ("activity", "person__number")
        constraints = (
            models.UniqueConstraint(
                fields=("activity", "person"), name="activity_participant_once",
                violation_error_message="同一人在一场活动里只记一次",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("person", "activity"), name="participant_by_person"),)

    def __str__(self) -> str:
        return f"{self.activity} {self.person}"

    def audit_place_path(self) -> str:
        return self.activity.audit_place_path()

    @property
    def is_member_there(self) -> bool:
        """A unit's Party member on the spot; who took part online is not counted (R-3-05)."""
        is_there = self.attendance == Attendance.SPOT and self.unit_id is not None
        return is_there and self.is_member


class KeptVersion(models.Model):
    """What a record said before it was changed (R-0-18)."""

    number = models.PositiveIntegerField("版本")
    values = models.JSONField("原来的内容")
    reason = models.CharField("理由", max_length=200, blank=True)
    replaced_at = models.DateTimeField("改动时间")
    replaced_by = models.CharField("改动人", max_length=60)

    class Meta:
        abstract = True


class ActivityVersion(KeptVersion):
    activity = models.ForeignKey(PairActivity, models.CASCADE, related_name="versions")

    class Meta:
        verbose_name = "活动的旧版本"
        ordering = ("activity", "-number")
        constraints = (
            models.UniqueConstraint(fields=("activity", "number"), name="activity_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.activity} 第 {self.number} 版"


class ActivityPhoto(KeptPhoto):
    """A photo of an activity, made smaller and without what the camera wrote; kept sealed."""

    activity = models.ForeignKey(PairActivity, models.CASCADE, related_name="photos")

    class Meta:
        verbose_name = "活动照片"
        ordering = ("added_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("activity", "digest"), name="activity_photo_once",
                violation_error_message="这张照片已经在这场活动里",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity} 的照片"


class ActivitySample(models.Model):
    """抽查: which activities of a quarter a township drew by lot, with the seed of the draw."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="乡镇")
    since = models.DateField("季度首日")
    seed = models.CharField("抽取种子", max_length=64)
    count = models.PositiveIntegerField("应抽场数的总体")
    drawn_by_name = models.CharField("抽取人", max_length=60)
    drawn_at = models.DateTimeField("抽取时间")
    activities = models.ManyToManyField(PairActivity, related_name="samples")

    class Meta:
        verbose_name = "活动抽查"
        ordering = ("-since", "place__path", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("place", "since"), name="activity_sample_once",
                violation_error_message="这个季度已经抽取过",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.place} {self.since} 抽查"

    def audit_place_path(self) -> str:
        return self.place.path


class ActivityCheck(models.Model):
    """What somebody of town or county found when looking into an activity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(PairActivity, models.CASCADE, related_name="checks")
    outcome = models.CharField("结果", max_length=10, choices=CheckOutcome.choices())
    text = models.TextField("情况", blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("抽查人", max_length=60)
    made_at = models.DateTimeField("抽查时间")

    class Meta:
        verbose_name = "抽查记录"
        ordering = ("-made_at", "pk")

    def __str__(self) -> str:
        return f"{self.activity} {self.get_outcome_display()}"

    def audit_place_path(self) -> str:
        return self.activity.audit_place_path()
