"""How is a price asked of a plan by a solver, and kept once it is worked out?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.packed import pack, unpack
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.queries import actor_key
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.jobs.actions import start_job
from lingyan.platform.jobs.registry import Report
from lingyan.posting import matching
from lingyan.posting.matching import questions, split_post
from lingyan.posting.matching.questions import Question
from lingyan.posting.models import Plan, PlanQuestion
from lingyan.posting.queries import workbench as queries


@transaction.atomic
def ask_plan(plan: Plan, question: Question, *, actor: Actor) -> PlanQuestion:
    """Put a question into the queue; asked again while it is worked on, it is the same one."""
    asked, _ = PlanQuestion.objects.get_or_create(
        plan=plan, key=question.key, defaults={"asked_at": clock.now()}
    )
    asked = PlanQuestion.objects.select_for_update().get(pk=asked.pk)
    if queries.is_at_work(asked) or _is_whole(asked):
        return asked
    record("posting.plan.price_asked", actor=actor, subject=plan, changes={"price": [None, "求解"]})
    job = start_job(
        "posting.price",
        title=f"计算代价：{plan.round.name}",
        actor=actor,
        actor_key=actor_key(actor),
        arguments={"question_id": str(asked.pk)},
    )
    asked.job_id = job.pk
    asked.save(update_fields=["job_id"])
    return asked


def _is_whole(asked: PlanQuestion) -> bool:
    """Whether there is an answer and time left nothing out of it."""
    if asked.answer is None:
        return False
    said = unpack(bytes(asked.answer))
    return not said.get("left") or bool(said.get("ruled_out"))


def answer_question(*, actor: Actor, report: Report, question_id: str) -> str:
    """The background work: solve again, and keep the answer at the end or nothing."""
    asked = PlanQuestion.objects.get(pk=UUID(question_id))
    plan = queries.find_plan(actor.scope, asked.plan_id)
    refuse(() if plan else (Refusal("posting.plan_out_of_reach", "这个方案不在您的管辖范围内"),))
    assert plan is not None
    report(2, "正在打开方案")
    loaded = matching.load_plan(plan)
    question = questions.question_of(loaded, asked.key)
    assert question is not None, "it was checked when it was asked"
    known = unpack(bytes(asked.answer)) if asked.answer else None
    found = questions.answer(plan.pk, loaded, question, report=report, known=known)
    keep_answer(plan, asked, found, actor=actor)
    return address_of(plan, question)


@transaction.atomic
def keep_answer(plan: Plan, asked: PlanQuestion, found: dict[str, Any], *, actor: Actor) -> None:
    """The answer stays with the plan, which never changes."""
    asked.answer, asked.answered_at = pack(found), clock.now()
    asked.save(update_fields=["answer", "answered_at"])
    record("posting.plan.price_kept", actor=actor, subject=plan, changes={"price": [None, "算完"]})


def address_of(plan: Plan, question: Question) -> str:
    """The page that shows the answer."""
    if question.change is not None:
        _, kind, first, second = question.key.split("|")
        other = "other" if kind == "swap" else "post"
        asked = {"kind": kind, "person": first} | ({other: second} if second else {})
        return f"{reverse('plan_change', args=[plan.pk])}?{urlencode(asked, safe='/')}"
    village, role = split_post(question.post)
    if question.kind == "post":
        return reverse("workbench_prices", args=[plan.pk, village, role])
    return reverse("workbench_pair", args=[plan.pk, village, role, question.person])
