"""Which of our acts run in the background? `config.wiring` registers them as jobs."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange import actions
from lingyan.platform.exchange.models import Import
from lingyan.platform.jobs.registry import Report, Work


def work_check(*, actor: Actor, report: Report, import_id: str) -> str:
    return _page(actions.check_import(_found(import_id), actor=actor, report=report))


def work_apply(*, actor: Actor, report: Report, import_id: str) -> str:
    return _page(actions.write_import(_found(import_id), actor=actor, report=report))


def work_undo(*, actor: Actor, report: Report, import_id: str) -> str:
    return _page(actions.unwrite_import(_found(import_id), actor=actor, report=report))


def _found(import_id: str) -> Import:
    return Import.objects.get(pk=UUID(import_id))


def _page(run: Import) -> str:
    return reverse("exchange_import", args=[run.pk])


WORK: dict[str, Work] = {
    "exchange.check": work_check,
    "exchange.apply": work_apply,
    "exchange.undo": work_undo,
}
