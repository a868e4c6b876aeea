"""Who can be sent, and what proves what they can do?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import person_q
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.rules import words

if TYPE_CHECKING:
    from typing import Self

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class OfPersonQuerySet(models.QuerySet[Row_co], Generic[Row_co]):
    """Rows that belong to a person."""

    def visible_to(self, scope: Scope) -> Self:
        seen = person_q(scope, "person")
        if scope.unit_ids:
            seen |= Q(person__unit_id__in=scope.unit_ids)
        if scope.person_id:
            seen |= Q(person_id=scope.person_id)
        return self.filter(seen)


class PoolEntry(models.Model):
    """A person in the 人才储备库, with what the unit declared about eligibility (R-2-11 to R-2-18).

    Health and discipline stay in this table: they never enter a snapshot, a plan or a log.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="pool_entry")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="推荐单位")
    state = models.CharField(
        "状态",
        max_length=12,
        choices=words.PoolState.choices(),
        default=words.PoolState.RECOMMENDED,
    )
    category = models.CharField(
        "入库类别", max_length=20, blank=True, choices=words.PoolCategory.choices()
    )
    recommended_on = models.DateField("推荐日期", null=True, blank=True)
    recommended_by_id = models.BigIntegerField("推荐账号", null=True)
    removal_reason = models.CharField(
        "出库原因", max_length=20, blank=True, choices=words.RemovalReason.choices()
    )
    health = models.CharField(
        "健康状况", max_length=12, blank=True, choices=words.HealthState.choices()
    )
    discipline = models.CharField(
        "纪律情况", max_length=24, blank=True, choices=words.DisciplineState.choices()
    )
    languages = models.JSONField("掌握语言", default=list)
    grassroots_years = models.PositiveSmallIntegerField("基层工作年数", default=0)
    yearly_results = models.JSONField("近三年考核", default=list)
    distance_minutes_max = models.PositiveSmallIntegerField("单程最多分钟", null=True, blank=True)
    hardship = models.CharField("困难说明", max_length=200, blank=True)
    wanted_kinds = models.JSONField("可任岗位", default=list, help_text="空为均可")
    full_member_since = models.DateField("转正日期", null=True, blank=True)
    retires_on = models.DateField("预计退休日期", null=True, blank=True)
    source = models.CharField(
        "人选来源", max_length=12, blank=True, choices=words.CandidateSource.choices()
    )
    sanction_until = models.DateField("处分影响期至", null=True, blank=True)
    posted_elsewhere = models.BooleanField("另有派驻", default=False)
    recalled_on = models.DateField("召回日期", null=True, blank=True)
    recall_village = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="召回村"
    )
    recall_ground = models.CharField(
        "召回情形", max_length=8, blank=True, choices=words.RecallGround.choices()
    )
    last_posting_until = models.DateField("上次派驻结束", null=True, blank=True)
    relatives_named = models.JSONField("自述近亲属", default=list)
    refused_villages = models.JSONField("不愿去的村", default=list, help_text="区划的编号")
    refusal_reason = models.CharField("不愿去的理由", max_length=200, blank=True)
    business_villages = models.JSONField("有经济往来的村", default=list, help_text="区划的编号")
    remark = models.CharField("备注", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新时间")

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人才储备库"
        ordering = ("person__number",)
        indexes = (
            models.Index(fields=("state", "person", "id", "category"), name="pool_entry_by_state"),
            models.Index(fields=("recommended_on", "id", "person"), name="pool_entry_by_day"),
        )

    def __str__(self) -> str:
        return str(self.person)

    def audit_place_path(self) -> str:
        return self.person.place.path


class CapabilityEvidence(models.Model):
    """One proof behind a level in a person's 能力画像 (2.3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="capability_evidence")
    capability = models.CharField("能力", max_length=20, choices=words.Capability.choices())
    text = models.CharField("佐证", max_length=200)
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止(不含)", null=True, blank=True)
    level = models.PositiveSmallIntegerField("等级", null=True, blank=True)
    verified = models.BooleanField("已核实", default=False)
    verified_on = models.DateField("核实日期", null=True, blank=True)
    recorded_on = models.DateField("登记日期")
    recorded_by_id = models.BigIntegerField("登记账号", null=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "能力佐证"
        ordering = ("person", "capability", "since")
        indexes = (
            models.Index(
                fields=("capability", "verified", "person"), name="evidence_by_capability"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_capability_display()}：{self.text}"

    def audit_place_path(self) -> str:
        return self.person.place.path
