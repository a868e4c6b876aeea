"""What waits for whom in a village under rectification, and what does its page show?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import month_of
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE
from lingyan.organization.actions import acceptance as actions
from lingyan.organization.actions import rect_ballots, rect_visits
from lingyan.organization.models import (
    LeaderVisit,
    RectCheckup,
    RectFollowUp,
    RectificationCase,
    RectInspection,
    RectReport,
    SatisfactionVote,
)
from lingyan.organization.panels.rect_page import Section
from lingyan.organization.queries import rect_turns as turns
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.queries import rectification as cases
from lingyan.organization.rules import acceptance, rect_problems, visits
from lingyan.organization.rules.rectification import BOTH_OF_VILLAGE, VISITED
from lingyan.organization.rules.rectification_words import CheckupTopic, RectState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Source,
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _line(
    actor: Actor, turn: str, title: str, detail: str, *, due_on: date | None = None, due: str = ""
) -> Waiting:
    rows = turns.list_turn(turn, actor, clock.today())
    url = page_of("rect_work_list", turn=turn)
    return Waiting(title, detail, rows, url, column=due, due_on=due_on)


def _of_leader(actor: Actor) -> list[Waiting]:
    today = clock.today()
    this, last = month_of(today).last_day, turns.last_month(today).last_day
    return [
        _line(actor, "missed", "个联系的村上月没有督查", "请尽快到村", due_on=last),
        _line(actor, "month", "个联系的村本月还没有督查", "每月至少到村一次", due_on=this),
    ]


def _of_village(actor: Actor) -> list[Waiting]:
    rows = turns.list_waiting_problems(actor)
    url = page_of("rect_problem_list", turn="waiting")
    problems = Waiting("个整顿问题等整改", "写明措施、责任人；改好后附佐证", rows, url, "due_on")
    if actor.role not in BOTH_OF_VILLAGE:
        return [problems]
    return [
        problems,
        _line(actor, "sign", "个村整改完成，等您自查签字", "村党组织书记和第一书记都签字"),
    ]


def _of_town(actor: Actor) -> list[Waiting]:
    today = clock.today()
    rows = turns.list_waiting_problems(actor)
    url = page_of("rect_problem_list", turn="waiting")
    last = month_of(today).last_day
    return [
        Waiting("个整顿问题等核实", "到村看过再核实", rows, url, "due_on"),
        _line(actor, "checkup", "个整顿村本月还没有体检", "四个方面都要看", due_on=last),
        _line(actor, "report", "个整顿村上月没有月报", "请报送进展", due_on=today),
        *_follow(actor),
    ]


def _of_town_secretary(actor: Actor) -> list[Waiting]:
    return [_line(actor, "town_check", "个整顿村等乡镇初验", "逐个问题核实后初验", due="due_on")]


def _of_office(actor: Actor) -> list[Waiting]:
    last = turns.last_month(clock.today()).last_day
    return [
        _line(actor, "missed", "个整顿村上月县级领导没有督查", "已交办督办任务", due_on=last),
        _line(actor, "group", "个整顿村等县级验收", "组成 3 人以上的检查考核组", due="due_on"),
        _line(actor, "judge", "个整顿村等打分和满意度测评", "两项都有了才能决定", due="due_on"),
        *_follow(actor),
    ]


def _of_decider(actor: Actor) -> list[Waiting]:
    return [
        _line(actor, "decide", "个整顿村等决定销号或延长", "验收得分和满意度已出", due="due_on")
    ]


def _follow(actor: Actor) -> list[Waiting]:
    today = clock.today()
    rows = queries.list_follow_ups_due(actor.scope, visits.soon(today))
    url = page_of("rect_work_list", turn="follow")
    return [Waiting("次销号后的回访到期", "看问题有没有反弹", rows, url, "due_on")]


SOURCES: list[Source] = [
    (("county_leader",), _of_leader),
    (tuple({*VILLAGE, *BOTH_OF_VILLAGE}), _of_village),
    (TOWN, _of_town),
    (("town_secretary",), _of_town_secretary),
    (STAFF, _of_office),
    (LEADER, _of_decider),
]


# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One village of the list."""

    case: RectificationCase
    leader: str
    months: tuple[visits.MonthDue, ...]
    problems: int
    verified: int
    may_visit: bool

    @property
    def this_month(self) -> visits.MonthDue | None:
        today = clock.today()
        return next((one for one in self.months if one.first == today.replace(day=1)), None)

    @property
    def missed(self) -> tuple[visits.MonthDue, ...]:
        return visits.missed(self.months)

    @property
    def visited(self) -> str:
        done, due = visits.counted(self.months)
        return f"{done} / {due}"


