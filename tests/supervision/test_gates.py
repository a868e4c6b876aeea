"""Rulebook 12: each gate holds, lets go and is let through as its table says, where it is asked.

A case calls the product's own rule, not the table. Then every gate is taken out of the table,
turned round, made a mere warning, and kept from being let through: each time a case must fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from lingyan.briefings.rules import briefings
from lingyan.common import gates
from lingyan.common.gates import Effect, Fact, Gate
from lingyan.common.refusals import Refusal
from lingyan.directory.rules import departures
from lingyan.organization.rules import joint_reviews, term_changes
from lingyan.pairing.rules import pairings
from lingyan.platform.exchange.rules import refuse_many_rows
from lingyan.posting import rules
from lingyan.posting.rules import Outcome, honors, life, replacements
from lingyan.posting.rules.adjustments import refuse_to_undo
from lingyan.posting.rules.eligibility import Officer, Recall, Relative
from tests.posting.rule_cases import PERSON, VILLAGE, outcome

pytestmark = pytest.mark.pure
TODAY = date(2026, 7, 1)
SOON = date(2026, 7, 10)


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule says of one act: the codes of what it refuses, or the gates that act."""

    gate: str
    kind: str  # pass, fail, override or trigger
    name: str
    asked: Callable[[], frozenset[str]]
    says: frozenset[str] = frozenset()


def codes(refusals: object) -> frozenset[str]:
    assert isinstance(refusals, tuple | list)
    assert all(isinstance(one, Refusal) for one in refusals)
    return frozenset(one.code for one in refusals)


def asked_to_do(act: str, fact: Fact, so: bool) -> frozenset[str]:
    return frozenset(gate.id for gate, _ in gates.triggered(act, {fact: so}))


def of(*codes_said: str) -> frozenset[str]:
    return frozenset(codes_said)


# --- what each rule is asked ----------------------------------------------------------------------


def bound(act: str, is_bound: bool, *opened: str) -> frozenset[str]:
    return codes(life.refuse_bound(act, bound=is_bound, let_through=frozenset(opened)))


def hand_over(is_bound: bool) -> frozenset[str]:
    facts = rules.HandOverFacts(
        today=TODAY, text="清单", successor_since=date(2026, 6, 1), village_bound=is_bound
    )
    return codes(rules.refuse_to_hand_over(facts))


def transfer(is_bound: bool) -> frozenset[str]:
    facts = life.ProposalFacts(
        act="transfer", text="工作需要", planned_until=TODAY, has_village=True,
        document_number="山组发1号", village_bound=is_bound,
    )  # fmt: skip
    return codes(life.refuse_to_propose(facts))


def ends(is_bound: bool) -> frozenset[str]:
    facts = pairings.EndFacts(TODAY, TODAY, is_bound=is_bound)
    return codes(pairings.refuse_to_end(facts))


def dissolves(is_bound: bool) -> frozenset[str]:
    facts = pairings.EndFacts(
        TODAY, TODAY, is_bound=is_bound, text="单位撤并", document_number="山组发2号"
    )
    return codes(pairings.refuse_to_dissolve(facts))


def kin(post: str) -> frozenset[str]:
    father = replace(PERSON, relatives=(Relative("王甲一", "parent"),))
    village = replace(VILLAGE, officers=(Officer("王甲一", post),))
    return _failed("R03", outcome("R03", father, village))


def recalled(months_ago: date, ground: str = "RG02") -> frozenset[str]:
    person = replace(PERSON, recalls=(Recall(months_ago, "别村", ground),))
    return _failed("R08", outcome("R08", person))


def sanctioned(until: date) -> frozenset[str]:
    person = replace(PERSON, discipline="sanctioned", sanction_until=until)
    return _failed("R09", outcome("R09", person))


def _failed(code: str, said: Outcome | None) -> frozenset[str]:
    return of(code) if said == Outcome.FAIL else of()


def honoured(grade: str, *, is_sanctioned: bool = False, thing: str = "honor") -> frozenset[str]:
    return codes(
        honors.refuse_to_nominate(
            thing=f"posting.{thing}", title="先进", grades=[("annual", grade)], is_known=False,
            came=True, is_sanctioned=is_sanctioned,
        )
    )  # fmt: skip


def barred(act: str, until: date | None) -> frozenset[str]:
    return codes(honors.refuse_while_barred(act, until))


