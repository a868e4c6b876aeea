"""May this activity stand like this, and what of it is counted?

依据：3.3、R-3-05、A.10。
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.flow import Transition, fan_in
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT, VILLAGE
from lingyan.pairing.rules.activity_words import (
    ON_THE_SPOT,
    ActivityMode,
    ActivityState,
    Attendance,
    PairSide,
)

WRITERS = (*UNIT, *VILLAGE)
CHECKERS = (*TOWN, *STAFF)
READERS = (*WRITERS, *TOWN, "town_leader", *STAFF, *LEADER, "county_agency_committee")
TEXT_MAX, VENUE_MAX, REASON_MAX = 1000, 60, 200
HEADS_MAX = 5000
DAY_MINUTES = 24 * 60
PHOTOS_MAX = 9
THING = "pairing.activity"

ACTIVITY_FLOW: tuple[Transition, ...] = (
    Transition("", "plan", "planned", WRITERS, "列入计划", "结对在这一天存续", "R-3-05"),
    Transition("", "enter", "held", WRITERS, "登记活动", "这一天已经到了", "R-3-05"),
    Transition("planned", "hold", "held", WRITERS, "登记已开展", "这一天已经到了", "R-3-05"),
    Transition("planned", "correct", "planned", WRITERS, "修改", "原来的内容留着", "R-0-18"),
    Transition("held", "correct", "held", WRITERS, "更正", "写明理由，原来的内容留着", "R-0-18"),
    *fan_in(("planned", "held"),
            Transition("", "cancel", "cancelled", WRITERS, "取消", "写明理由", "R-0-18")),
    Transition("held", "check", "held", CHECKERS, "抽查", "不是自己登记的", "6.2"),
)  # fmt: skip

AUDIT_TEXTS = {
    "pairing.activity.planned": "联建活动列入计划",
    "pairing.activity.held": "登记联建活动已开展",
    "pairing.activity.corrected": "更正联建活动",
    "pairing.activity.cancelled": "取消联建活动",
    "pairing.activity.checked": "抽查联建活动",
    "pairing.activity.photo_added": "活动加照片",
    "pairing.activity.photo_removed": "删去活动照片",
    "pairing.sample.drawn": "抽取联建活动",
}

SIDE_OF_ROLE: dict[str, PairSide] = {
    **dict.fromkeys(UNIT, PairSide.UNIT),
    **dict.fromkeys(VILLAGE, PairSide.VILLAGE),
}


@dataclass(frozen=True, slots=True)
class PairOnDay:
    """One pair that the activity would serve; `until` is exclusive."""

    name: str
    is_own: bool
    since: date | None
    until: date | None
    unit: str
    village: str


@dataclass(frozen=True, slots=True)
class NamedPerson:
    name: str
    unit: str | None
    attendance: str = Attendance.SPOT.value
    was_named_before: bool = False


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What an activity would say, and what is known of the pairs and people that it names."""

    today: date
    state: str
    mode: str
    day: date
    pairs: Sequence[PairOnDay] = ()
    people: Sequence[NamedPerson] = ()
    minutes: int | None = None
    villagers: int = 0
    beneficiaries: int = 0
    has_place: bool = True
    summary: str = ""
    same_by: str = ""  # who has already entered one of this kind, day and pair
    is_another: bool = False


def refuse_to_enter(facts: ActivityFacts) -> tuple[Refusal, ...]:
    """Every reason why the activity cannot stand like this.

    依据：3.3 活动字段；R-3-05 一场活动服务几对结对只记一次；未到的日子不能算已开展。
    """
    return (
        *_about_the_pairs(facts),
        *_about_the_day(facts),
        *_about_the_people(facts),
        *_about_the_rest(facts),
    )


def _about_the_pairs(facts: ActivityFacts) -> Iterable[Refusal]:
    if not facts.pairs:
        yield Refusal("pairing.activity.no_pair", "请选这次活动服务哪一对结对")
    for one in facts.pairs:
        if not one.is_own:
            yield Refusal("pairing.activity.other_pair", "所选的结对不是您单位（村）的，请重新选")
        elif one.since is None or facts.day < one.since:
            begun = f"{one.since} 才开始" if one.since else "还没有开始"
            yield Refusal("pairing.activity.before_pair", f"{one.name}的结对{begun}，请核对日期")
        elif one.until is not None and facts.day >= one.until:
            yield Refusal("pairing.activity.after_pair", f"{one.name}的结对到 {one.until} 已经结束")
    if facts.same_by and not facts.is_another:
        yield Refusal(
            "pairing.activity.same_again",
            f"这一天同一结对已有同类活动（{facts.same_by}登记）。是同一场的不用再记；"
            "确实是另一场的，请勾选“这是另一场”",
        )


def _about_the_day(facts: ActivityFacts) -> Iterable[Refusal]:
    if facts.state == ActivityState.HELD and facts.day > facts.today:
        yield Refusal(
            "pairing.activity.day_to_come",
            f"{facts.day} 还没有到，不能登记为已开展（今天是 {facts.today}），可以先列入计划",
        )
    if facts.state == ActivityState.PLANNED and facts.day < facts.today:
        yield Refusal(
            "pairing.activity.day_past",
            f"{facts.day} 已经过去，计划写今天以后的日期；已经办过的请登记为已开展",
        )


