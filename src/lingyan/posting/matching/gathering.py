"""What do the registers say of the people and villages of a round? Rows become plain facts.

Nothing is scored here. Health and discipline are read, judged by their own two rules, and left
behind: only the outcome goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from lingyan.directory.models import Person, Place, VillageOfficer
from lingyan.directory.models import Relative as RelativeRow
from lingyan.directory.rules import PlaceLevel, UnitCategory
from lingyan.posting import rules
from lingyan.posting.facts_of_neighbours import units_paired
from lingyan.posting.models import (
    CapabilityEvidence,
    NeedList,
    Objection,
    PoolEntry,
    Posting,
    Round,
    RoundPerson,
    RoundVillage,
)
from lingyan.posting.problem import (
    Candidate,
    FitWeights,
    Intention,
    PostingProblem,
    PostingSettings,
    VillageNeed,
    Wish,
    build_posting,
)
from lingyan.posting.problem.fit import OUTSIDE_COUNTY
from lingyan.posting.problem.from_sheets import name_and_bracket
from lingyan.posting.problem.snapshot import restricted_outcomes
from lingyan.posting.problem.towns import bounded
from lingyan.posting.queries import gathering as rows

SOURCE_OF_UNIT: Mapping[str, str] = {
    UnitCategory.COUNTY_DEPT: rules.CandidateSource.AGENCY,
    UnitCategory.INSTITUTION: rules.CandidateSource.INSTITUTION,
    UnitCategory.ENTERPRISE: rules.CandidateSource.SOE,
    UnitCategory.TOWNSHIP: rules.CandidateSource.TOWNSHIP,
    UnitCategory.OTHER: rules.CandidateSource.OTHER,
}
HANDED_IN = (rules.WishListState.SUBMITTED, rules.WishListState.CONFIRMED)
SEPARATORS = str.maketrans("，,；;/", "、、、、、")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Both sides of a round, or a part of them, as plain facts."""

    candidates: tuple[Candidate, ...]
    needs: tuple[VillageNeed, ...]
    settings: PostingSettings

    def problem(self) -> PostingProblem:
        return bounded(build_posting(self.needs, self.candidates, self.settings))

    def candidate(self, number: str) -> Candidate | None:
        return next((one for one in self.candidates if one.id == number), None)

    def need(self, key: str) -> VillageNeed | None:
        return next((one for one in self.needs if one.id == key), None)

    def results(self, one: Candidate, need: VillageNeed, role: str) -> list[rules.RuleResult]:
        """Every rule's line on one pair, without building the whole problem."""
        minutes = self.settings.minutes.get((one.residence or "", need.facts.town or ""))
        return rules.check_pair(
            one.facts,
            need.facts,
            role,
            self.settings.term,
            self.settings.rules_on,
            minutes=minutes,
        )


def gather(
    round: Round,
    *,
    as_of: date,
    people: Q = rows.ALL,
    villages: Q = rows.ALL,
    others: Iterable[Person] = (),
) -> Gathered:
    """Read both sides; `people` and `villages` narrow them to one candidate or one village.

    `others` take part without being candidates of the round: without wishes, as if just named.
    """
    chosen = list(rows.people_of(round, people))
    chosen += [RoundPerson(round=round, person=person) for person in others]
    places = list(rows.villages_of(round, villages))
    said = Objections(rows.objections_of(round), places)
    settings = settings_of(round, as_of=as_of, people=chosen)
    known = _Register(chosen, places, as_of=as_of)
    paired = units_paired([one.village_id for one in places])
    return Gathered(
        tuple(_candidate(one, known, said, settings) for one in chosen),
        tuple(_need(one, known, said, paired.get(one.village_id, ())) for one in places),
        settings,
    )


# --- settings -----------------------------------------------------------------------------------


def settings_of(
    round: Round, *, as_of: date, people: Iterable[RoundPerson] = ()
) -> PostingSettings:
    """The settings that were frozen when the round opened, with the county's table of towns."""
    frozen = round.settings
    adjoining = _adjoining(round.county)
    limit = frozen.get("unit_limit")
    units = {one.person.unit.name for one in people if one.person.unit}
    return PostingSettings(
        term=rules.TermFacts(as_of, round.term_starts_on, round.term_months),
        rules=rules_of(frozen.get("rules", {})),
        weights=FitWeights(**frozen["weights"]) if "weights" in frozen else FitWeights(),
        adjoining=adjoining or None,
        towns=tuple(town.name for town in rows.towns_of(round.county)),
        unit_limits=dict.fromkeys(sorted(units), limit) if limit else {},
        town_min=frozen.get("town_min") or 0,
        town_max=frozen.get("town_max"),
        goal_order=frozen.get("goal_order", rules.GoalOrder.SEATS.value),
        score_slack=frozen.get("score_slack") or 0,
        allow_unranked=frozen.get("allow_unranked", True),
    )


