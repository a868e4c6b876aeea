"""How does a demo round go, from its opening to wherever it shall stand today?"""

from __future__ import annotations

import random as random_module
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from uuid import UUID

from lingyan.common import clock
from lingyan.common.periods import WorkingCalendar
from lingyan.common.refusals import Refused
from lingyan.demo.cast import Cast
from lingyan.directory.models import Person, Place
from lingyan.directory.queries import calendar_overrides
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import (
    intentions,
    life,
    notices,
    plans,
    pool,
    postings,
    rounds,
    wishes,
)
from lingyan.posting.models import (
    Draft,
    NeedList,
    Objection,
    PoolEntry,
    Posting,
    Round,
    RoundPerson,
    RoundVillage,
)
from lingyan.posting.rules import NOTICE_DAYS, Role
from lingyan.posting.rules.rounds import round_settings


class Stage(IntEnum):
    """How far a demo round goes."""

    WISHES = 0
    INTENTIONS = 1
    COMPUTED = 2
    ANNOUNCED = 3
    ISSUED = 4


@dataclass(frozen=True, slots=True)
class Script:
    """One round as the demo plays it."""

    name: str
    opened_on: date
    starts_on: date
    need_lists: Sequence[NeedList]
    people: Sequence[PoolEntry]
    until: Stage
    announced_on: date | None = None
    issued_on: date | None = None
    document_number: str = ""
    wishing_share: float = 0.5
    objections: int = 0
    effects: dict[str, str] = field(default_factory=dict)


def play(cast: Cast, script: Script) -> Round:
    """Act by act, each on its own day."""
    random = random_module.Random(f"{script.name}")  # noqa: S311 - a demo wants to be repeatable
    day = script.opened_on
    with clock.at(day):
        round = _open(cast, script)
    with clock.at(day + timedelta(days=2)):
        round = rounds.open_wishes(round, actor=cast.officer)
    if script.until == Stage.WISHES:
        with clock.at(day + timedelta(days=3)):
            _wish_partly(cast, round, random)
        return round
    with clock.at(day + timedelta(days=4)):
        _wish(cast, round, random, script.wishing_share)
        _object(cast, round, random, Objection.Kind.PERSON_REFUSAL, script.objections)
    with clock.at(day + timedelta(days=7)):
        round = rounds.open_intentions(
            round, actor=cast.officer, waive_reason="填报期已过，未填报的按服从分配处理"
        )
    with clock.at(day + timedelta(days=9)):
        _intend(cast, round, random)
        _object(cast, round, random, Objection.Kind.VILLAGE_VETO, script.objections)
        _object(cast, round, random, Objection.Kind.BUSINESS, script.objections)
    if script.until == Stage.COMPUTED:
        with clock.at(day + timedelta(days=11)):
            _compute(cast, round)
    if script.until >= Stage.ANNOUNCED:
        round = _decide(cast, round, script)
    if script.until >= Stage.ISSUED:
        _issue(cast, round, script)
    round.refresh_from_db()
    return round


def _open(cast: Cast, script: Script) -> Round:
    round = rounds.open_round(
        county=cast.county,
        name=script.name,
        term_starts_on=script.starts_on,
        term_months=24,
        settings=round_settings(effects=script.effects),
        seed=1,
        actor=cast.officer,
        is_demo=True,
    )
    rounds.add_villages(round, script.need_lists, actor=cast.officer)
    rounds.add_people(round, script.people, actor=cast.officer)
    return rounds.close_demand(round, actor=cast.officer)


def _wish(cast: Cast, round: Round, random: random_module.Random, share: float) -> None:
    """Some candidates hand in lists, every fifth with a tie; their units confirm them."""
    villages = list(RoundVillage.objects.filter(round=round).order_by("village__path"))
    everyone = RoundPerson.objects.filter(round=round).select_related(
        "person__unit", "person__user", "round__county"
    )
    for number, one in enumerate(everyone.order_by("person__number")):
        if random.random() > share:
            continue
        chosen = random.sample(villages, min(random.choice((2, 3, 4)), len(villages)))
        ranks = {village.pk: place + 1 for place, village in enumerate(chosen)}
        if number % 5 == 0:
            ranks[chosen[1].pk] = 1
        _hand_in(cast, one, ranks)


def _wish_partly(cast: Cast, round: Round, random: random_module.Random) -> None:
    """The first candidate has not begun, the second's list waits for the unit, others are done."""
    villages = list(RoundVillage.objects.filter(round=round).order_by("village__path"))
    everyone = RoundPerson.objects.filter(round=round).select_related(
        "person__unit", "person__user", "round__county"
    )
    for number, one in enumerate(everyone.order_by("person__number")):
        if number:
            chosen = random.sample(villages, 2)
            ranks = {village.pk: place + 1 for place, village in enumerate(chosen)}
            _hand_in(cast, one, ranks, confirmed=number > 1)


def _hand_in(
    cast: Cast, one: RoundPerson, ranks: dict[UUID, int], *, confirmed: bool = True
) -> None:
    actor = cast.candidate(one.person)
    one = wishes.save_wishes(one, ranks, actor=actor)
    try:
        one = wishes.submit_wishes(one, actor=actor)
    except Refused:
        return  # a village on the list is closed to the person: the list stays a draft
    assert one.person.unit is not None
    if not confirmed:
        return
    wishes.confirm_wishes(one, order_seen=wishes.order_of(one), actor=cast.unit(one.person.unit))


