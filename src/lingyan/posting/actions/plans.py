"""How is a plan computed, chosen, decided on by people, and announced?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import Deadline, WorkingCalendar
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.queries import actor_key, calendar_overrides
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.models import Job
from lingyan.platform.jobs.registry import Report
from lingyan.posting import matching, rules
from lingyan.posting.actions.rounds import locked, move, of_own_county, refuse_step
from lingyan.posting.matching.pricing import rows_of
from lingyan.posting.models import Plan, Round
from lingyan.posting.problem import PostingProblem, snapshot, snapshot_digest
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules import rounds as round_rules
from lingyan_matching import Plan as EnginePlan

Run = tuple[Plan.Origin, EnginePlan]
BoundLines = list[dict[str, Any]]


# --- computing ----------------------------------------------------------------------------------


def reasons_against_computing(round: Round, *, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *refuse_step(round, "compute", actor=actor),
        *of_own_county(round, actor),
        *rules.refuse_to_compute(
            posts=queries.count_seats(round), people=queries.count_taking_part(round)
        ),
    )


@transaction.atomic
def request_plans(round: Round, *, actor: Actor) -> Job:
    """Put the computation into the queue; the page of the job shows how far it is.

    Pressed again while it is queued or running, it answers with the same job.
    """
    round = locked(round)
    refuse(reasons_against_computing(round, actor=actor))
    if running := queries.find_computation(round):
        return running
    record("posting.round.computation_requested", actor=actor, subject=round)
    job = start_job(
        "posting.compute",
        title=f"计算方案：{round.name}",
        actor=actor,
        actor_key=actor_key(actor),
        arguments={"round_id": str(round.pk)},
    )
    round.computation_job_id = job.pk
    round.save(update_fields=["computation_job_id"])
    return job


def compute_plans(*, actor: Actor, report: Report, round_id: str) -> str:
    """The background work: gather, solve both ways, save everything at the end or nothing.

    Until the last step nothing is written, so a process that dies leaves the round as it was.
    """
    round = Round.objects.select_related("county").get(pk=UUID(round_id))
    refuse(reasons_against_computing(round, actor=actor))
    report(5, "正在汇集需求、画像、志愿和意向")
    problem = matching.gather(round, as_of=clock.today()).problem()
    report(30, f"正在为 {len(problem.posts)} 个岗位、{len(problem.people)} 名人选求解")
    runs = matching.solve_modes(problem, seed=round.seed)
    report(60, "正在算每条上下限的代价")
    bounds = matching.price_bounds(problem, dict(runs)[Plan.Origin.TOTAL])
    report(80, "正在复核并保存")
    keep_plans(round, problem, runs, actor=actor, bounds=bounds)
    return reverse("round_detail", args=[round.pk])


@transaction.atomic
def keep_plans(
    round: Round,
    problem: PostingProblem,
    runs: list[Run],
    *,
    actor: Actor,
    bounds: BoundLines | None = None,
) -> dict[str, Plan]:
    """Store the plans of one computation; the county default becomes the chosen one.

    `bounds` say what each bound costs that plan; they took solving, so it was done before.

    Pressed twice on the same input it finds the same plans and adds none.
    """
    round = locked(round)
    refuse(reasons_against_computing(round, actor=actor) or _refuse_outdated(round, problem))
    kept = {
        origin.value: _find_same(round, origin, plan)
        or matching.store_plan(
            round,
            plan,
            origin=origin,
            actor=actor,
            posting_problem=problem,
            bounds=bounds if origin == Plan.Origin.TOTAL else None,
        )
        for origin, plan in runs
    }
    move(
        round,
        "compute",
        "computed",
        actor=actor,
        chosen_plan=kept[Plan.Origin.TOTAL.value],
        decision_text="",
        decided_on=None,
        decided_by_name="",
    )
    return kept


def _refuse_outdated(round: Round, problem: PostingProblem) -> tuple[Refusal, ...]:
    """A town may hand in its list while the engine computes; such a plan would pass it over."""
    now = matching.gather(round, as_of=clock.today()).problem()
    if snapshot_digest(snapshot(now)) == snapshot_digest(snapshot(problem)):
        return ()
    return (Refusal("posting.input_changed", "计算期间需求、画像、志愿或意向有变动，请重新计算"),)


# --- one more computation -----------------------------------------------------------------------


def reasons_against_stable_best(round: Round, *, actor: Actor) -> tuple[Refusal, ...]:
    """One plan of mode C for the data of the plan in use; nothing else changes by it."""
    chosen = queries.find_chosen_plan(round)
    there = queries.find_stable_best(chosen) if chosen else None
    return (
        *refuse_step(round, "adjust", actor=actor),
        *of_own_county(round, actor),
        *round_rules.refuse_second_stable_best(there=str(there or "")),
    )


@transaction.atomic
def request_stable_best(round: Round, *, actor: Actor) -> Job:
    """Put it into the queue, one computation of a round at a time."""
    round = locked(round)
    refuse(reasons_against_stable_best(round, actor=actor))
    if running := queries.find_computation(round):
        return running
    record("posting.round.computation_requested", actor=actor, subject=round)
    job = start_job(
        "posting.stable_best",
        title=f"再算“稳定且配得最多”：{round.name}",
        actor=actor,
        actor_key=actor_key(actor),
        arguments={"round_id": str(round.pk)},
    )
    round.computation_job_id = job.pk
    round.save(update_fields=["computation_job_id"])
    return job


def compute_stable_best(*, actor: Actor, report: Report, round_id: str) -> str:
    """The background work: the plan in use stays, and the new one stands beside it."""
    round = Round.objects.select_related("county").get(pk=UUID(round_id))
    refuse(reasons_against_stable_best(round, actor=actor))
    chosen = queries.find_chosen_plan(round)
    assert chosen is not None, "a round that may be adjusted has a plan in use"
    report(5, "正在打开同一份数据")
    loaded = matching.load_plan(chosen)
    seconds = f"{matching.SECONDS_FOR_BEST:.0f} 秒"
    report(10, f"正在求解、写复核凭证，各最多 {seconds}，到时限自己停")
    made = matching.solve_largest_stable(loaded, seed=round.seed)
    report(85, "正在复核并保存")
    plan = keep_stable_best(round, loaded, made, actor=actor)
    twin = queries.find_stable(plan)
    return reverse("plan_compare_with", args=[plan.pk, (twin or chosen).pk])


@transaction.atomic
def keep_stable_best(
    round: Round, loaded: matching.LoadedPlan, made: EnginePlan, *, actor: Actor
) -> Plan:
    """Store it; if somebody was quicker, or the plan in use stands on other data, say so."""
    round = locked(round)
    refuse(reasons_against_stable_best(round, actor=actor))
    chosen = queries.find_chosen_plan(round)
    same_data = chosen is not None and chosen.snapshot_sha256 == made.snapshot_sha256
    refuse(round_rules.refuse_other_data(same=same_data))
    rows = {(row.person, row.post) for row in made.assignments}
    plan = matching.store_plan(
        round,
        made,
        origin=Plan.Origin.STABLE_BEST,
        actor=actor,
        posting_problem=loaded.posting_problem,
        same_as=[
            one
            for one in queries.list_stable(round, made.snapshot_sha256)
            if rows == set(rows_of(matching.load_plan(one).engine_plan))
        ],
    )
    told = {"plan": [None, str(plan)]}
    record("posting.plan.stable_best_kept", actor=actor, subject=plan, changes=told)
    return plan


def _find_same(round: Round, origin: Plan.Origin, plan: EnginePlan) -> Plan | None:
    return Plan.objects.filter(
        round=round, origin=origin, snapshot_sha256=plan.snapshot_sha256
    ).first()


@transaction.atomic
def choose_plan(round: Round, plan: Plan, *, reason: str, actor: Actor) -> Round:
    """Take another plan of the round as the one to be deliberated, with a reason."""
    round = locked(round)
    refuse(
        (
            *refuse_step(round, "adjust", actor=actor),
            *of_own_county(round, actor),
            *round_rules.refuse_to_choose_plan(
                same_round=plan.round_id == round.pk,
                verified=plan.verified,
                already=plan.pk == round.chosen_plan_id,
                reason=reason,
            ),
        )
    )
    return move(round, "adjust", "plan_chosen", actor=actor, reason=reason, chosen_plan=plan)


# --- deciding -----------------------------------------------------------------------------------


def reasons_against_deliberating(
    round: Round,
    *,
    actor: Actor,
    decision: str = "同意",
    decided_on: date | None = None,
) -> tuple[Refusal, ...]:
    """Without a decision at hand it says what stands in the way of any decision."""
    plan = queries.find_chosen_plan(round)
    if plan is None:
        return refuse_step(round, "deliberate", actor=actor)
    makers = queries.makers_of(plan)
    return (
        *refuse_step(round, "deliberate", actor=actor),
        *of_own_county(round, actor),
        *round_rules.refuse_unverified_plan(verified=plan.verified),
        *rules.refuse_to_deliberate(
            rules.DecisionFacts(
                decision=decision,
                decided_on=decided_on or clock.today(),
                today=clock.today(),
                actor=hand_of(actor, makers=makers, records=[plan.pk, round.pk]),
                makers=makers,
                broken=tuple(one.text for one in matching.recheck(plan)),
            )
        ),
    )


@transaction.atomic
def deliberate_round(round: Round, *, decision: str, decided_on: date, actor: Actor) -> Round:
    """Record what the meeting decided on the chosen plan: people decide, the plan is advice."""
    round = locked(round)
    refuse(
        reasons_against_deliberating(round, actor=actor, decision=decision, decided_on=decided_on)
    )
    return move(
        round,
        "deliberate",
        "deliberated",
        actor=actor,
        decision_text=decision.strip(),
        decided_on=decided_on,
        decided_by_name=actor.name,
    )


@transaction.atomic
def send_back_round(round: Round, *, reason: str, actor: Actor) -> Round:
    """The meeting, or an objection during the notice, asks for another plan."""
    round = locked(round)
    refuse(
        (
            *refuse_step(round, "send_back", actor=actor),
            *of_own_county(round, actor),
            *rules.refuse_to_send_back(reason),
        )
    )
    return move(
        round,
        "send_back",
        "sent_back",
        actor=actor,
        reason=reason,
        decision_text="",
        decided_on=None,
        decided_by_name="",
        announced_on=None,
        notice_ends_on=None,
        notice_is_provisional=False,
    )


# --- announcing ---------------------------------------------------------------------------------


def notice_end(round: Round, *, announced_on: date) -> Deadline:
    """The end of the notice by the county's calendar (R-0-08, R-0-09)."""
    days = round.settings.get("notice_days", rules.NOTICE_DAYS)
    return WorkingCalendar(calendar_overrides()).notice_end(announced_on, days)


def notice_end_from_today(round: Round) -> Deadline:
    return notice_end(round, announced_on=clock.today())


def reasons_against_announcing(round: Round, *, actor: Actor) -> tuple[Refusal, ...]:
    plan = queries.find_chosen_plan(round)
    return (
        *refuse_step(round, "announce", actor=actor),
        *of_own_county(round, actor),
        *rules.refuse_to_announce(
            decided=bool(round.decision_text),
            starts_on=clock.today(),
            today=clock.today(),
            assignments=queries.list_drafts(plan).count() if plan else 0,
        ),
    )


@transaction.atomic
def announce_round(round: Round, *, actor: Actor) -> Round:
    """Begin the public notice today; its end follows from the calendar."""
    round = locked(round)
    refuse(reasons_against_announcing(round, actor=actor))
    end = notice_end_from_today(round)
    return move(
        round,
        "announce",
        "announced",
        actor=actor,
        announced_on=clock.today(),
        notice_ends_on=end.on,
        notice_is_provisional=end.provisional,
    )
