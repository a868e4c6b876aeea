"""How does a round of pairing open, fill with units and villages, move on, or end early?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place, Unit
from lingyan.directory.rules.hands import STAFF
from lingyan.directory.scoping import contains
from lingyan.pairing.facts_of_neighbours import needs_of_villages, types_of_villages
from lingyan.pairing.models import PairFix, PairRound, PairRoundUnit, PairRoundVillage
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules import UNIT_LOWER, VILLAGE_LOWER, VILLAGE_UPPER
from lingyan.pairing.rules import rounds as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Subject, Trace, record, record_many

NAMES_KEPT = 200


# --- shared by every act on a round -------------------------------------------------------------


def locked(round: PairRound) -> PairRound:
    """The round as it is now, held to the end: of two who press at once the second waits."""
    return (
        PairRound.objects.select_for_update(of=("self",))
        .select_related("county", "seat")
        .get(pk=round.pk)
    )


def refuse_step(round: PairRound, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """Is the act open in this state, to this role, and is the round one of the actor's county?"""
    return (
        *refuse_act(
            rules.PAIR_ROUND_FLOW, state=round.state, act=act, role=actor.role, thing=rules.THING
        ),
        *of_own_county(round, actor),
    )


def of_own_county(round: PairRound, actor: Actor) -> tuple[Refusal, ...]:
    if contains(actor.scope, round.county.path):
        return ()
    return (Refusal("pairing.round_elsewhere", "这个批次不在您的管辖范围内"),)


def refuse_staff(round: PairRound, actor: Actor) -> tuple[Refusal, ...]:
    if actor.role not in STAFF:
        return (Refusal(f"{rules.THING}.wrong_role", "您的角色不能办理结对批次"),)
    return of_own_county(round, actor)


def move(
    round: PairRound, act: str, event: str, *, actor: Actor, reason: str = "", **changed: Any
) -> PairRound:
    """Save the new state with whatever else the act settles, and leave the trace."""
    step = find_transition(rules.PAIR_ROUND_FLOW, state=round.state, act=act)
    assert step is not None, act
    fields = {"state": step.after, **changed}
    changes = {name: [_shown(getattr(round, name)), _shown(new)] for name, new in fields.items()}
    for name, new in fields.items():
        setattr(round, name, new)
    round.save(update_fields=list(fields))
    record(f"{rules.THING}.{event}", actor=actor, subject=round, changes=changes, reason=reason)
    return round


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, date) or hasattr(value, "pk") else value


# --- opening ------------------------------------------------------------------------------------


@transaction.atomic
def open_round(
    *,
    county: Place,
    name: str,
    settings: dict[str, Any],
    seat: Place | None = None,
    due_on: date | None = None,
    seed: int = 1,
    actor: Actor,
    is_demo: bool = False,
) -> PairRound:
    """Start a round; weights and bounds are frozen with it (R-3-02)."""
    name = name.strip()
    if actor.role not in STAFF:
        refuse([Refusal(f"{rules.THING}.wrong_role", "您的角色不能启动结对批次")])
    refuse(
        rules.refuse_to_open(
            name=name,
            name_taken=PairRound.objects.filter(county=county, name=name).exists(),
            due_on=due_on,
            today=clock.today(),
        )
    )
    round = PairRound.objects.create(
        county=county,
        name=name,
        settings=settings,
        seat=seat,
        due_on=due_on,
        seed=seed,
        created_by_id=actor.user_id,
        created_at=clock.now(),
        is_demo=is_demo,
    )
    refuse(of_own_county(round, actor))
    record(
        f"{rules.THING}.opened",
        actor=actor,
        subject=round,
        changes={"name": [None, name], "settings": [None, settings], "seed": [None, seed]},
    )
    return round


# --- who takes part -----------------------------------------------------------------------------


