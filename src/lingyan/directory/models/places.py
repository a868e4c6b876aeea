"""Which places are there, what were they before, and which days does the installation set?"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.common.pinyin import spelt
from lingyan.directory import rules
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.columns import DerivedField

if TYPE_CHECKING:
    from typing import Self


def _core(place: Place) -> str:
    return rules.core_of_place(place.short_name)


def _pinyin(place: Place) -> str:
    return spelt(_core(place))[0]


def _initials(place: Place) -> str:
    return spelt(_core(place))[1]


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, ""))


def called(short_name: str | None, ended_on: date | None) -> str:
    """A place that is no more is named so wherever a record still points to it."""
    return f"原{short_name}" if ended_on else short_name or ""


class Place(models.Model):
    """A place of any level. Its code is an attribute with an edition: codes are reused.

    `path` is the chain of places from the top, four digits a level, so that "everything under" is
    one range of an index; it names nothing outside this table. A village that was merged lies under
    its successor from then on, so that who sees the successor sees its history.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField("区划路径", max_length=40, unique=True)
    level = models.CharField("级别", max_length=10, choices=rules.PlaceLevel.choices())
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级",
    )
    name = models.CharField("全称", max_length=80, db_index=True)
    short_name = models.CharField("简称", max_length=80, db_index=True)
    village_kind = models.CharField(
        "村类别", max_length=24, blank=True, choices=rules.VillageKind.choices()
    )
    code = models.CharField("统计用区划代码", max_length=14, blank=True, db_index=True)
    code_edition = models.CharField("代码版本", max_length=10, blank=True)
    since = models.DateField("设立日期", null=True, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    core = DerivedField(max_length=80, db_index=True, derive=_core)
    pinyin = DerivedField(max_length=160, db_index=True, derive=_pinyin)
    initials = DerivedField(max_length=40, db_index=True, derive=_initials)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "区划"
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(
                fields=("code", "code_edition"),
                condition=~Q(code=""),
                name="place_code_once_per_edition",
                violation_error_message="同一版本中区划代码不能重复",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_point_whole_and_on_earth",
                violation_error_message="纬度和经度要一起填，纬度 -90 至 90，经度 -180 至 180",
            ),
        )
        indexes = (
            models.Index(fields=("path", "id"), name="place_by_path"),
            models.Index(fields=("level", "ended_on", "path", "id"), name="place_by_level"),
            models.Index(fields=("level", "ended_on", "short_name", "id"), name="place_by_name"),
            models.Index(fields=("parent", "level", "ended_on", "path"), name="place_by_parent"),
            # Every page asks whether there is any.
            models.Index(fields=("is_demo",), name="place_of_demo", condition=Q(is_demo=True)),
        )

    def __str__(self) -> str:
        return called(self.short_name, self.ended_on)

    def audit_place_path(self) -> str:
        return self.path


class AdjoiningTowns(models.Model):
    """Two towns that touch, entered once by the county (there is no free source for it)."""

    first = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name="乡镇")
    second = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name="相邻乡镇")

    class Meta:
        verbose_name = "相邻乡镇"
        constraints = (
            models.UniqueConstraint(
                fields=("first", "second"),
                name="adjoining_towns_once",
                violation_error_message="这两个乡镇已登记为相邻",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first}—{self.second}"


class CalendarDay(models.Model):
    """A day that the county decides (R-0-08); other days come from the state calendar."""

    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("工作日")
    note = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = "工作日历"
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {'工作日' if self.is_workday else '休息日'}"


class PlaceChange(models.Model):
    """One act by which places were renamed, joined, parted, moved or given other codes.

    `before` and `after` hold the fields of each changed place, `created` the ids of new places and
    `moved_roles` the assignments that followed, so that the act can be taken back.
    """

    kind = models.CharField("办理", max_length=10, choices=rules.PlaceChangeKind.choices())
    effective_on = models.DateField("生效日期")
    document_number = models.CharField("批复文号", max_length=60)
    reason = models.CharField("说明", max_length=200, blank=True)
    text = models.CharField("内容", max_length=300)
    path = models.CharField("区划路径", max_length=40)
    asked = models.JSONField("按什么办理", default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    created = models.JSONField(default=list)
    moved_roles = models.JSONField(default=dict)
    made_at = models.DateTimeField("办理时间")
    made_by_name = models.CharField("办理人", max_length=60)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by_name = models.CharField("撤销人", max_length=60, blank=True)

    class Meta:
        verbose_name = "区划变更"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.text

    def audit_place_path(self) -> str:
        return self.path


class PlaceEdition(models.Model):
    """What a place was called and which code it had up to `until` (exclusive)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, models.CASCADE, related_name="editions", verbose_name="区划")
    change = models.ForeignKey(PlaceChange, models.CASCADE, related_name="editions")
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=80, db_index=True)
    village_kind = models.CharField("村类别", max_length=24, blank=True)
    code = models.CharField("统计用区划代码", max_length=14, blank=True, db_index=True)
    code_edition = models.CharField("代码版本", max_length=10, blank=True)
    parent = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField("区划路径", max_length=40)
    until = models.DateField("截止日期（不含）")

    class Meta:
        verbose_name = "区划曾用信息"
        ordering = ("until", "pk")

    def __str__(self) -> str:
        return self.short_name

    @property
    def last_day(self) -> date:
        """Pages show the last day on which it was so."""
        return self.until - timedelta(days=1)


class PlaceSuccession(models.Model):
    """Which place came out of which, by which change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(PlaceChange, models.CASCADE, related_name="successions")
    predecessor = models.ForeignKey(Place, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Place, models.PROTECT, related_name="predecessions")

    class Meta:
        verbose_name = "区划承继"
        constraints = (
            models.UniqueConstraint(
                fields=("change", "predecessor", "successor"),
                name="place_succession_once",
                violation_error_message="承继关系重复",
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor.short_name} → {self.successor.short_name}"