def _intend(cast: Cast, round: Round, random: random_module.Random) -> None:
    """Towns rank two or three candidates for each first-secretary post."""
    people = list(RoundPerson.objects.filter(round=round).order_by("person__number"))
    villages = RoundVillage.objects.filter(round=round).select_related(
        "village__parent", "need_list", "round__county"
    )
    for village in villages.order_by("village__path"):
        assert village.village.parent is not None
        actor = cast.town(village.village.parent)
        role = Role.FIRST_SECRETARY if village.need_list.first_secretary_seats else Role.MEMBER
        chosen = random.sample(people, min(random.choice((2, 3)), len(people)))
        ranks = {(role.value, one.pk): place + 1 for place, one in enumerate(chosen)}
        try:
            saved = intentions.save_intentions(village, ranks, actor=actor)
            intentions.submit_intentions(saved, actor=actor)
        except Refused:
            continue  # somebody on the list is not eligible there: it stays a draft


HANDED_OVER = "产业项目台账、帮扶户走访记录、公章和资料柜钥匙；未了事项：两户土地流转合同待续签。"
REASONS = {
    Objection.Kind.VILLAGE_VETO: "与村班子成员共过事，村里建议另派",
    Objection.Kind.PERSON_REFUSAL: "家中老人需要照料，路途太远",
    Objection.Kind.BUSINESS: "承担该村在建项目的监理，项目未结束",
}


def _object(
    cast: Cast, round: Round, random: random_module.Random, kind: Objection.Kind, count: int
) -> None:
    people = list(
        RoundPerson.objects.filter(round=round).select_related("person__unit", "person__user")
    )
    villages = list(RoundVillage.objects.filter(round=round).select_related("village__parent"))
    for _ in range(count):
        person, village = random.choice(people).person, random.choice(villages).village
        intentions.enter_objection(
            round,
            kind,
            place=village,
            person=person,
            reason=REASONS[kind],
            actor=_who_objects(cast, kind, person, village),
        )


def _who_objects(cast: Cast, kind: str, person: Person, village: Place) -> Actor:
    if kind == Objection.Kind.VILLAGE_VETO:
        assert village.parent is not None
        return cast.town(village.parent)
    return cast.candidate(person) if kind == Objection.Kind.PERSON_REFUSAL else cast.officer


def _compute(cast: Cast, round: Round) -> None:
    plans.compute_plans(
        actor=cast.officer, report=lambda _percent, _text: None, round_id=str(round.pk)
    )


def _decide(cast: Cast, round: Round, script: Script) -> Round:
    """Computed by the officer, decided by the leader, announced."""
    assert script.announced_on is not None
    with clock.at(script.announced_on - timedelta(days=4)):
        _compute(cast, round)
    with clock.at(script.announced_on - timedelta(days=1)):
        round.refresh_from_db()
        round = plans.deliberate_round(
            round,
            decision="同意按系统建议方案选派，会后公示。",
            decided_on=clock.today(),
            actor=cast.leader,
        )
    with clock.at(script.announced_on):
        return plans.announce_round(round, actor=cast.officer)


def _issue(cast: Cast, round: Round, script: Script) -> list[Posting]:
    assert script.issued_on is not None
    with clock.at(script.issued_on):
        return postings.issue_round(
            round,
            document_number=script.document_number,
            starts_on=script.starts_on,
            actor=cast.admin,
        )


def dispute(cast: Cast, round: Round) -> None:
    """Somebody calls about the first line of the notice; the officer takes it down."""
    draft = Draft.objects.filter(plan=round.chosen_plan).order_by("village__path").first()
    notices.record_objection(
        round,
        draft=draft,
        raised_by="一名村民来电",
        raised_on=clock.today(),
        text="反映该同志的配偶在本村承包林地，请核实是否应当回避。",
        actor=cast.officer,
    )


def hand_over(cast: Cast, village: Place, *, completed: bool) -> None:
    """The one who was there before hands over once the days of the overlap have passed."""
    old = Posting.objects.get(village=village, handover_until__isnull=False)
    day = old.handover_until
    assert day is not None
    with clock.at(old.since):
        secretary = cast.village(village)
    appraise_term(cast, old)
    with clock.at(day):
        old = postings.hand_over_posting(old, text=HANDED_OVER, actor=secretary)
        pool.return_pool_entry(old.person.pool_entry, actor=cast.officer)
    if completed:
        with clock.at(day + timedelta(days=5)):
            postings.complete_posting(old, actor=cast.admin)


def appraise_term(cast: Cast, old: Posting) -> None:
    """期满考察 on the day on which the overlap ends: before it nothing is handed over."""
    assert old.handover_until is not None
    with clock.at(old.handover_until):
        life.appraise_term(old, text="部务会听取了考察情况，期满后按程序交接。", actor=cast.officer)


def notice_that_ended(before: date) -> date:
    """The posting day of the notice whose last day is the latest working day before `before`."""
    calendar = WorkingCalendar(calendar_overrides())
    day = before - timedelta(days=1)
    while calendar.notice_end(day, NOTICE_DAYS).on >= before:
        day -= timedelta(days=1)
    return day
