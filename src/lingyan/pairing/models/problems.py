"""Which problems were pairs told of, who works on them, and who says that they are solved?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Place
from lingyan.directory.scoping import place_q
from lingyan.pairing.models.claims import ONE_CLAIMANT, Claim, claim_q, own_part
from lingyan.pairing.rules.ledger_words import PairProblemState, ProblemChannel, ProblemKind
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class PairProblemQuerySet(models.QuerySet["PairProblem"]):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever is above the village, and whoever had a part in it."""
        seen = place_q(scope, "village__")
        if scope.unit_ids or scope.person_id:
            claims = ProblemClaim.objects.filter(claim_q(own_part(scope)), dropped="")
            seen |= Q(pk__in=claims.values("problem"))
        return self.filter(seen)


class PairProblem(models.Model):
    """联建问题: raised in a village, worked on by pairs, ended by village and beneficiaries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="pair_problems", verbose_name="村（镇、社区）"
    )
    kind = models.CharField("类别", max_length=12, choices=ProblemKind.choices())
    channel = models.CharField("来源", max_length=10, choices=ProblemChannel.choices())
    text = models.CharField("问题", max_length=500)
    raised_by = models.CharField("提出人", max_length=40, blank=True)
    raised_on = models.DateField("提出日期")
    due_on = models.DateField("办理期限")
    state = models.CharField(
        "状态", max_length=12, choices=PairProblemState.choices(), default=PairProblemState.RAISED
    )
    handled_text = models.CharField("办理情况", max_length=500, blank=True)
    handled_by_name = models.CharField("办理人", max_length=40, blank=True)
    handled_on = models.DateField("办好日期", null=True, blank=True)
    beneficiaries = models.CharField("确认的受益群众", max_length=200, blank=True)
    confirmed_by_name = models.CharField("村确认人", max_length=40, blank=True)
    solved_on = models.DateField("确认解决日期", null=True, blank=True)
    claimants = models.PositiveSmallIntegerField("认领方", default=0)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    objects = PairProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "联建问题"
        ordering = ("due_on", "made_at", "pk")
        indexes = (
            models.Index(fields=("state", "due_on", "id"), name="pair_problem_by_state"),
            models.Index(fields=("state", "solved_on", "id"), name="pair_problem_by_solved"),
            models.Index(fields=("village", "raised_on"), name="pair_problem_by_village"),
            models.Index(fields=("due_on", "made_at", "id"), name="pair_problem_by_due"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="solved")
                | (Q(solved_on__isnull=False) & ~Q(beneficiaries="") & ~Q(confirmed_by_name="")),
                name="pair_problem_solved_is_confirmed",
                violation_error_message="解决的问题应有村和受益群众的确认",
            ),
        )

    def __str__(self) -> str:
        return self.text[:30]

    def audit_place_path(self) -> str:
        return self.village.path


class ProblemClaim(Claim):
    """认领 of a problem. `source_id` is the first secretary's own record of the same thing."""

    problem = models.ForeignKey(
        PairProblem, models.PROTECT, related_name="claims", verbose_name="联建问题"
    )
    source_id = models.UUIDField("第一书记的记录", null=True, blank=True)

    class Meta:
        verbose_name = "问题认领"
        ordering = ("made_at", "pk")
        indexes = (
            models.Index(fields=("problem", "dropped"), name="problem_claim_by_problem"),
            models.Index(fields=("village", "dropped", "problem"), name="problem_claim_by_village"),
            models.Index(fields=("unit", "dropped", "problem"), name="problem_claim_by_unit"),
            models.Index(fields=("pairing", "problem"), name="problem_claim_by_pair"),
        )
        constraints = (
            models.CheckConstraint(
                condition=ONE_CLAIMANT,
                name="problem_claim_one_claimant",
                violation_error_message="认领方是一对结对或一名第一书记",
            ),
            models.UniqueConstraint(
                fields=("problem", "pairing"),
                condition=Q(dropped="", pairing__isnull=False),
                name="problem_claim_pair_once",
                violation_error_message="这对结对已经认领",
            ),
            models.UniqueConstraint(
                fields=("problem", "person"),
                condition=Q(dropped="", person__isnull=False),
                name="problem_claim_person_once",
                violation_error_message="这名第一书记已经认领",
            ),
            models.UniqueConstraint(
                fields=("source_id",),
                condition=Q(dropped="", source_id__isnull=False),
                name="problem_claim_source_once",
                violation_error_message="第一书记的这条记录已经合到另一件问题",
            ),
        )
