"""Which acts lead a village's health check from a draft to a confirmed finding?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.posting import rules
from lingyan.posting.actions.need_lists import draft_need_list
from lingyan.posting.actions.together import act_on_all
from lingyan.posting.actions.urgent_needs import keep_urgent_need
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import HealthCheck, HealthCheckItem
from lingyan.posting.queries import needs, standards
from lingyan.posting.rules import assessments


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form of a health check holds: scores with sentences, seats, the person profile."""

    scores: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    first_secretary_seats: int = 1
    member_seats: int = 0
    profile_remark: str = ""


@transaction.atomic
def start_health_check(village: Place, *, actor: Actor) -> HealthCheck:
    """Open this year's check of a village as an empty draft."""
    # Town and village may both press the button; the second must see the first.
    village = Place.objects.select_for_update().get(pk=village.pk)
    year = clock.today().year
    exists = HealthCheck.objects.filter(village=village, year=year).exists()
    if refusals := assessments.refuse_to_start_check(
        role=actor.role, is_village=village.level == PlaceLevel.VILLAGE, exists=exists
    ):
        raise Refused(refusals)
    check = HealthCheck.objects.create(village=village, year=year, created_at=clock.now())
    record(
        "posting.health_check.started", actor=actor, subject=check, changes={"year": [None, year]}
    )
    return check


@transaction.atomic
def save_health_check(check: HealthCheck, *, actor: Actor, answers: Answers) -> HealthCheck:
    """Store the draft as far as it has come; an item without a score stays open."""
    check = _locked(check)
    refusals = (
        *assessments.refuse_to_draft_check(role=actor.role, state=check.state),
        *assessments.refuse_remark(answers.profile_remark),
    )
    if refusals:
        raise Refused(refusals)
    changes = {
        **_save_head(check, answers),
        **_save_items(check, answers),
    }
    if changes:
        record("posting.health_check.saved", actor=actor, subject=check, changes=changes)
    return check


def _save_head(check: HealthCheck, answers: Answers) -> dict[str, list[object]]:
    values = {
        "first_secretary_seats": answers.first_secretary_seats,
        "member_seats": answers.member_seats,
        "profile_remark": answers.profile_remark,
    }
    changes = {
        name: [getattr(check, name), value]
        for name, value in values.items()
        if getattr(check, name) != value
    }
    for name, value in values.items():
        setattr(check, name, value)
    if changes:
        check.save(update_fields=list(changes))
    return changes


def _save_items(check: HealthCheck, answers: Answers) -> dict[str, list[object]]:
    """Store the items in two statements; what is no longer scored is taken out."""
    before = {one.item: (one.score, one.text) for one in check.items.all()}
    after = {item: (score, answers.texts.get(item, "")) for item, score in answers.scores.items()}
    changed = {item for item in before | after if before.get(item) != after.get(item)}
    check.items.filter(item__in=changed).delete()
    HealthCheckItem.objects.bulk_create(
        HealthCheckItem(health_check=check, item=item, score=after[item][0], text=after[item][1])
        for item in sorted(changed & after.keys())
    )
    return {item: [before.get(item), after.get(item)] for item in sorted(changed)}


@transaction.atomic
def submit_health_check(check: HealthCheck, *, actor: Actor) -> HealthCheck:
    check = _locked(check)
    refusals = _refuse(check, "submit", actor) or rules.refuse_to_submit_health_check(_facts(check))
    if refusals:
        raise Refused(refusals)
    check.submitted_by_id = actor.user_id
    return _move(check, "submit", actor, "submitted_by_id")


@transaction.atomic
def return_health_check(check: HealthCheck, *, actor: Actor, reason: str) -> HealthCheck:
    check = _locked(check)
    refusals = (
        *_refuse(check, "return", actor),
        *rules.refuse_to_return_health_check(reason),
    )
    if refusals:
        raise Refused(refusals)
    return _move(check, "return", actor, reason=reason)


@transaction.atomic
def start_joint_review(check: HealthCheck, *, actor: Actor) -> HealthCheck:
    check = _locked(check)
    refusals = (*_refuse(check, "start_review", actor), *_refuse_maker(check, actor, "会商"))
    if refusals:
        raise Refused(refusals)
    return _move(check, "start_review", actor)


@transaction.atomic
def record_opinion(check: HealthCheck, *, actor: Actor, text: str) -> HealthCheck:
    """The agriculture bureau's opinion in the joint review."""
    check = _locked(check)
    refusals = assessments.refuse_opinion(role=actor.role, state=check.state, text=text)
    if refusals:
        raise Refused(refusals)
    before, check.agriculture_opinion = check.agriculture_opinion, text.strip()
    check.save(update_fields=["agriculture_opinion"])
    record(
        "posting.health_check.opinion",
        actor=actor,
        subject=check,
        changes={"agriculture_opinion": [before, check.agriculture_opinion]},
    )
    return check


