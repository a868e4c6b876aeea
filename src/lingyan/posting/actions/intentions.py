"""How do towns say whom they would like, and how does each side refuse a pair with its reason?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import contains
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting import matching, rules
from lingyan.posting.actions.rounds import locked
from lingyan.posting.models import Intention, Objection, Round, RoundPerson, RoundVillage
from lingyan.posting.problem import PostingProblem
from lingyan.posting.queries import rounds as queries
from lingyan.posting.queries.gathering import ALL
from lingyan.posting.rules import rounds as round_rules

Ranks = Mapping[tuple[str, UUID], int]


# --- intentions ---------------------------------------------------------------------------------


def eligibility_at(round_village: RoundVillage, people: Q = ALL) -> PostingProblem:
    """The candidates of the round, or some of them, as the hard rules see them for this village."""
    return matching.gather(
        round_village.round,
        as_of=clock.today(),
        people=people,
        villages=Q(pk=round_village.pk),
    ).problem()


@transaction.atomic
def save_intentions(round_village: RoundVillage, ranks: Ranks, *, actor: Actor) -> RoundVillage:
    """Keep the lists of a village as written so far: (role, candidate) to class, 1 best."""
    round_village = _locked_village(round_village)
    refuse(_refuse_to_write(round_village, actor))
    people = {
        one.pk: one
        for one in RoundPerson.objects.filter(
            round=round_village.round, withdrawn_on__isnull=True, pk__in=[key for _, key in ranks]
        ).select_related("person")
    }
    for role in rules.Role:
        lines = [
            rules.Ranked(
                str(key),
                str(people[key].person) if key in people else "未知的人选",
                rank,
                in_round=key in people,
            )
            for (for_role, key), rank in ranks.items()
            if for_role == role
        ]
        refuse(rules.refuse_to_submit_intentions(lines) if lines else ())
    before = _written(queries.list_intentions(round_village))
    Intention.objects.filter(round_village=round_village).delete()
    Intention.objects.bulk_create(
        [
            Intention(round_village=round_village, round_person=people[key], role=role, rank=rank)
            for (role, key), rank in sorted(ranks.items(), key=lambda line: (line[0][0], line[1]))
        ]
    )
    return _settle(round_village, "saved", before, done=False, actor=actor)


@transaction.atomic
def submit_intentions(round_village: RoundVillage, *, actor: Actor) -> RoundVillage:
    """Hand in the lists of a village; each candidate on them must be eligible for the post."""
    round_village = _locked_village(round_village)
    refuse(_refuse_to_write(round_village, actor))
    written = list(queries.list_intentions(round_village))
    problem = eligibility_at(round_village, Q(pk__in=[one.round_person_id for one in written]))
    key = matching.village_key(round_village.village_id)
    refuse(() if written else rules.refuse_to_submit_intentions([]))
    for role in rules.Role:
        lines = [
            rules.Ranked(
                str(line.round_person_id),
                line.round_person.person.name,
                line.rank,
                results=_results(problem, line.round_person.person.number, f"{key}/{role}"),
            )
            for line in written
            if line.role == role
        ]
        refuse(rules.refuse_to_submit_intentions(lines) if lines else ())
    return _settle(round_village, "submitted", _written(written), done=True, actor=actor)


def _results(problem: PostingProblem, person: str, post: str) -> tuple[rules.RuleResult, ...]:
    if post not in problem.post_number or person not in problem.person_number:
        return ()
    return tuple(problem.results(person, post))


def _locked_village(round_village: RoundVillage) -> RoundVillage:
    round = locked(round_village.round)
    found = (
        RoundVillage.objects.select_for_update(of=("self",))
        .select_related("village", "round__county", "need_list")
        .get(pk=round_village.pk)
    )
    found.round = round
    return found


def _refuse_to_write(round_village: RoundVillage, actor: Actor) -> tuple[Refusal, ...]:
    refusals = round_rules.refuse_to_write_intentions(round_state=round_village.round.state)
    if actor.role not in rules.TOWN or not contains(actor.scope, round_village.village.path):
        refusals += (Refusal("posting.intentions_not_own", "只能为本乡镇的村提出意向"),)
    return refusals


def _settle(
    round_village: RoundVillage, event: str, before: list[str], *, done: bool, actor: Actor
) -> RoundVillage:
    round_village.intentions_done = done
    round_village.save(update_fields=["intentions_done"])
    record(
        f"posting.intentions.{event}",
        actor=actor,
        subject=round_village,
        changes={"intentions": [before, _written(queries.list_intentions(round_village))]},
    )
    return round_village


def _written(intentions: Iterable[Intention]) -> list[str]:
    return [
        f"{line.get_role_display()} {line.rank} {line.round_person.person}" for line in intentions
    ]


# --- objections ---------------------------------------------------------------------------------


@transaction.atomic
def enter_objection(
    round: Round,
    kind: str,
    *,
    place: Place | None,
    reason: str,
    actor: Actor,
    person: Person | None = None,
    unit: Unit | None = None,
) -> Objection:
    """Somebody refuses a pair in writing: it becomes R13 to R17 for the plan."""
    round = locked(round)
    about = unit if kind == Objection.Kind.UNIT_TOWN else person
    known = Objection.objects.filter(round=round, kind=kind, person=person, unit=unit, place=place)
    refuse(
        (
            *round_rules.refuse_to_object(
                kind=kind,
                role=actor.role,
                round_state=round.state,
                reason=reason,
                complete=place is not None and about is not None,
                known=known.exists(),
            ),
            *_refuse_foreign(round, actor, place=place, person=person, unit=unit),
        )
    )
    assert place is not None
    objection = Objection.objects.create(
        round=round,
        kind=kind,
        person=person,
        unit=unit,
        place=place,
        reason=reason.strip(),
        entered_on=clock.today(),
        entered_by_id=actor.user_id,
    )
    record(
        "posting.objection.entered",
        actor=actor,
        subject=objection,
        changes={"kind": [None, kind], "place": [None, str(place)]},
        reason=reason,
    )
    return objection


@transaction.atomic
def lift_objection(objection: Objection, *, reason: str, actor: Actor) -> None:
    """Take a refusal back; the trace keeps what it said."""
    round = locked(objection.round)
    refuse(
        (
            *round_rules.refuse_to_lift_objection(
                kind=objection.kind, role=actor.role, round_state=round.state, reason=reason
            ),
            *_refuse_foreign(
                round,
                actor,
                place=objection.place,
                person=objection.person,
                unit=objection.unit,
            ),
        )
    )
    record(
        "posting.objection.lifted",
        actor=actor,
        subject=objection,
        changes={"reason": [objection.reason, None]},
        reason=reason,
    )
    objection.delete()


def _refuse_foreign(
    round: Round,
    actor: Actor,
    *,
    place: Place | None,
    person: Person | None,
    unit: Unit | None,
) -> tuple[Refusal, ...]:
    """Towns speak of their villages, units and candidates of themselves, the county of all."""
    scope = actor.scope
    own = (
        contains(scope, round.county.path)
        or (place is not None and contains(scope, place.path))
        or (unit is not None and unit.pk in scope.unit_ids)
        or (person is not None and person.pk == scope.person_id)
    )
    if own:
        return ()
    return (Refusal("posting.objection_not_own", "只能登记与本村镇、本单位或本人有关的事项"),)
