"""How does an election meeting come out, and where does it lead (R-1-25 to R-1-27)?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.organization.actions import term_changes
from lingyan.organization.models import (
    ElectionMeeting,
    TermChange,
    VoteCount,
)
from lingyan.organization.queries import term_changes as queries
from lingyan.organization.rules import elections as rules
from lingyan.organization.rules import term_changes as change_rules
from lingyan.organization.rules.elections import Count, Tally
from lingyan.organization.rules.term_words import Body, MeetingKind
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it is written down: the numbers, and the votes by candidate and post."""

    count: Count
    held_on: date
    votes: Mapping[tuple[UUID, str], int]
    voters_listed_on: date | None = None
    vacancy_reason: str = ""


def seats_left(change: TermChange, body: str) -> dict[str, int]:
    """The seats of one body that nobody holds yet."""
    chosen = [(str(one.candidate_id), one.post) for one in queries.elected(change, body)]
    return rules.seats_left(queries.seats_of(change, body), chosen)


def kind_of(change: TermChange, body: str) -> MeetingKind:
    """After a meeting that counts there is only another vote for the seats that are left."""
    return MeetingKind.RUNOFF if queries.held_on(change, body) else MeetingKind.FIRST


def ballot_of(change: TermChange, body: str) -> list[tuple[UUID, str, str]]:
    """Who is voted for: candidate, name and post, for each seat that is left."""
    left = seats_left(change, body)
    chosen = {one.candidate_id for one in queries.elected(change, body)}
    return [
        (one.pk, one.person.name, post)
        for post in left
        for one in queries.list_candidates(change)
        if post in one.posts and one.pk not in chosen
    ]


@transaction.atomic
def record_meeting(change: TermChange, meeting: Meeting, *, actor: Actor) -> TermChange:
    """Write down a meeting: it is invalid, leaves seats, or completes the election."""
    change = term_changes.locked(change)
    body, kind = meeting.count.body, kind_of(change, meeting.count.body)
    seats = seats_left(change, body)
    tallies = [Tally(str(who), post, votes) for (who, post), votes in meeting.votes.items()]
    refuse(
        term_changes.refuse_step(change, "meet", actor)
        or _refuse_meeting(change, meeting, seats, tallies)
    )
    outcome = rules.outcome_of(meeting.count, tallies, seats=seats, kind=kind)
    row = _keep(change, meeting, kind, seats, outcome, actor=actor)
    record(
        "organization.change.met", actor=actor, subject=change,
        changes={"body": [None, row.get_body_display()], "held_on": [None, meeting.held_on]},
    )  # fmt: skip
    if not outcome.is_valid:
        text = "；".join(outcome.invalid)
        return term_changes.move(change, "fail", "failed", actor=actor, text=text)
    return _go_on(change, meeting, actor)


def _refuse_meeting(
    change: TermChange, meeting: Meeting, seats: Mapping[str, int], tallies: list[Tally]
) -> tuple[Refusal, ...]:
    if not seats:
        return (Refusal("organization.election.all_chosen", "这个班子的名额已经选齐"),)
    on_ballot = {(who, post) for who, _, post in ballot_of(change, meeting.count.body)}
    since = change.plan_approved_on
    refusals = [
        *rules.refuse_count(meeting.count, tallies, seats=seats),
        *change_rules.refuse_day(meeting.held_on, today=clock.today(), since=since, what="选举日"),
        *term_changes.reasons_against_standing(change, meeting.held_on),
    ]
    if meeting.count.body is Body.VC:
        refusals += rules.refuse_voter_list(meeting.voters_listed_on, held_on=meeting.held_on)
    if set(meeting.votes) - on_ballot:
        refusals.append(Refusal("organization.election.ballot", "得票人不在选票上"))
    return tuple(refusals)


def _keep(
    change: TermChange, meeting: Meeting, kind: MeetingKind, seats: Mapping[str, int],
    outcome: rules.Outcome, *, actor: Actor,
) -> ElectionMeeting:  # fmt: skip
    count = meeting.count
    row = ElectionMeeting.objects.create(
        change=change, body=count.body, kind=kind, held_on=meeting.held_on,
        voters_listed_on=meeting.voters_listed_on, due=count.due, attended=count.attended,
        issued=count.issued, returned=count.returned, valid=count.valid, seats=dict(seats),
        invalid=list(outcome.invalid), made_by_id=actor.user_id, made_by_name=actor.name,
        made_at=clock.now(),
    )  # fmt: skip
    chosen = set(outcome.elected)
    VoteCount.objects.bulk_create(
        [
            VoteCount(
                meeting=row, candidate_id=who, post=post, votes=votes,
                is_elected=(str(who), post) in chosen,
            )
            for (who, post), votes in meeting.votes.items()
        ]
    )  # fmt: skip
    return row


def _go_on(change: TermChange, meeting: Meeting, actor: Actor) -> TermChange:
    """All seats, or the reason why some stay empty; otherwise there is another vote."""
    left: dict[str, int] = {}
    for body in queries.bodies_of(change):
        if queries.held_on(change, body) is None:
            return term_changes.move(change, "meet", "met_partly", actor=actor, on=meeting.held_on)
        left |= seats_left(change, body)
    if change_rules.refuse_vacancies(left, reason=meeting.vacancy_reason):
        return term_changes.move(change, "meet", "met_partly", actor=actor, on=meeting.held_on)
    return term_changes.move(
        change, "elect", "elected", actor=actor, on=meeting.held_on,
        text=meeting.vacancy_reason if left else "",
        vacancy_reason=meeting.vacancy_reason.strip() if left else "",
        new_committee_on=meeting.held_on,
    )  # fmt: skip
