"""May this person be posted to this village: what does each hard rule R01-R17 say?

Every rule is a small function over frozen facts. Some look only at the person (and the role), the
others at the pair. `person_results` and `pair_results` run them under the county's settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lingyan.common import gates
from lingyan.common.choices import Choice
from lingyan.common.gates import Fact
from lingyan.common.periods import ONE_DAY, add_years, full_months
from lingyan.directory.rules import (
    RECUSAL_POSTS,
    Gender,
    OfficerPost,
    PoliticalStatus,
    Relation,
)
from lingyan.posting.rules.words import (
    CandidateSource,
    DisciplineState,
    HealthState,
    PoolCategory,
    PoolState,
    Role,
)


class Effect(Choice):
    BLOCK = "block", "拦截"
    WARN = "warn", "提醒"
    OFF = "off", "不核查"


class Outcome(Choice):
    PASS = "pass", "通过"
    WARN = "warn", "提醒"
    FAIL = "fail", "不通过"
    UNKNOWN = "unknown", "待核实"
    UNDECLARED = "undeclared", "未申报"


OUT = frozenset({Outcome.FAIL, Outcome.UNKNOWN})
NAMED_AS_OBSTACLE = OUT | {Outcome.WARN}
# Rules whose names say what goes wrong, as they are called where nothing does.
CLEAR_NAMES = {
    "R01": "入库和派驻", "R06": "退休年限", "R13": "村的意见", "R14": "本人意愿",
    "R15": "单位意见", "R16": "没有人工排除",
}  # fmt: skip
BOTH_ROLES = frozenset({Role.FIRST_SECRETARY.value, Role.MEMBER.value})
PUBLIC_TEXT = "不符合条件"
PRIVATE_RULES = frozenset({"R07", "R09"})
PRIVATE_LINE = ("R07/R09", "R-2-11、R-2-12", "个人事项")
EXEMPT_RECALL_GROUND = "RG09"
ELIGIBLE, PAIR = "posting.eligibility.person", "posting.eligibility.pair"  # acts of the gates


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """One hard rule as data: what the county set, for which roles, with which parameters."""

    code: str
    name: str
    number: str
    effect: str = Effect.BLOCK.value
    parameters: Mapping[str, int] = field(default_factory=dict)
    roles: frozenset[str] = BOTH_ROLES
    effects_allowed: tuple[str, ...] = (Effect.BLOCK.value, Effect.OFF.value)
    columns: tuple[tuple[str, ...], ...] = ()

    @property
    def bit(self) -> int:
        return 1 << (int(self.code[1:]) - 1)


COUNTY_SETS = (Effect.BLOCK.value, Effect.WARN.value, Effect.OFF.value)
FIRST_SECRETARY_ONLY = frozenset({Role.FIRST_SECRETARY.value})
WARN = Effect.WARN.value
BLOCK = Effect.BLOCK.value

# What `--lang en` calls a rule; everywhere else the names of the county stand.
RULE_NAMES_EN: dict[str, str] = {
    "R01": "not in the pool, or in a posting",
    "R02": "recusal, native place",
    "R03": "recusal, relatives",
    "R04": "Party membership and its years",
    "R05": "years of service",
    "R06": "too near retirement",
    "R07": "health",
    "R08": "recall and rest period",
    "R09": "discipline or unsettled case",
    "R10": "category and rank asked for",
    "R11": "language asked for",
    "R12": "stated hardship, distance",
    "R13": "refused by the village",
    "R14": "refused by the person",
    "R15": "unit does not send to this town",
    "R16": "banned by hand",
    "R17": "recusal, public duties",
    PRIVATE_LINE[0]: "health or discipline",
}

# `columns`: every group names columns of which the sheets must hold at least one; where a group is
# absent from the whole sheet, the rule is off for the run and listed as 未核查的规则.
DEFAULT_RULES: tuple[RuleSetting, ...] = (
    RuleSetting("R01", "不在库或已有派驻", "R-2-18", columns=(("pool_state", "in_post"),)),
    RuleSetting(
        "R02", "籍贯回避", "R-2-14", parameters={"own_town_blocks": 0},
        columns=(("home_villages", "home_towns"),),
    ),
    RuleSetting("R03", "亲属回避", "R-2-13", columns=(("relatives",), ("officers",))),
    RuleSetting(
        "R04", "党员身份和党龄", "R-2-11", parameters={"min_party_years": 1},
        roles=FIRST_SECRETARY_ONLY, columns=(("political_status",),),
    ),
    RuleSetting(
        "R05", "工作年限", "R-2-11", parameters={"min_work_years": 2},
        effects_allowed=COUNTY_SETS, columns=(("work_since",),),
    ),
    RuleSetting(
        "R06", "临近退休", "R-2-17", effect=WARN,
        parameters={
            "min_months_to_retire": 24, "retirement_age_men": 60, "retirement_age_women": 55,
        },
        effects_allowed=COUNTY_SETS, columns=(("birth_on", "retires_on"),),
    ),
    RuleSetting("R07", "健康状况", "R-2-11", effects_allowed=COUNTY_SETS, columns=(("health",),)),
    RuleSetting(
        "R08", "召回和轮休", "R-2-16", parameters={"ban_months": 24, "rest_months": 0},
        effects_allowed=COUNTY_SETS, columns=(("recalled_on", "last_posting_until"),),
    ),
    RuleSetting(
        "R09", "处分和审查", "R-2-12", columns=(("discipline", "sanction_until"),),
    ),
    RuleSetting(
        "R10", "类别和职级要求", "R10", effect=WARN, effects_allowed=COUNTY_SETS,
        columns=(("category", "source", "rank"), ("categories", "sources", "ranks")),
    ),
    RuleSetting(
        "R11", "语言要求", "R11", effect=WARN, effects_allowed=COUNTY_SETS,
        columns=(("languages",), ("languages_asked",)),
    ),
    RuleSetting(
        "R12", "本人困难：路程限制", "R12", effect=WARN, effects_allowed=COUNTY_SETS,
        columns=(("minutes_max",),),
    ),
    RuleSetting("R13", "村不接收", "R13", columns=(("vetoes",),)),
    RuleSetting("R14", "本人不愿去", "R14", columns=(("refusals",),)),
    RuleSetting("R15", "单位不派往该乡镇", "R15", columns=(("barred_towns",),)),
    RuleSetting("R16", "人工排除", "R16", columns=()),
    RuleSetting("R17", "公务回避", "R-2-15", columns=(("contract_villages",),)),
)  # fmt: skip


class Officer(NamedTuple):
    """A current holder of a post in the village; `key` is a register id, where there is one."""

    name: str
    post: str | None = None
    key: str | None = None


class Relative(NamedTuple):
    name: str
    relation: str | None = None
    key: str | None = None


class Recall(NamedTuple):
    """`banned_until`: as decided in the case itself; None where only the day is known."""

    on: date
    village: str | None = None
    ground: str | None = None
    banned_until: date | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the rules read about a person; None or empty is "not stated", never "no"."""

    id: str
    name: str
    unit: str | None = None
    gender: str | None = None
    birth_on: date | None = None
    retires_on: date | None = None
    political_status: str | None = None
    full_member_since: date | None = None
    party_joined_on: date | None = None
    work_since: date | None = None
    pool_state: str | None = None
    in_post: bool | None = None
    health: str | None = None
    discipline: str | None = None
    sanction_until: date | None = None
    recalls: tuple[Recall, ...] = ()
    last_posting_until: date | None = None
    source: str | None = None
    category: str | None = None
    rank: str | None = None
    languages: tuple[str, ...] = ()
    minutes_max: int | None = None
    home_villages: tuple[str, ...] = ()
    home_towns: tuple[str, ...] = ()
    relatives: tuple[Relative, ...] = ()
    contract_villages: tuple[str, ...] = ()
    refusals: Mapping[str, str] = field(default_factory=dict)
    barred_towns: tuple[str, ...] = ()
    # Health and discipline never enter a snapshot; there only the outcome of R07 and R09 stands.
    restricted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """What the rules read about a village; `vetoes` and `bans` map a person's id to the reason.

    A ban key may be `person` (every post) or `person/role`.
    """

    id: str
    name: str
    town: str | None = None
    officers: tuple[Officer, ...] = ()
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    vetoes: Mapping[str, str] = field(default_factory=dict)
    bans: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TermFacts:
    """The days against which a round measures; handed in, never read from a clock."""

    as_of: date
    starts_on: date
    months: int = 24


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule says of one person and village: outcome, fields read, Chinese sentence."""

    rule: str
    number: str
    name: str
    outcome: Outcome
    fields: tuple[tuple[str, str], ...]
    text: str

    @property
    def is_out(self) -> bool:
        return self.outcome in OUT

    @property
    def label(self) -> str:
        """The name beside the outcome: an obstacle that is not there is not named as one."""
        return (
            self.name
            if self.outcome in NAMED_AS_OBSTACLE
            else CLEAR_NAMES.get(self.rule, self.name)
        )

    @property
    def line(self) -> str:
        """Name and finding in one line; a finding that begins with the name stands alone."""
        if self.text in ("", self.outcome.label):
            return self.label
        if self.text.startswith(self.label):
            return self.text
        return f"{self.label}：{self.text}"

    def public(self) -> RuleResult:
        """As everybody may read it: health and discipline show neither which of them nor why."""
        if self.rule not in PRIVATE_RULES:
            return self
        hit = self.outcome not in (Outcome.PASS, Outcome.UNDECLARED)
        return RuleResult(
            *PRIVATE_LINE,
            outcome=self.outcome if hit else Outcome.PASS,
            fields=(),
            text=PUBLIC_TEXT if hit else "符合条件",
        )


def public_results(results: Iterable[RuleResult]) -> list[RuleResult]:
    """The lines that may be shown, R07 and R09 as one, so that neither gives the other away."""
    lines: dict[str, RuleResult] = {}
    for result in results:
        line = result.public()
        known = lines.get(line.rule)
        if known is None or GRAVITY[line.outcome] > GRAVITY[known.outcome]:
            lines[line.rule] = line
    return list(lines.values())


class Finding(NamedTuple):
    """What a rule function found, before the county's setting (block or warn) is applied."""

    outcome: Outcome
    text: str
    fields: tuple[tuple[str, str], ...] = ()


