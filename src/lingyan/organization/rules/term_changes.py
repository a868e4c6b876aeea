"""Who moves a term change on, from the plan to the archive, and what must hold (1.7)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common import gates
from lingyan.common.flow import Transition, fan_in
from lingyan.common.gates import Fact
from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.directory.rules import OfficerPost, PoliticalStatus
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE, refuse_same_person
from lingyan.organization.rules.term_settings import DEFAULTS, TermSettings
from lingyan.organization.rules.term_words import (
    Body,
    HandoverItem,
    body_of,
)

TOWN_ORG = ("town_org",)
TOWN_SECRETARY = ("town_secretary",)
PROPOSERS = ("village_secretary", *TOWN_ORG)
READERS = (
    *STAFF,
    *LEADER,
    Role.COUNTY_DISCIPLINE.value,
    *TOWN,
    Role.TOWN_LEADER.value,
    *VILLAGE,
    Role.UPPER_VIEWER.value,
)
BEFORE_ELECTION = ("preparing", "assessing", "reviewing", "nominated")

TERM_CHANGE_FLOW: tuple[Transition, ...] = (
    Transition("", "open", "preparing", TOWN_ORG, "制定换届方案",
               "应选名额合规；该村没有正在进行的换届", "1.7"),
    Transition("preparing", "redraft", "preparing", TOWN_ORG, "修改换届方案",
               "修改后须重新批准", "1.7"),
    Transition("preparing", "approve_plan", "preparing", TOWN_SECRETARY, "批准换届方案",
               "制定人不是批准人", "R-0-20"),
    Transition("preparing", "assess", "assessing", TOWN_ORG, "登记村情和班子分析",
               "方案已经乡镇党委书记批准", "1.7"),
    *fan_in(("assessing", "reviewing"), (
        Transition("", "propose", "", PROPOSERS, "提名候选人", "", "1.7"))),
    Transition("assessing", "submit", "reviewing", PROPOSERS, "提交资格联审",
               "每人有本人同意、身份证号、简历、亲属申报；候选人数够", "1.7"),
    Transition("reviewing", "confirm", "nominated", STAFF, "确定候选人",
               "每个部门都已答复，没有不得提名的问题", "G-14"),
    Transition("nominated", "meet", "nominated", TOWN_ORG, "登记选举会议",
               "到会、选票、得票合规；还有名额没有选出", "R-1-26"),
    Transition("nominated", "elect", "elected", TOWN_ORG, "登记选举会议",
               "会议有效，名额选齐或写明缺额留待补选", "R-1-26"),
    Transition("elected", "publish", "published", VILLAGE, "公布选举结果",
               "村民委员会选举结果当日公布", "S08"),
    Transition("published", "approve_posts", "published", TOWN_SECRETARY, "批复党内职务",
               "有文号", "1.7"),
    Transition("published", "file", "filed", STAFF, "备案", "党内职务已批复", "1.7"),
    Transition("filed", "hand_over", "handed_over", TOWN_ORG, "登记工作移交",
               "新一届产生十日内；双方签字，乡镇监交", "S08"),
    Transition("handed_over", "check", "handed_over", ("town_org", *STAFF), "登记回头看",
               "", "1.8"),
    Transition("handed_over", "look_back", "looked_back", ("town_org", *STAFF), "完成回头看",
               "十四项都有结论", "1.8"),
    Transition("looked_back", "close", "closed", STAFF, "归档", "回头看的问题全部销号", "1.8"),
    *fan_in(("nominated", "elected", "published"),
            Transition("", "fail", "failed", TOWN_ORG, "选举无效", "写明理由", "1.7")),
    Transition("failed", "again", "nominated", TOWN_ORG, "重新选举", "", "1.7"),
    Transition("failed", "replace", "reviewing", TOWN_ORG, "更换候选人，重新联审", "", "D"),
    *fan_in(BEFORE_ELECTION,
            Transition("", "reschedule", "", TOWN_SECRETARY, "提前或延期换届",
                       "上级党组织批准，有文号，一般不超过一年", "R-1-27")),
)  # fmt: skip


def after(state: str, line: Transition) -> str:
    """Where an act leads; some leave a change where it is."""
    return line.after or state


def label_of(act: str) -> str:
    return next(line.label for line in TERM_CHANGE_FLOW if line.act == act)


def roles_of(act: str) -> tuple[str, ...]:
    lines = [line for line in TERM_CHANGE_FLOW if line.act == act]
    return tuple(dict.fromkeys(role for line in lines for role in line.roles))


# --- shared by the steps --------------------------------------------------------------------------


def needs(text: str, refusal: Refusal) -> tuple[Refusal, ...]:
    return () if text.strip() else (refusal,)


NO_REASON = Refusal("organization.reason_missing", "请写明理由")
NO_DOCUMENT = Refusal("organization.document_missing", "请填写文号")
NO_PLAN = Refusal("organization.change.plan_missing", "请写换届方案")
NO_ANALYSIS = Refusal("organization.change.analysis_missing", "请写村情和班子分析")


def refuse_reason(text: str) -> tuple[Refusal, ...]:
    return needs(text, NO_REASON)


def refuse_document(number: str) -> tuple[Refusal, ...]:
    return needs(number, NO_DOCUMENT)


def refuse_day(
    on: date, *, today: date, since: date | None = None, what: str
) -> tuple[Refusal, ...]:
    if on > today:
        return (Refusal("organization.change.day_in_future", f"{what}不能晚于今天"),)
    if since is not None and on < since:
        return (Refusal("organization.change.day_before", f"{what}不能早于 {since}"),)
    return ()


# --- the plan -------------------------------------------------------------------------------------


def refuse_to_open(*, is_village: bool, under_way: bool, planned_on: date, today: date
                   ) -> tuple[Refusal, ...]:  # fmt: skip
    refusals = []
    if not is_village:
        refusals.append(Refusal("organization.change.not_village", "换届按村（社区）办理"))
    if under_way:
        refusals.append(Refusal("organization.change.under_way", "该村的换届正在进行，还没有归档"))
    if planned_on < today:
        refusals.append(Refusal("organization.change.planned_past", "选举日不能早于今天"))
    return tuple(refusals)


def refuse_to_approve_plan(*, makers: frozenset[str], hand: str, approved: bool
                           ) -> tuple[Refusal, ...]:  # fmt: skip
    """依据：1.7 方案由乡镇党委书记批准；R-0-20。"""
    if approved:
        return (Refusal("organization.change.approved_already", "方案已经批准"),)
    return refuse_same_person(makers, hand, act="批准")


def refuse_to_assess(*, plan_approved: bool, text: str) -> tuple[Refusal, ...]:
    refusals = list(needs(text, NO_ANALYSIS))
    if not plan_approved:
        refusals.append(
            Refusal("organization.change.plan_not_approved", "换届方案还没有经乡镇党委书记批准")
        )
    return tuple(refusals)


MOVE_MONTHS = 12


def refuse_to_reschedule(
    new_day: date, *, planned_until: date | None, document_number: str, reason: str, today: date
) -> tuple[Refusal, ...]:
    """依据：R-1-27 提前或延期须经上级党组织批准，一般不超过一年。

    `planned_until` is the first day after the term that runs; where none is known nothing is early.
    """
    refusals = [*refuse_reason(reason), *refuse_document(document_number)]
    if new_day < today:
        refusals.append(Refusal("organization.change.planned_past", "选举日不能早于今天"))
    if planned_until is not None and not (
        add_months(planned_until, -MOVE_MONTHS) <= new_day <= add_months(planned_until, MOVE_MONTHS)
    ):
        refusals.append(
            Refusal(
                "organization.change.moved_too_far",
                f"提前或延期一般不超过一年，本届届满日期为 {planned_until}",
            )
        )
    return tuple(refusals)


# --- candidates -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """One candidate as proposed, with what the register knows of the person."""

    name: str
    posts: tuple[str, ...]
    has_id: bool
    consented: bool
    has_resume: bool
    relatives_declared: bool
    political_status: str = ""
    is_sanctioned: bool = False  # G-21: in effect today
    supervisor_relatives: tuple[str, ...] = ()  # G-15: near relatives who supervise here


def refuse_candidate(facts: CandidateFacts) -> tuple[Refusal, ...]:
    """Who may not be proposed at all, whatever the papers say.

    依据：R-1-27 预备党员和留党察看的不能参选党内职务；G-21（N06）；R-1-20、G-15 近亲属回避。
    """
    refusals = []
    of_party = any(body_of(post) is Body.PARTY for post in facts.posts)
    if not facts.posts:
        refusals.append(Refusal("organization.candidate.no_post", "请选参选的职务"))
    if of_party and facts.political_status != PoliticalStatus.FULL_MEMBER:
        refusals.append(
            Refusal("organization.candidate.not_member", f"{facts.name}：参选党内职务须是正式党员")
        )
    return (*refusals, *_refuse_by_gates(facts))


NOMINATE = "organization.candidate.nominate"


def _refuse_by_gates(facts: CandidateFacts) -> tuple[Refusal, ...]:
    """G-21 and G-15, in the words of their table; kinship binds the committee (R-1-20)."""
    of_committee = any(body_of(post) is Body.VC for post in facts.posts)
    kin = "、".join(facts.supervisor_relatives)
    return gates.refusals(
        NOMINATE,
        {
            Fact.SANCTIONED: facts.is_sanctioned,
            Fact.NEAR_RELATIVE: of_committee and bool(kin),
        },
        said={Fact.NEAR_RELATIVE: f"{facts.name}：与村务监督委员会成员{kin}是近亲属，须回避"},
    )


def refuse_papers(facts: CandidateFacts) -> tuple[Refusal, ...]:
    """依据：1.7 每个候选人有本人同意、身份证号、简历、亲属申报。"""
    lacks = [
        label
        for held, label in (
            (facts.consented, "本人同意"),
            (facts.has_id, "身份证号"),
            (facts.has_resume, "简历"),
            (facts.relatives_declared, "亲属申报"),
        )
        if not held
    ]
    if lacks:
        return (Refusal("organization.candidate.papers", f"{facts.name}：缺{'、'.join(lacks)}"),)
    return ()


# --- after the election ---------------------------------------------------------------------------


def refuse_vacancies(left: Mapping[str, int], *, reason: str) -> tuple[Refusal, ...]:
    """Seats that nobody was chosen for wait for another vote, unless the reason is written down."""
    if left and not reason.strip():
        names = "、".join(f"{OfficerPost(post).label}{number}人" for post, number in left.items())
        return (Refusal("organization.election.seats_left", f"还没有选出：{names}"),)
    return ()


def refuse_to_publish(
    published_on: date, *, vc_held_on: date | None, last_held_on: date, today: date
) -> tuple[Refusal, ...]:
    """依据：S08 第十五条 村民委员会选举结果应当场公布。"""
    refusals = list(refuse_day(published_on, today=today, since=last_held_on, what="公布日期"))
    if vc_held_on is not None and published_on > vc_held_on:
        refusals.append(
            Refusal(
                "organization.change.published_late",
                f"村民委员会选举结果应当场公布，公布日期应是选举当日 {vc_held_on}；"
                "没有当日公布的，由乡镇研究是否选举无效",
            )
        )
    return tuple(refusals)


def refuse_to_file(*, has_party_posts: bool, posts_approved: bool, number: str
                   ) -> tuple[Refusal, ...]:  # fmt: skip
    refusals = list(refuse_document(number))
    if has_party_posts and not posts_approved:
        refusals.append(
            Refusal("organization.change.posts_not_approved", "乡镇党委还没有批复党内职务")
        )
    return tuple(refusals)


def handover_due(new_committee_on: date, *, settings: TermSettings = DEFAULTS) -> date:
    """依据：S08 第二十条 新一届产生之日起十日内移交。"""
    return new_committee_on + timedelta(days=settings.handover_days)


def refuse_handover(
    on: date, *, new_committee_on: date, today: date, items: Sequence[str], signers: Sequence[str],
    late_reason: str,
) -> tuple[Refusal, ...]:  # fmt: skip
    """Everything handed over, three people have signed; who is late says why."""
    missing = [one.label for one in HandoverItem if one not in items]
    refusals = list(refuse_day(on, today=today, since=new_committee_on, what="移交日期"))
    if missing:
        refusals.append(Refusal("organization.handover.items", f"还没有移交：{'、'.join(missing)}"))
    if not all(one.strip() for one in signers):
        refusals.append(
            Refusal("organization.handover.signers", "请填写移交人、接收人和乡镇监交人")
        )
    if on > handover_due(new_committee_on) and not late_reason.strip():
        refusals.append(
            Refusal(
                "organization.handover.late",
                f"应在 {handover_due(new_committee_on)} 以前移交，超过的须写明理由",
            )
        )
    return tuple(refusals)


# --- what is due, by whom, until when -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    label: str
    roles: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a change that the next step hangs on."""

    planned_on: date
    review_due_on: date | None = None
    new_committee_on: date | None = None
    handed_over_on: date | None = None
    mend_due_on: date | None = None
    plan_approved: bool = False
    posts_approved: bool = False
    lookback_months: int = DEFAULTS.lookback_months


