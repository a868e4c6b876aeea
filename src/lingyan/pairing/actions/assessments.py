"""How is a pair's year evaluated by the village and confirmed by the county (R-3-06)?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import refuse_same_person
from lingyan.directory.scoping import contains
from lingyan.pairing.models import PairAssessment, Pairing
from lingyan.pairing.queries.assessments import facts_of_year
from lingyan.pairing.rules import assessments as rules
from lingyan.pairing.rules.assessments import ASSESSMENT_FLOW, AssessmentState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import Trace, record, record_many

THING = "pairing.assessment"


def _refuse_step(state: str, act: str, village: Place, actor: Actor) -> tuple[Refusal, ...]:
    if not contains(actor.scope, village.path):
        return (Refusal(f"{THING}.wrong_role", "只能办理本辖区的结对考评"),)
    return refuse_act(ASSESSMENT_FLOW, state=state, act=act, role=actor.role, thing=THING)


def locked(assessment: PairAssessment) -> PairAssessment:
    return (
        PairAssessment.objects.select_for_update(of=("self",))
        .select_related("pairing__village", "pairing__unit")
        .get(pk=assessment.pk)
    )


def _move(assessment: PairAssessment, act: str, **fields: Any) -> None:
    step = find_transition(ASSESSMENT_FLOW, state=assessment.state, act=act)
    assert step is not None, act
    for name, new in {**fields, "state": step.after}.items():
        setattr(assessment, name, new)
    assessment.save()


@transaction.atomic
def evaluate_year(
    pairing: Pairing, *, year: int, points: int, text: str, actor: Actor
) -> PairAssessment:
    """The village says how the year was, 0 to 100, with a reason; the town may write it down."""
    pairing = (
        Pairing.objects.select_for_update(of=("self",))
        .select_related("village", "unit")
        .get(pk=pairing.pk)
    )
    made = PairAssessment.objects.filter(pairing=pairing, year=year).first()
    refuse(
        (
            *_refuse_step(made.state if made else "", "evaluate", pairing.village, actor),
            *rules.refuse_to_evaluate(
                year=year, today=clock.today(), since=pairing.since,
                planned_until=pairing.planned_until, points=points, text=text,
            ),
        )
    )  # fmt: skip
    before = made.village_points if made else None
    assessment = made or PairAssessment(pairing=pairing, year=year)
    assessment.state = AssessmentState.EVALUATED
    assessment.village_points = points
    assessment.village_text = text.strip()
    assessment.evaluated_by_id = actor.user_id
    assessment.evaluated_by_name = actor.name
    assessment.evaluated_on = clock.today()
    assessment.save()
    changes = {"village_points": [before, points], "village_text": ["", text.strip()]}
    record("pairing.assessment.evaluated", actor=actor, subject=assessment, changes=changes)
    return assessment


@transaction.atomic
def return_evaluation(assessment: PairAssessment, *, reason: str, actor: Actor) -> PairAssessment:
    """The county asks the village once more, and says why."""
    assessment = locked(assessment)
    missing = () if reason.strip() else (Refusal("pairing.reason_missing", "请写明原因"),)
    refuse((*_refuse_step(assessment.state, "return", assessment.pairing.village, actor), *missing))
    _move(assessment, "return", returned_reason=reason.strip())
    record("pairing.assessment.returned", actor=actor, subject=assessment, reason=reason.strip())
    return assessment


@transaction.atomic
def confirm_assessments(
    assessments: Iterable[PairAssessment], *, actor: Actor
) -> list[PairAssessment]:
    """The county confirms the years that villages have evaluated: the facts are frozen as they are.

    All or none: whoever wrote an evaluation may not confirm it.
    """
    keys = [one.pk for one in assessments]
    found = list(
        PairAssessment.objects.select_for_update(of=("self",))
        .select_related("pairing__village", "pairing__unit")
        .filter(pk__in=keys)
        .order_by("pk")
    )
    refusals = dict.fromkeys(_refuse_own_hands(found, actor))
    for one in found:
        refusals |= dict.fromkeys(_refuse_step(one.state, "confirm", one.pairing.village, actor))
    refuse(refusals)
    facts = facts_of_year(found)
    for one in found:
        said = facts[one.pk]
        items = rules.score_items(said)
        _move(
            one, "confirm", facts=asdict(said), items=items, score=rules.score_of(items),
            confirmed_by_id=actor.user_id, confirmed_by_name=actor.name,
            confirmed_on=clock.today(),
        )  # fmt: skip
    record_many(
        (Trace("pairing.assessment.confirmed", one, {"score": [None, one.score]}) for one in found),
        actor=actor,
    )
    return found


def _refuse_own_hands(found: list[PairAssessment], actor: Actor) -> tuple[Refusal, ...]:
    makers = frozenset(str(one.evaluated_by_id) for one in found)
    hand = hand_of(actor, makers=makers, records=[one.pk for one in found])
    return refuse_same_person(makers, hand, act="确认")
