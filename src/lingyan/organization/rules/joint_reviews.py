"""What does each department answer of a person, and may that person stand (1.7, N01 to N12)?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from lingyan.common import gates
from lingyan.common.gates import Fact
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF
from lingyan.organization.rules.term_changes import NOMINATE
from lingyan.organization.rules.term_settings import DEFAULTS, TermSettings
from lingyan.organization.rules.term_words import (
    Body,
    Department,
    NegativeItem,
    ReviewResult,
    SeatWay,
    Verdict,
    body_of,
)

N = NegativeItem
ABSOLUTE = frozenset({N.N01, N.N02, N.N03, N.N04})
EXEMPTERS = LEADER
# Who answers for a department that has a role of its own; the others answer as dept_staff.
ROLE_OF = {
    Department.DISCIPLINE: ("county_discipline",),
    Department.ORGANIZATION: STAFF,
    Department.AGRICULTURE: ("county_agri", "dept_staff"),
}
DEPT_STAFF = ("dept_staff",)
ANSWERERS = ("county_discipline", "county_agri", "dept_staff", *STAFF)
# What a department wrote of somebody is for those who decide, and for itself (10.1).
DETAIL_READERS = (*STAFF, *LEADER, "county_discipline")

ALIASES = {
    Department.DISCIPLINE: ("纪委监委", "纪委", "监委", "纪律检查委员会"),
    Department.ORGANIZATION: ("组织部",),
    Department.SOCIAL_WORK: ("社会工作部",),
    Department.POLITICAL_LEGAL: ("政法委", "政法委员会"),
    Department.PETITIONS: ("信访局",),
    Department.COURT: ("人民法院", "法院"),
    Department.PROCURATORATE: ("人民检察院", "检察院"),
    Department.PUBLIC_SECURITY: ("公安局",),
    Department.JUSTICE: ("司法局",),
    Department.CIVIL_AFFAIRS: ("民政局",),
    Department.AGRICULTURE: ("农业农村局",),
}


# Answered by a role of the county: nobody has to be appointed, and no unit could answer.
BY_ROLE = frozenset({Department.DISCIPLINE, Department.ORGANIZATION, Department.AGRICULTURE})
WAYS = {
    Department.DISCIPLINE: (SeatWay.OWN, SeatWay.OUT),
    Department.ORGANIZATION: (SeatWay.OWN, SeatWay.OUT),
    Department.AGRICULTURE: (SeatWay.OWN, SeatWay.UNIT, SeatWay.OUT),
}
USUAL_WAYS = (SeatWay.UNIT, SeatWay.PAPER, SeatWay.OUT)
DAYS_AHEAD = 366
YEARLY_REMIND_MONTH = 7  # D: the second half of the year


def department_of(unit_name: str) -> Department | None:
    """Which department a unit may be, by the end of its name: 县公安局, 山阳县人民法院.

    A suggestion for who appoints; a unit below (县公安局交警大队) ends otherwise and is none.
    """
    for department, names in ALIASES.items():
        if unit_name.strip().endswith(names):
            return department
    return None


def may_answer(department: str, role: str) -> bool:
    """Staff enter what came on paper for any department; everybody else for the own one."""
    return role in STAFF or role in ROLE_OF.get(Department(department), DEPT_STAFF)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who answers for one department: in which way, and where it is a unit, which."""

    way: str
    unit: UUID | None = None


def refuse_seats(
    seats: Mapping[Department, Seat], *, before: Mapping[Department, Seat], known: Collection[UUID],
    clause: str, since: date, today: date,
) -> tuple[Refusal, ...]:  # fmt: skip
    """The county says which departments review and who answers for each (`review.depts`).

    依据：1.7、R-0-21。`known` are the units of the county.
    """
    refusals = []
    for department, seat in seats.items():
        ways = WAYS.get(department, USUAL_WAYS)
        has_unit = seat.unit is not None and seat.unit in known
        if seat.way not in ways or has_unit != (seat.way == SeatWay.UNIT):
            text = f"{department.label}：请在列出的答复方式里选"
            refusals.append(Refusal("organization.review.seat", text))
    held = {**before, **seats}
    if all(one.way == SeatWay.OUT for one in held.values()) and len(held) == len(Department):
        refusals.append(Refusal("organization.review.nobody", "至少要有一个部门参加联审"))
    if not clause.strip():
        text = "请注明制度文件条款，没有文件的请注明“无文件”"
        refusals.append(Refusal("organization.review.clause", text))
    if since > today + timedelta(days=DAYS_AHEAD):
        refusals.append(Refusal("organization.review.since", "生效日期最多写到一年以后"))
    if all(before.get(department) == seat for department, seat in seats.items()):
        refusals.append(Refusal("organization.review.same", "没有改动"))
    return tuple(refusals)


def refuse_to_ask(appointed: Collection[str]) -> tuple[Refusal, ...]:
    """Nobody is asked before it is settled who answers for every department. 依据：1.7。"""
    missing = [one.label for one in Department if one not in BY_ROLE and one not in appointed]
    if not missing:
        return ()
    text = (
        f"还没有确定由谁答复联审的部门：{'、'.join(missing)}。"
        "请县委组织部管理员在“资格联审”的“联审部门”页确定"
    )
    return (Refusal("organization.review.not_appointed", text),)