def lookback_due(handed_over_on: date, months: int = DEFAULTS.lookback_months) -> date:
    return add_months(handed_over_on, months)


def next_due(state: str, dates: Dates) -> Due | None:
    """The next step that somebody owes, and its last day (D where the rulebook names none)."""
    first = dates.new_committee_on or dates.planned_on
    table: dict[str, Due | None] = {
        "preparing": Due("登记村情和班子分析", TOWN_ORG, dates.planned_on)
        if dates.plan_approved
        else Due("批准换届方案", TOWN_SECRETARY, dates.planned_on),
        "assessing": Due("提名候选人，提交资格联审", PROPOSERS, dates.planned_on),
        "reviewing": Due("部门答复后确定候选人", STAFF, dates.review_due_on or dates.planned_on),
        "nominated": Due("开选举会议", TOWN_ORG, dates.planned_on),
        "elected": Due("公布选举结果", VILLAGE, first),
        "published": Due("备案", STAFF, handover_due(first))
        if dates.posts_approved
        else Due("批复党内职务", TOWN_SECRETARY, handover_due(first)),
        "filed": Due("工作移交", TOWN_ORG, handover_due(first)),
        "handed_over": Due(
            "完成回头看",
            ("town_org", *STAFF),
            lookback_due(dates.handed_over_on, dates.lookback_months),
        )
        if dates.handed_over_on
        else None,
        "looked_back": Due("问题整改销号，归档", ("town_org", *STAFF), dates.mend_due_on)
        if dates.mend_due_on
        else None,
        "failed": Due("重新选举", TOWN_ORG, dates.planned_on),
    }
    return table.get(state)


