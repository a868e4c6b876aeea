"""Which numbers of choosing and matching does a county set (appendix C)?

A round takes them with it when it opens; what is set later holds for the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lingyan.common.county_settings import Kind, Setting
from lingyan.posting.rules.eligibility import DEFAULT_RULES
from lingyan.posting.rules.health_checks import TYPE_THRESHOLD
from lingyan.posting.rules.portraits import PORTRAIT_VALID_MONTHS
from lingyan.posting.rules.processes import NOTICE_DAYS, TERM_MONTHS_MIN

GROUP = "体检、选派和匹配"
USUAL = {
    name: number for rule in DEFAULT_RULES for name, number in rule.parameters.items()
}  # of the hard rules

PARTY_YEARS = Setting(
    "post.min_party_years", "第一书记的党龄不少于（年）", GROUP, "R-2-03", "U",
    USUAL["min_party_years"], 10,
)  # fmt: skip
WORK_YEARS = Setting(
    "post.min_work_years", "工作年限不少于（年）", GROUP, "R-2-03", "U", USUAL["min_work_years"], 20
)
TERM_MONTHS = Setting(
    "post.term_months", "任期不少于（月）", GROUP, "R-2-04", "U", TERM_MONTHS_MIN, 60, least=12
)
MONTHS_TO_RETIRE = Setting(
    "post.min_months_to_retire", "到任后距退休不少于（月）", GROUP, "R-2-17", "D",
    USUAL["min_months_to_retire"], 60,
)  # fmt: skip
RETIREMENT_MEN = Setting(
    "post.retirement_age_men", "没有写预计退休日期的，男性按几岁退休（周岁）", GROUP, "R-2-17", "U",
    USUAL["retirement_age_men"], 65, least=55,
)  # fmt: skip
RETIREMENT_WOMEN = Setting(
    "post.retirement_age_women", "没有写预计退休日期的，女性按几岁退休（周岁）", GROUP, "R-2-17",
    "U", USUAL["retirement_age_women"], 65, least=50,
)  # fmt: skip
REST_MONTHS = Setting(
    "post.rest_months", "两次派驻之间轮休几个月（0 为不设）", GROUP, "R-2-16", "D",
    USUAL["rest_months"], 36,
)  # fmt: skip
OWN_TOWN = Setting(
    "recusal.own_town", "不派往本人籍贯所在乡镇的各村（1 启用，0 只提醒）", GROUP, "R-2-14", "P",
    USUAL["own_town_blocks"], 1, kind=Kind.SWITCH,
)  # fmt: skip
UNRANKED = Setting(
    "match.allow_unranked", "志愿、意向里没有写到的也可以配（1 启用，0 停用）", GROUP, "R-2-20",
    "D", 1, 1, kind=Kind.SWITCH,
)  # fmt: skip
NOTICE = Setting(
    "match.notice_days", "派驻人选公示（工作日）", GROUP, "R-2-20", "D", NOTICE_DAYS, 30, least=1
)
TYPE_LIMIT = Setting(
    "need.type_threshold", "体检某一方面达到几分建议相应的村类型", GROUP, "R-2-09", "D",
    TYPE_THRESHOLD, 100, least=1,
)  # fmt: skip
PORTRAIT_MONTHS = Setting(
    "portrait.valid_months", "佐证多久没有再核实标为已过期（月）", GROUP, "2.3", "D",
    PORTRAIT_VALID_MONTHS, 120, least=1,
)  # fmt: skip

SETTINGS = (
    TYPE_LIMIT, PORTRAIT_MONTHS, PARTY_YEARS, WORK_YEARS, TERM_MONTHS, MONTHS_TO_RETIRE,
    RETIREMENT_MEN, RETIREMENT_WOMEN, REST_MONTHS, OWN_TOWN, UNRANKED, NOTICE,
)  # fmt: skip

# Which number a hard rule takes from the county: rule, its parameter, the key.
OF_RULES: tuple[tuple[str, str, Setting], ...] = (
    ("R02", "own_town_blocks", OWN_TOWN),
    ("R04", "min_party_years", PARTY_YEARS),
    ("R05", "min_work_years", WORK_YEARS),
    ("R06", "min_months_to_retire", MONTHS_TO_RETIRE),
    ("R06", "retirement_age_men", RETIREMENT_MEN),
    ("R06", "retirement_age_women", RETIREMENT_WOMEN),
    ("R08", "rest_months", REST_MONTHS),
)


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds in a county on the day on which a round opens."""

    parameters: Mapping[str, Mapping[str, int]]  # of the hard rules, by rule
    notice_days: int
    overlap_days: int
    term_months_min: int
    own_town_blocks: bool
    allow_unranked: bool
