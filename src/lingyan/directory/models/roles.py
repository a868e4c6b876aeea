"""Who may act in which role, over what, and for how long?"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

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
