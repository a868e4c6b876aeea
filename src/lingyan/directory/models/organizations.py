"""Which Party organizations does the county have, since when, and by which document?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from lingyan.directory.models.people import Unit
from lingyan.directory.models.places import Place
from lingyan.directory.rules.organizations import (
    OrganizationDomain,
    OrganizationKind,
    OrganizationState,
)
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class PartyOrganizationQuerySet(models.QuerySet["PartyOrganization"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids))


class PartyOrganization(models.Model):
    """A Party organization at a place, of a unit where it belongs to one.

    `since` is empty while it is prepared; `until` is the first day on which it is no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=20, choices=OrganizationKind.choices())
    domain = models.CharField("领域", max_length=12, choices=OrganizationDomain.choices())
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name="上级党组织",
    )  # fmt: skip
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="所在地")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在单位"
    )
    state = models.CharField(
        "状态", max_length=14, choices=OrganizationState.choices(),
        default=OrganizationState.PREPARING.value,
    )  # fmt: skip
    member_count = models.PositiveIntegerField("正式党员数", default=0)
    counted_on = models.DateField("党员数核对日期", null=True, blank=True)
    since = models.DateField("成立日期", null=True, blank=True)
    until = models.DateField("撤销日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    objects = PartyOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "党组织"
        ordering = ("place__path", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "place"),
                condition=Q(until__isnull=True),
                name="party_organization_name_once",
                violation_error_message="这里已有同名的党组织",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="party_organization_until_after_since",
                violation_error_message="撤销日期应晚于成立日期",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.place.path


class OrganizationStep(models.Model):
    """One step in the life of an organization: what was done, by which document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        PartyOrganization, models.CASCADE, related_name="steps", verbose_name="党组织"
    )
    act = models.CharField("办理", max_length=20)
    to_state = models.CharField("状态", max_length=14, choices=OrganizationState.choices())
    on = models.DateField("生效日期")
    document_number = models.CharField("批复文号", max_length=60, blank=True)
    text = models.CharField("说明", max_length=200, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("办理人", max_length=40)
    made_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "党组织变动"
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"{self.organization}{self.get_to_state_display()}"

    def audit_place_path(self) -> str:
        return self.organization.place.path
