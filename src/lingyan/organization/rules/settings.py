"""Which numbers of rectification and change of term does a county set (appendix C)?"""

from __future__ import annotations

from lingyan.common.county_settings import Kind, Setting
from lingyan.organization.rules import (
    acceptance,
    committees,
    reviews,
    screening,
    terms,
    visits,
)
from lingyan.organization.rules.term_settings import DEFAULTS

WEAK, TERM, REVIEWS = "软弱涣散整顿", "届次、换届", "述职评议"
VACANCY = Setting(
    "cadre.secretary_vacancy_months", "村党组织书记空缺多久为长期空缺（月）", WEAK,
    "R-1-23、W01", "P", committees.VACANCY_MONTHS, 12, least=1,
)  # fmt: skip
NO_DEVELOPMENT = Setting(
    "weak.no_dev_years", "连续几年没有发展党员作为线索（年）", WEAK, "W11", "P",
    screening.NO_DEVELOPMENT_YEARS, 10, least=1,
)  # fmt: skip
VISITS = Setting(
    "weak.visit_per_month", "县级领导每月到村督查（次）", WEAK, "R-4-04", "A",
    visits.VISITS_A_MONTH, 8, least=1,
)  # fmt: skip
SCORE = Setting(
    "weak.pass_score", "验收得分的合格线（分）", WEAK, "R-4-06", "A", acceptance.PASS_SCORE, 100,
    least=60,
)  # fmt: skip
SATISFACTION = Setting(
    "weak.pass_satisfaction", "验收时群众满意度的合格线（%）", WEAK, "R-4-06", "A",
    acceptance.PASS_SATISFACTION, 100, least=60,
)  # fmt: skip
FLOOR = Setting(
    "weak.satisfaction_floor", "群众满意度低于多少列为 W09 情形（%）", WEAK, "W09", "P",
    acceptance.SATISFACTION_FLOOR, 80, least=1,
)  # fmt: skip
MIN_RATIO = Setting(
    "weak.min_ratio", "每年列入整顿的村最低比例（%，0 为不设）", WEAK, "R-4-01", "P",
    screening.MIN_RATIO, 30,
)  # fmt: skip
TERM_WARN = Setting(
    "term.warn_days", "届满前提醒（天）", TERM, "R-1-30", "D", terms.WARN_DAYS, 730, least=1
)
REVIEW_DAYS = Setting(
    "review.days", "联审部门答复（工作日）", TERM, "1.7", "D", DEFAULTS.review_days, 60, least=1
)
REVIEW_VALID = Setting(
    "review.valid_days", "联审结果有效（天）", TERM, "R-1-31", "P", DEFAULTS.review_valid_days,
    730, least=1,
)  # fmt: skip
LOOKBACK = Setting(
    "term.lookback_months", "换届后几个月内“回头看”（月）", TERM, "1.7", "D",
    DEFAULTS.lookback_months, 24, least=1,
)  # fmt: skip
MEND = Setting(
    "term.mend_days", "“回头看”一般问题多少天内整改（天）", TERM, "R-1-32", "D",
    DEFAULTS.mend_days, 365, least=1,
)  # fmt: skip
REVIEW_YEARLY = Setting(
    "review.yearly", "每年对在任村干部联审一次（1 启用，0 停用）", TERM, "R-1-31", "P", 1, 1,
    kind=Kind.SWITCH,
)  # fmt: skip
ROUND_MONTH = Setting(
    "review_round.due_month", "述职评议考核在次年几月底前做完（月）", REVIEWS, "R-13-04", "U",
    reviews.DUE_MONTH, 6, least=1,
)  # fmt: skip
SETTINGS = (
    VACANCY, NO_DEVELOPMENT, MIN_RATIO, VISITS, SCORE, SATISFACTION, FLOOR, TERM_WARN, REVIEW_DAYS,
    REVIEW_VALID, REVIEW_YEARLY, LOOKBACK, MEND, ROUND_MONTH,
)  # fmt: skip
