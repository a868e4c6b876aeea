"""How does a round become the worksheets that `lingyan match posting` reads?

The inverse of `from_sheets`: the same villages, people and settings come out of them again, so
that the command line finds the plan that the page has found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from lingyan.directory.rules import Relation
from lingyan.posting.problem.given import Candidate, FitWeights, PostingSettings, VillageNeed
from lingyan.posting.problem.settings import (
    ALLOW_UNRANKED,
    AS_OF,
    GOAL_ORDER,
    OWN_TOWN,
    PARAMETERS,
    SCORE_SLACK,
    STARTS_ON,
    TERM_MONTHS,
    TOWN_MAX,
    TOWN_MIN,
)
from lingyan.posting.rules import Capability, Effect, GoalOrder, NeedItem, Officer, Relative

Row = dict[str, Any]
Needs = Mapping[str, VillageNeed]
LABELS = dict(Capability.choices())
RESULTS = ("result_1", "result_2", "result_3")


def label(need: VillageNeed) -> str:
    """A village as a cell names it."""
    town = need.facts.town
    return f"{need.facts.name}（{town}）" if town else need.facts.name


# --- villages -----------------------------------------------------------------------------------


def need_rows(needs: Iterable[VillageNeed]) -> Iterator[Row]:
    for need in needs:
        facts = need.facts
        yield {
            **_place(need),
            "village_id": need.id,
            "types": need.types,
            "klass": need.priority,
            "first_secretaries": need.first_secretaries,
            "first_secretary_required": bool(need.first_secretaries_min),
            "members": need.members,
            "members_min": need.members_min,
            "categories": facts.categories,
            "sources": facts.sources,
            "ranks": facts.ranks,
            "languages_asked": facts.languages,
            "vetoes": tuple(facts.vetoes),
            "veto_reason": _joined(facts.vetoes.values()),
            "paired_units": need.paired_units,
        }


def _place(need: VillageNeed) -> Row:
    return {"village": need.facts.name, "town": need.facts.town}


def _joined(reasons: Iterable[str]) -> str | None:
    return "；".join(dict.fromkeys(reason for reason in reasons if reason)) or None


def item_rows(need: VillageNeed, items: Iterable[NeedItem]) -> Iterator[Row]:
    for item in items:
        if item.capabilities:
            yield {
                **_place(need),
                "item": item.item,
                "severity": item.severity,
                "capabilities": item.capabilities,
                "weight": item.weight,
                "level": item.level,
                "text": item.text or None,
            }


def officer_rows(needs: Iterable[VillageNeed]) -> Iterator[Row]:
    for need in needs:
        for officer in need.facts.officers:
            yield {**_place(need), "name": officer.name, "post": officer.post}


def intention_rows(needs: Iterable[VillageNeed]) -> Iterator[Row]:
    for need in needs:
        for line in need.intentions or ():
            yield {**_place(need), "person": line.person, "role": line.role, "rank": line.rank}


def ban_rows(needs: Iterable[VillageNeed]) -> Iterator[Row]:
    for need in needs:
        for key, reason in need.facts.bans.items():
            person, _, role = key.partition("/")
            yield {**_place(need), "person": person, "role": role or None, "reason": reason}


# --- people -------------------------------------------------------------------------------------


def person_row(one: Candidate, needs: Needs) -> Row:
    """One candidate; villages outside the round mean nothing to it and stay out."""
    facts = one.facts
    recall = facts.recalls[0] if facts.recalls else None
    return {
        "name": facts.name,
        "number": facts.id,
        "unit": facts.unit,
        "gender": facts.gender,
        "birth_on": facts.birth_on,
        "retires_on": facts.retires_on,
        "political_status": facts.political_status,
        "full_member_since": facts.full_member_since,
        "party_joined_on": facts.party_joined_on,
        "work_since": facts.work_since,
        "pool_state": facts.pool_state,
        "in_post": facts.in_post,
        "recalled_on": recall.on if recall else None,
        "recall_village": _named([recall.village] if recall and recall.village else [], needs),
        "recall_ground": recall.ground if recall else None,
        "last_posting_until": facts.last_posting_until,
        "source": facts.source,
        "category": facts.category,
        "rank": facts.rank,
        "languages": facts.languages,
        "minutes_max": facts.minutes_max,
        "home_villages": _labels(facts.home_villages, needs),
        "home_towns": facts.home_towns,
        "relatives": tuple(map(_relative, _decisive(facts.relatives, needs.values()))),
        "contract_villages": _labels(facts.contract_villages, needs),
        "refusals": _labels(facts.refusals, needs),
        "refusal_reason": _joined(facts.refusals.values()),
        "residence": one.residence,
        "grassroots_years": one.grassroots_years,
        **dict(zip(RESULTS, one.yearly_results, strict=False)),
        **{capability: one.levels.get(capability, 0) for capability in LABELS},
        "evidence": _evidence(one),
    }


def _labels(ids: Iterable[str], needs: Needs) -> tuple[str, ...]:
    return tuple(label(needs[one]) for one in ids if one in needs)


def _named(ids: Iterable[str], needs: Needs) -> str | None:
    return next(iter(_labels(ids, needs)), None)


def _evidence(one: Candidate) -> str | None:
    lines = [
        f"{LABELS.get(capability, capability)}：{text.replace('；', '，')}"
        for capability, texts in one.evidence.items()
        for text in texts
    ]
    return "；".join(lines)[:1000] or None


def _decisive(relatives: Sequence[Relative], needs: Iterable[VillageNeed]) -> list[Relative]:
    """On a sheet a name is all there is: who only shares the name of an officer stays out."""
    officers: dict[str, list[Officer]] = {}
    for need in needs:
        for officer in need.facts.officers:
            officers.setdefault(officer.name, []).append(officer)
    return [one for one in relatives if _may_be(one, officers.get(one.name, ()))]


def _may_be(one: Relative, officers: Sequence[Officer]) -> bool:
    known = [officer for officer in officers if officer.key and one.key]
    return len(known) < len(officers) or not officers or any(o.key == one.key for o in known)


def _relative(one: Relative) -> str:
    if one.relation is None:
        return one.name
    known = one.relation in set(Relation)
    return f"{one.name}（{Relation(one.relation).label if known else one.relation}）"


def wish_rows(people: Iterable[Candidate], needs: Needs) -> Iterator[Row]:
    for one in people:
        for wish in one.wishes or ():
            need = needs[wish.village]
            yield {**_place(need), "person": one.id, "role": wish.role, "rank": wish.rank}


# --- settings -----------------------------------------------------------------------------------


def unit_rows(people: Iterable[Candidate], settings: PostingSettings) -> Iterator[Row]:
    """Each unit with its limit and the towns to which it sends nobody."""
    barred = {one.facts.unit: one.facts.barred_towns for one in people if one.facts.unit}
    for unit in sorted(barred):
        yield {
            "unit": unit,
            "limit": settings.unit_limits.get(unit),
            "barred_towns": barred[unit],
        }


def adjoining_rows(settings: PostingSettings) -> Iterator[Row]:
    """Each pair of towns once, with the minutes where they are known."""
    pairs = {
        tuple(sorted((one, other)))
        for one, others in (settings.adjoining or {}).items()
        for other in others
    }
    for one, other in sorted(pairs | {tuple(sorted(pair)) for pair in settings.minutes}):
        yield {
            "town": one,
            "other": other,
            "adjoins": (one, other) in pairs,
            "minutes": settings.minutes.get((one, other)),
        }


def rule_rows(settings: PostingSettings) -> Iterator[Row]:
    """Every rule, number, weight and day that decides the plan."""
    rules = {rule.code: rule for rule in settings.rules}
    for rule in settings.rules:
        yield {
            "code": rule.code,
            "name": rule.name,
            "effect": rule.effect,
            "roles": tuple(sorted(rule.roles)),
        }
    for key, (code, name) in PARAMETERS.items():
        yield {"code": key, "name": rules[code].name, "value": rules[code].parameters[name]}
    blocks = rules["R02"].parameters["own_town_blocks"]
    own_town = (Effect.BLOCK if blocks else Effect.WARN).value
    yield {"code": OWN_TOWN, "name": "同乡镇回避", "effect": own_town}
    for part in fields(FitWeights):
        weight = getattr(settings.weights, part.name)
        yield {"code": f"fit.{part.name}", "name": "匹配度权重", "value": weight}
    term = settings.term
    yield {"code": AS_OF, "name": "统计日期", "day": term.as_of}
    yield {"code": STARTS_ON, "name": "到任日期", "day": term.starts_on}
    yield {"code": TERM_MONTHS, "name": "任期月数", "value": term.months}
    unranked = int(settings.allow_unranked)
    yield {"code": ALLOW_UNRANKED, "name": "未填报的也可匹配", "value": unranked}
    order = [one.value for one in GoalOrder].index(settings.goal_order)
    for key, name, value in (
        (TOWN_MIN, "每个乡镇至少几人", settings.town_min or None),
        (TOWN_MAX, "每个乡镇至多几人", settings.town_max),
        (GOAL_ORDER, "目标次序", order or None),
        (SCORE_SLACK, "匹配度可让出百分之几", settings.score_slack or None),
    ):
        if value is not None:
            yield {"code": key, "name": name, "value": value}