def arrives(insured: bool, *opened: str) -> frozenset[str]:
    facts = life.ArrivalFacts(
        on=TODAY, today=TODAY, since=TODAY, party_relation_on=TODAY, is_insured=insured,
        let_through=frozenset(opened),
    )  # fmt: skip
    return codes(life.refuse_to_arrive(facts))


def comes_without_exam(is_overdue: bool, *opened: str) -> frozenset[str]:
    facts = life.ArrivalFacts(
        on=TODAY, today=TODAY, since=TODAY, party_relation_on=TODAY, is_insured=True,
        is_exam_overdue=is_overdue, let_through=frozenset(opened),
    )  # fmt: skip
    return codes(life.refuse_to_arrive(facts))


def warned_of_exam(is_overdue: bool) -> frozenset[str]:
    return codes(life.warn_exam(is_overdue=is_overdue))


def warned(insured: bool) -> frozenset[str]:
    return codes(life.warn_uninsured(is_insured=insured))


def nominated(verdict: joint_reviews.Verdict) -> frozenset[str]:
    return codes(joint_reviews.refuse_standing("王甲一", verdict))


def sitting(post: str, verdict: joint_reviews.Verdict) -> frozenset[str]:
    return frozenset(gate.id for gate, _ in joint_reviews.follows_for(post, verdict))


def candidate(**said: object) -> frozenset[str]:
    facts = term_changes.CandidateFacts(
        name="王甲一", posts=("vc_director",), has_id=True, consented=True, has_resume=True,
        relatives_declared=True,
    )  # fmt: skip
    return codes(term_changes.refuse_candidate(replace(facts, **said)))  # type: ignore[arg-type]


def goes_out(**facts: Any) -> frozenset[str]:
    return codes(briefings.refuse_to_issue(**facts))


def loses_role(act: str) -> frozenset[str]:
    return of("G-28") if life.ends_access(act) else of()


def settled(act: str) -> frozenset[str]:
    return of("G-28") if departures.closing_days(act) == 15 else of()


def exports(rows: int, approved: int = 0) -> frozenset[str]:
    return codes(
        refuse_many_rows(
            role="town_org", rows=rows, most=500, approvers=("county_org_admin",),
            approved=approved,
        )
    )  # fmt: skip


def undone(*broken: str) -> frozenset[str]:
    return codes(refuse_to_undo(has_base=True, broken=broken))


def replaced(*failures: str) -> frozenset[str]:
    facts = replacements.ReplacementFacts(
        today=TODAY, failures=failures, hand="1", text="同意", person="李甲一"
    )
    return codes(replacements.refuse_replacement_step("approve", facts)) & {"posting.rule_broken"}


def issued(*broken: str) -> frozenset[str]:
    facts = rules.IssueFacts(
        notice_complete_on=date(2026, 6, 1), today=TODAY, document_no="山组发3号",
        starts_on=SOON, actor="1", broken=broken,
    )  # fmt: skip
    return codes(rules.refuse_to_issue(facts))


def deliberated(*broken: str) -> frozenset[str]:
    facts = rules.DecisionFacts(
        decision="同意", decided_on=TODAY, today=TODAY, actor="1", broken=broken
    )
    return codes(rules.refuse_to_deliberate(facts))


def starts(nobody: bool) -> frozenset[str]:
    return codes(gates.refusals("organization.rect.start", {Fact.NO_FIRST_SECRETARY: nobody}))


V = joint_reviews.Verdict
HELD, SERVING = of("posting.village_bound"), of("pairing.village_bound")
BROKEN = of("posting.rule_broken")

