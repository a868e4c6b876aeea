"""What is shown of recall: signals with their records, a case to this reader, what waits?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.flow import open_acts
from lingyan.common.periods import ONE_DAY
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
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
from lingyan.posting import rules
from lingyan.posting.actions import recall as actions
from lingyan.posting.models import Posting, RecallCase, RecallStep, Replacement
from lingyan.posting.panels.life import TONE_OF_LEVEL, Button
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import recall as queries
from lingyan.posting.queries.recall_signals import fresh_signals
from lingyan.posting.rules import recall as recall_rules
from lingyan.posting.rules import replacements as replacement_rules
from lingyan.posting.rules.recall_words import RecallState, ReplacementState

COUNTY = (*rules.STAFF, *rules.LEADER)
LETTERS = {
    "told": ("核实事项告知书", "tell"),
    "warning": ("提醒约谈通知书", "warn"),
    "decision": ("召回决定书", "decide"),
}


# --- signals --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignalLine:
    """What speaks for looking into one posting, and the case where somebody already does."""

    posting: Posting
    signals: tuple[recall_rules.Signal, ...]
    case_url: str

    @property
    def last_on(self) -> date:
        return max(one.last_on for one in self.signals)


def signal_lines(postings: Iterable[Posting], actor: Actor) -> list[SignalLine]:
    """New signals, the latest first; what a case has looked at already is not shown again."""
    postings = list(postings)
    fresh = fresh_signals(postings, today=clock.today(), with_discipline=actor.role in COUNTY)
    open_cases = queries.open_case_ids(postings)
    lines = []
    for one in postings:
        if found := fresh.get(one.pk):
            case = open_cases.get(one.pk)
            url = reverse("recall_detail", args=[case]) if case else ""
            lines.append(SignalLine(one, found, url))
    return sorted(lines, key=lambda line: (-line.last_on.toordinal(), line.posting.village.path))


# --- one case -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepLine:
    step: RecallStep
    label: str


@dataclass(frozen=True, slots=True)
class CaseDue:
    """The next step that somebody owes, with its last day."""

    label: str
    roles: tuple[str, ...]
    on: date

    @property
    def level(self) -> AlertLevel:
        return alert_level(self.on, clock.today())

    @property
    def tone(self) -> str:
        return TONE_OF_LEVEL[self.level]

    @property
    def who(self) -> str:
        return "、".join(Role(role).label for role in self.roles)


def due_of(case: RecallCase) -> CaseDue | None:
    """依据：2.10 核实 15 天、改进期、补派 15 个工作日。"""
    if case.state in ("signalled", "told", "heard"):
        on = recall_rules.verify_due(case.opened_on)
        return CaseDue("核实", recall_rules.VERIFIERS, on)
    if case.state == RecallState.WARNED and case.warn_until:
        return CaseDue("改进期满，回访后办结或提出召回", rules.STAFF, case.warn_until)
    if case.state == RecallState.DECIDED and (on_day := replace_by(case.posting)):
        return CaseDue("补派接任者", rules.STAFF, on_day)
    return None


def replace_by(posting: Posting) -> date | None:
    return life_queries.replace_by([posting]).get(posting.pk)


def reads_all(actor: Actor) -> bool:
    return actor.role in (*COUNTY, *rules.TOWN)


def steps_shown(case: RecallCase, actor: Actor) -> list[StepLine]:
    """Everything to county and town; to the unit and the person from the telling on."""
    steps = queries.steps_of(case)
    if not reads_all(actor):
        steps = [one for one in steps if one.act in recall_rules.SEEN_BY_THE_PERSON]
    return [StepLine(one, recall_rules.label_of(one.act)) for one in steps]


ONCE = ("deliver", "talk")


def acts_of(case: RecallCase, actor: Actor) -> list[tuple[str, str]]:
    """The steps open to this person in this state.

    Only the own case is stated to; what is done once and done has no button, nor has a successor
    who is not there.
    """
    lines = open_acts(recall_rules.RECALL_FLOW, state=case.state, role=actor.role)
    made = {step.act for step in queries.steps_of(case)}
    hidden = {act for act in ONCE if act in made}
    if case.posting.person_id != actor.scope.person_id:
        hidden.add("state")
    if case.state == RecallState.DECIDED and queries.find_follower(case.posting) is None:
        hidden.add("replace")
    return [(line.act, line.label) for line in lines if line.act not in hidden]


def reasons_of(case: RecallCase, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return actions.reasons_against(case, act, actor=actor)


@dataclass(frozen=True, slots=True)
class EffectLine:
    label: str
    text: str
    over: bool


def effects_of(case: RecallCase) -> list[EffectLine]:
    """Effects with their last day; they end by themselves."""
    if case.decided_on is None or case.ban_until is None:
        return []
    today = clock.today()
    lines = [
        EffectLine("不得再选派", _until(case.ban_until), today >= case.ban_until),
        EffectLine("不再派往本村", "长期", over=False),
    ]
    if case.promotion_ban_until:
        lines.append(
            EffectLine(
                "不得提拔", _until(case.promotion_ban_until), today >= case.promotion_ban_until
            )
        )
    if case.unit_minus:
        lines.append(EffectLine("派出单位年度党建考核", f"扣 {case.unit_minus} 分", over=False))
    return lines


def _until(until: date) -> str:
    return f"到 {until - ONE_DAY:%Y-%m-%d} 为止"


def letters_of(case: RecallCase, actor: Actor) -> list[tuple[str, str]]:
    """Which letters there are by now: key and title."""
    made = {line.step.act for line in steps_shown(case, actor)}
    return [(key, title) for key, (title, act) in LETTERS.items() if act in made]


@dataclass(frozen=True, slots=True)
class OfPosting:
    """What the page of a posting shows of recall, to this reader."""

    cases: list[RecallCase]
    buttons: list[Button]


def of_posting(posting: Posting, actor: Actor) -> OfPosting:
    buttons = []
    if actor.role in recall_rules.OPENERS and posting.state in rules.IN_POST:
        buttons.append(Button("召回立案", reverse("recall_open", args=[posting.pk])))
    if posting.state in replacement_rules.VACATED and reads_vacancies(actor):
        buttons.append(Button("补派", reverse("vacancy_detail", args=[posting.pk])))
    return OfPosting(queries.cases_of(actor, posting), buttons)


def reads_vacancies(actor: Actor) -> bool:
    return actor.role in (*COUNTY, *rules.TOWN, *rules.UNIT)


# --- places that were left ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VacancyLine:
    posting: Posting
    due_on: date | None
    going_on: Replacement | None

    @property
    def level(self) -> AlertLevel | None:
        return None if self.due_on is None else alert_level(self.due_on, clock.today())

    @property
    def tone(self) -> str:
        return "" if self.level is None else TONE_OF_LEVEL[self.level]


def vacancy_lines(postings: Iterable[Posting]) -> list[VacancyLine]:
    postings = list(postings)
    due = life_queries.replace_by(postings)
    return [
        VacancyLine(one, due.get(one.pk), next(iter(getattr(one, "going_on", ())), None))
        for one in postings
    ]


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _cases(actor: Actor, *states: str) -> Waiting:
    title, detail = WORDS[states[0]]
    return Waiting(
        title, detail, queries.list_cases(actor).filter(state__in=states),
        page_of("recall_list", state=states[0]),
    )  # fmt: skip


WORDS = {
    "signalled": ("件召回线索待核实", "先告知本人、听取陈述，15 天以内核实"),
    "verified": ("件召回事项待单位填写意见", "派出单位的意见是提出召回的条件"),
    "warned": ("名同志的改进期将满", "回访后办结，或提出召回"),
    "proposed": ("件召回待决定", "集体研究决定，附本人陈述"),
    "replaced": ("件召回待归档", "影响写明、决定送达后归档"),
}


def _checking(actor: Actor) -> list[Waiting]:
    cases = queries.list_cases(actor).filter(state__in=("signalled", "told", "heard"))
    title, detail = WORDS["signalled"]
    url = page_of("recall_list", turn="check")
    return [Waiting(title, detail, cases, url, "opened_on", recall_rules.verify_due)]


def _following_up(actor: Actor) -> list[Waiting]:
    cases = queries.list_cases(actor).filter(
        state="warned", warn_until__lte=clock.today() + recall_rules.WARN_SOON
    )
    title, detail = WORDS["warned"]
    return [Waiting(title, detail, cases, page_of("recall_list", state="warned"), "warn_until")]


def _settling(actor: Actor) -> list[Waiting]:
    """Checked: the county warns or proposes; what waits for a successor is in the due steps."""
    cases = queries.list_cases(actor).filter(state="verified")
    detail = "提醒约谈，或提出召回"
    return [Waiting("件召回事项已核实，待处理", detail, cases,
                    page_of("recall_list", state="verified"))]  # fmt: skip


def _deciding(actor: Actor) -> list[Waiting]:
    replacements = queries.replacements_in(actor.scope).filter(state=ReplacementState.PROPOSED)
    return [
        _cases(actor, "proposed"),
        Waiting("名补派人选待决定", "提出人以外的部务会成员决定",
                replacements.exclude(proposed_by_id=actor.user_id), reverse("vacancy_list")),
    ]  # fmt: skip


def _opining(actor: Actor) -> list[Waiting]:
    cases = queries.list_cases(actor).filter(state="verified").exclude(steps__act="opine")
    title, detail = WORDS["verified"]
    found = [Waiting(title, detail, cases, page_of("recall_list", state="verified"))]
    if actor.role in replacement_rules.NOMINATORS:
        empty = queries.list_vacant(actor.scope).filter(nominees__isnull=True)
        found.append(
            Waiting("个岗位空出，请推荐接任人选", "从本单位在库人选中推荐", empty,
                    reverse("vacancy_list"))
        )  # fmt: skip
    return found


def _announcing(actor: Actor) -> list[Waiting]:
    rows = queries.replacements_in(actor.scope).filter(state=ReplacementState.APPROVED)
    return [Waiting("名补派人选待公示", "公示 5 个工作日", rows, reverse("vacancy_list"))]


def _issuing(actor: Actor) -> list[Waiting]:
    rows = queries.replacements_in(actor.scope).filter(
        state=ReplacementState.ANNOUNCED, notice_ends_on__lt=clock.today()
    )
    return [
        Waiting("名补派人选公示期满，待发文", "填写文号和派驻日期", rows, reverse("vacancy_list")),
        _cases(actor, "replaced"),
    ]


def _own(actor: Actor) -> list[Waiting]:
    """One's own case: to be heard, and later what was decided."""
    own = queries.list_cases(actor)
    url = reverse("recall_list")
    return [
        Waiting("件核实事项请您陈述", "写明您的意见，随事项一并提交研究",
                own.filter(state=RecallState.TOLD), url),
        Waiting("件提醒约谈，请按期改进", "改进期满后回访",
                own.filter(state=RecallState.WARNED), url, "warn_until"),
    ]  # fmt: skip


SOURCES: tuple[Source, ...] = (
    (recall_rules.VERIFIERS, _checking),
    (rules.STAFF, _following_up),
    (recall_rules.PROPOSERS, _settling),
    (rules.LEADER, _deciding),
    (rules.UNIT, _opining),
    (rules.STAFF, _announcing),
    (rules.ADMIN, _issuing),
    (queries.OWN, _own),
)
