"""What do the sheets of wishes and intentions say, and how do they become lists of a round?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.common.sheet import Sheet
from lingyan.directory.imports.naming import Names, RowReader, several
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.directory.rules import NameBook, Named, plain_name, short_village_name
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import (
    ExchangeKind,
    FieldChange,
    Incoming,
    RowOutcome,
    Written,
)
from lingyan.platform.exchange.rules import Verdict
from lingyan.posting import matching, rules
from lingyan.posting.actions.entering import (
    Entered,
    enter_intentions,
    enter_wishes,
    refuse_to_enter_intentions,
    refuse_to_enter_wishes,
)
from lingyan.posting.models import Intention, Round, RoundPerson, RoundVillage, Wish
from lingyan.posting.problem import PostingProblem
from lingyan.posting.queries import rounds as queries
from lingyan.posting.queries.needs import uuids
from lingyan.posting.sheets import INTENTIONS, WISHES

NO_ROUND = Flaw("没有选择批次", "请先选择批次", "no round was chosen", "choose a round")
BOTH_POSTS = tuple(role.value for role in rules.Role)


class _InRound:
    """The villages and candidates of one round, by name; wishes may name any village of it."""

    def __init__(self, round: Round, actor: Actor) -> None:
        self.round, self.actor = round, actor
        self.villages = {str(one.pk): one for one in queries.list_wish_villages(round)}
        self.people = {
            str(one.pk): one
            for one in RoundPerson.objects.filter(
                round=round, withdrawn_on__isnull=True
            ).select_related("person__unit", "person__place")
        }
        villages = map(_named_village, self.villages.values())
        people = map(_named_person, self.people.values())
        self._village_book = NameBook(villages, short=short_village_name)
        self._person_book = NameBook(people, short=plain_name)

    @cached_property
    def problem(self) -> PostingProblem:
        """Who may go where by the hard rules, for the whole round at once."""
        return matching.gather(self.round, as_of=clock.today()).problem()

    def village(self, reader: RowReader) -> RoundVillage | None:
        town = reader.text("town") or None
        hits = self._village_book.find(reader.text("village"), town)
        near = self._village_book.nearest(reader.text("village")) if not hits else ()
        found = _one(reader, "village", "村", hits, near)
        return self.villages[found] if found else None

    def person(self, reader: RowReader) -> RoundPerson | None:
        hits = self._person_book.find(reader.text("person"), reader.text("unit") or None)
        near = self._person_book.nearest(reader.text("person")) if not hits else ()
        found = _one(reader, "person", "人选", hits, near)
        one = self.people[found] if found else None
        if one is not None:
            note_listed(one.person)
        return one

    def results(self, one: RoundPerson, post: str) -> tuple[rules.RuleResult, ...]:
        problem, number = self.problem, one.person.number
        if post not in problem.post_number or number not in problem.person_number:
            return ()
        return tuple(problem.results(number, post))

    def best_results(self, one: RoundPerson, village: RoundVillage) -> tuple[rules.RuleResult, ...]:
        """What the rules say of the post there that is most open to the person."""
        key = matching.village_key(village.village_id)
        found = [self.results(one, f"{key}/{role}") for role in BOTH_POSTS]
        stated = [results for results in found if results]
        return min(stated, key=lambda each: sum(line.is_out for line in each), default=())


def _named_village(one: RoundVillage) -> Named:
    town = one.village.parent.short_name if one.village.parent else None
    label = f"{town or ''}{one.village.short_name}"
    return Named(str(one.pk), one.village.name, label, town, one.village.code or None)


def _named_person(one: RoundPerson) -> Named:
    unit = one.person.unit.name if one.person.unit else None
    label = f"{one.person.name}（{unit or one.person.number}）"
    return Named(str(one.pk), one.person.name, label, unit, one.person.number)


def _one(
    reader: RowReader, column: str, what: str, hits: Sequence[Named], near: Sequence[str]
) -> str | None:
    if len(hits) == 1:
        return hits[0].id
    if hits:
        reader.fault(column, several("人员" if what == "人选" else what, [h.label for h in hits]))
    else:
        reader.fault(column, _not_in_round(what, "、".join(near)))
    return None


def _not_in_round(what: str, near: str) -> Flaw:
    return Flaw(
        f"本批次里没有这个{what}" + (f"；相近的有：{near}" if near else ""),
        "请改正名称，或先把它加入批次",
        "it does not take part in the round" + (f"; similar: {near}" if near else ""),
        "correct the name or add it to the round",
    )


def _in_round(option: str, actor: Actor) -> _InRound | None:
    round = find_round(option, actor)
    return _InRound(round, actor) if round else None


def find_round(option: str, actor: Actor) -> Round | None:
    chosen = uuids([option])
    return queries.list_rounds(actor.scope).filter(pk__in=chosen).first()


def list_rounds(actor: Actor) -> list[tuple[str, str]]:
    """The rounds in scope, the newest first."""
    rounds = queries.list_rounds(actor.scope).exclude(state=rules.RoundState.CANCELLED)
    return [(str(one.pk), one.name) for one in rounds.order_by("-created_at")]


def without_round(incoming: Incoming, sheet: Sheet) -> list[RowOutcome]:
    names = Names(Actor.system())
    readers = [RowReader(row, sheet, names) for row in incoming.rows]
    for reader in readers:
        reader.fault(sheet.columns[0].name, NO_ROUND)
    return [wrong(reader.row, "", reader.faults) for reader in readers]


def _town(place: Place) -> str | None:
    return place.parent.short_name if place.parent else None


@dataclass(slots=True)
class _Line:
    """A row with both its sides looked up."""

    reader: RowReader
    person: RoundPerson
    village: RoundVillage

    @property
    def rank(self) -> int:
        return int(self.reader.row.values["rank"])

    @property
    def label(self) -> str:
        return f"{self.person.person.name}—{self.village.village.short_name}"

    def cells(self) -> dict[str, Any]:
        person, place = self.person.person, self.village.village
        return {
            "person": person.name,
            "unit": person.unit.name if person.unit else None,
            "village": place.short_name,
            "town": _town(place),
        }


def _lines(
    incoming: Incoming, sheet: Sheet, within: _InRound, outcomes: list[RowOutcome]
) -> list[_Line]:
    """Rows whose both sides are known; the others are wrong at once."""
    lines, names = [], Names(within.actor)
    for row in incoming.rows:
        reader = RowReader(row, sheet, names)
        person, village = within.person(reader), within.village(reader)
        if person is None or village is None:
            outcomes.append(wrong(row, reader.text("person"), reader.faults))
        else:
            lines.append(_Line(reader, person, village))
    return lines


# --- wishes -------------------------------------------------------------------------------------


def match_wishes(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    """A candidate's list is replaced whole; what the file leaves out is said as a change."""
    within = _in_round(incoming.option, actor)
    if within is None:
        return without_round(incoming, WISHES)
    outcomes: list[RowOutcome] = []
    by_person: dict[UUID, list[_Line]] = defaultdict(list)
    for line in _lines(incoming, WISHES, within, outcomes):
        by_person[line.person.pk].append(line)
    stored: dict[UUID, dict[UUID, Wish]] = defaultdict(dict)
    wishes = Wish.objects.filter(round_person_id__in=list(by_person))
    for wish in wishes.select_related("round_village__village"):
        stored[wish.round_person_id][wish.round_village_id] = wish
    for key, lines in by_person.items():
        outcomes += _match_wishes(lines, stored[key], within)
    return sorted(outcomes, key=lambda outcome: outcome.number)


