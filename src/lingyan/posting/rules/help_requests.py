"""Who works on a difficulty that a posted person has raised, until when, and when is it over?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.flow import Transition
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT
from lingyan.posting.rules.support_words import HelpKind, HelpOwner, HelpState

USUAL_DAYS = 30  # help.days: how long after it was raised something should be done, D
TEXT_MAX = 500
MISSING = Refusal("posting.help.text_missing", "请写明有什么困难")
OWNING_ROLES: dict[HelpOwner, tuple[str, ...]] = {
    HelpOwner.UNIT: UNIT,
    HelpOwner.TOWN: TOWN,
    HelpOwner.COUNTY: (*STAFF, *LEADER),
}
HANDLERS = (*UNIT, *TOWN, *STAFF, *LEADER)
READERS = (*POSTED, *HANDLERS)
OPEN = (HelpState.RAISED, HelpState.ACCEPTED, HelpState.HANDLING)
WAITING_FOR_THE_PERSON = (HelpState.ANSWERED, HelpState.DECLINED)
USUAL_OWNER = {
    HelpKind.SPOUSE_JOB: HelpOwner.COUNTY,
    HelpKind.CHILD_SCHOOL: HelpOwner.COUNTY,
    HelpKind.ELDER_CARE: HelpOwner.UNIT,
    HelpKind.HOUSING: HelpOwner.TOWN,
    HelpKind.HEALTH: HelpOwner.UNIT,
    HelpKind.OTHER: HelpOwner.UNIT,
}

_WORKING = ("accepted", "handling")
HELP_FLOW: tuple[Transition, ...] = (
    Transition("", "raise", "raised", POSTED, "提出困难", "写明困难", "2.11"),
    Transition("raised", "withdraw", "withdrawn", POSTED, "撤回", "本人撤回", "2.11"),
    Transition("raised", "accept", "accepted", HANDLERS, "受理", "承办的一方定下期限", "2.11"),
    Transition("accepted", "begin", "handling", HANDLERS, "记下进展", "写明进展", "2.11"),
    Transition("handling", "begin", "handling", HANDLERS, "记下进展", "写明进展", "2.11"),
    *(Transition(before, "answer", "answered", HANDLERS, "办好，请本人确认", "写明怎样办的", "2.11")
      for before in _WORKING),
    *(Transition(before, "decline", "declined", HANDLERS, "暂不具备条件", "写明原因和依据",
                 "VAL-45")
      for before in _WORKING),
    *(Transition(before, "pass_on", "raised", HANDLERS, "转办", "写明理由，换承办方", "2.11")
      for before in ("raised", *_WORKING)),
    Transition("answered", "confirm", "solved", POSTED, "确认已解决", "本人确认", "2.11"),
    Transition("declined", "confirm", "unsolved", POSTED, "同意暂不办理", "本人确认", "2.11"),
    Transition("answered", "reopen", "handling", POSTED, "没有解决", "写明还差什么", "2.11"),
    Transition("declined", "reopen", "handling", POSTED, "请再想办法", "写明还差什么", "2.11"),
    Transition("answered", "note", "solved", (*TOWN, *STAFF), "登记本人书面意见：已解决",
               "派驻已结束，本人不再登录；写明书面意见的日期和内容", "2.11"),
    Transition("declined", "note", "unsolved", (*TOWN, *STAFF), "登记本人书面意见：同意暂不办理",
               "派驻已结束，本人不再登录；写明书面意见的日期和内容", "2.11"),
)  # fmt: skip
ACTS_OF_THE_PERSON = ("withdraw", "confirm", "reopen")

AUDIT_TEXTS = {
    "posting.help.raised": "提出实际困难",
    "posting.help.withdrawn": "撤回实际困难",
    "posting.help.accepted": "受理实际困难",
    "posting.help.handling": "记下困难的办理进展",
    "posting.help.answered": "困难办好，待本人确认",
    "posting.help.declined": "困难暂不具备条件，待本人确认",
    "posting.help.passed_on": "困难转办",
    "posting.help.confirmed": "本人确认困难的办理结果",
    "posting.help.noted": "登记本人对困难办理的书面意见",
    "posting.help.reopened": "本人认为困难没有解决",
}


def refuse_to_raise(*, text: str, kind: str, is_at_work: bool) -> tuple[Refusal, ...]:
    """Somebody in post writes down what is hard. 依据：2.11 HelpRequest。"""
    refusals = []
    if not is_at_work:
        refusals.append(Refusal("posting.help.not_posted", "您现在没有派驻，不能提出"))
    if kind not in {one.value for one in HelpKind}:
        refusals.append(Refusal("posting.help.kind_missing", "请选困难的类别"))
    return (*refusals, *_about_the_text(text, MISSING))


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Who asks for a step, and what is said with it."""

    today: date
    text: str
    is_own: bool  # the person who raised it
    owns: bool  # the side that works on it
    owner: str = ""
    new_owner: str = ""
    has_unit: bool = True
    due_on: date | None = None
    has_left: bool = False  # the posting is over: the person signs in no more


