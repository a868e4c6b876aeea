"""How is a term change planned, who is proposed, and how does it come to its end (1.7)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.checking import refuse_outside
from lingyan.directory.actions.officers import OfficerRow, create_officers, end_offices
from lingyan.directory.models import Person, Place
from lingyan.directory.queries import county_of
from lingyan.directory.rules import EndReason, OfficeMethod, PlaceLevel, Source
from lingyan.organization.actions.joint_reviews import open_candidacy_review
from lingyan.organization.actions.terms import TermRow, begin_terms
from lingyan.organization.facts_of_neighbours import sanctioned
from lingyan.organization.models import (
    ElectionCandidate,
    LookBackCheck,
    TermChange,
    TermChangeStep,
)
from lingyan.organization.queries import joint_reviews as review_queries
from lingyan.organization.queries import term_changes as queries
from lingyan.organization.rules import elections, joint_reviews, lookback
from lingyan.organization.rules import term_changes as rules
from lingyan.organization.rules.term_words import Body, LookBackItem, body_of
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record

THING = "organization.change"


# --- shared by every step -------------------------------------------------------------------------


def locked(change: TermChange) -> TermChange:
    """The change as it is now, held to the end: of two who press at once the second waits."""
    return (
        TermChange.objects.select_for_update(of=("self",))
        .select_related("village__parent")
        .get(pk=change.pk)
    )


def refuse_step(change: TermChange, act: str, actor: Actor) -> tuple[Refusal, ...]:
    """Is the act open in this state, to this role, and is the village one of the actor's own?"""
    return refuse_outside(actor, change.village.path) or refuse_act(
        rules.TERM_CHANGE_FLOW, state=change.state, act=act, role=actor.role, thing=THING
    )


