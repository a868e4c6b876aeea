"""How is a contact named, a visit written down, and what was raised taken up?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place, RoleAssignment
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting.actions import help_requests, problems
from lingyan.posting.models import HelpRequest, Liaison, Posting, Problem, Visit
from lingyan.posting.queries import liaison as queries
from lingyan.posting.rules import IN_POST
from lingyan.posting.rules import help_requests as help_rules
from lingyan.posting.rules import liaison as rules
from lingyan.posting.rules import problems as problem_rules
from lingyan.posting.rules.liaison_words import OF_VILLAGE, LiaisonKind, VisitSide

# --- who keeps in touch -------------------------------------------------------------------------


@transaction.atomic
def assign_liaison(
    holder: RoleAssignment, *, kind: str, since: date, actor: Actor,
    town: Place | None = None, posting: Posting | None = None,
) -> Liaison:  # fmt: skip
    """Name who is in touch with a town or with a posted person."""
    # Two clerks may name somebody at once: both hold the town or the posting first.
    _hold(town, posting)
    taken = queries.find_open(town=town, posting=posting) if town or posting else None
    facts = rules.LiaisonFacts(
        kind=kind,
        holder_role=holder.role,
        since=since,
        today=clock.today(),
        holder_in_force=holder.until is None or holder.until > clock.today(),
        has_town=town is not None,
        has_posting=posting is not None,
        taken_by=taken.holder.user.name if taken else "",
    )
    refuse((*_refuse_role(actor), *rules.refuse_to_assign(facts)))
    made = Liaison.objects.create(
        kind=kind, holder=holder, since=since, made_by_name=actor.name,
        town=town if kind == LiaisonKind.AREA else None,
        posting=posting if kind == LiaisonKind.FIXED else None,
    )  # fmt: skip
    record(
        "posting.liaison.assigned",
        actor=actor,
        subject=made,
        changes={"holder": [None, holder.user.name], "since": [None, str(since)]},
    )
    return made


def _hold(town: Place | None, posting: Posting | None) -> None:
    if town is not None:
        Place.objects.select_for_update(of=("self",)).get(pk=town.pk)
    if posting is not None:
        Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)


def _refuse_role(actor: Actor) -> tuple[Refusal, ...]:
    if actor.role in rules.ASSIGNERS:
        return ()
    return (Refusal("posting.liaison_wrong_role", "联系人由县委组织部明确"),)


@transaction.atomic
def end_liaison(liaison: Liaison, *, actor: Actor) -> Liaison:
    liaison = (
        Liaison.objects.select_for_update(of=("self",))
        .select_related(*queries.OF_LIAISON)
        .get(pk=liaison.pk)
    )
    refuse((*_refuse_role(actor), *rules.refuse_to_end(ended=liaison.until is not None)))
    liaison.until = max(clock.today(), liaison.since)
    liaison.save(update_fields=["until"])
    record(
        "posting.liaison.ended",
        actor=actor,
        subject=liaison,
        changes={"until": [None, str(liaison.until)]},
    )
    return liaison


# --- visits and talks ---------------------------------------------------------------------------


@transaction.atomic
def record_visit(
    posting: Posting, *, form: str, happened_on: date, text: str, actor: Actor,
    with_whom: str = "", met_person: bool = True, by_head: bool = False,
    raised: dict[str, Any] | None = None,
) -> Visit:  # fmt: skip
    """Write down that one was there, or that one talked; which side it was, the role says.

    `raised` is what `raise_problem` takes: if that is refused, nothing is written.
    """
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("village").get(pk=posting.pk)
    )
    if actor.role not in rules.VISITORS:
        refuse((Refusal("posting.visit_wrong_role", "您的角色不登记走访谈心"),))
    liaison = queries.find_own(actor, posting)
    facts = rules.VisitFacts(
        role=actor.role,
        on=happened_on,
        today=clock.today(),
        text=text,
        came_on=posting.came_on,
        ended_on=posting.until,
        is_contact=liaison is not None,
        is_twice=queries.is_twice(posting, happened_on, form, actor.user_id),
    )
    refuse(rules.refuse_to_record(facts))
    side = rules.side_of(actor.role, is_contact=liaison is not None)
    visit = Visit.objects.create(
        posting=posting, liaison=liaison, side=side, form=form, happened_on=happened_on,
        by_head=by_head and side == VisitSide.UNIT, met_person=met_person,
        with_whom=with_whom.strip(), text=text.strip(),
        made_by_id=actor.user_id, made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    record(
        "posting.visit.recorded",
        actor=actor,
        subject=visit,
        changes={"form": [None, form], "happened_on": [None, str(happened_on)]},
    )
    if raised:
        take_up(visit, **raised, actor=actor)
    return visit


@transaction.atomic
def withdraw_visit(visit: Visit, *, reason: str, actor: Actor) -> Visit:
    visit = _locked(visit)
    refuse(
        rules.refuse_to_withdraw(
            reason=reason, is_maker=visit.made_by_id == actor.user_id, withdrawn=visit.withdrawn
        )
    )
    visit.withdrawn = reason.strip()
    visit.save(update_fields=["withdrawn"])
    record(
        "posting.visit.withdrawn",
        actor=actor,
        subject=visit,
        changes={"withdrawn": ["", visit.withdrawn]},
        reason=visit.withdrawn,
    )
    return visit


def take_up(
    visit: Visit, *, about: str, text: str, owner: str, due_on: date | None, actor: Actor
) -> Problem | HelpRequest:
    """What was raised: something of the village, or what is hard for the person (2.11)."""
    if about == OF_VILLAGE:
        return raise_problem(visit, text=text, owner=owner, due_on=due_on, actor=actor)
    return raise_difficulty(visit, kind=about, text=text, actor=actor)


@transaction.atomic
def raise_difficulty(visit: Visit, *, kind: str, text: str, actor: Actor) -> HelpRequest:
    """A difficulty told in a talk: who works on it follows from its kind, the person ends it."""
    visit = _locked(visit)
    posting = visit.posting
    refuse(
        (
            *rules.refuse_to_raise(withdrawn=visit.withdrawn, side=visit.side, role=actor.role),
            *help_rules.refuse_to_raise(
                text=text, kind=kind, is_at_work=posting.state in IN_POST and not posting.until
            ),
        )
    )
    return help_requests.take_down(
        HelpRequest(
            posting=posting, visit=visit, kind=kind, text=text, raised_on=visit.happened_on
        ),
        actor=actor,
    )


def _locked(visit: Visit) -> Visit:
    rows = Visit.objects.select_for_update(of=("self",))
    return rows.select_related("posting__village", "posting__person").get(pk=visit.pk)


@transaction.atomic
def raise_problem(
    visit: Visit, *, text: str, owner: str, due_on: date | None, actor: Actor
) -> Problem:
    """What was raised gets an owner and a day; the posted person says in the end that it is solved.

    依据：R-2-27、X03。
    """
    visit, today = _locked(visit), clock.today()
    refuse(
        (
            *rules.refuse_to_raise(
                withdrawn=visit.withdrawn, side=visit.side, role=actor.role
            ),
            *problem_rules.refuse_to_find(
                problem_rules.ProblemFacts(
                    today=today, text=text, due_on=due_on, owner=owner,
                    found_on=visit.happened_on, since=visit.posting.since,
                    until=visit.posting.until,
                )
            ),
        )
    )  # fmt: skip
    assert due_on is not None
    return problems.take_down(
        Problem(
            posting=visit.posting, visit=visit, text=text, found_on=visit.happened_on,
            owner=owner, due_on=due_on,
        ),
        actor=actor,
    )  # fmt: skip
