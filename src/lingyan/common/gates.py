"""Which facts of one module hold back an act of another, and who may let it through (12)?

One table, read by the actions, the pages, the tests and `docs/rules/gates.md`. An act names itself
and says what it knows; whether that stops it stands here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lingyan.common.choices import Choice
from lingyan.common.refusals import Refusal


class Effect(Choice):
    BLOCK = "block", "不予办理"
    WARN = "warn", "提醒"
    TRIGGER = "trigger", "自动交办"


class Fact(Choice):
    """What an act knows when it asks. Each is either so or not so."""

    RECT_OPEN = "rect_open", "村党组织有整顿事项未销号（R-4-10）"
    NO_FIRST_SECRETARY = "no_first_secretary", "整顿村没有在岗的第一书记"
    UNIT_SERVES = "unit_serves", "单位是该村整顿“四个一”的结对单位，整顿未销号"
    POST_VACANT = "post_vacant", "村党组织书记空缺达到规定月数（W01）"
    SECRETARY_UNFIT = "secretary_unfit", "村党组织书记考核不称职（W02）"
    REVIEW_NEGATIVE = "review_negative", "联审查出 N01—N04 情形"
    NEAR_RELATIVE = "near_relative", "有规定的近亲属关系"
    NO_GRADE = "no_grade", "没有称职以上的年度或期满考核"
    PROMOTION_BARRED = "promotion_barred", "因召回，不得提拔使用的期限未满"
    RECALL_SIGNAL = "recall_signal", "记录里有召回线索"
    RECALL_BAN = "recall_ban", "召回后不得选派的月数未满（因身体原因召回的不限）"
    UNINSURED = "uninsured", "人身意外伤害保险没有覆盖整个任期"
    EXAM_OVERDUE = "exam_overdue", "应做的健康体检逾期没有做"
    SANCTIONED = "sanctioned", "处分在影响期内，或正在接受调查"
    WORK_OVER = "work_over", "在该村的工作结束"
    BEYOND_VIEW = "beyond_view", "导出的行数超过本人可直接导出的限度"
    RULE_BROKEN = "rule_broken", "按今天的名册，有硬性条件不再成立"
    NUMBER_UNBOUND = "number_unbound", "文中有没有绑定指标的数字"
    WORDING_UNTRUE = "wording_untrue", "文中的写法与数值不符，或者数字之间对不上"
    SNAPSHOT_OLD = "snapshot_old", "数据核对超过 7 天"


@dataclass(frozen=True, slots=True)
class Held:
    """One act that a gate holds: what happens to it when the fact is `shut_when`."""

    act: str
    label: str
    effect: Effect
    fact: Fact
    refusal: Refusal | None = None  # what is said; a TRIGGER does something instead
    days: int = 0  # of what a TRIGGER asks for, to be done in so many days
    shut_when: bool = True
    is_firm: bool = False  # whoever lets something through this gate does not let this through


@dataclass(frozen=True, slots=True)
class Override:
    """Who may let something through, for what, and for how long at most."""

    roles: tuple[str, ...]
    label: str
    days: int = 0  # 0: without a limit


@dataclass(frozen=True, slots=True)
class Gate:
    id: str
    source: str
    target: str
    condition: str
    held: tuple[Held, ...]
    opens: str
    article: str
    override: Override | None = None


_B, _W, _T = Effect.BLOCK, Effect.WARN, Effect.TRIGGER
_STAFF = ("county_org_staff", "county_org_admin")
_BOUND = Refusal(
    "posting.village_bound", "整顿工作未达标，干部不得撤回（村党组织还在软弱涣散整顿中）"
)
_SERVING = Refusal(
    "pairing.village_bound",
    "该村党组织在软弱涣散整顿中，这个单位承担整顿结对任务，不能结束或解除",
)
_NO_GRADE = Refusal("posting.honor.no_appraisal", "未取得称职以上的考核结果，不得提名")
_BARRED = Refusal("posting.career.barred", "因召回，在规定的期限内不得提拔使用")
# Who reads a refusal may not be one who may know of a sanction (10.1): it says no more than that.
_SANCTION = Refusal("posting.not_now", "按规定现在不能提名，原因请向县委组织部了解")
_BROKEN = Refusal("posting.rule_broken", "不符合硬性条件")
_END_ROLES = "当日终止在该村的身份"
_SETTLE = "交办任职、派驻、结对联系人等的收尾"
_CLOSE_ALL = f"当日终止身份、停用账号，{_SETTLE}"

TABLE: dict[str, Gate] = {
    gate.id: gate
    for gate in (
        Gate(
            "G-1", "软弱涣散整顿", "派驻", "村有未销号的整顿事项",
            (
                Held("posting.posting.hand_over", "办理交接", _B, Fact.RECT_OPEN, _BOUND),
                Held("posting.posting.complete", "期满离任", _B, Fact.RECT_OPEN, _BOUND),
                Held("posting.posting.transfer", "调整到其他村", _B, Fact.RECT_OPEN, _BOUND),
                Held("posting.posting.cease", "终止派驻", _B, Fact.RECT_OPEN, _BOUND),
                Held("posting.posting.recall", "召回", _B, Fact.RECT_OPEN, _BOUND),
                Held("posting.term.reached", "任期届满：交办“决定延期”，人仍在岗", _T,
                     Fact.RECT_OPEN, days=15),
            ),
            "整顿事项销号后放开", "12、R-4-10、VAL-11",
            Override((*_STAFF, "county_org_leader"),
                     "召回，或因健康、去世、被羁押、被开除等终止派驻，凭文件当日办理；"
                     "15 个工作日内补派"),
        ),
        Gate(
            "G-2", "软弱涣散整顿", "需求清单、派驻", "已确定整顿的村没有在岗的第一书记",
            (
                Held("organization.rect.start", "开始整顿", _B, Fact.NO_FIRST_SECRETARY,
                     Refusal("organization.rect.no_first_secretary",
                             "村里还没有在岗的第一书记，不能开始整顿")),
                Held("organization.rect.confirmed",
                     "确定整顿：需求清单写入急需项（班子建设 4），交办 30 天内选派第一书记", _T,
                     Fact.NO_FIRST_SECRETARY, days=30),
            ),
            "第一书记到岗后放开", "12、R-4-03",
        ),
        Gate(
            "G-3", "软弱涣散整顿", "结对", "整顿未销号，单位是“四个一”结对单位",
            (
                Held("pairing.pairing.end", "到期结束", _B, Fact.UNIT_SERVES, _SERVING),
                Held("pairing.pairing.dissolve", "解除结对", _B, Fact.UNIT_SERVES, _SERVING),
            ),
            "整顿事项销号，或换由其他单位承担后放开", "12、R-4-10",
        ),
        Gate(
            "G-5", "村干部空缺、考核", "软弱涣散整顿", "出现 W01、W02 线索",
            (
                Held("organization.rect.signal_w01", "列入排查：书记空缺", _T, Fact.POST_VACANT,
                     days=30),
                Held("organization.rect.signal_w02", "列入排查：书记不称职", _T,
                     Fact.SECRETARY_UNFIT, days=30),
            ),
            "补齐书记，或排查后注明不列入", "12、R-4-01",
        ),
        Gate(
            "G-14", "联审", "村干部任职", "联审查出 N01—N04 情形",
            (
                Held("organization.candidate.nominate", "提名候选人", _B, Fact.REVIEW_NEGATIVE,
                     Refusal("organization.candidate.review_failed", "联审不通过，不得提名")),
                Held("organization.sitting.party", "在任党组织成员：交办任免机关免职", _T,
                     Fact.REVIEW_NEGATIVE, days=30),
                Held("organization.sitting.committee",
                     "在任村民委员会成员：交办劝其辞职或依法罢免", _T, Fact.REVIEW_NEGATIVE,
                     days=30),
            ),
            "联审部门更正结论后放开", "12、R-1-28、VAL-08",
        ),
        Gate(
            "G-15", "亲属关系", "任职、选派", "R-1-20、R-1-21、R-2-13 所列近亲属",
            (
                Held("posting.eligibility.pair", "选派到该村", _B, Fact.NEAR_RELATIVE,
                     Refusal("posting.kinship", "近亲属在该村任职，须回避")),
                Held("organization.candidate.nominate", "提名村（居）民委员会候选人", _B,
                     Fact.NEAR_RELATIVE,
                     Refusal("organization.candidate.kinship",
                             "与村务监督委员会成员是近亲属，须回避")),
            ),
            "亲属不再任职，或名册更正后放开", "12、R-2-13",
        ),
        Gate(
            "G-16", "考评、召回", "表彰、使用、召回", "没有称职以上考核；召回影响期；召回线索",
            (
                Held("posting.honor.nominate", "提名表彰", _B, Fact.NO_GRADE, _NO_GRADE),
                Held("posting.career.nominate", "提出使用建议", _B, Fact.NO_GRADE, _NO_GRADE),
                Held("posting.career.nominate", "提出使用建议", _B, Fact.PROMOTION_BARRED,
                     _BARRED),
                Held("posting.career.grant", "登记使用决定", _B, Fact.PROMOTION_BARRED, _BARRED),
                Held("posting.recall.signal", "交办核实召回线索", _T, Fact.RECALL_SIGNAL, days=15),
            ),
            "取得称职以上的年度或期满考核、召回影响期满后放开", "12、R-2-28、VAL-43",
        ),
        Gate(
            "G-17", "召回", "人才储备库、匹配", "被召回（RG09 除外）未满规定月数",
            (
                Held("posting.eligibility.person", "选派", _B, Fact.RECALL_BAN,
                     Refusal("posting.recall_ban", "被召回未满规定月数")),
            ),
            "规定的月数满后放开", "12、R-2-16",
        ),
        Gate(
            "G-18", "保险、体检", "派驻", "保险没有覆盖整个任期，或健康体检逾期",
            (
                Held("posting.posting.arrive", "确认到岗", _B, Fact.UNINSURED,
                     Refusal("posting.not_insured",
                             "人身意外伤害保险没有覆盖整个任期，请先登记保险")),
                Held("posting.posting.arrive", "确认到岗", _B, Fact.EXAM_OVERDUE,
                     Refusal("posting.exam_overdue",
                             "以前派驻期间应做的健康体检逾期没有做，请先体检并登记")),
                Held("posting.posting.at_work", "在岗期间", _W, Fact.UNINSURED,
                     Refusal("posting.insurance_gap", "任期内有没有保险的日子，请尽快补办")),
                Held("posting.posting.at_work", "在岗期间", _W, Fact.EXAM_OVERDUE,
                     Refusal("posting.exam_late", "应做的健康体检逾期没有做，请尽快安排")),
            ),
            "登记覆盖整个任期的保险、补做体检后放开", "12、2.6、2.11",
            Override(("county_org_admin",), "先到岗、15 天内补办", days=15),
        ),
        Gate(
            "G-21", "纪律处分", "选派、表彰、候选人", "处分在影响期内",
            (
                Held("posting.eligibility.person", "选派", _B, Fact.SANCTIONED, _SANCTION),
                Held("posting.honor.nominate", "提名表彰", _B, Fact.SANCTIONED, _SANCTION),
                Held("posting.career.nominate", "提出使用建议", _B, Fact.SANCTIONED, _SANCTION),
                Held("organization.candidate.nominate", "提名候选人（N06）", _B, Fact.SANCTIONED,
                     Refusal("organization.candidate.sanctioned",
                             "按规定现在不能提名（N06），原因请向县委组织部了解")),
            ),
            "由县委组织部按规定掌握", "12、R-2-12、N06",
        ),
        Gate(
            "G-24", "指标", "简报", "数字没有绑定、写法不实，或者数据核对超过 7 天",
            (
                Held("briefings.briefing.issue", "印发简报", _B, Fact.NUMBER_UNBOUND,
                     Refusal("briefings.briefing.number_unbound", "文中有没有绑定指标的数字"),
                     is_firm=True),
                Held("briefings.briefing.issue", "印发简报", _B, Fact.WORDING_UNTRUE,
                     Refusal("briefings.briefing.wording_untrue",
                             "文中的写法与数值不符，或者数字之间对不上"), is_firm=True),
                Held("briefings.briefing.issue", "印发简报", _B, Fact.SNAPSHOT_OLD,
                     Refusal("briefings.briefing.snapshot_old", "数据核对超过 7 天")),
            ),
            "重新核对数据后放开", "12、9.4",
            Override(("county_org_leader",), "只放行数据核对的时间，写明理由"),
        ),
        Gate(
            "G-28", "人员变动", "身份、账号、任职、派驻、结对联系人、整顿包联、候选人",
            "派驻结束、去世、调动、不再是党员、村职离任",
            (
                Held("directory.person.died", f"去世：{_CLOSE_ALL}", _T, Fact.WORK_OVER, days=15),
                Held("directory.person.moved", f"调离本县：{_CLOSE_ALL}", _T, Fact.WORK_OVER,
                     days=15),
                Held("directory.person.party_lost", f"不再是中共党员：{_CLOSE_ALL}", _T,
                     Fact.WORK_OVER, days=15),
                Held("directory.person.transferred",
                     f"调到其他单位：原单位的身份当日终止，{_SETTLE}", _T, Fact.WORK_OVER, days=15),
                Held("directory.office.ended",
                     f"村职离任：{_END_ROLES}，没有其他身份的停用账号，{_SETTLE}", _T,
                     Fact.WORK_OVER, days=15),
                Held("posting.posting.complete", f"期满离任：{_END_ROLES}", _T, Fact.WORK_OVER),
                Held("posting.posting.transfer", f"调整：{_END_ROLES}", _T, Fact.WORK_OVER),
                Held("posting.posting.recall", f"召回：{_END_ROLES}", _T, Fact.WORK_OVER),
                Held("posting.posting.cease", f"终止派驻：{_END_ROLES}，没有其他身份的停用账号",
                     _T, Fact.WORK_OVER),
            ),
            "另行授予身份", "12",
        ),
        Gate(
            "G-29", "个人信息保护", "导出", "超过本人可见、可取的限度",
            (
                Held("platform.export.take", "导出", _B, Fact.BEYOND_VIEW,
                     Refusal("exchange.export.too_many", "超过限度的导出须经县委组织部管理员批准")),
            ),
            "缩小范围，或提出导出申请", "12、R-10-14",
            Override(("county_org_admin",), "批准导出申请（申请人不能批自己的）"),
        ),
        Gate(
            "G-30", "匹配", "派驻", "人工调整后有硬性条件不成立",
            (
                Held("posting.round.adjust", "人工调整方案", _B, Fact.RULE_BROKEN, _BROKEN),
                Held("posting.round.deliberate", "登记研究决定", _B, Fact.RULE_BROKEN, _BROKEN),
                Held("posting.round.issue", "发文", _B, Fact.RULE_BROKEN, _BROKEN),
                Held("posting.replacement.step", "补派", _B, Fact.RULE_BROKEN, _BROKEN),
            ),
            "换人、换村，或更正名册后放开", "12、R-2-20",
        ),
    )
}  # fmt: skip


Facts = Mapping[Fact, bool]


def _lines(act: str, effect: Effect, facts: Facts) -> Iterable[tuple[Gate, Held]]:
    for gate in TABLE.values():
        for line in gate.held:
            told = line.act == act and line.effect is effect and line.fact in facts
            if told and facts[line.fact] is line.shut_when:
                yield gate, line


def _must_be_asked(act: str, effect: Effect, facts: Facts) -> None:
    """A check that no line of the table reads would let everything pass: rather an error."""
    read = {
        line.fact
        for gate in TABLE.values()
        for line in gate.held
        if line.act == act and line.effect is effect
    }
    assert read >= set(facts), f"no gate asks {act} for {set(facts) - read}"


def _said(gate: Gate, line: Held, said: Mapping[Fact, str]) -> Refusal:
    assert line.refusal is not None, f"{gate.id} says nothing"
    return Refusal(line.refusal.code, f"{said.get(line.fact, line.refusal.text)}；{gate.opens}")


def refusals(
    act: str,
    facts: Facts,
    *,
    let_through: Collection[str] = (),
    said: Mapping[Fact, str] | None = None,
) -> tuple[Refusal, ...]:
    """Say every gate that holds the act back, and what would open it; none means it may.

    `let_through` are the gates that somebody has opened for this record; only those count which
    the table lets anybody open. `said` gives the particulars in place of the table's sentence.
    """
    _must_be_asked(act, Effect.BLOCK, facts)
    return tuple(
        _said(gate, line, said or {})
        for gate, line in _lines(act, Effect.BLOCK, facts)
        if line.is_firm or gate.override is None or gate.id not in let_through
    )


def warnings(act: str, facts: Facts) -> tuple[Refusal, ...]:
    """What is allowed and should be looked at."""
    _must_be_asked(act, Effect.WARN, facts)
    return tuple(_said(gate, line, {}) for gate, line in _lines(act, Effect.WARN, facts))


def triggered(act: str, facts: Facts) -> tuple[tuple[Gate, Held], ...]:
    """What has to be done because of this; whoever asked does it, by name. Any act may ask."""
    return tuple(_lines(act, Effect.TRIGGER, facts))


def refuse_override(
    gate_id: str, *, role: str, reason: str, document: str, days: int | None
) -> tuple[Refusal, ...]:
    """Only where the table says so, by whom it names, with reason and document. 依据：12。"""
    gate = TABLE.get(gate_id)
    if gate is None or gate.override is None:
        return (Refusal("supervision.override.none", "这道关口不能放行"),)
    found = []
    if role not in gate.override.roles:
        found.append(Refusal("supervision.override.wrong_role", "您的角色不能放行这道关口"))
    if not reason.strip():
        found.append(Refusal("supervision.override.reason_missing", "放行须写明理由"))
    if not document.strip():
        found.append(Refusal("supervision.override.document_missing", "放行须写明批准文件"))
    if gate.override.days and (days is None or days > gate.override.days):
        text = f"放行不超过 {gate.override.days} 天"
        found.append(Refusal("supervision.override.too_long", text))
    return tuple(found)
