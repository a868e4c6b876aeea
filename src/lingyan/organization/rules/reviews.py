"""How does the yearly review of secretaries go from its opening to the file (R-13-04)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.flow import Transition
from lingyan.common.periods import month_of
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT
from lingyan.organization.rules.review_words import DutyLevel, Grade, Rating

THING = "organization.review_round"
TEXT_MAX = 500
DUE_MONTH = 1  # review_round.due_month: of the year after; U
REMINDED = (12, 6)  # from December on, until June
VOTES_MAX = 10_000
RUNNERS = (*STAFF, "town_org")
SECRETARIES = ("village_secretary", "town_secretary", *UNIT)
READERS = tuple(dict.fromkeys((*STAFF, *LEADER, *TOWN, "village_secretary", *UNIT)))

REVIEW_FLOW: tuple[Transition, ...] = (
    Transition("", "open", "opened", RUNNERS, "启动述职评议", "同一年同一层级一次", "R-13-04"),
    Transition("opened", "report", "reported", RUNNERS, "完成述职",
               "每位书记都已确认述职报告，或写明未述职的原因", "R-13-04"),
    Transition("reported", "evaluate", "evaluated", RUNNERS, "完成评议",
               "每位书记都有评议票数", "R-13-04"),
    Transition("evaluated", "grade", "graded", LEADER, "确定等次",
               "每位书记都有等次；村书记另有发展党员是否不力的结论；登记票数的人不能定等次",
               "R-13-04"),
    Transition("graded", "list_problems", "problems_listed", RUNNERS, "下达问题清单",
               "等次为一般和差的，至少列一个问题；每个问题有期限", "R-13-04"),
    Transition("problems_listed", "rectify", "rectified", RUNNERS, "完成整改",
               "每个问题的督办任务都已核验", "R-13-04"),
    Transition("rectified", "archive", "archived", STAFF, "归档", "", "R-13-04"),
)  # fmt: skip

EVENTS = {
    "open": "organization.review_round.opened",
    "report": "organization.review_round.reported",
    "evaluate": "organization.review_round.evaluated",
    "grade": "organization.review_round.graded",
    "list_problems": "organization.review_round.problems_listed",
    "rectify": "organization.review_round.rectified",
    "archive": "organization.review_round.archived",
}
AUDIT_TEXTS = {
    "organization.review_round.opened": "启动述职评议",
    "organization.review_round.reported": "完成述职",
    "organization.review_round.evaluated": "完成评议",
    "organization.review_round.graded": "确定述职评议等次",
    "organization.review_round.problems_listed": "下达述职评议问题清单",
    "organization.review_round.rectified": "述职评议问题完成整改",
    "organization.review_round.archived": "述职评议归档",
    "organization.review_result.confirmed": "确认述职报告",
    "organization.review_result.excused": "登记未述职",
    "organization.review_result.counted": "登记评议票数",
    "organization.review_result.graded": "评定等次",
    "organization.review_problem.added": "列入述职评议问题",
    "organization.review_problem.removed": "删去述职评议问题",
}

# Whoever has one of these has something to put right.
MUST_MEND = frozenset({Grade.MIDDLE, Grade.LOW})


@dataclass(frozen=True, slots=True)
class Result:
    """One secretary's line, as far as the steps of the round ask."""

    name: str
    is_reported: bool = False
    votes: int = 0
    grade: str = ""
    is_weak_development: bool | None = None
    problems: int = 0
    problems_open: int = 0


def _named(results: Sequence[Result]) -> str:
    names = "、".join(one.name for one in results[:3])
    return f"{names}等 {len(results)} 人" if len(results) > 3 else names


def refuse_step(
    act: str, results: Sequence[Result], *, level: str, same_hands: bool = False
) -> tuple[Refusal, ...]:
    """Every reason why the round cannot take this step. 依据：R-13-04、R-0-20。"""
    found = []
    if act == "report" and (waiting := [one for one in results if not one.is_reported]):
        text = f"{_named(waiting)}还没有确认述职报告"
        found.append(Refusal("organization.review_not_reported", text))
    if act == "evaluate" and (waiting := [one for one in results if not one.votes]):
        text = f"{_named(waiting)}还没有登记评议票数"
        found.append(Refusal("organization.review_not_counted", text))
    if act == "grade":
        found += _refuse_to_grade(results, level=level, same_hands=same_hands)
    if act == "list_problems" and (
        waiting := [one for one in results if one.grade in MUST_MEND and not one.problems]
    ):
        text = f"{_named(waiting)}的等次是一般或差，请至少列一个问题"
        found.append(Refusal("organization.review_no_problem", text))
    if act == "rectify" and (waiting := [one for one in results if one.problems_open]):
        text = f"{_named(waiting)}还有问题没有核验"
        found.append(Refusal("organization.review_problem_open", text))
    return tuple(found)


def _refuse_to_grade(results: Sequence[Result], *, level: str, same_hands: bool) -> list[Refusal]:
    found = []
    if waiting := [one for one in results if not one.grade]:
        text = f"{_named(waiting)}还没有等次"
        found.append(Refusal("organization.review_no_grade", text))
    undecided = [one for one in results if one.is_weak_development is None]
    if level == DutyLevel.VILLAGE and undecided:
        text = f"{_named(undecided)}的发展党员工作是否不力还没有结论"
        found.append(Refusal("organization.review_undecided", text))
    if same_hands:
        found.append(Refusal("directory.same_person", "经办人不能确定自己登记票数的等次"))
    return found


def refuse_counts(counts: Mapping[str, int]) -> tuple[Refusal, ...]:
    total = sum(counts.values())
    if set(counts) != {one.value for one in Rating} or min(counts.values()) < 0:
        return (Refusal("organization.review_votes", "四档票数都要填，没有的填 0"),)
    if not 0 < total <= VOTES_MAX:
        text = f"票数合计应在 1 到 {VOTES_MAX} 之间"
        return (Refusal("organization.review_votes", text),)
    return ()


def refuse_grade(
    grade: str, *, level: str, is_weak: bool | None, reason: str
) -> tuple[Refusal, ...]:
    """依据：R-13-04、R-5-15。只有村书记有发展党员的结论，结论要写理由。"""
    found = []
    if grade not in {one.value for one in Grade}:
        found.append(Refusal("organization.review_no_grade", "请选择等次"))
    if level == DutyLevel.VILLAGE and is_weak is None:
        text = "请写明发展党员工作是否不力"
        found.append(Refusal("organization.review_undecided", text))
    if is_weak and not reason.strip():
        text = "认定发展党员工作不力的，请写明理由"
        found.append(Refusal("organization.review_weak_reason", text))
    return tuple(found)


def refuse_problem(text: str, due_on: date | None, *, today: date) -> tuple[Refusal, ...]:
    found = []
    if not text.strip():
        found.append(Refusal("organization.review_problem_text", "请写明问题"))
    if due_on is None or due_on <= today:
        found.append(Refusal("organization.review_problem_due", "整改期限应晚于今天"))
    return tuple(found)


def year_owed(today: date) -> int | None:
    """Of which year the review is owed now; none while nobody is reminded.

    依据：R-13-04 每年一次；年底启动，次年年初做完（起止月份为默认值，按本地文件核对）。
    """
    first, last = REMINDED
    if today.month >= first:
        return today.year
    return today.year - 1 if today.month <= last else None


def round_due(year: int, month: int = DUE_MONTH) -> date:
    """The last day by which the review of a year is to be done."""
    return month_of(date(year + 1, month, 1)).last_day
