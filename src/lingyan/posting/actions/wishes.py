"""How do candidates say where they want to go, and their units confirm it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lingyan.common import clock
from lingyan.common.flow import refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting import matching, rules
from lingyan.posting.actions.rounds import locked
from lingyan.posting.models import RoundPerson, RoundVillage, Wish
from lingyan.posting.problem import PostingProblem
from lingyan.posting.queries import rounds as queries
from lingyan.posting.queries.gathering import ALL
from lingyan.posting.rules import rounds as round_rules


def eligibility_of(round_person: RoundPerson, villages: Q = ALL) -> PostingProblem:
    """The villages of the round, or some of them, as the hard rules see them for this person."""
    return matching.gather(
        round_person.round,
        as_of=clock.today(),
        people=Q(pk=round_person.pk),
        villages=villages,
    ).problem()


def best_results(
    problem: PostingProblem, person: str, village: str
) -> tuple[rules.RuleResult, ...]:
    """What the rules say of the post there that is most open to the person."""
    open_to: list[tuple[rules.RuleResult, ...]] = []
    for role in rules.Role:
        post = f"{village}/{role}"
        if post in problem.post_number:
            open_to.append(tuple(problem.results(person, post)))
    return min(open_to, key=lambda results: sum(one.is_out for one in results), default=())


@transaction.atomic
def save_wishes(
    round_person: RoundPerson, ranks: Mapping[UUID, int], *, actor: Actor
) -> RoundPerson:
    """Keep the list as it is written so far: a village of the round to its class, 1 best."""
    round = locked(round_person.round)
    round_person = _locked_person(round_person)
    refuse(_refuse_to_write(round_person, round.state, actor))
    villages = {
        one.pk: one
        for one in RoundVillage.objects.filter(round=round, pk__in=list(ranks)).select_related(
            "village"
        )
    }
    refuse(_refuse_lines(_lines(ranks, villages)))
    before = _written(queries.list_wishes(round_person))
    Wish.objects.filter(round_person=round_person).delete()
    Wish.objects.bulk_create(
        [
            Wish(round_person=round_person, round_village=villages[key], rank=rank)
            for key, rank in sorted(ranks.items(), key=lambda pair: (pair[1], str(pair[0])))
        ]
    )
    record(
        "posting.wishes.saved",
        actor=actor,
        subject=round_person,
        changes={"wishes": [before, _written(queries.list_wishes(round_person))]},
    )
    return round_person


def _lines(ranks: Mapping[UUID, int], villages: Mapping[UUID, RoundVillage]) -> list[rules.Ranked]:
    return [
        rules.Ranked(
            str(key),
            str(villages[key].village) if key in villages else "未知的村",
            rank,
            in_round=key in villages,
        )
        for key, rank in ranks.items()
    ]


def _refuse_lines(lines: Sequence[rules.Ranked]) -> tuple[Refusal, ...]:
    """An unfinished list may be empty, but not wrong."""
    return rules.refuse_to_submit_wishes(lines) if lines else ()


@transaction.atomic
def submit_wishes(round_person: RoundPerson, *, actor: Actor) -> RoundPerson:
    """Hand the list to one's unit; each village on it must be open to the person (R-2-20)."""
    round = locked(round_person.round)
    round_person = _locked_person(round_person)
    refuse(_refuse_to_write(round_person, round.state, actor))
    written = list(queries.list_wishes(round_person))
    problem = eligibility_of(round_person, Q(pk__in=[one.round_village_id for one in written]))
    lines = [
        rules.Ranked(
            str(wish.round_village_id),
            str(wish.round_village.village),
            wish.rank,
            results=best_results(
                problem,
                round_person.person.number,
                matching.village_key(wish.round_village.village_id),
            ),
        )
        for wish in written
    ]
    refuse(rules.refuse_to_submit_wishes(lines))
    return _move(round_person, "submitted", actor=actor)


@transaction.atomic
def confirm_wishes(
    round_person: RoundPerson, *, order_seen: Sequence[str], actor: Actor
) -> RoundPerson:
    """The unit confirms exactly the list that it has read; it never changes the order."""
    round_person = _locked_person(round_person)
    refuse(
        (
            *_refuse_move(round_person, "confirm", actor),
            *rules.refuse_to_confirm_wishes(
                order_submitted=order_of(round_person),
                order_confirmed=order_seen,
                same_unit=round_person.person.unit_id in actor.scope.unit_ids,
            ),
        )
    )
    return _move(round_person, "confirmed", actor=actor)


@transaction.atomic
def return_wishes(round_person: RoundPerson, *, reason: str, actor: Actor) -> RoundPerson:
    """The unit hands the list back with a reason; the candidate writes it anew."""
    round_person = _locked_person(round_person)
    order = order_of(round_person)
    refuse(
        (
            *_refuse_move(round_person, "return", actor),
            *rules.refuse_to_confirm_wishes(
                order_submitted=order,
                order_confirmed=order,
                same_unit=round_person.person.unit_id in actor.scope.unit_ids,
            ),
            *rules.refuse_to_return_wishes(reason),
        )
    )
    return _move(round_person, "returned", actor=actor, reason=reason.strip())


def order_of(round_person: RoundPerson) -> list[str]:
    """The list as a reader sees it: class and village, in order."""
    return [f"{wish.rank}:{wish.round_village_id}" for wish in queries.list_wishes(round_person)]


def _locked_person(round_person: RoundPerson) -> RoundPerson:
    return (
        RoundPerson.objects.select_for_update(of=("self",))
        .select_related("person", "round__county")
        .get(pk=round_person.pk)
    )


def _refuse_to_write(
    round_person: RoundPerson, round_state: str, actor: Actor
) -> tuple[Refusal, ...]:
    return round_rules.refuse_to_write_wishes(
        round_state=round_state,
        list_state=round_person.wish_state,
        withdrawn=round_person.withdrawn_on is not None,
        own=actor.scope.person_id == round_person.person_id,
    )


def _refuse_move(round_person: RoundPerson, act: str, actor: Actor) -> tuple[Refusal, ...]:
    refusals = refuse_act(
        rules.WISH_LIST_FLOW,
        state=round_person.wish_state,
        act=act,
        role=actor.role,
        thing="posting.wishes",
    )
    return (
        *refusals,
        *round_rules.refuse_closed_wishes(round_state=round_person.round.state),
    )


def _move(round_person: RoundPerson, after: str, *, actor: Actor, reason: str = "") -> RoundPerson:
    before, round_person.wish_state = round_person.wish_state, after
    round_person.returned_reason = reason
    round_person.save(update_fields=["wish_state", "returned_reason"])
    record(
        f"posting.wishes.{after}",
        actor=actor,
        subject=round_person,
        changes={"wish_state": [before, after]},
        reason=reason,
    )
    return round_person


def _written(wishes: Iterable[Wish]) -> list[str]:
    return [f"{wish.rank} {wish.round_village.village}" for wish in wishes]
