"""How is a problem raised with a pair, worked on, passed on, and ended by those who had it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import VILLAGE
from lingyan.directory.scoping import contains
from lingyan.pairing.actions.claims import count_claims, hand, locked, write_claim
from lingyan.pairing.actions.funds import refuse_pairs
from lingyan.pairing.actions.liveliness import stir
from lingyan.pairing.models import Pairing, PairProblem, ProblemClaim
from lingyan.pairing.queries import claims as claim_queries
from lingyan.pairing.queries import pair_problems as queries
from lingyan.pairing.rules import claims as claim_rules
from lingyan.pairing.rules import pair_problems as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

THING = "pairing.problem"
EVENTS = {
    "accept": "pairing.problem.accepted",
    "begin": "pairing.problem.solving",
    "finish": "pairing.problem.handled",
    "confirm": "pairing.problem.confirmed",
    "reopen": "pairing.problem.reopened",
    "transfer": "pairing.problem.transferred",
    "void": "pairing.problem.voided",
}


TWO_VILLAGES = Refusal("pairing.claim.two_villages", "不同村的问题请分开登记")


@transaction.atomic
def raise_problem(
    pairings: Sequence[Pairing], *, kind: str, channel: str, text: str, raised_on: date,
    raised_by: str = "", is_another: bool = False, actor: Actor,
) -> PairProblem:  # fmt: skip
    """What people of the village have told; the pairs named work on it."""
    refuse(
        (
            *refuse_act(rules.PAIR_PROBLEM_FLOW, state="", act="raise", role=actor.role,
                        thing=THING),
            *refuse_pairs(pairings, actor),
            *((TWO_VILLAGES,) if len({one.village_id for one in pairings}) > 1 else ()),
            *rules.refuse_to_raise(
                kind=kind, channel=channel, text=text, raised_on=raised_on, today=clock.today()
            ),
        )
    )  # fmt: skip
    # Two who write down the same problem at once: the village's row lets one of them wait.
    village = Place.objects.select_for_update(of=("self",)).get(pk=pairings[0].village_id)
    twin = queries.find_twin(village, kind=kind, on=raised_on)
    if twin is not None and not is_another:
        refuse((_looks_the_same(twin),))
    problem = PairProblem.objects.create(
        village=village, kind=kind, channel=channel, text=text.strip(), raised_on=raised_on,
        raised_by=raised_by.strip(), due_on=rules.usual_due(clock.today()), **hand(actor),
    )  # fmt: skip
    for pairing in pairings:
        write_claim(problem, pairing=pairing, actor=actor)
    person_id = claim_queries.posted_in(actor, village)
    if person_id is not None:
        write_claim(problem, person_id=person_id, actor=actor)
    count_claims(problem)
    record(
        "pairing.problem.raised",
        actor=actor,
        subject=problem,
        changes={"kind": [None, problem.get_kind_display()], "due_on": [None, problem.due_on]},
    )
    return problem


def _looks_the_same(twin: PairProblem) -> Refusal:
    return Refusal(
        "pairing.problem.twin",
        f"{twin.village}在 {twin.raised_on} 已提出过一件“{twin.get_kind_display()}”问题："
        f"{twin.text[:40]}。是同一件请去认领；不是同一件，勾选“是另一件”再登记",
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What is written with a step; each act needs some of it."""

    text: str = ""
    due_on: date | None = None
    beneficiaries: str = ""
    confirmed_on: date | None = None


NOT_YET_SAID = Said(text="待填", beneficiaries="待填")


def reasons_against(
    problem: PairProblem, act: str, *, actor: Actor, said: Said = NOT_YET_SAID
) -> tuple[Refusal, ...]:
    """Without words at hand it says whether the step is open to this person at all."""
    today = clock.today()
    facts = rules.StepFacts(
        today=today,
        has_part=claim_queries.has_part(problem, actor.scope),
        in_village=actor.role in VILLAGE and contains(actor.scope, problem.village.path),
        text=said.text,
        due_on=said.due_on or today,
        beneficiaries=said.beneficiaries,
        confirmed_on=said.confirmed_on or today,
        handled_on=problem.handled_on,
    )
    return (
        *refuse_act(
            rules.PAIR_PROBLEM_FLOW, state=problem.state, act=act, role=actor.role, thing=THING
        ),
        *rules.refuse_step(act, facts),
    )


@transaction.atomic
def step_problem(problem: PairProblem, act: str, said: Said, *, actor: Actor) -> PairProblem:
    """One act of the table. Two at once: the second waits and sees what the first has done."""
    problem = locked(problem)
    refuse(reasons_against(problem, act, actor=actor, said=said))
    line = find_transition(rules.PAIR_PROBLEM_FLOW, state=problem.state, act=act)
    assert line is not None, act
    changed: dict[str, Any] = {"state": line.after, **_settled(act, said, actor)}
    told = {"state", "due_on", "solved_on"}
    changes = {
        name: [str(getattr(problem, name) or ""), str(new)]
        for name, new in changed.items()
        if name in told
    }
    for name, new in changed.items():
        setattr(problem, name, new)
    problem.save(update_fields=list(changed))
    if act == "confirm":
        stir(claim_queries.pairs_of(problem), changed["solved_on"])
    record(EVENTS[act], actor=actor, subject=problem, changes=changes)
    return problem


def _settled(act: str, said: Said, actor: Actor) -> dict[str, Any]:
    """What an act settles beside the state."""
    if act == "accept":
        return {"due_on": said.due_on or rules.usual_due(clock.today())}
    if act == "confirm":
        return {
            "beneficiaries": "、".join(rules.names_in(said.beneficiaries)),
            "confirmed_by_name": actor.name,
            "solved_on": said.confirmed_on or clock.today(),
        }
    settled: dict[str, Any] = {"handled_text": said.text.strip(), "handled_by_name": actor.name}
    if act == "finish":
        settled["handled_on"] = clock.today()
    return settled


@transaction.atomic
def join_found(problem: PairProblem, *, source_id: UUID, actor: Actor) -> ProblemClaim:
    """合为一件: what a first secretary found is this very problem, counted once from now on."""
    problem = locked(problem)
    found = [one for one in queries.likely_same(problem, actor.scope) if one.id == source_id]
    refuse(
        claim_rules.refuse_join(
            may=actor.role in rules.RAISERS,
            is_there=bool(found),
            is_claimed=any(
                claim.person_id == found[0].person_id and claim.source_id is not None
                for claim in claim_queries.standing_claims(problem)
            )
            if found
            else False,
        )
    )
    own = claim_queries.standing_claims(problem).filter(person=found[0].person_id).first()
    if own is not None:
        # The first secretary has a part in it already: the record is named beside it.
        own.source_id = source_id
        own.save(update_fields=["source_id"])
        claim = own
    else:
        claim = write_claim(problem, person_id=found[0].person_id, source_id=source_id, actor=actor)
        count_claims(problem)
    record("pairing.problem.joined", actor=actor, subject=problem,
           changes={"claimant": [None, str(claim)]})  # fmt: skip
    assert isinstance(claim, ProblemClaim)
    return claim
