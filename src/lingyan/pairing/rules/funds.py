"""Which sums may be written down for a pair, and when is a line taken back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lingyan.common.money import NOTHING, show_money
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.pairing.rules.ledger_words import FundSource, FundStage

RECORDERS = (*UNIT, *VILLAGE, *POSTED, *TOWN, *STAFF)
TWIN_DAYS = 60  # the same amount within so many days is asked about before it is written twice
TEXT_MAX = 200

AUDIT_TEXTS = {
    "pairing.fund.created": "登记项目资金",
    "pairing.fund.entered": "登记资金的一笔金额",
    "pairing.fund.corrected": "冲销资金的一笔金额",
    "pairing.fund.claimed": "认领项目资金",
    "pairing.fund.dropped": "撤回资金认领",
    "pairing.fund.split": "约定资金份额",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger that stands: which of the three amounts, when, how much."""

    stage: str
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class EntryFacts:
    today: date
    stage: str
    on: date
    amount: Decimal
    evidence: str
    lines: Sequence[Line] = ()


def sum_of(lines: Sequence[Line], stage: str) -> Decimal:
    return sum((one.amount for one in lines if one.stage == stage), NOTHING)


def refuse_fund(*, source: str, project: str) -> tuple[Refusal, ...]:
    refusals = []
    if source not in {one.value for one in FundSource}:
        refusals.append(Refusal("pairing.fund.source", "请选资金来源"))
    if not project.strip():
        refusals.append(Refusal("pairing.fund.project", "请写明用在哪个项目上"))
    return tuple(refusals)


def refuse_entry(facts: EntryFacts) -> tuple[Refusal, ...]:
    """依据：3.4 协议（意向）、协调到位、拨付三个金额分开记；R-0-16 精确到分。

    What is paid out has arrived before: not more than arrived, and not earlier. More may arrive
    than was intended at first; `words_on` says so.
    """
    refusals = []
    if facts.stage not in {one.value for one in FundStage}:
        refusals.append(Refusal("pairing.fund.stage", "请选是意向、到位还是拨付"))
    if facts.amount <= 0:
        refusals.append(Refusal("pairing.fund.amount", "金额应大于 0；记错的请用冲销"))
    if facts.on > facts.today:
        refusals.append(Refusal("pairing.fund.day", "日期不能晚于今天"))
    if not facts.evidence.strip():
        refusals.append(Refusal("pairing.fund.evidence", "请写依据，例如协议、文件或凭证的编号"))
    if facts.stage == FundStage.SPENT and facts.amount > 0:
        refusals += _refuse_spending(facts)
    return tuple(refusals)


def _refuse_spending(facts: EntryFacts) -> list[Refusal]:
    arrived = [one.on for one in facts.lines if one.stage == FundStage.ARRIVED]
    left = sum_of(facts.lines, FundStage.ARRIVED) - sum_of(facts.lines, FundStage.SPENT)
    if facts.amount > left:
        text = f"拨付不能多于到位：还剩 {show_money(left)} 元"
        return [Refusal("pairing.fund.more_than_arrived", text)]
    if arrived and facts.on < min(arrived):
        return [Refusal("pairing.fund.before_arrival", "拨付日期早于资金到位的日期")]
    return []


def refuse_correction(
    *, reason: str, is_counter: bool, is_corrected: bool, line: Line, lines: Sequence[Line]
) -> tuple[Refusal, ...]:
    """A wrong line stays and is taken back by a counter-entry with the reason. 依据：R-0-18。"""
    refusals = []
    if not reason.strip():
        refusals.append(Refusal("pairing.fund.reason", "请写明冲销的原因"))
    if is_counter or is_corrected:
        refusals.append(Refusal("pairing.fund.corrected_already", "这一笔已经冲销"))
    elif line.stage == FundStage.ARRIVED:
        left = sum_of(lines, FundStage.ARRIVED) - line.amount
        if left < sum_of(lines, FundStage.SPENT):
            refusals.append(
                Refusal("pairing.fund.spent_already", "到位的钱已经拨付，请先冲销拨付的一笔")
            )
    return tuple(refusals)


def words_on(lines: Sequence[Line]) -> str:
    """What the three amounts say of each other, in a sentence."""
    committed = sum_of(lines, FundStage.COMMITTED)
    arrived = sum_of(lines, FundStage.ARRIVED)
    spent = sum_of(lines, FundStage.SPENT)
    if arrived > committed > 0:
        return f"到位的比意向多 {show_money(arrived - committed)} 元"
    if committed > arrived:
        return f"意向中还有 {show_money(committed - arrived)} 元没有到位"
    if arrived > spent:
        return f"到位的还有 {show_money(arrived - spent)} 元没有拨付"
    return "三个金额一致" if arrived else ""
