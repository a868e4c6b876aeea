"""How does a unit or a village state what it has or needs, and whom it would like?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.pairing.actions.rounds import locked
from lingyan.pairing.models import PairAnswer, PairRound, PairRoundUnit, PairRoundVillage
from lingyan.pairing.rules import Answer
from lingyan.pairing.rules import rounds as rules
from lingyan.pairing.rules.rounds import Side, Statement
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

Joined = PairRoundUnit | PairRoundVillage


@dataclass(frozen=True, slots=True)
class Said:
    """One answer with its reason; OBEY takes back what was said before."""

    answer: str
    reason: str = ""


def refuse_writing(joined: Joined, *, actor: Actor) -> tuple[Refusal, ...]:
    """May this person state for this side now?"""
    of_unit = isinstance(joined, PairRoundUnit)
    roles = rules.UNIT_WRITERS if of_unit else rules.VILLAGE_WRITERS
    if actor.role not in roles:
        return (Refusal(f"{rules.THING}.wrong_role", "您的角色不能填报结对情况和意愿"),)
    if not type(joined).objects.visible_to(actor.scope).filter(pk=joined.pk).exists():
        return (Refusal("pairing.other_county", "这个单位或村不在您的管辖范围内"),)
    return rules.refuse_after_collecting(joined.round.state)


# --- what each side has or needs ----------------------------------------------------------------


@transaction.atomic
def state_unit(
    joined: PairRoundUnit, said: Statement, *, town: Place | None = None, remark: str = "",
    actor: Actor,
) -> PairRoundUnit:  # fmt: skip
    """What the unit can give, and how many villages it takes."""
    joined.round = locked(joined.round)
    refuse((*refuse_writing(joined, actor=actor), *_refuse(joined, said)))
    changed = {
        "town": town,
        "sectors": list(said.words),
        "resources": _levels(said),
        "lower": said.lower,
        "upper": said.upper,
        "remark": remark.strip(),
    }
    _keep(joined, changed, actor=actor, event="unit_statement")
    return joined


@transaction.atomic
def state_village(
    joined: PairRoundVillage, said: Statement, *, remark: str = "", actor: Actor
) -> PairRoundVillage:
    """What the village needs, and how many units it takes."""
    joined.round = locked(joined.round)
    refuse((*refuse_writing(joined, actor=actor), *_refuse(joined, said)))
    changed = {
        "industries": list(said.words),
        "needs": _levels(said),
        "lower": said.lower,
        "upper": said.upper,
        "remark": remark.strip(),
    }
    _keep(joined, changed, actor=actor, event="village_statement")
    return joined


def reasons_against_stating(
    joined: Joined, said: Statement, *, actor: Actor
) -> tuple[Refusal, ...]:
    """Why this cannot be stated, for a sheet that is only looked at."""
    return (*refuse_writing(joined, actor=actor), *_refuse(joined, said))


def reasons_against_answers(joined: Joined, said: Mapping[UUID, Said]) -> tuple[Refusal, ...]:
    side = Side.UNIT if isinstance(joined, PairRoundUnit) else Side.VILLAGE
    return _refuse_answers(said, _others(joined.round, side, said))


def _refuse_answers(said: Mapping[UUID, Said], others: Mapping[UUID, str]) -> tuple[Refusal, ...]:
    return tuple(
        reason
        for key, one in said.items()
        if key in others
        for reason in rules.refuse_answer(
            answer=one.answer, reason=one.reason, name=others[key]
        )
    )  # fmt: skip


def _refuse(joined: Joined, said: Statement) -> tuple[Refusal, ...]:
    side = Side.UNIT if isinstance(joined, PairRoundUnit) else Side.VILLAGE
    return rules.refuse_statement(said, most=rules.statement_most(side))


def _levels(said: Statement) -> dict[str, int]:
    return {name: level for name, level in said.levels.items() if level}


def _keep(joined: Joined, changed: Mapping[str, Any], *, actor: Actor, event: str) -> None:
    changes = {
        name: [_shown(getattr(joined, name)), _shown(value)]
        for name, value in changed.items()
        if getattr(joined, name) != value
    }
    for name, value in changed.items():
        setattr(joined, name, value)
    joined.stated_at, joined.stated_by_name = clock.now(), actor.name
    joined.save(update_fields=[*changed, "stated_at", "stated_by_name"])
    record(f"pairing.{event}.saved", actor=actor, subject=joined, changes=changes)


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, Place) else value


# --- whom each side would like ------------------------------------------------------------------


@transaction.atomic
def save_answers(joined: Joined, said: Mapping[UUID, Said], *, actor: Actor) -> int:
    """Answers to others of the round, by the other's place in it; answers how many changed.

    Only what is given changes: the rest of what was said before stands.
    """
    joined.round = locked(joined.round)
    side = Side.UNIT if isinstance(joined, PairRoundUnit) else Side.VILLAGE
    others = _others(joined.round, side, said)
    refuse(
        (
            *refuse_writing(joined, actor=actor),
            *_refuse_answers(said, others),
            *_refuse_strangers(said, others),
        )
    )
    mine, other = _columns(side)
    stored = {
        getattr(one, other): one
        for one in PairAnswer.objects.filter(**{mine: joined.pk}, side=side).order_by("pk")
    }
    changes: dict[str, list[str | None]] = {}
    for key, one in said.items():
        before, after = stored.get(key), _answer(one)
        was = (before.answer, before.reason) if before else None
        if was == after:
            continue
        changes[others[key]] = [_words(was), _words(after)]
        if after is None:
            PairAnswer.objects.filter(**{mine: joined.pk, other: key}, side=side).delete()
        else:
            PairAnswer.objects.update_or_create(
                defaults={"answer": after[0], "reason": after[1]},
                **{mine: joined.pk, other: key, "side": side},  # type: ignore[arg-type]  # two keys and a word
            )
    if changes:
        record("pairing.answers.saved", actor=actor, subject=joined, changes={"answers": changes})
    return len(changes)


def _answer(said: Said) -> tuple[str, str] | None:
    """Obeying is what counts when nothing is said."""
    if said.answer in ("", Answer.OBEY):
        return None
    return said.answer, said.reason.strip()[: rules.REASON_MAX]


def _words(said: tuple[str, str] | None) -> str | None:
    if said is None:
        return None
    label = Answer(said[0]).label
    return f"{label}：{said[1]}" if said[1] else label


def _columns(side: str) -> tuple[str, str]:
    mine_is_unit = side == Side.UNIT
    return (
        ("round_unit_id", "round_village_id")
        if mine_is_unit
        else ("round_village_id", "round_unit_id")
    )


def _others(round: PairRound, side: str, said: Mapping[UUID, Said]) -> dict[UUID, str]:
    """The names of those who were answered, as far as they are in the round."""
    if side == Side.UNIT:
        villages = PairRoundVillage.objects.filter(round=round, pk__in=said)
        return dict(villages.values_list("pk", "village__short_name"))
    units = PairRoundUnit.objects.filter(round=round, pk__in=said)
    return dict(units.values_list("pk", "unit__name"))


def _refuse_strangers(said: Mapping[UUID, Said], others: Mapping[UUID, str]) -> tuple[Refusal, ...]:
    if set(said) <= set(others):
        return ()
    return (Refusal("pairing.not_in_round", "对方不在本批次里，请刷新后再填"),)


__all__ = [
    "Said",
    "reasons_against_answers",
    "reasons_against_stating",
    "refuse_writing",
    "save_answers",
    "state_unit",
    "state_village",
]
