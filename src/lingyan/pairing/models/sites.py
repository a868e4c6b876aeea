"""Which pairs are a demonstration site, since when, and until when?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from lingyan.directory.models import Place
from lingyan.directory.scoping import place_q
from lingyan.pairing.models.pairings import Pairing
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class DemoSiteQuerySet(models.QuerySet["DemoSite"]):
    def visible_to(self, scope: Scope) -> Self:
        pairs = Pairing.objects.visible_to(scope)
        seen = DemoSite.pairings.through.objects.filter(pairing__in=pairs.values("pk"))
        return self.filter(place_q(scope, "county__") | Q(pk__in=seen.values("demosite")))


class DemoSite(models.Model):
    """结对共建示范点 (R-3-07). `revoked_on` is the first day on which it is one no more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    name = models.CharField("名称", max_length=80)
    zone = models.CharField("重点区域", max_length=80, blank=True)
    pairings = models.ManyToManyField(Pairing, related_name="demo_sites", verbose_name="结对")
    document_number = models.CharField("文号", max_length=60)
    named_on = models.DateField("命名日期")
    revoked_on = models.DateField("取消日期", null=True, blank=True)
    revoked_reason = models.CharField("取消原因", max_length=200, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    objects = DemoSiteQuerySet.as_manager()

    class Meta:
        verbose_name = "结对共建示范点"
        ordering = ("-named_on", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "name"),
                condition=Q(revoked_on__isnull=True),
                name="demo_site_name_once",
                violation_error_message="同名的示范点已经命名",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("named_on")),
                name="demo_site_revoked_after_named",
                violation_error_message="取消日期不能早于命名日期",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.county.path
