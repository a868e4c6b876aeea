"""May this be written into the diary, on this day, by this person?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.posting.rules.diary_words import Duty
from lingyan.posting.rules.words import PostingState

WRITERS = (Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
NOT_ARRIVED = frozenset({PostingState.APPOINTED, PostingState.TRAINED})
TEXT_MAX, WITH_MAX, HOUSEHOLDS_MAX, REASON_MAX = 2000, 100, 500, 200
PHOTOS_MAX = 9

# What an entry says; a phone sends all of it, and a conflict is told field by field.
FIELDS = ("happened_on", "duty", "text", "with_whom", "need", "households", "withdrawn")
LABELS = {
    "happened_on": "日期",
    "duty": "职责任务",
    "text": "做了什么",
    "with_whom": "和谁一起",
    "need": "对应的需求",
    "households": "走访户数",
    "withdrawn": "撤回理由",
}

AUDIT_TEXTS = {
    "posting.diary.written": "写工作日志",
    "posting.diary.changed": "修改工作日志",
    "posting.diary.withdrawn": "撤回工作日志",
    "posting.diary.clashed": "两处修改不一致，待选择",
    "posting.diary.settled": "选定冲突的内容",
    "posting.diary.photo_added": "日志加照片",
    "posting.diary.photo_removed": "删去日志照片",
}


NO_POSTING = Refusal("posting.diary.no_posting", "您没有派驻记录，不能写日志，请联系县委组织部")


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What an entry would say, and the posting into which it falls."""

    values: Mapping[str, Any]
    today: date
    has_posting: bool
    state: str = ""
    since: date | None = None
    until: date | None = None
    same_again: bool = False
    needs: frozenset[str] = frozenset()


def day_of(values: Mapping[str, Any]) -> date | None:
    """The day that an entry names; none where it is no day at all."""
    try:
        return date.fromisoformat(str(values.get("happened_on", "")))
    except ValueError:
        return None


def refuse_to_write(facts: EntryFacts) -> tuple[Refusal, ...]:
    """Every reason why the entry cannot stand like this.

    依据：R-2-25 工作纪实由日志汇总；只记本人任期内、已经做过的事。同一天同样的内容只记一次。
    """
    if not facts.has_posting:
        return (NO_POSTING,)
    return (*_about_the_day(facts), *_about_the_words(facts))


def _about_the_day(facts: EntryFacts) -> Iterable[Refusal]:
    day = day_of(facts.values)
    if day is None:
        yield Refusal("posting.diary.day", "日期不对，请写成 2026-03-05 这样的日期")
        return
    if day > facts.today:
        yield Refusal(
            "posting.diary.day_to_come",
            f"{day} 还没有到，日志只记已经做过的事（今天是 {facts.today}）",
        )
    if facts.state in NOT_ARRIVED:
        yield Refusal("posting.diary.not_arrived", "还没有办理到岗确认，到岗后再写日志")
    elif facts.since and day < facts.since:
        yield Refusal(
            "posting.diary.before_arrival", f"{day} 早于您的派驻日期 {facts.since}，不能记入日志"
        )
    if facts.until and day >= facts.until:
        yield Refusal(
            "posting.diary.after_end", f"您的派驻到 {facts.until} 已经结束，{day} 不能记入日志"
        )


def _about_the_words(facts: EntryFacts) -> Iterable[Refusal]:
    said = facts.values
    text = str(said.get("text", "")).strip()
    if not text:
        yield Refusal("posting.diary.text_missing", "请写做了什么，一句话就够")
    if len(text) > TEXT_MAX:
        yield Refusal("posting.diary.text_long", f"一条日志最多 {TEXT_MAX} 字，请分成几条写")
    if len(str(said.get("with_whom", ""))) > WITH_MAX:
        yield Refusal("posting.diary.with_long", f"“和谁一起”最多 {WITH_MAX} 字")
    if said.get("duty") not in {one.value for one in Duty}:
        yield Refusal("posting.diary.duty_missing", "请选一项职责任务")
    households = said.get("households", 0)
    if not isinstance(households, int) or not 0 <= households <= HOUSEHOLDS_MAX:
        yield Refusal("posting.diary.households", f"走访户数应为 0 至 {HOUSEHOLDS_MAX}")
    need = str(said.get("need", ""))
    if need and need not in facts.needs:
        yield Refusal("posting.diary.need", "所选的需求不在本村的需求清单里，请重新选")
    if facts.same_again:
        yield Refusal("posting.diary.same_again", "这一天已经有一条同样的日志，没有重复记录")


def refuse_to_withdraw(reason: str, *, withdrawn: str) -> tuple[Refusal, ...]:
    """A counted record is never deleted: it is withdrawn with a reason. 依据：R-0-18。"""
    if withdrawn:
        return (Refusal("posting.diary.withdrawn_already", "这条日志已经撤回"),)
    if not reason.strip():
        return (Refusal("posting.diary.reason_missing", "请写明撤回的理由"),)
    if len(reason) > REASON_MAX:
        return (Refusal("posting.diary.reason_long", f"理由最多 {REASON_MAX} 字"),)
    return ()


def refuse_photo_at(*, withdrawn: str) -> tuple[Refusal, ...]:
    """A withdrawn entry takes no more photos."""
    if withdrawn:
        return (Refusal("posting.diary.withdrawn_already", "这条日志已经撤回"),)
    return ()
