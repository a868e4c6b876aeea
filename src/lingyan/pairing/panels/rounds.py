"""What comes next in a round of pairing, what stands in the way, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from lingyan.common.flow import Transition, find_transition
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT, VILLAGE
from lingyan.pairing.actions import plans
from lingyan.pairing.models import PairRound, PairRoundVillage
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules import rounds as rules
from lingyan.pairing.rules.rounds import PairRoundState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs.actions import job_url
from lingyan.platform.jobs.models import Job
from lingyan.platform.ui.worklist import WorkItem

NEXT_ACT = {"collecting": "compute", "computed": "decide"}
STATES = (PairRoundState.COLLECTING, PairRoundState.COMPUTED, PairRoundState.DECIDED)
REASONS: Mapping[str, Callable[..., tuple[Refusal, ...]]] = {
    "compute": plans.reasons_against_computing,
    "decide": plans.reasons_against_deciding,
}
ABOUT_THE_READER = frozenset(
    {f"{rules.THING}.wrong_role", "directory.same_person", "pairing.round_elsewhere"}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One dot of the stepper."""

    label: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next: its button, who may press it, and why it cannot be pressed yet."""

    act: str
    label: str
    url: str
    holds: str
    who: str
    is_mine: bool
    reasons: tuple[Refusal, ...]

    @property
    def is_open(self) -> bool:
        return self.is_mine and not self.reasons


@dataclass(frozen=True, slots=True)
class SideStep:
    act: str
    label: str
    url: str


def steps_of(round: PairRound, history: list[AuditEntry]) -> list[Step]:
    """Every state in order, with the day on which it was reached last."""
    reached = {PairRoundState.COLLECTING.value: round.created_at.date().isoformat()}
    for entry in sorted(history, key=lambda one: one.number):
        state = entry.changes.get("state")
        if isinstance(state, list):
            reached[str(state[1])] = entry.acted_at.date().isoformat()
    if round.state == PairRoundState.CANCELLED:
        label = PairRoundState.CANCELLED.label
        return [Step(label, reached.get(PairRoundState.CANCELLED.value, ""), "now")]
    now = STATES.index(PairRoundState(round.state))
    last = round.state == PairRoundState.DECIDED
    return [
        Step(
            state.label,
            reached.get(state.value, "") if number <= now else "",
            "done" if number < now or last else "now" if number == now else "todo",
        )
        for number, state in enumerate(STATES)
    ]


def next_step(round: PairRound, actor: Actor) -> NextStep | None:
    """The one step that leads on; none where the round has ended."""
    act = NEXT_ACT.get(round.state)
    line = find_transition(rules.PAIR_ROUND_FLOW, state=round.state, act=act) if act else None
    if act is None or line is None:
        return None
    is_mine = actor.role in line.roles
    found = REASONS[act](round, actor=actor)
    return NextStep(
        act=act,
        label=line.label,
        url=reverse("pair_round_step", args=[round.pk, act]),
        holds=line.holds,
        who="、".join(Role(role).label for role in line.roles),
        is_mine=is_mine,
        reasons=tuple(one for one in found if is_mine or one.code not in ABOUT_THE_READER),
    )


def side_steps(round: PairRound, actor: Actor) -> list[SideStep]:
    """What else this role may do now."""
    shown = [
        line
        for line in rules.PAIR_ROUND_FLOW
        if line.before == round.state
        and actor.role in line.roles
        and line.act not in (NEXT_ACT.get(round.state), "adjust")
    ]
    return [
        SideStep(line.act, line.label, reverse("pair_round_step", args=[round.pk, line.act]))
        for line in shown
    ]


@dataclass(frozen=True, slots=True)
class Computation:
    """The computation that is under way; its own page belongs to whoever started it."""

    job: Job
    url: str


def computation(round: PairRound, actor: Actor) -> Computation | None:
    job = queries.find_computation(round)
    if job is None:
        return None
    return Computation(job, job_url(job) if job.created_by_id == actor.user_id else "")


# --- the worklist -------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    """What waits for this person in rounds of pairing, in a few queries."""
    if actor.role in (*STAFF, *LEADER):
        return [
            item
            for round in queries.list_running(actor.scope)
            if (item := _county_item(round, actor))
        ]
    if actor.role in UNIT:
        return _unit_items(actor)
    if actor.role in VILLAGE:
        return _village_items(actor)
    return _town_items(actor) if actor.role in TOWN else []


def count(actor: Actor) -> int:
    """How many lines that are: what waits is told by the states, without counting who is in."""
    if actor.role in (*STAFF, *LEADER):
        states = queries.states_running(actor.scope)
        return sum(actor.role in _next_line(state).roles for state in states)
    return len(worklist(actor))


def _next_line(state: str) -> Transition:
    line = find_transition(rules.PAIR_ROUND_FLOW, state=state, act=NEXT_ACT[state])
    assert line is not None
    return line


def _county_item(round: PairRound, actor: Actor) -> WorkItem | None:
    act, line = NEXT_ACT[round.state], _next_line(round.state)
    if actor.role not in line.roles:
        return None
    counts = vars(round)
    detail = (
        f"{counts['unit_count']} 个单位中 {counts['units_stated']} 个、"
        f"{counts['village_count']} 个村中 {counts['villages_stated']} 个已填报"
    )
    return WorkItem(
        title=f"{round.name}：{line.label}",
        detail=detail,
        url=reverse("pair_round_detail", args=[round.pk]),
        due_on=round.due_on if act == "compute" else None,
        icon="swap",
    )


def _unit_items(actor: Actor) -> list[WorkItem]:
    waiting = queries.list_own_units(actor.scope).filter(
        round__state=PairRoundState.COLLECTING, stated_at__isnull=True
    )
    return [
        WorkItem(
            title=f"填报结对情况：{one.unit}",
            detail=f"{one.round.name}：能提供什么、愿意与哪些村结对",
            url=reverse("pair_unit_statement", args=[one.pk]),
            due_on=one.round.due_on,
            icon="swap",
        )
        for one in waiting
    ]


def _village_items(actor: Actor) -> list[WorkItem]:
    return [
        WorkItem(
            title=f"填报结对情况：{one.village}",
            detail=f"{one.round.name}：需要什么、愿意与哪些单位结对",
            url=reverse("pair_village_statement", args=[one.pk]),
            due_on=one.round.due_on,
            icon="swap",
        )
        for one in _waiting_villages(actor)
    ]


def _waiting_villages(actor: Actor) -> list[PairRoundVillage]:
    found = queries.list_own_villages(actor.scope).filter(
        round__state=PairRoundState.COLLECTING, stated_at__isnull=True
    )
    return list(found)


def _town_items(actor: Actor) -> list[WorkItem]:
    """One line for all villages of the town that have not stated yet."""
    waiting = _waiting_villages(actor)
    if not waiting:
        return []
    due = min((one.round.due_on for one in waiting if one.round.due_on), default=None)
    return [
        WorkItem(
            title=f"{len(waiting)} 个村还没有填报结对情况",
            detail="督促村里填报，或代村里填报",
            url=reverse("pair_statement_list"),
            due_on=due,
            icon="swap",
        )
    ]
