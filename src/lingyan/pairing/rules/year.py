"""What does a pair owe in a year, and which of the five are done?

依据：3.3（五个一、R-3-04）、3.4（联席会议、互访、项目化推进）。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lingyan.common.alerts import AlertLevel
from lingyan.common.periods import Period, add_months, full_years, year_of
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import UNIT, VILLAGE
from lingyan.pairing.rules.words import FiveOne

WRITERS = (*UNIT, *VILLAGE)
YOUTH_MIN = 3  # pair.youth_min
YOUTH_AGE_MAX = 35
UNIT_VISITS_A_YEAR = 2  # pair.visit_unit
YELLOW_FROM, RED_FROM = (10, 1), (12, 1)
TITLE_MAX, TEXT_MAX, REASON_MAX, NAME_MAX = 60, 2000, 200, 40

AUDIT_TEXTS = {
    "pairing.deed.recorded": "登记结对实事",
    "pairing.deed.confirmed": "登记群众确认实事",
    "pairing.deed.corrected": "更正结对实事",
    "pairing.deed.withdrawn": "撤回结对实事",
    "pairing.youth.named": "登记培育的青年党员骨干",
    "pairing.youth.withdrawn": "撤回培育的青年党员骨干",
    "pairing.path.drafted": "登记发展路子",
    "pairing.path.approved": "村里通过发展路子",
    "pairing.path.withdrawn": "撤回发展路子",
    "pairing.meeting.recorded": "登记联席会议或互访",
    "pairing.meeting.corrected": "更正联席会议或互访",
    "pairing.meeting.withdrawn": "撤回联席会议或互访",
    "pairing.project.opened": "登记共建项目",
    "pairing.project.milestone_added": "加项目节点",
    "pairing.project.milestone_reached": "项目节点完成",
    "pairing.project.closed": "共建项目完成或停止",
    "pairing.year_plan.written": "写结对年度计划",
}


# --- the five ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearCounts:
    """What the records of one pair say of one calendar year."""

    life_meetings: int = 0  # held with both sides there
    oaths: int = 0
    deeds: int = 0  # confirmed by those whom they served
    youth: int = 0  # named, trained, 35 at most
    paths: int = 0  # approved by the village


def both_were_there(*, unit_people: int, villagers: int, villages: int) -> bool:
    """联合组织生活会双方都要到：单位有人，每个村至少一人。依据：3.3 F1。"""
    return unit_people > 0 and villagers >= max(villages, 1)


def five_ones_done(counts: YearCounts) -> frozenset[FiveOne]:
    """依据：R-3-04。"""
    done = {
        FiveOne.LIFE_MEETING: counts.life_meetings > 0,
        FiveOne.THEME_DAY: counts.oaths > 0,
        FiveOne.DEED: counts.deeds > 0,
        FiveOne.YOUTH: counts.youth >= YOUTH_MIN,
        FiveOne.PATH: counts.paths > 0,
    }
    return frozenset(one for one, is_done in done.items() if is_done)


def five_one_level(done: int, *, year: int, today: date) -> AlertLevel:
    """不满五项的，10 月 1 日起黄，12 月 1 日起红；过了年仍红。依据：3.3。"""
    if done >= len(FiveOne) or today < date(year, *YELLOW_FROM):
        return AlertLevel.GREEN
    return AlertLevel.RED if today >= date(year, *RED_FROM) else AlertLevel.YELLOW


# --- meetings and visits -----------------------------------------------------------------------


def _days(life: Period, period: Period) -> int:
    """On how many days of the period the pair was."""
    since, until = max(life.since, period.since), min(life.until, period.until)
    return max((until - since).days, 0)


def _is_owed(life: Period, period: Period) -> bool:
    """设计默认：在一段时间里存续不满一半的，不作要求。"""
    return 2 * _days(life, period) >= (period.until - period.since).days


def quarters_of(year: int) -> tuple[Period, ...]:
    first = year_of(date(year, 1, 1)).since
    return tuple(Period(add_months(first, 3 * n), add_months(first, 3 * n + 3)) for n in range(4))


def quarters_owed(life: Period, year: int) -> tuple[Period, ...]:
    """The quarters of the year in which a joint meeting is due. 依据：3.4。"""
    return tuple(one for one in quarters_of(year) if _is_owed(life, one))


def visits_owed(life: Period, year: int) -> int:
    """单位每年到村走访两次；该年存续不满一半的一次。依据：3.4。"""
    period = year_of(date(year, 1, 1))
    if not _days(life, period):
        return 0
    return UNIT_VISITS_A_YEAR if _is_owed(life, period) else 1


@dataclass(frozen=True, slots=True)
class KeptUp:
    """Joint meetings and visits of one pair and year: what is due by a day, and what was held."""

    meetings_due: int
    meetings_held: int
    visits_due: int
    visits_made: int
    meeting_due_by: date | None = None  # of the quarter that runs, where none was held yet


def kept_up(
    life: Period, year: int, *, today: date, meetings: Iterable[date], visits: Iterable[date]
) -> KeptUp:
    """Quarters that are over count, and the one that runs as soon as its meeting was held.

    One meeting a quarter is owed (pair.meeting_per_quarter): several of one quarter are one; two
    visits of one day are one.
    """
    days = set(meetings)
    due = held = 0
    due_by = None
    for one in quarters_owed(life, year):
        was_held = any(day in one for day in days)
        if today >= one.until or was_held:
            due, held = due + 1, held + was_held
        elif today in one:
            due_by = one.last_day
    in_year = year_of(date(year, 1, 1))
    made = len({day for day in visits if day in in_year})
    return KeptUp(due, held, visits_owed(life, year), made, due_by)


# --- what may be written -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WrittenFacts:
    """Something of a pair that somebody writes down."""

    today: date
    day: date
    pairs: Iterable[tuple[str, bool, date | None, date | None]]  # name, one's own, since, until
    texts: Mapping[str, str]  # what must be said, by its label
    day_label: str = "日期"


def refuse_to_write(facts: WrittenFacts) -> tuple[Refusal, ...]:
    """Of one's own pair, of a day that has come, within the life of the pair. 依据：3.3、3.4。"""
    return (*_about_the_pairs(facts), *_about_the_words(facts))


