"""Who solves a problem that a pair was told of, and who says that it is solved?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.flow import Transition, fan_in
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.pairing.rules.ledger_words import ProblemChannel, ProblemKind

RAISERS = (*VILLAGE, *UNIT, *POSTED, *TOWN, *STAFF)
SOLVERS = (*UNIT, *POSTED)
PASSERS = (*UNIT, *POSTED, *TOWN, *STAFF)
USUAL_DAYS = 30  # pair.problem_days, D
NEAR_DAYS = 30  # a problem of the first secretary within so many days may be the same thing
TEXT_MAX = 500
NAMES_MAX = 200

PAIR_PROBLEM_FLOW: tuple[Transition, ...] = (
    Transition("", "raise", "raised", RAISERS, "提出问题", "写明问题、类别和从哪里听到", "3.4"),
    Transition("raised", "accept", "accepted", SOLVERS, "受理", "定下期限", "3.4"),
    *fan_in(("accepted", "solving"),
            Transition("", "begin", "solving", SOLVERS, "记下进展", "写明进展", "3.4")),
    *fan_in(("accepted", "solving"),
            Transition("", "finish", "handled", SOLVERS, "已办好，请村里确认", "写明怎样办的",
                       "3.4")),
    Transition("handled", "confirm", "solved", VILLAGE, "确认已解决",
               "村里确认，并写明至少一名受益群众", "3.4"),
    Transition("handled", "reopen", "solving", VILLAGE, "没有解决", "写明还差什么", "3.4"),
    *fan_in(("raised", "accepted", "solving"),
            Transition("", "transfer", "transferred", PASSERS, "转交", "写明转给谁和理由", "3.4")),
    *fan_in(("raised", "accepted"),
            Transition("", "void", "voided", (*VILLAGE, *STAFF), "作废", "写明原因", "R-0-18")),
)  # fmt: skip

AUDIT_TEXTS = {
    "pairing.problem.raised": "提出联建问题",
    "pairing.problem.accepted": "受理联建问题",
    "pairing.problem.solving": "记下联建问题的进展",
    "pairing.problem.handled": "联建问题办好，待村和群众确认",
    "pairing.problem.confirmed": "村和受益群众确认问题已解决",
    "pairing.problem.reopened": "问题没有解决，继续办理",
    "pairing.problem.transferred": "转交联建问题",
    "pairing.problem.voided": "作废联建问题",
    "pairing.problem.claimed": "认领联建问题",
    "pairing.problem.dropped": "撤回问题认领",
    "pairing.problem.joined": "与第一书记发现的问题合为一件",
}

# What people write of a thing, by which a first secretary's problem is held against a kind.
SIGNS: dict[ProblemKind, tuple[str, ...]] = {
    ProblemKind.ROAD: ("路", "桥", "通车"),
    ProblemKind.WATER: ("饮水", "自来水", "吃水", "水管"),
    ProblemKind.NETWORK: ("网络", "宽带", "信号", "基站"),
    ProblemKind.POWER: ("用电", "电压", "停电", "变压器", "路灯"),
    ProblemKind.IRRIGATION: ("水利", "灌溉", "水渠", "堰塘", "山坪塘"),
    ProblemKind.HOUSING: ("住房", "危房", "房屋"),
    ProblemKind.MEDICAL: ("看病", "医疗", "卫生室", "医保"),
    ProblemKind.EDUCATION: ("上学", "学校", "教育", "入学"),
    ProblemKind.EMPLOYMENT: ("就业", "务工", "找工作", "岗位"),
}


def refuse_to_raise(
    *, kind: str, channel: str, text: str, raised_on: date, today: date
) -> tuple[Refusal, ...]:
    refusals = []
    if kind not in {one.value for one in ProblemKind}:
        refusals.append(Refusal("pairing.problem.kind", "请选问题类别"))
    if channel not in {one.value for one in ProblemChannel}:
        refusals.append(Refusal("pairing.problem.channel", "请选从哪里听到的"))
    refusals += _about_the_text(text, MISSING)
    if raised_on > today:
        refusals.append(Refusal("pairing.problem.raised_on", "提出日期不能晚于今天"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Who asks for a step, and what is said with it."""

    today: date
    has_part: bool  # one's own pair, or oneself, has a claim on it
    in_village: bool  # the village's own side
    text: str = ""
    due_on: date | None = None
    beneficiaries: str = ""
    confirmed_on: date | None = None
    handled_on: date | None = None


MISSING = Refusal("pairing.problem.text_missing", "请写明是什么问题")
ASKED = {
    "begin": Refusal("pairing.problem.text_missing", "请写明进展"),
    "finish": Refusal("pairing.problem.text_missing", "请写明怎样办的"),
    "reopen": Refusal("pairing.problem.text_missing", "请写明还差什么"),
    "transfer": Refusal("pairing.problem.text_missing", "请写明转给谁和理由"),
    "void": Refusal("pairing.problem.text_missing", "请写明作废的原因"),
}


def refuse_step(act: str, facts: StepFacts) -> tuple[Refusal, ...]:
    """Solving is for those who have a part in it; the last word has who had the problem.

    依据：3.4 村和至少一名受益群众确认后才算解决。
    """
    refusals: list[Refusal] = []
    if act in ("accept", "begin", "finish") and not facts.has_part:
        refusals.append(Refusal("pairing.problem.not_yours", "这个问题不由您这一方办理"))
    if act in ("confirm", "reopen") and not facts.in_village:
        refusals.append(Refusal("pairing.problem.not_village", "由提出问题的村确认"))
    if asked := ASKED.get(act):
        refusals += _about_the_text(facts.text, asked)
    if act == "accept" and (facts.due_on is None or facts.due_on < facts.today):
        refusals.append(Refusal("pairing.problem.due_on", "期限应是今天或以后的日期"))
    if act == "confirm":
        refusals += _about_beneficiaries(facts)
    return tuple(refusals)


def _about_beneficiaries(facts: StepFacts) -> list[Refusal]:
    refusals = []
    if not names_in(facts.beneficiaries):
        refusals.append(
            Refusal("pairing.problem.beneficiary", "请写至少一名确认解决的受益群众姓名")
        )
    elif len(facts.beneficiaries) > NAMES_MAX:
        refusals.append(Refusal("pairing.problem.names_long", f"姓名最多 {NAMES_MAX} 字"))
    on = facts.confirmed_on
    if on is None or on > facts.today or (facts.handled_on and on < facts.handled_on):
        refusals.append(
            Refusal("pairing.problem.confirmed_on", "确认日期应在办好那天以后、不晚于今天")
        )
    return refusals


def names_in(text: str) -> list[str]:
    """The names in a line, however they are parted; nobody twice."""
    for mark in "，,；;、\n\t":
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))


def _about_the_text(text: str, missing: Refusal) -> list[Refusal]:
    if not text.strip():
        return [missing]
    if len(text) > TEXT_MAX:
        return [Refusal("pairing.problem.text_long", f"最多 {TEXT_MAX} 字")]
    return []


def usual_due(today: date) -> date:
    return today + timedelta(days=USUAL_DAYS)


def likeness(kind: str, raised_on: date, *, text: str, found_on: date) -> int:
    """How much a problem found by a first secretary of the village looks like this one.

    Nothing where the days are too far apart; the words of the kind weigh more than the days.
    """
    apart = abs((raised_on - found_on).days)
    if apart > NEAR_DAYS:
        return 0
    signs: Sequence[str] = SIGNS.get(ProblemKind(kind), ())
    fits = any(sign in text for sign in signs)
    return 1 + (NEAR_DAYS - apart) + (2 * NEAR_DAYS if fits else 0)
