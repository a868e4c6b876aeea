"""How is a deed or a meeting set right, with what it said before kept beside it (R-0-18)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import refuse
from lingyan.pairing.actions.activities import held_fast
from lingyan.pairing.actions.liveliness import renew_still_since
from lingyan.pairing.actions.year import is_twice, refuse_role, refuse_to_write
from lingyan.pairing.models import (
    DeedVersion,
    MeetingVersion,
    PairDeed,
    Pairing,
    PairMeeting,
)
from lingyan.pairing.queries import activities as queries
from lingyan.pairing.rules import year as rules
from lingyan.pairing.rules.activities import SIDE_OF_ROLE
from lingyan.pairing.rules.activity_words import DeedState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

Thing = TypeVar("Thing", PairDeed, PairMeeting)
LABELS = {
    "title": "办了什么实事", "text": "怎样办的", "done_on": "办成日期",
    "beneficiaries": "受益人数", "confirmed_by": "确认的群众",
    "kind": "类别", "day": "日期", "mode": "方式", "with_whom": "双方参加的人",
    "topics": "议了什么、看了什么", "agreed": "议定的事", "pairings": "结对",
}  # fmt: skip
OF_DEED = ("title", "text", "done_on", "beneficiaries")
OF_MEETING = ("kind", "day", "mode", "with_whom", "topics", "agreed")


@dataclass(frozen=True, slots=True)
class Why:
    """Who corrects, why, and which version they have read."""

    reason: str
    version: int
    actor: Actor


@transaction.atomic
def correct_deed(
    deed: PairDeed, keys: Sequence[UUID], *, reason: str, version: int, actor: Actor, **said: Any
) -> PairDeed:
    """Those whom it served have confirmed the old words: of the new ones they are asked again."""
    pairs = held_fast([*keys, *_standing(deed)])
    deed = _locked(deed)
    texts = {"办了什么实事": said["title"], "怎样办的": said["text"]}
    why = Why(reason, version, actor)
    chosen = _refuse(deed, keys, pairs, why, day=said["done_on"], texts=texts)
    before = {**_values(deed, OF_DEED), "confirmed_by": _confirmed_by(deed)}
    changed = _say(deed, OF_DEED, chosen, said, before)
    if not changed:
        return deed
    _keep(DeedVersion, {"deed": deed}, before, why)
    if deed.state == DeedState.CONFIRMED:
        deed.confirmations.all().delete()  # their names stand in the old version
        deed.state, deed.confirmed_on = DeedState.WAITING, None
    return _saved(deed, pairs, changed, why)


@transaction.atomic
def correct_meeting(
    meeting: PairMeeting, keys: Sequence[UUID], *, reason: str, version: int, actor: Actor,
    **said: Any,
) -> PairMeeting:  # fmt: skip
    pairs = held_fast([*keys, *_standing(meeting)])
    meeting = _locked(meeting)
    texts = {"双方参加的人": said["with_whom"], "议了什么、看了什么": said["topics"]}
    why = Why(reason, version, actor)
    chosen = _refuse(meeting, keys, pairs, why, day=said["day"], texts=texts)
    twice = is_twice(chosen, said["kind"], said["day"], besides=meeting)
    refuse(rules.refuse_same_meeting(is_twice=twice, kind=said["kind"], mode=said["mode"]))
    before = _values(meeting, OF_MEETING)
    changed = _say(meeting, OF_MEETING, chosen, said, before)
    if not changed:
        return meeting
    _keep(MeetingVersion, {"meeting": meeting}, before, why)
    return _saved(meeting, pairs, changed, why)


def _locked(thing: Thing) -> Thing:
    rows = type(thing)._default_manager.select_for_update(of=("self",))
    return rows.get(pk=thing.pk)


def _standing(thing: PairDeed | PairMeeting) -> list[UUID]:
    return list(thing.pairings.order_by("pk").values_list("pk", flat=True))


def _refuse(
    thing: PairDeed | PairMeeting, keys: Sequence[UUID], pairs: Sequence[Pairing], why: Why, *,
    day: date, texts: Mapping[str, str],
) -> list[Pairing]:  # fmt: skip
    """The pairs that it will name, once nothing speaks against it."""
    refuse_role(why.actor)
    standing = [one for one in pairs if one.pk in set(_standing(thing))]
    own = queries.own_pairs(why.actor.scope, standing)
    refuse(
        rules.refuse_to_correct(
            reason=why.reason, withdrawn=thing.withdrawn,
            is_same_version=thing.version == why.version,
            is_own=bool(own) and SIDE_OF_ROLE.get(why.actor.role) == thing.side,
        )
    )  # fmt: skip
    named = [one for one in pairs if one.pk in set(keys)]
    refuse_to_write(named, day, texts, actor=why.actor)
    return [*named, *(one for one in standing if one.pk not in own and one not in named)]


def _values(thing: PairDeed | PairMeeting, names: Sequence[str]) -> dict[str, Any]:
    said = {name: getattr(thing, name) for name in names}
    days = {name: value.isoformat() for name, value in said.items() if isinstance(value, date)}
    return {**said, **days, "pairings": sorted(map(str, _standing(thing)))}


def _confirmed_by(deed: PairDeed) -> list[str]:
    return list(deed.confirmations.order_by("pk").values_list("name", flat=True))


def _say(
    thing: PairDeed | PairMeeting, names: Sequence[str], chosen: Sequence[Pairing],
    said: Mapping[str, Any], before: Mapping[str, Any],
) -> list[str]:  # fmt: skip
    """Put the new words in; answers which of them are new."""
    for name in names:
        value = said[name]
        setattr(thing, name, value.strip() if isinstance(value, str) else value)
    thing.pairings.set(chosen)
    now = _values(thing, names)
    return [name for name, value in now.items() if before[name] != value]


def _keep(
    kind: type[DeedVersion | MeetingVersion], of: dict[str, Any], before: Mapping[str, Any],
    why: Why,
) -> None:  # fmt: skip
    [thing] = of.values()
    kind._default_manager.create(
        **of, number=thing.version, values=dict(before), reason=why.reason.strip(),
        replaced_at=clock.now(), replaced_by=why.actor.name,
    )  # fmt: skip
    thing.version += 1


def _saved(thing: Thing, pairs: Sequence[Pairing], changed: Sequence[str], why: Why) -> Thing:
    thing.save()
    renew_still_since([one.pk for one in pairs])
    event = "deed" if isinstance(thing, PairDeed) else "meeting"
    words = "、".join(LABELS[name] for name in changed)
    record(f"pairing.{event}.corrected", actor=why.actor, subject=thing,
           changes={"changed_fields": [None, words]}, reason=why.reason.strip())  # fmt: skip
    return thing
