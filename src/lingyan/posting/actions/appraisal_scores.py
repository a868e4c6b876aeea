"""How does a side give its scores, a whole page at once?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many
from lingyan.posting.actions.appraisal import locked
from lingyan.posting.models import AppraisalCycle, AppraisalEntry, AppraisalScore
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.rules import appraisal as rules
from lingyan.posting.rules.appraisal_scores import Scheme
from lingyan.posting.rules.appraisal_words import AppraisalPart


@dataclass(frozen=True, slots=True)
class Given:
    """One row of the sheet: what was typed, and what the sheet had shown before."""

    entry_id: UUID
    points: tuple[int, ...]
    seen: tuple[int, ...] = ()


@transaction.atomic
def save_scores(
    cycle: AppraisalCycle, *, part: AppraisalPart, given: Sequence[Given], actor: Actor
) -> int:
    """Keep the rows that say something new; all of them or, where one may not be, none."""
    cycle = locked(cycle)
    scheme = Scheme.from_json(cycle.scheme)
    refuse(
        rules.refuse_to_score(
            scheme,
            role=actor.role,
            part=part,
            state=cycle.state,
            points=[row.points for row in given],
        )
    )
    rows = queries.entries_of(actor, cycle).filter(
        left_out="", pk__in=[row.entry_id for row in given]
    )
    entries = {one.pk: one for one in rows}
    refuse(_refuse_strangers(entries, given, part))
    before = queries.scores_of(list(entries.values()), part)
    changed = [row for row in given if row.points != _points(before.get(row.entry_id))]
    refuse(
        rules.refuse_changed(
            [
                str(entries[row.entry_id].posting.person)
                for row in changed
                if _points(before.get(row.entry_id)) != row.seen
            ]
        )
    )
    traces = [_keep(entries[row.entry_id], part, row, before, actor) for row in changed]
    if traces:
        record_many(traces, actor=actor)
    return len(traces)


def _refuse_strangers(
    entries: dict[UUID, AppraisalEntry], given: Sequence[Given], part: AppraisalPart
) -> tuple[Refusal, ...]:
    """Somebody who is not here, takes no part, or has no unit that could speak."""
    known = {
        pk for pk, one in entries.items() if part is not AppraisalPart.UNIT or one.posting.unit_id
    }
    if all(row.entry_id in known for row in given):
        return ()
    return (Refusal("posting.appraisal.not_yours", "有的同志不由您评分，没有保存；请刷新后再填"),)


def _points(score: AppraisalScore | None) -> tuple[int, ...]:
    return tuple(score.points) if score else ()


def _keep(
    entry: AppraisalEntry,
    part: AppraisalPart,
    row: Given,
    before: dict[UUID, AppraisalScore],
    actor: Actor,
) -> Trace:
    old = before.get(entry.pk)
    said: dict[str, Any] = {
        "points": list(row.points),
        "total": sum(row.points),
        "given_by_id": actor.user_id,
        "given_by_name": actor.name,
        "given_at": clock.now(),
    }
    AppraisalScore.objects.update_or_create(entry=entry, part=part, defaults=said)
    changes = {"points": [old.points if old else None, said["points"]], "part": [None, part.label]}
    return Trace("posting.appraisal.scored", entry, changes=changes)
