"""What do the system's own records hint at, and when has a village been looked at (4.1, 4.2)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import TOWN
from lingyan.organization.rules.committees import VACANCY_MONTHS
from lingyan.organization.rules.rectification_words import Situation

WINDOW = ((1, 1), (3, 31))  # R-4-01: 1 January to 31 March
NO_DEVELOPMENT_YEARS = 2  # weak.no_dev_years
MIN_RATIO = 0  # weak.min_ratio, percent of the villages
TEXT_MAX = 500
SCREENERS = TOWN

AUDIT_TEXTS = {
    "organization.screening.passed": "排查：没有需要整顿的情形",
    "organization.screening.found": "排查：有需要整顿的情形",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """A hint of the records. It opens nothing by itself: a person confirms it or says why not."""

    code: str
    text: str

    @property
    def label(self) -> str:
        return Situation(self.code).label

    @property
    def key(self) -> str:
        """By which an answered hint is known again; another finding of the same kind is new."""
        return f"{self.code} {self.text}"


@dataclass(frozen=True, slots=True)
class VillageRecords:
    """What the register knows of a village."""

    has_secretary: bool
    left_on: date | None = None  # the last secretary's first day without the post
    has_officers: bool = True
    members: int = 0  # Party members of the register
    joined_last: date | None = None


def hints_of(
    records: VillageRecords,
    today: date,
    *,
    vacant_months: int = VACANCY_MONTHS,
    no_dev_years: int = NO_DEVELOPMENT_YEARS,
) -> list[Signal]:
    """W01 and W11 by the register; what it does not know it does not hint at.

    依据：4.2 W01 书记长期缺职超过 3 个月；W11 连续 2 年以上未发展党员，只作提示。
    """
    found = []
    left = records.left_on
    if not records.has_secretary and left and add_months(left, vacant_months) < today:
        found.append(Signal(Situation.W01, f"村党组织书记自 {left:%Y-%m-%d} 起空缺"))
    last = records.joined_last
    if records.members and last and add_months(last, 12 * no_dev_years) < today:
        words = f"名册上最近一名党员 {last:%Y-%m-%d} 入党，超过 {no_dev_years} 年没有发展党员"
        found.append(Signal(Situation.W11, words))
    return found


def in_window(today: date) -> bool:
    """Whether the yearly screening runs; a case may be opened on any day."""
    return WINDOW[0] <= (today.month, today.day) <= WINDOW[1]


def window_ends(year: int) -> date:
    return date(year, *WINDOW[1])


@dataclass(frozen=True, slots=True)
class Finding:
    """A situation that a person has confirmed, with what it rests on."""

    code: str
    evidence: str
    signal_text: str = ""


def refuse_findings(
    findings: Sequence[Finding], *, known: Sequence[str] = ()
) -> tuple[Refusal, ...]:
    """Each situation once and with its evidence.

    依据：4.5 每种情形写明依据；4.2 线索经人认定才算。
    """
    refusals = []
    if not findings:
        refusals.append(Refusal("organization.screening.nothing", "请至少选一种情形"))
    codes = [one.code for one in findings]
    if set(codes) - {one.value for one in Situation}:
        refusals.append(Refusal("organization.screening.code", "请从情形清单里选"))
    if len(set(codes)) < len(codes) or set(codes) & set(known):
        refusals.append(Refusal("organization.screening.twice", "同一种情形只登记一次"))
    for one in findings:
        if not one.evidence.strip():
            refusals.append(
                Refusal("organization.screening.evidence", f"请写明认定 {one.code} 的依据")
            )
        elif len(one.evidence) > TEXT_MAX:
            refusals.append(Refusal("organization.screening.long", f"依据最多 {TEXT_MAX} 字"))
    return tuple(refusals)


def refuse_to_pass(*, role: str, text: str, signals: int, is_open: bool) -> tuple[Refusal, ...]:
    """A village without situations; who sees hints says why they do not hold.

    依据：R-4-01 全面排查；4.2 线索经人认定才算。
    """
    refusals = []
    if role not in SCREENERS:
        refusals.append(Refusal("organization.screening.wrong_role", "由乡镇排查"))
    if is_open:
        refusals.append(Refusal("organization.screening.under_way", "这个村已有整顿事项在办理"))
    if signals and not text.strip():
        refusals.append(
            Refusal("organization.screening.answer", "系统有线索，请写明核实情况和不列入的理由")
        )
    if len(text) > TEXT_MAX:
        refusals.append(Refusal("organization.screening.long", f"说明最多 {TEXT_MAX} 字"))
    return tuple(refusals)


def severity(codes: Sequence[str]) -> tuple[int, int]:
    """By which villages are ranked from the bottom: direct situations first, then the others."""
    direct = sum(code <= Situation.W09 for code in codes)
    return (-direct, -len(codes))


def below_ratio(*, listed: int, villages: int, ratio: int) -> int:
    """How many villages the list of the year still lacks, where a county asks for a least share.

    依据：R-4-01（P）“有几个整顿几个”，默认不设比例；县里定了的，只向县里提示，不分摊到乡镇。
    """
    wanted = -(-villages * ratio // 100)
    return max(0, wanted - listed)
