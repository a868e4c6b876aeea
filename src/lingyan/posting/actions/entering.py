"""How are wishes and intentions that arrive on paper or in a sheet entered?

The candidate's unit still confirms wishes: what is entered waits for it like what is typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.scoping import contains
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting import rules
from lingyan.posting.actions.rounds import locked
from lingyan.posting.models import Intention, Round, RoundPerson, RoundVillage, Wish
from lingyan.posting.rules import rounds as round_rules

SYSTEM = "system"
ENTERING_INTENTIONS = (*rules.STAFF, *rules.TOWN, SYSTEM)


@dataclass(frozen=True, slots=True)
class Entered:
    """The head of a list as it was, and its lines before and after."""

    head: RoundPerson | RoundVillage
    before: tuple[Wish | Intention, ...]
    after: tuple[Wish | Intention, ...]


def refuse_to_enter_wishes(one: RoundPerson, round: Round, actor: Actor) -> tuple[Refusal, ...]:
    """The county for everybody, a unit for its own people, while wishes are written."""
    own_unit = actor.holds(*rules.UNIT) and one.person.unit_id in actor.scope.unit_ids
    refusals = round_rules.refuse_to_write_wishes(
        round_state=round.state,
        list_state=one.wish_state,
        withdrawn=one.withdrawn_on is not None,
        own=own_unit or actor.holds(*rules.STAFF, SYSTEM),
    )
    return tuple(refusals)


def refuse_to_enter_intentions(
    one: RoundVillage, round: Round, actor: Actor
) -> tuple[Refusal, ...]:
    refusals = round_rules.refuse_to_write_intentions(round_state=round.state)
    if not actor.holds(*ENTERING_INTENTIONS) or not contains(actor.scope, one.village.path):
        refusals += (Refusal("posting.intentions_not_own", "只能为本乡镇的村提出意向"),)
    return refusals


@transaction.atomic
def enter_wishes(
    round: Round, lists: Mapping[UUID, Mapping[UUID, int]], *, actor: Actor
) -> dict[UUID, Entered]:
    """Replace the lists of candidates (village of the round to class); each waits for its unit."""
    round = locked(round)
    people = (
        RoundPerson.objects.select_for_update(of=("self",))
        .filter(round=round, pk__in=list(lists))
        .select_related("person__place", "round")
        .order_by("pk")
    )
    entered = {}
    for one in people:
        refuse(refuse_to_enter_wishes(one, round, actor))
        stored = Wish.objects.filter(round_person=one)
        before = tuple(stored.select_related("round_village__village"))
        Wish.objects.filter(round_person=one).delete()
        after = [
            Wish(round_person=one, round_village_id=key, rank=rank)
            for key, rank in _in_order(lists[one.pk])
        ]
        for wish in after:
            wish.save(force_insert=True)
        state, one.wish_state = one.wish_state, rules.WishListState.SUBMITTED.value
        one.save(update_fields=["wish_state"])
        names = [f"{wish.rank} {wish.round_village.village}" for wish in after]
        changes = {
            "wish_state": [state, one.wish_state],
            "wishes": [[f"{wish.rank} {wish.round_village.village}" for wish in before], names],
        }
        record("posting.wishes.entered", actor=actor, subject=one, changes=changes)
        entered[one.pk] = Entered(one, before, tuple(after))
    return entered


@transaction.atomic
def enter_intentions(
    round: Round, lists: Mapping[UUID, Mapping[tuple[str, UUID], int]], *, actor: Actor
) -> dict[UUID, Entered]:
    """Replace the lists of villages: (post, candidate of the round) to class."""
    round = locked(round)
    villages = (
        RoundVillage.objects.select_for_update(of=("self",))
        .filter(round=round, pk__in=list(lists))
        .select_related("village", "round")
        .order_by("pk")
    )
    entered = {}
    for one in villages:
        refuse(refuse_to_enter_intentions(one, round, actor))
        before = tuple(
            Intention.objects.filter(round_village=one).select_related("round_person__person")
        )
        Intention.objects.filter(round_village=one).delete()
        after = [
            Intention(round_village=one, role=role, round_person_id=key, rank=rank)
            for (role, key), rank in _in_order(lists[one.pk])
        ]
        for intention in after:
            intention.save(force_insert=True)
        one.intentions_done = bool(after)
        one.save(update_fields=["intentions_done"])
        changes = {"intentions": [_written(before), _written(after)]}
        record("posting.intentions.entered", actor=actor, subject=one, changes=changes)
        entered[one.pk] = Entered(one, before, tuple(after))
    return entered


def _in_order(ranks: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return sorted(ranks.items(), key=lambda line: (line[1], str(line[0])))


def _written(intentions: Iterable[Intention]) -> list[str]:
    return [f"{one.get_role_display()} {one.rank} {one.round_person.person}" for one in intentions]
