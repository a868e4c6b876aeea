"""What did the pairs of the demo county do since February 2025?

Activities, people, sums and problems up to 2026-01-20 are made so that X12 to X15 come out as
published; after that day there are no services, sums and solved problems, but the pairs go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from uuid import UUID

from lingyan.common import clock
from lingyan.demo.cast import Cast
from lingyan.demo.pairing import Paired, by_unit
from lingyan.directory.models import Person
from lingyan.pairing.actions import activities, assessments, funds, pair_problems, sites, year
from lingyan.pairing.models import PairAssessment, PairProblem
from lingyan.pairing.rules.activity_words import ActivityKind, ActivityMode, Attendance, MeetingKind
from lingyan.pairing.rules.ledger_words import (
    FundSource,
    FundStage,
    ProblemChannel,
    ProblemKind,
)
from lingyan.pairing.rules.year import Youth
from lingyan.platform.accounts.actor import Actor

Say = Callable[[str], None]
FIRST, LAST = date(2025, 3, 3), date(2026, 1, 20)
SERVICES = 565  # X12: 560余
SOLVED = 425  # X15: 420余
ARRIVED = Decimal(32_500_000)  # X14: 3200余万元
SUMS = 100
KINDS = (
    (ActivityKind.TECH_TRAINING, "请技术人员到田间讲课，手把手教修剪和防病"),
    (ActivityKind.LAW_PROMOTION, "在院坝讲土地、邻里和防诈骗，发宣传单"),
    (ActivityKind.FREE_CLINIC, "量血压、测血糖，给老人看常见病"),
    (ActivityKind.SERVICE, "帮助在外务工家庭收割、代办社保认证"),
)
PROBLEMS = (
    (ProblemKind.ROAD, "入户路坑洼，雨天出不了门"),
    (ProblemKind.WATER, "高处几户饮水时断时续"),
    (ProblemKind.NETWORK, "村小组手机信号弱，学生上网课难"),
    (ProblemKind.POWER, "电压不稳，烘干设备带不起来"),
    (ProblemKind.IRRIGATION, "灌溉渠垮了一段，水到不了田"),
    (ProblemKind.MEDICAL, "老人到镇上取药不方便"),
    (ProblemKind.EMPLOYMENT, "搬迁户想在家门口找活干"),
)
WORKS = ("产业路硬化", "茶园提升", "冷链仓库", "饮水管网改造", "村集体加工厂房", "文化广场")
DEEDS = ("装了路灯", "修好了蓄水池", "给卫生室添了设备", "为独居老人改造了厨房")


def live(cast: Cast, pairs: Sequence[Paired], today: date, say: Say) -> None:
    """A year of pairing, each unit with its own days."""
    random = Random(20250303)  # noqa: S311 - a demo wants to be repeatable
    units = by_unit(pairs)
    say("结对：活动")
    _hold_activities(cast, units, random)
    say("结对：联席会议、互访、项目、实事、骨干、路子")
    for number, own in enumerate(units):
        _keep_up(cast, own, number, random, today)
    say("结对：资金和问题")
    _bring_money(cast, pairs)
    _solve_problems(cast, pairs)
    _tell_new_problems(cast, pairs, today)
    _assess(cast, pairs)


def _workdays(random: Random, count: int, since: date = FIRST, until: date = LAST) -> list[date]:
    """So many different weekdays, in their order."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return sorted(random.sample([day for day in days if day.weekday() < 5], count))


# --- activities -----------------------------------------------------------------------------------


def _hold_activities(cast: Cast, units: Sequence[Sequence[Paired]], random: Random) -> None:
    """Of each unit five services or six, a meeting of organization life, a theme day, a visit."""
    further = SERVICES - SERVICES // len(units) * len(units)
    for number, own in enumerate(units):
        services = SERVICES // len(units) + (number < further)
        days = iter(_workdays(random, services + 3))
        actor = cast.unit(own[0].pairing.unit)
        _hold(actor, own, next(days), ActivityKind.JOINT_MEETING, "共同学习，开展批评和自我批评")
        _hold(
            actor,
            own,
            next(days),
            ActivityKind.THEME_DAY,
            "重温入党誓词，服务乡村振兴",
            has_oath=True,
        )
        served = cycle(own)
        for kind, text in _services(services, number):
            _hold(actor, [next(served)], next(days), kind, text)
        _hold(actor, own[:1], next(days), ActivityKind.VISIT, "走访困难党员和老人", leave_out=1)


def _services(count: int, shift: int) -> Iterator[tuple[ActivityKind, str]]:
    for number in range(count):
        yield KINDS[(number + shift) % len(KINDS)]


def _hold(
    actor: Actor,
    served: Sequence[Paired],
    day: date,
    kind: ActivityKind,
    text: str,
    *,
    has_oath: bool = False,
    leave_out: int = 0,
) -> None:
    members = served[0].members
    with clock.at(day):
        activities.enter_activity(
            activities.Said(
                kind=kind, mode=ActivityMode.OFFLINE, day=day, has_oath=has_oath, minutes=120,
                pairings=[one.pairing.pk for one in served], place=served[0].pairing.village_id,
                villagers=12 + 4 * len(served), beneficiaries=20, summary=text,
                people=_on_the_spot(members[: len(members) - leave_out]),
            ),
            actor=actor,
        )  # fmt: skip