CASES = (
    Case("G-1", "pass", "复核后可交接", lambda: hand_over(False)),
    Case("G-1", "fail", "整顿中不得交接", lambda: hand_over(True), HELD),
    Case("G-1", "fail", "整顿中不得期满离任", lambda: bound("complete", True), HELD),
    Case("G-1", "pass", "销号后可期满离任", lambda: bound("complete", False)),
    Case("G-1", "fail", "整顿中不得调整", lambda: transfer(True), HELD),
    Case("G-1", "pass", "销号后可调整", lambda: transfer(False)),
    Case("G-1", "fail", "没有放行不得终止", lambda: bound("cease", True), HELD),
    Case("G-1", "override", "凭文件当日终止", lambda: bound("cease", True, "G-1")),
    Case("G-1", "override", "决定召回", lambda: bound("recall", True, "G-1")),
    Case("G-1", "fail", "别的放行不算数", lambda: bound("recall", True, "G-18"), HELD),
    Case("G-1", "trigger", "届满交办延期",
         lambda: asked_to_do("posting.term.reached", Fact.RECT_OPEN, True), of("G-1")),
    Case("G-1", "pass", "没有整顿，届满不交办",
         lambda: asked_to_do("posting.term.reached", Fact.RECT_OPEN, False)),
    Case("G-2", "fail", "没有第一书记不能开始整顿", lambda: starts(True),
         of("organization.rect.no_first_secretary")),
    Case("G-2", "pass", "有第一书记可以开始整顿", lambda: starts(False)),
    Case("G-2", "trigger", "确定整顿即交办选派",
         lambda: asked_to_do("organization.rect.confirmed", Fact.NO_FIRST_SECRETARY, True),
         of("G-2")),
    Case("G-2", "pass", "有第一书记不交办",
         lambda: asked_to_do("organization.rect.confirmed", Fact.NO_FIRST_SECRETARY, False)),
    Case("G-3", "fail", "整顿中不得到期结束", lambda: ends(True), SERVING),
    Case("G-3", "pass", "没有承担整顿可到期结束", lambda: ends(False)),
    Case("G-3", "fail", "整顿中不得解除", lambda: dissolves(True), SERVING),
    Case("G-3", "pass", "没有承担整顿可解除", lambda: dissolves(False)),
    Case("G-5", "trigger", "书记空缺列入排查",
         lambda: asked_to_do("organization.rect.signal_w01", Fact.POST_VACANT, True), of("G-5")),
    Case("G-5", "pass", "没有空缺不列入",
         lambda: asked_to_do("organization.rect.signal_w01", Fact.POST_VACANT, False)),
    Case("G-5", "trigger", "书记不称职列入排查",
         lambda: asked_to_do("organization.rect.signal_w02", Fact.SECRETARY_UNFIT, True),
         of("G-5")),
    Case("G-14", "fail", "N01—N04 不得提名", lambda: nominated(V.ABSOLUTE),
         of("organization.candidate.review_failed")),
    Case("G-14", "pass", "联审通过可提名", lambda: nominated(V.CLEAR)),
    Case("G-14", "trigger", "在任党组织书记交办免职",
         lambda: sitting("party_secretary", V.ABSOLUTE), of("G-14")),
    Case("G-14", "trigger", "在任村主任交办劝辞或罢免",
         lambda: sitting("vc_director", V.ABSOLUTE), of("G-14")),
    Case("G-14", "pass", "联审通过不交办", lambda: sitting("vc_director", V.CLEAR)),
    Case("G-15", "fail", "父亲任该村书记", lambda: kin("party_secretary"), of("R03")),
    Case("G-15", "pass", "父亲任小组长", lambda: kin("group_leader")),
    Case("G-15", "fail", "亲属在监委会不得参选",
         lambda: candidate(supervisor_relatives=("王甲二",)),
         of("organization.candidate.kinship")),
    Case("G-15", "pass", "没有亲属可参选", candidate),
    Case("G-16", "fail", "没有称职以上不得提名", lambda: honoured("basic"),
         of("posting.honor.no_appraisal")),
    Case("G-16", "fail", "没有称职以上不得提拔", lambda: honoured("basic", thing="career"),
         of("posting.honor.no_appraisal")),
    Case("G-16", "pass", "称职可提名", lambda: honoured("competent")),
    Case("G-16", "fail", "召回影响期不得使用", lambda: barred("nominate", SOON),
         of("posting.career.barred")),
    Case("G-16", "fail", "召回影响期不得登记使用", lambda: barred("grant", SOON),
         of("posting.career.barred")),
    Case("G-16", "pass", "没有召回可使用", lambda: barred("grant", None)),
    Case("G-16", "trigger", "召回线索交办核实",
         lambda: asked_to_do("posting.recall.signal", Fact.RECALL_SIGNAL, True), of("G-16")),
    Case("G-17", "fail", "召回未满两年", lambda: recalled(date(2025, 6, 1)), of("R08")),
    Case("G-17", "pass", "召回已满两年", lambda: recalled(date(2024, 2, 1))),
    Case("G-17", "pass", "因身体原因召回不限", lambda: recalled(date(2025, 6, 1), "RG09")),
    Case("G-18", "fail", "没有保险不得到岗", lambda: arrives(False), of("posting.not_insured")),
    Case("G-18", "pass", "有保险可到岗", lambda: arrives(True)),
    Case("G-18", "override", "管理员同意先到岗", lambda: arrives(False, "G-18")),
    Case("G-18", "fail", "体检逾期不得到岗", lambda: comes_without_exam(True),
         of("posting.exam_overdue")),
    Case("G-18", "pass", "体检没有逾期可到岗", lambda: comes_without_exam(False)),
    Case("G-18", "override", "管理员同意先到岗后体检", lambda: comes_without_exam(True, "G-18")),
    Case("G-18", "fail", "在岗体检逾期提醒", lambda: warned_of_exam(True),
         of("posting.exam_late")),
    Case("G-18", "pass", "在岗体检没有逾期不提醒", lambda: warned_of_exam(False)),
    Case("G-18", "fail", "在岗断保提醒", lambda: warned(False), of("posting.insurance_gap")),
    Case("G-18", "pass", "在岗有保险不提醒", lambda: warned(True)),
    Case("G-21", "fail", "处分影响期内不得选派", lambda: sanctioned(date(2026, 12, 1)), of("R09")),
    Case("G-21", "pass", "影响期已满", lambda: sanctioned(date(2025, 12, 1))),
    Case("G-21", "fail", "影响期内不得表彰",
         lambda: honoured("competent", is_sanctioned=True), of("posting.not_now")),
    Case("G-21", "fail", "影响期内不得提拔",
         lambda: honoured("competent", is_sanctioned=True, thing="career"), of("posting.not_now")),
    Case("G-21", "fail", "影响期内不得参选（N06）", lambda: candidate(is_sanctioned=True),
         of("organization.candidate.sanctioned")),
    Case("G-24", "fail", "手写的数字不得印发", lambda: goes_out(unbound=["12"]),
         of("briefings.briefing.number_unbound")),
    Case("G-24", "fail", "不实的写法不得印发", lambda: goes_out(untrue=["560余场"]),
         of("briefings.briefing.wording_untrue")),
    Case("G-24", "fail", "核对超过 7 天不得印发", lambda: goes_out(old=True),
         of("briefings.briefing.snapshot_old")),
    Case("G-24", "pass", "数字都绑定、写法属实、刚核对过", goes_out),
    Case("G-24", "override", "部务会成员放行核对时间",
         lambda: goes_out(old=True, let_through=["G-24"])),
    Case("G-24", "fail", "放行不管手写的数字",
         lambda: goes_out(unbound=["12"], let_through=["G-24"]),
         of("briefings.briefing.number_unbound")),
    Case("G-24", "fail", "放行不管不实的写法",
         lambda: goes_out(untrue=["560余场"], let_through=["G-24"]),
         of("briefings.briefing.wording_untrue")),
    Case("G-28", "trigger", "期满离任终止身份", lambda: loses_role("complete"), of("G-28")),
    Case("G-28", "trigger", "调整终止身份", lambda: loses_role("transfer"), of("G-28")),
    Case("G-28", "trigger", "召回终止身份", lambda: loses_role("recall"), of("G-28")),
    Case("G-28", "trigger", "终止派驻终止身份", lambda: loses_role("cease"), of("G-28")),
    *(
        Case("G-28", "trigger", name, lambda act=act: settled(act), of("G-28"))  # type: ignore[misc]
        for act, name in (
            ("directory.person.died", "去世收尾"),
            ("directory.person.moved", "调离收尾"),
            ("directory.person.party_lost", "不再是党员收尾"),
            ("directory.person.transferred", "调到其他单位收尾"),
            ("directory.office.ended", "村职离任收尾"),
        )
    ),
    Case("G-28", "pass", "交接后身份保留到离任", lambda: loses_role("hand_over")),
    Case("G-29", "fail", "超过 500 行不得导出", lambda: exports(501),
         of("exchange.export.too_many")),
    Case("G-29", "pass", "500 行可导出", lambda: exports(500)),
    Case("G-29", "override", "批准后可导出", lambda: exports(501, approved=501)),
    Case("G-29", "fail", "批准的行数不够", lambda: exports(502, approved=501),
         of("exchange.export.too_many")),
    Case("G-30", "fail", "撤回后有硬性条件不成立", lambda: undone("回避"), BROKEN),
    Case("G-30", "pass", "撤回后条件成立", undone),
    Case("G-30", "fail", "研究时硬性条件不成立", lambda: deliberated("李甲一"), BROKEN),
    Case("G-30", "pass", "研究时条件成立", deliberated),
    Case("G-30", "fail", "发文前硬性条件不成立", lambda: issued("李甲一"), BROKEN),
    Case("G-30", "pass", "发文前条件成立", issued),
    Case("G-30", "fail", "补派时硬性条件不成立", lambda: replaced("回避"), BROKEN),
    Case("G-30", "pass", "补派时条件成立", replaced),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.gate} {case.name}")
