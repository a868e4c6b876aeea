"""Which imports may a person see, and what stands in them?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange.models import CheckedRow, ExportRequest, Import, ImportedRow
from lingyan.platform.exchange.registry import KINDS, RECORD_PAGES, ExchangeKind
from lingyan.platform.exchange.rules import (
    APPROVER,
    UNDER_WAY,
    ImportState,
    RequestState,
    Verdict,
)
from lingyan.platform.jobs.models import Job


def list_import_kinds(actor: Actor) -> list[ExchangeKind]:
    return [kind for kind in KINDS.values() if kind.imported_by(actor)]


def list_export_kinds(actor: Actor) -> list[ExchangeKind]:
    return [kind for kind in KINDS.values() if kind.exported_by(actor)]


def get_import_kind(actor: Actor, code: str) -> ExchangeKind:
    """404 for a kind that does not exist and for one that the role may not import alike."""
    kind = KINDS.get(code)
    if kind is None or not kind.imported_by(actor):
        raise Http404
    return kind


def get_export_kind(actor: Actor, code: str) -> ExchangeKind:
    kind = KINDS.get(code)
    if kind is None or not kind.exported_by(actor):
        raise Http404
    return kind


def list_imports(actor: Actor) -> QuerySet[Import]:
    kinds = [kind.code for kind in list_import_kinds(actor)]
    return Import.objects.visible_to(actor, kinds)


def get_import(actor: Actor, import_id: UUID) -> Import:
    return get_object_or_404(list_imports(actor), pk=import_id)


def list_interrupted() -> QuerySet[Import]:
    return Import.objects.filter(state__in=[state.value for state in UNDER_WAY])


def find_earlier_import(run: Import) -> Import | None:
    """The same file of the same kind, already in the records."""
    return (
        Import.objects.filter(
            kind=run.kind, option=run.option, digest=run.digest, state=ImportState.APPLIED
        )
        .exclude(pk=run.pk)
        .first()
    )


def list_checked_rows(run: Import, verdict: Verdict) -> QuerySet[CheckedRow]:
    return CheckedRow.objects.filter(of=run, verdict=verdict)


def find_job(run: Import) -> Job | None:
    """The background work on a file, if there is any."""
    return Job.objects.filter(pk=run.job_id).first() if run.job_id else None


def last_audit_number() -> int:
    return AuditEntry.objects.aggregate(last=Max("number"))["last"] or 0


def list_requests(actor: Actor) -> QuerySet[ExportRequest]:
    return ExportRequest.objects.visible_to(actor, APPROVER)


def get_request(actor: Actor, asked_id: UUID) -> ExportRequest:
    return get_object_or_404(list_requests(actor), pk=asked_id)


def get_own_request(actor: Actor, asked_id: UUID) -> ExportRequest:
    """Only who asked takes the file, and only in the role in which it was asked for."""
    own = ExportRequest.objects.filter(asked_by_id=actor.user_id, asked_role=actor.role)
    found = get_object_or_404(own.filter(asked_by_id__isnull=False), pk=asked_id)
    get_export_kind(actor, found.kind)
    return found


def list_to_decide(actor: Actor) -> QuerySet[ExportRequest]:
    """What waits for this administrator; the own requests are for another."""
    return list_requests(actor).filter(state=RequestState.ASKED).exclude(asked_by_id=actor.user_id)


def list_to_take(actor: Actor, today: date) -> QuerySet[ExportRequest]:
    """What was consented to and has not been taken yet."""
    own = ExportRequest.objects.filter(asked_by_id=actor.user_id, asked_role=actor.role)
    return own.filter(state=RequestState.APPROVED, until__gte=today, taken_at__isnull=True)


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A record that a row touched, and the page where it is shown (if it has one)."""

    text: str
    url: str
    created: bool


def links_of_rows(run: Import, numbers: Iterable[int]) -> dict[int, list[RecordLink]]:
    """The records behind the rows of one page of the report, in one query."""
    links: dict[int, list[RecordLink]] = defaultdict(list)
    for row in ImportedRow.objects.filter(of=run, number__in=list(numbers)).order_by("pk"):
        page = RECORD_PAGES.get(row.subject_type)
        url = page(row.subject_id) if page else ""
        links[row.number].append(RecordLink(row.subject_text, url, row.created))
    return dict(links)