def _match_wishes(
    lines: Sequence[_Line], stored: Mapping[UUID, Wish], within: _InRound
) -> list[RowOutcome]:
    first, person = lines[0], lines[0].person
    ranks = {line.village.pk: line.rank for line in lines}
    is_same = ranks == {key: wish.rank for key, wish in stored.items()}
    if not is_same:
        first.reader.refuse("person", refuse_to_enter_wishes(person, within.round, within.actor))
        first.reader.refuse("village", rules.refuse_to_submit_wishes(_ranked_wishes(lines, within)))
    if any(line.reader.faults for line in lines):
        return [wrong(line.reader.row, line.label, line.reader.faults) for line in lines]
    outcomes = [_wish_outcome(line, stored.get(line.village.pk), ranks) for line in lines]
    gone = [wish for key, wish in stored.items() if key not in ranks]
    return _with_removed(outcomes, [str(wish.round_village.village) for wish in gone], "志愿")


def _ranked_wishes(lines: Sequence[_Line], within: _InRound) -> list[rules.Ranked]:
    return [
        rules.Ranked(
            str(line.village.pk),
            str(line.village.village),
            line.rank,
            results=within.best_results(line.person, line.village),
        )
        for line in lines
    ]


def _wish_outcome(line: _Line, wish: Wish | None, ranks: Mapping[UUID, int]) -> RowOutcome:
    cells = line.cells()
    return outcome_of(
        line.reader.row,
        WISHES,
        label=line.label,
        stored=cells | {"rank": wish.rank} if wish else None,
        given=cells | {"rank": line.rank},
        subject=line.person,
        plan=ranks,
        group=str(line.person.pk),
    )


