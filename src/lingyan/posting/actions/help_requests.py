"""How is a difficulty raised, worked on, passed on, answered, and ended by the person's word?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.rules.hands import POSTED
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting.models import HelpRequest, Posting
from lingyan.posting.queries import help_requests as queries
from lingyan.posting.rules import IN_POST
from lingyan.posting.rules import help_requests as rules
from lingyan.posting.rules.support_words import HelpKind, HelpOwner

THING = "posting.help"
EVENTS = {
    "withdraw": "posting.help.withdrawn",
    "accept": "posting.help.accepted",
    "begin": "posting.help.handling",
    "answer": "posting.help.answered",
    "decline": "posting.help.declined",
    "pass_on": "posting.help.passed_on",
    "confirm": "posting.help.confirmed",
    "reopen": "posting.help.reopened",
    "note": "posting.help.noted",
}


@transaction.atomic
def raise_request(posting: Posting | None, *, kind: str, text: str, actor: Actor) -> HelpRequest:
    """Two fields on the phone; who works on it follows from the kind. Pressed twice, it is one."""
    if posting is not None:
        posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    at_work = posting is not None and posting.state in IN_POST and posting.until is None
    own = posting is not None and posting.person_id == actor.scope.person_id
    allowed = actor.role in POSTED and own
    refuse(
        (
            *(() if allowed else (Refusal(f"{THING}.wrong_role", "困难由派驻人员本人提出"),)),
            *rules.refuse_to_raise(text=text, kind=kind, is_at_work=at_work),
        )
    )
    assert posting is not None
    today = clock.today()
    same = posting.help_requests.filter(
        kind=kind, text=text.strip(), raised_on=today, state__in=rules.OPEN
    ).first()
    if same is not None:
        return same
    return take_down(
        HelpRequest(posting=posting, kind=HelpKind(kind), text=text, raised_on=today), actor=actor
    )


@transaction.atomic
def take_down(raised: HelpRequest, *, actor: Actor) -> HelpRequest:
    """Keep what the rules have let through, told by the person or in a talk."""
    raised.text, raised.created_at = raised.text.strip(), clock.now()
    raised.owner = rules.usual_owner(raised.kind, has_unit=raised.posting.unit_id is not None)
    raised.due_on = rules.usual_due(clock.today())
    raised.save(force_insert=True)
    # What is hard for a family stands in the register, not in the trail.
    record(
        "posting.help.raised",
        actor=actor,
        subject=raised,
        changes={"owner": [None, raised.owner], "due_on": [None, raised.due_on]},
    )
    return raised


def reasons_against(
    request: HelpRequest,
    act: str,
    *,
    actor: Actor,
    text: str = "待填",
    new_owner: str | None = None,
    due_on: date | None = None,
) -> tuple[Refusal, ...]:
    """Without words at hand it says whether the step is open to this person at all."""
    others = [one for one in HelpOwner if one != request.owner]
    facts = rules.StepFacts(
        today=clock.today(),
        text=text,
        is_own=request.posting.person_id == actor.scope.person_id,
        owns=request.owner in queries.owners_of(actor),
        owner=request.owner,
        new_owner=others[-1] if new_owner is None else new_owner,
        has_unit=request.posting.unit_id is not None,
        due_on=due_on or clock.today(),
        has_left=request.posting.until is not None,
    )
    return (
        *refuse_act(rules.HELP_FLOW, state=request.state, act=act, role=actor.role, thing=THING),
        *rules.refuse_step(act, facts),
    )


@transaction.atomic
def step_request(
    request: HelpRequest,
    act: str,
    *,
    text: str = "",
    owner: str = "",
    due_on: date | None = None,
    actor: Actor,
) -> HelpRequest:
    """One act of the table. Two at once: the second waits and sees what the first has done."""
    request = (
        HelpRequest.objects.select_for_update(of=("self",))
        .select_related("posting__village", "posting__person")
        .get(pk=request.pk)
    )
    refuse(reasons_against(request, act, actor=actor, text=text, new_owner=owner, due_on=due_on))
    line = find_transition(rules.HELP_FLOW, state=request.state, act=act)
    assert line is not None, act
    changed: dict[str, Any] = {"state": line.after, **_said(act, text, owner, due_on, actor)}
    told = {"state", "owner", "due_on"}
    changes = {
        name: [str(getattr(request, name) or ""), str(new)]
        for name, new in changed.items()
        if name in told
    }
    for name, new in changed.items():
        setattr(request, name, new)
    request.save(update_fields=list(changed))
    record(EVENTS[act], actor=actor, subject=request, changes=changes)
    return request


def _said(act: str, text: str, owner: str, due_on: date | None, actor: Actor) -> dict[str, Any]:
    """What an act settles beside the state."""
    if act == "accept":
        return {"due_on": due_on}
    if act in ("begin", "answer", "decline", "reopen"):
        return {
            "handled_text": text.strip(),
            "handled_by_name": actor.name,
            "handled_on": clock.today(),
        }
    if act == "pass_on":
        return {
            "owner": owner, "handled_text": text.strip(), "handled_by_name": actor.name,
            "handled_on": clock.today(),
        }  # fmt: skip
    if act == "note":  # beside what was done; the field holds both
        return {"closed_on": clock.today(), "closed_text": text.strip()}
    return {"closed_on": clock.today()}
