"""How does a posting move from appointment to its end, one step of the table at a time?"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting.actions.rounds import refuse
from lingyan.posting.models import Posting
from lingyan.posting.rules.life import POSTING_FLOW

THING = "posting.posting"


def locked(posting: Posting) -> Posting:
    return (
        Posting.objects.select_for_update(of=("self",))
        .select_related("village", "person", "unit")
        .get(pk=posting.pk)
    )


def refuse_step(posting: Posting, act: str, actor: Actor) -> tuple[Refusal, ...]:
    """Is the act open in this state, and to this role?"""
    return refuse_act(POSTING_FLOW, state=posting.state, act=act, role=actor.role, thing=THING)


def move(
    posting: Posting, act: str, event: str, *, actor: Actor, reason: str = "", **changed: Any
) -> Posting:
    """Save the new state with what the act settles, and leave the trace."""
    step = find_transition(POSTING_FLOW, state=posting.state, act=act)
    assert step is not None, act
    fields = {"state": step.after, **changed}
    changes = {name: [str(getattr(posting, name) or ""), str(new)] for name, new in fields.items()}
    for name, new in fields.items():
        setattr(posting, name, new)
    posting.save(update_fields=list(fields))
    record(f"posting.posting.{event}", actor=actor, subject=posting, changes=changes, reason=reason)
    return posting


# --- for the recall cases -----------------------------------------------------------------------


@transaction.atomic
def begin_recall(posting: Posting, *, actor: Actor, case: models.Model) -> Posting:
    """The case was proposed: the posting waits for the decision (2.10). `case` names its record."""
    posting = locked(posting)
    refuse(refuse_step(posting, "propose_recall", actor))
    return move(posting, "propose_recall", "recall_begun", actor=actor, reason=str(case))


@transaction.atomic
def end_by_recall(posting: Posting, *, actor: Actor, case: models.Model) -> Posting:
    """The recall was decided: the posting ends today, G-1 does not hold it back."""
    posting = locked(posting)
    refuse(refuse_step(posting, "recall", actor))
    return move(posting, "recall", "recalled", actor=actor, reason=str(case), until=clock.today())


@transaction.atomic
def drop_recall(posting: Posting, *, actor: Actor, case: models.Model) -> Posting:
    """The case ended without a recall: the person goes on working."""
    posting = locked(posting)
    refuse(refuse_step(posting, "drop_recall", actor))
    return move(posting, "drop_recall", "recall_dropped", actor=actor, reason=str(case))
