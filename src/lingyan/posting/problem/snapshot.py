"""How is a round frozen as JSON, so that the same plan can be computed years later?

No identity number, phone, health or discipline enters: of R07 and R09 only the outcome is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from hashlib import sha256
from typing import Any

from lingyan.posting.problem.build import PostingProblem, build_posting
from lingyan.posting.problem.given import (
    Candidate,
    FitWeights,
    Intention,
    Pin,
    PostingSettings,
    VillageNeed,
    Wish,
)
from lingyan.posting.rules import (
    PRIVATE_RULES,
    GoalOrder,
    Officer,
    PersonFacts,
    Recall,
    Relative,
    Role,
    RuleSetting,
    TermFacts,
    VillageFacts,
    WeightedNeed,
    judge,
    person_finding,
)

FORMAT = "lingyan.posting/1"
PRIVATE_FIELDS = ("health", "discipline", "sanction_until", "restricted")
PERSON_DATES = (
    "birth_on",
    "retires_on",
    "full_member_since",
    "party_joined_on",
    "work_since",
    "last_posting_until",
)
TUPLES = frozenset(
    {"languages", "home_villages", "home_towns", "contract_villages", "barred_towns"}
)


def snapshot(problem: PostingProblem) -> dict[str, Any]:
    """Everything that decides the plan, as plain JSON."""
    settings = problem.settings
    return {
        "format": FORMAT,
        "settings": _settings_json(settings),
        "people": [_candidate_json(candidate, settings) for candidate in problem.people],
        "needs": [_plain(asdict(need)) for need in problem.needs],
    }


def snapshot_digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def from_snapshot(data: Mapping[str, Any]) -> PostingProblem:
    """The same problem again, with every score and mask."""
    if data.get("format") != FORMAT:
        raise ValueError(f"不是 {FORMAT} 格式")
    return build_posting(
        [_need_of(need) for need in data["needs"]],
        [_candidate_of(candidate) for candidate in data["people"]],
        _settings_of(data["settings"]),
    )


# --- writing ------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _settings_json(settings: PostingSettings) -> dict[str, Any]:
    data: dict[str, Any] = _plain(asdict(replace(settings, minutes={})))
    data["minutes"] = [[*pair, minutes] for pair, minutes in sorted(settings.minutes.items())]
    return data


def _candidate_json(candidate: Candidate, settings: PostingSettings) -> dict[str, Any]:
    data: dict[str, Any] = _plain(asdict(candidate))
    for name in PRIVATE_FIELDS:
        del data["facts"][name]
    data["facts"]["restricted"] = restricted_outcomes(candidate.facts, settings)
    return data


def restricted_outcomes(facts: PersonFacts, settings: PostingSettings) -> dict[str, str]:
    """What R07 and R09 say of a person, without the reason.

    The outcome before block or warn is applied: the setting stands beside it in the snapshot.
    """
    outcomes = {}
    for rule in settings.rules:
        if rule.code in PRIVATE_RULES:
            finding = person_finding(facts, settings.term, rule)
            assert finding is not None
            outcomes[rule.code] = judge(finding, replace(rule, effect="block")).outcome.value
    return outcomes


# --- reading ------------------------------------------------------------------------------------


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _candidate_of(data: Mapping[str, Any]) -> Candidate:
    wishes = data["wishes"]
    return Candidate(
        _person_of(data["facts"]),
        data["levels"],
        {name: tuple(lines) for name, lines in data["evidence"].items()},
        data["grassroots_years"],
        tuple(data["yearly_results"]),
        data["residence"],
        None if wishes is None else tuple(Wish(**wish) for wish in wishes),
    )


def _person_of(data: Mapping[str, Any]) -> PersonFacts:
    values = dict(data)
    values.update({name: _day(values[name]) for name in PERSON_DATES})
    values.update({name: tuple(values[name]) for name in TUPLES})
    values["recalls"] = tuple(
        Recall(date.fromisoformat(on), village, ground, *map(_day, until))
        for on, village, ground, *until in data["recalls"]
    )
    values["relatives"] = tuple(Relative(*relative) for relative in data["relatives"])
    return PersonFacts(**values)


def _need_of(data: Mapping[str, Any]) -> VillageNeed:
    facts = dict(data["facts"])
    facts["officers"] = tuple(Officer(*officer) for officer in facts["officers"])
    for name in ("languages", "categories", "sources", "ranks"):
        facts[name] = tuple(facts[name])
    needs, intentions = data["needs"], data["intentions"]
    values = {
        **data,
        "facts": VillageFacts(**facts),
        "types": tuple(data["types"]),
        "needs": None if needs is None else tuple(WeightedNeed(**line) for line in needs),
        "intentions": None
        if intentions is None
        else tuple(Intention(**line) for line in intentions),
        "paired_units": tuple(data["paired_units"]),
    }
    return VillageNeed(**values)


def _settings_of(data: Mapping[str, Any]) -> PostingSettings:
    term, adjoining = data["term"], data["adjoining"]
    return PostingSettings(
        term=TermFacts(
            date.fromisoformat(term["as_of"]),
            date.fromisoformat(term["starts_on"]),
            term["months"],
        ),
        rules=tuple(_rule_of(rule) for rule in data["rules"]),
        unchecked=tuple(data["unchecked"]),
        weights=FitWeights(**data["weights"]),
        adjoining=None
        if adjoining is None
        else {town: tuple(near) for town, near in adjoining.items()},
        minutes={(one, other): minutes for one, other, minutes in data["minutes"]},
        towns=tuple(data["towns"]),
        unit_limits=data["unit_limits"],
        town_min=data.get("town_min", 0),
        town_max=data.get("town_max"),
        goal_order=data.get("goal_order", GoalOrder.SEATS.value),
        score_slack=data.get("score_slack", 0),
        pins=tuple(Pin(**{**pin, "decided_on": _day(pin["decided_on"])}) for pin in data["pins"]),
        allow_unranked=data["allow_unranked"],
    )


def _rule_of(data: Mapping[str, Any]) -> RuleSetting:
    values = {field.name: data[field.name] for field in fields(RuleSetting)}
    values["roles"] = frozenset(Role(role).value for role in data["roles"])
    values["effects_allowed"] = tuple(data["effects_allowed"])
    values["columns"] = tuple(tuple(group) for group in data["columns"])
    return RuleSetting(**values)