def _with_removed(outcomes: list[RowOutcome], gone: Sequence[str], what: str) -> list[RowOutcome]:
    if not gone:
        return outcomes
    change = FieldChange(f"原有{what}", "、".join(gone), "（取消）")
    first = outcomes[0]
    verdict = Verdict.NEW if first.verdict is Verdict.NEW else Verdict.CHANGED
    return [
        replace(first, verdict=verdict, changes=(*first.changes, change)),
        *outcomes[1:],
    ]


def apply_wishes(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    heads = _heads(outcomes)
    lists = {key: one.plan for key, one in heads.items()}
    entered = enter_wishes(Round.objects.get(pk=option), lists, actor=actor)
    return [row for key, one in heads.items() for row in _written(one, entered[key])]


def _heads(outcomes: Sequence[RowOutcome]) -> dict[Any, RowOutcome]:
    """The first row of each list."""
    heads: dict[Any, RowOutcome] = {}
    for one in outcomes:
        if one.subject is not None:
            heads.setdefault(one.subject.pk, one)
    return heads


def _written(outcome: RowOutcome, entered: Entered) -> list[Written]:
    assert outcome.subject is not None, "a list has an owner"
    number = outcome.number
    return [
        Written(number, entered.head, image_of(outcome.subject)),
        *(Written(number, line, image_of(line)) for line in entered.before),
        *(Written(number, line, None) for line in entered.after),
    ]


def export_wishes(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    people = RoundPerson.objects.visible_to(actor.scope).filter(round_id=option)
    wishes = Wish.objects.filter(round_person__in=people).select_related(
        "round_person__person__unit", "round_village__village__parent"
    )
    for wish in wishes.order_by("round_person__person__number", "rank", "pk"):
        person, place = wish.round_person.person, wish.round_village.village
        note_listed(person)
        yield {
            "person": person.name if person.unit else person.number,
            "unit": person.unit.name if person.unit else None,
            "village": place.short_name,
            "town": _town(place),
            "rank": wish.rank,
        }


# --- intentions ---------------------------------------------------------------------------------


def match_intentions(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    within = _in_round(incoming.option, actor)
    if within is None:
        return without_round(incoming, INTENTIONS)
    outcomes: list[RowOutcome] = []
    by_village: dict[UUID, list[_Line]] = defaultdict(list)
    for line in _lines(incoming, INTENTIONS, within, outcomes):
        by_village[line.village.pk].append(line)
    stored: dict[UUID, dict[tuple[str, UUID], Intention]] = defaultdict(dict)
    known = Intention.objects.filter(round_village_id__in=list(by_village))
    for one in known.select_related("round_person__person"):
        stored[one.round_village_id][one.role, one.round_person_id] = one
    for key, lines in by_village.items():
        outcomes += _match_intentions(lines, stored[key], within)
    return sorted(outcomes, key=lambda outcome: outcome.number)


def _match_intentions(
    lines: Sequence[_Line], stored: Mapping[tuple[str, UUID], Intention], within: _InRound
) -> list[RowOutcome]:
    first, village = lines[0], lines[0].village
    ranks = {
        (role, line.person.pk): line.rank for line in lines for role in _roles_of(line, village)
    }
    is_same = ranks == {key: one.rank for key, one in stored.items()}
    if not is_same:
        refusals = refuse_to_enter_intentions(village, within.round, within.actor)
        first.reader.refuse("village", refusals)
        for role in BOTH_POSTS:
            ranked = _ranked_people(lines, role, within)
            if ranked:
                first.reader.refuse("person", rules.refuse_to_submit_intentions(ranked))
    if any(line.reader.faults for line in lines):
        return [wrong(line.reader.row, line.label, line.reader.faults) for line in lines]
    outcomes = [_intention_outcome(line, stored, ranks) for line in lines]
    gone = [one for key, one in stored.items() if key not in ranks]
    return _with_removed(outcomes, [str(one.round_person.person) for one in gone], "意向")


def _roles_of(line: _Line, village: RoundVillage) -> tuple[str, ...]:
    """Without a post the intention counts for every post that the village has."""
    role = line.reader.row.values["role"]
    if role:
        return (role,)
    seats = {
        rules.Role.FIRST_SECRETARY.value: village.need_list.first_secretary_seats,
        rules.Role.MEMBER.value: village.need_list.member_seats,
    }
    return tuple(name for name, count in seats.items() if count)


def _ranked_people(lines: Sequence[_Line], role: str, within: _InRound) -> list[rules.Ranked]:
    return [
        rules.Ranked(
            str(line.person.pk),
            line.person.person.name,
            line.rank,
            results=within.results(
                line.person, f"{matching.village_key(line.village.village_id)}/{role}"
            ),
        )
        for line in lines
        if role in _roles_of(line, line.village)
    ]


def _intention_outcome(
    line: _Line,
    stored: Mapping[tuple[str, UUID], Intention],
    ranks: Mapping[tuple[str, UUID], int],
) -> RowOutcome:
    roles = _roles_of(line, line.village)
    known = [stored.get((role, line.person.pk)) for role in roles]
    cells = line.cells() | {"role": line.reader.row.values["role"]}
    before = None
    if known and all(known):
        rank = next((one.rank for one in known if one and one.rank != line.rank), line.rank)
        before = cells | {"rank": rank}
    return outcome_of(
        line.reader.row,
        INTENTIONS,
        label=line.label,
        stored=before,
        given=cells | {"rank": line.rank},
        subject=line.village,
        plan=ranks,
        group=str(line.village.pk),
    )


def apply_intentions(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    heads = _heads(outcomes)
    lists = {key: one.plan for key, one in heads.items()}
    entered = enter_intentions(Round.objects.get(pk=option), lists, actor=actor)
    return [row for key, one in heads.items() for row in _written(one, entered[key])]


def export_intentions(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    villages = RoundVillage.objects.visible_to(actor.scope).filter(round_id=option)
    intentions = Intention.objects.filter(round_village__in=villages).select_related(
        "round_person__person__unit", "round_village__village__parent"
    )
    for one in intentions.order_by("round_village__village__path", "role", "rank", "pk"):
        person, place = one.round_person.person, one.round_village.village
        note_listed(person)
        yield {
            "village": place.short_name,
            "town": _town(place),
            "role": one.role,
            "person": person.name if person.unit else person.number,
            "unit": person.unit.name if person.unit else None,
            "rank": one.rank,
        }


COUNTY = (Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF)
WISHES_KIND = ExchangeKind(
    code="wishes",
    sheet=WISHES,
    about="人选的志愿：在填报志愿期间录入，录入后仍由单位确认",
    import_roles=(*COUNTY, Role.UNIT_PARTY_ADMIN),
    export_roles=(*COUNTY, Role.COUNTY_ORG_LEADER, Role.UNIT_PARTY_ADMIN),
    match=match_wishes,
    apply=apply_wishes,
    export_rows=export_wishes,
    option_label="批次",
    options=list_rounds,
    not_kept=frozenset({"role"}),
)
INTENTIONS_KIND = ExchangeKind(
    code="intentions",
    sheet=INTENTIONS,
    about="乡镇（村）的意向：在提出意向期间录入，整村替换",
    import_roles=(*COUNTY, Role.TOWN_ORG, Role.TOWN_SECRETARY),
    export_roles=(*COUNTY, Role.COUNTY_ORG_LEADER, Role.TOWN_ORG, Role.TOWN_SECRETARY),
    match=match_intentions,
    apply=apply_intentions,
    export_rows=export_intentions,
    option_label="批次",
    options=list_rounds,
)
