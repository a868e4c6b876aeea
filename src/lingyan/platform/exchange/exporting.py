"""How do records go out as a file, and what is left behind about it?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction

from lingyan.common import clock
from lingyan.common.sheet import Sheet
from lingyan.common.workbook import DEMO_BANNER, write_book, write_rows, write_template
from lingyan.common.workbook.versions import Origin, Sign
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import listing
from lingyan.platform.audit.record import Subject, Trace, record_many
from lingyan.platform.exchange import merging, registry
from lingyan.platform.exchange.actions import scope_path
from lingyan.platform.exchange.models import Export
from lingyan.platform.exchange.registry import ExchangeKind


def banner() -> str:
    return DEMO_BANNER if registry.is_demo() else ""


def export_banner(actor: Actor) -> str:
    """Above every list stands who took it out and when; imports pass it over."""
    moment = clock.now().astimezone(clock.BEIJING)
    taken = f"{actor.name}（{actor.acting_as}）{moment:%Y-%m-%d %H:%M} 导出"
    return "。".join(filter(None, (banner(), taken)))


def export_records(
    kind: ExchangeKind, target: str | Path | BinaryIO, *, option: str, actor: Actor
) -> Export:
    """Stream the records in the actor's scope into a file; the trace says who took how much."""
    rows = kind.export_rows(actor=actor, option=option)
    is_text = isinstance(target, str | Path) and Path(target).suffix.lower() == ".csv"
    with listing() as listed:
        if kind.beside and not is_text:
            count = _write_beside(kind, rows, target, option=option, actor=actor)
        else:
            count = write_rows(
                target, kind.sheet, rows, banner=export_banner(actor), kept=_kept(kind, option)
            )
    return _keep_trace(kind.sheet, count, listed, option=option, actor=actor)


def export_list(
    sheet: Sheet, rows: Iterable[Mapping[str, Any]], target: BinaryIO, *, actor: Actor
) -> Export:
    """A list as its page shows it, with the filters of the page: marked and traced like any."""
    with listing() as listed:
        count = write_rows(target, sheet, rows, banner=export_banner(actor))
    return _keep_trace(sheet, count, listed, option="", actor=actor)


def _kept(kind: ExchangeKind, option: str) -> tuple[Origin, Sign] | None:
    """What goes out remembers what it said, if its rows can be known again."""
    return (merging.origin_of(kind, option), merging.sign) if kind.known_by else None


def _write_beside(
    kind: ExchangeKind,
    rows: Iterable[Mapping[str, Any]],
    target: str | Path | BinaryIO,
    *,
    option: str,
    actor: Actor,
) -> int:
    """The main worksheet and those beside it; the main one's rows are counted."""
    main = list(rows)
    beside = (
        (sheet, kind.export_beside[sheet.kind](actor=actor, option=option)) for sheet in kind.beside
    )
    write_book(
        target,
        [(kind.sheet, main), *beside],
        banner=export_banner(actor),
        kept=_kept(kind, option),
    )
    return len(main)


@transaction.atomic
def _keep_trace(
    sheet: Sheet, count: int, listed: Collection[Subject], *, option: str, actor: Actor
) -> Export:
    export = Export.objects.create(
        kind=sheet.kind,
        option=option,
        row_count=count,
        created_by_id=actor.user_id,
        created_by_name=actor.name,
        created_at=clock.now(),
        scope_path=scope_path(actor),
    )
    columns = [column.heading for column in sheet.columns]
    changes = {"kind": ["", sheet.title], "rows": [None, count], "columns": [None, columns]}
    trace = Trace("exchange.export.written", export, changes, others=listed, is_reading=True)
    record_many([trace], actor=actor)
    return export


def write_empty(kind: ExchangeKind, target: str | Path | BinaryIO) -> None:
    """The template that people fill in."""
    write_template(target, kind.sheets, banner=banner())