def lines_of(found: Sequence[RectificationCase], actor: Actor) -> list[WorkLine]:
    """Four queries, whatever the number of villages."""
    months = queries.months_of(found, clock.today())
    leaders = queries.leaders_of(found)
    counted = queries.problems_counted(found)
    return [
        WorkLine(
            case=one,
            leader=leaders[one.pk].name if one.pk in leaders else "",
            months=months[one.pk],
            problems=counted.get(one.pk, (0, 0))[0],
            verified=counted.get(one.pk, (0, 0))[1],
            may_visit=one.state in VISITED
            and one.pk in leaders
            and rect_visits.may_write(leaders[one.pk], actor),
        )
        for one in found
    ]


# --- one village ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class VoteLine:
    """A vote as it may be shown: nothing of it before it was counted."""

    vote: SatisfactionVote
    tally: acceptance.Tally | None

    @property
    def told(self) -> str:
        if self.tally is None:
            return "正在测评，计票前不显示结果"
        if not self.tally.is_valid:
            issued, valid = self.tally.issued, self.tally.valid
            return f"有效票 {valid} 张，不到发出 {issued} 张的八成，结果无效，要重新测评"
        return (
            f"满意度 {self.tally.rate_shown}，有效票 {self.tally.valid} 张"
            f"（发出 {self.tally.issued} 张）"
        )

    @property
    def tone(self) -> str:
        if self.tally is None or not self.tally.is_valid:
            return "y"
        return "g" if self.tally.passes else "r"


@dataclass(frozen=True, slots=True)
class InspectionLine:
    inspection: RectInspection
    members: str
    points: tuple[tuple[str, int], ...]
    votes: tuple[VoteLine, ...]


@dataclass(frozen=True, slots=True)
class CheckupLine:
    checkup: RectCheckup
    seen: tuple[tuple[str, str], ...]
    found: int


@dataclass(frozen=True, slots=True)
class Work:
    """Everything of one village from the start of the work on."""

    line: WorkLine
    buttons: tuple[Button, ...]
    late: int
    visits: tuple[LeaderVisit, ...]
    checkups: tuple[CheckupLine, ...]
    reports: tuple[RectReport, ...]
    inspections: tuple[InspectionLine, ...]
    shortcomings: tuple[str, ...]
    follow_ups: tuple[RectFollowUp, ...]
    signed: tuple[str, ...]


def work_of(case: RectificationCase, actor: Actor) -> Work:
    today = clock.today()
    (line,) = lines_of([case], actor)
    running = queries.present_inspection(case)
    return Work(
        line=line,
        buttons=tuple(_buttons(case, line, actor)),
        late=cases.problems_of(case).filter(turns.overdue_problems_q(today)).count(),
        visits=tuple(queries.visits_of(case)),
        checkups=tuple(map(_checkup_line, queries.checkups_of(case))),
        reports=tuple(queries.reports_of(case)),
        inspections=tuple(map(_inspection_line, queries.inspections_of(case))),
        shortcomings=_short(running, case),
        follow_ups=tuple(queries.follow_ups_of(case)),
        signed=tuple(case.self_checked_by.values()),
    )


