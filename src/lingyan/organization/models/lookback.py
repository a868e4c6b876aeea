"""What was found when a term change was looked back on, and is it mended (1.8)?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from lingyan.directory.models import VillageOfficer
from lingyan.organization.models.term_changes import TermChange
from lingyan.organization.rules.term_words import (
    ItemResult,
    LookBackItem,
    MendOutcome,
    MendState,
)


class LookBackCheck(models.Model):
    """One of the fourteen items; all stand there empty from the hand-over on.

    A problem has an owner and a day, and `state` says how far its mending is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(
        TermChange, models.PROTECT, related_name="checks", verbose_name="换届"
    )
    item = models.CharField("项目", max_length=4, choices=LookBackItem.choices())
    result = models.CharField("结论", max_length=8, blank=True, choices=ItemResult.choices())
    evidence = models.TextField("检查情况和佐证", blank=True)
    owner = models.CharField("责任人", max_length=40, blank=True)
    officer = models.ForeignKey(
        VillageOfficer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="涉及的村干部",
    )
    checked_on = models.DateField("检查日期", null=True, blank=True)
    checked_by_name = models.CharField("检查人", max_length=40, blank=True)
    state = models.CharField("整改", max_length=8, blank=True, choices=MendState.choices())
    due_on = models.DateField("整改期限", null=True, blank=True)
    outcome = models.CharField("整改方式", max_length=10, blank=True, choices=MendOutcome.choices())
    mend_text = models.TextField("整改情况", blank=True)
    mended_on = models.DateField("整改日期", null=True, blank=True)
    mended_by = models.CharField(max_length=20, blank=True)
    remark = models.TextField("核实或退回的说明", blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)

    class Meta:
        verbose_name = "回头看项目"
        ordering = ("change", "item", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("change", "item"),
                name="lookback_item_once",
                violation_error_message="该项已经检查",
            ),
            models.CheckConstraint(
                condition=Q(result=ItemResult.PROBLEM, due_on__isnull=False)
                | (~Q(result=ItemResult.PROBLEM) & Q(state="")),
                name="lookback_problem_has_a_day",
                violation_error_message="存在问题的须有整改期限",
            ),
        )

    def __str__(self) -> str:
        return f"{self.change}{self.get_item_display()}"

    def audit_place_path(self) -> str:
        return self.change.village.path
