"""Who fills in, looks at and locks the monthly report of a village, and what may it ask (M28)?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from lingyan.briefings.rules.monthly_words import UNITS, ItemKind, ItemTime, ReportState
from lingyan.common.flow import Transition, fan_in
from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE

THING = "briefings.monthly"
FIRST_SECRETARY = ("first_secretary",)
FILLERS = (*VILLAGE, *FIRST_SECRETARY)
READERS = (*STAFF, *LEADER, "county_office", *TOWN, "town_leader", *FILLERS, "upper_viewer")
OVERSEERS = (*STAFF, *LEADER, "county_office", *TOWN, "town_leader", "upper_viewer")
EXPORTERS = (*STAFF, *LEADER, "county_office", *TOWN)

STEM = "YB-"  # of the codes of items, which are figures of their county
DUE_DAY = 5  # of the month that follows, like R-2-25
ITEMS_MOST = 12  # minutes, not an afternoon
NAME_MAX, WHY_MAX, TEXT_MAX, REASON_MAX = 30, 100, 500, 300
NUMBER_MOST = 10**9
LIKE = 0.8  # from here on two names say the same

R = "R-0-20"
MONTHLY_FLOW: tuple[Transition, ...] = (
    Transition("", "open", "draft", STAFF, "开始一个月的填报", "写明期限和哪些乡镇的村要报", "M28"),
    *fan_in(("draft", "returned"),
            Transition("", "submit", "submitted", VILLAGE, "提交", "每一项都填好", "M28")),
    Transition("submitted", "take_back", "draft", VILLAGE, "撤回修改", "乡镇审核以前", "M28"),
    Transition("submitted", "approve", "approved", TOWN, "审核通过", "填报人不能审核", R),
    Transition("submitted", "return", "returned", TOWN, "退回修改", "写明理由", "0.7"),
    Transition("approved", "lock", "locked", STAFF, "锁定", "填报人、审核人不能锁定", R),
    Transition("approved", "send_back", "returned", STAFF, "退回修改", "写明理由", "0.7"),
    *fan_in(("draft", "returned"),
            Transition("", "excuse", "excused", STAFF, "免报", "写明理由；只对第一份", "M28")),
    Transition("excused", "ask_again", "draft", STAFF, "恢复填报", "", "M28"),
    Transition("locked", "correct", "draft", (*VILLAGE, *STAFF), "更正",
               "写明理由；另起一份，原来的保留，新的一份锁定以前仍按原数算", "R-0-18"),
    *fan_in(("draft", "returned"),
            Transition("", "drop", "dropped", (*VILLAGE, *STAFF), "撤销更正",
                       "只撤更正的一份，原来的照旧算数", "R-0-18")),
    Transition("locked", "replace", "replaced", (), "由更正的一份代替", "更正的一份已锁定",
               "R-0-18"),
)  # fmt: skip
REASONED = {"return": "退回的理由", "send_back": "退回的理由", "excuse": "免报的理由",
            "correct": "更正的理由"}  # fmt: skip

AUDIT_TEXTS = {
    "briefings.monthly.form_set": "确定月报内容",
    "briefings.monthly.opened": "开始月报填报",
    "briefings.monthly.changed": "修改月报期限和范围",
    "briefings.monthly.filled": "填写月报",
    "briefings.monthly.submitted": "提交月报",
    "briefings.monthly.taken_back": "撤回月报",
    "briefings.monthly.approved": "审核月报",
    "briefings.monthly.returned": "退回月报",
    "briefings.monthly.locked": "锁定月报",
    "briefings.monthly.excused": "免报月报",
    "briefings.monthly.asked_again": "恢复月报填报",
    "briefings.monthly.corrected": "更正月报",
    "briefings.monthly.dropped": "撤销月报更正",
    "briefings.monthly.replaced": "月报由更正的一份代替",
}
EVENTS = {
    "submit": "briefings.monthly.submitted",
    "take_back": "briefings.monthly.taken_back",
    "approve": "briefings.monthly.approved",
    "return": "briefings.monthly.returned",
    "send_back": "briefings.monthly.returned",
    "lock": "briefings.monthly.locked",
    "excuse": "briefings.monthly.excused",
    "ask_again": "briefings.monthly.asked_again",
    "drop": "briefings.monthly.dropped",
    "replace": "briefings.monthly.replaced",
}
MAKING = ("briefings.monthly.filled", EVENTS["submit"])
MADE_BEFORE = {"approve": MAKING, "lock": (*MAKING, EVENTS["approve"])}
"""Whose hands may not do it: of whoever did these before, also in an earlier version (R-0-20)."""


# --- what may be asked ----------------------------------------------------------------------------

REGISTERED = (
    "村名", "所在乡镇", "户籍人口", "村党组织书记", "村委会主任", "两委成员", "两委成员数",
    "村干部", "第一书记", "正式党员数", "党员数", "后备力量",
)  # fmt: skip
TOLD_BY_FIRST_SECRETARIES = (
    "走访户数", "走访户次", "驻村天数", "在村天数", "发现问题数", "解决问题数", "工作日志条数",
)  # fmt: skip
_OUTSIDE = re.compile(r"^(本月|当月|全村|本村|月末|累计|共|新)+|(总数|数量|数|情况)$")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked; `code` is kept as long as kind, unit and time stay the same."""

    name: str
    kind: str
    why: str
    unit: str = ""
    time: str = ItemTime.OF_MONTH.value
    code: str = ""

    @property
    def measure(self) -> tuple[str, str, str]:
        """What must stay the same for the months to be one row of numbers."""
        if self.kind == ItemKind.NUMBER:
            return self.kind, self.unit, self.time
        return self.kind, "", ""


