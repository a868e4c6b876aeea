"""Which term of which body of a village runs from when to when?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from lingyan.directory.models import Place
from lingyan.directory.scoping import place_q
from lingyan.organization.rules.terms import TermKind
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class TermQuerySet(models.QuerySet["Term"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "village__"))


class Term(models.Model):
    """届：one term of a village's Party organization, committee or collective.

    `planned_until` is the day on which it should end, `until` the day on which the next one began;
    both are the first day that no longer belongs to it. A post belongs to the term of its body in
    which it was held: that is counted from the days, never typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Place, models.PROTECT, related_name="terms", verbose_name="村")
    kind = models.CharField("班子", max_length=8, choices=TermKind.choices())
    number = models.PositiveSmallIntegerField("届次")
    since = models.DateField("起始日期")
    planned_until = models.DateField("届满日期")
    until = models.DateField("结束日期", null=True, blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "届次"
        ordering = ("village__path", "kind", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("village", "kind", "number"),
                name="term_number_once",
                violation_error_message="该届次已经登记",
            ),
            models.UniqueConstraint(
                fields=("village", "kind"),
                condition=Q(until__isnull=True),
                name="term_current_once",
                violation_error_message="上一届尚未结束",
            ),
            models.CheckConstraint(
                condition=Q(planned_until__gt=F("since")),
                name="term_planned_after_since",
                violation_error_message="届满日期应晚于起始日期",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="term_until_after_since",
                violation_error_message="结束日期应晚于起始日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}第{self.number}届{self.get_kind_display()}"

    def audit_place_path(self) -> str:
        return self.village.path
