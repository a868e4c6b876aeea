"""Which places, units, people, officers and relatives does the county have?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lingyan.directory import roles, rules
from lingyan.directory.scoping import place_q
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, ""))


class Place(models.Model):
    """A place of any level. Its code is an attribute with an edition: codes are reused.

    `path` is the chain of places from the top, four digits a level, so that "everything under" is
    one range of an index; it names nothing outside this table.
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
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=80, db_index=True)
    village_kind = models.CharField(
        "村类别", max_length=24, blank=True, choices=rules.VillageKind.choices()
    )
    code = models.CharField("统计用区划代码", max_length=14, blank=True)
    code_edition = models.CharField("代码版本", max_length=10, blank=True)
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
        )
        indexes = (models.Index(fields=("level", "path")),)

    def __str__(self) -> str:
        return self.short_name

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


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "place__") | Q(pk__in=scope.unit_ids))


class Unit(models.Model):
    """A unit that sends people or is paired with villages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("单位", max_length=100, unique=True)
    category = models.CharField("类别", max_length=20, choices=rules.UnitCategory.choices())
    place = models.ForeignKey(Place, models.PROTECT, verbose_name="所在地")
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    sector = models.CharField("行业", max_length=40, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.place.path


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, scope: Scope) -> Self:
        """People of the places in scope (where they are managed), of the units, oneself."""
        seen = place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids)
        if scope.person_id:
            seen |= Q(pk=scope.person_id)
        return self.filter(seen)


class Person(models.Model):
    """One person once in the county. Identity number and phone are encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("人员编号", max_length=20, unique=True)
    name = models.CharField("姓名", max_length=40, db_index=True)
    gender = models.CharField("性别", max_length=8, blank=True, choices=rules.Gender.choices())
    birth_on = models.DateField("出生日期", null=True, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    political_status = models.CharField(
        "政治面貌", max_length=20, blank=True, choices=rules.PoliticalStatus.choices()
    )
    party_joined_on = models.DateField("入党日期", null=True, blank=True)
    work_started_on = models.DateField("参加工作日期", null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="工作单位")
    job_title = models.CharField("职务", max_length=60, blank=True)
    rank = models.CharField("职级", max_length=30, blank=True)
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        verbose_name="管理所在地",
        help_text="单位所在地，或任职的村",
    )
    native_place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="籍贯村(镇)",
    )
    household_place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="户籍村(镇)",
    )
    grown_up_place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="成长地",
    )
    residence_place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="居住地",
    )
    id_number_cipher = models.BinaryField("身份证号(加密)", null=True, blank=True)
    id_number_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    phone_cipher = models.BinaryField("电话(加密)", null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
    )
    is_demo = models.BooleanField("演示数据", default=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"
        ordering = ("number",)

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.place.path

    def set_id_number(self, number: str) -> None:
        self.id_number_cipher = cipher.encrypt(number)
        self.id_number_index = cipher.blind_index(number)

    def set_phone(self, phone: str) -> None:
        self.phone_cipher = cipher.encrypt(phone)


class VillageOfficer(models.Model):
    """A post that a person holds in a village; `until` is exclusive, empty while it is held."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices", verbose_name="人员")
    village = models.ForeignKey(Place, models.PROTECT, related_name="officers", verbose_name="村")
    post = models.CharField("职务", max_length=30, choices=rules.OfficerPost.choices())
    since = models.DateField("任职日期")
    until = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        verbose_name = "村干部任职"
        ordering = ("village__path", "post")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "village", "post"),
                condition=Q(until__isnull=True),
                name="officer_post_once",
                violation_error_message="同一职务不能重复任职",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="officer_until_after_since",
                violation_error_message="离任日期应晚于任职日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}{self.get_post_display()}{self.person}"

    def audit_place_path(self) -> str:
        return self.village.path


class Relative(models.Model):
    """A declared relation between two people; read in both directions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="relatives", verbose_name="人员"
    )
    other = models.ForeignKey(
        Person, models.CASCADE, related_name="relative_of", verbose_name="亲属"
    )
    relation = models.CharField("关系", max_length=20, choices=rules.Relation.choices())

    class Meta:
        verbose_name = "近亲属关系"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "other"),
                name="relative_once",
                violation_error_message="这两人的关系已登记",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("other")),
                name="relative_not_oneself",
                violation_error_message="不能与本人登记亲属关系",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}—{self.get_relation_display()}—{self.other}"

    def audit_place_path(self) -> str:
        return self.person.place.path


class RoleAssignment(models.Model):
    """A user holds a role over a place or a unit (or as himself) for a period (R-0-19)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="assignments",
        verbose_name="账号",
    )
    role = models.CharField("身份", max_length=30, choices=roles.Role.choices())
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name="管辖区划")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="单位")
    since = models.DateField("起始日期")
    until = models.DateField("终止日期(不含)", null=True, blank=True)

    class Meta:
        verbose_name = "身份授权"
        constraints = (
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(unit__isnull=True),
                name="assignment_place_or_unit",
                violation_error_message="管辖范围只能是区划或单位之一",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}：{self.get_role_display()}"

    def audit_place_path(self) -> str:
        return self.place.path if self.place else ""