def same_thing(one: str, other: str) -> bool:
    """Whether two names say the same, but for 本月, 总数 and the like."""
    first, second = (_OUTSIDE.sub("", name.replace(" ", "")) for name in (one, other))
    if not first or not second:
        return one == other
    if first == second:
        return True
    if min(len(first), len(second)) >= 4 and (first in second or second in first):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= LIKE


def known_as(name: str, figures: Mapping[str, str]) -> str:
    """Where the system has this already, in words; `figures` are names of indicators by code."""
    for code, figure in figures.items():
        if same_thing(name, figure):
            return f"指标“{figure}”（{code}）"
    if any(same_thing(name, one) for one in REGISTERED):
        return "名录"
    if any(same_thing(name, one) for one in TOLD_BY_FIRST_SECRETARIES):
        return "第一书记的工作日志"
    return ""


def refuse_items(items: Sequence[Item], figures: Mapping[str, str]) -> tuple[Refusal, ...]:
    """Say every reason against these questions. 依据：M28 只问系统自己不知道的。"""
    refusals = []
    if not items:
        refusals.append(Refusal(f"{THING}.no_items", "至少要有一项"))
    if len(items) > ITEMS_MOST:
        refusals.append(Refusal(f"{THING}.many_items", f"最多 {ITEMS_MOST} 项，村里几分钟就能填完"))
    for number, one in enumerate(items, 1):
        others = [other.name for other in items[: number - 1]]
        refusals += [
            Refusal(said.code, f"第 {number} 项“{one.name}”：{said.text}")
            for said in _against(one, others, figures)
        ]
    return tuple(refusals)


def _against(one: Item, others: Sequence[str], figures: Mapping[str, str]) -> list[Refusal]:
    refusals = []
    if not one.name.strip():
        refusals.append(Refusal(f"{THING}.name_missing", "请写名称"))
    elif known := known_as(one.name, figures):
        refusals.append(Refusal(f"{THING}.known", f"系统已有：{known}，不再向村里要"))
    elif any(same_thing(one.name, other) for other in others):
        refusals.append(Refusal(f"{THING}.twice", "同一件事问了两次"))
    if not one.why.strip():
        refusals.append(Refusal(f"{THING}.why_missing", "请写明为什么要问"))
    if one.kind == ItemKind.NUMBER and one.unit not in UNITS:
        refusals.append(Refusal(f"{THING}.unit", f"数字要有单位：{'、'.join(UNITS)}"))
    return refusals


def coded(items: Sequence[Item], before: Sequence[Item], *, stem: str, used: int) -> list[Item]:
    """Give each item its code: the one it had, or the next where it measures something else."""
    kept = {one.code: one for one in before}
    found = []
    for one in items:
        earlier = kept.get(one.code)
        if earlier is None or earlier.measure != one.measure:
            used += 1
            code = f"{STEM}{stem}-{used:02d}"
        else:
            code = earlier.code
        unit = one.measure[1]
        found.append(Item(one.name.strip(), one.kind, one.why.strip(), unit, one.time, code))
    return found


# --- opening a month ------------------------------------------------------------------------------


def first_day(month: date) -> date:
    """From which day on a village may send its month."""
    return add_months(month, 1) - timedelta(days=5)


def usual_due(month: date) -> date:
    return add_months(month, 1).replace(day=DUE_DAY)


def refuse_to_open(
    *, month: date, due_on: date, today: date, has_form: bool, is_open: bool, towns: int,
    stale: Sequence[str] = (),
) -> tuple[Refusal, ...]:  # fmt: skip
    """`stale` are items that the system has come to know since the form was made. 依据：M28。"""
    refusals = []
    if not has_form:
        refusals.append(Refusal(f"{THING}.no_form", "请先确定月报内容"))
    if is_open:
        refusals.append(Refusal(f"{THING}.is_open", "这个月已经开始填报"))
    if month > today:
        refusals.append(Refusal(f"{THING}.month_ahead", "这个月还没有到"))
    refusals += _against_due(due_on, month, today)
    if not towns:
        refusals.append(Refusal(f"{THING}.no_towns", "请选哪些乡镇的村要报"))
    refusals += [
        Refusal(f"{THING}.known", f"系统已有：{one}，请先从月报内容里去掉") for one in stale
    ]
    return tuple(refusals)


