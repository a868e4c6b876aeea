"""What must hold before a case is proposed, decided, planned and started (4.1 to 4.3, 4.5)?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, refuse_same_person
from lingyan.organization.rules.rectification_words import (
    Department,
    IdentifyMode,
    Opinion,
    SupportKind,
)

TEXT_MAX = 500
CONSULT_DAYS = 10
PLANNERS = TOWN
ASKERS = STAFF
# Who answers for a department by the own role; the others by the unit that they work in.
OWN_ROLE: Mapping[str, str] = {
    Department.DISCIPLINE: "county_discipline",
    Department.AGRICULTURE: "county_agri",
}
ANSWERERS = ("dept_staff", "county_discipline", "county_agri", *STAFF)
# By which the unit of a department is found in the register, to be corrected by hand.
SIGNS: Mapping[str, tuple[str, ...]] = {
    Department.DISCIPLINE: ("纪委",),
    Department.POLITICS_LAW: ("政法委",),
    Department.UNITED_FRONT: ("统战部",),
    Department.CIVIL_AFFAIRS: ("民政局",),
    Department.PETITIONS: ("信访局",),
    Department.POLICE: ("公安局",),
    Department.AGRICULTURE: ("农业农村局",),
}
# S1 and S2 are named by the county; S3 and S4 come from the records of postings and pairs.
NAMED_BY: Mapping[str, tuple[str, ...]] = {
    SupportKind.S1: (*STAFF, *LEADER),
    SupportKind.S2: (*STAFF, *TOWN),
    SupportKind.S3: STAFF,
    SupportKind.S4: STAFF,
}

AUDIT_TEXTS = {
    "organization.rect.screened": "登记整顿情形",
    "organization.rect.situation_added": "补充整顿情形",
    "organization.rect.proposed": "列为拟定对象",
    "organization.rect.withdrawn": "撤回整顿事项",
    "organization.rect.asked": "征求部门意见",
    "organization.rect.answered": "部门答复",
    "organization.rect.ranked": "倒排名次",
    "organization.rect.consulted": "完成部门会商",
    "organization.rect.confirmed": "确定整顿",
    "organization.rect.dismissed": "不列入整顿",
    "organization.rect.problem_listed": "列出整顿问题",
    "organization.rect.problem_struck": "删去整顿问题",
    "organization.rect.planned": "报送整顿方案",
    "organization.rect.supported": "明确“四个一”帮扶",
    "organization.rect.started": "开始整顿",
}


WHY_WITHDRAWN = Refusal("organization.rect.text_missing", "请写明撤回的理由")
WHY_DISMISSED = Refusal("organization.rect.text_missing", "请写明不列入的理由")
NO_GOAL = Refusal("organization.rect.text_missing", "请写明整顿要达到的目标")


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What a case is like when somebody asks for a step, and what is said with it."""

    today: date
    text: str = ""
    document_number: str = ""
    on: date | None = None
    opened_on: date | None = None
    codes: Sequence[str] = ()
    mode: IdentifyMode | None = None
    asked: int = 0
    unanswered: Sequence[str] = ()  # departments by their labels
    bare: Sequence[str] = ()  # situations without a problem
    missing: Sequence[SupportKind] = ()
    hand: str = ""
    makers: frozenset[str] = field(default_factory=frozenset)


def joint_opinion(opinions: Sequence[str]) -> bool:
    """Whether the departments together hold that the village belongs on the list.

    依据：4.2 综合认定的“部门共同意见”：答复“同意列入”的超过半数（R-0-02）。
    """
    agreed = sum(one == Opinion.AGREE for one in opinions)
    return 2 * agreed > len(Department)


def _propose(facts: StepFacts) -> list[Refusal]:
    if facts.codes:
        return []
    return [Refusal("organization.rect.no_situation", "还没有登记情形和依据")]


def _withdraw(facts: StepFacts) -> list[Refusal]:
    return _reason(facts, WHY_WITHDRAWN)


def _consult(facts: StepFacts) -> list[Refusal]:
    """依据：R-4-02 确定名单前征求七个部门的意见，逐一记录。"""
    if facts.asked < len(Department):
        return [Refusal("organization.rect.not_asked", "还没有征求七个部门的意见")]
    if facts.unanswered:
        names = "、".join(facts.unanswered)
        return [Refusal("organization.rect.unanswered", f"还没有答复的部门：{names}")]
    return []


def _confirm(facts: StepFacts) -> list[Refusal]:
    refusals = _decided(facts, "确定")
    if not facts.document_number.strip():
        refusals.append(Refusal("organization.rect.document", "请写明县委决定的文号"))
    if facts.mode is None:
        refusals.append(
            Refusal(
                "organization.rect.not_identified",
                "情形还不够认定：W01 至 W09 有一种，或 W10 至 W14 有两种，或过半数部门同意列入",
            )
        )
    return refusals


def _dismiss(facts: StepFacts) -> list[Refusal]:
    return [*_decided(facts, "决定"), *_reason(facts, WHY_DISMISSED)]


def _decided(facts: StepFacts, act: str) -> list[Refusal]:
    refusals = list(refuse_same_person(facts.makers, facts.hand, act=act))
    if facts.on is None or facts.on > facts.today or (facts.opened_on or facts.on) > facts.on:
        refusals.append(Refusal("organization.rect.decided_on", "决定日期应在登记以后、不晚于今天"))
    return refusals


def _reason(facts: StepFacts, missing: Refusal) -> list[Refusal]:
    return [] if facts.text.strip() else [missing]