def test_a_gate_says_what_its_table_says(case: Case) -> None:
    assert case.asked() == case.says


# --- no gate may be lost without a test that says so ----------------------------------------------


def _inverted(gate: Gate) -> Gate:
    return replace(gate, held=tuple(replace(one, shut_when=not one.shut_when) for one in gate.held))


def _softened(gate: Gate) -> Gate:
    """What blocked now only warns, what warned or acted does nothing."""
    softer = {Effect.BLOCK: Effect.WARN, Effect.WARN: Effect.TRIGGER, Effect.TRIGGER: Effect.WARN}
    return replace(gate, held=tuple(replace(one, effect=softer[one.effect]) for one in gate.held))


def _mutants() -> Iterator[tuple[str, str, dict[str, Gate]]]:
    for key, gate in gates.TABLE.items():
        others = {name: one for name, one in gates.TABLE.items() if name != key}
        yield key, "removed", others
        yield key, "inverted", {**others, key: _inverted(gate)}
        yield key, "softened", {**others, key: _softened(gate)}
        if gate.override:
            yield key, "never let through", {**others, key: replace(gate, override=None)}
        for number, line in enumerate(gate.held):
            kept = gate.held[:number] + gate.held[number + 1 :]
            yield key, f"without {line.act} {line.fact}", {**others, key: replace(gate, held=kept)}