@transaction.atomic
def confirm_health_check(
    check: HealthCheck, *, actor: Actor, summary: str, village_types: Sequence[str]
) -> HealthCheck:
    """Settle the village's types with both opinions, and draft the need list that follows."""
    check = _locked(check)
    summary = summary.strip()
    facts = _facts(check, summary=summary, types=village_types)
    refusals = (
        *(_refuse(check, "confirm", actor) or rules.refuse_to_confirm_health_check(facts)),
        *_refuse_maker(check, actor, "确认"),
    )
    if refusals:
        raise Refused(refusals)
    types = list(assessments.settled_types(village_types))
    before = {"summary": check.summary, "village_types": check.village_types}
    check.summary, check.village_types = summary, types
    check = _move(
        check,
        "confirm",
        actor,
        *before,
        changes={name: [value, getattr(check, name)] for name, value in before.items()},
    )
    draft_need_list(check, actor=actor)
    keep_urgent_need(check.village)
    return check


# --- many at once -------------------------------------------------------------------------------


@transaction.atomic
def start_joint_reviews(checks: Iterable[HealthCheck], *, actor: Actor) -> int:
    return act_on_all(checks, lambda check: start_joint_review(check, actor=actor))


@transaction.atomic
def record_opinions(checks: Iterable[HealthCheck], *, actor: Actor, text: str) -> int:
    return act_on_all(checks, lambda check: record_opinion(check, actor=actor, text=text))


@transaction.atomic
def confirm_health_checks(checks: Iterable[HealthCheck], *, actor: Actor, summary: str) -> int:
    """Confirm several with the types that are proposed for them."""

    def confirm(check: HealthCheck) -> None:
        types = proposed_types(check)
        confirm_health_check(check, actor=actor, summary=summary, village_types=types)

    return act_on_all(checks, confirm)


def proposed_types(check: HealthCheck) -> tuple[str, ...]:
    """What the scores suggest, and what is known of the village anyway (R-2-09)."""
    scores = {one.item: one.score for one in check.items.all()}
    threshold = standards.type_threshold(check.village.path)
    return assessments.proposed_types(
        rules.suggested_types(scores, threshold=threshold),
        in_force=needs.types_in_force(check.village),
        is_rectified=bool(villages_bound([check.village_id])),
    )


# --- beats --------------------------------------------------------------------------------------


def _locked(check: HealthCheck) -> HealthCheck:
    return (
        HealthCheck.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=check.pk)
    )


def _facts(
    check: HealthCheck, *, summary: str = "", types: Sequence[str] = ()
) -> rules.HealthCheckFacts:
    opinions = {
        "county_org_staff": summary,
        "county_agri": check.agriculture_opinion,
    }
    return rules.HealthCheckFacts(
        scores={one.item: one.score for one in check.items.all()},
        first_secretaries=check.first_secretary_seats,
        members=check.member_seats,
        opinions=frozenset(role for role, text in opinions.items() if text),
        types_confirmed=bool(types),
    )


def _refuse(check: HealthCheck, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return refuse_act(
        rules.HEALTH_CHECK_FLOW,
        state=check.state,
        act=act,
        role=actor.role,
        thing="posting.health_check",
    )


def _refuse_maker(check: HealthCheck, actor: Actor, act: str) -> tuple[Refusal, ...]:
    """R-0-20: whoever submitted a check does not review or confirm it in another role."""
    hand = hand_of(actor, makers=[check.submitted_by_id], records=[check.pk])
    return rules.refuse_same_person(frozenset({str(check.submitted_by_id)}), hand, act=act)


def _move(
    check: HealthCheck,
    act: str,
    actor: Actor,
    *fields: str,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> HealthCheck:
    line = find_transition(rules.HEALTH_CHECK_FLOW, state=check.state, act=act)
    assert line is not None, "the rule has let the act pass"
    before, check.state = check.state, line.after
    check.save(update_fields=["state", *fields])
    record(
        f"posting.health_check.{EVENTS[act]}",
        actor=actor,
        subject=check,
        changes={"state": [before, check.state], **(changes or {})},
        reason=reason,
    )
    return check


EVENTS = {
    "submit": "submitted",
    "return": "returned",
    "start_review": "review_started",
    "confirm": "confirmed",
}