AUDIT_TEXTS = {
    "organization.change.opened": "制定换届方案",
    "organization.change.redrafted": "修改换届方案",
    "organization.change.plan_approved": "批准换届方案",
    "organization.change.assessed": "登记村情和班子分析",
    "organization.change.rescheduled": "提前或延期换届",
    "organization.change.submitted": "提交资格联审",
    "organization.change.confirmed": "确定候选人",
    "organization.change.met": "登记选举会议",
    "organization.change.met_partly": "会议有效，还有名额要选",
    "organization.change.elected": "选举产生新一届",
    "organization.change.failed": "选举无效",
    "organization.change.again": "重新选举",
    "organization.change.replacing": "更换候选人，重新联审",
    "organization.change.published": "公布选举结果",
    "organization.change.posts_approved": "批复党内职务",
    "organization.change.filed": "选举结果备案",
    "organization.change.handed_over": "登记工作移交",
    "organization.change.looked_back": "完成回头看",
    "organization.change.closed": "换届归档",
    "organization.candidate.proposed": "提名候选人",
    "organization.candidate.changed": "修改候选人材料",
    "organization.candidate.dropped": "候选人退出",
    "organization.review.appointed": "确定联审部门",
    "organization.review.opened": "发起资格联审",
    "organization.review.answered": "部门答复联审",
    "organization.review.exempted": "批准联审例外",
    "organization.review.yearly": "发起在任村干部联审",
}
