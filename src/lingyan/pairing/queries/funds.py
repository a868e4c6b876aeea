"""Which sums may this person read, what stands in their ledgers, and which look the same?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from lingyan.common.money import NOTHING
from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.pairing.models import FundClaim, PairFund, PairFundEntry
from lingyan.pairing.rules import funds as rules
from lingyan.pairing.rules.ledger_words import FundStage
from lingyan.platform.accounts.actor import Scope


def list_funds(scope: Scope) -> QuerySet[PairFund]:
    return PairFund.objects.visible_to(scope).select_related("village__parent")


def get_fund(scope: Scope, fund_id: UUID) -> PairFund:
    return get_object_or_404(list_funds(scope), pk=fund_id)


def is_visible(scope: Scope, fund: PairFund) -> bool:
    return list_funds(scope).filter(pk=fund.pk).exists()


def get_entry(scope: Scope, entry_id: UUID) -> PairFundEntry:
    found = PairFundEntry.objects.visible_to(scope)
    return get_object_or_404(found.select_related("fund__village"), pk=entry_id)


def entries_of(fund: PairFund) -> QuerySet[PairFundEntry]:
    return fund.entries.order_by("happened_on", "made_at", "pk")


def lines_of(fund: PairFund) -> list[rules.Line]:
    """The lines that stand: what was taken back and its counter-entry are left out."""
    rows = fund.entries.filter(is_corrected=False, corrects__isnull=True)
    return [
        rules.Line(stage, on, amount)
        for stage, on, amount in rows.values_list("stage", "happened_on", "amount")
    ]


def amounts_of(fund: PairFund) -> dict[str, Decimal | date | None]:
    """The three amounts and their last days, as the ledger has them."""
    found: dict[str, Decimal | date | None] = {}
    standing = Q(is_corrected=False, corrects__isnull=True)
    rows = fund.entries.filter(standing).order_by().values_list("stage")
    sums = {stage: (total, last) for stage, total, last in rows.annotate(
        total=Sum("amount"), last=Max("happened_on"))}  # fmt: skip
    for stage in FundStage:
        total, last = sums.get(stage.value, (NOTHING, None))
        found[stage.value], found[f"{stage.value}_on"] = total, last
    return found


def find_twin(village: Place, *, stage: str, amount: Decimal, on: date) -> PairFund | None:
    """The same amount for the same village within some weeks: perhaps the same sum."""
    near = timedelta(days=rules.TWIN_DAYS)
    rows = PairFundEntry.objects.filter(
        fund__village=village, stage=stage, is_corrected=False, corrects__isnull=True,
        happened_on__gte=on - near, happened_on__lte=on + near,
    )  # fmt: skip
    rows = rows.filter(amount=amount)  # type: ignore[misc]  # yuan, which the column turns to fen
    found = rows.select_related("fund__village").order_by("happened_on", "pk").first()
    return found.fund if found else None


def find_claimable(village_ids: Sequence[UUID], fund_id: UUID) -> PairFund:
    """A sum of one's own pair's village, even when others wrote it down: to have a part in it."""
    found = PairFund.objects.filter(village__in=village_ids).select_related("village__parent")
    return get_object_or_404(found, pk=fund_id)


def search_q(text: str) -> Q:
    """By village, town, unit that has a part, or the beginning of the project."""
    units = FundClaim.objects.filter(search.of_units_q(text, "unit"), dropped="")
    found = search.of_villages_q(text, "village") | Q(project__prefix=text)
    return found | Q(pk__in=units.values("fund"))
