"""Who was posted where on any day, in the state of that day?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from lingyan.directory.as_at import READERS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.as_at import values_on
from lingyan.platform.ui.registers import Line, Register
from lingyan.platform.ui.templatetags.ui import day
from lingyan.posting.models import Posting
from lingyan.posting.queries import postings as queries
from lingyan.posting.rules import PostingState


def _rows(actor: Actor, on: date) -> QuerySet[Posting]:
    """Begun by that day and not ended: `until` is the first day without."""
    there = Q(until__isnull=True) | Q(until__gt=on)
    return queries.list_postings(actor.scope).filter(there, since__lte=on)


def _lines(rows: Sequence[Posting], on: date) -> list[Line]:
    states, labels = values_on(rows, "state", on), dict(PostingState.choices())
    return [
        Line(
            (
                one.person.name,
                str(one.village.parent or ""),
                str(one.village),
                one.get_kind_display(),
                str(one.unit or ""),
                str(labels.get(states[one.pk], states[one.pk])),
                day(one.since),
            ),
            reverse("posting_detail", args=[one.pk]),
            one.until,
        )
        for one in rows
    ]


POSTINGS = Register(
    "postings", "派驻", READERS, ("姓名", "乡镇", "村", "类别", "派出单位", "状态", "派驻日期"),
    _rows, _lines, "village__path", queries.search_q, ("village__path", "kind"), "posting_list",
)  # fmt: skip