def _holds(case: Case) -> bool:
    """A rule that asks for what the table no longer has raises: that is noticed as well."""
    try:
        return case.asked() == case.says
    except AssertionError:
        return False


@pytest.mark.parametrize(
    ("key", "how", "table"), list(_mutants()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_no_gate_is_lost_or_turned_round_unnoticed(
    key: str, how: str, table: Mapping[str, Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "TABLE", table)

    assert not all(_holds(case) for case in CASES if case.gate == key), f"{key} {how}"


def test_every_gate_of_the_rulebook_with_two_sides_is_there() -> None:
    wanted = {1, 2, 3, 5, 14, 15, 16, 17, 18, 21, 24, 28, 29, 30}
    assert set(gates.TABLE) == {f"G-{number}" for number in wanted}
    for key, gate in gates.TABLE.items():
        kinds = {case.kind for case in CASES if case.gate == key}
        effects = {line.effect for line in gate.held}
        assert "pass" in kinds, key
        assert ("override" in kinds) == bool(gate.override), key
        assert ("trigger" in kinds) == (Effect.TRIGGER in effects), key
        assert ("fail" in kinds) == bool(effects - {Effect.TRIGGER}), key


def test_what_blocks_says_why_and_what_would_open_it() -> None:
    for gate in gates.TABLE.values():
        for line in gate.held:
            facts = {line.fact: True}
            if line.effect is Effect.BLOCK:
                said = [one.text for one in gates.refusals(line.act, facts)]
                assert any(text.endswith(gate.opens) for text in said), (gate.id, line.act)
            assert (line.refusal is None) == (line.effect is Effect.TRIGGER), (gate.id, line.act)


@pytest.mark.parametrize(
    ("gate", "role", "said", "refused"),
    [
        ("G-18", "county_org_admin", {}, ()),
        ("G-18", "county_org_staff", {}, ("wrong_role",)),
        ("G-18", "county_org_admin", {"days": 16}, ("too_long",)),
        ("G-18", "county_org_admin", {"days": None}, ("too_long",)),
        ("G-18", "county_org_admin", {"reason": " "}, ("reason_missing",)),
        ("G-18", "county_org_admin", {"document": ""}, ("document_missing",)),
        ("G-1", "county_org_staff", {"days": None}, ()),
        ("G-1", "town_org", {"days": None}, ("wrong_role",)),
        ("G-3", "county_org_leader", {}, ("none",)),
        ("G-99", "county_org_leader", {}, ("none",)),
    ],
)  # fmt: skip
def test_only_whom_the_table_names_lets_through_with_reason_and_document(
    gate: str, role: str, said: dict[str, object], refused: tuple[str, ...]
) -> None:
    given = {"reason": "保险公司下周出单", "document": "山组发9号", "days": 15, **said}

    found = gates.refuse_override(gate, role=role, **given)  # type: ignore[arg-type]

    assert codes(found) == {f"supervision.override.{one}" for one in refused}