def refuse_yearly(*, is_on: bool) -> tuple[Refusal, ...]:
    """依据：R-1-31（`review.yearly`）。"""
    if is_on:
        return ()
    text = "县里停用了在任村干部年度联审，要发起的请先在“县里定的标准”里启用"
    return (Refusal("organization.review.yearly_off", text),)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a department says; `result` is empty while it has not answered."""

    department: str
    result: str = ""
    items: tuple[str, ...] = ()


def refuse_answer(
    *, result: str, items: Collection[str], text: str, on: date, opened_on: date, today: date,
    letter: str, on_paper: bool,
) -> tuple[Refusal, ...]:  # fmt: skip
    """依据：1.7 每个部门答复无问题、有问题或提示，附说明和日期。"""
    refusals = []
    if result == ReviewResult.NEGATIVE and not items:
        refusals.append(Refusal("organization.review.items_missing", "请选出有什么问题"))
    if result != ReviewResult.NEGATIVE and items:
        refusals.append(
            Refusal("organization.review.items_without_problem", "选了问题的，结论应为“有问题”")
        )
    if result != ReviewResult.CLEAR and not text.strip():
        refusals.append(Refusal("organization.review.text_missing", "有问题或提示的，须写明情况"))
    if on > today or on < opened_on:
        refusals.append(Refusal("organization.review.day", f"答复日期应在 {opened_on} 至今天之间"))
    if on_paper and not letter.strip():
        refusals.append(
            Refusal("organization.review.letter_missing", "代部门录入的，请填写来函文号")
        )
    return tuple(refusals)


# --- what the answers come to ---------------------------------------------------------------------


def waiting_for(answers: Iterable[Answer]) -> tuple[str, ...]:
    """The departments that have not answered, in the order of the list."""
    silent = {one.department for one in answers if not one.result}
    return tuple(one.label for one in Department if one in silent)


def items_found(answers: Iterable[Answer]) -> tuple[NegativeItem, ...]:
    found = {item for one in answers for item in one.items}
    return tuple(item for item in NegativeItem if item in found)


def verdict(
    answers: Sequence[Answer], *, exempted: Collection[str] = (), valid_until: date | None = None,
    today: date | None = None,
) -> Verdict:  # fmt: skip
    """N01 to N04 stop at once; the others unless exempted; nothing is clear before all answered.

    依据：1.7、G-14。`valid_until` is the last day on which the result still counts (R-1-31).
    """
    found = items_found(answers)
    if ABSOLUTE & set(found):
        return Verdict.ABSOLUTE
    if [item for item in found if item not in exempted]:
        return Verdict.NEGATIVE
    if waiting_for(answers) or not answers:
        return Verdict.WAITING
    if valid_until is not None and today is not None and today > valid_until:
        return Verdict.EXPIRED
    return Verdict.EXEMPTED if found else Verdict.CLEAR


PASSED = frozenset({Verdict.CLEAR, Verdict.EXEMPTED})


def valid_until(answered_on: Iterable[date], *, settings: TermSettings = DEFAULTS) -> date | None:
    """The last day on which a result counts: so many days after the last answer (R-1-31)."""
    days = list(answered_on)
    return max(days) + timedelta(days=settings.review_valid_days) if days else None


def refuse_standing(name: str, one: Verdict, *, waiting: Sequence[str] = ()) -> tuple[Refusal, ...]:
    """May this candidate be put on the ballot? 依据：1.7、G-14、VAL-08。"""
    if one in PASSED:
        return ()
    if one is Verdict.ABSOLUTE:
        said = {Fact.REVIEW_NEGATIVE: f"{name}：联审不通过，不得提名"}
        return gates.refusals(NOMINATE, {Fact.REVIEW_NEGATIVE: True}, said=said)
    if one is Verdict.NEGATIVE:
        text = f"{name}：联审有问题，没有县委组织部部务会成员批准不能提名"
        return (Refusal("organization.review.negative", text),)
    if one is Verdict.EXPIRED:
        return (Refusal("organization.review.expired", f"{name}：联审结果已过期，须重新联审"),)
    text = f"{name}：还有部门没有答复（{'、'.join(waiting)}）"
    return (Refusal("organization.review.waiting", text),)


def refuse_exemption(
    answers: Sequence[Answer], *, reason: str, document_number: str
) -> tuple[Refusal, ...]:
    """依据：1.7 N01—N04 不得例外；其他情形由部务会成员书面批准。"""
    found = items_found(answers)
    if not found:
        return (Refusal("organization.review.nothing_to_exempt", "没有需要批准的问题"),)
    refusals = []
    if ABSOLUTE & set(found):
        refusals.append(
            Refusal(
                "organization.review.never_exempt", "受刑事处罚、村霸、涉黑涉恶、涉邪教不得例外"
            )
        )
    if not reason.strip():
        refusals.append(Refusal("organization.reason_missing", "请写明理由"))
    if not document_number.strip():
        refusals.append(Refusal("organization.document_missing", "请填写文号"))
    return tuple(refusals)


# --- cadres in office -----------------------------------------------------------------------------


def sitting_act(post: str) -> str:
    """The act of gate G-14 for a cadre in office: removal, or resignation and recall."""
    return f"organization.sitting.{'party' if body_of(post) is Body.PARTY else 'committee'}"


def follows_for(post: str, one: Verdict) -> tuple[tuple[gates.Gate, gates.Held], ...]:
    """What gate G-14 asks for where somebody in office is found unfit. 依据：G-14、R-1-28。"""
    return gates.triggered(sitting_act(post), {Fact.REVIEW_NEGATIVE: one is Verdict.ABSOLUTE})
