"""A computed round whose plan leaves something to change: five people, five seats, wishes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lingyan.directory.models import Person, Place
from lingyan.platform.accounts.actor import Actor
from lingyan.posting import matching
from lingyan.posting.actions.adjustments import Decision, adjust_plan, propose
from lingyan.posting.matching import LoadedPlan, pricing
from lingyan.posting.models import Draft, Plan, Round
from tests.posting.scene import Scene, again

REASON = Decision("班子需要熟悉经济工作的同志")
FIRST = "first_secretary"


def chosen(round: Round) -> Plan:
    plan = again(round).chosen_plan
    assert plan is not None
    return plan


def loaded(plan: Plan) -> LoadedPlan:
    return matching.load_plan(Plan.objects.get(pk=plan.pk))


def post_of(village: Place, role: str = FIRST) -> str:
    return f"{village.pk}/{role}"


def rows(plan: Plan) -> dict[str, str]:
    """Person → post, as the drafts of the plan say."""
    drafts = Draft.objects.filter(plan=plan).select_related("person")
    return {one.person.number: f"{one.village_id}/{one.role}" for one in drafts}


def somebody_else(plan: Plan, post: str) -> str:
    """An eligible person who is not at this post in the plan."""
    problem = loaded(plan).posting_problem
    there = rows(plan)
    return next(person for person in problem.eligible_people(post) if there.get(person) != post)


def make(
    plan: Plan,
    change: pricing.Change,
    *,
    actor: Actor,
    key: str = "",
    decision: Decision = REASON,
) -> Plan:
    """Do as the page does: look at the price, pick an outcome (the first unless told), confirm."""
    plan = Plan.objects.select_related("round__county").get(pk=plan.pk)
    options = propose(plan, loaded(plan), change).options
    option = next((one for one in options if one.key == key), options[0])
    return adjust_plan(plan, change, outcome=option.fingerprint, decision=decision, actor=actor)


def address(name: str, *things: Any) -> str:
    return reverse(name, args=[getattr(thing, "pk", thing) for thing in things])


def change_address(plan: Plan, **asked: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{address('plan_change', plan)}?{query}"


__all__ = [
    "FIRST",
    "REASON",
    "Person",
    "Scene",
    "address",
    "again",
    "change_address",
    "chosen",
    "loaded",
    "make",
    "post_of",
    "rows",
    "somebody_else",
]