def _plan(facts: StepFacts) -> list[Refusal]:
    """依据：4.5 每种情形至少一个问题，一村一策。"""
    refusals = _reason(facts, NO_GOAL)
    if facts.bare:
        named = "、".join(facts.bare)
        refusals.append(
            Refusal("organization.rect.bare_situation", f"每种情形至少列一个问题，还缺：{named}")
        )
    return refusals


def _start(facts: StepFacts) -> list[Refusal]:
    """依据：R-4-03、VAL-15。缺第一书记由关口 G-2 说明。"""
    others = [one for one in facts.missing if one != SupportKind.S3]
    if not others:
        return []
    named = "、".join(one.label for one in others)
    return [Refusal("organization.rect.support_missing", f"“四个一”帮扶力量未到位：还缺{named}")]


_OF_ACT: Mapping[str, Callable[[StepFacts], list[Refusal]]] = {
    "propose": _propose,
    "withdraw": _withdraw,
    "consult": _consult,
    "confirm": _confirm,
    "dismiss": _dismiss,
    "plan": _plan,
    "start": _start,
}


def refuse_rect_step(act: str, facts: StepFacts) -> tuple[Refusal, ...]:
    """Every reason why a step up to the start of the work may not be taken now."""
    refusals = _OF_ACT[act](facts)
    if len(facts.text) > TEXT_MAX:
        refusals.append(Refusal("organization.rect.text_long", f"最多 {TEXT_MAX} 字"))
    return tuple(refusals)


# --- consultation ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    role: str
    department: str
    in_unit: bool  # the actor works in the department's unit
    opinion: str
    text: str
    on: date
    asked_on: date
    today: date
    is_decided: bool = False


def refuse_answer(facts: AnswerFacts) -> tuple[Refusal, ...]:
    """A department answers for itself; the organization department writes down a letter.

    依据：R-4-02 逐一记录答复。
    """
    refusals = []
    is_own = OWN_ROLE.get(facts.department) == facts.role or facts.in_unit
    if facts.role not in STAFF and not is_own:
        refusals.append(Refusal("organization.rect.not_your_department", "由被征求的部门答复"))
    if facts.is_decided:
        refusals.append(Refusal("organization.rect.consulted_already", "会商已经完成，不再改答复"))
    if facts.opinion not in {one.value for one in Opinion}:
        refusals.append(Refusal("organization.rect.opinion", "请选意见"))
    if facts.opinion in (Opinion.AGAINST, Opinion.AGREE) and not facts.text.strip():
        refusals.append(
            Refusal("organization.rect.opinion_text", "同意或不同意列入的，请写明了解的情况")
        )
    if len(facts.text) > TEXT_MAX:
        refusals.append(Refusal("organization.rect.text_long", f"最多 {TEXT_MAX} 字"))
    if not facts.asked_on <= facts.on <= facts.today:
        refusals.append(
            Refusal("organization.rect.answered_on", "答复日期应在征求以后、不晚于今天")
        )
    return tuple(refusals)


# --- the plan and the four ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    role: str
    state: str  # of the case
    situation: str
    codes: Sequence[str]
    description: str
    measure: str
    owner: str
    due_on: date | None
    today: date


def refuse_problem(facts: ProblemFacts) -> tuple[Refusal, ...]:
    """A problem of the plan: of a situation of the case, with measure, owner and day.

    依据：4.4、4.5（一村一策）。
    """
    refusals = []
    if facts.role not in PLANNERS:
        refusals.append(Refusal("organization.rect.wrong_role", "整顿方案由乡镇制定"))
    if facts.state != "confirmed":
        refusals.append(
            Refusal("organization.rect.plan_closed", "只有确定整顿、方案还没有报送时可以改方案")
        )
    if facts.situation not in facts.codes:
        refusals.append(Refusal("organization.rect.problem_situation", "请选这个村的情形"))
    if not (facts.description.strip() and facts.measure.strip() and facts.owner.strip()):
        refusals.append(Refusal("organization.rect.problem_words", "问题、措施和责任人都要写明"))
    if facts.due_on is None or facts.due_on < facts.today:
        refusals.append(Refusal("organization.rect.problem_due", "整改期限应是今天或以后的日期"))
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class SupportFacts:
    role: str
    kind: str
    is_open: bool  # the case is in RECT_OPEN
    has_account: bool = False  # S1, S2: an account that may act for the village
    has_record: bool = False  # S3, S4: a posting or a pair is there
    same_again: bool = False


MISSING_RECORD = {
    SupportKind.S1: Refusal(
        "organization.rect.no_leader", "请选一名县级领导（先由管理员授予身份）"
    ),
    SupportKind.S2: Refusal(
        "organization.rect.no_town_leader", "请选本乡镇的一名领导班子成员（先由管理员授予身份）"
    ),
    SupportKind.S3: Refusal("organization.rect.no_secretary", "这个村没有在岗的第一书记"),
    SupportKind.S4: Refusal("organization.rect.no_pair", "这个村没有结对中的单位"),
}


def refuse_support(facts: SupportFacts) -> tuple[Refusal, ...]:
    """Exactly one of each; who leaves hands on to a named successor, so nobody is just struck.

    依据：4.3、R-4-03；12 G-1（包抓领导不脱钩，离任的由指定的继任者接手）。
    """
    refusals = []
    if facts.role not in NAMED_BY[facts.kind]:
        refusals.append(Refusal("organization.rect.support_role", "您的角色不能明确这一项帮扶力量"))
    if not facts.is_open:
        refusals.append(
            Refusal("organization.rect.support_closed", "确定整顿以后、销号以前明确“四个一”")
        )
    if not (facts.has_record or facts.has_account):
        refusals.append(MISSING_RECORD[SupportKind(facts.kind)])
    if facts.same_again:
        refusals.append(Refusal("organization.rect.support_same", "已经是这一名（个），不必再登记"))
    return tuple(refusals)
