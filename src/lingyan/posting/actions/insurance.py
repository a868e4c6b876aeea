"""How is a posted person's accident insurance written down, and taken back when it was wrong?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.rules.hands import ADMIN
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting.models import InsurancePolicy, Posting
from lingyan.posting.queries import support as queries
from lingyan.posting.rules import support as rules
from lingyan.supervision.actions.overrides import override_gate

WRONG_ROLE = Refusal("posting.insurance.wrong_role", "保险由县委组织部、乡镇或派出单位登记")


@dataclass(frozen=True, slots=True)
class Policy:
    """The accident insurance as somebody has seen it; `until` is exclusive."""

    number: str
    since: date
    until: date


@transaction.atomic
def add_policy(posting: Posting, policy: Policy, *, actor: Actor) -> InsurancePolicy:
    """Two offices may enter the same paper at once: the second waits and sees the first."""
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    refuse(reasons_against(posting, policy, actor=actor))
    added = InsurancePolicy.objects.create(
        posting=posting,
        number=policy.number.strip(),
        since=policy.since,
        until=policy.until,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    record(
        "posting.insurance.added",
        actor=actor,
        subject=added,
        changes={
            "number": [None, added.number],
            "since": [None, added.since],
            "until": [None, added.until],
        },
    )
    return added


def reasons_against(posting: Posting, policy: Policy, *, actor: Actor) -> tuple[Refusal, ...]:
    facts = rules.PolicyFacts(
        policy.number,
        policy.since,
        policy.until,
        is_known=queries.find_policy(posting, policy.number.strip(), policy.since) is not None,
    )
    allowed = () if actor.role in (*rules.INSURERS, "system") else (WRONG_ROLE,)
    return (*allowed, *rules.refuse_policy(facts))


NOT_THE_ADMIN = Refusal("posting.insurance.wrong_role", "先到岗、后补办由县委组织部管理员同意")


def reasons_against_waiving(
    posting: Posting, *, reason: str = "待填", actor: Actor
) -> tuple[Refusal, ...]:
    allowed = () if actor.role in ADMIN else (NOT_THE_ADMIN,)
    insured = queries.insured_without_gap(posting) and not queries.owes_exam(posting)
    return (
        *allowed,
        *rules.refuse_to_waive(is_insured=insured, insure_by=posting.insure_by, reason=reason),
    )


@transaction.atomic
def waive_insurance(
    posting: Posting, *, reason: str, document_number: str, actor: Actor
) -> Posting:
    """The person may arrive; the insurance follows within 15 days, and is a task until then."""
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    refuse(reasons_against_waiving(posting, reason=reason, actor=actor))
    override_gate(
        "G-18", posting, title=str(posting), place=posting.village, reason=reason,
        document=document_number, days=rules.WAIVED_DAYS, actor=actor,
    )  # fmt: skip
    posting.insure_by = clock.today() + timedelta(days=rules.WAIVED_DAYS)
    posting.save(update_fields=["insure_by"])
    record(
        "posting.insurance.waived",
        actor=actor,
        subject=posting,
        changes={"insure_by": [None, posting.insure_by]},
        reason=reason.strip(),
    )
    return posting


@transaction.atomic
def void_policy(policy: InsurancePolicy, *, reason: str, actor: Actor) -> InsurancePolicy:
    """It was entered by mistake: it stays on the page and counts no longer."""
    policy = InsurancePolicy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    allowed = () if actor.role in rules.INSURERS else (WRONG_ROLE,)
    refuse((*allowed, *rules.refuse_to_void(void_reason=policy.void_reason, reason=reason)))
    policy.void_reason = reason.strip()
    policy.save(update_fields=["void_reason"])
    record("posting.insurance.voided", actor=actor, subject=policy, reason=policy.void_reason)
    return policy
