"""Who is posted where, since when, by which document?"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models.rounds import Round
from lingyan.posting.rules import words

if TYPE_CHECKING:
    from typing import Self


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, scope: Scope) -> Self:
        seen = place_q(scope, "village__") | Q(unit_id__in=scope.unit_ids)
        if scope.person_id:
            seen |= Q(person_id=scope.person_id)
        return self.filter(seen)


class Posting(models.Model):
    """派驻 of a person to a village (2.6). `until` and `planned_until` are exclusive.

    A first secretary whose successor has been issued stays until the hand-over (R-2-04): then
    `handover_until` is set, and the village has two of them for the days of the overlap.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="postings", verbose_name="人员")
    village = models.ForeignKey(Place, models.PROTECT, related_name="postings", verbose_name="村")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name="派出单位")
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, related_name="postings", verbose_name="批次"
    )
    kind = models.CharField("类别", max_length=20, choices=words.PostingKind.choices())
    origin = models.CharField("来源", max_length=12, choices=words.PostingOrigin.choices())
    state = models.CharField(
        "状态",
        max_length=16,
        choices=words.PostingState.choices(),
        default=words.PostingState.APPOINTED,
    )
    document_number = models.CharField("发文字号", max_length=60)
    since = models.DateField("派驻日期")
    planned_until = models.DateField("计划期满日")
    until = models.DateField("实际结束日", null=True, blank=True)
    predecessor = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name="前任",
    )
    handover_until = models.DateField("交接期满日", null=True, blank=True)
    handover_text = models.TextField("交接清单", blank=True)
    state_since = models.DateField("进入现状态的日期", null=True, blank=True)
    training_hours = models.PositiveSmallIntegerField("岗前培训学时", null=True, blank=True)
    party_relation_on = models.DateField("党组织关系转接日期", null=True, blank=True)
    arrived_on = models.DateField("到岗日期", null=True, blank=True)
    insure_by = models.DateField("补办保险的最后一天", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "派驻"
        ordering = ("village__path", "kind", "pk")
        indexes = (
            models.Index(fields=("village", "kind", "id"), name="posting_by_village"),
            models.Index(fields=("person", "id", "village"), name="posting_by_person"),
            models.Index(fields=("since", "id", "village"), name="posting_by_day"),
            models.Index(fields=("until", "since"), name="posting_by_end"),
            models.Index(fields=("planned_until", "id", "village"), name="posting_by_last_day"),
            models.Index(fields=("state", "until", "village"), name="posting_by_state"),
            models.Index(
                fields=("until", "handover_until"),
                condition=Q(handover_until__isnull=False),
                name="posting_handing_over",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(until__isnull=True),
                name="posting_person_once",
                violation_error_message="该同志已在其他村任职",
            ),
            models.UniqueConstraint(
                fields=("village",),
                condition=Q(
                    until__isnull=True, handover_until__isnull=True, kind="first_secretary"
                ),
                name="posting_first_secretary_once",
                violation_error_message="该村已有在任第一书记",
            ),
            models.CheckConstraint(
                condition=Q(planned_until__gt=F("since")),
                name="posting_planned_until_after_since",
                violation_error_message="期满日应晚于派驻日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.village} {self.get_kind_display()}"

    def audit_place_path(self) -> str:
        return self.village.path

    @property
    def came_on(self) -> date | None:
        """The first day in the village; records of before the arrivals were kept say `since`.

        Whoever was sent elsewhere without having arrived never came.
        """
        state = words.PostingState
        never = (state.APPOINTED, state.TRAINED, state.TRANSFERRED)
        return self.arrived_on or (None if self.state in never else self.since)