def _about_the_pairs(facts: WrittenFacts) -> Iterable[Refusal]:
    if facts.day > facts.today:
        yield Refusal("pairing.year.day_to_come", f"{facts.day_label}不能晚于今天")
    found = list(facts.pairs)
    if not found:
        yield Refusal("pairing.year.no_pair", "请选是哪一对结对")
    for name, is_own, since, until in found:
        if not is_own:
            yield Refusal("pairing.year.other_pair", "所选的结对不是您单位（村）的，请重新选")
        elif since is None or facts.day < since:
            begun = f"{since} 才开始" if since else "还没有开始"
            yield Refusal("pairing.year.before_pair", f"{name}的结对{begun}，请核对日期")
        elif until is not None and facts.day >= until:
            yield Refusal("pairing.year.after_pair", f"{name}的结对到 {until} 已经结束")


def _about_the_words(facts: WrittenFacts) -> Iterable[Refusal]:
    for label, text in facts.texts.items():
        if not text.strip():
            yield Refusal("pairing.year.text_missing", f"请写{label}")
        if len(text) > TEXT_MAX:
            yield Refusal("pairing.year.text_long", f"{label}最多 {TEXT_MAX} 字")


def refuse_to_withdraw(
    *, reason: str, withdrawn: str, is_own: bool
) -> tuple[Refusal, ...]:  # fmt: skip
    """Nothing is deleted: it is taken back with a reason. 依据：R-0-18。"""
    if withdrawn:
        return (Refusal("pairing.year.withdrawn", "这条记录已经撤回"),)
    refusals = []
    if not is_own:
        refusals.append(Refusal("pairing.year.not_own", "由登记的一方撤回"))
    if not reason.strip():
        refusals.append(Refusal("pairing.year.reason_missing", "请写明撤回的理由"))
    return tuple(refusals)