ASKED = {
    "begin": Refusal("posting.help.text_missing", "请写明进展"),
    "answer": Refusal("posting.help.text_missing", "请写明怎样办的"),
    "decline": Refusal("posting.help.text_missing", "答复须注明办理意见和依据"),
    "pass_on": Refusal("posting.help.text_missing", "请写明转办的理由"),
    "note": Refusal("posting.help.text_missing", "请写明本人书面意见的日期和内容"),
    "reopen": Refusal("posting.help.text_missing", "请写明还差什么"),
}


def refuse_step(act: str, facts: StepFacts) -> tuple[Refusal, ...]:
    """Work is for the owner's side, the last word for the person alone. 依据：2.11、VAL-45。

    派驻结束、本人不再登录的，乡镇或县委组织部凭本人书面意见登记。
    """
    refusals = []
    if act in ACTS_OF_THE_PERSON:
        if not facts.is_own:
            refusals.append(Refusal("posting.help.not_yours", "只有提出困难的本人可以办理"))
    elif act == "note":
        if not facts.has_left:
            refusals.append(Refusal("posting.help.still_posted", "派驻还没有结束，由本人确认"))
    elif not facts.owns:
        refusals.append(Refusal("posting.help.not_owner", "这件事不由您这一方承办"))
    if missing := ASKED.get(act):
        refusals += _about_the_text(facts.text, missing)
    if act == "accept" and (facts.due_on is None or facts.due_on < facts.today):
        refusals.append(Refusal("posting.help.due_on", "期限应是今天或以后的日期"))
    if act == "pass_on":
        refusals += _refuse_owner(facts)
    return tuple(refusals)


def _refuse_owner(facts: StepFacts) -> list[Refusal]:
    if facts.new_owner not in {one.value for one in HelpOwner} or facts.new_owner == facts.owner:
        return [Refusal("posting.help.owner", "请选另一个承办方")]
    if facts.new_owner == HelpOwner.UNIT and not facts.has_unit:
        return [Refusal("posting.help.no_unit", "这名同志没有派出单位，请转给乡镇或县委组织部")]
    return []


def _about_the_text(text: str, missing: Refusal) -> list[Refusal]:
    if not text.strip():
        return [missing]
    if len(text) > TEXT_MAX:
        return [Refusal("posting.help.text_long", f"最多 {TEXT_MAX} 字")]
    return []


def usual_owner(kind: str, *, has_unit: bool) -> HelpOwner:
    """Which side usually helps: known from the kind, so that nobody is asked for it."""
    owner = USUAL_OWNER.get(HelpKind(kind), HelpOwner.COUNTY)
    return HelpOwner.TOWN if owner == HelpOwner.UNIT and not has_unit else owner


def usual_due(today: date) -> date:
    return today + timedelta(days=USUAL_DAYS)


def reported_to(owner: str) -> tuple[str, ...]:
    """Who is told of what is overdue: one level above the owner. 依据：0.8 逐级上报。"""
    return LEADER if owner == HelpOwner.COUNTY else STAFF