def _on_the_spot(members: Sequence[Person]) -> dict[UUID, str]:
    return {person.pk: Attendance.SPOT for person in members}


# --- what every pair owes -------------------------------------------------------------------------


def _keep_up(cast: Cast, own: Sequence[Paired], number: int, random: Random, today: date) -> None:
    """Meetings of the quarters, visits, a project, and what of the five is more than a meeting.

    Of ten units one has met nobody for a quarter, two for some months: these pairs are found.
    """
    actor, keys = cast.unit(own[0].pairing.unit), [one.pairing.pk for one in own]
    for day in _meeting_days(random, number, today):
        with clock.at(day):
            year.record_meeting(
                keys, kind=MeetingKind.MEETING, day=day, with_whom="两个党组织的委员",
                topics="看了项目进展，商量下一步", actor=actor,
            )  # fmt: skip
    for day in _workdays(random, 2, date(2025, 4, 1), date(2025, 11, 28)):
        with clock.at(day):
            year.record_meeting(
                keys, kind=MeetingKind.UNIT_VISIT, day=day, with_whom="单位负责人",
                topics="到村走访，看望党员", actor=actor,
            )  # fmt: skip
    _carry_out(actor, keys, number)
    _do_deed(cast, actor, own, number)
    _go_on(actor, own, number, today)
    for order, one in enumerate(own):
        if (number + order) % 4:
            _train_youth(cast, one, random)
        if (number + order) % 3:
            _think_out_path(cast, one)


def _meeting_days(random: Random, number: int, today: date) -> Iterator[date]:
    """One day in each quarter, up to what is the last of this unit."""
    still = (120, 75, 75)[number % 10] if number % 10 < 3 else 20 + number % 25
    last = today - timedelta(days=still)
    yield date(2025, 3, 3) + timedelta(days=random.randrange(25))
    quarters = ((2025, 4), (2025, 7), (2025, 10), (2026, 1), (2026, 4), (2026, 7), (2026, 10))
    for first_year, month in quarters:
        day = date(first_year, month, 3) + timedelta(days=random.randrange(80))
        if day < last - timedelta(days=20):
            yield day
    yield last


def _carry_out(actor: Actor, keys: Sequence[UUID], number: int) -> None:
    since, half, end = date(2025, 3, 10), date(2025, 7, 31), date(2025, 12, 20)
    with clock.at(since):
        project = year.open_project(
            keys, name=WORKS[number % len(WORKS)], owner=actor.name, since=since, due_on=end,
            milestones=[("定方案", half), ("完工验收", end)], actor=actor,
        )  # fmt: skip
    for milestone in project.milestones.order_by("due_on")[: 1 + (number % 5 > 0)]:
        with clock.at(milestone.due_on):
            year.reach_milestone(milestone, reached_on=milestone.due_on, actor=actor)


def _do_deed(cast: Cast, actor: Actor, own: Sequence[Paired], number: int) -> None:
    if number % 10 == 9:
        return
    done_on = date(2025, 6, 3) + timedelta(days=number)
    with clock.at(done_on):
        deed = year.record_deed(
            [one.pairing.pk for one in own], title=DEEDS[number % len(DEEDS)],
            text="和村里一起办成", done_on=done_on, beneficiaries=30, actor=actor,
        )  # fmt: skip
    with clock.at(done_on + timedelta(days=5)):
        year.confirm_deed(
            deed, names=[cast.people.next_name(), cast.people.next_name()], means="face",
            confirmed_on=clock.today(), actor=cast.village(own[0].pairing.village),
        )  # fmt: skip


def _go_on(actor: Actor, own: Sequence[Paired], number: int, today: date) -> None:
    """What has been done of the five this year, up to now."""
    theme, study = date(2026, 6, 15), date(2026, 3, 9)
    theme, study = theme + timedelta(days=number % 18), study + timedelta(days=number % 40)
    if number % 3 and study < today:
        _hold(actor, own, study, ActivityKind.JOINT_MEETING, "共同学习，查摆问题", leave_out=3)
    if number % 7 and theme < today:
        _hold(
            actor, own, theme, ActivityKind.THEME_DAY, "重温入党誓词，服务乡村振兴",
            has_oath=True, leave_out=2,
        )  # fmt: skip


def _train_youth(cast: Cast, one: Paired, random: Random) -> None:
    day = date(2025, 9, 8)
    young = [
        Youth(cast.people.next_name(), date(1993 + random.randrange(10), 5, 1 + number))
        for number in range(3)
    ]
    with clock.at(day):
        year.name_youth(
            one.pairing, young, trained_on=day, content="跟班学做电商和财务",
            actor=cast.unit(one.pairing.unit),
        )  # fmt: skip


