"""How is a sum written down for a pair, with its three amounts, and a wrong line taken back?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.money import NOTHING, fen_of
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory import queries as directory
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import STAFF, TOWN, VILLAGE
from lingyan.pairing.actions.claims import count_claims, hand, locked, write_claim
from lingyan.pairing.actions.liveliness import renew_still_since
from lingyan.pairing.models import FundClaim, PairFund, PairFundEntry, Pairing, PairProject
from lingyan.pairing.queries import claims as claim_queries
from lingyan.pairing.queries import funds as queries
from lingyan.pairing.rules import claims as claim_rules
from lingyan.pairing.rules import funds as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

NO_PAIRS = Refusal("pairing.claim.none", "请至少选一对结对")
WHICH_VILLAGE = Refusal("pairing.fund.village", "选了几个村的结对，请选这笔资金用在哪个村")
TWO_COUNTIES = Refusal("pairing.claim.two_counties", "不同县的资金请分开登记")
NOT_A_RECORDER = Refusal("pairing.fund.wrong_role", "您的角色不能登记项目资金")
NOT_A_DIVIDER = Refusal("pairing.split.wrong_role", "份额由村、乡镇或县委组织部登记")
NOT_ALL_OWN = Refusal(
    "pairing.split.others", "认领方里有您管辖以外的，份额由管着各方的乡镇或县委组织部登记"
)
SPLITTERS = (*VILLAGE, *TOWN, *STAFF)


def refuse_pairs(pairings: Sequence[Pairing], actor: Actor) -> tuple[Refusal, ...]:
    """Pairs of one county that began, for which the person may speak."""
    if not pairings:
        return (NO_PAIRS,)
    held = {one.pk for one in claim_queries.pairs_of_keys(
        actor.scope, [str(one.pk) for one in pairings])}  # fmt: skip
    found = claim_rules.refuse_claim(
        is_held=held == {one.pk for one in pairings}, same_village=True, is_claimed=False,
        started=all(one.since is not None for one in pairings),
    )  # fmt: skip
    villages = {one.village_id: one.village for one in pairings}
    if len(villages) > 1 and len({directory.county_of(one).pk for one in villages.values()}) > 1:
        found += (TWO_COUNTIES,)
    return found


def _village_of(pairings: Sequence[Pairing], village: UUID | None) -> UUID | None:
    """Where the sum was used: the village of the pairs, or the one that was named among several."""
    villages = {one.village_id for one in pairings}
    return village if village in villages else villages.pop() if len(villages) == 1 else None


@transaction.atomic
def record_fund(
    pairings: Sequence[Pairing], *, source: str, project: str, stage: str, amount: Decimal,
    happened_on: date, evidence: str, is_another: bool = False,
    shared_project: PairProject | None = None, village: UUID | None = None, actor: Actor,
) -> PairFund:  # fmt: skip
    """One sum with its first amount; every pair that had a part in it stands on it at once.

    `village` says where it was used when pairs of several villages had a part in it.
    """
    _refuse_recorder(actor)
    entry = rules.EntryFacts(clock.today(), stage, happened_on, amount, evidence)
    refuse(
        (
            *refuse_pairs(pairings, actor),
            *((WHICH_VILLAGE,) if pairings and not _village_of(pairings, village) else ()),
            *rules.refuse_fund(source=source, project=project),
            *rules.refuse_entry(entry),
        )
    )
    # Two who write down the same sum at once: the village's row lets one of them wait.
    where = _village_of(pairings, village)
    assert where is not None, "asked above"
    place = Place.objects.select_for_update(of=("self",)).get(pk=where)
    twin = queries.find_twin(place, stage=stage, amount=amount, on=happened_on)
    if twin is not None and not is_another:
        refuse((_looks_the_same(twin),))
    fund = PairFund.objects.create(
        village=place, source=source, project=project.strip(), shared_project=shared_project,
        **hand(actor),
    )  # fmt: skip
    for pairing in pairings:
        write_claim(fund, pairing=pairing, actor=actor)
    person_id = claim_queries.posted_in(actor, place)
    if person_id is not None:
        write_claim(fund, person_id=person_id, actor=actor)
    count_claims(fund)
    changes = {"source": [None, fund.get_source_display()], "project": [None, fund.project]}
    record("pairing.fund.created", actor=actor, subject=fund, changes=changes)
    _write_entry(fund, stage=stage, amount=amount, happened_on=happened_on, evidence=evidence,
                 text="", actor=actor)  # fmt: skip
    return fund


def _looks_the_same(twin: PairFund) -> Refusal:
    return Refusal(
        "pairing.fund.twin",
        f"{twin.village}已登记过同样金额的一笔：{twin.project}（{twin.get_source_display()}）。"
        "是同一笔请去认领；不是同一笔，勾选“是另一笔”再登记",
    )


def _refuse_recorder(actor: Actor) -> None:
    refuse(() if actor.role in (*rules.RECORDERS, "system") else (NOT_A_RECORDER,))


@transaction.atomic
def add_entry(
    fund: PairFund, *, stage: str, amount: Decimal, happened_on: date, evidence: str,
    text: str = "", actor: Actor,
) -> PairFundEntry:  # fmt: skip
    """A further amount: what was meant arrives, what arrived is paid out."""
    _refuse_recorder(actor)
    fund = locked(fund)
    facts = rules.EntryFacts(
        clock.today(), stage, happened_on, amount, evidence, queries.lines_of(fund)
    )
    refuse(rules.refuse_entry(facts))
    return _write_entry(fund, stage=stage, amount=amount, happened_on=happened_on,
                        evidence=evidence, text=text, actor=actor)  # fmt: skip


def _write_entry(
    fund: PairFund, *, stage: str, amount: Decimal, happened_on: date, evidence: str, text: str,
    actor: Actor,
) -> PairFundEntry:  # fmt: skip
    entry = PairFundEntry.objects.create(
        fund=fund, stage=stage, amount=amount, happened_on=happened_on,
        evidence=evidence.strip(), text=text.strip()[: rules.TEXT_MAX], **hand(actor),
    )  # fmt: skip
    _keep_amounts(fund)
    renew_still_since(claim_queries.pairs_of(fund))
    record(
        "pairing.fund.entered",
        actor=actor,
        subject=fund,
        changes={stage: [None, str(amount)], "happened_on": [None, happened_on]},
    )
    return entry


def _keep_amounts(fund: PairFund) -> None:
    amounts = queries.amounts_of(fund)
    for name, new in amounts.items():
        setattr(fund, name, new)
    fund.save(update_fields=list(amounts))


@transaction.atomic
def correct_entry(entry: PairFundEntry, *, reason: str, actor: Actor) -> PairFundEntry:
    """冲销: the opposite amount of the same day, with the reason; both lines stay (R-0-18)."""
    _refuse_recorder(actor)
    fund = locked(entry.fund)
    entry = PairFundEntry.objects.get(pk=entry.pk)
    line = rules.Line(entry.stage, entry.happened_on, entry.amount)
    refuse(
        rules.refuse_correction(
            reason=reason,
            is_counter=entry.corrects_id is not None,
            is_corrected=entry.is_corrected,
            line=line,
            lines=queries.lines_of(fund),
        )
    )
    counter = PairFundEntry.objects.create(
        fund=fund, stage=entry.stage, amount=-entry.amount, happened_on=entry.happened_on,
        evidence=entry.evidence, text=f"冲销：{reason.strip()}"[: rules.TEXT_MAX],
        corrects=entry, **hand(actor),
    )  # fmt: skip
    entry.is_corrected = True
    entry.save(update_fields=["is_corrected"])
    _keep_amounts(fund)
    renew_still_since(claim_queries.pairs_of(fund))
    record("pairing.fund.corrected", actor=actor, subject=fund, reason=reason.strip(),
           changes={entry.stage: [str(entry.amount), None]})  # fmt: skip
    return counter


@transaction.atomic
def set_split(fund: PairFund, *, parts: Mapping[UUID, Decimal] | None, actor: Actor) -> PairFund:
    """The parts that the claimants agreed on, in whole fen; None means equal parts again."""
    refuse(() if actor.role in SPLITTERS else (NOT_A_DIVIDER,))
    fund = locked(fund)
    claims = list(claim_queries.standing_claims(fund))
    if actor.role != "system" and len(claim_queries.keys_in(fund, actor.scope)) < len(claims):
        refuse((NOT_ALL_OWN,))
    if parts is not None:
        given = [fen_of(parts.get(claim.pk, NOTHING)) for claim in claims]
        refuse(claim_rules.refuse_split(fen_of(fund.arrived), given))
    before = {claim.pk: claim.weight for claim in claims}
    for claim in claims:
        claim.weight = None if parts is None else fen_of(parts.get(claim.pk, NOTHING))
    FundClaim.objects.bulk_update(claims, ["weight"])
    changes = {
        f"share_{number}": [before[claim.pk], claim.weight]
        for number, claim in enumerate(claims, 1)
    }
    record("pairing.fund.split", actor=actor, subject=fund, changes=changes)
    return fund