PASSED = Finding(Outcome.PASS, "")
PersonRule = Callable[[PersonFacts, TermFacts, RuleSetting], Finding]
PairRule = Callable[[PersonFacts, VillageFacts, str, int | None, RuleSetting], Finding]


def _undeclared(what: str) -> Finding:
    return Finding(Outcome.UNDECLARED, f"{what}未申报", ((what, ""),))


def _unknown(what: str) -> Finding:
    return Finding(Outcome.UNKNOWN, f"“{what}”没有填写，待核实", ((what, ""),))


# --- rules that look only at the person ---------------------------------------------------------


def pool_rule(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding:
    """R01：在库，且没有在派。依据：R-2-18、人才储备库状态。"""
    if person.in_post:
        return Finding(Outcome.FAIL, "现有派驻尚未结束", (("在派", "是"),))
    if person.pool_state is None:
        return _undeclared("入库状态")
    label = PoolState(person.pool_state).label
    if person.pool_state == PoolState.IN_POOL:
        return Finding(Outcome.PASS, "在库", (("入库状态", label),))
    return Finding(Outcome.FAIL, f"人才储备库状态为“{label}”，不在库", (("入库状态", label),))


def party_rule(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding:
    """R04：第一书记须为正式党员，党龄满规定年限。依据：R-2-03、R-2-11。"""
    if person.political_status is None:
        return _unknown("政治面貌")
    label = PoliticalStatus(person.political_status).label
    if person.political_status != PoliticalStatus.FULL_MEMBER:
        return Finding(Outcome.FAIL, f"政治面貌为“{label}”，不是正式党员", (("政治面貌", label),))
    years = setting.parameters["min_party_years"]
    if not years:
        return Finding(Outcome.PASS, "正式党员，党龄不作要求", (("政治面貌", label),))
    since = full_member_day(person)
    if since is None:
        return _unknown("转正日期")
    fields = (("政治面貌", label), ("转正日期", since.isoformat()))
    if full_months(since, term.starts_on) < 12 * years:
        return Finding(Outcome.FAIL, f"到任时党龄不满{years}年", fields)
    return Finding(Outcome.PASS, f"正式党员，党龄满{years}年", fields)


def full_member_day(person: PersonFacts) -> date | None:
    """党龄自转正之日算起；只填入党日期的，按预备期一年推算。"""
    if person.full_member_since or person.party_joined_on is None:
        return person.full_member_since
    return add_years(person.party_joined_on, 1)


def work_rule(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding:
    """R05：工作年限不低于规定。依据：R-2-03、R-2-11。"""
    if person.work_since is None:
        return _unknown("参加工作时间")
    years = setting.parameters["min_work_years"]
    fields = (("参加工作时间", person.work_since.isoformat()),)
    if full_months(person.work_since, term.starts_on) < 12 * years:
        return Finding(Outcome.FAIL, f"到任时工作不满{years}年", fields)
    return Finding(Outcome.PASS, f"工作满{years}年", fields)


def retirement_day(person: PersonFacts, setting: RuleSetting) -> date | None:
    """The day stated, or the birthday at the configured age.

    Without a stated gender the earlier age is taken: a warning too many is looked at, one too
    few is not. 默认值，请按本地文件核对。
    """
    if person.retires_on or person.birth_on is None:
        return person.retires_on
    men, women = (setting.parameters[f"retirement_age_{who}"] for who in ("men", "women"))
    by_gender = {Gender.MALE.value: men, Gender.FEMALE.value: women}
    year = person.birth_on.year + by_gender.get(person.gender or "", min(men, women))
    try:
        return person.birth_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def retirement_rule(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding:
    """R06：到任后剩余工作时间不少于规定月数。依据：R-2-17。"""
    retires_on = retirement_day(person, setting)
    if retires_on is None:
        return _unknown("出生日期")
    months = setting.parameters["min_months_to_retire"]
    fields = (("预计退休", retires_on.isoformat()),)
    if full_months(term.starts_on, retires_on) < months:
        return Finding(Outcome.FAIL, f"到任后距退休不足{months}个月（{retires_on}）", fields)
    return Finding(Outcome.PASS, f"到任后距退休满{months}个月", fields)


def health_rule(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding:
    """R07：身体能够正常履职。依据：R-2-03、R-2-11。"""
    if person.health is None:
        return _undeclared("健康状况")
    label = HealthState(person.health).label
    fields = (("健康状况", label),)
    if person.health == HealthState.UNFIT:
        return Finding(Outcome.FAIL, f"健康状况为“{label}”", fields)
    return Finding(Outcome.PASS, "能够正常履职", fields)


def discipline_rule(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding:
    """R09：不在处分影响期内，没有未了结的审查。依据：R-2-12、G-21。

    A sanction whose last day has passed is no obstacle; without a last day it is in effect.
    """
    if person.discipline is None and person.sanction_until is None:
        return _undeclared("处分和审查情况")
    until = person.sanction_until
    fields = (
        (
            "处分和审查",
            DisciplineState(person.discipline).label if person.discipline else "",
        ),
        ("影响期至", until.isoformat() if until else ""),
    )
    found = sanction_of(person.discipline, until, term.as_of)
    if found and gates.refusals(ELIGIBLE, {Fact.SANCTIONED: True}):
        return Finding(Outcome.FAIL, found, fields)
    return Finding(Outcome.PASS, "没有在影响期内的处分", fields)


def sanction_of(discipline: str | None, until: date | None, on: date) -> str:
    """What holds somebody back on that day, in words; nothing where nothing does (G-21)."""
    if discipline == DisciplineState.UNDER_INVESTIGATION:
        return "正在接受调查"
    if until is not None and until >= on:
        return f"处分影响期至{until}"
    if discipline == DisciplineState.SANCTIONED and until is None:
        return "在处分影响期内"
    return ""


def recall_rule(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding:
    """R08（本人部分）：召回未满规定月数，或轮休未满。依据：R-2-16、G-17。

    召回决定写明了到哪一天的，按决定；只知道召回日期的，按本批次的月数。
    """
    for recall in person.recalls:
        running = _ban_running(recall, term.as_of, setting.parameters["ban_months"])
        if running and gates.refusals(ELIGIBLE, {Fact.RECALL_BAN: True}):
            return Finding(
                Outcome.FAIL,
                f"{recall.on}被召回，{running}",
                (("召回日期", recall.on.isoformat()),),
            )
    rest, ended = setting.parameters["rest_months"], person.last_posting_until
    if rest and ended and full_months(ended, term.starts_on) < rest:
        return Finding(
            Outcome.FAIL, f"上次派驻{ended}结束，轮休未满{rest}个月",
            (("上次派驻结束", ended.isoformat()),),
        )  # fmt: skip
    if not person.recalls and ended is None:
        return _undeclared("召回和上次派驻")
    return Finding(Outcome.PASS, "召回和轮休不影响选派")


def _ban_running(recall: Recall, as_of: date, ban_months: int) -> str:
    """How long a recall still bars somebody, in words; nothing where it does not."""
    if recall.ground == EXEMPT_RECALL_GROUND:
        return ""
    if recall.banned_until is not None:
        last = recall.banned_until - ONE_DAY
        return f"不得再选派至{last}" if as_of <= last else ""
    return f"未满{ban_months}个月" if full_months(recall.on, as_of) < ban_months else ""


PERSON_RULES: Mapping[str, PersonRule] = {
    "R01": pool_rule,
    "R04": party_rule,
    "R05": work_rule,
    "R06": retirement_rule,
    "R07": health_rule,
    "R08": recall_rule,
    "R09": discipline_rule,
}

# --- rules that look at the pair ----------------------------------------------------------------


def home_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R02：不到本人籍贯、户籍、成长地的村任职；同乡镇其他村提醒。依据：R-2-14。"""
    if not person.home_villages and not person.home_towns:
        return _undeclared("籍贯、户籍和成长地")
    if village.id in person.home_villages:
        return Finding(
            Outcome.FAIL,
            f"{village.name}是本人籍贯、户籍或成长地",
            (("回避村", village.name),),
        )
    if village.town is not None and village.town in person.home_towns:
        outcome = Outcome.FAIL if setting.parameters["own_town_blocks"] else Outcome.WARN
        return Finding(
            outcome,
            f"{village.town}是本人籍贯、户籍或成长地所在乡镇",
            (("乡镇", village.town),),
        )
    return Finding(Outcome.PASS, "不在回避村和所在乡镇")


def kinship_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R03：近亲属是该村两委、监委会、理事会、监事会成员或财务人员的回避。依据：R-2-13、G-15。

    Two register ids decide when both sides have one; otherwise the name does, because a same name
    that turns out to be somebody else is cleared by filling in the register.
    """
    if not person.relatives:
        return _undeclared("近亲属")
    for relative in person.relatives:
        for officer in village.officers:
            is_near = _same_person(relative, officer) and _is_recusal_post(officer.post)
            # Asked of a million pairs: the table only where there is something to ask.
            if is_near and gates.refusals(PAIR, {Fact.NEAR_RELATIVE: True}):
                return Finding(
                    Outcome.FAIL,
                    f"{_kin_label(relative)}{relative.name}现任该村{_post_label(officer.post)}",
                    (("近亲属", relative.name), ("两委及财务人员", officer.name)),
                )
    return Finding(Outcome.PASS, "近亲属没有在该村任职")


def _same_person(relative: Relative, officer: Officer) -> bool:
    if relative.key and officer.key:
        return relative.key == officer.key
    return relative.name == officer.name


def _is_recusal_post(post: str | None) -> bool:
    return post is None or post not in set(OfficerPost) or OfficerPost(post) in RECUSAL_POSTS


def _post_label(post: str | None) -> str:
    if post is None:
        return "两委或财务人员"
    return OfficerPost(post).label if post in set(OfficerPost) else post


def _kin_label(relative: Relative) -> str:
    if relative.relation is None:
        return "近亲属"
    known = relative.relation in set(Relation)
    return Relation(relative.relation).label if known else relative.relation


def recalled_here_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R08（村部分）：曾在该村被召回的，不再派往该村。依据：R-2-16。"""
    for recall in person.recalls:
        if recall.village == village.id and recall.ground != EXEMPT_RECALL_GROUND:
            return Finding(
                Outcome.FAIL,
                f"{recall.on}曾从{village.name}召回",
                (("召回村", village.name),),
            )
    return PASSED


def category_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R10：岗位对人选类别、来源、职级的要求。"""
    asked: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
        ("人选类别", village.categories, person.category),
        ("人选来源", village.sources, person.source),
        ("职级", village.ranks, person.rank),
    )
    for what, wanted, has in asked:
        if not wanted or has in wanted:
            continue
        labels = "、".join(_word(item) for item in wanted)
        if has is None:
            return Finding(
                Outcome.UNKNOWN,
                f"岗位要求{what}为{labels}，本人{what}没有填写",
                ((what, ""),),
            )
        return Finding(
            Outcome.FAIL,
            f"岗位要求{what}为{labels}，本人为{_word(has)}",
            ((what, _word(has)),),
        )
    return Finding(Outcome.PASS, "符合岗位的类别和职级要求")


WORDS = {**dict(PoolCategory.choices()), **dict(CandidateSource.choices())}


def _word(code: str) -> str:
    return WORDS.get(code, code)


def language_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R11：民族乡村的语言要求，会其中一种即可。"""
    if not village.languages:
        return PASSED
    asked = "、".join(village.languages)
    if not person.languages:
        return Finding(Outcome.UNKNOWN, f"岗位要求会{asked}，本人语言没有填写", (("语言", ""),))
    spoken = "、".join(person.languages)
    if set(person.languages) & set(village.languages):
        return Finding(Outcome.PASS, "符合语言要求", (("语言", spoken),))
    return Finding(Outcome.FAIL, f"岗位要求会{asked}，本人会{spoken}", (("语言", spoken),))


def distance_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R12：本人申报困难，车程不超过申报的分钟数。"""
    limit = person.minutes_max
    if limit is None:
        return _undeclared("路程限制")
    fields = (
        ("最远车程", f"{limit}分钟"),
        ("车程", "" if minutes is None else f"{minutes}分钟"),
    )
    if minutes is None:
        return Finding(Outcome.UNKNOWN, f"本人车程不超过{limit}分钟，该村车程没有填写", fields)
    if minutes > limit:
        return Finding(Outcome.FAIL, f"车程{minutes}分钟，超过本人申报的{limit}分钟", fields)
    return Finding(Outcome.PASS, f"车程{minutes}分钟，未超过{limit}分钟", fields)


def veto_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R13：村以书面理由不接收。"""
    if person.id in village.vetoes:
        reason = village.vetoes[person.id] or "未写明"
        return Finding(Outcome.FAIL, f"村不接收：{reason}", (("不接收人选", person.name),))
    return PASSED


def refusal_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R14：本人以书面理由不愿去。"""
    if village.id in person.refusals:
        reason = person.refusals[village.id] or "未写明"
        return Finding(Outcome.FAIL, f"本人不愿去：{reason}", (("不愿去的村", village.name),))
    return PASSED


def unit_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R15：单位不能派人到该乡镇。"""
    if village.town is not None and village.town in person.barred_towns:
        return Finding(
            Outcome.FAIL, f"{person.unit or '派出单位'}不派往{village.town}",
            (("单位不派乡镇", village.town),),
        )  # fmt: skip
    return PASSED


def ban_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R16：人工排除，写明理由。"""
    for key in (person.id, f"{person.id}/{role}"):
        if key in village.bans:
            reason = village.bans[key] or "未写明"
            return Finding(Outcome.FAIL, f"人工排除：{reason}", (("排除", person.name),))
    return PASSED


def contract_rule(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    minutes: int | None,
    setting: RuleSetting,
) -> Finding:
    """R17：本人或亲属与该村有未了结的合同、债权或项目。依据：R-2-15。"""
    if not person.contract_villages:
        return _undeclared("与村的合同、债权和项目")
    if village.id in person.contract_villages:
        return Finding(
            Outcome.FAIL, f"本人或亲属与{village.name}有未了结的合同、债权或项目",
            (("有经济往来的村", village.name),),
        )  # fmt: skip
    return Finding(Outcome.PASS, "与该村没有未了结的经济往来")


PAIR_RULES: Mapping[str, PairRule] = {
    "R02": home_rule,
    "R03": kinship_rule,
    "R08": recalled_here_rule,
    "R10": category_rule,
    "R11": language_rule,
    "R12": distance_rule,
    "R13": veto_rule,
    "R14": refusal_rule,
    "R15": unit_rule,
    "R16": ban_rule,
    "R17": contract_rule,
}
# An empty field that only a softer rule reads does not put the pair out while that rule warns.
REQUIRED_FIELD_RULES = frozenset({"R04", "R05", "R06"})


def judge(finding: Finding, setting: RuleSetting) -> RuleResult:
    """Apply the county's effect to what the rule found."""
    softened = {Outcome.FAIL}
    if setting.code not in REQUIRED_FIELD_RULES:
        softened.add(Outcome.UNKNOWN)
    outcome = finding.outcome
    if setting.effect == Effect.WARN and outcome in softened:
        outcome = Outcome.WARN
    return RuleResult(
        setting.code,
        setting.number,
        setting.name,
        outcome,
        finding.fields,
        finding.text or "通过",
    )


def unchecked_rules(
    present: frozenset[str], rules: tuple[RuleSetting, ...] = DEFAULT_RULES
) -> tuple[str, ...]:
    """Codes of the rules whose columns the sheets do not hold. 依据：matching-design 1.1。"""
    return tuple(
        rule.code
        for rule in rules
        if rule.effect != Effect.OFF and any(present.isdisjoint(group) for group in rule.columns)
    )


def is_on(setting: RuleSetting, role: str) -> bool:
    return setting.effect != Effect.OFF and role in setting.roles


def person_finding(person: PersonFacts, term: TermFacts, setting: RuleSetting) -> Finding | None:
    if setting.code in person.restricted:
        return Finding(Outcome(person.restricted[setting.code]), PUBLIC_TEXT)
    rule = PERSON_RULES.get(setting.code)
    return rule(person, term, setting) if rule else None


def person_results(
    person: PersonFacts,
    role: str,
    term: TermFacts,
    rules: tuple[RuleSetting, ...] = DEFAULT_RULES,
) -> list[RuleResult]:
    """What the rules that need no village say of a person for a role."""
    results = []
    for setting in rules:
        if is_on(setting, role):
            finding = person_finding(person, term, setting)
            if finding is not None:
                results.append(judge(finding, setting))
    return results


def pair_results(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    rules: tuple[RuleSetting, ...] = DEFAULT_RULES,
    *,
    minutes: int | None = None,
) -> list[RuleResult]:
    """What the rules that look at both sides say of a pair."""
    results = []
    for setting in rules:
        rule = PAIR_RULES.get(setting.code)
        if rule is not None and is_on(setting, role):
            results.append(judge(rule(person, village, role, minutes, setting), setting))
    return results


def check_pair(
    person: PersonFacts,
    village: VillageFacts,
    role: str,
    term: TermFacts,
    rules: tuple[RuleSetting, ...] = DEFAULT_RULES,
    *,
    minutes: int | None = None,
) -> list[RuleResult]:
    """Every rule that is on, one line each, in the order of their codes.

    R08 looks at the person and at the village; the graver of both lines stands.
    """
    lines: dict[str, RuleResult] = {}
    for result in person_results(person, role, term, rules) + pair_results(
        person, village, role, rules, minutes=minutes
    ):
        known = lines.get(result.rule)
        if known is None or GRAVITY[result.outcome] > GRAVITY[known.outcome]:
            lines[result.rule] = result
    return [lines[code] for code in sorted(lines)]


GRAVITY = {
    Outcome.PASS: 0,
    Outcome.UNDECLARED: 1,
    Outcome.WARN: 2,
    Outcome.UNKNOWN: 3,
    Outcome.FAIL: 4,
}


def mask_of(results: list[RuleResult]) -> int:
    """The failed and unknown rules of a pair as a bit mask; 0 is eligible."""
    mask = 0
    for result in results:
        if result.is_out:
            mask |= 1 << (int(result.rule[1:]) - 1)
    return mask


def codes_of(mask: int) -> tuple[str, ...]:
    return tuple(f"R{bit + 1:02d}" for bit in range(mask.bit_length()) if mask >> bit & 1)