@transaction.atomic
def add_units(round: PairRound, units: Sequence[Unit], *, actor: Actor) -> int:
    """Let units join; sector and size are taken from the register, to be corrected by the unit."""
    round = locked(round)
    refuse(
        (
            *refuse_staff(round, actor),
            *rules.refuse_to_change_parts(
                state=round.state,
                chosen=len(units),
                busy=queries.names_of_busy_units(round, [one.pk for one in units]),
            ),
            *_refuse_elsewhere(round, [one.place.path for one in units]),
        )
    )
    steps = round.settings["steps"]
    PairRoundUnit.objects.bulk_create(
        [
            PairRoundUnit(
                round=round,
                unit=unit,
                sectors=[unit.sector] if unit.sector else [],
                lower=UNIT_LOWER,
                upper=max(UNIT_LOWER, rules.upper_of_size(unit.headcount, steps)),
            )
            for unit in units
        ],
        batch_size=500,
    )
    return _told(round, "units_added", "units", [one.name for one in units], actor, joined=True)


@transaction.atomic
def add_villages(round: PairRound, villages: Sequence[Place], *, actor: Actor) -> int:
    """Let villages join; types and needs are taken from what was confirmed, to be corrected."""
    round = locked(round)
    ids = [one.pk for one in villages]
    refuse(
        (
            *refuse_staff(round, actor),
            *rules.refuse_to_change_parts(
                state=round.state,
                chosen=len(villages),
                busy=queries.names_of_busy_villages(round, ids),
            ),
            *_refuse_elsewhere(round, [one.path for one in villages]),
        )
    )
    types, needs = types_of_villages(ids, clock.today()), needs_of_villages(ids)
    PairRoundVillage.objects.bulk_create(
        [
            PairRoundVillage(
                round=round,
                village=village,
                types=list(types.get(village.pk, ())),
                needs=rules.needs_of_items(needs.get(village.pk, ())),
                lower=VILLAGE_LOWER,
                upper=VILLAGE_UPPER,
            )
            for village in villages
        ],
        batch_size=500,
    )
    names = [one.short_name for one in villages]
    return _told(round, "villages_added", "villages", names, actor, joined=True)


def _refuse_elsewhere(round: PairRound, paths: Iterable[str]) -> tuple[Refusal, ...]:
    if all(path.startswith(round.county.path) for path in paths):
        return ()
    return (Refusal("pairing.other_county", "这个单位或村不在您的管辖范围内"),)


@transaction.atomic
def remove_units(round: PairRound, units: Sequence[PairRoundUnit], *, actor: Actor) -> int:
    """Out of the round with all that was said by and of them."""
    round = locked(round)
    refuse(
        (
            *refuse_staff(round, actor),
            *rules.refuse_to_change_parts(state=round.state, chosen=len(units)),
        )
    )
    PairFix.objects.filter(round=round, unit__in=[one.unit_id for one in units]).delete()
    PairRoundUnit.objects.filter(round=round, pk__in=[one.pk for one in units]).delete()
    names = [one.unit.name for one in units]
    return _told(round, "units_removed", "units", names, actor, joined=False)


@transaction.atomic
def remove_villages(round: PairRound, villages: Sequence[PairRoundVillage], *, actor: Actor) -> int:
    round = locked(round)
    refuse(
        (
            *refuse_staff(round, actor),
            *rules.refuse_to_change_parts(state=round.state, chosen=len(villages)),
        )
    )
    PairFix.objects.filter(round=round, village__in=[one.village_id for one in villages]).delete()
    PairRoundVillage.objects.filter(round=round, pk__in=[one.pk for one in villages]).delete()
    names = [one.village.short_name for one in villages]
    return _told(round, "villages_removed", "villages", names, actor, joined=False)


def _told(
    round: PairRound, event: str, what: str, names: list[str], actor: Actor, *, joined: bool
) -> int:
    """All that came or went stands in one entry; of very many the first, and how many there are."""
    said = names if len(names) <= NAMES_KEPT else [*names[:NAMES_KEPT], f"共 {len(names)} 个"]
    change = [None, said] if joined else [said, None]
    record(f"{rules.THING}.{event}", actor=actor, subject=round, changes={what: change})
    return len(names)


# --- what the county sets -----------------------------------------------------------------------


def reasons_against_matrix(round: PairRound, *, actor: Actor) -> tuple[Refusal, ...]:
    return (*refuse_staff(round, actor), *rules.refuse_after_collecting(round.state))


