"""Which sums did pairs bring to the villages: meant, arrived, paid out, and whose work was it?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.common.money import NOTHING
from lingyan.directory.models import Place
from lingyan.directory.scoping import place_q
from lingyan.pairing.models.claims import (
    ONE_CLAIMANT,
    Claim,
    claim_q,
    is_whole_county,
    own_part,
)
from lingyan.pairing.models.year import PairProject
from lingyan.pairing.rules.ledger_words import FundSource, FundStage
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.columns import MoneyField

if TYPE_CHECKING:
    from typing import Self


def fund_q(scope: Scope, column: str) -> Q:
    """Rows of a sum in `column`: of whoever had a part in it, or is above somebody who had.

    Pairs of two villages may have a part in one sum, of two counties never: a whole county is a
    range of places. A sum always has a claim of its own village, so the claims say it all.
    """
    village = "village__" if column == "pk" else f"{column}__village__"
    if is_whole_county(scope):
        seen, claimants = place_q(scope, village), own_part(scope)
    else:
        seen, claimants = Q(), scope
    if claimants.unit_ids or claimants.person_id or claimants.place_paths:
        claims = FundClaim.objects.filter(claim_q(claimants), dropped="")
        mine = Q(**{f"{column}__in": claims.order_by().values("fund")})
        return seen | mine if seen and scope.place_paths else mine
    return seen


class PairFundQuerySet(models.QuerySet["PairFund"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(fund_q(scope, "pk"))


class PairFund(models.Model):
    """项目资金: one sum for one project of a village (3.4), however many had a part in it.

    The three amounts and their last days follow from the lines of its ledger; `claimants` from the
    claims that stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="pair_funds", verbose_name="村（镇、社区）"
    )
    source = models.CharField("来源", max_length=8, choices=FundSource.choices())
    project = models.CharField("项目", max_length=120)
    shared_project = models.ForeignKey(
        PairProject, models.PROTECT, null=True, blank=True, related_name="funds",
        verbose_name="共建项目",
    )  # fmt: skip
    committed = MoneyField("协议（意向）金额", default=NOTHING)
    committed_on = models.DateField("协议日期", null=True, blank=True)
    arrived = MoneyField("协调到位金额", default=NOTHING)
    arrived_on = models.DateField("到位日期", null=True, blank=True)
    spent = MoneyField("拨付金额", default=NOTHING)
    spent_on = models.DateField("拨付日期", null=True, blank=True)
    claimants = models.PositiveSmallIntegerField("认领方", default=0)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    objects = PairFundQuerySet.as_manager()

    class Meta:
        verbose_name = "项目资金"
        ordering = ("-made_at", "pk")
        indexes = (
            models.Index(fields=("made_at", "id"), name="pair_fund_by_day"),
            models.Index(fields=("village", "made_at"), name="pair_fund_by_village"),
            models.Index(fields=("arrived", "id"), name="pair_fund_by_amount"),
            # The figures add up 100,000 lines off these two alone.
            models.Index(fields=("id", "village", "claimants"), name="pair_fund_claimants"),
        )

    def __str__(self) -> str:
        return f"{self.village} {self.project}"

    def audit_place_path(self) -> str:
        return self.village.path


class PairFundEntryQuerySet(models.QuerySet["PairFundEntry"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(fund_q(scope, "fund"))


class PairFundEntry(models.Model):
    """One line of the ledger of a sum; a wrong one stays and is taken back by a counter-entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fund = models.ForeignKey(
        PairFund, models.PROTECT, related_name="entries", verbose_name="项目资金"
    )
    stage = models.CharField("金额类别", max_length=10, choices=FundStage.choices())
    happened_on = models.DateField("日期")
    amount = MoneyField("金额")
    evidence = models.CharField("依据", max_length=120)
    text = models.CharField("说明", max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by",
        verbose_name="冲销的一笔",
    )  # fmt: skip
    is_corrected = models.BooleanField("已冲销", default=False)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    objects = PairFundEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "资金金额"
        ordering = ("happened_on", "made_at", "pk")
        indexes = (
            models.Index(fields=("stage", "happened_on", "id"), name="pair_fund_entry_by_day"),
            models.Index(fields=("fund", "happened_on"), name="pair_fund_entry_by_fund"),
            models.Index(
                fields=("stage", "happened_on", "fund", "amount"), name="pair_fund_entry_sums"
            ),
        )

    def __str__(self) -> str:
        return f"{self.fund} {self.get_stage_display()} {self.amount}"

    def audit_place_path(self) -> str:
        return self.fund.village.path


class FundClaim(Claim):
    """认领 of a sum. `weight` is the part agreed on, in fen; nothing means equal parts."""

    fund = models.ForeignKey(
        PairFund, models.PROTECT, related_name="claims", verbose_name="项目资金"
    )
    weight = models.BigIntegerField("约定份额(分)", null=True, blank=True)

    class Meta:
        verbose_name = "资金认领"
        ordering = ("made_at", "pk")
        indexes = (
            models.Index(fields=("fund", "dropped"), name="fund_claim_by_fund"),
            models.Index(fields=("village", "dropped", "fund"), name="fund_claim_by_village"),
            models.Index(fields=("unit", "dropped", "fund"), name="fund_claim_by_unit"),
            models.Index(fields=("pairing", "fund"), name="fund_claim_by_pair"),
        )
        constraints = (
            models.CheckConstraint(
                condition=ONE_CLAIMANT,
                name="fund_claim_one_claimant",
                violation_error_message="认领方是一对结对或一名第一书记",
            ),
            models.UniqueConstraint(
                fields=("fund", "pairing"),
                condition=Q(dropped="", pairing__isnull=False),
                name="fund_claim_pair_once",
                violation_error_message="这对结对已经认领",
            ),
            models.UniqueConstraint(
                fields=("fund", "person"),
                condition=Q(dropped="", person__isnull=False),
                name="fund_claim_person_once",
                violation_error_message="这名第一书记已经认领",
            ),
        )
