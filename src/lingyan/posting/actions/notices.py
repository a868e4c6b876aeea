"""How is an objection taken down during the notice, and settled before the document is issued?"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import refuse_act
from lingyan.common.refusals import refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.posting import rules
from lingyan.posting.actions.rounds import locked, of_own_county
from lingyan.posting.models import Draft, NoticeObjection, Round
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules import notices as notice_rules

THING = "posting.notice_objection"


@transaction.atomic
def record_objection(
    round: Round,
    *,
    draft: Draft | None,
    raised_by: str,
    raised_on: date,
    text: str,
    actor: Actor,
) -> NoticeObjection:
    """Take down what was said; without a draft it is about the whole list.

    The trail keeps what it is about and that it was taken down, never who said it.
    """
    round = locked(round)
    plan = queries.find_chosen_plan(round)
    on_the_list = plan is not None and (draft is None or draft.plan_id == plan.pk)
    refuse(
        (
            *of_own_county(round, actor),
            *notice_rules.refuse_to_record_objection(
                role=actor.role,
                round_state=round.state,
                raised_on=raised_on,
                announced_on=round.announced_on,
                today=clock.today(),
                text=text,
                on_the_list=on_the_list,
            ),
        )
    )
    assert plan is not None
    objection = NoticeObjection.objects.create(
        round=round,
        plan=plan,
        person=draft.person if draft else None,
        village=draft.village if draft else None,
        role=draft.role if draft else "",
        raised_by=raised_by.strip(),
        raised_on=raised_on,
        text=text.strip(),
        entered_by_id=actor.user_id,
        entered_by_name=actor.name,
        entered_at=clock.now(),
    )
    record(
        "posting.notice_objection.recorded",
        actor=actor,
        subject=objection,
        changes={"about": [None, objection.about], "raised_on": [None, str(raised_on)]},
    )
    return objection


@transaction.atomic
def settle_objection(
    objection: NoticeObjection, *, outcome: str, text: str, actor: Actor
) -> NoticeObjection:
    """Say what was found. An objection that holds keeps the plan from being issued as it is.

    What was found may touch private matters: it stands in the register, not in the trail.
    """
    round = locked(objection.round)
    objection = NoticeObjection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    act = notice_rules.ACT_OF_OUTCOME[rules.ObjectionState(outcome)]
    refuse(
        (
            *of_own_county(round, actor),
            *refuse_act(
                notice_rules.NOTICE_OBJECTION_FLOW,
                state=objection.state, act=act, role=actor.role, thing=THING,
            ),
            *notice_rules.refuse_to_settle_objection(
                round_state=round.state,
                text=text,
                recorder=str(objection.entered_by_id),
                makers=(makers := queries.makers_of(objection.plan)),
                actor=hand_of(
                    actor,
                    makers=[objection.entered_by_id, *makers],
                    records=[objection.pk, objection.plan_id, round.pk],
                ),
            ),
        )
    )  # fmt: skip
    before, objection.state = objection.state, outcome
    objection.outcome_text = text.strip()
    objection.handled_on = clock.today()
    objection.handled_by_id, objection.handled_by_name = actor.user_id, actor.name
    objection.save(
        update_fields=["state", "outcome_text", "handled_on", "handled_by_id", "handled_by_name"]
    )
    record(
        "posting.notice_objection.settled",
        actor=actor,
        subject=objection,
        changes={"state": [before, outcome]},
    )
    return objection
