"""Which pair was asked whether it had a part in a fact that others wrote down?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.directory.scoping import place_q
from lingyan.pairing.models.activities import PairActivity
from lingyan.pairing.models.funds import PairFund
from lingyan.pairing.models.pairings import Pairing
from lingyan.pairing.rules.invitations import InvitationState
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class PairInvitationQuerySet(models.QuerySet["PairInvitation"]):
    def of_pairs_in(self, scope: Scope) -> Self:
        """Those that ask a pair of the scope."""
        return self.filter(
            place_q(scope, "pairing__village__") | Q(pairing__unit_id__in=scope.unit_ids)
        )

    def waiting(self) -> Self:
        return self.filter(state=InvitationState.ASKED)


class PairInvitation(models.Model):
    """认领请求: whoever wrote down an activity or a sum names another pair, and that one answers.

    A pair that was asked has no part in the fact before it has confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        PairActivity, models.CASCADE, null=True, blank=True, related_name="invitations",
        verbose_name="联建活动",
    )  # fmt: skip
    fund = models.ForeignKey(
        PairFund, models.CASCADE, null=True, blank=True, related_name="invitations",
        verbose_name="项目资金",
    )  # fmt: skip
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="invitations", verbose_name="结对"
    )
    state = models.CharField(
        "状态", max_length=10, choices=InvitationState.choices(), default=InvitationState.ASKED
    )
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField("提出人", max_length=60)
    asked_at = models.DateTimeField("提出时间")
    answered_by_name = models.CharField("答复人", max_length=60, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    objects = PairInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "认领请求"
        ordering = ("-asked_at", "pk")
        indexes = (
            models.Index(fields=("pairing", "state"), name="pair_invitation_by_pair"),
            models.Index(fields=("activity", "state"), name="pair_invitation_by_activity"),
            models.Index(fields=("fund", "state"), name="pair_invitation_by_fund"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(activity__isnull=False, fund__isnull=True)
                | Q(activity__isnull=True, fund__isnull=False),
                name="pair_invitation_of_one_fact",
                violation_error_message="一份请求只为一场活动或一笔资金",
            ),
            models.UniqueConstraint(
                fields=("activity", "pairing"),
                condition=Q(state="asked", activity__isnull=False),
                name="pair_invitation_activity_once",
                violation_error_message="已经请过这对结对",
            ),
            models.UniqueConstraint(
                fields=("fund", "pairing"),
                condition=Q(state="asked", fund__isnull=False),
                name="pair_invitation_fund_once",
                violation_error_message="已经请过这对结对",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fact}：{self.pairing}"

    @property
    def fact(self) -> PairActivity | PairFund:
        found = self.activity or self.fund
        assert found is not None
        return found

    def audit_place_path(self) -> str:
        return self.pairing.village.path
