"""How does an announced plan become postings, all of them or none?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many
from lingyan.posting import matching, rules
from lingyan.posting.actions.rounds import locked, move, of_own_county, refuse, refuse_step
from lingyan.posting.models import Draft, Plan, PoolEntry, Posting, Round
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import rounds as queries

PLACEHOLDER_DOCUMENT = "待填"


def reasons_against_issuing(
    round: Round,
    *,
    actor: Actor,
    document_number: str = PLACEHOLDER_DOCUMENT,
    starts_on: date | None = None,
    open_objections: int = 0,
) -> tuple[Refusal, ...]:
    """G-30: every draft is held against the registers of today once more.

    Without a document number at hand it says what stands in the way of issuing at all.
    """
    plan = queries.find_chosen_plan(round)
    if plan is None:
        return refuse_step(round, "issue", actor=actor)
    drafts = list(queries.list_drafts(plan))
    facts = rules.IssueFacts(
        notice_complete_on=round.notice_ends_on,
        today=clock.today(),
        document_no=document_number,
        starts_on=starts_on or round.term_starts_on,
        actor=str(actor.user_id),
        makers=queries.makers_of(plan),
        open_objections=open_objections,
        broken=tuple(one.text for one in matching.recheck(plan)),
        already_posted=tuple(posting_queries.names_already_posted(drafts)),
    )
    return (
        *refuse_step(round, "issue", actor=actor),
        *of_own_county(round, actor),
        *rules.refuse_to_issue(facts),
        *_refuse_occupied(drafts),
    )


def _refuse_occupied(drafts: Sequence[Draft]) -> tuple[Refusal, ...]:
    """One first secretary per village: the one before must have handed over."""
    names = posting_queries.villages_with_first_secretary(drafts)
    return tuple(
        Refusal("posting.village_has_first_secretary", f"{name}已有在任第一书记，尚未离任")
        for name in names
    )


@transaction.atomic
def issue_round(
    round: Round,
    *,
    document_number: str,
    starts_on: date,
    actor: Actor,
    open_objections: int = 0,
) -> list[Posting]:
    """Issue the document: postings, pool states and traces in one transaction (R-2-20, G-30)."""
    round = locked(round)
    refuse(
        reasons_against_issuing(
            round,
            actor=actor,
            document_number=document_number,
            starts_on=starts_on,
            open_objections=open_objections,
        )
    )
    plan = queries.find_chosen_plan(round)
    assert plan is not None
    move(
        round,
        "issue",
        "issued",
        actor=actor,
        document_number=document_number.strip(),
        issued_on=clock.today(),
    )
    postings = _create_postings(round, plan, starts_on)
    entries = _select_from_pool(postings)
    record_many([*_traces_of(postings), *entries], actor=actor)
    return postings


def _create_postings(round: Round, plan: Plan, starts_on: date) -> list[Posting]:
    planned_until = add_months(starts_on, round.term_months)
    return Posting.objects.bulk_create(
        [
            Posting(
                person=draft.person,
                village=draft.village,
                unit=draft.person.unit,
                round=round,
                kind=rules.KIND_OF_ROLE[rules.Role(draft.role)],
                origin=rules.PostingOrigin.NEW,
                document_number=round.document_number,
                since=starts_on,
                planned_until=planned_until,
                created_at=clock.now(),
            )
            for draft in queries.list_drafts(plan)
        ],
        batch_size=500,
    )


def _traces_of(postings: Sequence[Posting]) -> list[Trace]:
    return [
        Trace(
            "posting.posting.created",
            posting,
            {
                "state": [None, posting.state],
                "village": [None, str(posting.village)],
                "document_number": [None, posting.document_number],
            },
        )
        for posting in postings
    ]


def _select_from_pool(postings: Sequence[Posting]) -> list[Trace]:
    """Those who are posted leave the pool as selected."""
    entries = list(
        PoolEntry.objects.select_for_update()
        .filter(person__in=[posting.person_id for posting in postings])
        .order_by("pk")
    )
    people = {posting.person_id: posting.person for posting in postings}
    before = {entry.pk: entry.state for entry in entries}
    for entry in entries:
        entry.person = people[entry.person_id]
        entry.state = rules.PoolState.SELECTED
        entry.updated_at = clock.now()
    PoolEntry.objects.bulk_update(entries, ["state", "updated_at"], batch_size=200)
    return [
        Trace(
            "posting.pool.selected",
            entry,
            {"state": [before[entry.pk], rules.PoolState.SELECTED.value]},
        )
        for entry in entries
    ]
