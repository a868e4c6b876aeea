"""How does a round open, fill with villages and people, move on step by step, or end early?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Subject, Trace, record, record_many
from lingyan.posting import rules
from lingyan.posting.models import NeedList, PoolEntry, Round, RoundPerson, RoundVillage
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules import rounds as round_rules

THING = "posting.round"


# --- shared by every act on a round -------------------------------------------------------------


def locked(round: Round) -> Round:
    """The round as it is now, held until the end of the transaction.

    Two offices may press at once; the second waits here and then sees what the first has done.
    """
    return Round.objects.select_for_update().get(pk=round.pk)


def refuse_step(round: Round, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """Is the act open in this state, and to this role?"""
    return refuse_act(rules.ROUND_FLOW, state=round.state, act=act, role=actor.role, thing=THING)


def move(
    round: Round, act: str, event: str, *, actor: Actor, reason: str = "", **changed: Any
) -> Round:
    """Save the new state with whatever else the act settles, and leave the trace."""
    step = find_transition(rules.ROUND_FLOW, state=round.state, act=act)
    assert step is not None, act
    fields = {"state": step.after, **changed}
    changes = {name: [_shown(getattr(round, name)), _shown(new)] for name, new in fields.items()}
    for name, new in fields.items():
        setattr(round, name, new)
    round.save(update_fields=list(fields))
    record(f"posting.round.{event}", actor=actor, subject=round, changes=changes, reason=reason)
    return round


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, date) or hasattr(value, "pk") else value


def of_own_county(round: Round, actor: Actor) -> tuple[Refusal, ...]:
    """Acts on a round belong to the county that holds it."""
    if actor.scope.is_everything or round.county.path in actor.scope.place_paths:
        return ()
    return (Refusal("posting.other_county", "这个批次不在您的管辖范围内"),)


# --- opening ------------------------------------------------------------------------------------


@transaction.atomic
def open_round(
    *,
    county: Place,
    name: str,
    term_starts_on: date,
    term_months: int,
    settings: dict[str, Any],
    seed: int,
    actor: Actor,
    is_demo: bool = False,
) -> Round:
    """Start a round; what decides its plans is frozen with it (R-2-20)."""
    name = name.strip()
    refuse(
        (
            *refuse_to_open(actor),
            *round_rules.refuse_to_open_round(
                name=name,
                name_taken=Round.objects.filter(county=county, name=name).exists(),
                starts_on=term_starts_on,
                today=clock.today(),
                months=term_months,
                weights=settings["weights"],
                bounds=round_rules.refuse_bounds(settings),
                months_min=settings["term_months_min"],
            ),
        )
    )
    round = Round.objects.create(
        county=county,
        name=name,
        term_starts_on=term_starts_on,
        term_months=term_months,
        settings=settings,
        seed=seed,
        created_by_id=actor.user_id,
        created_at=clock.now(),
        is_demo=is_demo,
    )
    record(
        "posting.round.opened",
        actor=actor,
        subject=round,
        changes={"name": [None, name], "settings": [None, settings], "seed": [None, seed]},
    )
    return round


def refuse_to_open(actor: Actor) -> tuple[Refusal, ...]:
    if actor.role in rules.STAFF:
        return ()
    return (Refusal(f"{THING}.wrong_role", "您的角色不能启动批次"),)


# --- who takes part -----------------------------------------------------------------------------


@transaction.atomic
def add_villages(round: Round, need_lists: Sequence[NeedList], *, actor: Actor) -> int:
    """Let villages join by their issued need lists; answers how many."""
    round = locked(round)
    need_lists = list(need_lists)
    village_ids = [need.village_id for need in need_lists]
    refuse(
        (
            *_refuse_staff(round, actor),
            *round_rules.refuse_to_change_villages(
                state=round.state,
                busy=queries.names_of_busy_villages(round, village_ids),
                chosen=len(need_lists),
            ),
            *_refuse_not_issued(need_lists),
        )
    )
    RoundVillage.objects.bulk_create(
        [RoundVillage(round=round, village=need.village, need_list=need) for need in need_lists],
        batch_size=500,
    )
    names = [need.village.short_name for need in need_lists]
    record(
        "posting.round.villages_added",
        actor=actor,
        subject=round,
        changes={"villages": [None, names]},
    )
    return len(names)


def _refuse_not_issued(need_lists: Sequence[NeedList]) -> tuple[Refusal, ...]:
    names = [need.village.short_name for need in need_lists if need.state != NeedList.State.ISSUED]
    if not names:
        return ()
    return (
        Refusal("posting.need_list_not_confirmed", f"需求清单尚未下达：{'、'.join(names[:5])}"),
    )


@transaction.atomic
def remove_villages(round: Round, villages: Sequence[RoundVillage], *, actor: Actor) -> int:
    round = locked(round)
    refuse(
        (
            *_refuse_staff(round, actor),
            *round_rules.refuse_to_change_villages(state=round.state, chosen=len(villages)),
        )
    )
    names = [str(one.village) for one in villages]
    RoundVillage.objects.filter(round=round, pk__in=[one.pk for one in villages]).delete()
    record(
        "posting.round.villages_removed",
        actor=actor,
        subject=round,
        changes={"villages": [names, None]},
    )
    return len(names)


@transaction.atomic
def add_people(round: Round, entries: Sequence[PoolEntry], *, actor: Actor) -> int:
    """Let people of the pool join; answers how many."""
    round = locked(round)
    entries = list(entries)
    people_ids = [entry.person_id for entry in entries]
    refuse(
        (
            *_refuse_staff(round, actor),
            *round_rules.refuse_to_change_people(
                state=round.state,
                busy=queries.names_of_busy_people(round, people_ids),
                chosen=len(entries),
            ),
            *_refuse_out_of_pool(entries),
        )
    )
    RoundPerson.objects.bulk_create(
        [RoundPerson(round=round, person=entry.person) for entry in entries], batch_size=500
    )
    names = [entry.person.name for entry in entries]
    record(
        "posting.round.people_added",
        actor=actor,
        subject=round,
        changes={"people": [None, names]},
    )
    return len(names)


def _refuse_out_of_pool(entries: Sequence[PoolEntry]) -> tuple[Refusal, ...]:
    names = [entry.person.name for entry in entries if entry.state != rules.PoolState.IN_POOL]
    if not names:
        return ()
    return (Refusal("posting.not_in_pool", f"不在人才储备库：{'、'.join(names[:5])}"),)


@transaction.atomic
def remove_people(round: Round, people: Sequence[RoundPerson], *, actor: Actor) -> int:
    round = locked(round)
    refuse(
        (
            *_refuse_staff(round, actor),
            *round_rules.refuse_to_change_people(state=round.state, chosen=len(people)),
        )
    )
    names = [str(one.person) for one in people]
    RoundPerson.objects.filter(round=round, pk__in=[one.pk for one in people]).delete()
    record(
        "posting.round.people_removed",
        actor=actor,
        subject=round,
        changes={"people": [names, None]},
    )
    return len(names)


@transaction.atomic
def withdraw_person(round_person: RoundPerson, *, reason: str, actor: Actor) -> RoundPerson:
    """A person leaves a round that is under way; wishes stay on record, the plan must be redone."""
    round = locked(round_person.round)
    round_person = RoundPerson.objects.select_for_update().get(pk=round_person.pk)
    refuse(
        (
            *_refuse_staff(round, actor),
            *round_rules.refuse_to_withdraw(
                state=round.state,
                withdrawn=round_person.withdrawn_on is not None,
                reason=reason,
            ),
        )
    )
    round_person.withdrawn_on = clock.today()
    round_person.withdrawn_reason = reason.strip()
    round_person.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    record(
        "posting.round.person_withdrawn",
        actor=actor,
        subject=round,
        changes={"people": [str(round_person.person), None]},
        reason=reason,
    )
    return round_person


def _refuse_staff(round: Round, actor: Actor) -> tuple[Refusal, ...]:
    if actor.role not in rules.STAFF:
        return (Refusal(f"{THING}.wrong_role", "您的角色不能增减批次里的村和人选"),)
    return of_own_county(round, actor)


# --- step by step -------------------------------------------------------------------------------


def reasons_against_closing_demand(round: Round, *, actor: Actor) -> tuple[Refusal, ...]:
    """What keeps the needs from being locked; the page shows it before anybody presses."""
    return (
        *refuse_step(round, "lock_needs", actor=actor),
        *of_own_county(round, actor),
        *rules.refuse_to_lock_needs(
            need_lists=queries.count_villages(round),
            unconfirmed=queries.villages_without_need_list(round),
        ),
    )


@transaction.atomic
def close_demand(round: Round, *, actor: Actor) -> Round:
    """Lock the needs: each village stands with the list that is in force at this moment."""
    round = locked(round)
    refuse(reasons_against_closing_demand(round, actor=actor))
    _take_lists_in_force(round)
    return move(round, "lock_needs", "demand_closed", actor=actor)


def _take_lists_in_force(round: Round) -> None:
    """A list that was issued anew since the village joined takes the place of the old one."""
    joined = list(RoundVillage.objects.filter(round=round).select_related("need_list"))
    in_force = {
        need.village_id: need
        for need in NeedList.objects.filter(
            village__in=[one.village_id for one in joined], state=NeedList.State.ISSUED
        )
    }
    changed = []
    for one in joined:
        if one.need_list_id != in_force[one.village_id].pk:
            one.need_list = in_force[one.village_id]
            changed.append(one)
    RoundVillage.objects.bulk_update(changed, ["need_list"], batch_size=200)


def reasons_against_opening_wishes(round: Round, *, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *refuse_step(round, "open_wishes", actor=actor),
        *of_own_county(round, actor),
        *rules.refuse_to_open_wishes(candidates=queries.count_taking_part(round)),
    )


@transaction.atomic
def open_wishes(round: Round, *, actor: Actor) -> Round:
    """Let candidates rank villages (candidate_ranking)."""
    round = locked(round)
    refuse(reasons_against_opening_wishes(round, actor=actor))
    return move(round, "open_wishes", "wishes_opened", actor=actor)


def reasons_against_opening_intentions(
    round: Round, *, actor: Actor, waive_reason: str = ""
) -> tuple[Refusal, ...]:
    return (
        *refuse_step(round, "open_intentions", actor=actor),
        *of_own_county(round, actor),
        *rules.refuse_to_open_intentions(
            unconfirmed=queries.names_of_unconfirmed(round), waive_reason=waive_reason
        ),
    )


@transaction.atomic
def open_intentions(round: Round, *, actor: Actor, waive_reason: str = "") -> Round:
    """Close the wishes and let towns rank candidates (village_ranking)."""
    round = locked(round)
    refuse(reasons_against_opening_intentions(round, actor=actor, waive_reason=waive_reason))
    return move(round, "open_intentions", "intentions_opened", actor=actor, reason=waive_reason)


@transaction.atomic
def note_round_export(
    round: Round, *, form: str, rows: int, listed: Collection[Subject], actor: Actor
) -> None:
    """An export leaves a trace: which workbook, how many rows, whose, and who took it along."""
    refuse(of_own_county(round, actor))
    told = {"form": [None, form], "rows": [None, rows]}
    trace = Trace("posting.round.exported", round, told, others=listed, is_reading=True)
    record_many([trace], actor=actor)


@transaction.atomic
def cancel_round(round: Round, *, reason: str, actor: Actor) -> Round:
    round = locked(round)
    refuse(
        (
            *refuse_step(round, "cancel", actor=actor),
            *of_own_county(round, actor),
            *rules.refuse_to_cancel(reason),
        )
    )
    return move(
        round, "cancel", "cancelled", actor=actor, reason=reason, cancelled_reason=reason.strip()
    )
