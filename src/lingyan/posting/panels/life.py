"""What is due of each posting, what may be done with it, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import WARN_DAYS, AlertLevel, alert_level
from lingyan.common.flow import open_acts
from lingyan.common.periods import Period, add_months, month_of
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Source,
    Waiting,
    WorkItem,
    count_items,
    count_waiting,
    items,
    page_of,
    waiting_for,
)
from lingyan.posting import rules
from lingyan.posting.actions import insurance
from lingyan.posting.actions.life import is_bound
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import Posting
from lingyan.posting.queries import leave as leave_queries
from lingyan.posting.queries import life as queries
from lingyan.posting.queries import presence as presence_queries
from lingyan.posting.queries import problems as problem_queries
from lingyan.posting.queries.standards import number_for, numbers_on
from lingyan.posting.queries.support import insurance_gaps, owes_exam, policies_of
from lingyan.posting.rules import leave as leave_rules
from lingyan.posting.rules import life as life_rules
from lingyan.posting.rules import presence as presence_rules
from lingyan.posting.rules.life_words import AbsenceState, LeaveState
from lingyan.posting.rules.support_words import StandardKey

TONE_OF_LEVEL = {"green": "g", "yellow": "y", "red": "r", "black": "r"}
URL_OF_ACT = {
    "train": "posting_train",
    "arrive": "posting_arrive",
    "suspend": "posting_suspend",
    "resume": "posting_resume",
    "continue": "posting_continue",
    "appraise_term": "posting_appraise_term",
    "cease": "posting_cease",
}
URL_OF_PROPOSAL = {"extend": "posting_extend", "transfer": "posting_transfer"}
SHOWN_DAYS = 60


# --- what is due ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DueLine:
    """One posting of which somebody owes a step."""

    posting: Posting
    due: life_rules.Due
    level: AlertLevel
    is_mine: bool

    @property
    def tone(self) -> str:
        return TONE_OF_LEVEL[self.level]

    @property
    def who(self) -> str:
        return "、".join(Role(role).label for role in self.due.roles)


def due_lines(postings: Iterable[Posting], actor: Actor) -> list[DueLine]:
    """What is owed, the longest overdue first; what is far away is left out."""
    postings, today = list(postings), clock.today()
    facts = queries.life_facts(postings, villages_bound({one.village_id for one in postings}))
    found = []
    for one in postings:
        due = life_rules.next_due(facts[one.pk])
        if due is None or due.on > today + timedelta(days=SHOWN_DAYS):
            continue
        level = alert_level(due.on, today)
        found.append(DueLine(one, due, level, actor.role in due.roles))
    return sorted(found, key=lambda line: (line.due.on, line.posting.village.path))


def due_of(posting: Posting, actor: Actor) -> DueLine | None:
    facts = queries.life_facts([posting], villages_bound({posting.village_id}))[posting.pk]
    due = life_rules.next_due(facts)
    if due is None:
        return None
    return DueLine(posting, due, alert_level(due.on, clock.today()), actor.role in due.roles)


# --- the page of a posting ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


def buttons(posting: Posting, actor: Actor) -> list[Button]:
    """The acts of the table that this role finds in this state, each with its page."""
    lines = open_acts(rules.POSTING_FLOW, state=posting.state, role=actor.role)
    found = [
        Button(line.label, reverse(URL_OF_ACT[line.act], args=[posting.pk]))
        for line in lines
        if line.act in URL_OF_ACT
    ]
    if actor.role in life_rules.PROPOSERS:
        proposed = open_acts(rules.POSTING_FLOW, state=posting.state, role=rules.LEADER[0])
        found += [
            Button(f"提出{line.label}", reverse(URL_OF_PROPOSAL[line.act], args=[posting.pk]))
            for line in proposed
            if line.act in URL_OF_PROPOSAL
        ]
    if posting.state == rules.PostingState.TRAINED and actor.role in rules.ADMIN:
        waive = insurance.reasons_against_waiving(posting, actor=actor)
        if not waive:
            url = reverse("insurance_waive", args=[posting.pk])
            found.append(Button("先到岗、后补办", url))
    if may_ask(posting, actor):
        found.append(Button("请假", reverse("leave_ask", args=[posting.pk])))
    if actor.role in presence_rules.FINDERS and posting.state in rules.IN_POST:
        found.append(Button("登记脱岗", reverse("absence_add", args=[posting.pk])))
    return found


def may_ask(posting: Posting, actor: Actor) -> bool:
    own = actor.role in rules.POSTED and actor.scope.person_id == posting.person_id
    at_work = posting.state in (*life_rules.AT_WORK, rules.PostingState.ON_LEAVE)
    return at_work and (own or actor.role in rules.TOWN)


def of_posting(posting: Posting, actor: Actor) -> dict[str, Any]:
    """Due, acts, steps, leave, months and absences, for the page of one posting."""
    today = clock.today()
    months = list(presence_queries.months_of(posting)[:12])
    return {
        "due": due_of(posting, actor),
        "buttons": buttons(posting, actor),
        "proposal": queries.find_proposal(posting),
        "may_decide": actor.role in rules.LEADER,
        "steps": [(one, label_of(one.act)) for one in queries.list_steps(posting)],
        "leave": list(leave_queries.leave_of(posting)[:8]),
        "leave_year": leave_queries.year_of_person(posting, today.year),
        "months": months,
        "this_month": today.replace(day=1) if posting.state in rules.IN_POST else None,
        "month_days": numbers_on(today).of(posting.village.path, StandardKey.MONTH_DAYS),
        "absences": list(presence_queries.absences_of(posting)[:8]),
        "uninsured": _uninsured(posting),
        "exam_warnings": _exam_warnings(posting),
        "held_back": _held_back(posting),
        "policies": [one for one in policies_of(posting) if not one.void_reason],
    }


def _held_back(posting: Posting) -> tuple[Refusal, ...]:
    """G-1, as long as somebody is in the village or not yet let go."""
    if posting.state not in life_rules.HELD and posting.state != rules.PostingState.HANDED_OVER:
        return ()
    return life_rules.held_back(bound=is_bound(posting))


def _uninsured(posting: Posting) -> Sequence[Period]:
    """Days of the term without accident insurance, while somebody is in post (G-18)."""
    gaps = insurance_gaps(posting) if posting.state in rules.IN_POST else ()
    return gaps if life_rules.warn_uninsured(is_insured=not gaps) else ()


def _exam_warnings(posting: Posting) -> tuple[Refusal, ...]:
    """An examination that somebody in post owes (G-18)."""
    if posting.state not in rules.IN_POST:
        return ()
    return life_rules.warn_exam(is_overdue=owes_exam(posting))


def hand_over_text(posting: Posting) -> str:
    """The problems that are not solved yet, as the beginning of the list of what is handed over."""
    lines = [
        f"{number}. {one.text}（{one.get_owner_display()}承办，{one.due_on} 前办结）"
        for number, one in enumerate(problem_queries.list_open_of(posting), 1)
    ]
    return "\n".join(["没有解决的问题：", *lines, "其他："]) if lines else ""


def label_of(act: str) -> str:
    return next((line.label for line in rules.POSTING_FLOW if line.act == act), act)


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    """What waits for this person, with the day on which the first of it is due."""
    return items([*_waiting(actor), *waiting_for(actor, BY_NUMBERS)])


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor) + count_items(waiting_for(actor, BY_NUMBERS))


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _coming(actor: Actor) -> list[Waiting]:
    soon = clock.today() + timedelta(days=WARN_DAYS)
    return [
        Waiting(
            "名同志待登记岗前培训",
            "学时够县里规定的，到岗以前办理",
            queries.list_owing(actor.scope).filter(state="appointed", since__lte=soon),
            page_of("life_due"),
            "since",
        )
    ]


def _arriving(actor: Actor) -> list[Waiting]:
    soon = clock.today() + timedelta(days=WARN_DAYS)
    return [
        Waiting(
            "名同志待确认到岗",
            "核对保险和党组织关系后确认",
            queries.list_owing(actor.scope).filter(state="trained", since__lte=soon),
            page_of("life_due"),
            "since",
        )
    ]


def _ending(actor: Actor) -> list[Waiting]:
    opens = clock.today() + timedelta(days=life_rules.APPRAISE_BEFORE_DAYS)
    in_post = queries.list_in_post(actor.scope)
    found = [
        Waiting(
            "名同志任期将满",
            "办理期满考察；需要延期的，由县委组织部决定",
            in_post.filter(
                state__in=(*life_rules.AT_WORK, "suspended"),
                planned_until__lte=opens,
            ),
            page_of("life_due"),
            "planned_until",
            lambda day: day - timedelta(days=1),
        )
    ]
    if actor.role in rules.STAFF:
        found.append(
            Waiting(
                "个岗位因召回、终止待补派",
                "在县里规定的期限内补派",
                queries.list_left_early(actor.scope),
                page_of("vacancy_list"),
                "until",
                lambda _: queries.first_to_replace(actor.scope),
            )
        )
    return found


def _deciding(actor: Actor) -> list[Waiting]:
    rows = queries.list_proposals(actor.scope).exclude(made_by_id=actor.user_id)
    return [Waiting("项延期或调整待决定", "由部务会成员决定", rows, page_of("step_list"))]


def _leave(actor: Actor) -> list[Waiting]:
    asked = leave_queries.open_leave(actor.scope).filter(state=LeaveState.ASKED)
    days = number_for(next(iter(actor.scope.place_paths), ""), StandardKey.TOWN_LEAVE)
    most = timedelta(days=days)
    if actor.role in rules.STAFF:
        mine = leave_queries.waiting_for_the_county(asked, most)
    else:
        mine = leave_queries.waiting_for_the_town(asked, most)
    return [
        Waiting(
            "份请假待审批",
            f"{days} 天以内由乡镇党委审批，超过的由县委组织部审批",
            mine.exclude(asked_by_id=actor.user_id),
            page_of("leave_list", state=LeaveState.ASKED),
            "since",
        )
    ]


def _returning(actor: Actor) -> list[Waiting]:
    back = leave_queries.open_leave(actor.scope).filter(
        state=LeaveState.APPROVED, until__lte=clock.today() + timedelta(days=1)
    )
    return [
        Waiting(
            "名同志请假到期待销假", "见到本人返岗后确认", back,
            page_of("leave_list", state=LeaveState.APPROVED), "until",
        )
    ]  # fmt: skip


def _months(actor: Actor) -> list[Waiting]:
    """Whoever was in the village last month and is not confirmed for it yet."""
    month = add_months(clock.today().replace(day=1), -1)
    return [
        Waiting(
            f"名同志 {month.month} 月的在村天数待确认",
            f"{presence_rules.confirm_due(month)} 前由村党组织确认",
            presence_queries.list_unconfirmed(actor.scope, month_of(month)),
            page_of("presence_months", month=f"{month:%Y-%m}"),
            due_on=presence_rules.confirm_due(month),
        )
    ]


def _absences(actor: Actor) -> list[Waiting]:
    found = presence_queries.list_absences(actor.scope).filter(state=AbsenceState.FOUND)
    return [
        Waiting(
            "条脱岗记录待认定", "先听取本人说明，再由登记人以外的人认定",
            found.exclude(statement="").exclude(found_by_id=actor.user_id),
            page_of("absence_list", state=AbsenceState.FOUND),
        )
    ]  # fmt: skip


def _away_too_long(actor: Actor) -> list[Waiting]:
    """R-2-23: the unit is told; whether somebody is replaced, people decide."""
    year = clock.today().year
    over = leave_queries.people_over_the_year(actor.scope, year)
    return [
        Waiting(
            f"名同志 {year} 年请假累计超过县里规定的天数",
            "按规定由派出单位更换人选，请与县委组织部商定",
            queries.list_in_post(actor.scope).filter(person_id__in=over),
            page_of("leave_list"),
        )
    ]


def _own(actor: Actor) -> list[Waiting]:
    if actor.scope.person_id is None:
        return []
    mine = {"posting__person_id": actor.scope.person_id}
    leave = leave_queries.open_leave(actor.scope).filter(**mine)
    absences = presence_queries.list_absences(actor.scope).filter(**mine)
    tomorrow = clock.today() + timedelta(days=1)
    return [
        Waiting(
            "份请假到期，返岗后请村或乡镇销假", "提前返岗的也要销假",
            leave.filter(state=LeaveState.APPROVED, until__lte=tomorrow),
            page_of("leave_list"), "until",
        ),
        Waiting(
            "条脱岗记录请您说明", "认定以前先听取您的说明",
            absences.filter(state=AbsenceState.FOUND, statement=""), page_of("absence_list"),
        ),
    ]  # fmt: skip


SOURCES: tuple[Source, ...] = (
    (rules.STAFF, _coming),
    (rules.TOWN, _arriving),
    ((*rules.STAFF, *rules.UNIT), _ending),
    (rules.LEADER, _deciding),
    (leave_rules.WELCOMERS, _returning),
    (presence_rules.CONFIRMERS, _months),
    (presence_rules.UPHOLDERS, _absences),
    (rules.POSTED, _own),
)
# What of it is asked hangs on numbers of the county: worded anew each time.
BY_NUMBERS: tuple[Source, ...] = (
    (rules.UNIT, _away_too_long),
    (leave_rules.DECIDERS, _leave),
)
