"""What was found in a village, and what does it ask for?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Place
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.rules import words

if TYPE_CHECKING:
    from typing import Self

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class OfVillageQuerySet(models.QuerySet[Row_co], Generic[Row_co]):
    """Rows that belong to a village."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "village__"))


class HealthCheck(models.Model):
    """全面体检 of one village in one year (R-2-09): 16 items in three domains."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="health_checks", verbose_name="村"
    )
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField(
        "状态",
        max_length=20,
        choices=words.HealthCheckState.choices(),
        default=words.HealthCheckState.DRAFT,
    )
    village_types = models.JSONField("村类型", default=list, help_text="县级确认的村类型")
    summary = models.TextField("综合研判", blank=True)
    agriculture_opinion = models.TextField("农业农村局会商意见", blank=True)
    first_secretary_seats = models.PositiveSmallIntegerField("第一书记名额", default=1)
    member_seats = models.PositiveSmallIntegerField("工作队员名额", default=0)
    profile_remark = models.TextField("人选条件说明", blank=True, help_text="只写与工作有关的条件")
    submitted_by_id = models.BigIntegerField("提交账号", null=True)
    created_at = models.DateTimeField("建立时间")

    objects = OfVillageQuerySet.as_manager()

    class Meta:
        verbose_name = "村情体检"
        ordering = ("-year", "village__path")
        indexes = (models.Index(fields=("year", "state", "village"), name="health_check_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("village", "year"),
                name="health_check_once_a_year",
                violation_error_message="该村本年度已建立体检",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village} {self.year} 年度体检"

    def audit_place_path(self) -> str:
        return self.village.path


class HealthCheckItem(models.Model):
    """One item scored 0 (无需求) to 4 (急需), with a sentence."""

    health_check = models.ForeignKey(HealthCheck, models.CASCADE, related_name="items")
    item = models.CharField("项目", max_length=4, choices=words.CheckItem.choices())
    score = models.PositiveSmallIntegerField("需求程度")
    text = models.CharField("情况说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "体检项目"
        ordering = ("item",)
        constraints = (
            models.UniqueConstraint(fields=("health_check", "item"), name="check_item_once"),
            models.CheckConstraint(condition=Q(score__lte=4), name="check_item_score_0_to_4"),
        )

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.score}"


class NeedList(models.Model):
    """需求清单 of a village: seats in its head, needs in its items.

    One is in force per village; the next may stand confirmed beside it until it is issued.
    """

    class State(models.TextChoices):
        CONFIRMED = "confirmed", "已确认"
        ISSUED = "issued", "已下达"
        SUPERSEDED = "superseded", "已更新"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Place, models.PROTECT, related_name="need_lists", verbose_name="村")
    health_check = models.ForeignKey(
        HealthCheck, models.PROTECT, null=True, blank=True, related_name="need_lists"
    )
    state = models.CharField("状态", max_length=12, choices=State, default=State.CONFIRMED)
    village_types = models.JSONField("村类型", default=list)
    priority_class = models.PositiveSmallIntegerField("优先级", default=3)
    first_secretary_seats = models.PositiveSmallIntegerField("第一书记名额", default=0)
    first_secretary_lower = models.PositiveSmallIntegerField("第一书记至少", default=0)
    member_seats = models.PositiveSmallIntegerField("工作队员名额", default=0)
    member_lower = models.PositiveSmallIntegerField("工作队员至少", default=0)
    language = models.CharField("语言要求", max_length=40, blank=True)
    rank_wanted = models.CharField("职级要求", max_length=40, blank=True)
    remark = models.TextField("说明", blank=True)
    issued_on = models.DateField("下达日期", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")

    objects = OfVillageQuerySet.as_manager()

    class Meta:
        verbose_name = "需求清单"
        ordering = ("village__path", "-created_at")
        indexes = (
            models.Index(fields=("state", "village"), name="need_list_by_state"),
            models.Index(fields=("village", "state", "id"), name="need_list_by_village"),
            models.Index(fields=("issued_on", "id", "village"), name="need_list_by_day"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("village", "state"),
                condition=~Q(state="superseded"),
                name="need_list_in_force_once",
                violation_error_message="该村已有同一状态的需求清单",
            ),
            models.CheckConstraint(
                condition=Q(first_secretary_seats__lte=1),
                name="need_list_one_first_secretary",
                violation_error_message="每村至多一名第一书记",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}需求清单"

    def audit_place_path(self) -> str:
        return self.village.path


class NeedItem(models.Model):
    """One need: severity, the capabilities that help (with weight), the level asked for."""

    need_list = models.ForeignKey(NeedList, models.CASCADE, related_name="items")
    domain = models.CharField("方面", max_length=12, choices=words.NeedDomain.choices())
    item = models.CharField("项目", max_length=4, blank=True, choices=words.CheckItem.choices())
    severity = models.PositiveSmallIntegerField("需求程度")
    capabilities = models.JSONField("所需能力", default=list, help_text="能力代码")
    weight = models.PositiveSmallIntegerField("权重", default=1)
    level = models.PositiveSmallIntegerField("所需等级", null=True, blank=True)
    text = models.CharField("需求说明", max_length=500, blank=True)
    deadline_on = models.DateField("期限", null=True, blank=True)

    class Meta:
        verbose_name = "需求"
        ordering = ("domain", "item", "pk")
        indexes = (models.Index(fields=("need_list", "severity"), name="need_item_by_severity"),)
        constraints = (
            models.CheckConstraint(condition=Q(severity__lte=4), name="need_severity_0_to_4"),
        )

    def __str__(self) -> str:
        return self.text or self.get_item_display() or self.get_domain_display()
