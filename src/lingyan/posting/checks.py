"""Which records of posting contradict each other? One table of checks, one query each."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from lingyan.common import clock
from lingyan.directory.models import VillageOfficer
from lingyan.directory.rules import VILLAGE_COMMITTEE, OfficerPost, PlaceLevel
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.checks.table import Check, Severity
from lingyan.posting.models import (
    AppraisalCycle,
    AppraisalEntry,
    DiaryEntry,
    Honor,
    InsurancePolicy,
    LeaveRequest,
    MonthPresence,
    NeedList,
    PaymentLine,
    PaymentList,
    PoolEntry,
    Posting,
    Problem,
    RecallCase,
    Replacement,
    Round,
    RoundVillage,
    Visit,
    WorkFundBudget,
)
from lingyan.posting.rules.words import PoolState, PostingState, RoundState

MUST, LOOK, NOTE = Severity.MUST, Severity.LOOK, Severity.NOTE
LEFT = (
    PostingState.COMPLETED,
    PostingState.RECALLED,
    PostingState.TRANSFERRED,
    PostingState.CEASED,
)
ANNOUNCED = (RoundState.ANNOUNCED, RoundState.ISSUED)
TWO_COMMITTEES = VILLAGE_COMMITTEE | {
    OfficerPost.PARTY_SECRETARY,
    OfficerPost.PARTY_DEPUTY,
    OfficerPost.PARTY_COMMITTEE_MEMBER,
}
DECIDED = (RoundState.DELIBERATED, *ANNOUNCED)


# --- postings -------------------------------------------------------------------------------------


def _postings(scope: Scope) -> QuerySet[Posting]:
    return Posting.objects.filter(place_q(scope, "village__")).select_related("person", "village")


def _at_work(scope: Scope) -> QuerySet[Posting]:
    return _postings(scope).filter(until__isnull=True)


def _arrived_outside(scope: Scope) -> QuerySet[Posting]:
    return _postings(scope).filter(Q(arrived_on__lt=F("since")) | Q(arrived_on__gt=F("until")))


def _secretaries_in_a_seat(scope: Scope) -> QuerySet[Posting]:
    seat = VillageOfficer.objects.filter(
        person=OuterRef("person"), village=OuterRef("village"), post__in=TWO_COMMITTEES,
        until__isnull=True,
    )  # fmt: skip
    return _at_work(scope).filter(Exists(seat), kind="first_secretary")


def _pool(scope: Scope) -> QuerySet[PoolEntry]:
    return PoolEntry.objects.filter(place_q(scope, "person__place__")).select_related(
        "person", "person__place"
    )


def _selected_nowhere(scope: Scope) -> QuerySet[PoolEntry]:
    sent = Posting.objects.filter(person=OuterRef("person"), until__isnull=True)
    return _pool(scope).filter(~Exists(sent), state=PoolState.SELECTED)


def _sent_but_free(scope: Scope) -> QuerySet[PoolEntry]:
    sent = Posting.objects.filter(person=OuterRef("person"), until__isnull=True)
    return _pool(scope).filter(Exists(sent), state=PoolState.IN_POOL)


POSTINGS = (
    Check(
        "posting.left_without_day", MUST, "派驻已结束，没有离任日期",
        "在岗名单、保障和考评还把人算在内。", "打开派驻记录，核对离任的文件，报告系统管理员补登。",
        lambda scope: _postings(scope).filter(state__in=LEFT, until__isnull=True),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.day_without_leaving", MUST, "有离任日期，状态还是在派",
        "同一个人可能又被派到别处，两处都算在岗。", "核对离任的文件，办理期满离任或调整。",
        lambda scope: _postings(scope).filter(until__lt=clock.today()).exclude(
            state__in=(*LEFT, PostingState.HANDED_OVER)
        ),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.ended_before_begun", MUST, "离任日期早于派驻开始日期",
        "任职时间算成负数。", "核对任命和离任的文件，更正日期。",
        lambda scope: _postings(scope).filter(until__lt=F("since")),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.of_no_village", MUST, "派驻的地方不是村（社区）",
        "派驻以村为单位，名单和统计会漏掉。", "终止这条派驻，重新发文派驻到村。",
        lambda scope: _postings(scope).exclude(village__level=PlaceLevel.VILLAGE),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.of_ended_village", MUST, "村已撤销，人还在派驻",
        "撤销的村还有人驻着，补助照发。", "办理调整，派到承继的村。",
        lambda scope: _at_work(scope).filter(village__ended_on__isnull=False),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.of_merged_person", MUST, "派驻的人员记录已并入别人",
        "从人员页面找不到这段派驻。", "撤销这次合并，重新合并，派驻随人转过去。",
        lambda scope: _postings(scope).filter(person__merged_into__isnull=False),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.without_document", MUST, "派驻没有发文字号",
        "没有任命依据。", "查到任命文件，报告系统管理员补登。",
        lambda scope: _postings(scope).filter(document_number=""),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.arrived_outside", MUST, "到岗日期不在派驻期内",
        "在村天数会多算或少算。", "核对报到记录，更正到岗日期。",
        _arrived_outside, "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.at_home", MUST, "派驻在本人籍贯、户籍或成长的村",
        "不符合地域回避规定（R-2-14）。", "核实人员的籍贯等信息；属实的，调整派驻。",
        lambda scope: _at_work(scope).filter(
            Q(person__native_place=F("village"))
            | Q(person__household_place=F("village"))
            | Q(person__grown_up_place=F("village"))
        ),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.secretary_no_member", MUST, "第一书记不是中共正式党员",
        "第一书记应当是正式党员（R-2-11）。", "核实政治面貌；属实的，调整派驻。",
        lambda scope: _at_work(scope).filter(kind="first_secretary").exclude(
            person__political_status__in=("full_member", "")
        ),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.secretary_in_a_seat", LOOK, "第一书记在驻的村还任村“两委”职务",
        "第一书记不占村“两委”职数，不参加换届选举（R-2-06）。", "核实任职名册；属实的，办理离任。",
        _secretaries_in_a_seat, "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.follows_itself", MUST, "前任派驻是它自己或另一个村的",
        "交接找不到交出的一方。", "报告系统管理员核查前任。",
        lambda scope: _postings(scope).filter(
            Q(predecessor=F("pk")) | (
                Q(predecessor__isnull=False) & ~Q(predecessor__village=F("village"))
                & Q(origin="replace")
            )
        ),
        "posting_detail", where="village", who="person",
    ),
    Check(
        "posting.pool_selected_nowhere", LOOK, "储备库写着已选派，却没有在派",
        "这个人不会再被选派到。", "核对后在储备库办理期满返回，或补发文件。",
        _selected_nowhere, "pool_entry", where="person.place", who="person",
    ),
    Check(
        "posting.pool_free_but_sent", LOOK, "人已派驻，储备库还写着在库",
        "下一批会把同一个人再派一次。", "核对派驻后更正储备库状态。",
        _sent_but_free, "pool_entry", where="person.place", who="person",
    ),
)  # fmt: skip


# --- needs and rounds -----------------------------------------------------------------------------


def _rounds(scope: Scope) -> QuerySet[Round]:
    return Round.objects.filter(place_q(scope, "county__")).select_related("county")


def _lists(scope: Scope) -> QuerySet[NeedList]:
    return NeedList.objects.filter(place_q(scope, "village__")).select_related("village")


ROUNDS = (
    Check(
        "posting.need_without_day", MUST, "需求清单已下发，没有下发日期",
        "查不到是哪一天起生效的。", "作废后重新确认下发。",
        lambda scope: _lists(scope).filter(state="issued", issued_on__isnull=True),
        "need_list", where="village",
    ),
    Check(
        "posting.need_lower_above", MUST, "需求清单的下限多于名额",
        "怎么配都配不满，方案会一直说缺人。", "修改需求清单的名额或下限。",
        lambda scope: _lists(scope).filter(
            Q(first_secretary_lower__gt=F("first_secretary_seats"))
            | Q(member_lower__gt=F("member_seats"))
        ),
        "need_list", where="village",
    ),
    Check(
        "posting.need_of_ended_village", LOOK, "村已撤销，需求清单还有效",
        "下一批会给撤销的村派人。", "在承继的村重新体检、确认清单。",
        lambda scope: _lists(scope).filter(village__ended_on__isnull=False).exclude(
            state="superseded"
        ),
        "need_list", where="village",
    ),
    Check(
        "posting.round_village_elsewhere", MUST, "批次里的村用了别的村的需求清单",
        "按错的需求匹配。", "把这个村移出批次，重新加入。",
        lambda scope: RoundVillage.objects.filter(place_q(scope, "village__")).exclude(
            need_list__village=F("village")
        ).select_related("round", "village"),
        "round_detail", "round_id", where="village",
    ),
    Check(
        "posting.round_without_plan", MUST, "批次已研究，没有选定方案",
        "不知道研究的是哪一个方案。", "退回调整，选定方案后重新研究。",
        lambda scope: _rounds(scope).filter(state__in=DECIDED, chosen_plan__isnull=True),
        "round_detail", where="county",
    ),
    Check(
        "posting.round_plan_elsewhere", MUST, "选定的方案是别的批次的",
        "会按错的名单公示、发文。", "退回调整，重新计算、选定。",
        lambda scope: _rounds(scope).filter(chosen_plan__isnull=False).exclude(
            chosen_plan__round=F("pk")
        ),
        "round_detail", where="county",
    ),
    Check(
        "posting.round_plan_unproved", MUST, "已研究的方案没有通过复核",
        "方案可能超限，或不是最优。", "退回调整，重新计算。",
        lambda scope: _rounds(scope).filter(
            state__in=DECIDED, chosen_plan__isnull=False, chosen_plan__verified=False
        ),
        "round_detail", where="county",
    ),
    Check(
        "posting.round_days_out_of_order", MUST, "批次的日期先后不对（研究、公示、期满、发文）",
        "程序倒置，文件会被质疑。", "核对会议和公示的记录，报告系统管理员更正。",
        lambda scope: _rounds(scope).filter(
            Q(announced_on__lt=F("decided_on")) | Q(notice_ends_on__lt=F("announced_on"))
            | Q(issued_on__lte=F("notice_ends_on"))
        ),
        "round_detail", where="county",
    ),
    Check(
        "posting.round_issued_without_document", MUST, "批次已发文，没有文号或日期",
        "派驻没有依据。", "查到文件，报告系统管理员补登。",
        lambda scope: _rounds(scope).filter(
            Q(document_number="") | Q(issued_on__isnull=True), state=RoundState.ISSUED
        ),
        "round_detail", where="county",
    ),
)  # fmt: skip


# --- daily duty -----------------------------------------------------------------------------------


def _leaves(scope: Scope) -> QuerySet[LeaveRequest]:
    return LeaveRequest.objects.filter(place_q(scope, "posting__village__")).select_related(
        "posting__person", "posting__village"
    )


def _leaves_overlapping(scope: Scope) -> QuerySet[LeaveRequest]:
    other = LeaveRequest.objects.filter(
        posting=OuterRef("posting"), state__in=("approved", "back"),
        since__lt=OuterRef("until"), until__gt=OuterRef("since"),
    ).exclude(pk=OuterRef("pk"))  # fmt: skip
    return _leaves(scope).filter(Exists(other), state__in=("approved", "back"))


def _outside_term(day: str) -> Q:
    return Q(**{f"{day}__lt": F("posting__since")}) | Q(**{f"{day}__gt": F("posting__until")})


DUTY = (
    Check(
        "posting.leaves_overlapping", MUST, "同一个人两次准假的日期重叠",
        "请假天数会重复扣。", "销去其中一次。",
        _leaves_overlapping, "leave_detail", where="posting.village", who="posting.person",
    ),
    Check(
        "posting.leave_outside_term", MUST, "请假不在派驻期内",
        "在村天数会算错。", "核对日期，作废或更正。",
        lambda scope: _leaves(scope).filter(_outside_term("since")),
        "leave_detail", where="posting.village", who="posting.person",
    ),
    Check(
        "posting.diary_outside_term", MUST, "工作日志的日期不在派驻期内",
        "不在岗的日子算成了在村。", "请本人撤回，按实际日期重写。",
        lambda scope: DiaryEntry.objects.filter(
            place_q(scope, "posting__village__"), _outside_term("happened_on"), withdrawn=""
        ).select_related("posting__person", "posting__village"),
        "diary_entry", where="posting.village", who="posting.person",
        name=lambda one: f"{one.posting.person} {one}",
    ),
    Check(
        "posting.visit_outside_term", LOOK, "走访谈心的日期不在派驻期内",
        "算进了别人的走访次数。", "请登记人撤回，按实际日期重登。",
        lambda scope: Visit.objects.filter(
            place_q(scope, "posting__village__"), _outside_term("happened_on"), withdrawn=""
        ).select_related("posting__person", "posting__village"),
        "visit_detail", where="posting.village", who="posting.person",
        name=lambda one: f"{one.posting.person} {one}",
    ),
    Check(
        "posting.month_too_long", MUST, "一个月的在村天数加请假天数超过 31 天",
        "补助会多发。", "重新确认这个月的在村天数。",
        lambda scope: MonthPresence.objects.filter(
            place_q(scope, "posting__village__"), days__gt=31 - F("leave_days")
        ).select_related("posting__person", "posting__village"),
        "posting_detail", "posting_id", where="posting.village", who="posting.person",
    ),
    Check(
        "posting.problem_solved_early", MUST, "问题的解决日期早于发现日期",
        "办理时间算成负数。", "核对后更正日期。",
        lambda scope: Problem.objects.filter(
            place_q(scope, "posting__village__"), solved_on__lt=F("found_on")
        ).select_related("posting__village"),
        "problem_detail", where="posting.village",
    ),
    Check(
        "posting.recall_after_leaving", LOOK, "人已离任，召回事项还没有办结",
        "禁派期从决定日算起，不办结就不会开始。", "办结或终止召回事项。",
        lambda scope: RecallCase.objects.filter(
            place_q(scope, "posting__village__"), posting__until__isnull=False,
            state__in=("signalled", "told", "heard", "verified", "warned", "proposed"),
        ).select_related("posting__person", "posting__village"),
        "recall_detail", where="posting.village", who="posting.person",
    ),
    Check(
        "posting.replacement_without_posting", MUST, "补派已发文，没有新的派驻",
        "接任的人不在名册里。", "报告系统管理员核查。",
        lambda scope: Replacement.objects.filter(
            place_q(scope, "posting__village__"), state="issued", made__isnull=True
        ).select_related("posting__village", "person"),
        "vacancy_detail", "posting_id", where="posting.village", who="person",
    ),
)  # fmt: skip


# --- money and appraisal --------------------------------------------------------------------------


def _payments(scope: Scope) -> QuerySet[PaymentList]:
    return PaymentList.objects.filter(place_q(scope, "county__")).select_related("county")


def _overspent(scope: Scope) -> QuerySet[WorkFundBudget]:
    return (
        WorkFundBudget.objects.filter(place_q(scope, "posting__village__"))
        .select_related("posting__person", "posting__village")
        .annotate(spent=Sum("entries__amount"))
        .filter(spent__gt=F("amount"))
    )


def _insured_twice(scope: Scope) -> QuerySet[InsurancePolicy]:
    other = InsurancePolicy.objects.filter(
        posting=OuterRef("posting"), void_reason="",
        since__lt=OuterRef("until"), until__gt=OuterRef("since"),
    ).exclude(pk=OuterRef("pk"))  # fmt: skip
    return (
        InsurancePolicy.objects.filter(place_q(scope, "posting__village__"), void_reason="")
        .filter(Exists(other))
        .select_related("posting__person", "posting__village")
    )


def _entries(scope: Scope) -> QuerySet[AppraisalEntry]:
    return AppraisalEntry.objects.filter(place_q(scope, "posting__village__")).select_related(
        "posting__person", "posting__village", "cycle"
    )


MONEY = (
    Check(
        "posting.payment_own_check", MUST, "补助发放表的制表人和审核人是同一个人",
        "没有人把关（R-0-20）。", "退回，由另一个人审核。",
        lambda scope: _payments(scope).filter(checked_by_id=F("made_by_id")),
        "payment_detail", where="county",
    ),
    Check(
        "posting.payment_without_voucher", MUST, "补助已支付，没有凭证号或支付日期",
        "审计时对不上账。", "核对财政支付记录，报告系统管理员补登。",
        lambda scope: _payments(scope).filter(
            Q(voucher_number="") | Q(paid_on__isnull=True), state="paid"
        ),
        "payment_detail", where="county",
    ),
    Check(
        "posting.payment_miscounted", MUST, "按天发的补助，金额不等于天数乘标准",
        "多发或少发。", "登记更正，下次一并补扣。",
        lambda scope: PaymentLine.objects.filter(
            place_q(scope, "posting__village__"), days__isnull=False, correction__isnull=True,
        ).exclude(amount=F("days") * F("rate")).select_related("person", "posting__village"),
        "payment_detail", "list_id", where="posting.village", who="person",
    ),
    Check(
        "posting.payment_outside_term", MUST, "给已离任或还没派驻的人发了补助",
        "多发。", "核对派驻期，登记更正。",
        lambda scope: PaymentLine.objects.filter(
            place_q(scope, "posting__village__"), posting__until__lte=F("month"), stands=True,
            correction__isnull=True,
        ).select_related("person", "posting__village"),
        "payment_detail", "list_id", where="posting.village", who="person",
    ),
    Check(
        "posting.fund_overspent", MUST, "工作经费支出超过预算",
        "超支要另有来源。", "核对支出，冲销错登的，或调整预算。",
        _overspent, "fund_ledger", where="posting.village",
    ),
    Check(
        "posting.insured_twice", LOOK, "同一段时间有两份有效的意外伤害保险",
        "重复投保，或有一份登错了。", "核对保单，作废其中一份。",
        _insured_twice, "support_person", "posting_id", where="posting.village",
        who="posting.person",
    ),
    Check(
        "posting.honor_without_document", MUST, "表彰已决定，没有文号",
        "没有依据的表彰不能写进档案。", "补上决定的文号。",
        lambda scope: Honor.objects.filter(
            place_q(scope, "posting__village__"), state="granted", document_number=""
        ).select_related("posting__person", "posting__village"),
        "honor_detail", where="posting.village", who="posting.person",
    ),
    Check(
        "posting.appraisal_without_decision", MUST, "考评已反馈，没有研究日期",
        "等次没有经过研究。", "退回，研究后重新反馈。",
        lambda scope: AppraisalCycle.objects.filter(
            place_q(scope, "county__"), state__in=("notified", "final"), decided_on__isnull=True
        ).select_related("county"),
        "appraisal", where="county",
    ),
    Check(
        "posting.grade_changed_without_reason", MUST, "考评等次与测算不同，没有写理由",
        "本人申诉时说不清。", "在等次页面补写调整理由。",
        lambda scope: _entries(scope).filter(changed_reason="").exclude(
            Q(grade="") | Q(computed_grade="") | Q(grade=F("computed_grade"))
        ),
        "appraisal_entry", where="posting.village", who="posting.person",
    ),
)  # fmt: skip

CHECKS = (*POSTINGS, *ROUNDS, *DUTY, *MONEY)