def _checkup_line(checkup: RectCheckup) -> CheckupLine:
    seen = tuple((topic.label, checkup.topics.get(topic.value, "")) for topic in CheckupTopic)
    return CheckupLine(checkup, seen, len(checkup.problems.all()))


def _inspection_line(inspection: RectInspection) -> InspectionLine:
    def named(one: object) -> str:
        unit = getattr(one, "unit", None)
        return f"{one}（{unit}）" if unit else str(one)

    members = sorted(inspection.members.all(), key=lambda one: (not one.is_lead, one.pk))
    return InspectionLine(
        inspection,
        "、".join(map(named, members)),
        tuple(
            (topic.label, inspection.items[topic.value])
            for topic in CheckupTopic
            if topic.value in inspection.items
        ),
        votes_of(inspection),
    )


def votes_of(inspection: RectInspection) -> tuple[VoteLine, ...]:
    votes = sorted(inspection.votes.all(), key=lambda one: one.attempt)
    return tuple(
        VoteLine(one, queries.tally_of(one, queries.line_of(one)) if one.counted_on else None)
        for one in votes
    )


def results_of(case: RectificationCase) -> str:
    """What the acceptance has brought, for whoever decides on it."""
    running = queries.present_inspection(case)
    if running is None:
        return ""
    votes = votes_of(running)
    score = "还没有打分" if running.score is None else f"{running.score} 分"
    running.case = case
    told = queries.below_the_floor(running)
    further = f"\n{told}：延长的，另列 W09 情形和问题，整改核实以后再验收" if told else ""
    return f"验收得分：{score}\n满意度测评：{votes[-1].told if votes else '还没有'}{further}"


def _short(running: RectInspection | None, case: RectificationCase) -> tuple[str, ...]:
    if running is None:
        return ()
    running.case = case
    return acceptance.shortcomings(queries.acceptance_facts(running))


def _buttons(case: RectificationCase, line: WorkLine, actor: Actor) -> list[Button]:
    """What may be done beside the steps of the case."""
    found = []
    if line.may_visit:
        found.append(Button("记录督查", reverse("rect_visit_add", args=[case.pk])))
    if case.state in VISITED and actor.role in rect_problems.CHECKERS:
        found.append(Button("登记体检", reverse("rect_checkup_add", args=[case.pk])))
    if case.state in VISITED and actor.role in rect_problems.REPORTERS:
        found.append(Button("报送月报", reverse("rect_report_add", args=[case.pk])))
    if case.state == RectState.ACCEPTING and actor.role in rect_ballots.HOLDERS:
        found.append(Button("登记验收得分", reverse("rect_step", args=[case.pk, "score"])))
        found.append(Button("满意度测评", reverse("rect_vote_manage", args=[case.pk])))
    if actor.role in LEADER and not actions.reasons_against_child(case, actor):
        found.append(Button("重新立项", reverse("rect_step", args=[case.pk, "child"])))
    return found


# --- what the page of a case takes from here ------------------------------------------------------

TEMPLATE = "organization/_rect_work.html"


def section(case: RectificationCase, actor: Actor) -> Section | None:
    """From the first day of the work on, for those who have to do with it."""
    if case.started_on is None or actor.role not in rect_problems.WORK_READERS:
        return None
    may_follow = actor.role in (*TOWN, *STAFF) and case.state == RectState.FOLLOWING
    context = {"work": work_of(case, actor), "may_follow": may_follow, "today": clock.today()}
    return Section("整顿进度", TEMPLATE, context)


PAGE = "rect_step"
ACTS = (
    "self_check", "town_check", "send_back", "accept", "clear", "extend", "follow", "close",
    "relapse",
)  # fmt: skip


def reasons(case: RectificationCase, act: str, actor: Actor) -> tuple[Refusal, ...]:
    """What stands against an act before anything is said of it."""
    known = actions.REASONS.get(act)
    return known(case, actor) if known else ()