def refuse_to_correct(
    *, reason: str, withdrawn: str, is_own: bool, is_same_version: bool
) -> tuple[Refusal, ...]:
    """更正: the side that wrote it says it right, with a reason; the old words stay (R-0-18)."""
    if withdrawn:
        return (Refusal("pairing.year.withdrawn", "这条记录已经撤回"),)
    refusals = []
    if not is_own:
        refusals.append(Refusal("pairing.year.not_own_words", "由登记的一方更正"))
    if not reason.strip():
        refusals.append(Refusal("pairing.year.reason_missing", "请写明更正的理由"))
    if not is_same_version:
        refusals.append(
            Refusal("pairing.year.moved_on", "您填写的时候，这条记录又改过，请重新打开再改")
        )
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class ConfirmFacts:
    role: str
    state: str
    today: date
    done_on: date
    names: tuple[str, ...]
    confirmed_on: date


def refuse_to_confirm_deed(facts: ConfirmFacts) -> tuple[Refusal, ...]:
    """实事要由受益的群众确认，村里登记；没有人确认的不算办成。依据：3.3 F3。"""
    refusals = []
    if facts.role not in VILLAGE:
        refusals.append(Refusal("pairing.deed.wrong_role", "群众的确认由村里登记"))
    if facts.state != "waiting":
        refusals.append(Refusal("pairing.deed.wrong_state", "这件实事现在不能确认，请刷新再看"))
    if not facts.names:
        refusals.append(Refusal("pairing.deed.nobody", "请写是哪位受益群众确认的，至少一位"))
    if len(set(facts.names)) < len(facts.names):
        refusals.append(Refusal("pairing.deed.name_twice", "同一位群众只写一次"))
    if facts.confirmed_on > facts.today:
        refusals.append(Refusal("pairing.year.day_to_come", "确认日期不能晚于今天"))
    if facts.confirmed_on < facts.done_on:
        refusals.append(
            Refusal("pairing.deed.confirmed_before", f"实事 {facts.done_on} 才办成，请核对确认日期")
        )
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class Youth:
    name: str
    birth_on: date


def refuse_to_name_youth(
    youth: Iterable[Youth], *, trained_on: date, named: frozenset[tuple[str, date]]
) -> tuple[Refusal, ...]:
    """农村青年党员骨干：培育当天不满 36 周岁，点名到人，同一人一年只算一次。依据：3.3 F4。"""
    refusals = []
    found = list(youth)
    if not found:
        refusals.append(Refusal("pairing.youth.nobody", "请写培育的青年，至少一位"))
    for one in found:
        age = full_years(one.birth_on, trained_on)
        if age > YOUTH_AGE_MAX:
            refusals.append(
                Refusal(
                    "pairing.youth.too_old",
                    f"{one.name}培育当天已满 {age} 周岁，青年骨干应不超过 {YOUTH_AGE_MAX} 周岁",
                )
            )
        if age < 16:
            refusals.append(
                Refusal("pairing.youth.too_young", f"{one.name}的出生日期看来不对，请核对")
            )
        if (one.name, one.birth_on) in named or found.count(one) > 1:
            refusals.append(
                Refusal("pairing.youth.named_already", f"{one.name}今年已经登记过，不重复登记")
            )
    return tuple(dict.fromkeys(refusals))


