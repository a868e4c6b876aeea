"""Who may act in which role, over what, and for how long?"""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lingyan.directory import roles
from lingyan.directory.models.people import Unit
from lingyan.directory.models.places import Place


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
    # Set where a delegate stands in for the holder of another assignment (代理).
    handed_from = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="handed_on",
        verbose_name="代理的身份",
    )
    reason = models.CharField("事由", max_length=200, blank=True)
    # The quarterly review (10.2): who last said, and when, that it is still needed.
    reviewed_on = models.DateField("核对日期", null=True, blank=True)
    reviewed_by = models.CharField("核对人", max_length=60, blank=True)

    class Meta:
        verbose_name = "身份授权"
        constraints = (
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(unit__isnull=True),
                name="assignment_place_or_unit",
                violation_error_message="管辖范围只能是区划或单位之一",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="assignment_until_after_since",
                violation_error_message="终止日期不能早于起始日期",
            ),
            models.CheckConstraint(
                condition=Q(handed_from__isnull=True) | Q(until__isnull=False),
                name="delegation_has_an_end",
                violation_error_message="代理必须写明终止日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}：{self.get_role_display()}"

    @property
    def where(self) -> str:
        """The place or unit in words; empty for a role that has neither."""
        return str(self.place or self.unit or "")

    @property
    def label(self) -> str:
        """乡镇组织委员（北山镇）, as buttons and lists show it."""
        role = self.get_role_display()
        return f"{role}（{self.where}）" if self.where else role

    def in_force_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until > day)

    def audit_place_path(self) -> str:
        place = self.place or (self.unit.place if self.unit else None)
        return place.path if place else ""
