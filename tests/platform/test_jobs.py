"""How do jobs end that nobody works on any more?"""

from __future__ import annotations

from datetime import date

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from lingyan.common import clock
from lingyan.platform.jobs.actions import INTERRUPTED, end_interrupted_jobs
from lingyan.platform.jobs.models import Job


def a_job(state: Job.State) -> Job:
    return Job.objects.create(title="计算方案", state=state, created_at=clock.now())


def test_jobs_without_a_worker_or_a_place_in_the_queue_are_ended_in_words(db: None) -> None:
    running, lost, queued, done = (
        a_job(Job.State.RUNNING),
        a_job(Job.State.WAITING),
        a_job(Job.State.WAITING),
        a_job(Job.State.DONE),
    )
    DBTaskResult.objects.create(
        status=TaskResultStatus.READY,
        args_kwargs={"args": [str(queued.pk), "posting.compute", {}, {}], "kwargs": {}},
        task_path="lingyan.platform.jobs.actions.run_job",
        queue_name="default",
        backend_name="default",
        exception_class_path="",
        traceback="",
        worker_ids=[],
    )

    ended = end_interrupted_jobs()

    assert ended == 2
    for job in (running, lost):
        job.refresh_from_db()
        assert (job.state, job.message) == (Job.State.FAILED, INTERRUPTED)
    for job, state in ((queued, Job.State.WAITING), (done, Job.State.DONE)):
        job.refresh_from_db()
        assert job.state == state


def test_the_worker_gets_large_problems_ready_and_lives_on_if_that_fails(monkeypatch, caplog):
    from lingyan.platform.jobs import registry, worker
    from lingyan_matching.warm import warm_up

    assert [warm_up] == registry.WARM_UPS

    done = []

    def broken() -> None:
        raise MemoryError("too little")

    monkeypatch.setattr(registry, "WARM_UPS", [broken, lambda: done.append("warm")])
    worker.warm_up()

    assert done == ["warm"]
    assert "a warm-up has failed" in caplog.text


def test_the_worker_tries_a_routine_that_failed_again_and_does_the_others(db, monkeypatch, caplog):
    from lingyan.platform.jobs import registry, worker

    tried = []

    def broken() -> None:
        tried.append("broken")
        raise RuntimeError("locked")

    monkeypatch.setattr(registry, "ROUTINES", [broken, lambda: tried.append("done")])
    monkeypatch.setattr(registry, "DAILY", [])
    worker.run_routines()
    worker.run_routines()

    assert tried == ["broken", "done", "broken", "done"]
    assert "a routine has failed" in caplog.text


def test_what_reads_a_whole_county_runs_once_a_day_and_again_where_it_failed(db, monkeypatch):
    from lingyan.common import clock
    from lingyan.platform.jobs import registry, worker

    tried = []

    def broken() -> None:
        tried.append("broken")
        raise RuntimeError("locked")

    monkeypatch.setattr(registry, "ROUTINES", [])
    monkeypatch.setattr(registry, "DAILY", [broken, lambda: tried.append("done")])
    monkeypatch.setattr(worker, "DONE_ON", {})
    for day in (date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)):
        with clock.at(day):
            worker.run_routines()

    assert tried == ["broken", "done", "broken", "broken", "done"]