@transaction.atomic
def set_matrix(
    round: PairRound, rows: Sequence[tuple[str, str, int]], *, actor: Actor
) -> PairRound:
    """行业相关: how well each sector goes with each industry, as the county sees it."""
    round = locked(round)
    refuse(reasons_against_matrix(round, actor=actor))
    before = round.settings["matrix"]
    after = sorted([sector, industry, points] for sector, industry, points in rows)
    if before == after:
        return round
    round.settings = {**round.settings, "matrix": after}
    round.save(update_fields=["settings"])
    record(
        f"{rules.THING}.matrix_set", actor=actor, subject=round, changes={"matrix": [before, after]}
    )
    return round


@transaction.atomic
def fix_pair(
    round: PairRound, *, kind: str, unit_id: UUID, village_id: UUID, reason: str, actor: Actor
) -> PairFix:
    """指定 or 排除 a pair before the computation, with its reason."""
    round = locked(round)
    unit = PairRoundUnit.objects.select_related("unit").get(round=round, unit_id=unit_id)
    village = PairRoundVillage.objects.select_related("village").get(
        round=round, village_id=village_id
    )
    fixes = list(PairFix.objects.filter(round=round).order_by("pk"))
    pins = kind == rules.FixKind.PIN
    refused = queries.refusals_of_pair(round, unit_id, village_id) if pins else []
    refuse(
        (
            *refuse_staff(round, actor),
            *rules.refuse_fix(
                state=round.state,
                reason=reason,
                known=any((one.unit_id, one.village_id) == (unit_id, village_id) for one in fixes),
                refused=refused,
                full=_full(unit, village, fixes) if pins else "",
            ),
        )
    )
    fix = PairFix.objects.create(
        round=round,
        kind=kind,
        unit=unit.unit,
        village=village.village,
        reason=reason.strip(),
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    record(
        f"{rules.THING}.fixed",
        actor=actor,
        subject=fix,
        changes={"kind": [None, fix.get_kind_display()], "pair": [None, str(fix)]},
        reason=reason,
    )
    return fix


def _full(unit: PairRoundUnit, village: PairRoundVillage, fixes: Iterable[PairFix]) -> str:
    """Whose upper number the pins have reached already."""
    pins = [one for one in fixes if one.kind == rules.FixKind.PIN]
    if sum(one.unit_id == unit.unit_id for one in pins) >= unit.upper:
        return f"{unit.unit}最多 {unit.upper} 个村"
    if sum(one.village_id == village.village_id for one in pins) >= village.upper:
        return f"{village.village}最多 {village.upper} 个单位"
    return ""


@transaction.atomic
def unfix_pair(fix: PairFix, *, actor: Actor) -> None:
    round = locked(fix.round)
    refuse((*refuse_staff(round, actor), *rules.refuse_after_collecting(round.state)))
    record(
        f"{rules.THING}.unfixed",
        actor=actor,
        subject=fix,
        changes={"pair": [str(fix), None]},
        reason=fix.reason,
    )
    PairFix.objects.filter(pk=fix.pk).delete()


# --- step by step -------------------------------------------------------------------------------


@transaction.atomic
def reopen_round(round: PairRound, *, reason: str, actor: Actor) -> PairRound:
    """Back to the statements: somebody has something to add, or the leader wants another plan."""
    round = locked(round)
    refuse((*refuse_step(round, "reopen", actor=actor), *rules.refuse_without_reason(reason)))
    return move(
        round, "reopen", "reopened", actor=actor, reason=reason,
        chosen_plan=None, reopened_reason=reason.strip(),
    )  # fmt: skip


@transaction.atomic
def cancel_round(round: PairRound, *, reason: str, actor: Actor) -> PairRound:
    round = locked(round)
    refuse((*refuse_step(round, "cancel", actor=actor), *rules.refuse_without_reason(reason)))
    return move(
        round, "cancel", "cancelled", actor=actor, reason=reason, cancelled_reason=reason.strip()
    )


@transaction.atomic
def note_round_export(
    round: PairRound, *, form: str, rows: int, listed: Collection[Subject] = (), actor: Actor
) -> None:
    """An export leaves a trace: which workbook, how many rows, and who took it along."""
    refuse(of_own_county(round, actor))
    told = {"form": [None, form], "rows": [None, rows]}
    trace = Trace(f"{rules.THING}.exported", round, told, others=listed, is_reading=True)
    record_many([trace], actor=actor)
