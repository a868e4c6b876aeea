"""How is long work started, followed, and cleared up after a crash?"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.jobs import registry
from lingyan.platform.jobs.models import Job
from lingyan.platform.wall import reach

log = logging.getLogger(__name__)

INTERRUPTED = "作业中断，没有留下任何改动。请重新发起。"
UNEXPECTED = "作业出错，没有留下任何改动。请稍后重新发起，仍不成功时联系系统管理员。"
THROUGH_MAX = 80


def start_job(
    kind: str,
    *,
    title: str,
    actor: Actor,
    actor_key: dict[str, Any],
    arguments: dict[str, Any],
) -> Job:
    """Queue work of a registered kind once the caller's transaction has committed.

    `actor_key` is what the worker needs to find the actor again (`directory.queries.actor_key`).
    """
    assert kind in registry.KINDS, f"unknown kind of job: {kind}"
    job = Job.objects.create(
        title=title,
        created_by_id=actor.user_id,
        through=actor.through[:THROUGH_MAX],
        created_at=clock.now(),
    )
    transaction.on_commit(
        partial(run_job.enqueue, str(job.pk), kind, actor_key, arguments),
    )
    return job


def job_url(job: Job) -> str:
    return reverse("job", args=[job.pk])


@task()
def run_job(job_id: str, kind: str, actor_key: dict[str, Any], arguments: dict[str, Any]) -> None:
    """Run one job in the worker; every end of it is written to the job's row."""
    with reach.everything():
        _run(Job.objects.get(pk=UUID(job_id)), kind, actor_key, arguments)


def _run(job: Job, kind: str, actor_key: dict[str, Any], arguments: dict[str, Any]) -> None:
    """The work itself reaches what its actor may; how it ended is the product's own note."""
    _keep(job, state=Job.State.RUNNING)
    try:
        actor = registry.ACTOR_OF[0](actor_key)
        with reach.within(actor):
            url = registry.KINDS[kind](actor=actor, report=partial(_report, job), **arguments)
    except Refused as refused:
        _end(job, Job.State.FAILED, str(refused))
    except Exception:
        log.exception("job %s (%s) failed", job.pk, kind)
        _end(job, Job.State.FAILED, UNEXPECTED)
    else:
        job.result_url = url
        _end(job, Job.State.DONE, "已完成")


def end_interrupted_jobs() -> int:
    """At start: jobs that nobody will work on any more are ended in words. Returns how many.

    A worker may have died with the job, or the server between writing the job and queueing it.
    """
    queued = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    waiting = [task.args_kwargs["args"][0] for task in queued if task.args_kwargs["args"]]
    return (
        Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])
        .exclude(pk__in=waiting)
        .update(state=Job.State.FAILED, message=INTERRUPTED, ended_at=clock.now())
    )


def _report(job: Job, percent: int, message: str) -> None:
    _keep(job, progress_percent=min(max(percent, 0), 100), message=message)


def _end(job: Job, state: Job.State, message: str) -> None:
    percent = 100 if state is Job.State.DONE else job.progress_percent
    _keep(
        job,
        state=state,
        message=message,
        progress_percent=percent,
        ended_at=clock.now(),
    )


def _keep(job: Job, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=[*fields, "result_url"])