def _about_the_people(facts: ActivityFacts) -> Iterable[Refusal]:
    units = {one.unit for one in facts.pairs}
    for one in facts.people:
        if one.unit not in units and not one.was_named_before:
            yield Refusal(
                "pairing.activity.other_unit", f"{one.name}不是结对单位的人，请从名单里选"
            )
    online = any(one.attendance == Attendance.ONLINE for one in facts.people)
    if facts.mode == ActivityMode.OFFLINE and online:
        yield Refusal("pairing.activity.online_offline", "线下活动没有线上参加的人，请核对方式")
    if facts.mode == ActivityMode.ONLINE and any(
        one.attendance == Attendance.SPOT for one in facts.people
    ):
        yield Refusal("pairing.activity.spot_online", "线上活动没有到现场的人，请核对方式")
    if facts.state == ActivityState.HELD and not facts.people:
        yield Refusal("pairing.activity.nobody", "请选单位有哪些人参加")
    for count, called in ((facts.villagers, "村里参加的人数"), (facts.beneficiaries, "受益人数")):
        if not 0 <= count <= HEADS_MAX:
            yield Refusal("pairing.activity.heads", f"{called}应为 0 至 {HEADS_MAX}")


def _about_the_rest(facts: ActivityFacts) -> Iterable[Refusal]:
    held = facts.state == ActivityState.HELD
    if facts.minutes is None:
        if held:
            yield Refusal("pairing.activity.hours_missing", "请写活动用了几小时")
    elif not 0 < facts.minutes <= DAY_MINUTES:
        yield Refusal("pairing.activity.hours", "时长应在 0 到 24 小时之间，例如 2 或 1.5")
    if facts.mode in ON_THE_SPOT and not facts.has_place:
        yield Refusal("pairing.activity.place_missing", "请选在哪里开展")
    text = facts.summary.strip()
    if held and not text:
        yield Refusal("pairing.activity.text_missing", "请写做了什么，一句话就够")
    if len(text) > TEXT_MAX:
        yield Refusal("pairing.activity.text_long", f"最多 {TEXT_MAX} 字")


def refuse_reason(reason: str) -> tuple[Refusal, ...]:
    """Nothing that was counted changes without a word why. 依据：R-0-18。"""
    if not reason.strip():
        return (Refusal("pairing.activity.reason_missing", "请写明理由"),)
    if len(reason) > REASON_MAX:
        return (Refusal("pairing.activity.reason_long", f"理由最多 {REASON_MAX} 字"),)
    return ()


def refuse_to_cancel(*, others: int) -> tuple[Refusal, ...]:
    """What others have a part in stays; one's own part is taken back. 依据：R-3-05。"""
    if not others:
        return ()
    return (
        Refusal(
            "pairing.activity.of_others",
            f"还有 {others} 对别的结对认领了这场活动，不能取消；"
            "与您无关的，请在更正里去掉自己的结对",
        ),
    )


def refuse_to_check(*, returned: bool, text: str, is_maker: bool) -> tuple[Refusal, ...]:
    """Whoever entered it does not check it; what is sent back says why. 依据：6.2、R-0-20。"""
    refusals = []
    if is_maker:
        refusals.append(Refusal("pairing.activity.own_check", "不能抽查自己登记的活动"))
    if returned and not text.strip():
        refusals.append(Refusal("pairing.activity.check_text", "请写明哪里不对，要怎样改"))
    return tuple(refusals)


def counted_attendances(
    mode: str, *, state: str, in_village: bool, attendances: Iterable[tuple[str, bool]]
) -> int:
    """How many person-times of X13 one activity gives: members present in the village.

    依据：R-3-05、A.10：线上 0；线上+线下只算到村的；没有开展的不算。
    """
    if state != ActivityState.HELD or mode not in ON_THE_SPOT or not in_village:
        return 0
    return sum(where == Attendance.SPOT and member for where, member in attendances)


# --- the sample of the township -----------------------------------------------------------------

SAMPLE_PERCENT = 10  # orglife.sample_pct


def sample_size(count: int) -> int:
    """一季度的 10%，不足一场的按一场。依据：6.2。"""
    return -(-count * SAMPLE_PERCENT // 100)


def refuse_to_draw(
    *, may: bool, is_over: bool, count: int, is_drawn: bool
) -> tuple[Refusal, ...]:  # fmt: skip
    """一个季度过完才抽，一个乡镇一个季度抽一次。依据：6.2。"""
    if not may:
        return (Refusal("pairing.sample.wrong_role", "抽查由乡镇和县委组织部办理"),)
    if is_drawn:
        return (Refusal("pairing.sample.drawn_already", "这个季度已经抽取过"),)
    refusals = []
    if not is_over:
        refusals.append(Refusal("pairing.sample.running", "这个季度还没有过完，过完再抽"))
    if not count:
        refusals.append(Refusal("pairing.sample.empty", "这个季度没有已开展的活动"))
    return tuple(refusals)
