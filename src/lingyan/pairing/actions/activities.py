"""How is an activity planned, entered, corrected, cancelled, checked and shown by photos?

One record for all pairs that it serves. The page that sends it makes its id, so that what is sent
twice stands once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import refuse_act
from lingyan.common.periods import quarter_of
from lingyan.common.photos import PhotoFacts, refuse_photo
from lingyan.common.refusals import Refusal, Refused, refuse
from lingyan.directory import queries as directory
from lingyan.directory.models import Place
from lingyan.directory.rules import PARTY_MEMBERS
from lingyan.pairing.actions.liveliness import renew_still_since, stir
from lingyan.pairing.models import (
    ActivityCheck,
    ActivityParticipant,
    ActivityPhoto,
    ActivitySample,
    ActivityVersion,
    PairActivity,
    Pairing,
)
from lingyan.pairing.queries import activities as queries
from lingyan.pairing.rules import activities as rules
from lingyan.pairing.rules.activity_words import (
    ActivityMode,
    ActivityState,
    CheckOutcome,
)
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.photos import files as photo_files
from lingyan.platform.photos.kept import put_away, take_away

LABELS = {
    "kind": "类别", "mode": "方式", "state": "状态", "day": "日期", "pairings": "结对",
    "minutes": "时长(分钟)", "place": "地点", "venue": "具体地点", "has_oath": "重温入党誓词",
    "goals": "共建目标", "villagers": "村里参加人数", "beneficiaries": "受益人数",
    "summary": "做了什么", "people": "单位参加的人",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of an activity; `people` maps each to how they took part."""

    kind: str
    mode: str
    day: date
    pairings: Sequence[UUID]
    place: UUID | None = None
    venue: str = ""
    minutes: int | None = None
    has_oath: bool = False
    goals: Sequence[str] = ()
    villagers: int = 0
    beneficiaries: int = 0
    summary: str = ""
    people: Mapping[UUID, str] = field(default_factory=dict)
    is_another: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The same as `values_of` an activity that says this."""
        return {
            "kind": self.kind,
            "mode": self.mode,
            "day": self.day.isoformat(),
            "pairings": sorted(map(str, self.pairings)),
            "place": str(self.place or ""),
            "venue": self.venue.strip(),
            "minutes": self.minutes,
            "has_oath": self.has_oath,
            "goals": sorted(self.goals),
            "villagers": self.villagers,
            "beneficiaries": self.beneficiaries,
            "summary": self.summary.strip(),
            "people": {str(key): str(how) for key, how in sorted(self.people.items(), key=str)},
        }


def values_of(activity: PairActivity) -> dict[str, Any]:
    """What an activity says, as it is kept when it is changed."""
    return {
        "kind": activity.kind,
        "mode": activity.mode,
        "day": activity.day.isoformat(),
        "pairings": sorted(str(one.pk) for one in activity.pairings.all()),
        "place": str(activity.place_id or ""),
        "venue": activity.venue,
        "minutes": activity.minutes,
        "has_oath": activity.has_oath,
        "goals": sorted(activity.goals),
        "villagers": activity.villagers,
        "beneficiaries": activity.beneficiaries,
        "summary": activity.summary,
        "people": {
            str(one.person_id): one.attendance
            for one in sorted(activity.participants.all(), key=lambda one: str(one.person_id))
        },
    }


def said_of(activity: PairActivity) -> Said:
    """The words of an activity, to be said again with a change."""
    return Said(
        kind=activity.kind,
        mode=activity.mode,
        day=activity.day,
        pairings=[one.pk for one in activity.pairings.all()],
        place=activity.place_id,
        venue=activity.venue,
        minutes=activity.minutes,
        has_oath=activity.has_oath,
        goals=activity.goals,
        villagers=activity.villagers,
        beneficiaries=activity.beneficiaries,
        summary=activity.summary,
        people={one.person_id: one.attendance for one in activity.participants.all()},
    )


NUMBER_TAKEN = Refusal(
    "pairing.activity.number_taken", "这次登记已经收到过，内容不一样，没有再存；请另登记一场"
)


def _refuse_step(state: str, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return refuse_act(rules.ACTIVITY_FLOW, state=state, act=act, role=actor.role, thing=rules.THING)


# --- entering -----------------------------------------------------------------------------------


def plan_activity(said: Said, *, actor: Actor, number: UUID | None = None) -> PairActivity:
    """Put it into the plan of the pairs that it will serve."""
    return _enter(said, ActivityState.PLANNED, "plan", actor=actor, number=number)


def enter_activity(said: Said, *, actor: Actor, number: UUID | None = None) -> PairActivity:
    """Write down one that was held."""
    return _enter(said, ActivityState.HELD, "enter", actor=actor, number=number)


@transaction.atomic
def _enter(
    said: Said, state: ActivityState, act: str, *, actor: Actor, number: UUID | None
) -> PairActivity:
    refuse(_refuse_step("", act, actor))
    pairs = held_fast(said.pairings)
    known = queries.find_activity(number) if number else None
    if known is not None:
        return _the_same(known, said, actor)
    people = queries.people_named(said.people)
    refuse(_reasons(said, state, pairs, people, actor=actor))
    activity = PairActivity(
        county=directory.county_of(pairs[0].village),
        state=state,
        side=rules.SIDE_OF_ROLE[actor.role],
        planned_on=said.day if state is ActivityState.PLANNED else None,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
        changed_at=clock.now(),
    )
    if number:
        activity.id = number
    _put(activity, said)
    come = _participants(activity, said, people)
    activity.members_there = _members_among(come)
    activity.save(force_insert=True)
    activity.pairings.add(*pairs)
    ActivityParticipant.objects.bulk_create(come)
    if state is ActivityState.HELD:
        stir(said.pairings, said.day)
    record(
        f"pairing.activity.{state.value}",
        actor=actor,
        subject=activity,
        changes={"kind": [None, said.kind], "day": [None, said.day.isoformat()]},
    )
    return activity


def held_fast(keys: Sequence[UUID]) -> list[Pairing]:
    """The pairs, locked one after another, so that two who enter the same see each other."""
    rows = Pairing.objects.select_for_update(of=("self",)).select_related("unit", "village")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _the_same(known: PairActivity, said: Said, actor: Actor) -> PairActivity:
    """Sent again it is the one that is there; another under its number is refused."""
    if known.made_by_id != actor.user_id or values_of(known) != said.values:
        raise Refused([NUMBER_TAKEN])
    return known


def _reasons(
    said: Said,
    state: ActivityState,
    pairs: Sequence[Pairing],
    people: Sequence[Any],
    *,
    actor: Actor,
    activity: PairActivity | None = None,
) -> tuple[Refusal, ...]:
    standing = {one.pk for one in activity.pairings.all()} if activity else set()
    own = queries.own_pairs(actor.scope, pairs) | standing
    before = {one.person_id for one in activity.participants.all()} if activity else set()
    same = queries.find_same(said.kind, said.day, pairs, besides=activity)
    stood = activity is not None and activity.kind == said.kind and activity.day == said.day
    facts = rules.ActivityFacts(
        today=clock.today(),
        state=state,
        mode=said.mode,
        day=said.day,
        pairs=[
            rules.PairOnDay(
                str(one), one.pk in own, one.since, one.until, str(one.unit_id), str(one.village_id)
            )
            for one in pairs
        ],
        people=[
            rules.NamedPerson(
                one.name, str(one.unit_id), said.people[one.pk], was_named_before=one.pk in before
            )
            for one in people
        ],
        minutes=said.minutes,
        villagers=said.villagers,
        beneficiaries=said.beneficiaries,
        has_place=said.place is not None,
        summary=said.summary,
        same_by=f"{same.made_by_name}" if same else "",
        is_another=said.is_another or stood,
    )
    unknown = len(people) < len(said.people) or len(pairs) < len(set(said.pairings))
    return (
        *rules.refuse_to_enter(facts),
        *([Refusal("pairing.activity.unknown", "所选的结对或人员已不在名册里，请刷新再选")]
          if unknown else ()),
        *queries.refuse_place(said.place, pairs),
    )  # fmt: skip


def _put(activity: PairActivity, said: Said) -> None:
    activity.kind, activity.mode, activity.day = said.kind, said.mode, said.day
    activity.place_id = None if said.mode == ActivityMode.ONLINE else said.place
    activity.venue, activity.minutes = said.venue.strip(), said.minutes
    activity.has_oath, activity.goals = said.has_oath, sorted(said.goals)
    activity.villagers, activity.beneficiaries = said.villagers, said.beneficiaries
    activity.summary = said.summary.strip()


def _put_people(activity: PairActivity, said: Said, people: Sequence[Any]) -> None:
    """Who was there, with unit and membership as they are now; those who stay keep theirs."""
    stay = {one.person_id: one for one in activity.participants.all()}
    gone = [one.pk for key, one in stay.items() if key not in said.people]
    activity.participants.filter(pk__in=gone).delete()
    changed = [one for key, one in stay.items() if key in said.people]
    for one in changed:
        one.attendance = said.people[one.person_id]
    ActivityParticipant.objects.bulk_update(changed, ["attendance"])
    come = _participants(activity, said, [one for one in people if one.pk not in stay])
    ActivityParticipant.objects.bulk_create(come)
    _count_members(activity, [*changed, *come])


def _participants(
    activity: PairActivity, said: Said, people: Iterable[Any]
) -> list[ActivityParticipant]:
    return [
        ActivityParticipant(
            activity=activity,
            person=one,
            unit_id=one.unit_id,
            attendance=said.people[one.pk],
            is_member=one.political_status in PARTY_MEMBERS,
        )
        for one in people
    ]


def _members_among(people: Iterable[ActivityParticipant]) -> int:
    """How many Party members were there, as the figure adds it up (X13)."""
    return sum(one.is_member_there for one in people)


def _count_members(activity: PairActivity, people: Iterable[ActivityParticipant]) -> None:
    there = _members_among(people)
    if there != activity.members_there:
        activity.members_there = there
        activity.save(update_fields=["members_there"])


# --- changing -----------------------------------------------------------------------------------


def _locked(activity: PairActivity) -> PairActivity:
    rows = PairActivity.objects.select_for_update(of=("self",)).select_related("place")
    return rows.prefetch_related("pairings", "participants").get(pk=activity.pk)


MOVED_ON = Refusal(
    "pairing.activity.moved_on", "您填写的时候，这场活动又改过，请重新打开再改"
)  # fmt: skip


@transaction.atomic
def hold_activity(
    activity: PairActivity, said: Said, *, version: int, actor: Actor
) -> PairActivity:
    """What was planned has been held: the day on which it was, and who came."""
    return _change(activity, said, "hold", ActivityState.HELD, version=version, actor=actor)


@transaction.atomic
def correct_activity(
    activity: PairActivity, said: Said, *, reason: str, version: int, actor: Actor
) -> PairActivity:
    """Say it right; what it said before is kept with the reason (R-0-18)."""
    state = ActivityState(activity.state)
    return _change(
        activity, said, "correct", state, version=version, actor=actor, reason=reason
    )  # fmt: skip


def _change(
    activity: PairActivity,
    said: Said,
    act: str,
    state: ActivityState,
    *,
    version: int,
    actor: Actor,
    reason: str = "",
) -> PairActivity:
    pairs = held_fast([*said.pairings, *(one.pk for one in activity.pairings.all())])
    activity = _locked(activity)
    refuse(_refuse_step(activity.state, act, actor))
    refuse(_refuse_hand(activity, actor))
    if activity.version != version:
        raise Refused([MOVED_ON])
    said = _with_others(said, activity, actor)
    chosen = [one for one in pairs if one.pk in set(said.pairings)]
    people = queries.people_named(said.people)
    counted = activity.state == ActivityState.HELD
    refuse(
        (
            *(rules.refuse_reason(reason) if counted else ()),
            *_reasons(said, state, chosen, people, actor=actor, activity=activity),
        )
    )
    before = values_of(activity)
    changed = [name for name, value in said.values.items() if before[name] != value]
    if not changed and state == activity.state:
        return activity
    _keep(activity, before, reason, actor)
    _put(activity, said)
    old, activity.state = activity.state, state
    if counted:
        activity.check_outcome = ""  # what was sent back is looked at again
    activity.save()
    activity.pairings.set(chosen)
    _put_people(activity, said, people)
    if state is ActivityState.HELD:
        renew_still_since([one.pk for one in pairs])
    record(
        f"pairing.activity.{'held' if act == 'hold' else 'corrected'}",
        actor=actor,
        subject=activity,
        changes={
            "state": [old, activity.state],
            "changed_fields": [None, "、".join(LABELS[name] for name in changed)],
        },
        reason=reason.strip(),
    )
    return activity


def _with_others(said: Said, activity: PairActivity, actor: Actor) -> Said:
    """What other units and villages have in it stays theirs; whose pair leaves, leaves with it."""
    standing = list(activity.pairings.all())
    own = queries.own_pairs(actor.scope, standing)
    keys = [*said.pairings, *(one.pk for one in standing if one.pk not in own)]
    stays = {one.unit_id for one in standing if one.pk in keys}
    gone = {one.unit_id for one in standing} - stays
    named = queries.people_of_others(activity, own, standing)
    left = {one.person_id for one in activity.participants.all() if one.unit_id in gone}
    people = {key: how for key, how in {**said.people, **named}.items() if key not in left}
    return replace(said, pairings=list(dict.fromkeys(keys)), people=people)


def admit_pair(activity: PairActivity, pairing: Pairing, *, actor: Actor) -> None:
    """A pair that was asked has confirmed: it stands on the one record from now on."""
    activity = _locked(activity)
    _keep(activity, values_of(activity), f"{pairing}认领", actor)
    activity.save(update_fields=["version", "changed_at"])
    activity.pairings.add(pairing)
    renew_still_since([pairing.pk])


def _refuse_hand(activity: PairActivity, actor: Actor) -> tuple[Refusal, ...]:
    """Either side of a pair may set right what the other wrote; others may not."""
    if queries.own_pairs(actor.scope, list(activity.pairings.all())):
        return ()
    return (Refusal("pairing.activity.other_pair", "所选的结对不是您单位（村）的，请重新选"),)


def _keep(activity: PairActivity, before: dict[str, Any], reason: str, actor: Actor) -> None:
    ActivityVersion.objects.create(
        activity=activity, number=activity.version, values={"state": activity.state, **before},
        reason=reason.strip(), replaced_at=clock.now(), replaced_by=actor.name,
    )  # fmt: skip
    activity.version += 1
    activity.changed_at = clock.now()


@transaction.atomic
def cancel_activity(activity: PairActivity, *, reason: str, actor: Actor) -> PairActivity:
    """It does not count (any more), but stays readable with its reason (R-0-18)."""
    activity = _locked(activity)
    refuse(_refuse_step(activity.state, "cancel", actor))
    standing = list(activity.pairings.all())
    others = len(standing) - len(queries.own_pairs(actor.scope, standing))
    hand = _refuse_hand(activity, actor)
    refuse((*hand, *rules.refuse_to_cancel(others=others), *rules.refuse_reason(reason)))
    before = activity.state
    _keep(activity, values_of(activity), reason, actor)
    activity.state, activity.cancel_reason = ActivityState.CANCELLED, reason.strip()
    activity.save()
    renew_still_since([one.pk for one in activity.pairings.all()])
    record(
        "pairing.activity.cancelled",
        actor=actor,
        subject=activity,
        changes={"state": [before, activity.state]},
        reason=activity.cancel_reason,
    )
    return activity


# --- photos -------------------------------------------------------------------------------------


def add_photo(activity: PairActivity, *, number: UUID, data: bytes, actor: Actor) -> ActivityPhoto:
    """Open and make it small before the transaction: that takes time which nobody should wait."""
    return _keep_photo(activity, number, photo_files.opened(data), actor)


@transaction.atomic
def _keep_photo(
    activity: PairActivity, number: UUID, opened: photo_files.Opened, actor: Actor
) -> ActivityPhoto:
    activity = _locked(activity)
    refuse(_refuse_hand(activity, actor))
    known = activity.photos.filter(digest=opened.digest).first()
    if known is not None:
        return known
    facts = PhotoFacts(len(opened.picture), photos=activity.photos.count())
    refuse(refuse_photo(facts, most=rules.PHOTOS_MAX))
    refuse(_refuse_cancelled(activity))
    photo = ActivityPhoto.objects.create(activity=activity, **put_away(number, opened))
    record(
        "pairing.activity.photo_added",
        actor=actor,
        subject=activity,
        changes={"digest": [None, opened.digest]},
    )
    return photo


def _refuse_cancelled(activity: PairActivity) -> tuple[Refusal, ...]:
    if activity.state == ActivityState.CANCELLED:
        return (Refusal("pairing.activity.cancelled", "这场活动已经取消"),)
    return ()


@transaction.atomic
def remove_photo(photo: ActivityPhoto, *, actor: Actor) -> None:
    """A photo that shows what it should not: the picture goes, the trail keeps its digest."""
    activity = _locked(photo.activity)
    refuse(_refuse_hand(activity, actor))
    record(
        "pairing.activity.photo_removed",
        actor=actor,
        subject=activity,
        changes={"digest": [photo.digest, None]},
    )
    take_away(photo)


# --- looking into some of them ------------------------------------------------------------------


@transaction.atomic
def draw_sample(town: Place, *, day: date, actor: Actor) -> ActivitySample:
    """A tenth of what was held in a quarter, by a seed that is kept: the draw can be repeated."""
    town = Place.objects.select_for_update(of=("self",)).get(pk=town.pk)
    quarter = quarter_of(day)
    keys = [str(key) for key in queries.held_in_town(town, quarter)]
    refuse(
        rules.refuse_to_draw(
            may=actor.role in rules.CHECKERS, is_over=quarter.until <= clock.today(),
            count=len(keys), is_drawn=queries.is_drawn(town, quarter.since),
        )
    )  # fmt: skip
    seed = token_hex(16)
    sample = ActivitySample.objects.create(
        place=town, since=quarter.since, seed=seed, count=len(keys),
        drawn_by_name=actor.name, drawn_at=clock.now(),
    )  # fmt: skip
    sample.activities.set(PairActivity.objects.filter(pk__in=drawn(keys, seed)))
    record(
        "pairing.sample.drawn",
        actor=actor,
        subject=sample,
        changes={"seed": [None, seed], "rows": [None, rules.sample_size(len(keys))]},
    )
    return sample


def drawn(keys: Sequence[str], seed: str) -> list[str]:
    """The first tenth in the order that the seed gives them."""
    order = sorted(keys, key=lambda key: sha256(f"{seed}{key}".encode()).hexdigest())
    return order[: rules.sample_size(len(keys))]


@transaction.atomic
def check_activity(
    activity: PairActivity, *, outcome: str, text: str, actor: Actor
) -> ActivityCheck:  # fmt: skip
    """Somebody of town or county has looked into it: true, or sent back with words."""
    activity = _locked(activity)
    refuse(_refuse_step(activity.state, "check", actor))
    refuse(
        rules.refuse_to_check(
            returned=outcome == CheckOutcome.RETURNED, text=text,
            is_maker=activity.made_by_id == actor.user_id,
        )
    )  # fmt: skip
    check = ActivityCheck.objects.create(
        activity=activity, outcome=outcome, text=text.strip(),
        made_by_id=actor.user_id, made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    before, activity.check_outcome = activity.check_outcome, outcome
    activity.save(update_fields=["check_outcome"])
    record(
        "pairing.activity.checked",
        actor=actor,
        subject=activity,
        changes={"check_outcome": [before, outcome]},
        reason=text.strip(),
    )
    return check
