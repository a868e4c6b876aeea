"""How does an announced plan become postings, all of them or none?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import Trace, record_many
from lingyan.posting import matching, rules
from lingyan.posting.actions.life import is_bound, trace_of_new
from lingyan.posting.actions.life import locked as locked_posting
from lingyan.posting.actions.life import move as move_posting
from lingyan.posting.actions.life import refuse_step as refuse_posting_step
from lingyan.posting.actions.rounds import locked, move, of_own_county, refuse_step
from lingyan.posting.models import Draft, PoolEntry, Posting, Round
from lingyan.posting.queries import notices as notice_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules.life import HELD, refuse_bound

PLACEHOLDER_DOCUMENT = "待填"


def reasons_against_issuing(
    round: Round,
    *,
    actor: Actor,
    document_number: str = PLACEHOLDER_DOCUMENT,
    starts_on: date | None = None,
) -> tuple[Refusal, ...]:
    """G-30: every draft is held against the registers of today once more.

    Without a document number at hand it says what stands in the way of issuing at all.
    """
    plan = queries.find_chosen_plan(round)
    if plan is None:
        return refuse_step(round, "issue", actor=actor)
    drafts = list(queries.list_drafts(plan))
    makers = queries.makers_of(plan)
    facts = rules.IssueFacts(
        notice_complete_on=round.notice_ends_on,
        today=clock.today(),
        document_no=document_number,
        starts_on=starts_on or round.term_starts_on,
        actor=hand_of(actor, makers=makers, records=[plan.pk, round.pk]),
        makers=makers,
        open_objections=notice_queries.count_open(round),
        accepted_objections=tuple(notice_queries.accepted_and_unchanged(round, plan)),
        broken=tuple(one.text for one in matching.recheck(plan)),
        already_posted=tuple(posting_queries.names_already_posted(drafts)),
        incumbents=tuple(
            rules.Incumbent(str(one.village), one.person.name, one.planned_until)
            for one in posting_queries.incumbents_of(drafts)
        ),
        overlap_days=overlap_days(round),
    )
    return (
        *refuse_step(round, "issue", actor=actor),
        *of_own_county(round, actor),
        *rules.refuse_to_issue(facts),
    )


def overlap_days(round: Round) -> int:
    days: int = round.settings.get("overlap_days", rules.OVERLAP_DAYS)
    return days


@transaction.atomic
def issue_round(
    round: Round,
    *,
    document_number: str,
    starts_on: date,
    actor: Actor,
) -> list[Posting]:
    """Issue the document: postings, pool states and traces in one transaction (R-2-20, G-30)."""
    round = locked(round)
    refuse(
        reasons_against_issuing(
            round,
            actor=actor,
            document_number=document_number,
            starts_on=starts_on,
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
    drafts = list(queries.list_drafts(plan))
    before = _begin_hand_over(drafts, starts_on + timedelta(days=overlap_days(round)))
    postings = _create_postings(round, drafts, starts_on, before)
    entries = select_from_pool(postings)
    record_many([*map(trace_of_new, postings), *_successions(postings), *entries], actor=actor)
    return postings


def _begin_hand_over(drafts: Sequence[Draft], until: date) -> dict[UUID, Posting]:
    """Those who are followed stay for the days of the overlap, by village (R-2-04)."""
    incumbents = list(posting_queries.incumbents_of(drafts).select_for_update(of=("self",)))
    for one in incumbents:
        one.handover_until = until
    Posting.objects.bulk_update(incumbents, ["handover_until"], batch_size=200)
    return {one.village_id: one for one in incumbents}


def _create_postings(
    round: Round, drafts: Sequence[Draft], starts_on: date, before: Mapping[UUID, Posting]
) -> list[Posting]:
    first_secretary = rules.Role.FIRST_SECRETARY
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
                predecessor=before.get(draft.village_id) if draft.role == first_secretary else None,
                created_at=clock.now(),
            )
            for draft in drafts
        ],
        batch_size=500,
    )


def _successions(postings: Sequence[Posting]) -> list[Trace]:
    return [
        Trace(
            "posting.posting.succeeded",
            posting.predecessor,
            {
                "successor": [None, str(posting.person)],
                "handover_until": [None, str(posting.predecessor.handover_until)],
            },
        )
        for posting in postings
        if posting.predecessor
    ]


def select_from_pool(postings: Sequence[Posting]) -> list[Trace]:
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


# --- after the issue ----------------------------------------------------------------------------


def reasons_against_handing_over(
    posting: Posting, *, actor: Actor, text: str = PLACEHOLDER_DOCUMENT
) -> tuple[Refusal, ...]:
    successor = posting_queries.find_successor(posting)
    facts = rules.HandOverFacts(
        today=clock.today(),
        text=text,
        successor_since=successor.since if successor else None,
        overlap_ends_on=posting.handover_until,
        village_bound=is_bound(posting),
    )
    if posting.state in HELD and posting.state != rules.PostingState.TERM_APPRAISED:
        allowed = () if actor.role in rules.HAND_OVER else WRONG_HAND
        return (*allowed, NOT_APPRAISED, *rules.refuse_to_hand_over(facts))
    return (*refuse_posting_step(posting, "hand_over", actor), *rules.refuse_to_hand_over(facts))


NOT_APPRAISED = Refusal("posting.not_appraised", "还没有办理期满考察，考察后才能办理交接")
WRONG_HAND = (Refusal("posting.posting.wrong_role", "您的角色不能“办理交接”"),)


@transaction.atomic
def hand_over_posting(posting: Posting, *, text: str, actor: Actor) -> Posting:
    """The successor has taken over: the old posting ends today (R-2-04, 2.6)."""
    posting = locked_posting(posting)
    refuse(reasons_against_handing_over(posting, actor=actor, text=text))
    return move_posting(
        posting, "hand_over", "handed_over", actor=actor,
        until=clock.today(), handover_text=text.strip(),
    )  # fmt: skip


def reasons_against_completing(posting: Posting, *, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *refuse_posting_step(posting, "complete", actor),
        *refuse_bound("complete", bound=is_bound(posting)),
    )


@transaction.atomic
def complete_posting(posting: Posting, *, actor: Actor) -> Posting:
    """期满离任: the last step of a posting that was handed over; not while G-1 binds (2.6)."""
    posting = locked_posting(posting)
    refuse(reasons_against_completing(posting, actor=actor))
    return move_posting(posting, "complete", "completed", actor=actor)
