"""How is somebody nominated for an honour or a career step, and how is that decided?"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.rules.hands import ADMIN, refuse_same_person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.posting.models import CareerUse, Honor, Posting
from lingyan.posting.queries import honors as queries
from lingyan.posting.queries.people import is_sanctioned
from lingyan.posting.queries.recall_effects import promotion_barred_until
from lingyan.posting.rules import honors as rules
from lingyan.posting.rules.support_words import CareerKind, HonorKind, HonorLevel, NominationState

HONOR = "posting.honor"
CAREER = "posting.career"
Nominated = Honor | CareerUse


def _locked(posting: Posting) -> Posting:
    return (
        Posting.objects.select_for_update(of=("self",))
        .select_related("person", "village")
        .get(pk=posting.pk)
    )


def reasons_against_nominating(
    posting: Posting, *, thing: str = HONOR, title: str = "待填", is_known: bool = False
) -> tuple[Refusal, ...]:
    """What stands in the way, also before anything is said; for the page of the nomination."""
    grades = [(kind, grade) for kind, grade, _ in queries.grades_of_person(posting)]
    came = posting.came_on is not None
    return rules.refuse_to_nominate(
        thing=thing, title=title, grades=grades, is_known=is_known, came=came,
        is_sanctioned=is_sanctioned(posting.person_id, clock.today()),
    )  # fmt: skip


@transaction.atomic
def nominate_honor(
    posting: Posting, *, level: str, kind: str, title: str, text: str = "", actor: Actor
) -> Honor:
    posting = _locked(posting)
    known = queries.find_honor(posting, level, title.strip()) is not None
    refuse(
        (
            *refuse_act(
                rules.NOMINATION_FLOW, state="", act="nominate", role=actor.role, thing=HONOR
            ),
            *reasons_against_nominating(posting, title=title, is_known=known),
        )
    )
    honor = Honor.objects.create(
        posting=posting, level=HonorLevel(level), kind=HonorKind(kind), title=title.strip(),
        text=text.strip(), appraisal=rules.appraisal_text(queries.grades_of_person(posting)),
        nominated_by_id=actor.user_id, nominated_by_name=actor.name, nominated_at=clock.now(),
    )  # fmt: skip
    told = {"title": [None, honor.title], "level": [None, honor.get_level_display()]}
    record("posting.honor.nominated", actor=actor, subject=honor, changes=told)
    return honor


@transaction.atomic
def nominate_career(
    posting: Posting, *, kind: str, position: str, text: str = "", actor: Actor
) -> CareerUse:
    posting = _locked(posting)
    known = queries.find_career(posting, kind, position.strip()) is not None
    allowed = actor.role in rules.CAREER_NOMINATORS
    refuse(
        (
            *(() if allowed else (Refusal(f"{CAREER}.wrong_role", "使用建议由县委组织部提出"),)),
            *reasons_against_nominating(posting, thing=CAREER, title=position, is_known=known),
            *_refuse_barred(posting, "nominate"),
        )
    )
    career = CareerUse.objects.create(
        posting=posting, kind=CareerKind(kind), position=position.strip(), text=text.strip(),
        appraisal=rules.appraisal_text(queries.grades_of_person(posting)),
        nominated_by_id=actor.user_id, nominated_by_name=actor.name, nominated_at=clock.now(),
    )  # fmt: skip
    told = {"kind": [None, career.get_kind_display()], "position": [None, career.position]}
    record("posting.career.nominated", actor=actor, subject=career, changes=told)
    return career


def _refuse_barred(posting: Posting, act: str) -> tuple[Refusal, ...]:
    return rules.refuse_while_barred(act, promotion_barred_until(posting.person_id, clock.today()))


def reasons_against_career(posting: Posting) -> tuple[Refusal, ...]:
    """As for an honour, and no recall that bars it; for the page of the nomination."""
    return (
        *reasons_against_nominating(posting, thing=CAREER),
        *_refuse_barred(posting, "nominate"),
    )


def reasons_against_settling(one: Nominated, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """The decision is written down by another hand than the nomination (R-0-20)."""
    hand = hand_of(actor, makers=[one.nominated_by_id], records=[one.pk])
    return (
        *refuse_act(rules.NOMINATION_FLOW, state=one.state, act=act, role=actor.role, thing=HONOR),
        *refuse_same_person(frozenset({str(one.nominated_by_id)}), hand, act="决定"),
    )


@transaction.atomic
def settle_honor(
    honor: Honor, *, grants: bool, decided_on: date, document_number: str, answer: str,
    actor: Actor,
) -> Honor:  # fmt: skip
    honor = Honor.objects.select_for_update(of=("self",)).get(pk=honor.pk)
    _settle(honor, grants, decided_on, document_number, answer=answer, actor=actor)
    event = "posting.honor.granted" if grants else "posting.honor.refused"
    record(event, actor=actor, subject=honor, changes={"state": ["nominated", honor.state]})
    return honor


@transaction.atomic
def settle_career(
    career: CareerUse, *, grants: bool, decided_on: date, document_number: str, answer: str,
    actor: Actor,
) -> CareerUse:  # fmt: skip
    found = CareerUse.objects.select_for_update(of=("self",)).select_related("posting")
    career = found.get(pk=career.pk)
    if grants:
        refuse(_refuse_barred(career.posting, "grant"))
    _settle(career, grants, decided_on, document_number, answer=answer, actor=actor)
    event = "posting.career.granted" if grants else "posting.career.refused"
    record(event, actor=actor, subject=career, changes={"state": ["nominated", career.state]})
    return career


def _settle(
    one: Nominated, grants: bool, decided_on: date, document_number: str, *, answer: str,
    actor: Actor,
) -> None:  # fmt: skip
    refuse(
        (
            *reasons_against_settling(one, "grant" if grants else "refuse", actor=actor),
            *rules.refuse_to_settle(
                grants=grants, document_number=document_number, decided_on=decided_on,
                answer=answer, today=clock.today(),
            ),
        )
    )  # fmt: skip
    one.state = NominationState.GRANTED if grants else NominationState.REFUSED
    one.decided_on, one.document_number = decided_on, document_number.strip()
    one.answer = answer.strip()
    one.decided_by_id, one.decided_by_name = actor.user_id, actor.name
    one.save(
        update_fields=[
            "state", "decided_on", "document_number", "answer", "decided_by_id", "decided_by_name",
        ]
    )  # fmt: skip


@transaction.atomic
def register_honor(
    posting: Posting, *, level: str, kind: str, title: str, decided_on: date,
    document_number: str, actor: Actor,
) -> Honor:  # fmt: skip
    """An honour that a document has given already; for the sheet of the county's administrator."""
    posting = _locked(posting)
    allowed = actor.role in (*ADMIN, "system")
    known = queries.find_honor(posting, level, title.strip()) is not None
    refuse(
        (
            *(() if allowed else (Refusal(f"{HONOR}.wrong_role", "由县委组织部管理员导入"),)),
            *rules.refuse_to_settle(
                grants=True, document_number=document_number, decided_on=decided_on, answer="",
                today=clock.today(),
            ),
            *reasons_against_nominating(posting, title=title, is_known=known),
        )
    )  # fmt: skip
    honor = Honor.objects.create(
        posting=posting, level=HonorLevel(level), kind=HonorKind(kind), title=title.strip(),
        state=NominationState.GRANTED, nominated_by_id=actor.user_id,
        nominated_by_name=actor.name, nominated_at=clock.now(), decided_by_name=actor.name,
        decided_by_id=actor.user_id, decided_on=decided_on,
        document_number=document_number.strip(),
        appraisal=rules.appraisal_text(queries.grades_of_person(posting)),
    )  # fmt: skip
    told = {"title": [None, honor.title], "document_number": [None, honor.document_number]}
    record("posting.honor.imported", actor=actor, subject=honor, changes=told)
    return honor
