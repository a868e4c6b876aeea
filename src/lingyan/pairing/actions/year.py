"""How do deeds, youth, paths, meetings, visits and projects of pairs come into the records?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import models, transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory import queries as directory
from lingyan.pairing.actions.activities import held_fast
from lingyan.pairing.actions.liveliness import renew_still_since, stir
from lingyan.pairing.models import (
    DeedConfirmation,
    PairDeed,
    Pairing,
    PairMeeting,
    PairPath,
    PairProject,
    PairYearPlan,
    PairYouth,
    ProjectMilestone,
)
from lingyan.pairing.queries import activities as queries
from lingyan.pairing.rules import year as rules
from lingyan.pairing.rules.activities import SIDE_OF_ROLE
from lingyan.pairing.rules.activity_words import (
    ActivityMode,
    DeedState,
    PathState,
    ProjectState,
)
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

Shared = TypeVar("Shared", PairDeed, PairMeeting, PairProject)
Thing = TypeVar("Thing", bound=models.Model)


def refuse_role(actor: Actor) -> None:
    if actor.role not in rules.WRITERS:
        refuse((Refusal("pairing.year.wrong_role", "由结对的单位和村登记"),))


def refuse_to_write(
    pairs: Sequence[Pairing], day: date, texts: Mapping[str, str], *, actor: Actor
) -> None:
    own = queries.own_pairs(actor.scope, pairs)
    found = [(str(one), one.pk in own, one.since, one.until) for one in pairs]
    facts = rules.WrittenFacts(today=clock.today(), day=day, pairs=found, texts=texts)
    refuse(rules.refuse_to_write(facts))


def _made(actor: Actor) -> dict[str, Any]:
    return {
        "side": SIDE_OF_ROLE[actor.role],
        "made_by_id": actor.user_id,
        "made_by_name": actor.name,
        "made_at": clock.now(),
    }


def _share(
    kind: type[Shared], pairs: Sequence[Pairing], said: dict[str, Any], actor: Actor
) -> Shared:
    """A new record of several pairs that are held, in the county in which they lie."""
    made = kind.objects.create(county=directory.county_of(pairs[0].village), **said, **_made(actor))
    made.pairings.add(*pairs)
    return made


def _known(kind: type[Shared], number: UUID | None, actor: Actor) -> Shared | None:
    """What this page has sent before; the number of somebody else is refused."""
    known = kind.objects.filter(pk=number).first() if number else None
    if known is not None and known.made_by_id != actor.user_id:
        refuse((Refusal("pairing.year.number_taken", "这次登记的编号已被使用，请重新打开再填"),))
    return known


def _locked(thing: Thing) -> Thing:
    rows = type(thing)._default_manager.select_for_update(of=("self",))
    return rows.get(pk=thing.pk)


def _keys_of(thing: PairDeed | PairMeeting | PairProject) -> list[UUID]:
    return [one.pk for one in thing.pairings.all()]


def _is_own(thing: PairDeed | PairMeeting | PairProject, actor: Actor) -> bool:
    return bool(queries.own_pairs(actor.scope, list(thing.pairings.all())))


def _trace(
    event: str, subject: Any, actor: Actor, changes: dict[str, list[Any]], reason: str = ""
) -> None:
    record(f"pairing.{event}", actor=actor, subject=subject, changes=changes, reason=reason)


# --- deeds --------------------------------------------------------------------------------------


@transaction.atomic
def record_deed(
    keys: Sequence[UUID],
    *,
    title: str,
    text: str,
    done_on: date,
    beneficiaries: int = 0,
    number: UUID | None = None,
    actor: Actor,
) -> PairDeed:
    """Something that was done for people of the village; it counts once they have confirmed it."""
    refuse_role(actor)
    pairs = held_fast(keys)
    if known := _known(PairDeed, number, actor):
        return known
    texts = {"办了什么实事": title, "怎样办的": text}
    refuse_to_write(pairs, done_on, texts, actor=actor)
    said = {
        "id": number or uuid4(), "title": title.strip(), "text": text.strip(),
        "done_on": done_on, "beneficiaries": beneficiaries,
    }  # fmt: skip
    deed = _share(PairDeed, pairs, said, actor)
    _trace("deed.recorded", deed, actor, {"title": [None, deed.title]})
    return deed


@transaction.atomic
def confirm_deed(
    deed: PairDeed, *, names: Sequence[str], means: str, confirmed_on: date, actor: Actor
) -> PairDeed:
    """The village writes down who of those served says that it was done (F3)."""
    deed = _locked(deed)
    facts = rules.ConfirmFacts(
        role=actor.role, state=deed.state, today=clock.today(), done_on=deed.done_on,
        names=tuple(name.strip() for name in names if name.strip()), confirmed_on=confirmed_on,
    )  # fmt: skip
    refuse((*rules.refuse_to_confirm_deed(facts), *_refuse_hand(_is_own(deed, actor))))
    DeedConfirmation.objects.bulk_create(
        DeedConfirmation(
            deed=deed, name=name, means=means, made_by_id=actor.user_id,
            made_by_name=actor.name, made_at=clock.now(),
        )
        for name in facts.names
    )  # fmt: skip
    before, deed.state = deed.state, DeedState.CONFIRMED
    deed.confirmed_on = confirmed_on
    deed.save(update_fields=["state", "confirmed_on"])
    stir(_keys_of(deed), deed.done_on)
    _trace(
        "deed.confirmed", deed, actor,
        {"state": [before, deed.state], "people": [None, len(facts.names)]},
    )  # fmt: skip
    return deed


def _refuse_hand(is_own: bool) -> tuple[Refusal, ...]:
    if is_own:
        return ()
    return (Refusal("pairing.year.other_pair", "所选的结对不是您单位（村）的，请重新选"),)


@transaction.atomic
def withdraw_deed(deed: PairDeed, *, reason: str, actor: Actor) -> PairDeed:
    deed = _locked(deed)
    _take_back(deed, reason, is_own=_is_own(deed, actor), event="deed", actor=actor)
    deed.state = DeedState.WITHDRAWN
    deed.save(update_fields=["state", "withdrawn"])
    renew_still_since(_keys_of(deed))
    return deed


def _take_back(thing: Any, reason: str, *, is_own: bool, event: str, actor: Actor) -> None:
    """By the side that wrote it, with a reason; whoever saves it says so."""
    own = is_own and SIDE_OF_ROLE.get(actor.role) == thing.side
    refuse(rules.refuse_to_withdraw(reason=reason, withdrawn=thing.withdrawn, is_own=own))
    thing.withdrawn = reason.strip()[: rules.REASON_MAX]
    _trace(
        f"{event}.withdrawn", thing, actor, {"withdrawn": ["", thing.withdrawn]},
        reason=thing.withdrawn,
    )  # fmt: skip


# --- youth --------------------------------------------------------------------------------------


@transaction.atomic
def name_youth(
    pairing: Pairing,
    youth: Sequence[rules.Youth],
    *,
    trained_on: date,
    content: str,
    mentor: str = "",
    actor: Actor,
) -> list[PairYouth]:
    """Young people of the village whom the unit trains, each by name (F4)."""
    refuse_role(actor)
    [pairing] = held_fast([pairing.pk])
    refuse_to_write([pairing], trained_on, {"怎样培育": content}, actor=actor)
    known = PairYouth.objects.filter(
        pairing=pairing, withdrawn="", trained_on__year=trained_on.year
    )
    named = frozenset(known.values_list("name", "birth_on"))
    refuse(rules.refuse_to_name_youth(youth, trained_on=trained_on, named=named))
    found = [
        PairYouth.objects.create(
            pairing=pairing, name=one.name, birth_on=one.birth_on, trained_on=trained_on,
            content=content.strip(), mentor=mentor.strip(), **_made(actor),
        )
        for one in youth
    ]  # fmt: skip
    stir([pairing.pk], trained_on)
    for one in found:
        _trace("youth.named", one, actor, {"trained_on": [None, str(trained_on)]})
    return found


@transaction.atomic
def withdraw_youth(youth: PairYouth, *, reason: str, actor: Actor) -> PairYouth:
    youth = _locked(youth)
    own = bool(queries.own_pairs(actor.scope, [youth.pairing]))
    _take_back(youth, reason, is_own=own, event="youth", actor=actor)
    youth.save(update_fields=["withdrawn"])
    renew_still_since([youth.pairing_id])
    return youth


# --- the path -----------------------------------------------------------------------------------


@transaction.atomic
def draft_path(
    pairing: Pairing, *, title: str, text: str, drafted_on: date, actor: Actor
) -> PairPath:  # fmt: skip
    """A way of development that both sides have thought out; the village decides on it (F5)."""
    refuse_role(actor)
    [pairing] = held_fast([pairing.pk])
    refuse_to_write([pairing], drafted_on, {"题目": title, "主要内容": text}, actor=actor)
    path = PairPath.objects.create(
        pairing=pairing, title=title.strip(), text=text.strip(), drafted_on=drafted_on,
        **_made(actor),
    )  # fmt: skip
    _trace("path.drafted", path, actor, {"title": [None, path.title]})
    return path


@transaction.atomic
def approve_path(path: PairPath, *, approved_on: date, meeting: str, actor: Actor) -> PairPath:
    path = _locked(path)
    refuse(
        (
            *rules.refuse_to_approve_path(
                role=actor.role, state=path.state, drafted_on=path.drafted_on,
                approved_on=approved_on, meeting=meeting, today=clock.today(),
            ),
            *_refuse_hand(bool(queries.own_pairs(actor.scope, [path.pairing]))),
        )
    )  # fmt: skip
    before, path.state = path.state, PathState.APPROVED
    path.approved_on, path.meeting = approved_on, meeting.strip()
    path.save(update_fields=["state", "approved_on", "meeting"])
    stir([path.pairing_id], approved_on)
    _trace("path.approved", path, actor, {"state": [before, path.state]})
    return path


@transaction.atomic
def withdraw_path(path: PairPath, *, reason: str, actor: Actor) -> PairPath:
    path = _locked(path)
    own = bool(queries.own_pairs(actor.scope, [path.pairing]))
    _take_back(path, reason, is_own=own, event="path", actor=actor)
    path.state = PathState.WITHDRAWN
    path.save(update_fields=["state", "withdrawn"])
    renew_still_since([path.pairing_id])
    return path


# --- meetings and visits --------------------------------------------------------------------------


@transaction.atomic
def record_meeting(
    keys: Sequence[UUID],
    *,
    kind: str,
    day: date,
    with_whom: str,
    topics: str,
    agreed: str = "",
    mode: str = ActivityMode.OFFLINE.value,
    number: UUID | None = None,
    actor: Actor,
) -> PairMeeting:
    """A joint meeting, or a visit of one side to the other (3.4)."""
    refuse_role(actor)
    pairs = held_fast(keys)
    if known := _known(PairMeeting, number, actor):
        return known
    texts = {"双方参加的人": with_whom, "议了什么、看了什么": topics}
    refuse_to_write(pairs, day, texts, actor=actor)
    refuse(rules.refuse_same_meeting(is_twice=is_twice(pairs, kind, day), kind=kind, mode=mode))
    said = {
        "id": number or uuid4(), "kind": kind, "mode": mode, "day": day,
        "with_whom": with_whom.strip(), "topics": topics.strip(), "agreed": agreed.strip(),
    }  # fmt: skip
    meeting = _share(PairMeeting, pairs, said, actor)
    stir(keys, day)
    _trace("meeting.recorded", meeting, actor, {"kind": [None, kind], "day": [None, str(day)]})
    return meeting


def is_twice(
    pairs: Sequence[Pairing], kind: str, day: date, *, besides: PairMeeting | None = None
) -> bool:
    same = PairMeeting.objects.filter(kind=kind, day=day, withdrawn="", pairings__in=pairs)
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    return same.exists()


@transaction.atomic
def withdraw_meeting(meeting: PairMeeting, *, reason: str, actor: Actor) -> PairMeeting:
    meeting = _locked(meeting)
    _take_back(meeting, reason, is_own=_is_own(meeting, actor), event="meeting", actor=actor)
    meeting.save(update_fields=["withdrawn"])
    renew_still_since(_keys_of(meeting))
    return meeting


# --- projects -----------------------------------------------------------------------------------


@transaction.atomic
def open_project(
    keys: Sequence[UUID],
    *,
    name: str,
    owner: str,
    since: date,
    due_on: date,
    text: str = "",
    milestones: Sequence[tuple[str, date]] = (),
    number: UUID | None = None,
    actor: Actor,
) -> PairProject:
    """What the two sides carry out together, step by step (项目化推进)."""
    refuse_role(actor)
    pairs = held_fast(keys)
    if known := _known(PairProject, number, actor):
        return known
    refuse_to_write(pairs, since, {"项目": name, "负责人": owner}, actor=actor)
    refuse(
        (
            *rules.refuse_project_days(since=since, due_on=due_on),
            *(
                one
                for label, day in milestones
                for one in rules.refuse_milestone(name=label, due_on=day, since=since)
            ),
        )
    )
    said = {
        "id": number or uuid4(), "name": name.strip(), "owner": owner.strip(), "since": since,
        "due_on": due_on, "text": text.strip(),
    }  # fmt: skip
    project = _share(PairProject, pairs, said, actor)
    ProjectMilestone.objects.bulk_create(
        ProjectMilestone(project=project, name=label.strip(), due_on=day)
        for label, day in milestones
    )
    _trace("project.opened", project, actor, {"name": [None, project.name]})
    return project


def _on_project(project: PairProject, actor: Actor) -> PairProject:
    refuse_role(actor)
    project = _locked(project)
    facts = rules.MilestoneFacts(project.state, _is_own(project, actor), clock.today())
    refuse(rules.refuse_on_project(facts))
    return project


@transaction.atomic
def add_milestone(
    project: PairProject, *, name: str, due_on: date, actor: Actor
) -> ProjectMilestone:  # fmt: skip
    project = _on_project(project, actor)
    refuse(rules.refuse_milestone(name=name, due_on=due_on, since=project.since))
    made = ProjectMilestone.objects.create(project=project, name=name.strip(), due_on=due_on)
    _trace("project.milestone_added", project, actor, {"milestone": [None, made.name]})
    return made


@transaction.atomic
def reach_milestone(
    milestone: ProjectMilestone, *, reached_on: date, actor: Actor
) -> ProjectMilestone:  # fmt: skip
    project = _on_project(milestone.project, actor)
    milestone = _locked(milestone)
    refuse(
        rules.refuse_to_reach(
            reached_on=reached_on, today=clock.today(), since=project.since,
            is_reached=milestone.reached_on is not None,
        )
    )  # fmt: skip
    milestone.reached_on = reached_on
    milestone.save(update_fields=["reached_on"])
    stir(_keys_of(project), reached_on)
    _trace(
        "project.milestone_reached", project, actor,
        {"milestone": [None, milestone.name], "reached_on": [None, str(reached_on)]},
    )  # fmt: skip
    return milestone


@transaction.atomic
def close_project(
    project: PairProject, *, state: str, closed_on: date, text: str, actor: Actor
) -> PairProject:  # fmt: skip
    """Done, or stopped with a word why."""
    project = _on_project(project, actor)
    refuse(
        rules.refuse_to_close(
            text=text, closed_on=closed_on, since=project.since, today=clock.today(),
            open_milestones=project.milestones.filter(reached_on__isnull=True).count(),
            is_done=state == ProjectState.DONE,
        )
    )  # fmt: skip
    before, project.state = project.state, state
    project.closed_on, project.close_text = closed_on, text.strip()
    project.save(update_fields=["state", "closed_on", "close_text"])
    _trace(
        "project.closed", project, actor, {"state": [before, state]}, reason=text.strip()
    )  # fmt: skip
    return project


# --- the plan of a year ---------------------------------------------------------------------------


@transaction.atomic
def write_year_plan(pairing: Pairing, *, year: int, text: str, actor: Actor) -> PairYearPlan:
    """Write it, or write it anew; the trail keeps what it said before."""
    refuse_role(actor)
    [pairing] = held_fast([pairing.pk])
    refuse(
        (
            *_refuse_hand(bool(queries.own_pairs(actor.scope, [pairing]))),
            *rules.refuse_year_plan(text=text, year=year, since=pairing.since, until=pairing.until),
        )
    )
    plan = PairYearPlan.objects.filter(pairing=pairing, year=year).first()
    before = plan.text if plan else None
    if plan is None:
        plan = PairYearPlan(pairing=pairing, year=year)
    for name, value in {**_made(actor), "text": text.strip()}.items():
        setattr(plan, name, value)
    plan.save()
    _trace("year_plan.written", plan, actor, {"text": [before, plan.text]})
    return plan