def rules_of(frozen: Mapping[str, Any]) -> tuple[rules.RuleSetting, ...]:
    """The hard rules as the round froze them; a rule that it does not know is off."""
    return tuple(
        _rule(rule, frozen[rule.code])
        if rule.code in frozen
        else replace(rule, effect=rules.Effect.OFF.value if frozen else rule.effect)
        for rule in rules.DEFAULT_RULES
    )


def _rule(rule: rules.RuleSetting, frozen: Mapping[str, Any]) -> rules.RuleSetting:
    return replace(
        rule,
        effect=frozen["effect"],
        parameters=frozen["parameters"],
        roles=frozenset(frozen["roles"]),
    )


def _adjoining(county: Place) -> dict[str, tuple[str, ...]]:
    beside: dict[str, set[str]] = defaultdict(set)
    for pair in rows.adjoining_towns(county):
        beside[pair.first.name].add(pair.second.name)
        beside[pair.second.name].add(pair.first.name)
    return {town: tuple(sorted(others)) for town, others in sorted(beside.items())}


# --- what the registers know --------------------------------------------------------------------


class _Register:
    """Evidence, postings, relatives and officers, by whom or what they belong to."""

    def __init__(
        self, people: list[RoundPerson], villages: list[RoundVillage], *, as_of: date
    ) -> None:
        ids = [one.person_id for one in people]
        self.as_of = as_of
        self.evidence: dict[Any, list[CapabilityEvidence]] = defaultdict(list)
        for proof in rows.evidence_of(ids):
            self.evidence[proof.person_id].append(proof)
        self.postings: dict[Any, list[Posting]] = defaultdict(list)
        for posting in rows.postings_of(ids):
            self.postings[posting.person_id].append(posting)
        self.relatives: dict[Any, list[rules.Relative]] = defaultdict(list)
        for row in rows.relatives_of(ids):
            self._add_relative(row)
        self.officers: dict[Any, list[VillageOfficer]] = defaultdict(list)
        for officer in rows.officers_of([one.village_id for one in villages], on=as_of):
            self.officers[officer.village_id].append(officer)

    def _add_relative(self, row: RelativeRow) -> None:
        """Seen from either side; towards the declaring side the relation has no word of its own."""
        self.relatives[row.person_id].append(
            rules.Relative(row.other.name, row.relation, row.other.number)
        )
        self.relatives[row.other_id].append(
            rules.Relative(row.person.name, None, row.person.number)
        )


class Objections:
    """R13 to R17 as people have said them, by village and person."""

    def __init__(self, objections: Iterable[Objection], villages: Iterable[RoundVillage]) -> None:
        kind = Objection.Kind
        self._villages_in = _villages_in(villages)
        self.vetoes: dict[str, dict[str, str]] = defaultdict(dict)
        self.bans: dict[str, dict[str, str]] = defaultdict(dict)
        self.refusals: dict[str, dict[str, str]] = defaultdict(dict)
        self.contracts: dict[str, set[str]] = defaultdict(set)
        self.barred: dict[Any, set[str]] = defaultdict(set)
        for one in objections:
            if one.kind == kind.UNIT_TOWN:
                self.barred[one.unit_id].add(one.place.name)
            elif one.person:
                self._add(one, one.person.number)

    def _add(self, one: Objection, person: str) -> None:
        kind = Objection.Kind
        for village in self._villages_in.get(one.place_id, ()):
            if one.kind == kind.VILLAGE_VETO:
                self.vetoes[village][person] = one.reason
            elif one.kind == kind.COUNTY_BAN:
                self.bans[village][person] = one.reason
            elif one.kind == kind.PERSON_REFUSAL:
                self.refusals[person][village] = one.reason
            elif one.kind == kind.BUSINESS:
                self.contracts[person].add(village)


def _villages_in(villages: Iterable[RoundVillage]) -> dict[Any, list[str]]:
    """A village stands for itself, a town for each of its villages."""
    within: dict[Any, list[str]] = defaultdict(list)
    for one in villages:
        for place_id in (one.village_id, one.village.parent_id):
            within[place_id].append(village_key(one.village_id))
    return within


