"""Who may be nominated for an honour or a career step, and who decides (G-16)?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lingyan.common import gates
from lingyan.common.flow import Transition
from lingyan.common.gates import Fact
from lingyan.common.periods import ONE_DAY
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT
from lingyan.posting.rules.appraisal_scores import COUNTING_KINDS, may_be_honoured
from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalKind

NOMINATORS = (*STAFF, *TOWN)
READERS = (*STAFF, *LEADER, *TOWN, *UNIT)
CAREER_NOMINATORS = STAFF
CAREER_READERS = (*STAFF, *LEADER)
TEXT_MAX = 500

NOMINATION_FLOW: tuple[Transition, ...] = (
    Transition("", "nominate", "nominated", NOMINATORS, "提名",
               "有称职以上的年度或期满考核结果", "G-16"),
    Transition("nominated", "grant", "granted", LEADER, "登记决定",
               "有文号；登记人不是提名人", "R-0-20"),
    Transition("nominated", "refuse", "not_granted", LEADER, "未通过", "写明意见", "R-0-20"),
)  # fmt: skip

AUDIT_TEXTS = {
    "posting.honor.nominated": "提名表彰",
    "posting.honor.granted": "登记表彰决定",
    "posting.honor.refused": "表彰提名未通过",
    "posting.honor.imported": "导入已发文的表彰",
    "posting.career.nominated": "提出使用建议",
    "posting.career.granted": "登记使用决定",
    "posting.career.refused": "使用建议未通过",
}


def refuse_to_nominate(
    *,
    thing: str,
    title: str,
    grades: Iterable[tuple[str, str]],
    is_known: bool,
    came: bool,
    is_sanctioned: bool = False,
) -> tuple[Refusal, ...]:
    """Only with a final annual or term appraisal of 称职 or better, and no sanction in effect.

    依据：G-16、G-21、R-2-28、VAL-43。
    """
    refusals = []
    if not title.strip():
        refusals.append(Refusal("posting.honor.title_missing", "请填写称号或拟任的职务、职级"))
    if not came:
        refusals.append(Refusal("posting.honor.not_arrived", "还没有到岗，不能提名"))
    if is_known:
        refusals.append(Refusal("posting.honor.known", "这一项已经提名或登记过"))
    held = {Fact.NO_GRADE: not may_be_honoured(grades), Fact.SANCTIONED: is_sanctioned}
    return (*refusals, *gates.refusals(f"{thing}.nominate", held))


def refuse_while_barred(act: str, barred_until: date | None) -> tuple[Refusal, ...]:
    """Nobody is put forward while a recall bars it; the ban ends by itself. 依据：2.10、G-16。"""
    until = "" if barred_until is None else str(barred_until - ONE_DAY)
    said = {Fact.PROMOTION_BARRED: f"因召回，至 {until} 前不得提拔使用"}
    facts = {Fact.PROMOTION_BARRED: barred_until is not None}
    return gates.refusals(f"posting.career.{act}", facts, said=said)


def refuse_to_settle(
    *, grants: bool, document_number: str, decided_on: date, answer: str, today: date
) -> tuple[Refusal, ...]:
    refusals = []
    if decided_on > today:
        refusals.append(Refusal("posting.day_in_future", "决定日期不能晚于今天"))
    if grants and not document_number.strip():
        refusals.append(Refusal("posting.document_number_missing", "请填写文号"))
    if not grants and not answer.strip():
        refusals.append(Refusal("posting.reason_missing", "未通过须写明意见"))
    return tuple(refusals)


def appraisal_text(grades: Iterable[tuple[str, str, date]]) -> str:
    """The latest appraisal that counts, as it is quoted: 2025 年度考核 优秀."""
    for kind, grade, last_day in grades:
        if kind in COUNTING_KINDS and may_be_honoured([(kind, grade)]):
            word, said = AppraisalKind(kind).label, AppraisalGrade(grade).label
            return f"{last_day.year} 年{word.removeprefix('年')}考核 {said}"
    return ""
