"""What comes next in a round, who does it, what stands in the way, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.flow import Transition, find_transition
from lingyan.common.periods import ONE_DAY
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs.actions import job_url
from lingyan.platform.jobs.models import Job
from lingyan.platform.ui.worklist import WorkItem
from lingyan.posting import rules
from lingyan.posting.actions import plans, postings, rounds
from lingyan.posting.matching.gathering import rules_of
from lingyan.posting.models import Plan, Round, RoundPerson
from lingyan.posting.problem.bound_lines import costliest
from lingyan.posting.problem.price_words import gain_text
from lingyan.posting.queries import notices as notice_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules import notices as notice_rules
from lingyan.posting.rules import required
from lingyan.posting.rules import rounds as round_rules

STATES: list[rules.RoundState] = [
    state for state in rules.RoundState if state != rules.RoundState.CANCELLED
]
NEXT_ACT = {
    "open": "lock_needs",
    "demand_closed": "open_wishes",
    "candidate_ranking": "open_intentions",
    "village_ranking": "compute",
    "computed": "deliberate",
    "adjusted": "deliberate",
    "deliberated": "announce",
    "announced": "issue",
}
URL_OF_ACT = {
    "lock_needs": "round_close_demand",
    "open_wishes": "round_open_wishes",
    "open_intentions": "round_open_intentions",
    "compute": "round_compute",
    "deliberate": "round_deliberate",
    "announce": "round_announce",
    "issue": "round_issue",
    "send_back": "round_send_back",
    "cancel": "round_cancel",
}
Reasons = Callable[..., tuple[Refusal, ...]]
REASONS: dict[str, Reasons] = {
    "lock_needs": rounds.reasons_against_closing_demand,
    "open_wishes": rounds.reasons_against_opening_wishes,
    "open_intentions": rounds.reasons_against_opening_intentions,
    "compute": plans.reasons_against_computing,
    "deliberate": plans.reasons_against_deliberating,
    "announce": plans.reasons_against_announcing,
    "issue": postings.reasons_against_issuing,
}
# While some lists wait for their unit the county may go on if it says why: a form, not a wall.
MENDED_BY_FORM = frozenset({"posting.wishes_not_confirmed"})
WRONG_ROLE = "posting.round.wrong_role"
# What refuses this reader says nothing to the others of how far the round is.
ABOUT_THE_READER = frozenset({WRONG_ROLE, "directory.same_person", "posting.other_county"})


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
    cautions: tuple[Refusal, ...]

    @property
    def is_open(self) -> bool:
        return self.is_mine and not self.reasons


def steps_of(round: Round, history: Sequence[AuditEntry]) -> list[Step]:
    """Every state in order, with the day on which it was reached."""
    reached = _days_of_states(round, history)
    states = list(STATES)
    if round.state == rules.RoundState.CANCELLED:
        passed = [state for state in states if state in reached]
        return [
            *(Step(state.label, reached[state], "done") for state in passed),
            Step(rules.RoundState.CANCELLED.label, reached.get("cancelled", ""), "now"),
        ]
    now = states.index(rules.RoundState(round.state))
    last = round.state == rules.RoundState.ISSUED
    return [
        Step(state.label, reached.get(state, ""), _mark(number, now, last=last, reached=reached))
        for number, state in enumerate(states)
        if state != rules.RoundState.ADJUSTED or state in reached or number >= now
    ]


def _mark(number: int, now: int, *, last: bool, reached: dict[str, str]) -> str:
    if number < now or (number == now and last):
        return "done"
    return "now" if number == now else "todo"


def _days_of_states(round: Round, history: Iterable[AuditEntry]) -> dict[str, str]:
    days = {rules.RoundState.OPEN.value: round.created_at.date().isoformat()}
    for entry in sorted(history, key=lambda one: one.number):
        state = entry.changes.get("state")
        if isinstance(state, list):
            days[state[1]] = entry.acted_at.date().isoformat()
    return days


def next_step(round: Round, actor: Actor) -> NextStep | None:
    """The one step that leads on; none where the round has ended."""
    act = NEXT_ACT.get(round.state)
    if act is None:
        return None
    line = find_transition(rules.ROUND_FLOW, state=round.state, act=act)
    assert line is not None
    is_mine = actor.role in line.roles
    foreign = {WRONG_ROLE} if is_mine else ABOUT_THE_READER
    found = [one for one in REASONS[act](round, actor=actor) if one.code not in foreign]
    return NextStep(
        act=act,
        label=line.label,
        url=reverse(URL_OF_ACT[act], args=[round.pk]),
        holds=line.holds,
        who="、".join(Role(role).label for role in line.roles),
        is_mine=is_mine,
        reasons=tuple(one for one in found if one.code not in MENDED_BY_FORM),
        cautions=tuple(one for one in found if one.code in MENDED_BY_FORM),
    )


@dataclass(frozen=True, slots=True)
class Computation:
    """The computation that is under way; its own page belongs to whoever started it."""

    job: Job
    url: str


def computation(round: Round, actor: Actor) -> Computation | None:
    job = queries.find_computation(round)
    if job is None:
        return None
    return Computation(job, job_url(job) if job.created_by_id == actor.user_id else "")


@dataclass(frozen=True, slots=True)
class Succession:
    """A village whose first secretary would be followed by somebody of the chosen plan."""

    village: str
    incumbent: str
    last_day: date
    url: str


def successions(round: Round) -> list[Succession]:
    """Who hands over once the document is issued (R-2-04)."""
    plan = queries.find_chosen_plan(round)
    if plan is None or round.state not in rules.BEFORE_ISSUE:
        return []
    return [
        Succession(
            str(one.village),
            one.person.name,
            one.planned_until - ONE_DAY,
            reverse("posting_detail", args=[one.pk]),
        )
        for one in posting_queries.incumbents_of(list(queries.list_drafts(plan)))
    ]


@dataclass(frozen=True, slots=True)
class Lacking:
    """People whom no plan can send because a required field is empty, and the list of them."""

    text: str
    url: str


def lacking(round: Round) -> Lacking | None:
    """Told as long as filling it in changes the plan."""
    if round.state not in round_rules.BEFORE_DECISION:
        return None
    people, counts = queries.count_lacking(round, fields_asked(round))
    if not people:
        return None
    url = reverse("round_people", args=[round.pk])
    return Lacking(required.lacking_text(people, counts), f"{url}?withdrawn=no&lacks=any")


def lacking_of(
    people: Iterable[RoundPerson], asked: Iterable[required.Required]
) -> dict[UUID, str]:
    """Which required fields each of these lacks."""
    return {
        one.pk: "、".join(field.label for field in asked if getattr(one, f"lacks_{field.key}"))
        for one in people
    }


def fields_asked(round: Round) -> tuple[required.Required, ...]:
    """The fields that the hard rules of this round ask for."""
    return required.asked_for(rules_of(round.settings.get("rules", {})))


@dataclass(frozen=True, slots=True)
class SideStep:
    act: str
    label: str
    url: str


def side_steps(round: Round, actor: Actor) -> list[SideStep]:
    """What else this role may do now: compute again, send back, cancel."""
    main = NEXT_ACT.get(round.state)
    shown = [
        line
        for line in rules.ROUND_FLOW
        if line.before == round.state
        and actor.role in line.roles
        and line.act != main
        and line.act in URL_OF_ACT
    ]
    return [
        SideStep(
            line.act,
            "重新计算" if line.act == "compute" else line.label,
            reverse(URL_OF_ACT[line.act], args=[round.pk]),
        )
        for line in shown
    ]


# --- the worklist -------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    """What waits for this person in rounds, out of the records, in a few queries."""
    if actor.role in (*rules.STAFF, *rules.LEADER):
        running = _running(actor)
        steps = [item for round in running if (item := _county_item(round, actor))]
        return [*_objection_items(running, actor), *steps]
    if actor.role in rules.CANDIDATE:
        return _candidate_items(actor)
    if actor.role in rules.UNIT:
        return _unit_items(actor)
    return _town_items(actor) if actor.role in rules.TOWN else []


def count(actor: Actor) -> int:
    """How many lines that are: what waits is told by the states, without counting who is in."""
    if actor.role not in (*rules.STAFF, *rules.LEADER):
        return len(worklist(actor))
    running = list(queries.list_running(actor.scope))
    waiting = sum(_is_to_be_moved(round, actor) for round in running)
    return waiting + len(_objection_items(running, actor))


def under_way(actor: Actor) -> list[WorkItem]:
    """Rounds that go on, each with its state and who takes the next step: to look at, not to do."""
    return [
        WorkItem(
            title=round.name,
            detail=f"现在：{rules.RoundState(round.state).label}。{_what_next(round)}",
            url=reverse("round_detail", args=[round.pk]),
            icon="scale",
        )
        for round in _running(actor)
    ]


def _what_next(round: Round) -> str:
    if _notice_runs(round):
        return f"公示到 {round.notice_ends_on} 期满"
    line = _next_line(round)
    return f"下一步：{line.label}，由{Role(line.roles[0]).label}办理"


def _running(actor: Actor) -> list[Round]:
    return list(queries.list_running(actor.scope, progress=True))


def _county_item(round: Round, actor: Actor) -> WorkItem | None:
    """The next step of a round, for the role that takes it."""
    if not _is_to_be_moved(round, actor):
        return None
    return WorkItem(
        title=f"{round.name}：{_next_line(round).label}",
        detail=_progress(round),
        url=reverse("round_detail", args=[round.pk]),
        icon="flag",
    )


def _is_to_be_moved(round: Round, actor: Actor) -> bool:
    return actor.role in _next_line(round).roles and not _notice_runs(round)


def _next_line(round: Round) -> Transition:
    line = find_transition(rules.ROUND_FLOW, state=round.state, act=NEXT_ACT[round.state])
    assert line is not None
    return line


def _objection_items(running: Iterable[Round], actor: Actor) -> list[WorkItem]:
    """Objections that wait for somebody else than who took them down (R-0-20)."""
    if actor.role not in notice_rules.HANDLERS:
        return []
    waiting = notice_queries.count_waiting_for(actor.user_id, [round.pk for round in running])
    return [
        WorkItem(
            title=f"{round.name}：办结公示异议",
            detail=f"{waiting[round.pk]} 件异议等待核查、办结，办结前不能发文",
            url=reverse("notice_objection_list", args=[round.pk]),
            icon="flag",
        )
        for round in running
        if waiting.get(round.pk)
    ]


def _notice_runs(round: Round) -> bool:
    """While the notice runs there is nothing to do but wait."""
    return (
        round.state == rules.RoundState.ANNOUNCED
        and round.notice_ends_on is not None
        and clock.today() <= round.notice_ends_on
    )


def _progress(round: Round) -> str:
    """How far a round is, in one line; the counts come with `queries.progress_counts`."""
    counts = vars(round)
    if round.state == rules.RoundState.CANDIDATE_RANKING:
        return (
            f"{counts['person_count']} 名人选中 {counts['wishes_in']} 人已提交志愿，"
            f"其中 {counts['wishes_confirmed']} 人单位已确认"
        )
    if round.state == rules.RoundState.VILLAGE_RANKING:
        return f"{counts['village_count']} 个村中 {counts['intentions_in']} 个已提交意向"
    if round.state == rules.RoundState.ANNOUNCED and round.notice_ends_on:
        return f"公示已于 {round.notice_ends_on} 期满，可以发文"
    return f"{counts['village_count']} 个村、{counts['person_count']} 名人选"


def _candidate_items(actor: Actor) -> list[WorkItem]:
    waiting = queries.list_own_rounds(actor.scope).filter(
        round__state=rules.RoundState.CANDIDATE_RANKING,
        wish_state__in=("draft", "returned"),
        withdrawn_on__isnull=True,
    )
    return [
        WorkItem(
            title=f"填报志愿：{one.round.name}",
            detail=f"单位退回：{one.returned_reason}"
            if one.returned_reason
            else "最多填 5 个村，可以并列；提交后由单位确认",
            url=reverse("wish_edit", args=[one.pk]),
            icon="heart",
        )
        for one in waiting
    ]


def _unit_items(actor: Actor) -> list[WorkItem]:
    return [
        WorkItem(
            title=f"确认志愿：{one.person.name}",
            detail=one.round.name,
            url=reverse("unit_wish_detail", args=[one.pk]),
            icon="check",
        )
        for one in queries.list_waiting_for_unit(actor.scope)
    ]


def _town_items(actor: Actor) -> list[WorkItem]:
    return [
        WorkItem(
            title=f"提出意向：{one.village}",
            detail=f"{one.round.name}：为每个岗位最多选 5 名人选",
            url=reverse("intention_edit", args=[one.pk]),
            icon="people",
        )
        for one in queries.list_intention_villages(actor.scope).filter(
            round__state=rules.RoundState.VILLAGE_RANKING, intentions_done=False
        )
    ]


# --- bounds and goals ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BoundLine:
    """One township or unit under a bound, and what the county would gain without it."""

    name: str
    lower: int
    upper: int | None
    arranged: int
    missing: int
    full: bool
    binds: bool
    text: str


def bounds_of(plan: Plan) -> list[BoundLine]:
    """What the bounds of the round did to a plan, the costliest first."""
    return [
        BoundLine(
            line["name"],
            line["lower"],
            line["upper"],
            line["arranged"],
            line["missing"],
            line["full"],
            line["binds"],
            _without(line),
        )
        for line in costliest(plan.figures.get("bounds", []))
    ]


def bounds_together(plan: Plan) -> str:
    """What the county would gain without any of the bounds; nothing where one stands alone."""
    lines = plan.figures.get("bounds", [])
    return next((_price(line["price"]) for line in lines if line["kind"] == "all"), "")


def _without(line: dict[str, Any]) -> str:
    if not line["binds"]:
        return "没有影响"
    if (price := line.get("price")) is None:
        return "代价见计算得到的统筹方案"
    return _price(price)


def _price(price: dict[str, Any]) -> str:
    return gain_text(
        {int(klass): gain for klass, gain in price["classes"].items()}, price["points"]
    )


def order_of(round: Round) -> str:
    """The order of goals where it is not the usual one."""
    chosen = round.settings.get("goal_order", rules.GoalOrder.SEATS)
    return "" if chosen == rules.GoalOrder.SEATS else rules.GoalOrder(chosen).label


def weights_of(round: Round) -> list[str]:
    """How the five parts of the fit are weighed, in the words of the workbench."""
    weights = round.settings.get("weights", round_rules.DEFAULT_WEIGHTS)
    return [f"{label} {weights[name]}" for name, label in round_rules.FIT_PARTS.items()]


def numbers_of(round: Round) -> list[str]:
    """The county's numbers that the hard rules of this round read, as they were frozen."""
    frozen = round.settings.get("rules", {})
    read = {name: number for rule in frozen.values() for name, number in rule["parameters"].items()}
    if not read:
        return []
    ages = f"男 {read['retirement_age_men']} 岁、女 {read['retirement_age_women']} 岁"
    found = [
        f"党龄满 {read['min_party_years']} 年",
        f"工作满 {read['min_work_years']} 年",
        f"距退休满 {read['min_months_to_retire']} 个月（{ages}）",
        f"召回后 {read['ban_months']} 个月内不选派",
    ]
    if read["rest_months"]:
        found.append(f"两次派驻间隔 {read['rest_months']} 个月")
    if not round.settings.get("allow_unranked", True):
        found.append("只配志愿、意向里写到的")
    return found