def village_key(village_id: Any) -> str:
    """What a village is called in an instance: its lasting id, never its code."""
    return str(village_id)


# --- people -------------------------------------------------------------------------------------


def _candidate(
    one: RoundPerson, known: _Register, said: Objections, settings: PostingSettings
) -> Candidate:
    person = one.person
    entry: PoolEntry | None = getattr(person, "pool_entry", None)
    proofs = known.evidence[person.pk]
    facts = _without_private(_person_facts(person, entry, known, said), settings)
    return Candidate(
        facts,
        levels=levels_of(proofs, as_of=known.as_of),
        evidence=_texts(proofs),
        grassroots_years=entry.grassroots_years if entry else 0,
        yearly_results=tuple(entry.yearly_results) if entry else (),
        residence=_residence(person),
        wishes=_wishes(one),
    )


def levels_of(proofs: Iterable[CapabilityEvidence], *, as_of: date) -> dict[str, int]:
    """The portrait: each capability that the evidence reaches, with its level (2.3)."""
    return rules.capability_levels(map(evidence_of, proofs), as_of=as_of)


def evidence_of(row: CapabilityEvidence) -> rules.Evidence:
    return rules.Evidence(row.capability, row.text, row.since, row.until, row.level, row.verified)


def _texts(proofs: Iterable[CapabilityEvidence]) -> dict[str, tuple[str, ...]]:
    texts: dict[str, list[str]] = defaultdict(list)
    for proof in proofs:
        if proof.verified:
            texts[proof.capability].append(proof.text)
    return {capability: tuple(lines) for capability, lines in texts.items()}


def _person_facts(
    person: Person, entry: PoolEntry | None, known: _Register, said: Objections
) -> rules.PersonFacts:
    entry = entry or NOT_IN_POOL
    villages, towns = homes_of(person)
    declared = dict.fromkeys(entry.refused_villages, entry.refusal_reason)
    contracts = said.contracts.get(person.number, set()) | set(entry.business_villages)
    return replace(
        facts_of(person, entry, known.postings[person.pk]),
        category=entry.category or None,
        rank=person.rank or None,
        languages=tuple(entry.languages),
        minutes_max=entry.distance_minutes_max,
        home_villages=villages,
        home_towns=towns,
        relatives=(*known.relatives[person.pk], *relatives_named(entry)),
        contract_villages=tuple(sorted(contracts)),
        refusals=declared | said.refusals.get(person.number, {}),
        barred_towns=tuple(sorted(said.barred.get(person.unit_id, ()))),
    )


NOT_IN_POOL = PoolEntry(state=rules.PoolState.REMOVED.value)


def facts_of(person: Person, entry: PoolEntry, held: Iterable[Posting]) -> rules.PersonFacts:
    """What the rules that need no village read: register, declaration and postings together."""
    held = list(held)
    ended = [one for one in (*(one.until for one in held), entry.last_posting_until) if one]
    return rules.PersonFacts(
        id=person.number,
        name=person.name,
        unit=person.unit.name if person.unit else None,
        gender=person.gender or None,
        birth_on=person.birth_on,
        retires_on=entry.retires_on,
        political_status=person.political_status or None,
        full_member_since=entry.full_member_since,
        party_joined_on=person.party_joined_on,
        work_since=person.work_started_on,
        pool_state=entry.state,
        in_post=entry.posted_elsewhere or is_posted(held),
        health=entry.health or None,
        discipline=entry.discipline or None,
        sanction_until=entry.sanction_until,
        recalls=(*_recalls(held), *_recall_declared(entry)),
        last_posting_until=max(ended, default=None),
        source=source_of(person, entry),
    )


def is_posted(held: Iterable[Posting]) -> bool:
    return any(one.until is None and one.state in rules.POST_HELD for one in held)


def source_of(person: Person, entry: PoolEntry | None) -> str | None:
    """人选来源: as declared, else by the kind of unit."""
    if entry and entry.source:
        return entry.source
    return SOURCE_OF_UNIT.get(person.unit.category) if person.unit else None


def relatives_named(entry: PoolEntry) -> Iterable[rules.Relative]:
    """Named by the person, not yet found in the register: recusal goes by the name."""
    return (rules.Relative(*name_and_bracket(text)) for text in entry.relatives_named)


