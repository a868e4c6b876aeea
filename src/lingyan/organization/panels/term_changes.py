"""What is due of a term change, what may be done with it, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.flow import open_acts
from lingyan.common.refusals import Refusal
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.directory.rules import OfficerPost, SourceCategory
from lingyan.directory.rules.hands import STAFF
from lingyan.organization.actions import elections, term_changes
from lingyan.organization.actions.lookback import reasons_against
from lingyan.organization.models import (
    ElectionCandidate,
    ElectionMeeting,
    JointReview,
    LookBackCheck,
    TermChange,
)
from lingyan.organization.panels import joint_reviews as review_panels
from lingyan.organization.panels.joint_reviews import TONE_OF_VERDICT
from lingyan.organization.queries import joint_reviews as review_queries
from lingyan.organization.queries import term_changes as queries
from lingyan.organization.rules import joint_reviews, lookback
from lingyan.organization.rules import term_changes as rules
from lingyan.organization.rules.term_settings import DEFAULTS
from lingyan.organization.rules.term_words import (
    Body,
    HandoverItem,
    MendState,
    TermChangeState,
    Verdict,
    posts_text,
)
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_items,
    items,
    page_of,
    waiting_for,
)

# What a role finds first is what it is there for.
STEPS = (
    "redraft", "approve_plan", "assess", "submit", "confirm", "publish", "approve_posts", "file",
    "hand_over", "look_back", "close", "again", "replace", "reschedule", "fail",
)  # fmt: skip
ASIDE = ("redraft", "replace", "reschedule", "fail")


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    """The step that somebody owes."""

    due: rules.Due
    level: AlertLevel

    @property
    def who(self) -> str:
        return "、".join(Role(role).label for role in self.due.roles)


def due_of(change: TermChange) -> DueLine | None:
    due = rules.next_due(change.state, queries.dates_of(change))
    return None if due is None else DueLine(due, alert_level(due.on, clock.today()))


def _open(change: TermChange, actor: Actor) -> dict[str, str]:
    lines = open_acts(rules.TERM_CHANGE_FLOW, state=change.state, role=actor.role)
    return {line.act: line.label for line in lines}


def buttons(change: TermChange, actor: Actor) -> list[Button]:
    """The acts of the table that this role finds in this state, each with its page."""
    found = _open(change, actor)
    made = [
        Button(f"登记{body.label}选举会议", _meeting_url(change, body), True)
        for body in queries.bodies_of(change)
        if "meet" in found and elections.seats_left(change, body)
    ]
    if change.plan_approved_on:
        found.pop("approve_plan", None)
    elif change.state == TermChangeState.PREPARING:
        found.pop("assess", None)
    if change.posts_approved_on:
        found.pop("approve_posts", None)
    return made + [
        Button(found[act], reverse(f"term_change_{act}", args=[change.pk]), act not in ASIDE)
        for act in STEPS
        if act in found
    ]


def _meeting_url(change: TermChange, body: Body) -> str:
    return reverse("term_change_meeting", args=[change.pk, body.value])


# --- the page of one change -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CandidateLine:
    candidate: ElectionCandidate
    posts: str
    sources: str
    lacks: tuple[Refusal, ...]
    review: JointReview | None
    verdict: Verdict | None
    waiting: tuple[str, ...]
    may_edit: bool

    @property
    def tone(self) -> str:
        return TONE_OF_VERDICT.get(self.verdict, "") if self.verdict else ""


@dataclass(frozen=True, slots=True)
class MeetingLine:
    meeting: ElectionMeeting
    tallies: list[tuple[str, str, int, bool]]  # name, post, votes, elected


def sources_text(sources: Iterable[list[str]]) -> str:
    return "；".join(f"{SourceCategory(code).label}（{why}）" for code, why in sources)


def candidate_lines(change: TermChange, actor: Actor) -> list[CandidateLine]:
    reviews = review_queries.latest_reviews(change)
    may_edit = "propose" in _open(change, actor)
    on, valid = clock.today(), review_queries.how_long_valid()
    found = []
    for one in queries.list_candidates(change):
        review = reviews.get(one.person_id)
        found.append(
            CandidateLine(
                candidate=one,
                posts=posts_text(one.posts),
                sources=sources_text(one.sources),
                lacks=term_changes.papers_missing(one) if may_edit else (),
                review=review,
                verdict=review_queries.verdict_of(review, on, valid) if review else None,
                waiting=review_queries.waiting_for(review) if review else (),
                may_edit=may_edit,
            )
        )
    return found


def meeting_lines(change: TermChange) -> list[MeetingLine]:
    return [
        MeetingLine(
            one,
            [
                (str(row.candidate.person), row.get_post_display(), row.votes, row.is_elected)
                for row in one.tallies.all()
            ],
        )
        for one in queries.list_meetings(change)
    ]


def elected_lines(change: TermChange) -> list[tuple[str, str, str]]:
    """Post, name and the four kinds that the person belongs to."""
    return [
        (one.get_post_display(), str(one.candidate.person), sources_text(one.candidate.sources))
        for one in queries.elected(change)
    ]


def seat_lines(change: TermChange) -> list[tuple[str, int]]:
    return [(OfficerPost(post).label, number) for post, number in queries.seats_of(change).items()]


def step_lines(change: TermChange) -> list[tuple[Any, str]]:
    return [(one, rules.label_of(one.act)) for one in queries.list_steps(change)]


def of_change(change: TermChange, actor: Actor) -> dict[str, Any]:
    terms = queries.running_terms(change.village_id)
    checks = list(queries.list_checks(change))
    return {
        "due": due_of(change),
        "buttons": buttons(change, actor),
        "seats": seat_lines(change),
        "terms": [terms[body] for body in Body if body in terms],
        "candidates": candidate_lines(change, actor),
        "dropped": list(queries.list_dropped(change)),
        "may_propose": "propose" in _open(change, actor),
        "meetings": meeting_lines(change),
        "elected": elected_lines(change),
        "checks": checks,
        "answered": sum(bool(one.result) for one in checks),
        "handed": [label for code, label in HANDED if code in change.handed_items],
        "steps": step_lines(change),
        "blocked": blocked(change, actor),
    }


HANDED = HandoverItem.choices()
BLOCKED: dict[str, Callable[[TermChange], tuple[Refusal, ...]]] = {
    "submit": term_changes.reasons_against_submitting,
    "confirm": term_changes.reasons_against_confirming,
    "look_back": lambda change: lookback.refuse_to_finish(term_changes.checked(change)),
    "close": lambda change: lookback.refuse_to_close(term_changes.checked(change)),
}


def blocked(change: TermChange, actor: Actor) -> list[tuple[str, tuple[Refusal, ...]]]:
    """What this role would be refused now, and why: the button says it before it is pressed."""
    found = _open(change, actor)
    return [
        (found[act], reasons)
        for act, ask in BLOCKED.items()
        if act in found and (reasons := ask(change))
    ]


# --- one item of the look-back --------------------------------------------------------------------

MEND_STEPS = ("mend", "exempt", "verify", "return")


def check_buttons(check: LookBackCheck, actor: Actor) -> list[Button]:
    lines = open_acts(lookback.MEND_FLOW, state=check.state or "none", role=actor.role)
    labels = {line.act: line.label for line in lines}
    if check.item not in lookback.STRICT:
        labels.pop("exempt", None)
    return [
        Button(labels[act], reverse("lookback_step", args=[check.pk, act]), act in MAIN_MENDS)
        for act in MEND_STEPS
        if act in labels and not reasons_against(check, act, actor=actor)
    ]


MAIN_MENDS = ("mend", "verify")


# --- the page of a village ------------------------------------------------------------------------


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    """换届 of this village, the latest first."""
    if actor.role not in rules.READERS:
        return []
    changes = queries.list_changes(actor.scope).filter(village=village, created_at__date__lte=on)
    rows = tuple(
        PanelRow(
            f"{one.planned_on.year} 年换届", f"计划选举日 {one.planned_on}",
            reverse("term_change_detail", args=[one.pk]), one.get_state_display(),
        )
        for one in changes.order_by("-created_at", "pk")[:3]
    )  # fmt: skip
    return [Panel("换届", rows, "还没有换届记录。", note=TODAY_STATE if rows else "")]


TODAY_STATE = "状态是今天的"


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return items(waiting_for(actor, SOURCES))


def count(actor: Actor) -> int:
    return count_items(waiting_for(actor, SOURCES))


def _in_state(
    state: str, title: str, detail: str, *, column: str = "planned_on", days: int = 0, **more: Any
) -> Any:
    """Changes in one state, with the day by which the first of them is to go on."""

    def find(actor: Actor) -> Iterable[Waiting]:
        rows = queries.waiting(actor.scope, state).filter(**more)
        yield Waiting(
            title, detail, rows, page_of("term_change_list", state=state), column,
            lambda day: day + timedelta(days=days), icon="people",
        )  # fmt: skip

    return find


def _mending(*states: str) -> Any:
    def find(actor: Actor) -> Iterable[Waiting]:
        rows = queries.list_mending(actor.scope, states)
        title = "个回头看问题待整改" if MendState.OPEN in states else "个回头看问题待核实销号"
        yield Waiting(title, "办完报整改，由县委组织部核实", rows, page_of("lookback_list"),
                      "due_on")  # fmt: skip

    return find


def _own_answers(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "人的资格联审等本部门答复", "答复无问题、有问题或提示", review_queries.asked_of_own(actor),
        page_of("joint_review_list", mine="yes"), "review__due_on", icon="search",
    )  # fmt: skip


HANDOVER_DAYS = DEFAULTS.handover_days
S = TermChangeState
SOURCES = (
    *review_panels.SOURCES,
    (rules.TOWN_SECRETARY, _in_state(S.PREPARING, "个村的换届方案待批准", "看过方案后批准",
                                     plan_approved_on__isnull=True)),
    (rules.TOWN_ORG, _in_state(S.PREPARING, "个村的换届方案已批准", "登记村情和班子分析",
                               plan_approved_on__isnull=False)),
    (rules.PROPOSERS, _in_state(S.ASSESSING, "个村待提名候选人", "材料齐全后提交联审")),
    (STAFF, _in_state(S.REVIEWING, "个村在资格联审", "部门答复齐后确定候选人")),
    (rules.TOWN_ORG, _in_state(S.NOMINATED, "个村待选举", "开会后登记到会、选票和得票")),
    (rules.TOWN_ORG, _in_state(S.FAILED, "个村选举无效", "重新选举，或更换候选人")),
    (("village_secretary", "village_org"),
     _in_state(S.ELECTED, "次选举结果待公布", "选举当日公布", column="new_committee_on")),
    (rules.TOWN_SECRETARY, _in_state(S.PUBLISHED, "个村的党内职务待批复", "批复后由县里备案",
                                     column="new_committee_on", days=HANDOVER_DAYS,
                                     posts_approved_on__isnull=True)),
    (STAFF, _in_state(S.PUBLISHED, "个村的选举结果待备案", "备案后任职记录自动更新",
                      column="new_committee_on", days=HANDOVER_DAYS,
                      posts_approved_on__isnull=False)),
    (rules.TOWN_ORG, _in_state(S.FILED, "个村待工作移交", "新一届产生十日内移交",
                               column="new_committee_on", days=HANDOVER_DAYS)),
    (rules.TOWN_ORG, _in_state(S.HANDED_OVER, "个村待换届回头看", "十四项逐项检查",
                               column="handed_over_on", days=180)),
    (("town_org", "village_secretary"), _mending(MendState.OPEN)),
    (STAFF, _mending(MendState.MENDED)),
    (STAFF, _in_state(S.LOOKED_BACK, "个村的换届待归档", "问题全部销号后归档",
                      column="looked_back_on", days=90)),
    (joint_reviews.ANSWERERS, _own_answers),
)  # fmt: skip
