"""Which units and people does the county have, who holds an office, and who is related?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lingyan.common.pinyin import spelt, spelt_person
from lingyan.directory import rules
from lingyan.directory.models.places import Place
from lingyan.directory.rules.departures import Departure
from lingyan.directory.scoping import place_q
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.columns import BlindIndexField, DerivedField, SealedField

if TYPE_CHECKING:
    from typing import Self


def _core(unit: Unit) -> str:
    return rules.core_of_unit(unit.name)


def _pinyin(unit: Unit) -> str:
    return spelt(_core(unit))[0]


def _initials(unit: Unit) -> str:
    return spelt(_core(unit))[1]


def _given_name(person: Person) -> str:
    return rules.given_name(person.name)


def _person_pinyin(person: Person) -> str:
    return spelt_person(person.name)[0]


def _person_initials(person: Person) -> str:
    return spelt_person(person.name)[1]


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "place__") | Q(pk__in=scope.unit_ids))


class Unit(models.Model):
    """A unit that sends people or is paired with villages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("单位", max_length=100)
    category = models.CharField("类别", max_length=20, choices=rules.UnitCategory.choices())
    place = models.ForeignKey(Place, models.PROTECT, verbose_name="所在地")
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True, db_index=True)
    sector = models.CharField("行业", max_length=40, blank=True, db_index=True)
    industry = models.CharField("产业", max_length=60, blank=True)
    headcount = models.PositiveIntegerField("在职人数", null=True, blank=True)
    core = DerivedField(max_length=100, db_index=True, derive=_core)
    pinyin = DerivedField(max_length=200, db_index=True, derive=_pinyin)
    initials = DerivedField(max_length=60, db_index=True, derive=_initials)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ("name",)
        # Within a county the rule looks as well; another county may have a unit of the same name.
        constraints = (
            models.UniqueConstraint(
                fields=("name", "place"),
                name="unit_name_once_per_place",
                violation_error_message="这里已有同名单位",
            ),
        )
        indexes = (
            models.Index(fields=("name", "id", "place"), name="unit_by_name"),
            models.Index(fields=("category", "name", "id", "place"), name="unit_by_category"),
        )

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.place.path


OWN_RECORD = Q(merged_into__isnull=True)


def _home(label: str) -> models.ForeignKey[Place | None, Place | None]:
    """A place of which somebody comes: the rules of recusal compare it with the village."""
    return models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, scope: Scope) -> Self:
        """People of the places in scope (where they are managed), of the units, oneself."""
        seen = place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids)
        if scope.person_id:
            seen |= Q(pk=scope.person_id)
        # A record that was merged into another only leads on to it.
        return self.filter(seen, merged_into__isnull=True)


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
    native_place = _home("籍贯村(镇)")
    household_place = _home("户籍村(镇)")
    grown_up_place = _home("成长地")
    residence_place = _home("居住地")
    id_number_cipher = SealedField("身份证号(加密)", null=True, blank=True)
    id_number_index = BlindIndexField(of="id_number_cipher", unique=True)
    phone_cipher = SealedField("电话(加密)", null=True, blank=True)
    given_name = DerivedField(max_length=40, db_index=True, derive=_given_name)
    pinyin = DerivedField(max_length=120, db_index=True, derive=_person_pinyin)
    initials = DerivedField(max_length=40, db_index=True, derive=_person_initials)
    left_as = models.CharField("变动", max_length=12, blank=True, choices=Departure.choices())
    left_on = models.DateField("变动日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="并入",
    )
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
        # The orders of the lists, and whom somebody may be a second record of. Each holds all that
        # is asked of it: a list passes over 50,000 people without looking at one.
        indexes = (
            models.Index(fields=("name", "number", "id", "merged_into"), name="person_by_name"),
            models.Index(
                fields=("unit", "number", "id", "place"),
                condition=OWN_RECORD,
                name="person_by_unit",
            ),
            models.Index(
                fields=("birth_on", "number", "id"), condition=OWN_RECORD, name="person_by_age"
            ),
            models.Index(fields=("pinyin", "birth_on", "merged_into"), name="person_alike"),
            models.Index(
                fields=("unit", "name", "birth_on", "merged_into"), name="person_namesakes"
            ),
            models.Index(
                fields=("unit", "birth_on", "initials", "merged_into"), name="person_near_name"
            ),
        )

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
    method = models.CharField(
        "任职方式", max_length=12, blank=True, choices=rules.OfficeMethod.choices()
    )
    full_time = models.BooleanField("专职", default=False)
    sources = models.JSONField("四类人员", default=list, blank=True)  # [category, evidence], …
    end_reason = models.CharField(
        "离任原因", max_length=12, blank=True, choices=rules.EndReason.choices()
    )

    class Meta:
        verbose_name = "村干部任职"
        ordering = ("village__path", "post")
        indexes = (
            models.Index(fields=("village", "post", "id"), name="officer_by_village"),
            models.Index(fields=("person", "id", "village", "until"), name="officer_by_person"),
            models.Index(fields=("since", "id"), name="officer_by_day"),
        )
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
        indexes = (
            models.Index(fields=("person", "id", "other"), name="relative_by_person"),
            models.Index(fields=("other", "id", "person"), name="relative_by_other"),
        )
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


class PersonMerge(models.Model):
    """Two records of one person were made one: `dropped` leads to `kept` from then on.

    `moved` names every reference that was led to the other record, `before` is the image of both
    records, encrypted like all personal data at rest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges", verbose_name="保留")
    dropped = models.ForeignKey(
        Person, models.PROTECT, related_name="merged_by", verbose_name="并入的记录"
    )
    reason = models.CharField("理由", max_length=200)
    before = SealedField("合并前(加密)")
    moved = models.JSONField("改指的记录", default=list)
    chosen = models.JSONField("取自并入记录的项目", default=list)
    made_at = models.DateTimeField("合并时间")
    made_by_name = models.CharField("合并人", max_length=60)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by_name = models.CharField("撤销人", max_length=60, blank=True)

    class Meta:
        verbose_name = "人员合并"
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.dropped.name}（{self.dropped.number}）并入 {self.kept.number}"

    def audit_place_path(self) -> str:
        return self.kept.place.path


class NotTheSame(models.Model):
    """Somebody has looked: these two are two people. `first` has the smaller id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_at = models.DateTimeField("认定时间")
    decided_by_name = models.CharField("认定人", max_length=60)

    class Meta:
        verbose_name = "不是同一人"
        constraints = (
            models.UniqueConstraint(
                fields=("first", "second"),
                name="not_the_same_once",
                violation_error_message="已认定不是同一人",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first.name}与{self.second.name}不是同一人"

    def audit_place_path(self) -> str:
        return self.first.place.path


class KeyRotation(models.Model):
    """One change of the key under which personal data lie."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = models.CharField("新密钥标识", max_length=8)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    value_count = models.PositiveBigIntegerField("重新加密的数据项", default=0)

    class Meta:
        verbose_name = "更换密钥"
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"密钥 {self.key_id}"