def refuse_to_approve_path(
    *, role: str, state: str, drafted_on: date, approved_on: date, meeting: str, today: date
) -> tuple[Refusal, ...]:
    """发展路子由村里研究通过才算。依据：3.3 F5。"""
    refusals = []
    if role not in VILLAGE:
        refusals.append(Refusal("pairing.path.wrong_role", "发展路子由村里研究通过"))
    if state != "drafted":
        refusals.append(Refusal("pairing.path.wrong_state", "这条发展路子现在不能办理，请刷新再看"))
    if approved_on > today:
        refusals.append(Refusal("pairing.year.day_to_come", "研究日期不能晚于今天"))
    if approved_on < drafted_on:
        refusals.append(
            Refusal("pairing.path.approved_before", f"{drafted_on} 才提出，请核对研究日期")
        )
    if not meeting.strip():
        refusals.append(Refusal("pairing.path.meeting_missing", "请写在什么会议上研究通过"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    state: str  # of the project
    is_own: bool
    today: date


def refuse_on_project(facts: MilestoneFacts) -> tuple[Refusal, ...]:
    refusals = []
    if not facts.is_own:
        refusals.append(Refusal("pairing.project.not_own", "由这对结对的单位或村办理"))
    if facts.state != "running":
        refusals.append(Refusal("pairing.project.closed", "这个项目已经完成或停止"))
    return tuple(refusals)


def refuse_milestone(*, name: str, due_on: date, since: date) -> tuple[Refusal, ...]:
    refusals = []
    if not name.strip():
        refusals.append(Refusal("pairing.project.milestone_name", "请写节点是什么"))
    if due_on < since:
        refusals.append(
            Refusal("pairing.project.milestone_before", f"项目 {since} 开始，节点不能更早")
        )
    return tuple(refusals)


def refuse_project_days(*, since: date, due_on: date) -> tuple[Refusal, ...]:
    if due_on < since:
        return (Refusal("pairing.project.due_before", "计划完成日期不能早于开始日期"),)
    return ()


def refuse_to_reach(
    *, reached_on: date, today: date, since: date, is_reached: bool
) -> tuple[Refusal, ...]:
    if is_reached:
        return (Refusal("pairing.project.reached_already", "这个节点已经完成"),)
    refusals = []
    if reached_on > today:
        refusals.append(Refusal("pairing.year.day_to_come", "完成日期不能晚于今天"))
    if reached_on < since:
        refusals.append(Refusal("pairing.project.reached_before", f"项目 {since} 才开始"))
    return tuple(refusals)


def refuse_to_close(
    *,
    text: str,
    closed_on: date,
    since: date,
    today: date,
    open_milestones: int,
    is_done: bool,
) -> tuple[Refusal, ...]:
    """完成的项目节点都要完成；停止的写明为什么。"""
    refusals = []
    if closed_on > today:
        refusals.append(Refusal("pairing.year.day_to_come", "完成（停止）日期不能晚于今天"))
    if closed_on < since:
        refusals.append(Refusal("pairing.project.reached_before", f"项目 {since} 才开始"))
    if is_done and open_milestones:
        refusals.append(
            Refusal("pairing.project.open_milestones", f"还有 {open_milestones} 个节点没有完成")
        )
    if not text.strip():
        refusals.append(Refusal("pairing.project.close_text", "请写完成（停止）的情况"))
    return tuple(refusals)


def refuse_same_meeting(*, is_twice: bool, kind: str, mode: str) -> tuple[Refusal, ...]:
    """同一天同一结对只登记一次；走访要到现场。依据：3.4。"""
    refusals = []
    if is_twice:
        refusals.append(
            Refusal("pairing.meeting.twice", "这一天同一结对已经登记过，单位或村登记一次就够")
        )
    if kind != "meeting" and mode == "online":
        refusals.append(Refusal("pairing.meeting.visit_online", "走访要到现场，线上的不算走访"))
    return tuple(refusals)


def refuse_year_plan(
    *, text: str, year: int, since: date | None, until: date | None
) -> tuple[Refusal, ...]:
    refusals = []
    if not text.strip():
        refusals.append(Refusal("pairing.year.text_missing", "请写年度计划"))
    if len(text) > TEXT_MAX:
        refusals.append(Refusal("pairing.year.text_long", f"年度计划最多 {TEXT_MAX} 字"))
    if since is None or year < since.year or (until is not None and year > until.year):
        refusals.append(Refusal("pairing.year.outside", f"{year} 年没有这对结对"))
    return tuple(refusals)
