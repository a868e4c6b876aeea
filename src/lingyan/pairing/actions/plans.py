"""How is a plan of pairings computed, and how does a leader decide on it?"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.queries import actor_key
from lingyan.pairing import matching
from lingyan.pairing.actions.pairings import propose_pairing
from lingyan.pairing.actions.rounds import locked, move, refuse_step
from lingyan.pairing.models import PairDraft, Pairing, PairPlan, PairRound
from lingyan.pairing.problem import PairingProblem
from lingyan.pairing.problem.snapshot import snapshot
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules import UNIT_UPPER_MAX, PairingOrigin
from lingyan.pairing.rules import rounds as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report
from lingyan_matching import Plan as EnginePlan

JOB = "pairing.compute"


# --- computing ----------------------------------------------------------------------------------


def reasons_against_computing(round: PairRound, *, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *refuse_step(round, "compute", actor=actor),
        *rules.refuse_to_compute(units=round.units.count(), villages=round.villages.count()),
    )


@transaction.atomic
def request_plan(round: PairRound, *, actor: Actor) -> Job:
    """Put the computation into the queue; pressed again while it runs, it is the same job."""
    round = locked(round)
    refuse(reasons_against_computing(round, actor=actor))
    if running := queries.find_computation(round):
        return running
    record(f"{rules.THING}.computation_requested", actor=actor, subject=round)
    job = start_job(
        JOB,
        title=f"计算结对方案：{round.name}",
        actor=actor,
        actor_key=actor_key(actor),
        arguments={"round_id": str(round.pk)},
    )
    round.computation_job_id = job.pk
    round.save(update_fields=["computation_job_id"])
    return job


def compute_plan(*, actor: Actor, report: Report, round_id: str) -> str:
    """The background work: gather, solve, check, save at the end or nothing."""
    round = PairRound.objects.select_related("county", "seat").get(pk=UUID(round_id))
    refuse(reasons_against_computing(round, actor=actor))
    report(5, "正在汇集两方的情况和意愿")
    problem = matching.gather(round)
    report(40, f"正在为 {len(problem.units)} 个单位、{len(problem.villages)} 个村求解")
    engine_plan = matching.solve(problem, seed=round.seed)
    report(80, "正在复核并保存")
    plan = keep_plan(round, problem, engine_plan, actor=actor)
    return reverse("pair_workbench", args=[plan.pk])


@transaction.atomic
def keep_plan(
    round: PairRound, problem: PairingProblem, engine_plan: EnginePlan, *, actor: Actor
) -> PairPlan:
    """Store the plan and take it as the one to be decided; equal input finds the same plan."""
    round = locked(round)
    refuse(reasons_against_computing(round, actor=actor) or _refuse_outdated(round, problem))
    plan = _find_same(round, engine_plan) or matching.store_plan(
        round, engine_plan, problem, origin=PairPlan.Origin.COMPUTED, actor=actor
    )
    move(round, "compute", "computed", actor=actor, chosen_plan=plan)
    return plan


def _refuse_outdated(round: PairRound, problem: PairingProblem) -> tuple[Refusal, ...]:
    """A village may answer while the engine computes; such a plan would pass it over."""
    if snapshot(matching.gather(round)) == snapshot(problem):
        return ()
    return (Refusal("pairing.input_changed", "计算期间有单位或村改了填报，请重新计算"),)


def _find_same(round: PairRound, plan: EnginePlan) -> PairPlan | None:
    found = PairPlan.objects.filter(
        round=round, origin=PairPlan.Origin.COMPUTED, snapshot_sha256=plan.snapshot_sha256
    )
    return found.order_by("-number").first()


# --- deciding -----------------------------------------------------------------------------------


def reasons_against_deciding(
    round: PairRound,
    *,
    actor: Actor,
    decision: str = "同意",
    decided_on: date | None = None,
) -> tuple[Refusal, ...]:
    """Without a decision at hand it says what stands in the way of any decision."""
    plan = queries.find_chosen_plan(round)
    if plan is None:
        return refuse_step(round, "decide", actor=actor)
    plan.round = round
    makers = queries.makers_of(plan)
    return (
        *refuse_step(round, "decide", actor=actor),
        *rules.refuse_to_decide(
            rules.DecisionFacts(
                decision=decision,
                decided_on=decided_on or clock.today(),
                today=clock.today(),
                actor=hand_of(actor, makers=makers, records=[plan.pk, round.pk]),
                makers=makers,
                verified=plan.verified,
                broken=tuple(one.text for one in matching.recheck(plan)),
            )
        ),
        *_refuse_too_many(plan),
    )


def _refuse_too_many(plan: PairPlan) -> tuple[Refusal, ...]:
    """Pairs that go on beside the new ones count as well. 依据：R-3-03。"""
    drafts = list(PairDraft.objects.filter(plan=plan).select_related("unit").order_by("pk"))
    new = {(one.unit_id, one.village_id) for one in drafts}
    held = queries.held_pairs({one.unit_id for one in drafts}, ())
    load = Counter(unit for unit, _ in new | {(unit, village) for unit, village, _ in held})
    full = sorted({one.unit.name for one in drafts if load[one.unit_id] > UNIT_UPPER_MAX})
    if not full:
        return ()
    return (
        Refusal(
            "pairing.unit_full",
            f"连同现有的结对，超过 {UNIT_UPPER_MAX} 个村：{'、'.join(full[:5])}",
        ),
    )


@transaction.atomic
def decide_round(
    round: PairRound, *, decision: str, decided_on: date, actor: Actor
) -> list[Pairing]:
    """The leader decides on the plan; each new pair is put before its unit and its village.

    Pairs that exist already go on as they are: nothing is proposed anew for them.
    """
    round = locked(round)
    refuse(reasons_against_deciding(round, actor=actor, decision=decision, decided_on=decided_on))
    plan = queries.find_chosen_plan(round)
    assert plan is not None, "refused above"
    made = _propose(plan, actor=actor)
    move(
        round,
        "decide",
        "decided",
        actor=actor,
        decision_text=decision.strip(),
        decided_on=decided_on,
        decided_by_name=actor.name,
    )
    return made


def _propose(plan: PairPlan, *, actor: Actor) -> list[Pairing]:
    """One proposal for each pair that is not there yet; the best of a village leads."""
    drafts = list(
        PairDraft.objects.filter(plan=plan)
        .select_related("unit__place", "village")
        .order_by("village__path", "-points", "unit__name", "pk")
    )
    held = queries.held_pairs((), {one.village_id for one in drafts})
    there = {(unit, village) for unit, village, _ in held}
    led = defaultdict(bool, {village: True for _, village, leads in held if leads})
    made = []
    for one in drafts:
        if (one.unit_id, one.village_id) in there:
            continue
        made.append(
            propose_pairing(
                one.unit,
                one.village,
                is_lead=not led[one.village_id],
                origin=PairingOrigin.ROUND,
                points=one.points,
                parts=one.parts,
                text=f"按{plan.round.name}{plan}",
                actor=actor,
                is_demo=plan.round.is_demo,
            )
        )
        led[one.village_id] = True
    return made
