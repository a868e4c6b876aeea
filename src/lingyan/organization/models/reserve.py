"""Whom has a village found who may lead it one day?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person, Place
from lingyan.directory.scoping import place_q
from lingyan.organization.rules.reserve import ReserveState
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class VillageReserveQuerySet(models.QuerySet["VillageReserve"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "village__"))


class VillageReserve(models.Model):
    """村级后备力量 (R-1-40)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    state = models.CharField(
        "状态", max_length=10, choices=ReserveState.choices(), default=ReserveState.FOUND.value
    )
    sources = models.JSONField("四类人员", default=list, blank=True)  # [category, evidence], …
    found_on = models.DateField("发现日期")
    mentor = models.CharField("联系培养人", max_length=40, blank=True)
    trained = models.JSONField("参加的培训", default=list, blank=True)  # [day, name], …
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    confirmed_by_name = models.CharField("确认人", max_length=40, blank=True)
    ended_on = models.DateField("使用或退出日期", null=True, blank=True)
    end_text = models.CharField("使用去向或退出原因", max_length=120, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    objects = VillageReserveQuerySet.as_manager()

    class Meta:
        verbose_name = "村级后备力量"
        ordering = ("village__path", "found_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "village"),
                condition=Q(ended_on__isnull=True),
                name="reserve_once_per_village",
                violation_error_message="该同志已是该村后备力量",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}{self.person}"

    def audit_place_path(self) -> str:
        return self.village.path
