"""How does a person confirm the report that the records have written?"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting.models import DutyReport, Posting
from lingyan.posting.queries import reports as queries
from lingyan.posting.rules import reports as rules


def has_changed(gathered: queries.Gathered, report: DutyReport | None) -> bool:
    """Whether the records say something else than the confirmed report."""
    return report is None or gathered.records != report.records


def reasons_against_confirming(
    posting: Posting, due: rules.DueReport, *, actor: Actor, remark: str = "", changed: bool = True
) -> tuple[Refusal, ...]:
    return rules.refuse_to_confirm(
        due,
        today=clock.today(),
        since=posting.since,
        until=posting.until,
        is_own=posting.person_id == actor.scope.person_id,
        remark=remark,
        changed=changed,
    )


@transaction.atomic
def confirm_report(
    posting: Posting, due: rules.DueReport, *, remark: str, actor: Actor
) -> DutyReport:
    """Freeze what the records say now; one confirmed before stays beside it (R-0-18, R-2-25)."""
    posting = Posting.objects.select_for_update(of=("self",)).select_related("village").get(
        pk=posting.pk
    )  # fmt: skip
    before = queries.find_report(posting, due)
    gathered = queries.gather(posting, due)
    changed = has_changed(gathered, before) or (
        before is not None and remark.strip() != before.remark
    )
    refuse(reasons_against_confirming(posting, due, actor=actor, remark=remark, changed=changed))
    if before is not None:
        before.is_current = False
        before.save(update_fields=["is_current"])
    kind, since = due.key
    report = DutyReport.objects.create(
        posting=posting, kind=kind, since=since, until=due.period.until,
        number=before.number + 1 if before else 1,
        content=gathered.content, records=gathered.records, remark=remark.strip(),
        confirmed_at=clock.now(), confirmed_by_name=actor.name,
    )  # fmt: skip
    record(
        "posting.report.corrected" if before else "posting.report.confirmed",
        actor=actor,
        subject=report,
        changes={
            "number": [before.number if before else None, report.number],
            "until": [None, str(due.period.until - timedelta(days=1))],
        },
    )
    return report