def move(
    change: TermChange,
    act: str,
    event: str,
    *,
    actor: Actor,
    text: str = "",
    document_number: str = "",
    on: date | None = None,
    **changed: Any,
) -> TermChange:
    """Save the new state with what the act settles; write down what was said; leave the trace."""
    line = find_transition(rules.TERM_CHANGE_FLOW, state=change.state, act=act)
    assert line is not None, act
    TermChangeStep.objects.create(
        change=change, act=act, happened_on=on or clock.today(), text=text.strip(),
        document_number=document_number.strip(), made_by_id=actor.user_id,
        made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    fields = dict(changed)
    after = rules.after(change.state, line)
    if after != change.state:
        fields |= {"state": after, "state_since": clock.today()}
    changes = {name: [_shown(getattr(change, name)), _shown(new)] for name, new in fields.items()}
    for name, new in fields.items():
        setattr(change, name, new)
    if fields:
        change.save(update_fields=list(fields))
    record(f"{THING}.{event}", actor=actor, subject=change, changes=changes, reason=text.strip())
    return change


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


# --- the plan -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """换届方案: when, how many for each post, and in words."""

    planned_on: date
    seats: Mapping[str, int]
    text: str

    def chosen(self) -> dict[str, int]:
        return {post: number for post, number in self.seats.items() if number}


def _refuse_plan(village: Place, plan: Plan, *, under_way: bool) -> tuple[Refusal, ...]:
    terms = queries.running_terms(village.pk)
    bodies = {body_of(post) for post in plan.chosen()}
    missing = [body.label for body in Body if body in bodies and body not in terms]
    refusals = [
        *rules.refuse_to_open(
            is_village=village.level == PlaceLevel.VILLAGE, under_way=under_way,
            planned_on=plan.planned_on, today=clock.today(),
        ),
        *elections.refuse_seats(plan.chosen()),
        *rules.needs(plan.text, rules.NO_PLAN),
    ]  # fmt: skip
    if missing:
        text = f"{'、'.join(missing)}本届的届次还没有登记，请先登记"
        refusals.append(Refusal("organization.change.no_term", text))
    return tuple(refusals)


@transaction.atomic
def open_change(village: Place, plan: Plan, *, actor: Actor, is_demo: bool = False) -> TermChange:
    """制定换届方案: one process for both committees of the village."""
    village = Place.objects.select_for_update(of=("self",)).get(pk=village.pk)
    refuse(
        (
            *refuse_act(rules.TERM_CHANGE_FLOW, state="", act="open", role=actor.role, thing=THING),
            *refuse_outside(actor, village.path),
            *_refuse_plan(village, plan, under_way=queries.is_under_way(village.pk)),
        )
    )
    change = TermChange.objects.create(
        village=village, state_since=clock.today(), planned_on=plan.planned_on,
        seats=plan.chosen(), plan_text=plan.text.strip(), plan_made_by=str(actor.user_id or ""),
        created_by_id=actor.user_id, created_at=clock.now(), is_demo=is_demo,
    )  # fmt: skip
    TermChangeStep.objects.create(
        change=change, act="open", happened_on=clock.today(), made_by_id=actor.user_id,
        made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    record(
        f"{THING}.opened",
        actor=actor,
        subject=change,
        changes={"planned_on": [None, plan.planned_on], "seats": [None, plan.chosen()]},
    )
    return change


@transaction.atomic
def redraft_plan(change: TermChange, plan: Plan, *, actor: Actor) -> TermChange:
    """Change the plan; whoever approved the one before is asked again."""
    change = locked(change)
    refuse(
        (
            *refuse_step(change, "redraft", actor),
            *_refuse_plan(change.village, plan, under_way=False),
        )
    )
    return move(
        change, "redraft", "redrafted", actor=actor, planned_on=plan.planned_on,
        seats=plan.chosen(), plan_text=plan.text.strip(), plan_made_by=str(actor.user_id or ""),
        plan_approved_on=None,
    )  # fmt: skip


@transaction.atomic
def approve_plan(change: TermChange, *, text: str = "", actor: Actor) -> TermChange:
    change = locked(change)
    makers = frozenset({change.plan_made_by} - {""})
    refuse(
        (
            *refuse_step(change, "approve_plan", actor),
            *rules.refuse_to_approve_plan(
                makers=makers,
                hand=hand_of(actor, makers=makers, records=[change.pk]),
                approved=change.plan_approved_on is not None,
            ),
        )
    )
    return move(
        change, "approve_plan", "plan_approved", actor=actor, text=text,
        plan_approved_on=clock.today(),
    )  # fmt: skip


@transaction.atomic
def assess(change: TermChange, *, text: str, actor: Actor) -> TermChange:
    """村情体检、班子分析."""
    change = locked(change)
    approved = change.plan_approved_on is not None
    refuse(
        (
            *refuse_step(change, "assess", actor),
            *rules.refuse_to_assess(plan_approved=approved, text=text),
        )
    )
    return move(change, "assess", "assessed", actor=actor, analysis=text.strip())


@transaction.atomic
def reschedule(
    change: TermChange, *, planned_on: date, document_number: str, text: str, actor: Actor
) -> TermChange:
    """提前或延期, as the higher organization has approved."""
    change = locked(change)
    refuse(
        (
            *refuse_step(change, "reschedule", actor),
            *rules.refuse_to_reschedule(
                planned_on, planned_until=queries.earliest_end(change), reason=text,
                document_number=document_number, today=clock.today(),
            ),
        )
    )  # fmt: skip
    return move(
        change, "reschedule", "rescheduled", actor=actor, text=text,
        document_number=document_number, planned_on=planned_on,
    )  # fmt: skip


# --- candidates -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Papers:
    """What lies in the folder of a candidate."""

    posts: Sequence[str]
    consented_on: date | None = None
    resume: str = ""
    relatives_declared: bool = False
    sources: Sequence[Source] = ()

    def columns(self) -> dict[str, Any]:
        return {
            "posts": list(self.posts),
            "consented_on": self.consented_on,
            "resume": self.resume.strip(),
            "relatives_declared": self.relatives_declared,
            "sources": [list(one) for one in self.sources],
        }


def _facts(change: TermChange, person: Person, papers: Papers) -> rules.CandidateFacts:
    return rules.CandidateFacts(
        name=person.name,
        posts=tuple(papers.posts),
        has_id=bool(person.id_number_index),
        consented=papers.consented_on is not None,
        has_resume=bool(papers.resume.strip()),
        relatives_declared=papers.relatives_declared,
        political_status=person.political_status,
        is_sanctioned=person.pk in sanctioned([person.pk], clock.today()),
        supervisor_relatives=queries.near_supervisors(person.pk, change.village_id),
    )


def _refuse_papers(change: TermChange, person: Person, papers: Papers) -> tuple[Refusal, ...]:
    strange = [post for post in papers.posts if post not in queries.seats_of(change)]
    refusals = list(rules.refuse_candidate(_facts(change, person, papers)))
    if strange:
        refusals.append(Refusal("organization.candidate.post", "方案里没有这个职务的名额"))
    if papers.consented_on is not None and papers.consented_on > clock.today():
        refusals.append(Refusal("organization.candidate.consent_day", "本人同意日期不能晚于今天"))
    return tuple(refusals)


@transaction.atomic
def propose_candidate(
    change: TermChange, person: Person, papers: Papers, *, actor: Actor
) -> ElectionCandidate:
    """提名: in the joint review as well, where somebody has to be replaced."""
    change = locked(change)
    known = queries.list_candidates(change).filter(person=person).exists()
    refuse(
        (
            *refuse_step(change, "propose", actor),
            *((Refusal("organization.candidate.known", f"{person.name}已是候选人"),) * known),
            *_refuse_papers(change, person, papers),
        )
    )
    candidate = ElectionCandidate.objects.create(
        change=change, person=person, **papers.columns(), made_by_id=actor.user_id,
        made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    record(
        "organization.candidate.proposed", actor=actor, subject=candidate,
        changes={"person": [None, str(person)], "posts": [None, list(papers.posts)]},
    )  # fmt: skip
    if change.state == "reviewing":
        refuse(rules.refuse_papers(_facts(change, person, papers)))
        open_candidacy_review(change, person, actor=actor)
    return candidate


@transaction.atomic
def change_candidate(
    candidate: ElectionCandidate, papers: Papers, *, actor: Actor
) -> ElectionCandidate:
    """Complete the folder, before it goes to the departments."""
    change = locked(candidate.change)
    refuse(
        (
            *refuse_step(change, "propose", actor),
            *_refuse_papers(change, candidate.person, papers),
        )
    )
    if change.state == "reviewing":
        refuse(rules.refuse_papers(_facts(change, candidate.person, papers)))
    columns = papers.columns()
    changes = {
        name: [_shown(getattr(candidate, name)), _shown(new)]
        for name, new in columns.items()
        if getattr(candidate, name) != new
    }
    for name, new in columns.items():
        setattr(candidate, name, new)
    candidate.save(update_fields=list(columns))
    record("organization.candidate.changed", actor=actor, subject=candidate, changes=changes)
    return candidate


@transaction.atomic
def drop_candidate(candidate: ElectionCandidate, *, text: str, actor: Actor) -> ElectionCandidate:
    """Somebody steps back, or may not stand."""
    change = locked(candidate.change)
    refuse((*refuse_step(change, "propose", actor), *rules.refuse_reason(text)))
    candidate.dropped_on, candidate.drop_reason = clock.today(), text.strip()[:200]
    candidate.save(update_fields=["dropped_on", "drop_reason"])
    record(
        "organization.candidate.dropped", actor=actor, subject=candidate,
        changes={"dropped_on": [None, candidate.dropped_on]}, reason=candidate.drop_reason,
    )  # fmt: skip
    return candidate


def _papers_of(candidate: ElectionCandidate) -> Papers:
    return Papers(
        posts=candidate.posts,
        consented_on=candidate.consented_on,
        resume=candidate.resume,
        relatives_declared=candidate.relatives_declared,
    )


def papers_missing(candidate: ElectionCandidate) -> tuple[Refusal, ...]:
    """What the folder of one candidate still lacks."""
    return rules.refuse_papers(
        rules.CandidateFacts(
            name=candidate.person.name, posts=tuple(candidate.posts),
            has_id=bool(candidate.person.id_number_index),
            consented=candidate.consented_on is not None, has_resume=bool(candidate.resume),
            relatives_declared=candidate.relatives_declared,
        )
    )  # fmt: skip


def reasons_against_submitting(change: TermChange) -> tuple[Refusal, ...]:
    """依据：1.7 每人材料齐全；候选人数够。"""
    candidates = list(queries.list_candidates(change))
    of_people = [
        refusal
        for one in candidates
        for facts in [_facts(change, one.person, _papers_of(one))]
        for refusal in (*rules.refuse_papers(facts), *rules.refuse_candidate(facts))
    ]
    seats = queries.seats_of(change)
    appointed = review_queries.seats_on(county_of(change.village), clock.today())
    return (
        *of_people,
        *elections.refuse_slate(seats, queries.standing(candidates)),
        *joint_reviews.refuse_to_ask(appointed),
    )


@transaction.atomic
def submit_candidates(change: TermChange, *, actor: Actor) -> TermChange:
    """Everybody who stands goes to the departments."""
    change = locked(change)
    refuse((*refuse_step(change, "submit", actor), *reasons_against_submitting(change)))
    for one in queries.list_candidates(change):
        open_candidacy_review(change, one.person, actor=actor)
    return move(change, "submit", "submitted", actor=actor)


def reasons_against_standing(change: TermChange, on: date) -> tuple[Refusal, ...]:
    """依据：G-14、VAL-08、R-1-31：每个候选人的联审都已通过，没有过期。"""
    reviews = review_queries.latest_reviews(change)
    found: list[Refusal] = []
    valid = review_queries.how_long_valid()
    for one in queries.list_candidates(change):
        review = reviews.get(one.person_id)
        if review is None:
            text = f"{one.person}：还没有联审"
            found.append(Refusal("organization.review.not_opened", text))
            continue
        found += joint_reviews.refuse_standing(
            str(one.person),
            review_queries.verdict_of(review, on, valid),
            waiting=review_queries.waiting_for(review),
        )
    return tuple(found)


def reasons_against_confirming(change: TermChange) -> tuple[Refusal, ...]:
    candidates = list(queries.list_candidates(change))
    slate = elections.refuse_slate(queries.seats_of(change), queries.standing(candidates))
    return (*reasons_against_standing(change, clock.today()), *slate)


@transaction.atomic
def confirm_candidates(change: TermChange, *, text: str = "", actor: Actor) -> TermChange:
    change = locked(change)
    refuse((*refuse_step(change, "confirm", actor), *reasons_against_confirming(change)))
    return move(change, "confirm", "confirmed", actor=actor, text=text)


# --- a failed election, and another ---------------------------------------------------------------


@transaction.atomic
def declare_failed(change: TermChange, *, body: str = "", text: str, actor: Actor) -> TermChange:
    """选举无效, of one body or of all: what was chosen counts no more, and stays on record."""
    change = locked(change)
    refuse((*refuse_step(change, "fail", actor), *rules.refuse_reason(text)))
    meetings = change.meetings.filter(void_reason="")
    (meetings.filter(body=body) if body else meetings).update(void_reason=text.strip())
    return move(
        change, "fail", "failed", actor=actor, text=text, published_on=None,
        posts_approved_on=None, approval_number="", vacancy_reason="", new_committee_on=None,
    )  # fmt: skip


@transaction.atomic
def elect_again(change: TermChange, *, planned_on: date, actor: Actor) -> TermChange:
    change = locked(change)
    past = planned_on < clock.today()
    refuse(
        (
            *refuse_step(change, "again", actor),
            *((Refusal("organization.change.planned_past", "选举日不能早于今天"),) * past),
        )
    )
    return move(change, "again", "again", actor=actor, planned_on=planned_on)


@transaction.atomic
def replace_candidates(change: TermChange, *, text: str, actor: Actor) -> TermChange:
    """Back to the joint review, where candidates are dropped and others proposed."""
    change = locked(change)
    refuse((*refuse_step(change, "replace", actor), *rules.refuse_reason(text)))
    return move(change, "replace", "replacing", actor=actor, text=text)


# --- from the result to the archive ---------------------------------------------------------------


@transaction.atomic
def publish_result(change: TermChange, *, published_on: date, actor: Actor) -> TermChange:
    change = locked(change)
    held = [queries.held_on(change, body) for body in queries.bodies_of(change)]
    last = max((day for day in held if day is not None), default=published_on)
    refuse(
        (
            *refuse_step(change, "publish", actor),
            *rules.refuse_to_publish(
                published_on, vc_held_on=queries.held_on(change, Body.VC), last_held_on=last,
                today=clock.today(),
            ),
        )
    )  # fmt: skip
    return move(
        change, "publish", "published", actor=actor, on=published_on, published_on=published_on
    )


@transaction.atomic
def approve_posts(
    change: TermChange, *, approved_on: date, document_number: str, actor: Actor
) -> TermChange:
    """乡镇党委批复党内职务."""
    change = locked(change)
    refuse(
        (
            *refuse_step(change, "approve_posts", actor),
            *rules.refuse_document(document_number),
            *rules.refuse_day(
                approved_on, today=clock.today(), since=change.published_on, what="批复日期"
            ),
        )
    )
    return move(
        change, "approve_posts", "posts_approved", actor=actor, on=approved_on,
        document_number=document_number, posts_approved_on=approved_on,
        approval_number=document_number.strip(),
    )  # fmt: skip


def beginning_of(change: TermChange, body: str) -> date:
    """When the new team of a body begins: the committee when chosen, the Party once approved."""
    if body == Body.PARTY and change.posts_approved_on:
        return change.posts_approved_on
    held = queries.held_on(change, body)
    assert held is not None, "filed without an election"
    return held


@transaction.atomic
def file_result(change: TermChange, *, document_number: str, actor: Actor) -> TermChange:
    """备案: the terms begin, who was in office leaves it, and who was chosen takes it up."""
    change = locked(change)
    bodies = queries.bodies_of(change)
    refuse(
        (
            *refuse_step(change, "file", actor),
            *rules.refuse_to_file(
                has_party_posts=Body.PARTY in bodies,
                posts_approved=change.posts_approved_on is not None,
                number=document_number,
            ),
        )
    )
    starts = {body: beginning_of(change, body) for body in bodies}
    for body, since in starts.items():
        _take_over(change, body, since, actor=actor)
    _begin_terms(change, starts, document_number, actor=actor)
    return move(
        change, "file", "filed", actor=actor, document_number=document_number,
        filed_on=clock.today(), filing_number=document_number.strip(),
        new_committee_on=starts.get(Body.VC, max(starts.values())),
    )  # fmt: skip


def _take_over(change: TermChange, body: Body, since: date, *, actor: Actor) -> None:
    old = queries.officers_of(change.village_id, body)
    if old:
        end_offices(old, actor=actor, until=since, reason=EndReason.TERM_ENDED)
    create_officers(
        [
            OfficerRow(
                one.candidate.person, change.village, one.post, since,
                method=OfficeMethod.ELECTED,
                sources=tuple(Source(*pair) for pair in one.candidate.sources),
            )
            for one in queries.elected(change, body)
        ],
        actor=actor,
    )  # fmt: skip


def _begin_terms(
    change: TermChange, starts: Mapping[Body, date], number: str, *, actor: Actor
) -> None:
    running = queries.running_terms(change.village_id)
    begin_terms(
        [
            TermRow(change.village, body, running[body].number + 1, since, document_number=number)
            for body, since in starts.items()
            if body in running
        ],
        actor=actor,
    )


@dataclass(frozen=True, slots=True)
class Handover:
    """工作移交: what, when, and who signed."""

    on: date
    items: Sequence[str]
    handed_by: str
    received_by: str
    supervised_by: str
    late_reason: str = ""


@transaction.atomic
def hand_over(change: TermChange, handover: Handover, *, actor: Actor) -> TermChange:
    """The seals go on; what is to be looked back on stands ready from now on."""
    change = locked(change)
    signers = (handover.handed_by, handover.received_by, handover.supervised_by)
    refuse(
        refuse_step(change, "hand_over", actor)
        or rules.refuse_handover(
            handover.on, new_committee_on=change.new_committee_on or handover.on,
            today=clock.today(), items=handover.items, signers=signers,
            late_reason=handover.late_reason,
        )
    )  # fmt: skip
    LookBackCheck.objects.bulk_create(
        [LookBackCheck(change=change, item=item) for item in LookBackItem]
    )
    return move(
        change, "hand_over", "handed_over", actor=actor, on=handover.on,
        text=handover.late_reason, handed_over_on=handover.on, handed_items=list(handover.items),
        handed_by=handover.handed_by.strip(), received_by=handover.received_by.strip(),
        supervised_by=handover.supervised_by.strip(), late_reason=handover.late_reason.strip(),
    )  # fmt: skip


def checked(change: TermChange) -> list[lookback.Checked]:
    return [
        lookback.Checked(one.item, one.result, one.state) for one in queries.list_checks(change)
    ]


@transaction.atomic
def finish_look_back(change: TermChange, *, text: str = "", actor: Actor) -> TermChange:
    change = locked(change)
    refuse(
        (
            *refuse_step(change, "look_back", actor),
            *lookback.refuse_to_finish(checked(change)),
        )
    )
    return move(
        change, "look_back", "looked_back", actor=actor, text=text, looked_back_on=clock.today()
    )


@transaction.atomic
def close_change(change: TermChange, *, actor: Actor) -> TermChange:
    change = locked(change)
    refuse((*refuse_step(change, "close", actor), *lookback.refuse_to_close(checked(change))))
    return move(change, "close", "closed", actor=actor)
