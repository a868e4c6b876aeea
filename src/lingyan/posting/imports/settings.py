"""What does the sheet of rules say of a round, whose rules were frozen when it was opened?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lingyan.common.pages import Flaw
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict
from lingyan.posting import rules
from lingyan.posting.imports.ranked import find_round, list_rounds, without_round
from lingyan.posting.models import Round
from lingyan.posting.problem.settings import FIT_KEYS
from lingyan.posting.sheets import KEY_OF_LABEL, RULES

FROZEN = Flaw(
    "与本批次启动时冻结的规则不同",
    "已启动的批次不改规则；请在新批次中设定",
    "it differs from the rules frozen when the round was opened",
    "rules are set when a round is opened",
)
UNKNOWN = Flaw(
    "本批次没有这条规则或设置", "请核对编号", "the round has no such rule", "check the code"
)


def rows_of(round: Round) -> list[dict[str, Any]]:
    """The frozen rules and weights of a round as rows of the sheet."""
    frozen = round.settings
    names = {rule.code: rule.name for rule in rules.DEFAULT_RULES}
    rows: list[dict[str, Any]] = []
    for code, one in sorted(frozen.get("rules", {}).items()):
        value = next(iter(one["parameters"].values()), None)
        rows.append(
            {
                "code": code,
                "name": names.get(code, ""),
                "effect": one["effect"],
                "value": value,
                "roles": tuple(one["roles"]),
            }
        )
    label_of = {key: label for label, key in KEY_OF_LABEL.items()}
    for key, part in FIT_KEYS.items():
        if part in frozen.get("weights", {}):
            rows.append(
                {"code": key, "name": label_of.get(key, ""), "value": frozen["weights"][part]}
            )
    return rows


def match_rules(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    round = find_round(incoming.option, actor)
    if round is None:
        return without_round(incoming, RULES)
    stored = {row["code"]: row for row in rows_of(round)}
    names = Names(actor)
    return [_match(RowReader(row, RULES, names), stored) for row in incoming.rows]


def _match(reader: RowReader, stored: Mapping[str, dict[str, Any]]) -> RowOutcome:
    code = reader.text("code").strip()
    known = stored.get(KEY_OF_LABEL.get(code, code))
    if known is None:
        reader.fault("code", UNKNOWN)
        return wrong(reader.row, code, reader.faults)
    outcome = outcome_of(
        reader.row,
        RULES,
        label=known["name"] or code,
        stored=known,
        given=reader.row.values,
        leave=("code", "name", "note", "day"),
    )
    if outcome.verdict is Verdict.SAME:
        return outcome
    for change in outcome.changes:
        column = next(one.name for one in RULES.columns if one.heading == change.heading)
        reader.fault(column, FROZEN, change.after)
    return wrong(reader.row, outcome.label, reader.faults)


def apply_rules(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    """Never reached: a row is the same, or it is wrong."""
    return []


def export_rules(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    round = find_round(option, actor)
    yield from rows_of(round) if round else ()


KIND = ExchangeKind(
    code="rules",
    sheet=RULES,
    about="批次的规则和权重：导出给命令行匹配用，或与表格核对是否一致",
    import_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF),
    export_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER),
    match=match_rules,
    apply=apply_rules,
    export_rows=export_rules,
    option_label="批次",
    options=list_rounds,
)