def _against_due(due_on: date, month: date, today: date) -> list[Refusal]:
    if due_on < today:
        return [Refusal(f"{THING}.due", "期限应是今天或以后的日期")]
    if due_on < first_day(month):
        return [Refusal(f"{THING}.due", f"村里 {first_day(month)} 起才能提交，期限不能更早")]
    return []


def refuse_to_change(
    *, due_before: date, due_on: date, month: date, today: date, added: int
) -> tuple[Refusal, ...]:
    """Another day, or villages that were left out; what was asked already stays asked."""
    if due_on == due_before:
        return () if added else (Refusal(f"{THING}.same", "期限和乡镇都没有改动"),)
    return tuple(_against_due(due_on, month, today))


# --- filling in -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What a village says to one item; whichever of the three its kind asks for."""

    number: int | None = None
    is_so: bool | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self.number is None and self.is_so is None and not self.text.strip()


def shown(answer: Answer | None, unit: str = "") -> str:
    if answer is None or answer.is_empty:
        return ""
    if answer.number is not None:
        return f"{answer.number} {unit}".strip()
    if answer.is_so is not None:
        return "是" if answer.is_so else "否"
    return answer.text


def refuse_unasked(code: str) -> Refusal:
    return Refusal(f"{THING}.not_asked", f"这个月没有问“{code[:20]}”这一项")


def refuse_answer(item: Item, answer: Answer) -> tuple[Refusal, ...]:
    """Whether what is written may stand there; whether all is there is asked when it is sent."""
    said = {
        ItemKind.NUMBER: answer.number is not None,
        ItemKind.YES_NO: answer.is_so is not None,
        ItemKind.TEXT: bool(answer.text.strip()),
    }
    if any(said[kind] for kind in said if kind != item.kind):
        return (Refusal(f"{THING}.kind", f"{item.name}：要填的是{ItemKind(item.kind).label}"),)
    if answer.number is not None and not 0 <= answer.number < NUMBER_MOST:
        return (Refusal(f"{THING}.number", f"{item.name}：请填 0 到 {NUMBER_MOST - 1} 之间的整数"),)
    if len(answer.text) > TEXT_MAX:
        return (Refusal(f"{THING}.text_long", f"{item.name}：最多 {TEXT_MAX} 字"),)
    return ()


def refuse_to_fill(*, state: str, role: str) -> tuple[Refusal, ...]:
    """The village and its first secretary write; the town brings in a sheet for those on paper."""
    if role not in (*FILLERS, *TOWN):
        return (Refusal(f"{THING}.wrong_role", "月报由村党组织或第一书记填写"),)
    if state not in (ReportState.DRAFT, ReportState.RETURNED):
        return (
            Refusal(f"{THING}.wrong_state", "这份月报已经提交，要改请撤回，审核以后请乡镇退回"),
        )
    return ()


def refuse_incomplete(items: Sequence[Item], answers: Mapping[str, Answer]) -> tuple[Refusal, ...]:
    missing = [
        one.name
        for one in items
        if one.kind != ItemKind.TEXT and (one.code not in answers or answers[one.code].is_empty)
    ]
    if not missing:
        return ()
    return (Refusal(f"{THING}.incomplete", f"还没有填：{'、'.join(missing)}；没有发生的填 0"),)


def refuse_early(*, month: date, today: date) -> tuple[Refusal, ...]:
    """Numbers of a month are told when it is over, or on its last days."""
    if today < first_day(month):
        return (Refusal(f"{THING}.early", f"{first_day(month)} 起才能提交这个月的月报"),)
    return ()


# --- looking at it --------------------------------------------------------------------------------


SAME_HAND = Refusal(f"{THING}.same_hand", "经手过这份月报的人（含代理）不能审核或锁定它")
"""Who filled in or sent it may not approve it, and neither may lock it. 依据：R-0-20。"""


def refuse_version(act: str, version: int) -> list[Refusal]:
    """A village is let off its month by its first version, a correction is dropped. R-0-18。"""
    if act == "drop" and version == 1:
        return [Refusal(f"{THING}.first", "第一份不能撤销；不用报的请县里办“免报”")]
    if act in ("excuse", "ask_again") and version > 1:
        return [Refusal(f"{THING}.correcting", "更正的一份不能免报；不改了请“撤销更正”")]
    return []


def refuse_reason(act: str, reason: str) -> list[Refusal]:
    if act not in REASONED:
        return []
    if not reason.strip():
        return [Refusal(f"{THING}.reason_missing", f"请写明{REASONED[act]}")]
    if len(reason) > REASON_MAX:
        return [Refusal(f"{THING}.reason_long", f"最多 {REASON_MAX} 字")]
    return []


# --- who is long overdue --------------------------------------------------------------------------

RULE = "M28"  # of the task for the town
ASKED_DAYS = 7  # that the town has


def what_is_late(month: str, villages: Sequence[str], days: int) -> str:
    """What the town is asked, with the villages by name as far as they fit."""
    named = "、".join(villages[:10]) + ("等" if len(villages) > 10 else "")
    return (
        f"{month}村月报：{named} {len(villages)} 个村超过期限 {days} 天以上没有报，"
        "请查明原因、帮助报齐；不用报的请县里办免报"
    )