def _recall_declared(entry: PoolEntry) -> tuple[rules.Recall, ...]:
    """A recall from before the system. Of its ground only goes on whether it counts."""
    if entry.recalled_on is None:
        return ()
    village = village_key(entry.recall_village_id) if entry.recall_village_id else None
    exempt = entry.recall_ground == rules.EXEMPT_RECALL_GROUND
    return (rules.Recall(entry.recalled_on, village, entry.recall_ground if exempt else None),)


def _without_private(facts: rules.PersonFacts, settings: PostingSettings) -> rules.PersonFacts:
    """Of health and discipline only what R07 and R09 found goes on, not what they read."""
    found = restricted_outcomes(facts, settings)
    return replace(facts, health=None, discipline=None, sanction_until=None, restricted=found)


def _recalls(held: Iterable[Posting]) -> tuple[rules.Recall, ...]:
    return tuple(
        rules.Recall(
            one.until,
            village_key(one.village_id),
            banned_until=getattr(one, "recall_banned_until", None),
        )
        for one in held
        if one.state == rules.PostingState.RECALLED
        and one.until
        and not getattr(one, "recalled_without_effects", False)
    )


def homes_of(person: Person) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Villages and towns of origin, household and youth (R-2-14)."""
    villages, towns = set[str](), set[str]()
    for home in (person.native_place, person.household_place, person.grown_up_place):
        if home is None:
            continue
        if home.level == PlaceLevel.VILLAGE:
            villages.add(village_key(home.pk))
        town = town_of(home)
        if town is not None:
            towns.add(town.name)
    return tuple(sorted(villages)), tuple(sorted(towns))


def town_of(place: Place) -> Place | None:
    if place.level == PlaceLevel.VILLAGE:
        return place.parent
    return place if place.level == PlaceLevel.TOWNSHIP else None


def _residence(person: Person) -> str | None:
    """The town where the person lives; a home of which only the county is known says nothing."""
    home = person.residence_place
    if home is None:
        return None
    if not home.path.startswith(_county_path(person.place)):
        return OUTSIDE_COUNTY
    town = town_of(home)
    return town.name if town else None


def _county_path(place: Place) -> str:
    """People are managed by a county or by something inside it; towns lie one step below it."""
    below = {PlaceLevel.VILLAGE: 2, PlaceLevel.TOWNSHIP: 1}.get(PlaceLevel(place.level), 0)
    return place.path[: len(place.path) - 4 * below]


def _wishes(one: RoundPerson) -> tuple[Wish, ...] | None:
    """Only a list that was handed in speaks; a draft or a returned list is no list."""
    if one.wish_state not in HANDED_IN:
        return None
    return tuple(
        Wish(village_key(wish.round_village.village_id), wish.rank) for wish in one.wishes.all()
    )


# --- villages -----------------------------------------------------------------------------------


def _need(
    one: RoundVillage, known: _Register, said: Objections, paired: tuple[str, ...]
) -> VillageNeed:
    need, key = one.need_list, village_key(one.village_id)
    officers = known.officers[one.village_id]
    facts = rules.VillageFacts(
        id=key,
        name=one.village.short_name,
        town=one.village.parent.name if one.village.parent else None,
        officers=tuple(
            rules.Officer(row.person.name, row.post, row.person.number) for row in officers
        ),
        languages=_listed(need.language),
        ranks=_listed(need.rank_wanted),
        vetoes=said.vetoes.get(key, {}),
        bans=said.bans.get(key, {}),
    )
    lines = tuple(
        Intention(line.round_person.person.number, line.rank, line.role)
        for line in one.intentions.all()
    )
    return VillageNeed(
        facts,
        types=tuple(need.village_types),
        needs=profile_of(need),
        klass=need.priority_class,
        first_secretaries=need.first_secretary_seats,
        first_secretaries_min=need.first_secretary_lower,
        members=need.member_seats,
        members_min=need.member_lower,
        intentions=lines or None,
        paired_units=tuple(sorted(paired)),
    )


def profile_of(need: NeedList) -> tuple[rules.WeightedNeed, ...]:
    """Which capabilities the village needs, how high and how heavily (R-2-19)."""
    return rules.weighted_needs(need.village_types, need_items_of(need))


def need_items_of(need: NeedList) -> list[rules.NeedItem]:
    return [
        rules.NeedItem(
            tuple(row.capabilities),
            row.severity,
            row.weight,
            row.level,
            row.item or None,
            row.text,
        )
        for row in need.items.all()
    ]


def _listed(text: str) -> tuple[str, ...]:
    """What people wrote into one field, parted by any usual sign."""
    parts = text.translate(SEPARATORS).split("、")
    return tuple(part.strip() for part in parts if part.strip())
