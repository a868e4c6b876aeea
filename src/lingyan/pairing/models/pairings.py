"""Which unit is paired with which village, how did it come about, how does it go on?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from lingyan.directory.models import Place, Unit
from lingyan.directory.scoping import place_q
from lingyan.pairing.rules.words import PAIR_HELD, PairingOrigin, PairingState, PairLevel
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class PairingQuerySet(models.QuerySet["Pairing"]):
    def visible_to(self, scope: Scope) -> Self:
        """Both sides see their pairs, and so does whoever is above the village."""
        return self.filter(place_q(scope, "village__") | Q(unit_id__in=scope.unit_ids))

    def held(self) -> Self:
        """From the proposal to the end."""
        return self.filter(state__in=PAIR_HELD)

    def active(self) -> Self:
        return self.filter(state=PairingState.ACTIVE)


class Pairing(models.Model):
    """结对 of a unit and a village (3.2). `planned_until` and `until` are exclusive.

    `village` is a township where `level` says so (R-3-03). `was_key_task` is what the village was
    on the day the pair began: X09 counts by it. `still_since` is its last effective event, or its
    beginning. `points` and `parts` are those of the plan that
    proposed it, per mille.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pairings", verbose_name="单位")
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="pairings", verbose_name="村（镇、社区）"
    )
    level = models.CharField(
        "层级", max_length=10, choices=PairLevel.choices(), default=PairLevel.VILLAGE
    )
    is_lead = models.BooleanField("牵头单位", default=True)
    origin = models.CharField("来源", max_length=8, choices=PairingOrigin.choices())
    state = models.CharField(
        "状态", max_length=14, choices=PairingState.choices(), default=PairingState.PROPOSED
    )
    state_since = models.DateField("进入现状态的日期")
    points = models.PositiveSmallIntegerField("结对分", null=True, blank=True)
    parts = models.JSONField("四项得分", default=dict, blank=True)
    was_key_task = models.BooleanField("结对时为乡村振兴任务重的村", null=True, blank=True)
    goals = models.JSONField("共建目标", default=list, blank=True)
    plan_text = models.TextField("年度计划", blank=True)
    unit_contact = models.CharField("单位联系人", max_length=40, blank=True)
    village_contact = models.CharField("村联系人", max_length=40, blank=True)
    term_months = models.PositiveSmallIntegerField("期限(月)", default=24)
    agreement_number = models.CharField("协议编号", max_length=60, blank=True)
    signed_on = models.DateField("签订日期", null=True, blank=True)
    since = models.DateField("开始日期", null=True, blank=True)
    planned_until = models.DateField("到期日", null=True, blank=True)
    until = models.DateField("实际结束日", null=True, blank=True)
    end_reason = models.TextField("结束原因", blank=True)
    still_since = models.DateField("没有动静起", null=True, blank=True)
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="接续的结对",
    )
    created_by_id = models.BigIntegerField("建立账号", null=True)
    created_at = models.DateTimeField("建立时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = "结对"
        ordering = ("village__path", "-is_lead", "pk")
        indexes = (
            models.Index(fields=("village", "state", "id"), name="pairing_by_village"),
            models.Index(fields=("unit", "state", "id"), name="pairing_by_unit"),
            models.Index(fields=("state", "village"), name="pairing_by_state"),
            models.Index(fields=("planned_until", "id", "village"), name="pairing_by_last_day"),
            models.Index(fields=("state", "still_since", "id"), name="pairing_by_still_since"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "village"),
                condition=Q(state__in=sorted(PAIR_HELD)),
                name="pairing_held_once",
                violation_error_message="该单位与该村已有结对",
            ),
            models.UniqueConstraint(
                fields=("village",),
                condition=Q(state__in=sorted(PAIR_HELD), is_lead=True),
                name="pairing_one_lead",
                violation_error_message="该村已有牵头结对单位",
            ),
            models.CheckConstraint(
                condition=Q(planned_until__isnull=True) | Q(planned_until__gt=F("since")),
                name="pairing_planned_until_after_since",
                violation_error_message="到期日应晚于开始日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}—{self.village}"

    def audit_place_path(self) -> str:
        return self.village.path


class PairingStep(models.Model):
    """One step of a pair's life with what was said about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="steps", verbose_name="结对")
    act = models.CharField("事项", max_length=20)
    happened_on = models.DateField("日期")
    text = models.TextField("说明", blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("经办人", max_length=40)
    made_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "结对事项"
        ordering = ("-made_at", "pk")

    def __str__(self) -> str:
        return f"{self.pairing} {self.act}"

    def audit_place_path(self) -> str:
        return self.pairing.village.path
