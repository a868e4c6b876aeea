"""What does a rules worksheet change: effects, parameters, weights, days?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from lingyan.common.pages import Findings, Flaw, Page, rows_of
from lingyan.common.sheet import ParsedRow
from lingyan.posting.problem.given import FitWeights, PostingSettings
from lingyan.posting.rules import DEFAULT_RULES, Effect, GoalOrder, RuleSetting, TermFacts
from lingyan.posting.rules.rounds import SLACK_MAX, TOWN_PEOPLE_MAX
from lingyan.posting.sheets import KEY_OF_LABEL

# Keys of the county's settings (domain-rules, appendix C) → rule and parameter.
PARAMETERS: Mapping[str, tuple[str, str]] = {
    "post.min_party_years": ("R04", "min_party_years"),
    "post.min_work_years": ("R05", "min_work_years"),
    "post.min_months_to_retire": ("R06", "min_months_to_retire"),
    "post.retirement_age_men": ("R06", "retirement_age_men"),
    "post.retirement_age_women": ("R06", "retirement_age_women"),
    "recall.ban_months": ("R08", "ban_months"),
    "post.rest_months": ("R08", "rest_months"),
}
FIT_KEYS = {f"fit.{part.name}": part.name for part in fields(FitWeights)}
PAIRING_KEYS = "pair."  # one rules file may serve both kinds of matching
OWN_TOWN = "recusal.own_town"
OWN_VILLAGE = "recusal.own_village"
TERM_MONTHS = "post.term_months"
ALLOW_UNRANKED = "match.allow_unranked"
OTHER_NUMBERS = (TERM_MONTHS, ALLOW_UNRANKED)
TOWN_MIN = "match.town_min"
TOWN_MAX = "match.town_max"
GOAL_ORDER = "match.goal_order"
SCORE_SLACK = "match.score_slack"
ORDERS = tuple(one.value for one in GoalOrder)
NUMBERS = {
    TOWN_MIN: ("town_min", 0, TOWN_PEOPLE_MAX),
    TOWN_MAX: ("town_max", 0, TOWN_PEOPLE_MAX),
    GOAL_ORDER: ("goal_order", 0, len(ORDERS) - 1),
    SCORE_SLACK: ("score_slack", 0, SLACK_MAX),
}
"""Keys of one number → what it is called in the settings, and its range."""
AS_OF = "match.as_of"
STARTS_ON = "match.starts_on"


@dataclass(slots=True)
class _Changes:
    """What the worksheet has said so far."""

    rules: dict[str, RuleSetting]
    weights: dict[str, int]
    as_of: date
    starts_on: date | None = None
    months: int = 24
    allow_unranked: bool = True
    weight_row: tuple[Page, ParsedRow] | None = None
    numbers: dict[str, Any] = field(default_factory=dict)


def read_settings(pages: Sequence[Page], found: Findings, *, today: date) -> PostingSettings:
    """The settings of a run: the defaults, changed row by row."""
    changes = _Changes({rule.code: rule for rule in DEFAULT_RULES}, {}, today)
    for page, row, values in rows_of(pages):
        code = values["code"].strip()
        key = KEY_OF_LABEL.get(code, code)
        if key.startswith(PAIRING_KEYS):
            continue
        flaw = _apply(changes, key, values)
        if key in FIT_KEYS:
            changes.weight_row = page, row
        if flaw is not None:
            found.refuse(page, row, "code", code, flaw)
    return PostingSettings(
        term=TermFacts(changes.as_of, changes.starts_on or changes.as_of, changes.months),
        rules=tuple(changes.rules.values()),
        weights=_weights(changes, found),
        allow_unranked=changes.allow_unranked,
        **changes.numbers,
    )


def _apply(changes: _Changes, key: str, values: Mapping[str, Any]) -> Flaw | None:
    """Take one row in; returns what is wrong with it."""
    if key in changes.rules:
        return _apply_rule(changes, key, values)
    if key == OWN_TOWN:
        return _apply_own_town(changes, values["effect"])
    if key == OWN_VILLAGE:
        return None if values["effect"] == Effect.BLOCK else OWN_VILLAGE_BLOCKS
    if key in (AS_OF, STARTS_ON):
        return _apply_day(changes, key, values["day"])
    return _apply_number(changes, key, values["value"])


def _apply_day(changes: _Changes, key: str, day: date | None) -> Flaw | None:
    if day is None:
        return DAY_MISSING
    setattr(changes, "as_of" if key == AS_OF else "starts_on", day)
    return None


def _apply_number(changes: _Changes, key: str, number: int | None) -> Flaw | None:
    if not any(key in known for known in (PARAMETERS, FIT_KEYS, NUMBERS, OTHER_NUMBERS)):
        return unknown_key(key)
    if number is None:
        return NUMBER_MISSING
    if key in NUMBERS:
        return _apply_goal_number(changes, key, number)
    if key in PARAMETERS:
        code, name = PARAMETERS[key]
        rule = changes.rules[code]
        changes.rules[code] = replace(rule, parameters={**rule.parameters, name: number})
    elif key in FIT_KEYS:
        changes.weights[FIT_KEYS[key]] = number
    elif key == TERM_MONTHS:
        changes.months = number
    else:
        changes.allow_unranked = bool(number)
    return None


def _apply_goal_number(changes: _Changes, key: str, number: int) -> Flaw | None:
    """Bounds of every township, the order of goals, and what may be given up."""
    name, low, high = NUMBERS[key]
    if not low <= number <= high:
        return out_of_range(low, high)
    changes.numbers[name] = ORDERS[number] if key == GOAL_ORDER else number
    settings = PostingSettings(TermFacts(changes.as_of, changes.as_of, 1), **changes.numbers)
    if settings.town_max is not None and settings.town_min > settings.town_max:
        return TOWN_BOUNDS_CROSSED
    return None


def _apply_rule(changes: _Changes, code: str, values: Mapping[str, Any]) -> Flaw | None:
    rule, effect = changes.rules[code], values["effect"]
    if effect is not None and effect not in rule.effects_allowed:
        return effect_not_allowed(rule)
    parameters = dict(rule.parameters)
    if values["value"] is not None:
        if not parameters:
            return NO_NUMBER_HERE
        parameters[next(iter(parameters))] = values["value"]
    changes.rules[code] = replace(
        rule,
        effect=effect or rule.effect,
        parameters=parameters,
        roles=frozenset(values["roles"]) if values["roles"] else rule.roles,
    )
    return None


def _apply_own_town(changes: _Changes, effect: str | None) -> Flaw | None:
    if effect not in (Effect.BLOCK, Effect.WARN):
        return OWN_TOWN_EFFECT
    blocks = int(effect == Effect.BLOCK)
    rule = changes.rules["R02"]
    changes.rules["R02"] = replace(rule, parameters={"own_town_blocks": blocks})
    return None


def _weights(changes: _Changes, found: Findings) -> FitWeights:
    default = FitWeights()
    try:
        return replace(default, **changes.weights)
    except ValueError:
        assert changes.weight_row is not None
        page, row = changes.weight_row
        total = sum(
            getattr(default, name) for name in FIT_KEYS.values() if name not in changes.weights
        )
        total += sum(changes.weights.values())
        found.refuse(page, row, "value", str(row.values["value"]), weights_not_100(total))
        return default


DAY_MISSING = Flaw("没有填日期", "请在“日期”一列填写", "the date is missing", "fill in the date")
NUMBER_MISSING = Flaw(
    "没有填数值", "请在“数值”一列填写", "the number is missing", "fill in the number"
)
NO_NUMBER_HERE = Flaw(
    "这条规则没有数值", "请删去“数值”", "this rule has no number", "remove the number"
)
OWN_TOWN_EFFECT = Flaw(
    "同乡镇回避只能是拦截或提醒",
    "请在“作用”一列改成拦截或提醒",
    "own town can only block or warn",
    "write block or warn",
)
OWN_VILLAGE_BLOCKS = Flaw(
    "本村回避只能是拦截",
    "请在“作用”一列改成拦截，或删去这一行",
    "own village always blocks",
    "write block, or delete the row",
)


TOWN_BOUNDS_CROSSED = Flaw(
    "每个乡镇的下限大于上限",
    "请改小下限，或改大上限",
    "the lower bound of a township is above the upper",
    "lower the one or raise the other",
)


def out_of_range(low: int, high: int) -> Flaw:
    return Flaw(
        f"应在 {low} 到 {high} 之间",
        "请改正“数值”",
        f"should be {low} to {high}",
        "correct the number",
    )


def unknown_key(key: str) -> Flaw:
    known = "R01 至 R17、" + "、".join(KEY_OF_LABEL)
    keys = ", ".join(KEY_OF_LABEL.values())
    return Flaw(
        f"没有“{key}”这个规则或设置项",
        f"可以填：{known}",
        f'there is no rule or setting "{key}"',
        f"known are R01 to R17, {keys}",
    )


def effect_not_allowed(rule: RuleSetting) -> Flaw:
    labels = "、".join(Effect(effect).label for effect in rule.effects_allowed)
    return Flaw(
        f"{rule.code} {rule.name}的作用只能是：{labels}",
        "请改正“作用”",
        f"the effect of {rule.code} can only be: {', '.join(rule.effects_allowed)}",
        "correct the effect",
    )


def weights_not_100(total: int) -> Flaw:
    return Flaw(
        f"匹配度五项权重之和应为 100，现为 {total}",
        "请把五项权重都写上，合计 100",
        f"the five weights of the fit should add up to 100, not {total}",
        "write all five, 100 in all",
    )
