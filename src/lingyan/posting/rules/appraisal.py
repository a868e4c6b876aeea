"""How does an appraisal go from opened to archived, who does what, and what must hold (2.9)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.county_settings import Setting
from lingyan.common.flow import Transition, fan_in
from lingyan.common.periods import Period, quarter_of, year_of
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import ADMIN, LEADER, POSTED, STAFF, TOWN, UNIT
from lingyan.posting.rules.appraisal_scores import (
    FULL,
    INDICATORS_MAX,
    ORDER,
    TOWN_MASS_MIN,
    Scheme,
)
from lingyan.posting.rules.appraisal_words import (
    AppraisalGrade,
    AppraisalKind,
    AppraisalPart,
    AppraisalState,
)

THING = "posting.appraisal"
TOWN_MASS = Setting(
    "appraisal.town_mass_min", "考评里乡镇党委和群众评价的权重合计下限", "驻村管理", "R-2-28", "A",
    TOWN_MASS_MIN, 100,
)  # fmt: skip
SETTINGS = (TOWN_MASS,)
APPEAL_DAYS = 5  # working days
REVIEW_DAYS = 10  # working days
OPEN_BEFORE_DAYS = 31
LAST_DUE_DAYS = 180
_S = AppraisalState
BEFORE_FINAL = (_S.OPENED, _S.SCORING, _S.SUMMARISED, _S.DELIBERATED, _S.NOTIFIED)

APPRAISAL_FLOW: tuple[Transition, ...] = (
    Transition("", "open", "opened", STAFF, "启动考评",
               "权重已定，乡镇党委和群众不低于 60", "R-2-28"),
    Transition("opened", "start", "scoring", STAFF, "开始评分", "有参加考评的同志", "2.9"),
    Transition("scoring", "summarise", "summarised", STAFF, "汇总",
               "截止日已过，各方评分齐全，村民票数达到样本要求", "R-2-28"),
    Transition("summarised", "send_back", "scoring", (*STAFF, *LEADER), "退回评分",
               "写明原因和新的截止日", "2.9"),
    Transition("summarised", "deliberate", "deliberated", LEADER, "研究确定等次",
               "写明研究意见；评分、汇总的人不能确定等次", "R-0-20"),
    Transition("deliberated", "notify", "notified", STAFF, "反馈结果",
               "本人即可查看，5 个工作日内可以申诉", "2.9"),
    Transition("notified", "archive", "final", STAFF, "归档",
               "申诉期已过，申诉都已复核", "2.9"),
    *fan_in(BEFORE_FINAL,
            Transition("", "cancel", "cancelled", ADMIN, "取消考评", "写明原因", "0.7")),
)  # fmt: skip

SCORERS: Mapping[str, tuple[str, ...]] = {
    AppraisalPart.TOWN: TOWN,
    AppraisalPart.COUNTY: STAFF,
    AppraisalPart.UNIT: UNIT,
}
SCHEME_MAKERS = ADMIN
APPELLANTS = (*POSTED, *TOWN)
NOTIFIED = (_S.NOTIFIED, _S.FINAL)
SUMMED_UP = (_S.SUMMARISED, _S.DELIBERATED, *NOTIFIED)

AUDIT_TEXTS = {
    "posting.appraisal.scheme_made": "制定考评办法",
    "posting.appraisal.opened": "启动考评",
    "posting.appraisal.started": "考评开始评分",
    "posting.appraisal.due_changed": "改考评截止日",
    "posting.appraisal.summarised": "汇总考评",
    "posting.appraisal.sent_back": "考评退回评分",
    "posting.appraisal.deliberated": "研究确定考评等次",
    "posting.appraisal.notified": "反馈考评结果",
    "posting.appraisal.archived": "考评归档",
    "posting.appraisal.cancelled": "取消考评",
    "posting.appraisal.scored": "考评评分",
    "posting.appraisal.left_out": "不参加考评",
    "posting.appraisal.taken_in": "恢复参加考评",
    "posting.appraisal.graded": "调整考评等次",
    "posting.appraisal.appealed": "考评申诉",
    "posting.appraisal.reviewed": "复核考评申诉",
    "posting.appraisal.exported": "导出考评结果",
    "posting.ballots.made": "制作选票",
    "posting.ballots.shown": "打印选票",
    "posting.ballots.handed_out": "登记选票发放",
    "posting.ballots.counted": "登记纸质计票",
    "posting.ballots.cast": "村民投票",
}


def _needs(text: str, refusal: Refusal) -> tuple[Refusal, ...]:
    return () if text.strip() else (refusal,)


# --- the scheme: weights and indicators of a county -----------------------------------------------


def refuse_scheme(scheme: Scheme, *, town_mass_min: int = TOWN_MASS_MIN) -> tuple[Refusal, ...]:
    """Weights that sum to 100, with enough of them for town and masses.

    依据：R-2-28、VAL-13（两项之和不低于 60，或县定的数）。
    """
    refusals = []
    weights = [scheme.weight(part) for part in AppraisalPart]
    if any(weight < 0 for weight in weights) or sum(weights) != FULL:
        refusals.append(Refusal("posting.appraisal.weights_sum", "四方权重之和应为 100"))
    if scheme.weight(AppraisalPart.TOWN) + scheme.weight(AppraisalPart.MASS) < town_mass_min:
        refusals.append(
            Refusal(
                "posting.appraisal.town_mass_low",
                f"乡镇党委和群众评价权重低于规定（两项之和不低于 {town_mass_min}）",
            )
        )
    for part in SCORERS:
        refusals += _refuse_indicators(scheme, AppraisalPart(part))
    excellent, competent, basic = scheme.bands
    if not FULL >= excellent > competent > basic > 0:
        refusals.append(
            Refusal("posting.appraisal.bands", "等次分数线应由高到低，在 0 到 100 之间")
        )
    if not 0 <= scheme.excellent_max <= FULL:
        refusals.append(Refusal("posting.appraisal.share", "优秀比例应在 0 到 100 之间"))
    return tuple(refusals)


def _refuse_indicators(scheme: Scheme, part: AppraisalPart) -> list[Refusal]:
    items = scheme.indicators.get(part, ())
    if not scheme.weight(part):
        return []
    refusals = []
    if not 1 <= len(items) <= INDICATORS_MAX or any(one.most < 1 for one in items):
        refusals.append(
            Refusal(
                "posting.appraisal.indicators",
                f"{part.label}的指标应有 1 至 {INDICATORS_MAX} 项，每项至少 1 分",
            )
        )
    if sum(one.most for one in items) != FULL:
        refusals.append(
            Refusal("posting.appraisal.indicators_sum", f"{part.label}各项指标之和应为 {FULL} 分")
        )
    if len({one.name for one in items}) < len(items):
        refusals.append(Refusal("posting.appraisal.indicators_twice", f"{part.label}的指标有重名"))
    return refusals


def refuse_to_make_scheme(
    scheme: Scheme,
    *,
    clause: str,
    valid_from: date,
    today: date,
    town_mass_min: int = TOWN_MASS_MIN,
) -> tuple[Refusal, ...]:
    """Every change names its clause, or says 无文件 (R-0-21); it is never valid for days past."""
    refusals = list(refuse_scheme(scheme, town_mass_min=town_mass_min))
    no_clause = Refusal(
        "posting.appraisal.clause_missing", "请注明制度文件条款，没有文件的请注明“无文件”"
    )
    refusals += _needs(clause, no_clause)
    if valid_from < today:
        refusals.append(Refusal("posting.appraisal.scheme_past", "起用日期不能早于今天"))
    return tuple(refusals)


# --- opening --------------------------------------------------------------------------------------


def period_of(kind: AppraisalKind, year: int, quarter: int) -> Period:
    """A quarter, or a year; what ends within a year is appraised for the term in one go."""
    if kind is AppraisalKind.QUARTERLY:
        return quarter_of(date(year, quarter * 3, 1))
    return year_of(date(year, 1, 1))


def name_of(kind: AppraisalKind, year: int, quarter: int, before: int = 0) -> str:
    """2026 年第三季度考评; a second batch of the same year says so."""
    if kind is AppraisalKind.QUARTERLY:
        return f"{year} 年第{'一二三四'[quarter - 1]}季度考评"
    batch = f"（第 {before + 1} 批）" if before else ""
    return f"{year} 年{kind.label}考评{batch}"


@dataclass(frozen=True, slots=True)
class OpenFacts:
    kind: AppraisalKind
    period: Period
    today: date
    due_on: date
    people: int
    name_taken: bool = False


def refuse_to_open(facts: OpenFacts) -> tuple[Refusal, ...]:
    """One of a kind for a period, when it is all but over, with somebody to appraise."""
    refusals = []
    opens_on = facts.period.until - timedelta(days=OPEN_BEFORE_DAYS)
    if facts.kind is not AppraisalKind.TERM_END and facts.today < opens_on:
        refusals.append(
            Refusal("posting.appraisal.too_early", f"这一期还没有到，{opens_on} 起可以启动")
        )
    if facts.name_taken:
        refusals.append(Refusal("posting.appraisal.open_already", "这一期已经启动过"))
    if not facts.people:
        term = facts.kind is AppraisalKind.TERM_END
        why = "没有处在期满考察中、还没有考评的同志" if term else "这一期没有在任的同志"
        refusals.append(Refusal("posting.appraisal.nobody", why))
    return (*refusals, *refuse_due(facts.due_on, today=facts.today))


def refuse_due(due_on: date, *, today: date) -> tuple[Refusal, ...]:
    if due_on < today:
        return (Refusal("posting.appraisal.due_past", "截止日不能早于今天"),)
    if due_on > today + timedelta(days=LAST_DUE_DAYS):
        return (Refusal("posting.appraisal.due_far", f"截止日最晚在 {LAST_DUE_DAYS} 天以内"),)
    return ()


# --- scoring --------------------------------------------------------------------------------------


def part_of_role(role: str) -> AppraisalPart | None:
    """The side for which this role scores; the masses vote."""
    for part, roles in SCORERS.items():
        if role in roles:
            return AppraisalPart(part)
    return None


def refuse_to_score(
    scheme: Scheme, *, role: str, part: str, state: str, points: Sequence[Sequence[int]]
) -> tuple[Refusal, ...]:
    """Each side its own part, while the scoring runs, within each indicator. 依据：R-2-28。"""
    asked = scheme.indicators.get(part, ()) if scheme.weight(part) else ()
    if role not in SCORERS.get(part, ()) or not asked:
        return (Refusal(f"{THING}.wrong_role", "您的角色不能评这一方的分"),)
    refusals = []
    if state != AppraisalState.SCORING:
        refusals.append(Refusal(f"{THING}.wrong_state", "现在不在评分阶段，不能改分"))
    for row in points:
        fits = len(row) == len(asked) and all(
            0 <= point <= one.most for point, one in zip(row, asked, strict=True)
        )
        if not fits:
            refusals.append(
                Refusal("posting.appraisal.points", "每项得分应在 0 到该项满分之间，每项都要填")
            )
            break
    return tuple(refusals)


def refuse_changed(names: Sequence[str]) -> tuple[Refusal, ...]:
    """Two officers of a town may have the sheet open: the second must see what the first gave."""
    if not names:
        return ()
    who = "、".join(names[:5])
    said = f"{who}的评分刚被别人改过，没有保存；请刷新，核对后再保存"
    return (Refusal("posting.appraisal.changed_meanwhile", said),)


# --- summing up -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SumFacts:
    """What still lacks: names by side, villages by ballots, people whose ballots say too little."""

    due_on: date
    today: date
    people: int
    missing: Mapping[AppraisalPart, int]
    few_ballots: Sequence[str] = ()
    no_opinion: Sequence[str] = ()


def _some(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > 5 else ""
    return "、".join(names[:5]) + more


def refuse_to_summarise(facts: SumFacts) -> tuple[Refusal, ...]:
    """After the last day, with every score given and every sample reached. 依据：R-2-28、7.7。"""
    refusals = []
    if facts.today <= facts.due_on:
        refusals.append(
            Refusal(
                "posting.appraisal.still_open",
                f"评分和投票到 {facts.due_on} 为止，次日起可以汇总；已经收齐的，可以先改截止日",
            )
        )
    if not facts.people:
        refusals.append(Refusal("posting.appraisal.nobody", "没有参加考评的同志"))
    for part, count in facts.missing.items():
        if count:
            refusals.append(
                Refusal(
                    "posting.appraisal.score_missing", f"还有 {count} 名同志没有{part.label}评分"
                )
            )
    if facts.few_ballots:
        refusals.append(
            Refusal(
                "posting.appraisal.sample_small",
                f"样本不足：{_some(facts.few_ballots)}；请延长截止日，或写明原因后不参加本次考评",
            )
        )
    if facts.no_opinion:
        refusals.append(
            Refusal(
                "posting.appraisal.valid_small",
                f"样本不足：{_some(facts.no_opinion)}的有效票不到 10 张（不了解的不算）",
            )
        )
    return tuple(refusals)


# --- deliberation, notice, appeal, archive --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GradeFacts:
    """A grade that is to be another one than it is."""

    before: str
    after: str
    reason: str
    ceiling: AppraisalGrade
    excellent_elsewhere: int
    excellent_room: int
    is_left_out: bool = False


def refuse_to_grade(facts: GradeFacts) -> tuple[Refusal, ...]:
    """With a reason, not above the ceiling, 优秀 only with room left. 依据：R-2-24、R-2-28。"""
    refusals = list(
        _needs(facts.reason, Refusal("posting.appraisal.reason_missing", "调整等次须写明理由"))
    )
    if facts.is_left_out:
        refusals.append(Refusal("posting.appraisal.is_left_out", "该同志不参加本次考评"))
    if facts.after == facts.before:
        refusals.append(Refusal("posting.appraisal.same_grade", "与现在的等次相同"))
    if ORDER[AppraisalGrade(facts.after)] < ORDER[facts.ceiling]:
        refusals.append(
            Refusal(
                "posting.appraisal.above_ceiling",
                f"有认定的脱岗，最高{facts.ceiling.label}，不能调得更高",
            )
        )
    if facts.after == AppraisalGrade.EXCELLENT and (
        facts.excellent_elsewhere >= facts.excellent_room
    ):
        refusals.append(
            Refusal(
                "posting.appraisal.no_room",
                f"优秀名额 {facts.excellent_room} 名已满，要调整先减一名",
            )
        )
    return tuple(refusals)


def refuse_to_archive(*, appeal_until: date, today: date, open_appeals: int) -> tuple[Refusal, ...]:
    """依据：2.9 本人 5 个工作日内可以申诉，10 个工作日内复核。"""
    refusals = []
    if today <= appeal_until:
        refusals.append(
            Refusal("posting.appraisal.appeal_runs", f"申诉期到 {appeal_until}，次日起可以归档")
        )
    if open_appeals:
        refusals.append(
            Refusal("posting.appraisal.appeal_open", f"还有 {open_appeals} 件申诉没有复核")
        )
    return tuple(refusals)


def refuse_to_appeal(
    *, state: str, today: date, appeal_until: date | None, text: str, has_appeal: bool,
    is_left_out: bool = False,
) -> tuple[Refusal, ...]:  # fmt: skip
    """Once, after the notice and within five working days. 依据：2.9。"""
    if state != AppraisalState.NOTIFIED or appeal_until is None or is_left_out:
        return (Refusal("posting.appraisal.appeal_state", "结果反馈以后、归档以前才能申诉"),)
    refusals = []
    if today > appeal_until:
        refusals.append(
            Refusal("posting.appraisal.appeal_late", f"申诉期到 {appeal_until} 为止，已经过了")
        )
    if has_appeal:
        refusals.append(Refusal("posting.appraisal.appeal_twice", "已经提出过申诉"))
    refusals += _needs(text, Refusal("posting.appraisal.appeal_text", "请写明申诉的理由"))
    return tuple(refusals)


def refuse_without_reason(text: str, label: str) -> tuple[Refusal, ...]:
    return _needs(text, Refusal("posting.appraisal.reason_missing", f"“{label}”须写明原因或意见"))