def _think_out_path(cast: Cast, one: Paired) -> None:
    drafted, approved = date(2025, 8, 4), date(2025, 8, 28)
    with clock.at(drafted):
        path = year.draft_path(
            one.pairing, title="以特色产业带动集体增收", text="党支部领办合作社，单位帮助找销路",
            drafted_on=drafted, actor=cast.unit(one.pairing.unit),
        )  # fmt: skip
    with clock.at(approved):
        year.approve_path(
            path, approved_on=approved, meeting="村民代表会议",
            actor=cast.village(one.pairing.village),
        )  # fmt: skip


# --- money and problems ---------------------------------------------------------------------------


def _bring_money(cast: Cast, pairs: Sequence[Paired]) -> None:
    """A hundred sums that arrived; most of each was paid out before the year ended."""
    share = ARRIVED / SUMS
    for number, one in enumerate(pairs[:SUMS]):
        actor = cast.unit(one.pairing.unit)
        # Larger and smaller by turns, so that they still add up to the whole.
        amount = share + (1 if number % 2 else -1) * Decimal(1000 * (number // 2))
        promised = date(2025, 3, 17) + timedelta(days=number)
        with clock.at(promised):
            fund = funds.record_fund(
                [one.pairing], source=list(FundSource)[number % 3],
                project=WORKS[number % len(WORKS)], stage=FundStage.COMMITTED, amount=amount,
                happened_on=promised, evidence="共建协议", actor=actor,
            )  # fmt: skip
        for stage, days, part, evidence in (
            (FundStage.ARRIVED, 60, Decimal(1), "到账凭证"),
            (FundStage.SPENT, 120, Decimal("0.75"), "拨付凭证"),
        ):
            day = promised + timedelta(days=days)
            with clock.at(day):
                funds.add_entry(
                    fund, stage=stage, amount=(amount * part).quantize(Decimal("0.01")),
                    happened_on=day, evidence=evidence, actor=actor,
                )  # fmt: skip


def _solve_problems(cast: Cast, pairs: Sequence[Paired]) -> None:
    said = pair_problems.Said
    for number in range(SOLVED):
        one = pairs[number % len(pairs)]
        raised_on = date(2025, 3, 10) + timedelta(days=(number * 7) % 250)
        problem = _raise_problem(cast, one, number + number // len(pairs) * 3, raised_on)
        unit, village = cast.unit(one.pairing.unit), cast.village(one.pairing.village)
        for act, days, words, actor in (
            ("accept", 2, said(), unit),
            ("finish", 30, said(text="已协调有关部门办好"), unit),
            ("confirm", 34, said(beneficiaries=cast.people.next_name()), village),
        ):
            with clock.at(raised_on + timedelta(days=days)):
                pair_problems.step_problem(problem, act, words, actor=actor)


def _tell_new_problems(cast: Cast, pairs: Sequence[Paired], today: date) -> None:
    """Of these weeks: some were just told, some are worked on, some wait for the village's word."""
    steps = ("accept", "finish")
    said = {"accept": pair_problems.Said(), "finish": pair_problems.Said(text="已协调办好")}
    for number, one in enumerate(pairs[::8]):
        raised_on = today - timedelta(days=5 + number % 9)
        problem = _raise_problem(cast, one, number, raised_on)
        for days, act in enumerate(steps[: number % 3], 1):
            with clock.at(raised_on + timedelta(days=days)):
                unit = cast.unit(one.pairing.unit)
                pair_problems.step_problem(problem, act, said[act], actor=unit)


def _raise_problem(cast: Cast, one: Paired, number: int, on: date) -> PairProblem:
    kind, text = PROBLEMS[number % len(PROBLEMS)]
    with clock.at(on):
        return pair_problems.raise_problem(
            [one.pairing], kind=kind, channel=list(ProblemChannel)[number % 4], text=text,
            raised_on=on, is_another=True, actor=cast.village(one.pairing.village),
        )  # fmt: skip


# --- the year's end -------------------------------------------------------------------------------


def _assess(cast: Cast, pairs: Sequence[Paired]) -> None:
    made: list[PairAssessment] = []
    with clock.at(date(2025, 12, 15)):
        for number, one in enumerate(pairs):
            made.append(
                assessments.evaluate_year(
                    one.pairing, year=2025, points=82 + number % 18, text="常来常往，办了实事",
                    actor=cast.village(one.pairing.village),
                )
            )  # fmt: skip
    with clock.at(date(2026, 1, 21)):
        done = assessments.confirm_assessments(made, actor=cast.officer)
        best = sorted(done, key=lambda one: (-(one.score or 0), one.pairing.village.path))[:2]
        for number, pairing in enumerate([one.pairing for one in best], 1):
            sites.name_site(
                cast.county, [pairing], name=f"{pairing.village}结对共建示范点",
                named_on=clock.today(), document_number=f"宣联建〔2026〕{number} 号",
                actor=cast.leader,
            )  # fmt: skip
